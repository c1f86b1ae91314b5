"""What a changed response asks of the fleet: the needs of one call under another plan, from those that were recorded.

A need that the plan asks for takes over a recorded one that fits it, with its time, its turnout and its work; beyond
these it is a copy of the earliest. What the record has more of is not sent.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace

from redstick.dispatch.history.model import History
from redstick.dispatch.plans.requirement import Requirement
from redstick.dispatch.plans.roster import RosterUnit, price_s
from redstick.dispatch.ports import Errand
from redstick.dispatch.replay.plan import Fleet, FleetUnit, Plan
from redstick.kernel.values import Instant

ALARMS = 10  # nobody has raised more; a plan may hold rules for fewer


@dataclass(frozen=True, slots=True)
class Need:
    """One unit needed at an incident.

    `recorded_unit` is "" for a need that a changed response adds. `travel_ms` is None when the recorded unit never
    arrived; then it is let go `work_ms` after it was sent. Otherwise `marks` are delays after arrival by stamp name.
    Under a response plan `requirement` says who may go, `stations` in which order where it goes by one.
    """

    row: int
    sent_at: Instant
    kind: str
    recorded_unit: str
    errand: Errand
    turnout_ms: int
    travel_ms: int | None
    work_ms: int
    marks: tuple[tuple[str, int], ...]
    requirement: Requirement | None = None
    stations: tuple[str, ...] = ()

    def price_s(self, unit: FleetUnit) -> int | None:
        """What a unit costs beside its travel time; None when it may not go."""
        if self.requirement is None:
            return 0 if unit.kind == self.kind else None
        return price_of(self.requirement, unit)


def price_of(requirement: Requirement, unit: FleetUnit) -> int | None:
    """A requirement's price of a unit of the past, of whose staffing nothing is known."""
    return price_s(requirement, RosterUnit(unit.id, unit.kind, unit.station, unit.capabilities, unit.agency))


def changed_by_type(history: History, first: int, plan: Plan, needs: list[Need]) -> list[Need]:
    """The needs under a what-if's response to this type of call: the earliest recorded ones of each kind, or copies."""
    kind_of_call = history.categories["call_type"].text(first)
    response = next((found for found in plan.responses if kind_of_call in found.call_types), None)
    if response is None or not needs:
        return needs
    earliest = _earliest(needs)
    chosen: list[Need] = []
    for kind, count in response.send.items():
        recorded = [need for need in needs if need.kind == kind][:count]
        chosen += recorded
        pattern = recorded[0] if recorded else earliest
        chosen += [_copy(pattern, kind, earliest.sent_at)] * (count - len(recorded))
    return chosen


def changed_by_plan(
    history: History, first: int, plan: Plan, fleet: Fleet, needs: list[Need], others: list[Need]
) -> tuple[list[Need], list[str]]:
    """The needs under a response plan, and the ids of requirements that neither fleet nor record can fill.

    The record knows no alarm level: one more is taken as raised while more units were sent than the levels below ask
    for and the plan has a rule for it. `others` went without a known home: they fill what the fleet cannot.
    """
    if plan.answers is None or not needs + others:
        return needs, []
    answer = plan.answers(history, first, 1)
    while sum(one.count for one in answer.requirements) < len(needs) + len(others) and len(answer.chosen) < ALARMS:
        further = plan.answers(history, first, len(answer.chosen) + 1)
        if further.unanswered:
            break
        answer = further
    earliest = _earliest(needs or others)
    agency = history.categories["agency"].text(first)
    left, without_home = list(needs), [FleetUnit(one.recorded_unit, one.kind, "", (), agency) for one in others]
    chosen: list[Need] = []
    unfilled: list[str] = []
    for one in (each for each in answer.requirements for _ in range(each.count)):
        able = [unit for unit in fleet.units.values() if price_of(one, unit) is not None]
        if not able:
            stand_in = next((unit for unit in without_home if price_of(one, unit) is not None), None)
            if stand_in is None:
                unfilled.append(one.id)
            else:
                without_home.remove(stand_in)
            continue
        pattern = _best(left, one, fleet)
        if pattern is not None:
            left.remove(pattern)
        else:
            kind = min(able, key=lambda unit: (price_of(one, unit) or 0, unit.id)).kind
            pattern = _copy(earliest, kind, earliest.sent_at)
        chosen.append(replace(pattern, requirement=one, stations=answer.stations.get(one.id, ())))
    return chosen, unfilled


def _best(left: list[Need], one: Requirement, fleet: Fleet) -> Need | None:
    """The recorded need that fits a requirement best, then the earliest."""
    priced = list(_priced(left, one, fleet))
    return min(priced, key=lambda pair: (pair[0], pair[1].sent_at, pair[1].row))[1] if priced else None


def _priced(left: list[Need], one: Requirement, fleet: Fleet) -> Iterator[tuple[int, Need]]:
    for need in left:
        unit = fleet.units.get(need.recorded_unit) or FleetUnit(need.recorded_unit, need.kind, "")
        price = price_of(one, unit)
        if price is not None:
            yield price, need


def _earliest(needs: list[Need]) -> Need:
    return min(needs, key=lambda need: (need.sent_at, need.row))


def _copy(pattern: Need, kind: str, sent_at: Instant) -> Need:
    """The same work by another unit; one of another kind takes nobody to hospital, and is free when that begins."""
    errand = Errand(kind, pattern.errand.priority, pattern.errand.call_group, sent_at)
    marks = pattern.marks
    if kind != pattern.kind and "transport" in dict(marks):
        marks = (("available", dict(marks)["transport"]),)
    return replace(pattern, sent_at=sent_at, kind=kind, recorded_unit="", errand=errand, marks=marks)
