"""Delimited text: comma, semicolon, tab or bar between cells, UTF-8, plain or gzipped; read line by line.

A file is data from outside: a line, the whole and what it unpacks to are bounded, and what is no text is named by row.
"""

import csv
import gzip
import zlib
from collections.abc import Iterator
from itertools import chain
from pathlib import Path
from typing import IO, cast

from redstick.protocols.sheets.faults import SheetFault

DELIMITERS = ",;\t|"
LINE_MAX_BYTES = 8 << 20
UNPACKED_MAX_BYTES = 2 << 30


def delimited_rows(path: Path) -> Iterator[tuple[int, list[str]]]:
    """(line on which a row begins, its cells); the delimiter is the one that the first line holds most often.

    Raises SheetFault for what cannot be read, is no UTF-8, holds a NUL, or leaves a quotation mark open.
    """
    begun = 1
    try:
        with gzip.open(path) if path.suffix.lower() == ".gz" else path.open("rb") as file:
            lines = _Lines(cast("IO[bytes]", file))
            first = next((line for line in lines if line.strip()), "")
            begun = lines.number
            for cells in csv.reader(chain([first], lines), delimiter=_delimiter(first), strict=True):
                if cells:
                    yield begun, cells
                begun = lines.number + 1
    except csv.Error as error:
        raise SheetFault(begun, f"expected a row of a CSV table: {error}") from error
    except (gzip.BadGzipFile, EOFError, zlib.error) as error:
        raise SheetFault(begun, f"expected a gzip file that is whole ({error})") from error
    except OSError as error:
        raise SheetFault(None, f"expected a file that can be read ({error.strerror})") from error


def delimiter_of(path: Path) -> str:
    """The delimiter by which `delimited_rows` reads a file. Raises SheetFault or OSError as that would."""
    with gzip.open(path) if path.suffix.lower() == ".gz" else path.open("rb") as file:
        return _delimiter(next((line for line in _Lines(cast("IO[bytes]", file)) if line.strip()), ""))


def _delimiter(first: str) -> str:
    return max(DELIMITERS, key=first.count)


class _Lines:
    """Decoded lines of a file, counted; each no longer than LINE_MAX_BYTES."""

    def __init__(self, file: IO[bytes]) -> None:
        self.number = 0
        self._file, self._bytes_read = file, 0

    def __iter__(self) -> Iterator[str]:
        return self

    def __next__(self) -> str:
        line = self._file.readline(LINE_MAX_BYTES)
        if not line:
            raise StopIteration
        self.number += 1
        self._bytes_read += len(line)
        if len(line) == LINE_MAX_BYTES:
            raise SheetFault(self.number, f"expected lines of at most {LINE_MAX_BYTES >> 20} MiB")
        if self._bytes_read > UNPACKED_MAX_BYTES:
            raise SheetFault(self.number, f"expected at most {UNPACKED_MAX_BYTES >> 20} MiB of text")
        if b"\0" in line:
            raise SheetFault(self.number, "expected text; found a NUL byte")
        try:
            return line.decode("utf-8-sig" if self.number == 1 else "utf-8")
        except UnicodeDecodeError as error:
            raise SheetFault(self.number, "expected UTF-8 text; save the table as CSV UTF-8") from error
