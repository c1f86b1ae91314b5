"""The embedded journal: append-only segment files of lines over a `Disk`, one write and one sync a batch.

A segment is named by the first position it holds. It begins with one header line that cites the chain before it, then
come the lines of `kernel.envelope`. Space is allocated ahead, so what lies behind the last line break is zeros. On
opening, every line is verified: an incomplete end is a torn tail, never acknowledged, and is cut; a bad line before a
good one is corruption, and nothing is cut.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from redstick.kernel.envelope import HASH_DIGITS, Envelope, Head, unseal
from redstick.kernel.errors import Conflict, Corruption, Unavailable
from redstick.kernel.ports import Disk, File

MAGIC = b"redstick-journal 1"
PREFIX, SUFFIX = "segment-", ".log"
SEGMENT_BYTES = 64 << 20  # a segment is closed when it has grown past this
ALLOCATE_BYTES = 4 << 20  # space is taken in steps, so that a sync need not write the file's length each time
READ_BYTES = 1 << 20


@dataclass(frozen=True, slots=True)
class _Line:
    """A stored line and where it begins."""

    offset: int
    data: bytes


class SegmentJournal:
    """Opens the segments of a disk, cuts a torn tail, and appends."""

    def __init__(self, disk: Disk, *, segment_bytes: int = SEGMENT_BYTES) -> None:
        self._disk = disk
        self._segment_bytes = segment_bytes
        self._broken: str | None = None
        self.cut_bytes = 0  # length of the torn tail that opening cut
        names = [name for name in disk.list() if name.startswith(PREFIX) and name.endswith(SUFFIX)]
        if not names:
            names = [self._begin_segment(Head())]
        self._names = names
        self._head, self._file, self._end = self._recover()
        self._allocated = self._file.size()

    def head(self) -> Head:
        """The end of what is durable."""
        return self._head

    def append(self, lines: Sequence[bytes], after: Head, head: Head) -> None:
        """One write, one sync. A failed one leaves the journal unusable until it is opened anew: never retried."""
        if self._broken:
            raise Unavailable(f"the journal must be opened anew: {self._broken}")
        if after != self._head:
            raise Conflict(f"the chain ends at position {self._head.position}, not at {after.position}")
        data = b"".join(lines)
        try:
            if self._end > self._segment_bytes:
                self._roll()
            self._allocate(self._end + len(data))
            self._file.write_at(self._end, data)
            self._file.sync()
        except OSError as error:
            self._broken = str(error)
            raise Unavailable(f"an append was not confirmed: {error}") from error
        self._end += len(data)
        self._head = head

    def read(self, after: int = 0) -> Iterator[bytes]:
        """Verified lines behind position `after`."""
        previous = b""
        for index, name in enumerate(self._names):
            file = self._disk.open(name)
            try:
                lines = _lines(file)
                header = _header(name, next(lines, None))
                previous = header.hash
                if index + 1 < len(self._names) and _first_position(self._names[index + 1]) <= after + 1:
                    continue
                for line in lines:
                    previous, envelope = _verified(name, previous, line)
                    if envelope.position > after:
                        yield line.data
                    if envelope.position == self._head.position:
                        return
            finally:
                file.close()

    def close(self) -> None:
        """Close the open segment."""
        if not self._broken:
            self._broken = "it was closed"
            self._file.close()

    def _recover(self) -> tuple[Head, File, int]:
        """Verify every segment; cut the torn tail of the last one."""
        head = Head()
        for name in self._names[:-1]:
            file = self._disk.open(name)
            try:
                head, _, torn = _walk(file, name, head)
            finally:
                file.close()
            if torn:
                raise Corruption(f"{name}: byte {torn.offset}: an incomplete line in a closed segment")
        last = self._names[-1]
        file = self._disk.open(last)
        head, end, torn = _walk(file, last, head)
        if torn:
            self.cut_bytes = _written_bytes(file) - end
            file.truncate(end)
            file.sync()
        return head, file, end

    def _begin_segment(self, head: Head) -> str:
        name = f"{PREFIX}{head.position + 1:016d}{SUFFIX}"
        file = self._disk.open(name, create=True)
        file.write_at(0, b"%s first=%d previous=%s\n" % (MAGIC, head.position + 1, head.hash.hex().encode()))
        file.sync()
        file.close()
        self._disk.sync_names()
        return name

    def _roll(self) -> None:
        """Close the full segment at its true length and go on in a new one."""
        self._file.truncate(self._end)
        self._file.sync()
        self._file.close()
        name = self._begin_segment(self._head)
        self._names.append(name)
        self._file = self._disk.open(name)
        self._end = self._allocated = self._file.size()

    def _allocate(self, needed: int) -> None:
        if needed > self._allocated:
            self._allocated = needed + ALLOCATE_BYTES
            self._file.truncate(self._allocated)


def _written_bytes(file: File) -> int:
    """Length of what was written, without the allocated zeros behind it."""
    length = 0
    for line in _lines(file):
        length = line.offset + len(line.data)
    return length


def _first_position(name: str) -> int:
    return int(name[len(PREFIX) : -len(SUFFIX)])


def _lines(file: File) -> Iterator[_Line]:
    """Lines up to the allocated zeros; the last one may lack its line break."""
    rest, offset, read = b"", 0, 0
    while block := file.read_at(read, READ_BYTES):
        read += len(block)
        rest += block
        while (end := rest.find(b"\n")) >= 0:
            if rest[0] == 0:
                break
            yield _Line(offset, rest[: end + 1])
            rest, offset = rest[end + 1 :], offset + end + 1
    rest = rest.rstrip(b"\0")
    if rest:
        yield _Line(offset, rest)


def _header(name: str, line: _Line | None) -> Head:
    """The head that a segment says it follows; raises Corruption when the header is not as it was written."""
    expected = b"%s first=%d previous=" % (MAGIC, _first_position(name))
    data = b"" if line is None else line.data
    digits = data[len(expected) : -1]
    if not data.startswith(expected) or len(digits) != HASH_DIGITS or not data.endswith(b"\n"):
        raise Corruption(f"{name}: byte 0: not the header of a segment that begins at {_first_position(name)}")
    return Head(_first_position(name) - 1, bytes.fromhex(digits.decode()))


def _verified(name: str, previous: bytes, line: _Line) -> tuple[bytes, Envelope]:
    try:
        return unseal(previous, line.data)
    except Corruption as error:
        raise Corruption(f"{name}: byte {line.offset}: {error}") from error


def _walk(file: File, name: str, before: Head) -> tuple[Head, int, _Line | None]:
    """Verify one segment: (head and end of its last whole command, what lies torn behind that if anything does)."""
    lines = _lines(file)
    first = next(lines, None)
    cited = _header(name, first)
    if cited != before:
        raise Corruption(
            f"{name}: byte 0: cites a chain that ends at {cited.position}, but it ends at {before.position}"
        )
    head, open_since = before, None
    whole, end = before, len(first.data) if first else 0
    for line in lines:
        try:
            digest, envelope = unseal(head.hash, line.data)
        except Corruption as error:
            _refuse_if_followed(name, line, error, lines)
            return whole, end, open_since or line
        if envelope.position != head.position + 1:
            raise Corruption(f"{name}: byte {line.offset}: position {envelope.position} follows {head.position}")
        head, open_since = Head(envelope.position, digest), open_since or line
        if envelope.part == envelope.parts:
            whole, end, open_since = head, line.offset + len(line.data), None
    return whole, end, open_since


def _refuse_if_followed(name: str, bad: _Line, error: Corruption, rest: Iterator[_Line]) -> None:
    """A bad line before a good one is corruption, not a torn tail: raise it with its place."""
    previous = bad.data
    for line in rest:
        try:
            unseal(bytes.fromhex(previous[:HASH_DIGITS].decode()), line.data)
        except (Corruption, ValueError):
            previous = line.data
            continue
        raise Corruption(f"{name}: byte {bad.offset}: {error}")
