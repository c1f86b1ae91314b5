"""Photographs of what is open become stays, each with the windows in which it began and ended."""

import json

import pytest

from redstick.dispatch.history.column_map import ColumnMap
from redstick.dispatch.history.errors import HistoryError
from redstick.dispatch.history.model import MISSING_MS
from redstick.dispatch.history.reading import read

MAP = ColumnMap.parse("""\
redstick_columns = 1
source = "feed"
one_row_per = "snapshot"
time_zone = "UTC"
dates = ["epoch_s"]
[file]
records = "open"
[columns]
incident = "id"
unit = "units"
call_type = "type"
[split]
unit = ","
[rows]
snapshot_time = "at"
""")
START = 1_700_000_000


def stays(tmp_path, *photographs):
    """{(incident, unit): [(absent before, first, last, absent after)]} in photographs; None beyond the feed."""
    path = tmp_path / "feed.jsonl"
    lines = [
        {"at": START + 60 * i, "open": [{"id": k, "units": v, "type": "T"} for k, v in shown.items()]}
        for i, shown in enumerate(photographs)
    ]
    path.write_text("".join(json.dumps(line) + "\n" for line in lines))
    history = read(path, MAP)
    found = {}
    for i in range(len(history)):
        row = history.from_row(i)
        window = [int(column[i]) for column in history.windows.columns]
        numbers = [None if ms == MISSING_MS else (ms // 1000 - START) // 60 for ms in window]
        found.setdefault((row.words["incident"], row.words.get("unit")), []).append(tuple(numbers))
    return found


def test_a_stay_has_four_ends(tmp_path):
    """Between the photograph without it and the first with it, and between the last with it and the next without."""
    found = stays(tmp_path, {}, {"a": "E1"}, {"a": "E1"}, {})
    assert found == {("a", "E1"): [(0, 1, 2, 3)]}


def test_the_feed_cannot_say_what_was_before_and_behind_it(tmp_path):
    """What is on the first and last photographs has no outer ends."""
    assert stays(tmp_path, {"a": "E1"}, {"a": "E1"}) == {("a", "E1"): [(None, 0, 1, None)]}


def test_units_come_and_go_within_an_incident(tmp_path):
    """Each unit has its own stay, and a unit that left and came back has two."""
    found = stays(tmp_path, {"a": "E1"}, {"a": "E1,M2"}, {"a": "M2"}, {"a": "M2, E1"}, {})
    assert found == {("a", "E1"): [(None, 0, 1, 2), (2, 3, 3, 4)], ("a", "M2"): [(0, 1, 3, 4)]}


def test_a_photograph_that_misses_the_whole_incident_does_not_end_it(tmp_path):
    """The same identity seen before and after a gap was there all the time."""
    assert stays(tmp_path, {"a": "E1"}, {"b": "E2"}, {"a": "E1"})["a", "E1"] == [(None, 0, 2, None)]


def test_an_incident_without_units_is_a_row_of_its_own(tmp_path):
    """While nobody is on it, it waits, and the wait is seen."""
    found = stays(tmp_path, {"a": ""}, {"a": "E1"}, {})
    assert found == {("a", None): [(None, 0, 0, 1)], ("a", "E1"): [(0, 1, 1, 2)]}


def test_a_doubled_unit_in_one_cell_is_one(tmp_path):
    """A list that names a unit twice does not send it twice."""
    assert stays(tmp_path, {"a": "E1,E1,"}) == {("a", "E1"): [(None, 0, 0, None)]}


def test_photographs_out_of_order_are_listed_and_sorted(tmp_path):
    """A line that went back in time is used where it belongs, and told."""
    path = tmp_path / "feed.jsonl"
    times = [START, START + 120, START + 60]
    path.write_text(
        "".join(json.dumps({"at": at, "open": [{"id": 1, "units": "E1", "type": "T"}]}) + "\n" for at in times)
    )
    history = read(path, MAP)
    assert [(one.row, one.reason) for one in history.listed] == [(3, "backwards")]
    assert (history.windows.last_seen_ms // 1000).tolist() == [START + 120]


def test_a_record_without_its_moment_is_refused(tmp_path):
    """Nothing can be folded that was seen at no time."""
    (tmp_path / "feed.jsonl").write_text('{"at":"soon","open":[{"id":1,"units":"E1","type":"T"}]}\n')
    with pytest.raises(HistoryError, match="the moment of the snapshot"):
        read(tmp_path / "feed.jsonl", MAP)
