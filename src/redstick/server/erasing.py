"""What the journal says was destroyed, the ring of keys lets go of: at every start, and as soon as it is said."""

import asyncio
from collections.abc import Awaitable, Callable, Iterable, Mapping
from contextlib import suppress
from dataclasses import replace
from typing import Any

import msgspec

from redstick.kernel.errors import Corruption, Unavailable
from redstick.kernel.fold import Fact
from redstick.kernel.secrets.erasure import carry_out
from redstick.kernel.secrets.ports import KeyRing
from redstick.kernel.secrets.retention import KeyDestroyed
from redstick.kernel.secrets.state import Secrets
from redstick.kernel.values import Outcome, Request

AGAIN_S = 60.0  # before a ring that did not answer is asked again
ACTOR = "house"


class Erasing:
    """Work beside the server that carries out destructions, from its start until it is closed.

    `states` gives what is committed. The ring is used in a thread, since its files are slow. `failed` says why it did
    not let go, while that is so.
    """

    def __init__(
        self, ring: KeyRing, states: Callable[[], Mapping[str, Any]], ask: Callable[[Request], Awaitable[Outcome]]
    ) -> None:
        self.failed: str | None = None
        self._ring, self._states, self._ask = ring, states, ask
        self._wanted = asyncio.Event()
        self._task: asyncio.Task[None] | None = None

    def start(self) -> None:
        """Carry out what is committed."""
        self._wanted.set()
        self._task = asyncio.create_task(self._work())

    def note(self, facts: Iterable[Fact]) -> None:
        """Something is durable: if a key was destroyed, the ring is told."""
        if any(isinstance(fact.event, KeyDestroyed) for fact in facts):
            self._wanted.set()

    async def close(self) -> None:
        """Stop; what is not carried out will be at the next start."""
        if self._task is not None:
            self._task.cancel()
            with suppress(asyncio.CancelledError):
                await self._task

    async def _work(self) -> None:
        while True:
            await self._wanted.wait()
            self._wanted.clear()
            await self._carry_out()

    async def _carry_out(self) -> None:
        state = msgspec.convert(msgspec.to_builtins(self._states()["secrets"]), Secrets)  # the loop folds on meanwhile
        try:
            confirmations = await asyncio.to_thread(lambda: list(carry_out(state, self._ring)))
        except (Corruption, Unavailable, OSError) as error:
            self.failed = str(error)
            asyncio.get_running_loop().call_later(AGAIN_S, self._wanted.set)
            return
        self.failed = None
        for confirmation in confirmations:
            await self._ask(replace(confirmation, actor=ACTOR))
