"""Travel times for want of roads: the straight line, longer by a detour, at one speed. Shown as what it is."""

from __future__ import annotations

import math
from collections.abc import Sequence

from redstick.dispatch.ports import Point
from redstick.dispatch.recommendation.question import Policy

METRES_PER_DEGREE = 111_195  # on a sphere of 6,371 km: an estimate of this kind needs no more


class StraightLine:
    """Fills `RoadTimes` without any road; knows of no closure and no river."""

    version = "straight line"
    calibrated = False

    def __init__(self, policy: Policy) -> None:
        self._seconds_per_metre = policy.detour_percent / 100 / max(1, policy.straight_mps)

    def seconds_to(self, target: Point, origins: Sequence[Point]) -> list[tuple[float | None, str]]:
        """For each origin the time of the detour."""
        shrink = math.cos(math.radians(target[1] / 1e7))
        return [
            (
                math.hypot((x - target[0]) * shrink, y - target[1]) / 1e7 * METRES_PER_DEGREE * self._seconds_per_metre,
                "reached",
            )
            for x, y in origins
        ]
