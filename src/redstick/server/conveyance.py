"""The conveyance service (NENA-STA-024.1a): EIDOs over a WebSocket, and by reference over HTTPS GET.

    wss://…/eido/subscriptions      subscribe, be told at once and at each change
    GET  …/incidents/eido/{name}    the EIDO behind a reference
    POST …/incidents/eido           mint a reference: {"incidentId": …, "lifeS": …, "holder": …}

Who asks is known by a client certificate that stands for an enrolled person, or by a session's token. Every read passes
authority, again when people or policies change, and each is shown what its audience may see.
"""

import asyncio
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import suppress
from http import HTTPStatus
from typing import Any, Protocol
from urllib.parse import unquote

import msgspec
from litestar.connection import ASGIConnection
from litestar.enums import ScopeType
from litestar.types import ASGIApp, Receive, Scope, Send

from redstick.kernel.authority.authority import Reading
from redstick.kernel.values import Rejection
from redstick.protocols.conveyance.messages import SUBPROTOCOL, Message, write_message
from redstick.protocols.conveyance.references import USUAL_LIFE_S, References
from redstick.protocols.conveyance.subscriptions import Known, Subscriptions
from redstick.protocols.eido.codec import MEDIA_TYPE
from redstick.protocols.faults import Malformed
from redstick.protocols.json_shape import fitted
from redstick.protocols.json_tree import read_json
from redstick.server.api.callers import from_elsewhere, token_of
from redstick.server.api.ports import Operations
from redstick.server.api.problems import MEDIA_TYPE as PROBLEM
from redstick.server.api.problems import Problem, status_of
from redstick.server.api.seats import NOT_PERMITTED, NOT_SIGNED_IN, TRY_AGAIN_LATER
from redstick.server.hosts import host_of, refuse_host
from redstick.server.peers import fingerprint_of

SUBSCRIPTIONS, RETRIEVAL = "/eido/subscriptions", "/incidents/eido"
TICK_S = 0.1
STALLED_S = 20.0
SOCKETS = 500
MOST_BODY = 4_096
NORMAL = 1000


class Feed(Protocol):
    """Where EIDOs come from: the view that guards them, the audiences that are told any, and they themselves."""

    @property
    def view(self) -> str:
        """Who may read this view for an audience may be told its EIDOs."""

    @property
    def audiences(self) -> Sequence[str]:
        """Audiences that are told EIDOs."""

    def known(self, audience: str, now: int) -> list[Known]:
        """Open incidents, and those that were closed a short while ago."""

    def find(self, audience: str, urn: str) -> Known | None:
        """One incident by its tracking id."""

    def listen(self, listener: Callable[[str, Known], None]) -> None:
        """Be told changes."""

    def forget(self, listener: Callable[[str, Known], None]) -> None:
        """Be told no more."""


class Mint(msgspec.Struct, frozen=True, rename="camel", forbid_unknown_fields=True):
    """What a reference is wanted for: an incident, for so many seconds, for one holder or whoever may see it."""

    incident_id: str
    life_s: int = USUAL_LIFE_S
    holder: str = ""


