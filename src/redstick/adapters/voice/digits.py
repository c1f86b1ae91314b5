"""Keys that were pressed, in RTP (RFC 4733): many packets for one key, told once."""

import struct

KEYS = "0123456789*#ABCD"
PATIENCE_MS = 300.0  # without a packet: all those that would have said the end were lost


class Digits:
    """One leg's keys. A key is told at its end, or when nothing more comes of it; packets of one key share a time."""

    def __init__(self) -> None:
        self._open: tuple[int, str] | None = None  # timestamp and key of one that is still pressed
        self._told: int | None = None
        self._seen_ms = 0.0
        self._keys: list[str] = []

    def heard(self, timestamp: int, payload: bytes, now_ms: float) -> None:
        """A packet of a key: event, end bit and volume, duration. What is no key of a telephone is left alone."""
        if len(payload) < 4:
            return
        event, flags = struct.unpack_from(">BB", payload)
        if event >= len(KEYS) or timestamp == self._told:
            return
        if self._open is not None and self._open[0] != timestamp:
            self._tell()
        self._open, self._seen_ms = (timestamp, KEYS[event]), now_ms
        if flags & 0x80:
            self._tell()

    def take(self, now_ms: float) -> list[str]:
        """Keys that were pressed since the last time."""
        if self._open is not None and now_ms - self._seen_ms > PATIENCE_MS:
            self._tell()
        keys, self._keys = self._keys, []
        return keys

    def _tell(self) -> None:
        if self._open is not None:
            self._told = self._open[0]
            self._keys.append(self._open[1])
            self._open = None
