"""Text as it comes (RFC 4103 section 5): put in order, brought back by redundancy, and marked where it is gone.

A gap that a later packet fills costs nothing. One that none fills is waited for, since packets overtake each other, and
then stands in the text as one missing-text mark (T.140): whoever reads it sees that something was there.
"""

import msgspec

from redstick.protocols.captures.rtp import Rtp
from redstick.protocols.rtt.redundancy import Block, read_red

MISSING = "\ufffd"  # the missing-text mark
WAIT_MS = 1_000.0  # for a packet that others have overtaken
FAR = 500  # packets: a number so much ahead or behind is of a stream that began anew
MOST_OCTETS = 4_096  # in one block: a person types no more at once


class Counts(msgspec.Struct):
    """Packets that came; blocks that redundancy brought back; gaps that stand as a mark; packets that were refused."""

    packets: int = 0
    recovered: int = 0
    missing: int = 0
    refused: int = 0


class Reader:
    """One stream of text. `plain` and `red` are its payload types, -1 for one that was not agreed."""

    def __init__(self, plain: int, red: int = -1) -> None:
        self.plain, self.red, self.counts = plain, red, Counts()
        self._source: int | None = None
        self._next: int | None = None  # the extended sequence number that is told next
        self._blocks: dict[int, bytes] = {}  # by extended sequence number, those that cannot be told yet
        self._gap_since: float | None = None

    @property
    def due_ms(self) -> float | None:
        """When `tick` is due, None while nothing is waited for."""
        return None if self._gap_since is None else self._gap_since + WAIT_MS

    def take(self, packet: Rtp, now_ms: float) -> str:
        """A packet came: the text that can be told now."""
        blocks = self._read(packet)
        if blocks is None:
            self.counts.refused += 1
            return ""
        self.counts.packets += 1
        told = "" if packet.source == self._source else self._begin(packet.source)
        number = self._number(packet.sequence)
        if self._next is not None and abs(number - self._next) > FAR:
            told += self._begin(packet.source)
            number = packet.sequence
        if self._next is None:
            self._next = number - len(blocks) + 1
        for place, block in enumerate(reversed(blocks)):
            self._put(number - place, block.data, again=place > 0)
        return told + self._tell(now_ms)

    def tick(self, now_ms: float) -> str:
        """What the time brings: what is gone is waited for no longer."""
        return self._tell(now_ms)

    def close(self) -> str:
        """Nothing comes any more: what is kept, with a mark where something is missing."""
        return self._begin(None)

    def _read(self, packet: Rtp) -> tuple[Block, ...] | None:
        if packet.payload_type == self.plain:
            blocks: tuple[Block, ...] | None = (Block(self.plain, packet.payload),)
        elif packet.payload_type == self.red:
            blocks = read_red(packet.payload)
        else:
            return None
        if blocks is None or any(one.payload_type != self.plain or len(one.data) > MOST_OCTETS for one in blocks):
            return None
        return blocks

    def _number(self, sequence: int) -> int:
        """The extended number that is nearest to the next one."""
        if self._next is None:
            return sequence
        step = (sequence - self._next) & 0xFFFF
        return self._next + (step if step < 0x8000 else step - 0x10000)

    def _put(self, number: int, data: bytes, *, again: bool) -> None:
        if self._next is None or number < self._next or number in self._blocks:
            return
        self._blocks[number] = data
        self.counts.recovered += again

    def _tell(self, now_ms: float) -> str:
        told = self._in_order()
        if not self._blocks:
            self._gap_since = None
            return told
        if self._gap_since is None or told:
            self._gap_since = now_ms
        elif now_ms >= self._gap_since + WAIT_MS:
            told += self._pass_gap()
            self._gap_since = now_ms if self._blocks else None
        return told

    def _in_order(self) -> str:
        told = ""
        while self._next in self._blocks:
            told += self._blocks.pop(self._next).decode(errors="replace")
            self._next += 1
        return told

    def _pass_gap(self) -> str:
        self.counts.missing += 1
        self._next = min(self._blocks)
        return MISSING + self._in_order()

    def _begin(self, source: int | None) -> str:
        """Another stream: what is kept of the one before is told, with its gaps."""
        told = ""
        while self._blocks:
            told += self._pass_gap()
        self._source, self._next, self._gap_since = source, None, None
        return told
