"""Merging, splitting and linking incidents: nothing is lost by any of them, and each can be taken back.

A merge moves the calls and the open assignments, each with its timeline, to the incident that goes on, and what the
replaced one needs and it lacks; the replaced one is closed, stays findable and says where it went. Assignments that had
ended stay with the incident they were part of.
A split gives back exactly what the merge took over and is still there; merge then split is the identity, but for what
any closing lets go for others to use (reserved units and talkgroups of the replaced incident), for promises that the
merge has kept (a unit that was reserved for the one that goes on, and comes to it), and for what was told: of a wait,
and by alerts that nobody had proven yet, which are raised anew. Alarm levels and narratives stay where they
are.
(EIDO merge REPLACING, REPLACED, SPLIT; i3 LogEvents IncidentMerge, UnMerge, Link, UnLink.)
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from redstick.dispatch.alerting.chase import Purpose, Standing
from redstick.dispatch.relations import INVERSE, Part, Relation, Stand, TakenOver
from redstick.dispatch.rules.alerts import alerts_ended
from redstick.dispatch.rules.assignments import next_sequence, open_assignments
from redstick.dispatch.rules.calls import CallAttached
from redstick.dispatch.rules.carrying import carried, needs_carried, take_back
from redstick.dispatch.rules.filling import Filling, aid_of, matched
from redstick.dispatch.rules.incidents import IncidentClosed, IncidentReopened, PriorityChanged
from redstick.dispatch.rules.needs import Need, open_slots, settle
from redstick.dispatch.rules.stacking import met_promises, void_promises
from redstick.dispatch.rules.talkgroups import released_talkgroups
from redstick.kernel.values import Command, Decision, Event, Instant, Rejection, command, event

if TYPE_CHECKING:
    from redstick.dispatch.rules.assignments import Assignment
    from redstick.dispatch.rules.incidents import Incident
    from redstick.dispatch.state import Dispatch
    from redstick.kernel.domain import Appliers, Deciders

REPLACED = "replaced"  # how a replaced incident ended; which one replaced it is said beside


@event("dispatch.incident_replaced", subjects=("incident", "replaced"))
class IncidentReplaced(Event, frozen=True):
    """`replaced` is the same as `incident`, which goes on for both with what it takes over."""

    incident: str
    replaced: str
    taken: TakenOver
    reason: str = ""


@event("dispatch.incident_split", subjects=("incident", "replaced"))
class IncidentSplit(Event, frozen=True):
    """`replaced` was something else after all, and stands by itself again."""

    incident: str
    replaced: str
    reason: str


@event("dispatch.assignment_moved", subjects=("incident", "before", "unit"))
class AssignmentMoved(Event, frozen=True):
    """A unit works for `incident` instead of `before`, with the times it has; `returned` when a split gives it back."""

    incident: str
    before: str
    unit: str
    sequence: int
    was: int
    stand: Stand = Stand()
    returned: bool = False


@event("dispatch.incidents_linked", subjects=("incident", "other"))
class IncidentsLinked(Event, frozen=True):
    """`other` is the `relation` of `incident`; `was` is what it was until now, "" for nothing."""

    incident: str
    other: str
    relation: Relation
    was: str = ""


@event("dispatch.incidents_unlinked", subjects=("incident", "other"))
class IncidentsUnlinked(Event, frozen=True):
    """They have nothing to do with each other after all."""

    incident: str
    other: str
    was: Relation


@command("dispatch.merge_incidents")
class MergeIncidents(Command, frozen=True):
    """Say that `replaced` is the same incident as `incident`, which goes on."""

    incident: str
    replaced: str
    reason: str = ""


@command("dispatch.split_incident")
class SplitIncident(Command, frozen=True):
    """Take a merge back: `replaced` stands by itself again."""

    incident: str
    replaced: str
    reason: str


@command("dispatch.link_incidents")
class LinkIncidents(Command, frozen=True):
    """Say what `other` is to `incident`; saying another relation changes it."""

    incident: str
    other: str
    relation: Relation


@command("dispatch.unlink_incidents")
class UnlinkIncidents(Command, frozen=True):
    """Take a link back."""

    incident: str
    other: str


def decide_merge_incidents(state: Dispatch, asked: MergeIncidents, now: Instant) -> Decision:
    """The one that goes on takes the higher urgency of both: a merge never makes a fire wait longer.

    Rejections: `incident_unknown`, `same_incident`, `incident_replaced` (says by which), `incident_closed` (an open
    incident cannot go on as a closed one), `units_on_both` (names them: release them from one of both first).
    """
    del now
    refusal = _refuse_pair(state, asked.incident, asked.replaced)
    if refusal is not None:
        return refusal
    into, replaced = state.incidents[asked.incident], state.incidents[asked.replaced]
    if into.closed_at is not None and replaced.closed_at is None:
        return Rejection("incident_closed", {"incident": into.id})
    working = {assignment.unit for assignment in open_assignments(into)}
    both = [assignment.unit for assignment in open_assignments(replaced) if assignment.unit in working]
    if both:
        return Rejection("units_on_both", {"units": both})
    taken, needs = _take_over(into, replaced), carried(into, replaced)
    stands = _stands(state, into, needs, taken.parts)
    merged: list[Event] = [
        IncidentReplaced(into.id, replaced.id, taken, asked.reason),
        *(CallAttached(call, into.id, replaced.id) for call in taken.calls),
        *_unproven(replaced, taken.parts, into.id),
        *needs_carried(state, into, needs, stands),
        *_moved(state, into, replaced, taken.parts, stands),
        *met_promises(state, into, [part.unit for part in taken.parts]),
    ]
    if taken.raised_from is not None:
        merged.append(PriorityChanged(into.id, replaced.priority, into.priority))
    if taken.closed:
        merged += [*void_promises(state, replaced), *released_talkgroups(state, replaced)]
        merged.append(IncidentClosed(replaced.id, REPLACED))
    return merged


def _unproven(incident: Incident, parts: list[Part], to: str) -> list[Event]:
    """Alerts of these parts that nobody has proven end here: they are raised anew for where the parts go."""
    ended = (
        alerts_ended(incident, part.unit, purpose, Standing.ENDED, f"goes on as {to}")
        for part in parts
        for purpose in (Purpose.DISPATCH, Purpose.FACTS)
    )
    return [event for events in ended for event in events]


def _stands(state: Dispatch, into: Incident, needs: list[Need], parts: list[Part]) -> list[Filling]:
    """Each unit stands for what it fits of that which the incident still lacks, and of what is carried over to it."""
    slots = [*open_slots(into), *(need.requirement for need in needs for _ in range(need.requirement.count))]
    return matched(slots, [state.units[part.unit] for part in parts], aid_of(state, into))


def _moved(
    state: Dispatch, into: Incident, replaced: Incident, parts: list[Part], fillings: list[Filling]
) -> list[AssignmentMoved]:
    stands = {
        one.unit: Stand(one.need, one.fit, state.units[one.unit].agency if one.lent_to else "", one.lent_to, one.ground)
        for one in fillings
    }
    return [
        AssignmentMoved(into.id, replaced.id, part.unit, part.sequence, part.was, stands.get(part.unit, Stand()))
        for part in parts
    ]


def _take_over(into: Incident, replaced: Incident) -> TakenOver:
    first = next_sequence(into)
    moving = open_assignments(replaced)
    raised = into.closed_at is None and replaced.priority < into.priority
    return TakenOver(
        list(replaced.calls),
        [Part(one.unit, number, one.sequence, _stand(one)) for number, one in enumerate(moving, start=first)],
        replaced.closed_at is None,
        into.priority if raised else None,
    )


def _stand(part: Assignment) -> Stand:
    return Stand(part.need, part.fit, part.lent_by, part.lent_to, part.ground)


def apply_incident_replaced(state: Dispatch, happened: IncidentReplaced, at: Instant) -> None:
    """Each knows the other."""
    del at
    state.incidents[happened.replaced].replaced_by = happened.incident
    state.incidents[happened.incident].replaces[happened.replaced] = happened.taken


def decide_split_incident(state: Dispatch, asked: SplitIncident, now: Instant) -> Decision:
    """What was taken over and is still there goes back; calls and units that came since, or were sent anew, stay.

    Rejections: `incident_unknown`, `not_merged`, `incident_replaced` (split that merge first), `reason_needed`.
    """
    del now
    for name in (asked.incident, asked.replaced):
        if name not in state.incidents:
            return Rejection("incident_unknown", {"incident": name})
    into = state.incidents[asked.incident]
    taken = into.replaces.get(asked.replaced)
    if taken is None:
        return Rejection("not_merged", {"incident": asked.incident, "replaced": asked.replaced})
    if into.replaced_by:
        return Rejection("incident_replaced", {"incident": into.id, "by": into.replaced_by})
    if not asked.reason.strip():
        return Rejection("reason_needed")
    split: list[Event] = [IncidentReopened(asked.replaced, asked.reason, resumed=True)] if taken.closed else []
    split.append(IncidentSplit(into.id, asked.replaced, asked.reason))
    split += [CallAttached(call, asked.replaced, into.id) for call in taken.calls if call in into.calls]
    back = [part for part in taken.parts if _holds(into, part)]
    split += _unproven(into, back, asked.replaced)
    split += [
        AssignmentMoved(asked.replaced, into.id, part.unit, part.was, part.sequence, part.stood, returned=True)
        for part in back
    ]
    lowered = _lowered(state, into, asked.replaced)
    return split if lowered in (None, into.priority) else [*split, PriorityChanged(into.id, lowered, into.priority)]


def _lowered(state: Dispatch, into: Incident, replaced: str) -> int | None:
    """The priority behind a split: as before the merge, unless somebody changed it or a later merge asks for more."""
    raised_from = into.replaces[replaced].raised_from
    if raised_from is None or into.closed_at is not None or into.priority != state.incidents[replaced].priority:
        return None
    names = list(into.replaces)
    later = [name for name in names[names.index(replaced) + 1 :] if name in state.incidents]
    return min([raised_from, *(state.incidents[name].priority for name in later)])


def apply_incident_split(state: Dispatch, happened: IncidentSplit, at: Instant) -> None:
    """Each stands by itself."""
    del at
    into = state.incidents[happened.incident]
    state.incidents[happened.replaced].replaced_by = ""
    del into.replaces[happened.replaced]
    take_back(into, happened.replaced)


def apply_assignment_moved(state: Dispatch, happened: AssignmentMoved, at: Instant) -> None:
    """The timeline goes over whole, under the number it has there; the unit's work keeps its order."""
    del at
    before, incident = state.incidents[happened.before], state.incidents[happened.incident]
    part = _take(before, happened.unit, promote=happened.returned)
    part.sequence, stand = happened.sequence, happened.stand
    part.need, part.fit = stand.need, stand.fit
    part.lent_by, part.lent_to, part.ground = stand.lent_by, stand.lent_to, stand.ground
    current = incident.assignments.pop(part.unit, None)
    if current is not None:
        incident.earlier.append(current)
    incident.assignments[part.unit] = part
    _in_order(incident)
    settle(incident)
    work = state.units[part.unit].work
    if part.ended_at is None:
        work[work.index(happened.before)] = happened.incident


