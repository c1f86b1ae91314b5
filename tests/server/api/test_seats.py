"""The seat stream: what ends it, and that it ends; over a real server, that it is what keeps a seat signed on."""

import asyncio
import json
from contextlib import suppress
from types import SimpleNamespace

import pytest
import websockets

from redstick.server.api.seats import Seats
from redstick.server.board import Board

from .conftest import Person

TICK_S = 0.001
SEATS = "dispatch.view.seats"


class OneSeat:
    """A seat on one board, its frames kept instead of sent."""

    def __init__(self):
        self.board, self.got, self.began = Board(), [], asyncio.Event()
        operations = SimpleNamespace(
            draw=self.draw, person_of=lambda token: "dan" if token else None, stale=lambda reading: False
        )
        readings = [SimpleNamespace(audience="floor", rejection=None)]
        stream = Seats(operations, tick_s=TICK_S)._stream("token", ["view"], readings, [self.board], self.send)
        self.task = asyncio.create_task(stream)

    async def draw(self, boards):
        """Its board owes nothing."""

    async def send(self, message):
        """Keep what a seat would be sent."""
        self.got.append(message)
        self.began.set()


def test_a_seat_that_is_cancelled_just_as_a_change_comes_is_freed():
    """The cancellation is not lost in the wait that the change ends: nobody is served for ever."""

    async def story():
        seat = OneSeat()
        await seat.began.wait()
        await asyncio.sleep(10 * TICK_S)  # it waits for a change now
        seat.board.publish(1, {"row": {"value": 1}})
        await asyncio.sleep(0)  # the change has ended the wait, the seat has not run yet
        seat.task.cancel()
        with suppress(asyncio.CancelledError, TimeoutError):
            await asyncio.wait_for(asyncio.shield(seat.task), 1)
        ended = seat.task.done()
        seat.task.cancel()
        await asyncio.gather(seat.task, return_exceptions=True)
        return ended, seat.board._seats

    assert asyncio.run(story()) == (True, {})


@pytest.mark.sockets
def test_a_seat_is_lost_when_its_stream_ends_and_found_when_it_returns(own_server):
    """Every other seat sees it at once; a stream at another seat changes nothing."""
    dan, sue = Person(own_server, "dan"), Person(own_server, "sue")
    me = dan.http.get("/api/session", headers=dan.headers).json()["person"]
    assert sue.ask("define-group", group="fire", agencies=["fire"]).status_code == 200
    url = own_server.url.replace("http", "ws") + f"/api/seat?view={SEATS}"

    async def until(socket, lost):
        while True:
            row = json.loads(await asyncio.wait_for(socket.recv(), 30))["rows"].get("seat/F1")
            if row is not None and (row["lost_at"] is not None) is lost:
                return row

    async def story():
        async with websockets.connect(url, additional_headers=sue.headers) as other:
            for _ in range(2):
                async with websockets.connect(f"{url}&seat=F1", additional_headers=dan.headers) as own:
                    await own.recv()
                    signed_on = await asyncio.to_thread(dan.ask, "sign-on", seat="F1", person=me, groups=["fire"])
                    assert signed_on.status_code == 200, signed_on.text
                    assert (await until(other, lost=False))["person"] == me
                await until(other, lost=True)

    asyncio.run(story())


@pytest.mark.sockets
def test_nobody_signs_on_as_another(server):
    """Nor takes over in another's name; who watches is who asks."""
    dan, sue = Person(server, "dan"), Person(server, "sue")
    other = sue.http.get("/api/session", headers=sue.headers).json()["person"]
    for refused in (
        dan.ask("sign-on", seat="F1", person=other, groups=["fire"]),
        dan.ask("relieve-seat", seat="F1", relief="F1", person=other, position=0),
    ):
        assert (refused.status_code, refused.json()["code"]) == (403, "not_yourself")
