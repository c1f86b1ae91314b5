"""Conversations: who is with a caller, in which role, and whether the caller waits on hold.

A caller is with somebody, or in line, or gone: when the last one who speaks with them leaves and the caller is still
there, the same fact puts them back in line where they stood, in front of whoever came later. A 911 call is taken and
held on the floor (`dispatch.answer_call`, `dispatch.hold_call`), which voice follows; other lines are taken here.
"""

from __future__ import annotations

from enum import StrEnum
from typing import TYPE_CHECKING

import msgspec

from redstick.comms.ports import Role
from redstick.comms.rules.agents import engaged, freed
from redstick.comms.rules.losses import heard_again
from redstick.comms.rules.waiting import LegQueued, out_of_line, taken_back
from redstick.kernel.values import Command, Decision, Event, Instant, Rejection, command, event
from redstick.published.comms import CallerLeft, LegHeld, LegResumed, LineKind

if TYPE_CHECKING:
    from redstick.comms.rules.legs import Leg
    from redstick.comms.state import Comms
    from redstick.kernel.domain import Appliers, Deciders


GONE = "gone"  # why a seat leaves of which the floor says so


class PartyKind(StrEnum):
    """What a party is."""

    SEAT = "seat"
    LEG = "leg"  # a third party, on a leg of their own
    SERVICE = "service"  # a machine that speaks: an attendant, a voicemail; never with a 911 caller


class Party(msgspec.Struct, frozen=True):
    """Somebody who is with a caller since then."""

    kind: PartyKind
    role: Role
    since: Instant
    turn: int = 0  # of all that joined or resumed a caller, the how manieth: a seat is where it went last


class Conversation(msgspec.Struct):
    """A caller who is not alone: with whom, by name of the seat or the leg. `held_by` let them wait, since `held_at`.

    `queue` is where they stood in line, "" for a leg that we placed; `meanwhile` the leg for whose sake they wait.
    """

    queue: str
    since: Instant
    handicap_ms: int = 0
    parties: dict[str, Party] = msgspec.field(default_factory=dict)
    held_by: str = ""
    held_at: Instant | None = None
    meanwhile: str = ""


@event("comms.party_joined", subjects=("leg", "party", "call"))
class PartyJoined(Event, frozen=True):
    """A seat, or a third party on a leg of their own, is with a caller; or in another role than before."""

    leg: str
    party: str
    kind: PartyKind = PartyKind.SEAT
    role: Role = Role.SPEAKER
    call: str = ""


@event("comms.party_left", subjects=("leg", "party", "call"))
class PartyLeft(Event, frozen=True):
    """It is not any more; `why` is left, gone, ended, handed_on or replaced."""

    leg: str
    party: str
    why: str
    call: str = ""


@event("comms.leg_dismissed", subjects=("leg",))
class LegDismissed(Event, frozen=True):
    """A seat that has a caller of another line than 911 hangs up; that the leg is over is said when it is."""

    leg: str
    by: str


@command("comms.dismiss_leg")
class DismissLeg(Command, frozen=True):
    """Hang up a caller of another line than 911, whom a seat has."""

    leg: str
    seat: str


@command("comms.take_leg")
class TakeLeg(Command, frozen=True):
    """Answer a caller of another line than 911 at a seat."""

    leg: str
    seat: str


@command("comms.follow_floor")
class FollowFloor(Command, frozen=True):
    """Do with a 911 call's voice what the floor has said of it. Reactions ask this.

    `seat` has it now, or has it still and lets it wait (`held`), or is gone (`gone`).
    """

    call: str
    seat: str = ""
    held: bool = False
    gone: bool = False


@command("comms.join_leg")
class JoinLeg(Command, frozen=True):
    """Be with a caller: a supervisor who listens or coaches, a third party on a leg that is here, a further seat."""

    leg: str
    party: str
    kind: PartyKind = PartyKind.SEAT
    role: Role = Role.SPEAKER


