"""A file of lines that only grows, each durable when kept.

What power loss leaves of a line that was being kept has no end, or zeros where a sector did not arrive: no line has a
zero byte of its own. Such an end was never acknowledged; it is not read, and is cut before the next line is kept. The
last line may have been written by a process that died before its sync, or whose sync failed: so it is written again,
and made durable before the next.
"""

from collections.abc import Iterator

from redstick.kernel.errors import Unavailable
from redstick.kernel.ports import Disk, File

READ_BYTES = 1 << 16


class LineFile:
    """Lines over one file of a `Disk`; made if it is not there."""

    def __init__(self, disk: Disk, name: str) -> None:
        """Raises Unavailable when the disk does not answer."""
        self.name = name
        try:
            self._file = disk.open(name, create=name not in disk.list())
            disk.sync_names()
            self._end = _end_of_lines(self._file)
        except OSError as error:
            raise Unavailable(f"{name} cannot be opened: {error}") from error
        self._settled = False
        self._failed: str | None = None

    def add(self, line: bytes) -> int:
        """Keep one more; gives the byte at which it begins.

        Raises Unavailable when it is not known to be durable, and from then on until the file is opened anew.
        """
        self.settle()
        begins = self._end
        self._write(begins, line)
        self._end += len(line)
        return begins

    def settle(self) -> None:
        """Be sure that the last line is durable, and nothing behind it; raises Unavailable when that is not known."""
        if self._settled:
            return
        last = next(self.backwards(), b"")
        self._write(self._end - len(last), last, cut=True)
        self._settled = True

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

    def _write(self, byte: int, line: bytes, *, cut: bool = False) -> None:
        if self._failed:
            raise Unavailable(f"{self.name} must be opened anew: {self._failed}")
        try:
            if cut:
                self._file.truncate(byte + len(line))
            self._file.write_at(byte, line)
            self._file.sync()
        except OSError as error:
            self._failed = str(error)
            raise Unavailable(f"{self.name}: a line was not confirmed: {error}") from error


def _end_of_lines(file: File) -> int:
    """The byte behind the last whole line."""
    end = _line_break_before(file, file.size())
    start = _line_break_before(file, max(end - 1, 0))
    return start if b"\0" in file.read_at(start, end - start) else end


def _line_break_before(file: File, end: int) -> int:
    """The byte behind the last line break before `end`; 0 when there is none."""
    while end > 0:
        start = max(0, end - READ_BYTES)
        found = file.read_at(start, end - start).rfind(b"\n")
        if found >= 0:
            return start + found + 1
        end = start
    return 0
