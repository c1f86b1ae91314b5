"""Volume: when calls came in, on the city's clock, over the hours that the period really has."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from redstick.dispatch.history import MISSING_MS
from redstick.dispatch.reads.report_volume import volume

CHICAGO = ZoneInfo("America/Chicago")


def ms(*moments):
    return np.array([int(moment.timestamp() * 1000) for moment in moments], dtype=np.int64)


def test_hours_are_those_of_the_city():
    """18:30 UTC in July is half past one in Chicago."""
    found = volume(ms(datetime(2025, 7, 1, 18, 30, tzinfo=UTC)), "America/Chicago")
    assert found.by_hour[13] == 1.0
    assert found.days[0].date == "2025-07-01"


def test_the_hour_that_the_clocks_repeat_counts_twice():
    """Two calls in two hours that both read 01 make a mean of one, not of two."""
    start = datetime(2025, 11, 2, 6, 30, tzinfo=UTC)  # 01:30 summer time
    found = volume(ms(start, start + timedelta(hours=1)), "America/Chicago")
    assert found.by_hour[1] == 1.0
    assert found.days[0].calls == 2


def test_an_hour_that_the_period_does_not_have_is_unknown():
    """No Tuesday in the file is no statement on Tuesdays."""
    found = volume(ms(datetime(2025, 7, 2, 18, 30, tzinfo=UTC)), "America/Chicago")
    assert found.by_weekday_hour[1] == (None,) * 24
    assert found.by_hour[3] is None


def test_a_day_without_calls_inside_the_period_counts_as_nought():
    """Silence between two days is shown as a day with no calls."""
    found = volume(ms(datetime(2025, 7, 1, 18, tzinfo=UTC), datetime(2025, 7, 3, 18, tzinfo=UTC)), "America/Chicago")
    assert [day.calls for day in found.days] == [1, 0, 1]


def test_a_quiet_night_does_not_make_a_part_day_and_a_late_start_does():
    """With twenty calls an hour a file from noon on has half a first day; a first call at 00:40 has all of it."""
    noon, midnight = datetime(2025, 7, 1, 17, tzinfo=UTC), datetime(2025, 7, 1, 5, tzinfo=UTC)
    busy = [noon + timedelta(minutes=3 * i) for i in range(20 * 36)]
    assert [day.whole for day in volume(ms(*busy), "America/Chicago").days] == [False, True]
    sparse = [midnight + timedelta(minutes=40 + 180 * i) for i in range(16)]
    assert all(day.whole for day in volume(ms(*sparse), "America/Chicago").days)


def test_calls_without_a_time_are_left_out():
    """A missing time is no call at the beginning of time."""
    found = volume(np.array([MISSING_MS, 0], dtype=np.int64), "UTC")
    assert found.timed == 1
    assert volume(np.array([MISSING_MS], dtype=np.int64), "UTC").days == ()


@settings(max_examples=20)
@given(st.lists(st.integers(0, 40 * 24 * 3600), min_size=1, max_size=60))
def test_no_call_is_lost(seconds):
    """The days add up to the calls, and each falls on the day that Python's own clock gives."""
    start = datetime(2025, 10, 20, tzinfo=UTC)
    moments = [start + timedelta(seconds=s) for s in seconds]
    found = volume(ms(*moments), "America/Chicago")
    expected = [str(moment.astimezone(CHICAGO).date()) for moment in moments]
    assert {day.date: day.calls for day in found.days if day.calls} == {d: expected.count(d) for d in expected}
