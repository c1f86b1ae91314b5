"""A desk phone for the tests: it registers with its password, calls, rings, and answers as a test says, over UDP."""

import asyncio
import itertools
import re
import struct

import msgspec
from tests.adapters.voice.answering import Answering
from tests.adapters.voice.caller import PATIENCE_S

from redstick.adapters.voice.g711 import PACKET_SAMPLES, PCMU
from redstick.adapters.voice.tones import WAITING
from redstick.protocols.sip.digest import answer_challenge, read_challenge, secret_of
from redstick.protocols.sip.messages import Request, Response
from redstick.protocols.sip.reading import read_message
from redstick.protocols.sip.writing import write_message

_COUNT = itertools.count(1)
TONE = PCMU.encode(WAITING.samples[:PACKET_SAMPLES])


class Handset(Answering):
    """The phone `made` says, or nobody's; `server` is where it registers. What it hears waits until it is asked for."""

    def __init__(self, server, made=None):
        super().__init__()
        self.server, self.made, self.waiting, self.changed = server, made, [], asyncio.Event()
        self.seen, self.sent = set(), {}
        self.count, self.clock = 0, 0
        self.user = made["device"] if made else "+15045550123"
        self.realm = made["realm"] if made else "127.0.0.1"

    def datagram_received(self, data, addr):
        """A message once, however often it is repeated; voice goes where it went."""
        if data[0] >> 6 == 2:
            self.heard(data)
            return
        self.at, message = addr, read_message(data)
        code = getattr(message, "code", 0)
        key = message.first("Call-ID"), message.first("CSeq"), code
        if key not in self.seen:
            self.seen.add(key)
            self.waiting.append(message)
            self.changed.set()

    async def hear(self, wanted):
        """The first message that is wanted, once it is here; every other waits on."""
        async with asyncio.timeout(PATIENCE_S):
            while (found := next((one for one in self.waiting if wanted(one)), None)) is None:
                self.changed.clear()
                await self.changed.wait()
        self.waiting.remove(found)
        return found

    async def next(self, method):
        """The next request of a method."""
        return await self.hear(lambda one: isinstance(one, Request) and one.method == method)

    async def answer_to(self, request, least=200):
        """The next answer to a request, final ones alone unless a lower code is asked for."""
        named = request.first("Call-ID"), request.first("CSeq")
        return await self.hear(
            lambda one: (
                isinstance(one, Response) and (one.first("Call-ID"), one.first("CSeq")) == named and one.code >= least
            )
        )

    def send(self, request):
        """On the wire; the last of each method and place is kept."""
        self.sent[request.first("CSeq")] = request
        self.transport.sendto(write_message(request), self.server)

    def request(self, method, target, to, *headers, number=1, body=b"", call=None, tag="ours"):
        """A request of ours; `number` is its place in the call `call`."""
        headers = (
            ("Via", f"SIP/2.0/UDP 127.0.0.1:{self.port};branch=z9hG4bK{next(_COUNT)}"),
            ("Max-Forwards", "70"),
            ("From", f"<sip:{self.user}@{self.realm}>;tag={tag}"),
            ("To", to),
            ("Call-ID", call or f"{self.port}-{next(_COUNT)}"),
            ("CSeq", f"{number} {method}"),
            ("Contact", f"<{self.uri}>"),
            *headers,
            *((("Content-Type", "application/sdp"),) if body else ()),
        )
        return Request(method=method, uri=target, headers=headers, body=body)

    async def ask(self, request, least=200):
        """Its answer; asked who we are, we say so."""
        self.send(request)
        said = await self.answer_to(request, least)
        if said.code != 401:
            return request, said
        if request.method == "INVITE":
            self.acknowledge(request, said)
        challenge = read_challenge(said.first("WWW-Authenticate"))
        secret = secret_of(self.user, self.realm, self.made["password"], challenge.algorithm)
        proof = answer_challenge(
            challenge, self.user, secret, method=request.method, uri=request.uri, cnonce="c", body=request.body
        )
        kept = [pair for pair in request.headers if pair[0] not in ("CSeq", "Via")]
        via = ("Via", f"SIP/2.0/UDP 127.0.0.1:{self.port};branch=z9hG4bK{next(_COUNT)}")
        number = int(request.first("CSeq").split()[0]) + 1
        headers = (via, *kept, ("CSeq", f"{number} {request.method}"), ("Authorization", str(proof)))
        again = msgspec.structs.replace(request, headers=headers)
        self.send(again)
        return again, await self.answer_to(again, least)

    async def register(self, seconds=600):
        """Be reached here; nought to be reached no more."""
        me = f"<sip:{self.user}@{self.realm}>"
        asked = self.request("REGISTER", f"sip:{self.realm}", me, ("Expires", str(seconds)))
        assert (await self.ask(asked))[1].code == 200
        return self

    @property
    def offer(self):
        """What it can speak."""
        head = "v=0\r\no=- 1 1 IN IP4 127.0.0.1\r\ns=-\r\nc=IN IP4 127.0.0.1\r\nt=0 0\r\n"
        return f"{head}m=audio {self.port} RTP/AVP 0 101\r\na=rtpmap:101 telephone-event/8000\r\n".encode()

    async def call(self, dialled, least=200, replaces=None):
        """Dial; the INVITE that was taken, and the answer to it. `replaces` is whose place we take, as they see it."""
        target, told = f"sip:{dialled}@{self.realm}", ()
        if replaces:
            told = (("Replaces", f"{replaces[0]};to-tag={replaces[2]};from-tag={replaces[1]}"),)
        invite, said = await self.ask(self.request("INVITE", target, f"<{target}>", *told, body=self.offer), least)
        if said.code >= 200:
            self.acknowledge(invite, said)
        return invite, said

    def speak(self, said, packets, octets=TONE):
        """So many packets of a tone to whoever answered."""
        for _ in range(packets):
            self._put(said, 0, octets)
            self.clock += len(octets)

    def press(self, said, keys):
        """Keys, as RFC 4733 has them: each with its end told three times."""
        for key in keys:
            for _ in range(3):
                self._put(said, 101, struct.pack(">BBH", "0123456789*#ABCD".index(key), 0x8A, 800))
            self.clock += 1600

    def _put(self, said, kind, payload):
        port = int(re.search(rb"m=audio (\d+) ", said.body)[1])
        self.count += 1
        head = struct.pack(">BBHII", 0x80, kind, self.count & 0xFFFF, self.clock, 7)
        self.transport.sendto(head + payload, ("127.0.0.1", port))

    def acknowledge(self, invite, said):
        """ACK; of a refusal on the same branch."""
        ack = self.within(invite, said, "ACK", invite.first("CSeq").partition(" ")[0])
        if said.code >= 300:
            headers = (("Via", invite.first("Via")), *(pair for pair in ack.headers if pair[0] != "Via"))
            ack = msgspec.structs.replace(ack, uri=invite.uri, headers=headers)
        self.send(ack)

    def cancel(self, invite):
        """Give up a call that rings there."""
        number = invite.first("CSeq").partition(" ")[0]
        one = self.request("CANCEL", invite.uri, invite.first("To"), number=number, call=invite.first("Call-ID"))
        headers = (("Via", invite.first("Via")), *(pair for pair in one.headers if pair[0] != "Via"))
        self.send(msgspec.structs.replace(one, headers=headers))

    async def bye(self, invite, said):
        """Hang up a call that we placed."""
        asked = self.within(invite, said, "BYE", 9)
        self.send(asked)
        return (await self.answer_to(asked)).code

    def within(self, invite, said, method, number, *headers):
        """A request within a call that we placed."""
        target = (said.first("Contact") or f"<{invite.uri}>").strip("<>")
        return self.request(method, target, said.first("To"), *headers, number=number, call=invite.first("Call-ID"))

    def hang_up(self, invite):
        """End a call that rang here and was answered."""
        Answering.ask(self, invite, "BYE", 8, ("Max-Forwards", "70"))

    async def answer(self, invite, code=200):
        """Say yes to somebody who calls us, and hear that they heard."""
        self.say(invite, code, "OK", sdp=True)
        await self.next("ACK")

    async def refer(self, invite, to, number=5):
        """Ask whoever called us to call somebody else; the answer."""
        Answering.ask(self, invite, "REFER", number, ("Refer-To", f"<{to}>"), ("Max-Forwards", "70"))
        return await self.hear(lambda one: isinstance(one, Response) and one.first("CSeq") == f"{number} REFER")
