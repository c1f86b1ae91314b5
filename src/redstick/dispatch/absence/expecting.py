"""What is expected of a source: a rate for each hour of the week, how much it varies, and the silence that it bears.

Calls are counted by hour. Hours of the same name in other weeks are few, so each rate is drawn towards that of the same
hour of other days. Counts vary more than chance alone would have it (weather, events): they are taken as Poisson with a
rate that itself varies as a gamma (negative binomial). Nothing comes over `m` expected calls with probability
(1 + m/k)^-k, where `k` is the fitted shape; as k grows that becomes e^-m. How improbable a silence must be follows
from how many false alarms are borne: each call begins a silence, so over a span with `n` calls a threshold `p` gives
about n x p false alarms.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from redstick.dispatch.absence.deadline import HOUR_MS, HOURS, WEEK_MS, deadline_ms, hour_of_week
from redstick.kernel.values import Instant

F64 = NDArray[np.float64]
DRAWN_TO_DAY_HOURS = 4.0  # a rate counts as much as so many hours of its own; before that other days speak for it
LEAST_AN_HOUR = 0.02  # no hour expects less: even the quietest source is heard in two days
STEADIEST = 1e6  # a shape above this is plain Poisson
FALSE_ALARMS_A_YEAR = 1.0  # of one source
WEEKS_A_YEAR = 52.18
LONGEST_WEEKS = 8.0  # no silence is borne for longer: of a source as rare or as wild as that the budget is not kept


@dataclass(frozen=True)
class Expectation:
    """Calls an hour in each hour of the week (168,), and the shape `k` of how rates vary."""

    an_hour: F64
    shape: float

    @property
    def a_week(self) -> float:
        """Calls in a usual week."""
        return float(self.an_hour.sum())

    def bears(self, false_alarms_a_year: float = FALSE_ALARMS_A_YEAR) -> float:
        """Expected calls over which nothing may come before the silence is improbable at this budget."""
        p = min(0.5, false_alarms_a_year / (self.a_week * WEEKS_A_YEAR))
        steady = -math.log(p)
        grown = steady if self.shape >= STEADIEST else self.shape * math.expm1(min(500.0, steady / self.shape))
        return min(grown, LONGEST_WEEKS * self.a_week)

    def whole(self, false_alarms_a_year: float = FALSE_ALARMS_A_YEAR) -> tuple[list[int], int]:
        """Rates and what is borne, in thousandths: what `WatchSource` takes."""
        milli = [max(1, round(float(rate) * 1000)) for rate in self.an_hour]
        return milli, max(1, round(self.bears(false_alarms_a_year) * 1000))

    def deadline(self, heard_at: Instant, false_alarms_a_year: float = FALSE_ALARMS_A_YEAR) -> Instant:
        """When a silence that began at `heard_at` becomes improbable."""
        milli, bears = self.whole(false_alarms_a_year)
        return deadline_ms(milli, bears, heard_at)


def expect(heard: Sequence[Instant], spans: Sequence[tuple[Instant, Instant]]) -> Expectation:
    """The expectation from when calls came (any order) within `spans` of whole hours (begun, ended), in ms."""
    counts, hours = _counted(heard, spans)
    hour_of_day = np.arange(HOURS) % 24
    of_day, seen_of_day = (np.bincount(hour_of_day, column.sum(axis=0), 24) for column in (counts, hours))
    overall = counts.sum() / max(1.0, hours.sum())
    daily = (of_day + overall) / (seen_of_day + 1.0)
    seen = hours.sum(axis=0)
    drawn = counts.sum(axis=0) + DRAWN_TO_DAY_HOURS * daily[hour_of_day]
    an_hour = np.maximum(LEAST_AN_HOUR, drawn / (seen + DRAWN_TO_DAY_HOURS))
    return Expectation(an_hour, _shape(counts, hours, an_hour))


def false_alarms(heard: Sequence[Instant], expectation: Expectation, false_alarms_a_year: float) -> int:
    """Silences between calls that would have raised an alarm."""
    milli, bears = expectation.whole(false_alarms_a_year)
    times = sorted(heard)
    return sum(deadline_ms(milli, bears, before) < after for before, after in pairwise(times))


def _counted(heard: Sequence[Instant], spans: Sequence[tuple[Instant, Instant]]) -> tuple[F64, F64]:
    """Calls, and whether it was looked at, by week and hour of the week: (weeks, 168) each."""
    first = min((begun for begun, _ in spans), default=0) // WEEK_MS
    weeks = max((ended for _, ended in spans), default=0) // WEEK_MS - first + 2
    counts, hours = np.zeros((weeks, HOURS)), np.zeros((weeks, HOURS))
    for begun, ended in spans:
        for at in range(begun, ended, HOUR_MS):
            hours[_week(at, first), hour_of_week(at)] = 1
    for at in heard:
        if any(begun <= at < ended for begun, ended in spans):
            counts[_week(at, first), hour_of_week(at)] += 1
    return counts, hours


def _week(at: Instant, first: int) -> int:
    return (at - hour_of_week(at) * HOUR_MS) // WEEK_MS - first + 1


def _shape(counts: F64, hours: F64, an_hour: F64) -> float:
    """By moments over the hours looked at: variance = m + m^2/k, so k is the sum of m^2 over that of the excess."""
    looked = hours > 0
    mean = np.broadcast_to(an_hour, counts.shape)[looked]
    excess = float(((counts[looked] - mean) ** 2 - mean).sum())
    return STEADIEST if excess <= 0 else min(STEADIEST, float((mean**2).sum()) / excess)
