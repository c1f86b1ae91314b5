"""Collecting the pieces of a file into the columns of a history."""

import math
import re
from collections import Counter
from collections.abc import Mapping, Sequence
from itertools import repeat

import numpy as np
from numpy.typing import NDArray

from redstick.dispatch.history.clocks import Clock
from redstick.dispatch.history.column_map import ColumnMap, StampSource
from redstick.dispatch.history.date_forms import Cells, Form
from redstick.dispatch.history.model import (
    I32,
    I64,
    MISSING_CODE,
    MISSING_E7,
    MISSING_MS,
    TEXT_MAX_CHARS,
    Codes,
    Listed,
)
from redstick.dispatch.history.repeats import Columns
from redstick.dispatch.history.tables import Piece, refused

LISTED_MAX = 10_000  # cells listed one by one for each column and reason; beyond it they are counted
E7 = 10_000_000
SNAPSHOT = "snapshot"  # the stamp of the photograph that a row was on
JOIN = "|"  # between the parts of an identity that the source keeps in several columns

_NUMBERS = re.compile(r"[-+]?\d{1,3}(?:\.\d+)?")


class Numbering(dict[str, int]):
    """Gives each distinct text its code; texts that mean nothing get `MISSING_CODE`."""

    def __init__(self, missing: Sequence[str], words: Mapping[str, str]) -> None:
        super().__init__()
        self.values_: list[str] = []
        self._codes: dict[str, int] = {}
        self._missing = {"", *missing}
        self._words = words

    def __missing__(self, raw: str) -> int:
        text = raw.strip()
        code = MISSING_CODE
        if text not in self._missing:
            text = self._words.get(text, text)
            code = self._codes.setdefault(text, len(self._codes))
            if code == len(self.values_):
                self.values_.append(text)
        self[raw] = code
        return code

    def read(self, cells: Sequence[str]) -> I32:
        """The codes of a column of texts."""
        return np.fromiter(map(self.__getitem__, cells), dtype=np.int32, count=len(cells))


class Doubts:
    """Cells that were doubted: the first `LISTED_MAX` of each kind one by one, all of them counted."""

    def __init__(self) -> None:
        self.listed: list[Listed] = []
        self.counted: Counter[tuple[str, str]] = Counter()

    def add(self, row: int, column: str, reason: str, text: str) -> None:
        """Doubt one cell."""
        self.counted[column, reason] += 1
        if self.counted[column, reason] <= LISTED_MAX:
            self.listed.append(Listed(row, column, reason, text[:TEXT_MAX_CHARS]))


