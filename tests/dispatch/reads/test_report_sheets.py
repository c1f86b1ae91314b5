"""Sheets: the tables of a report, for people and for spreadsheets."""

import csv
import io

from hypothesis import given
from hypothesis import strategies as st

from redstick.dispatch.reads.report_sheets import FORMULA_STARTS, Column, Sheet, csv_text, harmless, sheets, shown


def read_back(sheet):
    return list(csv.reader(io.StringIO(csv_text(sheet))))


@given(st.text(min_size=1, max_size=30).filter(lambda text: "\0" not in text))
def test_no_cell_of_text_begins_like_a_formula(text):
    """= + - @, tab and line ends are made harmless by an apostrophe, whatever follows; all else is as it was."""
    sheet = Sheet("t", "t", [Column("a", "a")], [[text]])
    stands = harmless(text)
    assert not stands.startswith(FORMULA_STARTS)
    assert stands in {text, f"'{text}"}
    assert csv_text(sheet).startswith("a\r\n")


def test_a_formula_in_an_export_reaches_the_csv_as_text(reported, line):
    """A call type that a spreadsheet would run is written with an apostrophe."""
    report = reported([line(1, type="=1+1"), line(2)])
    [by_type] = [sheet for sheet in sheets(report) if sheet.name == "by_call_type"]
    assert read_back(by_type)[1][0] == "'=1+1"


def test_numbers_stay_numbers():
    """A negative number is a number, not a formula; times are in seconds."""
    sheet = Sheet("t", "t", [Column("A", "a_s", "seconds"), Column("B", "n", "count")], [[-46.0, 3]])
    assert read_back(sheet) == [["a_s", "n"], ["-46.0", "3"]]


def test_a_range_becomes_two_columns():
    """Low and high, in seconds; too few values leave both empty."""
    sheet = Sheet("t", "t", [Column("R", "p90", "range")], [[(1.5, 2.0)], ["too few"], [None]])
    assert read_back(sheet) == [["p90_low_s", "p90_high_s"], ["1.5", "2.0"], ["", ""], ["", ""]]


def test_heads_for_machines_are_unique(reported, line):
    """No two columns of a CSV have one name."""
    for sheet in sheets(reported([line(n, area=f"A{n % 3}", priority=n % 2) for n in range(9)])):
        head = read_back(sheet)[0]
        assert len(head) == len(set(head)), sheet.name


def test_small_groups_say_too_few(reported, line):
    """Nothing is said of the slowest tenth of nine calls, in words on the page and by silence in the CSV."""
    report = reported([line(n, area=f"A{n % 3}") for n in range(9)])
    [areas] = [sheet for sheet in sheets(report) if sheet.name == "by_area"]
    assert "too few" in areas.rows[0]
    assert "too few" not in csv_text(areas)


def test_values_are_shown_as_people_read_them():
    """Times as m:ss, ranges as one text, shares in percent, small ones not as nought."""
    assert shown(1035.0, "seconds") == "17:15"
    assert shown((60.0, 90.0), "range") == "1:00 to 1:30"
    assert shown(0.5, "share") == "50.0 %"
    assert shown(0.0001, "share") == "<0.1 %"
    assert shown(0, "share") == "0.0 %"
    assert shown(3, "count") == 3
    assert shown(None, "seconds") is None


def test_every_row_has_a_cell_for_every_column(reported, line):
    """Sheets are rectangular."""
    for sheet in sheets(reported([line(n, area=f"A{n % 3}") for n in range(9)])):
        assert all(len(row) == len(sheet.columns) for row in sheet.rows), sheet.name
