"""What an administrator looks at, on a real server: people, policy, the plan with its findings, words; and who may."""

import pytest

from .conftest import PEOPLE, Person

pytestmark = pytest.mark.sockets
PLAN = """
redstick_plan = 1
version = "{version}"
time_zone = "America/Chicago"

[types]
"Structure Fire" = "Fire"
"Sick Person" = "Medical"

[[rules]]
id = "structure fire"
types = ["Structure Fire"]

[[rules.send]]
id = "engine"
kinds = ["ENGINE"]
count = 2
"""


def get(person, path):
    """A read of the administration."""
    answer = person.http.get(f"/api/admin/{path}", headers=person.headers, timeout=60)
    return answer.status_code, answer.json()


def test_people_are_told_by_name_with_roles_and_seats(server):
    """Everybody who is enrolled, machines of the house last."""
    status, told = get(Person(server, "ada"), "people")
    assert status == 200, told
    named = {one["name"]: one["roles"] for one in told["people"] if one["name"]}
    assert named == PEOPLE
    assert [one["person"] for one in told["people"] if one["service"]] == ["house"]
    dan = Person(server, "dan")
    me = dan.http.get("/api/session", headers=dan.headers).json()["person"]
    Person(server, "sue").ask("define-group", group="fire", agencies=["fire"])
    assert dan.ask("sign-on", seat="F3", person=me, groups=["fire"]).status_code == 200
    _, told = get(Person(server, "sue"), "people")
    assert next(one["signed_on"] for one in told["people"] if one["person"] == me) == ["F3"]


def test_people_are_no_business_of_the_floor(server):
    """A dispatcher is refused, a stranger too."""
    assert get(Person(server, "dan"), "people")[1]["code"] == "not_permitted"
    assert get(Person(server), "people")[1]["code"] == "not_signed_in"


def test_the_policy_is_a_table_that_anybody_may_read(server):
    """Roles, audiences, purposes, and each cell that is permitted or forbidden."""
    status, told = get(Person(server, "ray"), "policy")
    assert status == 200, told
    assert {"dispatcher", "administrator"} <= set(told["roles"])
    assert any(cell["action"] == "dispatch.close_road" and cell["role"] == "dispatcher" for cell in told["permits"])


def test_a_plan_is_told_whole_with_what_the_linter_finds(server):
    """Its text, that it does not count yet, and each finding with its code and place."""
    sue = Person(server, "sue")
    drafted = sue.ask("draft-plan", text=PLAN.format(version="v1"), by="sue")
    assert drafted.status_code == 200, drafted.text
    status, told = get(Person(server, "ada"), "plans/v1")
    assert status == 200, told
    assert (told["active"], told["lint"]["faults"]) == (False, [])
    assert told["version"]["text"] == PLAN.format(version="v1")
    assert "Sick Person" in str(told["lint"]["findings"])  # no rule answers it
    assert len(told["lint"]["findings"]) >= told["version"]["errors"] + told["version"]["warnings"]
    assert get(sue, "plans/v9")[1]["code"] == "plan_unknown"


def test_the_citys_words_are_told(server):
    """Codes and statuses as they were adopted; none until they are."""
    status, told = get(Person(server, "ada"), "words")
    assert status == 200, told
    assert set(told) == {"codes", "statuses"}
    assert get(Person(server, "ray"), "words")[1]["code"] == "not_permitted"
