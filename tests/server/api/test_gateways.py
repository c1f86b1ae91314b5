"""Machines at the edge, over a real server with a city: what comes twice is done once, what is wrong is said where."""

import shutil
import time

import msgspec
import pytest
from tests.dispatch.exchange.conftest import *  # noqa: F403  (the fire that our own EIDO tells)

from redstick.dispatch.exchange.eido import eido_of
from redstick.protocols.asap.messages import Accept, Alarm, Reason, Side, Update, read_message, write_message
from redstick.protocols.eido.codec import encode

from .conftest import PASSWORD, Person, Server, redstick
from .test_city import CORNER, compute, opened, town, whole  # noqa: F401  (a fixture that is asked for by its name)

pytestmark = pytest.mark.sockets
INCIDENTS, CALLS, UNITS = "dispatch.view.incidents", "dispatch.view.calls", "dispatch.view.units"


@pytest.fixture(scope="module")
def edge(enrolled, town, tmp_path_factory):  # noqa: F811  (a fixture that is asked for by its name)
    """A server with a city, a unit, and a gateway that is enrolled."""
    folder = shutil.copytree(enrolled, tmp_path_factory.mktemp("edge") / "data")
    redstick(
        "people", "add", "gate", "--data", str(folder), "--as", "ada", "--role", "gateway", "--password-stdin",
        words=f"{PASSWORD}\n{PASSWORD}\n",
    )  # fmt: skip
    running = Server(folder, "--city", str(town))
    sue = Person(running, "sue")
    assert sue.ask("enroll-unit", unit="E1").status_code == 200
    assert sue.ask("report-status", unit="E1", status="AQ").status_code == 200
    yield running
    running.end()


def send(person, kind, body):
    """A message of a machine."""
    return person.http.post(f"/api/gateways/{kind}", content=body, headers=person.headers)


def alarm(**other):
    """A burglar alarm of now at a corner of the town."""
    now = time.time_ns() // 1_000_000
    said = {"station": "Central", "id": "77", "kind": "burglary", "sent_at": now, "happened_at": now,
            "address": CORNER["text"], "premises": "Oak Jewelers"}  # fmt: skip
    return Alarm(**{**said, **other})


def answered(gate, message):
    """What the station is told; a geofile that is still being opened says so, and the station asks again."""
    for _ in range(200):
        told = send(gate, "asap", write_message(message))
        if told.status_code != 503:
            break
        time.sleep(0.1)
    assert told.status_code == 200, told.text
    return read_message(told.content)


def test_an_alarm_is_accepted_with_its_incident_and_sent_again_does_nothing_twice(edge):
    """A call and an incident at the place that the geofile holds, by the gateway's own name."""
    gate, dan, first = Person(edge, "gate"), Person(edge, "dan"), alarm()
    told = answered(gate, first)
    assert isinstance(told, Accept)
    assert answered(gate, first) == told
    row = dan.see(INCIDENTS).json()["rows"][f"incident/{told.incident}"]
    assert (row["kind"], len(row["notes"])) == ("Burglar alarm", 1)
    calls = [row for row in dan.see(CALLS).json()["rows"].values() if row["incident"] == told.incident]
    assert len(calls) == 1


def test_a_stations_update_is_a_note_once(edge):
    """Of an alarm that is here; of another one it is rejected."""
    gate, dan = Person(edge, "gate"), Person(edge, "dan")
    taken = answered(gate, alarm(id="78"))
    more = Update(station="Central", id="78", update="1", side=Side.STATION, sent_at=1, text="second zone")
    assert [answered(gate, more), answered(gate, more)] == [taken, taken]
    notes = dan.see(INCIDENTS).json()["rows"][f"incident/{taken.incident}"]["notes"]
    assert sum("second zone" in note["text"] for note in notes) == 1
    assert answered(gate, msgspec.structs.replace(more, id="none")).reason is Reason.OTHER


@pytest.mark.parametrize(
    ("wrong", "reason"),
    [
        ({"id": "a", "address": "9 Nowhere Blvd"}, Reason.BAD_ADDRESS),
        ({"id": "b", "kind": "flood"}, Reason.BAD_TYPE),
        ({"id": "c", "happened_at": 0}, Reason.TOO_OLD),
        ({"id": "d", "happened_at": 4_000_000_000_000}, Reason.OTHER),
    ],
)
def test_an_alarm_that_cannot_be_taken_is_rejected_with_the_standards_reason(edge, wrong, reason):
    """And nothing is opened: the station calls by voice."""
    dan = Person(edge, "dan")
    before = set(dan.see(INCIDENTS).json()["rows"])
    assert answered(Person(edge, "gate"), alarm(**wrong)).reason is reason
    assert set(dan.see(INCIDENTS).json()["rows"]) == before


