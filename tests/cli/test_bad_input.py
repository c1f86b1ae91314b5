"""Whatever stands in a file, a command ends in one clear line or one clear warning, and nothing is half-written."""

import gzip
import json

import pytest


@pytest.fixture
def report(run, town, tmp_path):
    """Reports on some bytes; gives what it left and the files that it wrote."""

    def call(content, name="calls.csv", columns=None):
        source = tmp_path / name
        source.write_bytes(content)
        out = tmp_path / "out"
        out.mkdir(exist_ok=True)
        done = run("report", source, "--columns", columns or town / "columns.toml", "--out", out / "page.html")
        return done, sorted(path.name for path in out.iterdir())

    return call


@pytest.fixture
def rows(town):
    """The town's export, line by line."""
    return (town / "calls.csv").read_bytes().splitlines(keepends=True)


def day_first(rows, day):
    """The rows with days from `day` of May on, written day/month/year."""
    text = b"".join(rows).decode()
    for k in range(8):
        text = text.replace(f"2024-05-{6 + k:02d}", f"{day + k:02d}/05/2024")
    return text.encode()


def test_a_file_that_ends_in_the_middle_is_told_by_its_row(report, rows):
    """The torn row is left out with a warning that names file and row; the rest is reported."""
    done, written = report(b"".join(rows)[:-40])
    assert (done.code, written) == (0, ["page.html"])
    assert f"calls.csv, row {len(rows)}: the file ends in the middle of the row" in done.err


def test_a_packed_file_that_is_torn_is_refused(report, rows):
    """What is lost cannot be told: one line, exit code 2, nothing written."""
    done, written = report(gzip.compress(b"".join(rows))[:900], name="calls.csv.gz")
    assert (done.code, done.err.count("\n"), written) == (2, 1, [])
    assert "calls.csv.gz: the packed file is damaged" in done.err


@pytest.mark.parametrize("encoding", ["latin-1", "utf-16", "utf-8-sig"])
def test_a_file_in_another_encoding_is_read(report, rows, tmp_path, encoding):
    """Old programs write what they always wrote; the accents come through."""
    text = b"".join(rows).decode().replace(",Medical,", ",Médical,")
    done, _ = report(text.encode(encoding))
    assert done.code == 0
    assert "187 rows (0 refused)" in done.out
    assert "Médical" in (tmp_path / "out" / "page.html").read_text()


def test_lines_in_two_encodings_are_told_on_the_page(report, rows, tmp_path):
    """A line that is not UTF-8 amid others is read as Windows-1252, and the page says of how many that is true."""
    rows[3] = rows[3].replace(b",Medical,", b",M\xe9dical,").replace(b",Fire,", b",F\xe9u,")
    done, _ = report(b"".join(rows))
    assert done.code == 0
    assert "1 lines are not UTF-8 and were read as Windows-1252" in (tmp_path / "out" / "page.html").read_text()


def test_a_column_that_is_not_there_is_named_with_those_that_are(report, rows, town, tmp_path):
    """Exit code 2; the line names the file, its first row, the column and the file's own."""
    columns = tmp_path / "columns.toml"
    columns.write_text((town / "columns.toml").read_text().replace('"kind"', '"Apparatus"'))
    done, written = report(b"".join(rows), columns=columns)
    assert (done.code, done.err.count("\n"), written) == (2, 1, [])
    assert "row 1, column 'Apparatus': a column of this name; the file has: call, unit, kind" in done.err
    columns.write_text((town / "columns.toml").read_text().replace("unit_kind", "unit_flavour"))
    done, written = report(b"".join(rows), columns=columns)
    assert (done.code, done.err.count("\n"), written) == (2, 1, [])
    assert "columns.unit_flavour" in done.err


def test_days_before_months_are_not_read_as_months(report, rows, town, tmp_path):
    """Dates in another form than the map's, and days taken for months, are refused by row and column."""
    columns = tmp_path / "columns.toml"
    columns.write_text((town / "columns.toml").read_text().replace("%Y-%m-%d", "%m/%d/%Y"))
    for content, chosen in ((day_first(rows, 6), None), (day_first(rows, 10), columns)):
        done, written = report(content, columns=chosen)
        assert (done.code, done.err.count("\n"), written) == (2, 1, [])
        assert "row 2, column 'received'" in done.err or "column 'received': a time in the form" in done.err
    columns.write_text((town / "columns.toml").read_text().replace("%Y-%m-%d", "%d/%m/%Y"))
    assert report(day_first(rows, 6), columns=columns)[0].code == 0


