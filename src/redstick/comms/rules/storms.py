"""Storms: far more calls than the floor can take, whether an attack, a faulty device or a disaster.

They look alike from here, so a storm is a word for a rate and never for a motive, and nobody is refused or taken out of
line for it (CISA, Cyber Risks to 911: TDoS). While one lasts, a number that rang before without a word stands behind
others that came up to half a minute later, and not a second more: what that does is said in `distribution/ordering.py`.
A supervisor may begin and end one by name.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec

from redstick.kernel.values import Command, Decision, Event, Instant, Rejection, command, event

if TYPE_CHECKING:
    from redstick.comms.rules.queues import Queue
    from redstick.comms.state import Comms
    from redstick.kernel.domain import Appliers, Deciders

MINUTE_MS = 60_000
LOOKED_AT_AGAIN_MS = 5 * MINUTE_MS
ENDED_BY_NAME_MS = 30 * MINUTE_MS  # so long none begins by itself once a person has ended one
REMEMBERED_MS = 15 * MINUTE_MS  # a number that rang without a word
A_REPEAT_MS, MOST_REPEATS = 10_000, 3


class Storm(msgspec.Struct):
    """One that lasts, or `ended` by a name until when none begins by itself; `by` is "" where the rate said so."""

    since: Instant
    by: str = ""
    quiet_until: Instant | None = None


class Rang(msgspec.Struct):
    """A number, and when it rang without a word: it hung up, or a call taker heard nothing."""

    silent: list[Instant] = msgspec.field(default_factory=list)


@event("comms.storm_began", subjects=())
class StormBegan(Event, frozen=True):
    """So many calls came to a queue within a minute; or a person says so."""

    queue: str
    arrivals: int
    by: str = ""
    reason: str = ""


@event("comms.storm_goes_on", subjects=())
class StormGoesOn(Event, frozen=True):
    """It was looked at again."""

    queue: str
    arrivals: int


@event("comms.storm_ended", subjects=())
class StormEnded(Event, frozen=True):
    """It is over, by the rate or by a name."""

    queue: str
    by: str = ""
    reason: str = ""


@command("comms.begin_storm")
class BeginStorm(Command, frozen=True):
    """Say by name that a storm is on."""

    queue: str
    by: str
    reason: str


@command("comms.end_storm")
class EndStorm(Command, frozen=True):
    """Say by name that none is: from now on everybody stands as they came."""

    queue: str
    by: str
    reason: str


@command("comms.review_storm")
class ReviewStorm(Command, frozen=True):
    """Look whether one goes on. A timer asks this."""

    queue: str


def lasts(state: Comms, queue: str) -> bool:
    """Whether a storm is on."""
    storm = state.storms.get(queue)
    return storm is not None and storm.quiet_until is None


def arrivals(state: Comms, queue: str, now: Instant) -> int:
    """How many came to a queue within the last minute."""
    return sum(1 for at in state.arrivals.get(queue, ()) if now - at < MINUTE_MS)


def begun(state: Comms, queue: Queue, now: Instant) -> list[Event]:
    """With one more arrival now."""
    if not queue.storm_per_minute:
        return []
    storm = state.storms.get(queue.id)
    if storm is not None and (storm.quiet_until is None or now < storm.quiet_until):
        return []
    count = arrivals(state, queue.id, now) + 1
    return [StormBegan(queue.id, count)] if count >= queue.storm_per_minute else []


def repeats(state: Comms, number: str, now: Instant) -> int:
    """How often a number rang without a word lately."""
    rang = state.rang.get(number)
    return 0 if rang is None or not number else sum(1 for at in rang.silent if now - at < REMEMBERED_MS)


def handicap_ms(count: int) -> int:
    """How much later than they came such callers stand in line."""
    return A_REPEAT_MS * min(count, MOST_REPEATS)


def note_silent(state: Comms, number: str, at: Instant) -> None:
    """For appliers: a number rang without a word. What is older than is remembered goes, the oldest number first."""
    if not number:
        return
    rang = state.rang.pop(number, None) or Rang()
    rang.silent = [*rang.silent, at][-MOST_REPEATS:]
    state.rang[number] = rang
    while state.rang:
        oldest = next(iter(state.rang))
        if at - state.rang[oldest].silent[-1] < REMEMBERED_MS:
            return
        del state.rang[oldest]


def note_arrival(state: Comms, queue: str, at: Instant) -> None:
    """For appliers: one more came."""
    state.arrivals[queue] = [one for one in state.arrivals.get(queue, ()) if at - one < MINUTE_MS] + [at]


def decide_begin_storm(state: Comms, asked: BeginStorm, now: Instant) -> Decision:
    """Rejections: `queue_unknown`, `name_and_reason_needed`. One that lasts already goes on."""
    if asked.queue not in state.queues:
        return Rejection("queue_unknown", {"queue": asked.queue})
    if not asked.by.strip() or not asked.reason.strip():
        return Rejection("name_and_reason_needed", {"queue": asked.queue})
    if lasts(state, asked.queue):
        return []
    return [StormBegan(asked.queue, arrivals(state, asked.queue, now), asked.by, asked.reason)]


def apply_storm_began(state: Comms, happened: StormBegan, at: Instant) -> None:
    """From now on."""
    state.storms[happened.queue] = Storm(at, happened.by)


def decide_end_storm(state: Comms, asked: EndStorm, now: Instant) -> Decision:
    """Rejections: `no_storm`, `name_and_reason_needed`."""
    del now
    if not lasts(state, asked.queue):
        return Rejection("no_storm", {"queue": asked.queue})
    if not asked.by.strip() or not asked.reason.strip():
        return Rejection("name_and_reason_needed", {"queue": asked.queue})
    return [StormEnded(asked.queue, asked.by, asked.reason)]


def decide_review_storm(state: Comms, asked: ReviewStorm, now: Instant) -> Decision:
    """It ends once fewer than half as many come as began it; one that a person began ends by a name alone."""
    queue = state.queues.get(asked.queue)
    if queue is None or not lasts(state, asked.queue):
        return []
    count = arrivals(state, queue.id, now)
    if state.storms[queue.id].by or 2 * count >= max(1, queue.storm_per_minute):
        return [StormGoesOn(queue.id, count)]
    return [StormEnded(queue.id)]


def apply_storm_goes_on(state: Comms, happened: StormGoesOn, at: Instant) -> None:
    """As before: a timer looks at it again."""
    del state, happened, at


def apply_storm_ended(state: Comms, happened: StormEnded, at: Instant) -> None:
    """Over; after a name none begins by itself for a while."""
    if happened.by:
        state.storms[happened.queue].quiet_until = at + ENDED_BY_NAME_MS
    else:
        del state.storms[happened.queue]


DECIDERS: Deciders = {
    BeginStorm: decide_begin_storm,
    EndStorm: decide_end_storm,
    ReviewStorm: decide_review_storm,
}
APPLIERS: Appliers = {
    StormBegan: apply_storm_began,
    StormGoesOn: apply_storm_goes_on,
    StormEnded: apply_storm_ended,
}
KERNEL_ONLY: frozenset[type[Command]] = frozenset({ReviewStorm})