@pytest.mark.parametrize(
    ("kind", "body", "place"),
    [
        ("asap", b"<not xml", "/"),
        (
            "asap",
            write_message(alarm(station="x")).replace(b"<station>x</station>", b""),
            "/alarmMessage/alarm/station",
        ),
        ("asap", write_message(Accept(station="x", id="1", incident="i")), "/alarmMessage"),
        ("eido", b"{", "$"),
        ("eido", b'{"$id": 5}', "$"),
        ("positions", b'[{"unit": "E1", "x": "east", "y": 1, "at": 1}]', "$[0].x"),
        ("positions", b'[{"unit": "E1", "x": 1, "y": 1, "at": 1e400}]', "$"),
        ("positions", b"[" + b",".join([b'{"unit":"E1","x":1,"y":1,"at":1}'] * 2001) + b"]", "$"),
    ],
)
def test_what_cannot_be_read_is_refused_with_its_place(edge, kind, body, place):
    """400, and where it is wrong."""
    told = send(Person(edge, "gate"), kind, body)
    assert told.status_code == 400, told.text
    problem = told.json()
    assert problem["code"] == "malformed"
    assert problem["data"]["faults"][0]["place"].startswith(place)


def test_only_a_gateway_is_heard(edge):
    """A dispatcher is not one, and nobody is not one."""
    for kind in ("asap", "eido", "positions"):
        assert send(Person(edge, "dan"), kind, b"[]").json()["code"] == "not_permitted"
        assert send(Person(edge), kind, b"[]").json()["code"] == "not_signed_in"


def test_a_neighbours_eido_opens_its_incident_once(edge, desk, profile):
    """Sent again it asks nothing; what is new in the next one is told with its source."""
    gate, dan = Person(edge, "gate"), Person(edge, "dan")
    told = encode(eido_of(desk.state, "inc_0000000001", desk.now, profile))
    first = send(gate, "eido", told).json()
    assert first["refused"] == []
    assert send(gate, "eido", told).json() == {**first, "asked": 0}
    assert dan.see(INCIDENTS).json()["rows"][f"incident/{first['incident']}"]["kind"] == "Structure fire"


def test_reports_of_positions_are_taken(edge):
    """The same batch again is no fault either."""
    now = time.time_ns() // 1_000_000
    good = [{"unit": "E1", "x": -911500000, "y": 304500000, "at": now - 2_000}]
    for _ in range(2):
        told = send(Person(edge, "gate"), "positions", msgspec.json.encode(good))
        assert told.json() == {"taken": 1, "refused": []}


def test_a_recommendation_knows_where_the_device_says_that_its_unit_is(edge):
    """Without a status in between: what was reported last, and when, stands in the record."""
    dan = Person(edge, "dan")
    whole(dan)
    opened(dan, "seen")
    at = time.time_ns() // 1_000_000
    send(
        Person(edge, "gate"),
        "positions",
        msgspec.json.encode([{"unit": "E1", "x": -911400000, "y": 304400000, "at": at}]),
    )
    record = msgspec.json.decode(compute(dan, "incidents/seen/recommendation")["record"])
    [unit] = [unit for unit in record["question"]["roster"] if unit["id"] == "E1"]
    assert (unit["at"], unit["seen_at"] <= at) == ([-911400000, 304400000], True)


def test_a_position_of_no_unit_or_off_the_earth_is_refused_and_the_others_are_taken(edge):
    """Each with its place in the batch."""
    batch = [
        {"unit": "E1", "x": 0, "y": 0, "at": 1},
        {"unit": "X9", "x": 0, "y": 0, "at": 1},
        {"unit": "E1", "x": 1_800_000_001, "y": 0, "at": 1},
    ]
    told = send(Person(edge, "gate"), "positions", msgspec.json.encode(batch)).json()
    assert told["taken"] == 1
    assert [fault["place"] for fault in told["refused"]] == ["$[1].unit", "$[2].x"]
