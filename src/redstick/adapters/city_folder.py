"""A city folder, opened to compute with: its roads and their closures, its geocoder, its zones."""

from __future__ import annotations

from collections.abc import Callable, Collection
from dataclasses import replace
from math import ceil
from pathlib import Path

from redstick.dispatch.avl.ground import distance_m
from redstick.dispatch.computing.answers import Drive, PlaceFound, PlacesFound, RoadFound, RoadsFound
from redstick.dispatch.computing.questions import WhereIs, WhichRoad, WhichWay
from redstick.dispatch.geocoding import geocoded
from redstick.dispatch.lookback.another import Ground
from redstick.dispatch.plans.places import PlaceZones
from redstick.dispatch.plans.resolving import Within
from redstick.dispatch.ports import Point
from redstick.dispatch.recommendation.by_road import ByRoad
from redstick.geo import geocoder, routing
from redstick.geo.city import Addresses, City, Closure, DamagedCity, load_city
from redstick.geo.geocoder import Geocoder, UnreadableIndex
from redstick.geo.roads import E7
from redstick.geo.routing import EdgeRouter
from redstick.geo.travel import TRAVEL_FILE, DamagedModel, load
from redstick.geo.travel.model import MILLIONTHS
from redstick.kernel.drivers import SynchronousDriver
from redstick.kernel.values import Instant

ROUTER_FOLDER = "router"


def open_geocoder(folder: Path, city: City) -> Geocoder:
    """The city's geocoder; an index that is missing or another version's is built anew.

    Raises OSError and UnreadableIndex.
    """
    path = folder / geocoder.FILE_NAME
    if geocoder.digest_of(path) != city.digest:
        build_geocoder(folder, city)
    return Geocoder.open(path, home=(city.name,))


def build_geocoder(folder: Path, city: City) -> None:
    """Make the index that addresses are looked up in, beside the folder's own files."""
    posts = [
        geocoder.Milepost(post.route, post.direction, post.measure_milli / 1000, post.x, post.y, post.label, post.exit)
        for post in city.mileposts
    ]
    path = folder / geocoder.FILE_NAME
    geocoder.build(city.roads, city.addresses, city.places, path, mileposts=posts, digest=city.digest)


def open_router(folder: Path, city: City) -> EdgeRouter:
    """A router on the city's roads; what its engine prepares is kept beside the folder's own files."""
    return routing.open_router(city.roads, cache=folder / ROUTER_FOLDER)


def road_times(folder: Path, router: EdgeRouter) -> ByRoad:
    """Road times by the line that the city was calibrated to; by free flow, and marked so, where it was not.

    Raises DamagedModel.
    """
    path = folder / TRAVEL_FILE
    if not path.exists():
        return ByRoad(router)
    at_once, per_second = load(path).line
    return ByRoad(router, (at_once / MILLIONTHS, per_second / MILLIONTHS))


def closures_at(city: City, at: Instant) -> list[Closure]:
    """The closures of a city that hold at a time."""
    return [
        closure
        for closure in city.closures
        if (closure.effective_from_ms is None or closure.effective_from_ms <= at)
        and (closure.effective_until_ms is None or at < closure.effective_until_ms)
    ]


def closed_arcs(city: City, router: EdgeRouter, names: Collection[str]) -> list[int]:
    """Both ways of the segments with these ids."""
    segments = [number for number, name in enumerate(city.roads.segment_id) if name in names] if names else []
    return [arc for segment in segments for arc in router.graph.arcs_of(segment)]


class UnusableCity(Exception):  # noqa: N818  (named for what is the matter)
    """A city folder cannot be computed with; says what is wrong."""


def read_city(folder: Path) -> City:
    """The city in a folder; raises UnusableCity."""
    try:
        return load_city(folder)
    except (DamagedCity, OSError) as error:
        raise UnusableCity(f"the city cannot be read: {error}") from error


def ground_of_the_past(folder: Path, anew: Callable[[], SynchronousDriver]) -> Ground:
    """Where a past span is lived again: the roads of a city folder, all of them open. Raises UnusableCity."""
    city = read_city(folder)
    if not city.roads.segments:
        raise UnusableCity("the city has no roads to live its past on")
    try:
        roads = road_times(folder, open_router(folder, city))
        zones = PlaceZones(city) if city.zones else None
    except (OSError, ValueError, OverflowError, DamagedModel) as error:
        raise UnusableCity(f"the city cannot be opened: {error}") from error
    return Ground({station.id: (station.x, station.y) for station in city.stations}, roads, zones, anew)


