"""Real-time text of one leg (RFC 4103): a port of its own beside that of the voice, and what is typed either way."""

import asyncio
import secrets
import socket
import time
from collections.abc import Callable

import msgspec

from redstick.adapters.voice.rtp import Address, heard_at
from redstick.adapters.voice.sdes import SECURE_RTP, Crypto, Shield, cryptos_of, fresh
from redstick.protocols.captures.rtp import read_rtp
from redstick.protocols.rtt.presenting import Pieces, Presenter
from redstick.protocols.rtt.receiving import Reader
from redstick.protocols.rtt.sending import CPS, Writer
from redstick.protocols.sdp.answering import PSAP_TEXT, Local
from redstick.protocols.sdp.codecs import REDUNDANT, TEXT, Codec, codecs_of
from redstick.protocols.sdp.session import Session

TRANSPORTS = ("RTP/AVP", "RTP/AVPF", *SECURE_RTP)
MOST_GENERATIONS, MOST_DATAGRAM = 4, 2_048
CLOCK = 1_000  # ticks a second (RFC 4103 section 6)


class TextStream(msgspec.Struct, frozen=True):
    """A stream of text that an offer or an answer holds: its place, its payload types, where it is read.

    `red` is -1 without redundancy, `cps` how many characters a second are taken there.
    """

    place: int
    plain: int
    red: int
    generations: int
    cps: int
    remote: Address | None
    crypto: Crypto | None = None


def text_of(session: Session, source: str) -> TextStream | None:
    """The first stream of text that we can take, None where there is none; `source` is where the call came from."""
    for place, media in enumerate(session.media):
        if media.kind != "text" or media.port == 0 or media.transport not in TRANSPORTS:
            continue
        crypto = next(iter(cryptos_of(media)), None) if media.transport in SECURE_RTP else None
        codecs = codecs_of(media)
        plain = next((codec for codec in codecs if codec.key == (TEXT, CLOCK)), None)
        if plain is None or (crypto is None and media.transport in SECURE_RTP):
            continue
        red = next((one for one in codecs if one.key == (REDUNDANT, CLOCK)), None)
        generations = 0 if red is None else _generations(red, plain)
        remote = heard_at(session.address(media), media.port, source)
        number = -1 if red is None else int(red.payload)
        return TextStream(place, int(plain.payload), number, generations, _cps(plain), remote, crypto)
    return None


def _generations(red: Codec, plain: Codec) -> int:
    """How often a block is said again: `98/98/98` are two older ones and the newest; 0 where it is not said so."""
    named = red.parameters.replace(" ", "").split("/")
    return min(len(named) - 1, MOST_GENERATIONS) if set(named) == {plain.payload} else 0


def _cps(plain: Codec) -> int:
    said = plain.parameters.replace(" ", "").lower().partition("cps=")[2].partition(";")[0]
    return max(1, min(int(said), 1_000)) if said.isdecimal() and len(said) < 5 else CPS


class RealTimeText:
    """The text of one leg, on a port of `host`. `tell` is given what the far end typed, in pieces.

    `source` is where its call came from: from there and from where it says that it is read, and nowhere else, text is
    taken.
    """

    def __init__(self, host: str, source: str, tell: Callable[[str], None]) -> None:
        self._tell, self._hosts = tell, {source.rpartition(":")[0]}
        self._socket = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        self._socket.setblocking(False)
        self._socket.bind((host, 0))
        self._loop = asyncio.get_running_loop()
        self._loop.add_reader(self._socket, self._readable)
        self._stream: TextStream | None = None
        self._shield: Shield | None = None
        self._presenter, self._pieces, self._reader = Presenter(), Pieces(), Reader(-1)
        self._writer: Writer | None = None
        self._timer: asyncio.TimerHandle | None = None
        self.refused = 0

    @property
    def port(self) -> int:
        """Where it is read."""
        return int(self._socket.getsockname()[1])

    @property
    def local(self) -> Local:
        """Our end, for an answer."""
        keys = () if self._shield is None else (("crypto", str(self._shield.ours)),)
        return Local(port=self.port, codecs=PSAP_TEXT, transports=TRANSPORTS, attributes=keys)

    @property
    def stream(self) -> TextStream | None:
        """What was agreed last."""
        return self._stream

    def hear_from(self, stream: TextStream) -> None:
        """It is written and read as it says now; the same again changes nothing."""
        before, self._stream = self._stream, stream
        if stream.remote is not None:
            self._hosts.add(stream.remote[0])
        if stream.crypto is None:
            self._shield = None
        elif self._shield is None or self._shield.theirs != stream.crypto:
            self._shield = Shield(fresh(stream.crypto.tag, stream.crypto.suite), stream.crypto)
        types = (stream.plain, stream.red, stream.generations, stream.cps)
        if before is None or types != (before.plain, before.red, before.generations, before.cps):
            self._reader = Reader(stream.plain, stream.red)
            plain, red, generations, cps = types
            self._writer = Writer(secrets.randbits(32), plain, red, generations=generations, cps=cps)

    def say(self, text: str) -> bool:
        """Write a line; False while nobody reads it."""
        if self._writer is None or self._stream is None or self._stream.remote is None:
            return False
        self._writer.write(text if text.endswith("\n") else f"{text}\n")
        self._work()
        return True

    def close(self) -> None:
        """Tell what is left, and let the port go."""
        if self._timer is not None:
            self._timer.cancel()
        self._loop.remove_reader(self._socket)
        self._socket.close()
        self._pieces.add(self._presenter.show(self._reader.close()), _now_ms())
        for piece in self._pieces.flush():
            self._tell(piece)

    def _readable(self) -> None:
        try:
            data, sender = self._socket.recvfrom(MOST_DATAGRAM)
        except OSError:  # nothing there, or the far end refused what we sent
            return
        if self._shield is not None:
            data = self._shield.opened(data) or b""
        packet = read_rtp(data)
        if packet is None or sender[0] not in self._hosts:
            self.refused += 1
            return
        now = _now_ms()
        self._pieces.add(self._presenter.show(self._reader.take(packet, now)), now)
        self._work()

    def _work(self) -> None:
        """Whatever is due is done, and waited for what will be."""
        now = _now_ms()
        if self._reader.due_ms is not None and self._reader.due_ms <= now:
            self._pieces.add(self._presenter.show(self._reader.tick(now)), now)
        for piece in self._pieces.take(now):
            self._tell(piece)
        self._write(now)
        if self._timer is not None:
            self._timer.cancel()
        dues = (self._reader.due_ms, self._pieces.due_ms, None if self._writer is None else self._writer.due_ms)
        due = min((one for one in dues if one is not None), default=None)
        wait_s = None if due is None else max(0.001, (due - now) / 1000)
        self._timer = None if wait_s is None else self._loop.call_later(wait_s, self._work)

    def _write(self, now: float) -> None:
        packet = None if self._writer is None else self._writer.take(now)
        if packet is None or self._stream is None or self._stream.remote is None:
            return
        try:
            self._socket.sendto(packet if self._shield is None else self._shield.sealed(packet), self._stream.remote)
        except OSError:  # the next packet says it again
            return


def _now_ms() -> float:
    return time.monotonic_ns() / 1e6
