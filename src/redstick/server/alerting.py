"""Alerts leave the house: what was committed as queued is handed to its path, and what the path said is reported.

One task a hand-over, so that a slow provider holds up nobody else's alert. Whatever an adapter raises, the alert's own
timer goes on to the next path.
"""

import asyncio
from collections.abc import Awaitable, Callable, Mapping
from typing import Any

from redstick.dispatch.alerting.outbox import Outbox
from redstick.dispatch.alerting.paths import PathKind, Step
from redstick.dispatch.ports import AlertPath, Handed, Outgoing
from redstick.dispatch.rules.alerts import AlertQueued
from redstick.kernel.errors import Unavailable
from redstick.kernel.fold import Fact
from redstick.kernel.values import Instant, Outcome, Request

LONGEST_NAP_S = 1.0


class Alerting:
    """Hands over what is queued, as long as it runs. `ask` asks a command and gives its durable outcome."""

    def __init__(
        self,
        paths: Mapping[PathKind, AlertPath],
        states: Callable[[], Mapping[str, Any]],
        ask: Callable[[Request], Awaitable[Outcome]],
        clock: Callable[[], Instant],
    ) -> None:
        self._paths, self._states, self._ask, self._clock = paths, states, ask, clock
        self._outbox = Outbox()
        self._something = asyncio.Event()
        self._in_hand: set[asyncio.Task[None]] = set()
        self._works: asyncio.Task[None] | None = None

    def start(self) -> None:
        """Begin with what waits in committed state; call it once that is there, and `note` every fact after it."""
        self._outbox.begin(self._states()["dispatch"], self._clock())
        self._works = asyncio.create_task(self._work())

    def note(self, facts: list[Fact]) -> None:
        """Take in what was committed."""
        self._outbox.note(self._states(), (fact.event for fact in facts), self._clock())
        if any(isinstance(fact.event, AlertQueued) for fact in facts):  # nothing else brings work forward
            self._something.set()

    async def close(self) -> None:
        """Stop. What was in hand is handed over again by whoever starts next, under the same key."""
        tasks = [*self._in_hand, *([self._works] if self._works is not None else [])]
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)

    async def _work(self) -> None:
        while True:
            self._something.clear()
            for message in self._outbox.take(self._clock()):
                task = asyncio.create_task(self._hand_over(message))
                self._in_hand.add(task)
                task.add_done_callback(self._in_hand.discard)
            try:
                async with asyncio.timeout(self._nap_s()):
                    await self._something.wait()
            except TimeoutError:
                continue

    def _nap_s(self) -> float | None:
        due_at = self._outbox.next_at()
        return None if due_at is None else min(max((due_at - self._clock()) / 1000, 0.0), LONGEST_NAP_S)

    async def _hand_over(self, message: Outgoing) -> None:
        path = self._paths.get(message.kind)
        try:
            answer = await path.hand_over(message) if path is not None else Handed(Step.FAILED, "no such path here")
        except Unavailable:
            self._outbox.unreachable(message, self._clock())
            self._something.set()
            return
        except Exception as error:  # noqa: BLE001  (whatever an adapter raises, the alert goes on to its next path)
            answer = Handed(Step.FAILED, f"{type(error).__name__}: {error}")
        await self._ask(self._outbox.handed(message, answer, self._clock()))
