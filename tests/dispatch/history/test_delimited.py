"""Comma-separated text as it really comes: torn, mis-encoded, quoted over lines, with cells too many or too few."""

import csv
import gzip
import io
from itertools import chain

import pytest
from hypothesis import given
from hypothesis import strategies as st

from redstick.dispatch.history import text_lines
from redstick.dispatch.history.delimited import guess_delimiter, open_delimited
from redstick.dispatch.history.errors import HistoryError

CELLS = st.text(
    alphabet=st.characters(codec="utf-8", exclude_characters="\0\x1c\x1d\x1e\x1f", exclude_categories=["Cc"])
)


def table(tmp_path, content, wanted=None, **options):
    path = tmp_path / "calls.csv"
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    opened = open_delimited(path, wanted, **options)
    pieces = list(opened.pieces)
    cells = {name: list(chain.from_iterable(piece.cells[name] for piece in pieces)) for name in pieces[0].cells}
    rows = [row for piece in pieces for row in piece.rows]
    refused = [(one.row, one.reason) for piece in pieces for one in piece.refused]
    return cells, rows, refused, opened.notes


def test_quoted_cells_keep_their_lines_and_rows_their_numbers(tmp_path):
    """A cell over three lines is one cell; the row behind it has the line on which it begins."""
    cells, rows, refused, _ = table(tmp_path, 'a,b\n1,"x\ny\r\nz"\n\n2,w\n')
    assert cells == {"a": ["1", "2"], "b": ["x\ny\r\nz", "w"]}
    assert rows == [2, 6]
    assert refused == []


def test_rows_of_another_length_are_refused_not_shifted(tmp_path):
    """Too few cells and too many are listed with their lines; empty cells beyond the header carry nothing."""
    cells, rows, refused, _ = table(tmp_path, "a,b\n1,2\n3\n4,5,6\n7,8,,\n")
    assert cells == {"a": ["1", "7"], "b": ["2", "8"]}
    assert rows == [2, 5]
    assert refused == [(3, "too_few_fields"), (4, "too_many_fields")]


@pytest.mark.parametrize("end", ["3", '3,"4', '3,"4\n5'])
def test_a_file_that_ends_within_a_row_loses_that_row_and_says_so(tmp_path, end):
    """A torn last row is refused as torn, whether cells lack or a quotation mark was left open."""
    cells, _, refused, _ = table(tmp_path, f"a,b\n1,2\n{end}")
    assert cells == {"a": ["1"], "b": ["2"]}
    assert refused == [(3, "torn")]


def test_a_whole_last_row_needs_no_line_end(tmp_path):
    """A file that only lacks its last line end loses nothing."""
    cells, _, refused, _ = table(tmp_path, 'a,b\n1,2\n3,"4"')
    assert cells["a"] == ["1", "3"]
    assert refused == []


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be"])
def test_encodings_are_found_out(tmp_path, encoding):
    """Unicode in its usual dresses, with and without its mark."""
    text = "straße,ort\nKöllnischer Fischmarkt,Berlin\n" * 20
    cells, *_ = table(tmp_path, text.encode(encoding))
    assert cells["straße"][0] == "Köllnischer Fischmarkt"


def test_windows_text_is_read_and_said_aloud(tmp_path):
    """A line that is not UTF-8 is Windows-1252, and the notes count such lines; the lines around it stay UTF-8."""
    cells, _, _, notes = table(tmp_path, b"a\nCaf\xe9\nCaf\xc3\xa9\n")
    assert cells == {"a": ["Café", "Café"]}
    assert notes == ["1 lines are not UTF-8 and were read as Windows-1252"]


def test_a_declared_encoding_is_held_to(tmp_path):
    """Told cp1252, the file is cp1252; told utf-8, a line that is not is refused with its number."""
    cells, _, _, notes = table(tmp_path, b"a\nCaf\xe9\n", encoding="cp1252")
    assert cells == {"a": ["Café"]}
    assert notes == []
    with pytest.raises(HistoryError, match="row 2: utf-8 text, as the column map says"):
        table(tmp_path, b"a\nCaf\xe9\n", encoding="utf-8")


def test_a_byte_that_no_encoding_knows_is_refused_with_its_line(tmp_path):
    """0x81 is in neither UTF-8 nor Windows-1252."""
    with pytest.raises(HistoryError, match="row 3"):
        table(tmp_path, b"a\nb\n\x81\n")


def test_zero_bytes_refuse_their_row_alone(tmp_path):
    """A row with NUL bytes is listed; its neighbours stand."""
    cells, _, refused, _ = table(tmp_path, b"a,b\n1,2\n3\0,4\n5,6\n" + b"7,8\n" * 2000)
    assert cells["a"][:3] == ["1", "5", "7"]
    assert refused == [(3, "nul_bytes")]


