"""What ends by itself: warnings whose cause is gone, stops of units that move on, rounds of what is closed."""

from collections.abc import Callable, Iterable
from typing import Any

from redstick.dispatch.rules.accountability import (
    AccountabilityEnded,
    EndAccountability,
    RollAnswered,
    StartAccountability,
)
from redstick.dispatch.rules.assignments import AssignmentEnded, TimeCorrected
from redstick.dispatch.rules.calls import CallReceived
from redstick.dispatch.rules.incidents import AlarmRaised, IncidentClosed
from redstick.dispatch.rules.links import AssignmentMoved
from redstick.dispatch.rules.shifts import ShiftEnded
from redstick.dispatch.rules.silence import CheckSource, SourceChecked, SourceUnwatched
from redstick.dispatch.rules.stops import EndStop, StatusConfirmed, StopEnded
from redstick.dispatch.rules.units import EmergencyAcknowledged, EmergencyCleared, StatusReported
from redstick.dispatch.rules.warnings import OF_A_PART, EndWarning, What, ended_by_now, ended_of
from redstick.dispatch.state import Dispatch
from redstick.dispatch.status_table import Status
from redstick.kernel.envelope import Envelope
from redstick.kernel.reactions import Reaction
from redstick.kernel.values import Command, Event

CLOSED = "incident closed"


def when_part_went_on_then_end_warnings(
    state: Dispatch, happened: StatusReported | AssignmentEnded | TimeCorrected, envelope: Envelope
) -> Iterable[Command]:
    """Those of that unit at that incident; each status asks this, however many warnings are open."""
    del envelope
    return _end(ended_of(state, OF_A_PART, happened.unit, happened.incident))


def when_part_moved_then_end_warnings(
    state: Dispatch, happened: AssignmentMoved, envelope: Envelope
) -> Iterable[Command]:
    """Nothing is awaited where the unit was."""
    del envelope
    return _end(ended_of(state, OF_A_PART, happened.unit, happened.before))


def when_emergency_heard_then_end_warnings(
    state: Dispatch, happened: EmergencyAcknowledged | EmergencyCleared, envelope: Envelope
) -> Iterable[Command]:
    """Somebody has it."""
    del envelope
    return _end(ended_of(state, [What.EMERGENCY], happened.unit))


def when_unit_answered_then_end_warnings(
    state: Dispatch, happened: StatusConfirmed | StopEnded, envelope: Envelope
) -> Iterable[Command]:
    """It is well, or its stop is over."""
    del envelope
    return _end(ended_of(state, [What.STATUS_CHECK], happened.unit))


def when_roll_changed_then_end_warnings(
    state: Dispatch, happened: RollAnswered | AccountabilityEnded, envelope: Envelope
) -> Iterable[Command]:
    """Of whoever was missing and is not; the roll no longer says who that was, and this is rare: all are looked at."""
    del happened, envelope
    return _end(ended_by_now(state))


def when_shift_ended_then_end_warnings(state: Dispatch, happened: ShiftEnded, envelope: Envelope) -> Iterable[Command]:
    """They are at home."""
    del envelope
    return _end(ended_of(state, [What.SHIFT], happened.unit, about=happened.shift))


def when_source_looked_at_then_end_warnings(
    state: Dispatch, happened: SourceChecked | SourceUnwatched, envelope: Envelope
) -> Iterable[Command]:
    """It is heard, or may be quiet."""
    del envelope
    return _end(ended_of(state, [What.SILENCE], about=happened.source))


def _end(warnings: Iterable[str]) -> list[Command]:
    return [EndWarning(warning) for warning in warnings]


# Whatever may be what a warning waits for.
HAPPENINGS: dict[type[Event], Callable[[Dispatch, Any, Envelope], Iterable[Command]]] = {
    StatusReported: when_part_went_on_then_end_warnings,
    AssignmentEnded: when_part_went_on_then_end_warnings,
    TimeCorrected: when_part_went_on_then_end_warnings,
    AssignmentMoved: when_part_moved_then_end_warnings,
    EmergencyAcknowledged: when_emergency_heard_then_end_warnings,
    EmergencyCleared: when_emergency_heard_then_end_warnings,
    RollAnswered: when_roll_changed_then_end_warnings,
    AccountabilityEnded: when_roll_changed_then_end_warnings,
    StatusConfirmed: when_unit_answered_then_end_warnings,
    StopEnded: when_unit_answered_then_end_warnings,
    ShiftEnded: when_shift_ended_then_end_warnings,
    SourceChecked: when_source_looked_at_then_end_warnings,
    SourceUnwatched: when_source_looked_at_then_end_warnings,
}


def when_unit_moves_on_then_end_stop(
    state: Dispatch, happened: StatusReported, envelope: Envelope
) -> Iterable[Command]:
    """It says that it does something else. Only the latest report counts."""
    del envelope
    moved_on = happened.unit in state.stops and state.units[happened.unit].status is not Status.SELF
    return [EndStop(happened.unit, f"status {happened.status}")] if moved_on else []


def when_alarm_raised_then_account(state: Dispatch, happened: AlarmRaised, envelope: Envelope) -> Iterable[Command]:
    """A second alarm is a fireground on which people can be lost."""
    del envelope
    return [] if happened.incident in state.rolls else [StartAccountability(happened.incident)]


def when_incident_closed_then_ask_nobody(
    state: Dispatch, happened: IncidentClosed, envelope: Envelope
) -> Iterable[Command]:
    """Unless somebody is still missing, which is refused and stands."""
    del envelope
    return [EndAccountability(happened.incident, CLOSED)] if happened.incident in state.rolls else []


def when_call_received_then_hear(state: Dispatch, happened: CallReceived, envelope: Envelope) -> Iterable[Command]:
    """A source that was quiet is heard again."""
    del envelope
    source = state.sources.get(happened.source)
    return [CheckSource(happened.source)] if source is not None and source.quiet_since is not None else []


REACTIONS = (
    *(
        Reaction(f"when_{kind.event_kind.partition('.')[2]}_then_end_warnings", kind, ask)
        for kind, ask in HAPPENINGS.items()
    ),
    Reaction("when_unit_moves_on_then_end_stop", StatusReported, when_unit_moves_on_then_end_stop),
    Reaction("when_alarm_raised_then_account", AlarmRaised, when_alarm_raised_then_account),
    Reaction("when_incident_closed_then_ask_nobody", IncidentClosed, when_incident_closed_then_ask_nobody),
    Reaction("when_call_received_then_hear", CallReceived, when_call_received_then_hear),
)
