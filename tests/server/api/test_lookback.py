"""Looking back on a real server: figures, the time machine, one incident whole, finding; and who may."""

import json
import os
import shutil
import time
from contextlib import suppress
from pathlib import Path

import pytest

from redstick.bootstrap import BEHIND

from .conftest import Person, Server

pytestmark = pytest.mark.sockets
REVIEW = {"redstick-purpose": "quality_review"}
PLACE = {"text": "1600 S 5TH ST", "x": -911_500_000, "y": 304_500_000, "in_geofile": True}


@pytest.fixture(scope="module")
def lived(enrolled, tmp_path_factory):
    """A server on which a call became an incident, a unit went, and it was closed; another one is open."""
    running = Server(shutil.copytree(enrolled, tmp_path_factory.mktemp("lived") / "data"))
    sue, dan = Person(running, "sue"), Person(running, "dan")
    for command, fields in (
        ("enroll-unit", {"unit": "M4", "kind": "MEDIC", "station": "3"}),
        ("report-status", {"unit": "M4", "status": "AQ"}),
        ("define-group", {"group": "fire", "agencies": ["fire"]}),
    ):
        assert sue.ask(command, **fields).status_code == 200
    steps = [
        ("receive-call", {"call": "c1", "source": "trunk 1", "callback": "225-555-0100", "place": PLACE}),
        ("answer-call", {"call": "c1", "seat": "T1"}),
        ("open-incident", {"incident": "i1", "number": "26-000001", "kind": "Cardiac arrest", "priority": 1,
                           "place": PLACE, "call": "c1"}),
        ("assign-units", {"incident": "i1", "units": ["M4"]}),
        ("report-status", {"unit": "M4", "status": "ENR"}),
        ("report-status", {"unit": "M4", "status": "ONS"}),
        ("add-note", {"incident": "i1", "text": "caller says door is locked"}),
    ]  # fmt: skip
    running.positions = {}
    for command, fields in steps:
        answer = dan.ask(command, **fields)
        assert answer.status_code == 200, answer.text
        running.positions[command] = answer.json()["position"]
    running.while_open = time.time_ns() // 1_000_000
    time.sleep(0.01)
    for command, fields in (
        ("report-status", {"unit": "M4", "status": "AR"}),
        ("release-unit", {"incident": "i1", "unit": "M4"}),
        ("close-incident", {"incident": "i1", "disposition": "Transported"}),
        ("open-incident", {"incident": "i2", "number": "26-000002", "kind": "Fall", "place": PLACE}),
    ):
        answer = dan.ask(command, **fields)
        running.positions[command + fields.get("incident", "")] = answer.json().get("position")
    yield running
    assert running.end() == ""


def get(person, path, headers=None, **query):
    """A read; numbers and JSON."""
    answer = person.http.get(f"/api/{path}", params=query, headers={**person.headers, **(headers or {})}, timeout=60)
    return answer.status_code, answer.json()


def test_a_shift_lead_sees_how_much_and_how_fast(lived):
    """Every interval with its n, its method and its standards, beside what is open, who sits where, what is covered."""
    status, told = get(Person(lived, "sue"), "supervisor")
    assert status == 200, told
    spreads = {one["interval"]: one for one in told["spreads"]}
    assert set(spreads) == {"answer", "processing", "turnout", "travel", "response"}
    answer = spreads["answer"]
    assert (answer["n_used"], answer["method"]) == (1, "nearest rank")
    assert answer["p90_s"] is not None
    assert answer["p90_low_s"] is None  # one value says nothing of the slowest tenth
    assert {"nena-020-answer-90"} <= {one["id"] for one in answer["standards"]}
    assert (told["open_incidents"], told["waiting_incidents"]) == (1, 1)
    assert [one["station"] for one in told["stations"]] == ["3"]
    assert sum(hour["calls"] for hour in told["hours"]) == 1
    assert told["expected_by"] == ""


def test_only_supervisors_see_the_floor_in_figures(lived):
    """A dispatcher has the boards."""
    status, told = get(Person(lived, "dan"), "supervisor")
    assert (status, told["code"]) == (403, "not_permitted")


def test_a_floor_that_has_just_begun_has_no_forecast(lived):
    """No hour is told; the service that is asked and what is assumed stand there all the same."""
    status, told = get(Person(lived, "sue"), "supervisor/staffing", hours=6)
    assert (status, told["hours"], told["expected_by"]) == (200, [], "")
    assert (told["answering"]["percent"], told["answering"]["within_s"]) == (90, 15)
    assert {one["known"] for one in told["givens"]} == {"assumed"}
    assert get(Person(lived, "dan"), "supervisor/staffing")[1]["code"] == "not_permitted"


