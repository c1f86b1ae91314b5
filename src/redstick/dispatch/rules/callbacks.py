"""Callbacks: what is owed to a caller who hung up before anyone answered.

One entry for each number, however often it rang; a withheld number keeps one for each call, since nobody can tell them
apart. An entry ages upward and never expires: a callback reaches the caller, or the number calls again and is answered,
or it is exhausted, and an exhausted one is closed only by a person, by name (dispatch reference, section 2; Dallas,
March 2017).
"""

from __future__ import annotations

from enum import StrEnum
from typing import TYPE_CHECKING

import msgspec

from redstick.dispatch.rules.calls import (
    AbandonCall,
    AnswerCall,
    CallState,
    call_ended,
    decide_abandon_call,
    decide_answer_call,
)
from redstick.kernel.values import Command, Decision, Event, Instant, Rejection, command, event
from redstick.published.dispatch import CallAnswered

if TYPE_CHECKING:
    from redstick.dispatch.rules.calls import Call
    from redstick.dispatch.state import Dispatch
    from redstick.kernel.domain import Appliers, Deciders

MAX_ATTEMPTS = 3  # after so many without an answer a person must look at it
AGEING_MS = 5 * 60_000  # each such while of waiting raises an entry by one level
CLAIM_MS = 5 * 60_000  # how long a seat may be calling a number back before another may
LEVELS = 5  # a fresh entry waits at 3; 1 is the most urgent
RAISED_BY_RINGS = 1  # however often it rang: in a storm most rings are of few numbers, and who rang once waits as well


class Attempt(StrEnum):
    """How one try to call back ended."""

    REACHED = "reached"
    NO_ANSWER = "no_answer"
    BUSY = "busy"
    VOICEMAIL = "voicemail"
    NOT_IN_SERVICE = "not_in_service"


class Callback(msgspec.Struct):
    """One entry of the queue. `calls` are the hang-ups it stands for, the first one first.

    `seat` is trying it since `claimed_at`.
    """

    number: str
    callback: str
    since: Instant
    calls: list[str] = msgspec.field(default_factory=list)
    attempts: list[Attempt] = msgspec.field(default_factory=list)
    seat: str = ""
    exhausted: bool = False
    called_again: str = ""
    claimed_at: Instant | None = None


@event("dispatch.callback_queued", subjects=("calls",))
class CallbackQueued(Event, frozen=True):
    """A callback is owed to this number; `calls` are all its hang-ups, the new one last."""

    number: str
    calls: list[str]
    callback: str = ""


@event("dispatch.callback_claimed", subjects=("calls",))
class CallbackClaimed(Event, frozen=True):
    """A seat is calling the number back; no other does meanwhile."""

    number: str
    seat: str
    calls: list[str] = []


@event("dispatch.callback_left", subjects=("calls",))
class CallbackLeft(Event, frozen=True):
    """The seat that was calling the number back is gone: any seat may try next."""

    number: str
    seat: str
    calls: list[str] = []


@event("dispatch.callback_attempted", subjects=("calls",))
class CallbackAttempted(Event, frozen=True):
    """The number was called back, and nobody was reached."""

    number: str
    seat: str
    result: Attempt
    calls: list[str] = []


@event("dispatch.callback_reached", subjects=("calls",))
class CallbackReached(Event, frozen=True):
    """The caller was reached, or called again (`by_call`) and was answered: nothing is owed any more."""

    number: str
    seat: str
    calls: list[str] = []
    by_call: str = ""


@event("dispatch.callback_exhausted", subjects=("calls",))
class CallbackExhausted(Event, frozen=True):
    """So many attempts reached nobody: a person must say what becomes of it."""

    number: str
    attempts: int
    calls: list[str] = []


@event("dispatch.caller_heard_again", subjects=("call",))
class CallerHeardAgain(Event, frozen=True):
    """The number of an exhausted callback called again and was answered; a person still closes it."""

    number: str
    call: str


@event("dispatch.callback_closed", subjects=("calls",))
class CallbackClosed(Event, frozen=True):
    """A named person closed an exhausted callback, and why."""

    number: str
    by: str
    reason: str
    calls: list[str] = []


@command("dispatch.claim_callback")
class ClaimCallback(Command, frozen=True):
    """Say that this seat calls the number back now."""

    number: str
    seat: str


@command("dispatch.attempt_callback")
class AttemptCallback(Command, frozen=True):
    """Say how calling back ended."""

    number: str
    seat: str
    result: Attempt


