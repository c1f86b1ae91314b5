"""How fast each class of road is driven: a profile turns segments into milliseconds.

Emergency driving differs from civilian rules, so weights are per profile; an uncalibrated profile says so.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from redstick.geo.roads import ROAD_CLASSES, Roads

I64 = NDArray[np.int64]

MAX_ARC_MS = 86_400_000  # a day on one segment: beyond it the data are wrong, and sums stay far below 2^31 ms


@dataclass(frozen=True)
class SpeedProfile:
    """Speeds by road class in whole metres per hour, one for each of `ROAD_CLASSES`.

    `use_posted` lets a posted speed stand in place of the class's. `calibrated` is true only where the speeds were
    fitted to real drives; free-flow guesses are shown to people as such.
    """

    name: str
    class_m_per_h: tuple[int, ...]
    use_posted: bool
    calibrated: bool = False

    def __post_init__(self) -> None:
        if len(self.class_m_per_h) != len(ROAD_CLASSES) or min(self.class_m_per_h) <= 0:
            raise ValueError(f"profile {self.name!r} needs a speed above 0 for each of {', '.join(ROAD_CLASSES)}")


# Urban free flow, metres per hour: unknown, motorway, trunk, primary, secondary, tertiary, residential, service, ramp.
FREE_FLOW = SpeedProfile(
    "free flow", (30_000, 95_000, 75_000, 50_000, 42_000, 36_000, 30_000, 15_000, 50_000), use_posted=True
)


def segment_times_ms(roads: Roads, profile: SpeedProfile) -> I64:
    """Milliseconds to drive each segment, (m,), at least 1. Raises OverflowError beyond a day on one segment."""
    class_speed = np.asarray(profile.class_m_per_h, np.float64)[roads.road_class]
    posted = roads.speed_kmh.astype(np.float64) * 1000
    speed_m_per_h = np.where(profile.use_posted & (posted > 0), posted, class_speed)
    times_ms = np.maximum(np.rint(roads.length_m * 3_600_000 / speed_m_per_h), 1)
    worst = int(np.argmax(times_ms)) if len(times_ms) else 0
    if len(times_ms) and not times_ms[worst] <= MAX_ARC_MS:
        raise OverflowError(
            f"segment {roads.segment_id[worst]!r} takes {times_ms[worst] / 3_600_000:.1f} h by {profile.name!r}; "
            "expected at most 24 h: its length or its speed is wrong"
        )
    return times_ms.astype(np.int64)
