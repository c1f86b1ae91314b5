"""Through roads: a bent grid whose lines end at one another, radials from downtown, a bypass, levee roads, bridges."""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import shapely
from numpy.random import Generator
from shapely import LineString, Polygon

from redstick.simulation.parish.metropolis.terrain import CENTRE, HEIGHT_M, WEST_BANK_M, WIDTH_M, Terrain
from redstick.simulation.parish.plan import Line

U0, V0 = CENTRE
# Where grid arterials run on the straightened plane: inland of the levee, and north of downtown.
ALONG_U = (1450.0, 2650.0, 4150.0, 5900.0, 7900.0, 10_200.0, 12_900.0, 15_900.0, 18_700.0)
ACROSS_V = tuple(
    V0 + off
    for off in (-13_000, -10_700, -8_500, -6_500, -4_700, -3_200, -2_000, -1_000, 1_000, 2_100, 3_500, 5_100, 7_100,
                9_300, 11_900)
)  # fmt: skip
CORE_U, CORE_V = 4200.0, 3400.0  # grid lines are never broken nearer to downtown
ARTERY_NAMES = {
    "along": ("Market Avenue", "Depot Road", "Foundry Road", "Heronwood Boulevard", "Commerce Drive", "Lagoon Road",
              "Prairie Road", "Parish Line Road", "Millstone Road"),
    "across": ("South Line Road", "Landing Road", "Batture Road", "Cane Mill Road", "Orchard Road", "Terrace Avenue",
               "College Boulevard", "Exchange Street", "Ferry Street", "Choctaw Bend Road", "Lock Road",
               "Compress Road", "Brickyard Road", "Sawmill Road", "North Line Road"),
}  # fmt: skip
RADIALS: tuple[tuple[str, str, str, tuple[tuple[float, float], ...]], ...] = (
    ("Old Portage Road", "US 461", "primary", ((1450, V0 - 1000), (4150, V0 - 2500), (8600, V0 - 5300),
     (14_200, V0 - 8600), (21_400, V0 - 11_900))),
    ("Prairie Gate Highway", "US 463", "primary", ((1450, V0 + 1000), (3600, V0 + 3000), (6700, V0 + 6200),
     (11_200, V0 + 9600), (16_700, V0 + 15_100))),
    ("Capitol Boulevard", "US 465", "primary", ((0.0, V0), (2650, V0 + 30), (7900, V0 - 80), (13_500, V0 + 150),
     (21_400, V0 - 60))),
    ("Bluff Road", "SR 667", "secondary", ((2050, V0 - 2000), (2700, V0 - 4500), (4700, V0 - 8900),
     (6300, V0 - 14_700))),
)  # fmt: skip
BYPASS = ("Airline Parkway", "US 467", ((-3600.0, V0 + 6800), (0.0, V0 + 6150), (3600.0, V0 + 5900),
          (6900.0, V0 + 3900), (8900.0, V0 - 300), (10_900.0, V0 - 5200), (14_600.0, V0 - 9300),
          (18_800.0, V0 - 14_700)))  # fmt: skip


@dataclass(frozen=True)
class Artery:
    """A through road as it is planned, with the route number that it also bears."""

    line: Line
    route: str = ""


def arteries(rng: Generator, terrain: Terrain) -> list[Artery]:
    """Every through road but the interstates, cut to the parish."""
    made = [*_levee_roads(terrain), *_radials(terrain), *_grid(rng, terrain), *_west_bank(terrain)]
    return [piece for artery in made for piece in _within(artery, terrain.limits)]


def faces(roads: list[Artery], limits: Polygon) -> list[Polygon]:
    """The ground between through roads, from south to north."""
    drawn = [LineString(road.line.xy) for road in roads]
    net = shapely.unary_union([*drawn, limits.exterior], grid_size=0.01)
    cells = shapely.get_parts(shapely.polygonize(list(shapely.get_parts(net))))
    return sorted(cells, key=lambda cell: (round(cell.centroid.y), round(cell.centroid.x)))


def _artery(terrain: Terrain, name: str, kind: str, kmh: int, points: list[tuple[float, float]], route: str) -> Artery:
    return Artery(Line(shapely.get_coordinates(terrain.line(points)), name, kind, kmh), route)


def _levee_roads(terrain: Terrain) -> Iterator[Artery]:
    for name, u in (("River Road", 0.0), ("West River Road", -1e-9)):
        points = [(u, v) for v in np.arange(-200.0, HEIGHT_M + 201, 400.0).tolist()]
        yield _artery(terrain, name, "secondary", 64, points, "")


def _radials(terrain: Terrain) -> Iterator[Artery]:
    name, route, points = BYPASS
    yield _artery(terrain, name, "trunk", 80, list(points), route)
    for name, route, kind, places in RADIALS:
        yield _artery(terrain, name, kind, 72, list(places), route)


def _grid(rng: Generator, terrain: Terrain) -> Iterator[Artery]:
    """Each line runs from one crossing line to another; far from downtown some end early, as roads do."""
    for name, u in zip(ARTERY_NAMES["along"], ALONG_U, strict=True):
        low, high = rng.integers(0, 4, 2).tolist() if u > CORE_U else (0, 0)
        first = ACROSS_V[low] if low else -300.0
        last = ACROSS_V[len(ACROSS_V) - 1 - high] if high else HEIGHT_M + 300
        kind, kmh = ("primary", 72) if u in {2650.0, 5900.0, 10_200.0} else ("secondary", 64)
        points = [(u, v) for v in np.linspace(first, last, max(2, int((last - first) / 900))).tolist()]
        yield _artery(terrain, name, kind, kmh, points, "")
    for name, v in zip(ARTERY_NAMES["across"], ACROSS_V, strict=True):
        far = abs(v - V0) > CORE_V
        skip, early = (int(rng.integers(0, 2)), int(rng.integers(0, 4))) if far else (0, int(rng.integers(0, 3)))
        first = ALONG_U[skip - 1] if skip else 0.0
        last = ALONG_U[len(ALONG_U) - early] if early else WIDTH_M + 900
        kind, kmh = (
            ("primary", 72) if name in {"Ferry Street", "Cane Mill Road", "Brickyard Road"} else ("secondary", 64)
        )
        points = [(u, v) for u in np.linspace(first, last, max(2, int((last - first) / 900))).tolist()]
        yield _artery(terrain, name, kind, kmh, points, "")


def _west_bank(terrain: Terrain) -> Iterator[Artery]:
    """A highway behind the western levee, and roads between the two."""
    points = [(-1500.0, v) for v in np.arange(-300.0, HEIGHT_M + 301, 700.0).tolist()]
    yield _artery(terrain, "Terminal Road", "primary", 72, points, "SR 601")
    names = ("Sugar House Road", "Silo Road", "Old Ferry Road", "Grange Road", "Levee Spur Road", "Point Road")
    for name, v in zip(names, (2600, 7300, V0 - 900, V0 + 1000, 19_000, 25_600), strict=True):
        yield _artery(terrain, name, "secondary", 64, [(0.0 - 1e-9, float(v)), (-WEST_BANK_M - 200, v + 150.0)], "")


def _within(artery: Artery, limits: Polygon) -> Iterator[Artery]:
    line = artery.line
    kept = shapely.intersection(LineString(line.xy), limits.buffer(3.0))
    for part in shapely.get_parts(shapely.line_merge(kept) if kept.geom_type == "MultiLineString" else kept):
        if part.geom_type == "LineString" and part.length > 200:
            xy = np.round(shapely.get_coordinates(part), 2)
            yield Artery(Line(xy, line.name, line.road_class, line.speed_kmh), artery.route)
