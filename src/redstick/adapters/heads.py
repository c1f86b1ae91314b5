"""Signed statements in two files of a `Disk`: `keys.log` and `heads.log`, a line each, durable when kept."""

from collections.abc import Iterator
from pathlib import Path

from redstick.adapters.line_file import LineFile
from redstick.kernel.ports import Disk

KEYS, HEADS = "keys.log", "heads.log"


def proof_folder(journal: Path) -> Path:
    """Where the heads and the node file of a journal are kept: beside its folder, not in it."""
    return journal.with_name(f"{journal.name}.proof")


class FileHeads:
    """The `Heads` of one journal."""

    def __init__(self, disk: Disk) -> None:
        """Open the files, or make them."""
        self._keys, self._heads = LineFile(disk, KEYS), LineFile(disk, HEADS)

    def keys(self) -> list[bytes]:
        """The statements of keys, oldest first."""
        return self._keys.lines()

    def add_key(self, line: bytes) -> None:
        """Keep one more; raises Unavailable when it is not known to be durable."""
        self._keys.add(line)

    def newest(self) -> Iterator[bytes]:
        """Signed heads, newest first."""
        return self._heads.backwards()

    def add(self, line: bytes) -> None:
        """Keep one more; raises Unavailable when it is not known to be durable."""
        self._keys.settle()  # a head without the statement of its key would be worth nothing
        self._heads.add(line)

    def close(self) -> None:
        """Let go of the files."""
        self._keys.close()
        self._heads.close()
