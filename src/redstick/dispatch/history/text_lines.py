"""Lines of text out of a file that may be packed, in another encoding, torn, or no text at all.

UTF-8 is expected. A line that is not UTF-8 is read as Windows-1252, which is what such lines are in practice, and this
is said in the notes; a declared encoding is held to. Nothing here reads more than `LINE_MAX_CHARS` at once.
"""

import gzip
import io
import zlib
from collections.abc import Iterator
from pathlib import Path
from typing import IO

from redstick.dispatch.history.errors import HistoryError

LINE_MAX_CHARS = 8 << 20
LOOK_BYTES = 1 << 16
GZIP_MARK = b"\x1f\x8b"
_MARKS = ((b"\xef\xbb\xbf", "utf-8-sig"), (b"\xff\xfe", "utf-16"), (b"\xfe\xff", "utf-16"))


class TextLines:
    """Iterates over the lines of one file, line ends kept.

    `number` is the number of the line given last, from 1; `nul_lines` the lines that held a zero byte; `notes` what
    was found out. Raises HistoryError for an absent, empty, torn, over-long or undecodable file.
    """

    def __init__(self, path: Path, encoding: str = "") -> None:
        self.name = str(path)
        self.number = 0
        self.nul_lines: set[int] = set()
        self.notes: list[str] = []
        self.unterminated = False  # whether the last line given has no line end
        self._not_utf8 = 0
        self._path = path
        self._declared = encoding
        start = look(path)
        if not start.strip():
            raise HistoryError(self.name, None, None, "the file is empty; a header and rows were expected")
        self.encoding = encoding or _guess_encoding(start)
        if self.encoding == "binary":
            raise HistoryError(self.name, None, None, "this is not text; a CSV, JSON or Excel export was expected")

    def __iter__(self) -> Iterator[str]:
        with _open(self._path) as raw:
            source = self._wide(raw) if self.encoding.startswith("utf-16") else self._narrow(raw)
            try:
                yield from source
            except (EOFError, zlib.error, gzip.BadGzipFile) as error:
                expected = "the packed file ends too early or is damaged here; fetch it again"
                raise HistoryError(self.name, self.number + 1, None, expected) from error
        if self.encoding.startswith("utf-16"):
            self.notes.append("read as UTF-16")
        if self._not_utf8:
            self.notes.append(f"{self._not_utf8} lines are not UTF-8 and were read as Windows-1252")

    def _narrow(self, raw: IO[bytes]) -> Iterator[str]:
        while line := raw.readline(LINE_MAX_CHARS):
            self.number += 1
            self.unterminated = not line.endswith(b"\n")
            if self.unterminated and len(line) == LINE_MAX_CHARS:
                raise self._too_long()
            text = self._decode(line)
            if "\0" in text:
                self.nul_lines.add(self.number)
                text = text.replace("\0", "\ufffd")
            yield text

    def _wide(self, raw: IO[bytes]) -> Iterator[str]:
        text = io.TextIOWrapper(raw, encoding=self.encoding, newline="\n")
        try:
            while line := text.readline(LINE_MAX_CHARS):
                self.number += 1
                self.unterminated = not line.endswith("\n")
                if self.unterminated and len(line) == LINE_MAX_CHARS:
                    raise self._too_long()
                yield line.lstrip("\ufeff") if self.number == 1 else line
        except UnicodeDecodeError as error:
            raise HistoryError(self.name, self.number + 1, None, f"{self.encoding} text: {error.reason}") from error

    def _decode(self, line: bytes) -> str:
        try:
            return line.decode(self.encoding if self.number == 1 or self._declared else "utf-8")
        except UnicodeDecodeError as error:
            if self._declared:
                expected = f"{self._declared} text, as the column map says: {error.reason}"
                raise HistoryError(self.name, self.number, None, expected) from error
        try:
            text = line.decode("cp1252")
        except UnicodeDecodeError as error:
            expected = "text in UTF-8 or Windows-1252; declare file.encoding in the column map"
            raise HistoryError(self.name, self.number, None, expected) from error
        self._not_utf8 += 1
        return text

    def _too_long(self) -> HistoryError:
        expected = f"lines of at most {LINE_MAX_CHARS >> 20} million characters; is this one table in rows?"
        return HistoryError(self.name, self.number, None, expected)


def look(path: Path) -> bytes:
    """The first 64 KiB of a file, unpacked. Raises HistoryError where it cannot be read."""
    try:
        with _open(path) as raw:
            return raw.read(LOOK_BYTES)
    except FileNotFoundError as error:
        raise HistoryError(str(path), None, None, "there is no such file") from error
    except (IsADirectoryError, PermissionError) as error:
        raise HistoryError(str(path), None, None, f"a file that can be read: {error.strerror}") from error
    except (EOFError, zlib.error, gzip.BadGzipFile) as error:
        raise HistoryError(str(path), None, None, "the packed file is damaged; fetch it again") from error


def _open(path: Path) -> IO[bytes]:
    raw = path.open("rb")
    mark = raw.read(2)
    raw.seek(0)
    if mark != GZIP_MARK:
        return raw
    return io.BufferedReader(gzip.GzipFile(fileobj=raw), 1 << 18)


def _guess_encoding(start: bytes) -> str:
    for mark, encoding in _MARKS:
        if start.startswith(mark):
            return encoding
    zeros = start.count(0)
    if not zeros:
        control = sum(start.count(code) for code in (*range(1, 9), *range(14, 27), *range(28, 32)))
        return "binary" if control > len(start) // 50 else "utf-8"
    pairs = len(start) // 2
    for encoding, offset in (("utf-16-le", 1), ("utf-16-be", 0)):
        if start[offset::2].count(0) > pairs * 0.8 and start[1 - offset :: 2].count(0) < pairs * 0.05:
            return encoding
    return "utf-8" if zeros <= len(start) // 1000 + 1 else "binary"
