"""A live city beside the server: a call becomes a dispatch by computed answers, also while nobody computes."""

import hashlib
import os
import shutil
import signal
import subprocess
import time
from pathlib import Path

import pytest
from tests import small_town

from .conftest import REDSTICK, Person, Server, new_key, redstick

pytestmark = pytest.mark.sockets
HEAVY = ("numpy", "shapely", "pyroutingkit", "pyproj")  # what computes about places loads these, and nothing else does
CORNER = {"text": "11TH ST & ALDER AVE"}
PLAN = """
redstick_plan = 1
version = "{version}"
time_zone = "America/Chicago"

[types]
"Structure Fire" = "Fire"

[[rules]]
id = "structure fire"
types = ["Structure Fire"]

[[rules.send]]
id = "engine"
kinds = ["ENGINE"]
count = 2

[[rules.send]]
id = "truck"
kinds = ["TRUCK"]
"""


@pytest.fixture(scope="module")
def town(tmp_path_factory):
    """A city folder of the small town."""
    folder = small_town.write(tmp_path_factory.mktemp("town"))
    sources = ("--roads", "roads.geojson", "--stations", "stations.csv", "--units", "units.toml")
    named = [word if word.startswith("--") else str(folder / word) for word in sources]
    redstick("city", "import", *named, "--time-zone", "America/Chicago", "--out", str(folder / "city"))
    return folder / "city"


@pytest.fixture(scope="module")
def living(enrolled, town, tmp_path_factory):
    """A server with a city, its four units on the roster and in quarters."""
    folder = tmp_path_factory.mktemp("living")
    running = Server(shutil.copytree(enrolled, folder / "data"), "--city", str(town))
    sue = Person(running, "sue")
    for unit, (kind, station) in small_town.UNITS.items():
        assert sue.ask("enroll-unit", unit=unit, kind=kind, station=station).status_code == 200
        assert sue.ask("report-status", unit=unit, status="AQ").status_code == 200
    yield running
    running.end()


def compute(person, path, **query):
    """Ask for something that is computed."""
    answer = person.http.get(f"/api/dispatch/{path}", params=query, headers=person.headers)
    assert answer.status_code == 200, answer.text
    return answer.json()


def geocode(person, **fields):
    """Where a text lies."""
    return person.http.post("/api/dispatch/geocode", json=fields, headers=person.headers)


def once(look, seconds=60):
    """What `look` gives as soon as it gives something: another process comes up in its own time."""
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        found = look()
        if found:
            return found
        time.sleep(0.05)
    raise AssertionError("it did not come to pass")


def whole(person):
    """The city, as soon as it can be asked."""

    def look():
        found = compute(person, "city")
        return found if found["whole"] else None

    return once(look)


def opened(person, incident, kind="Structure Fire"):
    """An incident at a corner of the town, found by its text."""
    found = geocode(person, **CORNER).json()
    chosen = found if found["place"].get("x") is not None else found["candidates"][0]
    told = person.ask("open-incident", incident=incident, kind=kind, place=chosen["place"], zones=chosen["zones"])
    assert told.status_code == 200, told.text
    return found


def test_a_call_becomes_a_dispatch_by_computed_answers(living):
    """Received, geocoded, opened, needs set, recommended, recorded, assigned: each answer is the next command."""
    dan = Person(living, "dan")
    city = whole(dan)
    assert len(city["digest"]) == 64
    dan.ask("receive-call", call="c1", source="911", callback="225-555-0100")
    found = opened(dan, "i1")
    assert (found["kind"], found["fallback"], found["city"]) == ("unique", "", city["digest"])
    assert abs(found["place"]["x"] - round(small_town.WEST * 1e7)) < 1000
    needed = compute(dan, "incidents/i1/response")
    assert needed["said"]["title"] == "Default, for want of a response plan"
    fields = {name: needed[name] for name in ("incident", "requirements", "plan", "rule")}
    assert dan.ask("set-needs", **fields).status_code == 200
    going = compute(dan, "incidents/i1/recommendation")
    units = [verdict["unit"] for verdict in (*going["chosen"], *going["refused"])]
    assert sorted(units) == sorted(small_town.UNITS)
    assert going["roster"] == len(small_town.UNITS)
    assert (going["straight"], going["fallback"], going["city"]) == (False, "", city["digest"])
    assert going["digest"] == hashlib.sha256(going["record"].encode()).hexdigest()
    kept = dan.ask("record-recommendation", incident="i1", recommendation="r1", record=going["record"])
    assert kept.status_code == 200, kept.text
    assert kept.json()["events"][0]["payload"]["digest"] == going["digest"]
    chosen = [verdict["unit"] for verdict in going["chosen"]]
    assert chosen[0] == "E01"
    expected = {verdict["unit"]: verdict["travel_s"] for verdict in going["chosen"]}
    assert dan.ask("assign-units", incident="i1", units=chosen, expected_s=expected).status_code == 200
    lacking = compute(dan, "incidents/i1/recommendation")
    assert {need["id"] for need in lacking["requirements"]} == {lack["requirement"] for lack in going["unfilled"]}
    assert compute(dan, "incidents/i1/exchanges")["exchanges"] == []


