"""Names that mean nothing: zones and stations that the city lacks, types and groups that the plan does not list."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from difflib import get_close_matches

from redstick.dispatch.plans.faults import Finding, Severity
from redstick.dispatch.plans.model import PlanRule, ResponsePlan


def foreign_names(
    plan: ResponsePlan,
    lines: Mapping[str, int],
    zones: Mapping[str, tuple[str, ...]] | None,
    stations: tuple[str, ...] | None,
    closed: tuple[str, ...],
) -> Iterator[Finding]:
    """Every name that nothing answers to; what nobody listed (None, an empty table of types) is not judged."""
    for rule in plan.rules:
        line = lines.get(rule.id, 0)
        yield from _kinds(plan, rule, line)
        if zones is not None and rule.layer:
            yield from _zone(rule, zones, line)
        for station in rule.stations:
            if station in closed:
                found = f"station {station!r} is closed"
                yield _told("station_closed", rule, found, "take it out of the order", line)
            elif stations is not None and station not in stations:
                found = f"there is no station {station!r}"
                yield _told("station_unknown", rule, found, _nearest(station, stations), line)


def _kinds(plan: ResponsePlan, rule: PlanRule, line: int) -> Iterator[Finding]:
    if not plan.types:
        return
    groups = sorted(set(plan.types.values()))
    for kind in rule.types:
        if kind not in plan.types:
            found = f"type {kind!r} is not in the plan's table of types"
            yield _told("type_unknown", rule, found, _nearest(kind, tuple(plan.types)), line)
    for group in rule.groups:
        if group not in groups:
            found = f"group {group!r} has no type in the plan's table of types"
            yield _told("group_unknown", rule, found, _nearest(group, tuple(groups)), line)


def _zone(rule: PlanRule, zones: Mapping[str, tuple[str, ...]], line: int) -> Iterator[Finding]:
    if rule.layer not in zones:
        found = f"the city has no layer {rule.layer!r}"
        yield _told("zone_unknown", rule, found, _nearest(rule.layer, tuple(zones)), line)
    elif rule.zone not in zones[rule.layer]:
        found = f"layer {rule.layer} has no zone {rule.zone!r}"
        yield _told("zone_unknown", rule, found, _nearest(rule.zone, zones[rule.layer]), line)


def _nearest(name: str, known: tuple[str, ...]) -> str:
    close = get_close_matches(name, known, 1)
    return f"perhaps {close[0]!r} is meant" if close else "correct the name, or delete the rule"


def _told(code: str, rule: PlanRule, found: str, advice: str, line: int) -> Finding:
    return Finding(code, Severity.ERROR, f"rule {rule.id!r}", found, advice, line)
