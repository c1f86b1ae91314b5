"""A called side for the tests: raw answers over a real socket, each as the test says."""

import asyncio

from tests.adapters.voice.caller import PATIENCE_S

from redstick.protocols.captures.rtp import read_rtp
from redstick.protocols.sip.messages import Request, answer
from redstick.protocols.sip.reading import read_message
from redstick.protocols.sip.writing import write_message


class Answering(asyncio.DatagramProtocol):
    """Somebody at a UDP port. Requests wait in `queue`; `sent` is the last answer."""

    def __init__(self):
        self.queue, self.spoken = asyncio.Queue(), asyncio.Queue()
        self.events, self.keyed = None, []  # the payload type that it says to have for keys; packets of that

    async def open(self):
        """Take a port; `uri` is how to call it."""
        loop = asyncio.get_running_loop()
        self.transport, _ = await loop.create_datagram_endpoint(lambda: self, local_addr=("127.0.0.1", 0))
        self.port = self.transport.get_extra_info("sockname")[1]
        self.uri = f"sip:callee@127.0.0.1:{self.port}"
        return self

    def datagram_received(self, data, addr):
        """A request, an answer to one of ours, or voice, which comes to the same port."""
        if data[0] >> 6 == 2:
            self.heard(data)
            return
        self.at = addr
        self.queue.put_nowait(read_message(data))

    def heard(self, data):
        """A packet of voice, or of a key."""
        packet = read_rtp(data)
        if packet.payload_type == self.events:
            self.keyed.append(packet)
        else:
            self.spoken.put_nowait(packet.payload)

    async def voice(self):
        """What the next packet says."""
        async with asyncio.timeout(PATIENCE_S):
            return await self.spoken.get()

    async def next(self, method):
        """The next request of a method; repeats of others, and answers, are passed over."""
        async with asyncio.timeout(PATIENCE_S):
            while True:
                message = await self.queue.get()
                if isinstance(message, Request) and message.method == method:
                    return message

    async def final(self):
        """The code of the next final answer to a request of ours."""
        async with asyncio.timeout(PATIENCE_S):
            while True:
                message = await self.queue.get()
                if not isinstance(message, Request) and message.code >= 200:
                    return message

    def say(self, request, code, reason="", *headers, sdp=False, tag="theirs"):
        """Answer it."""
        told = (("Contact", f"<{self.uri}>"), *headers)
        said = answer(request, code, reason, *told, *((("Content-Type", "application/sdp"),) if sdp else ()), tag=tag)
        head = "v=0\r\no=- 1 1 IN IP4 127.0.0.1\r\ns=-\r\nc=IN IP4 127.0.0.1\r\nt=0 0\r\n"
        body = f"{head}m=audio {self.port} RTP/AVP 0\r\n"
        if self.events:
            body = f"{body[:-2]} {self.events}\r\na=rtpmap:{self.events} telephone-event/8000\r\n"
        if sdp:
            said = type(said)(code=code, reason=reason, headers=said.headers, body=body.encode())
        self.transport.sendto(write_message(said), self.at)

    def ask(self, invite, method, number, *headers, body=b"", kind="application/sdp"):
        """A request of our own within the call of an INVITE that was answered."""
        typed = (("Content-Type", kind),) if body else ()
        contact = (invite.first("Contact") or "").strip("<>")
        self.transport.sendto(
            write_message(
                Request(
                    method=method,
                    uri=contact,
                    headers=(
                        ("Via", f"SIP/2.0/UDP 127.0.0.1:{self.port};branch=z9hG4bK{method}{number}"),
                        ("From", f"{invite.first('To')};tag=theirs"),
                        ("To", invite.first("From") or ""),
                        ("Call-ID", invite.first("Call-ID") or ""),
                        ("CSeq", f"{number} {method}"),
                        ("Contact", f"<{self.uri}>"),
                        *headers,
                        *typed,
                    ),
                    body=body,
                )
            ),
            self.at,
        )

    def close(self):
        """Let go."""
        self.transport.close()
