"""When something new becomes known of an incident, then whoever was told to come is told that too, and chased for it.

A unit that was not told to come yet learns it with its dispatch. A unit that has arrived is told as well: a wrong
address is seldom found out by standing at it.
"""

from collections.abc import Iterable

from redstick.dispatch.alerting.chase import Purpose
from redstick.dispatch.alerting.reacting import knows
from redstick.dispatch.place import Place
from redstick.dispatch.rules.alerts import RaiseAlerts
from redstick.dispatch.rules.assignments import open_assignments
from redstick.dispatch.rules.calls import CallAttached
from redstick.dispatch.rules.incidents import Incident, IncidentMoved, IncidentRetyped
from redstick.dispatch.rules.links import AssignmentMoved
from redstick.dispatch.state import Dispatch
from redstick.kernel.envelope import Envelope
from redstick.kernel.reactions import Reaction
from redstick.kernel.values import Command


def when_incident_moved_then_tell(state: Dispatch, event: IncidentMoved, envelope: Envelope) -> Iterable[Command]:
    """Another address or another point; that the same one was verified is no news to a crew."""
    incident = state.incidents[event.incident]
    if _where(incident.former_places[-1]) == _where(event.place):
        return []
    return _tell(state, incident, "ADDRESS", envelope)


def when_incident_retyped_then_tell(state: Dispatch, event: IncidentRetyped, envelope: Envelope) -> Iterable[Command]:
    """They may need to come otherwise than they would have."""
    return _tell(state, state.incidents[event.incident], f"TYPE, was {event.was or 'unknown'}", envelope)


def when_call_attached_then_tell(state: Dispatch, event: CallAttached, envelope: Envelope) -> Iterable[Command]:
    """Another caller who says another place."""
    incident, call = state.incidents[event.incident], state.calls.get(event.call)
    said = "" if call is None else call.place.text
    if not said.strip() or said == incident.place.text:
        return []
    return _tell(state, incident, f"CALLER AT {said}", envelope)


def when_assignment_moved_then_tell(state: Dispatch, event: AssignmentMoved, envelope: Envelope) -> Iterable[Command]:
    """Whoever drives already is not dispatched anew; that they drive elsewhere now they must know."""
    incident, before = state.incidents[event.incident], state.incidents.get(event.before)
    part = incident.assignments.get(event.unit)
    if before is None or part is None or not knows(part) or _where(before.place) == _where(incident.place):
        return []
    return _tell(state, incident, "ADDRESS", envelope, event.unit)


def _where(place: Place) -> tuple[str, str, int | None, int | None]:
    return place.text, place.municipality, place.x, place.y


def _tell(
    state: Dispatch, incident: Incident, news: str, envelope: Envelope, unit: str | None = None
) -> Iterable[Command]:
    if not state.recipients or incident.paper is not None:
        return []
    return [
        RaiseAlerts(incident.id, part.unit, Purpose.FACTS, part.sequence, str(envelope.position), news)
        for part in open_assignments(incident)
        if "dispatched" in part.stamps and unit in {None, part.unit}
    ]


REACTIONS = (
    Reaction("when_incident_moved_then_tell", IncidentMoved, when_incident_moved_then_tell),
    Reaction("when_incident_retyped_then_tell", IncidentRetyped, when_incident_retyped_then_tell),
    Reaction("when_call_attached_then_tell", CallAttached, when_call_attached_then_tell),
    Reaction("when_assignment_moved_then_tell", AssignmentMoved, when_assignment_moved_then_tell),
)
