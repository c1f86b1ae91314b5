"""How long drives take: from every place where a unit can be found to every cell, hospital and post, worked out once.

Places are corners of the network: every junction, and the corner nearest to each cell, post and hospital. A unit that
is called while it drives goes on to the next place and turns there, so only places need times. All is arrays: a study
of weeks looks up, it never searches.
"""

from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

F64 = NDArray[np.float64]
F32 = NDArray[np.float32]
I64 = NDArray[np.int64]


@dataclass(frozen=True)
class Site:
    """`n` points (x, y in degrees), the place nearest to each and how far off it lies in kilometres."""

    xy: F64  # (n, 2)
    place: I64  # (n,)
    off_km: F64  # (n,)

    def __len__(self) -> int:
        return len(self.place)


@dataclass(frozen=True)
class Ground:
    """Sites and drives in seconds over `v` places. Mode 0 is the fastest, the last mode is without lights.

    `share` is each cell's part of the demand (n,), `room` how many units each post holds (p,). `anchors` names the
    place of each row of `to_anchor` (modes, anchors, v). `to_post` (p, v) and `next_place` (p, v) lead to posts without
    lights, `to_hospital` (h, v) likewise.
    """

    cells: Site
    posts: Site
    hospitals: Site
    share: F64
    room: I64
    anchors: I64
    to_anchor: F32
    to_post: F64
    next_place: I64
    to_hospital: F64
    off_road_kmh: tuple[float, ...]

    @cached_property
    def anchor_of_cell(self) -> I64:
        """The row of `to_anchor` for each cell (n,)."""
        found: I64 = np.searchsorted(self.anchors, self.cells.place).astype(np.int64)
        return found

    @property
    def slow(self) -> int:
        """The mode without lights."""
        return len(self.off_road_kmh) - 1

    def off_road_s(self, off_km: float, mode: int) -> float:
        """Seconds beside the network."""
        return off_km / self.off_road_kmh[mode] * 3600

    def post_to_cell_s(self, mode: int) -> F64:
        """Drives from each post to each cell (p, n)."""
        by_road = self.to_anchor[mode][np.ix_(self.anchor_of_cell, self.posts.place)].T.astype(np.float64)
        off_km = self.posts.off_km[:, None] + self.cells.off_km[None, :]
        found: F64 = by_road + off_km / self.off_road_kmh[mode] * 3600
        return found

    def path(self, origin: int, post: int) -> tuple[list[int], list[float]]:
        """The places on the way to a post and the seconds from the origin to each."""
        onward, remaining = self.next_place[post], self.to_post[post]
        places, passed = [origin], [0.0]
        end = int(self.posts.place[post])
        while places[-1] != end:
            places.append(int(onward[places[-1]]))
            passed.append(float(remaining[origin] - remaining[places[-1]]))
        return places, passed
