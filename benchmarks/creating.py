"""What an incident over HTTP costs the server: signed in, permitted, decided, durable, shown.

Callers keep their connection and ask again as soon as they are told. They must cost less than the server does: a
general HTTP client takes a millisecond for a request, so that sixteen of them on two cores ask hardly two at a time,
and the server is measured at waking up. The peer was measured at all that two cores could do, so that is the figure;
one caller, who is never asked beside another, is published with it.
"""

import asyncio
import json
import sys
from collections.abc import Iterator
from typing import Any
from urllib.parse import urlsplit

import psutil

from benchmarks.figure import Figure
from benchmarks.serving import cpu_s, new_key, running, served, signed_in

CREATED, CALLERS, WARMED = 3_000, 16, 300
SAID = {"text": "1600 S 5TH ST"}  # no geofile has confirmed it: a second command asks somebody to look into it
FOUND = {"text": "1600 S 5TH ST", "x": -911871000, "y": 304461000, "quality": "rooftop", "in_geofile": True}
LIMIT_MS = 0.7
TICKETSCAD_MS = 10.5  # measured beside, on two cores: 10 to 11 ms of CPU and 44 SQL statements an incident


class Callers:
    """Those who open incidents at a server, each on a connection of its own; no incident is opened twice."""

    def __init__(self, url: str, headers: dict[str, str]) -> None:
        self._url = urlsplit(url)
        self._headers = "".join(f"{name}: {value}\r\n" for name, value in headers.items())
        self._opened = 0

    def create(self, count: int, place: dict[str, Any], callers: int = CALLERS) -> None:
        """So many incidents by so many callers; raises RuntimeError when one is refused."""
        asyncio.run(self._create(count, place, callers))

    async def _create(self, count: int, place: dict[str, Any], callers: int) -> None:
        names = iter([f"i{self._opened + number}" for number in range(count)])
        self._opened += count
        await asyncio.gather(*(self._caller(names, place) for _ in range(callers)))

    async def _caller(self, names: Iterator[str], place: dict[str, Any]) -> None:
        reader, writer = await asyncio.open_connection(self._url.hostname, self._url.port)
        for name in names:
            writer.write(self._request(name, place))
            await _answered(reader)
        writer.close()
        await writer.wait_closed()

    def _request(self, incident: str, place: dict[str, Any]) -> bytes:
        body = json.dumps({"incident": incident, "kind": "MEDICAL", "priority": 2, "place": place})
        head = (
            f"POST /api/dispatch/open-incident HTTP/1.1\r\nhost: {self._url.netloc}\r\n{self._headers}"
            f"idempotency-key: {new_key()}\r\ncontent-type: application/json\r\ncontent-length: {len(body)}\r\n\r\n"
        )
        return (head + body).encode()


async def _answered(reader: asyncio.StreamReader) -> None:
    head = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1").lower()
    body = await reader.readexactly(int(head.partition("content-length: ")[2].partition("\r\n")[0]))
    if not head.startswith("http/1.1 200"):
        raise RuntimeError(f"{head}{body.decode()}")


def cpu_ms(callers: Callers, process: psutil.Process, place: dict[str, Any], at_once: int = CALLERS) -> float:
    """CPU of a server's process for one of many incidents."""
    before = cpu_s(process)
    callers.create(CREATED, place, at_once)
    return (cpu_s(process) - before) / CREATED * 1000


def measure() -> Iterator[Figure]:
    """Beside the limit and the peer, what the same request costs where nothing is decided: the price of HTTP here."""
    limit_name = f"ms CPU (TicketsCAD: {TICKETSCAD_MS})"
    with served() as (url, process):
        callers = Callers(url, signed_in(url))
        callers.create(WARMED, SAID)
        said = cpu_ms(callers, process, SAID)
        yield Figure("http_create_incident", said, "ms CPU", LIMIT_MS, limit_name, CREATED)
        yield Figure("http_create_found", cpu_ms(callers, process, FOUND), "ms CPU", LIMIT_MS, limit_name, CREATED)
        alone = cpu_ms(callers, process, SAID, at_once=1)
        yield Figure("http_create_alone", alone, "ms CPU, one caller", LIMIT_MS, limit_name, CREATED)
    with running([sys.executable, "-m", "benchmarks.bare_answer"]) as (told, process):
        callers = Callers(told["url"], {"authorization": "Bearer nobody"})
        callers.create(WARMED, SAID)
        least = cpu_ms(callers, process, SAID)
    yield Figure("http_create_beside_bare", said, "ms CPU", least, "ms CPU of an answer that decides nothing", CREATED)


if __name__ == "__main__":
    for figure in measure():
        print(figure.as_json())
