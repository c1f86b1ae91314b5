"""Followers beside the loop: ledgers and indexes take committed facts in a thread of their own, in their own time."""

import asyncio
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor

from redstick.kernel.errors import Conflict, Corruption, Unavailable
from redstick.kernel.fold import Fact

BATCH = 500  # facts in one transaction
AGAIN_S = 1.0  # before a follower that failed is tried again

Apply = Callable[[Sequence[Fact]], None]


class Following:
    """Feeds one follower. `catch_up` reads from the journal what was missed; what fails is tried again, and said."""

    def __init__(self, name: str, apply: Apply, catch_up: Callable[[], object]) -> None:
        self.name, self.failed = name, ""
        self._apply, self._catch_up = apply, catch_up
        self._waiting: list[Fact] = []
        self._woken = asyncio.Event()
        self._thread = ThreadPoolExecutor(1, thread_name_prefix=name)

    def note(self, facts: Sequence[Fact]) -> None:
        """Facts are committed; never waits."""
        self._waiting.extend(facts)
        self._woken.set()

    @property
    def behind(self) -> int:
        """How many facts wait."""
        return len(self._waiting)

    async def run(self) -> None:
        """Feed until cancelled."""
        loop = asyncio.get_running_loop()
        while True:
            await self._woken.wait()
            batch = self._waiting[:BATCH]
            try:
                await loop.run_in_executor(self._thread, self._apply, batch)
                self.failed = ""
            except Conflict:  # it lacks lines before these, or has them already: the journal knows
                await loop.run_in_executor(self._thread, self._catch_up)
            except (Corruption, Unavailable) as error:
                self.failed = str(error)
                await asyncio.sleep(AGAIN_S)
                continue
            del self._waiting[: len(batch)]
            if not self._waiting:
                self._woken.clear()

    def close(self) -> None:
        """Finish what is under way."""
        self._thread.shutdown(wait=True)
