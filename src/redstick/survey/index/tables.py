"""Tables of text out of CSV and Excel files, whole in memory, with the row of each line; bad ones refused by name.

A workbook is a packed archive whose inside may be a thousand times its size, and a sheet with two cells in opposite
corners fills the memory: both are measured before it is opened.
"""

import csv
import io
import re
import zipfile
import zlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, time
from pathlib import Path
from typing import IO, Any

from python_calamine import CalamineError, CalamineWorkbook

from redstick.survey.index.errors import IndexFault

FILE_MAX_BYTES = 1 << 30
UNPACKED_MAX_BYTES = 512 << 20
CELLS_MAX = 12_000_000  # 36,000 places x 300 columns, with room
ENTRIES_MAX = 5_000
COLUMNS_MAX = 5_000
_READ_BYTES = 1 << 20
_OVERLAP_BYTES = 512
_CELL = re.compile(rb'<(?:\w+:)?c [^>]{0,200}?r="([A-Z]{1,3})(\d{1,7})"')
_ROW = re.compile(rb'<(?:\w+:)?row [^>]{0,200}?r="(\d{1,7})"')


@dataclass(frozen=True)
class TextTable:
    """A header and its rows of text, all of the header's width; `rows` are lines or sheet rows counted from 1."""

    file: str
    header: tuple[str, ...]
    rows: tuple[int, ...]
    cells: tuple[tuple[str, ...], ...]

    def column(self, name: str) -> list[str]:
        """One column's texts, trimmed. Raises IndexFault when there is none of that name."""
        if name not in self.header:
            some = ", ".join(self.header[:20])
            raise IndexFault(self.file, 1, f"expected a column {name!r}; the header has: {some}")
        at = self.header.index(name)
        return [line[at].strip() for line in self.cells]


def read_table(path: Path) -> TextTable:
    """The table in a CSV (comma, semicolon or tab; UTF-8) or the first sheet of an Excel workbook.

    Empty lines are left out. Raises IndexFault for a file that is absent, torn, too large, without a header, with two
    columns of one name, or with a row that is wider or narrower than its header.
    """
    try:
        size = path.stat().st_size
        with path.open("rb") as file:
            mark = file.read(4)
    except OSError as error:
        raise IndexFault(str(path), None, f"cannot be read ({error.strerror})") from error
    if size > FILE_MAX_BYTES:
        raise IndexFault(str(path), None, f"expected a file of at most {FILE_MAX_BYTES >> 20} MiB")
    if mark.startswith(b"PK") or path.suffix.lower() in {".xlsx", ".xlsm"}:
        return _checked(str(path), _workbook_lines(path))
    return _checked(str(path), _csv_lines(path))


def _checked(file: str, lines: Iterable[tuple[int, Sequence[str]]]) -> TextTable:
    header: list[str] = []
    rows: list[int] = []
    cells: list[tuple[str, ...]] = []
    for number, line in lines:
        if not any(text.strip() for text in line):
            continue
        if not header:
            header = _header(file, number, line)
            continue
        if len(line) != len(header):
            raise IndexFault(file, number, f"expected {len(header)} cells as in the header, found {len(line)}")
        rows.append(number)
        cells.append(tuple(line))
    if not header:
        raise IndexFault(file, None, "expected a header with the names of the columns; the table is empty")
    return TextTable(file, tuple(header), tuple(rows), tuple(cells))


def _header(file: str, number: int, line: Sequence[str]) -> list[str]:
    header = [text.strip() for text in line]
    if len(header) > COLUMNS_MAX:
        raise IndexFault(file, number, f"expected at most {COLUMNS_MAX:,} columns, found {len(header):,}")
    seen: dict[str, int] = {}
    for place, name in enumerate(header, start=1):
        if name in seen and name:
            raise IndexFault(file, number, f"column {name!r} stands twice in the header, {seen[name]}th and {place}th")
        seen[name] = place
    return header


