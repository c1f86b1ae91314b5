"""Sealed segments: closed ones, compressed in blocks, with their Merkle root; complete or not there at all.

`segment-<first>.sealed` is one header line and blocks. Each block is a line with its sizes and the SHA-256 of its
packed bytes, then zlib data of whole lines. A damaged block spoils no other; what lies before a wanted one is skipped.
"""

import hashlib
import re
import zlib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from redstick.adapters.segments.form import OPEN, SEALED, Line, header_of, is_segment, lines_of, segment_name
from redstick.kernel.envelope import HASH_DIGITS, Head, unseal
from redstick.kernel.errors import Corruption
from redstick.kernel.ports import Disk, File
from redstick.kernel.proof.merkle import Tree

BLOCK_BYTES = 256 << 10  # of lines, before packing
MAKING = ".making"
LEVEL = 6

_SEALED = re.compile(
    rb"redstick-sealed 1 first=(\d+) last=(\d+) previous=([0-9a-f]{64}) head=([0-9a-f]{64}) root=([0-9a-f]{64})\n"
)
_BLOCK = re.compile(
    rb"block first=(\d{16}) lines=(\d{8}) packed=(\d{8}) previous=([0-9a-f]{64}) sha256=([0-9a-f]{64})\n"
)
BLOCK_LINE_BYTES = len(b"block first= lines= packed= previous= sha256=\n") + 16 + 8 + 8 + 64 + 64
HEADER_BYTES = 1 << 10  # a header line is shorter


@dataclass(frozen=True, slots=True)
class Seal:
    """The header of a sealed segment: the chain it follows, where it ends, and the RFC 6962 root over its lines."""

    first: int
    last: int
    previous: bytes
    head: bytes
    root: bytes

    def line(self) -> bytes:
        """As it is written."""
        said = f"redstick-sealed 1 first={self.first} last={self.last} previous={self.previous.hex()} "
        return f"{said}head={self.head.hex()} root={self.root.hex()}\n".encode()


@dataclass(frozen=True, slots=True)
class Block:
    """One block: its first position, how many lines, where its packed bytes lie, and the hash that it follows."""

    first: int
    lines: int
    offset: int
    packed: int
    previous: bytes
    digest: bytes


def seal_segment(disk: Disk, name: str) -> str:
    """Write the sealed form of a closed segment, make it durable, then remove the open form; gives the new name.

    Raises Corruption when the segment is not whole: it is then left as it is. What a crash leaves behind (a `.making`
    file, or both forms) is settled by `settle`.
    """
    file = disk.open(name)
    try:
        header = header_of(file, name)
        blocks, seal = _packed(name, header.head, lines_of(file))
    finally:
        file.close()
    target = segment_name(header.first, SEALED)
    _write(disk, target + MAKING, [seal.line(), *blocks])
    disk.rename(target + MAKING, target)
    disk.sync_names()
    disk.remove(name)
    disk.sync_names()
    return target


def settle(disk: Disk) -> list[str]:
    """Names of the segments, one form each: half-made seals are removed, and open forms that have a sealed one."""
    stored = disk.list()
    for name in stored:
        if name.endswith(MAKING):
            disk.remove(name)
    kept = [name for name in stored if is_segment(name)]
    for name in [name for name in kept if name.endswith(OPEN) and name[: -len(OPEN)] + SEALED in kept]:
        disk.remove(name)
        kept.remove(name)
    return kept


def read_seal(file: File, name: str) -> tuple[Seal, int]:
    """The header of a sealed segment and where its blocks begin; raises Corruption when it is not as it was written."""
    stored = file.read_at(0, HEADER_BYTES)
    found = _SEALED.match(stored)
    if found is None or segment_name(int(found[1]), SEALED) != name:
        raise Corruption(f"{name}: byte 0: not the header of this sealed segment")
    hashes = [bytes.fromhex(found[group].decode()) for group in (3, 4, 5)]
    return Seal(int(found[1]), int(found[2]), hashes[0], hashes[1], hashes[2]), found.end()


def sealed_lines(file: File, name: str, after: int = 0) -> tuple[Head, Iterator[Line]]:
    """Stored lines from the block that holds position `after + 1` on, and the head that they follow.

    The `offset` of a line is that of its block. Raises Corruption with the place of a block whose bytes changed.
    """
    seal, offset = read_seal(file, name)
    block = _block(file, name, offset)
    while block.first + block.lines <= after + 1 <= seal.last:
        block = _block(file, name, block.offset + block.packed)
    return Head(block.first - 1, block.previous), _lines_from(file, name, seal, block)


