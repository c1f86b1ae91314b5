"""The ground plan: a river, its levee road, arterials, an interstate with ramps, and neighbourhood grids between them.

Everything here is in metres on a plane, east and north of the parish's south-west corner, rounded to centimetres before
anything is decided on it.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from math import pi

import numpy as np
import shapely
from numpy.random import Generator
from numpy.typing import NDArray
from shapely import LineString, Point, Polygon

from redstick.simulation.parish.names import ordinal, street_names

F64 = NDArray[np.float64]

GROUND, RAISED = 0, 1  # grade levels: only lines of one level meet
CARRIAGEWAY_M = 17.0  # from the middle of the interstate
CORRIDOR_M = 55.0  # nothing local is built nearer to the interstate
LIMIT_M = 60.0  # from the outermost street to the parish line: those who live beyond the street belong to it
RAMP_M = 330.0  # along the interstate, from the crossing to where a ramp leaves
STREET_SPACING_M = {"downtown": (112, 112), "inner": (118, 205), "outer": (140, 290), "rural": (430, 560)}


@dataclass(frozen=True)
class Extent:
    """How large the parish is, in metres, and where its through roads lie."""

    width: int
    height: int
    across: tuple[tuple[str, int], ...]  # name and northing of each arterial that runs east
    along: tuple[tuple[str, int], ...]  # name and easting of each arterial that runs north
    interstate: int  # northing


SMALL = Extent(
    7200,
    7400,
    (("South Line Road", 250), ("Cane Mill Road", 1750), ("Ferry Street", 3250), ("Lock Road", 6050),
     ("North Line Road", 7150)),
    (("Market Avenue", 2750), ("Depot Road", 3950), ("Airline Road", 5450), ("Parish Line Road", 6950)),
    4650,
)  # fmt: skip


@dataclass(frozen=True)
class Line:
    """One street as it is drawn: its points, name and class; `one_way` runs in the order of the points or `against` it.

    `ends_meet` names the lines (by index) that its first and last point join, whatever their level: a ramp's.
    `district` is the municipality that named it: streets of one name in two of them are numbered apart.
    """

    xy: F64
    name: str
    road_class: str
    speed_kmh: int
    one_way: bool = False
    level: int = GROUND
    ends_meet: tuple[int, int] | None = None
    district: str = ""
    against: bool = False


@dataclass(frozen=True)
class Plan:
    """Streets, water and parks, and the parish line around them."""

    lines: list[Line]
    water: list[tuple[str, Polygon]]
    parks: list[tuple[str, Polygon]]
    bounds: Polygon


def draw(rng: Generator, extent: Extent) -> Plan:
    """Draw a parish; every random choice comes from `rng`, in a fixed order."""
    river = _River(rng, extent)
    lines = [*_arterials(rng, extent, river)]
    interstate = _interstate(rng, extent)
    land = shapely.polygonize(list(shapely.get_parts(shapely.unary_union(_centres(lines, interstate)))))
    cells = sorted(shapely.get_parts(land), key=lambda cell: (round(cell.centroid.y), round(cell.centroid.x)))
    downtown = Point(float(river.levee_x(np.array([3600.0]))[0]) + 700, 3700.0)
    parks: list[tuple[str, Polygon]] = []
    names = street_names(rng)
    corridor = interstate.buffer(CORRIDOR_M)
    numbered = iter(range(1, 99))
    for cell in cells:
        kind = _character(rng, cell, downtown)
        park = _park(rng, cell, kind, len(parks))
        built = cell.difference(corridor)
        if park is not None:
            parks.append(park)
            built = built.difference(park[1].buffer(4.0))
        lines += _grid(rng, cell, built, kind, names, numbered)
    lines += _motorway(interstate, lines)
    bounds = shapely.unary_union([*cells, river.water.intersection(shapely.box(0, 0, extent.width, extent.height))])
    limits = bounds.convex_hull.buffer(LIMIT_M, join_style="mitre")
    return Plan(lines, [("Tallow River", river.water)], parks, limits)


def _cm(xy: F64) -> F64:
    """Rounded to centimetres, so that no machine's last bit of a sine decides anything."""
    rounded: F64 = np.round(xy, 2)
    return rounded


class _River:
    """A meandering river on the west side with a levee road beside it."""

    WIDTH_M = 620.0
    BEYOND_M = 5000.0  # it flows on past the parish, so that no map shows where it was cut off

    def __init__(self, rng: Generator, extent: Extent) -> None:
        self._phase = rng.uniform(-0.7, 0.7, 2)
        self._extent = extent
        y = np.arange(-self.BEYOND_M, extent.height + self.BEYOND_M + 1, 100.0)
        middle = self._middle(y)
        width = self.WIDTH_M * (1 + 0.13 * np.sin(y / 700.0 + self._phase[0]))
        banks = np.r_[np.c_[middle - width / 2, y], np.c_[middle + width / 2, y][::-1]]
        self.water = Polygon(_cm(banks))

    def _middle(self, y: F64) -> F64:
        bend = 430 * np.sin(2 * pi * y / 6400 + self._phase[0]) + 130 * np.sin(2 * pi * y / 2700 + self._phase[1])
        middle: F64 = 820 + bend
        return middle

    def levee_x(self, y: F64) -> F64:
        """Easting of the levee road at a northing."""
        width = self.WIDTH_M * (1 + 0.13 * np.sin(y / 700.0 + self._phase[0]))
        road: F64 = self._middle(y) + width / 2 + 95
        return road


