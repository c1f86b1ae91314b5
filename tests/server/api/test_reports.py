"""Reports from a real server: paper that a screen reader reads, tables that a spreadsheet does not run."""

import csv
import io
import shutil
import time

import pytest

from .conftest import Person, Server

pytestmark = pytest.mark.sockets
REVIEW = {"redstick-purpose": "quality_review"}
NOTE = "=HYPERLINK(1) \u6d77 caller says door is locked"  # a formula, and a letter that no font of the typesetter has


@pytest.fixture(scope="module")
def worked(enrolled, tmp_path_factory):
    """A server on which one incident was worked and closed, and one is open."""
    running = Server(shutil.copytree(enrolled, tmp_path_factory.mktemp("worked") / "data"))
    sue, dan = Person(running, "sue"), Person(running, "dan")
    place = {"text": "1600 S 5TH ST", "x": -911_500_000, "y": 304_500_000}
    for person, command, fields in (
        (sue, "enroll-unit", {"unit": "M4", "kind": "MEDIC", "station": "3"}),
        (sue, "report-status", {"unit": "M4", "status": "AQ"}),
        (dan, "receive-call", {"call": "c1", "source": "trunk", "callback": "225-555-0100", "place": place}),
        (dan, "answer-call", {"call": "c1", "seat": "T1"}),
        (dan, "open-incident", {"incident": "i1", "number": "26-1", "kind": "Fall", "place": place, "call": "c1"}),
        (dan, "assign-units", {"incident": "i1", "units": ["M4"]}),
        (dan, "report-status", {"unit": "M4", "status": "ENR"}),
        (dan, "report-status", {"unit": "M4", "status": "ONS"}),
        (dan, "add-note", {"incident": "i1", "text": NOTE}),
        (dan, "report-status", {"unit": "M4", "status": "AR"}),
        (dan, "release-unit", {"incident": "i1", "unit": "M4"}),
        (dan, "close-incident", {"incident": "i1", "disposition": "-treated"}),
        (dan, "open-incident", {"incident": "i2", "number": "26-2", "kind": "Alarm", "place": place}),
    ):
        answer = person.ask(command, **fields)
        assert answer.status_code == 200, (command, answer.text)
    yield running
    assert running.end() == ""


def get(person, path, headers=None, **query):
    """A report, or why there is none."""
    return person.http.get(
        f"/api/reports/{path}", params=query, headers={**person.headers, **(headers or {})}, timeout=60
    )


def rows(answer):
    """The rows of a CSV."""
    assert answer.status_code == 200, answer.text
    assert answer.headers["content-type"].startswith("text/csv")
    return list(csv.DictReader(io.StringIO(answer.text)))


@pytest.mark.parametrize("path", ["incident/i1.pdf", "incident/26-1.pdf", "shift", "month"])
def test_paper_is_tagged_and_held_to_pdf_ua(worked, path):
    """The file says that it is PDF/UA-1, has tags, a title and a language."""
    query = {"month": time.strftime("%Y-%m")} if path == "month" else {}
    answer = get(Person(worked, "sue"), path, REVIEW, **query)
    assert answer.status_code == 200, answer.text
    assert answer.headers["content-type"] == "application/pdf"
    assert answer.content.startswith(b"%PDF-1.")
    assert b"/StructTreeRoot" in answer.content
    assert b"pdfuaid" in answer.content
    assert b"/Lang" in answer.content


def test_an_incident_as_a_table_is_every_line_and_no_formula(worked):
    """In order, with who and when; what begins like a formula is text; the caller's number only when asked for."""
    sue = Person(worked, "sue")
    table = rows(get(sue, "incident/i1.csv", REVIEW))
    assert [int(row["position"]) for row in table] == sorted(int(row["position"]) for row in table)
    assert f"Note: {NOTE}" in [row["says"] for row in table]
    assert "225-555-0100" not in str(table)
    assert "225-555-0100" in str(rows(get(sue, "incident/i1.csv", REVIEW, callers="true")))


def test_a_shift_as_a_table_is_one_row_an_incident(worked):
    """With its times and who went; a disposition that begins like a formula is text."""
    table = {row["incident"]: row for row in rows(get(Person(worked, "sue"), "shift", form="csv"))}
    assert set(table) == {"i1", "i2"}
    first = table["i1"]
    assert (first["units"], first["disposition"], first["calls"]) == ("M4", "'-treated", "1")
    assert first["opened"].endswith("+00:00")
    assert float(first["response_s"]) >= 0
    assert table["i2"]["first_dispatched"] == ""


def test_times_are_those_of_the_clock_that_is_asked_for(worked):
    """With the offset, so that no reader needs to guess."""
    [first, *_] = rows(get(Person(worked, "sue"), "shift", form="csv", zone="America/Chicago"))
    assert first["opened"][-6:] in {"-06:00", "-05:00"}


@pytest.mark.parametrize(
    ("path", "query", "status", "code"),
    [
        ("incident/i9.pdf", {}, 404, "incident_unknown"),
        ("incident/i1.doc", {}, 404, "form_unknown"),
        ("incident/i1", {}, 404, "incident_unknown"),
        ("shift", {"begun": 5, "ended": 4}, 400, "span_unreadable"),
        ("shift", {"begun": 1, "ended": 3_000_000}, 404, "span_out_of_reach"),
        ("shift", {"zone": "Nowhere/At_All"}, 404, "zone_unknown"),
        ("shift", {"form": "xls"}, 404, "form_unknown"),
        ("shift", {"begun": "yesterday"}, 400, "invalid"),
        ("month", {}, 400, "invalid"),
        ("month", {"month": "2026-13"}, 400, "malformed"),
        ("month", {"month": "1999-01"}, 404, "span_out_of_reach"),
        ("month", {"month": "9000-01"}, 404, "nothing_there"),
        ("month", {"month": "November"}, 400, "invalid"),
    ],
)
def test_what_cannot_be_reported_is_said_to_be_so(worked, path, query, status, code):
    """Each by its own name."""
    answer = get(Person(worked, "sue"), path, REVIEW, **query)
    assert (answer.status_code, answer.json()["code"]) == (status, code)


def test_an_empty_shift_is_said_to_be_empty(worked):
    """Nobody is handed a blank page."""
    begun = time.time_ns() // 1_000_000 - 20 * 86_400_000
    answer = get(Person(worked, "sue"), "shift", begun=begun, ended=begun + 3_600_000)
    assert (answer.status_code, answer.json()["code"]) == (404, "nothing_there")


def test_reports_are_for_supervisors_and_an_open_incident_for_the_floor(worked):
    """A closed one asks for a purpose."""
    dan = Person(worked, "dan")
    assert get(dan, "shift").json()["code"] == "not_permitted"
    assert get(dan, "month", month="2026-11").json()["code"] == "not_permitted"
    assert get(dan, "incident/i1.csv").status_code == 403
    assert rows(get(dan, "incident/i2.csv"))[0]["kind"] == "dispatch.incident_opened"
    assert get(Person(worked), "shift").json()["code"] == "not_signed_in"
