"""Dates of an export: forms that need no proof, and an order that the file proves or leaves open."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from redstick.crimecenter.analytics.days import MixedOrderError, read_days


def days(*texts):
    """Dates as ISO texts, None where there is none."""
    return [None if day is None else date.fromordinal(day).isoformat() for day in read_days(texts).days]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("2016-12-31", "2016-12-31"), ("2016-12-31T23:59:00Z", "2016-12-31"), ("2016-12-31 23:59", "2016-12-31"),
        ("2016/1/5", "2016-01-05"), ("20161231", "2016-12-31"), ("42735", "2016-12-31"), ("42735.98", "2016-12-31"),
        ("12/31/2016 11:57:56 PM", "2016-12-31"), ("31/12/2016", "2016-12-31"), ("31.12.2016", "2016-12-31"),
        ("5.1.2016 08:00", "2016-01-05"), ("2016-02-30", None), ("2016-12-31x", None), ("soon", None), ("", None),
        ("13/13/2016", None), ("99999999", None), ("1.5", None), ("1451606400", None),
    ],
)  # fmt: skip
def test_each_form(text, expected):
    """ISO 8601 in its forms, a spreadsheet's serial, month first, day first where it can be nothing else."""
    assert days(text) == [expected]


def test_the_file_proves_its_order():
    """One date with a number above 12 tells how all are meant; without one the guess is said."""
    assert days("01/02/2024", "01/25/2024") == ["2024-01-02", "2024-01-25"]
    assert days("01/02/2024", "25/01/2024") == ["2024-02-01", "2024-01-25"]
    assert read_days(["01/25/2024"]).note == ""
    assert "01/02/2024 were read month first" in read_days(["2024-01-01", "01/02/2024"]).note
    with pytest.raises(MixedOrderError) as caught:
        read_days(["01/25/2024", "25/01/2024"])
    assert (caught.value.day_first, caught.value.month_first) == (1, 0)


@given(st.lists(st.dates(date(1990, 1, 1), date(2060, 1, 1)), min_size=1), st.booleans())
def test_days_come_back(dates, day_first):
    """A file written in one order is read in that order, once any date of it proves which."""
    dates.append(date(2024, 1, 25))
    texts = [f"{d.day:02}/{d.month:02}/{d.year}" if day_first else f"{d.month}/{d.day}/{d.year}" for d in dates]
    assert read_days(texts).days == [d.toordinal() for d in dates]


@given(st.lists(st.text(max_size=20)))
def test_any_texts_are_days_or_none(texts):
    """Nothing else comes out of it."""
    try:
        found = read_days(texts).days
    except MixedOrderError:
        found = [None] * len(texts)
    assert len(found) == len(texts)
