"""`redstick city calibrate`: travel times fitted to the record, kept with the city, used from then on."""

import shutil

import pytest

from redstick.geo.travel import load


@pytest.fixture
def city(town, tmp_path):
    """A copy of the town's city."""
    shutil.copytree(town / "city", tmp_path / "city")
    return tmp_path / "city"


def calibrate(run, town, city, *more):
    """Fit the town's week."""
    return run(
        "city", "calibrate", "--city", city, "--history", town / "calls.csv", "--columns", town / "columns.toml", *more
    )


def test_it_is_fitted_judged_and_kept(run, town, city):
    """The answer says on how many drives it stands and how good it was; the city keeps a model that reads back."""
    answer = calibrate(run, town, city, "--json").json
    assert answer["judged"]["trips_fitted"] + answer["judged"]["trips_judged"] == 187
    assert answer["judged"]["median_abs_error_s"] > 0
    assert load(city / "travel.json").form == answer["form"] == "line"
    said = calibrate(run, town, city).out
    assert "median absolute error" in said
    assert "judged on" in said


def units_of(done):
    """Every unit of an answer, the chosen ones first."""
    return [*done.json["chosen"], *done.json["refused"]]


def test_recommendations_are_then_no_guesses(run, town, city):
    """Before, times are free-flow and say so; afterwards they are real drives, longer by the first and last steps."""
    asked = ("recommend", "--city", city, "--type", "ENGINE", "--at", "13TH ST & CLDER AVE")
    assert "free-flow guesses" in run(*asked).out
    before = units_of(run(*asked, "--json"))
    calibrate(run, town, city)
    assert "free-flow" not in run(*asked).out
    after = units_of(run(*asked, "--json"))
    assert [unit["unit"] for unit in before] == [unit["unit"] for unit in after]
    assert {unit["calibrated"] for unit in before} == {False}
    assert {unit["calibrated"] for unit in after} == {True}
    assert after[0]["travel_s"] > before[0]["travel_s"] + 20


def test_a_damaged_model_is_a_misuse_that_names_it(run, town, city):
    """Half a file is never half used."""
    calibrate(run, town, city)
    whole = (city / "travel.json").read_text()
    (city / "travel.json").write_text(whole[: len(whole) // 2])
    done = run("recommend", "--city", city, "--type", "ENGINE", "--at", "30.4,-91.2")
    assert (done.code, done.err.count("\n")) == (2, 1)
    assert "travel.json" in done.err


def test_too_little_is_said(run, town, city, tmp_path):
    """A history whose units have no home cannot be fitted: exit code 2, and the old model stays."""
    calibrate(run, town, city)
    kept = (city / "travel.json").read_bytes()
    strangers = tmp_path / "calls.csv"
    text = (town / "calls.csv").read_text()
    strangers.write_text(text.replace(",E0", ",X0").replace(",T0", ",Y0"))
    done = run("city", "calibrate", "--city", city, "--history", strangers, "--columns", town / "columns.toml")
    assert (done.code, done.err.count("\n")) == (2, 1)
    assert "no drive between a home and a known place" in done.err
    assert (city / "travel.json").read_bytes() == kept
