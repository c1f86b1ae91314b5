"""Judges' ratings as long arrays ordered by cell, so that a million cells are combined in one pass."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from redstick.survey.index.stages import Floats


@dataclass(frozen=True)
class Ratings:
    """Ratings ordered by (place, question, judge). A rating that was not given has no entry.

    `columns` are the indicator columns that are judged; `cells` the place times the number of judged columns plus the
    question's position among them; `judge` indexes `judges`.
    """

    n_places: int
    columns: NDArray[np.int64]
    judges: tuple[str, ...]
    cells: NDArray[np.int32]
    judge: NDArray[np.int16]
    value: NDArray[np.float32]

    def combined(self, how: str = "mean", judge_counts: NDArray[np.int64] | None = None) -> Floats:
        """Mean or median rating of each cell, (places, judged columns), NaN where nobody rated.

        `judge_counts` is how often each judge sits in the panel: 0 leaves one out, 2 counts one twice.
        """
        n_cells = self.n_places * len(self.columns)
        if not len(self.cells):
            return np.full((self.n_places, len(self.columns)), np.nan)
        if how == "median":
            return self._medians(n_cells, judge_counts)
        starts = np.flatnonzero(np.r_[True, self.cells[1:] != self.cells[:-1]])
        if judge_counts is None:
            total = np.add.reduceat(self.value, starts, dtype=np.float64)
            weight = np.diff(np.r_[starts, len(self.cells)]).astype(np.float64)
        else:
            each = judge_counts.astype(np.float32)[self.judge]
            weight = np.add.reduceat(each, starts, dtype=np.float64)
            each *= self.value
            total = np.add.reduceat(each, starts, dtype=np.float64)
        out = np.full(n_cells, np.nan)
        out[self.cells[starts]] = np.divide(total, weight, out=np.full(len(starts), np.nan), where=weight > 0)
        return out.reshape(self.n_places, len(self.columns))

    def _medians(self, n_cells: int, judge_counts: NDArray[np.int64] | None) -> Floats:
        repeats = np.ones(len(self.judges), dtype=np.int64) if judge_counts is None else judge_counts
        times = repeats[self.judge]
        cells, values = np.repeat(self.cells, times), np.repeat(self.value, times).astype(np.float64)
        order = np.lexsort((values, cells))
        cells, values = cells[order], values[order]
        out = np.full(n_cells, np.nan)
        if len(cells):
            starts = np.flatnonzero(np.r_[True, cells[1:] != cells[:-1]])
            count = np.diff(np.r_[starts, len(cells)])
            low, high = starts + (count - 1) // 2, starts + count // 2
            out[cells[starts]] = (values[low] + values[high]) / 2
        return out.reshape(self.n_places, len(self.columns))

    def matrix(self, question: int) -> Floats:
        """Ratings of one judged question as (judges, places), NaN where not given: a reliability matrix."""
        chosen = self.cells % len(self.columns) == question
        out = np.full((len(self.judges), self.n_places), np.nan)
        out[self.judge[chosen], self.cells[chosen] // len(self.columns)] = self.value[chosen]
        return out
