"""What seats see of the pending board: one row a need that is missing, and who watches.

The floor sees both; oversight sees them without what was said about why something waits. Crews and the public see
neither. Rows carry what they are sorted by, so that every seat shows the same order.
"""

from collections.abc import Iterable, Mapping
from typing import Any

import msgspec

from redstick.dispatch.queue.ordering import Item, rank
from redstick.dispatch.reads.seats import FLOOR, OVERSIGHT
from redstick.dispatch.reads.views import Row
from redstick.dispatch.rules import coverage, groups, seats
from redstick.dispatch.rules.coverage import owners, seated
from redstick.dispatch.rules.incidents import Incident
from redstick.dispatch.rules.needs import UNNAMED, Need, NeedsSet, fillers, missing, needs_of
from redstick.dispatch.rules.overdue import Overdue
from redstick.dispatch.state import Dispatch
from redstick.kernel.fold import Fact

HIDDEN_OF_NEED: dict[str, tuple[str, ...]] = {FLOOR: (), OVERSIGHT: ("held", "waived")}
WATCH_CHANGES = (*groups.APPLIERS, *seats.APPLIERS, *coverage.APPLIERS)


class PendingView:
    """One row a need of an open incident that is neither filled nor waived: `pending/incident/need`."""

    name = "dispatch.view.pending"

    def touched(self, states: Mapping[str, Any], fact: Fact) -> Iterable[str]:
        """The needs of the incidents that a fact names, those that it dropped; all, when it changes who watches."""
        state: Dispatch = states["dispatch"]
        if isinstance(fact.event, WATCH_CHANGES):
            yield from self.keys(states)
            return
        for subject in fact.envelope.subjects:
            incident = state.incidents.get(subject)
            if incident is not None:
                yield from _keys(incident)
                yield _key(subject, UNNAMED)  # it goes with the first need that has a name
        if isinstance(fact.event, NeedsSet):
            yield from (_key(fact.event.incident, need) for need in fact.event.dropped)

    def row(self, states: Mapping[str, Any], key: str, audience: str) -> Row | None:
        """A need as an audience may see it; None once it is filled, waived, or its incident is closed."""
        state: Dispatch = states["dispatch"]
        _, _, rest = key.partition("/")
        name, _, wanted = rest.rpartition("/")
        incident = state.incidents.get(name)
        if incident is None or incident.closed_at is not None or audience not in HIDDEN_OF_NEED:
            return None
        need = next((one for one in needs_of(incident) if one.requirement.id == wanted), None)
        if need is None or not missing(incident, need):
            return None
        hidden = HIDDEN_OF_NEED[audience]
        return {name: value for name, value in _row(state, incident, need).items() if name not in hidden}

    def keys(self, states: Mapping[str, Any]) -> Iterable[str]:
        """Every need of every open incident."""
        for incident in states["dispatch"].incidents.values():
            if incident.closed_at is None:
                yield from _keys(incident)


class SeatsView:
    """One row a seat, `seat/…`, and one a dispatch group, `group/…`, with its alarm."""

    name = "dispatch.view.seats"

    def touched(self, states: Mapping[str, Any], fact: Fact) -> Iterable[str]:
        """The seats that a fact names, and every group when it changes who watches."""
        if not isinstance(fact.event, WATCH_CHANGES):
            return
        state: Dispatch = states["dispatch"]
        yield from (f"group/{name}" for name in state.groups)
        if type(fact.event) in seats.APPLIERS:
            yield from (f"seat/{name}" for name in fact.envelope.subjects if name not in state.groups)
            yield from (f"seat/{name}" for name in state.seats)

    def row(self, states: Mapping[str, Any], key: str, audience: str) -> Row | None:
        """A seat or a group; None once it is signed off."""
        if audience not in HIDDEN_OF_NEED:
            return None
        state: Dispatch = states["dispatch"]
        kind, _, name = key.partition("/")
        if kind == "seat":
            seat = state.seats.get(name)
            return None if seat is None else msgspec.to_builtins(seat)
        group = state.groups.get(name)
        if group is None:
            return None
        watching = sorted(seat.id for seat in state.seats.values() if {name, group.combined_into} & {*seat.groups})
        return {**msgspec.to_builtins(group), "seats": watching}

    def keys(self, states: Mapping[str, Any]) -> Iterable[str]:
        """Every seat and every group."""
        state: Dispatch = states["dispatch"]
        return [*(f"seat/{name}" for name in state.seats), *(f"group/{name}" for name in state.groups)]


WATCH_VIEWS = (PendingView(), SeatsView())


def _key(incident: str, need: str) -> str:
    return f"pending/{incident}/{need}"


def _keys(incident: Incident) -> Iterable[str]:
    return [_key(incident.id, need.requirement.id) for need in needs_of(incident)]


def _row(state: Dispatch, incident: Incident, need: Need) -> Row:
    asked = need.requirement
    owning = owners(state.groups, incident, asked)
    watched = not state.groups or bool(seated(state.groups, state.seats.values()).intersection(owning))
    queued = [one for one in incident.stacked if one.need in ("", asked.id)]
    reserved = [name for name, one in state.reservations.items() if one.incident == incident.id]
    return {
        "incident": incident.id,
        "number": incident.number,
        "kind": incident.kind,
        "priority": incident.priority,
        "need": asked.id,
        "agency": asked.agency or incident.group,
        "role": asked.role,
        "kinds": list(asked.kinds),
        "capabilities": list(asked.capabilities),
        "count": asked.count,
        "missing": missing(incident, need),
        "units": [part.unit for part in fillers(incident, need)],
        "waived": [msgspec.to_builtins(waiver) for waiver in need.waivers],
        "plan": need.plan,
        "rule": need.rule,
        "since": need.since,
        "rank": list(rank(Item(f"{incident.id}/{asked.id}", incident.priority, need.since))),
        "groups": owning,
        "watched": watched,
        "stacked": [msgspec.to_builtins(one) for one in queued],
        "reserved": sorted(reserved),
        "held": None if incident.held is None else msgspec.to_builtins(incident.held),
        "overdue": {about: _told(one) for about, one in sorted(incident.overdue.items())},
    }


def _told(overdue: Overdue) -> Row:
    row: Row = msgspec.to_builtins(overdue)
    return row
