"""The lie of the land: a river with bends, bayous and railways that few streets cross, and the parish line.

A street plan that knew nothing of the river would look laid on top of it. So everything is planned on a *straightened*
plane, `u` metres inland from the levee (negative on the west bank) and `v` metres north, and bent into place: near the
river the streets follow its bends, far from it they forget them.
"""

from math import pi

import numpy as np
import shapely
from numpy.random import Generator
from numpy.typing import NDArray
from shapely import LineString, Polygon

F64 = NDArray[np.float64]

WIDTH_M, HEIGHT_M = 20_500.0, 29_000.0  # inland of the levee, and from south to north
WEST_BANK_M = 3_300.0
CENTRE = (950.0, 14_200.0)  # of downtown, on the straightened plane
BATTURE_M = 110.0  # between the water and the levee road
FORGETS_M = 4_200.0  # the distance over which streets forget the river's bends
BEYOND_M = 9_000.0  # the river flows on past the parish, so that no map shows where it was cut off
RAIL_M, BAYOU_M = 26.0, 30.0  # kept free by streets on either side


def cm(xy: F64) -> F64:
    """Rounded to centimetres, so that no machine's last bit of a sine decides anything."""
    rounded: F64 = np.round(xy, 2)
    return rounded


class Terrain:
    """River, bayous, railways and the bending of the straightened plane, all of one seed."""

    def __init__(self, rng: Generator) -> None:
        self._bends = rng.uniform(-0.5, 0.5, 3)
        self._waves = rng.uniform(0, 2 * pi, 6)
        self.river = self._river()
        self.limits = self._limits()
        self.bayous = [(name, self._bayou(rng, *course)) for name, course in _BAYOUS]
        self.railways = [self._railway(rng, points) for points in _RAILWAYS]
        self.water = shapely.unary_union([self.river, *(shape for _, shape in self.bayous)])
        tracks = shapely.unary_union([track.buffer(RAIL_M) for track in self.railways])
        streams = shapely.unary_union([shape.buffer(BAYOU_M) for _, shape in self.bayous])
        self.barriers = shapely.unary_union([tracks, streams, self.river.buffer(BATTURE_M - 30)])

    def bend(self, u: F64, v: F64) -> F64:
        """Metres east and north, (k, 2), of places on the straightened plane."""
        a, b, c, d, e, f = self._waves
        far = np.clip(np.abs(u) / 5000.0, 0, 1)
        y = v + far * (230 * np.sin(u / 3100 + v / 5200 + a) + 120 * np.sin(u / 1700 - v / 2900 + b))
        y = y + 60 * np.sin(u / 1300 + c) * far
        sway = far * (260 * np.sin(v / 3300 - u / 6100 + d) + 110 * np.sin(v / 1500 + u / 2700 + e))
        bank = np.where(u >= 0, 1.0, -1.0) * (self._width(y) / 2 + BATTURE_M)
        straight = 6000.0
        x = straight + (self._middle(y) - straight) * np.exp(-np.abs(u) / FORGETS_M) + bank + u + sway
        return cm(np.column_stack([x + 25 * far * np.sin(y / 900 + f), y]))

    def line(self, points: list[tuple[float, float]], step_m: float = 70.0) -> LineString:
        """A smooth line through places of the straightened plane, bent into place."""
        plan = smooth(np.array(points, float), step_m)
        return LineString(self.bend(plan[:, 0], plan[:, 1]))

    def river_middle(self, y: float) -> float:
        """Easting of the river's middle at a northing."""
        return float(self._middle(np.array([y]))[0])

    def _middle(self, y: F64) -> F64:
        one, two, three = self._bends
        long = 1650 * np.sin(2 * pi * (y - 2600) / 14_600 + one)
        middle: F64 = 6000 + long + 620 * np.sin(2 * pi * y / 7300 + two) + 140 * np.sin(2 * pi * y / 3100 + three)
        return middle

    def _width(self, y: F64) -> F64:
        width: F64 = 820 + 130 * np.sin(y / 1900 + self._bends[0]) + 60 * np.sin(y / 700 + self._bends[1])
        return width

    def _river(self) -> Polygon:
        y = np.arange(-BEYOND_M, HEIGHT_M + BEYOND_M + 1, 100.0)
        middle, half = self._middle(y), self._width(y) / 2
        return Polygon(cm(np.r_[np.c_[middle - half, y], np.c_[middle + half, y][::-1]]))

    def _limits(self) -> Polygon:
        """The parish line: surveyed straight in the west, a creek in the east."""
        v = np.arange(0.0, HEIGHT_M + 1, 125.0)
        creek = WIDTH_M + 240 * np.sin(v / 700 + self._waves[0]) + 420 * np.sin(v / 2600 + self._waves[1])
        south, north = (np.arange(-WEST_BANK_M, end, 125.0) for end in (creek[0], creek[-1]))
        west = np.full(len(v), -WEST_BANK_M)
        round_u = np.r_[south, creek, north[::-1], west[::-1]]
        round_v = np.r_[np.zeros(len(south)), v, np.full(len(north), HEIGHT_M), v[::-1]]
        return Polygon(self.bend(round_u, round_v)).buffer(0).simplify(1.0)

    def _bayou(self, rng: Generator, start: tuple[float, float], end: tuple[float, float], width_m: float) -> Polygon:
        """A meandering stream between two places of the straightened plane."""
        t = np.linspace(0, 1, 160)
        ahead = np.subtract(end, start) / np.hypot(*np.subtract(end, start))
        phase = rng.uniform(0, 2 * pi, 3)
        reach = np.sin(pi * t) ** 0.3
        off = reach * (
            330 * np.sin(9 * t + phase[0]) + 140 * np.sin(23 * t + phase[1]) + 55 * np.sin(57 * t + phase[2])
        )
        u = start[0] + (end[0] - start[0]) * t - ahead[1] * off
        v = start[1] + (end[1] - start[1]) * t + ahead[0] * off
        line = LineString(self.bend(u, v)).intersection(self.limits.buffer(400))
        return shapely.set_precision(line.buffer(width_m / 2, quad_segs=3).simplify(1.0), 0.01)

    def _railway(self, rng: Generator, points: tuple[tuple[float, float], ...]) -> LineString:
        jitter = rng.uniform(-150, 150, (len(points), 2))
        moved = [(u + du, v + dv) for (u, v), (du, dv) in zip(points, jitter.tolist(), strict=True)]
        return self.line(moved, 90.0).intersection(self.limits)


