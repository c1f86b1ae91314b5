"""Behind a break: what can still be read, and the chain that goes on.

Every batch says itself what it follows, so one damaged batch spoils no other. A single turned bit is turned back:
only the right one gives the kept check, and then the hashes of the chain. Of a batch that is damaged more than that,
those commands come out whose lines all follow the line before them. The damaged files stay as they are, as evidence.
"""

from collections.abc import Iterator

from redstick.adapters.segments.form import FORM_LINE_BYTES, Batch, Broken, Header, first_position, parse_batch
from redstick.adapters.segments.layout import Layout
from redstick.adapters.segments.mending import mended, turned, turned_bit_of_line
from redstick.adapters.segments.segment import Segment, begin_segment, followed, split_lines, unpacked
from redstick.kernel.envelope import HASH_DIGITS, Envelope, unseal
from redstick.kernel.errors import Corruption

Placed = tuple[int, bytes]  # a position and its line


def salvage(segment: Segment) -> Iterator[Placed]:
    """Every line of whole commands that can be read, in order, with its position."""
    offset = segment.begins
    while segment.first_written(offset) is not None:
        batch = segment.batch_at(offset) or _mended_batch(segment, offset) or segment.next_batch(offset)
        if batch is None:
            return
        lines = _whole_lines(segment, batch)
        if lines is not None:
            yield from enumerate(lines, start=batch.first)
            offset = batch.ends
        else:
            yield from _whole_commands(unpacked(segment.stored(batch), packed=segment.packed), batch.previous)
            behind = segment.next_batch(batch.begins)
            offset = batch.ends if behind is None else behind.offset


def mendable(segment: Segment, offset: int) -> bool:
    """Whether the batch at `offset` is whole once a single bit is turned back."""
    batch = segment.batch_at(offset) or _mended_batch(segment, offset)
    return batch is not None and _whole_lines(segment, batch) is not None


def begin_after(layout: Layout, broken: Broken, at_least: int) -> Header:
    """Begin the chain that goes on behind a break, with a header that cites it; gives the header.

    Its first position is above every one that is known to have been used: no position means two things.
    """
    last = layout.names[-1]
    used = max(at_least, broken.good.position, first_position(last))
    with Segment(layout.disk, last) as segment:
        offset = segment.begins
        while batch := segment.next_batch(offset):
            used, offset = max(used, batch.last), batch.ends
        if last_one := _mended_batch(segment, offset):
            used = max(used, last_one.last)
    header = Header(used + 1, broken.good.hash, broken.at)
    layout.add(begin_segment(layout.disk, header))
    return header


def _mended_batch(segment: Segment, offset: int) -> Batch | None:
    """The batch whose line lies at `offset` with one bit turned."""
    stored = segment.file.read_at(offset, FORM_LINE_BYTES)
    bit = turned_bit_of_line(stored)
    return None if bit is None else parse_batch(turned(stored, bit), offset)


def _whole_lines(segment: Segment, batch: Batch) -> list[bytes] | None:
    """All lines of a batch, one bit turned back if need be; None when more is wrong with it."""
    stored = segment.stored(batch)
    for data in (stored, mended(stored, batch.crc)):
        lines = [] if data is None else split_lines(unpacked(data, packed=segment.packed))
        if len(lines) == batch.lines and followed(batch.before, lines) == batch.lines:
            return lines
    return None


def _whole_commands(data: bytes, previous: bytes) -> Iterator[Placed]:
    """The lines of those commands of a damaged batch whose every line follows what the line before it states."""
    command: list[Placed] = []
    for line in split_lines(data):
        envelope = _follower(previous, line)
        previous = _stated(line) or previous
        if envelope is None or envelope.part not in {1, len(command) + 1}:
            command = []
            continue
        if envelope.part == 1:
            command = []
        command.append((envelope.position, line))
        if envelope.part == envelope.parts:
            yield from command
            command = []


def _follower(previous: bytes, line: bytes) -> Envelope | None:
    try:
        return unseal(previous, line)[1]
    except Corruption:
        return None


def _stated(line: bytes) -> bytes | None:
    try:
        return bytes.fromhex(line[:HASH_DIGITS].decode())
    except ValueError:
        return None
