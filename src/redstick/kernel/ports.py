"""What the kernel needs from the world."""

from collections.abc import Callable, Iterator, Sequence
from typing import Protocol

from redstick.kernel.envelope import Gap, Head
from redstick.kernel.errors import Corruption, Unavailable


class Readable(Protocol):
    """Lines that are durable, for whoever only reads."""

    def read(self, after: int = 0) -> Iterator[bytes]:
        """Durable lines behind position `after`, verified against the chain; raises Corruption with the place."""

    @property
    def gaps(self) -> Sequence[Gap]:
        """Where the chain was broken and went on, in order; `read` gives what could be salvaged there."""


class Journal(Readable, Protocol):
    """An append-only chain of lines. One contract suite holds for every adapter (tests/contracts/test_journal.py)."""

    def head(self) -> Head:
        """The end of what is durable."""

    def append(self, lines: Sequence[bytes], after: Head, head: Head) -> None:
        """Make `lines` durable behind `after`; `head` is where the chain then ends. Returns only when they are.

        Raises Conflict when the chain does not end at `after`: nothing was written. Raises Unavailable when the answer
        is unknown: the lines are there all or not at all; the journal refuses further work until it is opened anew.
        """

    def begin(
        self, lines: Sequence[bytes], after: Head, head: Head, told: Callable[[Unavailable | None], None]
    ) -> bool:
        """Begin what `append` does beside the event loop that runs; `told` is called there at its end.

        It is told what `append` would have raised, or None when the lines are durable. Until then nothing may be asked
        of the journal but to read and to tend. False when this cannot be done now: `append` is to be used, and nobody
        is told. Raises as `append` does.
        """

    def go_on_after(self, broken: Corruption) -> Head:
        """Begin a chain that cites damage which `read`, `tend` or `scrub` found; gives the head to go on from.

        Raises what it was given where there is nothing to go on with.
        """

    def tend(self) -> bool:
        """One short step of what there is time for between appends; False when nothing is left to do.

        Raises Corruption when it comes upon damage.
        """

    def scrub(self) -> Iterator[Corruption | None]:
        """Verify every stored byte, a short slice at each step: None, or a fault that was found there."""

    def close(self) -> None:
        """Let go of what is held; appending afterwards raises Unavailable."""


class File(Protocol):
    """One open file of a `Disk`. Whatever fails raises OSError."""

    def write_at(self, offset: int, data: bytes) -> None:
        """Put bytes at an offset; durable only after `sync`."""

    def read_at(self, offset: int, length: int) -> bytes:
        """At most `length` bytes from an offset; fewer at the end."""

    def size(self) -> int:
        """Length in bytes."""

    def truncate(self, length: int) -> None:
        """Cut, or grow with zeros, which takes the space; durable only after `sync`."""

    def sync(self) -> None:
        """Return when everything written is durable.

        After a failure nobody knows what is durable: the bytes may be there to read and yet not be on the disk, and
        another sync may say that all is well. Nothing is certain then but what is written again and synced.
        """

    def begin_sync(self, told: Callable[[OSError | None], None]) -> bool:
        """Begin what `sync` does beside the event loop that runs; `told` is called there at its end.

        It is told what `sync` would have raised, or None. False where that cannot be: nothing was begun.
        """

    def close(self) -> None:
        """Let go of the handle; once more is harmless."""


class Disk(Protocol):
    """The few things that a journal asks of a file system; the simulator fills it too. Whatever fails raises OSError.

    What was not synced may be lost in any part when power is lost, sector by sector, later writes before earlier ones.
    """

    def claim(self) -> None:
        """Take the whole disk for one owner until `release` or the end of the process.

        Raises Unavailable, naming who has it.
        """

    def release(self) -> None:
        """Give the claim back."""

    def list(self) -> list[str]:
        """Names of the files, sorted."""

    def open(self, name: str, *, create: bool = False) -> File:
        """Open a file for reading and writing; with `create` it must not exist yet."""

    def sync_names(self) -> None:
        """Make creations, removals and changes of names durable (a sync of the folder)."""

    def remove(self, name: str) -> None:
        """Remove a file; whoever has it open may go on reading it."""

    def rename(self, old: str, new: str) -> None:
        """Give a file another name at once; what bore that name is gone."""
