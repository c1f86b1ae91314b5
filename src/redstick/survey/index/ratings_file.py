"""Judges' ratings from a table with columns place, question, judge, rating; tens of millions of rows in bounded memory.

A CSV is read in blocks by Arrow, its texts as codes into the few distinct ones. A file that Arrow will not have is read
row by row, so that a fault names its row.
"""

from collections.abc import Iterator, Mapping, Sequence
from itertools import islice
from pathlib import Path

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray
from pyarrow import csv

from redstick.protocols.sheets.delimited import delimiter_of
from redstick.protocols.sheets.faults import SheetFault
from redstick.protocols.sheets.rows import is_workbook, open_rows
from redstick.survey.index.errors import IndexFault
from redstick.survey.index.plan import Plan
from redstick.survey.index.ratings import Ratings, make_ratings
from redstick.survey.index.stages import Floats
from redstick.survey.index.tables import identity, number_of, read_table

COLUMNS = ("place", "question", "judge", "rating")
_BLOCK_BYTES = 8 << 20

Codes = NDArray[np.int32]
Column = tuple[Codes, list[str]]  # each row's code, and the texts that codes stand for


def read_ratings(plan: Plan, path: Path, ids: Sequence[str]) -> Ratings:
    """The ratings of the plan's judged indicators at the places `ids`.

    Raises IndexFault for an unknown place or question, a judge without an id, a rating that is no number, or a judge
    who rates one question of one place twice; it names file and row.
    """
    try:
        return _gathered(plan, path, ids, _from_table(path) if is_workbook(path) else _from_arrow(path))
    except (pa.ArrowException, OSError, SheetFault):
        return _gathered(plan, path, ids, _from_table(path))


def _gathered(plan: Plan, path: Path, ids: Sequence[str], blocks: Iterator[dict[str, Column]]) -> Ratings:
    rows = _Rows(plan, path, ids)
    for block in blocks:
        rows.add(block)
    return rows.ratings()


class _Rows:
    """Ratings gathered block by block: for each its cell, its judge in order of appearance, its value."""

    def __init__(self, plan: Plan, path: Path, ids: Sequence[str]) -> None:
        self._path = path
        self._judged = [column for column, one in enumerate(plan.indicators) if one.judged]
        self._places = {name: at for at, name in enumerate(ids)}
        self._questions = {plan.indicators[column].id: at for at, column in enumerate(self._judged)}
        self._judges: dict[str, int] = {}
        self._empty = {"", *plan.model.table.missing}
        self._cells: list[Codes] = []
        self._seats: list[Codes] = []
        self._values: list[Floats] = []
        self._read = 0

    def add(self, block: Mapping[str, Column]) -> None:
        """Raises IndexFault at the first row that cannot be."""
        place = self._positions(block["place"], self._places, "place {!r}: expected one of the places that answered")
        question = self._positions(
            block["question"], self._questions, "question {!r}: expected a judged indicator of the model"
        )
        for text in block["judge"][1]:
            if text:
                self._judges.setdefault(text, len(self._judges))
        seat = self._positions(block["judge"], self._judges, "expected the judge's id; it is empty")
        self._cells.append(place * np.int32(len(self._judged)) + question)
        self._seats.append(seat)
        self._values.append(self._figures(block["rating"]))
        self._read += len(place)

    def _positions(self, column: Column, known: Mapping[str, int], expected: str) -> Codes:
        codes, texts = column
        found = np.array([known.get(text, -1) for text in texts], dtype=np.int32)
        rows: Codes = found[codes]
        if len(rows) and rows.min() < 0:
            at = int(np.argmax(rows < 0))
            raise self._fault(at, expected.format(texts[codes[at]][:60]))
        return rows

    def _figures(self, column: Column) -> Floats:
        codes, texts = column
        figures = [np.nan if text in self._empty else number_of(text) for text in texts]
        wrong = np.array([figure is None for figure in figures], dtype=np.bool_)
        if wrong.any():
            at = int(np.argmax(wrong[codes]))
            raise self._fault(at, f"column 'rating': expected a number, found {texts[codes[at]][:60]!r}")
        return np.array(figures, dtype=np.float64)[codes]

    def _fault(self, at: int, expected: str) -> IndexFault:
        return IndexFault(str(self._path), _row_of(self._path, self._read + at), expected)

    def ratings(self) -> Ratings:
        """All of them, judges in the order of their ids. Raises IndexFault where a judge rates a cell twice."""
        cells = np.concatenate(self._cells) if self._cells else np.zeros(0, dtype=np.int32)
        self._cells.clear()
        judges = sorted(self._judges)
        seat = np.empty(len(judges), dtype=np.int32)
        seat[[self._judges[name] for name in judges]] = np.arange(len(judges), dtype=np.int32)
        seats = seat[np.concatenate(self._seats)] if self._seats else np.zeros(0, dtype=np.int32)
        self._seats.clear()
        self._refuse_repeats(cells, seats, judges)
        values = np.concatenate(self._values) if self._values else np.zeros(0)
        self._values.clear()
        given = ~np.isnan(values)
        if not given.all():
            cells, seats, values = cells[given], seats[given], values[given]
        columns = np.array(self._judged, dtype=np.int64)
        return make_ratings(len(self._places), columns, tuple(judges), cells, seats, values)

    def _refuse_repeats(self, cells: Codes, seats: Codes, judges: Sequence[str]) -> None:
        step = np.diff(cells)
        if bool(((step > 0) | ((step == 0) & (np.diff(seats) > 0))).all()):
            return
        keys = cells.astype(np.int64) * max(1, len(judges)) + seats
        order = np.argsort(keys, kind="stable")
        repeated = np.flatnonzero(np.diff(keys[order]) == 0)
        if not len(repeated):
            return
        at = repeated[np.argmin(order[repeated + 1])]
        earlier, later = int(order[at]), int(order[at + 1])
        place, question = divmod(int(cells[later]), len(self._judged))
        names = judges[seats[later]], list(self._questions)[question], list(self._places)[place]
        said = "row {} already holds judge {!r} on {!r} of {!r}; expected one rating"
        row = _row_of(self._path, later)
        raise IndexFault(str(self._path), row, said.format(_row_of(self._path, earlier), *names))


