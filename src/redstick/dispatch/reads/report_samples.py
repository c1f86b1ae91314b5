"""Percentiles of many groups at once, each with the interval that a sample of its size allows.

The interval on a percentile is by order statistics: the number of values below the true percentile is binomial,
whatever the distribution, so two of the values themselves enclose it with at least the confidence that is asked.
"""

import numpy as np
from numpy.typing import NDArray

from redstick.dispatch.history import MISSING_CODE
from redstick.dispatch.kpi import Spans
from redstick.dispatch.reads.report_model import Curve, Sample

CONFIDENCE = 0.95
CURVE_POINTS = 240
CURVE_SHARE = 0.98  # the slowest fiftieth would press everything else against the left edge

I64 = NDArray[np.int64]


def samples(spans: Spans, codes: NDArray[np.int32], n_groups: int) -> list[Sample]:
    """One sample per group; `codes` (one per span) index the groups, `MISSING_CODE` belongs to none."""
    eligible = spans.eligible & (codes != MISSING_CODE)
    used = spans.used & eligible
    group = codes[used].astype(np.int64)
    values_ms = (spans.end_ms - spans.start_ms)[used]
    ordered = _sorted_within(group, values_ms, n_groups)
    n_used = np.bincount(group, minlength=n_groups).astype(np.int64)
    n_eligible = np.bincount(codes[eligible], minlength=n_groups)
    starts = np.cumsum(n_used) - n_used
    p50, p90, p95 = (_at(ordered, starts, n_used, nearest_ranks(n_used, percent)) for percent in (50, 90, 95))
    low, high = interval_ranks(n_used, 0.9)
    p90_low, p90_high = _at(ordered, starts, n_used, low), _at(ordered, starts, n_used, high)
    return [
        Sample(int(n_eligible[i]), int(n_used[i]), p50[i], p90[i], p95[i], p90_low[i], p90_high[i])
        for i in range(n_groups)
    ]


def _sorted_within(group: I64, values_ms: I64, n_groups: int) -> I64:
    """The values sorted by group and then by size; one sort of one number each, where both fit into 63 bits."""
    if not len(values_ms):
        return values_ms
    least, most = int(values_ms.min()), int(values_ms.max())
    span = most - least + 1
    if n_groups * span >= 2**63:
        return values_ms[np.lexsort((values_ms, group))]
    ordered: I64 = np.sort(group * span + (values_ms - least)) % span + least
    return ordered


def nearest_ranks(n: I64, percent: int) -> I64:
    """The nearest rank, from 1, of a percentile in samples of each size; 0 for an empty sample."""
    ranks: I64 = np.where(n > 0, np.maximum(1, -(-percent * n // 100)), 0)
    return ranks


def interval_ranks(n: I64, quantile: float) -> tuple[I64, I64]:
    """Ranks, from 1, of the two order statistics that enclose a quantile; (0, 0) where the sample is too small.

    The lower one is the largest rank l with P(Bin(n, q) < l) <= (1 - confidence) / 2, the upper the smallest rank u
    with P(Bin(n, q) >= u) <= (1 - confidence) / 2.
    """
    tail = (1 - CONFIDENCE) / 2
    sizes, inverse = np.unique(n, return_inverse=True)
    low = _binomial_quantile(tail, sizes, quantile)
    high = _binomial_quantile(1 - tail, sizes, quantile) + 1
    possible = (low >= 1) & (high <= sizes)
    return np.where(possible, low, 0)[inverse], np.where(possible, high, 0)[inverse]


def _binomial_quantile(probability: float, n: I64, share: float) -> I64:
    """The smallest k with P(Bin(n, share) <= k) >= probability, for each n, by bisection."""
    from scipy.special import bdtr  # noqa: PLC0415 (twenty megabytes that only this needs)

    low, high = np.full(len(n), -1, dtype=np.int64), n.copy()
    while (high - low > 1).any():
        middle = (low + high) // 2
        reached = (middle >= 0) & (bdtr(np.maximum(middle, 0), n, share) >= probability)
        low, high = np.where(reached, low, middle), np.where(reached, middle, high)
    return high


def _at(ordered: I64, starts: I64, n: I64, ranks: I64) -> list[float | None]:
    """The value at each group's rank, in seconds; None for rank 0."""
    if not len(ordered):
        return [None] * len(n)
    places = np.minimum(starts + np.maximum(ranks, 1) - 1, len(ordered) - 1)
    picked = ordered[places] / 1000
    return [float(value) if rank > 0 else None for value, rank in zip(picked, ranks, strict=True)]


def curve(spans: Spans, reach_s: float = 0.0) -> Curve:
    """The cumulative distribution of an interval, at most `CURVE_POINTS` steps, shown at least as far as `reach_s`."""
    ordered = np.sort((spans.end_ms - spans.start_ms)[spans.used])
    n = len(ordered)
    if not n:
        return Curve([], [], 0.0)
    cut = max(int(np.searchsorted(ordered, reach_s * 1000, side="right")), int(np.ceil(n * CURVE_SHARE)))
    ranks = np.unique(np.ceil(np.linspace(1, cut, min(cut, CURVE_POINTS))).astype(np.int64))
    # Equal times end on one step: the share at a time counts all values that are not later.
    shares = np.searchsorted(ordered, ordered[ranks - 1], side="right") / n
    seconds = ordered[ranks - 1] / 1000
    keep = np.append(np.diff(seconds) > 0, True)
    return Curve(seconds[keep].tolist(), shares[keep].tolist(), float(shares[-1]))
