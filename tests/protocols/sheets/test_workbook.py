"""Workbooks: what a sheet says, and every way to fill the memory refused before it is opened."""

import zipfile
from datetime import UTC, date, datetime, time

import pytest

from redstick.protocols.sheets.faults import SheetFault
from redstick.protocols.sheets.workbook import cell_text, workbook_rows

MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
NIGHT = datetime(2026, 1, 2, tzinfo=UTC).replace(tzinfo=None)
PACKAGE = "http://schemas.openxmlformats.org/package/2006"


def workbook(path, rows_xml, target="worksheets/sheet1.xml", shared=""):
    """A workbook of one sheet whose rows are given as XML, at a place of its own choosing."""
    relations = f'<Relationships xmlns="{PACKAGE}/relationships">'
    parts = {
        "[Content_Types].xml": f'<Types xmlns="{PACKAGE}/content-types"/>',
        "_rels/.rels": f'{relations}<Relationship Id="r1" Type="{OFFICE}/officeDocument" Target="xl/workbook.xml"/>'
        "</Relationships>",
        "xl/workbook.xml": f'<workbook xmlns="{MAIN}" xmlns:r="{OFFICE}"><sheets>'
        '<sheet name="s" sheetId="1" r:id="r1"/></sheets></workbook>',
        "xl/_rels/workbook.xml.rels": f'{relations}<Relationship Id="r1" Type="{OFFICE}/worksheet" Target="{target}"/>'
        f'<Relationship Id="r2" Type="{OFFICE}/sharedStrings" Target="sharedStrings.xml"/></Relationships>',
        f"xl/{target}": f'<worksheet xmlns="{MAIN}"><sheetData>{rows_xml}</sheetData></worksheet>',
        "xl/sharedStrings.xml": f'<sst xmlns="{MAIN}">{shared}</sst>',
    }
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as packed:
        for name, text in parts.items():
            packed.writestr(name, text)
    return path


def cell(reference, text):
    """A cell with its text in itself."""
    return f'<c r="{reference}" t="inlineStr"><is><t>{text}</t></is></c>'


def test_rows_with_their_numbers(tmp_path):
    """The first row that is not empty gives the width; an empty row is left out and still counted."""
    rows = f'<row r="2">{cell("A2", "town")}{cell("B2", "a")}</row><row r="5">{cell("A5", "x")}</row>'
    assert list(workbook_rows(workbook(tmp_path / "a.xlsx", rows))) == [(2, ["town", "a"]), (5, ["x", ""])]


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (3.0, "3"), (2.5, "2.5"), (True, "true"), (None, ""), ("x", "x"), (date(2026, 1, 2), "2026-01-02"),
        (NIGHT, "2026-01-02"), (NIGHT.replace(hour=3), "2026-01-02T03:00:00"), (time(4), "04:00:00"),
    ],
)  # fmt: skip
def test_a_typed_cell_as_text(value, text):
    """Whole numbers have no point, dates are ISO 8601, a date at midnight is a date."""
    assert cell_text(value) == text


FAR = {
    "plain": '<row><c r="A1"><v>1</v></c><c r="XFD1048576"><v>1</v></c></row>',
    "single quotation marks": "<row><c r='A1'/><c r='XFD1048576'><v>1</v></c></row>",
    "an attribute that closes the tag for a careless reader": '<row><c s=">" r="XFD1048576"><v>1</v></c></row>',
    "spaces": f'<row><c{" " * 2000}r = "XFD1048576"><v>1</v></c></row>',
    "a prefix": '<row><x:c r="XFD1048576"><v>1</v></x:c></row>',
    "lower case": '<row><c r="xfd1048576"><v>1</v></c></row>',
    "a far row and a far column": '<row r="1048576"/><row><c r="XFD1"><v>1</v></c></row>',
}  # fmt: skip


@pytest.mark.parametrize("rows", FAR.values(), ids=FAR)
@pytest.mark.parametrize("target", ["worksheets/sheet1.xml", "media/picture.png"])
def test_far_corners_are_refused_however_they_are_written(tmp_path, rows, target):
    """The rectangle is measured in every spelling that XML allows, and wherever the sheet is kept."""
    with pytest.raises(SheetFault, match="at most 6,000,000 cells"):
        list(workbook_rows(workbook(tmp_path / "far.xlsx", rows, target)))


def test_millions_of_cells_without_a_place_are_refused(tmp_path):
    """Cells need not say where they stand; they are counted."""
    path = workbook(tmp_path / "many.xlsx", "<row>" + "<c><v>1</v></c>" * 6_100_000 + "</row>")
    assert path.stat().st_size < 1 << 20
    with pytest.raises(SheetFault, match="at most 6,000,000 cells"):
        list(workbook_rows(path))


def test_millions_of_shared_texts_are_refused(tmp_path):
    """So are texts that no cell uses."""
    path = workbook(tmp_path / "texts.xlsx", "<row/>", shared="<si><t/></si>" * 6_100_000)
    with pytest.raises(SheetFault, match="at most 6,000,000 cells"):
        list(workbook_rows(path))


def test_an_entry_that_holds_more_than_it_says_is_refused(tmp_path):
    """The directory's size is changed to 10 bytes: reading to its end finds the lie."""
    path = workbook(tmp_path / "lie.xlsx", f'<row r="1">{cell("A1", "x" * 5000)}</row>')
    raw = bytearray(path.read_bytes())
    with zipfile.ZipFile(path) as packed:
        true_size = packed.getinfo("xl/worksheets/sheet1.xml").file_size
    for at in [at for at in range(len(raw)) if raw[at : at + 4] == true_size.to_bytes(4, "little")]:
        raw[at : at + 4] = (10).to_bytes(4, "little")
    path.write_bytes(raw)
    with pytest.raises(SheetFault, match="that is whole"):
        list(workbook_rows(path))


def test_entities_are_not_expanded(tmp_path):
    """A billion laughs are a text of a few letters, or refused; never a gigabyte."""
    rows = f'<row r="1">{cell("A1", "&lol9;")}</row>'
    path = workbook(tmp_path / "laughs.xlsx", rows)
    entities = "".join(f'<!ENTITY lol{n} "{f"&lol{n - 1};" * 10}">' for n in range(1, 10))
    with zipfile.ZipFile(path) as packed:
        parts = {name: packed.read(name) for name in packed.namelist()}
    parts["xl/worksheets/sheet1.xml"] = (
        f'<!DOCTYPE worksheet [<!ENTITY lol0 "lol">{entities}]>'.encode() + parts["xl/worksheets/sheet1.xml"]
    )
    with zipfile.ZipFile(path, "w") as packed:
        for name, body in parts.items():
            packed.writestr(name, body)
    try:
        said = str(list(workbook_rows(path)))
    except SheetFault as fault:
        said = str(fault)
    assert len(said) < 1000


@pytest.mark.parametrize("content", [b"PK\x03\x04 torn", b"PK\x03\x04" + bytes(100), b""])
def test_a_torn_workbook_is_refused(tmp_path, content):
    """One fault that says what was expected."""
    path = tmp_path / "torn.xlsx"
    path.write_bytes(content)
    with pytest.raises(SheetFault, match="expected an Excel workbook that is whole"):
        list(workbook_rows(path))


def test_another_archive_is_refused(tmp_path):
    """An archive without a workbook, and a binary workbook that was renamed."""
    path = tmp_path / "other.xlsx"
    with zipfile.ZipFile(path, "w") as packed:
        packed.writestr("xl/workbook.bin", "hello")
    with pytest.raises(SheetFault, match="this archive holds none"):
        list(workbook_rows(path))
