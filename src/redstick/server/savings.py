"""Savings beside the server: a process of its own reads bills and draws reports, begun when somebody first asks."""

import asyncio
from collections.abc import Callable

import msgspec

from redstick.kernel.values import Rejection
from redstick.savings.questions import HowMuchIsSaved, Understood, WhatIsIn, heard, packed_lines, packed_rest
from redstick.savings.state import Savings
from redstick.server.computing import ComputingProcess, NotComputed

PIECE = 100  # lines of two years: about 1.5 ms
TRIES = 5


class SavingsDesk:
    """Asks it. Rejections: those of the answer, and `computing_unavailable` (ask again)."""

    def __init__(self, open_process: Callable[[], ComputingProcess]) -> None:
        self._open = open_process
        self._process: ComputingProcess | None = None

    def close(self) -> None:
        """Have it end."""
        if self._process is not None:
            self._process.close()

    async def understood(self, asked: WhatIsIn) -> Understood | Rejection:
        """What is in a bill's file."""
        told = await self._ask(msgspec.msgpack.encode(asked))
        return told if isinstance(told, Rejection) else msgspec.msgpack.decode(told, type=Understood)

    async def report(
        self, inventory: Callable[[], Savings], position: Callable[[], int], form: str, table: str
    ) -> bytes | Rejection:
        """The report of the inventory as it is, as the bytes of a document.

        It is packed a piece at a time; when the journal has gone on in between, once more, and at last in one go.
        """
        for _ in range(TRIES):
            before, state = position(), inventory()
            rest, names, pieces = packed_rest(state), list(state.lines), []
            for first in range(0, len(names), PIECE):
                pieces.append(packed_lines(state, names[first : first + PIECE]))
                await asyncio.sleep(0)
            if position() == before:
                break
        else:
            state = inventory()
            rest, pieces = packed_rest(state), [packed_lines(state, list(state.lines))]
        return await self._ask(msgspec.msgpack.encode(HowMuchIsSaved(rest, pieces, form, table)))

    async def _ask(self, question: bytes) -> bytes | Rejection:
        if self._process is None:
            self._process = self._open()
        try:
            return heard(await self._process.ask(question))
        except NotComputed as error:
            return Rejection("computing_unavailable", {"why": error.why})