@pytest.mark.parametrize("content", [b"", b"\n \n", b"\xef\xbb\xbf"])
def test_an_empty_file_is_refused(tmp_path, content):
    """Nothing, or blank lines alone, is not an export."""
    with pytest.raises(HistoryError, match=r"calls\.csv"):
        table(tmp_path, content)


def test_a_header_alone_is_an_export_without_rows(tmp_path):
    """No calls is an answer."""
    cells, rows, refused, _ = table(tmp_path, "a,b\n")
    assert (cells, rows, refused) == ({"a": [], "b": []}, [], [])


def test_a_column_that_is_absent_or_doubled_is_refused_by_name(tmp_path):
    """The map's column must be in the header exactly once."""
    with pytest.raises(HistoryError, match=r"column 'c'.*the file has: a, b") as caught:
        table(tmp_path, "a,b\n1,2\n", ["c"])
    assert (caught.value.row, caught.value.column) == (1, "c")
    with pytest.raises(HistoryError, match="the header has 2"):
        table(tmp_path, "a,b,a\n1,2,3\n", ["a"])
    assert table(tmp_path, "a,b,a\n1,2,3\n", ["b"])[0] == {"b": ["2"]}


@pytest.mark.parametrize("content", [b"%PDF-1.7\x00\x01\x02" + bytes(range(256)) * 8, bytes(range(32)) * 64])
def test_a_binary_file_is_refused(tmp_path, content):
    """A picture or a program is not read as text."""
    with pytest.raises(HistoryError, match="not text"):
        table(tmp_path, content)


def test_a_line_without_end_is_bounded(tmp_path, monkeypatch):
    """A gigabyte without a line end is refused after the limit, not held in memory."""
    monkeypatch.setattr(text_lines, "LINE_MAX_CHARS", 1 << 20)
    with pytest.raises(HistoryError, match="lines of at most 1 million"):
        table(tmp_path, b"a,b\n" + b"x" * (3 << 20))


def test_a_quotation_mark_left_open_is_bounded_and_told(tmp_path):
    """A stray quotation mark swallows rows only up to the limit of a cell, then the file is refused."""
    with pytest.raises(HistoryError, match="quotation mark left open"):
        table(tmp_path, 'a,b\n1,"2\n' + "3,4\n" * 60_000)


def test_a_damaged_packed_file_is_refused(tmp_path):
    """A gzip that stops early names the line where it stopped; one that is damaged at its start is refused at once."""
    packed = gzip.compress(b"a,b\n" + b"".join(b"%d,%d\n" % (i, i * i) for i in range(50_000)))
    with pytest.raises(HistoryError, match="ends too early or is damaged"):
        table(tmp_path, packed[: len(packed) // 2])
    with pytest.raises(HistoryError, match="damaged"):
        table(tmp_path, packed[:10] + b"\xff" * 100)


def test_packed_and_plain_are_alike(tmp_path):
    """Gzip is known by its first bytes, not by its name."""
    assert table(tmp_path, gzip.compress(b"a\n1\n"))[0] == table(tmp_path, b"a\n1\n")[0]


def test_old_line_ends(tmp_path):
    """Carriage returns alone end lines too."""
    assert table(tmp_path, b"a,b\r1,2\r3,4\r")[0] == {"a": ["1", "3"], "b": ["2", "4"]}


@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|"])
def test_the_delimiter_is_found_out(tmp_path, delimiter):
    """By what splits the lines evenly, though other delimiters stand within the cells."""
    rows = [["id", "place", "units"], ["1", "A, B; C", "E1 E2"], ["2", "D, E", "E3"]]
    text = "".join(delimiter.join(f'"{cell}"' for cell in row) + "\n" for row in rows)
    assert guess_delimiter(text.encode(), "utf-8") == delimiter
    assert table(tmp_path, text)[0]["place"] == ["A, B; C", "D, E"]


def test_formulas_are_text(tmp_path):
    """A cell that a spreadsheet would execute is kept as the text that it is."""
    assert table(tmp_path, 'a\n"=cmd|/c calc"\n')[0] == {"a": ["=cmd|/c calc"]}


@given(st.lists(st.lists(CELLS, min_size=2, max_size=4), max_size=30))
def test_every_row_is_accepted_or_listed(tmp_path_factory, rows):
    """Whatever is written by a CSV writer: each row comes back whole, or is listed with its line."""
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n", quoting=csv.QUOTE_ALL)
    writer.writerows([["a", "b", "c"], *rows])
    cells, starts, refused, _ = table(tmp_path_factory.mktemp("rows"), text.getvalue(), delimiter=",")
    assert len(starts) + len(refused) == len(rows)
    whole = [row[:3] for row in rows if len(row) == 3 or (len(row) == 4 and not row[3].strip())]
    assert [list(row) for row in zip(*cells.values(), strict=True)] == whole
