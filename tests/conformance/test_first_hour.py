"""The first hour on real input: San Francisco's week, from the two files that a city has to an answer.

Everything runs as its user runs it: the command line, a folder of its own, the real files.
"""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from redstick_verify.__main__ import check

ROOT = Path(__file__).parents[2]
EXAMPLES = ROOT / "examples" / "san_francisco"
ANCHORS = {  # dispatch reference, section 3: n, p50, p90, p95 in seconds
    "entry": (3560, 74, 167, 201),
    "queue": (3560, 30, 121, 198),
    "call_to_dispatch": (3560, 113, 265, 349),
    "turnout": (7490, 49, 124, 152),
    "travel": (6150, 227, 759, 1025),
    "response": (3429, 390, 1035, 1338),
}


def redstick(*arguments):
    """Run a command; gives the finished process."""
    command = [sys.executable, "-c", "from redstick.cli.main import main; main()", *map(str, arguments)]
    environment = {**os.environ, "PYTHONHASHSEED": "random"}
    return subprocess.run(command, capture_output=True, text=True, check=False, env=environment)


@pytest.fixture(scope="module")
def city(third_party, tmp_path_factory):
    """San Francisco's streets and stations as a city folder."""
    folder = tmp_path_factory.mktemp("city") / "san_francisco"
    done = redstick(
        "city", "import", "--roads", third_party("roads/san_francisco_centerlines.geojson.gz"),
        "--columns", EXAMPLES / "roads.toml", "--stations", third_party("cad/san_francisco_stations.csv"),
        "--name", "San Francisco", "--time-zone", "America/Los_Angeles", "--out", folder,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    return folder


@pytest.fixture(scope="module")
def replayed(city, third_party, tmp_path_factory):
    """The answer of `redstick replay --json`, and the data folder that it left."""
    data = tmp_path_factory.mktemp("data")
    done = redstick(
        "replay", third_party("cad/san_francisco_fire_2016-12-31_2017-01-07.csv.gz"),
        "--columns", EXAMPLES / "columns.toml", "--city", city, "--homes", EXAMPLES / "homes.toml",
        "--data", data, "--json",
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout), data


def test_every_row_is_accepted_or_listed(replayed):
    """All 7,704 unit rows and 3,560 calls went through, and no command of a row was refused."""
    answer, _ = replayed
    assert answer["rows"]["read"] == 7704
    assert answer["rows"]["accepted"] + answer["rows"]["listed"] == 7704
    assert answer["rows"]["with_a_refused_command"] == 0
    assert (answer["calls"], answer["units"]) == (3560, 178)


def test_the_intervals_of_the_fold_are_the_anchors(replayed):
    """Measured on the fold of the journal, every published interval comes out to the second."""
    found = {kpi["interval"]: kpi for kpi in replayed[0]["kpi"]}
    for name, (n, *seconds) in ANCHORS.items():
        assert found[name]["n_used"] == n, name
        assert list(found[name]["percentiles_s"].values()) == seconds, name


def test_places_are_found_and_none_is_taken_for_certain_wrongly(replayed):
    """At least 97 % of calls within 100 m of their official point; no Unique answer lies elsewhere."""
    geocode = replayed[0]["geocode"]
    assert geocode["calls"] == 3560
    assert geocode["within_100_m"] >= 0.97
    assert geocode["wrong_unique"] == 0


def test_travel_times_are_better_than_the_line_and_honest(replayed):
    """Fitted on five days and judged on three: error, bias of the mean, the tail, and the order of arrival."""
    travel = replayed[0]["travel"]
    assert travel["median_abs_error_s"] <= 0.96 * travel["baseline_error_s"]
    assert abs(travel["bias"]) <= 0.05
    assert 0.07 <= travel["above_p90"] <= 0.13
    assert travel["order_agreement"] > travel["baseline_order_agreement"]


def test_the_journal_that_it_leaves_is_as_it_was_written(replayed):
    """The independent verifier walks every line and ends at the head that the command named."""
    answer, data = replayed
    found = check(data / "journal")
    assert found["ok"]
    assert f"{found['positions']}:{found['head']}" == answer["head"]


def test_a_replay_begins_a_journal_of_its_own(replayed, third_party):
    """A folder that is not empty is refused: nothing is mixed into somebody's record."""
    week = third_party("cad/san_francisco_fire_2016-12-31_2017-01-07.csv.gz")
    done = redstick("replay", week, "--columns", EXAMPLES / "columns.toml", "--data", replayed[1], "--json")
    assert done.returncode == 2
    assert "not empty" in done.stderr


@pytest.mark.slow
def test_a_what_if_says_what_changes_and_how_sure_that_is(city, third_party, tmp_path):
    """Without a third of its engines the city answers later, by more than luck; the page says so."""
    plan, out = tmp_path / "plan.toml", tmp_path / "plan.html"
    engines = ", ".join(f'"E{n:02d}"' for n in (1, 3, 5, 7, 9, 11, 13, 15, 17, 19, 21, 23, 25, 29))
    plan.write_text(f'title = "Fewer engines"\n[remove]\nunits = [{engines}]\n')
    done = redstick(
        "replay", third_party("cad/san_francisco_fire_2016-12-31_2017-01-07.csv.gz"),
        "--columns", EXAMPLES / "columns.toml", "--city", city, "--homes", EXAMPLES / "homes.toml",
        "--what-if", plan, "--out", out, "--json",
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    changes = json.loads(done.stdout)["what_if"]["changes"]
    engine = next(c for c in changes if c["unit_kind"] == "ENGINE" and c["interval"] == "travel" and c["percent"] == 90)
    assert engine["difference_s"] > 10
    assert engine["more_than_luck"]
    assert "Fewer engines" in out.read_text()


@pytest.mark.parametrize(("file", "example", "rows"), [
    ("cad/columbia_mo_2025-11_2026-03.csv.gz", "columbia", 28_340),
    ("cad/houston_live_2025-03-03_2025-03-07.jsonl.gz", "houston", 31_286),
])  # fmt: skip
def test_other_cities_run_without_a_special_case(third_party, file, example, rows):
    """Columbia's calls without units and Houston's snapshots go through the same rules by their column maps alone."""
    columns = ROOT / "examples" / example / "columns.toml"
    done = redstick("replay", third_party(file), "--columns", columns, "--json")
    assert done.returncode == 0, done.stderr
    answer = json.loads(done.stdout)
    assert answer["rows"]["read"] == answer["rows"]["accepted"] + answer["rows"]["listed"] == rows
    assert answer["rows"]["with_a_refused_command"] == 0
