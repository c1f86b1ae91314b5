"""What seats see of dispatch, drawn once for each audience: units, open incidents, live calls.

The floor sees everything it works with; crews see no caller; oversight and the public see no exact place, and the
public nothing that was said. What an audience may not see is not in its rows at all.
"""

from collections.abc import Iterable, Mapping
from typing import Any

import msgspec

from redstick.dispatch.duplicates.nearby import may_concern, of_call
from redstick.dispatch.place import Located
from redstick.dispatch.reads.views import Row, incident_row, touched, unit_row
from redstick.dispatch.rules.calls import SPOKEN, Call, CallAttached, CallDetached, CallState
from redstick.dispatch.rules.extents import place_flags
from redstick.dispatch.rules.incidents import IncidentClosed, IncidentMoved, IncidentOpened, IncidentReopened
from redstick.dispatch.rules.links import IncidentReplaced, IncidentSplit
from redstick.dispatch.state import Dispatch
from redstick.kernel.fold import Fact

FLOOR, FIELD, OVERSIGHT, PUBLIC = "floor", "field", "oversight", "public"

_PLACE = (
    "text", "x", "y", "quality", "municipality", "source", "uncertainty_m", "placed_at", "verified", "in_geofile",
    "caller_confirmed", "flags",
)  # fmt: skip
HIDDEN_OF_INCIDENT: dict[str, tuple[str, ...]] = {
    FLOOR: (),
    FIELD: ("calls", "spoken_of_by"),
    OVERSIGHT: (*_PLACE, "notes", "spoken_of_by"),
    PUBLIC: (*_PLACE, "notes", "calls", "spoken_of_by", "links", "units", "number"),
}
HIDDEN_OF_UNIT: dict[str, tuple[str, ...]] = {FLOOR: (), FIELD: (), OVERSIGHT: ("x", "y", "seen_at")}
HIDDEN_OF_CALL: dict[str, tuple[str, ...]] = {
    FLOOR: (),
    OVERSIGHT: (
        "callback", "text", "x", "y", "quality", "uncertainty_m", "located_by", "beside", "flags", "similar",
    ),
}  # fmt: skip
SIMILAR = 3  # so many incidents are suggested for a call, the likeliest first
MAKES_SIMILAR = (  # what changes whether an incident is suggested for a call
    IncidentOpened, IncidentMoved, IncidentClosed, IncidentReopened, IncidentReplaced, IncidentSplit, CallAttached,
    CallDetached,
)  # fmt: skip
LIVE_CALLS = (CallState.PRESENTED, *SPOKEN, CallState.CALLBACK_REACHED)


class UnitsView:
    """One row a unit."""

    name = "dispatch.view.units"

    def touched(self, states: Mapping[str, Any], fact: Fact) -> Iterable[str]:
        """The units that a fact names, and those on an incident that it names."""
        state: Dispatch = states["dispatch"]
        for subject in fact.envelope.subjects:
            if subject in state.units:
                yield f"unit/{subject}"

    def row(self, states: Mapping[str, Any], key: str, audience: str) -> Row | None:
        """A unit as an audience may see it."""
        name = key.partition("/")[2]
        if audience not in HIDDEN_OF_UNIT or name not in states["dispatch"].units:
            return None
        return _without(unit_row(states["dispatch"], name), HIDDEN_OF_UNIT[audience])

    def keys(self, states: Mapping[str, Any]) -> Iterable[str]:
        """Every unit."""
        return [f"unit/{name}" for name in states["dispatch"].units]


class IncidentsView:
    """One row an open incident; a closed one leaves the board."""

    name = "dispatch.view.incidents"

    def touched(self, states: Mapping[str, Any], fact: Fact) -> Iterable[str]:
        """The incidents that a fact names, those that a named call speaks of or spoke of, those of a named unit."""
        return [f"incident/{name}" for name in touched(states["dispatch"], fact)]

    def row(self, states: Mapping[str, Any], key: str, audience: str) -> Row | None:
        """An incident as an audience may see it; zones stand in for the place where that is hidden."""
        state: Dispatch = states["dispatch"]
        incident = state.incidents.get(key.partition("/")[2])
        if incident is None or incident.closed_at is not None or audience not in HIDDEN_OF_INCIDENT:
            return None
        row = {**incident_row(state, incident.id), "zones": dict(incident.zones)}
        return _without(row, HIDDEN_OF_INCIDENT[audience])

    def keys(self, states: Mapping[str, Any]) -> Iterable[str]:
        """Every open incident."""
        return [f"incident/{name}" for name, one in states["dispatch"].incidents.items() if one.closed_at is None]


class CallsView:
    """One row a call that rings or is spoken."""

    name = "dispatch.view.calls"

    def touched(self, states: Mapping[str, Any], fact: Fact) -> Iterable[str]:
        """The calls that a fact names, a retired one only by its subject, and those that may be about its incidents.

        So what a call may be about is never older than the latest news of any incident; few calls ring or are spoken.
        """
        state: Dispatch = states["dispatch"]
        known = (state.units, state.incidents)
        for subject in fact.envelope.subjects:
            if not any(subject in one for one in known):
                yield f"call/{subject}"
        if isinstance(fact.event, MAKES_SIMILAR):
            incidents = [state.incidents[name] for name in touched(state, fact) if name in state.incidents]
            for call in state.calls.values():
                if call.state in LIVE_CALLS and any(may_concern(state, call, one) for one in incidents):
                    yield f"call/{call.id}"

    def row(self, states: Mapping[str, Any], key: str, audience: str) -> Row | None:
        """A call as an audience may see it."""
        call: Call | None = states["dispatch"].calls.get(key.partition("/")[2])
        if call is None or call.state not in LIVE_CALLS or audience not in HIDDEN_OF_CALL:
            return None
        return _without(_call_row(states["dispatch"], call), HIDDEN_OF_CALL[audience])

    def keys(self, states: Mapping[str, Any]) -> Iterable[str]:
        """Every call that rings or is spoken."""
        return [f"call/{name}" for name, call in states["dispatch"].calls.items() if call.state in LIVE_CALLS]


VIEWS = (UnitsView(), IncidentsView(), CallsView())


def _call_row(state: Dispatch, call: Call) -> Row:
    """With what it may be about, as of when it came in: it only suggests, a person attaches."""
    return {
        "call": call.id,
        "state": call.state,
        "source": call.source,
        "callback": call.callback,
        "text": call.place.text,
        "x": call.place.x,
        "y": call.place.y,
        "quality": call.place.quality,
        "uncertainty_m": call.place.reach_m,
        "located_by": call.place.source,
        "beside": [_beside(one) for one in call.supplemental],
        "received_at": call.received_at,
        "answered_at": call.answered_at,
        "held_at": call.held_at,
        "left": call.left,
        "seat": call.seat,
        "incident": call.incident or None,
        "flags": place_flags(state, call.place),
        "similar": [msgspec.to_builtins(one) for one in of_call(state, call.id)[:SIMILAR]],
    }


def _beside(one: Located) -> Row:
    """A location that came beside the call's own: it stands there until a person promotes it."""
    place = one.place
    return {
        "text": place.text,
        "x": place.x,
        "y": place.y,
        "quality": place.quality,
        "uncertainty_m": place.reach_m,
        "located_by": place.source,
        "at": one.at,
    }


def _without(row: Row, hidden: Iterable[str]) -> Row:
    return {name: value for name, value in row.items() if name not in hidden}
