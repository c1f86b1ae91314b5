"""A route for each command: `POST /api/dispatch/open-incident` with its fields as JSON; the answer is its outcome.

The header `Idempotency-Key` carries the command's id, made by who asks: sent again after a lost answer it gives the
same outcome and does nothing twice. `Redstick-At` says when it happened, if not now (ms since the epoch);
`Redstick-Purpose` why, where law asks.
"""

from http import HTTPStatus
from typing import Annotated, Any

import msgspec
from litestar import post
from litestar.handlers import HTTPRouteHandler
from litestar.params import HeaderParameter

from redstick.kernel.house import House
from redstick.kernel.values import Command
from redstick.server.api.ports import Operations


class Told(msgspec.Struct, frozen=True):
    """An accepted command: its id, the position of its last line, and its events as kind and payload."""

    command: str
    position: int
    events: list["ToldEvent"]


class ToldEvent(msgspec.Struct, frozen=True):
    """One event of an outcome."""

    kind: str
    payload: dict[str, Any]


Key = Annotated[str | None, HeaderParameter(name="Idempotency-Key", description="the command's id, made by who asks")]
At = Annotated[str | None, HeaderParameter(name="Redstick-At", description="when it happened, ms since the epoch")]
Purpose = Annotated[str | None, HeaderParameter(name="Redstick-Purpose", description="why, where law asks")]


def commands_asked(house: House) -> list[type[Command]]:
    """Every command that may be asked from outside, in the order of their kinds."""
    asked = [cls for cls in house.deciders if cls not in house.kernel_only]
    return sorted(asked, key=lambda cls: cls.command_kind)


def command_routes(operations: Operations) -> list[HTTPRouteHandler]:
    """A description of each command for OpenAPI; what is asked there is answered by `asking.Asking`."""
    return [_described(cls) for cls in commands_asked(operations.house)]


def path_of(command: type[Command]) -> str:
    """The path of a command's route."""
    domain, _, name = command.command_kind.partition(".")
    return f"/api/{domain}/{name.replace('_', '-')}"


def _described(command: type[Command]) -> HTTPRouteHandler:
    async def ask(data: Any, key: Key = None, at: At = None, purpose: Purpose = None) -> Told:
        raise NotImplementedError("a command is answered before it comes to the router")

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
