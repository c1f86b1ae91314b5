"""Losses: an engine that is gone, and callers who were cut off in mid-word.

Of a caller who was spoken with and whose leg nobody ended, number and places are kept until they are heard again: they
are called back by one command, or call again, or a person closes it by name.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec

from redstick.kernel.values import Command, Decision, Event, Instant, Rejection, command, event
from redstick.published.comms import Fix

if TYPE_CHECKING:
    from redstick.comms.rules.legs import Leg
    from redstick.comms.state import Comms
    from redstick.kernel.domain import Appliers, Deciders


class Lost(msgspec.Struct):
    """A caller who was cut off: the number, the places that were known, who had them."""

    leg: str
    number: str
    since: Instant
    call: str = ""
    seat: str = ""
    fixes: tuple[Fix, ...] = ()


class Down(msgspec.Struct, frozen=True):
    """An engine that carries no voice, since when and why."""

    since: Instant
    why: str = ""


@event("comms.caller_lost", subjects=("leg", "call"))
class CallerLost(Event, frozen=True):
    """A caller was cut off while somebody spoke with them."""

    leg: str
    number: str
    call: str = ""
    seat: str = ""
    fixes: tuple[Fix, ...] = ()


@event("comms.caller_found", subjects=("leg", "by_leg"))
class CallerFound(Event, frozen=True):
    """They are heard again, on another leg; or a person (`by`) closed it, and why."""

    leg: str
    by_leg: str = ""
    by: str = ""
    why: str = ""


@event("comms.engine_lost", subjects=())
class EngineLost(Event, frozen=True):
    """An engine that carries voice is gone."""

    engine: str
    why: str = ""


@event("comms.engine_found", subjects=())
class EngineFound(Event, frozen=True):
    """It carries voice again."""

    engine: str


@command("comms.report_engine")
class ReportEngine(Command, frozen=True):
    """Say whether an engine carries voice."""

    engine: str
    up: bool
    why: str = ""


@command("comms.close_lost_caller")
class CloseLostCaller(Command, frozen=True):
    """Say by name that a caller who was cut off need not be called."""

    leg: str
    by: str
    why: str


def decide_report_engine(state: Comms, asked: ReportEngine, now: Instant) -> Decision:
    """What is so already changes nothing. Rejections: `engine_unnamed`."""
    del now
    if not asked.engine.strip():
        return Rejection("engine_unnamed")
    if asked.up:
        return [EngineFound(asked.engine)] if asked.engine in state.engines_lost else []
    return [] if asked.engine in state.engines_lost else [EngineLost(asked.engine, asked.why)]


def apply_engine_lost(state: Comms, happened: EngineLost, at: Instant) -> None:
    """Since then; what it carried ends leg by leg."""
    state.engines_lost[happened.engine] = Down(at, happened.why)


def apply_engine_found(state: Comms, happened: EngineFound, at: Instant) -> None:
    """It is there."""
    del at
    del state.engines_lost[happened.engine]


def cut_off(state: Comms, leg: Leg, who: str) -> list[Event]:
    """What it means that `who` ended a leg: nothing, unless nobody did and somebody was speaking with its caller."""
    conversation = state.conversations.get(leg.id)
    if who != "nobody" or leg.placing is not None or not leg.arrival.number or conversation is None:
        return []
    seat = next(iter(conversation.parties))
    return [CallerLost(leg.id, leg.arrival.number, leg.call, seat, tuple(leg.fixes))]


def apply_caller_lost(state: Comms, happened: CallerLost, at: Instant) -> None:
    """In sight until they are heard."""
    state.lost[happened.leg] = Lost(happened.leg, happened.number, at, happened.call, happened.seat, happened.fixes)


def heard_again(state: Comms, number: str, leg: str) -> list[Event]:
    """What somebody's speaking with a number on another leg settles; numbers are compared by their digits."""
    digits = digits_of(number)
    if not digits:
        return []
    return [CallerFound(one.leg, leg) for one in state.lost.values() if digits_of(one.number) == digits]


def digits_of(number: str) -> str:
    """A number as it is compared: its digits without the country code of the United States."""
    digits = "".join(sign for sign in number.partition("@")[0] if sign.isdecimal())
    return digits[1:] if len(digits) == 11 and digits.startswith("1") else digits


def apply_caller_found(state: Comms, happened: CallerFound, at: Instant) -> None:
    """Nothing is left to do."""
    del at
    state.lost.pop(happened.leg, None)


def decide_close_lost_caller(state: Comms, asked: CloseLostCaller, now: Instant) -> Decision:
    """Rejections: `leg_unknown`, `name_and_reason_needed`."""
    del now
    if asked.leg not in state.lost:
        return Rejection("leg_unknown", {"leg": asked.leg})
    if not asked.by.strip() or not asked.why.strip():
        return Rejection("name_and_reason_needed", {"leg": asked.leg})
    return [CallerFound(asked.leg, "", asked.by, asked.why)]


DECIDERS: Deciders = {ReportEngine: decide_report_engine, CloseLostCaller: decide_close_lost_caller}
APPLIERS: Appliers = {
    EngineLost: apply_engine_lost,
    EngineFound: apply_engine_found,
    CallerLost: apply_caller_lost,
    CallerFound: apply_caller_found,
}