@command("dispatch.close_callback")
class CloseCallback(Command, frozen=True):
    """Close an exhausted callback, by name and with a reason."""

    number: str
    by: str
    reason: str


def key_of(call: Call) -> str:
    """Under which number a call's callback is kept: its digits without the country code, or the call itself.

    A withheld or unreadable number has no digits; then the key is the call's id, so that nobody is taken for another.
    """
    return digits_of(call.callback) or f"call:{call.id}"


def digits_of(number: str) -> str:
    """A number as it is compared: its digits, without the country code of the United States; "" where it has none."""
    digits = number if number.isdecimal() else "".join(sign for sign in number if sign.isdecimal())
    return digits[1:] if len(digits) == 11 and digits.startswith("1") else digits


def decide_abandon_and_owe(state: Dispatch, asked: AbandonCall, now: Instant) -> Decision:
    """As `decide_abandon_call`; and a callback is owed."""
    decided = decide_abandon_call(state, asked, now)
    if isinstance(decided, Rejection) or not decided:
        return decided
    call = state.calls[asked.call]
    owed = state.callbacks.get(key_of(call))
    return [*decided, CallbackQueued(key_of(call), [*(owed.calls if owed else ()), call.id], call.callback)]


def apply_callback_queued(state: Dispatch, happened: CallbackQueued, at: Instant) -> None:
    """A repeated ring joins its number's entry, which keeps its age; an exhausted one is to be tried again."""
    owed = state.callbacks.setdefault(happened.number, Callback(happened.number, happened.callback, at))
    owed.calls = list(happened.calls)
    if owed.exhausted:
        owed.exhausted, owed.attempts = False, []
    _set(state, owed.calls, CallState.CALLBACK_QUEUED)


def decide_answer_and_settle(state: Dispatch, asked: AnswerCall, now: Instant) -> Decision:
    """As `decide_answer_call`; and what was owed to this number is settled, since its caller is heard now."""
    decided = decide_answer_call(state, asked, now)
    if isinstance(decided, Rejection) or not any(isinstance(one, CallAnswered) for one in decided):
        return decided
    owed = state.callbacks.get(key_of(state.calls[asked.call]))
    if owed is None:
        return decided
    if owed.exhausted:
        return [*decided, CallerHeardAgain(owed.number, asked.call)]
    reached = CallbackReached(owed.number, asked.seat, list(owed.calls), asked.call)
    return [*decided, reached, *(call_ended(state, call) for call in owed.calls)]


def decide_claim_callback(state: Dispatch, asked: ClaimCallback, now: Instant) -> Decision:
    """One seat wins, until it is gone or `CLAIM_MS` old. Rejections: `callback_unknown`, `callback_taken` (by whom)."""
    owed = state.callbacks.get(asked.number)
    if owed is None:
        return Rejection("callback_unknown", {"number": asked.number})
    if owed.seat and not _is_free(state, owed, asked.seat, now):
        return [] if owed.seat == asked.seat else Rejection("callback_taken", {"number": owed.number, "by": owed.seat})
    return [CallbackClaimed(asked.number, asked.seat, list(owed.calls))]


def apply_callback_claimed(state: Dispatch, happened: CallbackClaimed, at: Instant) -> None:
    """That seat tries it, until it says how that ended."""
    owed = state.callbacks[happened.number]
    owed.seat, owed.claimed_at = happened.seat, at


def apply_callback_left(state: Dispatch, happened: CallbackLeft, at: Instant) -> None:
    """Any seat may try next."""
    del at
    owed = state.callbacks[happened.number]
    owed.seat, owed.claimed_at = "", None


def decide_attempt_callback(state: Dispatch, asked: AttemptCallback, now: Instant) -> Decision:
    """Rejections: `callback_unknown`, `callback_taken` (another seat is trying it).

    Who is reached is spoken with on the latest of the calls; the earlier ones have nothing left to say and end.
    """
    owed = state.callbacks.get(asked.number)
    if owed is None:
        return Rejection("callback_unknown", {"number": asked.number})
    if owed.seat not in ("", asked.seat) and not _is_free(state, owed, asked.seat, now):
        return Rejection("callback_taken", {"number": owed.number, "by": owed.seat})
    calls = list(owed.calls)
    if asked.result is Attempt.REACHED and not owed.exhausted:
        return [CallbackReached(asked.number, asked.seat, calls), *(call_ended(state, call) for call in calls[:-1])]
    tried: list[Event] = [CallbackAttempted(asked.number, asked.seat, asked.result, calls)]
    attempts = len(owed.attempts) + 1
    if attempts >= MAX_ATTEMPTS and not owed.exhausted:
        tried.append(CallbackExhausted(asked.number, attempts, calls))
    return tried


