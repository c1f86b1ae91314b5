"""Interstates above the ground: two carriageways each, diamonds at through roads, ramps where one leaves another."""

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import count

import numpy as np
import shapely
from shapely import LineString, Point

from redstick.simulation.parish.metropolis.arteries import Artery
from redstick.simulation.parish.metropolis.terrain import CENTRE, F64, Terrain, cm
from redstick.simulation.parish.plan import RAISED, Line

V0 = CENTRE[1]
APART_M = 17.0  # from the middle of an interstate to its carriageway
CORRIDOR_M = 62.0  # nothing local is built nearer to the middle
RAMP_M, ASIDE_M = 340.0, 165.0  # of a diamond: along the interstate, along the road below
GORE_M = 620.0  # from where one interstate leaves another to where its own carriageways begin
FLYOVER = 2  # grade level of ramps: they pass above carriageways
BETWEEN_M = 1150.0  # least distance of two diamonds
CLOSED_M = 420.0  # no diamond nearer to the parish line, or to a fork

COURSES: tuple[tuple[str, str, str, tuple[tuple[float, float], ...]], ...] = (
    ("I-18", "East", "West", ((-3600, V0 - 2650), (-500, V0 - 2600), (900, V0 - 2600), (3000, V0 - 2500),
     (5200, V0 - 2750), (8000, V0 - 4300), (12_000, V0 - 6000), (16_500, V0 - 7400), (21_600, V0 - 9000))),
    ("I-318", "East", "West", ((4350, V0 - 2560), (6100, V0 - 2050), (8200, V0 - 1480), (13_000, V0 - 1400),
     (17_000, V0 - 1600), (21_600, V0 - 1400))),
    ("I-118", "North", "South", ((1700, V0 - 2560), (2020, V0 - 1500), (2080, V0), (2000, V0 + 2700),
     (2060, V0 + 5700), (2050, V0 + 8300), (2000, V0 + 9800))),
)  # fmt: skip


@dataclass(frozen=True)
class Interstate:
    """Its middle line and its carriageways, each in its own direction."""

    name: str
    middle: LineString
    ways: tuple[LineString, LineString]
    fork: Point | None = None  # where it leaves another one


def interstates(terrain: Terrain) -> tuple[Interstate, ...]:
    """The first crosses the parish; each other one leaves it."""
    made: list[Interstate] = []
    for name, _, _, places in COURSES:
        middle = terrain.line(list(places), 60.0).intersection(terrain.limits.buffer(3.0))
        fork = None
        if made:
            fork = made[0].middle.interpolate(made[0].middle.project(Point(middle.coords[0])))
            middle = shapely.ops.substring(middle, GORE_M, middle.length)
        ways = middle.offset_curve(-APART_M), middle.offset_curve(APART_M).reverse()
        made.append(Interstate(name, middle, ways, fork))
    return tuple(made)


def drawn(roads: tuple[Interstate, ...], arteries: list[Artery]) -> list[Line]:
    """Carriageways and ramps as lines that follow `arteries` in one list: ramps name both by their index."""
    lines: list[Line] = []
    index = count(len(arteries))
    at: list[tuple[int, int]] = []
    for road, (name, out, back, _) in zip(roads, COURSES, strict=True):
        out_xy, back_xy = (cm(shapely.get_coordinates(way)) for way in road.ways)
        # Joined at the parish line and at a fork: whoever drives on comes back, and no one-way leads nowhere.
        lines.append(_way(np.r_[out_xy, back_xy[:1]], f"{name} {out}"))
        lines.append(_way(np.r_[back_xy, out_xy[:1]], f"{name} {back}"))
        at.append((next(index), next(index)))
    for k, road in enumerate(roads):
        lines += _diamonds(road, at[k], arteries, [other.fork for other in roads if other.fork is not None])
        if road.fork is not None:
            lines += _fork(roads[0], at[0], road, at[k], road.fork)
    return lines


