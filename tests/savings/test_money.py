"""Money and months: every form that bills print, one reading, no float."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from redstick.savings.money import cents_of, dollars, round_dollars
from redstick.savings.months import apart, between, day_of, is_day, later, month_of


@pytest.mark.parametrize(
    ("text", "cents"),
    [
        ("$1,234.56", 123_456), ("(12.34)", -1_234), ("12.34CR", -1_234), ("12.34-", -1_234), ("-12.34", -1_234),
        ("1.234,56", 123_456), ("12,34", 1_234), ("1,234", 123_400), ("$ -5", -500), ("USD 7", 700), ("-$3.10", -310),
        ("$-3.10", -310), ("1.2300", 123), ("", 0), ("\u2014", 0), ("1 234,50", 123_450), ("7 USD", 700),
        ("\u22122.5", -250),
    ],
)  # fmt: skip
def test_every_form_of_an_amount_has_one_reading(text, cents):
    """Dollar signs, groups, decimal commas, and four ways to write a credit."""
    assert cents_of(text) == cents


@pytest.mark.parametrize(
    "text", ["1.234", "\u20ac5", "abc", "1.234.5", "0.005", "1,23,4", "1e3", "99999999999999", "--5x"]
)
def test_what_has_two_readings_or_none_is_refused(text):
    """Thousands or parts of a cent, another currency, no amount at all."""
    with pytest.raises(ValueError, match="expected"):
        cents_of(text)


@given(st.integers(-(10**12), 10**12))
def test_what_is_written_is_read_again(cents):
    """To the cent, whatever the amount."""
    assert cents_of(dollars(cents)) == cents


@pytest.mark.parametrize(
    ("cents", "text"), [(149, "$1"), (150, "$2"), (-150, "\u2212$2"), (-20, "$0"), (123_456_789, "$1,234,568")]
)
def test_headlines_are_whole_dollars(cents, text):
    """To the nearest, and no minus before nothing."""
    assert round_dollars(cents) == text


@pytest.mark.parametrize(
    "text",
    ["2026-10-01", "10/01/2026", "Oct 2026", "202610", "20261001", "1-Oct-26", "October 5, 2026", "10/2026", "10/1/26"],
)
def test_every_form_of_a_month_is_read(text):
    """The month comes first, as here."""
    assert month_of(text) == "2026-10"


@pytest.mark.parametrize("text", ["13/01/2026", "2026-13", "soon", "2026-02-30", "1826-01", ""])
def test_what_is_no_month_is_refused(text):
    """With what was expected."""
    with pytest.raises(ValueError, match="expected"):
        month_of(text)


@given(st.integers(0, 1_200), st.integers(-600, 600))
def test_months_count(number, by):
    """Forward and back is where one was; apart is how many there are between."""
    month = later("1950-01", number)
    assert later(later(month, by), -by) == month
    assert apart(month, later(month, by)) == by
    assert len(between(month, later(month, abs(by)))) == abs(by) + 1


def test_a_month_alone_ends_on_its_last_day():
    """As a contract does."""
    assert (day_of("2028-02"), day_of("02/14/2028")) == ("2028-02-29", "2028-02-14")
    assert is_day("2026-02-28")
    assert not is_day("2026-02-29")
    assert not is_day("2026-2-28")
