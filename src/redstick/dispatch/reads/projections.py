"""What each event of dispatch brings to the ledger. Pure: the event, its envelope and what is known; changes come out.

A projection follows the ledger's own rows, never the live state: so the ledger can be rebuilt from lines alone, and
that its current rows equal the state's things is a fact that tests can refute. A line about something that was never
heard of (its beginning was lost behind a break of the journal) brings what rows it can.
"""

import msgspec

from redstick.dispatch.place import Place
from redstick.dispatch.reads.crews_ledger import CREW_PROJECTIONS, CREW_TABLES
from redstick.dispatch.reads.needs_ledger import NEEDS_PROJECTIONS, NEEDS_TABLES
from redstick.dispatch.reads.recommendations_ledger import RECOMMENDATION_PROJECTIONS, RECOMMENDATION_TABLES
from redstick.dispatch.reads.tables import MOVED, TABLES, TIMELINES, json_text
from redstick.dispatch.reads.telling_ledger import TELLING_PROJECTIONS, TELLING_TABLES
from redstick.dispatch.rules import assignments, callbacks, calls, exchanges, incidents, links, locations, units
from redstick.dispatch.rules.calls import CallState
from redstick.dispatch.status_table import MEANINGS, Primary, Status
from redstick.kernel.envelope import Envelope
from redstick.kernel.ledgers import Change, Key, Known, Mark, Plan, Project, Put, Revise, Row, Value
from redstick.kernel.system import Rejected
from redstick.kernel.values import Event, Instant
from redstick.published.dispatch import CallAnswered, CallHeld, CallResumed

# Calls


def project_call_received(event: calls.CallReceived, envelope: Envelope, known: Known) -> list[Change]:
    """It rings."""
    del known
    row: Row = {
        "received_at": envelope.at,
        "state": CallState.PRESENTED.value,
        "source": event.source,
        "callback": event.callback,
        **_place(event.place),
        "seat": "",
        "incident": "",
    }
    return [Put("calls", (event.call,), row)]


def project_call_answered(event: CallAnswered, envelope: Envelope, known: Known) -> list[Change]:
    """A seat holds it."""
    del known
    row: Row = {"state": CallState.ANSWERED.value, "seat": event.seat, "answered_at": envelope.at}
    return [Revise("calls", (event.call,), row)]


def project_call_abandoned(event: calls.CallAbandoned, envelope: Envelope, known: Known) -> list[Change]:
    """The caller hung up before an answer."""
    del known
    return [Revise("calls", (event.call,), {"state": CallState.ABANDONED.value, "ended_at": envelope.at})]


def project_call_ended(event: calls.CallEnded, envelope: Envelope, known: Known) -> list[Change]:
    """Over."""
    del known
    return [Revise("calls", (event.call,), {"state": CallState.ENDED.value, "ended_at": envelope.at})]


def project_call_attached(event: calls.CallAttached, envelope: Envelope, known: Known) -> list[Change]:
    """It speaks of an incident."""
    del envelope, known
    return [Revise("calls", (event.call,), {"incident": event.incident})]


def project_call_detached(event: calls.CallDetached, envelope: Envelope, known: Known) -> list[Change]:
    """It speaks of none."""
    del envelope, known
    return [Revise("calls", (event.call,), {"incident": ""})]


def project_call_held(event: CallHeld, envelope: Envelope, known: Known) -> list[Change]:
    """On hold."""
    del envelope, known
    return _calls([event.call], CallState.ON_HOLD)


def project_call_transferring(event: calls.CallTransferring, envelope: Envelope, known: Known) -> list[Change]:
    """Offered to others."""
    del envelope, known
    return _calls([event.call], CallState.TRANSFERRING)


def project_call_resumed(event: CallResumed, envelope: Envelope, known: Known) -> list[Change]:
    """Spoken again, perhaps by another seat; when it was first answered stays."""
    del envelope, known
    return _calls([event.call], CallState.ANSWERED, seat=event.seat)