def _way(xy: F64, name: str) -> Line:
    return Line(xy, name, "motorway", 105, one_way=True, level=RAISED)


def _diamonds(road: Interstate, at: tuple[int, int], arteries: list[Artery], forks: list[Point]) -> Iterator[Line]:
    """Off and on ramps for each carriageway where a through road passes below, far enough from each other."""
    crossings: list[tuple[float, int, Point]] = []
    for index, artery in enumerate(arteries):
        points = shapely.get_parts(LineString(artery.line.xy).intersection(road.middle))
        crossings += [(road.middle.project(point), index, point) for point in points if point.geom_type == "Point"]
    weight = {"trunk": 0, "primary": 1, "secondary": 2}
    taken: list[float] = []
    for at_m, index, point in sorted(crossings, key=lambda c: (weight[arteries[c[1]].line.road_class], c[0])):
        clear = CLOSED_M < at_m < road.middle.length - CLOSED_M
        if (
            clear
            and all(abs(at_m - other) > BETWEEN_M for other in taken)
            and all(point.distance(fork) > 2 * GORE_M for fork in forks)
        ):
            below = LineString(arteries[index].line.xy)
            if ASIDE_M < below.project(point) < below.length - ASIDE_M:
                taken.append(at_m)
                yield from _diamond(road, at, below, index, point)


def _diamond(road: Interstate, at: tuple[int, int], below: LineString, index: int, crossing: Point) -> Iterator[Line]:
    at_m = below.project(crossing)
    sides = below.interpolate(at_m - ASIDE_M), below.interpolate(at_m + ASIDE_M)
    for which, way in enumerate(road.ways):
        beside = min(sides, key=way.distance)
        middle_m = way.project(crossing)
        leave, enter = way.interpolate(middle_m - RAMP_M), way.interpolate(middle_m + RAMP_M)
        foot = _xy(beside)
        for first, last, meets in ((leave, beside, (at[which], index)), (beside, enter, (index, at[which]))):
            a, b = _xy(first), _xy(last)
            bow = 0.35 * (a + b) + 0.3 * foot - 0.22 * (_xy(crossing) - foot) * 0.4
            yield _ramp(a, bow, bow, b, meets)


def _fork(
    main: Interstate, main_at: tuple[int, int], branch: Interstate, at: tuple[int, int], fork: Point
) -> Iterator[Line]:
    """Four ramps: each carriageway of the main road onto the branch, the branch back onto each."""
    begin, end = _xy_at(branch.ways[0], 0.0), _xy_at(branch.ways[1], branch.ways[1].length)
    ahead = _ahead(branch.middle, 0.0)
    for which, way in enumerate(main.ways):
        at_m = way.project(fork)
        reach = 330.0
        off_m, on_m = max(at_m - 700.0, 10.0), min(at_m + 700.0, way.length - 10.0)
        off, on = _xy_at(way, off_m), _xy_at(way, on_m)
        yield _ramp(off, off + reach * _ahead(way, off_m), begin - reach * ahead, begin, (main_at[which], at[0]))
        yield _ramp(end, end - reach * ahead, on - reach * _ahead(way, on_m), on, (at[1], main_at[which]))


def _ramp(a: F64, b: F64, c: F64, d: F64, meets: tuple[int, int]) -> Line:
    t = np.linspace(0, 1, 13)[:, None]
    curve = (1 - t) ** 3 * a + 3 * (1 - t) ** 2 * t * b + 3 * (1 - t) * t**2 * c + t**3 * d
    return Line(cm(curve), "", "ramp", 55, one_way=True, level=FLYOVER, ends_meet=meets)


def _xy(point: Point) -> F64:
    return np.array([point.x, point.y])


def _xy_at(line: LineString, at_m: float) -> F64:
    return _xy(line.interpolate(at_m))


def _ahead(line: LineString, at_m: float) -> F64:
    step = _xy_at(line, at_m + 5.0) - _xy_at(line, max(at_m - 5.0, 0.0))
    ahead: F64 = step / np.hypot(*step)
    return ahead
