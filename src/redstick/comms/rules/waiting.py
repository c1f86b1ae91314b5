"""Waiting: who stands in which queue, and to which agent each is offered.

A caller is in line with the very fact that says that they are here, and out of it with that which says who has them or
that they are gone: there is no moment in between. An offer that is not taken in time lapses, and the next agent is
offered the caller, who stands where they stood.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec

from redstick.comms.distribution.matching import next_offers
from redstick.comms.rules.agents import MISSED_AT_MOST, AgentChanged, AgentSignedOff, AgentState, SignOffAgent
from redstick.comms.rules.legs import OfferLeg, decide_offer_leg
from redstick.comms.rules.queues import Queue, queue_of
from redstick.comms.rules.storms import begun, handicap_ms, lasts, note_arrival, repeats
from redstick.kernel.values import Command, Decision, Event, Instant, Rejection, command, event

if TYPE_CHECKING:
    from redstick.comms.state import Comms
    from redstick.kernel.domain import Appliers, Deciders

WAITS_KEPT = 100  # of the last calls of a queue, for its service level
NO_ANSWER, DECLINED, SIGNED_OFF, ELSEWHERE, MOVED = "no_answer", "declined", "signed_off", "elsewhere", "moved"


class Waiting(msgspec.Struct):
    """A caller in line: since when, moved back by how much, how often their number rang without a word lately.

    `behind_until` is until when they are offered to none of the last free agents; `offered` the seat that is asked to
    take them, by the offer of that number; `tried` let one lapse.
    """

    leg: str
    queue: str
    since: Instant
    handicap_ms: int = 0
    repeats: int = 0
    languages: tuple[str, ...] = ()
    behind_until: Instant | None = None
    overflow_at: Instant | None = None  # when they have waited long enough here
    offers: int = 0
    offered: str = ""
    offered_at: Instant | None = None
    tried: list[str] = msgspec.field(default_factory=list)


class Level(msgspec.Struct):
    """What became of a queue's last callers: how long those waited that were answered, and how many hung up."""

    waits_ms: list[int] = msgspec.field(default_factory=list)
    answered: int = 0
    abandoned: int = 0


@event("comms.leg_queued", subjects=("leg", "call"))
class LegQueued(Event, frozen=True):
    """A caller stands in line: since when (None for now), and how much further back than that.

    For the first `behind_ms` from now they are offered to none of the last free agents (`distribution/matching.py`);
    after `overflow_ms` they wait elsewhere, 0 for never.
    """

    leg: str
    queue: str
    call: str = ""
    since: Instant | None = None
    handicap_ms: int = 0
    repeats: int = 0
    languages: tuple[str, ...] = ()
    behind_ms: int = 0
    overflow_ms: int = 0


@event("comms.leg_presented", subjects=("leg", "seat", "call"))
class LegPresented(Event, frozen=True):
    """A caller is offered to an agent, for so long."""

    leg: str
    seat: str
    offer: int
    offer_ms: int
    call: str = ""


@event("comms.offer_lapsed", subjects=("leg", "seat", "call"))
class OfferLapsed(Event, frozen=True):
    """The agent did not take it: the caller stands where they stood.

    `why` is no_answer, declined, signed_off, moved or elsewhere (the agent took another caller).
    """

    leg: str
    seat: str
    why: str
    call: str = ""


@command("comms.distribute")
class Distribute(Command, frozen=True):
    """Offer whom can be offered. Reactions ask this."""


@command("comms.decline_offer")
class DeclineOffer(Command, frozen=True):
    """Let the next agent have it."""

    leg: str
    seat: str


@command("comms.lapse_offer")
class LapseOffer(Command, frozen=True):
    """Take back an offer that was not taken in time. A timer asks this."""

    leg: str
    seat: str
    offer: int


@command("comms.move_leg")
class MoveLeg(Command, frozen=True):
    """Let a caller wait in another queue of the same kind of line; how long they have waited counts there too."""

    leg: str
    queue: str


@command("comms.overflow_leg")
class OverflowLeg(Command, frozen=True):
    """Let whoever has waited too long in a queue wait where that one overflows to. A timer asks this."""

    leg: str
    queue: str


