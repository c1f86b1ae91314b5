"""ALI beside a live city: a line on which a center's own telephone system sends records, over TCP.

A record is what stands between STX and ETX; it is answered with ACK once it is a line of the journal, with NAK where it
cannot be one, and a sender that hears neither sends it again. A record that a seat asks for anew goes out as the number
between the same two signs. (U: the framing and the question are remembered, not read; whoever connects a real system
checks them against it.)
"""

import asyncio
import socket
from collections.abc import Awaitable, Callable
from contextlib import suppress

from redstick.comms.rules.ali import RebidAsked, TakeAli
from redstick.comms.rules.losses import digits_of
from redstick.kernel.errors import Unavailable
from redstick.kernel.fold import Fact
from redstick.kernel.values import Command, Outcome

STX, ETX, ACK, NAK = b"\x02", b"\x03", b"\x06", b"\x15"
MOST_BYTES = 8 << 10
MOST_LINES = 64


class AliFeed:
    """Takes records on a bound socket, as long as it runs. `seat` is whose telephone it is of, "" for a whole trunk.

    `ask` asks as the house and gives the durable outcome, `name` makes the id of a call.
    """

    def __init__(
        self,
        listening: socket.socket,
        ask: Callable[[Command], Awaitable[Outcome]],
        name: Callable[[], str],
        seat: str = "",
    ) -> None:
        self._listening, self._ask, self._name, self._seat = listening, ask, name, seat
        self._lines: dict[str, asyncio.StreamWriter] = {}
        self._serves: asyncio.Task[None] | None = None

    @property
    def port(self) -> int:
        """Where records are taken."""
        port: int = self._listening.getsockname()[1]
        return port

    def start(self) -> None:
        """Begin to take them."""
        self._serves = asyncio.create_task(self._serve())

    def note(self, facts: list[Fact]) -> None:
        """What a seat asks anew goes out on the line that the call came on, or nowhere when that is gone."""
        for fact in facts:
            if isinstance(fact.event, RebidAsked):
                writer = self._lines.get(fact.event.line)
                if writer is not None:
                    writer.write(STX + digits_of(fact.event.number).encode() + ETX)

    async def close(self) -> None:
        """Take no more."""
        if self._serves is not None:
            self._serves.cancel()
            await asyncio.gather(self._serves, return_exceptions=True)
        for writer in list(self._lines.values()):
            writer.close()

    async def _serve(self) -> None:
        server = await asyncio.start_server(self._line, sock=self._listening, limit=MOST_BYTES)
        async with server:
            await server.serve_forever()

    async def _line(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        line = "ali:" + ":".join(str(part) for part in writer.get_extra_info("peername")[:2])
        if len(self._lines) >= MOST_LINES:
            writer.close()
            return
        self._lines[line] = writer
        try:
            with suppress(OSError, asyncio.IncompleteReadError, asyncio.LimitOverrunError):
                while True:
                    await self._record(line, await reader.readuntil(ETX), writer)
                    await writer.drain()
        finally:
            del self._lines[line]
            writer.close()

    async def _record(self, line: str, framed: bytes, writer: asyncio.StreamWriter) -> None:
        """One record, answered once it is durable or refused."""
        text = framed[:-1].rpartition(STX)[2].decode("ascii", errors="replace")
        try:
            outcome = await self._ask(TakeAli(line, self._name(), text, self._seat))
        except Unavailable:
            return  # the sender hears nothing, and sends it again
        writer.write(ACK if outcome.accepted else NAK)
