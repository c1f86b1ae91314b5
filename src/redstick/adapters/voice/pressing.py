"""Keys on their way to one leg, 20 ms by 20 ms: as events (RFC 4733), or as the two tones of each (ITU-T Q.23).

They go one after another, in the place of voice. A key that is pressed as we hear of it is sent once it is whole, so
that no packet of it that is lost on the way to us makes it another one.
"""

import math
import struct
from collections import deque
from typing import NamedTuple

from redstick.adapters.voice.digits import KEYS, SEGMENT, UNITS_MS
from redstick.adapters.voice.g711 import PACKET_SAMPLES, RATE, Law

USUAL_MS = 100  # where nobody said for how long
LEAST_MS, MOST_MS = 40, SEGMENT // UNITS_MS  # a shorter one is none to a receiver of tones (ITU-T Q.24)
MOST_WAITING = 64  # keys that are not sent yet: more than anybody dials
ENDS = 3  # packets that say the end, so that two may be lost (section 2.5.1.4)
PAUSE = 3  # packets behind a key until the next: 60 ms, that receivers of tones tell two alike apart
VOLUME = 10  # -10 dBm0
LOW, HIGH = (697, 770, 852, 941), (1_209, 1_336, 1_477, 1_633)  # Hz
ROWS = ("123A", "456B", "789C", "*0#D")
LEVEL = 7_000  # of each of the two, of 32,768: about -10 dBm0


class Moment(NamedTuple):
    """20 ms of a key: the how manieth packet of it, when it began, its duration so far in units of 1/8,000 s.

    `over` from the packet on within which it ends; `sounds` until then; `said` while events say it.
    """

    key: str
    number: int
    began: int
    units: int
    over: bool
    sounds: bool
    said: bool

    @property
    def event(self) -> bytes:
        """The payload of RFC 4733: event, end bit and volume, duration."""
        return struct.pack(">BBH", KEYS.index(self.key), 0x80 * self.over | VOLUME, self.units)

    def tones(self, law: Law) -> bytes:
        """What is heard of it in a law."""
        if not self.sounds:
            return bytes([law.silence]) * PACKET_SAMPLES
        row = next(at for at, keys in enumerate(ROWS) if self.key in keys)
        turns = [2 * math.pi * hertz / RATE for hertz in (LOW[row], HIGH[ROWS[row].index(self.key)])]
        end = self.number * PACKET_SAMPLES
        times = range(end - PACKET_SAMPLES, end)
        return law.encode(tuple(round(LEVEL * sum(math.sin(turn * at) for turn in turns)) for at in times))


class Pressing:
    """One leg's, in the order in which they are put."""

    def __init__(self) -> None:
        self._waiting: deque[tuple[str, int]] = deque()  # each with its duration
        self._number = self._began = 0

    def put(self, key: str, ms: int) -> bool:
        """One more, for so long (0: as usual); whether it will be sent."""
        if key not in KEYS or len(key) != 1 or len(self._waiting) >= MOST_WAITING:
            return False
        self._waiting.append((key, UNITS_MS * min(max(ms or USUAL_MS, LEAST_MS), MOST_MS)))
        return True

    def next(self, timestamp: int) -> Moment | None:
        """What goes out in the place of 20 ms of voice, None for the voice itself."""
        if not self._waiting:
            return None
        key, units = self._waiting[0]
        self._number += 1
        if self._number == 1:
            self._began = timestamp
        packets = -(-units // PACKET_SAMPLES)
        moment = Moment(
            key, self._number, self._began, min(self._number * PACKET_SAMPLES, units),
            over=self._number >= packets, sounds=self._number <= packets, said=self._number < packets + ENDS,
        )  # fmt: skip
        if self._number == packets + PAUSE:
            self._waiting.popleft()
            self._number = 0
        return moment
