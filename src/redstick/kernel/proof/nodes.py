"""A tree whose hashes are all kept in a file, so that a proof over a million lines takes a few reads.

The file `tree.nodes` is one 32-byte header and one 32-byte slot a hash, in the order in which hashes are completed: a
leaf, then every complete subtree that ends with it. It only grows, and the place of each hash is arithmetic. It is a
cache: everything in it follows from the lines, and signed heads say up to where it may be believed.
"""

from collections.abc import Iterable, Iterator, Sequence

from redstick.kernel.ports import Disk
from redstick.kernel.proof.merkle import Tree, leaf_hash
from redstick.kernel.proof.paths import root_of

NAME = "tree.nodes"
HASH_BYTES = 32
HEADER = b"redstick-nodes 1 sha256".ljust(HASH_BYTES, b"\n")
COMPARED_BYTES = 1 << 18  # at a time in a rebuild check


class Nodes:
    """The growing tree of one journal over its node file. Made if it is not there; a foreign header counts as empty."""

    def __init__(self, disk: Disk) -> None:
        if NAME in disk.list():
            self._file = disk.open(NAME)
        else:
            self._file = disk.open(NAME, create=True)
            disk.sync_names()
        known = self._file.read_at(0, HASH_BYTES) == HEADER
        size = _leaves_within(self._file.size() // HASH_BYTES - 1) if known else 0
        self._tree = Tree(size, self._peaks(size))

    @property
    def size(self) -> int:
        """Leaves so far."""
        return self._tree.size

    def append(self, lines: Sequence[bytes]) -> None:
        """Add lines with one write; durable only after `sync`."""
        if not lines:
            return
        start = _slots(self.size)
        completed = [node for line in lines for node in self._tree.append(line)]
        self._write(start, completed)

    def grow(self, leaf: bytes) -> None:
        """Add one line of which only the leaf is known."""
        self._write(_slots(self.size), self._tree.grow(leaf))

    def node(self, level: int, index: int) -> bytes:
        """The hash of the complete subtree over leaves `index << level` to `(index + 1) << level`, the end left out."""
        return self._file.read_at(_place(_slot(level, index)), HASH_BYTES)

    def root(self, size: int) -> bytes:
        """The root over the first `size` leaves."""
        return root_of(self.node, 0, size)

    def truncate(self, size: int) -> None:
        """Forget all leaves behind the first `size`."""
        self._file.truncate(_place(_slots(size)) if size else 0)
        self._tree = Tree(size, self._peaks(size))

    def sync(self) -> None:
        """Make what was added durable."""
        self._file.sync()

    def close(self) -> None:
        """Let go of the file."""
        self._file.close()

    def fault(self, lines: Iterable[tuple[int, bytes]], until: int) -> str | None:
        """The rebuild check: where the file differs from what follows from (position, line) of a journal, or None.

        Up to position `until`, the newest that was signed: what lies behind is not believed by anyone. The leaf of a
        position that is not there is taken as it stands.
        """
        tree, slot, waiting = Tree(), 0, HEADER if self._file.size() else b""
        for leaf in self._leaves(lines, min(until, self.size)):
            waiting += b"".join(tree.grow(leaf))
            if len(waiting) >= COMPARED_BYTES:
                if fault := self._difference(slot, waiting):
                    return fault
                slot, waiting = slot + len(waiting) // HASH_BYTES, b""
        if fault := self._difference(slot, waiting):
            return fault
        return None if tree.size == until else f"{NAME}: holds {self.size} leaves, and {until} were signed"

    def _leaves(self, lines: Iterable[tuple[int, bytes]], until: int) -> Iterator[bytes]:
        """The leaves of positions 1 to `until`."""
        size = 0
        for position, line in lines:
            for lost in range(size, min(position - 1, until)):
                yield self.node(0, lost)
            if position > until:
                return
            yield leaf_hash(line)
            size = position

    def _write(self, start: int, nodes: Sequence[bytes]) -> None:
        data = b"".join(nodes)
        if start == 0:
            self._file.write_at(0, HEADER + data)
        else:
            self._file.write_at(_place(start), data)

    def _peaks(self, size: int) -> list[bytes]:
        peaks, start = [], 0
        while start < size:
            level = (size - start).bit_length() - 1
            peaks.append(self.node(level, start >> level))
            start += 1 << level
        return peaks

    def _difference(self, slot: int, expected: bytes) -> str | None:
        """Where the file differs from the bytes expected from a slot of the whole file on, header included."""
        stored = self._file.read_at(slot * HASH_BYTES, len(expected))
        if stored == expected:
            return None
        at = next((i for i, (a, b) in enumerate(zip(stored, expected, strict=False)) if a != b), len(stored))
        return f"{NAME}: byte {slot * HASH_BYTES + at}: not what follows from the lines"


def _slots(size: int) -> int:
    """How many hashes a tree of `size` leaves has completed: a leaf each, and a subtree for each but the open ones."""
    return 2 * size - size.bit_count()


def _slot(level: int, index: int) -> int:
    """Which of all completed hashes, from 0, that of a complete subtree is: `level` behind its last leaf's."""
    return _slots(((index + 1) << level) - 1) + level


def _place(slot: int) -> int:
    """The byte at which a slot begins."""
    return HASH_BYTES * (1 + slot)


def _leaves_within(slots: int) -> int:
    """The size of the largest tree whose hashes fit into `slots`."""
    size = max(slots, 0) // 2
    while _slots(size + 1) <= slots:
        size += 1
    return size
