"""Placing: legs that we begin, for a callback, for a third party, or just to call somebody; and how every leg ends.

A callback that we place is one thing with the one that is owed (`dispatch/rules/callbacks.py`): the floor hears by what
is published that a seat calls the number, and how that went. No number is called back twice at once.

With whom a seat speaks waits while it calls somebody else; they are spoken with again at once where that comes to
nothing.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from redstick.comms.ports import Role
from redstick.comms.rules.conversations import (
    PartyJoined,
    PartyKind,
    all_left,
    joined_by,
    place_of,
    set_aside,
    speakers,
)
from redstick.comms.rules.handing_on import failed_with
from redstick.comms.rules.legs import (
    AnswerLeg,
    EndLeg,
    Leg,
    LegAnswered,
    LegState,
    apply_leg_answered,
    apply_leg_ended,
    decide_answer_leg,
    decide_end_leg,
)
from redstick.comms.rules.losses import cut_off
from redstick.comms.rules.storms import note_silent
from redstick.comms.rules.texts import note_who_wrote
from redstick.comms.rules.waiting import out_of_line
from redstick.kernel.values import Command, Decision, Event, Instant, Rejection, command, event
from redstick.published.comms import (
    Arrival,
    CallbackPlaced,
    CallbackSettled,
    LegEnded,
    LegHeld,
    LegResumed,
    LineKind,
    Placing,
    Reason,
)

if TYPE_CHECKING:
    from redstick.comms.state import Comms
    from redstick.kernel.domain import Appliers, Deciders

REACHED, BUSY, NO_ANSWER, NOT_IN_SERVICE = "reached", "busy", "no_answer", "not_in_service"
BUSY_CODES = ("486", "600")
GONE_CODES = ("404", "410", "484", "604")
BESIDE = (Reason.CONFERENCE, Reason.PHONE)  # nobody is left for those: they are for who is spoken with, or for no seat


@event("comms.leg_placed", subjects=("leg",))
class LegPlaced(Event, frozen=True):
    """We call somebody, from this number of ours."""

    leg: str
    placing: Placing
    caller: str = ""


@event("comms.leg_progressed", subjects=("leg",))
class LegProgressed(Event, frozen=True):
    """It rings there, or another provisional answer of SIP came (180, 183)."""

    leg: str
    code: int


@command("comms.place_leg")
class PlaceLeg(Command, frozen=True):
    """Call somebody; `leg` is a new id, which makes asking twice harmless. `caller` is the number that is shown."""

    leg: str
    placing: Placing
    caller: str = ""


@command("comms.progress_leg")
class ProgressLeg(Command, frozen=True):
    """Say that a leg that we placed rings."""

    leg: str
    code: int


def decide_place_leg(state: Comms, asked: PlaceLeg, now: Instant) -> Decision:
    """Rejections: `leg_unnamed`, `leg_known`, `target_needed`, `seat_unnamed`, `number_needed` (of a callback).

    `leg_unknown` too, of a conference, and `being_called` (says by whom) of a number that is called back already.
    """
    del now
    placing = asked.placing
    if not asked.leg.strip():
        return Rejection("leg_unnamed")
    if asked.leg in state.legs:
        return Rejection("leg_known", {"leg": asked.leg})
    if not placing.target.strip():
        return Rejection("target_needed", {"leg": asked.leg})
    if not placing.seat.strip() and placing.reason is not Reason.PHONE:
        return Rejection("seat_unnamed")
    if placing.reason is Reason.CONFERENCE and placing.of not in state.legs:
        return Rejection("leg_unknown", {"leg": placing.of})
    placed = LegPlaced(asked.leg, placing, asked.caller)
    if placing.reason in BESIDE:
        return [placed]
    waits = set_aside(state, placing.seat, asked.leg)
    if placing.reason is not Reason.CALLBACK:
        return [*waits, placed]
    if not placing.of.strip():
        return Rejection("number_needed", {"leg": asked.leg})
    for leg in state.legs.values():
        if leg.placing is not None and (leg.placing.reason, leg.placing.of) == (Reason.CALLBACK, placing.of):
            return Rejection("being_called", {"number": placing.of, "by": leg.placing.seat})
    return [*waits, placed, CallbackPlaced(asked.leg, placing.of, placing.seat)]


def apply_leg_placed(state: Comms, happened: LegPlaced, at: Instant) -> None:
    """Not answered yet."""
    line = LineKind.PHONE if happened.placing.reason is Reason.PHONE else LineKind.ADMIN
    arrival = Arrival(line=line, target=happened.placing.target, number=happened.caller)
    state.legs[happened.leg] = Leg(happened.leg, arrival, at, LegState.PLACED, placing=happened.placing)


def decide_progress_leg(state: Comms, asked: ProgressLeg, now: Instant) -> Decision:
    """Rejections: `leg_unknown`, `not_placed` (by us), `no_progress` (a code that is none of 101 to 199)."""
    del now
    leg = state.legs.get(asked.leg)
    if leg is None:
        return Rejection("leg_unknown", {"leg": asked.leg})
    if leg.state is not LegState.PLACED:
        return Rejection("not_placed", {"leg": asked.leg})
    return [LegProgressed(leg.id, asked.code)] if 100 < asked.code < 200 else Rejection("no_progress")


def decide_answer_and_join(state: Comms, asked: AnswerLeg, now: Instant) -> Decision:
    """As `decide_answer_leg`; and who we called is with whom we called them for.

    A third party joins the caller they were called for, as long as that one is not alone; where the caller is gone or
    in line again, they are with the seat that called them. Every other leg of ours is with its seat at once, but for
    one of the phones, who say themselves with whom it speaks. A seat that has somebody else by now goes on speaking
    with them, and whom it called waits.
    """
    decided = decide_answer_leg(state, asked, now)
    leg = state.legs.get(asked.leg)
    if isinstance(decided, Rejection) or not decided or leg is None or leg.placing is None:
        return decided
    if leg.placing.reason is Reason.PHONE:
        return decided
    placing, events = leg.placing, list[Event](decided)
    if placing.reason is Reason.CALLBACK:
        events.append(CallbackSettled(leg.id, placing.of, placing.seat, REACHED))
    if placing.reason is Reason.CONFERENCE and speakers(state.conversations.get(placing.of)):
        joined = PartyJoined(placing.of, leg.id, PartyKind.LEG, Role.SPEAKER, state.legs[placing.of].call)
        return [*events, joined]
    stays = set_aside(state, placing.seat, leg.id)  # with whom nobody else is
    waits = [LegHeld(leg.id, placing.seat, leg.call, one.leg) for one in stays]
    return [*events, *joined_by(state, leg, placing.seat), *waits]


def decide_end_for_all(state: Comms, asked: EndLeg, now: Instant) -> Decision:
    """As `decide_end_leg`; whoever was with it is free, and a callback that was not reached is owed still.

    A transfer of the caller, or to the third party whose leg it is, is under way no more. Who waited while it rang is
    spoken with again.
    """
    decided = decide_end_leg(state, asked, now)
    leg = state.legs.get(asked.leg)
    if isinstance(decided, Rejection) or leg is None:
        return decided
    placing = leg.placing
    if placing is not None and placing.reason is Reason.CALLBACK and leg.state is LegState.PLACED:
        decided = [CallbackSettled(leg.id, placing.of, placing.seat, result_of(asked.cause)), *decided]
    lost = cut_off(state, leg, asked.who)
    return [*lost, *failed_with(state, leg), *all_left(state, leg, "ended"), *_returned_to(state, leg), *decided]


def _returned_to(state: Comms, leg: Leg) -> list[Event]:
    """A leg that we placed was never answered: its seat is with the caller who waited for that, unless it has another.

    What it was doing when it called is what it goes on with: the last one of those who waited.
    """
    if leg.state is not LegState.PLACED or leg.placing is None or place_of(state, leg.placing.seat):
        return []
    seat = leg.placing.seat
    waited = [one for one, talk in state.conversations.items() if (talk.held_by, talk.meanwhile) == (seat, leg.id)]
    return [LegResumed(name, seat, state.legs[name].call, leg.id) for name in waited[-1:]]


def result_of(cause: str) -> str:
    """How a callback went that was not answered, by the code of SIP with which its cause begins."""
    code = cause[:3]
    return BUSY if code in BUSY_CODES else NOT_IN_SERVICE if code in GONE_CODES else NO_ANSWER


def apply_leg_ended_out_of_line(state: Comms, happened: LegEnded, at: Instant) -> None:
    """Gone, and out of line at once; a number that nobody spoke with rang without a word."""
    leg = state.legs[happened.leg]
    if leg.placing is None and leg.taken_at is None and leg.arrival.line is not LineKind.PHONE:
        note_silent(state, leg.arrival.number, at)
    out_of_line(state, leg.id, None)
    note_who_wrote(state, leg, at)
    state.texts.pop(leg.id, None)
    apply_leg_ended(state, happened, at)


def apply_callback(state: Comms, happened: CallbackPlaced | CallbackSettled, at: Instant) -> None:
    """What is owed to a number is kept by the floor."""
    del state, happened, at


def apply_leg_progressed(state: Comms, happened: LegProgressed, at: Instant) -> None:
    """Placed still."""
    del state, happened, at


DECIDERS: Deciders = {
    PlaceLeg: decide_place_leg,
    ProgressLeg: decide_progress_leg,
    AnswerLeg: decide_answer_and_join,
    EndLeg: decide_end_for_all,
}
APPLIERS: Appliers = {
    LegPlaced: apply_leg_placed,
    LegProgressed: apply_leg_progressed,
    LegAnswered: apply_leg_answered,
    LegEnded: apply_leg_ended_out_of_line,
    CallbackPlaced: apply_callback,
    CallbackSettled: apply_callback,
}
