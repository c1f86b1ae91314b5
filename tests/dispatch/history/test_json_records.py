"""JSON in the shapes in which feeds come."""

import json
from itertools import chain

import pytest

from redstick.dispatch.history.column_map import FileForm
from redstick.dispatch.history.errors import HistoryError
from redstick.dispatch.history.opening import guess_kind, open_table

RECORDS = [{"id": 1, "at": {"lon": -92.3345, "lat": 38}, "ok": True, "none": None}, {"id": 2, "at": {"lon": 1.5}}]


def read(tmp_path, content, wanted=None, name="calls.json", time="", **form):
    path = tmp_path / name
    path.write_text(content)
    opened = open_table(path, FileForm(**form), wanted, time)
    pieces = list(opened.pieces)
    cells = {key: list(chain.from_iterable(piece.cells[key] for piece in pieces)) for key in pieces[0].cells}
    refused = [(one.row, one.reason) for piece in pieces for one in piece.refused]
    return cells, [row for piece in pieces for row in piece.rows], refused, [s for p in pieces for s in p.snapshots]


def test_a_list_of_records(tmp_path):
    """Nested values have paths, numbers keep their digits, null is nothing, and rows count from 1."""
    cells, rows, _, _ = read(tmp_path, json.dumps(RECORDS))
    assert cells == {
        "id": ["1", "2"],
        "at.lon": ["-92.3345", "1.5"],
        "at.lat": ["38", ""],
        "ok": ["true", ""],
        "none": ["", ""],
    }
    assert rows == [1, 2]


def test_geojson_features(tmp_path):
    """The features are found without being told; a position reads as two numbers."""
    feature = {"type": "Feature", "properties": {"UID": 7}, "geometry": {"type": "Point", "coordinates": [-95.2, 29.8]}}
    cells, *_ = read(tmp_path, json.dumps({"type": "FeatureCollection", "features": [feature]}, indent=1))
    assert cells["properties.UID"] == ["7"]
    assert cells["geometry.coordinates"] == ["-95.2, 29.8"]


def test_snapshots_a_line(tmp_path):
    """What stands around the records belongs to each; an empty snapshot is marked all the same."""
    lines = [{"at": "t1", "open": [{"id": 1}, {"id": 2}]}, {"at": "t2", "open": []}, {"at": "t3", "open": [{"id": 2}]}]
    text = "".join(json.dumps(line) + "\n" for line in lines)
    cells, rows, _, snapshots = read(tmp_path, text, ["id", "at"], time="at", records="open")
    assert cells == {"id": ["1", "2", "2"], "at": ["t1", "t1", "t3"]}
    assert rows == [1, 1, 3]
    assert snapshots == [(1, "t1"), (2, "t2"), (3, "t3")]


def test_a_feed_cut_while_it_was_written(tmp_path):
    """A bad line is refused, the last one as torn; the others stand."""
    cells, _, refused, _ = read(tmp_path, '{"id":1}\n{"id":\n[3]\n{"id":4}\n{"id":5', name="feed.jsonl")
    assert cells == {"id": ["1", "4"]}
    assert refused == [(2, "not_a_record"), (3, "not_a_record"), (5, "torn")]


def test_a_torn_whole_value_is_refused(tmp_path):
    """One JSON value that stops in the middle has no rows to be trusted."""
    with pytest.raises(HistoryError, match="one whole JSON value"):
        read(tmp_path, json.dumps(RECORDS)[:-5])


def test_a_field_that_no_record_has_is_refused(tmp_path):
    """As a column that the header lacks would be."""
    with pytest.raises(HistoryError, match="column 'units': a field of this name"):
        read(tmp_path, json.dumps(RECORDS), ["id", "units"])


@pytest.mark.parametrize("content", ["[]", "[1, 2]", '"text"', "{}", "[" * 100_000])
def test_json_without_records_is_refused(tmp_path, content):
    """Numbers, texts, nothing, and a tower of brackets."""
    with pytest.raises(HistoryError, match=r"calls\.json"):
        read(tmp_path, content, kind="json")


@pytest.mark.parametrize(
    ("name", "content", "kind"),
    [
        ("a.json", "[{}]", "json"),
        ("a.json", '{"a":1}\n{"a":2}\n', "jsonl"),
        ("a.json", '{\n "a": 1\n}\n', "json"),
        ("a.jsonl", '{"a":1}', "jsonl"),
        ("a.txt", "a,b\n", "csv"),
    ],
)
def test_the_kind_is_seen_in_the_bytes(tmp_path, name, content, kind):
    """The name counts only where the bytes could be either."""
    (tmp_path / name).write_text(content)
    assert guess_kind(tmp_path / name) == kind
