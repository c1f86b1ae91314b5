"""How drawn streets are found: municipalities of both sides, route numbers, mileposts, front doors."""

from collections.abc import Sequence
from dataclasses import replace

import numpy as np
import shapely
from numpy.random import Generator
from shapely import LineString, Polygon

from redstick.geo.city import Addresses, Milepost
from redstick.geo.roads import I32, ROAD_CLASSES, Roads
from redstick.simulation.parish.furniture import front_doors
from redstick.simulation.parish.metropolis.interstates import COURSES, Interstate
from redstick.simulation.parish.metropolis.terrain import F64
from redstick.simulation.parish.network import METRES_PER_DEGREE, ORIGIN, to_degrees_e7

MILE_M = 1609.344
BESIDE_M = 20.0  # from the middle of a street to the ground whose municipality its side has
LIVED_IN = {"downtown": 0.75, "old": 0.86, "town": 0.82, "blocks": 0.86, "subdivision": 0.9, "country": 0.3,
            "campus": 0.2, "works": 0.12, "airport": 0.1}  # fmt: skip  # share of lots with a front door
BUSY = 0.45  # the same along through roads, of what it is beside them


def metres(xy: I32) -> F64:
    """Positions in 1e-7 degrees, (k, 2), as metres of the plan."""
    plan: F64 = (np.asarray(xy, np.float64) - np.array(ORIGIN)) / 1e7 * METRES_PER_DEGREE
    return plan


def middles(roads: Roads) -> tuple[F64, F64]:
    """A point on each segment, (m, 2) in metres, and the unit vector to its left there."""
    at = (roads.start[:-1] + roads.start[1:]) // 2 - 1
    a, b = metres(roads.xy[at]), metres(roads.xy[at + 1])
    ends = metres(roads.xy[roads.start[1:] - 1]) - metres(roads.xy[roads.start[:-1]])
    step = np.where((a == b).all(axis=1)[:, None], ends, b - a)  # a point may stand twice where streets were merged
    step = step / np.hypot(*step.T)[:, None]
    return (a + b) / 2, np.c_[-step[:, 1], step[:, 0]]


def face_at(shapes: Sequence[Polygon], points: F64) -> I32:
    """The index of the shape in which each point (k, 2) lies, the nearest one for a point in none."""
    (_, found) = shapely.STRtree(list(shapes)).query_nearest(shapely.points(points), all_matches=False)
    indices: I32 = found.astype(np.int32)
    return indices


def governed(roads: Roads, shapes: Sequence[Polygon], districts: Sequence[str]) -> Roads:
    """Roads whose through roads have, on each side, the municipality of the ground there."""
    areas = sorted({*roads.areas, *districts})
    of_shape = np.array([areas.index(name) for name in districts], np.int32)
    renumbered = np.array([*(areas.index(name) for name in roads.areas), -1], np.int32)  # -1 stays -1
    middle, left = middles(roads)
    sides = []
    for side, known in ((BESIDE_M, roads.left_area), (-BESIDE_M, roads.right_area)):
        there = of_shape[face_at(shapes, middle + side * left)]
        sides.append(np.where(known < 0, there, renumbered[known]).astype(np.int32))
    return replace(roads, areas=areas, left_area=sides[0], right_area=sides[1])


def routed(roads: Roads, routes: dict[str, str]) -> Roads:
    """Roads that also bear their route numbers: `US 461` for Old Portage Road, `I-18` for both its carriageways."""
    numbers = {f"{name} {way}": name for name, out, back, _ in COURSES for way in (out, back)} | routes
    names = [*roads.names]
    aliases = []
    for number in sorted(set(numbers.values())):
        own = [i for i, name in enumerate(roads.names) if numbers.get(name) == number]
        bearing = np.flatnonzero(np.isin(roads.name, own)).tolist()
        aliases += [(segment, len(names)) for segment in bearing]
        names.append(number)
    return replace(roads, names=names, aliases=sorted(aliases))


def mileposts(ways: Sequence[Interstate]) -> tuple[Milepost, ...]:
    """A post every mile of each carriageway, counted from where the interstate begins."""
    posts = []
    for way, (name, out, back, _) in zip(ways, COURSES, strict=True):
        for mile in range(1, int(way.middle.length / MILE_M) + 1):
            for direction, line in ((out[0], way.ways[0]), (back[0], way.ways[1])):
                place = line.interpolate(line.project(way.middle.interpolate(mile * MILE_M)))
                x, y = to_degrees_e7(np.array([[place.x, place.y]]))[0].tolist()
                posts.append(Milepost(name, direction, mile * 1000, x, y))
    return tuple(posts)


def addresses(roads: Roads, kinds: Sequence[str], rng: Generator) -> Addresses:
    """Front doors on the lots of every range, fewer in the country and along through roads; `kinds` by segment."""
    busy = np.isin(roads.road_class, [ROAD_CLASSES.index(name) for name in ("trunk", "primary", "secondary")])
    positions, numbers, streets, areas = [], [], [], []
    for segment in np.flatnonzero((roads.left_from > 0) & (roads.name >= 0)).tolist():
        line = metres(roads.xy[roads.start[segment] : roads.start[segment + 1]])
        low, high = int(roads.left_from[segment]), int(roads.left_to[segment])
        lots = (high - low) // 2 + 1
        share = LIVED_IN.get(kinds[segment], 0.0) * (BUSY if busy[segment] else 1.0)
        for side, first, area in (
            (1.0, low, roads.left_area[segment]), (-1.0, int(roads.right_from[segment]), roads.right_area[segment]),
        ):  # fmt: skip
            taken = np.flatnonzero(rng.uniform(size=lots) < share).astype(np.int32)
            positions.append(to_degrees_e7(front_doors(line, (taken + 0.5) / lots, side)))
            numbers.append(first + 2 * taken)
            streets.append(np.full(len(taken), roads.name[segment], np.int32))
            areas.append(np.full(len(taken), area, np.int32))
    x, y = np.concatenate(positions).T
    count, none = len(x), np.full(len(x), -1, np.int32)
    return Addresses(
        x.copy(), y.copy(), np.concatenate(numbers), [""] * count, [""] * count, np.concatenate(streets),
        list(roads.names), np.concatenate(areas), list(roads.areas), none, [],
    )  # fmt: skip


def line_of(roads: Roads, segment: int) -> LineString:
    """A segment in metres of the plan."""
    return LineString(metres(roads.xy[roads.start[segment] : roads.start[segment + 1]]))
