"""A week of San Francisco's calls: an outage is noticed within the hour by day, and quiet nights are not one.

The record itself has a hole: nothing was received from 23:45:49 on 5 January to 02:36:07 on the 6th, while
the same hours of every other night have calls. It is found, and is the only silence of the week that is.
"""

from datetime import UTC, datetime
from itertools import pairwise
from pathlib import Path

import numpy as np
import pytest

from redstick.dispatch.absence.deadline import HOUR_MS
from redstick.dispatch.absence.expecting import FALSE_ALARMS_A_YEAR, expect
from redstick.dispatch.history import ColumnMap
from redstick.dispatch.history.reading import read

FILE = "cad/san_francisco_fire_2016-12-31_2017-01-07.csv.gz"
MAP = Path(__file__).parents[2] / "examples" / "san_francisco" / "columns.toml"
DAY_MS = 24 * HOUR_MS
FIRST_DAY = int(datetime(2016, 12, 31, 8, tzinfo=UTC).timestamp()) * 1000  # midnight in San Francisco
DAYS = [FIRST_DAY + day * DAY_MS for day in range(8)]
HOLE = (datetime(2017, 1, 6, 7, 45, 49, tzinfo=UTC), datetime(2017, 1, 6, 10, 36, 7, tzinfo=UTC))


@pytest.fixture(scope="module")
def heard(third_party):
    week = read(third_party(FILE), ColumnMap.load(MAP))
    _, first = np.unique(week.call.codes, return_index=True)
    return sorted(int(at) for at in week.stamps["received"][first])


def expected_without(heard, day):
    """What the seven other days make one expect."""
    return expect(heard, [(begun, begun + DAY_MS) for begun in DAYS if begun != day])


def test_the_only_silence_of_the_week_is_the_hole_in_its_record(heard):
    """Each silence judged by the days on which it did not begin; the others are ordinary nights."""
    expected = {day: expected_without(heard, day) for day in DAYS}
    alarms = [
        (before, after)
        for before, after in pairwise(heard)
        if expected[DAYS[(before - FIRST_DAY) // DAY_MS]].deadline(before, FALSE_ALARMS_A_YEAR) < after
    ]
    assert alarms == [tuple(int(moment.timestamp()) * 1000 for moment in HOLE)]


def test_an_outage_is_alarmed_within_the_hour_by_day(heard):
    """All calls removed from each hour of each day on: by day within 45 minutes, at night within 90, always."""
    waited = {}
    for day in DAYS[1:]:
        expectation = expected_without(heard, day)
        for hour in range(24):
            cut = day + hour * HOUR_MS
            last = max(at for at in heard if at < cut)
            waited[day, hour] = expectation.deadline(last, FALSE_ALARMS_A_YEAR) - cut
    by_day = [lasted for (_, hour), lasted in waited.items() if 9 <= hour < 22]
    assert max(by_day) < 45 * 60_000
    assert max(waited.values()) < 90 * 60_000
