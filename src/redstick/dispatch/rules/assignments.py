"""Assignments: a unit bound to an incident, with a timeline of its own.

A unit may hold several and exactly one is primary, the first in `Unit.work`. A skipped step leaves its time empty;
nothing is invented. A correction is an event of its own: the corrected time counts, and both are kept.
"""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

import msgspec

from redstick.dispatch.rules.crews import crew_committed
from redstick.dispatch.rules.filling import Filling, aid_of, matched, named_fillings
from redstick.dispatch.rules.needs import ARRIVED, UNNAMED, needs_of, open_slots, pending, settle
from redstick.dispatch.rules.stacking import kept_promises
from redstick.dispatch.status_table import MEANINGS, Primary, Status
from redstick.kernel.values import Command, Decision, Event, Instant, Rejection, command, event

if TYPE_CHECKING:
    from redstick.dispatch.rules.incidents import Incident
    from redstick.dispatch.state import Dispatch
    from redstick.kernel.domain import Appliers, Deciders

STAMPS = tuple(dict.fromkeys(meaning.stamp for meaning in MEANINGS.values() if meaning.stamp))
ENDINGS = ("cleared", "withdrawn", "cancelled")  # withdrawn: before it was alerted; cancelled: with receipts


class Correction(msgspec.Struct, frozen=True):
    """A time that was recorded wrongly: what it was, None when it was missing."""

    stamp: str
    was: Instant | None
    reason: str


class Assignment(msgspec.Struct):
    """One unit's part in one incident. `sequence` counts from 1 in the order of sending.

    `skipped` says of a stamp that stays empty which status was reported without it. `expected_s` is the travel time
    that was shown when the unit was chosen, None when none was. `need` is the need that the unit stands for, "" for
    none by name, and `fit` how; `lent_by` and `lent_to` are agencies where one stands in for another, on its `ground`.
    """

    unit: str
    sequence: int
    stamps: dict[str, Instant] = msgspec.field(default_factory=dict)
    skipped: dict[str, str] = msgspec.field(default_factory=dict)
    expected_s: int | None = None
    corrections: list[Correction] = msgspec.field(default_factory=list)
    sent_despite: str = ""
    ended_at: Instant | None = None
    ending: str = ""
    need: str = ""
    fit: str = ""
    lent_by: str = ""
    lent_to: str = ""
    ground: str = ""


@event("dispatch.unit_assigned", subjects=("incident", "unit"))
class UnitAssigned(Event, frozen=True):
    """A unit is bound to an incident, and `alerted` in the same act; `despite` says why, when it was not free.

    `need` is the need that it stands for and `fit` how: `exact`, `substitute` or `despite`. `replaces` is the unit that
    it was swapped for, `taken_from` the incident that it was borrowed from. `completes` says that with this unit
    nothing is lacking any more.
    """

    incident: str
    unit: str
    alerted: bool = True
    despite: str = ""
    expected_s: int | None = None
    need: str = ""
    fit: str = ""
    lent_by: str = ""
    lent_to: str = ""
    ground: str = ""
    replaces: str = ""
    taken_from: str = ""
    completes: bool = False


@event("dispatch.assignment_ended", subjects=("incident", "unit"))
class AssignmentEnded(Event, frozen=True):
    """The unit is done with the incident: cleared, withdrawn or cancelled; one that `arrived` has filled its need."""

    incident: str
    unit: str
    ending: str
    arrived: bool = False


@event("dispatch.time_corrected", subjects=("incident", "unit"))
class TimeCorrected(Event, frozen=True):
    """The true time of a stamp is known now; `was` is what stood there, None when nothing did."""

    incident: str
    unit: str
    stamp: str
    true_at: Instant
    was: Instant | None
    reason: str


@command("dispatch.assign_units")
class AssignUnits(Command, frozen=True):
    """Send units to an incident. `despite` overrides that one is not free, and is kept with the assignment.

    `expected_s` are the travel times that were shown, by unit. `fills` says which need a unit stands for; units that it
    does not name are matched with what is pending.
    """

    incident: str
    units: list[str]
    alerted: bool = True
    despite: str = ""
    expected_s: dict[str, int] = {}
    fills: dict[str, str] = {}


@command("dispatch.release_unit")
class ReleaseUnit(Command, frozen=True):
    """Let a unit go from an incident: the explicit way out."""

    incident: str
    unit: str
    ending: str = "cleared"


@command("dispatch.correct_time")
class CorrectTime(Command, frozen=True):
    """Say when something really happened."""

    incident: str
    unit: str
    stamp: str
    true_at: Instant
    reason: str


