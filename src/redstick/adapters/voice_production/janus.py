"""Janus as a client sees it: one session over a socket of this machine, handles in it, what is asked and what is told.

Whoever may open the socket's folder may ask Janus; so no secret is sent at all. Where the connection or the session is
lost every handle is told once, and the next `attach` opens another.
"""

import asyncio
import secrets
from collections.abc import Callable
from pathlib import Path
from typing import Any

import msgspec
from websockets.asyncio.client import ClientConnection, unix_connect
from websockets.exceptions import WebSocketException
from websockets.typing import Subprotocol

PATIENCE_S = 5.0  # for an answer; a Janus that is slower is taken for one that hangs
KEEPALIVE_S = 10.0  # a session without a word ends after thirty seconds (`janus.jcfg`)
MOST_MESSAGE = 1 << 20  # bytes
Told = dict[str, Any]


class JanusLost(Exception):  # noqa: N818  (named for what happened)
    """Nobody is there, the connection went, or no answer came in time."""


class JanusRefused(Exception):  # noqa: N818  (named for what happened)
    """It answered, and will not do it."""


class Handle:
    """One connection of a plugin. `hear` is told each event; None when the handle is no more, once."""

    def __init__(self, session: "Session", number: int, hear: Callable[[Told | None], None]) -> None:
        self._session, self.number, self._hear = session, number, hear

    async def ask(self, body: Told, jsep: Told | None = None) -> Told:
        """The event that answers a message to the plugin. Raises JanusLost, JanusRefused."""
        said: Told = {"janus": "message", "handle_id": self.number, "body": body}
        return await self._session.ask(said if jsep is None else said | {"jsep": jsep})

    async def detach(self) -> None:
        """Let it go; nothing more is told of it."""
        self._session.forget(self.number)
        await self._session.ask({"janus": "detach", "handle_id": self.number})

    def tell(self, told: Told | None) -> None:
        """Something happened to it."""
        self._hear(told)


class Session:
    """One session on one connection, until either ends."""

    def __init__(self, connection: ClientConnection, lost: Callable[["Session"], None]) -> None:
        self._connection, self._lost = connection, lost
        self._number: int | None = None
        self._alive = ""  # the transaction of the last keepalive: an acknowledgement is its whole answer
        self._waiting: dict[str, asyncio.Future[Told]] = {}
        self._handles: dict[int, Handle] = {}
        self._tasks: list[asyncio.Task[None]] = []

    async def begin(self) -> None:
        """Open it. Raises JanusLost, JanusRefused."""
        self._tasks.append(asyncio.create_task(self._hear()))
        told = await self.ask({"janus": "create"})
        self._number = told["data"]["id"]
        self._tasks.append(asyncio.create_task(self._keep()))

    async def attach(self, plugin: str, hear: Callable[[Told | None], None]) -> Handle:
        """Another handle. Raises JanusLost, JanusRefused."""
        told = await self.ask({"janus": "attach", "plugin": plugin})
        handle = Handle(self, told["data"]["id"], hear)
        self._handles[handle.number] = handle
        return handle

    async def ask(self, said: Told) -> Told:
        """The answer to one request: of the session at once, of a plugin the event that has its transaction."""
        transaction = secrets.token_hex(8)
        if said["janus"] == "keepalive":
            self._alive = transaction
        whole = said | {"transaction": transaction} | ({} if self._number is None else {"session_id": self._number})
        answer: asyncio.Future[Told] = asyncio.get_running_loop().create_future()
        self._waiting[transaction] = answer
        answer.add_done_callback(lambda done: done.cancelled() or done.exception())  # whoever asked may be gone
        try:
            await self._connection.send(msgspec.json.encode(whole), text=True)
            told = await asyncio.wait_for(answer, PATIENCE_S)
        except (OSError, WebSocketException, TimeoutError) as error:
            await self.end()
            raise JanusLost(f"Janus gave no answer to {said['janus']}") from error
        finally:
            self._waiting.pop(transaction, None)
        if told["janus"] == "error":
            raise JanusRefused(str(told["error"].get("reason")))
        data = told.get("plugindata", {}).get("data", {})
        if "error" in data:
            raise JanusRefused(str(data["error"]))
        return told

    def forget(self, handle: int) -> None:
        """Nobody listens to it any more."""
        self._handles.pop(handle, None)

    async def end(self) -> None:
        """Let the connection go: whoever waits, and every handle, is told."""
        await self._connection.close(code=1000)
        self._over()

    def _over(self) -> None:
        self._lost(self)
        handles, self._handles = self._handles, {}
        for handle in handles.values():
            handle.tell(None)
        for waiting in self._waiting.values():
            if not waiting.done():
                waiting.set_exception(OSError("the connection went"))
        for task in self._tasks:
            if task is not asyncio.current_task():
                task.cancel()
        self._tasks = []

    async def _hear(self) -> None:
        try:
            async for data in self._connection:
                self._heard(msgspec.json.decode(data))
        except (OSError, WebSocketException, msgspec.DecodeError):
            pass
        self._over()

    def _heard(self, told: Told) -> None:
        kind, waiting = told.get("janus"), self._waiting.get(told.get("transaction", ""))
        if kind == "ack" and "sender" not in told and told.get("transaction") != self._alive:
            return  # a plugin has a message, and answers with an event
        if waiting is not None:
            if not waiting.done():
                waiting.set_result(told)
            return
        handle = self._handles.get(told.get("sender", 0))
        if kind == "detached":
            self.forget(told.get("sender", 0))
            if handle is not None:
                handle.tell(None)
        elif kind == "timeout":
            raise OSError("the session timed out")
        elif handle is not None:
            handle.tell(told)

    async def _keep(self) -> None:
        """A word now and then; without an answer it hangs, and is taken for lost."""
        while True:
            await asyncio.sleep(KEEPALIVE_S)
            try:
                await self.ask({"janus": "keepalive"})
            except JanusLost:
                return


class Janus:
    """The Janus that listens at a socket's `path`."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._session: Session | None = None
        self._opening = asyncio.Lock()

    async def attach(self, plugin: str, hear: Callable[[Told | None], None]) -> Handle:
        """A handle of a plugin, on the session that stands or on a new one. Raises JanusLost, JanusRefused."""
        async with self._opening:
            session = self._session or await self._open()
        return await session.attach(plugin, hear)

    async def close(self) -> None:
        """End the session."""
        if self._session is not None:
            await self._session.end()

    async def _open(self) -> Session:
        try:
            async with asyncio.timeout(PATIENCE_S):
                connection = await unix_connect(
                    str(self._path), uri="ws://localhost/", subprotocols=[Subprotocol("janus-protocol")],
                    max_size=MOST_MESSAGE, ping_interval=None, close_timeout=1, compression=None, proxy=None,
                )  # fmt: skip
        except (OSError, WebSocketException, TimeoutError) as error:
            raise JanusLost("Janus is not there") from error
        session = Session(connection, self._gone)
        await session.begin()
        self._session = session
        return session

    def _gone(self, session: Session) -> None:
        if self._session is session:
            self._session = None
