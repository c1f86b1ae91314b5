"""A quickest drive without its drawing: where it has come to after a while, computed only when somebody asks."""

from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import accumulate, pairwise
from math import atan2, degrees
from typing import NamedTuple

import numpy as np

from redstick.geo.roads import Roads
from redstick.geo.routing.positions import WHOLE_PPM, EdgePosition, LocalPlane, Point, cut


class Piece(NamedTuple):
    """A segment driven from one place on it to another."""

    segment: int
    forward: bool
    from_ppm: int
    to_ppm: int
    ms: int


@dataclass(frozen=True, eq=False)
class Course:
    """`ms` long under the roads of its making. Places along it are worked out one by one, in driving order."""

    ms: int
    pieces: Sequence[Piece]
    roads: Roads
    plane: LocalPlane

    def at(self, spent_ms: int) -> tuple[EdgePosition, int]:
        """Where it has come to after `spent_ms`, and the heading there in degrees clockwise from north."""
        which = min(bisect_right(self._reached, spent_ms), len(self._reached) - 1)
        piece = self.pieces[which]
        into_ms = min(max(spent_ms - (self._reached[which] - piece.ms), 0), piece.ms)
        ppm = piece.from_ppm + ((piece.to_ppm - piece.from_ppm) * into_ms // piece.ms if piece.ms else 0)
        point, heading_deg = self._on(piece, ppm)
        return EdgePosition(piece.segment, ppm, point, 0.0), heading_deg

    @cached_property
    def _reached(self) -> list[int]:
        return list(accumulate(piece.ms for piece in self.pieces))

    def line(self) -> list[Point]:
        """The whole drive, to be drawn."""
        drawn: list[Point] = []
        for piece in self.pieces:
            part = cut(self.plane, self._xy(piece), piece.from_ppm, piece.to_ppm)
            drawn += part[1:] if drawn and drawn[-1] == part[0] else part
        return drawn

    def _xy(self, piece: Piece) -> "np.ndarray[tuple[int, int], np.dtype[np.int32]]":
        first, behind = self.roads.start[piece.segment], self.roads.start[piece.segment + 1]
        found: np.ndarray[tuple[int, int], np.dtype[np.int32]] = self.roads.xy[first:behind]
        return found

    def _on(self, piece: Piece, ppm: int) -> tuple[Point, int]:
        """A place on a segment; by hand, since a segment has few corners and this is asked of every unit."""
        across, up = self.plane.x_scale, self.plane.y_scale
        corners = self._xy(piece).tolist()
        legs = [((bx - ax) * across, (by - ay) * up) for (ax, ay), (bx, by) in pairwise(corners)]
        lengths = [(east * east + north * north) ** 0.5 for east, north in legs]
        left_m, which = sum(lengths) * ppm / WHOLE_PPM, 0
        while which < len(lengths) - 1 and left_m > lengths[which]:
            left_m -= lengths[which]
            which += 1
        (ax, ay), (bx, by) = corners[which], corners[which + 1]
        part = min(left_m / lengths[which], 1.0) if lengths[which] else 0.0
        east, north = legs[which] if piece.to_ppm >= piece.from_ppm else (-legs[which][0], -legs[which][1])
        place = (ax + round(part * (bx - ax)), ay + round(part * (by - ay)))
        return place, round(degrees(atan2(east, north))) % 360