def project_call_diverted(event: calls.CallDiverted, envelope: Envelope, known: Known) -> list[Change]:
    """It rings elsewhere."""
    del envelope, known
    return _calls([event.call], CallState.DIVERTED)


def project_callback_queued(event: callbacks.CallbackQueued, envelope: Envelope, known: Known) -> list[Change]:
    """All hang-ups of the number wait for the callback."""
    del envelope, known
    return _calls(event.calls, CallState.CALLBACK_QUEUED)


def project_callback_reached(event: callbacks.CallbackReached, envelope: Envelope, known: Known) -> list[Change]:
    """The caller is heard."""
    del envelope, known
    return _calls(event.calls, CallState.CALLBACK_REACHED, seat=event.seat)


def project_callback_exhausted(event: callbacks.CallbackExhausted, envelope: Envelope, known: Known) -> list[Change]:
    """Nobody was reached, so often."""
    del envelope, known
    return _calls(event.calls, CallState.CALLBACK_EXHAUSTED)


def _calls(names: list[str], state: CallState, **further: Value) -> list[Change]:
    return [Revise("calls", (name,), {"state": state.value, **further}) for name in names]


# Incidents


def project_incident_opened(event: incidents.IncidentOpened, envelope: Envelope, known: Known) -> list[Change]:
    """It waits for units."""
    del known
    row: Row = {
        "opened_at": envelope.at,
        "number": event.number,
        "kind": event.kind,
        "call_group": event.group,
        "priority": event.priority,
        "original_priority": event.priority,
        **_place(event.place),
        "zones": json_text(event.zones),
        "alarm_level": event.alarm_level,
        "disposition": "",
        "cancelled": False,
        "replaced_by": "",
    }
    return [Put("incidents", (event.incident,), row)]


def project_incident_retyped(event: incidents.IncidentRetyped, envelope: Envelope, known: Known) -> list[Change]:
    """Another kind."""
    del envelope, known
    return [Revise("incidents", (event.incident,), {"kind": event.kind})]


def project_priority_changed(event: incidents.PriorityChanged, envelope: Envelope, known: Known) -> list[Change]:
    """Another urgency; the original one stays in its own column."""
    del envelope, known
    return [Revise("incidents", (event.incident,), {"priority": event.priority})]


def project_incident_moved(event: incidents.IncidentMoved, envelope: Envelope, known: Known) -> list[Change]:
    """Another place; the former one stays in the row's history."""
    del envelope, known
    return [Revise("incidents", (event.incident,), {**_place(event.place), "zones": json_text(event.zones)})]


def project_address_confirmed(event: locations.AddressConfirmed, envelope: Envelope, known: Known) -> list[Change]:
    """The caller says that it is right."""
    del envelope, known
    return [Revise("incidents", (event.incident,), {"caller_confirmed": True})]


def project_address_differed(event: locations.AddressDiffered, envelope: Envelope, known: Known) -> list[Change]:
    """The caller says that it is another."""
    del envelope, known
    return [Revise("incidents", (event.incident,), {"caller_confirmed": False})]


def project_alarm_raised(event: incidents.AlarmRaised, envelope: Envelope, known: Known) -> list[Change]:
    """A further alarm."""
    del envelope, known
    return [Revise("incidents", (event.incident,), {"alarm_level": event.level})]


def project_note_added(event: incidents.NoteAdded, envelope: Envelope, known: Known) -> list[Change]:
    """A line of the narrative."""
    del known
    row: Row = {"at": envelope.at, "text": event.text, "actor": envelope.actor}
    return [Put("notes", (event.incident, envelope.position), row)]


def project_incident_closed(event: incidents.IncidentClosed, envelope: Envelope, known: Known) -> list[Change]:
    """Over: here it stays, after it has left the live state."""
    del known
    row: Row = {"closed_at": envelope.at, "disposition": event.disposition, "cancelled": event.cancelled}
    return [Revise("incidents", (event.incident,), row)]


