"""The interface over a real server: commands, rows by audience, the seat stream, restarts, and what is refused."""

import asyncio
import json
import signal
import sqlite3
import subprocess
import time

import pytest
import websockets
from websockets import exceptions

from redstick.kernel.authority.sessions import SessionLimits

from .conftest import REDSTICK, Person, Server, enrol, new_key

pytestmark = pytest.mark.sockets
INCIDENTS, CALLS, UNITS = "dispatch.view.incidents", "dispatch.view.calls", "dispatch.view.units"


def test_a_command_is_durable_when_it_is_answered(own_server):
    """The server is killed right behind the answer; the next one has the incident, and gives the same outcome again."""
    dan, key = Person(own_server, "dan"), new_key()
    told = dan.ask("open-incident", key, incident="i1", kind="FIRE", priority=1)
    assert told.status_code == 200
    assert [event["kind"] for event in told.json()["events"]] == ["dispatch.incident_opened"]
    own_server.end(signal.SIGKILL)
    own_server.start()
    dan = Person(own_server, "dan")
    assert list(dan.see(INCIDENTS).json()["rows"]) == ["incident/i1"]
    assert dan.ask("open-incident", key, incident="i1", kind="FIRE", priority=1).json() == told.json()


def test_a_rejection_has_the_domains_own_code(server):
    """application/problem+json with the code and the data of the rejection; the same again when asked again."""
    dan = Person(server, "dan")
    dan.ask("open-incident", incident="twice")
    key = new_key()
    refused = dan.ask("open-incident", key, incident="twice")
    assert refused.status_code == 409
    assert refused.headers["content-type"] == "application/problem+json"
    assert (refused.json()["code"], refused.json()["data"]) == ("incident_known", {"incident": "twice"})
    assert dan.ask("open-incident", key, incident="twice").json() == refused.json()
    assert dan.ask("add-note", incident="nowhere", text="x").status_code == 404
    reused = dan.ask("add-note", key, incident="twice", text="x")
    assert (reused.status_code, reused.json()["code"]) == (409, "command_id_reused")


@pytest.mark.parametrize(
    ("fields", "says"),
    [({"incident": 5}, "Expected `str`"), ({"incidentt": "i"}, "unknown field"), ({}, "missing required field")],
)
def test_a_body_that_is_not_the_command_is_refused_by_name(server, fields, says):
    """Which field, and what was expected; nothing is journaled."""
    answer = Person(server, "dan").ask("open-incident", **fields)
    assert (answer.status_code, answer.json()["code"]) == (400, "invalid")
    assert says in json.dumps(answer.json()["data"])


def test_what_is_missing_or_cannot_be_read_in_a_header_is_said(server):
    """No key, a key of nobody's making, a time that is none."""
    dan = Person(server, "dan")
    bare = dan.http.post("/api/dispatch/open-incident", json={"incident": "i"}, headers=dan.headers)
    assert (bare.status_code, bare.json()["code"]) == (400, "id_needed")
    assert dan.ask("open-incident", "not-an-id", incident="i").json()["code"] == "id_unreadable"
    headers = {**dan.headers, "idempotency-key": new_key(), "redstick-at": "noon"}
    late = dan.http.post("/api/dispatch/open-incident", json={"incident": "i"}, headers=headers)
    assert late.json()["code"] == "header_unreadable"


def test_who_is_not_signed_in_does_and_sees_nothing(server):
    """Commands, rows and the stream; a wrong password and an unknown name are told alike."""
    nobody = Person(server)
    assert nobody.ask("open-incident", incident="i").status_code == 401
    assert nobody.see(INCIDENTS).status_code == 401
    answers = [
        nobody.http.post("/api/session", json={"name": name, "password": "wrong"}).json() for name in ("dan", "nobody")
    ]
    assert answers[0] == answers[1]
    assert answers[0]["code"] == "sign_in_refused"

    async def look():
        async with websockets.connect(f"{stream(server)}?view={INCIDENTS}") as socket:
            await socket.recv()

    with pytest.raises(exceptions.InvalidStatus, match="403"):
        asyncio.run(look())


def test_nobody_acts_above_their_authority(server):
    """An auditor may command nothing, a responder opens no incident; the refusal is an outcome like any other."""
    for name in ("olive", "ray"):
        refused = Person(server, name).ask("open-incident", incident="above")
        assert (refused.status_code, refused.json()["code"]) == (403, "not_permitted")
    assert "incident/above" not in Person(server, "dan").see(INCIDENTS).json()["rows"]


def test_rows_are_drawn_for_the_audience_that_the_asker_belongs_to(server):
    """The floor sees who called; crews and oversight do not, however they ask."""
    dan = Person(server, "dan")
    dan.ask("receive-call", call="c1", source="911", callback="225-555-0100")
    dan.ask("open-incident", incident="drawn", call="c1", place={"text": "1600 S 5th St"})
    assert dan.see(CALLS).json()["rows"]["call/c1"]["callback"] == "225-555-0100"
    ray = Person(server, "ray")
    assert "1600 S 5th St" in ray.see(INCIDENTS).text
    assert ray.see(CALLS).status_code == 403
    assert ray.see(INCIDENTS, audience="floor").status_code == 403
    olive = Person(server, "olive").see(INCIDENTS, purpose=None)
    assert "1600 S 5th St" not in olive.text


