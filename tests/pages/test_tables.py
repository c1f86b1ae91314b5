"""Tables: captions, scopes, figures that line up, and nothing but text in a cell."""

import pytest

from redstick.pages.tables import LONG_ROWS, shown, table


def test_a_formula_is_shown_as_text():
    """A cell that a spreadsheet would run is shown as the characters it has."""
    assert "=cmd()|&#x27; /C calc&#x27;!A0" in table("t", ["a"], [["=cmd()|' /C calc'!A0"]])


def test_a_table_has_a_caption_and_scoped_heads():
    """Screen readers are told what the table is and what each head speaks for."""
    markup = table("Calls by hour", ["Hour", "Calls"], [["00", 12]], numeric=[1])
    assert "<caption><span>Calls by hour</span></caption>" in markup
    assert '<th scope="col">Hour</th><th scope="col" class="number">Calls</th>' in markup
    assert '<th scope="row">00</th><td class="number">12</td>' in markup


def test_a_missing_value_is_a_dash_that_is_read_out():
    """None, NaN and infinity are never shown as a number."""
    for missing in (None, float("nan"), float("inf")):
        assert "no value" in shown(missing)


def test_the_floats_of_a_column_share_their_decimals():
    """1.5 beside 2.25 reads 1.50, so that the points stand under each other."""
    markup = table("t", ["a", "b"], [["x", 1.5], ["y", 2.25], ["z", 1000.0]], numeric=[1])
    assert ">1.50<" in markup
    assert ">2.25<" in markup
    assert ">1,000.00<" in markup


def test_whole_numbers_are_grouped_and_minus_is_a_minus():
    """Thousands are separated, a negative carries U+2212."""
    assert shown(1234567) == "1,234,567"
    assert shown(-5) == "−5"
    assert shown(True) == "yes"


def test_a_long_table_scrolls_in_a_panel_that_the_keyboard_reaches():
    """Beyond 18 rows its height is bounded; any panel may scroll on a phone, so each is named and focusable."""
    short = table("t", ["a"], [["x"]] * LONG_ROWS)
    long = table("t", ["a"], [["x"]] * (LONG_ROWS + 1))
    assert 'class="panel" tabindex="0" role="group" aria-label="Table: t"' in short
    assert 'class="panel long" tabindex="0" role="group" aria-label="Table: t"' in long


def test_an_empty_table_says_so():
    """No rows is a statement, not a hole."""
    assert "Nothing to show." in table("t", ["a", "b"], [])


def test_a_ragged_row_is_refused():
    """A row of another length than the head is an error that names the row."""
    with pytest.raises(ValueError, match="row 2 of table 't' has 1 cells, its head has 2"):
        table("t", ["a", "b"], [["x", 1], ["y"]])
