"""One leg of the engine: its call, its port for voice, and what offers and answers say of it (RFC 3264)."""

import asyncio
import secrets
import time
from collections.abc import Callable
from dataclasses import dataclass

import msgspec

from redstick.adapters.voice.g711 import LAWS, RATE, Law
from redstick.adapters.voice.messaging import MessageStream, Talk, messages_of
from redstick.adapters.voice.realtime import RealTimeText, TextStream, text_of
from redstick.adapters.voice.rtp import Stream, heard_at
from redstick.adapters.voice.sdes import SECURE_RTP, Crypto, Shield, cryptos_of, fresh, offers
from redstick.adapters.voice.wires import Address, Wire
from redstick.comms.ports import Sound, Speech
from redstick.protocols.faults import Malformed
from redstick.protocols.sdp.answering import Local, answer_to, offer_of
from redstick.protocols.sdp.codecs import EVENTS, EVENTS_PAYLOAD, codecs_of
from redstick.protocols.sdp.session import Origin, Session, read_sdp, write_sdp
from redstick.protocols.sip.agent import Call
from redstick.protocols.sip.bodies import parts_of
from redstick.protocols.sip.messages import Message, Request
from redstick.protocols.sip.transactions import Key
from redstick.published.comms import LineKind

PLAIN_RTP = ("RTP/AVP",)
TRANSPORTS = (*PLAIN_RTP, *SECURE_RTP)


class Bad(Exception):  # noqa: N818  (named for what the description is, not for the program)
    """A description that gives us no voice: it cannot be read, or no codec is common."""


class Voice(msgspec.Struct, frozen=True):
    """What an offer or an answer says: which of its streams we take, in which law, where it is heard, if anywhere.

    `place` is -1 where it holds no voice: no stream at all, which is nothing to refuse, or text alone.
    """

    session: Session
    place: int
    law: Law | None = None
    remote: Address | None = None
    crypto: Crypto | None = None  # theirs, where it is in cipher
    events: int = -1  # the payload type of its keys
    text: TextStream | None = None  # real-time text beside it, or instead
    messages: MessageStream | None = None  # a session of messages


def voice_of(message: Message, source: str) -> Voice | None:
    """The voice that a message describes, None where it has no description. Raises Bad."""
    found = parts_of(message).of("application/sdp")
    if not found:
        return None
    try:
        session = read_sdp(found[0].body)
    except Malformed as malformed:
        raise Bad(str(malformed.faults[0])) from malformed
    text, messages = text_of(session, source), messages_of(session, source)
    for place, media in enumerate(session.media):
        if media.kind != "audio" or media.port == 0 or media.transport not in TRANSPORTS:
            continue
        crypto = next(iter(cryptos_of(media)), None) if media.transport in SECURE_RTP else None
        if media.transport in SECURE_RTP and crypto is None:
            continue
        codecs = codecs_of(media)
        law = next((law for codec in codecs if (law := LAWS.get(codec.key)) is not None), None)
        if law is not None:
            keys = next((int(codec.payload) for codec in codecs if codec.key == (EVENTS, RATE)), -1)
            remote = heard_at(session.address(media), media.port, source)
            return Voice(session, place, law, remote, crypto, keys, text, messages)
    if session.media and text is None and messages is None:
        raise Bad("no codec in common")
    return Voice(session, -1, text=text, messages=messages)


def _not_taken(leg: "Leg", voice: Voice) -> None:
    """Before a leg is in the engine nobody takes its text."""
    del leg, voice


class _Port(asyncio.DatagramProtocol):
    """The socket on which a leg is heard."""

    def __init__(self, leg: "Leg") -> None:
        self._leg = leg

    def datagram_received(self, data: bytes, addr: Address) -> None:
        """Before a leg has a voice nobody listens; what is not under its key is no packet."""
        if self._leg.stream is not None:
            if self._leg.shield is not None:
                data = self._leg.shield.opened(data) or b""
            self._leg.stream.heard(data, (addr[0], addr[1]), time.monotonic_ns() / 1e6)