def _arterials(rng: Generator, extent: Extent, river: _River) -> Iterator[Line]:
    south, north = extent.across[0][1], extent.across[-1][1]
    y = np.arange(south - 60.0, north + 61.0, 60.0)
    yield Line(_cm(np.c_[river.levee_x(y), y]), "Levee Road", "secondary", 64)
    for place, (name, northing) in enumerate(extent.across):
        edge = place in {0, len(extent.across) - 1}
        x = np.arange(200.0, extent.width - 189.0, 90.0)
        sway = 0.0 if edge else rng.uniform(40, 95)
        line_y = northing + sway * np.sin(x / rng.uniform(900, 1500) + rng.uniform(0, 6))
        x0 = float(river.levee_x(line_y[:1])[0])
        for _ in range(4):  # the levee's easting at the northing where this road meets it
            x0 = float(river.levee_x(np.interp([x0], x, line_y))[0])
        keep = x > x0 + 20
        xy = np.r_[[[x0 - 1, np.interp(x0 - 1, x, line_y)]], np.c_[x[keep], line_y[keep]]]
        yield Line(_cm(xy), name, "secondary" if edge else "primary", 64 if edge else 72)
    for place, (name, easting) in enumerate(extent.along):
        edge = place == len(extent.along) - 1
        line_y = np.arange(south - 1.0, north + 2.0, 75.0)
        line_y[-1] = north + 1.0
        sway = 0.0 if edge else rng.uniform(30, 85)
        line_x = easting + sway * np.sin(line_y / rng.uniform(800, 1400) + rng.uniform(0, 6))
        yield Line(_cm(np.c_[line_x, line_y]), name, "secondary" if edge else "primary", 64 if edge else 72)
    ferry = extent.across[2][1]
    ends = np.array([[2100.0, ferry - 260.0], [4700, 4250], [extent.width - 249.0, 6700]])
    spread = np.linspace(0, 2, 60)
    diagonal = np.c_[np.interp(spread, [0, 1, 2], ends[:, 0]), np.interp(spread, [0, 1, 2], ends[:, 1])]
    diagonal[:, 1] += 60 * np.sin(spread * 3.0)
    yield Line(_cm(diagonal), "Old Portage Road", "secondary", 64)


def _interstate(rng: Generator, extent: Extent) -> LineString:
    x = np.arange(-100.0, extent.width - 80.0, 60.0)
    y = extent.interstate + 210 * np.sin(x / 1700 + rng.uniform(-0.4, 0.4)) + 60 * np.sin(x / 800)
    return LineString(_cm(np.c_[x, y]))


def _centres(lines: list[Line], interstate: LineString) -> list[LineString]:
    return [*(LineString(line.xy) for line in lines), interstate]


def _character(rng: Generator, cell: Polygon, downtown: Point) -> str:
    """How a cell is built: by its distance from downtown, with some chance."""
    distance_m = cell.distance(downtown)
    chance = rng.uniform()
    if cell.contains(downtown) or distance_m < 120:
        return "downtown"
    if distance_m < 1900:
        return "inner"
    return "rural" if chance < 0.22 and distance_m > 2300 else "outer"


def _park(rng: Generator, cell: Polygon, kind: str, known: int) -> tuple[str, Polygon] | None:
    names = ("Heron Park", "Oak Grove Park", "Lagniappe Green", "Batture Park", "Wetland Reserve", "Fairgrounds")
    chance, turn, aspect = rng.uniform(), rng.uniform(0, 90), rng.uniform(0.8, 1.5)
    if known >= len(names) or cell.area < 350_000 or chance > {"downtown": 0.9, "inner": 0.5}.get(kind, 0.35):
        return None
    side = {"downtown": 190.0, "inner": 330.0}.get(kind, 480.0)
    middle = cell.representative_point()
    shape = shapely.box(-side * aspect / 2, -side / 2, side * aspect / 2, side / 2).buffer(40.0, quad_segs=4)
    placed = shapely.affinity.translate(shapely.affinity.rotate(shape, turn, origin=(0, 0)), middle.x, middle.y)
    inside = placed.intersection(cell.buffer(-35.0))
    if inside.geom_type != "Polygon" or inside.area < 20_000:
        return None
    return names[known], shapely.set_precision(inside, 0.01)


