"""Krippendorff's alpha: agreement of judges beyond chance, with a bootstrap interval over units.

Source: Krippendorff, Computing Krippendorff's Alpha-Reliability (2011): 1 less observed over expected disagreement,
each unit's ordered pairs weighted by 1 / (m - 1).

Units with the same ratings are one *pattern*: resampling units is then a multinomial draw over patterns, of which a
country of places judged on five levels has a few hundred.
"""

from dataclasses import dataclass
from itertools import combinations

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_matrix

from redstick.survey.index.errors import IndexFault
from redstick.survey.index.model import Level
from redstick.survey.index.stages import Floats

_MOST_RATIO_VALUES = 4_000  # distinct ratings that are compared in pairs: 128 MB
_BATCH_CELLS = 4_000_000  # draws x (patterns + values) computed at once


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


@dataclass(frozen=True)
class _Patterns:
    """Distinct sets of two or more ratings: `times` each occurs, its `sizes`, its `codes` into `values`.

    `codes` is (most ratings, patterns), len(values) where a unit has fewer; `counts` is (patterns, values).
    """

    values: Floats
    times: NDArray[np.int64]
    sizes: NDArray[np.int64]
    codes: NDArray[np.int64]
    counts: csr_matrix


def alpha(matrix: Floats, level: Level) -> float | None:
    """Krippendorff's alpha of (raters, units), NaN = not rated; None when undefined."""
    found = _patterns(matrix)
    return _number(_alphas(found, level, found.times[None, :])[0]) if len(found.times) else None


def agreement(
    matrix: Floats, level: Level, rng: np.random.Generator, draws: int = 1000, share: float = 0.95
) -> Agreement:
    """Alpha and its percentile interval holding `share` of `draws` resamples of units; undefined ones are left out.

    Raises IndexFault for a ratio scale with more than 4,000 distinct ratings.
    """
    found = _patterns(matrix)
    if not len(found.times):
        return Agreement(None, None, None, 0, 0)
    n_units, n_ratings = int(found.times.sum()), int(found.times @ found.sizes)
    whole = _number(_alphas(found, level, found.times[None, :])[0])
    if whole is None or n_units < 2:
        return Agreement(whole, None, None, n_units, n_ratings)
    resampled: list[Floats] = []
    step = max(1, _BATCH_CELLS // (len(found.times) + len(found.values)))
    for start in range(0, draws, step):
        times = rng.multinomial(n_units, found.times / n_units, size=min(step, draws - start))
        resampled.append(_alphas(found, level, times))
    defined = np.concatenate(resampled)
    defined = defined[~np.isnan(defined)]
    if not len(defined):
        return Agreement(whole, None, None, n_units, n_ratings)
    low, high = (float(end) for end in np.quantile(defined, [(1 - share) / 2, (1 + share) / 2]))
    return Agreement(whole, low, high, n_units, n_ratings)


def _number(value: float) -> float | None:
    return None if np.isnan(value) else float(value)


def _patterns(matrix: Floats) -> _Patterns:
    present = ~np.isnan(matrix)
    paired = present.sum(axis=0) >= 2
    matrix, present = matrix[:, paired], present[:, paired]
    values = np.unique(matrix[present])
    codes = np.where(present, np.searchsorted(values, matrix), len(values)).astype(np.int64)
    most = int(present.sum(axis=0).max(initial=0))
    patterns, times = np.unique(np.sort(codes, axis=0)[:most], axis=1, return_counts=True)
    given = patterns < len(values)
    rater, pattern = np.nonzero(given)
    ones = np.ones(len(pattern))
    counts = csr_matrix((ones, (pattern, patterns[rater, pattern])), shape=(patterns.shape[1], len(values)))
    return _Patterns(values, times.astype(np.int64), given.sum(axis=0), patterns, counts)


def _alphas(found: _Patterns, level: Level, times: NDArray[np.int64]) -> Floats:
    """Alpha of each draw; `times` is (draws, patterns), how often each pattern occurs; NaN when undefined."""
    marginal = np.asarray((found.counts.T @ times.T).T, dtype=np.float64)
    if level == "ordinal":
        # A value stands at the middle of its own ratings in the order of all.
        places = np.cumsum(marginal, axis=1) - marginal / 2
        observed = (times * _spread_within(found, places)).sum(axis=1)
    else:
        places = np.broadcast_to(found.values - found.values.mean(), marginal.shape)
        observed = times @ _disagreement_within(found, level)
    expected = _expected(found.values, marginal, places, level)
    defined = (marginal > 0).sum(axis=1) > 1
    lacking = (marginal.sum(axis=1) - 1) * observed
    share = np.divide(lacking, expected, out=np.full(len(times), np.nan), where=defined & (expected > 0))
    alphas: Floats = 1.0 - share
    return alphas


def _spread_within(found: _Patterns, places: Floats) -> Floats:
    """(draws, patterns): squared distances over each pattern's ordered pairs, over its ratings less one."""
    total = (found.counts @ places.T).T
    squares = (found.counts @ (places * places).T).T
    spread: Floats = 2 * (found.sizes * squares - total * total) / (found.sizes - 1)
    return spread


def _disagreement_within(found: _Patterns, level: Level) -> Floats:
    """(patterns,): the same by any other level, which no draw changes."""
    values = np.append(found.values, np.nan)
    total = np.zeros(len(found.times))
    for one, other in combinations(found.codes, 2):
        total += np.nan_to_num(squared_distance(values[one], values[other], level))
    within: Floats = 2 * total / (found.sizes - 1)
    return within


def _expected(values: Floats, marginal: Floats, places: Floats, level: Level) -> Floats:
    """(draws,): squared distances over all ordered pairs of ratings."""
    n = marginal.sum(axis=1)
    if level == "nominal":
        nominal: Floats = n * n - (marginal * marginal).sum(axis=1)
        return nominal
    if level == "ratio":
        if len(values) > _MOST_RATIO_VALUES:
            raise IndexFault("", None, f"expected at most {_MOST_RATIO_VALUES:,} distinct ratings on a ratio scale")
        ratio: Floats = ((marginal @ squared_distance(values[:, None], values[None, :], level)) * marginal).sum(axis=1)
        return ratio
    weighted = marginal * places
    spread: Floats = 2 * (n * (weighted * places).sum(axis=1) - weighted.sum(axis=1) ** 2)
    return spread


def squared_distance(left: Floats, right: Floats, level: Level) -> Floats:
    """d2(c, k) of values side by side on a nominal, interval or ratio scale; NaN where one is missing."""
    if level == "nominal":
        return np.where(np.isnan(left + right), np.nan, left != right).astype(np.float64)
    if level == "ratio":
        total = left + right
        share: Floats = np.divide(left - right, total, out=np.zeros_like(total), where=total != 0)
        return share**2
    squared: Floats = (left - right) ** 2
    return squared
