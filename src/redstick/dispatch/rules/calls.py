"""Calls: one contact each, by voice, text, alarm or on foot.

A call is never merged away: it belongs to no incident or to one, and may be moved, and is never deleted. Exactly one
seat answers it; the others are told who did. It is that seat's until somebody is known to be there no more: then any
seat may take it. Where a call may go is the table `MAY_GO`, total over the states (dispatch
reference, section 2). What is owed to callers who hung up too soon is in `callbacks`.
"""

from __future__ import annotations

from enum import StrEnum
from typing import TYPE_CHECKING

import msgspec

from redstick.dispatch.place import Located, Place
from redstick.kernel.values import Command, Decision, Event, Instant, Rejection, command, event
from redstick.published.dispatch import CallAnswered, CallHeld, CallLeft, CallResumed

if TYPE_CHECKING:
    from redstick.dispatch.state import Dispatch
    from redstick.kernel.domain import Appliers, Deciders


class CallState(StrEnum):
    """Where a call is in its life."""

    PRESENTED = "presented"
    ANSWERED = "answered"
    ON_HOLD = "on_hold"
    TRANSFERRING = "transferring"
    ABANDONED = "abandoned"
    CALLBACK_QUEUED = "callback_queued"
    CALLBACK_REACHED = "callback_reached"
    CALLBACK_EXHAUSTED = "callback_exhausted"
    DIVERTED = "diverted"
    ENDED = "ended"


_S = CallState

# Presented to Ended is for contacts that nobody answers by voice: alarms, texts, and histories without an answer time.
# Abandoned to Ended is for journals from before callbacks were queued. An exhausted number that rings again is owed a
# callback again.
MAY_GO: dict[CallState, tuple[CallState, ...]] = {
    _S.PRESENTED: (_S.ANSWERED, _S.ABANDONED, _S.DIVERTED, _S.ENDED),
    _S.ANSWERED: (_S.ON_HOLD, _S.TRANSFERRING, _S.ENDED),
    _S.ON_HOLD: (_S.ANSWERED, _S.TRANSFERRING, _S.ENDED),
    _S.TRANSFERRING: (_S.ANSWERED, _S.ON_HOLD, _S.ENDED),
    _S.ABANDONED: (_S.CALLBACK_QUEUED, _S.ENDED),
    _S.CALLBACK_QUEUED: (_S.CALLBACK_REACHED, _S.CALLBACK_EXHAUSTED),
    _S.CALLBACK_REACHED: (_S.ENDED,),
    _S.CALLBACK_EXHAUSTED: (_S.CALLBACK_QUEUED, _S.ENDED),
    _S.DIVERTED: (_S.ENDED,),
    _S.ENDED: (),
}
SPOKEN = (_S.ANSWERED, _S.ON_HOLD, _S.TRANSFERRING)  # a seat has it, and no other may claim it


class Call(msgspec.Struct):
    """One contact, as it is now. `to` is where it is being transferred or was diverted.

    `left` while the seat that has it is gone and no other has taken it; `held_at` while its caller waits on the line.
    """

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
    to: str = ""
    supplemental: list[Located] = msgspec.field(default_factory=list)
    left: bool = False
    held_at: Instant | None = None


@event("dispatch.call_received", subjects=("call",))
class CallReceived(Event, frozen=True):
    """A call is here: written down before anyone is told so."""

    call: str
    source: str
    callback: str = ""
    place: Place = Place()


@event("dispatch.call_transferring", subjects=("call",))
class CallTransferring(Event, frozen=True):
    """The call is offered to another seat, centre or agency, with all that is known of it."""

    call: str
    to: str


@event("dispatch.call_diverted", subjects=("call",))
class CallDiverted(Event, frozen=True):
    """A routing policy sent the call elsewhere before anyone here answered."""

    call: str
    to: str
    reason: str = ""


@event("dispatch.call_abandoned", subjects=("call",))
class CallAbandoned(Event, frozen=True):
    """The caller hung up before anyone answered: a call back is owed. The last two fields are those of `CallEnded`."""

    call: str
    incident: str = ""
    outlasts: bool = False