def apply_callback_attempted(state: Dispatch, happened: CallbackAttempted, at: Instant) -> None:
    """Counted; any seat may try next."""
    del at
    owed = state.callbacks[happened.number]
    owed.attempts.append(happened.result)
    owed.seat, owed.claimed_at = "", None


def apply_callback_reached(state: Dispatch, happened: CallbackReached, at: Instant) -> None:
    """The entry leaves the queue."""
    del at
    del state.callbacks[happened.number]
    _set(state, happened.calls, CallState.CALLBACK_REACHED)
    for call in happened.calls:
        state.calls[call].seat = happened.seat


def apply_callback_exhausted(state: Dispatch, happened: CallbackExhausted, at: Instant) -> None:
    """It stays in the queue, in sight, until a person closes it."""
    del at
    state.callbacks[happened.number].exhausted = True
    _set(state, happened.calls, CallState.CALLBACK_EXHAUSTED)


def apply_caller_heard_again(state: Dispatch, happened: CallerHeardAgain, at: Instant) -> None:
    """Whoever closes it sees that the caller was heard."""
    del at
    state.callbacks[happened.number].called_again = happened.call


def decide_close_callback(state: Dispatch, asked: CloseCallback, now: Instant) -> Decision:
    """Rejections: `callback_unknown`, `callback_not_exhausted`, `name_and_reason_needed`."""
    del now
    owed = state.callbacks.get(asked.number)
    if owed is None:
        return Rejection("callback_unknown", {"number": asked.number})
    if not owed.exhausted:
        return Rejection("callback_not_exhausted", {"number": owed.number, "attempts": len(owed.attempts)})
    if not asked.by.strip() or not asked.reason.strip():
        return Rejection("name_and_reason_needed", {"number": owed.number})
    closed = CallbackClosed(asked.number, asked.by, asked.reason, list(owed.calls))
    return [closed, *(call_ended(state, call) for call in owed.calls)]


def apply_callback_closed(state: Dispatch, happened: CallbackClosed, at: Instant) -> None:
    """Nothing is owed to this number any more; who decided so is in the journal."""
    del at
    del state.callbacks[happened.number]


def urgency(owed: Callback, now: Instant) -> int:
    """1, the most urgent, to `LEVELS`: waiting raises it, so that none waits for ever, and ringing again does once."""
    waited = max(0, now - owed.since) // AGEING_MS
    rings = min(RAISED_BY_RINGS, len(owed.calls) - 1)
    return min(LEVELS, max(1, 3 - waited - rings + len(owed.attempts)))


def queue(state: Dispatch, now: Instant) -> list[Callback]:
    """Every entry, exhausted ones too, the most urgent first; of equal ones that which waits longest."""
    return sorted(state.callbacks.values(), key=lambda owed: (urgency(owed, now), owed.since, owed.number))


def _is_free(state: Dispatch, owed: Callback, seat: str, now: Instant) -> bool:
    """Whether `seat` may try what another has claimed: its console is lost, or it has had its time."""
    holder = state.seats.get(owed.seat)
    lost = holder is not None and holder.lost_at is not None
    old = owed.claimed_at is not None and now - owed.claimed_at >= CLAIM_MS
    return (lost or old) and owed.seat != seat


def _set(state: Dispatch, calls: list[str], to: CallState) -> None:
    for call in calls:
        state.calls[call].state = to


DECIDERS: Deciders = {
    AbandonCall: decide_abandon_and_owe,
    AnswerCall: decide_answer_and_settle,
    ClaimCallback: decide_claim_callback,
    AttemptCallback: decide_attempt_callback,
    CloseCallback: decide_close_callback,
}
APPLIERS: Appliers = {
    CallbackQueued: apply_callback_queued,
    CallbackClaimed: apply_callback_claimed,
    CallbackLeft: apply_callback_left,
    CallbackAttempted: apply_callback_attempted,
    CallbackReached: apply_callback_reached,
    CallbackExhausted: apply_callback_exhausted,
    CallerHeardAgain: apply_caller_heard_again,
    CallbackClosed: apply_callback_closed,
}