def decide_offer_and_queue(state: Comms, asked: OfferLeg, now: Instant) -> Decision:
    """As `decide_offer_leg`; and whoever calls us, by no test and no phone of the city, stands in line."""
    decided = decide_offer_leg(state, asked, now)
    queue = queue_of(state, asked.arrival)
    if isinstance(decided, Rejection) or queue is None:
        return decided
    storm = begun(state, queue, now)
    count = repeats(state, asked.arrival.number, now)
    behind = handicap_ms(count) if storm or lasts(state, queue.id) else 0
    back = queue.handicap_ms + behind
    queued = LegQueued(
        asked.leg, queue.id, asked.call, None, back, count, asked.arrival.languages, behind, queue.overflow_ms
    )
    return [*decided, *storm, queued]


def apply_leg_queued(state: Comms, happened: LegQueued, at: Instant) -> None:
    """In line; who comes back to it stands where they stood when they came, and is no new arrival."""
    since = at if happened.since is None else happened.since
    state.waiting[happened.leg] = Waiting(
        happened.leg, happened.queue, since, happened.handicap_ms, happened.repeats, happened.languages
    )
    if happened.behind_ms:
        state.waiting[happened.leg].behind_until = at + happened.behind_ms
    if happened.overflow_ms:
        state.waiting[happened.leg].overflow_at = at + happened.overflow_ms
    if happened.since is None:
        note_arrival(state, happened.queue, at)


def decide_move_leg(state: Comms, asked: MoveLeg, now: Instant) -> Decision:
    """Rejections: `leg_not_waiting`, `queue_unknown`, `other_line` (911 waits for 911)."""
    del now
    waiting, queue = state.waiting.get(asked.leg), state.queues.get(asked.queue)
    if waiting is None:
        return Rejection("leg_not_waiting", {"leg": asked.leg})
    if queue is None:
        return Rejection("queue_unknown", {"queue": asked.queue, "known": sorted(state.queues)})
    if queue.line is not state.legs[asked.leg].arrival.line:
        return Rejection("other_line", {"leg": asked.leg, "queue": asked.queue})
    if waiting.queue == asked.queue:
        return []
    lapsed = [OfferLapsed(asked.leg, waiting.offered, MOVED, _call(state, asked.leg))] if waiting.offered else []
    return [*lapsed, _moved(state, waiting, queue)]


def _moved(state: Comms, waiting: Waiting, queue: Queue) -> LegQueued:
    own = waiting.handicap_ms - state.queues[waiting.queue].handicap_ms
    back = queue.handicap_ms + max(0, own)
    return LegQueued(
        waiting.leg, queue.id, _call(state, waiting.leg), waiting.since, back, waiting.repeats, waiting.languages, 0,
        queue.overflow_ms,
    )  # fmt: skip


def _overflowing(state: Comms, leg: str, now: Instant) -> list[Event]:
    """Whoever has waited long enough in a queue, and is offered to nobody, waits where it overflows to."""
    waiting = state.waiting[leg]
    to = state.queues.get(state.queues[waiting.queue].overflow_to)
    if waiting.overflow_at is None or now < waiting.overflow_at or to is None or to.id == waiting.queue:
        return []
    return [_moved(state, waiting, to)]


def decide_overflow_leg(state: Comms, asked: OverflowLeg, now: Instant) -> Decision:
    """Nothing for who waits there no more. Whom an agent is offered just now goes when that offer has lapsed."""
    waiting = state.waiting.get(asked.leg)
    if waiting is None or waiting.queue != asked.queue or waiting.offered:
        return []
    return _overflowing(state, asked.leg, now)


def decide_distribute(state: Comms, asked: Distribute, now: Instant) -> Decision:
    """Every offer that can be made now; none where none can."""
    del asked
    return [
        LegPresented(one.leg, agent.seat, one.offers + 1, state.queues[one.queue].offer_ms, _call(state, one.leg))
        for one, agent in next_offers(state, now)
    ]


def apply_leg_presented(state: Comms, happened: LegPresented, at: Instant) -> None:
    """It rings there alone."""
    waiting = state.waiting[happened.leg]
    waiting.offers, waiting.offered, waiting.offered_at = happened.offer, happened.seat, at
    state.agents[happened.seat].offered = happened.leg


