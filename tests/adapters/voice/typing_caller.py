"""A caller who types: an RTP peer of our own for real-time text, beside a voice or without one."""

import asyncio
import re
import time

from tests.adapters.voice.caller import PATIENCE_S, Heard

from redstick.protocols.captures.rtp import read_rtp
from redstick.protocols.rtt.receiving import Reader
from redstick.protocols.rtt.sending import Writer

PLAIN, RED = 98, 100
LINES = f"a=rtpmap:{PLAIN} t140/1000\r\na=rtpmap:{RED} red/1000\r\na=fmtp:{RED} {PLAIN}/{PLAIN}/{PLAIN}\r\n"


class Typist:
    """Types to `to` and reads what comes to its own port. `read` is what it has read so far."""

    def __init__(self):
        self.read, self.to, self.sent, self.tasks = "", None, 0, []
        self.reader, self.writer = Reader(PLAIN, RED), Writer(0xABCDEF01, PLAIN, RED)

    async def open(self):
        """Take a port."""
        loop = asyncio.get_running_loop()
        self.transport, self.heard = await loop.create_datagram_endpoint(Heard, local_addr=("127.0.0.1", 0))
        self.port = self.transport.get_extra_info("sockname")[1]
        self.tasks = [asyncio.create_task(self.write_on()), asyncio.create_task(self.read_on())]
        return self

    def media(self, lines=LINES, transport="RTP/AVP"):
        """The stream of text of an offer."""
        return f"m=text {self.port} {transport} {PLAIN} {RED}\r\n{lines}"

    def answered(self, answer):
        """Where to type."""
        found = re.search(rb"m=text (\d+) ", answer.body)
        self.to = ("127.0.0.1", int(found[1]))

    async def write_on(self):
        """Every packet when it is due."""
        while True:
            packet = self.writer.take(now_ms())
            if packet is not None and self.to is not None:
                self.transport.sendto(packet, self.to)
                self.sent += 1
            await asyncio.sleep(0.01)

    async def read_on(self):
        """Whatever comes."""
        while True:
            packet = read_rtp(await self.heard.queue.get())
            self.read += self.reader.take(packet, now_ms()).replace("\ufeff", "")

    async def type(self, text, cps=20):
        """Character by character."""
        for sign in text:
            self.writer.write(sign)
            await asyncio.sleep(1 / cps)

    async def until(self, text):
        """Wait until this has been read, and nothing else."""
        async with asyncio.timeout(PATIENCE_S):
            while self.read != text:  # noqa: ASYNC110  (a reader tells nobody that it has read)
                await asyncio.sleep(0.01)

    async def done(self):
        """Everything has been said, as often as it is said."""
        async with asyncio.timeout(PATIENCE_S):
            while self.writer.due_ms is not None:  # noqa: ASYNC110  (a writer tells nobody that it is done)
                await asyncio.sleep(0.01)

    def close(self):
        """Let go."""
        for task in self.tasks:
            task.cancel()
        self.transport.close()


def now_ms():
    """A time that only goes forward."""
    return time.monotonic_ns() / 1e6
