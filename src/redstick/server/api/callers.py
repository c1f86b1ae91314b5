"""Who calls: the session in a cookie or a bearer token, and whether a browser calls from a page of ours."""

import asyncio
from collections.abc import Coroutine, Mapping
from typing import Any, TypeVar
from urllib.parse import urlsplit

from litestar import Request
from litestar.connection import ASGIConnection

Told = TypeVar("Told")
COOKIE = "redstick_session"
Connection = ASGIConnection[Any, Any, Any, Any]


def token_of(connection: Connection) -> str | None:
    """The session token of a request."""
    return token_in(connection.headers)


def token_in(headers: Mapping[str, str]) -> str | None:
    """The session token among headers; a program sends it as a bearer token, a browser in its cookie."""
    kind, _, token = headers.get("authorization", "").partition(" ")
    if kind.lower() == "bearer" and token:
        return token.strip()
    cookies = (cookie.strip().partition("=") for cookie in headers.get("cookie", "").split(";"))
    return next((value for name, _, value in cookies if name == COOKIE), None)


def address_of(connection: Connection) -> str:
    """Where a request comes from."""
    return connection.client.host if connection.client is not None else ""


def from_elsewhere(connection: Connection) -> bool:
    """Whether a browser says that a page of another site asks; programs that name no origin are let in."""
    return asked_from_elsewhere(connection.headers)


def asked_from_elsewhere(headers: Mapping[str, str]) -> bool:
    """The same of headers."""
    origin = headers.get("origin", "")
    return bool(origin) and urlsplit(origin).netloc != headers.get("host", "")


async def while_here(request: Request[Any, Any, Any], asking: Coroutine[Any, Any, Told]) -> Told | None:
    """What is told, or None once whoever asked is gone: it is cancelled then."""
    told, gone = asyncio.create_task(asking), asyncio.create_task(_gone(request))
    try:
        await asyncio.wait((told, gone), return_when=asyncio.FIRST_COMPLETED)
        return told.result() if told.done() else None
    finally:
        told.cancel()
        gone.cancel()


async def _gone(request: Request[Any, Any, Any]) -> None:
    while (await request.receive())["type"] != "http.disconnect":
        pass
