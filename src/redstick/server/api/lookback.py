"""Routes that look back: the shift lead's figures, the city today, the time machine, one incident whole, finding.

Translation only: a process beside the server answers. What is over is shown for a purpose, as the policies say.
"""

from typing import Annotated, Any

from litestar import Request, Response, get
from litestar.handlers import HTTPRouteHandler
from litestar.openapi.datastructures import ResponseSpec
from litestar.params import Parameter

from redstick.dispatch.lookback.answers import Differences, Finds, Load, Screen, Story, Today
from redstick.dispatch.lookback.questions import (
    AnyLooking,
    HowIsIt,
    HowWasIt,
    WhatDiffers,
    WhatOf,
    WhatOfToday,
    WhereIsIt,
)
from redstick.kernel.values import Rejection
from redstick.server.api.callers import from_elsewhere, token_of, while_here
from redstick.server.api.ports import Operations
from redstick.server.api.problems import problem_response
from redstick.server.lookback import Lookback

LOAD, OVERVIEW, PAST = "dispatch.view.load", "dispatch.view.overview", "dispatch.view.past"
STORY, HISTORY = "dispatch.view.story", "dispatch.view.history"
FLOOR, OVERSIGHT, PUBLIC = "floor", "oversight", "public"
HOUR_MS = 3_600_000
LIVE, AUDIT = "live_incident", "audit"
SCREEN = ("dispatch.view.incidents", "dispatch.view.units", "dispatch.view.calls", "dispatch.view.pending")

Purpose = Annotated[str | None, Parameter(header="Redstick-Purpose", description="why, where law asks")]
Hours = Annotated[int, Parameter(ge=1, le=1464, description="measured over so many hours until now")]
At = Annotated[int | None, Parameter(ge=0, description="a moment, ms since the epoch")]
Position = Annotated[int | None, Parameter(ge=1, description="a position of the journal")]
Views = Annotated[list[str] | None, Parameter(query="view", description="a view; those of Dispatch without")]
Groups = Annotated[list[str] | None, Parameter(query="group", description="a dispatch group; every one without")]
Seat = Annotated[str, Parameter(max_length=80, description="since this seat was last held")]
Text = Annotated[str, Parameter(min_length=1, max_length=200, description="number, name, words of a place")]
Most = Annotated[int, Parameter(ge=1, le=100)]


def lookback_routes(operations: Operations, lookback: Lookback) -> list[HTTPRouteHandler]:
    """Every one of them."""
    return [*_figures(operations, lookback), *_past(operations, lookback), *_incidents(operations, lookback)]


def _figures(operations: Operations, lookback: Lookback) -> list[HTTPRouteHandler]:
    @get("/api/supervisor", operation_id="load", tags=["supervisor"], responses=answers(Load))
    async def load(request: Request[Any, Any, Any], hours: Hours = 12, purpose: Purpose = None) -> Response[bytes]:
        """The floor now: how much, how fast with n and method, against the standards; seats, coverage, what waits."""
        refused = await admitted(operations, request, LOAD, FLOOR, purpose)
        if refused is not None:
            return problem_response(refused)
        return await answered(lookback, HowIsIt(since=operations.now() - hours * HOUR_MS))

    @get("/api/overview", operation_id="overview", tags=["overview"], responses=answers(Today))
    async def overview(request: Request[Any, Any, Any], purpose: Purpose = None) -> Response[bytes]:
        """The city today as everybody may see it, late and coarse; each figure with its definition and its proof."""
        refused = await admitted(operations, request, OVERVIEW, PUBLIC, purpose)
        return problem_response(refused) if refused is not None else await answered(lookback, WhatOfToday())

    return [load, overview]


def _past(operations: Operations, lookback: Lookback) -> list[HTTPRouteHandler]:
    @get("/api/past", operation_id="screen_as_it_was", tags=["time"], responses=answers(Screen))
    async def past(
        request: Request[Any, Any, Any],
        at: At = None,
        position: Position = None,
        views: Views = None,
        audience: str | None = None,
        purpose: Purpose = None,
    ) -> Response[bytes]:
        """Rows of any seat's views as they were at a moment or behind a position; of now without either."""
        shown = await _shown(operations, request, audience, purpose)
        if isinstance(shown, Rejection):
            return problem_response(shown)
        if at is not None and position is not None:
            return problem_response(_malformed("position", "either `at` or `position`, not both"))
        return await answered(
            lookback, HowWasIt(views=tuple(views or SCREEN), audience=shown, position=position, moment=at)
        )

    @get("/api/past/changes", operation_id="what_changed", tags=["time"], responses=answers(Differences))
    async def changes(
        request: Request[Any, Any, Any],
        since: Position = None,
        until: Position = None,
        seat: Seat = "",
        groups: Groups = None,
        views: Views = None,
        purpose: Purpose = None,
    ) -> Response[bytes]:
        """What differs between two positions; with `seat` and without `since`, since that seat was last let go."""
        read = "dispatch.view.handover"  # a relief is told it without a purpose, as on paper
        refused = await admitted(operations, request, read, FLOOR, purpose)
        if refused is None and since is None and not seat:
            refused = _malformed("since", "a position, or a `seat`")
        if refused is not None:
            return problem_response(refused)
        asked = WhatDiffers(
            views=tuple(views or SCREEN), audience=FLOOR, since=since, upto=until, seat=seat, groups=tuple(groups or ())
        )
        return await answered(lookback, asked)

    return [past, changes]


