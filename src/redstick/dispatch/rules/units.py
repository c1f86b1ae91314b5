"""Units: who can be sent, and what they are doing.

A unit has one status, which gives its primary and its secondaries, and whatever secondaries were added beside it. The
words of a status are the agency's own; the status table maps them. An unexpected step is recorded with a warning and
never refused: the radio is right, the table is advice. Only an unknown unit, an unknown word or a time from the future
is refused, since nobody could say what was meant. An emergency stands beside the status until a named person ends it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec

from redstick.dispatch.relations import goes_on_as
from redstick.dispatch.rules.assignments import assignment_ended
from redstick.dispatch.rules.needs import settle
from redstick.dispatch.status_table import (
    MEANINGS,
    OF_THE_STEP,
    SECONDARIES,
    WORK,
    Primary,
    Status,
    Surprise,
    expected,
    judged,
    primary_of,
    secondaries_of,
)
from redstick.kernel.values import Command, Decision, Event, Instant, Rejection, command, event

if TYPE_CHECKING:
    from redstick.dispatch.rules.assignments import Assignment
    from redstick.dispatch.state import Dispatch
    from redstick.kernel.domain import Appliers, Deciders

MAX_CLOCK_SKEW_MS = 120_000  # a device's clock may run ahead this far before its word is doubted


class Emergency(msgspec.Struct):
    """A responder in danger: since when, how it is known, where the unit was, and who has heard it by name."""

    at: Instant
    how: str = ""
    mayday: bool = False
    x: int | None = None
    y: int | None = None
    acknowledged_by: str = ""
    acknowledged_at: Instant | None = None


class Unit(msgspec.Struct):
    """One dispatchable unit, as it is now.

    `work` lists the incidents of its open assignments, the primary one first. `x` and `y` are its last reported
    position (1e-7 degrees), `seen_at` when that was true. `added` are secondaries beside those of its status, in the
    order in which they came. `crew` is the crew that it shares with other apparatus, "" for a crew of its own; `shift`
    the shift that it runs on. `quality` is what is known against its positions, "" for nothing.
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
    added: list[str] = msgspec.field(default_factory=list)
    emergency: Emergency | None = None
    crew: str = ""
    shift: str = ""
    quality: str = ""
    signed_off: bool = True  # by the last status that was reported; being sent does not sign a unit on

    @property
    def primary(self) -> Primary:
        """Its one primary status."""
        return primary_of(self.status, self.added)

    @property
    def secondaries(self) -> tuple[str, ...]:
        """Its set of secondaries, those of the status first."""
        return secondaries_of(self.status, self.added)

    @property
    def available(self) -> bool:
        """May be sent without a question: says so, and nothing it was sent to is still open."""
        return self.primary is Primary.AVAILABLE and not self.work

    @property
    def on_duty(self) -> bool:
        """Whether its people are at work, by what was last reported of it: sending a unit is not signing it on."""
        return not self.signed_off


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
    `surprise` says how much the table is surprised, "" for not at all; `skipped` are the stamps of the steps that were
    passed by, which stay empty for that reason. `drops` are added secondaries that end with the step before.
    `expected_s` is the travel time that was expected when the unit was sent.
    """

    unit: str
    status: Status
    incident: str = ""
    unexpected: bool = False
    assignment_left_open: bool = False
    x: int | None = None
    y: int | None = None
    surprise: str = ""
    skipped: list[str] = []
    drops: list[str] = []
    expected_s: int | None = None


@event("dispatch.secondaries_changed", subjects=("unit",))
class SecondariesChanged(Event, frozen=True):
    """Something holds beside a unit's status (Delayed, Unmanned, Training), or holds no more."""

    unit: str
    added: list[str] = []
    removed: list[str] = []


@event("dispatch.emergency_raised", subjects=("unit",))
class EmergencyRaised(Event, frozen=True):
    """A responder is in danger: a button, or a word on the radio.

    `x` and `y` are where the unit was, from the report or from its last known position.
    """

    unit: str
    how: str = ""
    mayday: bool = False
    x: int | None = None
    y: int | None = None


