"""A file of lines that only grows, each durable when kept; an unfinished last line was never acknowledged."""

from collections.abc import Iterator

from redstick.kernel.errors import Unavailable
from redstick.kernel.ports import Disk, File

READ_BYTES = 1 << 16


class LineFile:
    """Lines over one file of a `Disk`. A torn end is not read, and is cut when the next line is kept."""

    def __init__(self, disk: Disk, name: str) -> None:
        """Open the file, or make it."""
        known = name in disk.list()
        self.name = name
        self._file = disk.open(name, create=not known)
        if not known:
            disk.sync_names()
        self._end = _end_of_lines(self._file)
        self._failed: str | None = None

    def add(self, line: bytes) -> int:
        """Keep one more; gives the byte at which it begins.

        Raises Unavailable when it is not known to be durable, and from then on until the file is opened anew.
        """
        if self._failed:
            raise Unavailable(f"{self.name} must be opened anew: {self._failed}")
        try:
            if self._file.size() > self._end:
                self._file.truncate(self._end)
            self._file.write_at(self._end, line)
            self._file.sync()
        except OSError as error:
            self._failed = str(error)
            raise Unavailable(f"{self.name}: a line was not confirmed: {error}") from error
        self._end += len(line)
        return self._end - len(line)

    def backwards(self) -> Iterator[bytes]:
        """The lines, the last first."""
        rest, end = b"", self._end
        while end > 0:
            start = max(0, end - READ_BYTES)
            rest = self._file.read_at(start, end - start) + rest
            first, *whole = rest.splitlines(keepends=True)
            yield from reversed(whole)
            rest, end = first, start
        if rest:
            yield rest

    def lines(self) -> list[bytes]:
        """The lines, all at once."""
        return list(self.backwards())[::-1]

    def close(self) -> None:
        """Let go of the file."""
        self._failed = "it was closed"
        self._file.close()


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
