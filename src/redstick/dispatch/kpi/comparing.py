"""Whether one run was faster than another, or only had luckier days.

The calls of one day share its weather, its traffic and its big fire, so they are no independent draws. The bootstrap
therefore draws whole days, the same days for both runs, and looks how far the difference of a percentile moves (Efron
and Tibshirani 1993, chapters 8 and 13: resampling units that are independent, percentile interval). A span of few days
has no days to draw: of the same calls lived twice whole incidents may be drawn, which tells the luck of the calls, and
not that of the day.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from redstick.dispatch.history.clocks import Clock
from redstick.dispatch.history.model import I64, History
from redstick.dispatch.kpi.intervals import spans
from redstick.dispatch.kpi.measuring import nearest_rank
from redstick.dispatch.kpi.model import Difference, Interval

DAY_MS = 86_400_000


@dataclass(frozen=True)
class Sample:
    """The values of one interval in one run, each with the block with which it is drawn; arrays of one length."""

    interval: Interval
    values_ms: I64
    block: I64  # the day on which it began (days since 1970 by the city's clock), or the number of its incident


def sample(history: History, of: Interval, where: NDArray[np.bool_] | None = None, blocks: I64 | None = None) -> Sample:
    """One interval of a history, for comparison; `where` (n,) leaves rows out first.

    It is drawn by days, or by the `blocks` (n,) to which the rows belong.
    """
    taken = spans(history if where is None else history.where(where), of)
    used = taken.used
    values_ms = (taken.end_ms - taken.start_ms)[used]
    if blocks is not None:
        return Sample(of, values_ms, (blocks if where is None else blocks[where])[taken.row[used]])
    return Sample(of, values_ms, Clock(history.time_zone).to_wall(taken.start_ms[used]) // DAY_MS)


def difference(
    a: Sample, b: Sample, *, seed: int, percent: int = 90, confidence: int = 95, n_resamples: int = 2000
) -> Difference:
    """The percentile of `b` minus that of `a`, with its interval over blocks; the same seed gives the same answer.

    Raises ValueError where the samples are of two intervals, or one of them is empty.
    """
    if a.interval != b.interval:
        raise ValueError(f"one interval in both runs, not {a.interval.name} and {b.interval.name}")
    if not len(a.values_ms) or not len(b.values_ms):
        raise ValueError(f"values of {a.interval.name} in both runs")
    blocks = np.union1d(a.block, b.block)
    run_a, run_b = _Blocks(a, blocks), _Blocks(b, blocks)
    generator = np.random.default_rng(seed)
    drawn_ms = []
    for _ in range(n_resamples):
        times = np.bincount(generator.integers(0, len(blocks), len(blocks)), minlength=len(blocks))
        drawn_a, drawn_b = run_a.percentile_ms(times, percent), run_b.percentile_ms(times, percent)
        if drawn_a is not None and drawn_b is not None:  # a draw in which one run has no value tells nothing
            drawn_ms.append(drawn_b - drawn_a)
    if not drawn_ms:
        raise ValueError(f"days or incidents with values of {a.interval.name} in both runs")
    told = np.sort(np.array(drawn_ms, dtype=np.int64))
    tail = (100 - confidence) / 2
    a_ms, b_ms = (nearest_rank(np.sort(run.values_ms), percent) for run in (a, b))
    return Difference(
        interval=a.interval,
        percent=percent,
        a_s=a_ms / 1000,
        b_s=b_ms / 1000,
        difference_s=(b_ms - a_ms) / 1000,
        low_s=_quantile(told, tail) / 1000,
        high_s=_quantile(told, 100 - tail) / 1000,
        confidence=confidence,
        n_blocks=len(blocks),
        n_resamples=len(told),
    )


class _Blocks:
    """One run's values, sorted once, so that a percentile under any weighting of the blocks is one running sum."""

    def __init__(self, of: Sample, blocks: I64) -> None:
        order = np.argsort(of.values_ms, kind="stable")
        self._values_ms = of.values_ms[order]
        self._block = np.searchsorted(blocks, of.block)[order]

    def percentile_ms(self, times: NDArray[np.int64], percent: int) -> int | None:
        """Nearest rank when block `i` counts `times[i]` times; None where no value is left."""
        total = np.cumsum(times[self._block])
        if not total[-1]:
            return None
        rank = max(1, -(-percent * int(total[-1]) // 100))
        return int(self._values_ms[np.searchsorted(total, rank)])


def _quantile(sorted_values: I64, percent: float) -> int:
    rank = int(np.ceil(percent * len(sorted_values) / 100))
    return int(sorted_values[max(1, rank) - 1])