class Conveyance:
    """The ASGI application.

    `peers` gives the enrolled person of a certificate, by its SHA-256; `hosts` are the names that it answers to;
    `new_id` makes ids that nobody guesses.
    """

    def __init__(
        self,
        operations: Operations,
        feed: Feed,
        peers: Mapping[str, str],
        hosts: Sequence[str],
        new_id: Callable[[], str],
    ) -> None:
        self._operations, self._feed, self._peers, self._new_id = operations, feed, peers, new_id
        self._hosts, self._sockets = frozenset(hosts), 0
        self._references = References(new_id)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one request or one socket."""
        if host_of(scope) not in self._hosts:
            await refuse_host(scope, receive, send)
        elif scope["type"] == ScopeType.WEBSOCKET:
            await self._socket(scope, receive, send)
        else:
            await self._request(scope, receive, send)

    def _asker(self, scope: Scope) -> str | None:
        """Who asks, this very moment; None when nobody knows."""
        seen = fingerprint_of(scope)
        if seen is not None and seen in self._peers:
            return self._peers[seen]
        connection: ASGIConnection[Any, Any, Any, Any] = ASGIConnection(scope)
        return None if from_elsewhere(connection) else self._operations.person_of(token_of(connection) or "")

    async def _admitted(self, asker: str) -> Reading:
        """The answer of authority, for the audience that shows most; an audience that is told nothing is a refusal."""
        reading = await self._operations.admit(asker, self._feed.view, None, None)
        if reading.permitted and reading.audience not in self._feed.audiences:
            refused = Rejection("not_permitted", {"action": self._feed.view, "because": "no_eidos_for_audience"})
            return Reading(refused, reading.audience, reading.revision, None)
        return reading

    # By reference

    async def _request(self, scope: Scope, receive: Receive, send: Send) -> None:
        asker = self._asker(scope)
        if asker is None:
            await _refuse(send, scope, Rejection("not_signed_in"))
            return
        reading = await self._admitted(asker)
        if reading.rejection is not None:
            await _refuse(send, scope, reading.rejection)
            return
        method, path = scope["method"], scope["path"]  # type: ignore[typeddict-item]  # an HTTP scope has a method
        if method == "POST" and path == RETRIEVAL:
            await self._mint(reading.audience, scope, receive, send)
        elif method == "GET" and path.startswith(f"{RETRIEVAL}/"):
            await self._retrieve(reading.audience, asker, unquote(path.removeprefix(f"{RETRIEVAL}/")), scope, send)
        else:
            await _refuse(send, scope, Rejection("page_unknown"))

    async def _mint(self, audience: str, scope: Scope, receive: Receive, send: Send) -> None:
        try:
            wanted = fitted(read_json(await _body(receive), MOST_BODY), Mint)
        except Malformed as malformed:
            await _refuse(send, scope, Rejection("header_unreadable", {"faults": [str(f) for f in malformed.faults]}))
            return
        if self._feed.find(audience, wanted.incident_id) is None:
            await _refuse(send, scope, Rejection("incident_unknown", {"incident": wanted.incident_id[:200]}))
            return
        minted = self._references.mint(wanted.incident_id, self._operations.now(), wanted.life_s, wanted.holder)
        if minted is None:
            await _refuse(send, scope, Rejection("busy"))
            return
        told = {"uri": f"{RETRIEVAL}/{minted.name}", "expires": minted.until}
        await _respond(send, HTTPStatus.CREATED, "application/json", msgspec.json.encode(told))

    async def _retrieve(self, audience: str, asker: str, name: str, scope: Scope, send: Send) -> None:
        minted = self._references.find(name, self._operations.now(), asker)
        known = None if minted is None else self._feed.find(audience, minted.urn)
        if known is None:
            await _refuse(send, scope, Rejection("reference_unknown"))
            return
        await _respond(send, HTTPStatus.OK, MEDIA_TYPE, bytes(known.eido))

    # Over the socket

    async def _socket(self, scope: Scope, receive: Receive, send: Send) -> None:
        await receive()
        asker = self._asker(scope)
        refusal = "" if scope["path"] == SUBSCRIPTIONS else "no such stream"
        code = HTTPStatus.NOT_FOUND + 4000
        if asker is None:
            code, refusal = NOT_SIGNED_IN, "who are you"
        elif not refusal and self._sockets >= SOCKETS:
            code, refusal = TRY_AGAIN_LATER, "not now"
        elif not refusal:
            reading = await self._admitted(asker)
            if reading.rejection is None:
                await self._serve(scope, reading, receive, send)
                return
            code, refusal = NOT_PERMITTED, reading.rejection.code
        await _close(send, code, refusal)

    async def _serve(self, scope: Scope, reading: Reading, receive: Receive, send: Send) -> None:
        offered = scope["subprotocols"]  # type: ignore[typeddict-item]  # a WebSocket scope has them
        chosen = SUBPROTOCOL if SUBPROTOCOL in offered else None
        await send({"type": "websocket.accept", "subprotocol": chosen, "headers": []})
        now = self._operations.now
        subscriptions = Subscriptions(lambda: self._feed.known(reading.audience, now()), self._new_id)
        heard: asyncio.Queue[bytes | None] = asyncio.Queue(maxsize=64)

        def changed(audience: str, known: Known) -> None:
            if audience == reading.audience:
                subscriptions.change(known)

        self._feed.listen(changed)
        self._sockets += 1
        hearing = asyncio.create_task(_hear(receive, heard))
        try:
            code, reason = await self._talk(scope, reading, subscriptions, heard, send)
            await _close(send, code, reason)
        except (TimeoutError, ConnectionLeft):
            pass  # it takes nothing any more, or is gone: nobody is told
        finally:
            self._feed.forget(changed)
            self._sockets -= 1
            hearing.cancel()
            await asyncio.gather(hearing, return_exceptions=True)

    async def _talk(
        self,
        scope: Scope,
        reading: Reading,
        subscriptions: Subscriptions,
        heard: "asyncio.Queue[bytes | None]",
        send: Send,
    ) -> tuple[int, str]:
        """Answer and tell until the last subscription has ended; why the socket is to be closed."""
        while not subscriptions.over:
            data = await _next(heard)
            asker = self._asker(scope)
            if asker is None:
                return NOT_SIGNED_IN, "the session has ended"
            if self._operations.stale(reading):
                again = await self._admitted(asker)
                if again.rejection is not None or again.audience != reading.audience:
                    await _say(send, subscriptions.close("no longer permitted"))
                    return NOT_PERMITTED, "what may be seen has changed"
                reading = again
            if data is not None:
                await _say(send, subscriptions.hear(data, self._operations.now()))
            await _say(send, subscriptions.tick(self._operations.now()))
        return NORMAL, "no subscription is left"


class ConnectionLeft(Exception):  # noqa: N818  (named for what happened)
    """The subscriber has closed the socket."""


async def _hear(receive: Receive, heard: "asyncio.Queue[bytes | None]") -> None:
    """Put each message into the queue, and None when the subscriber has left."""
    while (message := await receive())["type"] != "websocket.disconnect":
        text, data = message.get("text"), message.get("bytes")
        await heard.put(text.encode("utf-8", "replace") if isinstance(text, str) else _bytes(data))
    await heard.put(None)


def _bytes(data: object) -> bytes:
    return data if isinstance(data, bytes) else b""


async def _next(heard: "asyncio.Queue[bytes | None]") -> bytes | None:
    """The next message; None when there was none within a tick. Raises ConnectionLeft."""
    with suppress(TimeoutError):
        async with asyncio.timeout(TICK_S):
            data = await heard.get()
            if data is None:
                raise ConnectionLeft
            return data
    return None


async def _say(send: Send, messages: Iterator[Message]) -> None:
    for message in messages:
        async with asyncio.timeout(STALLED_S):
            await send({"type": "websocket.send", "bytes": None, "text": write_message(message).decode()})


async def _close(send: Send, code: int, reason: str) -> None:
    await send({"type": "websocket.close", "code": code, "reason": reason})


async def _body(receive: Receive) -> bytes:
    """The body of a request, one byte more than is taken at the most."""
    body = b""
    while len(body) <= MOST_BODY:
        message = await receive()
        body += _bytes(message.get("body"))
        if not message.get("more_body"):
            break
    return body


async def _refuse(send: Send, scope: Scope, rejection: Rejection) -> None:
    status = status_of(rejection.code)
    problem = Problem(status.phrase, status, rejection.code, detail=scope["path"], data=rejection.data)
    await _respond(send, status, PROBLEM, msgspec.json.encode(problem))


async def _respond(send: Send, status: HTTPStatus, media_type: str, body: bytes) -> None:
    headers = [
        (b"content-type", media_type.encode()), (b"content-length", str(len(body)).encode()),
        (b"cache-control", b"no-store"), (b"x-content-type-options", b"nosniff"),
    ]  # fmt: skip
    await send({"type": "http.response.start", "status": status, "headers": headers})
    await send({"type": "http.response.body", "body": body, "more_body": False})


def create_conveyance(
    operations: Operations,
    feed: Feed,
    *,
    peers: Mapping[str, str],
    hosts: Sequence[str],
    new_id: Callable[[], str],
) -> ASGIApp:
    """The service as an application; serve it with `peers.mutual_tls`."""
    return Conveyance(operations, feed, peers, hosts, new_id)
