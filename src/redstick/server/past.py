"""What the journal says of the past, read beside the server: in a thread, one reader at a time, with pauses.

A read over the whole journal takes long; dispatch goes on meanwhile, and the answer is as of the position at its start.
"""

import asyncio
import time
from collections.abc import Callable, Iterable, Iterator
from typing import TypeVar

from redstick.kernel.envelope import opened
from redstick.kernel.fold import Fact
from redstick.kernel.house import House
from redstick.kernel.values import Event

LINES, PAUSE_S = 200, 0.001  # after so many lines the event loop gets its turn

T = TypeVar("T")
ReadLines = Callable[[int, int], Iterator[bytes]]  # behind a position, up to and with a position


class Past:
    """Reads facts that are durable. `durable` is the position up to which there are any."""

    def __init__(self, read: ReadLines, house: House, durable: Callable[[], int]) -> None:
        self._read, self._house, self._durable = read, house, durable
        self._one = asyncio.Lock()

    async def over(self, after: int, kinds: Iterable[type[Event]], digest: Callable[[Iterable[Fact]], T]) -> T:
        """What `digest` makes, in that thread, of the facts of these kinds behind a position, in order.

        Raises what reading a journal raises (Corruption, Unavailable).
        """
        names = frozenset(kind.event_kind for kind in kinds)
        async with self._one:
            return await asyncio.to_thread(lambda: digest(self._facts(after, self._durable(), names)))

    def _facts(self, after: int, until: int, names: frozenset[str]) -> Iterator[Fact]:
        for count, line in enumerate(self._read(after, until), start=1):
            if count % LINES == 0:
                time.sleep(PAUSE_S)
            envelope = opened(line)
            if envelope.kind in names:
                event = self._house.events.read(envelope)
                if event is not None:
                    yield Fact(envelope, event)
