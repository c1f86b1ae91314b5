"""Before any request is looked at: to which names this server answers, and what stands on each of its answers."""

from http import HTTPStatus

import msgspec
from litestar.enums import ScopeType
from litestar.types import Message, Receive, Scope, Send

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
    "permissions-policy": "geolocation=(), camera=(), microphone=(self)",
}
# The policy that a page that stands alone brings: no script, nothing from anywhere, its own style.
ALONE = (
    "default-src 'none'; style-src 'unsafe-inline'; img-src data:; base-uri 'none'; form-action 'none'; "
    "frame-ancestors 'none'"
)
_HEADERS = [(name.encode(), value.encode()) for name, value in HEADERS.items()]


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
    problem = {"type": "about:blank", "title": "Misdirected Request", "status": HTTPStatus.MISDIRECTED_REQUEST,
               "detail": "this server does not answer to that host name", "instance": scope["path"]}  # fmt: skip
    headers = [(b"content-type", b"application/problem+json")]
    await send({"type": "http.response.start", "status": HTTPStatus.MISDIRECTED_REQUEST, "headers": headers})
    await send({"type": "http.response.body", "body": msgspec.json.encode(problem), "more_body": False})


def guarded(send: Send) -> Send:
    """Put the security headers on every answer; one that brings its own keeps it: a page that stands alone does."""

    async def guarded(message: Message) -> None:
        if message["type"] == "http.response.start":
            its = {name.lower() for name, _ in message["headers"]}
            message["headers"] = [*message["headers"], *(header for header in _HEADERS if header[0] not in its)]
        await send(message)

    return guarded