def project_incident_reopened(event: incidents.IncidentReopened, envelope: Envelope, known: Known) -> list[Change]:
    """It is worked again; how it had ended stays in the row's history."""
    del envelope, known
    return [Revise("incidents", (event.incident,), {"closed_at": None, "disposition": "", "cancelled": False})]


# Assignments


def project_unit_assigned(event: assignments.UnitAssigned, envelope: Envelope, known: Known) -> list[Change]:
    """A new assignment, the unit's work, and what it does from now on."""
    key, status = (event.incident, event.unit, envelope.position), Status.DSP if event.alerted else Status.ASG
    row: Row = {
        "sent_despite": event.despite,
        "ending": "",
        "sent_for": event.need,
        "fit": event.fit,
        "lent_by": event.lent_by,
        "lent_to": event.lent_to,
        "earlier_line": _line_of(_current(known, event.incident, event.unit)),
    }
    work = _work(known, event.unit)
    stamps = ("assigned", "dispatched") if event.alerted else ("assigned",)
    return [
        Put("assignments", key, row),
        *(Put("assignment_times", (*key, stamp), {"true_at": envelope.at}) for stamp in stamps),
        Revise("units", (event.unit,), {"work": json_text(list(dict.fromkeys([*work, event.incident])))}),
        Mark("statuses", (event.unit,), _status(status, envelope.at, "assigned", event.incident)),
    ]


def project_assignment_ended(event: assignments.AssignmentEnded, envelope: Envelope, known: Known) -> list[Change]:
    """The assignment ends; a unit that has no other and is still shown as working is shown as returning."""
    work = [incident for incident in _work(known, event.unit) if incident != event.incident]
    changes: list[Change] = [Revise("units", (event.unit,), {"work": json_text(work)})]
    key = _current(known, event.incident, event.unit)
    if key is not None:
        changes.append(Revise("assignments", key, {"ended_at": envelope.at, "ending": event.ending}))
    last = known.row("statuses", (event.unit,))
    if not work and last is not None and envelope.at >= _instant(last["since"]) and _not_available(last):
        status = Status.CLR if event.ending == "cleared" else Status.CAN
        changes.append(Mark("statuses", (event.unit,), _status(status, envelope.at, "released", event.incident)))
    return changes


def project_incident_replaced(event: links.IncidentReplaced, envelope: Envelope, known: Known) -> list[Change]:
    """It says where it went."""
    del envelope, known
    return [Revise("incidents", (event.replaced,), {"replaced_by": event.incident})]


def project_incident_split(event: links.IncidentSplit, envelope: Envelope, known: Known) -> list[Change]:
    """It stands by itself."""
    del envelope, known
    return [Revise("incidents", (event.replaced,), {"replaced_by": ""})]


def project_assignment_moved(event: links.AssignmentMoved, envelope: Envelope, known: Known) -> list[Change]:
    """The unit's part is a row of the other incident, with its times; the row that it leaves says so and has none.

    What a split gives back is the row that it was, in the order that it had.
    """
    work = [event.incident if incident == event.before else incident for incident in _work(known, event.unit)]
    changes: list[Change] = [Revise("units", (event.unit,), {"work": json_text(work)})]
    old = _current(known, event.before, event.unit)
    part = known.row("assignments", old) if old is not None else None
    if old is None or part is None:
        return changes
    stand = event.stand
    row = {
        **part,
        "sent_for": stand.need,
        "fit": stand.fit,
        "lent_by": stand.lent_by,
        "lent_to": stand.lent_to,
    }
    left = known.last("assignments", (event.incident, event.unit)) if event.returned else None
    if left is not None:
        key = left
        del row["earlier_line"]
        changes.append(Revise("assignments", key, row))
    else:
        key = (event.incident, event.unit, envelope.position)
        row["earlier_line"] = _line_of(_current(known, event.incident, event.unit))
        changes.append(Put("assignments", key, row))
    changes.append(Revise("assignments", old, {"ended_at": None, "ending": MOVED}))
    return [*changes, *_times_moved(known, old, key)]


