"""`redstick savings`: the example bills to a page, and imports that are whole or not at all."""

import json
from pathlib import Path

import pytest
from tests.server.api.conftest import PASSWORD

from redstick.cli.errors import Failure, Misuse
from redstick.cli.main import run

EXAMPLE = Path(__file__).parents[2] / "examples" / "savings"
BILLS = [str(path) for path in sorted(EXAMPLE.glob("*.csv"))]
NAMED = ["--provider", "Cypress Circuits", "--account", "CY-1"]


def well(arguments):
    """Run a command that must end well."""
    try:
        run(arguments)
    except SystemExit as ended:
        if ended.code:
            pytest.fail(f"{arguments} ended with {ended.code}")


def told(capsys, *arguments):
    """What a command says as JSON."""
    well(["savings", *arguments])
    return json.loads(capsys.readouterr().out)


def test_the_example_is_what_its_maker_makes(monkeypatch):
    """Byte for byte."""
    monkeypatch.syspath_prepend(str(EXAMPLE))
    import make_example

    assert {name: (EXAMPLE / name).read_text() for name in make_example.files()} == make_example.files()


def test_the_example_is_a_page_paper_and_tables_without_a_city(tmp_path, capsys):
    """Every line of the example stands somewhere: proven, still billed, planned, kept, open, gone, on no bill."""
    figures = told(
        capsys, "report", *BILLS, *NAMED, "--plan", str(EXAMPLE / "plan.toml"), "--out", str(tmp_path / "p.html"),
        "--csv", str(tmp_path / "csv"), "--pdf", str(tmp_path / "p.pdf"), "--json",
    )  # fmt: skip
    lines = {name: one["lines"] for name, one in figures["standing"].items()}
    assert lines == {
        "proven": 13, "claimed": 0, "still_billed": 1, "planned": 21, "kept": 1, "open": 21, "gone": 2,
        "never_billed": 1,
    }  # fmt: skip
    assert figures["lost_cents"] == 26_019
    assert (tmp_path / "p.html").read_text().startswith("<!DOCTYPE html>")
    assert (tmp_path / "p.pdf").read_bytes().startswith(b"%PDF")
    assert "still billed" in (tmp_path / "csv" / "still_billed.csv").read_text()


def test_a_preview_says_what_is_understood(capsys):
    """Columns, statements, doubts; in JSON the same."""
    [seen] = told(capsys, "preview", str(EXAMPLE / "lakeshore-2026-05.csv"), "--json")
    assert seen["columns"]["Taxes & Surcharges"] == "taxes and fees"
    assert (seen["duplicates"], seen["statements"][0]["lines"], seen["faults"]) == (1, 46, [])
    with pytest.raises(SystemExit):
        run(["savings", "preview", str(EXAMPLE / "lakeshore-2026-05.csv")])
    assert "line 32: the same as line 31; counted once" in capsys.readouterr().out


@pytest.fixture
def city(tmp_path, monkeypatch):
    """A folder with an administrator, and whoever types a password."""
    import io
    import sys

    def typed(arguments, words):
        monkeypatch.setattr(sys, "stdin", io.StringIO(words))
        well(arguments)

    data = ["--data", str(tmp_path / "data")]
    typed(["people", "add", "ada", *data, "--password-stdin"], f"{PASSWORD}\n")
    return lambda *more: typed(
        ["savings", "import", *more, *data, "--as", "ada", "--password-stdin"], f"{PASSWORD}\n"
    ), data


def test_bills_come_into_a_city_in_any_order_and_once(city, capsys):
    """All of them or none: one that would be refused keeps the others out too."""
    take, data = city
    capsys.readouterr()
    take(*reversed(BILLS), *NAMED, "--plan", str(EXAMPLE / "plan.toml"), "--json")
    first = json.loads(capsys.readouterr().out)
    assert (first["new_lines"], first["new_statements"]) == (60, 21)
    take(*BILLS, *NAMED, "--json")
    assert json.loads(capsys.readouterr().out)["new_statements"] == 0
    assert told(capsys, "report", *data, "--json")["standing"]["proven"]["lines"] == 13


def test_one_bad_bill_keeps_the_others_out(city, tmp_path, capsys):
    """A fault by file and line; a statement that differs by its code; nothing is taken either time."""
    take, data = city
    bad = tmp_path / "bad.csv"
    bad.write_text((EXAMPLE / "lakeshore-2026-04.csv").read_text().replace("$43.50", "43.5.0", 1))
    with pytest.raises(Misuse, match=r"nothing was taken:\n  bad.csv, line 5: expected an amount"):
        take(str(EXAMPLE / "lakeshore-2026-03.csv"), str(bad))
    differs = tmp_path / "differs.csv"
    differs.write_text((EXAMPLE / "delta-2026-03.csv").read_text().replace("412,00", "413,00"))
    with pytest.raises(Failure, match=r"statement_differs.*nothing was taken"):
        take(str(EXAMPLE / "delta-2026-03.csv"), str(differs))
    with pytest.raises(Failure, match="no bill was taken yet"):
        run(["savings", "report", *data])
    capsys.readouterr()


@pytest.mark.parametrize(
    ("text", "what"),
    [("[[plan_wav]]\n", "expected one of"), ("[[plan_wave]]\nwave = 3\n", "plan_wave 1"), ("[", "expected TOML")],
)
def test_a_plan_that_cannot_be_read_is_refused_by_its_place(tmp_path, text, what):
    """Before anything is asked."""
    plan = tmp_path / "plan.toml"
    plan.write_text(text)
    with pytest.raises(Misuse, match=what):
        run(["savings", "report", BILLS[-1], "--plan", str(plan)])


def test_bills_and_a_city_are_not_reported_together():
    """One or the other."""
    with pytest.raises(Misuse, match="expected bills, or --data"):
        run(["savings", "report"])
