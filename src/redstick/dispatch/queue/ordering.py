"""The order of the pending queue: priority, then age, and no wait without end.

Each priority has a patience. An item ranks by the moment when its patience is used up, so between any two items the
order never changes while they wait: nothing jumps on a screen without an event, and no clock is needed to sort. What
comes in later than an item's patience can no longer rank before it, whatever comes; only priority 1 stands on top of
everything at once, and waits behind nothing but older priority 1.
"""

from collections.abc import Iterable, Mapping
from typing import NamedTuple

from redstick.kernel.values import Instant

MINUTE_MS = 60_000
TOP = 1  # the priority that is pinned on top

# How long an item of each priority lets newer ones of priority 2 pass. Ours; a center may give its own.
PATIENCE_MS: Mapping[int, int] = {2: 0, 3: 20 * MINUTE_MS, 4: 60 * MINUTE_MS, 5: 120 * MINUTE_MS}


class Item(NamedTuple):
    """Something that waits: its id, its priority (1 the most urgent) and since when, ms since the epoch."""

    id: str
    priority: int
    since: Instant


def rank(item: Item, patience_ms: Mapping[int, int] = PATIENCE_MS) -> tuple[int, Instant, int, str]:
    """What an item is sorted by, the smallest first: a total order, in which equals go by priority and then by id."""
    pinned = item.priority <= TOP
    due = item.since + (0 if pinned else patience_ms.get(item.priority, max(patience_ms.values())))
    return (0 if pinned else 1, due, item.priority, item.id)


def ordered(items: Iterable[Item], patience_ms: Mapping[int, int] = PATIENCE_MS) -> list[Item]:
    """The queue, from its head."""
    return sorted(items, key=lambda item: rank(item, patience_ms))


def overtakes_after_ms(priority: int, other: int, patience_ms: Mapping[int, int] = PATIENCE_MS) -> int | None:
    """How much older than one of priority `other` an item must be to rank before it; None when it never does.

    Nothing but priority 1 ranks before priority 1.
    """
    if other <= TOP:
        return 0 if priority <= TOP else None
    return 0 if priority <= TOP else patience_ms[priority] - patience_ms[other]
