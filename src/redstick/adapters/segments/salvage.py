"""Behind a break: what can still be read, and the chain that goes on.

Every batch says itself what it follows, so one damaged batch spoils no other. A single turned bit is turned back:
only the right one gives the kept check, and then the hashes of the chain. Of a batch that is damaged more than that,
those commands come out whose lines all follow the line before them. The damaged files stay as they are, as evidence,
and what could be read of them is written down once more beside them, so that the next fault there costs nothing.
"""

import heapq
from collections.abc import Iterator
from contextlib import suppress
from typing import NamedTuple

from redstick.adapters.segments.form import (
    FORM_LINE_BYTES,
    MAKING,
    Batch,
    Broken,
    Header,
    batch_line,
    copies_of,
    copy_name,
    first_position,
    parse_batch,
)
from redstick.adapters.segments.layout import Layout
from redstick.adapters.segments.mending import mended, turned, turned_bit_of_line
from redstick.adapters.segments.segment import Segment, begin_segment, followed, split_lines, unpacked
from redstick.kernel.envelope import HASH_DIGITS, Envelope, Head, unseal
from redstick.kernel.errors import Corruption
from redstick.kernel.ports import Disk

Placed = tuple[int, bytes]  # a position and its line


class Run(NamedTuple):
    """Lines of whole commands that follow one another, and the head that the first of them follows."""

    before: Head
    lines: list[bytes]


def salvage(disk: Disk, name: str) -> Iterator[Placed]:
    """Every line of whole commands that can be read of a segment or of its copies, in order, with its position."""
    last = 0
    for run in _merged(disk, name):
        for position, line in enumerate(run.lines, start=run.before.position + 1):
            if position > last:
                yield position, line
                last = position


def copy_salvaged(disk: Disk, name: str, good: int) -> Iterator[None]:
    """Write down once more what can be read of a segment behind the position `good`, a short step at a time."""
    wanted, stored = copy_name(name, good), disk.list()
    if wanted in stored:
        return
    if wanted + MAKING in stored:
        disk.remove(wanted + MAKING)
    making, offset = disk.open(wanted + MAKING, create=True), 0
    try:
        for run in _merged(disk, name):
            if run.before.position + len(run.lines) > good:
                data = b"".join(run.lines)
                data = batch_line(run.before, len(run.lines), data) + data
                making.write_at(offset, data)
                offset += len(data)
            yield
        making.sync()
    except OSError:
        with suppress(OSError):
            disk.remove(wanted + MAKING)
        raise
    finally:
        making.close()
    disk.rename(wanted + MAKING, wanted)
    disk.sync_names()


def _merged(disk: Disk, name: str) -> Iterator[Run]:
    """The runs of a segment and of its copies, in the order of their positions; what both have comes twice."""
    every = [_runs_of(disk, one) for one in (name, *copies_of(name, disk.list()))]
    return heapq.merge(*every, key=lambda run: run.before.position)


def _runs_of(disk: Disk, name: str) -> Iterator[Run]:
    with Segment(disk, name) as segment:
        yield from _runs(segment)


def _runs(segment: Segment) -> Iterator[Run]:
    offset = segment.begins
    while segment.first_written(offset) is not None:
        batch = segment.batch_at(offset) or _mended_batch(segment, offset) or segment.next_batch(offset)
        if batch is None:
            return
        lines = _whole_lines(segment, batch)
        if lines is not None:
            yield Run(batch.before, lines)
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
        if batch := _last_batch(segment):
            used = max(used, batch.last)
            _write_again(segment, batch)
    header = Header(used + 1, broken.good.hash, broken.at)
    layout.add(begin_segment(layout.disk, header))
    return header


def _last_batch(segment: Segment) -> Batch | None:
    last, offset = None, segment.begins
    while batch := segment.next_batch(offset):
        last, offset = batch, batch.ends
    return _mended_batch(segment, offset) or last


def _write_again(segment: Segment, batch: Batch) -> None:
    """The same bytes once more: what a failed sync left may be there to read and yet not be on the disk."""
    if not segment.packed:
        segment.file.write_at(batch.offset, segment.file.read_at(batch.offset, batch.ends - batch.offset))
        segment.file.sync()


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


def _whole_commands(data: bytes, previous: bytes) -> Iterator[Run]:
    """The commands of a damaged batch whose every line follows what the line before it states."""
    command: list[bytes] = []
    before = Head()
    for line in split_lines(data):
        envelope = _follower(previous, line)
        if envelope is not None and envelope.part == 1:
            before, command = Head(envelope.position - 1, previous), []
        previous = _stated(line) or previous
        if envelope is None or envelope.part != len(command) + 1:
            command = []
            continue
        command.append(line)
        if envelope.part == envelope.parts:
            yield Run(before, command)
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
