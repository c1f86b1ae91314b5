"""A whole export by its map: every row accepted or listed, every cell read or doubted."""

import random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from redstick.dispatch.history.column_map import ColumnMap
from redstick.dispatch.history.errors import HistoryError
from redstick.dispatch.history.model import MISSING_E7, MISSING_MS
from redstick.dispatch.history.reading import read

MAP = """\
redstick_columns = 1
source = "a city"
one_row_per = "unit"
time_zone = "America/Chicago"
dates = ["%m/%d/%Y %H:%M"]
missing = ["NULL"]
[columns]
call = "Call"
unit = "Unit"
agency = "Agency"
[stamps]
received = "Received"
on_scene = "Arrived"
[place]
latitude = "Lat"
longitude = "Lon"
[codes.agency]
F = "fire"
"""
HEADER = "Call,Unit,Agency,Received,Arrived,Lat,Lon\n"


def history(tmp_path, rows, text=MAP, header=HEADER):
    path = tmp_path / "calls.csv"
    path.write_text(header + "".join(f"{row}\n" for row in rows))
    return read(path, ColumnMap.parse(text))


def test_a_row_is_read_whole(tmp_path):
    """Words through their code lists, stamps in UTC, the position in 1e-7 degrees, the line in the source."""
    found = history(tmp_path, ["1,E1,F,01/01/2017 12:00,01/01/2017 12:05,38.95,-92.33"]).from_row(0)
    assert found.words == {"call": "1", "unit": "E1", "agency": "fire"}
    assert found.stamps_ms == {"received": 1483293600000, "on_scene": 1483293900000}
    assert (found.longitude_e7, found.latitude_e7, found.row_number) == (-923300000, 389500000, 2)


def test_what_the_source_does_not_say_is_missing(tmp_path):
    """An empty cell, a declared word for nothing and an unmapped category are missing, and no doubt."""
    found = history(tmp_path, ["1,E1,NULL,01/01/2017 12:00,NULL,,"])
    row = found.from_row(0)
    assert row.words == {"call": "1", "unit": "E1"}
    assert row.longitude_e7 is None
    assert found.stamps["on_scene"].tolist() == [MISSING_MS]
    assert found.stamps["transport"].tolist() == [MISSING_MS]
    assert found.listed == []
    assert "transport" not in found.mapped


@pytest.mark.parametrize(
    ("row", "column", "reason"),
    [
        ("1,E1,F,13/01/2017 12:00,,,", "Received", "not_a_time"),
        ("1,E1,F,03/12/2017 02:30,,,", "Received", "dst_skipped"),
        ("1,E1,F,11/05/2017 01:30,,,", "Received", "dst_ambiguous"),
        ("1,E1,F,,,98.0,-92.0", "Lat + Lon", "not_a_place"),
        ("1,E1,F,,,0,0", "Lat + Lon", "not_a_place"),
        ("1,E1,F,,,here,there", "Lat + Lon", "not_a_place"),
    ],
)
def test_a_doubted_cell_keeps_its_row(tmp_path, row, column, reason):
    """The row stands, the cell is listed with its column and its line."""
    found = history(tmp_path, [row])
    assert len(found) == 1
    assert [(one.row, one.column, one.reason) for one in found.listed] == [(2, column, reason)]
    assert found.counts.doubted == {(column, reason): 1}


def test_rows_that_belong_to_nothing_are_refused(tmp_path):
    """Without a call, or without a unit where rows are units."""
    found = history(tmp_path, [",E1,F,,,,", "1,,F,,,,", "1,E1,F,,,,", "1,E1"])
    assert [(one.row, one.reason) for one in found.listed] == [(2, "no_call"), (3, "no_unit"), (5, "too_few_fields")]
    assert (found.counts.read, found.counts.accepted, found.counts.refused) == (4, 1, 3)


def test_undeclared_dates_are_found_out_or_refused(tmp_path):
    """By evidence over the whole file; where both orders fit, a person is asked."""
    undeclared = MAP.replace('dates = ["%m/%d/%Y %H:%M"]\n', "")
    rows = ["1,E1,F,05/01/2017 12:00,05/01/2017 12:05,,", "2,E1,F,13/01/2017 12:00,13/01/2017 12:05,,"]
    found = history(tmp_path, rows, undeclared)
    assert "Received: read as %d/%m/%Y %H:%M" in found.notes
    with pytest.raises(HistoryError, match=r"`dates` in the column map.*both fit"):
        history(tmp_path, rows[:1], undeclared)


def test_a_day_and_a_time_in_two_columns(tmp_path):
    """They are one stamp, missing where the first is."""
    text = MAP.replace('received = "Received"', 'received = { columns = ["Day", "Time"] }').replace(
        "%m/%d/%Y", "%d.%m.%y"
    )
    header = "Call,Unit,Agency,Day,Time,Arrived,Lat,Lon\n"
    found = history(tmp_path, ["1,E1,F,31.01.17,12:00,,,", "1,E2,F,,12:00,,,"], text, header)
    assert found.stamps["received"].tolist() == [1485885600000, MISSING_MS]


def test_a_form_that_is_none_is_refused_with_its_column(tmp_path):
    """A misspelt directive in the map is found before a row is read."""
    with pytest.raises(HistoryError, match="column 'Received': a known date form"):
        history(tmp_path, [], MAP.replace("%H:%M", "%K"))


def test_one_row_a_call_with_a_list_of_units(tmp_path):
    """Each unit gets a row, with the line of the one they came from; rows are counted as they were read."""
    text = MAP.replace('one_row_per = "unit"', 'one_row_per = "call"') + '[split]\nunit = " "\n'
    found = history(tmp_path, ["1,E1 M2,F,,,,", "2,,F,,,,"], text)
    assert [found.from_row(i).words.get("unit") for i in range(3)] == ["E1", "M2", None]
    assert found.row_number.tolist() == [2, 2, 3]
    assert (found.counts.read, found.counts.accepted) == (2, 2)


def test_a_well_known_text_point(tmp_path):
    """WKT has the longitude first, whatever the order declared for plain pairs."""
    text = MAP.replace('latitude = "Lat"\nlongitude = "Lon"', 'point = "Lat"')
    found = history(
        tmp_path, ["1,E1,F,,,POINT (-92.33 38.95),", '1,E2,F,,,"(38.95, -92.33)",', "1,E3,F,,,38.95,"], text
    )
    assert found.longitude_e7.tolist() == [-923300000, -923300000, MISSING_E7]
    assert [one.row for one in found.listed] == [4]


CELL = st.sampled_from(["", "1", "E1", "NULL", "F", "01/01/2017 12:00", "99/99/9999 99:99", "38.95", "-92", "x,y"])


@given(st.lists(st.lists(CELL, min_size=5, max_size=8), max_size=20), st.integers(1, 40))
def test_every_row_read_is_accepted_or_listed(tmp_path_factory, rows, seed):
    """Read = accepted + refused, and exactly the refused rows are listed as such, each once."""
    random.Random(seed).shuffle(rows)
    texts = [",".join(f'"{cell}"' for cell in row) for row in rows]
    found = history(tmp_path_factory.mktemp("rows"), texts)
    counts = found.counts
    assert counts.read == len(rows) == counts.accepted + counts.refused
    assert len(found) == counts.accepted - counts.merged
    refused = [one.row for one in found.listed if not one.column]
    assert len(refused) == len(set(refused)) == counts.refused
    assert set(refused).isdisjoint(found.row_number.tolist())
