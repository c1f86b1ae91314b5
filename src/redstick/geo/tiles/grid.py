"""The grid of tiles: Web Mercator (EPSG:3857) as a unit square, x to the east and y to the south, halved at each zoom.

At zoom `z` there are 2^z by 2^z tiles; tile (0, 0) is that of the north-west corner. Vector Tile Specification 2.1.
"""

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

MIN_ZOOM, MAX_ZOOM = 6, 16  # below there is nothing of one city to see; above, a map enlarges tiles of the last
EXTENT = 4096  # units along the side of a tile
BUFFER = 64  # units that are drawn beyond it, so that lines and labels meet their neighbours'
MERCATOR_LATITUDE = 85.0511  # beyond it the square ends


class Box(NamedTuple):
    """A rectangle of the unit square."""

    west: float
    north: float
    east: float
    south: float


def projected(xy: NDArray[np.integer]) -> NDArray[np.float64]:
    """(k, 2) longitudes and latitudes in 1e-7 degrees as points of the unit square."""
    degrees = np.asarray(xy, np.float64) / 1e7
    latitude = np.radians(np.clip(degrees[:, 1], -MERCATOR_LATITUDE, MERCATOR_LATITUDE))
    return np.column_stack([(degrees[:, 0] + 180) / 360, (1 - np.arcsinh(np.tan(latitude)) / np.pi) / 2])


def in_grid(zoom: int, x: int, y: int) -> bool:
    """Whether there is such a tile."""
    return MIN_ZOOM <= zoom <= MAX_ZOOM and 0 <= x < 2**zoom and 0 <= y < 2**zoom


def box_of(zoom: int, x: int, y: int) -> Box:
    """The rectangle of a tile with its buffer."""
    side = 0.5**zoom
    edge = side * BUFFER / EXTENT
    return Box(x * side - edge, y * side - edge, (x + 1) * side + edge, (y + 1) * side + edge)


def unit_of(zoom: int) -> float:
    """How long one unit of a tile is, in the unit square."""
    return 0.5**zoom / EXTENT


def in_units(points: NDArray[np.float64], zoom: int, x: int, y: int) -> NDArray[np.int64]:
    """Points of the unit square in whole units of a tile, from its north-west corner."""
    units: NDArray[np.int64] = np.rint((points * 2**zoom - (x, y)) * EXTENT).astype(np.int64)
    return units
