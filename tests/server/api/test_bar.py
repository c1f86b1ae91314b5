"""The command bar over HTTP, on a real server: what is shown is what is done."""

import pytest

from .conftest import Person, new_key

pytestmark = pytest.mark.sockets


def read(person, text, seat="dispatch:1", **more):
    """What a line means."""
    answer = person.http.post("/api/bar/read", json={"text": text, "seat": seat, **more}, headers=person.headers)
    assert answer.status_code == 200, answer.text
    return answer.json()


def enter(person, text, plan, seat="dispatch:1", key=None, **more):
    """Press Enter under a plan."""
    fields = {"text": text, "seat": seat, "plan": plan, "id": key or new_key(), **more}
    answer = person.http.post("/api/bar/act", json=fields, headers=person.headers)
    assert answer.status_code == 200, answer.text
    return answer.json()


def done(person, text, **more):
    """Read a line and do what it shows."""
    return enter(person, text, read(person, text, **more)["plan"], **more)


@pytest.fixture
def floor(own_server):
    """Two units on duty, one incident."""
    sue = Person(own_server, "sue")
    for unit, kind in (("M4", "MEDIC"), ("E2", "ENGINE")):
        sue.ask("enroll-unit", unit=unit, kind=kind, station=f"Station {unit[1]}")
        sue.ask("report-status", unit=unit, status="AQ")
    sue.ask("open-incident", incident="inc12", number="12", kind="Cardiac arrest", priority=3)
    return own_server


def test_units_are_sent_and_report_and_the_incident_changes_by_lines_alone(floor):
    """Dispatch, status, narrative, priority: each is read, done as shown, and stands in the views."""
    dan = Person(floor, "dan")
    shown = read(dan, "d #12 m4 e2")
    assert [one["kind"] for one in shown["commands"]] == ["dispatch.assign_units"]
    assert any("leaves Station 4 without a free MEDIC" in line for line in shown["effect"])
    outcome = enter(dan, "d #12 m4 e2", shown["plan"])
    assert (outcome["outcome"], outcome["done"][0]["events"]) == ("done", ["dispatch.unit_assigned"] * 2)
    for line in ("m4 en route", "m4 on scene", "#12 n caller says door is locked", "#12 p1"):
        assert done(dan, line)["outcome"] == "done"
    rows = dan.see("dispatch.view.incidents").json()["rows"]
    row = rows["incident/inc12"]
    assert (row["priority"], row["notes"][-1]["text"]) == (1, "caller says door is locked")
    assert row["status"] == "ResourcesOnscene"


def test_a_changed_world_is_shown_again_and_nothing_is_done(floor):
    """The unit was sent elsewhere between the look and the Enter."""
    dan, sue = Person(floor, "dan"), Person(floor, "sue")
    shown = read(dan, "d #12 m4")
    sue.ask("report-status", unit="M4", status="OOS")
    outcome = enter(dan, "d #12 m4", shown["plan"])
    assert (outcome["outcome"], outcome["done"]) == ("plan_changed", [])
    assert outcome["reading"]["problems"][0]["code"] == "unit_not_available"


def test_an_act_asked_twice_is_done_once(floor):
    """The same id gives the same answer, though the world is another by then: its own doing."""
    dan, key = Person(floor, "dan"), new_key()
    plan = read(dan, "#12 n smoke")["plan"]
    first, second = (enter(dan, "#12 n smoke", plan, key=key) for _ in range(2))
    assert first == second
    notes = dan.see("dispatch.view.incidents").json()["rows"]["incident/inc12"]["notes"]
    assert [note["text"] for note in notes] == ["smoke"]


def test_what_one_may_not_do_is_refused_in_the_reading(floor):
    """A call taker writes notes and sends nobody; who may not see the board reads nothing."""
    olive = Person(floor, "olive")
    answer = olive.http.post("/api/bar/read", json={"text": "#12 p1", "seat": "x"}, headers=olive.headers)
    assert answer.status_code == 403
    assert Person(floor).http.post("/api/bar/read", json={"text": "x", "seat": "x"}).status_code == 401


@pytest.mark.parametrize(
    "text", ["\x00", "d #" + "9" * 9_000, "é" * 10_000, "😀 " * 3_000, "#12 p" + "1" * 400, "x" * 20_000]
)
def test_whatever_is_typed_is_answered(floor, text):
    """A reading with what is wrong, never an error of the server."""
    assert read(Person(floor, "dan"), text)["plan"] == ""
