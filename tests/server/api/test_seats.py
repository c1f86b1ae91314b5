"""The seat stream without a network: what ends it, and that it ends."""

import asyncio
from contextlib import suppress
from types import SimpleNamespace

from redstick.server.api.seats import Seats
from redstick.server.board import Board

TICK_S = 0.001


class OneSeat:
    """A seat on one board, its frames kept instead of sent."""

    def __init__(self):
        self.board, self.got, self.began = Board(), [], asyncio.Event()
        operations = SimpleNamespace(
            publish=lambda: None, person_of=lambda token: "dan" if token else None, stale=lambda reading: False
        )
        readings = [SimpleNamespace(audience="floor", rejection=None)]
        stream = Seats(operations, tick_s=TICK_S)._stream("token", ["view"], readings, [self.board], self.send)
        self.task = asyncio.create_task(stream)

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
