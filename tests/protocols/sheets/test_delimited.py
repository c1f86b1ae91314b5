"""Delimited text: rows with the line they begin on, and what is refused by its line."""

import gzip

import pytest
from hypothesis import given
from hypothesis import strategies as st

from redstick.protocols.sheets.delimited import delimited_rows
from redstick.protocols.sheets.faults import SheetFault
from redstick.protocols.sheets.rows import open_rows


def written(tmp_path, content, name="table.csv"):
    """A file of bytes or text."""
    path = tmp_path / name
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    return path


@pytest.mark.parametrize("mark", [",", ";", "\t", "|"])
def test_each_delimiter(tmp_path, mark):
    """The one that the first line holds most often; a byte order mark is no part of a name."""
    text = f"\ufeffa{mark}b\r\n1{mark}2\r\n"
    assert list(open_rows(written(tmp_path, text))) == [(1, ["a", "b"]), (2, ["1", "2"])]


def test_a_row_is_named_by_the_line_it_begins_on(tmp_path):
    """Also behind empty lines and cells that hold a line's end."""
    text = '\n\na,b\n\n"x\ny",1\nz,2\n'
    assert list(delimited_rows(written(tmp_path, text))) == [(3, ["a", "b"]), (5, ["x\ny", "1"]), (7, ["z", "2"])]


def test_a_gzipped_table_is_its_text(tmp_path):
    """By the name's ending; a torn one is refused."""
    packed = gzip.compress(b"a,b\n" + b"1,2\n" * 50_000)
    assert sum(1 for _ in open_rows(written(tmp_path, packed, "t.csv.gz"))) == 50_001
    for content in (packed[: len(packed) // 2], b"not packed"):
        with pytest.raises(SheetFault, match="gzip file that is whole"):
            list(open_rows(written(tmp_path, content, "t.csv.gz")))


@pytest.mark.parametrize(
    ("content", "row", "expected"),
    [
        (b"a,b\n1,\xff\n", 2, "UTF-8"), (b"a,b\n1,2\n1,\0\n", 3, "NUL"), (b'a,b\n1,"2\n3,4\n', 2, "row of a CSV"),
        (b"a,b\n1," + b"x" * (8 << 20), 2, "lines of at most 8 MiB"), (b'a,b\n"1"x,2\n', 2, "row of a CSV"),
        (b"a,b\n1," + b"x" * 140_000 + b"\n", 2, "field larger"),
    ],
)  # fmt: skip
def test_what_is_no_table_is_refused(tmp_path, content, row, expected):
    """With the line, whatever is wrong."""
    with pytest.raises(SheetFault, match=expected) as caught:
        list(open_rows(written(tmp_path, content)))
    assert caught.value.row == row


def test_a_gzip_bomb_is_refused(tmp_path):
    """A packed line without an end stops at 8 MiB, whatever it would unpack to."""
    with pytest.raises(SheetFault, match="lines of at most 8 MiB"):
        list(open_rows(written(tmp_path, gzip.compress(bytes([120]) * (64 << 20)), "bomb.csv.gz")))


def test_an_old_workbook_is_named(tmp_path):
    """It is told apart from text by its first bytes or its name."""
    for name in ("old.csv", "old.xls"):
        with pytest.raises(SheetFault, match="old workbook"):
            open_rows(written(tmp_path, b"\xd0\xcf\x11\xe0" + bytes(500), name))


def test_a_file_that_is_not_there(tmp_path):
    """And a folder: what cannot be read is said."""
    for path in (tmp_path / "none.csv", tmp_path):
        with pytest.raises(SheetFault, match="expected a file that can be read"):
            open_rows(path)


@given(st.binary(max_size=400))
def test_any_bytes_are_rows_or_a_fault(tmp_path_factory, content):
    """Nothing else comes out of the reader."""
    path = tmp_path_factory.mktemp("any") / "table.csv"
    path.write_bytes(content)
    try:
        found = list(open_rows(path))
    except SheetFault as fault:
        found = [(fault.row or 1, [])]
    assert all(number >= 1 for number, _ in found)
