"""CoT events on their way out: datagrams to a group, or a stream to a server of the TAK family."""

import asyncio
import socket
from contextlib import suppress

from redstick.kernel.errors import Unavailable
from redstick.protocols.cot.event import MOST_BYTES, CotEvent, write_event

CONNECT_S = 5.0


class CotDatagrams:
    """Sends each event as one UDP datagram. What a network loses is lost; the next event of the same uid mends it."""

    def __init__(self, host: str, port: int, *, hops: int = 1) -> None:
        self._target = (host, port)
        self._socket = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        self._socket.setsockopt(socket.IPPROTO_IP, socket.IP_MULTICAST_TTL, hops)

    def send(self, event: CotEvent) -> None:
        """Raises ValueError when the event does not fit a datagram, Unavailable when the network refuses it."""
        data = write_event(event)
        if len(data) > MOST_BYTES:
            raise ValueError(f"{event.uid}: {len(data)} bytes do not fit a datagram")
        try:
            self._socket.sendto(data, self._target)
        except OSError as error:
            raise Unavailable(f"CoT to {self._target[0]}:{self._target[1]}: {error.strerror}") from error

    def close(self) -> None:
        """Send no more."""
        self._socket.close()


class CotStream:
    """Sends events over one TCP connection, one XML document behind the other; connects anew when it was lost."""

    def __init__(self, host: str, port: int) -> None:
        self._host, self._port = host, port
        self._writer: asyncio.StreamWriter | None = None

    async def send(self, event: CotEvent) -> None:
        """Raises Unavailable when nobody takes it; the next `send` tries to connect again."""
        try:
            async with asyncio.timeout(CONNECT_S):
                if self._writer is None or self._writer.is_closing():
                    _, self._writer = await asyncio.open_connection(self._host, self._port)
                self._writer.write(write_event(event))
                await self._writer.drain()
        except (OSError, TimeoutError) as error:
            await self.close()
            raise Unavailable(f"CoT to {self._host}:{self._port}: {error}") from error

    async def close(self) -> None:
        """Send no more."""
        writer, self._writer = self._writer, None
        if writer is not None:
            writer.close()
            with suppress(OSError):
                await writer.wait_closed()
