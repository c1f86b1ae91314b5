"""Rows of a view as they are now, for the audience that the asker may be shown it as."""

from typing import Annotated, Any

import msgspec
from litestar import Request, Response, get
from litestar.handlers import HTTPRouteHandler
from litestar.params import Parameter

from redstick.kernel.values import Rejection
from redstick.server.api.callers import token_of
from redstick.server.api.ports import Operations
from redstick.server.api.problems import problem_response

Purpose = Annotated[str | None, Parameter(header="Redstick-Purpose", description="why, where law asks")]


def view_routes(operations: Operations) -> list[HTTPRouteHandler]:
    """`GET /api/views/{name}`."""

    @get("/api/views/{name:str}", operation_id="rows_of_a_view", tags=["views"])
    async def rows(
        request: Request[Any, Any, Any], name: str, audience: str | None = None, purpose: Purpose = None
    ) -> Response[bytes]:
        """Every row of a view at one position of the journal; it goes on from there on the seat stream."""
        person = operations.person_of(token_of(request) or "")
        if person is None:
            return problem_response(Rejection("not_signed_in"))
        if name not in operations.views:
            return problem_response(Rejection("view_unknown", {"view": name[:80], "views": sorted(operations.views)}))
        reading = await operations.admit(person, name, audience, purpose)
        if reading.rejection is not None:
            return problem_response(reading.rejection)
        await operations.draw([(name, reading.audience)])
        snapshot = operations.views[name].boards[reading.audience].snapshot()
        return Response(msgspec.json.encode(snapshot), media_type="application/json")

    return [rows]
