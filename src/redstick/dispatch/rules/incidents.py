"""Incidents: what happened, and is worked.

Many calls may speak of one incident. What it is called while units work is derived from their assignments, not typed.
Closing needs a disposition and every assignment ended; a closed incident may be reopened under the same id.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec

from redstick.dispatch.alerting.chase import Alert
from redstick.dispatch.discovery.signals import Review
from redstick.dispatch.marks import Mark, PaperOrigin
from redstick.dispatch.place import Place
from redstick.dispatch.recommendation.kept import Kept
from redstick.dispatch.relations import Relation, TakenOver
from redstick.dispatch.rules.aid import AidRequest
from redstick.dispatch.rules.assignments import Assignment, next_sequence, open_assignments
from redstick.dispatch.rules.calls import CallAttached
from redstick.dispatch.rules.case_numbers import CaseNumber
from redstick.dispatch.rules.codes import kind_flags
from redstick.dispatch.rules.extents import place_flags
from redstick.dispatch.rules.needs import Need
from redstick.dispatch.rules.overdue import Overdue
from redstick.dispatch.rules.stacking import Held, Stacked
from redstick.dispatch.triage.interview import Interview
from redstick.kernel.values import Command, Decision, Event, Instant, Rejection, command, event

if TYPE_CHECKING:
    from redstick.dispatch.state import Dispatch
    from redstick.kernel.domain import Appliers, Deciders

PRIORITIES = range(1, 6)  # 1 is the most urgent
MAX_NOTE = 10_000  # characters
COUNTED_DIGITS = 9  # a longer number is not one that we gave


class Note(msgspec.Struct, frozen=True):
    """One line of the narrative."""

    at: Instant
    text: str


class Incident(msgspec.Struct):
    """One incident, as it is now.

    `zones` names its area in each layer; `earlier` holds assignments of units that were sent again, in that order.
    `moved_at` says when each of `former_places` was left. `dispositions` are by agency, where they differ. `flags` say
    what a person stated as fact and the tables do not know: `kind_unmapped`, `disposition_unmapped`, `place_` and why
    the position cannot be right. `replaced_by` is the incident that goes on for it, "" for none.
    `needs` are those recorded, none where no plan was; assignments fill them from the sequence `filled_from` on.
    """

    id: str
    opened_at: Instant
    number: str = ""
    kind: str = ""
    group: str = ""
    priority: int = 3
    original_priority: int = 3
    place: Place = msgspec.field(default_factory=Place)
    former_places: list[Place] = msgspec.field(default_factory=list)
    zones: dict[str, str] = msgspec.field(default_factory=dict)
    alarm_level: int = 1
    calls: list[str] = msgspec.field(default_factory=list)
    assignments: dict[str, Assignment] = msgspec.field(default_factory=dict)
    earlier: list[Assignment] = msgspec.field(default_factory=list)
    notes: list[Note] = msgspec.field(default_factory=list)
    closed_at: Instant | None = None
    disposition: str = ""
    cancelled: bool = False
    dispositions: dict[str, str] = msgspec.field(default_factory=dict)
    final_priority: int | None = None
    flags: list[str] = msgspec.field(default_factory=list)
    replaced_by: str = ""
    replaces: dict[str, TakenOver] = msgspec.field(default_factory=dict)
    links: dict[str, Relation] = msgspec.field(default_factory=dict)
    reviews: dict[str, Review] = msgspec.field(default_factory=dict)
    moved_at: list[Instant] = msgspec.field(default_factory=list)
    alerts: dict[str, Alert] = msgspec.field(default_factory=dict)
    marks: list[Mark] = msgspec.field(default_factory=list)
    triage: Interview = msgspec.field(default_factory=Interview)
    paper: PaperOrigin | None = None
    needs: list[Need] = msgspec.field(default_factory=list)
    needed_since: Instant | None = None
    filled_from: int = 1
    stacked: list[Stacked] = msgspec.field(default_factory=list)
    held: Held | None = None
    overdue: dict[str, Overdue] = msgspec.field(default_factory=dict)
    aid: dict[str, AidRequest] = msgspec.field(default_factory=dict)
    recommendations: dict[str, Kept] = msgspec.field(default_factory=dict)
    cases: list[CaseNumber] = msgspec.field(default_factory=list)


@event("dispatch.incident_opened", subjects=("incident",))
class IncidentOpened(Event, frozen=True):
    """Something happened that is to be worked."""

    incident: str
    number: str = ""
    kind: str = ""
    group: str = ""
    priority: int = 3
    place: Place = Place()
    zones: dict[str, str] = {}
    alarm_level: int = 1
    flags: list[str] = []


@event("dispatch.incident_retyped", subjects=("incident",))
class IncidentRetyped(Event, frozen=True):
    """It is another kind of incident than was thought."""

    incident: str
    kind: str
    was: str
    flags: list[str] = []


@event("dispatch.priority_changed", subjects=("incident",))
class PriorityChanged(Event, frozen=True):
    """It is more or less urgent than was thought."""

    incident: str
    priority: int
    was: int


@event("dispatch.incident_moved", subjects=("incident",))
class IncidentMoved(Event, frozen=True):
    """It is elsewhere than was thought; the former place stays in its history."""

    incident: str
    place: Place
    zones: dict[str, str] = {}
    flags: list[str] = []


@event("dispatch.alarm_raised", subjects=("incident",))
class AlarmRaised(Event, frozen=True):
    """A further alarm was struck."""

    incident: str
    level: int


@event("dispatch.note_added", subjects=("incident",))
class NoteAdded(Event, frozen=True):
    """A line of the narrative, verbatim."""

    incident: str
    text: str


@event("dispatch.incident_closed", subjects=("incident",))
class IncidentClosed(Event, frozen=True):
    """The work is over: how it ended, or why it was called off; `dispositions` by agency, where they differ."""

    incident: str
    disposition: str
    cancelled: bool = False
    dispositions: dict[str, str] = {}
    flags: list[str] = []


@event("dispatch.incident_reopened", subjects=("incident",))
class IncidentReopened(Event, frozen=True):
    """It is not over after all; `resumed` when it goes on as it stood, since only a merge had closed it."""

    incident: str
    reason: str
    resumed: bool = False


@command("dispatch.open_incident")
class OpenIncident(Command, frozen=True):
    """Open an incident, usually for a call. Without a `number` it gets the next one.

    What a person says is a fact, flagged where it is not known or cannot be right; of a machine (`by_machine`) it is
    refused.
    """

    incident: str
    number: str = ""
    kind: str = ""
    group: str = ""
    priority: int = 3
    place: Place = Place()
    zones: dict[str, str] = {}
    alarm_level: int = 1
    call: str = ""
    by_machine: bool = False


@command("dispatch.retype_incident")
class RetypeIncident(Command, frozen=True):
    """Change the kind."""

    incident: str
    kind: str
    by_machine: bool = False


@command("dispatch.change_priority")
class ChangePriority(Command, frozen=True):
    """Change the urgency."""

    incident: str
    priority: int


@command("dispatch.move_incident")
class MoveIncident(Command, frozen=True):
    """Say where it really is."""

    incident: str
    place: Place
    zones: dict[str, str] = {}
    by_machine: bool = False


@command("dispatch.raise_alarm")
class RaiseAlarm(Command, frozen=True):
    """Strike a further alarm."""

    incident: str
    level: int


@command("dispatch.add_note")
class AddNote(Command, frozen=True):
    """Add a line to the narrative."""

    incident: str
    text: str


@command("dispatch.close_incident")
class CloseIncident(Command, frozen=True):
    """Close it with a disposition, or call it off with a reason.

    `disposition` holds for every agency that took part and has none of its own in `dispositions`.
    """

    incident: str
    disposition: str = ""
    cancelled: bool = False
    dispositions: dict[str, str] = {}
    by_machine: bool = False


@command("dispatch.reopen_incident")
class ReopenIncident(Command, frozen=True):
    """Open a closed incident again under the same id."""

    incident: str
    reason: str


def decide_open_incident(state: Dispatch, asked: OpenIncident, now: Instant) -> Decision:
    """What a machine says must be known and possible.

    Rejections: `incident_unnamed`, `incident_known`, `call_unknown`, `priority_unknown`; of a machine, `kind_unknown`,
    `place_impossible`.
    """
    del now
    if not asked.incident.strip():
        return Rejection("incident_unnamed")
    if asked.incident in state.incidents:
        return Rejection("incident_known", {"incident": asked.incident})
    if asked.call and asked.call not in state.calls:
        return Rejection("call_unknown", {"call": asked.call})
    if asked.priority not in PRIORITIES:
        return Rejection("priority_unknown", {"said": asked.priority})
    flags = kind_flags(state, asked.kind) + place_flags(state, asked.place)
    if flags and asked.by_machine:
        return _refused_of_machine(flags, asked.kind)
    opened: list[Event] = [
        IncidentOpened(
            asked.incident,
            asked.number or str(state.last_number + 1),
            asked.kind,
            asked.group,
            asked.priority,
            asked.place,
            asked.zones,
            asked.alarm_level,
            flags,
        )
    ]
    if asked.call:
        opened.append(CallAttached(asked.call, asked.incident, state.calls[asked.call].incident))
    return opened


def apply_incident_opened(state: Dispatch, happened: IncidentOpened, at: Instant) -> None:
    """It waits for units."""
    if happened.number.isascii() and happened.number.isdigit() and len(happened.number) <= COUNTED_DIGITS:
        state.last_number = max(state.last_number, int(happened.number))
    state.incidents[happened.incident] = Incident(
        happened.incident,
        at,
        happened.number,
        happened.kind,
        happened.group,
        happened.priority,
        happened.priority,
        happened.place,
        zones=dict(happened.zones),
        alarm_level=happened.alarm_level,
        flags=list(happened.flags),
    )


def decide_retype_incident(state: Dispatch, asked: RetypeIncident, now: Instant) -> Decision:
    """Rejections: `incident_unknown`, `incident_closed`; of a machine, `kind_unknown`."""
    del now
    incident = state.incidents.get(asked.incident)
    if incident is None or incident.closed_at is not None:
        return not_open(asked.incident, incident)
    flags = kind_flags(state, asked.kind)
    if flags and asked.by_machine:
        return _refused_of_machine(flags, asked.kind)
    return [] if incident.kind == asked.kind else [IncidentRetyped(asked.incident, asked.kind, incident.kind, flags)]


def apply_incident_retyped(state: Dispatch, happened: IncidentRetyped, at: Instant) -> None:
    """The new kind holds from now on."""
    del at
    incident = state.incidents[happened.incident]
    incident.kind = happened.kind
    _flag(incident, "kind_", happened.flags)


def decide_change_priority(state: Dispatch, asked: ChangePriority, now: Instant) -> Decision:
    """Rejections: `incident_unknown`, `incident_closed`, `priority_unknown`."""
    del now
    incident = state.incidents.get(asked.incident)
    if incident is None or incident.closed_at is not None:
        return not_open(asked.incident, incident)
    if asked.priority not in PRIORITIES:
        return Rejection("priority_unknown", {"said": asked.priority})
    if incident.priority == asked.priority:
        return []
    return [PriorityChanged(asked.incident, asked.priority, incident.priority)]


def apply_priority_changed(state: Dispatch, happened: PriorityChanged, at: Instant) -> None:
    """The original stays known beside the current one."""
    del at
    state.incidents[happened.incident].priority = happened.priority


def decide_move_incident(state: Dispatch, asked: MoveIncident, now: Instant) -> Decision:
    """Rejections: `incident_unknown`, `incident_closed`; of a machine, `place_impossible`."""
    del now
    incident = state.incidents.get(asked.incident)
    if incident is None or incident.closed_at is not None:
        return not_open(asked.incident, incident)
    flags = place_flags(state, asked.place)
    if flags and asked.by_machine:
        return _refused_of_machine(flags, "")
    return [] if incident.place == asked.place else [IncidentMoved(asked.incident, asked.place, asked.zones, flags)]


def apply_incident_moved(state: Dispatch, happened: IncidentMoved, at: Instant) -> None:
    """The new place holds; the former one is kept."""
    incident = state.incidents[happened.incident]
    incident.former_places.append(incident.place)
    incident.moved_at.append(at)
    incident.place, incident.zones = happened.place, dict(happened.zones)
    _flag(incident, "place_", happened.flags)


def decide_raise_alarm(state: Dispatch, asked: RaiseAlarm, now: Instant) -> Decision:
    """Rejections: `incident_unknown`, `incident_closed`, `alarm_not_higher`."""
    del now
    incident = state.incidents.get(asked.incident)
    if incident is None or incident.closed_at is not None:
        return not_open(asked.incident, incident)
    if asked.level <= incident.alarm_level:
        return Rejection("alarm_not_higher", {"level": incident.alarm_level})
    return [AlarmRaised(asked.incident, asked.level)]


def apply_alarm_raised(state: Dispatch, happened: AlarmRaised, at: Instant) -> None:
    """The level rises."""
    del at
    state.incidents[happened.incident].alarm_level = happened.level


def decide_add_note(state: Dispatch, asked: AddNote, now: Instant) -> Decision:
    """A closed incident takes notes too. Rejections: `incident_unknown`, `note_empty`, `note_too_long`."""
    del now
    if asked.incident not in state.incidents:
        return Rejection("incident_unknown", {"incident": asked.incident})
    if not asked.text.strip():
        return Rejection("note_empty")
    if len(asked.text) > MAX_NOTE:
        return Rejection("note_too_long", {"characters": len(asked.text), "most": MAX_NOTE})
    return [NoteAdded(asked.incident, asked.text)]


def apply_note_added(state: Dispatch, happened: NoteAdded, at: Instant) -> None:
    """The narrative grows."""
    state.incidents[happened.incident].notes.append(Note(at, happened.text))


def apply_incident_closed(state: Dispatch, happened: IncidentClosed, at: Instant) -> None:
    """Over."""
    incident = state.incidents[happened.incident]
    incident.closed_at, incident.disposition, incident.cancelled = at, happened.disposition, happened.cancelled
    incident.dispositions, incident.final_priority = dict(happened.dispositions), incident.priority
    _flag(incident, "disposition_", happened.flags)


def apply_incident_reopened(state: Dispatch, happened: IncidentReopened, at: Instant) -> None:
    """It waits again, and someone must look; how it had ended and what it had needed is in the journal."""
    incident = state.incidents[happened.incident]
    incident.closed_at, incident.disposition, incident.cancelled = None, "", False
    incident.dispositions, incident.final_priority = {}, None
    _flag(incident, "disposition_", [])
    incident.overdue = {}  # the clocks stopped when it closed; what waits is told from the beginning
    if not happened.resumed:
        incident.needs, incident.needed_since = [], at
        incident.filled_from = next_sequence(incident)


def _flag(incident: Incident, about: str, flags: list[str]) -> None:
    incident.flags = [flag for flag in incident.flags if not flag.startswith(about)] + list(flags)


def _refused_of_machine(flags: list[str], said: str) -> Rejection:
    if flags[0].startswith("place_"):
        return Rejection("place_impossible", {"why": flags[0].removeprefix("place_")})
    return Rejection(flags[0].partition("_")[0] + "_unknown", {"said": said})


def not_open(name: str, incident: Incident | None) -> Rejection:
    """Why a command on an open incident is refused: there is none, or it is closed."""
    code = "incident_unknown" if incident is None else "incident_closed"
    return Rejection(code, {"incident": name})


# EIDO IncidentStatus-Common, by the furthest stamp among the open assignments (dispatch reference, section 2).
_PROGRESS = (("on_scene", "ResourcesOnscene"), ("en_route", "ResourcesEnroute"), ("assigned", "ResourcesAssigned"))


def status_of(incident: Incident) -> str:
    """The incident's common status, derived from its assignments."""
    if incident.closed_at is not None:
        return "Cancelled" if incident.cancelled else "Closed"
    working = open_assignments(incident)
    for stamp, status in _PROGRESS:
        if any(stamp in assignment.stamps for assignment in working):
            return status
    return "Active"


# Closing and reopening are decided in `closing`.
DECIDERS: Deciders = {
    OpenIncident: decide_open_incident,
    RetypeIncident: decide_retype_incident,
    ChangePriority: decide_change_priority,
    MoveIncident: decide_move_incident,
    RaiseAlarm: decide_raise_alarm,
    AddNote: decide_add_note,
}
APPLIERS: Appliers = {
    IncidentOpened: apply_incident_opened,
    IncidentRetyped: apply_incident_retyped,
    PriorityChanged: apply_priority_changed,
    IncidentMoved: apply_incident_moved,
    AlarmRaised: apply_alarm_raised,
    NoteAdded: apply_note_added,
    IncidentClosed: apply_incident_closed,
    IncidentReopened: apply_incident_reopened,
}
