"""House numbers as people write them."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from redstick.geo.importers.house_numbers import house_numbers


@pytest.mark.parametrize(
    ("text", "numbers"),
    [
        ("12", [(12, "")]),
        ("12a", [(12, "A")]),
        ("12 B", [(12, "B")]),
        ("1318-B", [(1318, "B")]),
        ("267 1/2", [(267, "1/2")]),
        ("12;14a", [(12, ""), (14, "A")]),
        ("12-16", [(12, ""), (14, ""), (16, "")]),
        ("12-15", [(12, ""), (13, ""), (14, ""), (15, "")]),
        ("45-23", []),
        ("N123W456", []),
        ("12 rear cottage", []),
        ("", []),
        ("1" * 10, []),
    ],
)
def test_each_form_stands_for_its_numbers(text, numbers):
    """One number, one with a letter or a fraction, a list, a range; what cannot be read stands for none."""
    assert house_numbers(text) == numbers


@given(st.text(max_size=40))
def test_no_text_breaks_it(text):
    """Any text gives numbers of at most nine digits, or none."""
    assert all(0 <= number < 10**9 for number, _ in house_numbers(text))
