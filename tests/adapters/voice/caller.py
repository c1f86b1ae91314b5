"""A caller for the tests: raw messages over a real socket, as the network would bring them, and RTP beside them."""

import asyncio
import re
import struct

from redstick.adapters.voice.g711 import PACKET_SAMPLES, PCMU
from redstick.adapters.voice.tones import WAITING
from redstick.protocols.captures.rtp import read_rtp
from redstick.protocols.sip.reading import Stream, read_message

PATIENCE_S = 60  # a shared machine is slow; who never answers is given up at last


class Heard(asyncio.DatagramProtocol):
    """Datagrams as they come."""

    def __init__(self):
        self.queue = asyncio.Queue()

    def connection_made(self, transport):
        """Where to send from."""
        self.transport = transport

    def datagram_received(self, data, addr):
        """One more."""
        self.queue.put_nowait(data)


class Caller:
    """One call over UDP or TCP. `number` tells callers apart; `media` is its voice."""

    def __init__(self, number=1, target="urn:service:sos", sdp=None):
        self.number, self.target, self.sdp, self.cseq, self.to = number, target, sdp, 1, f"<{target}>"
        self.remote = None

    async def open(self, to, *, transport="UDP", context=None):
        """Take sockets."""
        loop = asyncio.get_running_loop()
        media, self.media = await loop.create_datagram_endpoint(Heard, local_addr=("127.0.0.1", 0))
        self.media_port = media.get_extra_info("sockname")[1]
        self.kind = transport
        if transport == "UDP":
            wire, self.wire = await loop.create_datagram_endpoint(Heard, remote_addr=to)
            self.port = wire.get_extra_info("sockname")[1]
        else:
            self.reader, self.writer = await asyncio.open_connection(*to, ssl=context)
            self.port, self.stream, self.ready = self.writer.get_extra_info("sockname")[1], Stream(), []
        return self

    def send(self, data):
        """Bytes on the wire."""
        if self.kind == "UDP":
            self.wire.transport.sendto(data)
        else:
            self.writer.write(data)

    async def receive(self):
        """The next message."""
        async with asyncio.timeout(PATIENCE_S):
            if self.kind == "UDP":
                return read_message(await self.wire.queue.get())
            while not self.ready:
                data = await self.reader.read(65_536)
                if not data:
                    raise EOFError
                self.ready += self.stream.feed(data)
            return read_message(self.ready.pop(0))

    async def final(self, method="INVITE"):
        """The next final answer to a method."""
        while True:
            told = await self.receive()
            if getattr(told, "code", 0) >= 200 and (told.first("CSeq") or "").endswith(method):
                return told

    def offer(self, codec="0", connection="127.0.0.1"):
        """What it can speak and where it listens."""
        return (
            f"v=0\r\no=- 1 1 IN IP4 127.0.0.1\r\ns=-\r\nc=IN IP4 {connection}\r\nt=0 0\r\n"
            f"m=audio {self.media_port} RTP/AVP {codec}\r\n"
        )

    def message(self, method, *lines, body="", kind="application/sdp", branch=None):
        """A request of this call."""
        branch = branch or f"{self.number}-{self.cseq}{method}"
        head = [
            f"{method} {self.target} SIP/2.0",
            f"Via: SIP/2.0/{self.kind} 127.0.0.1:{self.port};branch=z9hG4bK{branch}",
            f"From: <sip:+1225555{self.number:04}@c.example>;tag=t{self.number}", f"To: {self.to}",
            f"Call-ID: call-{self.number}@c.example", f"CSeq: {self.cseq} {method}", "Max-Forwards: 70",
            f"Contact: <sip:caller@127.0.0.1:{self.port}>", *lines, f"Content-Length: {len(body.encode())}",
        ]  # fmt: skip
        typed = [f"Content-Type: {kind}"] if body else []
        return ("\r\n".join([*head, *typed]) + f"\r\n\r\n{body}").encode()

    async def call(self, body=None):
        """INVITE, its final answer, ACK where it is one to speak on."""
        self.send(self.message("INVITE", body=self.offer() if body is None else body))
        answer = await self.final()
        self.answered(answer)
        return answer

    def answered(self, answer):
        """Take over their tag and their port; acknowledge."""
        self.to = answer.first("To")
        found = re.search(rb"m=audio (\d+) ", answer.body)
        self.remote = ("127.0.0.1", int(found[1])) if found else None
        branch = None if answer.code < 300 else f"{self.number}-{self.cseq}INVITE"
        self.send(self.message("ACK", branch=branch))

    async def bye(self):
        """Hang up; the answer."""
        self.cseq += 1
        self.send(self.message("BYE"))
        return await self.final("BYE")

    def speak(self, packets, payload=None):
        """So many packets of a tone, or of a payload, at once."""
        octets = payload or PCMU.encode(WAITING.samples[:PACKET_SAMPLES])
        for number in range(packets):
            head = struct.pack(">BBHII", 0x80, 0, number, number * PACKET_SAMPLES, self.number)
            self.media.transport.sendto(head + octets, self.remote)

    async def hear(self, packets):
        """The next packets of voice."""
        async with asyncio.timeout(PATIENCE_S):
            return [read_rtp(await self.media.queue.get()) for _ in range(packets)]

    def close(self):
        """Let go."""
        if not hasattr(self, "kind"):
            return
        self.media.transport.close()
        if self.kind == "UDP":
            self.wire.transport.close()
        else:
            self.writer.close()