class Gathering:
    """The columns as they grow, piece by piece; `refused` rows are in none of them."""

    def __init__(self, column_map: ColumnMap, forms: Mapping[str, Sequence[Form]]) -> None:
        self.map = column_map
        self.doubts = Doubts()
        self.refused: list[Listed] = []
        self.rows_read = 0
        self._forms = forms
        self._clock = Clock(column_map.time_zone)
        self._numberings = {
            name: Numbering(column_map.missing, column_map.codes.get(name, {})) for name in column_map.categories
        }
        self._codes: dict[str, list[I32]] = {name: [] for name in column_map.categories}
        self._sources = dict(column_map.stamps)
        if column_map.snapshot_time:
            self._sources[SNAPSHOT] = StampSource((column_map.snapshot_time,))
        self._stamps: dict[str, list[I64]] = {name: [] for name in self._sources}
        self._marks: list[tuple[int, str]] = []
        self._longitude: list[I32] = []
        self._latitude: list[I32] = []
        self._row_number: list[I32] = []
        self._rows = 0
        self.repeated: dict[str, dict[int, int]] = {name: {} for name in self._sources}

    def add(self, piece: Piece) -> None:
        """Take one piece of the file."""
        self.rows_read += len(piece.rows) + len(piece.refused)
        self.refused += piece.refused
        self._marks += piece.snapshots
        piece = self._split(piece)
        codes = {name: self._numberings[name].read(self._texts(piece, name)) for name in self.map.categories}
        kept = self._kept(piece, codes)
        if not kept.all():
            piece = _only(piece, kept)
            codes = {name: column[kept] for name, column in codes.items()}
        for name, column in codes.items():
            self._codes[name].append(column)
        for name in self._sources:
            self._stamps[name].append(self._read_stamp(piece, name))
        self._read_places(piece)
        self._row_number.append(np.array(piece.rows, dtype=np.int32))
        self._rows += len(piece.rows)

    def columns(self) -> Columns:
        """Everything that the accepted rows say; among the stamps `SNAPSHOT`, where rows have one."""
        nothing = np.zeros(0, dtype=np.int32)
        categories = {
            name: Codes(np.concatenate([nothing, *parts]), self._numberings[name].values_)
            for name, parts in self._codes.items()
        }
        stamps = {name: np.concatenate([nothing.astype(np.int64), *parts]) for name, parts in self._stamps.items()}
        longitude = np.concatenate([nothing, *self._longitude])
        latitude = np.concatenate([nothing, *self._latitude])
        return Columns(categories, stamps, longitude, latitude, np.concatenate([nothing, *self._row_number]))

    def photographs_ms(self) -> I64:
        """The moments of all snapshots, rising, of those too that showed nothing; those out of order are listed."""
        rows, texts = [row for row, _ in self._marks], [text for _, text in self._marks]
        marked = self._utc(rows, texts, SNAPSHOT)
        for i in np.flatnonzero(marked < np.maximum.accumulate(marked)):
            self.doubts.add(rows[i], self.map.snapshot_time, "backwards", texts[i])
        moments = np.concatenate([marked, *self._stamps[SNAPSHOT]])
        return np.unique(moments[moments != MISSING_MS])

    def _texts(self, piece: Piece, name: str) -> Sequence[str]:
        """One category's texts; several columns make one identity, which is missing where the first is."""
        first, *further = self.map.categories[name]
        if not further:
            return piece.cells[first]
        parts = [[cell.strip() for cell in piece.cells[column]] for column in (first, *further)]
        return [JOIN.join(cells) if cells[0] else "" for cells in zip(*parts, strict=True)]

    def _split(self, piece: Piece) -> Piece:
        """A row that names several units in one cell becomes a row for each."""
        for name, separator in self.map.split.items():
            column = self.map.categories[name][0]
            lists = [[part.strip() for part in cell.split(separator)] for cell in piece.cells[column]]
            lists = [[part for part in dict.fromkeys(parts) if part] or [""] for parts in lists]
            times = [len(parts) for parts in lists]
            cells = {
                other: [cell for cell, n in zip(texts, times, strict=True) for cell in repeat(cell, n)]
                for other, texts in piece.cells.items()
            }
            cells[column] = [part for parts in lists for part in parts]
            rows = [row for row, n in zip(piece.rows, times, strict=True) for row in repeat(row, n)]
            piece = Piece(cells, rows, piece.refused, piece.snapshots)
        return piece

    def _kept(self, piece: Piece, codes: Mapping[str, I32]) -> NDArray[np.bool_]:
        """Which rows belong to something; the others are refused and listed."""
        n = len(piece.rows)
        called = np.zeros(n, dtype=np.bool_)
        for name in ("call", "incident"):
            if name in codes:
                called |= codes[name] != MISSING_CODE
        with_unit = codes["unit"] != MISSING_CODE if self.map.one_row_per == "unit" else np.ones(n, dtype=np.bool_)
        for i in np.flatnonzero(~(called & with_unit)).tolist():
            reason = "no_unit" if called[i] else "no_call"
            self.refused.append(refused(piece.rows[i], reason, ",".join(cells[i] for cells in piece.cells.values())))
        return called & with_unit

    def _read_stamp(self, piece: Piece, name: str) -> I64:
        columns = self._sources[name].columns
        cells = piece.cells[columns[0]]
        if len(columns) > 1:
            parts = zip(*(piece.cells[column] for column in columns), strict=True)
            cells = [" ".join(part) if part[0].strip() else "" for part in parts]
        return self._utc(piece.rows, cells, name, first_row=self._rows)

    def _utc(self, rows: Sequence[int], cells: Sequence[str], name: str, first_row: int | None = None) -> I64:
        """UTC stamps of some cells; what is doubted is listed, the repeated hour kept for later under its row."""
        if self.map.missing:
            cells = ["" if cell.strip() in self.map.missing else cell for cell in cells]
        read = Cells(cells).read(self._forms[name])
        converted = self._clock.to_utc(read.wall_ms)
        label = " + ".join(self._sources[name].columns)
        for reason, doubted in (("not_a_time", read.bad), ("dst_skipped", converted.skipped & ~read.exact)):
            for i in np.flatnonzero(doubted).tolist():
                self.doubts.add(rows[i], label, reason, cells[i])
        if first_row is not None:
            for i in np.flatnonzero(converted.repeated & ~read.exact).tolist():
                self.repeated[name][first_row + i] = int(converted.later_ms[i])
        return np.where(read.exact, read.wall_ms, converted.utc_ms)

    def _read_places(self, piece: Piece) -> None:
        place, n = self.map.place, len(piece.rows)
        if not place.columns:
            self._longitude.append(np.full(n, MISSING_E7, dtype=np.int32))
            self._latitude.append(np.full(n, MISSING_E7, dtype=np.int32))
            return
        missing = {"", *self.map.missing}
        if place.point:
            texts: Sequence[str] = piece.cells[place.point]
        else:
            pairs = zip(piece.cells[place.latitude], piece.cells[place.longitude], strict=True)
            texts = ["" if a.strip() in missing or b.strip() in missing else f"{a},{b}" for a, b in pairs]
        flipped = place.order == "longitude_latitude" and bool(place.point)
        distinct = {text: i for i, text in enumerate(dict.fromkeys(texts))}
        points = [_point(text, flipped=flipped, missing=missing) for text in distinct]
        at = np.fromiter(map(distinct.__getitem__, texts), dtype=np.int64, count=n)
        found = np.array([point[:2] for point in points], dtype=np.int32).reshape(-1, 2)[at]
        doubted = np.array([point[2] for point in points], dtype=np.bool_)[at]
        for i in np.flatnonzero(doubted).tolist():
            self.doubts.add(piece.rows[i], " + ".join(place.columns), "not_a_place", texts[i])
        self._longitude.append(found[:, 0])
        self._latitude.append(found[:, 1])


def _point(text: str, *, flipped: bool, missing: set[str]) -> tuple[int, int, bool]:
    """(longitude, latitude, doubted) of a text with two numbers, latitude first unless `flipped` or it is WKT."""
    if text.strip() in missing:
        return MISSING_E7, MISSING_E7, False
    numbers = _NUMBERS.findall(text)
    if len(numbers) == 2:
        first, second = map(float, numbers)
        latitude, longitude = (second, first) if flipped or "POINT" in text.upper() else (first, second)
        if abs(latitude) <= 90 and abs(longitude) <= 180 and (latitude or longitude):
            return math.floor(longitude * E7 + 0.5), math.floor(latitude * E7 + 0.5), False
    return MISSING_E7, MISSING_E7, True


def _only(piece: Piece, kept: NDArray[np.bool_]) -> Piece:
    at = np.flatnonzero(kept).tolist()
    cells = {name: [texts[i] for i in at] for name, texts in piece.cells.items()}
    return Piece(cells, [piece.rows[i] for i in at], piece.refused, piece.snapshots)
