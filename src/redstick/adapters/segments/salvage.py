"""Behind a break: which lines can still be read, and the chain that goes on.

A line is good when its hash follows from the line before it as that one states itself, so one damaged line spoils no
other. A single flipped bit is mended by search: only the right bit gives the stored SHA-256. The damaged files stay as
they are, as evidence; what is mended is mended in reading.
"""

import hashlib
import re
import zlib
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import chain

from redstick.adapters.segments.form import OPEN, Header, first_position, lines_of, segment_name
from redstick.adapters.segments.recovery import Broken
from redstick.adapters.segments.sealing import BLOCK_LINE_BYTES, Block, parse_block
from redstick.kernel.envelope import HASH_DIGITS, Head, unseal
from redstick.kernel.errors import Corruption
from redstick.kernel.ports import Disk

_BEGINNING = re.compile(rb'[0-9a-f]{64} \{"position":')
_RUN_ON = re.compile(rb'(?<=\})[^\n](?=[0-9a-f]{64} \{"position":)')

LONGEST_MENDED = 64 << 10  # bytes; behind this a search takes too long, and the line is lost


@dataclass(frozen=True, slots=True)
class Salvaged:
    """A line behind a break, as it was written; `mended` says that one bit of it had to be turned back."""

    position: int
    data: bytes
    mended: bool


def salvage(disk: Disk, names: Sequence[str], good: Head) -> Iterator[Salvaged]:
    """Lines behind `good` that can still be read, in order, from segments that no longer verify as a chain."""
    position, previous = good.position, good.hash
    for hint, data in _candidates(disk, names, good):
        found = _whole(previous, data) or _whole(hint, data) or _mended(previous, data)
        if found is not None and found.position > position:
            yield found
            position = found.position
        previous = _stated(found.data if found else data) or previous


def begin_after(disk: Disk, names: Sequence[str], broken: Broken, at_least: int) -> tuple[str, Head]:
    """Begin the chain that goes on behind a break, with a header that cites it; gives the segment's name and head.

    Its first position is above every one that was ever used, `at_least` among them: no position means two things.
    """
    behind = [name for name in names if first_position(name) > broken.good.position or name == broken.at.file]
    last = max((line.position for line in salvage(disk, behind, broken.good)), default=broken.good.position)
    header = Header(max(last, at_least) + 1, broken.good.hash, broken.at)
    name = segment_name(header.first)
    file = disk.open(name, create=True)
    try:
        file.write_at(0, header.line())
        file.sync()
    finally:
        file.close()
    disk.sync_names()
    return name, header.head


def _candidates(disk: Disk, names: Sequence[str], good: Head) -> Iterator[tuple[bytes, bytes]]:
    """Stored lines that may lie behind `good`, each with the hash that its block says the block follows, or b""."""
    for i, name in enumerate(names):
        if i + 1 < len(names) and first_position(names[i + 1]) <= good.position + 1:
            continue
        file = disk.open(name)
        try:
            lines: Iterator[tuple[bytes, bytes]]
            if name.endswith(OPEN):
                lines = ((b"", data) for data in _rejoined(line.data for line in lines_of(file)))
            else:
                lines = _unpacked(file.read_at(0, file.size()))
            yield from _behind(lines, good)
        finally:
            file.close()


def _rejoined(stored: Iterable[bytes]) -> Iterator[bytes]:
    """Lines where a turned bit made a line break of another byte, or another byte of a line break."""
    waiting = b""
    for data in stored:
        if waiting and _BEGINNING.match(data):
            yield waiting
            waiting = b""
        *ended, waiting = _RUN_ON.split(waiting + data)
        yield from (line + b"\n" for line in ended)
        if waiting.endswith(b"}\n"):
            yield waiting
            waiting = b""
    if waiting:
        yield waiting


def _behind(lines: Iterator[tuple[bytes, bytes]], good: Head) -> Iterator[tuple[bytes, bytes]]:
    """What comes after the line that states the hash of `good`; everything when there is no such line."""
    skipped: list[tuple[bytes, bytes]] = []
    wanted = good.hash.hex().encode()
    for line in lines:
        if line[1][:HASH_DIGITS] == wanted:
            yield from lines
            return
        skipped.append(line)
    yield from skipped


def _unpacked(stored: bytes) -> Iterator[tuple[bytes, bytes]]:
    """(hash its block follows, line) of each block of a sealed segment that can be read, or mended."""
    offset = stored.find(b"block first=")
    while 0 <= offset < len(stored):
        block, packed = _block_at(stored, offset)
        if block is None:
            offset = stored.find(b"block first=", offset + 1)
            continue
        yield from ((block.previous, line) for line in zlib.decompress(packed).splitlines(keepends=True))
        offset = block.offset + block.packed


def _block_at(stored: bytes, offset: int) -> tuple[Block | None, bytes]:
    """The block at an offset and its packed bytes, one bit of either turned back; (None, b"") when more is wrong."""
    line = stored[offset : offset + BLOCK_LINE_BYTES]
    for said in chain([line], _turned(line)):
        block = parse_block(said, offset)
        if block is not None:
            packed = stored[block.offset : block.offset + block.packed]
            if hashlib.sha256(packed).digest() == block.digest:
                return block, packed
    block = parse_block(line, offset)
    if block is not None:
        for turned in _turned(stored[block.offset : block.offset + block.packed]):
            if hashlib.sha256(turned).digest() == block.digest:
                return block, turned
    return None, b""


def _whole(previous: bytes, data: bytes, *, mended: bool = False) -> Salvaged | None:
    try:
        _, envelope = unseal(previous, data)
    except Corruption:
        return None
    return Salvaged(envelope.position, data, mended)


def _mended(previous: bytes, data: bytes) -> Salvaged | None:
    """The line with the one bit turned back that makes its hash right."""
    if len(data) > LONGEST_MENDED:
        return None
    body, stated = data[HASH_DIGITS + 1 : -1], data[:HASH_DIGITS]
    digest = hashlib.sha256(previous + body).hexdigest().encode()
    if sum(a != b for a, b in zip(digest, stated, strict=False)) <= 1:  # the bit lies outside the body
        return _whole(previous, digest + b" " + body + b"\n", mended=True)
    for turned in _turned(body):
        if hashlib.sha256(previous + turned).hexdigest().encode() == stated:
            return _whole(previous, data[: HASH_DIGITS + 1] + turned + data[-1:], mended=True)
    return None


def _turned(data: bytes) -> Iterator[bytes]:
    """`data` with each single bit turned, one after the other."""
    bits = bytearray(data)
    for at in range(len(bits)):
        for bit in range(8):
            bits[at] ^= 1 << bit
            yield bytes(bits)
            bits[at] ^= 1 << bit


def _stated(data: bytes) -> bytes | None:
    try:
        return bytes.fromhex(data[:HASH_DIGITS].decode())
    except ValueError:
        return None
