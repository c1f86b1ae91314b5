"""Rows out of an Excel workbook (xlsx, xlsm, xls), by python-calamine; dates come typed, formulas as what they gave.

A workbook is a packed archive whose inside may be a thousand times its size, and a sheet with two cells in opposite
corners fills the memory. Both are measured before it is opened.
"""

import datetime as dt
import zipfile
import zlib
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

from python_calamine import CalamineError, CalamineWorkbook

from redstick.dispatch.history.delimited import check_header
from redstick.dispatch.history.errors import HistoryError
from redstick.dispatch.history.tables import PIECE_ROWS, Piece, Table, refused
from redstick.protocols.sheets.faults import SheetFault
from redstick.protocols.sheets.workbook import measure_entry

UNPACKED_MAX_BYTES = 2 << 30
CELLS_MAX = 60_000_000  # rows times columns of the rectangle around a sheet's cells
ENTRIES_MAX = 10_000
OLD_MAX_BYTES = 256 << 20
OLD_MARK = b"\xd0\xcf\x11\xe0"
ZIP_MARK = b"PK\x03\x04"


def open_workbook(path: Path, wanted: Sequence[str] | None, sheet: str = "") -> Table:
    """Open one sheet, the first unless named; its first row that is not empty is the header.

    Raises HistoryError for a workbook that is damaged, locked, too large inside, or lacks the sheet or a column.
    """
    _measure(path)
    rows = _sheet(path, sheet)
    filled = ((number, row) for number, row in rows if any(cell not in ("", None) for cell in row))
    first = next(filled, None)
    if first is None:
        raise HistoryError(str(path), None, None, "a header with the names of the columns; the sheet is empty")
    number, cells = first
    header = [cell_text(cell).strip() for cell in cells]
    while header and not header[-1]:
        header.pop()
    names = header if wanted is None else list(wanted)
    check_header(str(path), number, header, names)
    return Table(header, _pieces(filled, header, names))


def cell_text(value: Any) -> str:
    """A typed cell as text: dates as ISO 8601, whole numbers without a point."""
    if isinstance(value, str):
        return value
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, float):
        return str(int(value)) if value.is_integer() and abs(value) < 2**53 else repr(value)
    if isinstance(value, dt.datetime):
        return value.date().isoformat() if value.time() == dt.time() else value.isoformat()
    if isinstance(value, dt.date | dt.time):
        return value.isoformat()
    return "" if value is None else str(value)


def _pieces(rows: Iterator[tuple[int, list[Any]]], header: Sequence[str], names: Sequence[str]) -> Iterator[Piece]:
    width, at = len(header), [header.index(name) for name in names]
    columns: dict[str, list[str]] = {name: [] for name in names}
    piece = Piece(columns, [])
    for number, row in rows:
        texts = [cell_text(cell) for cell in row]
        texts += [""] * (width - len(texts))
        if any(text.strip() for text in texts[width:]):
            piece.refused.append(refused(number, "too_many_fields", ",".join(texts)))
            continue
        piece.rows.append(number)
        for name, i in zip(names, at, strict=True):
            columns[name].append(texts[i])
        if len(piece.rows) == PIECE_ROWS:
            yield piece
            columns = {name: [] for name in names}
            piece = Piece(columns, [])
    yield piece


def _sheet(path: Path, sheet: str) -> Iterator[tuple[int, list[Any]]]:
    try:
        book = CalamineWorkbook.from_path(str(path))
        names = book.sheet_names
        if sheet and sheet not in names:
            raise HistoryError(str(path), None, None, f"a sheet {sheet!r}; the workbook has: {', '.join(names)[:300]}")
        found = book.get_sheet_by_name(sheet or names[0])
    except (CalamineError, OSError, IndexError) as error:
        expected = f"an Excel workbook that is whole and not locked: {error}"
        raise HistoryError(str(path), None, None, expected) from error
    return enumerate(found.iter_rows(), start=1)  # begins at row 1, wherever the first cell stands


def _measure(path: Path) -> None:
    """Refuse what would fill the memory, before anything is opened."""
    with path.open("rb") as raw:
        mark = raw.read(4)
    if mark == OLD_MARK:
        if path.stat().st_size > OLD_MAX_BYTES:
            raise HistoryError(str(path), None, None, f"an old workbook of at most {OLD_MAX_BYTES >> 20} MiB")
        return
    try:
        with zipfile.ZipFile(path) as packed:
            _measure_inside(path, packed)
    except (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, RuntimeError) as error:
        raise HistoryError(str(path), None, None, f"an Excel workbook that is whole: {error}") from error


def _measure_inside(path: Path, packed: zipfile.ZipFile) -> None:
    entries = packed.infolist()
    total = sum(entry.file_size for entry in entries)
    if total > UNPACKED_MAX_BYTES or len(entries) > ENTRIES_MAX:
        expected = f"a workbook of at most {UNPACKED_MAX_BYTES >> 30} GiB inside; this one says {total >> 20} MiB"
        raise HistoryError(str(path), None, None, expected)
    if not any(entry.filename.startswith("xl/") for entry in entries):
        raise HistoryError(str(path), None, None, "an Excel workbook; this archive holds none")
    for entry in entries:
        # Reading to the end proves the directory's sizes: an entry that holds more than it says fails its checksum.
        try:
            with packed.open(entry) as inside:
                measure_entry(inside, entry.filename, CELLS_MAX)
        except SheetFault as fault:
            raise HistoryError(str(path), None, None, fault.expected.removeprefix("expected ")) from fault
