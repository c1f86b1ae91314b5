"""The command bar over HTTP, on a real server: what is shown is what is done."""

import itertools
import signal
from typing import NamedTuple

import pytest

from redstick.dispatch.bar.forms import FORMS

from .conftest import Person, Server, new_key, served


class Scene(NamedTuple):
    """A server, and what a test plays with on it."""

    server: Server
    n: int
    incident: str
    medic: str
    engine: str


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


@pytest.fixture(scope="module")
def running(enrolled, tmp_path_factory):
    """One server for all, on which each test has a scene of its own."""
    yield from served(enrolled, tmp_path_factory.mktemp("bar"))


@pytest.fixture
def scene(running):
    """Two units on duty, one incident."""
    return set_up(running)


NUMBERS = itertools.count(12)


def set_up(server):
    """Names that no other test uses: a number `12`, the units `M12` and `E12`."""
    n, sue = next(NUMBERS), Person(server, "sue")
    for unit, kind in ((f"M{n}", "MEDIC"), (f"E{n}", "ENGINE")):
        sue.ask("enroll-unit", unit=unit, kind=kind, station=f"Station {unit}")
        sue.ask("report-status", unit=unit, status="AQ")
    sue.ask("open-incident", incident=f"inc{n}", number=str(n), kind="Cardiac arrest", priority=3)
    return Scene(server, n, f"#{n}", f"m{n}", f"e{n}")


def test_units_are_sent_and_report_and_the_incident_changes_by_lines_alone(scene):
    """Dispatch, status, narrative, priority: each is read, done as shown, and stands in the views."""
    dan = Person(scene.server, "dan")
    shown = read(dan, f"d {scene.incident} {scene.medic} {scene.engine}")
    assert [one["kind"] for one in shown["commands"]] == ["dispatch.assign_units"]
    assert any(f"leaves Station M{scene.n} without a free MEDIC" in line for line in shown["effect"])
    outcome = enter(dan, f"d {scene.incident} {scene.medic} {scene.engine}", shown["plan"])
    assert (outcome["outcome"], outcome["done"][0]["events"]) == ("done", ["dispatch.unit_assigned"] * 2)
    for line in (
        f"{scene.medic} en route",
        f"{scene.medic} on scene",
        f"{scene.incident} n caller says door is locked",
        f"{scene.incident} p1",
    ):
        assert done(dan, line)["outcome"] == "done"
    rows = dan.see("dispatch.view.incidents").json()["rows"]
    row = rows[f"incident/inc{scene.n}"]
    assert (row["priority"], row["notes"][-1]["text"]) == (1, "caller says door is locked")
    assert row["status"] == "ResourcesOnscene"


def test_a_changed_world_is_shown_again_and_nothing_is_done(scene):
    """The unit was sent elsewhere between the look and the Enter."""
    dan, sue = Person(scene.server, "dan"), Person(scene.server, "sue")
    shown = read(dan, f"d {scene.incident} {scene.medic}")
    sue.ask("report-status", unit=f"M{scene.n}", status="OOS")
    outcome = enter(dan, f"d {scene.incident} {scene.medic}", shown["plan"])
    assert (outcome["outcome"], outcome["done"]) == ("plan_changed", [])
    assert outcome["reading"]["problems"][0]["code"] == "unit_not_available"


def test_an_act_asked_twice_is_done_once(scene):
    """The same id gives the same answer, though the world is another by then: its own doing."""
    dan, key = Person(scene.server, "dan"), new_key()
    plan = read(dan, f"{scene.incident} n smoke")["plan"]
    first, second = (enter(dan, f"{scene.incident} n smoke", plan, key=key) for _ in range(2))
    assert first == second
    notes = dan.see("dispatch.view.incidents").json()["rows"][f"incident/inc{scene.n}"]["notes"]
    assert [note["text"] for note in notes] == ["smoke"]


