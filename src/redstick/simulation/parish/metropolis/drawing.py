"""The whole parish drawn: who governs which ground, how it is built, and every street on it."""

from collections.abc import Iterator
from dataclasses import dataclass, replace

import numpy as np
import shapely
from numpy.random import Generator
from shapely import LineString, Point, Polygon
from shapely.geometry.base import BaseGeometry

from redstick.simulation.parish.metropolis import interstates as motorways
from redstick.simulation.parish.metropolis.arteries import Artery, arteries, faces
from redstick.simulation.parish.metropolis.core import old_city
from redstick.simulation.parish.metropolis.frames import halves
from redstick.simulation.parish.metropolis.interstates import CORRIDOR_M, Interstate, interstates
from redstick.simulation.parish.metropolis.naming import Names
from redstick.simulation.parish.metropolis.neighbourhoods import Site, blocks, country, subdivision, works
from redstick.simulation.parish.metropolis.parks import parks_of
from redstick.simulation.parish.metropolis.terrain import BATTURE_M, CENTRE, Terrain
from redstick.simulation.parish.plan import Line

V0 = CENTRE[1]
CITY, OPEN_COUNTRY = "Portage", "Unincorporated"
DOWNTOWN_M, OLD_CITY_M, CITY_M = 1300.0, 3500.0, 8600.0
# Towns: name, place on the straightened plane, how far they reach.
TOWNS = (
    ("Sawgrass", 3400.0, V0 + 10_600, 2700.0), ("Millstone", 16_800.0, V0 + 1800, 2900.0),
    ("Quarry Lake", 14_400.0, V0 - 7300, 2700.0), ("Port Tupelo", -1300.0, V0 + 200, 2300.0),
)  # fmt: skip
MAIN_SQUARE_M, TOWN_BLOCKS_M = 780.0, 1900.0
TOWN_M2 = 650_000.0  # larger ground is not all built as a town's middle
# Ground with a purpose of its own, found by a place inside it.
PURPOSES = (
    ("campus", 1900.0, V0 - 4000), ("refinery", 700.0, V0 + 4300), ("airport", 3400.0, V0 + 6000),
    ("port", 600.0, V0 - 9500), ("works", -700.0, V0 + 3000),
)  # fmt: skip
_PLANS = {"blocks": blocks, "subdivision": subdivision, "country": country}


@dataclass(frozen=True)
class Face:
    """Ground between through roads: who governs it, and how it is built."""

    shape: Polygon
    district: str
    kind: str


@dataclass(frozen=True)
class Drawing:
    """A drawn parish, in metres. `routes` are the numbers that through roads bear, by their names."""

    terrain: Terrain
    lines: list[Line]
    faces: list[Face]
    parks: list[tuple[str, Polygon]]
    lakes: list[tuple[str, Polygon]]
    routes: dict[str, str]
    interstates: tuple[Interstate, ...]


def draw(rng: Generator) -> Drawing:
    """Every random choice comes from `rng`, in a fixed order."""
    terrain = Terrain(rng)
    through = arteries(rng, terrain)
    raised = interstates(terrain)
    above = motorways.drawn(raised, through)
    ground = [_face(rng, terrain, shape, _marks(terrain)) for shape in faces(through, terrain.limits)]
    ramps = [LineString(line.xy).buffer(34.0) for line in above if line.road_class == "ramp"]
    corridors = [road.middle.buffer(CORRIDOR_M) for road in raised]
    closed = shapely.unary_union([terrain.barriers, *corridors, *ramps])
    parks, lakes = parks_of(rng, [(face.shape, face.kind) for face in ground], closed)
    batture = terrain.river.buffer(BATTURE_M - 30)  # bridges over bayous are many, over the river few
    fenced = shapely.unary_union([batture, *corridors, *ramps, *(shape.buffer(9.0) for _, shape in (*parks, *lakes))])
    closed = shapely.union(closed, fenced)
    names = Names(rng)
    names.reserve(artery.line.name for artery in through)
    lines = [*(artery.line for artery in through), *above]
    lines += [replace(line, district=CITY) for line in _old_city(terrain, ground, closed, names)]
    for face in _settled(rng, ground, _marks(terrain)):
        lines += [replace(line, district=face.district) for line in _built(rng, face, closed, fenced, names)]
    return Drawing(terrain, lines, ground, parks, lakes, _routes(through), raised)


