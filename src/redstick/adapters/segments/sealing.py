"""Sealed segments: closed ones, packed, with their Merkle root; complete or not there at all.

A seal is written under another name, made durable, and then takes its own name at once; only after that the open form
goes. What a crash leaves of this (a `.making` file, or both forms) is settled at the next opening.
"""

import zlib
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import replace

from redstick.adapters.segments.form import MAKING, OPEN, SEALED, Broken, Seal, batch_line, is_segment, segment_name
from redstick.adapters.segments.reading import verify
from redstick.adapters.segments.segment import Segment
from redstick.kernel.envelope import Head
from redstick.kernel.ports import Disk, File
from redstick.kernel.proof.merkle import Tree

PACK_BYTES = 8 << 10  # of lines at a time: steps of 1 ms; 64 KiB pack a fourteenth smaller, in steps of 10 ms
PACK_LEVEL = 6


def seal_segment(disk: Disk, name: str) -> Iterator[None]:
    """Write the sealed form of a closed segment, make it durable, remove the open form: a short step at a time.

    Raises Broken when the segment is not whole; it is then left as it is.
    """
    target = name.removesuffix(OPEN) + SEALED
    with Segment(disk, name) as segment:
        making = disk.open(target + MAKING, create=True)
        try:
            yield from _write(making, segment)
            making.sync()
        except (OSError, Broken):
            with suppress(OSError):  # without room it would stand in the way
                disk.remove(target + MAKING)
            raise
        finally:
            making.close()
    disk.rename(target + MAKING, target)
    disk.sync_names()
    disk.remove(name)
    disk.sync_names()


def _write(making: File, segment: Segment) -> Iterator[None]:
    before = segment.header.before
    unknown = replace(segment.header, seal=Seal(0, before.hash, before.hash))
    head, tree, offset = before, Tree(), len(unknown.line())
    waiting: list[bytes] = []
    waiting_bytes, packed_until = 0, head
    for batch, lines, head in segment.verified(segment.begins, before):
        for line in lines:
            tree.append(line)
        waiting += lines
        waiting_bytes += batch.size
        if waiting_bytes >= PACK_BYTES:
            offset += _pack(making, offset, packed_until, waiting)
            waiting, waiting_bytes, packed_until = [], 0, head
            yield
    if waiting:
        _pack(making, offset, packed_until, waiting)
    making.write_at(0, replace(unknown, seal=Seal(head.position, head.hash, tree.root())).line())


def _pack(making: File, offset: int, before: Head, lines: list[bytes]) -> int:
    """Write one packed batch; gives its length."""
    packed = zlib.compress(b"".join(lines), PACK_LEVEL)
    data = batch_line(before, len(lines), packed) + packed
    making.write_at(offset, data)
    return len(data)


def settle(disk: Disk) -> list[str]:
    """Names of the segments, one form each, in order: what a crash left of a sealing is removed."""
    stored = disk.list()
    for name in stored:
        if name.endswith(MAKING):
            disk.remove(name)
    kept = [name for name in stored if is_segment(name)]
    for name in [name for name in kept if name.removesuffix(OPEN) + SEALED in kept and name.endswith(OPEN)]:
        sealed = segment_name(int(name.removesuffix(OPEN)[-16:]), SEALED)
        if _is_whole(disk, sealed):
            disk.remove(name)
            kept.remove(name)
        else:
            kept.remove(sealed)  # written over when the open form is sealed again
    return sorted(kept)


def _is_whole(disk: Disk, name: str) -> bool:
    with Segment(disk, name) as segment:
        try:
            for _ in verify(segment):
                pass
        except Broken:
            return False
        return segment.whole_header
