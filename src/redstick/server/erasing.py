"""What the journal says was destroyed, the ring of keys lets go of: at every start, and as soon as it is said."""

import asyncio
from collections.abc import Awaitable, Callable, Iterable
from dataclasses import replace

import msgspec

from redstick.kernel.errors import Corruption, Unavailable
from redstick.kernel.fold import Fact
from redstick.kernel.secrets.erasure import carry_out
from redstick.kernel.secrets.ports import KeyRing
from redstick.kernel.secrets.retention import KeyDestroyed
from redstick.kernel.secrets.state import Secrets
from redstick.kernel.values import Outcome, Request
from redstick.server.accounts.sessions import Offload

AGAIN_S = 60.0  # before a ring that did not answer is asked again


class Erasing:
    """Carries out destructions; `run` goes on until it is cancelled.

    `state` gives what is committed, `ask` asks as the house. The ring is used through `offload` alone: its files are
    slow, and nobody else may be in them meanwhile. `failed` says why the ring did not let go, while that is so.
    """

    def __init__(
        self,
        ring: KeyRing,
        state: Callable[[], Secrets],
        ask: Callable[[Request], Awaitable[Outcome]],
        offload: Offload,
        actor: str,
    ) -> None:
        self.failed: str | None = None
        self._ring, self._state, self._ask, self._offload, self._actor = ring, state, ask, offload, actor
        self._wanted = asyncio.Event()
        self._wanted.set()

    def note(self, facts: Iterable[Fact]) -> None:
        """Something is durable: if a key was destroyed, the ring is told."""
        if any(isinstance(fact.event, KeyDestroyed) for fact in facts):
            self._wanted.set()

    async def run(self) -> None:
        """Carry out what is committed, then whatever is destroyed from then on."""
        while True:
            await self._wanted.wait()
            self._wanted.clear()
            await self._once()

    async def _once(self) -> None:
        state = msgspec.convert(msgspec.to_builtins(self._state()), Secrets)  # the thread reads, the loop folds on
        try:
            confirmations = await self._offload(lambda: list(carry_out(state, self._ring)))
        except (Corruption, Unavailable, OSError) as error:
            self.failed = str(error)
            asyncio.get_running_loop().call_later(AGAIN_S, self._wanted.set)
            return
        self.failed = None
        for confirmation in confirmations:
            await self._ask(replace(confirmation, actor=self._actor))
