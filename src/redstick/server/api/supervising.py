"""Routes of a shift lead who looks ahead or back: whom the next hours need; a past span lived again otherwise.

Translation only: a process beside the server answers.
"""

from typing import Annotated, Any

from litestar import Request, Response, get
from litestar.handlers import HTTPRouteHandler
from litestar.params import Parameter

from redstick.dispatch.lookback.compared import Compared
from redstick.dispatch.lookback.needed import Staffing
from redstick.dispatch.lookback.questions import UnderAnother, WhoIsNeeded
from redstick.kernel.values import Rejection
from redstick.server.api.callers import token_of
from redstick.server.api.lookback import FLOOR, HOUR_MS, LOAD, admitted, answered, answers
from redstick.server.api.ports import Operations
from redstick.server.api.problems import problem_response
from redstick.server.lookback import Lookback

WHAT_IF = "dispatch.view.what_if"
AT = "@"  # between a unit or a kind and its station
CHANGES_MOST = 40

Purpose = Annotated[str | None, Parameter(header="Redstick-Purpose", description="why, where law asks")]
Moment = Annotated[int | None, Parameter(ge=0, description="ms since the epoch")]
Names = Annotated[list[str] | None, Parameter(max_items=CHANGES_MOST, description="ids, one parameter each")]
Posts = Annotated[list[str] | None, Parameter(max_items=CHANGES_MOST, description="as M4@3, one parameter each")]
Ahead = Annotated[int, Parameter(ge=1, le=168, description="so many hours from the one that runs")]
Word = Annotated[str, Parameter(max_length=80)]


def supervising_routes(operations: Operations, lookback: Lookback) -> list[HTTPRouteHandler]:
    """`GET /api/supervisor/staffing` and `/api/supervisor/what-if`."""

    @get("/api/supervisor/staffing", operation_id="staffing", tags=["supervisor"], responses=answers(Staffing))
    async def needed(request: Request[Any, Any, Any], hours: Ahead = 12, purpose: Purpose = None) -> Response[bytes]:
        """Call takers and dispatchers that the next hours need for the service asked, beside those signed on."""
        refused = await admitted(operations, request, LOAD, FLOOR, purpose)
        return problem_response(refused) if refused is not None else await answered(lookback, WhoIsNeeded(hours=hours))

    @get("/api/supervisor/what-if", operation_id="what_if", tags=["supervisor"], responses=answers(Compared))
    async def what_if(
        request: Request[Any, Any, Any],
        begun: Moment = None,
        ended: Moment = None,
        without: Names = None,
        closed: Names = None,
        moved: Posts = None,
        more: Posts = None,
        rule: Word = "closest",
        plan: Word = "",
        purpose: Purpose = None,
    ) -> Response[bytes]:
        """A past span, at most a week, lived twice: with what there is, and without units, with more, elsewhere, else.

        Without `begun` and `ended` the last twelve hours. `moved` is a unit and its station, `more` a kind and its
        station; `rule` closest or station_order; `plan` a version of the response plan.
        """
        refused = await admitted(operations, request, WHAT_IF, FLOOR, purpose)
        if refused is not None:
            return problem_response(refused)
        pairs = [[_pair(text) for text in texts or ()] for texts in (moved, more)]
        if any(None in found for found in pairs):
            wrong = {"place": "moved" if None in pairs[0] else "more", "expected": "a unit or a kind, @ and a station"}
            return problem_response(Rejection("malformed", {"faults": [wrong]}))
        until = operations.now() if ended is None else ended
        asked = UnderAnother(
            begun=until - 12 * HOUR_MS if begun is None else begun,
            ended=until,
            without=tuple(without or ()),
            closed=tuple(closed or ()),
            moved=tuple(pair for pair in pairs[0] if pair is not None),
            more=tuple(pair for pair in pairs[1] if pair is not None),
            rule=rule,
            plan=plan,
        )
        return await answered(lookback, asked, request, operations.person_of(token_of(request) or "") or "")

    return [needed, what_if]


def _pair(text: str) -> tuple[str, str] | None:
    """A name and a station; None where it is not both."""
    name, at, station = text.rpartition(AT)
    return (name, station) if at and name.strip() and station.strip() else None
