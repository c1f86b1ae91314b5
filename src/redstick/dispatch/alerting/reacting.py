"""When a unit is sent, called back, or shows that it knows: what is then to be told, or is told enough.

A city that has enrolled no recipient works by radio alone: dispatchers voice everything, and no alert is raised. From
the first recipient on, a unit of which nothing is known is given to a person to voice.
"""

from collections.abc import Iterable

from redstick.dispatch.alerting.chase import Purpose, Standing
from redstick.dispatch.rules.alerts import AlertSettled, EndAlerts, RaiseAlerts
from redstick.dispatch.rules.assignments import Assignment, AssignmentEnded, UnitAssigned
from redstick.dispatch.rules.bolos import SendLiveBolos, unsent
from redstick.dispatch.rules.links import AssignmentMoved
from redstick.dispatch.rules.retirement import RETIRE_AFTER_MS, RetireIncident
from redstick.dispatch.rules.seats import SeatSignedOn
from redstick.dispatch.rules.units import StatusReported
from redstick.dispatch.state import Dispatch
from redstick.dispatch.status_table import Status
from redstick.kernel.envelope import Envelope
from redstick.kernel.reactions import Reaction
from redstick.kernel.values import Command

S = Status
KNOWS = frozenset({S.ACK, S.ENR, S.STG, S.ONS, S.PTC, S.TRN, S.HSP})  # nobody drives to what they were not told of


def when_unit_assigned_then_alert(state: Dispatch, event: UnitAssigned, envelope: Envelope) -> Iterable[Command]:
    """Assigned and alerted in one act."""
    del envelope
    return _alert(state, event.incident, event.unit) if event.alerted else []


def when_assignment_moved_then_alert(state: Dispatch, event: AssignmentMoved, envelope: Envelope) -> Iterable[Command]:
    """Whoever has not shown that they know is told where they are going now."""
    del envelope
    part = state.incidents[event.incident].assignments.get(event.unit)
    return [] if part is None or knows(part) else _alert(state, event.incident, event.unit)


def knows(part: Assignment) -> bool:
    """The unit has shown that it was told to come."""
    return any(stamp in part.stamps for stamp in ("acknowledged", "en_route", "on_scene"))


def when_status_reported_then_alert_or_prove(
    state: Dispatch, event: StatusReported, envelope: Envelope
) -> Iterable[Command]:
    """A unit that was only assigned is alerted now; one that drives knows; one that signs on learns what waits."""
    del envelope
    if event.status is Status.CAN:
        return _cancels_known(state, event)
    if event.status is Status.OFF or not event.incident:
        return []
    alerts = state.incidents[event.incident].alerts.values()
    ours = [alert for alert in alerts if alert.unit == event.unit and alert.purpose is Purpose.DISPATCH]
    if event.status in KNOWS:
        return [_known(event, event.incident, Purpose.DISPATCH)] if any(alert.chased for alert in ours) else []
    waiting = event.status is Status.DSP or any(alert.standing is Standing.WITHHELD for alert in ours)
    return _alert(state, event.incident, event.unit) if waiting else []


def when_assignment_ended_then_call_back(
    state: Dispatch, event: AssignmentEnded, envelope: Envelope
) -> Iterable[Command]:
    """Whoever was told to come is told that they need not; whoever is done is chased no more."""
    del envelope
    incident = state.incidents[event.incident]
    if event.ending == "cancelled" and "dispatched" in incident.assignments[event.unit].stamps:
        return _raise(state, event.incident, event.unit, Purpose.CANCEL)
    chased = {alert.purpose for alert in incident.alerts.values() if alert.chased and alert.unit == event.unit}
    coming = [purpose for purpose in (Purpose.DISPATCH, Purpose.FACTS) if purpose in chased]
    return [EndAlerts(event.incident, event.unit, purpose, event.ending) for purpose in coming]


def when_alert_settled_then_retire(state: Dispatch, event: AlertSettled, envelope: Envelope) -> Iterable[Command]:
    """An incident whose time to leave came while a cancel was still chased leaves now."""
    incident = state.incidents[event.incident]
    overdue = incident.closed_at is not None and incident.closed_at + RETIRE_AFTER_MS <= envelope.recorded_at
    chased = any(alert.chased for alert in incident.alerts.values())
    return [RetireIncident(incident.id)] if overdue and not chased else []


def when_unit_signs_on_then_send_bolos(state: Dispatch, event: StatusReported, envelope: Envelope) -> Iterable[Command]:
    """Whoever comes on duty learns what is sought."""
    missing = event.status is not Status.OFF and unsent(state, event.unit, envelope.recorded_at)
    return [SendLiveBolos(event.unit)] if missing else []


def when_seat_signs_on_then_send_bolos(state: Dispatch, event: SeatSignedOn, envelope: Envelope) -> Iterable[Command]:
    """Seats too."""
    return [SendLiveBolos(event.seat)] if unsent(state, event.seat, envelope.recorded_at) else []


def _alert(state: Dispatch, incident: str, unit: str) -> list[Command]:
    assignment = state.incidents[incident].assignments.get(unit)
    alerted = assignment is not None and assignment.ended_at is None and "dispatched" in assignment.stamps
    return _raise(state, incident, unit, Purpose.DISPATCH) if alerted else []


def _raise(state: Dispatch, incident: str, unit: str, purpose: Purpose) -> list[Command]:
    if not state.recipients or state.incidents[incident].paper is not None:  # what a card says is over: nobody is woken
        return []
    return [RaiseAlerts(incident, unit, purpose, state.incidents[incident].assignments[unit].sequence)]


def _cancels_known(state: Dispatch, event: StatusReported) -> list[Command]:
    return [
        _known(event, incident.id, Purpose.CANCEL)
        for incident in state.incidents.values()
        if any(a.chased and a.unit == event.unit and a.purpose is Purpose.CANCEL for a in incident.alerts.values())
    ]


def _known(event: StatusReported, incident: str, purpose: Purpose) -> EndAlerts:
    return EndAlerts(incident, event.unit, purpose, f"status {event.status}", proven=True)


REACTIONS = (
    Reaction("when_unit_assigned_then_alert", UnitAssigned, when_unit_assigned_then_alert),
    Reaction("when_assignment_moved_then_alert", AssignmentMoved, when_assignment_moved_then_alert),
    Reaction("when_status_reported_then_alert_or_prove", StatusReported, when_status_reported_then_alert_or_prove),
    Reaction("when_assignment_ended_then_call_back", AssignmentEnded, when_assignment_ended_then_call_back),
    Reaction("when_unit_signs_on_then_send_bolos", StatusReported, when_unit_signs_on_then_send_bolos),
    Reaction("when_seat_signs_on_then_send_bolos", SeatSignedOn, when_seat_signs_on_then_send_bolos),
    Reaction("when_alert_settled_then_retire", AlertSettled, when_alert_settled_then_retire),
)
