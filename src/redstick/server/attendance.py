"""Whether somebody is at a seat: its person has a stream open. A seat that nobody attends is lost, and found again.

A stream may name its seat (`seat=calls:1`), and attends that one; one that names none attends every seat of its person.
Whoever signs on without a stream, and every seat while the server comes up, is lost at once: the grace of the rules
(`dispatch/timers/covering.py`) is the time that a console has to come, or to come back.
"""

import asyncio
from collections import Counter
from collections.abc import Awaitable, Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from typing import Any

from redstick.dispatch.rules.seats import FindSeat, LoseSeat, Seat, SeatSignedOn
from redstick.kernel.errors import Unavailable
from redstick.kernel.fold import Fact
from redstick.kernel.values import Command, Outcome
from redstick.published.dispatch import SeatRelieved

EVERY = ""  # a stream that names no seat


class Attendance:
    """Counts streams by person and seat, and asks what follows. `ask` asks as the house."""

    def __init__(self, states: Callable[[], Mapping[str, Any]], ask: Callable[[Command], Awaitable[Outcome]]) -> None:
        self._states, self._ask = states, ask
        self._streams: Counter[tuple[str, str]] = Counter()
        self._changed = asyncio.Event()
        self._works: asyncio.Task[None] | None = None

    def start(self) -> None:
        """Begin: no stream is open yet."""
        self._changed.set()
        self._works = asyncio.create_task(self._work())

    def note(self, facts: list[Fact]) -> None:
        """Look again when seats have changed hands."""
        if any(isinstance(fact.event, SeatSignedOn | SeatRelieved) for fact in facts):
            self._changed.set()

    async def close(self) -> None:
        """Stop; whoever starts next finds every seat without a stream, and says so."""
        if self._works is not None:
            self._works.cancel()
            await asyncio.gather(self._works, return_exceptions=True)

    @contextmanager
    def stream(self, person: str, seat: str = EVERY) -> Iterator[None]:
        """A stream of a person is open, at this seat or wherever they are signed on."""
        self._streams[person, seat] += 1
        self._changed.set()
        try:
            yield
        finally:
            self._streams[person, seat] -= 1
            if not self._streams[person, seat]:
                del self._streams[person, seat]
            self._changed.set()

    def _attended(self, seat: Seat) -> bool:
        return (seat.person, seat.id) in self._streams or (seat.person, EVERY) in self._streams

    async def _work(self) -> None:
        """Ask one thing at a time, so that a seat that comes and goes is told in that order."""
        while True:
            await self._changed.wait()
            self._changed.clear()
            for seat in list(self._states()["dispatch"].seats.values()):
                attended = self._attended(seat)
                if attended is (seat.lost_at is not None):
                    with suppress(Unavailable):
                        await self._ask(FindSeat(seat.id) if attended else LoseSeat(seat.id))
