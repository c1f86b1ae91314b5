"""The journal of one disk: opened by one process, appended to with one write and one sync a batch, tended between."""

from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, suppress
from functools import partial
from itertools import chain

from redstick.adapters.segments.form import OPEN, SEALED, Break, Broken, Header, batch_line
from redstick.adapters.segments.layout import Layout
from redstick.adapters.segments.reading import read, scrub
from redstick.adapters.segments.recovery import End, recover, unborn
from redstick.adapters.segments.salvage import begin_after, copy_salvaged
from redstick.adapters.segments.sealing import seal_segment, settle
from redstick.adapters.segments.segment import READ_BYTES, begin_segment
from redstick.adapters.segments.witness import Witness
from redstick.kernel.envelope import Gap, Head
from redstick.kernel.errors import Conflict, Corruption, Unavailable
from redstick.kernel.ports import Disk

SEGMENT_BYTES = 64 << 20  # a segment is closed when it has grown past this
ALLOCATE_BYTES = 4 << 20  # space is taken in steps, so that a sync need not write the file's length each time


class SegmentJournal:
    """A `Journal` over a `Disk`, which it claims for itself until it is closed.

    `witness` is the disk for the head witness: another device if there is one; by default the journal's own. With
    `go_on` a chain that does not verify when it is opened is gone on from at once (see `go_on_after`); without it
    Broken is raised. `repairs` says in words what opening put right: a torn tail cut, a witness made anew.
    """

    def __init__(
        self,
        disk: Disk,
        *,
        witness: Disk | None = None,
        segment_bytes: int = SEGMENT_BYTES,
        allocate_bytes: int = ALLOCATE_BYTES,
        go_on: bool = False,
    ) -> None:
        """Open or make the journal; raises Broken, and Unavailable when the disk does not answer or is claimed."""
        self._disk, self._segment_bytes, self._allocate_bytes = disk, segment_bytes, allocate_bytes
        self._failed: str | None = None
        self._head = Head()
        self._tending: Iterator[None] | None = None
        self._left_open: set[str] = set()
        self._copied: set[tuple[str, int]] = set()
        self.repairs: list[str] = []
        with ExitStack() as held:
            try:
                disk.claim()
                held.callback(disk.release)
                self._open(held, witness or disk, go_on=go_on)
            except OSError as error:
                raise Unavailable(f"the journal cannot be opened: {error}") from error
            self._held = held.pop_all()

    def head(self) -> Head:
        """The end of what is durable."""
        return self._head

    def append(self, lines: Sequence[bytes], after: Head, head: Head) -> None:
        """One write, one sync: there whole or not at all. After a failure the journal must be opened anew."""
        self._refuse(after)
        if not lines:
            return
        data = _framed(lines, after)
        try:
            if self._end > self._segment_bytes:
                self._roll()
            self._allocate(self._end + len(data))
            self._file.write_at(self._end, data)
            self._file.sync()
        except OSError as error:
            raise self._unconfirmed(error) from error
        self._lengthened(len(data), head)

    def begin(
        self, lines: Sequence[bytes], after: Head, head: Head, told: Callable[[Unavailable | None], None]
    ) -> bool:
        """The same, synced beside the event loop; False where there is no room yet or the disk cannot."""
        self._refuse(after)
        if not lines or self._end > self._segment_bytes:
            return False
        data = _framed(lines, after)
        if self._end + len(data) > self._allocated:
            return False
        try:
            self._file.write_at(self._end, data)
            return self._file.begin_sync(partial(self._synced, len(data), head, told))
        except OSError as error:
            raise self._unconfirmed(error) from error

    def _synced(self, size: int, head: Head, told: Callable[[Unavailable | None], None], error: OSError | None) -> None:
        if error is None:
            self._lengthened(size, head)
        told(None if error is None else self._unconfirmed(error))

    def _refuse(self, after: Head) -> None:
        self._refuse_if_failed()
        if after != self._head:
            raise Conflict(f"the chain ends at position {self._head.position}, not at {after.position}")

    def _lengthened(self, size: int, head: Head) -> None:
        self._end += size
        self._head = head
        with suppress(OSError):  # the lines are durable; a witness that lags is a lower bound still
            self._witness.note(head)

    def _unconfirmed(self, error: OSError) -> Unavailable:
        return self._fail(f"an append was not confirmed: {error}")

    def read(self, after: int = 0) -> Iterator[bytes]:
        """Verified lines behind position `after`; raises Broken with the place.

        Behind a break that a header cites: those lines of whole commands that can still be read.
        """
        return read(self._layout, after, self._head.position)

    def close(self) -> None:
        """Make the witness durable and let go of the files and the disk."""
        if self._failed is None:
            self._failed = "it was closed"
            with suppress(OSError):
                self._witness.sync()
        self._held.close()

    # When there is time

    def tend(self) -> bool:
        """One short step: the witness made durable, what is damaged copied, closed segments sealed; False when idle.

        May run in another thread than `append`, in one thread at a time. Raises Broken when a segment is not whole.
        """
        if self._failed is not None:
            return False
        with suppress(OSError):
            self._witness.sync()
        if self._tending is None:
            self._tending = chain(self._copy_damaged(), self._seal_closed())
        try:
            next(self._tending)
        except StopIteration:
            self._tending = None
        except Broken:
            self._tending = None
            raise
        return self._tending is not None

    def scrub(self) -> Iterator[Broken | None]:
        """Verify every byte, a short slice at each step: None, or a fault that was found there."""
        return scrub(self._layout, self._head.position)

    @property
    def gaps(self) -> list[Gap]:
        """Where the chain was broken and went on, in order."""
        return self._layout.gaps

    @property
    def breaks(self) -> list[tuple[Break, int]]:
        """Each break that is cited, and the first position of the chain that goes on behind it."""
        return [(resumption.at, resumption.first) for resumption in self._layout.resumed]

    @property
    def _damaged(self) -> set[str]:
        """Names of segments that stay as they are, as evidence."""
        return {at.file for at, _ in self.breaks}

    def go_on_after(self, broken: Corruption) -> Head:
        """Begin a chain that cites a break that `read`, `tend` or `scrub` found; gives the head to go on from.

        Nothing continues on a broken chain, and nothing waits for it to be mended: the damaged files stay as they are,
        and what can be read of them is read.
        """
        self._refuse_if_failed()
        if not isinstance(broken, Broken):
            raise broken
        if self._layout.cites(broken):
            return self._head
        try:
            self._close_last()
            self._head = begin_after(self._layout, broken, self._head.position).before
            self._use_last()
        except OSError as error:
            raise self._fail(f"a new chain was not begun: {error}") from error
        with suppress(OSError):
            self._witness.note(self._head)
        return self._head

    def _copy_damaged(self) -> Iterator[None]:
        """What can still be read of a damaged segment is kept a second time."""
        for i, name in enumerate(self._layout.names[:-1]):
            good = self._layout.trusted_until(i)
            if name in self._damaged and (name, good) not in self._copied:
                self._copied.add((name, good))
                with suppress(OSError):  # a full disk, say: it is tried again behind the next start
                    yield from copy_salvaged(self._disk, name, good)

    def _seal_closed(self) -> Iterator[None]:
        names = self._layout.names
        for i, name in enumerate(names[:-1]):
            if name.endswith(OPEN) and self._layout.trusted(i) and name not in self._damaged | self._left_open:
                self._left_open.add(name)
                with suppress(OSError):  # a full disk, say: the open form is as good
                    yield from seal_segment(self._disk, name)
                    names[i] = name.removesuffix(OPEN) + SEALED

    # Opening

    def _open(self, held: ExitStack, witness: Disk, *, go_on: bool) -> None:
        names = settle(self._disk)
        self._witness = Witness(witness, needed=bool(names))
        held.callback(self._witness.close)
        self._layout = self._laid_out(names)
        try:
            end = self._recovered()
        except Broken as broken:
            if not go_on:
                raise
            self._witness.note(begin_after(self._layout, broken, self._witness.head.position).before)
            end = self._recovered()
        self._head = end.head
        self._use_last(end.byte)
        held.callback(self._close_file)
        self._make_durable(end)
        if self._witness.fault is not None:
            self.repairs.append(self._witness.fault)
            self._witness.renew(end.head)
        elif self._witness.head != end.head:
            self._witness.note(end.head)
        self._witness.sync()

    def _laid_out(self, names: list[str]) -> Layout:
        """The segments, but for a last one whose header was never durable."""
        layout = Layout(self._disk, names)
        if names and unborn(layout, self._witness.head):
            self.repairs.append(f"{names[-1]}: byte 0: a segment that never held a line was made anew")
            self._disk.remove(names[-1])
            layout = Layout(self._disk, names[:-1])
        return layout

    def _recovered(self) -> End:
        names = self._layout.names
        if not names or names[-1].endswith(SEALED):
            end = self._layout.end(len(names) - 1)
            self._layout.add(begin_segment(self._disk, Header(end.position + 1, end.hash)))
        return recover(self._layout, self._witness.head)

    def _make_durable(self, end: End) -> None:
        """Cut the torn tail, and write again what the witness has not seen.

        What a dead process left may never have been synced. What a failed sync left may be there to read and yet not be
        on the disk. Only what is written again and synced is certain.
        """
        if end.torn:
            self.repairs.append(f"{self._layout.names[-1]}: byte {end.byte}: a torn tail was cut")
            self._file.truncate(end.byte)
            self._allocated = end.byte
        for offset in range(end.unseen, end.byte, READ_BYTES):
            self._file.write_at(offset, self._file.read_at(offset, min(READ_BYTES, end.byte - offset)))
        if end.torn or end.unseen < end.byte:
            self._file.sync()
        self._disk.sync_names()

    # Growing

    def _roll(self) -> None:
        """Close the full segment and go on in a new one."""
        self._close_last()
        self._layout.add(begin_segment(self._disk, Header(self._head.position + 1, self._head.hash)))
        self._use_last()

    def _close_last(self) -> None:
        """Give the last segment its true length; that may be lost, since zeros behind the end are as good."""
        self._file.truncate(self._end)
        self._file.close()

    def _use_last(self, end: int | None = None) -> None:
        """Append to the last segment from here on: behind byte `end`, or behind its header."""
        self._file = self._disk.open(self._layout.names[-1])
        self._allocated = self._file.size()
        self._end = self._allocated if end is None else end

    def _allocate(self, needed: int) -> None:
        if needed > self._allocated:
            try:
                self._allocated = needed + self._allocate_bytes
                self._file.truncate(self._allocated)
            except OSError:  # a disk that is nearly full: no more than is needed
                self._allocated = needed
                self._file.truncate(self._allocated)

    def _close_file(self) -> None:
        self._file.close()

    def _fail(self, why: str) -> Unavailable:
        self._failed = why
        return Unavailable(why)

    def _refuse_if_failed(self) -> None:
        if self._failed is not None:
            raise Unavailable(f"the journal must be opened anew: {self._failed}")


def _framed(lines: Sequence[bytes], after: Head) -> bytes:
    data = b"".join(lines)
    return batch_line(after, len(lines), data) + data
