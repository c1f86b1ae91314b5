"""Drives on a real server with a city: the way of a unit, and a closure that changes the recommendation in one step."""

import shutil

import pytest
from tests import small_town

from .conftest import Person, Server, redstick

pytestmark = pytest.mark.sockets
PLACE = {"text": "corner", "x": -911_949_000, "y": 304_010_000}  # on 12TH ST, half a block before the sixth avenue


@pytest.fixture(scope="module")
def driven(enrolled, tmp_path_factory):
    """A server with the small town, two engines in quarters and an incident."""
    folder = small_town.write(tmp_path_factory.mktemp("town"))
    sources = ("--roads", "roads.geojson", "--stations", "stations.csv", "--units", "units.toml")
    named = [word if word.startswith("--") else str(folder / word) for word in sources]
    redstick("city", "import", *named, "--time-zone", "America/Chicago", "--out", str(folder / "city"))
    running = Server(shutil.copytree(enrolled, folder / "data"), "--city", str(folder / "city"))
    sue, dan = Person(running, "sue"), Person(running, "dan")
    for unit in ("E01", "E02", "E03"):
        kind, station = small_town.UNITS[unit]
        assert sue.ask("enroll-unit", unit=unit, kind=kind, station=station).status_code == 200
        assert sue.ask("report-status", unit=unit, status="AQ").status_code == 200
    assert dan.ask("open-incident", incident="i1", kind="Fire", place=PLACE).status_code == 200
    need = {"id": "engine", "kinds": ["ENGINE"], "count": 1}
    assert dan.ask("set-needs", incident="i1", requirements=[need]).status_code == 200
    while True:  # roads come up in their own time
        if not get(dan, "/api/dispatch/city")["why"]:
            break
    yield running
    assert running.end() == ""


def get(person, path, **query):
    """A read."""
    answer = person.http.get(path, params=query, headers=person.headers, timeout=60)
    assert answer.status_code == 200, answer.text
    return answer.json()


def way(person, unit):
    """The drive of a unit to the incident."""
    return get(person, "/api/city/route", unit=unit, incident="i1")


def chosen(person):
    """Who should go."""
    return [one["unit"] for one in get(person, "/api/dispatch/incidents/i1/recommendation")["chosen"]]


def test_a_drive_has_a_line_a_time_and_a_length(driven):
    """From the station to the incident, along streets."""
    told = way(Person(driven, "dan"), "E01")
    begin, end = told["line"][0], told["line"][-1]
    x, y = small_town.degrees(*small_town.STATIONS["01"])
    assert abs(begin[0] / 1e7 - x) + abs(begin[1] / 1e7 - y) < 1e-6
    assert end == [PLACE["x"], PLACE["y"]]
    assert len(told["line"]) > 3
    assert 0 < told["travel_time_s"] < 600
    assert told["distance_m"] > 300
    assert (told["straight"], told["fallback"]) == (False, "")


@pytest.mark.parametrize(
    ("unit", "incident", "code"), [("E99", "i1", "unit_unknown"), ("E01", "i9", "incident_unknown")]
)
def test_a_drive_of_nobody_or_to_nowhere_is_refused(driven, unit, incident, code):
    """By name."""
    dan = Person(driven, "dan")
    answer = dan.http.get("/api/city/route", params={"unit": unit, "incident": incident}, headers=dan.headers)
    assert (answer.status_code, answer.json()["code"]) == (404, code)


def test_a_closure_changes_the_recommendation_in_one_step(driven):
    """Streets round the nearest station are closed on the map: another unit goes; reopened, it goes again."""
    dan = Person(driven, "dan")
    assert chosen(dan) == ["E01"]
    column, row = small_town.STATIONS["01"]
    around = [(column + 0.5, row), (column - 0.5, row), (column, row + 0.5), (column, row - 0.5)]
    corners = [small_town.degrees(*place) for place in around]
    points = [[round(x * 1e7), round(y * 1e7)] for x, y in corners]
    answer = dan.http.post("/api/city/segments", json={"points": points}, headers=dan.headers)
    found = answer.json()["found"]
    assert len(found) == 4
    assert max(one["distance_m"] for one in found) <= 2
    segments = [one["segment"] for one in found]
    closed = dan.ask("close-road", closure="c1", segments=segments, reason="flooded", by="dan")
    assert closed.status_code == 200, closed.text
    assert chosen(dan) != ["E01"]
    told = way(dan, "E01")
    assert (told["travel_time_s"], told["why"], told["line"]) == (None, "closure", [])
    assert dan.see("dispatch.view.closures").json()["rows"]["closure/c1"]["reason"] == "flooded"
    assert dan.ask("reopen-road", closure="c1", by="dan").status_code == 200
    assert chosen(dan) == ["E01"]


@pytest.mark.parametrize(
    "body", [{"points": []}, {"points": [[1]]}, {"points": "here"}, {}, {"points": [[1, 2]], "x": 1}]
)
def test_points_that_are_none_are_refused(driven, body):
    """Each names what was expected."""
    dan = Person(driven, "dan")
    answer = dan.http.post("/api/city/segments", json=body, headers=dan.headers)
    assert (answer.status_code, answer.json()["code"]) == (400, "invalid")
