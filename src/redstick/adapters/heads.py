"""Signed statements in two files of a `Disk`: `keys.log` and `heads.log`, a line each, durable when kept."""

from collections.abc import Iterator

from redstick.kernel.errors import Unavailable
from redstick.kernel.ports import Disk, File

KEYS, HEADS = "keys.log", "heads.log"
READ_BYTES = 1 << 16


class FileHeads:
    """The `Heads` of one journal. An unfinished last line was never acknowledged and is cut when the next is kept."""

    def __init__(self, disk: Disk) -> None:
        """Open the files, or make them."""
        stored = disk.list()
        self._files = {name: disk.open(name, create=name not in stored) for name in (KEYS, HEADS)}
        disk.sync_names()
        self._ends = {name: _end_of_lines(file) for name, file in self._files.items()}
        self._failed: str | None = None

    def keys(self) -> list[bytes]:
        """The statements of keys, oldest first."""
        return list(_backwards(self._files[KEYS], self._ends[KEYS]))[::-1]

    def add_key(self, line: bytes) -> None:
        """Keep one more; raises Unavailable when it is not known to be durable."""
        self._add(KEYS, line)

    def newest(self) -> Iterator[bytes]:
        """Signed heads, newest first."""
        return _backwards(self._files[HEADS], self._ends[HEADS])

    def add(self, line: bytes) -> None:
        """Keep one more; raises Unavailable when it is not known to be durable."""
        self._add(HEADS, line)

    def close(self) -> None:
        """Let go of the files."""
        self._failed = "it was closed"
        for file in self._files.values():
            file.close()

    def _add(self, name: str, line: bytes) -> None:
        if self._failed:
            raise Unavailable(f"{name} must be opened anew: {self._failed}")
        file, end = self._files[name], self._ends[name]
        try:
            if file.size() > end:
                file.truncate(end)
            file.write_at(end, line)
            file.sync()
        except OSError as error:
            self._failed = str(error)
            raise Unavailable(f"{name}: a statement was not confirmed: {error}") from error
        self._ends[name] = end + len(line)


def _end_of_lines(file: File) -> int:
    """The byte behind the last whole line."""
    end = file.size()
    while end > 0:
        start = max(0, end - READ_BYTES)
        found = file.read_at(start, end - start).rfind(b"\n")
        if found >= 0:
            return start + found + 1
        end = start
    return 0


def _backwards(file: File, end: int) -> Iterator[bytes]:
    """The lines before byte `end`, the last first."""
    rest = b""
    while end > 0:
        start = max(0, end - READ_BYTES)
        rest = file.read_at(start, end - start) + rest
        first, *whole = rest.splitlines(keepends=True)
        yield from reversed(whole)
        rest, end = first, start
    if rest:
        yield rest
