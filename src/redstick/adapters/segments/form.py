"""How a journal lies on a disk: the names of its files, and the form's own lines, each with a check of its text.

Every line of the form (of a segment's header, of a batch, of the witness) ends with the CRC-32 of what stands before
it, so that one can be recognised anywhere and a changed bit in it shows. docs/journal-format.md says the same in words.
"""

import re
import zlib
from collections.abc import Sequence
from dataclasses import dataclass

from redstick.kernel.envelope import Head
from redstick.kernel.errors import Corruption

PREFIX, OPEN, SEALED = "segment-", ".log", ".sealed"
MAKING = ".making"  # what is being written under another name until it is whole
FORM_LINE_BYTES = 512  # every line of the form is shorter
HEADER_BEGINS, BATCH_BEGINS = b"redstick-", b"batch first="

_HEADER = re.compile(
    rb"redstick-(?:journal 1|sealed 1 last=(\d{16}) head=([0-9a-f]{64}) root=([0-9a-f]{64}))"
    rb" first=(\d{16}) previous=([0-9a-f]{64})(?: broken=(\S+) byte=(\d+) good=(\d{16}))?"
)
_BATCH = re.compile(rb"batch first=(\d{16}) lines=(\d+) bytes=(\d+) previous=([0-9a-f]{64}) crc=([0-9a-f]{8})")


@dataclass(frozen=True, slots=True)
class Break:
    """Where a chain is broken: file and byte of the fault, and the last good position before it."""

    file: str
    byte: int
    good: int


class Broken(Corruption):
    """A chain that does not verify: file and byte of its first fault, and the last good head before it."""

    def __init__(self, file: str, byte: int, good: Head, why: str) -> None:
        super().__init__(f"{file}: byte {byte}: {why} (good up to position {good.position})")
        self.at, self.good = Break(file, byte, good.position), good


@dataclass(frozen=True, slots=True)
class Seal:
    """Where a sealed segment ends, and the RFC 6962 root over its lines."""

    last: int
    head: bytes
    root: bytes

    @property
    def end(self) -> Head:
        """The head at which the segment ends."""
        return Head(self.last, self.head)


@dataclass(frozen=True, slots=True)
class Header:
    """The first line of a segment: its first position, the hash it follows, the break it goes on behind; its seal."""

    first: int
    previous: bytes
    broken: Break | None = None
    seal: Seal | None = None

    def line(self) -> bytes:
        """As it is written."""
        said = "journal 1"
        if self.seal is not None:
            said = f"sealed 1 last={self.seal.last:016d} head={self.seal.head.hex()} root={self.seal.root.hex()}"
        said = f"redstick-{said} first={self.first:016d} previous={self.previous.hex()}"
        if self.broken is not None:
            said += f" broken={self.broken.file} byte={self.broken.byte} good={self.broken.good:016d}"
        return form_line(said)

    @property
    def name(self) -> str:
        """The file of the segment that begins with this line."""
        return segment_name(self.first, OPEN if self.seal is None else SEALED)

    @property
    def before(self) -> Head:
        """The head that the segment's first line follows; behind a break its position tells only where to count on."""
        return Head(self.first - 1, self.previous)


@dataclass(frozen=True, slots=True)
class Batch:
    """Lines that were appended together (or packed together), and where they lie: `size` bytes from `begins` on.

    `offset` is where the batch's own line lies, `crc` the CRC-32 of the bytes behind it.
    """

    first: int
    lines: int
    size: int
    previous: bytes
    crc: int
    offset: int
    begins: int

    @property
    def before(self) -> Head:
        """The head that the first line follows."""
        return Head(self.first - 1, self.previous)

    @property
    def last(self) -> int:
        """The position of the last line."""
        return self.first + self.lines - 1

    @property
    def ends(self) -> int:
        """The byte behind the batch."""
        return self.begins + self.size


def batch_line(before: Head, lines: int, data: bytes) -> bytes:
    """The line that stands before `data`, a batch of `lines` lines behind a head."""
    said = f"batch first={before.position + 1:016d} lines={lines} bytes={len(data)} previous={before.hash.hex()}"
    return form_line(f"{said} crc={zlib.crc32(data):08x}")


def parse_batch(stored: bytes, offset: int) -> Batch | None:
    """The batch whose line `stored` begins with, read at `offset`; None when it is not one, or not whole."""
    text = checked(stored)
    found = text and _BATCH.fullmatch(text)
    if not text or not found:
        return None
    first, lines, size = (int(found[group]) for group in (1, 2, 3))
    previous, begins = bytes.fromhex(found[4].decode()), offset + len(text) + CHECK_BYTES
    return Batch(first, lines, size, previous, int(found[5], 16), offset, begins)


def parse_header(stored: bytes) -> Header | None:
    """The header that a segment's bytes begin with; None when it is not one, or not whole."""
    text = checked(stored)
    found = text and _HEADER.fullmatch(text)
    if not found:
        return None
    last, head, root, first, previous, file, byte, good = (said.decode() if said else "" for said in found.groups())
    seal = Seal(int(last), bytes.fromhex(head), bytes.fromhex(root)) if last else None
    broken = Break(file, int(byte), int(good)) if file else None
    return Header(int(first), bytes.fromhex(previous), broken, seal)


# Lines of the form

CHECK_BYTES = len(" check=01234567\n")


def form_line(text: str) -> bytes:
    """A line of the form: the text and its check."""
    said = text.encode()
    return said + b" check=%08x\n" % zlib.crc32(said)


def checked(stored: bytes) -> bytes | None:
    """The text of the line of the form that `stored` begins with; None when there is none, or a bit of it changed."""
    end = stored.find(b"\n", 0, FORM_LINE_BYTES)
    text = stored[: max(end + 1 - CHECK_BYTES, 0)]
    if stored[len(text) : end + 1] != b" check=%08x\n" % zlib.crc32(text):
        return None
    return text


# Names of files


def segment_name(first: int, suffix: str = OPEN) -> str:
    """The file of the segment that begins with position `first`."""
    return f"{PREFIX}{first:016d}{suffix}"


def first_position(name: str) -> int:
    """The first position of a segment, from its name."""
    return int(name[len(PREFIX) :].partition(".")[0])


def copy_name(name: str, good: int) -> str:
    """The name of the copy of what was salvaged of a segment behind a position."""
    return f"{name.partition('.')[0]}.behind-{good:016d}"


def copies_of(name: str, stored: Sequence[str]) -> list[str]:
    """Of the names that a disk has, those of the copies of what was salvaged of a segment."""
    begins = f"{name.partition('.')[0]}.behind-"
    return [one for one in stored if one.startswith(begins) and not one.endswith(MAKING)]


def is_segment(name: str) -> bool:
    """Whether a name is one of a segment, open or sealed."""
    digits = name[len(PREFIX) :].partition(".")[0]
    return name.startswith(PREFIX) and name.endswith((OPEN, SEALED)) and digits.isdigit()
