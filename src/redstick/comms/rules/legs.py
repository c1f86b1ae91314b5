"""Legs: one endpoint each, from the moment it is offered, or placed by us, to the one moment at which it is over.

A leg is written down before it is answered, so that no crash of anything loses whoever called. It ends once, ever: who
tells an end again is told nothing. What came with it is kept as it came; ids that did not come are given, and said to
be ours.
"""

from __future__ import annotations

from enum import StrEnum
from typing import TYPE_CHECKING

import msgspec

from redstick.kernel.values import Command, Decision, Event, Instant, Rejection, command, event
from redstick.published.comms import Arrival, Fix, LegEnded, LegOffered, LegRelocated, LineKind, Placing

if TYPE_CHECKING:
    from redstick.comms.state import Comms
    from redstick.kernel.domain import Appliers, Deciders

MOST_FIXES = 32  # of one message; a document that says more is no location


class LegState(StrEnum):
    """Where a leg is in its life; one that is over is not here."""

    OFFERED = "offered"
    PLACED = "placed"  # by us, and not answered yet
    ANSWERED = "answered"


class Leg(msgspec.Struct):
    """One endpoint, as it is now. Of what arrived the message stays in the journal; `fixes` are all that are known.

    `placing` says why we placed it, None where it came in; `taken_at` is when somebody first spoke there.
    """

    id: str
    arrival: Arrival
    offered_at: Instant
    state: LegState = LegState.OFFERED
    call: str = ""
    fixes: list[Fix] = msgspec.field(default_factory=list)
    codec: str = ""
    answered_at: Instant | None = None
    placing: Placing | None = None
    taken_at: Instant | None = None
    tag: str = ""


@event("comms.leg_answered", subjects=("leg", "call"))
class LegAnswered(Event, frozen=True):
    """The leg was answered and hears us; `codec` is that of its voice, "" where it has none yet."""

    leg: str
    call: str = ""
    codec: str = ""


@command("comms.offer_leg")
class OfferLeg(Command, frozen=True):
    """Write down a leg that came in; `call` is the new id of a 911 call for dispatch, "" on another line."""

    leg: str
    arrival: Arrival
    call: str = ""


@command("comms.answer_leg")
class AnswerLeg(Command, frozen=True):
    """Say that a leg was answered."""

    leg: str
    codec: str = ""


@command("comms.relocate_leg")
class RelocateLeg(Command, frozen=True):
    """Say that another location came for a leg."""

    leg: str
    fixes: tuple[Fix, ...]


@command("comms.end_leg")
class EndLeg(Command, frozen=True):
    """Say that a leg is over, and who ended it: them, us or nobody."""

    leg: str
    who: str
    cause: str
    packets_in: int = 0
    packets_out: int = 0


def decide_offer_leg(state: Comms, asked: OfferLeg, now: Instant) -> Decision:
    """Rejections: `leg_unnamed`, `leg_known`, `call_needed` (of a 911 leg), `call_not_for_dispatch` (of another).

    `too_many_fixes` too: whoever reads a message leaves out what is beyond the limit, and flags it. A leg of the phones
    may be offered once more as a 911 leg: it called for help, and nobody elsewhere has answered.
    """
    del now
    if not asked.leg.strip():
        return Rejection("leg_unnamed")
    emergency, known = asked.arrival.line is LineKind.EMERGENCY, state.legs.get(asked.leg)
    if known is not None and not (emergency and known.arrival.line is LineKind.PHONE):
        return Rejection("leg_known", {"leg": asked.leg})
    if emergency != bool(asked.call):
        return Rejection("call_needed" if emergency else "call_not_for_dispatch", {"leg": asked.leg})
    if len(asked.arrival.fixes) > MOST_FIXES:
        return Rejection("too_many_fixes", {"leg": asked.leg, "at_most": MOST_FIXES})
    return [LegOffered(asked.leg, asked.arrival, asked.call)]


def apply_leg_offered(state: Comms, happened: LegOffered, at: Instant) -> None:
    """It waits for an answer; its message stays in the journal."""
    arrival = msgspec.structs.replace(happened.arrival, message="", fixes=())
    fixes = list(happened.arrival.fixes)
    state.legs[happened.leg] = Leg(happened.leg, arrival, at, call=happened.call, fixes=fixes)


def decide_answer_leg(state: Comms, asked: AnswerLeg, now: Instant) -> Decision:
    """Answering twice is as once. Rejections: `leg_unknown` (it may be over)."""
    del now
    leg = state.legs.get(asked.leg)
    if leg is None:
        return Rejection("leg_unknown", {"leg": asked.leg})
    return [] if leg.state is LegState.ANSWERED else [LegAnswered(leg.id, leg.call, asked.codec)]


def apply_leg_answered(state: Comms, happened: LegAnswered, at: Instant) -> None:
    """It hears us."""
    leg = state.legs[happened.leg]
    leg.state, leg.codec, leg.answered_at = LegState.ANSWERED, happened.codec, at


def decide_relocate_leg(state: Comms, asked: RelocateLeg, now: Instant) -> Decision:
    """A location that is known already says nothing new. Rejections: `leg_unknown`."""
    del now
    leg = state.legs.get(asked.leg)
    if leg is None:
        return Rejection("leg_unknown", {"leg": asked.leg})
    new = tuple(fix for fix in asked.fixes[:MOST_FIXES] if fix not in leg.fixes)
    return [LegRelocated(leg.id, new, leg.call)] if new else []


def apply_leg_relocated(state: Comms, happened: LegRelocated, at: Instant) -> None:
    """Kept behind those that are known: none is overwritten; the last ones are held live."""
    del at
    leg = state.legs[happened.leg]
    leg.fixes = [*leg.fixes, *happened.fixes][-MOST_FIXES:]


def decide_end_leg(state: Comms, asked: EndLeg, now: Instant) -> Decision:
    """Rejections: `leg_unknown` (it may be over: a leg ends once), `who_unknown`."""
    del now
    leg = state.legs.get(asked.leg)
    if leg is None:
        return Rejection("leg_unknown", {"leg": asked.leg})
    if asked.who not in {"them", "us", "nobody"}:
        return Rejection("who_unknown", {"who": asked.who})
    return [LegEnded(leg.id, asked.who, asked.cause, leg.call, asked.packets_in, asked.packets_out)]


def apply_leg_ended(state: Comms, happened: LegEnded, at: Instant) -> None:
    """It is not here any more."""
    del at
    del state.legs[happened.leg]


# OfferLeg is registered in `waiting`, AnswerLeg and EndLeg in `placing`, which add what follows for others.
DECIDERS: Deciders = {RelocateLeg: decide_relocate_leg}
APPLIERS: Appliers = {
    LegOffered: apply_leg_offered,
    LegRelocated: apply_leg_relocated,
}
