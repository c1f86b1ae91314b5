"""Savings through a real server: a bill over HTTP, the work as commands, the report as page, paper and table."""

import csv
import io

import pytest

from .conftest import Person, new_key

pytestmark = pytest.mark.sockets
MARCH = "Vendor,Month,Account,Phone Number,MRC,Taxes\nLakeshore,2026-03,7,225-555-0101,40.00,4.00\nLakeshore,2026-03,7,225-555-0102,40.00,4.00\n"  # noqa: E501  (a file as it comes: its lines are long)
APRIL = "Vendor,Month,Account,Phone Number,MRC,Taxes\nLakeshore,2026-04,7,225-555-0102,40.00,4.00\n"
LINE = "lakeshore:2255550101"


def send(person, path, text, **query):
    """A bill's file as the body."""
    headers = {**person.headers, "idempotency-key": new_key()}
    return person.http.post(f"/api/savings/{path}", content=text.encode(), params=query, headers=headers, timeout=60)


def ask(person, command, **fields):
    """A command of savings, that must be taken."""
    headers = {**person.headers, "idempotency-key": new_key()}
    answer = person.http.post(f"/api/savings/{command}", json=fields, headers=headers)
    assert answer.status_code == 200, answer.text


def report(person, **query):
    """The report in a form."""
    return person.http.get("/api/savings/report", params=query, headers=person.headers, timeout=60)


def test_a_bill_a_wave_a_disconnect_and_the_bill_that_proves_it(own_server):
    """The thin thread from a CSV to the page; the same bill again changes nothing; a fault takes nothing."""
    ada = Person(own_server, "ada")
    assert report(ada).json()["code"] == "nothing_there"
    seen = send(ada, "preview", MARCH).json()
    assert (seen["statements"][0]["lines"], seen["statements"][0]["cents"]) == (2, 8_800)
    assert send(ada, "bills", MARCH).json()["taken"] == ["lakeshore:7:2026-03"]
    assert send(ada, "bills", MARCH + "\n").json()["taken"] == []
    wrong = send(ada, "bills", APRIL + "Lakeshore,2026-04,7,225-555-0103,forty,\n")
    assert (wrong.status_code, wrong.json()["data"]["faults"][0]["place"]) == (400, "line 3")
    assert send(ada, "bills", MARCH.replace("40.00", "41.00")).json()["code"] == "statement_differs"
    ask(ada, "plan-wave", wave="w1", name="First", owner="Facilities", starts="2026-03-01", ends="2026-03-31")
    ask(ada, "schedule-lines", wave="w1", lines=[LINE], way="disconnect")
    ask(ada, "take-step", line=LINE, step="disconnected", on="2026-03-20")
    assert report(ada, form="json").json()["standing"]["claimed"] == {"lines": 1, "monthly_cents": 4_400}
    send(ada, "bills", APRIL)
    figures = report(ada, form="json").json()
    assert figures["standing"]["proven"] == {"lines": 1, "monthly_cents": 4_400}
    page = report(ada)
    assert page.headers["content-security-policy"].startswith("default-src 'none'; style-src 'unsafe-inline'")
    assert "Bills show that 1 line is gone that cost $44.00 a month." in page.text
    rows = list(csv.DictReader(io.StringIO(report(ada, form="csv", table="standing").text)))
    assert [row["Lines"] for row in rows] == ["1", "1", "2"]
    assert report(ada, form="csv", table="x").json()["code"] == "table_unknown"
    paper = report(ada, form="pdf")
    assert paper.content.startswith(b"%PDF-1.")
    assert b"pdfuaid" in paper.content
    assert own_server.end() == ""


def test_who_may(server):
    """Administrators keep the inventory; an auditor sees it for an audit; dispatchers neither take nor see."""
    dan, olive = Person(server, "dan"), Person(server, "olive")
    assert send(dan, "bills", MARCH).status_code == 403
    assert send(dan, "preview", MARCH).status_code == 403
    assert report(dan).status_code == 403
    assert report(Person(server)).status_code == 401
    assert report(olive).status_code == 403
    olive.headers["redstick-purpose"] = "audit"
    assert report(olive).json()["code"] == "nothing_there"
    assert send(olive, "bills", MARCH).status_code == 403
