"""The segments of a journal in order, and the breaks that their headers cite."""

from collections.abc import Sequence
from typing import NamedTuple

from redstick.adapters.segments.form import Break, Broken, first_position
from redstick.adapters.segments.segment import Segment
from redstick.kernel.envelope import Gap, Head
from redstick.kernel.ports import Disk

NO_LIMIT = 10**16  # above every position that a segment's name can hold


class Resumption(NamedTuple):
    """A segment, by its index, that goes on behind a break: its first line follows the last good one."""

    segment: int
    at: Break
    previous: bytes
    first: int


class Layout:
    """`names` in order of their positions; `resumed` are those that go on behind a break."""

    def __init__(self, disk: Disk, names: Sequence[str]) -> None:
        self.disk, self.names = disk, list(names)
        self.resumed: list[Resumption] = []
        for i in range(len(self.names)):
            self._note_break(i)

    def add(self, name: str) -> None:
        """A segment was begun behind all others."""
        self.names.append(name)
        self._note_break(len(self.names) - 1)

    def _note_break(self, i: int) -> None:
        with Segment(self.disk, self.names[i]) as segment:
            header = segment.header
        if header.broken is not None:
            self.resumed.append(Resumption(i, header.broken, header.previous, header.first))

    # What is broken

    def last_position(self, i: int) -> int:
        """The last position that a segment may hold: the one before the next segment, or no limit."""
        return first_position(self.names[i + 1]) - 1 if i + 1 < len(self.names) else NO_LIMIT

    def trusted_until(self, i: int) -> int:
        """The last position of a segment that no later header says is broken."""
        goods = [resumption.at.good for resumption in self.resumed if resumption.segment > i]
        return min([self.last_position(i), *goods])

    def trusted(self, i: int) -> bool:
        """Whether no later header says that this segment or what is before it is broken."""
        return self.trusted_until(i) == self.last_position(i)

    def cites(self, broken: Broken) -> bool:
        """Whether a header cites this break already."""
        return any(resumption.at == broken.at for resumption in self.resumed)

    @property
    def gaps(self) -> list[Gap]:
        """Where the chain was broken and went on; a break that lies behind another one's good head is part of it."""
        found: list[Gap] = []
        for _, at, previous, first in self.resumed:
            found = [gap for gap in found if gap.good < at.good]
            found.append(Gap(at.good, previous, first))
        return found

    # How segments join

    def open(self, i: int) -> Segment:
        """Open a segment whose header must be as it was written; raises Broken with the head before it."""
        segment = Segment(self.disk, self.names[i])
        if not segment.whole_header:
            with segment:
                raise segment.not_a_line(0, 0, self.end(i - 1), "not the header of this segment")
        return segment

    def end(self, i: int) -> Head:
        """The head at which a closed segment ends; that of an empty chain for the one before the first."""
        if i < 0:
            return Head()
        with self.open(i) as segment:
            return segment.end()

    def refuse_gap(self, i: int, segment: Segment, before: Head | None) -> None:
        """Raise Broken when a segment cites no break and does not begin where the one before it ends, if known."""
        resumes = any(resumption.segment == i for resumption in self.resumed)
        if before is not None and segment.header.before != before and not resumes:
            why = f"position {segment.header.first} follows {before.position}, or not the line there"
            raise Broken(segment.name, 0, before, why)