@event("dispatch.emergency_acknowledged", subjects=("unit",))
class EmergencyAcknowledged(Event, frozen=True):
    """A named person has heard it; it stands all the same."""

    unit: str
    by: str


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


@command("dispatch.change_secondaries")
class ChangeSecondaries(Command, frozen=True):
    """Say what holds beside a unit's status, and what holds no more, in codes of the standard."""

    unit: str
    add: list[str] = []
    remove: list[str] = []


@command("dispatch.raise_emergency")
class RaiseEmergency(Command, frozen=True):
    """Say that a responder is in danger: by button, by radio (`mayday`), by a word to anybody (`how`)."""

    unit: str
    how: str = ""
    mayday: bool = False
    x: int | None = None
    y: int | None = None


@command("dispatch.acknowledge_emergency")
class AcknowledgeEmergency(Command, frozen=True):
    """Say by name that it was heard."""

    unit: str
    by: str


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
    status = state.statuses.read(asked.status, unit.kind)
    if status is None:
        return Rejection("status_unknown", {"said": asked.status})
    if asked.happened_at is not None and asked.happened_at > now + MAX_CLOCK_SKEW_MS:
        return Rejection("time_ahead", {"ahead_ms": asked.happened_at - now})
    name = goes_on_as(state.incidents, asked.incident, unit.id) or (unit.work[0] if unit.work else "")
    incident = state.incidents.get(name)
    if name and (incident is None or unit.id not in incident.assignments):
        return Rejection("assignment_unknown", {"unit": unit.id, "incident": name})
    assignment = incident.assignments[unit.id] if incident else None
    reported = _reported(state, unit, status, asked, name, assignment)
    if incident is None or assignment is None or assignment.ended_at is not None or not asked.leaves:
        return [reported]
    return [reported, assignment_ended(incident, unit.id, "cleared")]


def _reported(
    state: Dispatch, unit: Unit, status: Status, asked: ReportStatus, name: str, assignment: Assignment | None
) -> StatusReported:
    is_open = assignment is not None and assignment.ended_at is None
    of_kind = state.statuses.has(unit.kind, status)
    judgement = judged(unit.status, status, assigned=is_open, leaves=asked.leaves, of_kind=of_kind)
    stamped = assignment.stamps if assignment is not None else {}
    return StatusReported(
        unit.id,
        status,
        name,
        unexpected=not expected(unit.status, status) or (status in WORK and not is_open),
        assignment_left_open=is_open and not asked.leaves and MEANINGS[status].primary is Primary.AVAILABLE,
        x=asked.x,
        y=asked.y,
        surprise="" if judgement.surprise is Surprise.NONE else judgement.surprise,
        skipped=[stamp for stamp in judgement.skipped if stamp not in stamped],
        drops=[] if status is unit.status else [code for code in unit.added if code in OF_THE_STEP],
        expected_s=assignment.expected_s if assignment is not None and status is Status.ENR else None,
    )


def apply_status_reported(state: Dispatch, happened: StatusReported, at: Instant) -> None:
    """A report from the past completes the record of its assignment; only the latest one moves the unit."""
    unit = state.units[happened.unit]
    if at >= unit.since:
        unit.signed_off = happened.status is Status.OFF
        unit.status, unit.since = happened.status, at
        unit.added = [code for code in unit.added if code not in happened.drops]
    if happened.x is not None and at >= (unit.seen_at or 0):
        unit.x, unit.y, unit.seen_at = happened.x, happened.y, at
    stamp = MEANINGS[happened.status].stamp
    if happened.incident and stamp:
        incident = state.incidents[happened.incident]
        assignment = incident.assignments[happened.unit]
        assignment.stamps.setdefault(stamp, at)
        assignment.skipped.update(dict.fromkeys(happened.skipped, happened.status))
        if assignment.ended_at is not None:
            settle(incident)  # that it had been there is heard late: what it was sent for waits no more


