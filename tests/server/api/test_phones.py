"""The city's phones over HTTP, on a real server: who may, what a call would become, credentials shown once, records."""

import csv
import hashlib
import io
import sqlite3

import pytest

from .conftest import Person, new_key

SITE = {
    "id": "hall",
    "address": "222 Saint Louis St",
    "floor": "3",
    "contacts": ["desk@city.example"],
    "validated": True,
}


class Caller(Person):
    """Somebody who asks of the phones."""

    def do(self, command, status=200, **fields):
        """Ask a command; gives the answer."""
        headers = {**self.headers, "idempotency-key": new_key()}
        answer = self.http.post(f"/api/phones/{command}", json=fields, headers=headers)
        assert answer.status_code == status, answer.text
        return answer.json()

    def get(self, path, status=200, purpose=None, **query):
        """Ask a question; gives the answer."""
        headers = {**self.headers, **({"redstick-purpose": purpose} if purpose else {})}
        answer = self.http.get(f"/api/phones/{path}", params=query, headers=headers)
        assert answer.status_code == status, answer.text
        return answer


@pytest.fixture(scope="module")
def hall(server):
    """An administrator who has set two extensions up; dan has one of them."""
    ada, dan = Caller(server, "ada"), Caller(server, "dan")
    me = dan.http.get("/api/session", headers=dan.headers).json()["person"]
    ada.do("keep-site", site=SITE)
    ada.do("enroll-user", user={"id": "dan", "name": "Dan Dee", "person": me, "email": "dan@city.example"})
    for number, user in (("2100", "dan"), ("2101", "")):
        what = {"type": "extension", "name": f"Desk {number}", "user": user, "site": "hall"}
        ada.do("assign-number", number=number, what=what)
    return server, ada, dan, me


@pytest.fixture(scope="module")
def olive(hall):
    """An auditor."""
    return Caller(hall[0], "olive")


def test_a_phone_gets_its_password_once_and_nothing_keeps_it(hall):
    """The answer alone has it; beside the journal there is its digest, which goes when the phone is removed."""
    server, ada, _, _ = hall
    made = ada.do("add-phone", id="2101-1", number="2101")
    assert len(made["password"]) == 24
    stored = b"".join(path.read_bytes() for path in server.folder.rglob("*") if path.is_file())
    assert made["password"].encode() not in stored
    said = f"2101-1:{made['realm']}:{made['password']}".encode()
    book = sqlite3.connect(next(server.folder.rglob("phones.sqlite3")))
    digests = dict(book.execute("SELECT algorithm, digest FROM digests WHERE device = '2101-1'"))
    assert digests["SHA-256"] == hashlib.sha256(said).hexdigest()
    journal = b"".join(path.read_bytes() for path in server.folder.rglob("journal/*") if path.is_file())
    assert digests["SHA-256"].encode() not in journal
    assert b"2101-1" in journal
    assert ada.do("add-phone", 409, id="2101-1", number="2101")["code"] == "device_known"
    ada.do("remove-device", device="2101-1")
    ends = 100
    while book.execute("SELECT count(*) FROM digests").fetchone() != (0,) and ends:
        ada.get("route", caller="2100", dialled="911")  # the digest goes beside what is asked
        ends -= 1
    assert ends
    book.close()


def test_what_would_happen_is_told_and_nothing_does(hall):
    """9911 on a Sunday from an extension: a call for help, with its place; the journal is as long as before."""
    _, ada, _, _ = hall
    rows = ada.see("phones.view.system").json()
    told = ada.get("route", caller="2100", dialled="9911", at=1_768_150_800_000).json()
    assert (told["verdict"], told["steps"][0]["targets"]) == ("emergency", ["center"])
    assert any("222 Saint Louis St, floor 3" in words for words in told["words"])
    assert ada.see("phones.view.system").json()["rows"] == rows["rows"]


def test_a_plan_is_looked_at_before_it_is_proposed(hall):
    """The same findings: an outside line that swallows 9911 is told, and refused when it is proposed."""
    _, ada, _, _ = hall
    plan = {"rules": [{"name": "out", "pattern": "9.", "action": "outside", "trunks": []}], "prefix": "9"}
    answer = ada.http.post("/api/phones/check-plan", json=plan, headers=ada.headers)
    assert "keeps_911" in {one["code"] for one in answer.json()["findings"]}
    assert ada.do("propose-plan", 409, plan=plan)["code"] == "plan_faulty"


def test_everybody_minds_their_own_number_and_no_others(hall):
    """Presence by one's own name alone; the switchboard's commands are not a dispatcher's; the box is one's own."""
    _, ada, dan, me = hall
    dan.do("set-my-presence", person=me, number="2100", presence="away")
    assert dan.do("set-my-presence", 403, person="somebody", number="2100", presence="away")["code"] == "not_yourself"
    assert dan.do("set-my-presence", 409, person=me, number="2101", presence="away")["code"] == "not_your_number"
    dan.do("set-presence", 403, number="2101", presence="away")
    dan.do("begin-call", 403, call="x", caller="2100", dialled="911")
    [mine] = dan.get("mine").json()["numbers"]
    assert (mine["number"], mine["voicemails"]) == ("2100", [])
    assert ada.get("mine").json()["numbers"] == []
    assert dan.see("phones.view.directory").json()["rows"]["phone/2100"]["name"] == "Dan Dee"
    assert dan.see("phones.view.system").status_code == 403


def test_records_are_for_whoever_says_why(hall, olive):
    """An auditor reads them for an audit; an administrator, and an auditor without a reason, do not."""
    _, ada, _, _ = hall
    span = {"begins": 0, "ends": 30_000_000_000}
    answer = olive.get("records.csv", purpose="audit", **span)
    assert next(csv.reader(io.StringIO(answer.text)))[:3] == ["call", "began_at", "answered_at"]
    olive.get("records.csv", 403, **span)
    ada.get("records.csv", 403, **span)
    olive.get("records.csv", 400, purpose="audit", begins=5, ends=5)


def test_the_description_speaks_of_the_phones(hall):
    """Every question and the one act have their place in the description of the interface."""
    _, ada, _, _ = hall
    paths = ada.http.get("/api/schema/openapi.json", headers=ada.headers).json()["paths"]
    asked = {"route", "mine", "records.csv", "check-plan", "add-phone", "assign-number", "set-my-presence"}
    assert asked <= {path.removeprefix("/api/phones/") for path in paths}
