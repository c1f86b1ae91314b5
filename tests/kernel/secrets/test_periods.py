"""Periods: stretches of the calendar in UTC."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from redstick.kernel.secrets.periods import Length, end_of, period_of

INSTANTS = st.integers(0, 4_000_000_000_000)


def ms(*date):
    """Milliseconds since the epoch of a date in UTC."""
    return int(datetime(*date, tzinfo=UTC).timestamp()) * 1000


@pytest.mark.parametrize(
    ("length", "at", "period", "end"),
    [
        (Length.DAY, ms(2026, 11, 3, 23, 59, 59), "2026-11-03", ms(2026, 11, 4)),
        (Length.DAY, ms(2026, 11, 4), "2026-11-04", ms(2026, 11, 5)),
        (Length.MONTH, ms(2026, 12, 31, 12), "2026-12", ms(2027, 1, 1)),
        (Length.MONTH, ms(2024, 2, 29), "2024-02", ms(2024, 3, 1)),
        (Length.YEAR, ms(2026, 1, 1), "2026", ms(2027, 1, 1)),
    ],
)
def test_known_dates(length, at, period, end):
    """Day, month and year, over leap days and year ends."""
    assert (period_of(length, at), end_of(length, at)) == (period, end)


@given(st.sampled_from(Length), INSTANTS)
def test_every_instant_lies_in_one_period(length, at):
    """The end is behind the instant, begins the next period, and what lies just before it is of the same period."""
    end = end_of(length, at)
    assert at < end <= at + timedelta(days=366) // timedelta(milliseconds=1)
    assert period_of(length, end - 1) == period_of(length, at) < period_of(length, end)