@event("dispatch.call_ended", subjects=("call",))
class CallEnded(Event, frozen=True):
    """The conversation is over. `incident` is what the call speaks of; `outlasts` says that it is closed already."""

    call: str
    incident: str = ""
    outlasts: bool = False


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
    """Claim a ringing call for a seat, or one whose seat is gone."""

    call: str
    seat: str


@command("dispatch.hold_call")
class HoldCall(Command, frozen=True):
    """Let the caller wait on the line."""

    call: str


@command("dispatch.transfer_call")
class TransferCall(Command, frozen=True):
    """Offer an answered call to another seat, centre or agency."""

    call: str
    to: str


@command("dispatch.resume_call")
class ResumeCall(Command, frozen=True):
    """Speak with the caller again; after a transfer, as the seat that accepted it."""

    call: str
    seat: str


@command("dispatch.leave_call")
class LeaveCall(Command, frozen=True):
    """Nobody speaks with the caller any more, who is there still. Reactions ask this."""

    call: str


@command("dispatch.divert_call")
class DivertCall(Command, frozen=True):
    """Say that a policy sent a ringing call elsewhere."""

    call: str
    to: str
    reason: str = ""


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
    """Rejections: `call_unnamed`, `call_known` (ids are never used twice)."""
    del now
    if not asked.call.strip():
        return Rejection("call_unnamed")
    if asked.call in state.calls:
        return Rejection("call_known", {"call": asked.call})
    return [CallReceived(asked.call, asked.source, asked.callback, asked.place)]


def apply_call_received(state: Dispatch, happened: CallReceived, at: Instant) -> None:
    """The call rings."""
    state.calls[happened.call] = Call(
        happened.call, at, source=happened.source, callback=happened.callback, place=happened.place
    )


def decide_answer_call(state: Dispatch, asked: AnswerCall, now: Instant) -> Decision:
    """One seat wins, until it is gone, and speaks with this caller alone.

    Rejections: `call_unknown`, `call_taken` (says by whom), `call_over`.
    """
    del now
    call = state.calls.get(asked.call)
    if call is not None and call.state in SPOKEN:
        if _is_free(state, call, asked.seat):
            return _alone(state, [CallResumed(asked.call, asked.seat)], asked.seat)
        return [] if call.seat == asked.seat else Rejection("call_taken", {"call": call.id, "seat": call.seat})
    answered = CallAnswered(asked.call, asked.seat)
    return _alone(state, _go(state, asked.call, CallState.ANSWERED, answered), asked.seat)


def apply_call_answered(state: Dispatch, happened: CallAnswered, at: Instant) -> None:
    """The seat holds the call."""
    call = state.calls[happened.call]
    call.state, call.seat, call.answered_at = CallState.ANSWERED, happened.seat, at


def decide_hold_call(state: Dispatch, asked: HoldCall, now: Instant) -> Decision:
    """Rejections: `call_unknown`, `call_not_answered`, `call_over`. Holding twice changes nothing."""
    del now
    return _go(state, asked.call, CallState.ON_HOLD, CallHeld(asked.call))


def apply_call_held(state: Dispatch, happened: CallHeld, at: Instant) -> None:
    """On hold; the seat keeps it, whomever it was offered to."""
    call = state.calls[happened.call]
    call.state, call.to, call.held_at = CallState.ON_HOLD, "", at


def decide_transfer_call(state: Dispatch, asked: TransferCall, now: Instant) -> Decision:
    """Rejections: `call_unknown`, `call_not_answered`, `call_over`, `target_needed`."""
    del now
    if not asked.to.strip():
        return Rejection("target_needed", {"call": asked.call})
    return _go(state, asked.call, CallState.TRANSFERRING, CallTransferring(asked.call, asked.to))


