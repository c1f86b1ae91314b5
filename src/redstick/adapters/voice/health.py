"""Whether an engine carries voice: what of it fails just now is known by its part, and told once it begins and ends."""

import asyncio
from collections.abc import Awaitable, Callable

from redstick.comms.ports import EngineHealth

AGAIN_S, SETTLED_S = 1.0, 5.0  # a part that failed begins anew after so long, and works once it has lived for so long


class Health:
    """Of the engine of that name. It fails as long as a part of it does."""

    def __init__(self, engine: str, tell: Callable[[EngineHealth], None]) -> None:
        self._engine, self._tell = engine, tell
        self._failing: dict[str, str] = {}

    def failed(self, part: str, why: str) -> None:
        """A part does not do what it is for; told where every part did before."""
        before, self._failing[part] = bool(self._failing), why
        if not before:
            self._tell(EngineHealth(self._engine, up=False, why=f"{part}: {why}"))

    def works(self, part: str) -> None:
        """A part does; told where it was the last that did not."""
        if self._failing.pop(part, None) is not None and not self._failing:
            self._tell(EngineHealth(self._engine, up=True))

    def begun(self) -> None:
        """The engine takes calls: whatever was said of the one before it, this one is here."""
        if not self._failing:
            self._tell(EngineHealth(self._engine, up=True))

    async def watch(self, part: str, live: Callable[[], Awaitable[None]]) -> None:
        """Have a part live for ever: one that dies of a fault of ours is told of, and begins anew."""
        loop = asyncio.get_running_loop()
        while True:
            settled = loop.call_later(SETTLED_S, self.works, part)
            try:
                await live()
            except Exception as error:  # noqa: BLE001  (whatever it is, silence for everybody is worse)
                self.failed(part, repr(error)[:200])
            finally:
                settled.cancel()
            await asyncio.sleep(AGAIN_S)
