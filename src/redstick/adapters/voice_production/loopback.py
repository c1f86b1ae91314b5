"""The end of a standing leg's plain RTP that is ours: two ports on loopback, for one peer alone.

Janus sends RTCP to the port after that of RTP, whatever is said. Nobody else may have it, or would hear that.
"""

import asyncio
import socket
import time
from collections.abc import Callable

from redstick.adapters.voice.rtp import Address

LOOPBACK = "127.0.0.1"
TRIES = 50  # for a port whose neighbour is free too
Heard = Callable[[bytes, Address, float], None]


class Loopback(asyncio.DatagramProtocol):
    """A socket that is connected to its peer, so that the system drops what others send."""

    def __init__(self, heard: Heard) -> None:
        self._heard = heard
        self._transport: asyncio.DatagramTransport | None = None
        self._reports: socket.socket | None = None

    async def open(self, peer: Address) -> None:
        """Take both. Raises OSError."""
        voice, self._reports = _pair()
        voice.connect(peer)
        self._transport, _ = await asyncio.get_running_loop().create_datagram_endpoint(lambda: self, sock=voice)

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
        """Give the ports back."""
        if self._transport is not None:
            self._transport.close()
        if self._reports is not None:
            self._reports.close()


def _pair() -> tuple[socket.socket, socket.socket]:
    for _ in range(TRIES):
        voice, reports = (socket.socket(socket.AF_INET, socket.SOCK_DGRAM) for _ in range(2))
        try:
            voice.bind((LOOPBACK, 0))
            reports.bind((LOOPBACK, voice.getsockname()[1] + 1))
            reports.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 0)  # what comes is for nobody
            voice.setblocking(False)
        except (OSError, OverflowError):
            voice.close()
            reports.close()
        else:
            return voice, reports
    raise OSError("no two ports beside each other")
