"""`redstick report`: an export in, a page out; bad input leaves nothing behind."""

import csv
import json
from pathlib import Path

import pytest

from redstick.cli import report as command
from redstick.cli.errors import Failure, Misuse
from redstick.cli.main import run

EXAMPLE = Path(__file__).parents[2] / "examples" / "first_report"
CALLS = EXAMPLE / "calls.csv"
COLUMNS = EXAMPLE / "columns.toml"


def redstick(*arguments):
    """Run the command; returns its exit code."""
    try:
        return run(["report", *map(str, arguments)])
    except SystemExit as ended:
        return ended.code or 0


def refusal(*arguments):
    """The one line of a misuse."""
    with pytest.raises(Misuse) as caught:
        redstick(*arguments)
    return str(caught.value)


def test_a_newcomer_gets_a_report_at_once(tmp_path, capsys):
    """One argument is enough: the map is guessed, what is unsure goes to stderr and onto the page."""
    out = tmp_path / "report.html"
    assert redstick(CALLS, "--out", out) == 0
    said = capsys.readouterr()
    assert "312 calls" in said.out
    assert "unsure: In which time zone are these clocks?" in said.err
    assert "In which time zone are these clocks?" in out.read_text(encoding="utf-8")
    assert [path.name for path in tmp_path.iterdir()] == ["report.html"]


def test_without_out_the_page_is_report_html(tmp_path, monkeypatch):
    """It lands where the person stands."""
    monkeypatch.chdir(tmp_path)
    assert redstick(CALLS, "--columns", COLUMNS) == 0
    assert (tmp_path / "report.html").read_text(encoding="utf-8").startswith("<!DOCTYPE html>")


def test_json_is_all_that_stands_on_stdout(capsys, tmp_path, monkeypatch):
    """Machines get one object and no page unless they ask for one."""
    monkeypatch.chdir(tmp_path)
    assert redstick(CALLS, "--columns", COLUMNS, "--json") == 0
    figures = json.loads(capsys.readouterr().out)
    assert figures["counts"]["calls"] == 312
    assert figures["counts"]["unit_responses"] == 543
    assert figures["period"]["time_zone"] == "America/Chicago"
    assert list(tmp_path.iterdir()) == []


def test_the_example_has_the_flaws_it_promises(capsys):
    """One pair runs backwards with its zone named; the formula and the script are data; stamps are missing."""
    redstick(CALLS, "--columns", COLUMNS, "--json")
    figures = json.loads(capsys.readouterr().out)
    assert [(pair["later"], pair["n"]) for pair in figures["backwards"]] == [("on_scene", 1)]
    assert figures["rows_without_stamp"]["on_scene"] > 30
    [types] = [group for group in figures["groups"] if group["dimension"] == "call_type"]
    assert "<script>alert(1)</script>" in {group["value"] for group in types["groups"]}
    assert '"=HYPERLINK(' in CALLS.read_text(encoding="utf-8")


def test_the_page_runs_nothing_that_stands_in_the_export(tmp_path):
    """The script of the example is shown as text."""
    out = tmp_path / "r.html"
    redstick(CALLS, "--columns", COLUMNS, "--out", out)
    markup = out.read_text(encoding="utf-8")
    assert "<script" not in markup
    assert "&lt;script&gt;alert(1)&lt;/script&gt;" in markup


def test_csv_writes_every_table_without_a_formula(tmp_path):
    """No cell begins like a formula unless it is a number."""
    assert redstick(CALLS, "--columns", COLUMNS, "--out", tmp_path / "r.html", "--csv", tmp_path / "tables") == 0
    tables = sorted((tmp_path / "tables").iterdir())
    assert {"intervals.csv", "by_call_type.csv", "backwards.csv", "volume_by_day.csv"} <= {path.name for path in tables}
    for path in tables:
        assert path.suffix == ".csv"
        with path.open(encoding="utf-8", newline="") as file:
            for cell in (cell for row in csv.reader(file) for cell in row):
                if cell.startswith(("=", "+", "-", "@", "\t")):
                    float(cell)


def test_the_same_file_gives_the_same_bytes(tmp_path):
    """Two runs, one report."""
    for name in ("a", "b"):
        redstick(CALLS, "--columns", COLUMNS, "--out", tmp_path / f"{name}.html", "--csv", tmp_path / name)
    assert (tmp_path / "a.html").read_bytes() == (tmp_path / "b.html").read_bytes()
    assert [p.read_bytes() for p in sorted((tmp_path / "a").iterdir())] == [
        p.read_bytes() for p in sorted((tmp_path / "b").iterdir())
    ]