def _routes(through: list[Artery]) -> dict[str, str]:
    return {artery.line.name: artery.route for artery in through if artery.route}


def _marks(terrain: Terrain) -> dict[str, Point]:
    """Places that decide what the ground around them is, in metres."""
    places = [("downtown", *CENTRE), *((name, u, v) for name, u, v, _ in TOWNS), *PURPOSES]
    xy = terrain.bend(np.array([u for _, u, _ in places]), np.array([v for *_, v in places]))
    return {name: Point(at) for (name, *_), at in zip(places, xy.tolist(), strict=True)}


def _face(rng: Generator, terrain: Terrain, shape: Polygon, marks: dict[str, Point]) -> Face:
    chance = float(rng.uniform())
    middle = shape.representative_point()
    away_m = middle.distance(marks["downtown"])
    west = bool(middle.x < terrain.river_middle(middle.y))
    reach = {name: reach for name, _, _, reach in TOWNS}
    towns = [name for name in reach if middle.distance(marks[name]) < reach[name]]
    inside = not west and away_m < CITY_M
    district = towns[0] if towns and (not inside or west) else CITY if inside else OPEN_COUNTRY
    if shape.intersection(terrain.river).area > 0.4 * shape.area:
        return Face(shape, district, "water")
    for name, *_ in PURPOSES:
        if shape.contains(marks[name]):
            return Face(shape, district, name if name in {"campus", "airport"} else "works")
    if not west and away_m < OLD_CITY_M:
        return Face(shape, district, "downtown" if away_m < DOWNTOWN_M else "old")
    if district in reach:
        from_m = middle.distance(marks[district])
        near = shape.distance(marks[district]) < 60 or from_m < MAIN_SQUARE_M
        return Face(shape, district, "town" if near else "blocks" if from_m < TOWN_BLOCKS_M else "subdivision")
    return Face(shape, district, _outlying(chance, away_m, west, southern=middle.y < marks["downtown"].y + 1500))


def _outlying(chance: float, away_m: float, west: bool, southern: bool) -> str:
    if west:
        return "blocks" if away_m < 4200 and chance < 0.6 else "country"
    if away_m < 6400:
        return "blocks" if chance < 0.78 else "subdivision"
    if away_m < 11_500:
        return "blocks" if chance < 0.14 else "subdivision" if chance < 0.93 else "country"
    return "subdivision" if chance < (0.72 if southern else 0.3) else "country"


def _old_city(terrain: Terrain, ground: list[Face], closed: BaseGeometry, names: Names) -> Iterator[Line]:
    downtown, around = (
        shapely.union_all([face.shape for face in ground if face.kind == kind]).difference(closed)
        for kind in ("downtown", "old")
    )
    yield from old_city(terrain, downtown, around, names, CITY)


def _settled(rng: Generator, ground: list[Face], marks: dict[str, Point]) -> Iterator[Face]:
    """The same ground, that of a town cut down to its old middle and the blocks around that."""
    for face in ground:
        if face.kind == "town" and face.shape.area > TOWN_M2:
            parts, _ = halves(face.shape, float(rng.uniform(0.45, 0.55)), 0.0, 0.0)
            middle = marks[face.district]
            nearest = min(parts, key=lambda part: (part.distance(middle), part.centroid.distance(middle)))
            kinds = [replace(face, shape=part, kind="town" if part is nearest else "blocks") for part in parts]
            yield from _settled(rng, kinds, marks)
        else:
            yield face


def _built(rng: Generator, face: Face, closed: BaseGeometry, fenced: BaseGeometry, names: Names) -> Iterator[Line]:
    built = face.shape.difference(closed)
    site = Site(face.shape, built, face.shape.difference(fenced))
    if face.kind in {"downtown", "old", "water"} or built.area < 15_000:
        return
    if face.kind == "town":
        yield from blocks(rng, site, names, face.district)
    else:
        yield from _PLANS.get(face.kind, works)(rng, site, names)
