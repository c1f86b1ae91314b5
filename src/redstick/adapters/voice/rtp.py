"""RTP of one leg in G.711 (RFC 3550, 3551): what comes is counted, measured and put in order; what is said goes out."""

import math
import struct
from collections.abc import Callable
from functools import lru_cache
from ipaddress import AddressValueError, IPv4Address

from redstick.adapters.voice.digits import Digits
from redstick.adapters.voice.g711 import LAWS, LOUDEST, PACKET_SAMPLES, PCMU, RATE, Law, table_between
from redstick.adapters.voice.playout import Playout
from redstick.adapters.voice.pressing import Pressing
from redstick.comms.ports import Sound, Speech, Stats
from redstick.protocols.captures.rtp import Rtp, read_rtp

MOST_PAYLOAD = 2 * RATE // 10  # 200 ms in one packet is no voice packet
BACKWARDS = 0x8000  # sequence numbers count around; more than half around is backwards
Address = tuple[str, int]
Keep = Callable[[Rtp, float], None]


def heard_at(said: str | None, port: int, source: str) -> Address | None:
    """Where to send: as said; to where the call came from if that is a name or unsaid; nowhere while all zero."""
    try:
        address = IPv4Address(said or "")
    except AddressValueError:
        return source.rpartition(":")[0], port
    return None if address.is_unspecified or address.is_multicast else (str(address), port)