def _holds(incident: Incident, part: Part) -> bool:
    """Whether a unit's current part is the one that was taken over; where it was sent anew since, nothing goes back."""
    current = incident.assignments.get(part.unit)
    return current is not None and current.sequence == part.sequence


def _take(incident: Incident, unit: str, *, promote: bool) -> Assignment:
    """Take a unit's part out; with `promote`, its last earlier one stands in its place again."""
    part = incident.assignments.pop(unit)
    former = [one for one in incident.earlier if one.unit == unit] if promote else []
    if former:
        incident.earlier.remove(former[-1])
        incident.assignments[unit] = former[-1]
        _in_order(incident)
    return part


def _in_order(incident: Incident) -> None:
    """Assignments stand in the order of sending."""
    ordered = sorted(incident.assignments.values(), key=lambda part: part.sequence)
    incident.assignments = {part.unit: part for part in ordered}


def decide_link_incidents(state: Dispatch, asked: LinkIncidents, now: Instant) -> Decision:
    """Rejections: `incident_unknown`, `same_incident`, `second_parent` (names the first), `link_circle`."""
    del now
    for name in (asked.incident, asked.other):
        if name not in state.incidents:
            return Rejection("incident_unknown", {"incident": name})
    if asked.incident == asked.other:
        return Rejection("same_incident", {"incident": asked.incident})
    was = state.incidents[asked.incident].links.get(asked.other, "")
    if was == asked.relation:
        return []
    if asked.relation is not Relation.RELATED:
        pair = (asked.incident, asked.other)
        child, parent = pair if asked.relation is Relation.PARENT else pair[::-1]
        ancestors = _ancestors(state, parent)
        first = _parent_of(state, child)
        if first not in ("", parent):
            return Rejection("second_parent", {"incident": child, "parent": first})
        if child in ancestors and _parent_of(state, parent) != child:
            return Rejection("link_circle", {"incident": child, "parent": parent})
    return [IncidentsLinked(asked.incident, asked.other, asked.relation, was)]


