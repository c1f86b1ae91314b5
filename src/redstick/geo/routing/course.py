"""A quickest drive without its drawing: where it has come to after a while, computed only when somebody asks."""

from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import accumulate, pairwise
from math import atan2, degrees
from typing import NamedTuple

import numpy as np

from redstick.geo.roads import Roads
from redstick.geo.routing.positions import LocalPlane, Point, cut


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

    def at(self, spent_ms: int) -> tuple[Point, int]:
        """The place after `spent_ms` of the drive, and the heading there in degrees clockwise from north."""
        reached = list(accumulate(piece.ms for piece in self.pieces))
        which = min(bisect_right(reached, spent_ms), len(reached) - 1)
        piece = self.pieces[which]
        into_ms = min(max(spent_ms - (reached[which] - piece.ms), 0), piece.ms)
        span = piece.to_ppm - piece.from_ppm
        ppm = piece.from_ppm + (span * into_ms // piece.ms if piece.ms else 0)
        return self._on(piece, ppm)

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
        metres = self.plane.metres(self._xy(piece)).tolist()
        legs = [((bx - ax) ** 2 + (by - ay) ** 2) ** 0.5 for (ax, ay), (bx, by) in pairwise(metres)]
        left_m = sum(legs) * ppm / 1_000_000
        which = 0
        while which < len(legs) - 1 and left_m > legs[which]:
            left_m -= legs[which]
            which += 1
        (ax, ay), (bx, by) = metres[which], metres[which + 1]
        part = min(left_m / legs[which], 1.0) if legs[which] else 0.0
        east, north = (bx - ax, by - ay) if piece.to_ppm >= piece.from_ppm else (ax - bx, ay - by)
        return self.plane.point(ax + part * (bx - ax), ay + part * (by - ay)), round(degrees(atan2(east, north))) % 360
