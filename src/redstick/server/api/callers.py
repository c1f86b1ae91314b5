"""Who calls: the session in a cookie or a bearer token, and whether a browser calls from a page of ours."""

from typing import Any
from urllib.parse import urlsplit

from litestar.connection import ASGIConnection

COOKIE = "redstick_session"
Connection = ASGIConnection[Any, Any, Any, Any]


def token_of(connection: Connection) -> str | None:
    """The session token of a request; a program sends it as a bearer token, a browser in its cookie."""
    kind, _, token = connection.headers.get("authorization", "").partition(" ")
    if kind.lower() == "bearer" and token:
        return token.strip()
    return connection.cookies.get(COOKIE)


def address_of(connection: Connection) -> str:
    """Where a request comes from."""
    return connection.client.host if connection.client is not None else ""


def from_elsewhere(connection: Connection) -> bool:
    """Whether a browser says that a page of another site asks; programs that name no origin are let in."""
    origin = connection.headers.get("origin", "")
    return bool(origin) and urlsplit(origin).netloc != connection.headers.get("host", "")
