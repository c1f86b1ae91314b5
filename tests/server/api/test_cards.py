"""Paper over a real server: printed for a seat, typed in at true times, held back where it contradicts."""

import time
from datetime import UTC, datetime

import pytest

from .conftest import Person, new_key

pytestmark = pytest.mark.sockets
INCIDENTS = "dispatch.view.incidents"


def moment(minutes_ago):
    """A wall clock of so many minutes ago, and its instant."""
    at = int(time.time()) - 60 * minutes_ago
    return datetime.fromtimestamp(at, UTC).strftime("%Y-%m-%d %H:%M:%S"), at * 1000


def enter(person, text, key, zone="UTC"):
    """Type a card in."""
    headers = {**person.headers, "idempotency-key": key}
    return person.http.post("/api/dispatch/cards", params={"zone": zone}, content=text, headers=headers)


@pytest.fixture(scope="module")
def staffed(server):
    """A unit, an open incident, and numbers reserved for a seat."""
    sue = Person(server, "sue")
    assert sue.ask("enroll-unit", unit="E1").status_code == 200
    assert sue.ask("open-incident", incident="open", kind="Brush fire", priority=2).status_code == 200
    assert sue.ask("reserve-cards", seat="F1", count=20).status_code == 200
    return server


@pytest.mark.parametrize("form", ["html", "text"])
def test_a_seat_prints_what_is_open_with_its_own_numbers(staffed, form):
    """As a page and as plain text; nobody prints it who may not see it."""
    told = Person(staffed, "dan").http.get("/api/dispatch/cards", params={"seat": "F1", "zone": "UTC", "form": form},
                                           headers=Person(staffed, "dan").headers)  # fmt: skip
    assert told.status_code == 200, told.text
    assert form in told.headers["content-type"].replace("plain", "text")
    assert "Brush fire" in told.text
    assert "P-000001" in told.text
    olive = Person(staffed, "olive")
    refused = olive.http.get("/api/dispatch/cards", params={"seat": "F1", "zone": "UTC"}, headers=olive.headers)
    assert refused.json()["code"] == "not_permitted"


def test_a_card_becomes_its_commands_at_their_true_times_under_the_clerks_name(staffed):
    """And sent again it does nothing twice."""
    sue, key = Person(staffed, "sue"), new_key()
    opened, opened_at = moment(60)
    scene, scene_at = moment(50)
    text = (
        f"REDSTICK CARD P-000003\nOpened: {opened}\nPlace: 12 Oak St\nKind: Vehicle fire\nPriority: 1\n"
        f"Unit: E1, dispatched {opened}, on scene {scene}\nNote: all out\n"
    )
    told = enter(sue, text, key)
    assert told.status_code == 200, told.text
    told = told.json()
    me = sue.http.get("/api/session", headers=sue.headers).json()["person"]
    assert (told["standing"], told["clerk"], told["conflicts"], told["refused"]) == ("entered", me, [], [])
    row = sue.see(INCIDENTS).json()["rows"][f"incident/{told['incident']}"]
    assert (row["kind"], row["opened_at"], row["notes"][0]["text"]) == ("Vehicle fire", opened_at, "all out")
    [part] = row["units"]
    assert part["stamps"]["on_scene"] == scene_at
    before = sue.see(INCIDENTS).json()["rows"]
    assert enter(sue, text, key).json() == told
    assert sue.see(INCIDENTS).json()["rows"] == before


def test_a_card_that_contradicts_waits_for_a_person_and_is_entered_once_settled(staffed):
    """Its conflicts are listed; nothing is opened until a named person says that it is an incident of its own."""
    sue, key = Person(staffed, "sue"), new_key()
    text = f"REDSTICK CARD P-000900\nOpened: {moment(20)[0]}\nPlace: 9 Elm St\nUnit: X9, dispatched {moment(20)[0]}\n"
    told = enter(sue, text, key).json()
    assert told["standing"] == "waits_to_be_settled"
    assert {one["code"] for one in told["conflicts"]} == {"number_not_reserved", "unit_unknown"}
    assert f"incident/{told['incident']}" not in sue.see(INCIDENTS).json()["rows"]
    assert sue.ask("settle-card", entry=key, by="sue", keep=True, reason="seen it").status_code == 200
    again = enter(sue, text, key).json()
    assert again["standing"] == "entered"
    assert [(one["command"], one["code"]) for one in again["refused"]] == [("dispatch.assign_units", "unit_unknown")]
    assert f"incident/{told['incident']}" in sue.see(INCIDENTS).json()["rows"]


@pytest.mark.parametrize(
    ("text", "zone", "place"),
    [
        ("Opened: noon", "UTC", "line 1"),
        ("Date: 2024-06-02\nPlace: 1 Oak St", "UTC", "no line `Opened"),
        ("Opened: 2024-06-02 10:00\nPriority: 9", "UTC", "line 2"),
        ("Opened: 2024-06-02 10:00", "Mars/Olympus", "zone"),
        ("Opened: 2024-06-02 10:00", "../../etc/passwd", "zone"),
        ("Note: x\n" * 20_000, "UTC", "card"),
    ],
)
def test_a_card_that_cannot_be_read_is_refused_with_its_line(staffed, text, zone, place):
    """Nothing is guessed."""
    told = enter(Person(staffed, "sue"), text, new_key(), zone)
    assert told.status_code == 400, told.text
    assert told.json()["data"]["faults"][0]["place"].startswith(place)
