"""RTP of one leg in G.711 (RFC 3550, RFC 3551): what is heard is counted and measured, what is sent is paced."""

import math
import struct
from collections.abc import Callable
from functools import lru_cache

from redstick.adapters.voice.g711 import LAWS, LOUDEST, PACKET_SAMPLES, RATE, Law, table_between
from redstick.comms.ports import Sound, Stats
from redstick.protocols.captures.rtp import read_rtp

MOST_PAYLOAD = 2 * RATE // 10  # 200 ms in one packet is no voice packet
BACKWARDS = 0x8000  # sequence numbers count around; more than half around is backwards
Address = tuple[str, int]


class Stream:
    """One leg's voice. `send` puts a datagram on its way; whoever drives it calls `heard` and, each 20 ms, `pace`."""

    def __init__(self, law: Law, remote: Address | None, source: int, send: Callable[[bytes, Address], None]) -> None:
        self.law, self.remote, self.muted = law, remote, False
        self.hosts: set[str] = set() if remote is None else {remote[0]}
        self._source, self._send = source, send
        self._sequence, self._timestamp = source & 0xFFFF, source >> 8 & 0xFFFF
        self._playing, self._at = b"", 0
        self._forward: Callable[[bytes, Law], None] | None = None
        self._in = self._out = self._refused = 0
        self._first: int | None = None
        self._cycles = self._highest = 0
        self._squares = self._samples = 0
        self._transit, self._jitter = 0.0, 0.0

    # What it hears

    def heard(self, data: bytes, sender: Address, now_ms: float) -> None:
        """A datagram came. It counts if it comes from where the leg said, and carries its codec."""
        packet = read_rtp(data)
        foreign = bool(self.hosts) and sender[0] not in self.hosts
        if packet is None or foreign or packet.payload_type != self.law.payload_type or not packet.payload:
            self._refused += 1
            return
        payload = packet.payload[:MOST_PAYLOAD]
        self._count(packet.sequence, packet.timestamp, now_ms)
        squares = self.law.squares
        self._squares += sum(squares[octet] for octet in payload)
        self._samples += len(payload)
        if self._forward is not None and not self.muted:
            self._forward(payload, self.law)

    def _count(self, sequence: int, timestamp: int, now_ms: float) -> None:
        """Extended sequence numbers and jitter, as appendices A.1 and A.8 of RFC 3550 have them."""
        transit = now_ms * RATE / 1000 - timestamp
        if self._first is None:
            self._first = self._highest = sequence
            self._transit = transit
        step = (sequence - self._highest) & 0xFFFF
        if step < BACKWARDS:
            self._cycles += sequence < self._highest
            self._highest = sequence
        self._in += 1
        moved, self._transit = abs(transit - self._transit), transit
        self._jitter += (min(moved, RATE) - self._jitter) / 16

    # What it says

    def play(self, sound: Sound | None) -> None:
        """Say this again and again; nothing but silence for None."""
        self._playing, self._at = b"" if sound is None else _encoded(sound, self.law.name), 0

    def join(self, forward: Callable[[bytes, Law], None] | None) -> None:
        """Whom what is heard goes to; None for nobody."""
        self._forward = forward

    def say(self, payload: bytes, law: Law) -> None:
        """Say now what another leg heard, in our own codec."""
        self._put(payload.translate(table_between(law, self.law)) if law is not self.law else payload)

    def pace(self) -> None:
        """20 ms have gone: say the next of what plays, or silence; a leg that is joined says what it is given."""
        if self._forward is not None:
            return
        payload = self._playing[self._at : self._at + PACKET_SAMPLES]
        self._at = (self._at + PACKET_SAMPLES) % max(len(self._playing), 1)
        self._put(payload or bytes([self.law.silence]) * PACKET_SAMPLES)

    def _put(self, payload: bytes) -> None:
        self._sequence = (self._sequence + 1) & 0xFFFF
        self._timestamp = (self._timestamp + len(payload)) & 0xFFFFFFFF
        if self.remote is None:
            return
        marker = 0 if self._out else 0x80
        head = struct.pack(
            ">BBHII", 0x80, marker | self.law.payload_type, self._sequence, self._timestamp, self._source
        )
        self._out += 1
        self._send(head + payload, self.remote)

    def stats(self) -> Stats:
        """What was counted and measured so far."""
        expected = 0 if self._first is None else (self._cycles << 16) + self._highest - self._first + 1
        loudness = math.sqrt(self._squares / self._samples) / LOUDEST if self._samples else 0.0
        return Stats(
            codec=self.law.name, packets_in=self._in, packets_out=self._out, lost=max(0, expected - self._in),
            refused=self._refused, energy=loudness, jitter_ms=self._jitter * 1000 / RATE,
        )  # fmt: skip


@lru_cache(maxsize=32)
def _encoded(sound: Sound, law: str) -> bytes:
    """Whole packets of a sound; each is encoded once, not once a leg."""
    whole = sound.samples + (0,) * (-len(sound.samples) % PACKET_SAMPLES)
    return LAWS[law.lower(), RATE].encode(whole)
