"""What a merge carries over of what the replaced incident needed: one scene needs whatever either of two reports asked.

Of what both ask for alike the larger count stands, and what was given up by name or done for good is not asked again.
A carried need keeps its plan, its rule and the age of its wait, and says whose it was; a split takes it back.
"""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

import msgspec

from redstick.dispatch.rules.filling import aid_of, matched
from redstick.dispatch.rules.needs import UNNAMED, Need, NeedsAdded, settle, standing

if TYPE_CHECKING:
    from collections.abc import Sequence

    from redstick.dispatch.plans.requirement import Requirement
    from redstick.dispatch.rules.filling import Filling
    from redstick.dispatch.rules.incidents import Incident
    from redstick.dispatch.state import Dispatch


def carried(into: Incident, replaced: Incident) -> list[Need]:
    """What the one that goes on lacks of what the replaced one needs; nothing where either is closed."""
    if into.closed_at is not None or replaced.closed_at is not None:
        return []
    had: Counter[Requirement] = Counter()
    for need in into.needs:
        had[_alike(need.requirement)] += need.requirement.count
    known, found = _named_here(into), []
    for need in replaced.needs:
        wanted, alike = _wanted(replaced, need), _alike(need.requirement)
        more, had[alike] = max(0, wanted - had[alike]), max(0, had[alike] - wanted)
        if more and need.requirement.id != UNNAMED:
            name = need.requirement.id if need.requirement.id not in known else f"{need.requirement.id}/{replaced.id}"
            asked = msgspec.structs.replace(need.requirement, id=name, count=more)
            found.append(Need(asked, need.since, need.plan, need.rule, carried_from=replaced.id))
    return found


def needs_carried(state: Dispatch, into: Incident, needs: Sequence[Need], moved: Sequence[Filling]) -> list[NeedsAdded]:
    """The events, one for each plan and rule; who is there already and stands for nothing stands for what is left."""
    stand = Counter(one.need for one in moved)
    slots = [need.requirement for need in needs for _ in range(need.requirement.count - stand[need.requirement.id])]
    parts = [part for part in standing(into) if part.ended_at is None and not part.need and not part.lent_to]
    fillers = matched(slots, [state.units[part.unit] for part in parts], aid_of(state, into))
    events = []
    for plan, rule in dict.fromkeys((need.plan, need.rule) for need in needs):
        own = {need.requirement.id: need for need in needs if (need.plan, need.rule) == (plan, rule)}
        events.append(
            NeedsAdded(
                into.id, [need.requirement for need in own.values()], plan, rule,
                [one for one in fillers if one.need in own], next(iter(own.values())).carried_from,
                {name: need.since for name, need in own.items()},
            )
        )  # fmt: skip
    return events


def take_back(into: Incident, replaced: str) -> None:
    """What was carried over is the other's again; whoever stood for it here stands for nothing by name."""
    gone = {need.requirement.id for need in into.needs if need.carried_from == replaced}
    into.needs = [need for need in into.needs if need.carried_from != replaced]
    for part in (*into.earlier, *into.assignments.values()):
        if part.need in gone:
            part.need = part.fit = part.lent_by = part.lent_to = part.ground = ""
    settle(into)


def _named_here(into: Incident) -> set[str]:
    """Names of the needs that it has, and of those that its parts stood for before it was opened again."""
    parts = (*into.earlier, *into.assignments.values())
    return {*(need.requirement.id for need in into.needs), *(part.need for part in parts)}


def _wanted(replaced: Incident, need: Need) -> int:
    """How many of a need are still asked for: not those given up, nor those whose part there is done for good."""
    done = {part.unit for part in standing(replaced) if part.ended_at is not None and part.need == need.requirement.id}
    return need.requirement.count - sum(waiver.count for waiver in need.waivers) - len(done)


def _alike(requirement: Requirement) -> Requirement:
    return msgspec.structs.replace(requirement, id="", count=1)