def apply_call_transferring(state: Dispatch, happened: CallTransferring, at: Instant) -> None:
    """The seat keeps it until somebody accepts."""
    del at
    call = state.calls[happened.call]
    call.state, call.to, call.held_at = CallState.TRANSFERRING, happened.to, None


def decide_resume_call(state: Dispatch, asked: ResumeCall, now: Instant) -> Decision:
    """The seat speaks with this caller alone.

    Rejections: `call_unknown`, `call_not_answered` (it rings: answer it), `call_taken`, `call_over`.
    """
    del now
    call = state.calls.get(asked.call)
    if call is not None and call.state is CallState.PRESENTED:
        return Rejection("call_not_answered", {"call": call.id, "state": call.state})
    resumed = CallResumed(asked.call, asked.seat)
    if call is not None and call.state is CallState.ANSWERED and _is_free(state, call, asked.seat):
        return _alone(state, [resumed], asked.seat)
    if call is not None and call.state is CallState.ANSWERED and call.seat != asked.seat:
        return Rejection("call_taken", {"call": call.id, "seat": call.seat})
    return _alone(state, _go(state, asked.call, CallState.ANSWERED, resumed), asked.seat)


def apply_call_resumed(state: Dispatch, happened: CallResumed, at: Instant) -> None:
    """Spoken again; when it was first answered stays."""
    del at
    call = state.calls[happened.call]
    call.state, call.seat, call.to, call.left = CallState.ANSWERED, happened.seat, "", False
    call.held_at = None


def decide_leave_call(state: Dispatch, asked: LeaveCall, now: Instant) -> Decision:
    """Nothing for a call that is no seat's, or that its seat has left already."""
    del now
    call = state.calls.get(asked.call)
    return [CallLeft(call.id, call.seat)] if call is not None and call.state in SPOKEN and not call.left else []


def apply_call_left(state: Dispatch, happened: CallLeft, at: Instant) -> None:
    """Spoken still, by nobody of us; whose it was stays to be seen."""
    del at
    state.calls[happened.call].left = True


def decide_divert_call(state: Dispatch, asked: DivertCall, now: Instant) -> Decision:
    """Rejections: `call_unknown`, `call_taken`, `call_over`, `target_needed`."""
    del now
    if not asked.to.strip():
        return Rejection("target_needed", {"call": asked.call})
    return _go(state, asked.call, CallState.DIVERTED, CallDiverted(asked.call, asked.to, asked.reason))


def apply_call_diverted(state: Dispatch, happened: CallDiverted, at: Instant) -> None:
    """It rings elsewhere."""
    del at
    call = state.calls[happened.call]
    call.state, call.to = CallState.DIVERTED, happened.to


def decide_abandon_call(state: Dispatch, asked: AbandonCall, now: Instant) -> Decision:
    """Rejections: `call_unknown`, `call_over`, `call_taken` (an answered call ends, it is not abandoned)."""
    del now
    return _go(state, asked.call, CallState.ABANDONED, CallAbandoned(asked.call, *spoken_of(state, asked.call)))


def apply_call_abandoned(state: Dispatch, happened: CallAbandoned, at: Instant) -> None:
    """It waits for a call back."""
    call = state.calls[happened.call]
    call.state, call.ended_at = CallState.ABANDONED, at


def decide_end_call(state: Dispatch, asked: EndCall, now: Instant) -> Decision:
    """Rejections: `call_unknown`, `callback_owed` (its callback must be made, or closed by a person)."""
    del now
    call = state.calls.get(asked.call)
    if call is not None and call.state in (CallState.CALLBACK_QUEUED, CallState.CALLBACK_EXHAUSTED):
        return Rejection("callback_owed", {"call": call.id, "callback": call.callback})
    return _go(state, asked.call, CallState.ENDED, call_ended(state, asked.call))


def call_ended(state: Dispatch, name: str) -> CallEnded:
    """The end of a call, whoever or whatever brings it about."""
    return CallEnded(name, *spoken_of(state, name))