def _grid(
    rng: Generator, cell: Polygon, built: Polygon, kind: str, names: Iterator[str], numbered: Iterator[int]
) -> Iterator[Line]:
    """Streets of one neighbourhood in its own orientation, cut to its built ground, some a little bent."""
    short_m, long_m = STREET_SPACING_M[kind]
    corners = shapely.get_coordinates(cell.minimum_rotated_rectangle)
    side = corners[1] - corners[0]
    turn = float(np.arctan2(side[1], side[0])) + rng.normal(0, 0.03 if kind == "downtown" else 0.09)
    if kind in {"inner", "outer"} and rng.uniform() < 0.3:
        turn += rng.uniform(0.35, 0.6)
    bend_m = 0.0 if kind == "downtown" else float(rng.choice([0.0, 0.0, 22.0, 38.0]))
    bend_over_m, phase = rng.uniform(420, 800), rng.uniform(0, 6)
    forward, left = np.array([np.cos(turn), np.sin(turn)]), np.array([-np.sin(turn), np.cos(turn)])
    centre = np.array([cell.centroid.x, cell.centroid.y])
    reach = float(np.hypot(*(corners[2] - corners[0]))) / 2
    along = np.arange(-reach, reach + 30, 30.0)
    for axis, other, spacing, offset in ((forward, left, short_m, 0.5), (left, forward, long_m, 0.37)):
        count = int(2 * reach / spacing) + 1
        for k in range(count):
            at = -reach + (k + offset) * spacing
            sideways = at + bend_m * np.sin(along / bend_over_m + phase)
            points = centre + along[:, None] * axis + sideways[:, None] * other
            name, collector = "", k == count // 2 and kind != "downtown"
            for piece in _pieces(_cm(points), built):
                name = name or (
                    f"{ordinal(next(numbered))} Street" if kind == "downtown" and axis is left else next(names)
                )
                yield Line(
                    piece, name, "tertiary" if collector else "residential", 56 if collector else 40,
                    one_way=kind == "downtown" and k % 3 == 1,
                )  # fmt: skip


def _pieces(points: F64, built: Polygon) -> Iterator[F64]:
    """What of a line lies on built ground, reaching half a metre over its edge so that it truly crosses it."""
    inside = LineString(points).intersection(built.buffer(0.6))
    for part in shapely.get_parts(inside):
        if part.geom_type == "LineString" and part.length > 70:
            yield _cm(shapely.get_coordinates(part.simplify(0.4)))


def _motorway(interstate: LineString, lines: list[Line]) -> list[Line]:
    """Two carriageways, joined where the parish ends, and ramps at the arterials that run north."""
    base = len(lines)
    east = shapely.get_coordinates(interstate.offset_curve(-CARRIAGEWAY_M))
    west = shapely.get_coordinates(interstate.offset_curve(CARRIAGEWAY_M))[::-1]
    made = [
        Line(_cm(np.r_[east, west[:1]]), "I-18 East", "motorway", 105, one_way=True, level=RAISED),
        Line(_cm(np.r_[west, east[:1]]), "I-18 West", "motorway", 105, one_way=True, level=RAISED),
    ]
    ways = LineString(made[0].xy), LineString(made[1].xy)
    for index, line in enumerate(lines):
        if line.name in {"Levee Road", "Depot Road", "Airline Road"}:
            crossing = LineString(line.xy).intersection(interstate)
            if crossing.geom_type == "Point":
                made += _ramps(crossing, LineString(line.xy), index, ways, base)
    return made


def _ramps(
    crossing: Point, arterial: LineString, index: int, ways: tuple[LineString, LineString], base: int
) -> Iterator[Line]:
    """A diamond: off and on for each carriageway, each meeting the arterial beside the crossing."""
    at_m = arterial.project(crossing)
    for which, way in enumerate(ways):
        beside = arterial.interpolate(at_m + (-150 if which == 0 else 150))
        middle_m = way.project(crossing)
        leave, enter = way.interpolate(middle_m - RAMP_M), way.interpolate(middle_m + RAMP_M)
        if middle_m < RAMP_M + 50:
            continue
        for first, last, meets in ((leave, beside, (base + which, index)), (beside, enter, (index, base + which))):
            anchor, middle = np.array([beside.x, beside.y]), np.array([crossing.x, crossing.y])
            sag = np.array([(first.x + last.x) / 2, (first.y + last.y) / 2]) + 0.22 * (anchor - middle)
            bow = _cm(np.array([[first.x, first.y], sag, anchor]))
            curve = bow if first is leave else np.array([anchor, bow[1], [last.x, last.y]])
            yield Line(_cm(_smooth(curve)), "", "ramp", 55, one_way=True, level=RAISED, ends_meet=meets)


def _smooth(corner: F64) -> F64:
    """A quadratic curve through three control points, in eight steps."""
    t = np.linspace(0, 1, 9)[:, None]
    curve: F64 = (1 - t) ** 2 * corner[0] + 2 * t * (1 - t) * corner[1] + t**2 * corner[2]
    return curve
