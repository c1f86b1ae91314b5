"""`redstick neris`: payloads that the official models take, and every gap of the others."""

import csv
import json

import pytest


@pytest.fixture
def neris(run, town, tmp_path):
    """Run it over the town's week; gives what it left."""

    def call(*more, calls=town / "calls.csv"):
        return run("neris", calls, "--columns", town / "columns.toml", "--out", tmp_path / "n.jsonl", *more, "--json")

    return call


def test_what_leaves_is_what_the_official_models_take(neris, tmp_path):
    """Every incident of the town has the mandatory times; each leaves as one line, and its gaps are listed."""
    summary = neris().json
    assert summary["incidents"] == summary["accepted"] == 140
    payloads = [json.loads(line) for line in (tmp_path / "n.jsonl").read_text().splitlines()]
    assert len(payloads) == 140
    assert {"call_arrival", "call_answered", "call_create"} <= set(payloads[0])
    with (tmp_path / "n.gaps.csv").open() as file:
        gaps = list(csv.DictReader(file))
    assert {gap["holds_back"] for gap in gaps} == {"no"}
    assert "determinant_code" in summary["never_filled"]
    assert "unit_responses.staffing" in summary["never_filled"]
    assert not {"call_arrival", "unit_responses.dispatch"} & set(summary["never_filled"])


def test_what_lacks_a_mandatory_time_is_held_back_and_counted(neris, town, tmp_path):
    """Without the time of answering nothing leaves, unless a stand-in is declared by name."""
    silent = tmp_path / "calls.csv"
    with (town / "calls.csv").open() as file:
        rows = list(csv.DictReader(file))
    with silent.open("w", newline="") as file:
        writer = csv.DictWriter(file, rows[0])
        writer.writeheader()
        writer.writerows({**row, "answered": ""} for row in rows)
    held = neris(calls=silent).json
    assert (held["accepted"], held["held_back"]) == (0, 140)
    assert any("call_answered" in gap for gap in held["blocking"])
    assert (tmp_path / "n.jsonl").read_text() == ""
    assert neris("--call-answered-from", "entered", calls=silent).json["accepted"] == 140
    assert neris("--call-answered-from", "the stars").code == 2


def test_formulas_stay_text(neris, town, tmp_path):
    """A cell that a spreadsheet would run is harmless in the list of gaps."""
    wild = tmp_path / "calls.csv"
    wild.write_text((town / "calls.csv").read_text().replace("\n1000,", "\n=cmd()|A1,"))
    assert neris(calls=wild).code == 0
    with (tmp_path / "n.gaps.csv").open() as file:
        assert not any(cell.startswith(("=", "+", "-", "@")) for row in csv.reader(file) for cell in row)
