"""Keys that one leg presses, each told once: in RTP (RFC 4733), where one key is many packets, or in INFO of SIP."""

import struct
from typing import NamedTuple

KEYS = "0123456789*#ABCD"
PATIENCE_MS = 300.0  # without a packet: all those that would have said the end were lost
UNITS_MS = 8  # of a duration, at the clock of G.711
SEGMENT = 0xFFFF  # the longest duration that a packet can say; a longer key goes on behind it (section 2.5.1.3)
LATE = 10_000 * UNITS_MS  # a packet whose time is that little behind the newest key belongs to one that is told
AROUND = 0xFFFFFFFF  # times count around


class Pressed(NamedTuple):
    """A key, whether RTP or INFO said so, and for how long it was pressed, 0 where that was not said."""

    key: str
    source: str
    ms: int


class Digits:
    """One leg's keys. A key is told at its end, or when nothing more comes of it; packets of one key share a time.

    Some phones say each key both ways: a leg is believed in the way in which it said the first one.
    """

    def __init__(self) -> None:
        self._open = ""  # the key that is still pressed
        self._at: int | None = None  # the time of the newest key, or of its last segment
        self._before = self._units = 0  # how long it is: in earlier segments, and in this one
        self._seen_ms = 0.0
        self._by = ""
        self._pressed: list[Pressed] = []

    @property
    def pressing(self) -> bool:
        """Whether a key is pressed now, as far as RTP says."""
        return self._open != ""

    def heard(self, timestamp: int, payload: bytes, now_ms: float) -> None:
        """A packet of a key: event, end bit and volume, duration. What is no key of a telephone is left alone."""
        if len(payload) < 4:
            return
        event, flags, units = struct.unpack_from(">BBH", payload)
        if event >= len(KEYS) or not self._is_of_this(timestamp, KEYS[event]):
            return
        self._units, self._seen_ms = max(self._units, units), now_ms
        if flags & 0x80:
            self._tell()

    def informed(self, key: str, ms: int) -> None:
        """INFO said a key."""
        self._say(Pressed(key, "info", ms))

    def take(self, now_ms: float) -> list[Pressed]:
        """Keys that were pressed since the last time."""
        if self._open and now_ms - self._seen_ms > PATIENCE_MS:
            self._tell()
        pressed, self._pressed = self._pressed, []
        return pressed

    def _is_of_this(self, timestamp: int, key: str) -> bool:
        """Whether a packet is of the key that is pressed, which may begin with it; not of one that is told already."""
        if self._at is not None:
            if self._open and timestamp == self._at:
                return True
            if key == self._open and timestamp == (self._at + SEGMENT) & AROUND:
                self._at, self._before, self._units = timestamp, self._before + SEGMENT, 0
                return True
            if (self._at - timestamp) & AROUND < LATE:
                return False
        self._tell()
        self._open, self._at, self._before, self._units = key, timestamp, 0, 0
        return True

    def _tell(self) -> None:
        if self._open:
            self._say(Pressed(self._open, "rfc4733", (self._before + self._units) // UNITS_MS))
            self._open = ""

    def _say(self, pressed: Pressed) -> None:
        if self._by in ("", pressed.source):
            self._by = pressed.source
            self._pressed.append(pressed)
