"""When a silence becomes improbable, in whole numbers: each test states one fact."""

from datetime import UTC, datetime

from hypothesis import given
from hypothesis import strategies as st

from redstick.dispatch.absence.deadline import HOUR_MS, HOURS, WEEK_MS, deadline_ms, expected_milli, hour_of_week

RATES = st.lists(st.integers(0, 50_000), min_size=HOURS, max_size=HOURS).filter(any)
TIMES = st.integers(0, 4_000_000_000_000)


@given(TIMES)
def test_the_hour_of_the_week_is_the_calendars(at):
    """From Monday 00:00 UTC."""
    told = datetime.fromtimestamp(at / 1000, UTC)
    assert hour_of_week(at) == told.weekday() * 24 + told.hour


@given(RATES, st.integers(1, 10_000_000), TIMES)
def test_the_deadline_is_the_first_moment_at_which_enough_was_expected(rates, bears, heard_at):
    """At it, so much; a millisecond before, less."""
    due = deadline_ms(rates, bears, heard_at)
    assert expected_milli(rates, heard_at, due) >= bears
    assert expected_milli(rates, heard_at, due - 1) < bears


def test_a_silence_is_over_at_the_last_hour_that_expects_something():
    """Not at the end of the week, in whose other hours nobody calls."""
    rates = [0] * (HOURS - 1) + [1]
    assert deadline_ms(rates, 1, 0) == 96 * HOUR_MS  # the epoch was a Thursday


@given(RATES, TIMES, st.integers(0, 3 * WEEK_MS), st.integers(0, 3 * WEEK_MS))
def test_what_is_expected_adds_up(rates, begun, first, second):
    """Over two spans as much as over both, but for the rounding; over a week as much as a week has."""
    whole = expected_milli(rates, begun, begun + first + second)
    parts = expected_milli(rates, begun, begun + first)
    parts += expected_milli(rates, begun + first, begun + first + second)
    assert 0 <= whole - parts <= 1
    assert expected_milli(rates, begun, begun + WEEK_MS) == sum(rates)


def test_ten_years_of_watching_count_as_well_as_the_first_hour():
    """No counter wraps: a rate of one call an hour has its deadline after as many hours as are borne, whenever."""
    rates, ten_years = [1000] * HOURS, 10 * 365 * 24 * HOUR_MS
    for heard_at in (0, ten_years, 1000 * ten_years):
        assert deadline_ms(rates, 12_000, heard_at) - heard_at == 12 * HOUR_MS
    assert deadline_ms(rates, 10 * 365 * 24 * 1000, 0) == ten_years
