"""A real server under load: how soon 200 seats see what was committed, and what a connection leaves behind."""

import asyncio
import json
import secrets
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import httpx
import psutil
import websockets

from benchmarks.acknowledging import percentile
from benchmarks.figure import Figure
from redstick.kernel.ids import make_id

PASSWORD = "a sentence that nobody else would say"  # noqa: S105  (of a server that lives for a minute)
REDSTICK = str(Path(sys.executable).with_name("redstick"))
SEATS, OPEN, ACTS_PER_S, FANOUT_S = 200, 40, 20, 15.0
TOGETHER, COME_AND_GO = 16, 1_000


@contextmanager
def served() -> Iterator[tuple[str, psutil.Process]]:
    """A server with one dispatcher who administers it too: its address and its process."""
    with served_with() as (told, process):
        yield told["url"], process


@contextmanager
def served_with(*more: str, also: tuple[str, ...] = ()) -> Iterator[tuple[dict[str, Any], psutil.Process]]:
    """The same with further options, and roles: what the server says of itself, and its process."""
    with tempfile.TemporaryDirectory() as data:
        roles = [part for role in ("administrator", "dispatcher", *also) for part in ("--role", role)]
        enrol = [REDSTICK, "people", "add", "dan", "--data", data, *roles, "--password-stdin"]
        subprocess.run(enrol, input=f"{PASSWORD}\n", text=True, check=True, capture_output=True)
        command = [REDSTICK, "serve", "--data", data, "--port", "0", "--json", *more]
        with running(command) as told:
            yield told


@contextmanager
def running(command: list[str]) -> Iterator[tuple[dict[str, Any], psutil.Process]]:
    """A server that says of itself on one line that it serves."""
    server = subprocess.Popen(command, stdout=subprocess.PIPE, text=True)
    try:
        line = server.stdout.readline() if server.stdout else ""
        yield json.loads(line), psutil.Process(server.pid)
    finally:
        server.terminate()
        server.wait(timeout=30)


def new_key() -> str:
    """A fresh id."""
    return make_id("cmd", time.time_ns() // 1_000_000, secrets.randbits(64))


def signed_in(url: str) -> dict[str, str]:
    """Headers of someone who may dispatch."""
    answer = httpx.post(f"{url}/api/session", json={"name": "dan", "password": PASSWORD})
    return {"authorization": f"Bearer {answer.json()['token']}"}


def cpu_s(process: psutil.Process) -> float:
    """What a process has used of the cores."""
    times = process.cpu_times()
    return float(times.user + times.system)


async def _seat(url: str, headers: dict[str, str], ready: asyncio.Event, got: dict[str, list[float]]) -> None:
    address = url.replace("http", "ws") + "/api/seat?view=dispatch.view.incidents"
    async with websockets.connect(address, additional_headers=headers, max_size=None, compression=None) as socket:
        await socket.recv()
        ready.set()
        while True:
            frame: dict[str, Any] = json.loads(await socket.recv())
            now = time.perf_counter()
            for key, row in frame["rows"].items():
                for note in row["notes"]:
                    got.setdefault(f"{key}/{note['text']}", []).append(now)


async def _ask(client: httpx.AsyncClient, command: str, body: dict[str, Any]) -> None:
    answer = await client.post(f"/api/dispatch/{command}", json=body, headers={"idempotency-key": new_key()})
    answer.raise_for_status()


async def _open(url: str, headers: dict[str, str]) -> None:
    """The incidents that notes will be added to."""
    what = {"kind": "MEDICAL", "priority": 2, "place": {"text": "1600 S 5TH ST"}}
    async with httpx.AsyncClient(base_url=url, timeout=30, headers=headers) as client:
        for number in range(OPEN):
            await _ask(client, "open-incident", {"incident": f"i{number}", **what})


async def _fanning_out(url: str, headers: dict[str, str]) -> tuple[list[float], int]:
    """Milliseconds from each acknowledgement to each seat's receipt, and how many receipts are missing."""
    got: dict[str, list[float]] = {}
    told: dict[str, float] = {}
    readies = [asyncio.Event() for _ in range(SEATS)]
    seats = [asyncio.create_task(_seat(url, headers, ready, got)) for ready in readies]
    await asyncio.gather(*(ready.wait() for ready in readies))
    async with httpx.AsyncClient(base_url=url, timeout=30, headers=headers) as client:
        for number in range(int(ACTS_PER_S * FANOUT_S)):
            incident = f"i{number % OPEN}"
            await _ask(client, "add-note", {"incident": incident, "text": f"n{number}"})
            told[f"incident/{incident}/n{number}"] = time.perf_counter()
            await asyncio.sleep(1 / ACTS_PER_S)
        await asyncio.sleep(1.0)
    for seat in seats:
        seat.cancel()
    await asyncio.gather(*seats, return_exceptions=True)
    late = [(min_at - at) * 1000 for key, at in told.items() for min_at in got.get(key, [])[:SEATS]]
    missing = sum(SEATS - len(got.get(key, [])[:SEATS]) for key in told)
    return late, missing


def fanout_200_seats(url: str) -> Figure:
    """From the acknowledgement of an act to the frame at each of 200 seats, all in one other process.

    The server is new: the incidents that are acted on are opened first.
    """
    headers = signed_in(url)
    asyncio.run(_open(url, headers))
    late, missing = asyncio.run(_fanning_out(url, headers))
    if missing:
        raise RuntimeError(f"{missing} receipts are missing")
    return Figure("fanout_200_seats", percentile(late, 0.99), "ms p99 commit to receipt", 100, "ms", len(late))


async def _come_and_go(url: str, headers: dict[str, str], count: int) -> None:
    """So many connections that ask for one thing and leave, and as many seats whose connection is torn."""
    address = url.replace("http", "ws") + "/api/seat?view=dispatch.view.incidents"

    async def visitor(_: int) -> None:
        async with httpx.AsyncClient(base_url=url, timeout=30, headers=headers) as client:
            (await client.get("/api/views/dispatch.view.units")).raise_for_status()
        seat = await websockets.connect(address, additional_headers=headers, max_size=None, compression=None)
        await seat.recv()
        seat.transport.abort()

    for start in range(0, count, TOGETHER):
        await asyncio.gather(*map(visitor, range(start, min(start + TOGETHER, count))))


def connection_left(url: str, process: psutil.Process) -> Figure:
    """Memory that a connection leaves behind when it is gone: no full collection ever runs, so a cycle would stay."""
    headers = signed_in(url)
    asyncio.run(_come_and_go(url, headers, COME_AND_GO))
    before = process.memory_info().rss
    asyncio.run(_come_and_go(url, headers, COME_AND_GO))
    left = (process.memory_info().rss - before) / (2 * COME_AND_GO)
    return Figure("connection_left", left, "bytes", 1_000, "bytes, 20 MB a day at 20,000 connections", 2 * COME_AND_GO)


def measure() -> Iterator[Figure]:
    """Each on a server of its own."""
    with served() as (url, _):
        yield fanout_200_seats(url)
    with served() as (url, process):
        yield connection_left(url, process)


if __name__ == "__main__":
    for figure in measure():
        print(figure.as_json())
