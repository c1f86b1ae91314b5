"""The seat stream, spoken to as plain ASGI: each test states one fact."""

import asyncio
from contextlib import suppress

import msgspec
import pytest

from redstick.server.board import Board
from redstick.server.stream import POLICY_VIOLATION, TRY_AGAIN_LATER, SeatStream, from_own_page

HOST = (b"host", b"localhost:8080")
TICK_S = 0.001


def scope_of(*headers):
    """A websocket scope with these headers."""
    return {"type": "websocket", "path": "/stream", "headers": [HOST, *headers]}


class Browser:
    """The other end: takes what is sent, as fast as it likes, and leaves when it likes."""

    def __init__(self, *, takes=None):
        self.got, self.closed = [], None
        self._takes = takes  # how many messages it takes before it takes no more; None for all
        self._left = asyncio.Event()
        self._heard = asyncio.Condition()
        self._opened = False

    async def receive(self):
        """What it says: that it connects; then nothing until it leaves."""
        if not self._opened:
            self._opened = True
            return {"type": "websocket.connect"}
        await self._left.wait()
        return {"type": "websocket.disconnect", "code": 1001}

    async def send(self, message):
        """What it hears."""
        if message["type"] == "websocket.close":
            self.closed = message["code"]
            return
        if message["type"] != "websocket.send":
            return
        if self._takes is not None and len(self.got) >= self._takes:
            await asyncio.Event().wait()
        async with self._heard:
            self.got.append(msgspec.json.decode(message["text"]))
            self._heard.notify_all()

    def leave(self):
        """Close the page."""
        self._left.set()

    async def until(self, holds):
        """Wait until what was heard is as wanted."""
        async with self._heard:
            await self._heard.wait_for(lambda: holds(self.got))


def known(messages):
    """Rows by key after a snapshot and its frames, each of which must begin where the one before ended."""
    rows, at = dict(messages[0]["rows"]), messages[0]["at"]
    for frame in messages[1:]:
        assert frame["from"] == at
        for key in frame["gone"]:
            rows.pop(key, None)
        rows |= frame["rows"]
        at = frame["to"]
    return rows


async def seated(stream, browser, *headers):
    """The task that serves a browser."""
    return asyncio.ensure_future(stream(scope_of(*headers), browser.receive, browser.send))


def test_a_seat_starts_from_a_snapshot_and_sees_every_change_after_it():
    """In order, without a gap."""

    async def story():
        board, browser = Board(), Browser()
        board.publish(1, {"unit/A": {"n": 0}})
        serving = await seated(SeatStream(board, TICK_S), browser)
        for n in range(1, 50):
            board.publish(n, {"unit/A": {"n": n}, f"incident/{n}": {}}, [f"incident/{n - 1}"])
            await asyncio.sleep(0)
        await browser.until(lambda got: got and got[-1].get("to") == board.at)
        browser.leave()
        await serving
        return browser.got

    messages = asyncio.run(story())
    assert messages[0].keys() == {"at", "now", "rows"}
    assert known(messages) == {"unit/A": {"n": 49}, "incident/49": {}}


def test_a_seat_that_takes_nothing_disturbs_no_other():
    """While one browser hangs after its first message, another one sees a hundred changes."""

    async def story():
        board, stuck, quick = Board(), Browser(takes=1), Browser()
        stream = SeatStream(board, TICK_S)
        serving = [await seated(stream, stuck), await seated(stream, quick)]
        await stuck.until(lambda got: len(got) == 1)
        for n in range(100):
            board.publish(n, {"unit/A": {"n": n}})
            await quick.until(lambda got, n=n: got and known(got).get("unit/A") == {"n": n})
        for browser in (stuck, quick):
            browser.leave()
        await asyncio.gather(*serving)
        return len(stuck.got)

    assert asyncio.run(story()) == 1


def test_a_seat_that_stalls_is_dropped_and_told_to_come_again():
    """After the time a seat may take nothing, it is no longer served and nothing is kept for it."""

    async def story():
        board, stuck = Board(), Browser(takes=1)
        serving = await seated(SeatStream(board, TICK_S, stalled_s=0.02), stuck)
        await stuck.until(lambda got: len(got) == 1)
        board.publish(1, {"unit/A": {"n": 1}})
        await serving
        return stuck.closed, board._seats

    assert asyncio.run(story()) == (TRY_AGAIN_LATER, {})


def test_a_page_that_is_closed_frees_its_seat():
    """And the server's task ends."""

    async def story():
        board, browser = Board(), Browser()
        serving = await seated(SeatStream(board, TICK_S), browser)
        await browser.until(lambda got: got)
        assert len(board._seats) == 1
        browser.leave()
        await serving
        return board._seats

    assert asyncio.run(story()) == {}


def test_a_link_that_breaks_while_sending_frees_its_seat():
    """An error of the transport ends this seat alone."""

    async def story():
        board, browser, other = Board(), Browser(), Browser()

        async def broken(message):
            if message["type"] == "websocket.send":
                raise OSError("the cable is cut")

        stream = SeatStream(board, TICK_S)
        serving = asyncio.ensure_future(stream(scope_of(), browser.receive, broken))
        watching = await seated(stream, other)
        with suppress(OSError):
            await serving
        board.publish(1, {"unit/A": {"n": 1}})
        await other.until(lambda got: got and known(got).get("unit/A") == {"n": 1})
        seats = len(board._seats)
        other.leave()
        await watching
        return seats

    assert asyncio.run(story()) == 1


def test_a_server_that_ends_frees_its_seats():
    """Cancelling the task that serves a seat leaves nothing behind."""

    async def story():
        board, browser = Board(), Browser()
        serving = await seated(SeatStream(board, TICK_S), browser)
        await browser.until(lambda got: got)
        serving.cancel()
        with suppress(asyncio.CancelledError):
            await serving
        others = asyncio.all_tasks() - {asyncio.current_task()}
        return board._seats, others

    assert asyncio.run(story()) == ({}, set())


def test_a_page_of_another_site_is_refused_before_anything_is_sent():
    """By its origin; nothing of the city reaches it."""

    async def story():
        board, browser = Board(), Browser()
        await SeatStream(board)(scope_of((b"origin", b"http://elsewhere.test")), browser.receive, browser.send)
        return browser.closed, browser.got, board._seats

    assert asyncio.run(story()) == (POLICY_VIOLATION, [], {})


@pytest.mark.parametrize(
    ("origin", "ours"),
    [
        (None, True), (b"http://localhost:8080", True), (b"https://localhost:8080", True), (b"http://localhost", False),
        (b"http://localhost:8081", False), (b"http://localhost.elsewhere.test:8080", False), (b"null", False),
        (b"http://elsewhere.test", False), (b"\xff\xfe", False),
    ],
)  # fmt: skip
def test_our_own_pages_are_known_by_origin_and_host(origin, ours):
    """The same name and port; a program that names no origin is let in; "null" and nonsense are not."""
    assert from_own_page(scope_of(*([] if origin is None else [(b"origin", origin)]))) is ours


def test_a_quiet_city_is_known_to_be_alive(monkeypatch):
    """Without any change an empty frame comes at each heartbeat."""
    monkeypatch.setattr("redstick.server.stream.HEARTBEAT_S", 0.005)

    async def story():
        board, browser = Board(), Browser()
        serving = await seated(SeatStream(board, TICK_S), browser)
        await browser.until(lambda got: len(got) >= 4)
        browser.leave()
        await serving
        return browser.got

    for frame in asyncio.run(story())[1:]:
        assert (frame["rows"], frame["gone"], frame["from"]) == ({}, [], frame["to"])
