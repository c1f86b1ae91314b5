"""Distances on the ground between positions in 1e-7 degrees, well enough for a city."""

import math

M_PER_DEGREE = 111_195.0  # of latitude, on a sphere of 6,371 km


def distance_m(x1: int, y1: int, x2: int, y2: int) -> float:
    """Metres between two positions, over a plane through them."""
    east = (x2 - x1) / 1e7 * math.cos(math.radians((y1 + y2) / 2e7))
    return M_PER_DEGREE * math.hypot(east, (y2 - y1) / 1e7)
