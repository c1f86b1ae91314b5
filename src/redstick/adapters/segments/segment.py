"""One segment, open or sealed: batches one behind the other, each verified against the chain before it is given out."""

import hashlib
import zlib
from collections.abc import Iterator, Sequence
from contextlib import suppress
from typing import NamedTuple, Self

from redstick.adapters.segments.form import (
    BATCH_BEGINS,
    FORM_LINE_BYTES,
    SEALED,
    Batch,
    Broken,
    Header,
    first_position,
    parse_batch,
    parse_header,
    segment_name,
)
from redstick.adapters.segments.mending import turned_bit, turned_bit_of_line
from redstick.kernel.envelope import GENESIS, HASH_DIGITS, Head
from redstick.kernel.ports import Disk

READ_BYTES, WINDOW_BYTES = 1 << 20, 16 << 10


class Verified(NamedTuple):
    """A batch whose bytes are as they were written: its lines, and the head that they end at."""

    batch: Batch
    lines: list[bytes]
    head: Head


class Segment:
    """A segment opened for reading; `whole_header` says whether its first line is as it was written."""

    def __init__(self, disk: Disk, name: str) -> None:
        """Open the segment of that name, or its sealed form when it has been sealed since."""
        try:
            self.file, self.name = disk.open(name), name
        except FileNotFoundError:
            self.name = segment_name(first_position(name), SEALED)
            self.file = disk.open(self.name)
        self.packed = self.name.endswith(SEALED)
        header = parse_header(self.file.read_at(0, FORM_LINE_BYTES))
        self.whole_header = header is not None and header.name == self.name
        self.header = header if header and self.whole_header else Header(first_position(self.name), GENESIS)
        self.begins = len(self.header.line()) if self.whole_header else 0
        self._window, self._window_at = b"", 0

    def close(self) -> None:
        """Let go of the file."""
        self.file.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *raised: object) -> None:
        self.close()

    # The chain

    def verified(self, offset: int, before: Head, until: int | None = None) -> Iterator[Verified]:
        """Batches from the one at `offset` on, which follows `before`; to the end, or to position `until`.

        Raises Broken at the first byte that is not as it was written; only whole batches come before that.
        """
        head = before
        while until is None or head.position < until:
            batch = self.batch_at(offset)
            if batch is None:
                self._refuse_bad_end(offset, head)
                return
            if batch.before != head:
                why = f"the lines from position {batch.first} on do not follow the one at {head.position}"
                raise Broken(self.name, offset, head, why)
            lines = self._lines(batch)
            head = Head(batch.last, bytes.fromhex(lines[-1][:HASH_DIGITS].decode()))
            yield Verified(batch, lines, head)
            offset = batch.ends

    def seek(self, after: int) -> tuple[int, Head]:
        """Where the batch lies that holds position `after + 1`, and the head it follows; nothing before it is read."""
        offset = self.begins
        while batch := self.batch_at(offset):
            if batch.last > after:
                return offset, batch.before
            offset = batch.ends
        return self.begins, self.header.before

    def end(self) -> Head:
        """The head at which a closed segment ends; of an open form only the last batch is verified for it."""
        if self.header.seal is not None:
            return self.header.seal.end
        last, offset = None, self.begins
        while batch := self.batch_at(offset):
            last, offset = batch, batch.ends
        start, before = (last.offset, last.before) if last else (self.begins, self.header.before)
        ends = [found.head for found in self.verified(start, before)]
        return ends[-1] if ends else before

    # Batches

    def batch_at(self, offset: int) -> Batch | None:
        """The batch whose line lies at `offset`; None when there is none, or not a whole one."""
        return parse_batch(self._read(offset, FORM_LINE_BYTES), offset)

    def next_batch(self, offset: int) -> Batch | None:
        """The first batch that begins at or behind `offset`, wherever it lies."""
        while block := self.file.read_at(offset, READ_BYTES + len(BATCH_BEGINS) - 1):
            at = block.find(BATCH_BEGINS)
            while at >= 0:
                if batch := self.batch_at(offset + at):
                    return batch
                at = block.find(BATCH_BEGINS, at + 1)
            offset += READ_BYTES
        return None

    def first_written(self, offset: int) -> int | None:
        """The first byte at or behind `offset` that is not one of the zeros of allocated space."""
        while block := self.file.read_at(offset, READ_BYTES):
            if written := len(block.lstrip(b"\0")):
                return offset + len(block) - written
            offset += len(block)
        return None

    def not_a_line(self, offset: int, byte: int, good: Head, why: str) -> Broken:
        """The fault that no line of the form lies at `offset`: it names the very bit, if one was turned, or `byte`."""
        bit = turned_bit_of_line(self.file.read_at(offset, FORM_LINE_BYTES))
        if bit is None:
            return Broken(self.name, byte, good, why)
        return Broken(self.name, offset + bit // 8, good, f"{why}: one bit was turned")

    def stored(self, batch: Batch) -> bytes:
        """The bytes of a batch as they lie there, packed or not."""
        return self._read(batch.begins, batch.size)

    def _read(self, offset: int, length: int) -> bytes:
        """Bytes of the file; what lies behind is read along, since batches are often small."""
        start = offset - self._window_at
        if start < 0 or start + length > len(self._window):
            self._window, self._window_at, start = self.file.read_at(offset, max(length, WINDOW_BYTES)), offset, 0
        return self._window[start : start + length]

    def _lines(self, batch: Batch) -> list[bytes]:
        """The lines of a batch; raises Broken with the byte when they are not as they were written."""
        stored = self.stored(batch)
        if zlib.crc32(stored) != batch.crc:
            bit = turned_bit(stored, batch.crc)
            why = "lines are not as they were written" if bit is None else "one bit of the lines was turned"
            raise Broken(self.name, batch.begins + (bit or 0) // 8, batch.before, why)
        lines = split_lines(unpacked(stored, packed=self.packed))
        good = followed(batch.before, lines)
        if good < batch.lines or len(lines) != batch.lines:
            byte = batch.begins if self.packed else batch.begins + sum(map(len, lines[:good]))
            raise Broken(self.name, byte, batch.before, "a line does not follow the one before it")
        return lines

    def _refuse_bad_end(self, offset: int, head: Head) -> None:
        """Raise Broken unless the segment ends at `offset`, behind `head`."""
        if (written := self.first_written(offset)) is not None:
            raise self.not_a_line(offset, written, head, "no batch begins here")
        seal = self.header.seal
        if seal is not None and (head != seal.end or self.file.size() != offset):
            raise Broken(self.name, offset, head, f"the segment does not end at position {seal.last}")


def begin_segment(disk: Disk, header: Header) -> str:
    """Make a segment that holds nothing but its header, durable with its name; gives the name."""
    file = disk.open(header.name, create=True)
    try:
        file.write_at(0, header.line())
        file.sync()
    finally:
        file.close()
    disk.sync_names()
    return header.name


def followed(before: Head, lines: Sequence[bytes]) -> int:
    """How many of the lines follow the chain behind `before`, in order, each with its position."""
    position, digest = before.position, before.hash
    for good, line in enumerate(lines):
        position += 1
        found = hashlib.sha256(digest + line[HASH_DIGITS + 1 : -1])
        begins = b'%s {"position":%d,' % (found.hexdigest().encode(), position)
        if not line.startswith(begins) or line[-1] != 0x0A:
            return good
        digest = found.digest()
    return len(lines)


def split_lines(data: bytes) -> list[bytes]:
    """Lines with their line feeds, and what stands behind the last one; a carriage return ends no line."""
    *lines, rest = data.split(b"\n")
    return [line + b"\n" for line in lines] + ([rest] if rest else [])


def unpacked(stored: bytes, *, packed: bool) -> bytes:
    """The lines' bytes; as far as they can be unpacked, when they are damaged."""
    if not packed:
        return stored
    with suppress(zlib.error):
        return zlib.decompress(stored)
    unpacking, lines = zlib.decompressobj(), bytearray()
    with suppress(zlib.error):  # what came before the damage is there
        for at in range(0, len(stored), FORM_LINE_BYTES):
            lines += unpacking.decompress(stored[at : at + FORM_LINE_BYTES])
    return bytes(lines)