def test_what_one_may_not_do_is_refused_in_the_reading(scene):
    """Times are corrected by supervisors: a dispatcher hears so before Enter. Who sees no board reads nothing."""
    dan, sue = Person(scene.server, "dan"), Person(scene.server, "sue")
    done(dan, f"d {scene.incident} {scene.medic}")
    line = f"time {scene.incident} {scene.medic} dispatched 1 typed late"
    refused = read(dan, line)
    assert (refused["plan"], refused["commands"], refused["problems"][0]["code"]) == ("", [], "not_permitted")
    assert read(sue, line)["problems"] == []
    olive = Person(scene.server, "olive")
    answer = olive.http.post("/api/bar/read", json={"text": f"{scene.incident} p1", "seat": "x"}, headers=olive.headers)
    assert answer.status_code == 403
    assert Person(scene.server).http.post("/api/bar/read", json={"text": "x", "seat": "x"}).status_code == 401


def test_an_act_is_undone_after_the_server_was_killed_and_redone(own_server):
    """What a seat can take back follows from the journal: no restart forgets it."""
    scene = set_up(own_server)
    done(Person(own_server, "dan"), f"d {scene.incident} {scene.medic} {scene.engine}")
    own_server.end(signal.SIGKILL)
    own_server.start()
    dan = Person(own_server, "dan")
    shown = read(dan, "undo")
    assert [one["kind"] for one in shown["commands"]] == ["dispatch.release_unit", "dispatch.report_status"] * 2
    assert len([line for line in shown["effect"] if "is not sent" in line]) == 2
    fields = {"seat": "dispatch:1", "id": new_key(), "plan": shown["plan"]}
    assert dan.http.post("/api/bar/undo", json=fields, headers=dan.headers).json()["outcome"] == "done"
    units = dan.see("dispatch.view.units").json()["rows"]
    assert {(row["status"], row["incident"]) for row in units.values()} == {("AQ", None)}
    assert done(dan, "redo")["outcome"] == "done"
    assert dan.see("dispatch.view.units").json()["rows"][f"unit/M{scene.n}"]["incident"] == f"inc{scene.n}"


def test_several_commands_of_a_line_are_done_in_order(scene):
    """An incident with its note: both, as shown; and another seat finds it at once."""
    dan, sue = Person(scene.server, "dan"), Person(scene.server, "sue")
    text = "i 5 oak st, fall, n two floors"
    shown = read(dan, text)
    kinds = [one["kind"] for one in shown["commands"]]
    assert kinds[:2] == ["dispatch.open_incident", "dispatch.add_note"]
    outcome = enter(dan, text, shown["plan"])
    assert [one["kind"] for one in outcome["done"]] == kinds
    assert outcome["outcome"] == "done"
    assert read(sue, "f floors")["candidates"][0]["part"] == "incident"


def test_the_help_is_the_table_of_forms(scene):
    """Every form with its verbs, its examples and the commands that it asks."""
    dan = Person(scene.server, "dan")
    forms = dan.http.get("/api/bar/help", headers=dan.headers).json()["forms"]
    assert [one["name"] for one in forms] == [form.name for form in FORMS]
    assert all(one["examples"] and one["does"] for one in forms)


def test_an_id_that_is_none_is_refused(scene):
    """Whoever asks makes it, so that asking twice is harmless."""
    dan = Person(scene.server, "dan")
    fields = {"text": f"{scene.incident} p1", "seat": "s", "plan": "x", "id": "12"}
    answer = dan.http.post("/api/bar/act", json=fields, headers=dan.headers)
    assert (answer.status_code, answer.json()["code"]) == (400, "id_unreadable")


@pytest.mark.parametrize(
    "text", ["\x00", "d #" + "9" * 9_000, "é" * 10_000, "😀 " * 3_000, "#12 p" + "1" * 400, "x" * 20_000]
)
def test_whatever_is_typed_is_answered(scene, text):
    """A reading with what is wrong, never an error of the server."""
    assert read(Person(scene.server, "dan"), text)["plan"] == ""
