"""Substitutes that lead in a circle: what stands in for an engine needs an engine to stand in for it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from graphlib import CycleError, TopologicalSorter

from redstick.dispatch.plans.faults import Finding, Severity
from redstick.dispatch.plans.model import PlanRule, ResponsePlan
from redstick.dispatch.plans.requirement import Requirement, Substitute

Want = tuple[str, tuple[str, ...]]  # one kind ("" is any), capabilities


def cycles(plan: ResponsePlan, lines: Mapping[str, int]) -> Iterator[Finding]:
    """One finding for each rule in which a circle is found."""
    for rule in plan.rules:
        circle = _circle(rule)
        if circle:
            yield Finding(
                "substitute_cycle",
                Severity.WARNING,
                f"rule {rule.id!r}",
                f"what stands in for what runs in a circle: {' → '.join(circle)}",
                "leave out the weaker substitute: two short units would each be sent in the other's place",
                lines.get(rule.id, 0),
            )


def _circle(rule: PlanRule) -> list[str]:
    after: dict[Want, set[Want]] = {}
    for one in rule.send:
        for want in _wants(one):
            after.setdefault(want, set()).update(instead for other in one.substitutes for instead in _wants(other))
    try:
        TopologicalSorter({want: sorted(others) for want, others in sorted(after.items())}).prepare()
    except CycleError as error:
        return [" with ".join(filter(None, (kind, *capabilities))) for kind, capabilities in error.args[1]]
    return []


def _wants(one: Requirement | Substitute) -> list[Want]:
    return [(kind, one.capabilities) for kind in one.kinds or ("",)]