def test_what_may_be_the_same_is_told_for_a_call_and_for_an_incident(living):
    """A second caller of the same corner: the incident is suggested, with its terms; a person decides."""
    dan = Person(living, "dan")
    whole(dan)
    place = opened(dan, "same", kind="Alarm")["place"]
    dan.ask("receive-call", call="second", source="911", place=place)
    found = compute(dan, "calls/second/duplicates")["suggestions"]
    assert "same" in [one["incident"] for one in found]
    assert all(one["terms"] for one in found)
    assert all(one["incident"] != "same" for one in compute(dan, "incidents/same/duplicates")["suggestions"])


def test_while_the_city_is_started_again_answers_are_marked_and_then_whole(living):
    """Its process is killed: straight lines, recorded zones, no look-up, each saying why; then it is there again."""
    dan = Person(living, "dan")
    before = whole(dan)
    opened(dan, "dark")
    os.kill(before["process"], signal.SIGKILL)
    os.kill(living.process.pid, 0)
    marked = once(lambda: (found := compute(dan, "incidents/dark/recommendation"))["fallback"] and found)
    assert marked["fallback"] == "ended"
    assert (marked["straight"], marked["roads"], marked["city"]) == (True, "straight line", "")
    assert len(marked["chosen"]) + len(marked["refused"]) == marked["roster"] == len(small_town.UNITS)
    again = whole(dan)
    assert again["starts"] == before["starts"] + 1
    assert again["process"] != before["process"]
    better = compute(dan, "incidents/dark/recommendation")
    assert (better["fallback"], better["straight"], better["city"]) == ("", False, before["digest"])


def test_without_a_city_a_text_stays_text_and_times_are_straight_lines(own_server):
    """`redstick serve` without --city: nothing is looked up, and everything that can be answered is, marked."""
    dan, sue = Person(own_server, "dan"), Person(own_server, "sue")
    sue.ask("enroll-unit", unit="E1", kind="ENGINE")
    sue.ask("report-status", unit="E1", status="AQ")
    found = geocode(dan, text="11 OAK ST").json()
    assert (found["kind"], found["fallback"], found["candidates"]) == ("not_available", "no_city", [])
    assert found["place"]["text"] == "11 OAK ST"
    assert found["place"].get("x") is None
    dan.ask("open-incident", incident="i", kind="Structure Fire", place={"text": "x", "x": -912000000, "y": 304000000})
    assert compute(dan, "incidents/i/response")["fallback"] == "no_city"
    assert compute(dan, "incidents/i/recommendation")["straight"] is True


def test_a_text_that_fits_several_places_or_none_has_its_type_and_its_reasons(living):
    """Typed results: what is not unique carries no position into the place."""
    dan = Person(living, "dan")
    whole(dan)
    nowhere = geocode(dan, text="4 NOWHERE BOULEVARD").json()
    assert nowhere["kind"] in ("not_found", "partial")
    assert nowhere["reasons"]
    for found in (nowhere, geocode(dan, text="ALDER AVE").json()):
        assert found["kind"] != "unique"
        assert found["place"].get("x") is None
    assert all("place" in one and "zones" in one for one in nowhere["candidates"])


def test_what_is_computed_is_described(living):
    """OpenAPI names each route, and the form of its answer with it."""
    described = Person(living).http.get("/api/schema/openapi.json").json()
    forms = {
        "geocode": "PlacesFound", "city": "CityStanding", "incidents/{incident}/response": "PlannedResponse",
        "incidents/{incident}/recommendation": "Recommendation", "incidents/{incident}/exchanges": "Exchanges",
        "incidents/{incident}/duplicates": "Similar", "calls/{call}/duplicates": "Similar",
    }  # fmt: skip
    for path, form in forms.items():
        [answers] = [one["responses"]["200"] for one in described["paths"][f"/api/dispatch/{path}"].values()]
        assert form in answers["content"]["application/json"]["schema"]["$ref"]


@pytest.mark.parametrize(
    ("fields", "code"),
    [
        ({}, "invalid"), ({"text": ""}, "invalid"), ({"text": "x" * 501}, "invalid"), ({"text": 5}, "invalid"),
        ({"text": "x", "latitude": 91, "longitude": 0}, "invalid"), ({"text": "x", "more": 1}, "invalid"),
        ({"text": "x", "latitude": 30.4}, "position_incomplete"),
    ],
)  # fmt: skip
def test_bad_input_is_a_problem(living, fields, code):
    """application/problem+json with a code, whatever is wrong."""
    answer = geocode(Person(living, "dan"), **fields)
    assert (answer.status_code, answer.json()["code"]) == (400, code)
    assert answer.headers["content-type"] == "application/problem+json"