_BAYOUS: tuple[tuple[str, tuple[tuple[float, float], tuple[float, float], float]], ...] = (
    ("Gar Bayou", ((15_500.0, 25_500.0), (6_900.0, 3_000.0), 34.0)),
    ("Palmetto Bayou", ((17_900.0, 17_500.0), (13_200.0, -300.0), 26.0)),
    ("Cattail Bayou", ((6_300.0, 19_500.0), (2_200.0, 8_600.0), 18.0)),
    ("Teal Bayou", ((8_300.0, 29_200.0), (4_300.0, 22_800.0), 22.0)),
    ("Snipe Bayou", ((12_600.0, 8_600.0), (8_600.0, 300.0), 20.0)),
)
_RAILWAYS: tuple[tuple[tuple[float, float], ...], ...] = (
    ((450.0, 29_500.0), (420.0, 20_000.0), (380.0, 14_900.0), (520.0, 11_000.0), (1500.0, 5000.0), (2100.0, -500.0)),
    ((400.0, 16_600.0), (3500.0, 16_150.0), (8200.0, 16_400.0), (14_000.0, 17_300.0), (21_500.0, 18_200.0)),
    ((1850.0, 11_350.0), (5200.0, 9700.0), (10_800.0, 6100.0), (16_500.0, 3400.0), (21_500.0, 2000.0)),
)


def smooth(points: F64, step_m: float) -> F64:
    """A Catmull-Rom curve through points (n, 2), a point about every `step_m`, the ends included."""
    if len(points) == 2:
        count = max(2, int(np.hypot(*(points[1] - points[0])) / step_m) + 1)
        return np.linspace(points[0], points[1], count)
    around = np.r_[[2 * points[0] - points[1]], points, [2 * points[-1] - points[-2]]]
    parts = []
    for k in range(len(points) - 1):
        p0, p1, p2, p3 = around[k : k + 4]
        count = max(2, int(np.hypot(*(p2 - p1)) / step_m))
        t = np.linspace(0, 1, count, endpoint=False)[:, None]
        parts.append(
            0.5 * (2 * p1 + (p2 - p0) * t + (2 * p0 - 5 * p1 + 4 * p2 - p3) * t**2 + (3 * p1 - p0 - 3 * p2 + p3) * t**3)
        )
    curve: F64 = np.r_[(*parts, points[-1:])]
    return curve
