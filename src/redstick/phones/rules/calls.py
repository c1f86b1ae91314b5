"""Calls of the city's phones: how each was routed, who answered, what it occupied; and 911, told on site at once.

A call is decided by the same pure function that a tester asks (`routing.deciding`), so what was shown is what is done.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec

from redstick.kernel.timers import Start
from redstick.kernel.values import Command, Decision, Event, Instant, Rejection, command, event
from redstick.phones.lookups import elin_for, extension_of, number_without_elin, site_of, user_name
from redstick.phones.numbering import HuntGroup, Orbit
from redstick.phones.ports import Step
from redstick.phones.routing.deciding import route
from redstick.phones.routing.trace import Verdict
from redstick.phones.rules.notices import ESCALATE_AFTER_MS, EscalateNotice
from redstick.phones.state import ElinUse, Notice, NoticeKind, PhoneCall, Phones, Site

if TYPE_CHECKING:
    from collections.abc import Iterable

    from redstick.kernel.domain import Appliers, Deciders
    from redstick.kernel.timers import TimerRules

CALLBACK_MS = 60 * 60_000  # so long an ELIN reaches who called 911, whatever they are set to


@event("phones.call_begun", subjects=("call", "caller", "dialled"))
class CallBegun(Event, frozen=True):
    """Somebody dialled: what it became, in steps and in words."""

    call: str
    caller: str
    dialled: str
    verdict: str
    steps: tuple[Step, ...]
    words: tuple[str, ...]
    device: str = ""
    caller_id: str = ""
    leg: str = ""
    code: str = ""


@event("phones.emergency_dialled", subjects=("call", "number", "elin"))
class EmergencyDialled(Event, frozen=True):
    """911 was dialled in the house: from which extension, where, how it is called back, and who is told there."""

    call: str
    number: str
    callback: str
    site: str
    location: str
    told: tuple[str, ...]
    device: str = ""
    elin: str = ""


@event("phones.call_answered", subjects=("call", "by"))
class CallAnswered(Event, frozen=True):
    """Somebody answered, or it is on a trunk."""

    call: str
    by: str
    group: str = ""
    trunk: str = ""


@event("phones.call_parked", subjects=("call", "orbit", "by"))
class CallParked(Event, frozen=True):
    """It waits in an orbit; whoever it was parked by is free."""

    call: str
    orbit: str
    by: str = ""


@event("phones.call_picked_up", subjects=("call", "orbit", "by"))
class CallPickedUp(Event, frozen=True):
    """Somebody took it out of its orbit."""

    call: str
    orbit: str
    by: str


@event("phones.call_handed_on", subjects=("call", "by", "to"))
class CallHandedOn(Event, frozen=True):
    """Somebody has left it, and another is in their place; it ends with `leg` from now on."""

    call: str
    by: str
    to: str
    leg: str


@event("phones.call_ended", subjects=("call", "caller", "answered_by", "trunk"))
class CallEnded(Event, frozen=True):
    """The record of a call that is over."""

    call: str
    caller: str
    dialled: str
    verdict: str
    began_at: Instant
    cause: str
    answered_by: str = ""
    answered_at: Instant | None = None
    trunk: str = ""


@command("phones.begin_call")
class BeginPhoneCall(Command, frozen=True):
    """Say that somebody dialled.

    `leg` is the leg of voice on which they do, with which the call ends; `shown` the number that a 911 call shows
    already.
    """

    call: str
    caller: str
    dialled: str
    device: str = ""
    leg: str = ""
    shown: str = ""


@command("phones.answer_call")
class AnswerPhoneCall(Command, frozen=True):
    """Say who answered, through which hunt group; or which trunk took it."""

    call: str
    by: str
    group: str = ""
    trunk: str = ""


@command("phones.park_call")
class ParkCall(Command, frozen=True):
    """Park an answered call in an orbit."""

    call: str
    orbit: str


@command("phones.pick_up")
class PickUp(Command, frozen=True):
    """Take a parked call."""

    orbit: str
    by: str


@command("phones.hand_on_call")
class HandOnCall(Command, frozen=True):
    """Say that one of two who speak has put another in their place, with whom they spoke too; `leg` is who stays."""

    call: str
    by: str
    to: str
    leg: str


@command("phones.end_call")
class EndPhoneCall(Command, frozen=True):
    """Say that a call is over."""

    call: str
    cause: str = ""


def decide_begin_call(state: Phones, asked: BeginPhoneCall, now: Instant) -> Decision:
    """A refused call is a fact too. 911 is never refused. Rejections: `call_unnamed`, `call_known`."""
    if not asked.call.strip():
        return Rejection("call_unnamed")
    if asked.call in state.calls:
        return Rejection("call_known", {"call": asked.call})
    made = route(state, asked.caller, asked.dialled, now, asked.device)
    begun = CallBegun(
        asked.call, asked.caller, asked.dialled, made.verdict, made.steps, made.words, asked.device, made.caller_id,
        asked.leg, made.code,
    )  # fmt: skip
    return [begun, _emergency(state, asked, now)] if made.verdict is Verdict.EMERGENCY else [begun]


def apply_call_begun(state: Phones, happened: CallBegun, at: Instant) -> None:
    """It goes on until its end is told."""
    state.calls[happened.call] = PhoneCall(
        happened.call, happened.caller, happened.dialled, happened.verdict, at, happened.device, leg=happened.leg
    )


def apply_emergency_dialled(state: Phones, happened: EmergencyDialled, at: Instant) -> None:
    """Whoever is named is owed the notice; the ELIN leads back for an hour."""
    who = f"{happened.number} {user_name(state, happened.number)}".strip()
    text = f"911 was dialled from {who} at {happened.location or 'a place nobody knows'}; call back {happened.callback}"
    state.notices[happened.call] = Notice(happened.call, NoticeKind.EMERGENCY, happened.call, happened.told, text, at)
    if happened.elin:
        state.elins[happened.elin] = ElinUse(happened.number, happened.device, happened.call, at + CALLBACK_MS)


def time_emergency(happened: EmergencyDialled, now: Instant) -> Iterable[Start]:
    """Silence is escalated."""
    yield Start(f"notice:{happened.call}", now + ESCALATE_AFTER_MS, EscalateNotice(happened.call))


def decide_answer_call(state: Phones, asked: AnswerPhoneCall, now: Instant) -> Decision:
    """Rejections: `call_unknown`, `call_answered`, `trunk_unknown`."""
    del now
    call = state.calls.get(asked.call)
    if call is None:
        return Rejection("call_unknown", {"call": asked.call})
    if call.answered_at is not None:
        return [] if call.answered_by == asked.by else Rejection("call_answered", {"by": call.answered_by})
    if asked.trunk and asked.trunk not in state.trunks:
        return Rejection("trunk_unknown", {"trunk": asked.trunk})
    return [CallAnswered(asked.call, asked.by, asked.group, asked.trunk)]


def apply_call_answered(state: Phones, happened: CallAnswered, at: Instant) -> None:
    """Whoever answered speaks, and in a round robin it is the next one's turn."""
    call = state.calls[happened.call]
    state.calls[call.id] = msgspec.structs.replace(call, answered_by=happened.by, answered_at=at, trunk=happened.trunk)
    if isinstance(state.numbers.get(happened.group), HuntGroup):
        state.turns[happened.group] = happened.by


