"""The seat stream: a snapshot, then a frame at most each 50 ms when something changed. Plain ASGI.

`/api/seat?view=dispatch.view.units&view=dispatch.view.incidents`, and `&seat=calls:1` where the console is one at which
its person signs on: while a stream is open somebody is there. Each frame says from which position of the journal to
which it leads; rows are drawn once per audience, and encoded once for all seats that stand at the same place. A seat
that is slow is told the newest of each row when it is ready again; one that takes nothing at all is dropped. Seats take
their turns within a tick, so that many of them hold nobody up.
"""

import asyncio
from collections import OrderedDict
from collections.abc import Sequence
from contextlib import suppress
from typing import Any
from urllib.parse import parse_qs

import msgspec
from litestar.connection import WebSocket
from litestar.types import Receive, Scope, Send

from redstick.kernel.authority.authority import Reading
from redstick.kernel.values import Rejection
from redstick.server.api.callers import from_elsewhere, token_of
from redstick.server.api.ports import Operations
from redstick.server.board import Board, BoardSeat
from redstick.server.ports import Frame, Snapshot

TICK_S = 0.05
TURNS, PER_TURN = 10, 20  # within a tick, and how many seats share one: few seats wait for no turn
HEARTBEAT_S = 1.0  # an empty frame says that the link lives
STALLED_S = 20.0  # a seat that took nothing for so long is dropped; it may come back and start from a snapshot
SEATS = 2_000
ENCODED = 256  # frames kept, for seats that stand at the same place

POLICY_VIOLATION, TRY_AGAIN_LATER, NOT_SIGNED_IN, NOT_PERMITTED = 1008, 1013, 4401, 4403


class Seats:
    """The ASGI application of the stream."""

    def __init__(self, operations: Operations, *, stalled_s: float = STALLED_S, tick_s: float = TICK_S) -> None:
        self._operations, self._stalled_s, self._tick_s = operations, stalled_s, tick_s
        self._count = self._open = 0
        self._encoded: OrderedDict[tuple[int, ...], str] = OrderedDict()
        self._encoder = msgspec.json.Encoder()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one seat until it leaves, stalls or may look no longer."""
        await receive()
        socket: WebSocket[Any, Any, Any] = WebSocket(scope)
        token = token_of(socket) or ""
        person = self._operations.person_of(token)
        asked = parse_qs(scope["query_string"].decode("latin-1"))
        views, seat = asked.get("view", []), asked.get("seat", [""])[0]
        if person is None or from_elsewhere(socket) or self._open >= SEATS:
            code = NOT_SIGNED_IN if person is None else POLICY_VIOLATION if from_elsewhere(socket) else TRY_AGAIN_LATER
            await _close(send, code, "sign in first" if person is None else "not now, or not from there")
            return
        readings = await self._admitted(person, views)
        if isinstance(readings, Rejection):
            await _close(send, NOT_PERMITTED, readings.code)
            return
        await send({"type": "websocket.accept", "subprotocol": None, "headers": []})
        self._open += 1
        try:
            with self._operations.stream(person, seat):
                await self._serve(token, views, readings, receive, send)
        finally:
            self._open -= 1

    async def _admitted(self, person: str, views: Sequence[str]) -> list[Reading] | Rejection:
        if not views or any(view not in self._operations.views for view in views):
            return Rejection("view_unknown")
        readings = [await self._operations.admit(person, view, None, None) for view in views]
        return next((reading.rejection for reading in readings if reading.rejection is not None), readings)

    async def _serve(
        self, token: str, views: Sequence[str], readings: Sequence[Reading], receive: Receive, send: Send
    ) -> None:
        boards = [self._operations.views[view].boards[one.audience] for view, one in zip(views, readings, strict=True)]
        sending = asyncio.ensure_future(self._stream(token, views, readings, boards, send))
        leaving = asyncio.ensure_future(_until_left(receive))
        try:
            await asyncio.wait({sending, leaving}, return_when=asyncio.FIRST_COMPLETED)
        finally:
            for task in (sending, leaving):
                task.cancel()
            await asyncio.gather(sending, leaving, return_exceptions=True)

    async def _stream(
        self, token: str, views: Sequence[str], readings: Sequence[Reading], boards: Sequence[Board], send: Send
    ) -> None:
        self._count += 1
        number = self._count
        changed = asyncio.Event()
        await self._operations.draw([(view, one.audience) for view, one in zip(views, readings, strict=True)])
        seats = [board.subscribe_quietly(changed.set) for board in boards]
        try:
            at = await self._send_snapshot(send, boards)
            while True:
                with suppress(TimeoutError):
                    async with asyncio.timeout(HEARTBEAT_S):  # wait_for would lose a cancellation that comes with it
                        await changed.wait()
                turn_s = self._turn_s(number)
                await asyncio.sleep(turn_s)
                changed.clear()
                person = self._operations.person_of(token)  # a seat that is looked at is a session in use
                if person is None:
                    await _close(send, NOT_SIGNED_IN, "the session has ended")
                    return
                if any(self._operations.stale(reading) for reading in readings):
                    fresh = await self._admitted(person, views)
                    if isinstance(fresh, Rejection) or _audiences(fresh) != _audiences(readings):
                        await _close(send, NOT_PERMITTED, "what may be seen has changed; begin anew")
                        return
                    readings = fresh
                at = await self._send_frame(send, seats, boards, at)
                await asyncio.sleep(self._tick_s - turn_s)
        except TimeoutError:
            with suppress(Exception):  # the seat is stalled: it will hardly take the reason either
                async with asyncio.timeout(self._tick_s):
                    await _close(send, TRY_AGAIN_LATER, "too slow")
        finally:
            for seat in seats:
                seat.leave()

    def _turn_s(self, number: int) -> float:
        """How long a seat lets others go first, so that many do not hold the loop at once."""
        turns = min(TURNS, -(-self._open // PER_TURN))
        return self._tick_s * (number % max(1, turns)) / TURNS

    async def _send_snapshot(self, send: Send, boards: Sequence[Board]) -> int:
        rows = {key: row for board in boards for key, row in board.snapshot().rows.items()}
        at, now = max(board.at for board in boards), max(board.now for board in boards)
        await self._send(send, self._encoder.encode(Snapshot(at, now, rows)).decode())
        return at

    async def _send_frame(self, send: Send, seats: Sequence[BoardSeat], boards: Sequence[Board], at: int) -> int:
        frames = [seat.cut() for seat in seats]
        end, now = max(at, *(frame.end for frame in frames)), max(board.now for board in boards)
        spans = (number for seat in seats for number in seat.span)
        place = (*(id(board) for board in boards), *spans, at, end)
        text = self._encoded.get(place)
        if text is None:
            rows = {key: row for frame in frames for key, row in frame.rows.items()}
            gone = [key for frame in frames for key in frame.gone]
            text = self._encoder.encode(Frame(at, end, now, rows, gone)).decode()
            self._encoded[place] = text
            while len(self._encoded) > ENCODED:
                self._encoded.popitem(last=False)
        await self._send(send, text)
        return end

    async def _send(self, send: Send, text: str) -> None:
        async with asyncio.timeout(self._stalled_s):
            await send({"type": "websocket.send", "bytes": None, "text": text})


def _audiences(readings: Sequence[Reading]) -> list[str]:
    return [reading.audience for reading in readings]


async def _close(send: Send, code: int, reason: str) -> None:
    await send({"type": "websocket.close", "code": code, "reason": reason})


async def _until_left(receive: Receive) -> None:
    while (await receive())["type"] != "websocket.disconnect":
        pass
