"""Routes that compute: where a text lies, what the plan sends, who should go, what may be the same. Translation only.

Each is a read under a name of its own, as the floor may see it; nothing is written down by asking.
"""

from typing import Annotated, Any

import msgspec
from litestar import Request, Response, get, post
from litestar.handlers import HTTPRouteHandler
from litestar.openapi.datastructures import ResponseSpec
from litestar.params import Parameter

from redstick.dispatch.computing.answers import (
    Drive,
    Exchanges,
    PlacesFound,
    PlannedResponse,
    Recommendation,
    RoadsFound,
)
from redstick.dispatch.computing.questions import WhereIs
from redstick.dispatch.duplicates.nearby import Suggestion
from redstick.kernel.values import Rejection
from redstick.server.api.ports import Operations
from redstick.server.api.problems import problem_response
from redstick.server.api.reading import reader_of
from redstick.server.city_desk import CityDesk, CityStanding

ROUTE = "city.view.route"
PLACES, RESPONSES = "dispatch.view.places", "dispatch.view.responses"
RECOMMENDATIONS, DUPLICATES = "dispatch.view.recommendations", "dispatch.view.duplicates"
TEXT_AT_MOST = 500
E7 = 10_000_000

Purpose = Annotated[str | None, Parameter(header="Redstick-Purpose", description="why, where law asks")]
Named = Annotated[str, Parameter(min_length=1, max_length=80)]
Flags = Annotated[list[str] | None, Parameter(query="flag", description="a flag of the plan that is declared now")]


