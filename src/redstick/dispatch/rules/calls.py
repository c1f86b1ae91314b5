"""Calls: one contact each, by voice, text, alarm or on foot.

A call is never merged away: it belongs to no incident or to one, and may be moved, and is never deleted. Exactly one
seat answers it; the others are told who did.
"""

from __future__ import annotations

from enum import StrEnum
from typing import TYPE_CHECKING

import msgspec

from redstick.dispatch.place import Place
from redstick.kernel.values import Command, Decision, Event, Instant, Rejection, command, event

if TYPE_CHECKING:
    from redstick.dispatch.state import Dispatch
    from redstick.kernel.domain import Appliers, Deciders


class CallState(StrEnum):
    """Where a call is in its life."""

    PRESENTED = "presented"
    ANSWERED = "answered"
    ABANDONED = "abandoned"
    ENDED = "ended"


class Call(msgspec.Struct):
    """One contact, as it is now."""

    id: str
    received_at: Instant
    state: CallState = CallState.PRESENTED
    source: str = ""
    callback: str = ""
    place: Place = msgspec.field(default_factory=Place)
    seat: str = ""
    answered_at: Instant | None = None
    ended_at: Instant | None = None
    incident: str = ""


@event("dispatch.call_received", subjects=("call",))
class CallReceived(Event, frozen=True):
    """A call is here: written down before anyone is told so."""

    call: str
    source: str
    callback: str = ""
    place: Place = Place()


@event("dispatch.call_answered", subjects=("call",))
class CallAnswered(Event, frozen=True):
    """A seat took the call."""

    call: str
    seat: str


@event("dispatch.call_abandoned", subjects=("call",))
class CallAbandoned(Event, frozen=True):
    """The caller hung up before anyone answered: a call back is owed."""

    call: str


@event("dispatch.call_ended", subjects=("call",))
class CallEnded(Event, frozen=True):
    """The conversation is over."""

    call: str


@event("dispatch.call_attached", subjects=("call", "incident"))
class CallAttached(Event, frozen=True):
    """The call speaks of this incident; `before` is the one it spoke of until now, "" for none."""

    call: str
    incident: str
    before: str = ""


@event("dispatch.call_detached", subjects=("call", "incident"))
class CallDetached(Event, frozen=True):
    """The call does not speak of this incident after all."""

    call: str
    incident: str


@command("dispatch.receive_call")
class ReceiveCall(Command, frozen=True):
    """Write down a call that has come in."""

    call: str
    source: str
    callback: str = ""
    place: Place = Place()


@command("dispatch.answer_call")
class AnswerCall(Command, frozen=True):
    """Claim a ringing call for a seat."""

    call: str
    seat: str


@command("dispatch.abandon_call")
class AbandonCall(Command, frozen=True):
    """Say that the caller hung up before an answer."""

    call: str


@command("dispatch.end_call")
class EndCall(Command, frozen=True):
    """Say that the conversation is over."""

    call: str


@command("dispatch.attach_call")
class AttachCall(Command, frozen=True):
    """Say which incident a call speaks of; moving it from another is said the same way."""

    call: str
    incident: str


@command("dispatch.detach_call")
class DetachCall(Command, frozen=True):
    """Take back that a call speaks of its incident."""

    call: str


def decide_receive_call(state: Dispatch, asked: ReceiveCall, now: Instant) -> Decision:
    """Rejections: `call_known` (ids are never used twice)."""
    del now
    if asked.call in state.calls:
        return Rejection("call_known", {"call": asked.call})
    return [CallReceived(asked.call, asked.source, asked.callback, asked.place)]


def apply_call_received(state: Dispatch, happened: CallReceived, at: Instant) -> None:
    """The call rings."""
    state.calls[happened.call] = Call(
        happened.call, at, source=happened.source, callback=happened.callback, place=happened.place
    )