def decide_assign_units(state: Dispatch, asked: AssignUnits, now: Instant) -> Decision:
    """All or none: what was shown is what is done.

    Rejections: `no_units`, `incident_unknown`, `incident_closed`, `unit_unknown`, `unit_named_twice`,
    `already_assigned`, `unit_not_available` (says what it is doing; `despite` overrides), `crew_committed` (names the
    apparatus that the crew is on; nothing overrides it, since nobody is in two places), `unit_reserved` (names the
    incident; `despite` overrides), `filler_not_sent`, `need_unknown`, `unit_does_not_meet` and `no_agreement`
    (`despite` overrides both).
    """
    del now
    return sending(state, asked)


def sending(state: Dispatch, asked: AssignUnits, taken_from: str = "", replaces: str = "") -> Decision:
    """What sending units comes to: promises that end, and an assignment for each; or why not.

    `taken_from` and `replaces` are given where that makes a unit free: an incident that it leaves, a unit that leaves.
    """
    incident = state.incidents.get(asked.incident)
    if incident is None:
        return Rejection("incident_unknown", {"incident": asked.incident})
    if incident.closed_at is not None:
        return Rejection("incident_closed", {"incident": asked.incident})
    if not asked.units:
        return Rejection("no_units", {"incident": asked.incident})
    if len(set(asked.units)) != len(asked.units):
        return Rejection("unit_named_twice", {"units": asked.units})
    for name in asked.units:
        refusal = _refuse_unit(state, incident, name, asked.units, asked.despite)
        if refusal is not None:
            return refusal
    fillings = _fillings(state, incident, asked)
    if isinstance(fillings, Rejection):
        return fillings
    stands = {one.unit: one for one in fillings}
    sent = [_assigned(asked, name, stands.get(name), (taken_from, replaces)) for name in asked.units]
    if _complete(incident, fillings):
        sent[-1] = msgspec.structs.replace(sent[-1], completes=True)
    return [*kept_promises(state, incident, asked.units), *sent]


def _complete(incident: Incident, fillings: list[Filling]) -> bool:
    """Whether nothing is lacking once these stand; any unit at all fills the unnamed need."""
    stand = Counter(one.need for one in fillings)
    return all(
        need.requirement.id == UNNAMED or lacking <= stand[need.requirement.id] for need, lacking in pending(incident)
    )


def _assigned(asked: AssignUnits, name: str, stands: Filling | None, instead: tuple[str, str]) -> UnitAssigned:
    return UnitAssigned(
        asked.incident,
        name,
        asked.alerted,
        asked.despite,
        asked.expected_s.get(name),
        need=stands.need if stands is not None else "",
        fit=stands.fit if stands is not None else "",
        lent_by=stands.lent_by if stands is not None else "",
        lent_to=stands.lent_to if stands is not None else "",
        ground=stands.ground if stands is not None else "",
        taken_from=instead[0],
        replaces=instead[1],
    )


def _fillings(state: Dispatch, incident: Incident, asked: AssignUnits) -> list[Filling] | Rejection:
    """Which need each unit stands for: as was said, and for the rest what fits of that which is then still missing."""
    units, aid = [state.units[name] for name in asked.units], aid_of(state, incident)
    known = {need.requirement.id: need.requirement for need in needs_of(incident)}
    named = named_fillings(known, units, asked.fills, aid, asked.despite)
    if isinstance(named, Rejection):
        return named
    slots = open_slots(incident)
    for one in named:
        slot = next((slot for slot in slots if slot.id == one.need), None)
        if slot is not None:
            slots.remove(slot)
    by_name = [one for one in named if one.need != UNNAMED]  # that need is filled by any unit, and names none
    return [*by_name, *matched(slots, [unit for unit in units if unit.id not in asked.fills], aid)]


def _refuse_unit(state: Dispatch, incident: Incident, name: str, named: list[str], despite: str) -> Rejection | None:
    unit = state.units.get(name)
    if unit is None:
        return Rejection("unit_unknown", {"unit": name})
    held = incident.assignments.get(name)
    if held is not None and held.ended_at is None:
        return Rejection("already_assigned", {"unit": name, "incident": incident.id})
    taken = crew_committed(state, unit, named)
    if taken:
        return Rejection("crew_committed", {"unit": name, "crew": unit.crew, "on": taken})
    sendable = unit.primary is not Primary.NOT_AVAILABLE and not unit.work
    if not sendable and not despite.strip():
        return Rejection("unit_not_available", {"unit": name, "status": unit.status, "incidents": list(unit.work)})
    reserved = state.reservations.get(name)
    if reserved is not None and reserved.incident != incident.id and not despite.strip():
        return Rejection("unit_reserved", {"unit": name, "incident": reserved.incident})
    return None