def _times_moved(known: Known, old: Key, key: Key) -> list[Change]:
    """Each time goes from one row to the other."""
    changes: list[Change] = []
    for stamp in assignments.STAMPS:
        time = known.row("assignment_times", (*old, stamp))
        if time is not None and time["true_at"] is not None:
            changes.append(Put("assignment_times", (*key, stamp), time, since=_instant(time["true_at"])))
            changes.append(Revise("assignment_times", (*old, stamp), {"true_at": None}))
    return changes


def _current(known: Known, incident: str, unit: str) -> Key | None:
    """The row of a unit's part in an incident: the last one that no merge or split has taken elsewhere."""
    key = known.last("assignments", (incident, unit))
    while key is not None:
        row = known.row("assignments", key)
        if row is None or row["ending"] != MOVED:
            return key
        line = row["earlier_line"]
        key = None if line is None else (incident, unit, line)
    return None


def _line_of(key: Key | None) -> Value:
    return None if key is None else key[-1]


def project_primary_chosen(event: exchanges.PrimaryChosen, envelope: Envelope, known: Known) -> list[Change]:
    """First in the unit's work."""
    del envelope
    work = [event.incident, *(name for name in _work(known, event.unit) if name != event.incident)]
    return [Revise("units", (event.unit,), {"work": json_text(work)})]


def project_time_corrected(event: assignments.TimeCorrected, envelope: Envelope, known: Known) -> list[Change]:
    """The old time is no longer believed, the true one is; that and why it was corrected is a row of its own."""
    row = {"stamp": event.stamp, "was": event.was, "true_at": event.true_at, "reason": event.reason}
    changes: list[Change] = [Put("times_corrected", (event.incident, event.unit, envelope.position), row)]
    key = _current(known, event.incident, event.unit)
    if key is not None:
        changes.append(Put("assignment_times", (*key, event.stamp), {"true_at": event.true_at}, since=event.true_at))
    return changes


# Units


def project_unit_enrolled(event: units.UnitEnrolled, envelope: Envelope, known: Known) -> list[Change]:
    """On the roster, off duty; or its facts have changed."""
    facts: Row = {
        "kind": event.kind,
        "agency": event.agency,
        "station": event.station,
        "capabilities": json_text(event.capabilities),
        "staffing": event.staffing,
    }
    if known.row("units", (event.unit,)) is not None:
        return [Revise("units", (event.unit,), facts)]
    return [
        Put("units", (event.unit,), {**facts, "work": "[]"}),
        Put("statuses", (event.unit,), _status(Status.OFF, envelope.at, "enrolled", "")),
    ]


def project_status_reported(event: units.StatusReported, envelope: Envelope, known: Known) -> list[Change]:
    """What the unit does, where it is, and the first time of this kind of its assignment."""
    row: Row = {
        **_status(event.status, envelope.at, "reported", event.incident),
        "unexpected": event.unexpected,
        "assignment_left_open": event.assignment_left_open,
    }
    changes: list[Change] = [Mark("statuses", (event.unit,), row)]
    if event.x is not None:
        seen = {"x": event.x, "y": event.y, "seen_at": envelope.at}
        changes.append(Mark("positions", (event.unit,), seen))
    stamp = MEANINGS[event.status].stamp
    key = _current(known, event.incident, event.unit) if event.incident and stamp else None
    if key is not None and known.row("assignment_times", (*key, stamp)) is None:
        changes.append(Put("assignment_times", (*key, stamp), {"true_at": envelope.at}))
    return changes


def project_emergency_raised(event: units.EmergencyRaised, envelope: Envelope, known: Known) -> list[Change]:
    """A responder is in danger."""
    del known
    return [Revise("units", (event.unit,), {"emergency_at": envelope.at})]