@dataclass
class Leg:
    """One leg. `asked` while an offer of ours has no answer; `playing` is what it hears when nobody speaks to it."""

    id: str
    wire: Wire
    call: Call
    key: Key
    request: Request
    source: str
    line: LineKind
    answered: bool = False
    asked: bool = False
    events_here: int = -1  # the payload type of keys that we have offered
    stream: Stream | None = None
    socket: asyncio.DatagramTransport | None = None
    playing: Sound | Speech | None = None
    transport: str = ""  # by which its far end signals, where that is beyond an edge
    replaces: str = ""  # the leg whose place it takes once it is answered
    session: int = 0
    version: int = 0
    keys: tuple[Crypto, ...] = ()  # ours: those that we offered, or the one that is in use
    shield: Shield | None = None
    said: Session | None = None  # our last answer, which is our offer when the call is refreshed
    realtime: RealTimeText | None = None
    talk: Talk | None = None
    take_text: Callable[["Leg", Voice], None] = _not_taken

    async def open(self, host: str) -> None:
        """Take a port."""
        loop = asyncio.get_running_loop()
        self.socket, _ = await loop.create_datagram_endpoint(lambda: _Port(self), local_addr=(host, 0))
        self.session = secrets.randbits(48)

    def close(self) -> None:
        """Give the port back."""
        if self.socket is not None:
            self.socket.close()

    def hear_from(self, voice: Voice) -> None:
        """It speaks, listens, writes and reads as it says now."""
        if self.socket is not None:
            self.take_text(self, voice)
        if voice.law is None or self.socket is None:
            return
        self._guard(voice.crypto)
        if self.stream is None:
            self.stream = Stream(voice.law, voice.remote, secrets.randbits(32), self._put)
            self.stream.hosts.add(self.source.rpartition(":")[0])
        else:
            self.stream.law, self.stream.remote = voice.law, voice.remote
            self.stream.hosts |= set() if voice.remote is None else {voice.remote[0]}
        self.stream.events, self.stream.events_here = voice.events, self.events_here
        self.stream.play(self.playing)

    def _guard(self, theirs: Crypto | None) -> None:
        """In cipher or not from now on; the same keys again change nothing, so that no packet is taken twice."""
        if theirs is None:
            self.shield = None
        elif self.shield is None or self.shield.theirs != theirs:
            own = (one for one in self.keys if (one.tag, one.suite) == (theirs.tag, theirs.suite))
            ours = next(own, None) or fresh(theirs.tag, theirs.suite)
            self.keys, self.shield = (ours,), Shield(ours, theirs)

    def _put(self, packet: bytes, to: Address) -> None:
        if self.socket is not None:
            self.socket.sendto(packet if self.shield is None else self.shield.sealed(packet), to)

    @property
    def crypto(self) -> tuple[tuple[str, str | None], ...]:
        """Our keys as attributes."""
        return tuple(("crypto", str(one)) for one in self.keys) if self.secure else ()

    @property
    def secure(self) -> bool:
        """Whether its voice is in cipher; before it has one, whether we offer that: where the signalling is too.

        On a 911 line nothing is offered that its caller might not be able to do.
        """
        if self.stream is not None:
            return self.shield is not None
        transport = self.transport or self.wire.agent.identity.transport
        return transport == "TLS" and self.line is not LineKind.EMERGENCY

    def play(self, sound: Sound | Speech | None) -> None:
        """From now on it hears this."""
        self.playing = sound
        if self.stream is not None:
            self.stream.play(sound)

    @property
    def port(self) -> int:
        """Where we listen."""
        return 0 if self.socket is None else int(self.socket.get_extra_info("sockname")[1])

    def origin(self, host: str) -> Origin:
        """Who says it, and the how manieth time."""
        self.version += 1
        return Origin("redstick", str(self.session), str(self.version), "IP4", host)


def answered(leg: Leg, voice: Voice, host: str) -> bytes:
    """Our answer: one audio stream in one law, one of text, one of messages, every other stream declined."""
    ours: dict[int, Local] = {}
    if voice.law is not None:
        codec = (voice.law.name.lower(), 8_000)
        ours[voice.place] = Local(port=leg.port, codecs=(codec,), transports=TRANSPORTS, attributes=leg.crypto)
    if voice.text is not None and leg.realtime is not None:
        ours[voice.text.place] = leg.realtime.local
    if voice.messages is not None and leg.talk is not None:
        ours[voice.messages.place] = leg.talk.local
    leg.said = answer_to(voice.session, ours, leg.origin(host), ("IP4", host))
    return write_sdp(leg.said)


def offered(leg: Leg, host: str) -> bytes:
    """Our offer, where theirs is late; once they have made one, what was agreed, stream by stream (RFC 4028, 7.4)."""
    if leg.said is not None:
        leg.said = msgspec.structs.replace(leg.said, origin=leg.origin(host))
        return write_sdp(leg.said)
    if leg.secure and not leg.keys:
        leg.keys = tuple(offers())
    transport = SECURE_RTP[0] if leg.secure else PLAIN_RTP[0]
    leg.events_here = EVENTS_PAYLOAD
    local = Local(port=leg.port, codecs=tuple(LAWS), transports=(transport,), attributes=leg.crypto)
    streams = [("audio", transport, local)]
    if leg.realtime is not None:
        streams.append(("text", PLAIN_RTP[0], leg.realtime.local))
    return write_sdp(offer_of(streams, leg.origin(host), ("IP4", host)))
