"""Live rows for seats: one row a unit and one an incident, rendered from committed state.

`touched` names the incidents that a fact changes; a seat is sent only those. Rows hold plain values ready for JSON:
times in milliseconds since the epoch, positions in 1e-7 degrees.
"""

from collections.abc import Iterator
from typing import Any

from redstick.dispatch.rules.assignments import Assignment
from redstick.dispatch.rules.calls import CallAttached
from redstick.dispatch.rules.incidents import status_of
from redstick.dispatch.state import Dispatch
from redstick.kernel.fold import Fact

Row = dict[str, Any]


def touched(state: Dispatch, fact: Fact) -> Iterator[str]:
    """Incidents that a fact names, that a named call speaks of or spoke of until now, and those of a named unit.

    `state` is the one behind the fact; of what it does not know, as of a retired incident, the name is given all the
    same.
    """
    if isinstance(fact.event, CallAttached) and fact.event.before:
        yield fact.event.before
    for subject in fact.envelope.subjects:
        call, unit = state.calls.get(subject), state.units.get(subject)
        if unit is not None:
            yield from unit.work
        elif call is None:
            yield subject
        elif call.incident:
            yield call.incident


def row(state: Dispatch, key: str) -> Row | None:
    """The row of a key; None when it is no longer shown (a closed incident leaves the live board)."""
    kind, _, name = key.partition("/")
    if kind == "unit":
        return unit_row(state, name) if name in state.units else None
    incident = state.incidents.get(name)
    return incident_row(state, name) if incident is not None and incident.closed_at is None else None


def rows(state: Dispatch) -> dict[str, Row]:
    """Every live row by its key: what a seat starts from."""
    live = [f"unit/{name}" for name in state.units]
    live += [f"incident/{name}" for name, incident in state.incidents.items() if incident.closed_at is None]
    return {key: found for key in live if (found := row(state, key)) is not None}


def unit_row(state: Dispatch, name: str) -> Row:
    """One line of the unit board."""
    unit = state.units[name]
    return {
        "unit": unit.id,
        "kind": unit.kind,
        "agency": unit.agency,
        "station": unit.station,
        "capabilities": list(unit.capabilities),
        "status": unit.status,
        "primary": unit.primary,
        "secondaries": list(unit.secondaries),
        "since": unit.since,
        "incident": unit.work[0] if unit.work else None,
        "emergency_at": unit.emergency_at,
        "mayday": unit.emergency is not None and unit.emergency.mayday,
        "heard_by": unit.emergency.acknowledged_by if unit.emergency is not None else "",
        "x": unit.x,
        "y": unit.y,
        "seen_at": unit.seen_at,
        "quality": unit.quality,
    }


def incident_row(state: Dispatch, name: str) -> Row:
    """One line of the incident list, with who was sent."""
    incident = state.incidents[name]
    received = [state.calls[call].received_at for call in incident.calls]
    return {
        "incident": incident.id,
        "number": incident.number,
        "kind": incident.kind,
        "priority": incident.priority,
        "status": status_of(incident),
        "text": incident.place.text,
        "x": incident.place.x,
        "y": incident.place.y,
        "quality": incident.place.quality,
        "municipality": incident.place.municipality,
        "source": incident.place.source,
        "uncertainty_m": incident.place.reach_m,
        "placed_at": incident.moved_at[-1] if incident.moved_at else incident.opened_at,
        "verified": incident.place.in_geofile or incident.place.caller_confirmed,
        "in_geofile": incident.place.in_geofile,
        "caller_confirmed": incident.place.caller_confirmed,
        "flags": list(incident.flags),
        "received_at": min(received, default=incident.opened_at),
        "opened_at": incident.opened_at,
        "alarm_level": incident.alarm_level,
        "calls": len(incident.calls),
        "spoken_of_by": list(incident.calls),
        "links": {other: str(relation) for other, relation in incident.links.items()},
        "units": [assignment_row(assignment) for assignment in incident.assignments.values()],
        "notes": [{"at": note.at, "text": note.text} for note in incident.notes],
    }


def assignment_row(assignment: Assignment) -> Row:
    """A unit's part in an incident: its times so far."""
    return {
        "unit": assignment.unit,
        "sequence": assignment.sequence,
        "stamps": dict(assignment.stamps),
        "ended_at": assignment.ended_at,
    }