def _csv_lines(path: Path) -> Iterable[tuple[int, Sequence[str]]]:
    raw = path.read_bytes()
    try:
        text = raw.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        row = raw[: error.start].count(b"\n") + 1
        raise IndexFault(str(path), row, "expected UTF-8 text; save the table as CSV UTF-8") from error
    if "\0" in text:
        row = text[: text.index("\0")].count("\n") + 1
        raise IndexFault(str(path), row, "expected text; found a NUL byte")
    first = text.lstrip().split("\n", 1)[0]
    delimiter = max(",;\t", key=first.count)
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
    begun = 1
    try:
        for line in reader:
            yield begun, line
            begun = reader.line_num + 1
    except csv.Error as error:
        raise IndexFault(str(path), begun, f"expected a row of a CSV table: {error}") from error


def _workbook_lines(path: Path) -> Iterable[tuple[int, Sequence[str]]]:
    _measure(path)
    try:
        sheet = CalamineWorkbook.from_path(str(path)).get_sheet_by_index(0)
        first = 1 + (sheet.start or (0, 0))[0]
        rows = sheet.iter_rows()
    except (CalamineError, OSError, IndexError) as error:
        raise IndexFault(
            str(path), None, f"expected an Excel workbook that is whole and not locked: {error}"
        ) from error
    width = 0
    for number, row in enumerate(rows, start=first):
        texts = [cell_text(cell) for cell in row]
        if not width and any(texts):
            while texts and not texts[-1]:
                texts.pop()
            width = len(texts)
        elif not any(texts[width:]):
            texts = texts[:width]
        yield number, texts


def cell_text(value: Any) -> str:
    """A typed cell as text: whole numbers without a point, dates as ISO 8601."""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, float):
        return str(int(value)) if value.is_integer() and abs(value) < 2**53 else repr(value)
    if isinstance(value, date | time):
        return value.isoformat()
    return "" if value is None else str(value)


def _measure(path: Path) -> None:
    """Refuse what would fill the memory, before anything is opened."""
    try:
        with zipfile.ZipFile(path) as packed:
            _measure_inside(path, packed)
    except (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, RuntimeError) as error:
        raise IndexFault(str(path), None, f"expected an Excel workbook that is whole: {error}") from error


def _measure_inside(path: Path, packed: zipfile.ZipFile) -> None:
    entries = packed.infolist()
    total = sum(entry.file_size for entry in entries)
    if total > UNPACKED_MAX_BYTES or len(entries) > ENTRIES_MAX:
        limit = f"{UNPACKED_MAX_BYTES >> 20} MiB"
        raise IndexFault(
            str(path), None, f"expected a workbook of at most {limit} inside; this holds {total >> 20} MiB"
        )
    if not any(entry.filename.startswith("xl/") for entry in entries):
        raise IndexFault(str(path), None, "expected an Excel workbook; this archive holds none")
    for entry in entries:
        # Reading to the end proves the directory's sizes: an entry that holds more than it says fails its checksum.
        with packed.open(entry) as inside:
            rows, columns = _extent(inside, entry.filename)
        if rows * columns > CELLS_MAX:
            found = f"{entry.filename} spans {rows:,} by {columns:,}"
            raise IndexFault(str(path), rows, f"expected at most {CELLS_MAX:,} cells in a sheet; {found}")


def _extent(inside: IO[bytes], name: str) -> tuple[int, int]:
    """The last row and last column that a sheet speaks of; (0, 0) of what is no sheet."""
    is_sheet = name.startswith("xl/worksheets/") and name.endswith(".xml")
    rows = columns = 0
    tail = b""
    while piece := inside.read(_READ_BYTES):
        if not is_sheet:
            continue
        text = tail + piece
        for letters, number in _CELL.findall(text):
            rows, columns = max(rows, int(number)), max(columns, _column_number(letters))
        rows = max([rows, *map(int, _ROW.findall(text))])
        tail = text[-_OVERLAP_BYTES:]
    return rows, columns


def _column_number(letters: bytes) -> int:
    number = 0
    for letter in letters:
        number = number * 26 + letter - 64
    return number