class TextToFind(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What was entered; with the caller's position in degrees (WGS 84) and its uncertainty in metres, if known."""

    text: Annotated[str, msgspec.Meta(min_length=1, max_length=TEXT_AT_MOST)]
    latitude: Annotated[float, msgspec.Meta(ge=-90, le=90)] | None = None
    longitude: Annotated[float, msgspec.Meta(ge=-180, le=180)] | None = None
    uncertainty_m: Annotated[int, msgspec.Meta(ge=0, le=1_000_000)] | None = None
    area: Annotated[str, msgspec.Meta(max_length=100)] = ""


class PointsOnRoads(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Points, as longitude and latitude in 1e-7 degrees."""

    points: Annotated[list[tuple[int, int]], msgspec.Meta(min_length=1, max_length=500)]


class Similar(msgspec.Struct, frozen=True):
    """Incidents that a report may be about, the likeliest first; a person decides."""

    suggestions: list[Suggestion]


def city_routes(operations: Operations, desk: CityDesk) -> list[HTTPRouteHandler]:
    """Every route that computes."""
    return [
        *_place_routes(operations, desk),
        *_road_routes(operations, desk),
        *_incident_routes(operations, desk),
        *_duplicate_routes(operations, desk),
    ]


def _place_routes(operations: Operations, desk: CityDesk) -> list[HTTPRouteHandler]:
    @post(
        "/api/dispatch/geocode", status_code=200, operation_id="geocode", tags=["city"], responses=_answers(PlacesFound)
    )
    async def geocode(request: Request[Any, Any, Any], data: TextToFind, purpose: Purpose = None) -> Response[bytes]:
        """The places that a text may mean, with reasons; only a unique one carries its position into `place`."""
        refusal = await _refused(operations, request, PLACES, purpose)
        if refusal is not None:
            return refusal
        if (data.latitude is None) != (data.longitude is None):
            return problem_response(Rejection("position_incomplete", {"needed": ["latitude", "longitude"]}))
        return _told(await desk.where_is(_where(data)))

    @get("/api/dispatch/city", operation_id="city", tags=["city"], responses=_answers(CityStanding))
    async def city(request: Request[Any, Any, Any], purpose: Purpose = None) -> Response[bytes]:
        """Which city is served, and whether it can be asked now."""
        refusal = await _refused(operations, request, PLACES, purpose)
        return refusal if refusal is not None else _told(msgspec.json.encode(desk.standing()))

    return [geocode, city]


def _road_routes(operations: Operations, desk: CityDesk) -> list[HTTPRouteHandler]:
    @get("/api/city/route", operation_id="route", tags=["city"], responses=_answers(Drive))
    async def route(
        request: Request[Any, Any, Any], unit: Named, incident: Named, purpose: Purpose = None
    ) -> Response[bytes]:
        """The way a unit drives from where it is taken to be to an incident: its line, its time, its length."""
        refusal = await _refused(operations, request, ROUTE, purpose)
        return refusal if refusal is not None else _told(await desk.which_way(unit, incident))

    @post("/api/city/segments", status_code=200, operation_id="segments", tags=["city"], responses=_answers(RoadsFound))
    async def segments(
        request: Request[Any, Any, Any], data: PointsOnRoads, purpose: Purpose = None
    ) -> Response[bytes]:
        """The segment of the roads nearest to each point of what was drawn: what `close-road` takes."""
        refusal = await _refused(operations, request, ROUTE, purpose)
        return refusal if refusal is not None else _told(await desk.which_road(tuple(data.points)))

    return [route, segments]


def _incident_routes(operations: Operations, desk: CityDesk) -> list[HTTPRouteHandler]:
    @get(
        "/api/dispatch/incidents/{incident:str}/response", operation_id="response_to_incident", tags=["city"],
        responses=_answers(PlannedResponse),
    )  # fmt: skip
    async def response(
        request: Request[Any, Any, Any], incident: str, flags: Flags = None, purpose: Purpose = None
    ) -> Response[bytes]:
        """What the active plan sends, else the default by type group: the fields of `set-needs`, with the rules."""
        refusal = await _refused(operations, request, RESPONSES, purpose)
        return refusal if refusal is not None else _told(await desk.what_is_sent(incident, tuple(flags or ())))

    @get(
        "/api/dispatch/incidents/{incident:str}/recommendation", operation_id="recommendation_for_incident",
        tags=["city"], responses=_answers(Recommendation),
    )  # fmt: skip
    async def recommendation(
        request: Request[Any, Any, Any], incident: str, flags: Flags = None, purpose: Purpose = None
    ) -> Response[bytes]:
        """Who should go: every unit of the roster once, and the record that `record-recommendation` takes."""
        refusal = await _refused(operations, request, RECOMMENDATIONS, purpose)
        return refusal if refusal is not None else _told(await desk.who_goes(incident, tuple(flags or ())))

    @get(
        "/api/dispatch/incidents/{incident:str}/exchanges", operation_id="exchanges_for_incident", tags=["city"],
        responses=_answers(Exchanges),
    )  # fmt: skip
    async def exchanges(request: Request[Any, Any, Any], incident: str, purpose: Purpose = None) -> Response[bytes]:
        """Which unit on its way should give way to one that is free now; to be asked again every few seconds."""
        refusal = await _refused(operations, request, RECOMMENDATIONS, purpose)
        return refusal if refusal is not None else _told(await desk.what_pays(incident))

    return [response, recommendation, exchanges]


def _duplicate_routes(operations: Operations, desk: CityDesk) -> list[HTTPRouteHandler]:
    @get(
        "/api/dispatch/incidents/{incident:str}/duplicates", operation_id="duplicates_of_incident", tags=["city"],
        responses=_answers(Similar),
    )  # fmt: skip
    async def of_incident(request: Request[Any, Any, Any], incident: str, purpose: Purpose = None) -> Response[bytes]:
        """What else an incident may be, each with its score and terms."""
        refusal = await _refused(operations, request, DUPLICATES, purpose)
        return refusal if refusal is not None else _similar(desk.duplicates_of_incident(incident))

    @get(
        "/api/dispatch/calls/{call:str}/duplicates", operation_id="duplicates_of_call", tags=["city"],
        responses=_answers(Similar),
    )  # fmt: skip
    async def of_call(request: Request[Any, Any, Any], call: str, purpose: Purpose = None) -> Response[bytes]:
        """What a call may be about, each with its score and terms."""
        refusal = await _refused(operations, request, DUPLICATES, purpose)
        return refusal if refusal is not None else _similar(desk.duplicates_of_call(call))

    return [of_incident, of_call]


def _where(data: TextToFind) -> WhereIs:
    near = None
    if data.latitude is not None and data.longitude is not None:
        near = (round(data.longitude * E7), round(data.latitude * E7))
    return WhereIs(data.text, near, data.uncertainty_m, data.area)


async def _refused(
    operations: Operations, request: Request[Any, Any, Any], read: str, purpose: str | None
) -> Response[bytes] | None:
    """Why the asker is not answered; None when they are."""
    reader = await reader_of(operations, request, read, purpose)
    return None if isinstance(reader, str) else reader


def _similar(found: list[Suggestion] | Rejection) -> Response[bytes]:
    return _told(found if isinstance(found, Rejection) else msgspec.json.encode(Similar(found)))


def _told(answer: bytes | Rejection) -> Response[bytes]:
    if isinstance(answer, Rejection):
        return problem_response(answer)
    return Response(answer, media_type="application/json")


def _answers(form: type) -> dict[int, ResponseSpec]:
    return {200: ResponseSpec(form, description="the answer", generate_examples=False)}
