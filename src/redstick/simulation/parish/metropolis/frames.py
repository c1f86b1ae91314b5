"""What neighbourhood plans share: a turned frame over a piece of ground, lines drawn in it, lines cut to the ground."""

from collections.abc import Iterator

import numpy as np
import shapely
from shapely import LineString, Polygon
from shapely.geometry.base import BaseGeometry

from redstick.simulation.parish.metropolis.terrain import F64, cm

SHORTEST_M = 62.0  # of a street


class Frame:
    """Coordinates `s` along and `t` across a piece of ground, in metres from its middle, and their bending."""

    def __init__(
        self, ground: Polygon, turn: float = 0.0, sway_m: float = 0.0, over_m: float = 600.0, phase: float = 0.0
    ) -> None:
        corners = shapely.get_coordinates(ground.minimum_rotated_rectangle)
        sides = corners[1] - corners[0], corners[2] - corners[1]
        long = max(sides, key=lambda side: float(np.hypot(*side)))
        angle = float(np.arctan2(long[1], long[0])) % np.pi + turn
        self.half_s, self.half_t = sorted((float(np.hypot(*side)) / 2 for side in sides), reverse=True)
        self._along = np.array([np.cos(angle), np.sin(angle)])
        self._across = np.array([-np.sin(angle), np.cos(angle)])
        self._middle = np.array([ground.centroid.x, ground.centroid.y])
        self._sway_m, self._over_m, self._phase = sway_m, over_m, phase

    @property
    def reach(self) -> float:
        """No point of the ground is farther from its middle."""
        return float(np.hypot(self.half_s, self.half_t)) * 1.25

    def points(self, s: F64, t: F64) -> F64:
        """Metres of the plan, (k, 2)."""
        bent_t = t + self._sway_m * np.sin(s / self._over_m + self._phase)
        bent_s = s + 0.6 * self._sway_m * np.sin(t / self._over_m * 1.3 + 2 * self._phase)
        return cm(self._middle + bent_s[:, None] * self._along + bent_t[:, None] * self._across)

    def row(self, t: float, first: float, last: float) -> LineString:
        """A line along the frame."""
        s = np.linspace(first, last, max(2, int(abs(last - first) / 28) + 1))
        return LineString(self.points(s, np.full(len(s), t)))

    def rung(self, s: float, first: float, last: float) -> LineString:
        """A line across the frame."""
        t = np.linspace(first, last, max(2, int(abs(last - first) / 28) + 1))
        return LineString(self.points(np.full(len(t), s), t))


def pieces(line: LineString, ground: BaseGeometry, shortest_m: float = SHORTEST_M) -> Iterator[F64]:
    """What of a line lies on a ground, in the order of the line."""
    inside = shapely.intersection(line, ground)
    parts = [part for part in shapely.get_parts(inside) if part.geom_type == "LineString" and part.length >= shortest_m]
    for part in sorted(parts, key=lambda part: line.project(shapely.get_point(part, 0))):
        yield cm(shapely.get_coordinates(part.simplify(0.4)))


def halves(ground: Polygon, share: float, sway_m: float, phase: float) -> tuple[list[Polygon], LineString]:
    """A piece of ground cut across its longer side, and the bent line that cuts it, reaching over its edge."""
    frame = Frame(ground, 0.0, sway_m, 480.0, phase)
    cut = frame.rung((share - 0.5) * 2 * frame.half_s, -frame.reach, frame.reach)
    parts = [part for part in shapely.get_parts(shapely.ops.split(ground, cut)) if part.geom_type == "Polygon"]
    return parts, cut