def apply_unit_assigned(state: Dispatch, happened: UnitAssigned, at: Instant) -> None:
    """The unit works for the incident; a unit that came back to it begins a new timeline."""
    incident, unit = state.incidents[happened.incident], state.units[happened.unit]
    sequence = next_sequence(incident)
    former = incident.assignments.pop(happened.unit, None)
    if former is not None:
        incident.earlier.append(former)
    assignment = Assignment(happened.unit, sequence, {"assigned": at}, sent_despite=happened.despite)
    assignment.expected_s = happened.expected_s
    assignment.need, assignment.fit = happened.need, happened.fit
    assignment.lent_by, assignment.lent_to, assignment.ground = happened.lent_by, happened.lent_to, happened.ground
    if happened.alerted:
        assignment.stamps["dispatched"] = at
    incident.assignments[happened.unit] = assignment
    settle(incident)
    if happened.incident not in unit.work:
        unit.work.append(happened.incident)
    if at >= unit.since:
        unit.status, unit.since = (Status.DSP if happened.alerted else Status.ASG), at


def decide_release_unit(state: Dispatch, asked: ReleaseUnit, now: Instant) -> Decision:
    """Rejections: `assignment_unknown`, `ending_unknown`. Releasing twice changes nothing."""
    del now
    incident = state.incidents.get(asked.incident)
    if incident is None or asked.unit not in incident.assignments:
        return Rejection("assignment_unknown", {"unit": asked.unit, "incident": asked.incident})
    if asked.ending not in ENDINGS:
        return Rejection("ending_unknown", {"said": asked.ending, "known": list(ENDINGS)})
    if incident.assignments[asked.unit].ended_at is not None:
        return []
    return [assignment_ended(incident, asked.unit, asked.ending)]


def assignment_ended(incident: Incident, unit: str, ending: str) -> AssignmentEnded:
    """The end of a unit's part, whatever brings it about."""
    part = incident.assignments[unit]
    arrived = bool(ARRIVED & part.stamps.keys()) and part.sequence >= incident.filled_from
    return AssignmentEnded(incident.id, unit, ending, arrived)


def apply_assignment_ended(state: Dispatch, happened: AssignmentEnded, at: Instant) -> None:
    """The timeline is complete; a unit still shown as working is shown as returning."""
    assignment = state.incidents[happened.incident].assignments[happened.unit]
    assignment.ended_at, assignment.ending = at, happened.ending
    unit = state.units[happened.unit]
    unit.work.remove(happened.incident)
    if not unit.work and at >= unit.since and MEANINGS[unit.status].primary is Primary.NOT_AVAILABLE:
        unit.status, unit.since = (Status.CLR if happened.ending == "cleared" else Status.CAN), at


def decide_correct_time(state: Dispatch, asked: CorrectTime, now: Instant) -> Decision:
    """Rejections: `assignment_unknown`, `stamp_unknown`, `time_ahead`, `reason_needed`."""
    incident = state.incidents.get(asked.incident)
    if incident is None or asked.unit not in incident.assignments:
        return Rejection("assignment_unknown", {"unit": asked.unit, "incident": asked.incident})
    if asked.stamp not in STAMPS:
        return Rejection("stamp_unknown", {"said": asked.stamp, "known": list(STAMPS)})
    if asked.true_at > now:
        return Rejection("time_ahead", {"ahead_ms": asked.true_at - now})
    if not asked.reason.strip():
        return Rejection("reason_needed")
    was = incident.assignments[asked.unit].stamps.get(asked.stamp)
    if was == asked.true_at:
        return []
    return [TimeCorrected(asked.incident, asked.unit, asked.stamp, asked.true_at, was, asked.reason)]


def apply_time_corrected(state: Dispatch, happened: TimeCorrected, at: Instant) -> None:
    """The true time counts; what stood there is kept beside it."""
    del at
    assignment = state.incidents[happened.incident].assignments[happened.unit]
    assignment.stamps[happened.stamp] = happened.true_at
    assignment.corrections.append(Correction(happened.stamp, happened.was, happened.reason))


def next_sequence(incident: Incident) -> int:
    """The number of the next assignment; a split may leave gaps, which are not filled."""
    return 1 + max((one.sequence for one in (*incident.earlier, *incident.assignments.values())), default=0)


def open_assignments(incident: Incident) -> list[Assignment]:
    """Assignments of an incident that have not ended, in the order of sending."""
    return [assignment for assignment in incident.assignments.values() if assignment.ended_at is None]


DECIDERS: Deciders = {
    AssignUnits: decide_assign_units,
    ReleaseUnit: decide_release_unit,
    CorrectTime: decide_correct_time,
}
APPLIERS: Appliers = {
    UnitAssigned: apply_unit_assigned,
    AssignmentEnded: apply_assignment_ended,
    TimeCorrected: apply_time_corrected,
}
