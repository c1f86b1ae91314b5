"""Where the table of a bill begins, what divides its cells, and what each of its columns is."""

import csv
import io
from collections.abc import Iterator
from dataclasses import dataclass

from redstick.protocols.sheets.delimited import DELIMITERS
from redstick.savings.bills.words import MEANING_OF, heading_of

LOOKED_AT = 30  # rows before which the heading stands: some providers print their address first
MOST_CELLS = 200
LEAST_KNOWN = 2


class NoLayout(Exception):  # noqa: N818  (named for what is the matter)
    """No heading is understood; says what was looked for."""


@dataclass(frozen=True)
class Layout:
    """How a bill is laid out: the row of its heading, the column of each meaning; `ignored` are headings left over."""

    delimiter: str
    heading_row: int
    columns: dict[str, int]
    headings: list[str]
    ignored: list[str]


def layout_of(text: str) -> Layout:
    """The layout that understands most headings. Raises NoLayout."""
    found = [layout for delimiter in DELIMITERS for layout in _candidates(text, delimiter)]
    best = max(found, key=lambda one: (len(one.columns), -one.heading_row), default=None)
    if best is None:
        raise NoLayout(
            "expected a heading that names a number or circuit and an amount (as `Circuit ID, Monthly Charge` or "
            f"`Phone Number, Charge Type, Amount`) among the first {LOOKED_AT} rows"
        )
    return best


def _candidates(text: str, delimiter: str) -> Iterator[Layout]:
    looked = 0
    try:
        for number, cells in rows_of(text, delimiter):
            looked += 1
            if looked > LOOKED_AT:
                return
            layout = _read(number, cells, delimiter)
            if layout is not None:
                yield layout
    except csv.Error:
        return


def _read(number: int, cells: list[str], delimiter: str) -> Layout | None:
    """A heading, if these cells are one: each meaning belongs to the first column that has it."""
    columns: dict[str, int] = {}
    ignored = []
    for place, cell in enumerate(cells[:MOST_CELLS]):
        meaning = MEANING_OF.get(heading_of(cell))
        if meaning is None or meaning in columns:
            ignored.extend([cell.strip()] if cell.strip() else [])
        else:
            columns[meaning] = place
    if "total" in columns and not {"recurring", "amount"} & columns.keys():
        columns["amount"] = columns.pop("total")  # the one amount that there is
    tells = "circuit" in columns and bool({"recurring", "amount"} & columns.keys())
    if not tells or len(columns) < LEAST_KNOWN:
        return None
    return Layout(delimiter, number, columns, [cell.strip() for cell in cells[:MOST_CELLS]], ignored)


def rows_of(text: str, delimiter: str) -> Iterator[tuple[int, list[str]]]:
    """(line on which a row begins, its cells); empty rows left out. Raises csv.Error."""
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
    begun = 1
    for cells in reader:
        if any(cell.strip() for cell in cells):
            yield begun, cells
        begun = reader.line_num + 1
