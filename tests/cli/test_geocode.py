"""`redstick geocode`: ranked places with reasons, for people and for machines."""

import json
import shutil

import pytest

from redstick.geo.geocoder import FILE_NAME, digest_of


def test_a_place_without_doubt(run, town):
    """One candidate with its position, its quality and why."""
    answer = run("geocode", "250 12TH ST", "--city", town / "city", "--json").json
    assert answer["kind"] == "unique"
    [candidate] = answer["candidates"]
    assert (candidate["latitude"], candidate["longitude"]) == pytest.approx((30.401, -91.1985), abs=1e-4)
    assert "One place, without doubt." in run("geocode", "250 12TH ST", "--city", town / "city").out


@pytest.mark.parametrize("text", ["250 12TH AVE", "12TH ST & 13TH ST", "NOWHERE", "", "A" * 10_000, "\x00", "=1+1"])
def test_what_is_not_certain_is_an_answer_too(run, town, text):
    """Whatever is asked is answered with its reasons, exit code 0, and never taken for a place; 10,000 letters too."""
    done = run("geocode", text, "--city", town / "city", "--json")
    assert done.code == 0, done.err
    assert done.json["kind"] != "unique"
    assert done.json["reasons"]


@pytest.mark.parametrize("more", [("--near", "nowhere"), ("--near", "95,0"), ("--uncertainty", "5"),
                                  ("--near", "30,-91", "--uncertainty", "-1")])  # fmt: skip
def test_a_position_that_cannot_be_is_a_misuse(run, town, more):
    """Exit code 2 and one line that says what was expected."""
    done = run("geocode", "250 12TH ST", "--city", town / "city", *more)
    assert (done.code, done.err.count("\n")) == (2, 1)


def test_the_index_is_the_city_s_and_mileposts_stay_in_it(run, town, tmp_path):
    """An import leaves an index of its own digest; a foreign or lost one is made anew, with the mileposts."""
    posts = tmp_path / "posts.csv"
    posts.write_text("route,direction,measure,latitude,longitude\nI 10,E,1,30.401,-91.2\nI 10,E,2,30.401,-91.191\n")
    city = tmp_path / "city"
    made = run("city", "import", "--roads", town / "roads.geojson", "--mileposts", posts, "--out", city)
    assert made.code == 0, made.err
    digest = json.loads((city / "city.json").read_text())["digest"]
    assert digest_of(city / FILE_NAME) == digest
    asked = ("geocode", "I-10 EB MM 1", "--city", city, "--json")
    at_first = run(*asked).json
    assert at_first["candidates"][0]["method"] == "milepost"
    for spoil in (lambda: (city / FILE_NAME).unlink(), lambda: shutil.copy(town / "city" / FILE_NAME, city)):
        spoil()
        assert run(*asked).json == at_first
        assert digest_of(city / FILE_NAME) == digest
