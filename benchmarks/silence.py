"""How soon a dead trunk is noticed, and how often a quiet night is taken for one.

San Francisco's week of 2016-12-31 (third-party data, beside the checkout): from every hour of it on all calls are
removed, and what is expected comes from the other days. Its false alarms are counted over its own silences, and over
years of made-up ones at the same rates.
"""

from collections.abc import Iterator
from itertools import pairwise

import numpy as np

from benchmarks.figure import Figure, cpu_us
from benchmarks.first_hour import DATA, EXAMPLES, WEEK
from redstick.dispatch.absence.deadline import HOUR_MS, HOURS
from redstick.dispatch.absence.expecting import FALSE_ALARMS_A_YEAR, Expectation, expect, false_alarms
from redstick.dispatch.history import ColumnMap
from redstick.dispatch.history.reading import read

DAY_MS, FIRST_DAY = 24 * HOUR_MS, 1_483_171_200_000  # 2016-12-31, midnight in San Francisco
YEARS, SEED = 20, 5
HOUR_MIN = 60.0


def measure() -> Iterator[Figure]:
    """Minutes to the alarm, alarms of the week, false alarms a year, and what setting one watch costs."""
    if not DATA.exists():
        return
    week = read(WEEK, ColumnMap.load(EXAMPLES / "columns.toml"))
    _, first = np.unique(week.call.codes, return_index=True)
    heard = sorted(int(at) for at in week.stamps["received"][first])
    days = [FIRST_DAY + day * DAY_MS for day in range(8)]
    expected = {day: expect(heard, [(begun, begun + DAY_MS) for begun in days if begun != day]) for day in days}
    waited = np.array([_minutes(heard, expected[day], day + hour * HOUR_MS) for day in days[1:] for hour in range(24)])
    by_day = waited.reshape(-1, 24)[:, 9:22]
    yield Figure("outage_alarm_median", float(np.median(waited)), "min", HOUR_MIN, "an hour", waited.size)
    yield Figure("outage_alarm_by_day_worst", float(by_day.max()), "min", HOUR_MIN, "an hour", by_day.size)
    yield Figure("outage_alarm_worst", float(waited.max()), "min", 90.0, "an hour and a half", waited.size)
    alarms = sum(
        expected[days[(before - FIRST_DAY) // DAY_MS]].deadline(before) < after for before, after in pairwise(heard)
    )
    yield Figure("alarms_in_the_week", alarms, "alarms", 1, "the hole in the record, 2017-01-05 23:45", len(heard))
    yield from _made_up(expected[days[0]])


def _minutes(heard: list[int], expectation: Expectation, cut: int) -> float:
    last = max(at for at in heard if at < cut)
    return (expectation.deadline(last) - cut) / 60_000


def _made_up(expectation: Expectation) -> Iterator[Figure]:
    dice = np.random.default_rng(SEED)
    rates = np.tile(expectation.an_hour, 52 * YEARS) * dice.gamma(
        expectation.shape, 1 / expectation.shape, 52 * YEARS * HOURS
    )
    counts = dice.poisson(rates)
    begun = 4 * DAY_MS + np.repeat(np.arange(len(counts)) * HOUR_MS, counts)
    heard = [int(at) for at in np.sort(begun + dice.integers(0, HOUR_MS, len(begun)))]
    a_year = false_alarms(heard, expectation, FALSE_ALARMS_A_YEAR) / YEARS
    yield Figure("false_alarms_a_year", a_year, "alarms", FALSE_ALARMS_A_YEAR, "the budget", len(heard))
    yield Figure("one_watch", cpu_us(lambda: expectation.deadline(heard[0]), 200), "us CPU", 1000, "a millisecond", 200)