def decide_park_call(state: Phones, asked: ParkCall, now: Instant) -> Decision:
    """Rejections: `call_unknown`, `call_unanswered`, `not_an_orbit`, `orbit_taken`, `emergency_stays`."""
    del now
    call = state.calls.get(asked.call)
    if call is None:
        return Rejection("call_unknown", {"call": asked.call})
    if call.verdict == Verdict.EMERGENCY:
        return Rejection("emergency_stays", {"call": asked.call})
    if call.answered_at is None:
        return Rejection("call_unanswered", {"call": asked.call})
    if not isinstance(state.numbers.get(asked.orbit), Orbit):
        return Rejection("not_an_orbit", {"number": asked.orbit})
    if any(one.orbit == asked.orbit for one in state.calls.values()):
        return Rejection("orbit_taken", {"orbit": asked.orbit})
    return [CallParked(asked.call, asked.orbit, call.answered_by)]


def apply_call_parked(state: Phones, happened: CallParked, at: Instant) -> None:
    """Whoever parked it is free."""
    call = state.calls[happened.call]
    if happened.by in state.numbers:
        state.idle_since[happened.by] = at
    state.calls[call.id] = msgspec.structs.replace(call, orbit=happened.orbit, answered_by="")


def decide_pick_up(state: Phones, asked: PickUp, now: Instant) -> Decision:
    """Rejections: `nobody_parked`, `number_unknown` (of whoever picks up)."""
    del now
    parked = next((call for call in state.calls.values() if asked.orbit and call.orbit == asked.orbit), None)
    if parked is None:
        return Rejection("nobody_parked", {"orbit": asked.orbit})
    if extension_of(state, asked.by) is None:
        return Rejection("number_unknown", {"number": asked.by})
    return [CallPickedUp(parked.id, asked.orbit, asked.by)]


