"""Files in: what is read as what, and every fault named by file, row and what was expected."""

import zipfile

import numpy as np
import pytest

from redstick.survey.index.errors import IndexFault
from redstick.survey.index.model_file import read_model
from redstick.survey.index.plan import score
from redstick.survey.index.reading import read_inputs
from redstick.survey.index.tables import read_table

MODEL = """name = "small"
[table]
id = "town"
[[group]]
id = "index"
weights_sum = 100
[[indicator]]
id = "a"
parent = "index"
weight = 60
[[indicator]]
id = "b"
parent = "index"
weight = 40
levels = { Yes = 1, No = 0 }
"""


@pytest.fixture
def write(tmp_path):
    """Writes a file and gives its path."""

    def put(name, content):
        path = tmp_path / name
        path.write_bytes(content if isinstance(content, bytes) else content.encode())
        return path

    return put


@pytest.fixture
def refused(write):
    """The fault that a table of answers gives, with the small model."""

    def fault(content, name="answers.csv", model=MODEL, **more):
        table = write(name, content)
        with pytest.raises(IndexFault) as caught:
            read_inputs(read_model(write("model.toml", model)), table, **more)
        return caught.value

    return fault


def sheet(path, cells, name="xl/worksheets/sheet1.xml", dimension="A1:C3"):
    """A workbook of inline strings, made by hand: (reference, text) pairs."""
    rows = {}
    for reference, text in cells:
        number = "".join(letter for letter in reference if letter.isdigit())
        rows.setdefault(int(number), []).append(f'<c r="{reference}" t="inlineStr"><is><t>{text}</t></is></c>')
    body = "".join(f'<row r="{number}">{"".join(each)}</row>' for number, each in sorted(rows.items()))
    main = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
    office = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
    package = "http://schemas.openxmlformats.org/package/2006"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as packed:
        packed.writestr("[Content_Types].xml", f'<Types xmlns="{package}/content-types"/>')
        packed.writestr(
            "_rels/.rels",
            f'<Relationships xmlns="{package}/relationships"><Relationship Id="r1" '
            f'Type="{office}/officeDocument" Target="xl/workbook.xml"/></Relationships>',
        )
        packed.writestr(
            "xl/workbook.xml",
            f'<workbook xmlns="{main}" xmlns:r="{office}"><sheets>'
            '<sheet name="s" sheetId="1" r:id="r1"/></sheets></workbook>',
        )
        packed.writestr(
            "xl/_rels/workbook.xml.rels",
            f'<Relationships xmlns="{package}/relationships"><Relationship Id="r1" '
            f'Type="{office}/worksheet" Target="worksheets/sheet1.xml"/></Relationships>',
        )
        packed.writestr(
            name,
            f'<worksheet xmlns="{main}"><dimension ref="{dimension}"/><sheetData>{body}</sheetData></worksheet>',
        )
    return path


def test_answers_become_figures(write):
    """Levels, numbers, empty cells and NA; comma, semicolon or tab; a byte order mark is no part of a name."""
    model = read_model(write("model.toml", MODEL))
    for text in ("town,a,b\nx,1.5,Yes\n\ny,,No\nz,NA,\n", "\ufefftown;a;b\r\nx;1.5;Yes\r\ny;;No\r\nz;NA;\r\n"):
        _, data = read_inputs(model, write("answers.csv", text))
        assert data.ids == ("x", "y", "z")
        assert np.array_equal(data.values, [[1.5, 1], [np.nan, 0], [np.nan, np.nan]], equal_nan=True)


def test_a_workbook_reads_as_its_csv(write, tmp_path):
    """The first sheet of an XLSX gives the same figures."""
    cells = [
        ("A1", "town"),
        ("B1", "a"),
        ("C1", "b"),
        ("A2", "x"),
        ("B2", "2"),
        ("C2", "Yes"),
        ("A3", "y"),
        ("B3", "4"),
    ]
    _, data = read_inputs(read_model(write("model.toml", MODEL)), sheet(tmp_path / "answers.xlsx", cells))
    assert data.ids == ("x", "y")
    assert np.array_equal(data.values, [[2, 1], [4, np.nan]], equal_nan=True)


def test_a_duplicate_place_is_refused(refused):
    """Both rows are named."""
    fault = refused("town,a,b\nx,1,Yes\ny,1,No\nx,2,No\n")
    assert (fault.row, fault.file.endswith("answers.csv")) == (4, True)
    assert "stands in row 2 already" in fault.expected


