"""Signing in and out over HTTP; who is signed in."""

from http import HTTPStatus
from typing import Any

import msgspec
from litestar import Request, Response, delete, get, post
from litestar.datastructures import Cookie
from litestar.handlers import HTTPRouteHandler

from redstick.kernel.values import Rejection
from redstick.server.api.callers import COOKIE, address_of, from_elsewhere, token_of
from redstick.server.api.ports import Operations
from redstick.server.api.problems import problem_response


class Credentials(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Who wants in."""

    name: str
    password: str


class Holder(msgspec.Struct, frozen=True):
    """Who is signed in, and how long that lasts unused. `token` is for programs; a browser holds it in its cookie."""

    person: str
    roles: list[str]
    idle_ms: int
    token: str = ""


def session_routes(operations: Operations, *, secure: bool) -> list[HTTPRouteHandler]:
    """`/api/session`: POST to sign in, GET who is, DELETE to sign out. `secure` cookies travel over TLS only."""

    @post("/api/session", status_code=HTTPStatus.OK, operation_id="sign_in", tags=["session"])
    async def sign_in(request: Request[Any, Any, Any], data: Credentials) -> Response[Any]:
        """Begin a session; the one that was held before ends."""
        if from_elsewhere(request):
            return problem_response(Rejection("from_another_site"))
        found = await operations.sign_in(data.name, data.password, address_of(request), token_of(request))
        if isinstance(found, Rejection):
            return problem_response(found)
        cookie = Cookie(COOKIE, value=found.token, httponly=True, samesite="strict", secure=secure, path="/")
        return Response(holder(operations, found.person, found.token), cookies=[cookie])

    @get("/api/session", operation_id="who_is_signed_in", tags=["session"])
    async def who(request: Request[Any, Any, Any]) -> Response[Any]:
        """Who holds this session."""
        person = operations.person_of(token_of(request) or "")
        if person is None:
            return problem_response(Rejection("not_signed_in"))
        return Response(holder(operations, person))

    @delete("/api/session", status_code=HTTPStatus.NO_CONTENT, operation_id="sign_out", tags=["session"])
    async def sign_out(request: Request[Any, Any, Any]) -> None:
        """End the session; one that has ended already is no error."""
        if not from_elsewhere(request):
            await operations.sign_out(token_of(request) or "")

    return [sign_in, who, sign_out]


def holder(operations: Operations, person: str, token: str = "") -> Holder:
    """What whoever holds a session is told of it."""
    return Holder(person, roles_of(operations, person), operations.idle_ms, token)


def roles_of(operations: Operations, person: str) -> list[str]:
    """As what a person acts; nothing for one who is not known."""
    known = operations.states()["access"].people.get(person)
    return [] if known is None else list(known.roles)
