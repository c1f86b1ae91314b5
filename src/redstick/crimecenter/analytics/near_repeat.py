"""Near repeat: whether an offence raises the risk nearby for a while (the Knox test).

Definition: bins are half open, [a, b), in space and in time; the bands are *same place* [0, 0.001 m), then between the
given edges, then *farther*; every unordered pair counts once. Expected counts are the mean over permutations of the
dates among the events, places fixed. p = (1 + permutations with at least the observed count) / (1 + permutations).

Only pairs nearer than the last edge are ever enumerated. The row *farther* is the permutation-invariant total of its
time band minus the near rows; that total follows from the daily counts alone.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.spatial import cKDTree

F64 = NDArray[np.float64]
I64 = NDArray[np.int64]
I32 = NDArray[np.int32]

SAME_PLACE_M = 0.001
METRICS = {"manhattan": 1.0, "euclidean": 2.0}  # the Minkowski p of each
MAX_PAIRS = 30_000_000  # near pairs held at once: 0.5 GB as the tree gives them, 0.3 GB after
PAIRS_AT_ONCE = 4_000_000


class TooManyPairsError(ValueError):
    """More near pairs than memory is meant for: narrow the bands."""


@dataclass(frozen=True)
class Knox:
    """A table of `rows` space bands by `columns` time bands; every array is (rows, columns).

    `low` and `high` hold the middle 95 % of the permuted counts: an observed count outside is more than chance.
    """

    space_labels: list[str]
    time_labels: list[str]
    observed: I64
    expected: F64
    low: F64
    high: F64
    p: F64
    permutations: int
    metric: str
    events: int
    near_pairs: int

    @property
    def ratio(self) -> F64:
        """Observed over expected; NaN where nothing is expected."""
        with np.errstate(divide="ignore", invalid="ignore"):
            ratio: F64 = np.where(self.expected > 0, self.observed / self.expected, np.nan)
        return ratio


def knox(
    x_m: F64,
    y_m: F64,
    day: I64,
    *,
    space_edges_m: Sequence[float] = (100, 200, 300),
    time_edges_days: Sequence[int] = (7, 14, 21),
    metric: str = "manhattan",
    permutations: int = 999,
    seed: int = 7,
    progress: Callable[[int], None] | None = None,
) -> Knox:
    """The Knox table of `n` events; the same seed gives the same table.

    Raises ValueError for edges that do not rise or an unknown metric, TooManyPairsError for too many near pairs.
    """
    _refuse_bad_edges(space_edges_m, time_edges_days, metric)
    space_edges = np.array([SAME_PLACE_M, *space_edges_m], np.float64)
    first, second, band = _near_pairs(x_m, y_m, space_edges, METRICS[metric])
    lag_band = _lag_bands(int(day.max() - day.min()) if len(day) else 0, time_edges_days)
    rows, columns = len(space_edges) + 1, len(time_edges_days) + 1
    totals = _totals_by_time_band(day, lag_band, columns)
    counter = _Counter(first, second, band, lag_band, rows, columns, totals)
    observed = counter.count(day)
    generator = np.random.Generator(np.random.PCG64(seed))
    counts = np.empty((permutations, rows, columns), np.int64)
    for run in range(permutations):
        counts[run] = counter.count(generator.permutation(day))
        if progress is not None:
            progress(run + 1)
    at_least = (counts >= observed).sum(axis=0)
    band_of = counts if permutations else observed[None]
    low, high = (np.asarray(np.quantile(band_of, level, axis=0), np.float64) for level in (0.025, 0.975))
    return Knox(
        space_labels=_space_labels(space_edges_m),
        time_labels=_time_labels(time_edges_days),
        observed=observed,
        expected=counts.mean(axis=0) if permutations else np.full((rows, columns), np.nan),
        low=low,
        high=high,
        p=(1 + at_least) / (1 + permutations),
        permutations=permutations,
        metric=metric,
        events=len(x_m),
        near_pairs=len(band),
    )


class _Counter:
    """Counts pairs by space and time band for a given assignment of dates."""

    def __init__(self, first: I32, second: I32, band: I32, lag_band: I32, rows: int, columns: int, totals: I64) -> None:
        self._first, self._second, self._base = first, second, band * np.int32(columns)
        self._lag_band, self._rows, self._columns, self._totals = lag_band, rows, columns, totals

    def count(self, day: I64) -> I64:
        """(rows, columns) counts; the last row is what the totals leave."""
        cells = (self._rows - 1) * self._columns
        near = np.zeros(cells, np.int64)
        day = day.astype(np.int32)
        for start in range(0, len(self._base), PAIRS_AT_ONCE):
            part = slice(start, start + PAIRS_AT_ONCE)
            lag = np.abs(day[self._first[part]] - day[self._second[part]])
            near += np.bincount(self._base[part] + self._lag_band[lag], minlength=cells)
        table = near.reshape(self._rows - 1, self._columns)
        return np.vstack([table, self._totals - table.sum(axis=0)])


def _refuse_bad_edges(space: Sequence[float], time: Sequence[int], metric: str) -> None:
    if metric not in METRICS:
        raise ValueError(f"the metric is {' or '.join(METRICS)}, not {metric!r}")
    for name, edges in (("space", space), ("time", time)):
        if not edges or any(b <= a for a, b in zip((0, *edges), edges, strict=False)):
            raise ValueError(f"{name} edges must rise from above zero: {list(edges)}")


def _near_pairs(x_m: F64, y_m: F64, edges: F64, p: float) -> tuple[I32, I32, I32]:
    """Every unordered pair nearer than the last edge: (first, second, space band)."""
    points = np.stack([x_m, y_m], axis=1)
    tree = cKDTree(points)
    # The tree includes the radius itself and rounds as it likes: the exact half-open band is settled below.
    reach = float(edges[-1]) * (1 + 1e-9)
    expected = int(tree.count_neighbors(tree, reach, p=p) - len(points)) // 2 if len(points) else 0
    if expected > MAX_PAIRS:
        raise TooManyPairsError(f"{expected:,} pairs are nearer than {edges[-1]:g} m; narrow the last band")
    pairs = tree.query_pairs(reach, p=p, output_type="ndarray")
    kept: list[I32] = [np.zeros((0, 3), np.int32)]
    for start in range(0, len(pairs), PAIRS_AT_ONCE):
        first, second = pairs[start : start + PAIRS_AT_ONCE].T
        apart = np.abs(points[first] - points[second])
        distance = apart.sum(axis=1) if p == 1.0 else np.hypot(apart[:, 0], apart[:, 1])
        band = np.searchsorted(edges, distance, side="right")
        near = band < len(edges)
        kept.append(np.stack([first[near], second[near], band[near]], axis=1).astype(np.int32))
    del pairs
    first, second, band = np.concatenate(kept).T
    return np.ascontiguousarray(first), np.ascontiguousarray(second), np.ascontiguousarray(band)


def _lag_bands(longest: int, edges: Sequence[int]) -> I32:
    """The time band of each lag from 0 to `longest` days."""
    return np.searchsorted(np.array(edges), np.arange(longest + 1), side="right").astype(np.int32)


def _totals_by_time_band(day: I64, lag_band: I32, columns: int) -> I64:
    """All pairs by time band, from the autocorrelation of the daily counts."""
    if not len(day):
        return np.zeros(columns, np.int64)
    counts = np.bincount(day - day.min()).astype(np.int64)
    length = len(counts)
    totals = np.zeros(columns, np.int64)
    for lag in range(length):
        pairs = counts @ (counts - 1) // 2 if lag == 0 else counts[: length - lag] @ counts[lag:]
        totals[lag_band[lag]] += int(pairs)
    return totals


def _space_labels(edges: Sequence[float]) -> list[str]:
    inner = [f"{a:g} to {b:g} m" for a, b in zip((0, *edges), edges, strict=False)]
    return ["same place", *inner, f"{edges[-1]:g} m and farther"]


def _time_labels(edges: Sequence[int]) -> list[str]:
    inner = [f"{a} to {b - 1} days" for a, b in zip((0, *edges), edges, strict=False)]
    return [*inner, f"{edges[-1]} days and later"]