@command("comms.leave_leg")
class LeaveLeg(Command, frozen=True):
    """Be with a caller no more. The others go on; where nobody is left who speaks the caller is in line again."""

    leg: str
    party: str


@command("comms.hold_leg")
class HoldLeg(Command, frozen=True):
    """Let a caller of another line than 911 wait."""

    leg: str
    seat: str


@command("comms.resume_leg")
class ResumeLeg(Command, frozen=True):
    """Speak with them again."""

    leg: str
    seat: str


def decide_take_leg(state: Comms, asked: TakeLeg, now: Instant) -> Decision:
    """One seat wins. Rejections: `leg_unknown`, `answered_on_the_floor` (a 911 call), `leg_taken` (says by whom)."""
    del now
    leg = state.legs.get(asked.leg)
    if leg is None:
        return Rejection("leg_unknown", {"leg": asked.leg})
    if leg.call:
        return Rejection("answered_on_the_floor", {"leg": leg.id, "call": leg.call})
    if not asked.seat.strip():
        return Rejection("seat_unnamed")
    conversation = state.conversations.get(leg.id)
    if conversation is not None and asked.seat in conversation.parties:
        return []
    by = next(iter(speakers(conversation)), "")
    if by:
        return Rejection("leg_taken", {"leg": leg.id, "by": by})
    if leg.id not in state.waiting:
        return Rejection("leg_not_waiting", {"leg": leg.id})
    return taken(state, leg, asked.seat)


def decide_follow_floor(state: Comms, asked: FollowFloor, now: Instant) -> Decision:
    """Nothing for a call that has no leg here, or none any more."""
    del now
    leg = next((one for one in state.legs.values() if one.call == asked.call and asked.call), None)
    if leg is None:
        return []
    conversation = state.conversations.get(leg.id)
    if asked.gone:
        return left(state, leg, asked.seat, GONE) if conversation and asked.seat in conversation.parties else []
    if asked.held:
        by = next((name for name in speakers(conversation) if is_seat(conversation, name)), "")
        return [LegHeld(leg.id, by, leg.call)] if conversation and by and not conversation.held_by else []
    if conversation is None or not speakers(conversation):
        return taken(state, leg, asked.seat)
    resumed = [LegResumed(leg.id, asked.seat, leg.call)] if conversation.held_by else []
    if asked.seat in speakers(conversation):  # who only listened speaks from now on
        return [*set_aside(state, asked.seat, leg.id), *resumed] if resumed else []
    replaced = [name for name in speakers(conversation) if is_seat(conversation, name)]
    gone = [one for name in replaced for one in let_go(state, leg, name, "replaced")]
    return [*resumed, *taken(state, leg, asked.seat), *gone]


def decide_join_leg(state: Comms, asked: JoinLeg, now: Instant) -> Decision:
    """In another role than before is said the same way; so is coming back from another leg.

    Rejections: `leg_unknown`, `party_unknown` (a leg that is not here), `answer_it` (a seat answers who waits),
    `would_be_alone` (the last one who speaks stays one), `no_machine_before_911`.
    """
    del now
    leg, conversation = state.legs.get(asked.leg), state.conversations.get(asked.leg)
    if leg is None:
        return Rejection("leg_unknown", {"leg": asked.leg})
    third, is_leg = asked.kind is not PartyKind.SEAT, asked.kind is PartyKind.LEG
    if not asked.party.strip() or (is_leg and (asked.party not in state.legs or asked.party == leg.id)):
        return Rejection("party_unknown", {"party": asked.party})
    if asked.kind is PartyKind.SERVICE and leg.arrival.line is LineKind.EMERGENCY:
        return Rejection("no_machine_before_911", {"leg": leg.id})
    if not speakers(conversation) and not (third and asked.role is Role.SPEAKER):
        return Rejection("answer_it", {"leg": leg.id})
    known = conversation.parties.get(asked.party) if conversation is not None else None
    if known is not None and known.role is asked.role and (third or not _is_away(state, leg, asked.party)):
        return []
    alone = [asked.party] in (speakers(conversation), heard_by(state, leg.id))
    if known is not None and asked.role is not Role.SPEAKER and alone:
        return Rejection("would_be_alone", {"leg": leg.id})
    joined = PartyJoined(leg.id, asked.party, asked.kind, asked.role, leg.call)
    if third:
        return [joined]
    aside = set_aside(state, asked.party, leg.id)
    return [*aside, joined, *taken_back(state, asked.party, leg.id), *engaged(state, asked.party)]


