"""Retirement: what is over leaves the live state, so that years of history cost a living shift nothing.

An incident goes with the calls that speak of it, a lone call by itself. The event keeps the record; a command on a
retired thing brings it back first, whole and under the same id, and only the kernel may ask for that.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec

from redstick.dispatch.rules.calls import Call, CallState
from redstick.dispatch.rules.incidents import Incident
from redstick.kernel.values import Command, Decision, Event, Instant, Rejection, command, event

if TYPE_CHECKING:
    from collections.abc import Iterable

    from redstick.dispatch.state import Dispatch
    from redstick.kernel.domain import Appliers, Deciders

OVER = (CallState.ENDED, CallState.ABANDONED)
RETIRE_AFTER_MS = 2 * 3600 * 1000  # a closed incident stays on the boards of its shift for so long


class Record(msgspec.Struct):
    """What left the live state together: an incident with its calls, or a lone call."""

    incident: Incident | None = None
    calls: list[Call] = msgspec.field(default_factory=list)


@event("dispatch.retired", subjects=("incident", "calls"))
class Retired(Event, frozen=True):
    """An incident and its calls, or a lone call, left the live state; `record` is them as JSON."""

    record: str
    incident: str = ""
    calls: list[str] = []


@event("dispatch.recalled", subjects=("incident", "calls"))
class Recalled(Event, frozen=True):
    """They are live again, as they were when they left."""

    record: str
    incident: str = ""
    calls: list[str] = []


@command("dispatch.retire_incident")
class RetireIncident(Command, frozen=True):
    """Take a closed incident and its calls out of the live state."""

    incident: str


@command("dispatch.retire_call")
class RetireCall(Command, frozen=True):
    """Take a call that is over and speaks of no incident out of the live state."""

    call: str


@command("dispatch.recall")
class Recall(Command, frozen=True):
    """Put back what was retired."""

    record: str


def decide_retire_incident(state: Dispatch, asked: RetireIncident, now: Instant) -> Decision:
    """Rejections: `incident_unknown`, `incident_open`, `call_not_over`, `alert_chased` (a cancel nobody confirmed)."""
    del now
    incident = state.incidents.get(asked.incident)
    if incident is None:
        return Rejection("incident_unknown", {"incident": asked.incident})
    if incident.closed_at is None:
        return Rejection("incident_open", {"incident": asked.incident})
    chased = [alert.id for alert in incident.alerts.values() if alert.chased]
    if chased:
        return Rejection("alert_chased", {"alerts": chased})
    calls = [state.calls[call] for call in incident.calls]
    waiting = [call.id for call in calls if call.state not in OVER]
    if waiting:
        return Rejection("call_not_over", {"calls": waiting})
    return [Retired(_written(Record(incident, calls)), incident.id, [call.id for call in calls])]


def decide_retire_call(state: Dispatch, asked: RetireCall, now: Instant) -> Decision:
    """A call that outlasted its closed incident takes it along: a callback may be owed long after the units have left.

    Rejections: `call_unknown`, `call_not_over`, `call_attached` (it goes with its incident, when that is due).
    """
    call = state.calls.get(asked.call)
    if call is None:
        return Rejection("call_unknown", {"call": asked.call})
    if call.state not in OVER:
        return Rejection("call_not_over", {"calls": [call.id]})
    closed_at = state.incidents[call.incident].closed_at if call.incident else None
    if closed_at is not None and now - closed_at >= RETIRE_AFTER_MS:
        return decide_retire_incident(state, RetireIncident(call.incident), now)
    if call.incident:
        return Rejection("call_attached", {"call": call.id, "incident": call.incident})
    return [Retired(_written(Record(None, [call])), "", [call.id])]


def decide_recall(state: Dispatch, asked: Recall, now: Instant) -> Decision:
    """Rejections: `already_live`."""
    del now
    record = msgspec.json.decode(asked.record, type=Record)
    incident = record.incident.id if record.incident is not None else ""
    calls = [call.id for call in record.calls]
    if incident in state.incidents or any(call in state.calls for call in calls):
        return Rejection("already_live", {"incident": incident, "calls": calls})
    return [Recalled(asked.record, incident, calls)]


def apply_retired(state: Dispatch, happened: Retired, at: Instant) -> None:
    """Gone from here; the journal and the ledgers have it."""
    del at
    state.incidents.pop(happened.incident, None)
    for call in happened.calls:
        del state.calls[call]


def apply_recalled(state: Dispatch, happened: Recalled, at: Instant) -> None:
    """Back as it was."""
    del at
    record = msgspec.json.decode(happened.record, type=Record)
    if record.incident is not None:
        state.incidents[record.incident.id] = record.incident
    state.calls.update((call.id, call) for call in record.calls)


def absent(state: Dispatch, asked: Command) -> Iterable[str]:
    """Calls and incidents that a command names and that are not live."""
    call = getattr(asked, "call", "")
    if call and call not in state.calls:
        yield call
    for field in ("incident", "replaced", "other"):
        incident = getattr(asked, field, "")
        if incident and incident not in state.incidents:
            yield incident


def restored(happened: Retired) -> Recall:
    """What puts back that which an event took out."""
    return Recall(happened.record)


def _written(record: Record) -> str:
    return msgspec.json.encode(record).decode()


DECIDERS: Deciders = {
    RetireIncident: decide_retire_incident,
    RetireCall: decide_retire_call,
    Recall: decide_recall,
}
APPLIERS: Appliers = {
    Retired: apply_retired,
    Recalled: apply_recalled,
}
