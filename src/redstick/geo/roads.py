"""The road network of a city: segments with names, classes, house-number ranges and geometry.

Positions are integers of 1e-7 degrees (WGS 84), lengths in metres, so that the same input gives the same bytes on every
machine. A segment runs from one node to another; between them it has no junction. Arrays are parallel: entry `i` of
each `segment_*` array speaks of segment `i`.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

I8 = NDArray[np.int8]
I32 = NDArray[np.int32]
F64 = NDArray[np.float64]

E7 = 10_000_000  # integer units in a degree

# Which ways a segment may be driven.
BOTH_WAYS, FORWARD_ONLY, BACKWARD_ONLY = 0, 1, -1

# Road classes, from fast to slow. An importer maps its own words onto these; a city calibrates their speeds.
ROAD_CLASSES = ("unknown", "motorway", "trunk", "primary", "secondary", "tertiary", "residential", "service", "ramp")


@dataclass(frozen=True)
class Roads:
    """A road network of `n` nodes and `m` segments.

    Ranges: `left_from[i]` to `left_to[i]` are the house numbers on the left of segment `i`, seen from its first node
    to its last; 0 and 0 means none. The numbers need not rise. `*_area` index `areas` (the municipality or postal
    community of each side), `*_postcode` index `postcodes`; -1 means unknown. `name` and each alternate name index
    `names`; -1 means unnamed. Geometry of segment `i` is `xy[start[i]:start[i + 1]]`, both end nodes included.
    """

    node_x: I32  # (n,) longitude, 1e-7 degrees
    node_y: I32  # (n,) latitude, 1e-7 degrees
    tail: I32  # (m,) first node
    head: I32  # (m,) last node
    segment_id: list[str]  # (m,) the source's own id
    name: I32  # (m,) index into names, -1 unnamed
    names: list[str]  # as the source spells them
    aliases: list[tuple[int, int]]  # (segment, index into names): further names of a segment, route numbers among them
    road_class: I8  # (m,) index into ROAD_CLASSES
    direction: I8  # (m,) BOTH_WAYS, FORWARD_ONLY, BACKWARD_ONLY
    speed_kmh: I32  # (m,) posted speed, 0 unknown
    length_m: F64  # (m,) geodesic length
    level: I8  # (m,) grade level where the source knows it, else 0
    left_from: I32
    left_to: I32
    right_from: I32
    right_to: I32
    left_area: I32
    right_area: I32
    areas: list[str]
    left_postcode: I32
    right_postcode: I32
    postcodes: list[str]
    start: I32  # (m + 1,) offsets into xy
    xy: I32  # (k, 2) longitude, latitude, 1e-7 degrees
    attribution: str  # whose data this is, as it must be shown

    @property
    def nodes(self) -> int:
        """Number of nodes."""
        return len(self.node_x)

    @property
    def segments(self) -> int:
        """Number of segments."""
        return len(self.tail)
