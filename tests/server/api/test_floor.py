"""What a relief is told and who lent whom how much, over a real server: read from the journal beside it."""

import pytest

from .conftest import Person

pytestmark = pytest.mark.sockets


@pytest.fixture(scope="module")
def lent(server):
    """An engine of the city fire department, sent to a fire of St. George's by agreement; a group that watches it."""
    sue = Person(server, "sue")
    for command, fields in [
        ("enroll-unit", {"unit": "E1", "kind": "engine", "agency": "BRFD"}),
        ("report-status", {"unit": "E1", "status": "AQ"}),
        ("define-group", {"group": "fire", "agencies": ["SGFD"]}),
        ("define-group", {"group": "rest", "agencies": ["fire"]}),
        ("open-incident", {"incident": "before", "group": "fire"}),
        ("open-incident", {"incident": "after", "group": "SGFD"}),
    ]:
        assert sue.ask(command, **fields).status_code == 200, command
    return server


def get(person, what, **query):
    """A read."""
    return person.http.get(f"/api/dispatch/{what}", params=query, headers=person.headers)


def test_a_relief_is_told_what_changed_since_a_position(lent):
    """What was opened, who was sent, and what is pending now; from the end on, nothing has changed."""
    dan = Person(lent, "dan")
    assert dan.ask("assign-units", incident="after", units=["E1"]).status_code == 200
    told = get(dan, "handover", since=0).json()
    assert told["opened"][-2:] == ["before", "after"]
    assert ["after", "E1"] in told["sent"]
    assert any(one.startswith("before/") for one in told["pending"])
    later = get(dan, "handover", since=told["until"]).json()
    assert (later["opened"], later["sent"], later["pending"]) == ([], [], told["pending"])
    assert get(dan, "handover", since=0, group="fire").json()["opened"] == ["after"]


@pytest.mark.parametrize(
    ("query", "status", "code"),
    [
        ({"since": 10**12}, 409, "position_out_of_reach"),
        ({"since": -1}, 400, "invalid"),
        ({"since": "x"}, 400, "invalid"),
        ({}, 400, "invalid"),
        ({"since": 0, "group": "none"}, 404, "group_unknown"),
    ],
)
def test_a_hand_over_of_what_is_not_there_is_refused(lent, query, status, code):
    """With what was expected."""
    told = get(Person(lent, "dan"), "handover", **query)
    assert (told.status_code, told.json()["code"]) == (status, code)


def test_the_aid_balance_names_both_sides(lent):
    """Who lent and who borrowed; nothing while nothing was lent."""
    sue = Person(lent, "sue")
    assert get(sue, "aid-balance").json()["balances"] == []
    assert sue.ask("enroll-unit", unit="E2", kind="engine", agency="BRFD").status_code == 200
    assert sue.ask("report-status", unit="E2", status="AQ").status_code == 200
    need = {"id": "engine", "agency": "SGFD", "kinds": ["engine"], "count": 1}
    assert sue.ask("set-needs", incident="before", requirements=[need]).status_code == 200
    agreement = {"agreement": "a", "lender": "BRFD", "borrower": "SGFD", "automatic": True}
    told = sue.ask("record-agreement", **agreement)
    assert told.status_code == 200, told.text
    told = sue.ask("assign-units", incident="before", units=["E2"])
    assert told.status_code == 200, told.text
    [row] = get(sue, "aid-balance").json()["balances"]
    assert (row["one"], row["other"], row["one_units"]) == ("BRFD", "SGFD", 1)
    assert row["balance_ms"] == row["one_ms"]


@pytest.mark.parametrize("what", ["handover", "aid-balance"])
def test_only_the_floor_reads_them(lent, what):
    """A responder does not, and nobody does not."""
    assert get(Person(lent, "ray"), what, since=0).json()["code"] == "not_permitted"
    assert get(Person(lent), what, since=0).json()["code"] == "not_signed_in"