def test_rows_can_be_chosen(capsys):
    """Values of one category add up, categories narrow down, and the report says so."""
    redstick(CALLS, "--columns", COLUMNS, "--json", "--only", "priority=1", "--only", "priority=2", "--only", "unit=E1")
    figures = json.loads(capsys.readouterr().out)
    assert figures["only"] == "priority 1 or 2 and unit E1"
    assert figures["counts"]["units"] == 1


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (("nowhere.csv",), "nowhere.csv: there is no such file; expected an export"),
        ((CALLS, "--standard", "NFPA 9999"), "there is no standard 'NFPA 9999'"),
        ((CALLS, "--columns", "nowhere.toml"), "there is no such column map"),
        ((CALLS, "--columns", COLUMNS, "--only", "colour=red"), "expected NAME=VALUE with one of the names"),
        ((CALLS, "--columns", COLUMNS, "--only", "priority=9"), "no row says so; priority is, among others: "),
        ((CALLS, "--columns", COLUMNS, "--only", "priority=4", "--only", "call_type=Chest pain"), "is all of these"),
        ((CALLS, "--columns", COLUMNS, "--time-zone", "America/Chicago"), "says it already"),
        ((CALLS, "--time-zone", "Mars/Olympus"), "expected an IANA name"),
        ((CALLS, "--time-zone", "../etc/passwd"), "expected an IANA name"),
        ((CALLS, "--out", "no/such/folder/r.html"), "there is no folder"),
        ((CALLS, "--out", "."), "this is a folder"),
        ((CALLS, "--out", CALLS), "this is the export itself"),
        ((CALLS, "--csv", CALLS), "this is a file; expected a folder"),
    ],
)
def test_a_call_that_cannot_be_right_is_refused_in_one_line(tmp_path, monkeypatch, arguments, told):
    """What was expected is said, and nothing is written."""
    monkeypatch.chdir(tmp_path)
    message = refusal(*arguments)
    assert told in message
    assert "\n" not in message
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    ("content", "told"),
    [
        (b"", "calls.csv"),
        (b"\x00\x01\x02\x03", "calls.csv"),
        (b"Incident Number,Unit\n", "calls.csv"),
        (CALLS.read_bytes().splitlines(keepends=True)[0], "expected at least one row"),
        (b"a,b\n1,2\n", "calls.csv"),
    ],
)
def test_a_file_that_is_no_export_is_refused_by_name(tmp_path, monkeypatch, content, told):
    """Empty, binary, or without the columns of the map: one line with the file's name, no page."""
    monkeypatch.chdir(tmp_path)
    bad = tmp_path / "calls.csv"
    bad.write_bytes(content)
    message = refusal(bad, "--columns", COLUMNS, "--out", "r.html")
    assert told in message
    assert str(bad) in message
    assert [path.name for path in tmp_path.iterdir()] == ["calls.csv"]


@pytest.mark.parametrize(
    "content", ["# Read me\n\nNothing, here.\n", "a,b\n1,2\n3,4\n", "{}\n", "[]", "PK\x03\x04 no workbook"]
)
def test_a_file_that_cannot_be_guessed_is_refused_by_name(tmp_path, monkeypatch, content):
    """Without a map, too: a text, a table of something else, an empty feed, a broken workbook."""
    monkeypatch.chdir(tmp_path)
    bad = tmp_path / "notes.md"
    bad.write_text(content, encoding="utf-8")
    assert str(bad) in refusal(bad)
    assert [path.name for path in tmp_path.iterdir()] == ["notes.md"]


def test_a_torn_row_is_named_and_the_rest_is_reported(tmp_path, capsys):
    """A row of too few cells is refused by its number; nothing else is lost."""
    torn = tmp_path / "calls.csv"
    lines = CALLS.read_text(encoding="utf-8").splitlines()
    lines[5] = "25-99999,E1"
    torn.write_text("\n".join(lines) + "\n", encoding="utf-8")
    assert redstick(torn, "--columns", COLUMNS, "--json") == 0
    figures = json.loads(capsys.readouterr().out)
    assert figures["counts"]["rows_refused"] == 1
    assert [(row["row"], row["reason"]) for row in figures["refused"]] == [(6, "too_few_fields")]


def test_what_cannot_be_written_leaves_nothing(tmp_path, monkeypatch):
    """When one of the files fails, none is left, also not under a temporary name."""
    real = Path.write_bytes

    def full_disk(path, data):
        if "by_unit" in path.name:
            raise OSError(28, "No space left on device", str(path))
        return real(path, data)

    monkeypatch.setattr(Path, "write_bytes", full_disk)
    with pytest.raises(Failure, match="No space left on device"):
        redstick(CALLS, "--columns", COLUMNS, "--out", tmp_path / "r.html", "--csv", tmp_path / "tables")
    assert [path for path in tmp_path.rglob("*") if path.is_file()] == []


def test_an_earlier_report_survives_a_failure(tmp_path):
    """A page that is there is replaced whole or not at all."""
    out = tmp_path / "r.html"
    out.write_text("earlier", encoding="utf-8")
    refusal(CALLS, "--columns", COLUMNS, "--only", "priority=9", "--out", out)
    assert out.read_text(encoding="utf-8") == "earlier"


def test_the_command_offers_what_its_guide_names():
    """The options of the guide exist."""
    guide = (EXAMPLE.parents[1] / "docs" / "guide-report.md").read_text(encoding="utf-8")
    source = Path(command.__file__).read_text(encoding="utf-8")
    for option in ("columns", "standard", "only", "time-zone", "out", "csv", "json"):
        assert f"--{option}" in guide
        assert option.replace("-", "_") in source