def decide_answer_call(state: Dispatch, asked: AnswerCall, now: Instant) -> Decision:
    """One seat wins. Rejections: `call_unknown`, `call_taken` (says by whom), `call_over`."""
    del now
    call = state.calls.get(asked.call)
    if call is None:
        return Rejection("call_unknown", {"call": asked.call})
    if call.state is CallState.ANSWERED:
        return [] if call.seat == asked.seat else Rejection("call_taken", {"call": call.id, "seat": call.seat})
    if call.state is not CallState.PRESENTED:
        return Rejection("call_over", {"call": call.id, "state": call.state})
    return [CallAnswered(asked.call, asked.seat)]


def apply_call_answered(state: Dispatch, happened: CallAnswered, at: Instant) -> None:
    """The seat holds the call."""
    call = state.calls[happened.call]
    call.state, call.seat, call.answered_at = CallState.ANSWERED, happened.seat, at


def decide_abandon_call(state: Dispatch, asked: AbandonCall, now: Instant) -> Decision:
    """Rejections: `call_unknown`, `call_over`, `call_taken` (an answered call ends, it is not abandoned)."""
    del now
    call = state.calls.get(asked.call)
    if call is None:
        return Rejection("call_unknown", {"call": asked.call})
    if call.state is CallState.ANSWERED:
        return Rejection("call_taken", {"call": call.id, "seat": call.seat})
    if call.state is not CallState.PRESENTED:
        return Rejection("call_over", {"call": call.id, "state": call.state})
    return [CallAbandoned(asked.call)]


def apply_call_abandoned(state: Dispatch, happened: CallAbandoned, at: Instant) -> None:
    """It waits for a call back."""
    call = state.calls[happened.call]
    call.state, call.ended_at = CallState.ABANDONED, at


def decide_end_call(state: Dispatch, asked: EndCall, now: Instant) -> Decision:
    """Rejections: `call_unknown`. Ending twice changes nothing."""
    del now
    call = state.calls.get(asked.call)
    if call is None:
        return Rejection("call_unknown", {"call": asked.call})
    return [] if call.state is CallState.ENDED else [CallEnded(asked.call)]


def apply_call_ended(state: Dispatch, happened: CallEnded, at: Instant) -> None:
    """Over; its link to an incident stays and may still change."""
    call = state.calls[happened.call]
    call.state, call.ended_at = CallState.ENDED, at


def decide_attach_call(state: Dispatch, asked: AttachCall, now: Instant) -> Decision:
    """Rejections: `call_unknown`, `incident_unknown`."""
    del now
    call = state.calls.get(asked.call)
    if call is None:
        return Rejection("call_unknown", {"call": asked.call})
    if asked.incident not in state.incidents:
        return Rejection("incident_unknown", {"incident": asked.incident})
    return [] if call.incident == asked.incident else [CallAttached(asked.call, asked.incident, call.incident)]


def apply_call_attached(state: Dispatch, happened: CallAttached, at: Instant) -> None:
    """The call leaves the incident it spoke of before and joins the other."""
    del at
    if happened.before:
        state.incidents[happened.before].calls.remove(happened.call)
    state.calls[happened.call].incident = happened.incident
    state.incidents[happened.incident].calls.append(happened.call)


def decide_detach_call(state: Dispatch, asked: DetachCall, now: Instant) -> Decision:
    """Rejections: `call_unknown`. A call without an incident has nothing to take back."""
    del now
    call = state.calls.get(asked.call)
    if call is None:
        return Rejection("call_unknown", {"call": asked.call})
    return [CallDetached(asked.call, call.incident)] if call.incident else []


def apply_call_detached(state: Dispatch, happened: CallDetached, at: Instant) -> None:
    """The call stands alone again."""
    del at
    state.calls[happened.call].incident = ""
    state.incidents[happened.incident].calls.remove(happened.call)


DECIDERS: Deciders = {
    ReceiveCall: decide_receive_call,
    AnswerCall: decide_answer_call,
    AbandonCall: decide_abandon_call,
    EndCall: decide_end_call,
    AttachCall: decide_attach_call,
    DetachCall: decide_detach_call,
}
APPLIERS: Appliers = {
    CallReceived: apply_call_received,
    CallAnswered: apply_call_answered,
    CallAbandoned: apply_call_abandoned,
    CallEnded: apply_call_ended,
    CallAttached: apply_call_attached,
    CallDetached: apply_call_detached,
}