def test_days_that_could_be_months_are_asked_for(run, rows, tmp_path):
    """Over a week the order of days shows which comes first; in one day's calls nothing does, and the draft asks."""
    (tmp_path / "calls.csv").write_bytes(day_first(rows, 5))
    week = run("columns", "guess", tmp_path / "calls.csv", "--json").json
    assert "%d/%m/%Y %H:%M:%S" in week["toml"]
    (tmp_path / "calls.csv").write_bytes(day_first(rows[:10], 5).replace(b"05/05/", b"06/05/"))
    day = run("columns", "guess", tmp_path / "calls.csv", "--json").json
    assert any("both fit" in doubt["evidence"] for doubt in day["unsure"])


def test_the_hour_that_is_left_out_is_told_and_the_one_that_repeats_is_settled(report, rows):
    """2:30 on the day that the clocks go forward is no time: a warning names it. In autumn 1:58 to 1:05 is a drive."""
    head, row = rows[0], rows[1].decode()
    spring = row.replace("2024-05-06 00:", "2024-03-10 02:")
    done, _ = report(head + spring.encode())
    assert done.code == 0
    assert "row 2, column 'received': in the hour that the clocks leave out" in done.err
    autumn = ["1", "E01", "ENGINE", "Fire", "x", "01", "30.4", "-91.2", *["2024-11-03 01:58:00"] * 4]
    autumn += ["2024-11-03 01:59:00", "2024-11-03 01:05:00", "2024-11-03 01:40:00", "Done"]
    done, _ = report(head + ",".join(autumn).encode())
    assert (done.code, done.err) == (0, "")


def test_a_formula_stays_text_in_every_table(run, rows, town, tmp_path):
    """A cell that a spreadsheet would run gets an apostrophe before it in every table that is written."""
    (tmp_path / "calls.csv").write_bytes(b"".join(rows).replace(b",Fire,", b',"=HYPERLINK(""x"")",'))
    tables = tmp_path / "tables"
    done = run("report", tmp_path / "calls.csv", "--columns", town / "columns.toml", "--csv", tables,
               "--out", tmp_path / "page.html")  # fmt: skip
    assert done.code == 0
    text = "".join(path.read_text() for path in tables.iterdir())
    assert "'=HYPERLINK" in text
    assert not any(cell.strip('"').startswith(("=", "@")) for line in text.splitlines() for cell in line.split(","))


def test_an_address_of_ten_thousand_letters_is_not_found(run, rows, town, tmp_path):
    """A replay with a city takes the row; the place of that call is not found, and nothing takes longer for it."""
    cells = rows[1].split(b",")
    cells[4] = b"9" * 10_000
    (tmp_path / "calls.csv").write_bytes(b"".join([rows[0], b",".join(cells), *rows[2:]]))
    answer = run(
        "replay", tmp_path / "calls.csv", "--columns", town / "columns.toml", "--city", town / "city", "--json"
    )
    assert answer.code == 0, answer.err
    assert answer.json["rows"]["accepted"] == 187
    assert answer.json["geocode"]["kinds"] == {"not_found": 1, "unique": 139}


@pytest.mark.parametrize("half", ["roads.geojson", "liechtenstein.osm.pbf"])
def test_half_a_street_file_leaves_no_city(run, town, third_party, tmp_path, half):
    """A file cut in half is named with what was expected; no folder is left, and a city that stood there stays."""
    whole = (town / half if half == "roads.geojson" else third_party(f"roads/{half}")).read_bytes()
    (tmp_path / half).write_bytes(whole[: len(whole) // 2])
    done = run("city", "import", "--roads", tmp_path / half, "--out", tmp_path / "city")
    assert (done.code, done.err.count("\n")) == (2, 1)
    assert half in done.err
    assert "expected" in done.err
    assert [path.name for path in tmp_path.iterdir()] == [half]


def test_a_zone_that_crosses_itself_leaves_no_city(run, town, tmp_path):
    """The line names the file, the feature and where it crosses; nothing is written."""
    bow = [[-91.2, 30.4], [-91.1, 30.5], [-91.1, 30.4], [-91.2, 30.5], [-91.2, 30.4]]
    shape = {"type": "Feature", "properties": {"id": "B1"}, "geometry": {"type": "Polygon", "coordinates": [bow]}}
    (tmp_path / "bow.geojson").write_text(json.dumps({"type": "FeatureCollection", "features": [shape]}))
    done = run("city", "import", "--roads", town / "roads.geojson", "--zones", tmp_path / "bow.geojson", "--zone-kind",
               "beat", "--out", tmp_path / "city")  # fmt: skip
    assert (done.code, done.err.count("\n")) == (2, 1)
    assert "bow.geojson: feature 1: zone 'B1'" in done.err
    assert "Self-intersection[-91.15 30.45]" in done.err
    assert not (tmp_path / "city").exists()
