"""A journal in memory: the reference that the other adapters must equal, and the one for what-ifs."""

from collections.abc import Callable, Iterator, Sequence

from redstick.kernel.envelope import Gap, Head
from redstick.kernel.errors import Conflict, Corruption, Unavailable


class MemoryJournal:
    """Keeps lines in a list. Durable for as long as the process lives, which is all it promises."""

    def __init__(self) -> None:
        self._lines: list[bytes] = []
        self._head = Head()
        self._closed = False

    def head(self) -> Head:
        """The end of the chain."""
        return self._head

    def append(self, lines: Sequence[bytes], after: Head, head: Head) -> None:
        """Keep the lines; raises Conflict when the chain does not end at `after`, Unavailable when closed."""
        if self._closed:
            raise Unavailable("the journal is closed")
        if after != self._head:
            raise Conflict(f"the chain ends at position {self._head.position}, not at {after.position}")
        self._lines.extend(lines)
        self._head = head

    def begin(
        self, lines: Sequence[bytes], after: Head, head: Head, told: Callable[[Unavailable | None], None]
    ) -> bool:
        """There is nothing to wait for, and so nothing to begin."""
        del lines, after, head, told
        return False

    def read(self, after: int = 0) -> Iterator[bytes]:
        """Lines behind position `after`."""
        yield from self._lines[after:]

    @property
    def gaps(self) -> Sequence[Gap]:
        """None: what never leaves memory does not break."""
        return ()

    def go_on_after(self, broken: Corruption) -> Head:
        """There is nothing to go on with: raises what it was given."""
        raise broken

    def tend(self) -> bool:
        """Nothing is ever left to do."""
        return False

    def scrub(self) -> Iterator[Corruption | None]:
        """Nothing is stored."""
        return iter(())

    def close(self) -> None:
        """Refuse further appends."""
        self._closed = True
