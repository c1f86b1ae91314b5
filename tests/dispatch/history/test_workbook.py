"""Excel workbooks: typed dates, chosen sheets, and those built to fill the memory."""

import datetime as dt
import zipfile
from itertools import chain

import pytest

from redstick.dispatch.history import workbook
from redstick.dispatch.history.errors import HistoryError
from redstick.dispatch.history.workbook import cell_text, open_workbook

TYPES = (
    '<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">'
    '<Default Extension="xml" ContentType="application/xml"/>'
    '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/></Types>'
)
MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
STYLES = f'<styleSheet xmlns="{MAIN}"><cellXfs count="2"><xf numFmtId="0"/><xf numFmtId="22"/></cellXfs></styleSheet>'


def relationships(*entries):
    inside = "".join(
        f'<Relationship Id="{i}" Type="{OFFICE}/{kind}" Target="{target}"/>' for i, kind, target in entries
    )
    return (
        f'<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">{inside}</Relationships>'
    )


def write(path, *sheets):
    """A workbook of sheets given as the XML of their rows."""
    names = "".join(f'<sheet name="S{i}" sheetId="{i}" r:id="r{i}"/>' for i in range(1, len(sheets) + 1))
    links = [(f"r{i}", "worksheet", f"worksheets/sheet{i}.xml") for i in range(1, len(sheets) + 1)]
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as packed:
        packed.writestr("[Content_Types].xml", TYPES)
        packed.writestr("_rels/.rels", relationships(("r1", "officeDocument", "xl/workbook.xml")))
        packed.writestr(
            "xl/workbook.xml", f'<workbook xmlns="{MAIN}" xmlns:r="{OFFICE}"><sheets>{names}</sheets></workbook>'
        )
        packed.writestr("xl/_rels/workbook.xml.rels", relationships(*links, ("r9", "styles", "styles.xml")))
        packed.writestr("xl/styles.xml", STYLES)
        for i, rows in enumerate(sheets, start=1):
            sheet = f'<worksheet xmlns="{MAIN}"><sheetData>{rows}</sheetData></worksheet>'
            packed.writestr(f"xl/worksheets/sheet{i}.xml", sheet)
    return path


def text(ref, value):
    return f'<c r="{ref}" t="str"><v>{value}</v></c>'


HEADER = f'<row r="1">{text("A1", "Call")}{text("B1", "Received")}</row>'


def cells_of(path, wanted=None, sheet=""):
    pieces = list(open_workbook(path, wanted, sheet).pieces)
    cells = {name: list(chain.from_iterable(piece.cells[name] for piece in pieces)) for name in pieces[0].cells}
    return cells, [row for piece in pieces for row in piece.rows]


def test_dates_come_typed_and_formulas_as_what_they_gave(tmp_path):
    """A date cell is ISO text, a whole number has no point, a formula's cell is its result, a blank row is no row."""
    rows = (
        '<row r="2"><c r="A2"><v>17</v></c><c r="B2" s="1"><v>42736.5</v></c></row>'
        '<row r="4"><c r="A4" t="str"><f>HYPERLINK("x")</f><v>=2+2</v></c></row>'
    )
    cells, numbers = cells_of(write(tmp_path / "a.xlsx", HEADER + rows))
    assert cells == {"Call": ["17", "=2+2"], "Received": ["2017-01-01T12:00:00", ""]}
    assert numbers == [2, 4]


def test_a_sheet_is_chosen_by_name(tmp_path):
    """The first unless named; a name that the workbook lacks is refused with those it has."""
    other = f'<row r="1">{text("A1", "Other")}</row><row r="2">{text("A2", "x")}</row>'
    path = write(tmp_path / "a.xlsx", HEADER, other)
    assert cells_of(path)[0] == {"Call": [], "Received": []}
    assert cells_of(path, sheet="S2")[0] == {"Other": ["x"]}
    with pytest.raises(HistoryError, match="S1, S2"):
        cells_of(path, sheet="S3")


def test_cells_in_opposite_corners_are_refused_before_opening(tmp_path):
    """A sheet of two cells, A1 and XFD1048576, would need seventeen thousand million cells."""
    path = write(tmp_path / "corner.xlsx", HEADER + f'<row r="1048576">{text("XFD1048576", "x")}</row>')
    with pytest.raises(HistoryError, match="cells in a sheet"):
        cells_of(path)


def test_an_archive_that_is_a_bomb_is_refused_by_its_directory(tmp_path, monkeypatch):
    """What says that it unpacks beyond the limit is not unpacked."""
    monkeypatch.setattr(workbook, "UNPACKED_MAX_BYTES", 1 << 20)
    path = write(tmp_path / "bomb.xlsx", HEADER + " " * (2 << 20))
    assert path.stat().st_size < 1 << 16
    with pytest.raises(HistoryError, match="at most"):
        cells_of(path)


def test_a_directory_that_lies_about_sizes_is_refused(tmp_path):
    """An entry that holds more than it says fails its checksum."""
    path = write(tmp_path / "lie.xlsx", HEADER + " " * 5000)
    raw = bytearray(path.read_bytes())
    with zipfile.ZipFile(path) as packed:
        entry = packed.getinfo("xl/worksheets/sheet1.xml")
    size = entry.file_size.to_bytes(4, "little")
    assert raw.count(size) >= 2
    path.write_bytes(bytes(raw).replace(size, (100).to_bytes(4, "little")))
    with pytest.raises(HistoryError, match="whole"):
        cells_of(path)


@pytest.mark.parametrize("content", [b"PK\x03\x04 torn", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(512)])
def test_damaged_workbooks_are_refused(tmp_path, content):
    """New and old form alike."""
    (tmp_path / "a.xlsx").write_bytes(content)
    with pytest.raises(HistoryError, match="Excel workbook that is whole"):
        cells_of(tmp_path / "a.xlsx")


def test_an_archive_of_other_things_and_an_empty_sheet_are_refused(tmp_path):
    """A zip of pictures is no workbook; a sheet without cells has no header."""
    with zipfile.ZipFile(tmp_path / "a.zip", "w") as packed:
        packed.writestr("picture.png", b"x")
    with pytest.raises(HistoryError, match="holds none"):
        cells_of(tmp_path / "a.zip")
    with pytest.raises(HistoryError, match="the sheet is empty"):
        cells_of(write(tmp_path / "a.xlsx", ""))


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        (3.0, "3"),
        (3.25, "3.25"),
        (True, "true"),
        (None, ""),
        (dt.datetime(2017, 1, 1), "2017-01-01"),  # noqa: DTZ001  cells have no zone
        (dt.datetime(2017, 1, 1, 9, 5), "2017-01-01T09:05:00"),  # noqa: DTZ001  cells have no zone
        (dt.time(9, 5), "09:05:00"),
        (dt.date(2017, 1, 1), "2017-01-01"),
    ],
)
def test_typed_cells_as_text(value, expected):
    """Midnight is a day, so that a day and a time of day in two cells can be joined."""
    assert cell_text(value) == expected
