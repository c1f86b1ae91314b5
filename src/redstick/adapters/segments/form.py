"""How a segment lies on a disk: its name, its header, its lines, the zeros behind them."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from redstick.kernel.envelope import Head
from redstick.kernel.errors import Corruption
from redstick.kernel.ports import File

PREFIX, OPEN, SEALED = "segment-", ".log", ".sealed"
READ_BYTES = 1 << 20
HEADER_BYTES = 512  # a header line is shorter

_HEADER = re.compile(
    rb"redstick-journal 1 first=(\d+) previous=([0-9a-f]{64})(?: broken=(\S+) byte=(\d+) good=(\d+))?\n"
)


@dataclass(frozen=True, slots=True)
class Line:
    """A stored line, line break included, and where it begins."""

    offset: int
    data: bytes


@dataclass(frozen=True, slots=True)
class Break:
    """Where an older chain is broken: file and byte of the first fault, and the last good position before it."""

    file: str
    byte: int
    good: int


@dataclass(frozen=True, slots=True)
class Header:
    """The first line of a segment: the position it begins with, the hash it follows, the break it goes on after."""

    first: int
    previous: bytes
    broken: Break | None = None

    def line(self) -> bytes:
        """As it is written."""
        text = f"redstick-journal 1 first={self.first} previous={self.previous.hex()}"
        if self.broken is not None:
            text += f" broken={self.broken.file} byte={self.broken.byte} good={self.broken.good}"
        return text.encode() + b"\n"

    @property
    def head(self) -> Head:
        """The end of the chain that this segment goes on from."""
        return Head(self.first - 1, self.previous)

    @property
    def good(self) -> Head:
        """The last good head of the chain before, for a segment that goes on behind a break."""
        return self.head if self.broken is None else Head(self.broken.good, self.previous)


def segment_name(first: int, suffix: str = OPEN) -> str:
    """The file of the segment that begins with position `first`."""
    return f"{PREFIX}{first:016d}{suffix}"


def first_position(name: str) -> int:
    """The first position of a segment, from its name."""
    return int(name[len(PREFIX) :].partition(".")[0])


def is_segment(name: str) -> bool:
    """Whether a name is one of a segment, open or sealed."""
    digits = name[len(PREFIX) :].partition(".")[0]
    return name.startswith(PREFIX) and name.endswith((OPEN, SEALED)) and digits.isdigit()


def lines_of(file: File) -> Iterator[Line]:
    """Lines behind the header, up to the allocated zeros; the last one may lack its line break."""
    stored = stored_lines(file)
    next(stored, None)
    return stored


def stored_lines(file: File) -> Iterator[Line]:
    """Every line of a file, the header first, up to the allocated zeros."""
    rest, offset, read = b"", 0, 0
    while block := file.read_at(read, READ_BYTES):
        read += len(block)
        rest += block
        start = 0
        while (end := rest.find(b"\n", start)) >= 0 and rest[start] != 0:
            yield Line(offset + start, rest[start : end + 1])
            start = end + 1
        rest, offset = rest[start:], offset + start
    rest = rest.rstrip(b"\0")
    if rest:
        yield Line(offset, rest)


def header_of(file: File, name: str) -> Header:
    """Read the header of an open segment; raises Corruption when it is not as it was written."""
    found = _HEADER.match(file.read_at(0, HEADER_BYTES))
    if found is None or int(found[1]) != first_position(name):
        raise Corruption(f"{name}: byte 0: not the header of a segment that begins at {first_position(name)}")
    broken = None
    if found[3] is not None:
        broken = Break(found[3].decode(), int(found[4]), int(found[5]))
    return Header(int(found[1]), bytes.fromhex(found[2].decode()), broken)