def project_emergency_cleared(event: units.EmergencyCleared, envelope: Envelope, known: Known) -> list[Change]:
    """Safe; who said so is in the journal, and `recorded_by` names who wrote it down."""
    del envelope, known
    return [Revise("units", (event.unit,), {"emergency_at": None})]


# Refusals


def project_rejected(event: Rejected, envelope: Envelope, known: Known) -> list[Change]:
    """What was refused, to whom and why."""
    del known
    row: Row = {
        "at": envelope.at,
        "actor": envelope.actor,
        "command": event.command,
        "code": event.code,
        "data": event.data,
    }
    return [Put("rejections", (envelope.position,), row)]


# Parts of rows


def _place(place: Place) -> dict[str, Value]:
    return {
        "place": place.text,
        "x": place.x,
        "y": place.y,
        "municipality": place.municipality,
        "quality": place.quality,
        "place_source": place.source,
        "uncertainty_m": place.uncertainty_m,
        "in_geofile": place.in_geofile,
        "caller_confirmed": place.caller_confirmed,
    }


def _status(status: Status, since: Instant, how: str, incident: str) -> dict[str, Value]:
    return {
        "status": status.value,
        "since": since,
        "how": how,
        "incident": incident,
        "unexpected": False,
        "assignment_left_open": False,
    }


def _work(known: Known, unit: str) -> list[str]:
    row = known.row("units", (unit,))
    return [] if row is None else msgspec.json.decode(str(row["work"]), type=list[str])


def _instant(value: Value) -> Instant:
    return value if isinstance(value, int) else 0


def _not_available(status: Row) -> bool:
    return MEANINGS[Status(str(status["status"]))].primary is Primary.NOT_AVAILABLE


PROJECTIONS: dict[type[Event], Project] = {
    calls.CallReceived: project_call_received,
    CallAnswered: project_call_answered,
    calls.CallAbandoned: project_call_abandoned,
    calls.CallEnded: project_call_ended,
    CallHeld: project_call_held,
    calls.CallTransferring: project_call_transferring,
    CallResumed: project_call_resumed,
    calls.CallDiverted: project_call_diverted,
    callbacks.CallbackQueued: project_callback_queued,
    callbacks.CallbackReached: project_callback_reached,
    callbacks.CallbackExhausted: project_callback_exhausted,
    calls.CallAttached: project_call_attached,
    calls.CallDetached: project_call_detached,
    incidents.IncidentOpened: project_incident_opened,
    incidents.IncidentRetyped: project_incident_retyped,
    incidents.PriorityChanged: project_priority_changed,
    incidents.IncidentMoved: project_incident_moved,
    locations.AddressConfirmed: project_address_confirmed,
    locations.AddressDiffered: project_address_differed,
    incidents.AlarmRaised: project_alarm_raised,
    incidents.NoteAdded: project_note_added,
    incidents.IncidentClosed: project_incident_closed,
    incidents.IncidentReopened: project_incident_reopened,
    assignments.UnitAssigned: project_unit_assigned,
    assignments.AssignmentEnded: project_assignment_ended,
    assignments.TimeCorrected: project_time_corrected,
    exchanges.PrimaryChosen: project_primary_chosen,
    links.IncidentReplaced: project_incident_replaced,
    links.IncidentSplit: project_incident_split,
    links.AssignmentMoved: project_assignment_moved,
    units.UnitEnrolled: project_unit_enrolled,
    units.StatusReported: project_status_reported,
    units.EmergencyRaised: project_emergency_raised,
    units.EmergencyCleared: project_emergency_cleared,
    Rejected: project_rejected,
    **CREW_PROJECTIONS,
    **NEEDS_PROJECTIONS,
    **RECOMMENDATION_PROJECTIONS,
    **TELLING_PROJECTIONS,
}

EVERY_TABLE = (*TABLES, *CREW_TABLES, *NEEDS_TABLES, *RECOMMENDATION_TABLES, *TELLING_TABLES)
LEDGER = Plan("dispatch", 1, EVERY_TABLE, PROJECTIONS, (TIMELINES,))