def apply_party_joined(state: Comms, happened: PartyJoined, at: Instant) -> None:
    """Out of line, since somebody is there."""
    leg, waiting = state.legs[happened.leg], state.waiting.get(happened.leg)
    conversation = state.conversations.get(happened.leg)
    if conversation is None:
        stood = (waiting.queue, waiting.since, waiting.handicap_ms) if waiting is not None else ("", at, 0)
        conversation = state.conversations[happened.leg] = Conversation(*stood)
    conversation.parties[happened.party] = Party(happened.kind, happened.role, at, _next_turn(state))
    out_of_line(state, happened.leg, at)
    if leg.taken_at is None:
        leg.taken_at = at


def decide_leave_leg(state: Comms, asked: LeaveLeg, now: Instant) -> Decision:
    """Nothing for who is not there.

    Rejections: `leg_unknown`, `ended_on_the_floor` (a seat that alone has a 911 call ends or transfers it there).
    """
    del now
    leg, conversation = state.legs.get(asked.leg), state.conversations.get(asked.leg)
    if leg is None:
        return Rejection("leg_unknown", {"leg": asked.leg})
    if conversation is None or asked.party not in conversation.parties:
        return []
    if leg.call and list(speakers(conversation)) == [asked.party] and is_seat(conversation, asked.party):
        return Rejection("ended_on_the_floor", {"leg": leg.id, "call": leg.call})
    return left(state, leg, asked.party, "left")


def apply_party_left(state: Comms, happened: PartyLeft, at: Instant) -> None:
    """Where nobody is left there is no conversation."""
    del at
    conversation = state.conversations[happened.leg]
    del conversation.parties[happened.party]
    if conversation.held_by == happened.party:
        _unhold(conversation)
    if not conversation.parties:
        del state.conversations[happened.leg]


def decide_hold_leg(state: Comms, asked: HoldLeg, now: Instant) -> Decision:
    """Holding twice changes nothing. Rejections: `leg_unknown`, `held_on_the_floor` (a 911 call), `not_with_you`."""
    del now
    refused = _not_yours(state, asked.leg, asked.seat)
    conversation = state.conversations.get(asked.leg)
    if refused is not None or conversation is None:
        return refused or []
    return [] if conversation.held_by else [LegHeld(asked.leg, asked.seat)]


def apply_leg_held(state: Comms, happened: LegHeld, at: Instant) -> None:
    """They wait, and are still somebody's."""
    conversation = state.conversations[happened.leg]
    conversation.held_by, conversation.held_at, conversation.meanwhile = happened.by, at, happened.meanwhile


def decide_resume_leg(state: Comms, asked: ResumeLeg, now: Instant) -> Decision:
    """Nothing for who does not wait. Whomever else the seat speaks with waits then. Rejections as of holding."""
    del now
    refused = _not_yours(state, asked.leg, asked.seat)
    conversation = state.conversations.get(asked.leg)
    if refused is not None or conversation is None:
        return refused or []
    if not conversation.held_by:
        return []
    return [*set_aside(state, asked.seat, asked.leg), LegResumed(asked.leg, asked.seat)]