def decide_change_secondaries(state: Dispatch, asked: ChangeSecondaries, now: Instant) -> Decision:
    """Rejections: `unit_unknown`, `secondary_unknown`. What holds already, and what is not there, changes nothing."""
    del now
    unit = state.units.get(asked.unit)
    if unit is None:
        return Rejection("unit_unknown", {"unit": asked.unit})
    unknown = [code for code in (*asked.add, *asked.remove) if code not in SECONDARIES]
    if unknown:
        return Rejection("secondary_unknown", {"said": unknown})
    added = [code for code in dict.fromkeys(asked.add) if code not in unit.added and code not in asked.remove]
    removed = [code for code in dict.fromkeys(asked.remove) if code in unit.added]
    return [SecondariesChanged(unit.id, added, removed)] if added or removed else []


def apply_secondaries_changed(state: Dispatch, happened: SecondariesChanged, at: Instant) -> None:
    """Beside the status; the status stays what it is."""
    del at
    unit = state.units[happened.unit]
    unit.added = [code for code in unit.added if code not in happened.removed] + happened.added


def decide_raise_emergency(state: Dispatch, asked: RaiseEmergency, now: Instant) -> Decision:
    """A second press that says nothing new, and that nobody has heard yet, changes nothing.

    Rejections: `unit_unknown`.
    """
    del now
    unit = state.units.get(asked.unit)
    if unit is None:
        return Rejection("unit_unknown", {"unit": asked.unit})
    stands = unit.emergency
    if stands is not None and not stands.acknowledged_by and stands.mayday >= asked.mayday:
        return []
    x, y = (unit.x, unit.y) if asked.x is None else (asked.x, asked.y)
    return [EmergencyRaised(unit.id, asked.how, asked.mayday, x, y)]


def apply_emergency_raised(state: Dispatch, happened: EmergencyRaised, at: Instant) -> None:
    """A flag beside the status; no status clears it. Pressed again after it was heard, it waits to be heard again."""
    unit = state.units[happened.unit]
    unit.emergency_at = at if unit.emergency_at is None else unit.emergency_at
    unit.emergency = Emergency(unit.emergency_at, happened.how, happened.mayday, happened.x, happened.y)


def decide_acknowledge_emergency(state: Dispatch, asked: AcknowledgeEmergency, now: Instant) -> Decision:
    """The first to hear it is kept. Rejections: `unit_unknown`, `no_emergency`, `name_needed`."""
    del now
    unit = state.units.get(asked.unit)
    if unit is None:
        return Rejection("unit_unknown", {"unit": asked.unit})
    if unit.emergency is None:
        return Rejection("no_emergency", {"unit": asked.unit})
    if not asked.by.strip():
        return Rejection("name_needed", {"unit": asked.unit})
    return [] if unit.emergency.acknowledged_by else [EmergencyAcknowledged(unit.id, asked.by)]


def apply_emergency_acknowledged(state: Dispatch, happened: EmergencyAcknowledged, at: Instant) -> None:
    """Heard, and not over."""
    emergency = state.units[happened.unit].emergency
    if emergency is not None:
        emergency.acknowledged_by, emergency.acknowledged_at = happened.by, at


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
    unit = state.units[happened.unit]
    unit.emergency_at, unit.emergency = None, None


DECIDERS: Deciders = {
    EnrollUnit: decide_enroll_unit,
    ReportStatus: decide_report_status,
    ChangeSecondaries: decide_change_secondaries,
    RaiseEmergency: decide_raise_emergency,
    AcknowledgeEmergency: decide_acknowledge_emergency,
    ClearEmergency: decide_clear_emergency,
}
APPLIERS: Appliers = {
    UnitEnrolled: apply_unit_enrolled,
    StatusReported: apply_status_reported,
    SecondariesChanged: apply_secondaries_changed,
    EmergencyRaised: apply_emergency_raised,
    EmergencyAcknowledged: apply_emergency_acknowledged,
    EmergencyCleared: apply_emergency_cleared,
}
