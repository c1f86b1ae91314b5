"""CoT events over a real network: datagrams and a stream, on loopback."""

import asyncio
import socket

import pytest

from redstick.adapters.cot import CotDatagrams, CotStream
from redstick.kernel.errors import Unavailable
from redstick.protocols.cot.event import CotEvent, Point, read_event

pytestmark = pytest.mark.sockets
EVENT = CotEvent(
    uid="E1@cad.parish.example", kind="a-f-G-U-C", how="m-g", time=1_700_000_000_000, start=1_700_000_000_000,
    stale=1_700_000_120_000, point=Point(1, 2), callsign="E1",
)  # fmt: skip


def test_a_datagram_is_one_event():
    """What arrives is what was sent."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as listening:
        listening.bind(("127.0.0.1", 0))
        listening.settimeout(10)
        sender = CotDatagrams(*listening.getsockname())
        sender.send(EVENT)
        assert read_event(listening.recv(65_535)) == EVENT
        sender.close()


def test_what_fits_no_datagram_is_refused():
    """It is not cut."""
    sender = CotDatagrams("127.0.0.1", 9)
    long = CotEvent(uid="x", kind="a", how="m", time=0, start=0, stale=0, point=Point(0, 0), remarks="x" * 70_000)
    with pytest.raises(ValueError, match="do not fit"):
        sender.send(long)
    sender.close()


def test_a_stream_carries_one_event_behind_the_other_and_connects_anew():
    """A server that was gone is served again when it is back."""

    async def story():
        heard: asyncio.Queue[bytes] = asyncio.Queue()

        async def hear(reader, writer):
            heard.put_nowait(await reader.readuntil(b"</event>"))
            writer.close()

        server = await asyncio.start_server(hear, "127.0.0.1", 0)
        port = server.sockets[0].getsockname()[1]
        sender = CotStream("127.0.0.1", port)
        await sender.send(EVENT)
        first = await heard.get()
        await sender.close()
        await sender.send(EVENT)
        second = await heard.get()
        await sender.close()
        server.close()
        await server.wait_closed()
        with pytest.raises(Unavailable):
            await sender.send(EVENT)
        return first, second

    for data in asyncio.run(story()):
        assert read_event(data) == EVENT