class CityGround:
    """Fills `Ground` from a city folder. Opening one takes its time: the router and the zones are made ready.

    Raises UnusableCity.
    """

    def __init__(self, folder: Path, city: City) -> None:
        self.digest = city.digest
        self._city = replace(city, addresses=Addresses.none())  # those are looked up in the geocoder's index
        try:
            self._zones = PlaceZones(city)
            self._router = open_router(folder, city) if city.roads.segments else None
            self._roads = road_times(folder, self._router) if self._router is not None else None
            self._geocoder = open_geocoder(folder, city)
        except (OSError, ValueError, OverflowError, UnreadableIndex, DamagedModel) as error:
            raise UnusableCity(f"the city cannot be opened: {error}") from error
        self._closed: frozenset[str] = frozenset()

    def places(self, asked: WhereIs) -> PlacesFound:
        """What a text names; each candidate with the place and the zones that a command takes if it is chosen."""
        near = None if asked.near is None else (asked.near[1] / E7, asked.near[0] / E7)
        result = self._geocoder.geocode(asked.text, near, asked.uncertainty_m, asked.area or None)
        candidates = [
            PlaceFound(
                candidate.as_json(),
                geocoded(asked.text, result, asked.source, candidate),
                self._by_layer((candidate.x, candidate.y), asked.at),
            )
            for candidate in result.candidates
        ]
        place = geocoded(asked.text, result, asked.source)
        zones = candidates[0].zones if place.located else {}
        reasons = [str(reason) for reason in result.reasons]
        return PlacesFound(result.kind, asked.text, reasons, place, zones, candidates, self.digest)

    def zones(self, at: Point, when: Instant) -> tuple[Within, ...]:
        """Every zone in which a point lies at a time."""
        return self._zones.at(*at, when)

    def closures(self, when: Instant) -> tuple[str, ...]:
        """The closures that hold, by id."""
        return tuple(closure.id for closure in closures_at(self._city, when))

    def way(self, asked: WhichWay) -> Drive | None:
        """The quickest drive on the roads as they are open at that time."""
        roads = self.roads(asked.now, asked.closed)
        if roads is None:
            return None
        begin, end = roads.snap(asked.begin), roads.snap(asked.end)
        found = roads.router.path(begin, end)
        [(seconds, why)] = roads.seconds_to(asked.end, [asked.begin])
        return Drive(
            asked.unit, asked.incident, [asked.begin, *found.geometry, asked.end] if found.geometry else [],
            None if seconds is None else ceil(seconds), None if seconds is None else ceil(found.length_m),
            "" if seconds is not None else why, roads.version, roads.calibrated, city=self.digest,
        )  # fmt: skip

    def segments(self, asked: WhichRoad) -> RoadsFound:
        """The nearest segment to each point."""
        if self._roads is None:
            return RoadsFound([], self.digest)
        roads = self._city.roads
        found: dict[int, RoadFound] = {}
        for point in asked.points:
            place = self._roads.snap(point)
            line = roads.xy[roads.start[place.segment] : roads.start[place.segment + 1]].tolist()
            name = roads.names[roads.name[place.segment]] if roads.name[place.segment] >= 0 else ""
            away_m = ceil(distance_m(*point, *place.point))
            found.setdefault(place.segment, RoadFound(roads.segment_id[place.segment], name, line, away_m))
        return RoadsFound(list(found.values()), self.digest)

    def roads(self, when: Instant, closed: Collection[str] = ()) -> ByRoad | None:
        """Road times, with closed what is closed at that time and open again what no longer is."""
        held = frozenset(name for closure in closures_at(self._city, when) for name in closure.segments) | {*closed}
        if self._router is not None and held != self._closed:
            self._router.reopen(closed_arcs(self._city, self._router, self._closed - held))
            self._router.close(closed_arcs(self._city, self._router, held - self._closed))
            self._closed = held
        return self._roads

    def _by_layer(self, at: Point, when: Instant) -> dict[str, str]:
        return {within.layer: within.zone for within in reversed(self.zones(at, when))}
