"""Krippendorff's alpha: agreement of judges beyond chance, with a bootstrap interval over units.

Source: Krippendorff, Computing Krippendorff's Alpha-Reliability (2011); the coincidence form with each unit's pairs
weighted by 1 / (m - 1).
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from redstick.survey.index.model import Level
from redstick.survey.index.stages import Floats

_MOST_VALUES = 2_000  # distinct ratings whose coincidences are counted


@dataclass(frozen=True)
class Agreement:
    """Alpha with its bootstrap interval; None where all ratings are one value, so that chance has no meaning.

    `units` counts places with at least two ratings; the interval is None with fewer than two such units.
    """

    alpha: float | None
    low: float | None
    high: float | None
    units: int
    ratings: int


def alpha(matrix: Floats, level: Level) -> float | None:
    """Krippendorff's alpha of (raters, units), NaN = not rated; None when undefined."""
    counts, values = _counts(matrix)
    return _alpha(_coincidences(counts).sum(axis=0), values, level) if len(counts) else None


def agreement(
    matrix: Floats, level: Level, rng: np.random.Generator, draws: int = 1000, share: float = 0.95
) -> Agreement:
    """Alpha and its percentile interval holding `share` of `draws` resamples of units; undefined ones are left out."""
    counts, values = _counts(matrix)
    if not len(counts):
        return Agreement(None, None, None, 0, 0)
    each = _coincidences(counts)
    found = _alpha(each.sum(axis=0), values, level)
    n_units, n_ratings = len(counts), int(counts.sum())
    if found is None or n_units < 2:
        return Agreement(found, None, None, n_units, n_ratings)
    flat = each.reshape(n_units, -1)
    resampled = []
    for _ in range(draws):
        times = rng.multinomial(n_units, np.full(n_units, 1 / n_units))
        once = _alpha((times @ flat).reshape(len(values), len(values)), values, level)
        if once is not None:
            resampled.append(once)
    low, high = np.quantile(resampled, [(1 - share) / 2, (1 + share) / 2]) if resampled else (None, None)
    return Agreement(
        found, None if low is None else float(low), None if high is None else float(high), n_units, n_ratings
    )


def _counts(matrix: Floats) -> tuple[NDArray[np.int64], Floats]:
    """(units with two ratings or more, distinct values): how often each value was given to each unit."""
    paired = matrix[:, (~np.isnan(matrix)).sum(axis=0) >= 2]
    values = np.unique(paired[~np.isnan(paired)])
    if len(values) > _MOST_VALUES:
        raise ValueError(f"expected at most {_MOST_VALUES:,} distinct ratings, found {len(values):,}")
    counts = np.zeros((paired.shape[1], len(values)), dtype=np.int64)
    for rater in paired:
        given = np.flatnonzero(~np.isnan(rater))
        counts[given, np.searchsorted(values, rater[given])] += 1
    return counts, values


def _coincidences(counts: NDArray[np.int64]) -> Floats:
    """(units, values, values): each unit's ordered pairs of different raters, over its ratings less one."""
    pairs = counts[:, :, None] * counts[:, None, :]
    diagonal = np.arange(counts.shape[1])
    pairs[:, diagonal, diagonal] -= counts
    weighted: Floats = pairs / (counts.sum(axis=1) - 1)[:, None, None]
    return weighted


def _alpha(coincidences: Floats, values: Floats, level: Level) -> float | None:
    marginal = coincidences.sum(axis=1)
    distance = squared_distance(values, marginal, level)
    expected = float((np.outer(marginal, marginal) * distance).sum())
    if expected == 0:
        return None
    return 1.0 - (float(marginal.sum()) - 1) * float((coincidences * distance).sum()) / expected


def squared_distance(values: Floats, marginal: Floats, level: Level) -> Floats:
    """d2(c, k) between any two values, by the level of measurement; `marginal` is how often each value occurs."""
    left, right = values[:, None], values[None, :]
    if level == "nominal":
        return np.asarray(left != right, dtype=np.float64)
    if level == "interval":
        squared: Floats = (left - right) ** 2
        return squared
    if level == "ratio":
        total = left + right
        share = np.divide(left - right, total, out=np.zeros_like(total), where=total != 0)
        return share**2
    upto = np.cumsum(marginal) - marginal / 2  # the middle of each value's own ratings
    ordinal: Floats = (upto[:, None] - upto[None, :]) ** 2
    return ordinal
