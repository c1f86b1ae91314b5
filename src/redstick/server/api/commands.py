"""A route for each command: `POST /api/dispatch/open-incident` with its fields as JSON; the answer is its outcome.

The header `Idempotency-Key` carries the command's id, made by who asks: sent again after a lost answer it gives the
same outcome and does nothing twice. `Redstick-At` says when it happened, if not now (ms since the epoch);
`Redstick-Purpose` why, where law asks.
"""

from http import HTTPStatus
from typing import Annotated, Any

import msgspec
from litestar import Request, Response, post
from litestar.handlers import HTTPRouteHandler
from litestar.params import Parameter

from redstick.kernel.executor import Lane
from redstick.kernel.ids import made_at
from redstick.kernel.secrets.sealed import plaintext_fields, seals
from redstick.kernel.values import Command, Instant, Rejection
from redstick.kernel.values import Request as Asked
from redstick.server.api.callers import from_elsewhere, token_of
from redstick.server.api.oneself import named
from redstick.server.api.ports import Operations
from redstick.server.api.problems import problem_response

ID_CHARACTERS = 80  # an id is shorter


class Told(msgspec.Struct, frozen=True):
    """An accepted command: its id, the position of its last line, and its events as kind and payload."""

    command: str
    position: int
    events: list["ToldEvent"]


class ToldEvent(msgspec.Struct, frozen=True):
    """One event of an outcome."""

    kind: str
    payload: dict[str, Any]


Key = Annotated[str | None, Parameter(header="Idempotency-Key", description="the command's id, made by who asks")]
At = Annotated[str | None, Parameter(header="Redstick-At", description="when it happened, ms since the epoch")]
Purpose = Annotated[str | None, Parameter(header="Redstick-Purpose", description="why, where law asks")]


def command_routes(operations: Operations) -> list[HTTPRouteHandler]:
    """Routes for every command that may be asked from outside."""
    house = operations.house
    asked = [cls for cls in house.deciders if cls not in house.kernel_only]
    return [_route(operations, cls) for cls in sorted(asked, key=lambda cls: cls.command_kind)]


def path_of(command: type[Command]) -> str:
    """The path of a command's route."""
    domain, _, name = command.command_kind.partition(".")
    return f"/api/{domain}/{name.replace('_', '-')}"


def _route(operations: Operations, command: type[Command]) -> HTTPRouteHandler:
    sealing = seals(command)
    lane = Lane.EMERGENCY if command in operations.house.urgent else Lane.ORDINARY

    async def ask(
        request: Request[Any, Any, Any], data: Any, key: Key = None, at: At = None, purpose: Purpose = None
    ) -> Response[bytes]:
        person = operations.person_of(token_of(request) or "")
        refusal = _refusal(request, person, key, at)
        if refusal is None and sealing and (plain := plaintext_fields(data)):
            refusal = Rejection("not_sealed", {"fields": plain})
        refusal = refusal or named(data, person or "")
        if refusal is not None:
            return problem_response(refusal)
        whole = await operations.complete(person or "", data, purpose)
        if isinstance(whole, Rejection):
            return problem_response(whole)
        happened = int(at) if at else None
        outcome = await operations.ask(Asked(key or "", whole, person or "", happened, purpose), lane)
        if outcome.rejection is not None:
            return problem_response(outcome.rejection)
        told = [ToldEvent(event.event_kind, msgspec.to_builtins(event)) for event in outcome.events]
        body = msgspec.json.encode(Told(outcome.request, outcome.position, told))
        return Response(body, media_type="application/json", status_code=HTTPStatus.OK)

    ask.__annotations__["data"] = command
    ask.__name__ = command.__name__
    ask.__doc__ = command.__doc__
    return post(
        path_of(command),
        status_code=HTTPStatus.OK,
        operation_id=command.command_kind,
        tags=[command.command_kind.partition(".")[0]],
        summary=(command.__doc__ or "").splitlines()[0],
    )(ask)


def _refusal(request: Request[Any, Any, Any], person: str | None, key: str | None, at: str | None) -> Rejection | None:
    if person is None:
        return Rejection("not_signed_in")
    if from_elsewhere(request):
        return Rejection("from_another_site")
    if not key:
        return Rejection("id_needed", {"header": "Idempotency-Key"})
    if made_at(key) is None or len(key) > ID_CHARACTERS:
        return Rejection("id_unreadable", {"header": "Idempotency-Key", "said": key[:ID_CHARACTERS]})
    if at is not None and _instant(at) is None:
        return Rejection("header_unreadable", {"header": "Redstick-At", "said": at[:ID_CHARACTERS]})
    return None


def _instant(text: str) -> Instant | None:
    return int(text) if text.isascii() and text.isdigit() and len(text) <= 15 else None