def apply_leg_resumed(state: Comms, happened: LegResumed, at: Instant) -> None:
    """Spoken with again, by the seat that came back."""
    del at
    conversation = state.conversations[happened.leg]
    _unhold(conversation)
    by = conversation.parties.get(happened.by)
    if by is not None:
        conversation.parties[happened.by] = msgspec.structs.replace(by, turn=_next_turn(state))


def _unhold(conversation: Conversation) -> None:
    conversation.held_by, conversation.held_at, conversation.meanwhile = "", None, ""


def _next_turn(state: Comms) -> int:
    turns = (party.turn for one in state.conversations.values() for party in one.parties.values())
    return max(turns, default=0) + 1


def decide_dismiss_leg(state: Comms, asked: DismissLeg, now: Instant) -> Decision:
    """Rejections: `leg_unknown`, `ended_on_the_floor` (a 911 call), `not_with_you`."""
    del now
    leg = state.legs.get(asked.leg)
    if leg is not None and leg.call:
        return Rejection("ended_on_the_floor", {"leg": leg.id, "call": leg.call})
    return _not_yours(state, asked.leg, asked.seat) or [LegDismissed(asked.leg, asked.seat)]


def apply_caller_left(state: Comms, happened: CallerLeft, at: Instant) -> None:
    """In line already."""
    del state, happened, at


def apply_leg_dismissed(state: Comms, happened: LegDismissed, at: Instant) -> None:
    """They are with each other until the leg is over."""
    del state, happened, at


def speakers(conversation: Conversation | None) -> list[str]:
    """Who speaks with a caller, the one who came first first."""
    parties = conversation.parties if conversation is not None else {}
    return [name for name, party in parties.items() if party.role is Role.SPEAKER]


def is_seat(conversation: Conversation | None, party: str) -> bool:
    """Whether a party is one of our seats."""
    return conversation is not None and conversation.parties[party].kind is PartyKind.SEAT


def place_of(state: Comms, seat: str) -> str:
    """The leg on which a seat is: of those where nobody waits the one to which it went last, "" for none.

    A seat has one voice: it is in one conversation at a time, of however many it is a party to.
    """
    there = (
        (conversation.parties[seat].turn, leg)
        for leg, conversation in state.conversations.items()
        if seat in conversation.parties and not conversation.held_by
    )
    return max(there, default=(0, ""))[1]


def heard_by(state: Comms, leg: str) -> list[str]:
    """Who speaks with a caller and is there: third parties, and seats that are on no other leg just now."""
    conversation = state.conversations.get(leg)
    return [name for name in speakers(conversation) if not is_seat(conversation, name) or place_of(state, name) == leg]


def _is_away(state: Comms, leg: Leg, seat: str) -> bool:
    """Whether a seat that has a caller is on another leg, without having let them wait."""
    return not state.conversations[leg.id].held_by and place_of(state, seat) != leg.id


def set_aside(state: Comms, seat: str, leg: str) -> list[LegHeld]:
    """Before a seat goes to `leg`: whoever would be left with nobody waits meanwhile, as a state that all can see."""
    return [
        LegHeld(name, seat, state.legs[name].call, leg)
        for name, conversation in state.conversations.items()
        if name != leg and seat in conversation.parties and not conversation.held_by and heard_by(state, name) == [seat]
    ]


def taken(state: Comms, leg: Leg, seat: str) -> list[Event]:
    """A seat has the caller: what else was offered to it goes to the next agent, and who was cut off is heard again.

    Whomever it spoke with waits.
    """
    return [*set_aside(state, seat, leg.id), *joined_by(state, leg, seat)]


def joined_by(state: Comms, leg: Leg, seat: str) -> list[Event]:
    """As `taken`, without a look at whom else the seat speaks with."""
    joined = PartyJoined(leg.id, seat, PartyKind.SEAT, Role.SPEAKER, leg.call)
    number = leg.placing.target if leg.placing is not None else leg.arrival.number
    return [*taken_back(state, seat, leg.id), joined, *engaged(state, seat), *heard_again(state, number, leg.id)]