def test_a_seat_sees_every_change_behind_its_snapshot_in_order(server):
    """A snapshot, then frames each of which begins where the one before ended."""
    dan = Person(server, "dan")
    dan.ask("open-incident", incident="watched")

    async def look():
        seen = []
        both = f"{stream(server)}?view={INCIDENTS}&view={UNITS}"
        async with websockets.connect(both, additional_headers=dan.headers) as socket:
            snapshot = json.loads(await socket.recv())
            at = snapshot["at"]
            for i in range(5):
                await asyncio.to_thread(dan.ask, "add-note", incident="watched", text=f"note {i}")
            while len(seen) < 5:
                frame = json.loads(await socket.recv())
                assert frame["from"] == at
                at = frame["to"]
                row = frame["rows"].get("incident/watched")
                seen = [note["text"] for note in row["notes"]] if row else seen
        return list(snapshot["rows"]), seen

    rows, seen = asyncio.run(look())
    assert "incident/watched" in rows
    assert seen == [f"note {i}" for i in range(5)]


def test_a_suspended_person_loses_the_seat_and_the_session_at_once(own_server):
    """The stream closes, and the next command is refused."""
    dan, ada = Person(own_server, "dan"), Person(own_server, "ada")
    person = dan.http.get("/api/session", headers=dan.headers).json()["person"]

    async def look():
        async with websockets.connect(
            f"{stream(own_server)}?view={INCIDENTS}", additional_headers=dan.headers
        ) as socket:
            await socket.recv()
            await asyncio.to_thread(suspend)
            while True:
                await socket.recv()

    def suspend():
        headers = {**ada.headers, "idempotency-key": new_key()}
        answer = ada.http.post("/api/access/suspend-person", json={"person": person, "reason": "left"}, headers=headers)
        assert answer.status_code == 200, answer.text

    with pytest.raises(exceptions.ConnectionClosed) as closed:
        asyncio.run(look())
    assert closed.value.rcvd.code == 4401
    assert dan.ask("open-incident", incident="i9").status_code == 401


def test_a_page_of_another_site_is_turned_away(server):
    """A browser that says so is refused; so is a host name that is not ours."""
    dan = Person(server, "dan")
    headers = {**dan.headers, "idempotency-key": new_key(), "origin": "https://elsewhere.example"}
    assert dan.http.post("/api/dispatch/open-incident", json={"incident": "i"}, headers=headers).status_code == 403
    assert dan.http.get("/api/session", headers={**dan.headers, "host": "elsewhere.example"}).status_code == 421


def test_everything_is_described(server):
    """OpenAPI names every command that may be asked, and none that only the kernel may."""
    described = Person(server).http.get("/api/schema/openapi.json").json()
    assert "/api/dispatch/open-incident" in described["paths"]
    assert "/api/dispatch/recall" not in described["paths"]
    assert all("kernel/begin" not in path for path in described["paths"])


def test_the_server_says_why_it_does_not_start(tmp_path, server):
    """A port in use is a misuse; a folder in use by another server is a failure that names it."""
    port = server.url.rsplit(":", 1)[1]
    taken = subprocess.run(
        [REDSTICK, "serve", "--data", str(tmp_path / "x"), "--port", port],
        capture_output=True,
        text=True,
        timeout=60,
    )
    assert (taken.returncode, taken.stderr.count("\n")) == (2, 1)
    shared = subprocess.run(
        [REDSTICK, "serve", "--data", str(server.folder), "--port", "0"],
        capture_output=True,
        text=True,
        timeout=60,
    )
    assert shared.returncode == 1
    assert "in use by process" in shared.stderr


def test_an_empty_folder_serves_nobody_until_someone_is_enrolled(tmp_path):
    """Enrolling is the first act; the server then knows who it is."""
    enrol(tmp_path / "fresh")
    running = Server(tmp_path / "fresh")
    assert Person(running, "ada").http.get("/api/session").status_code == 401
    assert running.end() == ""


def stream(server):
    """The address of the seat stream."""
    return server.url.replace("http", "ws") + "/api/seat"


def test_the_follower_beside_the_server_keeps_the_ledger(own_server):
    """What was acknowledged stands in the ledger's tables soon after, written by another process."""
    assert Person(own_server, "dan").ask("open-incident", incident="followed", kind="FIRE").status_code == 200
    ledger = own_server.folder / "ledgers" / "operations.sqlite3"
    for _ in range(600):
        if ledger.is_file() and kinds_in(ledger) == ["FIRE"]:
            break
        time.sleep(0.1)
    assert kinds_in(ledger) == ["FIRE"]


def kinds_in(ledger):
    """Kinds of the incident in a ledger that another process is writing; none while it has no tables."""
    connection = sqlite3.connect(f"file:{ledger}?mode=ro", uri=True)
    try:
        rows = connection.execute("SELECT kind FROM incidents_now WHERE incident = 'followed'")
        return [kind for (kind,) in rows]
    except sqlite3.OperationalError:
        return []
    finally:
        connection.close()


def test_a_session_says_how_long_it_lasts_unused(server):
    """The console keeps what was seen no longer than that, and has no number of its own."""
    dan = Person(server, "dan")
    told = dan.http.get("/api/session", headers=dan.headers).json()
    assert told["idle_ms"] == SessionLimits().idle_ms