def apply_call_picked_up(state: Phones, happened: CallPickedUp, at: Instant) -> None:
    """They speak."""
    del at
    call = state.calls[happened.call]
    state.calls[call.id] = msgspec.structs.replace(call, orbit="", answered_by=happened.by)


def decide_hand_on_call(state: Phones, asked: HandOnCall, now: Instant) -> Decision:
    """Rejections: `call_unknown`, `call_unanswered`, `not_in_call`, `emergency_stays`."""
    del now
    call = state.calls.get(asked.call)
    if call is None:
        return Rejection("call_unknown", {"call": asked.call})
    if call.verdict == Verdict.EMERGENCY:
        return Rejection("emergency_stays", {"call": asked.call})
    if call.answered_at is None:
        return Rejection("call_unanswered", {"call": asked.call})
    if asked.by not in (call.caller, call.answered_by):
        return Rejection("not_in_call", {"number": asked.by})
    return [CallHandedOn(asked.call, asked.by, asked.to, asked.leg)]


def apply_call_handed_on(state: Phones, happened: CallHandedOn, at: Instant) -> None:
    """Whoever left is free. The record names who spoke last; who was there before is in the journal."""
    call = state.calls[happened.call]
    if happened.by in state.numbers:
        state.idle_since[happened.by] = at
    place = {"answered_by": happened.to} if happened.by == call.answered_by else {"caller": happened.to, "device": ""}
    state.calls[call.id] = msgspec.structs.replace(call, leg=happened.leg, **place)


def decide_end_call(state: Phones, asked: EndPhoneCall, now: Instant) -> Decision:
    """Rejections: `call_unknown` (it may be over: a call ends once)."""
    del now
    call = state.calls.get(asked.call)
    if call is None:
        return Rejection("call_unknown", {"call": asked.call})
    return [
        CallEnded(
            call.id, call.caller, call.dialled, call.verdict, call.began_at, asked.cause, call.answered_by,
            call.answered_at, call.trunk,
        )
    ]  # fmt: skip


def apply_call_ended(state: Phones, happened: CallEnded, at: Instant) -> None:
    """Its record is in the journal; its parties are idle from now on."""
    del state.calls[happened.call]
    for number in (happened.caller, happened.answered_by):
        if number in state.numbers:
            state.idle_since[number] = at


def _emergency(state: Phones, asked: BeginPhoneCall, now: Instant) -> EmergencyDialled:
    """Who is told where. A caller whose place is unknown is told of at every site, rather than at none."""
    site = site_of(state, asked.caller, asked.device)
    told = site.contacts if site is not None else _everybody(state.sites.values())
    elin = asked.shown if site is not None and asked.shown in site.elins else elin_for(state, site, now)
    callback = elin or number_without_elin(state, asked.caller)
    where, words = (site.id, site.words) if site is not None else ("", "")
    return EmergencyDialled(asked.call, asked.caller, callback, where, words, told, asked.device, elin)


def _everybody(sites: Iterable[Site]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(contact for site in sites for contact in site.contacts))


DECIDERS: Deciders = {
    BeginPhoneCall: decide_begin_call,
    AnswerPhoneCall: decide_answer_call,
    ParkCall: decide_park_call,
    PickUp: decide_pick_up,
    HandOnCall: decide_hand_on_call,
    EndPhoneCall: decide_end_call,
}
APPLIERS: Appliers = {
    CallBegun: apply_call_begun,
    EmergencyDialled: apply_emergency_dialled,
    CallAnswered: apply_call_answered,
    CallParked: apply_call_parked,
    CallPickedUp: apply_call_picked_up,
    CallHandedOn: apply_call_handed_on,
    CallEnded: apply_call_ended,
}
TIMERS: TimerRules = {EmergencyDialled: time_emergency}
