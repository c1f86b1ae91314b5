"""Locations by reference, beside a live city: asked while the call is answered, and again as long as it lasts.

What is found is another location of the leg (`comms.relocate_leg`): on the card it stands beside what is known, and a
person promotes it. So a better fix is offered as it comes and overwrites nothing, least of all what was verified.
"""

import asyncio
from collections.abc import Awaitable, Callable, Mapping, Sequence
from contextlib import suppress
from functools import partial
from typing import Any

from redstick.comms.locating import LocationReferences
from redstick.comms.rules.legs import RelocateLeg
from redstick.kernel.errors import Unavailable
from redstick.kernel.fold import Fact
from redstick.kernel.values import Command
from redstick.published.comms import Fix, LegEnded, LegOffered, LegRelocated

AGAIN_S = (5.0, 10.0, 20.0, 30.0, 60.0, 120.0)  # a telephone finds itself better in the first minutes
MOST_AT_ONCE = 32  # questions that are under way; the others wait for their turn


class References:
    """Asks where the references of legs lead, as long as it runs. `ask` asks as the house."""

    def __init__(
        self,
        servers: Sequence[LocationReferences],
        ask: Callable[[Command], Awaitable[object]],
        states: Callable[[], Mapping[str, Any]],
        again_s: Sequence[float] = AGAIN_S,
    ) -> None:
        self._servers, self._ask, self._states, self._again_s = servers, ask, states, again_s
        self._asking: dict[tuple[str, str], asyncio.Task[None]] = {}
        self._turns = asyncio.Semaphore(MOST_AT_ONCE)

    def start(self) -> None:
        """Nothing is asked until a leg brings a reference."""

    def note(self, facts: list[Fact]) -> None:
        """Each reference of a leg is asked from its arrival on, and no more once the leg is over."""
        for fact in facts:
            if isinstance(fact.event, LegOffered):
                self._begin(fact.event.leg, fact.event.arrival.fixes)
            elif isinstance(fact.event, LegRelocated):
                self._begin(fact.event.leg, fact.event.fixes)
            elif isinstance(fact.event, LegEnded):
                self._end(fact.event.leg)

    async def close(self) -> None:
        """Ask no more."""
        for task in self._asking.values():
            task.cancel()
        await asyncio.gather(*self._asking.values(), return_exceptions=True)

    def _begin(self, leg: str, fixes: tuple[Fix, ...]) -> None:
        for uri in dict.fromkeys(fix.uri for fix in fixes if fix.x is None and not fix.text and fix.uri):
            server = next((one for one in self._servers if one.takes(uri)), None)
            if server is not None and (leg, uri) not in self._asking:
                task = asyncio.create_task(self._follow(server, leg, uri))
                self._asking[leg, uri] = task
                task.add_done_callback(partial(self._over, (leg, uri)))

    def _end(self, leg: str) -> None:
        for (whose, _), task in self._asking.items():
            if whose == leg:
                task.cancel()

    def _over(self, key: tuple[str, str], task: asyncio.Task[None]) -> None:
        del task
        self._asking.pop(key, None)

    async def _follow(self, server: LocationReferences, leg: str, uri: str) -> None:
        """Now, and again while the leg is here; who does not answer is asked the next time."""
        for wait in (*self._again_s, None):
            with suppress(Unavailable):
                async with self._turns:
                    fixes = await server.ask(uri)
                if leg in self._states()["comms"].legs and fixes:
                    await self._ask(RelocateLeg(leg, fixes))
            if wait is None or leg not in self._states()["comms"].legs:
                return
            await asyncio.sleep(wait)
