"""Units: who can be sent, and what they are doing.

The words of a status are the agency's own; the status table maps them. An unexpected step is recorded with a warning
and never refused: the radio is right, the table is advice. Only an unknown unit, an unknown word or a time from the
future is refused, since nobody could say what was meant.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec

from redstick.dispatch.rules.assignments import AssignmentEnded
from redstick.dispatch.status_table import MEANINGS, WORK, Primary, Status, expected
from redstick.kernel.values import Command, Decision, Event, Instant, Rejection, command, event

if TYPE_CHECKING:
    from redstick.dispatch.state import Dispatch
    from redstick.kernel.domain import Appliers, Deciders

MAX_CLOCK_SKEW_MS = 120_000  # a device's clock may run ahead this far before its word is doubted


class Unit(msgspec.Struct):
    """One dispatchable unit, as it is now.

    `work` lists the incidents of its open assignments, the primary one first. `x` and `y` are its last reported
    position (1e-7 degrees), `seen_at` when that was true.
    """

    id: str
    kind: str = ""
    agency: str = ""
    station: str = ""
    capabilities: list[str] = msgspec.field(default_factory=list)
    staffing: int | None = None
    status: Status = Status.OFF
    since: Instant = 0
    work: list[str] = msgspec.field(default_factory=list)
    emergency_at: Instant | None = None
    x: int | None = None
    y: int | None = None
    seen_at: Instant | None = None

    @property
    def available(self) -> bool:
        """May be sent without a question: says so, and nothing it was sent to is still open."""
        return MEANINGS[self.status].primary is Primary.AVAILABLE and not self.work


@event("dispatch.unit_enrolled", subjects=("unit",))
class UnitEnrolled(Event, frozen=True):
    """A unit is on the roster, or its facts have changed."""

    unit: str
    kind: str = ""
    agency: str = ""
    station: str = ""
    capabilities: list[str] = []
    staffing: int | None = None


@event("dispatch.status_reported", subjects=("unit", "incident"))
class StatusReported(Event, frozen=True):
    """A unit is known to be in a status; `unexpected` when the step is not in the table.

    `incident` is the assignment it concerns, "" for none. `x` and `y` are the position the report came with.
    """

    unit: str
    status: Status
    incident: str = ""
    unexpected: bool = False
    assignment_left_open: bool = False
    x: int | None = None
    y: int | None = None


@event("dispatch.emergency_raised", subjects=("unit",))
class EmergencyRaised(Event, frozen=True):
    """A responder is in danger: a button, or a word on the radio."""

    unit: str
    how: str = ""


@event("dispatch.emergency_cleared", subjects=("unit",))
class EmergencyCleared(Event, frozen=True):
    """A named person says that the responder is safe, and how that is known."""

    unit: str
    by: str
    reason: str


@command("dispatch.enroll_unit")
class EnrollUnit(Command, frozen=True):
    """Put a unit on the roster, or change its facts."""

    unit: str
    kind: str = ""
    agency: str = ""
    station: str = ""
    capabilities: list[str] = []
    staffing: int | None = None


@command("dispatch.report_status")
class ReportStatus(Command, frozen=True):
    """Say what a unit is doing, by device, by radio through a dispatcher, or from a paper card.

    `status` is in the agency's own words. `incident` names the assignment when the unit holds several. Leaving an
    assignment is explicit: `leaves` says that the unit is done with it.
    """

    unit: str
    status: str
    incident: str = ""
    leaves: bool = False
    happened_at: Instant | None = None
    x: int | None = None
    y: int | None = None


@command("dispatch.raise_emergency")
class RaiseEmergency(Command, frozen=True):
    """Say that a responder is in danger."""

    unit: str
    how: str = ""


@command("dispatch.clear_emergency")
class ClearEmergency(Command, frozen=True):
    """Say, by name and with a reason, that the danger is over."""

    unit: str
    by: str
    reason: str


def decide_enroll_unit(state: Dispatch, asked: EnrollUnit, now: Instant) -> Decision:
    """Rejections: `unit_unnamed`. Saying again what is known changes nothing."""
    del now
    if not asked.unit.strip():
        return Rejection("unit_unnamed")
    known = state.units.get(asked.unit)
    facts = (asked.kind, asked.agency, asked.station, asked.capabilities, asked.staffing)
    if known and facts == (known.kind, known.agency, known.station, known.capabilities, known.staffing):
        return []
    return [UnitEnrolled(asked.unit, *facts)]


def apply_unit_enrolled(state: Dispatch, happened: UnitEnrolled, at: Instant) -> None:
    """New units begin off duty."""
    unit = state.units.setdefault(happened.unit, Unit(happened.unit, since=at))
    unit.kind, unit.agency, unit.station = happened.kind, happened.agency, happened.station
    unit.capabilities, unit.staffing = list(happened.capabilities), happened.staffing


def decide_report_status(state: Dispatch, asked: ReportStatus, now: Instant) -> Decision:
    """Record the status; warn when it does not follow; refuse only what cannot be read.

    Rejections: `unit_unknown`, `status_unknown`, `time_ahead`, `assignment_unknown`.
    """
    unit = state.units.get(asked.unit)
    if unit is None:
        return Rejection("unit_unknown", {"unit": asked.unit})
    status = state.statuses.read(asked.status)
    if status is None:
        return Rejection("status_unknown", {"said": asked.status})
    if asked.happened_at is not None and asked.happened_at > now + MAX_CLOCK_SKEW_MS:
        return Rejection("time_ahead", {"ahead_ms": asked.happened_at - now})
    name = asked.incident or (unit.work[0] if unit.work else "")
    incident = state.incidents.get(name)
    if name and (incident is None or unit.id not in incident.assignments):
        return Rejection("assignment_unknown", {"unit": unit.id, "incident": name})
    assignment = incident.assignments[unit.id] if incident else None
    is_open = assignment is not None and assignment.ended_at is None
    reported = StatusReported(
        unit.id,
        status,
        name,
        unexpected=not expected(unit.status, status) or (status in WORK and not is_open),
        assignment_left_open=is_open and not asked.leaves and MEANINGS[status].primary is Primary.AVAILABLE,
        x=asked.x,
        y=asked.y,
    )
    return [reported, AssignmentEnded(name, unit.id, "cleared")] if asked.leaves and is_open else [reported]


def apply_status_reported(state: Dispatch, happened: StatusReported, at: Instant) -> None:
    """A report from the past completes the record of its assignment; only the latest one moves the unit."""
    unit = state.units[happened.unit]
    if at >= unit.since:
        unit.status, unit.since = happened.status, at
    if happened.x is not None and at >= (unit.seen_at or 0):
        unit.x, unit.y, unit.seen_at = happened.x, happened.y, at
    stamp = MEANINGS[happened.status].stamp
    if happened.incident and stamp:
        state.incidents[happened.incident].assignments[happened.unit].stamps.setdefault(stamp, at)


def decide_raise_emergency(state: Dispatch, asked: RaiseEmergency, now: Instant) -> Decision:
    """Rejections: `unit_unknown`. A second press while the first stands changes nothing."""
    del now
    unit = state.units.get(asked.unit)
    if unit is None:
        return Rejection("unit_unknown", {"unit": asked.unit})
    return [] if unit.emergency_at is not None else [EmergencyRaised(asked.unit, asked.how)]


def apply_emergency_raised(state: Dispatch, happened: EmergencyRaised, at: Instant) -> None:
    """A flag beside the status; no status clears it."""
    state.units[happened.unit].emergency_at = at


def decide_clear_emergency(state: Dispatch, asked: ClearEmergency, now: Instant) -> Decision:
    """Rejections: `unit_unknown`, `no_emergency`, `name_and_reason_needed`."""
    del now
    unit = state.units.get(asked.unit)
    if unit is None:
        return Rejection("unit_unknown", {"unit": asked.unit})
    if unit.emergency_at is None:
        return Rejection("no_emergency", {"unit": asked.unit})
    if not asked.by.strip() or not asked.reason.strip():
        return Rejection("name_and_reason_needed", {"unit": asked.unit})
    return [EmergencyCleared(asked.unit, asked.by, asked.reason)]


def apply_emergency_cleared(state: Dispatch, happened: EmergencyCleared, at: Instant) -> None:
    """Safe."""
    del at
    state.units[happened.unit].emergency_at = None


DECIDERS: Deciders = {
    EnrollUnit: decide_enroll_unit,
    ReportStatus: decide_report_status,
    RaiseEmergency: decide_raise_emergency,
    ClearEmergency: decide_clear_emergency,
}
APPLIERS: Appliers = {
    UnitEnrolled: apply_unit_enrolled,
    StatusReported: apply_status_reported,
    EmergencyRaised: apply_emergency_raised,
    EmergencyCleared: apply_emergency_cleared,
}