@pytest.mark.parametrize(
    ("text", "row", "expected"),
    [
        ("town,a,b\nx,many,Yes\n", 2, "expected a number, found 'many'"),
        ("town,a,b\nx,inf,Yes\n", 2, "expected a number, found 'inf'"),
        ("town,a,b\nx,1,Perhaps\n", 2, "'Perhaps' is none of: 'Yes', 'No'"),
        ("town,a,b\nx,1\n", 2, "expected 3 cells as in the header, found 2"),
        ("town,a\nx,1\n", 1, "expected a column 'b'"),
        ("town,a,b,a\nx,1,Yes,2\n", 1, "stands twice in the header"),
        ("town,a,b\n,1,Yes\n", 2, "expected the place's id"),
        ("town,a,b\n", None, "at least one row of answers"),
        ("", None, "the table is empty"),
        (b"town,a,b\nx,1,\xff\n", 2, "expected UTF-8"),
        ("town,a,b\nx,1,\0\n", 2, "NUL byte"),
        ('town,a,b\nx,1,"Yes\n', 2, "a row of a CSV table"),
    ],
)  # fmt: skip
def test_a_bad_table_is_refused(refused, text, row, expected):
    """One clear fault with its row, whatever is wrong."""
    fault = refused(text)
    assert fault.row == row
    assert expected in fault.expected


def test_a_file_that_is_not_there(tmp_path):
    """It is named."""
    with pytest.raises(IndexFault, match=r"none\.csv: expected a file that can be read"):
        read_table(tmp_path / "none.csv")


def test_a_workbook_that_unpacks_to_gigabytes_is_refused(refused, tmp_path):
    """A bomb: 600 MiB of zeros in 600 kB, refused by its directory before it is opened."""
    path = tmp_path / "bomb.xlsx"
    with (
        zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED, compresslevel=9) as packed,
        packed.open("xl/worksheets/sheet1.xml", "w", force_zip64=True) as inside,
    ):
        for _ in range(600):
            inside.write(bytes(1 << 20))
    assert path.stat().st_size < 1 << 20
    fault = refused(path.read_bytes(), "bomb.xlsx")
    assert "at most 512 MiB inside; this holds 600 MiB" in fault.expected


def test_a_workbook_with_far_corners_is_refused(refused, tmp_path):
    """Two cells in opposite corners would fill the memory: the rectangle is measured first."""
    path = sheet(tmp_path / "wide.xlsx", [("A1", "town"), ("XFD1048576", "x")])
    fault = refused(path.read_bytes(), "wide.xlsx")
    assert "expected at most 6,000,000 cells" in fault.expected
    assert fault.row == 1_048_576


@pytest.mark.parametrize("content", [b"PK\x03\x04 torn", b"PK\x03\x04" + bytes(100)])
def test_a_torn_workbook_is_refused(refused, content):
    """So is an archive that is no workbook."""
    assert "Excel workbook that is whole" in refused(content, "torn.xlsx").expected


def test_an_archive_that_is_no_workbook_is_refused(refused, tmp_path):
    """It is said what was expected."""
    path = tmp_path / "other.xlsx"
    with zipfile.ZipFile(path, "w") as packed:
        packed.writestr("readme.txt", "hello")
    assert "this archive holds none" in refused(path.read_bytes(), "other.xlsx").expected


def test_weights_that_do_not_sum_are_refused(write):
    """In the model by its line, in a table by its row, with what was expected."""
    with pytest.raises(IndexFault) as caught:
        read_model(write("model.toml", MODEL.replace("weight = 40", "weight = 35")))
    assert caught.value.row == 12
    assert "weights below 'index' add up to 95 (60 + 35); expected 100" in caught.value.expected
    model = write("model.toml", MODEL)
    with pytest.raises(IndexFault) as caught:
        read_model(model, write("weights.csv", "id,weight\na,50\nb,51\n"))
    assert caught.value.file.endswith("weights.csv")
    assert caught.value.row == 3
    assert "expected 100" in caught.value.expected
    assert read_model(model, write("weights.csv", "id,weight\na,50\nb,50\n")).indicator[0].weight == 50


@pytest.mark.parametrize(
    ("text", "row", "expected"),
    [
        ("id,weight\na,50\na,50\n", 3, "has its weight in row 2 already"), ("id,weight\nq,50\n", 2, "is no indicator"),
        ("id,weight\na,half\n", 2, "expected a weight, a number"), ("id,weight\na,-1\n", 2, "a number of 0 or more"),
        ("id,weight\na,nan\n", 2, "a number of 0 or more"), ("id,weight\na,100\n", None, "lacking: b"),
    ],
)  # fmt: skip
def test_a_bad_table_of_weights_is_refused(write, text, row, expected):
    """Unknown, repeated, negative, absent: each by its row."""
    with pytest.raises(IndexFault) as caught:
        read_model(write("model.toml", MODEL), write("weights.csv", text))
    assert caught.value.row == row
    assert expected in caught.value.expected