class Stream:
    """One leg's voice. `send` puts a datagram on its way.

    Whoever drives it calls `heard`, and each 20 ms `pull` and one of `say` and `say_next`. `events` is the payload type
    of keys (RFC 4733) that its far end has said, -1 for none, `events_here` the one that we have, where we offered;
    `keep` is given each packet that counts, as and when it came.
    """

    def __init__(self, law: Law, remote: Address | None, source: int, send: Callable[[bytes, Address], None]) -> None:
        self.law, self.remote, self.muted = law, remote, False
        self.events = self.events_here = -1
        self.hosts: set[str] = set() if remote is None else {remote[0]}
        self.keep: Keep | None = None
        self.digits, self._pressing = Digits(), Pressing()
        self._playout = Playout(law.silence)
        self._source, self._send = source, send
        self._sequence, self._timestamp = source & 0xFFFF, source >> 8 & 0xFFFF
        self._playing, self._at, self._once = b"", 0, False
        self._in = self._out = self._refused = 0
        self._first: int | None = None
        self._highest = 0  # the highest sequence number, with the times that they went round
        self._squares = self._samples = self._squares_out = self._samples_out = 0
        self._transit, self._jitter = 0.0, 0.0

    # What it hears

    def heard(self, data: bytes, sender: Address, now_ms: float) -> None:
        """A datagram came. It counts if it comes from where the leg said, and carries its codec."""
        packet = read_rtp(data)
        if packet is None or (self.hosts and sender[0] not in self.hosts):
            self._refused += 1
        else:
            self.take(packet, now_ms)

    def take(self, packet: Rtp, now_ms: float) -> None:
        """A packet came from where it may."""
        keys = packet.payload_type in (self.events, self.events_here)
        if not packet.payload or not (keys or packet.payload_type == self.law.payload_type):
            self._refused += 1
            return
        number = self._count(packet.sequence, packet.timestamp, now_ms, keys=keys)
        if self.keep is not None:
            self.keep(packet, now_ms)
        if keys:
            self.digits.heard(packet.timestamp, packet.payload, now_ms)
            self._playout.put(number, b"")  # some phones send voice beside it, some none: it takes the time of neither
            return
        payload = packet.payload[:MOST_PAYLOAD]
        self._squares += sum(map(self.law.squares.__getitem__, payload))
        self._samples += len(payload)
        # Some phones say a key as a sound too: it is not heard beside its events.
        self._playout.put(number, self._silence if self.digits.pressing else payload)

    def _count(self, sequence: int, timestamp: int, now_ms: float, *, keys: bool) -> int:
        """Extended sequence numbers and jitter, as appendices A.1 and A.8 of RFC 3550 have them."""
        transit = now_ms * RATE / 1000 - timestamp
        if self._first is None:
            self._first = self._highest = sequence
            self._transit = transit
        step = (sequence - self._highest) & 0xFFFF
        number = self._highest + (step if step < BACKWARDS else step - 0x10000)
        self._highest = max(self._highest, number)
        self._in += 1
        if not keys:  # those of one key share one time
            moved, self._transit = abs(transit - self._transit), transit
            self._jitter += (min(moved, RATE) - self._jitter) / 16
        return number

    def pull(self) -> bytes | None:
        """The next 20 ms of what it says, None for silence; muted it is heard and measured, and goes nowhere."""
        said = self._playout.take(PACKET_SAMPLES)
        return None if self.muted else said

    # What it says

    def play(self, sound: Sound | Speech | None) -> None:
        """Say a sound again and again, speech once; nothing but silence for None."""
        self._once = isinstance(sound, Speech)
        self._playing, self._at = _octets(sound, self.law), 0

    def say(self, payload: bytes, law: Law) -> None:
        """Say now what another leg said, in our own codec."""
        self._squares_out += sum(map(law.squares.__getitem__, payload))
        self._put(payload.translate(table_between(law, self.law)) if law is not self.law else payload)

    def say_next(self) -> None:
        """Say the next 20 ms of what plays, or silence."""
        payload = self._playing[self._at : self._at + PACKET_SAMPLES]
        self._at += PACKET_SAMPLES
        if not self._once:
            self._at %= max(len(self._playing), 1)
        if payload:
            self.say(payload, self.law)
        else:
            self.say_nothing()

    def say_nothing(self) -> None:
        """20 ms of silence."""
        self._put(self._silence)

    def press(self, key: str, ms: int) -> bool:
        """Send a key in the place of voice: as events where its far end knows them, else as its tones."""
        return self.remote is not None and self._pressing.put(key, ms)

    @property
    def _silence(self) -> bytes:
        return bytes([self.law.silence]) * PACKET_SAMPLES

    def _put(self, payload: bytes) -> None:
        self._samples_out += len(payload)
        self._timestamp = (self._timestamp + len(payload)) & 0xFFFFFFFF
        moment = self._pressing.next(self._timestamp)
        if moment is None:
            self._packet(self.law.payload_type, self._timestamp, payload, begins=not self._out)
        elif self.events < 0 or not moment.said:
            self._packet(self.law.payload_type, self._timestamp, moment.tones(self.law), begins=not self._out)
        else:
            self._packet(self.events, moment.began, moment.event, begins=moment.number == 1)

    def _packet(self, kind: int, timestamp: int, payload: bytes, *, begins: bool) -> None:
        self._sequence = (self._sequence + 1) & 0xFFFF
        if self.remote is None:
            return
        head = struct.pack(">BBHII", 0x80, 0x80 * begins | kind, self._sequence, timestamp, self._source)
        self._out += 1
        self._send(head + payload, self.remote)

    def stats(self) -> Stats:
        """What was counted and measured so far."""
        expected = 0 if self._first is None else self._highest - self._first + 1
        return Stats(
            codec=self.law.name, packets_in=self._in, packets_out=self._out, lost=max(0, expected - self._in),
            refused=self._refused, energy=_loudness(self._squares, self._samples),
            jitter_ms=self._jitter * 1000 / RATE, energy_out=_loudness(self._squares_out, self._samples_out),
        )  # fmt: skip


def _loudness(squares: int, samples: int) -> float:
    return math.sqrt(squares / samples) / LOUDEST if samples else 0.0


def _octets(sound: Sound | Speech | None, law: Law) -> bytes:
    """Whole packets of what plays, in a law; speech is only put from one law into the other, however long it is."""
    if isinstance(sound, Speech):
        spoken = sound.octets + bytes([PCMU.silence]) * (-len(sound.octets) % PACKET_SAMPLES)
        return spoken.translate(table_between(PCMU, law))
    return b"" if sound is None else _encoded(sound, law.name)


@lru_cache(maxsize=32)
def _encoded(sound: Sound, law: str) -> bytes:
    """Whole packets of a sound; each is encoded once, not once a leg."""
    whole = sound.samples + (0,) * (-len(sound.samples) % PACKET_SAMPLES)
    return LAWS[law.lower(), RATE].encode(whole)
