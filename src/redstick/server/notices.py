"""Notices of the phones leave the house: each that is owed is handed to a path, and confirmed once that has it.

What the path cannot take now is handed over again, under the same id. What it refuses for good stays owed, on the seat.
"""

import asyncio
from collections.abc import Awaitable, Callable, Mapping
from functools import partial
from typing import Any

from redstick.kernel.errors import Unavailable
from redstick.kernel.fold import Fact
from redstick.kernel.values import Command, Outcome
from redstick.phones.ports import NoticePath
from redstick.phones.rules.calls import EmergencyDialled
from redstick.phones.rules.messages import VoicemailLeft
from redstick.phones.rules.notices import ConfirmNotice, NoticeEscalated

AGAIN_S = 30.0
MADE = (EmergencyDialled, VoicemailLeft, NoticeEscalated)


class Notices:
    """Hands over what is owed, as long as it runs. `ask` asks as the house."""

    def __init__(
        self,
        path: NoticePath,
        ask: Callable[[Command], Awaitable[Outcome]],
        states: Callable[[], Mapping[str, Any]],
        again_s: float = AGAIN_S,
    ) -> None:
        self._path, self._ask, self._states, self._again_s = path, ask, states, again_s
        self._in_hand: dict[tuple[str, tuple[str, ...]], asyncio.Task[None]] = {}

    def start(self) -> None:
        """With what is owed already."""
        self._take_up()

    def note(self, facts: list[Fact]) -> None:
        """What was committed."""
        if any(isinstance(fact.event, MADE) for fact in facts):
            self._take_up()

    async def close(self) -> None:
        """Stop. What was in hand is handed over by whoever starts next, under the same id."""
        tasks = list(self._in_hand.values())
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)

    def _take_up(self) -> None:
        for notice in self._states()["phones"].notices.values():
            key = notice.id, notice.to
            if notice.delivered_at is None and key not in self._in_hand:
                task = asyncio.create_task(self._hand_over(*key))
                self._in_hand[key] = task
                task.add_done_callback(partial(self._done, key))

    def _done(self, key: tuple[str, tuple[str, ...]], task: asyncio.Task[None]) -> None:
        del task
        self._in_hand.pop(key, None)

    async def _hand_over(self, name: str, to: tuple[str, ...]) -> None:
        while True:
            notice = self._states()["phones"].notices.get(name)
            if notice is None or notice.to != to or notice.delivered_at is not None:
                return
            try:
                told = await self._path.hand_over(notice)
            except Unavailable:
                await asyncio.sleep(self._again_s)
                continue
            if told.delivered:
                await self._ask(ConfirmNotice(name, told.how))
            return
