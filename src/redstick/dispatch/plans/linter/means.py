"""What the roster cannot give: requirements that no unit ever meets, more units than there are, one crew sent twice."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from redstick.dispatch.plans.faults import Finding, Severity
from redstick.dispatch.plans.model import PlanRule, ResponsePlan
from redstick.dispatch.plans.roster import RosterUnit, fillable, price_s


def means(
    plan: ResponsePlan,
    lines: Mapping[str, int],
    roster: Sequence[RosterUnit],
    stations: tuple[str, ...] | None,
    closed: tuple[str, ...],
) -> Iterator[Finding]:
    """Every rule against the whole roster, all of it free: what is short then is short always."""
    manned = {unit.station for unit in roster}
    for rule in plan.rules:
        line = lines.get(rule.id, 0)
        hopeless = [one for one in rule.send if all(price_s(one, unit) is None for unit in roster)]
        for one in hopeless:
            place = f"rule {rule.id!r}, send {one.id!r}"
            advice = "correct kinds and capabilities, or name a substitute"
            yield Finding("unmeetable", Severity.ERROR, place, "no unit of the roster can ever meet it", advice, line)
        if not hopeless:
            yield from _together(rule, roster, line)
        for station in rule.stations:
            known = stations is None or station in stations
            if known and station not in manned and station not in closed:
                found = f"station {station!r} of the order has no unit in the roster"
                advice = "take it out of the order, or list its units"
                place = f"rule {rule.id!r}"
                yield Finding("station_without_units", Severity.WARNING, place, found, advice, line)


def _together(rule: PlanRule, roster: Sequence[RosterUnit], line: int) -> Iterator[Finding]:
    """Each requirement can be met: whether all can at once, and without one crew on two units."""
    wanted = sum(one.count for one in rule.send)
    by_unit = fillable(rule.send, roster, by_crew=False)
    by_crew = fillable(rule.send, roster, by_crew=True)
    place = f"rule {rule.id!r}"
    if by_crew < by_unit:
        found = f"of {wanted} units {by_crew} can go at once: the others are cross-staffed by the same crews"
        advice = "ask for either unit, not for both, or for another of the kind"
        yield Finding("cross_staffed", Severity.ERROR, place, found, advice, line)
    if by_unit < wanted:
        found = f"of {wanted} units the whole roster has {by_unit}, when all are free"
        yield Finding("too_few_units", Severity.WARNING, place, found, "ask for fewer, or name substitutes", line)