def _lines_from(file: File, name: str, seal: Seal, block: Block) -> Iterator[Line]:
    while True:
        begun = block.offset - BLOCK_LINE_BYTES
        yield from (Line(begun, data) for data in _unpacked(file, name, block))
        end, behind = block.first + block.lines, block.offset + block.packed
        if end > seal.last:
            break
        block = _block(file, name, behind)
        if block.first != end:
            raise Corruption(f"{name}: byte {behind}: a block of position {block.first}, not of {end}")
    if end != seal.last + 1 or file.size() != behind:
        raise Corruption(f"{name}: byte {behind}: the segment does not end at position {seal.last}")


def head_of(disk: Disk, name: str) -> Head:
    """The head at which a sealed segment says it ends."""
    file = disk.open(name)
    try:
        seal, _ = read_seal(file, name)
    finally:
        file.close()
    return Head(seal.last, seal.head)


def checked_heads(file: File, name: str) -> Iterator[Head]:
    """Verify every byte: blocks, chain and root. Gives the head after each line; raises Corruption with the place."""
    seal, _ = read_seal(file, name)
    head, tree = Head(seal.first - 1, seal.previous), Tree()
    begun, lines = sealed_lines(file, name)
    if begun != head:
        raise Corruption(f"{name}: byte 0: the first block does not follow the header")
    for line in lines:
        head = _after(head, line, name)
        tree.append(line.data)
        yield head
    if head.hash != seal.head or tree.root() != seal.root:
        raise Corruption(f"{name}: byte 0: the head or the root is not that of the lines")


def _packed(name: str, before: Head, lines: Iterable[Line]) -> tuple[list[bytes], Seal]:
    """Blocks of a segment's lines, and its seal; every line is verified on the way."""
    head, tree = before, Tree()
    blocks: list[bytes] = []
    waiting: list[bytes] = []
    size = 0
    begun = head
    for line in lines:
        head = _after(head, line, name)
        tree.append(line.data)
        waiting.append(line.data)
        size += len(line.data)
        if size >= BLOCK_BYTES:
            blocks.append(_pack(begun, waiting))
            begun, waiting, size = head, [], 0
    if waiting:
        blocks.append(_pack(begun, waiting))
    return blocks, Seal(before.position + 1, head.position, before.hash, head.hash, tree.root())


def _after(head: Head, line: Line, name: str) -> Head:
    try:
        digest, envelope = unseal(head.hash, line.data)
    except Corruption as error:
        raise Corruption(f"{name}: byte {line.offset}: {error}") from error
    return Head(envelope.position, digest)


def _pack(before: Head, lines: list[bytes]) -> bytes:
    packed = zlib.compress(b"".join(lines), LEVEL)
    digest, previous = hashlib.sha256(packed).hexdigest(), before.hash.hex()
    said = f"block first={before.position + 1:016d} lines={len(lines):08d} packed={len(packed):08d} "
    return f"{said}previous={previous} sha256={digest}\n".encode() + packed


def _block(file: File, name: str, offset: int) -> Block:
    found = parse_block(file.read_at(offset, BLOCK_LINE_BYTES), offset)
    if found is None:
        raise Corruption(f"{name}: byte {offset}: not the beginning of a block")
    return found


def parse_block(line: bytes, offset: int) -> Block | None:
    """The block whose first line lies at `offset`; None when the line is not one."""
    found = _BLOCK.fullmatch(line)
    if found is None:
        return None
    first, lines, packed = (int(found[group]) for group in (1, 2, 3))
    previous, digest = (bytes.fromhex(found[group].decode()) for group in (4, 5))
    return Block(first, lines, offset + BLOCK_LINE_BYTES, packed, previous, digest)


def _unpacked(file: File, name: str, block: Block) -> list[bytes]:
    packed = file.read_at(block.offset, block.packed)
    if hashlib.sha256(packed).digest() != block.digest:
        raise Corruption(f"{name}: byte {block.offset}: the bytes of a block are not those that were written")
    lines = zlib.decompress(packed).splitlines(keepends=True)
    if len(lines) != block.lines or any(len(line) <= HASH_DIGITS for line in lines):
        raise Corruption(f"{name}: byte {block.offset}: a block does not hold its {block.lines} lines")
    return lines


def _write(disk: Disk, name: str, parts: Iterable[bytes]) -> None:
    if name in disk.list():
        disk.remove(name)
    file = disk.open(name, create=True)
    try:
        offset = 0
        for part in parts:
            file.write_at(offset, part)
            offset += len(part)
        file.sync()
    finally:
        file.close()
