"""Where something stands on the network: the nearest point of a segment, with the segments it may be on instead."""

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
import shapely
from numpy.typing import NDArray

from redstick.geo.roads import BACKWARD_ONLY, BOTH_WAYS, Roads

F64 = NDArray[np.float64]
I64 = NDArray[np.int64]

Point = tuple[int, int]  # longitude, latitude in 1e-7 degrees

WHOLE_PPM = 1_000_000
ALTERNATIVE_WITHIN_M = 25.0  # a segment this much farther than the nearest may be the right one: position error, width
ALTERNATIVES_MAX = 8
HEADING_TOLERANCE_DEG = 60.0  # a moving unit within this of a segment's driving direction fits it
HEADING_MISFIT_M = 40.0  # how much nearer a segment of the wrong direction must be to win all the same


@dataclass(frozen=True, slots=True)
class EdgePosition:
    """A place on segment `segment`, `along_ppm` millionths of its length from its tail.

    `point` is that place, `distance_m` how far the asked point lies from it. `alternatives` are the other segments that
    it may be on, best first, without alternatives of their own: a divided road or a ramp makes the nearest one wrong.
    """

    segment: int
    along_ppm: int
    point: Point
    distance_m: float
    alternatives: tuple["EdgePosition", ...] = ()


class LocalPlane:
    """Metres on a plane that touches the earth (WGS 84) in the middle of a network; true to 0.1 % over 100 km."""

    def __init__(self, x_e7: NDArray[np.integer], y_e7: NDArray[np.integer]) -> None:
        self.x0 = (int(x_e7.min()) + int(x_e7.max())) // 2 if len(x_e7) else 0
        self.y0 = (int(y_e7.min()) + int(y_e7.max())) // 2 if len(y_e7) else 0
        angle = math.radians(self.y0 / 1e7)
        # Series for the length of a degree at a latitude, WGS 84 (NGA.STND.0036).
        self.x_scale = (111_412.84 * math.cos(angle) - 93.5 * math.cos(3 * angle) + 0.118 * math.cos(5 * angle)) / 1e7
        self.y_scale = (111_132.92 - 559.82 * math.cos(2 * angle) + 1.175 * math.cos(4 * angle)) / 1e7

    def metres(self, xy_e7: NDArray[np.integer]) -> F64:
        """(k, 2) positions in 1e-7 degrees as (k, 2) metres east and north of the middle."""
        offset = np.asarray(xy_e7, np.int64).reshape(-1, 2) - (self.x0, self.y0)
        metres: F64 = offset * np.array([self.x_scale, self.y_scale])
        return metres

    def point(self, east_m: float, north_m: float) -> Point:
        """The inverse for one place, to the nearest 1e-7 degree."""
        return self.x0 + round(east_m / self.x_scale), self.y0 + round(north_m / self.y_scale)


