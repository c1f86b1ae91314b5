"""Tables of text, whole in memory, with the row of each line; bad ones refused by file and row."""

import math
import unicodedata
from dataclasses import dataclass
from pathlib import Path

from redstick.protocols.sheets.faults import SheetFault
from redstick.protocols.sheets.rows import open_rows
from redstick.survey.index.errors import IndexFault

CELLS_MAX = 12_000_000  # 36,000 places x 300 columns, with room
COLUMNS_MAX = 5_000


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
            raise IndexFault(self.file, 1, f"expected a column {name!r}; the header has: {some[:500]}")
        at = self.header.index(name)
        return [line[at].strip() for line in self.cells]


def read_table(path: Path) -> TextTable:
    """The table in a CSV (may be gzipped) or the first sheet of an Excel workbook; empty lines are left out.

    Raises IndexFault for a file that is absent, torn, too large, without a header, with two columns of one name, or
    with a row that is wider or narrower than its header.
    """
    file = str(path)
    header: list[str] = []
    rows: list[int] = []
    cells: list[tuple[str, ...]] = []
    known: dict[str, str] = {}  # answers repeat: each text is held once
    try:
        for number, line in open_rows(path):
            if not any(text.strip() for text in line):
                continue
            if not header:
                header = _header(file, number, line)
                continue
            if len(line) != len(header):
                raise IndexFault(file, number, f"expected {len(header)} cells as in the header, found {len(line)}")
            if len(rows) * len(header) > CELLS_MAX:
                raise IndexFault(file, number, f"expected at most {CELLS_MAX:,} cells in a table")
            rows.append(number)
            cells.append(tuple([known.setdefault(text, text) for text in line]))
    except SheetFault as fault:
        raise IndexFault(file, fault.row, fault.expected) from fault
    if not header:
        raise IndexFault(file, None, "expected a header with the names of the columns; the table is empty")
    return TextTable(file, tuple(header), tuple(rows), tuple(cells))


def identity(text: str) -> str:
    """An id as it is compared: one Unicode form, so that no two places look alike and are not."""
    return text if text.isascii() else unicodedata.normalize("NFC", text)


def number_of(text: str) -> float | None:
    """A finite number written in plain digits; None for everything else, such as 1_000, inf and nan."""
    try:
        value = float(text)
    except ValueError:
        return None
    return value if math.isfinite(value) and text.isascii() and "_" not in text else None


def _header(file: str, number: int, line: list[str]) -> list[str]:
    header = [text.strip() for text in line]
    if len(header) > COLUMNS_MAX:
        raise IndexFault(file, number, f"expected at most {COLUMNS_MAX:,} columns, found {len(header):,}")
    seen: dict[str, int] = {}
    for place, name in enumerate(header, start=1):
        if name in seen and name:
            raise IndexFault(file, number, f"column {name!r} stands twice in the header, {seen[name]}th and {place}th")
        seen[name] = place
    return header