def decide_decline_offer(state: Comms, asked: DeclineOffer, now: Instant) -> Decision:
    """Rejections: `not_offered` (any more, or to somebody else)."""
    waiting = state.waiting.get(asked.leg)
    if waiting is None or waiting.offered != asked.seat or not asked.seat:
        return Rejection("not_offered", {"leg": asked.leg, "seat": asked.seat})
    lapsed = OfferLapsed(asked.leg, asked.seat, DECLINED, _call(state, asked.leg))
    return [lapsed, *_overflowing(state, asked.leg, now)]


def decide_lapse_offer(state: Comms, asked: LapseOffer, now: Instant) -> Decision:
    """Nothing where that offer is over. Who lets so many lapse in a row is on a break until they say otherwise."""
    waiting = state.waiting.get(asked.leg)
    if waiting is None or (waiting.offered, waiting.offers) != (asked.seat, asked.offer):
        return []
    lapsed = OfferLapsed(asked.leg, asked.seat, NO_ANSWER, _call(state, asked.leg))
    away = state.agents[asked.seat].missed + 1 >= MISSED_AT_MOST
    return [
        lapsed,
        *_overflowing(state, asked.leg, now),
        *([AgentChanged(asked.seat, AgentState.BREAK, "did not answer")] if away else []),
    ]


def apply_offer_lapsed(state: Comms, happened: OfferLapsed, at: Instant) -> None:
    """It rings there no more; the agent's own wait begins anew, behind those who did not let it ring."""
    waiting, agent = state.waiting[happened.leg], state.agents[happened.seat]
    waiting.offered, waiting.offered_at, agent.offered = "", None, ""
    if happened.why in (NO_ANSWER, DECLINED):
        agent.since = at
        waiting.tried = [*(seat for seat in waiting.tried if seat != happened.seat), happened.seat]
    if happened.why == NO_ANSWER:
        agent.missed += 1


def decide_sign_off_and_take_back(state: Comms, asked: SignOffAgent, now: Instant) -> Decision:
    """Nothing for who is no agent. What was offered there goes to the next one."""
    del now
    agent = state.agents.get(asked.seat)
    if agent is None:
        return []
    leg = agent.offered
    lapsed = [OfferLapsed(leg, asked.seat, SIGNED_OFF, _call(state, leg))] if leg else []
    return [*lapsed, AgentSignedOff(asked.seat)]


def taken_back(state: Comms, seat: str, besides: str) -> list[Event]:
    """What is offered to a seat that takes a caller otherwise goes to the next agent, but for the leg `besides`."""
    agent = state.agents.get(seat)
    if agent is None or agent.offered in ("", besides):
        return []
    return [OfferLapsed(agent.offered, seat, ELSEWHERE, _call(state, agent.offered))]


def out_of_line(state: Comms, leg: str, answered_at: Instant | None) -> None:
    """For appliers: a caller stands in line no more, since somebody has them, or (None) since they are gone.

    Only who waits for the first time counts for the level of the queue.
    """
    waiting = state.waiting.pop(leg, None)
    if waiting is None:
        return
    if waiting.offered:
        state.agents[waiting.offered].offered = ""
    if state.legs[leg].taken_at is not None:
        return
    level = state.levels.setdefault(waiting.queue, Level())
    if answered_at is None:
        level.abandoned += 1
    else:
        level.answered += 1
        level.waits_ms = [*level.waits_ms, max(0, answered_at - waiting.since)][-WAITS_KEPT:]


def _call(state: Comms, leg: str) -> str:
    return state.legs[leg].call


DECIDERS: Deciders = {
    OfferLeg: decide_offer_and_queue,
    MoveLeg: decide_move_leg,
    OverflowLeg: decide_overflow_leg,
    Distribute: decide_distribute,
    DeclineOffer: decide_decline_offer,
    LapseOffer: decide_lapse_offer,
    SignOffAgent: decide_sign_off_and_take_back,
}
APPLIERS: Appliers = {
    LegQueued: apply_leg_queued,
    LegPresented: apply_leg_presented,
    OfferLapsed: apply_offer_lapsed,
}
KERNEL_ONLY: frozenset[type[Command]] = frozenset({Distribute, LapseOffer, OverflowLeg})