def _incidents(operations: Operations, lookback: Lookback) -> list[HTTPRouteHandler]:
    @get("/api/incidents/{incident:str}", operation_id="incident_whole", tags=["incident"], responses=answers(Story))
    async def whole(request: Request[Any, Any, Any], incident: str, purpose: Purpose = None) -> Response[bytes]:
        """One incident whole: timeline, calls, links, premise warnings, history at the place.

        For an open one the incident is its own purpose, and is recorded as such; a closed one asks for a purpose.
        For an audit it is told without caller, place and what was said.
        """
        open_now = operations.states()["dispatch"].incidents.get(incident)
        if purpose is None and open_now is not None and open_now.closed_at is None:
            purpose = f"{LIVE}:{incident}"
        audience = _audience(purpose)
        refused = await admitted(operations, request, HISTORY, audience, purpose)
        if refused is not None:
            return problem_response(refused)
        return await answered(lookback, WhatOf(incident=incident, overseen=audience == OVERSIGHT))

    @get("/api/find", operation_id="find", tags=["incident"], responses=answers(Finds))
    async def find(
        request: Request[Any, Any, Any], text: Text, most: Most = 20, purpose: Purpose = None
    ) -> Response[bytes]:
        """Open incidents and calls, units, people at seats, by number, name or place; with a purpose what is over."""
        audience = _audience(purpose)
        refused = await admitted(operations, request, STORY, audience, purpose if audience == OVERSIGHT else None)
        over = refused is None and purpose is not None
        if over:
            refused = await admitted(operations, request, HISTORY, audience, purpose)
        if refused is not None:
            return problem_response(refused)
        asked = WhereIsIt(text=text, over=over, at_most=most, overseen=audience == OVERSIGHT)
        return await answered(lookback, asked)

    return [whole, find]


async def admitted(
    operations: Operations, request: Request[Any, Any, Any], read: str, audience: str, purpose: str | None
) -> Rejection | None:
    """Why the asker is not shown it; None when they are, and it is recorded where law asks."""
    person = operations.person_of(token_of(request) or "")
    if person is None:
        return Rejection("not_signed_in")
    if from_elsewhere(request):
        return Rejection("from_another_site")
    return (await operations.admit(person, read, audience, purpose)).rejection


async def answered(
    lookback: Lookback, question: AnyLooking, request: Request[Any, Any, Any] | None = None, asker: str = ""
) -> Response[bytes]:
    """The answer of the process, or why there is none. With its `request`, nothing is computed for one who is gone."""
    asking = lookback.ask(question, asker)
    told = await (asking if request is None else while_here(request, asking))
    if told is None:
        return problem_response(Rejection("nothing_there"))  # which nobody reads
    if isinstance(told, Rejection):
        return problem_response(told)
    return Response(told, media_type="application/json")


async def _shown(
    operations: Operations, request: Request[Any, Any, Any], audience: str | None, purpose: str | None
) -> str | Rejection:
    """The audience as which the asker is shown the past, the one that shows most without a wish."""
    person = operations.person_of(token_of(request) or "")
    if person is None:
        return Rejection("not_signed_in")
    if from_elsewhere(request):
        return Rejection("from_another_site")
    reading = await operations.admit(person, PAST, audience, purpose)
    return reading.audience if reading.rejection is None else reading.rejection


def _audience(purpose: str | None) -> str:
    """As whom one is told of incidents: an audit is oversight's, every other purpose the floor's."""
    return OVERSIGHT if (purpose or "").partition(":")[0] == AUDIT else FLOOR


def _malformed(place: str, expected: str) -> Rejection:
    return Rejection("malformed", {"faults": [{"place": place, "expected": expected}]})


def answers(form: type) -> dict[int, ResponseSpec]:
    """What a route says of its answer."""
    return {200: ResponseSpec(form, description="the answer", generate_examples=False)}
