"""The city's own map over HTTP: vector tiles, and what a map must know before it asks for the first."""

import gzip
from http import HTTPStatus
from typing import Annotated, Any

import msgspec
from litestar import Request, Response, get
from litestar.handlers import HTTPRouteHandler
from litestar.openapi.datastructures import ResponseSpec
from litestar.params import Parameter

from redstick.kernel.values import Rejection
from redstick.server.api.callers import from_elsewhere, token_of
from redstick.server.api.ports import Operations
from redstick.server.api.problems import problem_response
from redstick.server.map.desk import MapDesk, MapFacts, MapStation

MAP = "city.view.map"
MEDIA_TYPE = "application/vnd.mapbox-vector-tile"
FOR_GOOD, ASK_AGAIN = "private, max-age=31536000, immutable", "private, no-cache"

Stamp = Annotated[str | None, Parameter(query="v", description="the stamp of `style-sources`: kept for good with it")]


class VectorSource(msgspec.Struct, frozen=True):
    """A source as MapLibre takes it: the template of its tiles, their zooms, bounds in degrees, credits."""

    tiles: list[str]
    minzoom: int
    maxzoom: int
    bounds: tuple[float, float, float, float]
    attribution: str
    type: str = "vector"


class StyleSources(msgspec.Struct, frozen=True):
    """The city and its one source. Tiles hold the layers `layers`; `zone_layers` are the values of a zone's `layer`."""

    name: str
    time_zone: str
    digest: str
    stamp: str
    sources: dict[str, VectorSource]
    layers: list[str]
    zone_layers: list[str]
    stations: list[MapStation]


LAYERS = [
    "landuse", "parks", "water", "railways", "roads", "road_labels", "zones", "addresses", "stations", "hospitals",
    "places", "cameras",
]  # fmt: skip


def map_routes(operations: Operations, desk: MapDesk) -> list[HTTPRouteHandler]:
    """`GET /api/map/style-sources` and `GET /api/map/tiles/{z}/{x}/{y}`, for whoever is signed in and may see a map."""

    @get(
        "/api/map/style-sources", operation_id="style_sources", tags=["map"],
        responses={200: ResponseSpec(StyleSources, description="the city and its source", generate_examples=False)},
    )  # fmt: skip
    async def sources(request: Request[Any, Any, Any]) -> Response[bytes]:
        """What a map must know before it asks for the first tile."""
        refused = await _refused(operations, request)
        facts = refused or await desk.facts()
        if isinstance(facts, Rejection):
            return problem_response(facts)
        return Response(msgspec.json.encode(_sources(facts)), media_type="application/json")

    @get("/api/map/tiles/{zoom:int}/{x:int}/{y:int}", operation_id="map_tile", tags=["map"], media_type=MEDIA_TYPE)
    async def tile(request: Request[Any, Any, Any], zoom: int, x: int, y: int, stamp: Stamp = None) -> Response[bytes]:
        """A Mapbox Vector Tile (version 2.1) of 4,096 units; without content where nothing is."""
        refused = await _refused(operations, request)
        facts = refused or await desk.facts()
        if isinstance(facts, Rejection):
            return problem_response(facts)
        etag = f'"{facts.stamp}-{zoom}-{x}-{y}"'
        kept = FOR_GOOD if stamp == facts.stamp else ASK_AGAIN
        headers = {"etag": etag, "cache-control": kept, "vary": "accept-encoding"}
        if facts.holds(zoom, x, y) and etag in _tags(request):
            return Response(b"", status_code=HTTPStatus.NOT_MODIFIED, headers=headers)
        content = await desk.tile(zoom, x, y)
        if isinstance(content, Rejection):
            return problem_response(content)
        if "gzip" in request.headers.get("accept-encoding", ""):
            headers["content-encoding"] = "gzip"
        else:
            content = gzip.decompress(content)
        return Response(content, media_type=MEDIA_TYPE, headers=headers)

    return [sources, tile]


async def _refused(operations: Operations, request: Request[Any, Any, Any]) -> Rejection | None:
    """Why the asker is shown no map; None when they are."""
    person = operations.person_of(token_of(request) or "")
    if person is None:
        return Rejection("not_signed_in")
    if from_elsewhere(request):
        return Rejection("from_another_site")
    return (await operations.admit(person, MAP, None, None)).rejection


def _sources(facts: MapFacts) -> StyleSources:
    source = VectorSource(
        tiles=[f"/api/map/tiles/{{z}}/{{x}}/{{y}}?v={facts.stamp}"],
        minzoom=facts.min_zoom,
        maxzoom=facts.max_zoom,
        bounds=facts.bounds,
        attribution=" | ".join(facts.attribution),
    )
    return StyleSources(
        facts.name, facts.time_zone, facts.digest, facts.stamp, {"city": source}, LAYERS, facts.zone_layers,
        facts.stations,
    )  # fmt: skip


def _tags(request: Request[Any, Any, Any]) -> list[str]:
    return request.headers.get("if-none-match", "").replace("W/", "").replace(" ", "").split(",")
