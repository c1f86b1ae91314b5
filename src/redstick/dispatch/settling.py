"""What ends by itself: warnings whose cause is gone, stops of units that move on, rounds of what is closed."""

from collections.abc import Iterable

from redstick.dispatch.rules.accountability import (
    AccountabilityEnded,
    EndAccountability,
    RollAnswered,
    StartAccountability,
)
from redstick.dispatch.rules.assignments import AssignmentEnded, TimeCorrected
from redstick.dispatch.rules.calls import CallReceived
from redstick.dispatch.rules.incidents import AlarmRaised, IncidentClosed
from redstick.dispatch.rules.shifts import ShiftEnded
from redstick.dispatch.rules.silence import CheckSource, SourceChecked, SourceUnwatched
from redstick.dispatch.rules.stops import EndStop, StatusConfirmed, StopEnded
from redstick.dispatch.rules.units import EmergencyAcknowledged, EmergencyCleared, StatusReported
from redstick.dispatch.rules.warnings import EndWarning, ended_by_now
from redstick.dispatch.state import Dispatch
from redstick.dispatch.status_table import Status
from redstick.kernel.envelope import Envelope
from redstick.kernel.reactions import Reaction
from redstick.kernel.values import Command, Event

CLOSED = "incident closed"

# Whatever may be what a warning waits for.
HAPPENINGS: tuple[type[Event], ...] = (
    StatusReported,
    AssignmentEnded,
    TimeCorrected,
    EmergencyAcknowledged,
    EmergencyCleared,
    RollAnswered,
    AccountabilityEnded,
    StatusConfirmed,
    StopEnded,
    ShiftEnded,
    SourceChecked,
    SourceUnwatched,
)


def when_it_happened_then_end_warnings(state: Dispatch, happened: Event, envelope: Envelope) -> Iterable[Command]:
    """Those whose cause is gone; most of the time none is open."""
    del happened, envelope
    return [EndWarning(warning) for warning in ended_by_now(state)]


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
        Reaction(
            f"when_{kind.event_kind.partition('.')[2]}_then_end_warnings", kind, when_it_happened_then_end_warnings
        )
        for kind in HAPPENINGS
    ),
    Reaction("when_unit_moves_on_then_end_stop", StatusReported, when_unit_moves_on_then_end_stop),
    Reaction("when_alarm_raised_then_account", AlarmRaised, when_alarm_raised_then_account),
    Reaction("when_incident_closed_then_ask_nobody", IncidentClosed, when_incident_closed_then_ask_nobody),
    Reaction("when_call_received_then_hear", CallReceived, when_call_received_then_hear),
)
