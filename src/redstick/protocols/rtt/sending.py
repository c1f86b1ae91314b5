"""Text as it is written (RFC 4103 sections 4 and 5): gathered for 300 ms, said again in the packets that follow.

No packet goes out while nothing is written and everything has been said often enough.
"""

import struct
from collections import deque

from redstick.protocols.rtt.redundancy import MOST_OFFSET, Block, write_red

PERIOD_MS = 300  # RFC 4103 section 5.1
GENERATIONS = 2  # so often a block is said again
CPS = 30  # characters a second that are taken unless `cps` says otherwise (section 6)
BOM = "\ufeff"  # how a session of T.140 begins
LINE_END = "\u2028"


class Writer:
    """One stream of ours. `red` is the payload type of redundancy, -1 for none; `cps` what the other side takes."""

    def __init__(
        self, source: int, plain: int, red: int = -1, *, generations: int = GENERATIONS, cps: int = CPS
    ) -> None:
        self._source, self._plain, self._red = source, plain, red
        self._at_once = max(1, cps * PERIOD_MS // 1000)
        self._waiting = BOM
        self._said: deque[tuple[int, bytes]] = deque(maxlen=max(0, generations) if red >= 0 else 0)
        self._sequence = source & 0xFFFF
        self._next_ms = 0.0
        self._idle = True

    def write(self, text: str) -> None:
        """More to say; every end of a line is the line separator of T.140."""
        self._waiting += text.replace("\r\n", LINE_END).replace("\n", LINE_END).replace("\r", LINE_END)

    @property
    def due_ms(self) -> float | None:
        """When `take` has a packet; None while there is nothing to say. A beginning alone is nothing."""
        return self._next_ms if self._waiting.strip(BOM) or any(data for _, data in self._said) else None

    def take(self, now_ms: float) -> bytes | None:
        """The next packet of RTP, None when none is due."""
        due = self.due_ms
        if due is None or now_ms < due:
            return None
        data, self._waiting = self._waiting[: self._at_once].encode(), self._waiting[self._at_once :]
        at = int(now_ms)
        if self._said.maxlen:
            older = [Block(self._plain, said, min(at - then, MOST_OFFSET)) for then, said in self._said]
            older = [Block(self._plain, b"")] * (self._said.maxlen - len(older)) + older
            payload_type, payload = self._red, write_red([*older, Block(self._plain, data)])
        else:
            payload_type, payload = self._plain, data
        marker, self._idle = 0x80 if self._idle else 0, False
        self._sequence = (self._sequence + 1) & 0xFFFF
        head = struct.pack(">BBHII", 0x80, marker | payload_type, self._sequence, at & 0xFFFFFFFF, self._source)
        self._said.append((at, data))
        self._next_ms = now_ms + PERIOD_MS
        self._idle = self.due_ms is None
        return head + payload
