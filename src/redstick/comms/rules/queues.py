"""Queues: where callers wait for a person, as data that a city changes without a line of code.

There is always a queue for every 911 call, whatever else is taken away: a call that no other queue takes waits there.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec

from redstick.comms.rules.losses import digits_of
from redstick.kernel.values import Command, Decision, Event, Instant, Rejection, command, event
from redstick.published.comms import Arrival, LineKind

if TYPE_CHECKING:
    from redstick.comms.state import Comms
    from redstick.kernel.domain import Appliers, Deciders

SECOND_MS = 1_000
MOST_HANDICAP_MS = 10 * 60 * SECOND_MS  # how long at most one queue may stand behind another of its kind of line


class Queue(msgspec.Struct, frozen=True, omit_defaults=True, kw_only=True):
    """One queue, and its policy.

    `targets` are the users or digits that were called (a trunk group, 311); without any it takes what no other queue of
    its line takes. `skills` are asked of who answers, as long as anybody who is signed on has them. `handicap_ms` is
    how much later its callers stand in line than they came; of a storm is spoken from `storm_per_minute` arrivals on,
    0 for never. An offer to one agent lapses after `offer_ms`; `target_ms` is the service level (NENA-STA-020.1, R*:
    90 % of 911 calls in 15 s). Whoever has waited `overflow_ms` waits in the queue `overflow_to` from then on, as if
    they had come there; 0 for never.
    """

    id: str
    line: LineKind
    targets: tuple[str, ...] = ()
    skills: tuple[str, ...] = ()
    handicap_ms: int = 0
    offer_ms: int = 10 * SECOND_MS
    wrap_up_ms: int = 0
    target_ms: int = 15 * SECOND_MS
    storm_per_minute: int = 0
    overflow_to: str = ""
    overflow_ms: int = 0


DEFAULT = (
    Queue(id="911", line=LineKind.EMERGENCY, storm_per_minute=20),
    Queue(id="admin", line=LineKind.ADMIN, offer_ms=20 * SECOND_MS, target_ms=60 * SECOND_MS),
)


def default_queues() -> dict[str, Queue]:
    """Of a city that has said nothing."""
    return {queue.id: queue for queue in DEFAULT}


@event("comms.queue_set", subjects=())
class QueueSet(Event, frozen=True):
    """There is a queue with this policy."""

    queue: Queue


@event("comms.queue_removed", subjects=())
class QueueRemoved(Event, frozen=True):
    """Nothing waits there any more."""

    queue: str


@command("comms.set_queue")
class SetQueue(Command, frozen=True):
    """Make a queue, or change its policy: what waits in it already stands where it stood."""

    queue: Queue


@command("comms.remove_queue")
class RemoveQueue(Command, frozen=True):
    """Take a queue away in which nobody waits."""

    queue: str


def decide_set_queue(state: Comms, asked: SetQueue, now: Instant) -> Decision:
    """Rejections: `queue_unnamed`, `test_calls_never_wait`, `out_of_range`, `target_taken` (says by), `rest_needed`.

    `overflow_unknown` too, of one to itself, to none that there is, or to one of another kind of line.

    The last of a line that takes the rest stays one that does: for 911 that is what no call falls through.
    """
    del now
    queue = asked.queue
    if not queue.id.strip():
        return Rejection("queue_unnamed")
    if queue.line is LineKind.TEST:
        return Rejection("test_calls_never_wait", {"queue": queue.id})
    limits = {
        "handicap_ms": (0, MOST_HANDICAP_MS), "offer_ms": (SECOND_MS, 120 * SECOND_MS),
        "wrap_up_ms": (0, 600 * SECOND_MS), "target_ms": (SECOND_MS, 3600 * SECOND_MS), "storm_per_minute": (0, 10_000),
        "overflow_ms": (0, 3600 * SECOND_MS),
    }  # fmt: skip
    for name, (least, most) in limits.items():
        if not least <= getattr(queue, name) <= most:
            return Rejection("out_of_range", {"what": name, "least": least, "most": most})
    others = [one for one in state.queues.values() if one.id != queue.id]
    same = [one for one in others if one.line is queue.line]
    if (queue.overflow_to or queue.overflow_ms) and queue.overflow_to not in {one.id for one in same}:
        return Rejection("overflow_unknown", {"queue": queue.id, "overflow_to": queue.overflow_to})
    taken = next((one for one in same if set(one.targets) & set(queue.targets)), None)
    if taken is not None or (not queue.targets and any(not one.targets for one in same)):
        by = taken or next(one for one in same if not one.targets)
        return Rejection("target_taken", {"queue": queue.id, "by": by.id})
    return _without_rest([*others, queue]) or ([] if state.queues.get(queue.id) == queue else [QueueSet(queue)])


def apply_queue_set(state: Comms, happened: QueueSet, at: Instant) -> None:
    """In force for what comes."""
    del at
    state.queues[happened.queue.id] = happened.queue


def decide_remove_queue(state: Comms, asked: RemoveQueue, now: Instant) -> Decision:
    """Rejections: `queue_unknown`, `queue_in_use` (callers wait there), `rest_needed`."""
    del now
    if asked.queue not in state.queues:
        return Rejection("queue_unknown", {"queue": asked.queue})
    waiting = [one.leg for one in state.waiting.values() if one.queue == asked.queue]
    if waiting:
        return Rejection("queue_in_use", {"queue": asked.queue, "callers": len(waiting)})
    others = [one for one in state.queues.values() if one.id != asked.queue]
    return _without_rest(others) or [QueueRemoved(asked.queue)]


def apply_queue_removed(state: Comms, happened: QueueRemoved, at: Instant) -> None:
    """Gone, with its figures."""
    del at
    del state.queues[happened.queue]
    state.storms.pop(happened.queue, None)
    state.levels.pop(happened.queue, None)


def queue_of(state: Comms, arrival: Arrival) -> Queue | None:
    """Where a caller waits: in the queue that names whom they called, else where the rest of the line does.

    None for a test call and for one of the city's phones.
    """
    same = [queue for queue in state.queues.values() if queue.line is arrival.line]
    named = named_by(state, arrival)
    return named or next((queue for queue in same if not queue.targets), None)


def named_by(state: Comms, arrival: Arrival) -> Queue | None:
    """The queue of its kind of line that names whom a caller called; numbers are compared by their digits."""
    called = dialled(arrival.target)
    digits = digits_of(called) if called and not called.strip("+-.() 0123456789") else ""
    for queue in state.queues.values():
        same = called in queue.targets or (digits and digits in map(digits_of, queue.targets))
        if queue.line is arrival.line and same:
            return queue
    return None


def dialled(target: str) -> str:
    """The user part or the digits of a URI: `311` of `sip:311@psap.example;user=phone`."""
    return target.partition(":")[2].partition("@")[0].partition(";")[0] if ":" in target else target


def _without_rest(queues: list[Queue]) -> Rejection | None:
    for line in (LineKind.EMERGENCY, LineKind.ADMIN):
        if not any(queue.line is line and not queue.targets for queue in queues):
            return Rejection("rest_needed", {"line": line})
    return None


DECIDERS: Deciders = {SetQueue: decide_set_queue, RemoveQueue: decide_remove_queue}
APPLIERS: Appliers = {QueueSet: apply_queue_set, QueueRemoved: apply_queue_removed}
