"""`redstick plan`: what a person and a machine are told of a plan, and the past lived again under it."""

import csv
import json
from pathlib import Path

import pytest

from redstick.dispatch.rules.plans import DraftPlan, RecordPlanReplay, decide_draft_plan, decide_record_plan_replay
from redstick.dispatch.state import Dispatch

PLANS = Path(__file__).parents[2] / "examples" / "plans"
PARISH, ROSTER = PLANS / "parish.toml", PLANS / "roster.csv"
TOWN = """redstick_plan = 1
version = "one engine"
time_zone = "America/Chicago"
layers = ["station_area"]

[types]
Medical = "Ill"
Fire = "Hot"

[[rules]]
id = "all"

[[rules.send]]
id = "engine"
kinds = ["ENGINE"]
"""


@pytest.fixture
def written(tmp_path):
    """Writes a plan."""

    def write(text, name="plan.toml"):
        path = tmp_path / name
        path.write_text(text)
        return path

    return write


def test_the_example_is_sound_with_its_roster(run):
    """The shipped example has no error and no warning beside the shipped roster."""
    told = run("plan", "check", PARISH, "--roster", ROSTER, "--json").json
    assert (told["ok"], told["faults"], told["findings"], told["units"]) == (True, [], [], 9)
    assert run("plan", "check", PARISH, "--roster", ROSTER).code == 0


def test_every_fault_of_a_text_is_told_with_its_line(run, written):
    """Exit code 1, one line for each entry that cannot be meant, with file, line and what was expected."""
    path = written(PARISH.read_text().replace("count = 2", "count = 0"))
    done = run("plan", "check", path)
    assert done.code == 1
    assert done.out.count("send 1: count: expected 1 to 50, not 0") == 2
    lines = [index for index, line in enumerate(path.read_text().splitlines(), 1) if line == "[[rules]]"]
    assert f"{path}, line {lines[1]}: rules 2 (house on fire)" in done.out


def test_findings_are_told_with_code_weight_and_place(run, written):
    """An error of the linter is a failure, a warning alone is none."""
    wrong = written(TOWN + "\n[[rules]]\nid = 'never'\nrank = 1\nsend = []\n")
    told = run("plan", "check", wrong, "--json")
    assert told.code == 1
    assert [(one["code"], one["severity"]) for one in told.json["findings"]] == [
        ("unreachable", "error"), ("sends_nothing", "warning"),
    ]  # fmt: skip
    doubted = written(TOWN + "\n[[rules]]\nid = 'none'\ntypes = ['Fire']\nsend = []\n")
    assert run("plan", "check", doubted).code == 0


def test_a_city_and_its_stations_are_held_against_the_plan(run, written, town):
    """A station that is not there, one that is closed, and a kind that nobody has are errors with the city."""
    more = "\n[[rules]]\nid = 'far'\ntypes = ['Fire']\nstations = ['01', '77']\n"
    more += "[[rules.send]]\nid = 'b'\nkinds = ['BOAT']\n"
    path = written(TOWN + more)
    assert run("plan", "check", path).code == 0
    told = run("plan", "check", path, "--city", town / "city", "--closed", "01", "--json").json
    assert sorted(one["code"] for one in told["findings"]) == ["station_closed", "station_unknown", "unmeetable"]


def test_a_roster_that_cannot_be_read_is_a_misuse(run, tmp_path):
    """One line with the file, the row and what was expected."""
    path = tmp_path / "roster.csv"
    for text, said in (
        ("unit,kind\n", "the header"),
        ("id,kind,staffing\nE1,ENGINE,four\n", "line 2: unit E1: staffing"),
    ):
        path.write_text(text)
        done = run("plan", "check", PARISH, "--roster", path)
        assert (done.code, done.err.count("\n")) == (2, 1)
        assert said in done.err


def test_an_answer_comes_with_its_rule_and_the_rules_it_beat(run):
    """At two on a Saturday morning the old town's Friday night still holds, and the answer says why."""
    done = run(
        "plan", "show", PARISH, "--type", "Structure Fire", "--time", "2026-03-07T02:00", "--zone", "box=0101",
        "--alarm", "2", "--json",
    ).json["answer"]  # fmt: skip
    first, second = done["chosen"]
    assert (first["rule"], second["rule"]) == ("old town at night", "house on fire, second alarm")
    assert [one["rule"] for one in first["beaten"]] == ["house on fire", "any fire"]
    assert [one["id"] for one in done["requirements"]] == ["engine", "aerial", "engine@2"]
    words = run("plan", "show", PARISH, "--type", "Flood", "--time", "2026-03-07T02:00").out
    assert "LAST RESORT" in words


def test_an_exact_address_is_asked_for_as_it_is_written(run):
    """Capitals and spaces do not matter."""
    done = run("plan", "show", PARISH, "--type", "Vehicle Fire", "--time", "2026-03-04T12:00", "--at", "400  River rd")
    assert "rule 'chemical works', for the type, at 400 RIVER RD" in done.out
    assert "caution: Chlorine" in done.out


