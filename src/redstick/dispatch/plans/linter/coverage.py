"""Incidents that no rule answers: a type in an area at some hour falls to the last resort."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from redstick.dispatch.plans.faults import Finding, Severity
from redstick.dispatch.plans.model import (
    DAY_MINUTES,
    DAYS,
    EVERY_MINUTE,
    WEEK_MINUTES,
    PlanRule,
    ResponsePlan,
)
from redstick.dispatch.plans.resolving import kind_of_fit

NAMED = 8  # zones that one finding names


def unanswered(plan: ResponsePlan, zones: Mapping[str, tuple[str, ...]] | None) -> Iterator[Finding]:
    """Each type with the areas and the hours for which no rule of the first alarm holds without a flag."""
    ready = [(rule, rule.minutes) for rule in plan.rules if rule.alarm == 1 and not rule.flag]
    types = plan.types or {kind: "" for rule in plan.rules for kind in rule.types}
    for kind, group in sorted(types.items()):
        fitting = [(rule, minutes) for rule, minutes in ready if kind_of_fit(rule, kind, group) is not None]
        everywhere = _together(minutes for rule, minutes in fitting if not rule.layer and not rule.address)
        if everywhere == EVERY_MINUTE:
            continue
        by_zone = _by_zone([one for one in fitting if one[0].layer])
        yield from _gaps(kind, everywhere, by_zone, plan, zones)


def _gaps(
    kind: str,
    everywhere: int,
    by_zone: Mapping[tuple[str, str], int],
    plan: ResponsePlan,
    zones: Mapping[str, tuple[str, ...]] | None,
) -> Iterator[Finding]:
    """What is left open after the rules that hold everywhere: by zones where the city is known, else as a question."""
    place = f"type {kind!r}"
    advice = "add a rule for the type or its group that holds everywhere"
    if not by_zone:
        yield Finding("no_plan", Severity.ERROR, place, f"no rule answers it {first_gap(everywhere)}", advice)
        return
    if zones is None:
        found = "only rules of zones answer it; without a city nobody can say whether they cover everything"
        yield Finding("no_plan_elsewhere", Severity.WARNING, place, found, advice)
        return
    # A place lies in one zone of every layer: one layer without a gap is enough.
    open_zones: dict[str, list[tuple[str, int]]] = {}
    for layer in dict.fromkeys((*plan.layers, *plan.special)):
        covered = ((zone, everywhere | by_zone.get((layer, zone), 0)) for zone in zones.get(layer, ()))
        open_zones[layer] = [(zone, minutes) for zone, minutes in covered if minutes != EVERY_MINUTE]
    known = {layer: gaps for layer, gaps in open_zones.items() if zones.get(layer)}
    if known and all(known.values()):
        layer, gaps = min(known.items(), key=lambda item: len(item[1]))
        names = ", ".join(zone for zone, _ in gaps[:NAMED])
        more = f" and {len(gaps) - NAMED} more" if len(gaps) > NAMED else ""
        found = f"no rule answers it in {layer} {names}{more} {first_gap(gaps[0][1])}"
        # With rules in several layers each gap of one may lie in a zone of another; a person must look.
        sure = len({one for one, _ in by_zone}) == 1
        yield Finding("no_plan", Severity.ERROR if sure else Severity.WARNING, place, found, advice)


def first_gap(minutes: int) -> str:
    """The first stretch of the week that is open, in words; "at any hour" when all of it is."""
    open_ = EVERY_MINUTE & ~minutes
    if open_ == EVERY_MINUTE:
        return "at any hour"
    begin = (open_ & -open_).bit_length() - 1
    rest = ~(open_ >> begin)
    length = min((rest & -rest).bit_length() - 1, WEEK_MINUTES - begin)
    return f"from {_clock(begin)} to {_clock((begin + length) % WEEK_MINUTES)}"


def _clock(minute: int) -> str:
    day, rest = divmod(minute, DAY_MINUTES)
    return f"{DAYS[day]} {rest // 60:02d}:{rest % 60:02d}"


def _by_zone(rules: list[tuple[PlanRule, int]]) -> dict[tuple[str, str], int]:
    found: dict[tuple[str, str], int] = {}
    for rule, minutes in rules:
        found[rule.layer, rule.zone] = found.get((rule.layer, rule.zone), 0) | minutes
    return found


def _together(every: Iterator[int]) -> int:
    found = 0
    for minutes in every:
        found |= minutes
    return found