@pytest.mark.parametrize(
    ("change", "row", "expected"),
    [
        (("weight = 60", "weight = -1"), 8, "a weight of 0 or more"),
        (("weight = 60", 'weight = "x"'), 7, "Expected `float`"),
        (('id = "b"', 'id = "a"'), 8, "stands twice"), (('id = "town"', "id ="), 3, "expected TOML"),
        (("[table]", "[tabel]"), None, "unknown field `tabel`"), (("weights_sum", "sum"), 4, "unknown field `sum`"),
        (('parent = "index"\nweight = 60', 'parent = "idx"\nweight = 60'), 8, "'idx' is no group"),
    ],
)  # fmt: skip
def test_a_bad_model_is_refused(write, change, row, expected):
    """With the line of the model where one can be named."""
    with pytest.raises(IndexFault) as caught:
        read_model(write("model.toml", MODEL.replace(*change)))
    assert caught.value.row == row
    assert expected in str(caught.value)


JUDGED = MODEL.replace("levels = { Yes = 1, No = 0 }", 'judged = "ordinal"')


@pytest.mark.parametrize(
    ("ratings", "row", "expected"),
    [
        ("place,question,judge,rating\nx,b,j,1\nx,b,j,2\n", 3, "row 2 already holds judge 'j'"),
        ("place,question,judge,rating\nq,b,j,1\n", 2, "one of the places that answered"),
        ("place,question,judge,rating\nx,a,j,1\n", 2, "expected a judged indicator"),
        ("place,question,judge,rating\nx,b,,1\n", 2, "the judge's id"),
        ("place,question,judge,rating\nx,b,j,good\n", 2, "expected a number"),
    ],
)
def test_bad_ratings_are_refused(refused, write, ratings, row, expected):
    """A judge twice on one cell, an unknown place or question, no judge, no number."""
    fault = refused("town,a\nx,1\n", model=JUDGED, ratings=write("ratings.csv", ratings))
    assert (fault.row, expected in fault.expected) == (row, True)


def test_ratings_take_the_place_of_a_column(write):
    """The mean of those who rated; a cell without a rating is missing; without a table of ratings it is a fault."""
    model, table = read_model(write("model.toml", JUDGED)), write("answers.csv", "town,a\nx,1\ny,1\n")
    ratings = write("ratings.csv", "place,question,judge,rating\nx,b,k,4\nx,b,j,1\ny,b,j,\n")
    plan, data = read_inputs(model, table, ratings=ratings)
    assert score(plan, data).tables["1-collected"][:, 1].tolist()[0] == 2.5
    assert np.isnan(score(plan, data).tables["1-collected"][1, 1])
    with pytest.raises(IndexFault, match="expected a table of ratings"):
        read_inputs(model, table)


def test_a_roster_says_who_is_scored(write):
    """Its places are scored in its order, answered or not; an answer of nobody on it is refused."""
    model, places = read_model(write("model.toml", MODEL)), write("places.csv", "town\nz\nx\n")
    _, data = read_inputs(model, write("answers.csv", "town,a,b\nx,1,Yes\n"), places)
    assert data.ids == ("z", "x")
    assert np.isnan(data.values[0]).all()
    with pytest.raises(IndexFault, match="expected one of the places in"):
        read_inputs(model, write("answers.csv", "town,a,b\nq,1,Yes\n"), places)
    with pytest.raises(IndexFault, match="row 3: place 'z' stands in row 2"):
        read_inputs(model, write("answers.csv", "town,a,b\nz,1,Yes\n"), write("places.csv", "town\nz\nz\n"))


def test_classes_by_population(write):
    """A class begins at its least number; a place without a figure, or below every class, is in none."""
    bands = '[classes]\ncolumn = "people"\nbands = [{ name = "big", least = 100 }, { name = "small", least = 10 }]\n'
    model = read_model(write("model.toml", MODEL + bands))
    text = "town,a,b,people\nv,1,No,100\nw,2,No,99.5\nx,1,No,10\ny,1,No,9\nz,1,No,\n"
    plan, data = read_inputs(model, write("answers.csv", text))
    assert data.classes.tolist() == [0, 1, 1, -1, -1]
    assert score(plan, data).ranks.tolist() == [1, 1, 2, 0, 0]


def test_a_completion_question_is_required_and_never_ranked(write):
    """It changes no score, and the places that left it open are listed."""
    extra = '[[indicator]]\nid = "filed"\nparent = "index"\ncompletion = true\nweight = 7\n'
    model = read_model(write("model.toml", MODEL + extra))
    plan, data = read_inputs(model, write("answers.csv", "town,a,b,filed\nx,1,No,yes\ny,1,No,\n"))
    assert data.unfinished == (("y", "filed"),)
    assert [one.id for one in plan.indicators] == ["a", "b"]
    assert score(plan, data).ranks.tolist() == [1, 1]