def _parent_of(state: Dispatch, name: str) -> str:
    incident = state.incidents.get(name)
    links = incident.links if incident is not None else {}
    return next((other for other, relation in links.items() if relation is Relation.PARENT), "")


def _ancestors(state: Dispatch, name: str) -> list[str]:
    """Parents above an incident, the nearest first, as far as they are live."""
    found: list[str] = []
    while (name := _parent_of(state, name)) and name not in found:
        found.append(name)
    return found


def apply_incidents_linked(state: Dispatch, happened: IncidentsLinked, at: Instant) -> None:
    """Each says what the other is to it."""
    del at
    state.incidents[happened.incident].links[happened.other] = happened.relation
    state.incidents[happened.other].links[happened.incident] = INVERSE[happened.relation]


def decide_unlink_incidents(state: Dispatch, asked: UnlinkIncidents, now: Instant) -> Decision:
    """Rejections: `incident_unknown`. What is not linked has nothing to take back."""
    del now
    for name in (asked.incident, asked.other):
        if name not in state.incidents:
            return Rejection("incident_unknown", {"incident": name})
    was = state.incidents[asked.incident].links.get(asked.other)
    return [] if was is None else [IncidentsUnlinked(asked.incident, asked.other, was)]


def apply_incidents_unlinked(state: Dispatch, happened: IncidentsUnlinked, at: Instant) -> None:
    """Neither speaks of the other."""
    del at
    del state.incidents[happened.incident].links[happened.other]
    del state.incidents[happened.other].links[happened.incident]


def _refuse_pair(state: Dispatch, one: str, other: str) -> Rejection | None:
    for name in (one, other):
        incident = state.incidents.get(name)
        if incident is None:
            return Rejection("incident_unknown", {"incident": name})
        if incident.replaced_by:
            return Rejection("incident_replaced", {"incident": name, "by": incident.replaced_by})
    return Rejection("same_incident", {"incident": one}) if one == other else None


DECIDERS: Deciders = {
    MergeIncidents: decide_merge_incidents,
    SplitIncident: decide_split_incident,
    LinkIncidents: decide_link_incidents,
    UnlinkIncidents: decide_unlink_incidents,
}
APPLIERS: Appliers = {
    IncidentReplaced: apply_incident_replaced,
    IncidentSplit: apply_incident_split,
    AssignmentMoved: apply_assignment_moved,
    IncidentsLinked: apply_incidents_linked,
    IncidentsUnlinked: apply_incidents_unlinked,
}