def test_what_is_not_there_or_has_no_place_is_said(living):
    """404 for an unknown incident or call; 409 for one that nobody has located, and for one that is closed."""
    dan = Person(living, "dan")
    whole(dan)
    dan.ask("open-incident", incident="unlocated", kind="Structure Fire")
    dan.ask("open-incident", incident="over", kind="Structure Fire")
    dan.ask("close-incident", incident="over", disposition="done")
    for path, status, code in (
        ("incidents/none/recommendation", 404, "incident_unknown"),
        ("incidents/none/duplicates", 404, "incident_unknown"),
        ("calls/none/duplicates", 404, "call_unknown"),
        ("incidents/unlocated/recommendation", 409, "incident_unlocated"),
        ("incidents/over/response", 409, "incident_closed"),
    ):
        answer = dan.http.get(f"/api/dispatch/{path}", headers=dan.headers)
        assert (answer.status_code, answer.json()["code"]) == (status, code), path
    assert compute(dan, "incidents/unlocated/response")["requirements"]


def test_who_may_not_is_not_answered_and_that_is_recorded(living):
    """Crews and auditors compute nothing, whatever their purpose; nobody does without signing in."""
    nobody = Person(living)
    assert geocode(nobody, **CORNER).status_code == 401
    dan = Person(living, "dan")
    opened(dan, "guarded")
    for name in ("ray", "olive", "ada"):
        asker = Person(living, name)
        assert geocode(asker, **CORNER).json()["code"] in ("not_permitted", "purpose_needed")
        for path in ("response", "recommendation", "exchanges", "duplicates"):
            for purpose in ({}, {"redstick-purpose": "audit"}):
                headers = {**asker.headers, **purpose}
                refused = asker.http.get(f"/api/dispatch/incidents/guarded/{path}", headers=headers)
                assert refused.status_code == 403, (name, path, purpose)
    journal = b"".join(path.read_bytes() for path in (living.folder / "journal").rglob("*") if path.is_file())
    assert b"dispatch.view.recommendations" in journal


def test_a_plan_is_read_outside_and_nobodys_word_is_taken_for_it(living):
    """A draft has the linter's count whoever says otherwise; a text that is no plan is refused with its faults."""
    sue, text = Person(living, "sue"), PLAN.format(version="2026-1")
    digest = hashlib.sha256(text.encode()).hexdigest()
    claimed = sue.ask("draft-plan", text=text, by="Chief Dupre", reading={"digest": digest, "version": "2026-1"})
    assert (claimed.status_code, claimed.json()["code"]) == (400, "filled_by_the_server")
    key = new_key()
    drafted = sue.ask("draft-plan", key, text=text, by="Chief Dupre")
    assert drafted.json()["events"][0]["payload"]["digest"] == digest
    assert sue.ask("draft-plan", key, text=text, by="Chief Dupre").json() == drafted.json()
    bad = sue.ask("draft-plan", text=text.replace("count = 2", "count = 0"), by="Chief Dupre")
    assert bad.json()["code"] == "plan_unreadable"
    assert bad.json()["data"]["faults"]
    assert sue.ask("activate-plan-unseen", plan="2026-1", by="Chief Dupre", reason="storm").status_code == 200
    whole(sue)
    opened(sue, "planned")
    needed = compute(sue, "incidents/planned/response")
    assert (needed["plan"], needed["rule"]) == ("2026-1", "structure fire")
    assert [(need["id"], need.get("count", 1)) for need in needed["requirements"]] == [("engine", 2), ("truck", 1)]
    asked = compute(sue, "incidents/planned/recommendation")
    assert [need["id"] for need in asked["requirements"]] == ["engine", "truck"]
    assert '"plan_version":"2026-1"' in asked["record"]


@pytest.mark.skipif(not Path("/proc/self/maps").exists(), reason="the loaded libraries are read from /proc")
def test_nothing_that_computes_about_places_is_loaded_where_the_loop_runs(living):
    """Counted, not timed: of the libraries of roads and shapes the server has mapped none, its process all."""
    dan = Person(living, "dan")
    city = whole(dan)
    opened(dan, "loaded")
    compute(dan, "incidents/loaded/recommendation")
    assert mapped(living.process.pid) == set()
    assert mapped(city["process"]) == set(HEAVY)


def mapped(pid):
    """Of the heavy libraries those of which a process has anything loaded."""
    text = Path(f"/proc/{pid}/maps").read_text()
    return {name for name in HEAVY if f"/{name}" in text}


def test_the_roads_that_a_server_is_given_must_be_a_city(tmp_path):
    """A folder without a city is a misuse, said in one line."""
    done = subprocess.run(
        [REDSTICK, "serve", "--data", str(tmp_path / "data"), "--city", str(tmp_path), "--port", "0"],
        capture_output=True, text=True, timeout=60, check=False,
    )  # fmt: skip
    assert done.returncode == 2
    assert "redstick city import" in done.stderr