def test_an_auditor_is_told_who_did_what_and_no_caller_no_place_no_word(lived):
    """For an audit, and recorded; without a purpose nothing, and by an address nothing is found."""
    olive = Person(lived, "olive")
    assert get(olive, "incidents/i1")[0] == 403
    status, told = get(olive, "incidents/i1", {"redstick-purpose": "audit"})
    assert status == 200, told
    says = {line["kind"]: (line["says"], line["actor"] != "") for line in told["lines"]}
    assert says["dispatch.unit_assigned"] == ("M4 dispatched", True)
    assert says["dispatch.note_added"] == ("Note added", True)
    whole = json.dumps(told)
    assert [word for word in ("door is locked", "1600 S 5TH", "225-555", "911500000") if word in whole] == []
    status, told = get(olive, "find", {"redstick-purpose": "audit"}, text="26-000001")
    assert (status, [one["id"] for one in told["found"]][:1]) == (200, ["i1"])
    assert get(olive, "find", {"redstick-purpose": "audit"}, text="1600 S 5TH ST")[1]["found"] == []


def test_without_roads_no_span_is_lived_again_and_a_dispatcher_may_not_ask(lived):
    """Refused by name, and by who may; a change that is no pair of a unit and a station is said to be none."""
    sue = Person(lived, "sue")
    assert get(sue, "supervisor/what-if", without="M4")[1]["code"] == "city_needed"
    status, told = get(sue, "supervisor/what-if", moved="M4")
    assert (status, told["code"]) == (400, "malformed")
    assert get(Person(lived, "dan"), "supervisor/what-if")[1]["code"] == "not_permitted"


def test_the_past_is_computed_behind_whatever_dispatch_has_to_do(lived):
    """By the machine's own scheduler: the processes that may wait are nice, what serves and what shows now is not."""
    assert get(Person(lived, "sue"), "past", REVIEW)[0] == 200
    ranks = [os.getpriority(os.PRIO_PROCESS, one) for one in below(lived.process.pid)]
    usual = os.getpriority(os.PRIO_PROCESS, lived.process.pid)
    assert min(19, usual + BEHIND) in ranks
    assert ranks.count(usual) >= 3


def below(pid):
    """Ids of the processes that began below one."""
    parents = {}
    for one in Path("/proc").glob("[0-9]*/stat"):
        with suppress(OSError):
            parents[int(one.parent.name)] = int(one.read_text().rpartition(")")[2].split()[1])
    found = [child for child, parent in parents.items() if parent == pid]
    return [*found, *(deeper for one in found for deeper in below(one))]


@pytest.mark.parametrize("hours", [0, 5_000, "many"])
def test_hours_that_cannot_be_are_refused(lived, hours):
    """With the field's name."""
    status, told = get(Person(lived, "sue"), "supervisor", hours=hours)
    assert (status, told["code"]) == (400, "invalid")
    assert "hours" in json.dumps(told)


def test_the_city_today_is_for_everybody_and_tells_nothing_fresh(lived):
    """Figures with definition and proof; what happened a moment ago is not yet told."""
    status, told = get(Person(lived, "ray"), "overview")
    assert status == 200, told
    assert told["as_of"] <= told["now"] - told["delay_ms"]
    assert all(one["definition"] and one["proof"]["until"] >= one["proof"]["after"] for one in told["figures"])
    assert told["incidents"] == []
    assert next(one["value"] for one in told["figures"] if one["id"] == "calls") == 0


def test_a_seat_is_as_it_was_at_a_moment(lived):
    """The incident was open, its unit on scene, the caller known; the later one was not there."""
    status, told = get(Person(lived, "sue"), "past", REVIEW, at=lived.while_open)
    assert status == 200, told
    rows = told["rows"]
    assert rows["incident/i1"]["notes"][0]["text"] == "caller says door is locked"
    assert rows["unit/M4"]["status"] == "ONS"
    assert "incident/i2" not in rows
    assert told["now"] == lived.while_open
    assert told["recorded_at"] <= lived.while_open


def test_a_seat_is_as_it_was_behind_a_line(lived):
    """Before the unit was assigned it stood in quarters."""
    position = lived.positions["open-incident"]
    status, told = get(Person(lived, "sue"), "past", REVIEW, position=position)
    assert (status, told["at"]) == (200, position)
    assert told["rows"]["unit/M4"]["status"] == "AQ"
    assert told["rows"]["incident/i1"]["units"] == []


def test_the_past_is_shown_for_a_purpose(lived):
    """Nobody looks back without saying why, and a dispatcher not at all."""
    assert get(Person(lived, "sue"), "past")[0] == 403
    assert get(Person(lived, "dan"), "past", REVIEW)[0] == 403
    status, told = get(Person(lived, "olive"), "past", {"redstick-purpose": "audit"})
    assert status == 200, told
    assert "notes" not in told["rows"]["incident/i2"]


