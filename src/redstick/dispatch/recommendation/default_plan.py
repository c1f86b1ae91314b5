"""What is sent where a city has no response plan yet: a few units by the group of the type, plainly named as such.

Not an agency's plan and no advice to one: enough that the first answer is never empty. Types are put into groups by the
words in them; units into roles by the words in their kinds, so that it fits whatever a city calls its units.
"""

from __future__ import annotations

from collections.abc import Collection

from redstick.dispatch.plans.model import PlanRule, ResponsePlan
from redstick.dispatch.plans.requirement import Requirement

VERSION = "default by type group"

# Whichever group has a word that stands in the type, the first of these; the name of a group is a word of it.
GROUP_WORDS = {
    "rescue": ("rescue", "hazmat", "hazardous", "chemical", "collapse", "confined", "train", "aircraft", "spill"),
    "traffic": ("traffic", "crash", "collision", "mva", "vehicle accident", "hit and run"),
    "police": (
        "police", "law", "burglar", "break-in", "theft", "larceny", "robbery", "assault", "disturbance", "suspicious",
        "noise", "welfare", "shooting", "shooter", "gunshot", "fight", "trespass", "domestic", "missing", "weapon",
    ),
    "ems": (
        "ems", "medical", "cardiac", "chest", "heart", "breath", "stroke", "fall", "sick", "pain", "bleed",
        "unconscious", "allergic", "overdose", "pregnan", "childbirth", "diabet", "seizure", "injur", "trauma",
        "choking", "poison",
    ),
    "structure fire": ("structure", "building fire", "house fire", "explosion"),
    "fire": ("fire", "alarm", "smoke", "gas", "brush", "electrical", "odor", "elevator", "burning"),
}  # fmt: skip

ROLES = {
    "engine": ("engine", "pumper", "quint"),
    "ladder": ("ladder", "truck", "aerial", "tower"),
    "chief": ("chief", "command", "battalion"),
    "medic": ("medic", "ambulance", "als", "ems"),
    "patrol": ("patrol", "police", "law", "sheriff"),
}

SENDS = {
    "rescue": (("engine", 1), ("ladder", 1), ("medic", 1), ("chief", 1)),
    "traffic": (("patrol", 1), ("medic", 1), ("engine", 1)),
    "police": (("patrol", 1),),
    "ems": (("medic", 1), ("engine", 1)),
    "structure fire": (("engine", 2), ("ladder", 1), ("chief", 1), ("medic", 1)),
    "fire": (("engine", 1),),
}


def group_of(kind: str) -> str:
    """The group of an incident type by the words in it, "" when none is known."""
    said = kind.casefold()
    return next((group for group, words in GROUP_WORDS.items() if any(word in said for word in (group, *words))), "")


def default_plan(kinds: Collection[str]) -> ResponsePlan:
    """The plan for a roster of these kinds of units. A role that no kind has is asked for by its own name: unfilled."""
    rules = tuple(
        PlanRule(
            f"default for {group}",
            groups=(group,),
            send=tuple(Requirement(role, _kinds(role, kinds), count=count) for role, count in sends),
        )
        for group, sends in SENDS.items()
    )
    return ResponsePlan(VERSION, "UTC", "Default, for want of a response plan", rules=rules)


def _kinds(role: str, kinds: Collection[str]) -> tuple[str, ...]:
    found = [kind for kind in sorted(set(kinds)) if any(word in kind.casefold() for word in ROLES[role])]
    return tuple(found) or (role,)
