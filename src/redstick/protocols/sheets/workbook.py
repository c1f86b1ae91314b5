"""Rows out of an Excel workbook (xlsx, xlsm), by python-calamine, measured before it is opened.

A workbook is a packed archive whose inside may be a thousand times its size; a sheet with two cells in opposite corners
fills the memory, and so do millions of empty ones. All are counted in one pass over its unpacked bytes, whose sizes
that pass proves too: an entry that holds more than the archive's directory says fails its checksum.
"""

import re
import zipfile
import zlib
from collections.abc import Iterator
from datetime import date, datetime, time
from pathlib import Path
from typing import IO, Any

from python_calamine import CalamineError, CalamineWorkbook

from redstick.protocols.sheets.faults import SheetFault

UNPACKED_MAX_BYTES = 512 << 20
CELLS_MAX = 6_000_000  # 36,000 places x 160 columns
ENTRIES_MAX = 5_000
_READ_BYTES = 1 << 20
_TAG_MAX_BYTES = 1 << 20

# Attributes may stand anywhere in a tag and in either quotation marks, but none holds "<": so up to there is looked at.
_CELL = re.compile(rb"<(?:[\w.-]+:)?c(?=[\s/>])(?:[^<]*?\sr\s*=\s*[\"']([A-Za-z]{1,3})(\d{1,9})[\"'])?")
_ROW = re.compile(rb"<(?:[\w.-]+:)?row(?=[\s/>])(?:[^<]*?\sr\s*=\s*[\"'](\d{1,9})[\"'])?")
_SHARED = re.compile(rb"<(?:[\w.-]+:)?si(?=[\s/>])")


def workbook_rows(path: Path) -> Iterator[tuple[int, list[str]]]:
    """(sheet row, its cells as text) of the first sheet, as wide as its first row that is not empty.

    Raises SheetFault for a workbook that is torn, locked, none at all, or too large inside.
    """
    _measure(path)
    try:
        sheet = CalamineWorkbook.from_path(str(path)).get_sheet_by_index(0)
        rows = enumerate(sheet.iter_rows(), start=1)  # begins at row 1, wherever the first cell stands
    except (CalamineError, OSError, IndexError) as error:
        raise SheetFault(None, f"expected an Excel workbook that is whole and not locked: {error}") from error
    width = 0
    for number, row in rows:
        cells = [cell_text(cell) for cell in row]
        if not any(cells):
            continue
        if not width:
            width = max(place for place, cell in enumerate(cells, start=1) if cell)
        if not any(cells[width:]):
            cells = cells[:width]
        yield number, cells


def cell_text(value: Any) -> str:
    """A typed cell as text: whole numbers without a point, dates as ISO 8601."""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, float):
        return str(int(value)) if value.is_integer() and abs(value) < 2**53 else repr(value)
    if isinstance(value, datetime) and value.time() == time():
        return value.date().isoformat()
    if isinstance(value, date | time):
        return value.isoformat()
    return "" if value is None else str(value)


def _measure(path: Path) -> None:
    """Refuse what would fill the memory, before anything is opened."""
    try:
        with zipfile.ZipFile(path) as packed:
            _measure_inside(packed)
    except (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, RuntimeError) as error:
        raise SheetFault(None, f"expected an Excel workbook that is whole: {error}") from error
    except OSError as error:
        raise SheetFault(None, f"expected a file that can be read ({error.strerror})") from error


def _measure_inside(packed: zipfile.ZipFile) -> None:
    entries = packed.infolist()
    total = sum(entry.file_size for entry in entries)
    if total > UNPACKED_MAX_BYTES or len(entries) > ENTRIES_MAX:
        limit, found = f"{UNPACKED_MAX_BYTES >> 20} MiB", f"{total >> 20} MiB"
        raise SheetFault(None, f"expected a workbook of at most {limit} inside; this holds {found}")
    if not any(entry.filename == "xl/workbook.xml" for entry in entries):
        raise SheetFault(None, "expected an Excel workbook; this archive holds none")
    for entry in entries:
        with packed.open(entry) as inside:
            measure_entry(inside, entry.filename, CELLS_MAX)


def measure_entry(inside: IO[bytes], name: str, cells_max: int) -> None:
    """Count cells, rows and shared texts of one entry, whatever it is called: a sheet may have any name.

    Raises SheetFault when a sheet spans, or holds, more than `cells_max`.
    """
    rows = columns = n_rows = n_cells = 0
    left = b""
    while piece := inside.read(_READ_BYTES):
        text = left + piece
        whole = text.rfind(b"<")
        text, left = (text[:whole], text[whole:]) if whole >= 0 else (b"", text)
        left = left if len(left) <= _TAG_MAX_BYTES else b""
        n_cells += len(_SHARED.findall(text))
        for letters, number in _CELL.findall(text):
            n_cells += 1
            rows, columns = max(rows, int(number or 0)), max(columns, _column_number(letters))
        for number in _ROW.findall(text):
            n_rows += 1
            rows = max(rows, int(number or 0))
        rows = max(rows, n_rows)
        if max(rows * columns, n_cells) > cells_max:
            found = f"{name} spans {rows:,} by {columns:,} and holds {n_cells:,}"
            raise SheetFault(rows, f"expected at most {cells_max:,} cells in a sheet; {found}")


def _column_number(letters: bytes) -> int:
    number = 0
    for letter in letters.upper():
        number = number * 26 + letter - 64
    return number
