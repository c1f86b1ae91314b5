"""From the live state to the question of who should go, and who is still on the way: a snapshot, as it is known now."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from typing import TYPE_CHECKING

import msgspec

from redstick.dispatch.plans.requirement import Requirement
from redstick.dispatch.ports import Point
from redstick.dispatch.recommendation.exchange import OnTheWay, Sent, arrivals
from redstick.dispatch.recommendation.question import Aid, Candidate, Exclusion, Policy, Question
from redstick.dispatch.recommendation.standing import RoadTimes
from redstick.dispatch.recommendation.whereabouts import whereabouts
from redstick.dispatch.rules.aid import Answer
from redstick.dispatch.rules.assignments import open_assignments
from redstick.dispatch.rules.needs import needs_of, pending
from redstick.dispatch.rules.plans import active_plan
from redstick.dispatch.status_table import Status
from redstick.kernel.values import Instant

if TYPE_CHECKING:
    from redstick.dispatch.avl.quality import Fix
    from redstick.dispatch.rules.assignments import Assignment
    from redstick.dispatch.rules.incidents import Incident
    from redstick.dispatch.rules.units import Unit
    from redstick.dispatch.state import Dispatch

BELIEVED = ("", "fresh", "ageing", "stale", "none")  # what is only old is judged by its age
ARRIVED = "on_scene"


class Unlocated(Exception):  # noqa: N818  (named for what is the matter)
    """The incident has no position: who is near cannot be said before it has one."""


def question_of(
    state: Dispatch,
    incident: Incident,
    now: Instant,
    stations: Mapping[str, Point],
    policy: Policy,
    *,
    closures: Sequence[str] = (),
    agencies: Sequence[str] = (),
    exclusions: Sequence[Exclusion] = (),
    station_orders: Mapping[str, tuple[str, ...]] | None = None,
    units: Iterable[Unit] | None = None,
) -> Question:
    """What the incident still lacks, and every unit, or only those of `units`, as they are known; raises Unlocated.

    A unit that was cancelled from this incident is excluded, and so is one that is promised to another. Aid is what is
    automatic, and what was granted for this incident.
    """
    place = incident.place
    if place.x is None or place.y is None:
        raise Unlocated(incident.id)
    plan = active_plan(state)
    return Question(
        target=(place.x, place.y),
        now=now,
        requirements=tuple(_lacking(incident)),
        roster=tuple(
            candidate(unit, _number_of_work(state, unit)) for unit in (state.units.values() if units is None else units)
        ),
        stations=dict(stations),
        station_orders=dict(station_orders or {}),
        agencies=tuple(agencies),
        aid=tuple(_aid(state, incident)),
        exclusions=(*exclusions, *_excluded(state, incident)),
        closures=tuple(closures),
        policy=policy,
        incident=incident.id,
        kind=incident.kind,
        priority=incident.priority,
        alarm_level=incident.alarm_level,
        uncertainty_m=place.uncertainty_m,
        plan=", ".join(dict.fromkeys(need.rule for need, _ in pending(incident) if need.rule)),
        plan_version=plan.id if plan is not None else "",
    )


def _number_of_work(state: Dispatch, unit: Unit) -> str:
    """The number of the incident that it works on first."""
    incident = state.incidents.get(unit.work[0]) if unit.work else None
    return incident.number if incident is not None else ""


def candidate(unit: Unit, number: str = "") -> Candidate:
    """A unit of the state as a recommendation sees it; `number` is that of the incident that it works on."""
    return Candidate(
        id=unit.id,
        kind=unit.kind,
        capabilities=tuple(unit.capabilities),
        agency=unit.agency,
        station=unit.station,
        crew=unit.crew,
        staffing=unit.staffing,
        status=unit.status,
        added=tuple(unit.added),
        incident=unit.work[0] if unit.work else "",
        number=number,
        at=None if unit.x is None or unit.y is None else (unit.x, unit.y),
        seen_at=unit.seen_at,
        doubt="" if unit.quality in BELIEVED else unit.quality,
    )


def seen_by_device(unit: Candidate, fix: Fix | None) -> Candidate:
    """A unit where its device reported it, if that is newer; a clock that runs ahead is no proof of freshness."""
    if fix is None or (seen_at := min(fix.at, fix.received_at)) <= (unit.seen_at or 0):
        return unit
    return msgspec.structs.replace(unit, at=(fix.x, fix.y), seen_at=seen_at)


def under_way(state: Dispatch, incident: Incident, question: Question, roads: RoadTimes) -> list[OnTheWay]:
    """The units that were sent and are not there yet, with what is left of their way; without a place, left out.

    The turnout is counted as long as nobody has said that the unit drives.
    """
    return arrivals(sent_out(state, incident, question), question.target, roads)


def sent_out(state: Dispatch, incident: Incident, question: Question) -> list[Sent]:
    """The same before anybody has asked the roads: what can be said of it from the state alone."""
    seen = [(part, _on_the_road(state.units[part.unit], question)) for part in _waiting(incident)]
    return [
        Sent(part.need, part.unit, at, _turnout_s(part, state.units[part.unit], question.policy))
        for part, at in seen
        if at is not None
    ]


def exchange_question(question: Question, incident: Incident) -> Question:
    """The question of who could go instead: for the requirements whose units are on their way, as many as are."""
    going = Counter(part.need for part in _waiting(incident))
    asked = [
        msgspec.structs.replace(need.requirement, count=going[need.requirement.id])
        for need in needs_of(incident)
        if going[need.requirement.id]
    ]
    return msgspec.structs.replace(question, requirements=tuple(asked))


def _waiting(incident: Incident) -> list[Assignment]:
    """Assignments that fill a need and whose unit is not there yet."""
    return [part for part in open_assignments(incident) if part.need and ARRIVED not in part.stamps]


def _on_the_road(unit: Unit, question: Question) -> Point | None:
    """Where it was last seen, else its station."""
    return whereabouts(msgspec.structs.replace(candidate(unit), status=Status.AR), question).at


def _turnout_s(part: Assignment, unit: Unit, policy: Policy) -> int:
    return 0 if "en_route" in part.stamps else policy.turnout_by_kind.get(unit.kind, policy.turnout_s)


def _lacking(incident: Incident) -> Iterable[Requirement]:
    for need, missing in pending(incident):
        yield msgspec.structs.replace(need.requirement, count=missing)


def _aid(state: Dispatch, incident: Incident) -> Iterable[Aid]:
    for agreement in state.agreements.values():
        if agreement.automatic:
            yield Aid(agreement.lender, agreement.borrower, tuple(agreement.kinds))
    for request in incident.aid.values():
        if request.answer is Answer.GRANTED:
            yield Aid(request.lender, request.borrower)


def _excluded(state: Dispatch, incident: Incident) -> Iterable[Exclusion]:
    for assignment in (*incident.earlier, *incident.assignments.values()):
        if assignment.ended_at is not None and assignment.ending == "cancelled":
            yield Exclusion(assignment.unit, "previously_cancelled")
    for unit, promised in state.reservations.items():
        if promised.incident != incident.id:
            yield Exclusion(unit, "promised_to_another")