def _row_of(path: Path, record: int) -> int:
    """The row on which a record stands, counted behind the header from 0; empty ones do not count."""
    filled = (row for row, cells in open_rows(path) if any(cell.strip() for cell in cells))
    return next(islice(filled, record + 1, None))


def _from_arrow(path: Path) -> Iterator[dict[str, Column]]:
    text = pa.dictionary(pa.int32(), pa.string())
    with (
        pa.input_stream(str(path), compression="detect") as file,
        csv.open_csv(
            file,
            read_options=csv.ReadOptions(block_size=_BLOCK_BYTES),
            parse_options=csv.ParseOptions(delimiter=delimiter_of(path), newlines_in_values=True),
            convert_options=csv.ConvertOptions(
                include_columns=list(COLUMNS), column_types=dict.fromkeys(COLUMNS, text), strings_can_be_null=False
            ),
        ) as reader,
    ):
        for batch in reader:
            block: dict[str, Column] = {}
            for name in COLUMNS:
                column = batch.column(name)
                texts = [identity(one.strip()) for one in column.dictionary.to_pylist()]
                block[name] = (column.indices.to_numpy(), texts)
            yield _filled(block)


def _filled(block: dict[str, Column]) -> dict[str, Column]:
    """The block without rows in which all cells are empty: spreadsheets leave them behind."""
    if any("" not in texts for _, texts in block.values()):
        return block
    empty = [np.array([not text for text in texts])[codes] for codes, texts in block.values()]
    kept = ~np.logical_and.reduce(empty)
    return {name: (codes[kept], texts) for name, (codes, texts) in block.items()}


def _from_table(path: Path) -> Iterator[dict[str, Column]]:
    table = read_table(path)
    texts = {name: table.column(name) for name in COLUMNS}
    known = {name: {text: at for at, text in enumerate(dict.fromkeys(column))} for name, column in texts.items()}
    yield {
        name: (np.array([known[name][text] for text in column], dtype=np.int32), [identity(t) for t in known[name]])
        for name, column in texts.items()
    }
