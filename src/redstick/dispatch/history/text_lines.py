"""Lines of text out of a file that may be packed, in another encoding, torn, or no text at all.

UTF-8 is expected. A line that is not UTF-8 is read as Windows-1252, which is what such lines are in practice, and this
is said in the notes; a declared encoding is held to. Nothing here holds much more than `LINE_MAX_CHARS` at once.
"""

import gzip
import io
import zlib
from collections.abc import Iterator
from pathlib import Path
from typing import IO, cast

from redstick.dispatch.history.errors import HistoryError

LINE_MAX_CHARS = 8 << 20
LOOK_BYTES = 1 << 16
BLOCK_BYTES = 1 << 20
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
        self.last = ""  # the line given last
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
        """Lines out of a one-byte encoding or UTF-8, decoded a block at a time, which is what makes it quick."""
        for block in self._blocks(raw):
            lines = self._decoded(block)
            open_end = bool(lines) and not block.endswith((b"\n", b"\r"))
            for line in lines[:-1] if open_end else lines:
                self.number += 1
                self.last = line
                yield line
            if open_end:
                self.number += 1
                self.unterminated = True
                self.last = lines[-1]
                yield lines[-1]

    def _blocks(self, raw: IO[bytes]) -> Iterator[bytes]:
        """Whole lines, about `BLOCK_BYTES` at a time; only the last block may lack its line end."""
        rest = b""
        while block := raw.read(BLOCK_BYTES):
            block = rest + block
            cut = block.rfind(b"\n") + 1 or block.rfind(b"\r", 0, -1) + 1
            if not cut and len(block) > LINE_MAX_CHARS:
                self.number += 1
                raise self._too_long()
            if cut:
                yield block[:cut]
            rest = block[cut:]
        if rest:
            yield rest

    def _decoded(self, block: bytes) -> list[str]:
        first = self.number == 0
        try:
            text = block.decode(self.encoding if first or self._declared else "utf-8")
        except UnicodeDecodeError:
            pieces = block.splitlines(keepends=True)
            lines = [self._decode(piece, self.number + i) for i, piece in enumerate(pieces, start=1)]
        else:
            lines = list(io.StringIO(text, newline=""))
        if b"\0" in block:
            self.nul_lines |= {self.number + i for i, line in enumerate(lines, start=1) if "\0" in line}
            lines = [line.replace("\0", "\ufffd") for line in lines]
        return lines

    def _wide(self, raw: IO[bytes]) -> Iterator[str]:
        try:
            with io.TextIOWrapper(raw, encoding=self.encoding, newline="\n") as text:
                while line := text.readline(LINE_MAX_CHARS):
                    self.number += 1
                    self.unterminated = not line.endswith("\n")
                    self.last = line
                    if self.unterminated and len(line) == LINE_MAX_CHARS:
                        raise self._too_long()
                    yield line.lstrip("\ufeff") if self.number == 1 else line
        except UnicodeDecodeError as error:
            raise HistoryError(self.name, self.number + 1, None, f"{self.encoding} text: {error.reason}") from error

    def _decode(self, line: bytes, number: int) -> str:
        try:
            return line.decode(self.encoding if number == 1 or self._declared else "utf-8")
        except UnicodeDecodeError as error:
            if self._declared:
                expected = f"{self._declared} text, as the column map says: {error.reason}"
                raise HistoryError(self.name, number, None, expected) from error
        try:
            text = line.decode("cp1252")
        except UnicodeDecodeError as error:
            expected = "text in UTF-8 or Windows-1252; declare file.encoding in the column map"
            raise HistoryError(self.name, number, None, expected) from error
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
    with path.open("rb") as raw:
        packed = raw.read(2) == GZIP_MARK
    return cast("IO[bytes]", gzip.open(path)) if packed else path.open("rb")


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
