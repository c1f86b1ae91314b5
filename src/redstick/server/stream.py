"""The seat stream: a snapshot, then a frame at most each 50 ms when something changed. Plain ASGI."""

import asyncio
from contextlib import suppress
from urllib.parse import urlsplit

import msgspec
from litestar.types import Receive, Scope, Send

from redstick.server.ports import Feed, Seat, Snapshot

TICK_S = 0.05
HEARTBEAT_S = 1.0  # an empty frame says that the link lives
STALLED_S = 20.0  # a seat that took nothing for so long is dropped; it may come back and start from a snapshot

POLICY_VIOLATION, TRY_AGAIN_LATER = 1008, 1013


class SeatStream:
    """An ASGI application for the websocket of a seat. Each seat has a task of its own and waits for no other."""

    def __init__(self, feed: Feed, tick_s: float = TICK_S, stalled_s: float = STALLED_S) -> None:
        self._feed, self._tick_s, self._stalled_s = feed, tick_s, stalled_s
        self._encoder = msgspec.json.Encoder()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one seat until it leaves or stalls."""
        await receive()
        if not from_own_page(scope):
            await send({"type": "websocket.close", "code": POLICY_VIOLATION, "reason": "from another site"})
            return
        await send({"type": "websocket.accept", "subprotocol": None, "headers": []})
        snapshot, seat = self._feed.subscribe()
        sending = asyncio.ensure_future(self._serve(snapshot, seat, send))
        leaving = asyncio.ensure_future(_until_left(receive))
        try:
            await asyncio.wait({sending, leaving}, return_when=asyncio.FIRST_COMPLETED)
        finally:
            seat.leave()
            for task in (sending, leaving):
                task.cancel()
            await asyncio.gather(sending, leaving, return_exceptions=True)

    async def _serve(self, snapshot: Snapshot, seat: Seat, send: Send) -> None:
        try:
            await self._send(send, snapshot)
            while True:
                await self._send(send, await seat.frame(HEARTBEAT_S))
                await asyncio.sleep(self._tick_s)
        except TimeoutError:
            with suppress(Exception):  # the seat is stalled: it will hardly take the reason either
                async with asyncio.timeout(self._tick_s):
                    await send({"type": "websocket.close", "code": TRY_AGAIN_LATER, "reason": "too slow"})

    async def _send(self, send: Send, message: object) -> None:
        text = self._encoder.encode(message).decode()
        async with asyncio.timeout(self._stalled_s):
            await send({"type": "websocket.send", "bytes": None, "text": text})


async def _until_left(receive: Receive) -> None:
    while (await receive())["type"] != "websocket.disconnect":
        pass


def from_own_page(scope: Scope) -> bool:
    """False when a browser says that a page of another site asks; programs that name no origin are let in."""
    headers = dict(scope["headers"])
    origin = headers.get(b"origin", b"").decode("latin-1")
    return not origin or urlsplit(origin).netloc == headers.get(b"host", b"").decode("latin-1")