class Snapper:
    """Finds segments near a point. Built once per network; safe to use from many threads."""

    def __init__(self, roads: Roads) -> None:
        if roads.segments == 0:
            raise ValueError("a network without a segment has no nearest one")
        self._direction = roads.direction
        self.plane = LocalPlane(roads.xy[:, 0], roads.xy[:, 1])
        owner = np.repeat(np.arange(roads.segments), np.diff(roads.start))
        self._lines = shapely.linestrings(self.plane.metres(roads.xy), indices=owner)
        self._tree = shapely.STRtree(self._lines)

    def snap(self, point: Point, heading_deg: float | None = None) -> EdgePosition:
        """The segment that `point` is most likely on, with alternatives.

        Nearest first, ties to the lower segment; with `heading_deg` (degrees clockwise from north, of a moving unit)
        a segment that is not driven in that direction stands back by `HEADING_MISFIT_M`.
        """
        here = shapely.Point(self.plane.metres(np.asarray([point]))[0])
        nearest_m = float(shapely.distance(here, self._lines[self._tree.nearest(here)]))
        reach_m = nearest_m + ALTERNATIVE_WITHIN_M + (HEADING_MISFIT_M if heading_deg is not None else 0.0)
        near = np.sort(self._tree.query(here, predicate="dwithin", distance=reach_m))
        found = [self._on(int(segment), here) for segment in near]
        costs = [place.distance_m + self._misfit_m(place, heading_deg) for place in found]
        ranked: list[EdgePosition] = [found[i] for i in np.argsort(costs, kind="stable")[: ALTERNATIVES_MAX + 1]]
        return replace(ranked[0], alternatives=tuple(ranked[1:]))

    def snap_all(self, points: Sequence[Point] | NDArray[np.integer]) -> list[EdgePosition]:
        """The nearest segment of each of (k, 2) points, without alternatives: for many points of a past record."""
        places = shapely.points(self.plane.metres(np.asarray(points)))
        asked, segments = self._tree.query_nearest(places, all_matches=True)
        first = np.lexsort((segments, asked))
        asked, segments = asked[first], segments[first]
        keep = np.r_[True, asked[1:] != asked[:-1]] if len(asked) else np.empty(0, bool)
        pairs = zip(asked[keep].tolist(), segments[keep].tolist(), strict=True)
        return [self._on(segment, places[i]) for i, segment in pairs]

    def _on(self, segment: int, here: shapely.Point) -> EdgePosition:
        line = self._lines[segment]
        along = float(shapely.line_locate_point(line, here, normalized=True)) if shapely.length(line) > 0 else 0.0
        foot = shapely.line_interpolate_point(line, along, normalized=True)
        return EdgePosition(
            segment=segment,
            along_ppm=min(max(round(along * WHOLE_PPM), 0), WHOLE_PPM),
            point=self.plane.point(float(foot.x), float(foot.y)),
            distance_m=float(shapely.distance(here, foot)),
        )

    def _misfit_m(self, place: EdgePosition, heading_deg: float | None) -> float:
        if heading_deg is None:
            return 0.0
        bearing_deg = self._bearing_deg(place)
        direction = int(self._direction[place.segment])
        allowed_deg = [bearing_deg] if direction != BACKWARD_ONLY else [bearing_deg + 180]
        if direction == BOTH_WAYS:
            allowed_deg.append(bearing_deg + 180)
        off_deg = min(abs((heading_deg - way + 180) % 360 - 180) for way in allowed_deg)
        return 0.0 if off_deg <= HEADING_TOLERANCE_DEG else HEADING_MISFIT_M

    def _bearing_deg(self, place: EdgePosition) -> float:
        line = self._lines[place.segment]
        along_m = shapely.length(line) * place.along_ppm / WHOLE_PPM
        before = shapely.line_interpolate_point(line, max(along_m - 1, 0))
        after = shapely.line_interpolate_point(line, along_m + 1)
        return math.degrees(math.atan2(after.x - before.x, after.y - before.y))


def cut(plane: LocalPlane, xy_e7: NDArray[np.int32], from_ppm: int, to_ppm: int) -> list[Point]:
    """The part of a line (k, 2) between two places on it, in driving order: backwards where `from_ppm` is larger."""
    if from_ppm > to_ppm:
        return cut(plane, xy_e7, to_ppm, from_ppm)[::-1]
    metres = plane.metres(xy_e7)
    steps_m = np.hypot(*np.diff(metres, axis=0).T)
    along_m = np.r_[0.0, np.cumsum(steps_m)]
    ends_m = [along_m[-1] * ppm / WHOLE_PPM for ppm in (from_ppm, to_ppm)]
    between = (along_m > ends_m[0]) & (along_m < ends_m[1])
    ends = [plane.point(*(float(np.interp(end, along_m, metres[:, k])) for k in (0, 1))) for end in ends_m]
    return [ends[0], *((int(x), int(y)) for x, y in xy_e7[between]), ends[1]]
