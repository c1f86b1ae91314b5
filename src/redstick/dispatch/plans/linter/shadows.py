"""Rules that can never answer: every incident that they fit is answered by a rule that goes before.

Only rules of one place and alarm level are compared: whether a zone lies wholly inside others is the city's matter.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from redstick.dispatch.plans.faults import Finding, Severity
from redstick.dispatch.plans.model import PlanRule, ResponsePlan
from redstick.dispatch.plans.resolving import kind_of_fit, place_key


def unreachable(plan: ResponsePlan, lines: Mapping[str, int]) -> Iterator[Finding]:
    """Each rule whose every incident falls to others, with the ids of these."""
    rivals: dict[tuple[object, ...], list[tuple[PlanRule, int]]] = {}
    for rule in plan.rules:
        rivals.setdefault((rule.alarm, place_key(rule)), []).append((rule, rule.minutes))
    for rules in rivals.values():
        for rule, minutes in rules:
            before = _all_answered_before(rule, minutes, rules, plan.types)
            if before:
                names = ", ".join(repr(name) for name in sorted(before))
                yield Finding(
                    "unreachable",
                    Severity.ERROR,
                    f"rule {rule.id!r}",
                    f"it never answers: {names} always go before it",
                    "delete it, or give it a lower rank, other hours or a narrower place",
                    lines.get(rule.id, 0),
                )


def _hardest_kinds(rule: PlanRule, types: Mapping[str, str]) -> list[tuple[str, str]]:
    """The (type, group) pairs that are hardest to take from a rule: of a group, a type that nobody listed."""
    if rule.types:
        return [(kind, types.get(kind, "")) for kind in rule.types]
    return [("", group) for group in rule.groups] or [("", "")]


def _all_answered_before(
    rule: PlanRule, minutes: int, rules: list[tuple[PlanRule, int]], types: Mapping[str, str]
) -> set[str]:
    """Ids of the rules that together answer all that `rule` fits; empty when something is left for it.

    The incident that is hardest to take from a rule has just the flag that it asks for.
    """
    winners: set[str] = set()
    for kind, group in _hardest_kinds(rule, types):
        left = minutes
        mine = _order(rule, kind, group)
        for other, theirs in rules:
            if other.flag not in {"", rule.flag} or kind_of_fit(other, kind, group) is None:
                continue
            if _order(other, kind, group) < mine and left & theirs:
                winners.add(other.id)
                left &= ~theirs
        if left:
            return set()
    return winners


def _order(rule: PlanRule, kind: str, group: str) -> tuple[int, bool, bool, int]:
    """Without the id: between rules that tie nothing goes before, and the tie is told by itself."""
    fit = kind_of_fit(rule, kind, group)
    return (3 if fit is None else fit, not rule.flag, not rule.timed, rule.rank)