@pytest.mark.parametrize(
    ("query", "code"),
    [
        ({"position": 10**9}, "position_out_of_reach"),
        ({"at": 5}, "position_out_of_reach"),
        ({"view": "dispatch.view.nothing"}, "view_unknown"),
        ({"at": 5, "position": 5}, "malformed"),
    ],
)
def test_a_past_that_there_is_not_is_refused(lived, query, code):
    """By name, with what there is."""
    assert get(Person(lived, "sue"), "past", REVIEW, **query)[1]["code"] == code


def test_what_changed_is_told_row_by_row(lived):
    """Which are new, gone, changed, and each field as it was and as it is."""
    positions = lived.positions
    query = {"since": positions["open-incident"], "until": positions["add-note"]}
    status, told = get(Person(lived, "dan"), "past/changes", **query)
    assert status == 200, told
    changes = {one["key"]: one for one in told["changes"]}
    assert changes["unit/M4"]["fields"]["status"] == ["AQ", "ONS"]
    assert changes["incident/i1"]["how"] == "changed"


def test_a_relief_is_told_what_changed_since_the_seat_was_let_go(lived):
    """By the seat's name, for its groups."""
    dan = Person(lived, "dan")
    me = get(dan, "session")[1]["person"]
    assert dan.ask("sign-on", seat="F9", person=me, groups=["fire"]).status_code == 200
    assert get(dan, "past/changes", seat="F8")[1]["code"] == "seat_never_held"
    assert dan.ask("sign-off", seat="F9", despite="end of the shift").status_code == 200
    assert dan.ask("add-note", incident="i2", text="still waiting").status_code == 200
    status, told = get(dan, "past/changes", seat="F9", group="fire")
    assert status == 200, told
    assert [(one["key"], one["how"]) for one in told["changes"]] == [("incident/i2", "changed")]
    assert get(dan, "past/changes", seat="F9", group="nobody")[1]["code"] == "group_unknown"
    assert get(dan, "past/changes")[1]["code"] == "malformed"


def test_an_open_incident_is_told_whole_to_the_floor(lived):
    """It is its own purpose; the closed one at the same place stands in its history."""
    status, told = get(Person(lived, "dan"), "incidents/i2")
    assert status == 200, told
    assert told["lines"][0]["says"].startswith("Opened: Fall")
    assert [(one["incident"], one["disposition"]) for one in told["before"]] == [("i1", "Transported")]


def test_a_closed_incident_is_told_whole_for_a_purpose(lived):
    """Its timeline in words, in order, with who and when; its call with the times."""
    sue = Person(lived, "sue")
    assert get(sue, "incidents/i1")[0] == 403
    status, told = get(sue, "incidents/i1", REVIEW)
    assert status == 200, told
    says = [line["says"] for line in told["lines"]]
    assert "Call received by trunk 1 225-555-0100" in says
    assert says.index("M4 dispatched") < says.index("M4 ONS") < says.index("Closed: Transported")
    assert [line["position"] for line in told["lines"]] == sorted(line["position"] for line in told["lines"])
    assert [call["call"] for call in told["calls"]] == ["c1"]
    assert get(sue, "incidents/26-000001", REVIEW)[1]["incident"] == "i1"
    assert get(sue, "incidents/none", REVIEW)[1]["code"] == "incident_unknown"


def test_anything_open_is_found_by_number_name_or_place(lived):
    """What is over only for a purpose."""
    dan, sue = Person(lived, "dan"), Person(lived, "sue")
    assert [one["id"] for one in get(dan, "find", text="26-000002")[1]["found"]] == ["i2"]
    assert "M4" in [one["id"] for one in get(dan, "find", text="m4")[1]["found"]]
    assert "i1" not in [one["id"] for one in get(dan, "find", text="1600 s 5th")[1]["found"]]
    over = get(sue, "find", REVIEW, text="1600 s 5th")[1]
    assert {"i1", "i2"} <= {one["id"] for one in over["found"]}
    assert over["found"][0]["id"] == "i2"  # what is open stands first
    assert get(dan, "find", text="zzzz no such thing")[1]["found"] == []
    assert get(dan, "find", text="")[0] == 400


def test_nobody_looks_back_without_a_session(lived):
    """Whatever it is."""
    for path in ("supervisor", "overview", "past", "past/changes", "incidents/i1"):
        assert get(Person(lived), path)[1]["code"] == "not_signed_in"
    assert get(Person(lived), "find", text="x")[1]["code"] == "not_signed_in"
