"""Judges' ratings as a sparse table of cells by judges, so that a panel's means are one product."""

from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_matrix

from redstick.survey.index.stages import Floats


@dataclass(frozen=True)
class Ratings:
    """Ratings ordered by cell and judge. A rating that was not given has no entry.

    A cell is a place times the number of judged columns plus the question's position among them; `columns` are the
    indicator columns that are judged. `rated` are the cells with a rating, the ratings of `rated[i]` being
    `value[starts[i]:starts[i + 1]]` from judges `judge[...]`, which index `judges`.
    """

    n_places: int
    columns: NDArray[np.int64]
    judges: tuple[str, ...]
    rated: NDArray[np.int32]
    starts: NDArray[np.int32]
    judge: NDArray[np.int32]
    value: Floats
    _whole: dict[str, Floats] = field(default_factory=dict, compare=False, repr=False)

    @property
    def shape(self) -> tuple[int, int]:
        """Places and judged columns."""
        return self.n_places, len(self.columns)

    def combined(self, how: str = "mean", judge_counts: NDArray[np.int64] | None = None) -> Floats:
        """Mean or median rating of each cell, (places, judged columns), NaN where nobody rated.

        `judge_counts` is how often each judge sits in the panel: 0 leaves one out, 2 counts one twice. The whole
        panel's figures are kept and shared: do not change them.
        """
        if judge_counts is None:
            if how not in self._whole:  # many panels ask for it
                self._whole[how] = self.combined(how, np.ones(len(self.judges), dtype=np.int64))
            return self._whole[how]
        out = np.full(self.n_places * len(self.columns), np.nan)
        if how == "median":
            self._medians(judge_counts, out)
        elif len(self.rated):
            size = (len(self.rated), len(self.judges))
            seats = np.ones(len(self.judge), dtype=np.int16)
            weight = csr_matrix((seats, self.judge, self.starts), shape=size) @ judge_counts.astype(np.int16)
            total = csr_matrix((self.value, self.judge, self.starts), shape=size) @ judge_counts.astype(np.float64)
            out[self.rated] = np.divide(total, weight, out=np.full(len(total), np.nan), where=weight > 0)
        return out.reshape(self.shape)

    def _cells(self) -> NDArray[np.int32]:
        """The cell of every rating."""
        return np.repeat(self.rated, np.diff(self.starts))

    def _medians(self, judge_counts: NDArray[np.int64], out: Floats) -> None:
        times = judge_counts[self.judge]
        cells, values = np.repeat(self._cells(), times), np.repeat(self.value, times)
        order = np.lexsort((values, cells))
        cells, values = cells[order], values[order]
        if len(cells):
            starts = np.flatnonzero(np.r_[True, cells[1:] != cells[:-1]])
            count = np.diff(np.r_[starts, len(cells)])
            low, high = starts + (count - 1) // 2, starts + count // 2
            out[cells[starts]] = (values[low] + values[high]) / 2

    def matrix(self, question: int) -> Floats:
        """Ratings of one judged question as (judges, places), NaN where not given: a reliability matrix."""
        cells = np.arange(self.n_places, dtype=np.int64) * len(self.columns) + question
        at = np.searchsorted(self.rated, cells)
        places = np.flatnonzero(self.rated[np.minimum(at, len(self.rated) - 1)] == cells) if len(self.rated) else at[:0]
        first, count = self.starts[at[places]], np.diff(self.starts)[at[places]]
        place = np.repeat(places, count)
        entry = np.arange(len(place)) + np.repeat(first - (np.cumsum(count) - count), count)
        out = np.full((len(self.judges), self.n_places), np.nan)
        out[self.judge[entry], place] = self.value[entry]
        return out


def make_ratings(
    n_places: int,
    columns: NDArray[np.int64],
    judges: tuple[str, ...],
    cells: NDArray[np.int64] | NDArray[np.int32],
    seats: NDArray[np.int64] | NDArray[np.int32],
    values: Floats,
) -> Ratings:
    """Ratings from one entry each: its cell, its judge's number, its value, in any order."""
    if len(cells) and not bool((np.diff(cells) >= 0).all()):
        order = np.lexsort((seats, cells))
        cells, seats, values = cells[order], seats[order], values[order]
    first = np.ones(len(cells), dtype=np.bool_)
    np.not_equal(cells[1:], cells[:-1], out=first[1:])
    starts = np.flatnonzero(first)
    return Ratings(
        n_places,
        columns.astype(np.int64, copy=False),
        judges,
        cells[starts].astype(np.int32),
        np.append(starts, len(cells)).astype(np.int32),
        seats.astype(np.int32, copy=False),
        values.astype(np.float64, copy=False),
    )
