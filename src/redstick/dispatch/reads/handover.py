"""What changed since a position: what the one who is relieved tells the one who takes over.

Pure: the facts behind the position, in order, and the state that they led to.
"""

from collections.abc import Iterable

import msgspec

from redstick.dispatch.queue.ordering import Item, ordered
from redstick.dispatch.rules import assignments, incidents, needs, stacking
from redstick.dispatch.rules.coverage import owners
from redstick.dispatch.rules.needs import pending
from redstick.dispatch.state import Dispatch
from redstick.kernel.fold import Fact


class Handover(msgspec.Struct):
    """What changed behind `since` up to `until`, for some groups: ids in the order of the first change of each.

    `touched` are incidents that were there before and changed. `pending` is what is missing now, `incident/need`, from
    the head of the queue; `held` what waits on purpose; `alarms` the groups that nobody watches.
    """

    since: int
    until: int
    opened: list[str] = []
    touched: list[str] = []
    closed: list[str] = []
    sent: list[tuple[str, str]] = []
    let_go: list[tuple[str, str, str]] = []
    waived: list[tuple[str, str, str]] = []
    pending: list[str] = []
    held: list[str] = []
    alarms: list[str] = []


TELLING = {*incidents.APPLIERS, *needs.APPLIERS, *assignments.APPLIERS, *stacking.APPLIERS}


def changed_since(position: int, facts: Iterable[Fact], state: Dispatch, groups: Iterable[str] = ()) -> Handover:
    """What the seats of `groups` are told, of everything when none is named; facts up to `position` are passed over.

    An incident that is not in the live state any more is told, whatever its groups.
    """
    told, wanted = Handover(position, position), set(groups)
    for fact in facts:
        if fact.envelope.position > position:
            told.until = max(told.until, fact.envelope.position)
            _tell(told, fact, state, wanted)
    told.touched = [name for name in dict.fromkeys(told.touched) if name not in told.opened]
    told.pending = _pending(state, wanted)
    told.held = [name for name, one in state.incidents.items() if one.held and _concerns(state, name, wanted)]
    told.alarms = sorted(name for name, group in state.groups.items() if group.alarm is not None)
    return told


def _tell(told: Handover, fact: Fact, state: Dispatch, wanted: set[str]) -> None:
    event = fact.event
    name = getattr(event, "incident", "")
    if not name or not _concerns(state, name, wanted):
        return
    if isinstance(event, incidents.IncidentOpened):
        told.opened.append(name)
    elif isinstance(event, incidents.IncidentClosed):
        told.closed.append(name)
    elif type(event) in TELLING:
        told.touched.append(name)
    if isinstance(event, assignments.UnitAssigned):
        told.sent.append((name, event.unit))
    if isinstance(event, assignments.AssignmentEnded):
        told.let_go.append((name, event.unit, event.ending))
    if isinstance(event, needs.NeedWaived):
        told.waived.append((name, event.need, event.by))


def _concerns(state: Dispatch, name: str, wanted: set[str]) -> bool:
    incident = state.incidents.get(name)
    if not wanted or incident is None:
        return True
    every = (owner for need in needs.needs_of(incident) for owner in owners(state.groups, incident, need.requirement))
    return not wanted.isdisjoint(every)


def _pending(state: Dispatch, wanted: set[str]) -> list[str]:
    items = [
        Item(f"{incident.id}/{need.requirement.id}", incident.priority, need.since)
        for incident in state.incidents.values()
        for need, _ in pending(incident)
        if not wanted or not wanted.isdisjoint(owners(state.groups, incident, need.requirement))
    ]
    return [item.id for item in ordered(items)]