def let_go(state: Comms, leg: Leg, party: str, why: str, besides: tuple[str, ...] = ()) -> list[Event]:
    """Somebody leaves who is not the last: their agent is free, where it was one and has no caller but in `besides`."""
    conversation = state.conversations[leg.id]
    queue = state.queues.get(conversation.queue)
    wrap_up = queue.wrap_up_ms if queue is not None else 0
    free = freed(state, party, (leg.id, *besides), wrap_up) if is_seat(conversation, party) else []
    return [PartyLeft(leg.id, party, why, leg.call), *free]


def left(state: Comms, leg: Leg, party: str, why: str, besides: tuple[str, ...] = ()) -> list[Event]:
    """Somebody leaves a caller who is here, and those on the legs `besides` too.

    Where nobody is left who speaks, those who only listen leave too, and a caller who came in is in line again where
    they stood, in the queue that they came from or, where that is gone, in the one that takes the rest of the line.
    Where a seat is left that is on another leg just now they wait for it.
    """
    conversation = state.conversations[leg.id]
    events = let_go(state, leg, party, why, besides)
    others = [name for name in speakers(conversation) if name != party]
    if others:
        waits = conversation.held_by not in ("", party)
        there = any(not is_seat(conversation, one) or place_of(state, one) in ("", leg.id) for one in others)
        away = LegHeld(leg.id, others[0], leg.call, place_of(state, others[0]))
        return events if waits or there else [*events, away]
    for name in conversation.parties:
        if name != party:
            events += let_go(state, leg, name, "ended")
    if leg.placing is None and leg.arrival.line is not LineKind.TEST:
        queue = conversation.queue if conversation.queue in state.queues else _rest(state, leg.arrival.line)
        since, back = conversation.since, conversation.handicap_ms
        events.append(LegQueued(leg.id, queue, leg.call, since, back, 0, leg.arrival.languages))
        if leg.call:
            events.append(CallerLeft(leg.id, leg.call))
    return events


def all_left(state: Comms, leg: Leg, why: str) -> list[Event]:
    """What the end of a leg changes for whoever is with it, and for those it is a third party to."""
    own = state.conversations.get(leg.id)
    events = [one for name in (own.parties if own is not None else ()) for one in let_go(state, leg, name, why)]
    for other, conversation in state.conversations.items():
        if leg.id in conversation.parties and other != leg.id:
            events += left(state, state.legs[other], leg.id, why)
    return events


def _not_yours(state: Comms, name: str, seat: str) -> Rejection | None:
    leg, conversation = state.legs.get(name), state.conversations.get(name)
    if leg is None:
        return Rejection("leg_unknown", {"leg": name})
    if leg.call:
        return Rejection("held_on_the_floor", {"leg": name, "call": leg.call})
    if conversation is None or seat not in speakers(conversation):
        return Rejection("not_with_you", {"leg": name, "seat": seat})
    return None


def _rest(state: Comms, line: LineKind) -> str:
    return next(queue.id for queue in state.queues.values() if queue.line is line and not queue.targets)


# TakeLeg, FollowFloor and LeaveLeg are registered in `handing_on`, which settles a transfer that is thereby over.
DECIDERS: Deciders = {
    JoinLeg: decide_join_leg,
    HoldLeg: decide_hold_leg,
    ResumeLeg: decide_resume_leg,
    DismissLeg: decide_dismiss_leg,
}
APPLIERS: Appliers = {
    PartyJoined: apply_party_joined,
    PartyLeft: apply_party_left,
    LegHeld: apply_leg_held,
    LegResumed: apply_leg_resumed,
    LegDismissed: apply_leg_dismissed,
    CallerLeft: apply_caller_left,
}
KERNEL_ONLY: frozenset[type[Command]] = frozenset({FollowFloor})
