"""Many seats of one floor: each hears of every acknowledged change once and in order, whoever of them is slow or dead.

How soon is a figure of the bench; here is what must hold however long it takes.
"""

import asyncio
import json
import signal
import socket
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress

import httpx
import pytest
import websockets
from tests.browser.console.floor import PASSWORD, key_of

from redstick.kernel.ids import make_id

SEATS, ACTS = 200, 60
VIEW = "/api/seat?view=dispatch.view.incidents"


def signed_in(floor):
    """Headers of somebody who may look at everything."""
    answer = httpx.post(f"{floor.url}/api/session", json={"name": "sue", "password": PASSWORD})
    return {"authorization": f"Bearer {answer.json()['token']}"}


async def heard(url, headers, ready, last):
    """Notes in the order in which a seat first hears of them, until it has heard the last one; frames must join up."""
    order, seen = [], set()
    address = url.replace("http", "ws") + VIEW
    async with websockets.connect(address, additional_headers=headers, max_size=None, compression=None) as stream:
        at = json.loads(await stream.recv())["at"]
        ready.set()
        while last not in seen:
            frame = json.loads(await stream.recv())
            assert frame["from"] == at, "a gap in what a seat is told"
            at = frame["to"]
            for row in frame["rows"].values():
                fresh = [note["text"] for note in row["notes"] if note["text"] not in seen]
                order += fresh
                seen.update(fresh)
    return order


def stalled(url, headers):
    """A seat that opened its stream and reads nothing from then on."""
    host, port = url.removeprefix("http://").split(":")
    deaf = socket.create_connection((host, int(port)))
    deaf.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
    lines = [
        f"GET {VIEW} HTTP/1.1", f"Host: {host}:{port}", "Upgrade: websocket", "Connection: Upgrade",
        "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==", "Sec-WebSocket-Version: 13",
        f"Authorization: {headers['authorization']}", "", "",
    ]  # fmt: skip
    deaf.sendall("\r\n".join(lines).encode())
    assert deaf.recv(12) == b"HTTP/1.1 101"
    return deaf


async def acts_before(floor, headers, incident, seats):
    """So many acknowledged notes in front of so many seats: what each of these heard."""
    last = f"n{ACTS - 1}"
    readies = [asyncio.Event() for _ in range(seats)]
    listening = [asyncio.create_task(heard(floor.url, headers, ready, last)) for ready in readies]
    await asyncio.gather(*(ready.wait() for ready in readies))
    for number in range(ACTS):
        await asyncio.to_thread(floor.ask, "add-note", incident=incident, text=f"n{number}")
    return await asyncio.wait_for(asyncio.gather(*listening), 120)


def by_itself(work):
    """Its outcome, awaited in a thread of its own: a browser of another test may have a loop running in this one."""
    with ThreadPoolExecutor(1) as thread:
        return thread.submit(asyncio.run, work).result()


@pytest.mark.sockets
def test_200_seats_hear_of_every_acknowledged_change_once_and_in_order(town):
    """A seat that takes nothing stands among them, and none of the others misses anything for it."""
    incident, headers = town.opened(needs=()), signed_in(town)
    with stalled(town.url, headers):
        orders = by_itself(acts_before(town, headers, incident, SEATS))
    wanted = [f"n{number}" for number in range(ACTS)]
    assert len(orders) == SEATS
    assert [order for order in orders if order != wanted] == []


def working_through(floor, incident, acknowledged, over):
    """Ask notes under ids of their own, each again and again until it is acknowledged, whatever the server does."""
    with httpx.Client(base_url=floor.url, headers=signed_in(floor), timeout=30) as client:
        number = 0
        while not over.is_set():
            key = make_id("cmd", time.time_ns() // 1_000_000, number)
            text = f"said {number}"
            while text not in acknowledged:
                with suppress(httpx.HTTPError):
                    body = {"incident": incident, "text": text}
                    told = client.post("/api/dispatch/add-note", json=body, headers={"idempotency-key": key})
                    if told.status_code == httpx.codes.OK:
                        acknowledged.append(text)
                time.sleep(0.02)
            number += 1


@pytest.mark.browser
def test_a_server_killed_under_working_seats_loses_and_doubles_no_acknowledged_act(town, sit):
    """Killed twice in the midst of acts: the seat says so, heals, and shows each acknowledged note once, in order."""
    incident = town.opened(needs=())
    page = sit(town, "dan", "/dispatch")
    page.locator(key_of(f"incident/{incident}")).click()
    acknowledged, over = [], threading.Event()
    worker = threading.Thread(target=working_through, args=(town, incident, acknowledged, over), daemon=True)
    worker.start()
    try:
        for _ in range(2):
            so_far = len(acknowledged)
            while len(acknowledged) < so_far + 10:
                page.wait_for_timeout(50)
            town.end(signal.SIGKILL)
            page.locator(".link.lost[role=status]").wait_for()
            town.start()
            page.locator(".link:not(.lost)[role=status]").wait_for()
    finally:
        over.set()
        worker.join(60)  # it ends with an acknowledgement, so that none is in doubt
    notes = [note["text"] for note in town.incident(incident)["notes"]]
    assert notes == acknowledged
    assert len(notes) >= 20
    page.locator(".narrative li", has_text=notes[-1]).wait_for()
    assert page.locator(".narrative li span").all_inner_texts() == notes
