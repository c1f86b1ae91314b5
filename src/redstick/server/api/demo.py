"""The demo's own routes: what it offers, sitting down without a password, its clock. A real city answers 404."""

from http import HTTPStatus
from typing import Any

import msgspec
from litestar import Request, Response, delete, get, post
from litestar.datastructures import Cookie
from litestar.exceptions import NotFoundException
from litestar.handlers import HTTPRouteHandler

from redstick.kernel.values import Rejection
from redstick.server.api.callers import COOKIE, address_of, from_elsewhere, token_of
from redstick.server.api.ports import Operations
from redstick.server.api.problems import problem_response
from redstick.server.api.sessions import holder
from redstick.server.demo import Demo, DemoTold, Pace, PaceChange


class SeatWanted(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Which seat to take, or to leave."""

    seat: str


def demo_routes(operations: Operations, demo: Demo | None) -> list[HTTPRouteHandler]:
    """`GET /api/demo`, `POST` and `DELETE /api/demo/seat`, `POST /api/demo/clock`, what callers say."""

    @get("/api/demo", operation_id="demo", tags=["demo"])
    async def told() -> DemoTold:
        """Seats, scenarios, the clock."""
        return _there(demo).told()

    @post("/api/demo/seat", status_code=HTTPStatus.OK, operation_id="take_demo_seat", tags=["demo"])
    async def take(request: Request[Any, Any, Any], data: SeatWanted) -> Response[Any]:
        """Sit down as a made-up person in the seat's role; the robot there steps aside."""
        offered = _there(demo)
        if from_elsewhere(request):
            return problem_response(Rejection("from_another_site"))
        found = await offered.take_seat(data.seat, token_of(request) or "", address_of(request))
        if isinstance(found, Rejection):
            return problem_response(found)
        cookie = Cookie(COOKIE, value=found.token, httponly=True, samesite="strict", path="/")
        return Response(holder(operations, found.person, found.token), cookies=[cookie])

    @delete("/api/demo/seat", status_code=HTTPStatus.OK, operation_id="leave_demo_seat", tags=["demo"])
    async def leave(request: Request[Any, Any, Any], seat: str) -> Response[Any]:
        """Give the seat back: its robot goes on at once."""
        offered = _there(demo)
        if from_elsewhere(request):
            return problem_response(Rejection("from_another_site"))
        refused = await offered.leave_seat(seat, token_of(request) or "")
        return Response(offered.told()) if refused is None else problem_response(refused)

    @post("/api/demo/clock", status_code=HTTPStatus.OK, operation_id="set_demo_clock", tags=["demo"])
    async def set_clock(request: Request[Any, Any, Any], data: PaceChange) -> Response[Any]:
        """Speed, pause, a step, or a jump forward to a time."""
        offered = _there(demo)
        if from_elsewhere(request):
            return problem_response(Rejection("from_another_site"))
        pace: Pace | Rejection = await offered.change(data)
        return problem_response(pace) if isinstance(pace, Rejection) else Response(pace)

    @get("/api/demo/calls/{call:str}", operation_id="what_a_demo_caller_says", tags=["demo"])
    async def heard(request: Request[Any, Any, Any], call: str) -> Response[Any]:
        """What the made-up caller says, once the call has been answered."""
        offered = _there(demo)
        if operations.person_of(token_of(request) or "") is None:
            return problem_response(Rejection("not_signed_in"))
        found = offered.caller(call)
        return problem_response(Rejection("call_unknown", {"call": call[:80]})) if found is None else Response(found)

    return [told, take, leave, set_clock, heard]


def _there(demo: Demo | None) -> Demo:
    if demo is None:
        raise NotFoundException
    return demo
