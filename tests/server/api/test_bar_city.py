"""The bar beside a city: places are looked up, the plan asks for units, and times and reasons stand in the effect."""

import shutil

import pytest
from tests import small_town

from .conftest import Person, Server, redstick
from .test_bar import done, read
from .test_city import CORNER, whole

pytestmark = pytest.mark.sockets


@pytest.fixture(scope="module")
def living(enrolled, tmp_path_factory):
    """A server with the small town, its four units in quarters."""
    folder = small_town.write(tmp_path_factory.mktemp("town"))
    sources = ("--roads", "roads.geojson", "--stations", "stations.csv", "--units", "units.toml")
    named = [word if word.startswith("--") else str(folder / word) for word in sources]
    redstick("city", "import", *named, "--time-zone", "America/Chicago", "--out", str(folder / "city"))
    running = Server(shutil.copytree(enrolled, tmp_path_factory.mktemp("s") / "data"), "--city", str(folder / "city"))
    sue = Person(running, "sue")
    for unit, (kind, station) in small_town.UNITS.items():
        sue.ask("enroll-unit", unit=unit, kind=kind, station=station)
        sue.ask("report-status", unit=unit, status="AQ")
    yield running
    running.end()


def newest(dan):
    """The number of the incident that was opened last."""
    return max(int(row["number"]) for row in dan.see("dispatch.view.incidents").json()["rows"].values())


def test_from_a_line_to_units_on_their_way(living):
    """One line opens the incident where the geocoder says, with what the plan sends; another sends the recommended."""
    dan = Person(living, "dan")
    whole(dan)
    text = f"i {CORNER['text']}, structure fire, n smoke on the second floor"
    shown = read(dan, text)
    assert [one["kind"] for one in shown["commands"]] == [
        "dispatch.open_incident", "dispatch.add_note", "dispatch.set_needs",
    ]  # fmt: skip
    assert shown["commands"][0]["fields"]["place"]["x"]
    assert done(dan, text)["outcome"] == "done"
    number = newest(dan)
    sent = read(dan, f"d #{number} rec")
    assert [one["kind"] for one in sent["commands"]] == ["dispatch.record_recommendation", "dispatch.assign_units"]
    assert any("to drive" in line and "recommended" in line for line in sent["effect"])
    units = sent["commands"][1]["fields"]["units"]
    assert sent["commands"][1]["fields"]["expected_s"].keys() == set(units)
    assert done(dan, f"d #{number} rec")["outcome"] == "done"
    rows = dan.see("dispatch.view.units").json()["rows"]
    assert {name for name, row in rows.items() if row["incident"]} == {f"unit/{name}" for name in units}


def test_a_unit_that_is_not_recommended_says_why(living):
    """The dispatcher may send it all the same."""
    dan = Person(living, "dan")
    whole(dan)
    done(dan, f"i {CORNER['text']}, fall")
    free = [row for row in dan.see("dispatch.view.units").json()["rows"].values() if not row["incident"]]
    line = f"d #{newest(dan)} {free[-1]['unit']}"
    assert any("recommended:" in said or "recommended;" in said for said in read(dan, line)["effect"])


def test_a_place_that_may_be_several_is_shown_with_lines_to_choose_by(living):
    """Nothing is opened at a guess; the line of a candidate opens it there."""
    dan = Person(living, "dan")
    whole(dan)
    shown = read(dan, "i alder ave, fall")
    if shown["candidates"]:
        assert (shown["plan"], shown["problems"][0]["code"]) == ("", "place_ambiguous")
        chosen = read(dan, shown["candidates"][0]["line"])
        assert chosen["commands"][0]["fields"]["place"]["x"]
    else:
        assert "unverified" in shown["effect"][0]