def spoken_of(state: Dispatch, name: str) -> tuple[str, bool]:
    """The incident that a call speaks of, "" for none, and whether it is closed already."""
    call = state.calls.get(name)
    incident = state.incidents.get(call.incident) if call is not None else None
    return ("", False) if incident is None else (incident.id, incident.closed_at is not None)


def apply_call_ended(state: Dispatch, happened: CallEnded, at: Instant) -> None:
    """Over; its link to an incident stays and may still change."""
    call = state.calls[happened.call]
    call.state, call.ended_at = CallState.ENDED, at


def decide_attach_call(state: Dispatch, asked: AttachCall, now: Instant) -> Decision:
    """Rejections: `call_unknown`, `incident_unknown`, `incident_replaced` (says which one goes on for it)."""
    del now
    call = state.calls.get(asked.call)
    if call is None:
        return Rejection("call_unknown", {"call": asked.call})
    incident = state.incidents.get(asked.incident)
    if incident is None:
        return Rejection("incident_unknown", {"incident": asked.incident})
    if incident.replaced_by:
        return Rejection("incident_replaced", {"incident": incident.id, "by": incident.replaced_by})
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


def _is_free(state: Dispatch, call: Call, seat: str) -> bool:
    """Whether `seat` may take a call that another has, or had: that one is gone, or its console is lost just now."""
    holder = state.seats.get(call.seat)
    lost = holder is not None and holder.lost_at is not None
    return call.left or (lost and call.seat != seat)


def _alone(state: Dispatch, decided: Decision, seat: str) -> Decision:
    """Before a seat speaks with a caller whomever else it speaks with is put on hold: nobody is left to silence.

    So it is too where a center has telephones of its own, since on each of them one caller is spoken with. A name at
    which nobody has signed on is no seat: a replayed history and a stack of paper cards have many calls at once.
    """
    if isinstance(decided, Rejection) or not decided or seat not in state.seats:
        return decided
    spoken = (one for one in state.calls.values() if one.state is CallState.ANSWERED and one.seat == seat)
    taken = {event.call for event in decided if isinstance(event, CallAnswered | CallResumed)}
    return [*(CallHeld(one.id) for one in spoken if not one.left and one.id not in taken), *decided]


def _go(state: Dispatch, name: str, to: CallState, happened: Event) -> Decision:
    """The event, if the table lets the call go there; nothing, where it is there already."""
    call = state.calls.get(name)
    if call is None:
        return Rejection("call_unknown", {"call": name})
    if call.state is to:
        return [] if to in (CallState.ENDED, CallState.ANSWERED, CallState.ON_HOLD) else _no(call)
    return [happened] if to in MAY_GO[call.state] else _no(call)


def _no(call: Call) -> Rejection:
    if call.state is CallState.PRESENTED:
        return Rejection("call_not_answered", {"call": call.id, "state": call.state})
    if call.state in SPOKEN:
        return Rejection("call_taken", {"call": call.id, "seat": call.seat})
    return Rejection("call_over", {"call": call.id, "state": call.state})


# AnswerCall and AbandonCall are registered in `callbacks`, which adds what is owed to the caller.
DECIDERS: Deciders = {
    ReceiveCall: decide_receive_call,
    HoldCall: decide_hold_call,
    TransferCall: decide_transfer_call,
    ResumeCall: decide_resume_call,
    DivertCall: decide_divert_call,
    EndCall: decide_end_call,
    LeaveCall: decide_leave_call,
    AttachCall: decide_attach_call,
    DetachCall: decide_detach_call,
}
APPLIERS: Appliers = {
    CallReceived: apply_call_received,
    CallAnswered: apply_call_answered,
    CallHeld: apply_call_held,
    CallTransferring: apply_call_transferring,
    CallResumed: apply_call_resumed,
    CallLeft: apply_call_left,
    CallDiverted: apply_call_diverted,
    CallAbandoned: apply_call_abandoned,
    CallEnded: apply_call_ended,
    CallAttached: apply_call_attached,
    CallDetached: apply_call_detached,
}
KERNEL_ONLY: frozenset[type[Command]] = frozenset({LeaveCall})
