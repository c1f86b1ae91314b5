"""The ASGI application: documents of the city, the state, the clock, the seat stream, the built console."""

from collections.abc import Iterable
from http import HTTPStatus
from pathlib import Path
from typing import Any

import msgspec
from litestar import Litestar, Request, Response, get, post
from litestar.config.compression import CompressionConfig
from litestar.enums import ScopeType
from litestar.exceptions import HTTPException, NotFoundException, PermissionDeniedException
from litestar.params import FromPath
from litestar.static_files import create_static_files_router
from litestar.types import ASGIApp, Message, Receive, Scope, Send

from redstick.server.ports import CityView, Controls, Feed, Pace, PaceChange, Snapshot
from redstick.server.stream import SeatStream, from_own_page

STATIC = Path(__file__).parent / "static"
LOOPBACK = ("localhost", "127.0.0.1", "[::1]")
HEADERS = {
    "content-security-policy": (
        "default-src 'self'; img-src 'self' data: blob:; worker-src 'self'; object-src 'none'; base-uri 'none'; "
        "form-action 'self'; frame-ancestors 'none'"
    ),
    "x-content-type-options": "nosniff",
    "referrer-policy": "no-referrer",
    "cross-origin-opener-policy": "same-origin",
    "cross-origin-resource-policy": "same-origin",
    "permissions-policy": "geolocation=(), camera=(), microphone=()",
}
_HEADERS = [(name.encode(), value.encode()) for name, value in HEADERS.items()]
STREAM = "/stream"
INSIDE = "something failed inside; it was not your request"


class Unbuilt(Exception):  # noqa: N818  (named for what is the matter)
    """The console is not built: `static/index.html` is missing."""


def create_app(
    city: CityView, feed: Feed, controls: Controls, *, static: Path = STATIC, hosts: Iterable[str] = LOOPBACK
) -> ASGIApp:
    """The application. `hosts` are the names it answers to (a guard against DNS rebinding); loopback if not given.

    Raises Unbuilt when there is no console in `static`.
    """
    if not (static / "index.html").is_file():
        raise Unbuilt(f"{static} holds no console; `make setup` builds it")
    http = Litestar(
        route_handlers=[
            *_routes(city, feed, controls),
            create_static_files_router(
                path="/", directories=[static], html_mode=True, exception_handlers={ValueError: _no_such_file}
            ),
        ],
        exception_handlers={HTTPException: _problem, Exception: _problem},
        compression_config=CompressionConfig(backend="gzip", gzip_compress_level=6, minimum_size=1000),
        openapi_config=None,
        logging_config=None,
    )
    stream = SeatStream(feed)
    ours = frozenset(hosts)

    async def application(scope: Scope, receive: Receive, send: Send) -> None:
        if host_of(scope) not in ours:
            await refuse_host(scope, receive, send)
            return
        if scope["type"] == ScopeType.WEBSOCKET:
            if scope["path"] == STREAM:
                await stream(scope, receive, send)
            else:
                await receive()
                await send({"type": "websocket.close", "code": 1008, "reason": "no such stream"})
            return
        await http(scope, receive, guarded(send))

    return application


def _routes(city: CityView, feed: Feed, controls: Controls) -> list[Any]:
    @get("/api/map/{name:str}", sync_to_thread=False)
    def document(name: FromPath[str], request: Request[Any, Any, Any]) -> Response[bytes]:
        found = city.document(name)
        if found is None:
            raise NotFoundException
        content, etag = found
        headers = {"etag": etag, "cache-control": "no-cache"}
        if etag in request.headers.get("if-none-match", "").replace("W/", "").split(", "):
            return Response(b"", status_code=HTTPStatus.NOT_MODIFIED, headers=headers)
        return Response(content, media_type="application/json", headers=headers)

    @get("/api/state", sync_to_thread=False)
    def state() -> Snapshot:
        return feed.snapshot()

    @get("/api/clock", sync_to_thread=False)
    def clock() -> Pace:
        return controls.pace()

    @post("/api/clock", status_code=HTTPStatus.OK)
    async def set_clock(request: Request[Any, Any, Any]) -> Pace:
        if not from_own_page(request.scope):
            raise PermissionDeniedException("the clock is set from the console's own pages")
        try:
            return controls.change(msgspec.json.decode(await request.body(), type=PaceChange))
        except (msgspec.MsgspecError, ValueError) as error:
            raise HTTPException(str(error), status_code=HTTPStatus.BAD_REQUEST) from error

    return [document, state, clock, set_clock]


def _problem(request: Request[Any, Any, Any], error: Exception) -> Response[bytes]:
    """RFC 9457: what went wrong, as `application/problem+json`; an unforeseen error keeps its inside to itself."""
    foreseen = error if isinstance(error, HTTPException) else HTTPException(INSIDE, status_code=500)
    status, headers = HTTPStatus(foreseen.status_code), foreseen.headers or {}
    detail = foreseen.detail
    if status is HTTPStatus.NOT_FOUND:
        detail = f"there is nothing at {request.url.path}"
    elif status is HTTPStatus.METHOD_NOT_ALLOWED:
        detail = f"{request.method} is not offered here, only {headers.get('allow', 'GET, HEAD')}"
    problem = {"type": "about:blank", "title": status.phrase, "status": status, "detail": detail,
               "instance": request.url.path}  # fmt: skip
    media_type = "application/problem+json"
    return Response(msgspec.json.encode(problem), status_code=status, media_type=media_type, headers=headers)


def _no_such_file(request: Request[Any, Any, Any], error: ValueError) -> Response[bytes]:
    """A path that no file can have, such as one with a null in it."""
    del error
    return _problem(request, NotFoundException())


def host_of(scope: Scope) -> str:
    """The name that a request was sent to, without its port; "" where it names none."""
    headers = dict(scope["headers"])
    host = headers.get(b"host", b"").decode("latin-1").lower()
    return host.rpartition(":")[0] if host.rpartition(":")[2].isdigit() else host


async def refuse_host(scope: Scope, receive: Receive, send: Send) -> None:
    """Another name than ours leads here: a page of another site may be asking through a name that it controls."""
    if scope["type"] == ScopeType.WEBSOCKET:
        await receive()
        await send({"type": "websocket.close", "code": 1008, "reason": "not the name of this server"})
        return
    problem = {"type": "about:blank", "title": "Misdirected Request", "status": 421,
               "detail": "this server does not answer to that host name", "instance": scope["path"]}  # fmt: skip
    headers = [(b"content-type", b"application/problem+json")]
    await send({"type": "http.response.start", "status": 421, "headers": headers})
    await send({"type": "http.response.body", "body": msgspec.json.encode(problem), "more_body": False})


def guarded(send: Send) -> Send:
    """Put the security headers on every answer."""

    async def guarded(message: Message) -> None:
        if message["type"] == "http.response.start":
            message["headers"] = [*message["headers"], *_HEADERS]
        await send(message)

    return guarded
