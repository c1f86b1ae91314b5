"""A bad network between a caller's voice and the engine: each datagram up to 60 ms late, one in fifty lost."""

import asyncio
import random

LATE_S, LOST = 0.06, 0.02


class Relay(asyncio.DatagramProtocol):
    """One direction: what comes to its port goes to `to`, late or not at all. The same seed, the same network."""

    def __init__(self, to, seed):
        self.to, self.random = to, random.Random(seed)
        self.passed = self.dropped = 0

    @classmethod
    async def open(cls, to, seed):
        """On loopback."""
        loop = asyncio.get_running_loop()
        _, relay = await loop.create_datagram_endpoint(lambda: cls(to, seed), local_addr=("127.0.0.1", 0))
        return relay

    def connection_made(self, transport):
        """The port is there."""
        self.transport = transport
        self.port = transport.get_extra_info("sockname")[1]

    def datagram_received(self, data, addr):
        """Keep it for a while."""
        if self.random.random() < LOST:
            self.dropped += 1
            return
        self.passed += 1
        asyncio.get_running_loop().call_later(self.random.uniform(0, LATE_S), self.transport.sendto, data, self.to)
