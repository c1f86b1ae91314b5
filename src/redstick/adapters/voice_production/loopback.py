"""The end of a standing leg's plain RTP that is ours: a port on loopback, for one peer alone."""

import asyncio
import time
from collections.abc import Callable

from redstick.adapters.voice.rtp import Address

LOOPBACK = "127.0.0.1"
Heard = Callable[[bytes, Address, float], None]


class Loopback(asyncio.DatagramProtocol):
    """A socket that is connected to its peer, so that the system drops what others send."""

    def __init__(self, heard: Heard) -> None:
        self._heard = heard
        self._peer: Address = ("", 0)
        self._transport: asyncio.DatagramTransport | None = None

    async def open(self, peer: Address) -> None:
        """Take a port."""
        loop = asyncio.get_running_loop()
        self._peer = peer
        self._transport, _ = await loop.create_datagram_endpoint(
            lambda: self, local_addr=(LOOPBACK, 0), remote_addr=peer
        )

    @property
    def port(self) -> int:
        """Where we listen."""
        return 0 if self._transport is None else int(self._transport.get_extra_info("sockname")[1])

    def put(self, data: bytes) -> None:
        """Send to the peer."""
        if self._transport is not None:
            self._transport.sendto(data)

    def datagram_received(self, data: bytes, addr: Address) -> None:
        """A packet."""
        self._heard(data, addr, time.monotonic_ns() / 1e6)

    def error_received(self, exc: Exception) -> None:
        """The peer is not there: whoever started it says so."""

    def close(self) -> None:
        """Give the port back."""
        if self._transport is not None:
            self._transport.close()
