"""The journal of one disk: opens its segments, cuts a torn tail, appends with one write and one sync a batch."""

from collections.abc import Iterator, Sequence
from contextlib import suppress

from redstick.adapters.segments import recovery, salvage, sealing
from redstick.adapters.segments.form import (
    HEADER_BYTES,
    OPEN,
    Break,
    Header,
    first_position,
    header_of,
    lines_of,
    segment_name,
)
from redstick.adapters.segments.recovery import Broken
from redstick.adapters.segments.witness import Witness
from redstick.kernel.envelope import Gap, Head
from redstick.kernel.errors import Conflict, Corruption, Unavailable
from redstick.kernel.ports import Disk, File

SEGMENT_BYTES = 64 << 20  # a segment is closed when it has grown past this
ALLOCATE_BYTES = 4 << 20  # space is taken in steps, so that a sync need not write the file's length each time


class SegmentJournal:
    """A `Journal` over a `Disk`.

    `go_on` says what to do with a chain that does not verify: raise Broken, or begin a chain that cites the last good
    head, so that work goes on. What can still be read behind the break is then read, and `breaks` tells of it. `deep`
    verifies sealed segments at once too, for when one was found damaged.
    """

    def __init__(
        self, disk: Disk, *, segment_bytes: int = SEGMENT_BYTES, go_on: bool = False, deep: bool = False
    ) -> None:
        self._disk, self._segment_bytes = disk, segment_bytes
        self._failed: str | None = None
        self.cut_bytes = 0  # length of the torn tail that opening cut
        self._names = sealing.settle(disk)
        self._witness = Witness(disk)
        try:
            self._head, self._file, self._end = self._open(go_on=go_on, deep=deep)
            self._resumed = recovery.resumptions(self._disk, self._names)
        except BaseException:
            self._witness.close()
            raise
        self._allocated = self._file.size()
        if self._witness.head != self._head:
            self._witness.note(self._head)
        self._witness.sync()

    def head(self) -> Head:
        """The end of what is durable."""
        return self._head

    def append(self, lines: Sequence[bytes], after: Head, head: Head) -> None:
        """One write, one sync. A failed one leaves the journal unusable until it is opened anew: never retried."""
        if self._failed:
            raise Unavailable(f"the journal must be opened anew: {self._failed}")
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
            self._failed = str(error)
            raise Unavailable(f"an append was not confirmed: {error}") from error
        self._end += len(data)
        self._head = head
        with suppress(OSError):  # the lines are durable; a witness that lags is a lower bound still
            self._witness.note(head)

    def read(self, after: int = 0) -> Iterator[bytes]:
        """Verified lines behind position `after`; behind a break, those that can still be read."""
        start = 0
        for resumed, header in self._resumed:
            before, good = self._names[start:resumed], header.good
            yield from self._verified(before, after, good.position)
            yield from (line.data for line in salvage.salvage(self._disk, before, good) if line.position > after)
            start = resumed
        yield from self._verified(self._names[start:], after, self._head.position)

    @property
    def gaps(self) -> list[Gap]:
        """Where the chain was broken and went on, in order."""
        return [Gap(header.good.position, header.previous, header.first) for _, header in self._resumed]

    @property
    def breaks(self) -> list[tuple[Break, int]]:
        """Each known break, and the first position of the chain that goes on behind it."""
        return [(header.broken, header.first) for _, header in self._resumed if header.broken is not None]

    def tend(self) -> None:
        """What there is time for between appends: the witness made durable, one closed segment compressed."""
        if self._failed:
            return
        with suppress(OSError):
            self._witness.sync()
        until = self._resumed[-1][0] + 1 if self._resumed else 0  # what a break concerns stays as it is
        for i in range(until, len(self._names) - 1):
            if self._names[i].endswith(OPEN):
                with suppress(Corruption, OSError):  # left as it is; the scrubber names what is wrong with it
                    self._names[i] = sealing.seal_segment(self._disk, self._names[i])
                break

    def scrub(self) -> Iterator[str | None]:
        """Verify every byte of every closed segment, a slice at each step: None, or the fault found there."""
        known = {broken.file for broken, _ in self.breaks}
        for name in [name for name in self._names[:-1] if name not in known]:
            try:
                for _ in recovery.verify(self._disk, name):
                    yield None
            except Corruption as error:
                yield str(error)

    def close(self) -> None:
        """Make the witness durable and let go of the files."""
        if not self._failed:
            self._failed = "it was closed"
            with suppress(OSError):
                self._witness.sync()
            self._file.close()
            self._witness.close()

    # Opening

    def _open(self, *, go_on: bool, deep: bool) -> tuple[Head, File, int]:
        if not self._names:
            self._names = [self._begin_segment(Head())]
        elif self._names[-1].endswith(OPEN) and self._unborn(self._names[-1]):
            self._disk.remove(self._names.pop())
            return self._open(go_on=go_on, deep=deep)
        elif not self._names[-1].endswith(OPEN):
            self._names.append(self._begin_segment(sealing.head_of(self._disk, self._names[-1])))
        try:
            end = recovery.recover(self._disk, self._names, self._witness.head, deep=deep)
        except Broken as broken:
            if not go_on:
                raise
            at_least = max(self._witness.head.position, first_position(self._names[-1]))
            name, head = salvage.begin_after(self._disk, self._names, broken, at_least)
            self._names.append(name)
            self._witness.note(head)
            return self._open(go_on=go_on, deep=deep)
        file = self._disk.open(self._names[-1])
        if end.torn:
            self.cut_bytes = _written_bytes(file) - end.byte
            file.truncate(end.byte)
            file.sync()
        return end.head, file, end.byte

    def _unborn(self, name: str) -> bool:
        """Whether a crash fell between the making of a file and the sync of its header: nothing was ever in it."""
        file = self._disk.open(name)
        try:
            return b"\n" not in file.read_at(0, HEADER_BYTES) and file.size() < HEADER_BYTES
        finally:
            file.close()

    # Reading

    def _verified(self, names: Sequence[str], after: int, until: int) -> Iterator[bytes]:
        """Lines of positions `after + 1` to `until`; raises Corruption with the place."""
        if until <= after:
            return
        for i, name in enumerate(names):
            if i + 1 < len(names) and first_position(names[i + 1]) <= after + 1:
                continue
            if first_position(name) > until:
                return
            file = self._disk.open(name)
            try:
                if name.endswith(OPEN):
                    head, lines = header_of(file, name).head, lines_of(file)
                else:
                    head, lines = sealing.sealed_lines(file, name, after)
                for line in lines:
                    if head.position >= until:
                        return
                    head, _ = recovery.follow(head, line, name)
                    if head.position > after:
                        yield line.data
            finally:
                file.close()

    # Growing

    def _begin_segment(self, head: Head) -> str:
        name = segment_name(head.position + 1)
        file = self._disk.open(name, create=True)
        try:
            file.write_at(0, Header(head.position + 1, head.hash).line())
            file.sync()
        finally:
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
    for line in lines_of(file):
        length = line.offset + len(line.data)
    return length