@pytest.mark.parametrize(("more", "said"), [
    (("--time", "noon"), "--time 'noon': expected a local time"),
    (("--time", "2026-03-04T12:00", "--zone", "0101"), "expected LAYER=ZONE"),
    (("--time", "2026-03-04T12:00", "--flag", "snow"), "the plan knows hurricane"),
])  # fmt: skip
def test_a_question_that_cannot_be_meant_is_refused(run, more, said):
    """Exit code 2 and one line."""
    done = run("plan", "show", PARISH, "--type", "Fall", *more)
    assert (done.code, done.err.count("\n")) == (2, 1)
    assert said in done.err


def test_two_versions_are_compared_rule_by_rule(run, written):
    """New, gone, and each changed value with both sides; a plan differs from itself nowhere."""
    later = (
        PARISH.read_text().replace("ceiling_s = 900", "ceiling_s = 600").replace('id = "any fire"', 'id = "every fire"')
    )
    done = run("plan", "diff", PARISH, written(later), "--json").json
    assert [(one["sign"], one["place"]) for one in done] == [
        ("+", "rule 'every fire'"),
        ("~", "rule 'old town at night', send 'aerial', ceiling_s"),
        ("-", "rule 'any fire'"),
    ]  # fmt: skip
    assert (done[1]["before"], done[1]["after"]) == (900, 600)
    assert run("plan", "diff", PARISH, PARISH).out == "0 changes\n"


def test_through_a_spreadsheet_and_back(run, tmp_path):
    """TOML to CSV to TOML changes nothing; a name that says no format is refused."""
    run("plan", "convert", PARISH, "--out", tmp_path / "p.csv")
    assert len(list(csv.reader((tmp_path / "p.csv").read_text().splitlines()))) > 20
    run("plan", "convert", tmp_path / "p.csv", "--out", tmp_path / "p.toml")
    assert run("plan", "diff", PARISH, tmp_path / "p.toml").out == "0 changes\n"
    assert run("plan", "convert", PARISH, "--out", tmp_path / "p.txt").code == 2


def replayed(run, town, plan, *more):
    """The town's week under a plan, as JSON."""
    return run(
        "plan", "replay", plan, "--calls", town / "calls.csv", "--columns", town / "columns.toml", "--city",
        town / "city", *more, "--json",
    ).json  # fmt: skip


def test_the_past_is_lived_again_under_a_plan(run, town, written):
    """One engine to everything: the trucks that were recorded stay home, nothing is unmet, each figure has its n."""
    told = replayed(run, town, written(TOWN))
    assert told["other"]["responses"] == 187
    assert (told["plan"]["responses"], told["plan"]["incidents"], told["plan"]["not_met"]) == (140, 140, 0)
    assert told["plan"]["units_used"] == 3
    assert told["plan"]["n"]["travel"] == 140
    assert 0 < told["plan"]["percentiles_s"]["travel_p50"] < told["plan"]["percentiles_s"]["travel_p90"]
    assert told["ways"] == {"rule": 140}


def test_two_plans_are_compared_and_what_nobody_can_give_is_told(run, town, written):
    """Against another plan: more units are used; a boat that nobody has is unmet at every call, by its name."""
    boat = TOWN.replace('"one engine"', '"with a boat"') + '\n[[rules.send]]\nid = "boat"\nkinds = ["BOAT"]\n'
    two = boat + '\n[[rules.send]]\nid = "second"\nkinds = ["ENGINE"]\nsubstitutes = [{ kinds = ["TRUCK"] }]\n'
    told = replayed(run, town, written(two), "--against", written(TOWN, "before.toml"))
    assert (told["other"]["plan"], told["plan"]["plan"]) == ("one engine", "with a boat")
    assert told["plan"]["not_met_by"] == {"boat": 140}
    assert told["plan"]["responses"] == 280
    assert told["plan"]["units_used"] == 4


def test_a_ceiling_that_nobody_keeps_is_not_met(run, town, written):
    """A travel time ceiling is hard: who cannot keep it does not go."""
    told = replayed(run, town, written(TOWN + "ceiling_s = 1\n"))
    assert told["plan"]["not_met_by"] == {"engine": 140}


def test_a_plan_lived_twice_gives_the_same_record_and_the_rules_take_it(run, town, written):
    """The digest of the account is stable; its record is what the journal's command wants, of just this text."""
    path = written(TOWN)
    record = replayed(run, town, path)["record"]
    assert record == replayed(run, town, path)["record"]
    now = 1_800_000_000_000
    state = Dispatch()
    [drafted] = decide_draft_plan(state, DraftPlan(path.read_text(), "Chief Dupre"), now)
    assert drafted.digest == record["digest"]
    from redstick.dispatch.rules.plans import apply_plan_drafted

    apply_plan_drafted(state, drafted, now)
    [replay] = decide_record_plan_replay(state, RecordPlanReplay(**record), now)
    assert json.loads(json.dumps(replay.figures)) == record["figures"]


def test_a_plan_with_a_tie_is_not_replayed(run, town, written):
    """Two rules between which nothing decides: exit code 2, one line that names both."""
    path = written(TOWN + "\n[[rules]]\nid = 'other'\nsend = []\n")
    done = run("plan", "replay", path, "--calls", town / "calls.csv", "--city", town / "city")
    assert (done.code, done.err.count("\n")) == (2, 1)
    assert "rules 'all' and 'other'" in done.err
