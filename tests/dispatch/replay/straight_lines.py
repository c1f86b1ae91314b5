"""Travel times for tests: straight lines at 10 m/s, times 0.5 to 1.5 by luck; and small histories made by hand."""

import math

import numpy as np

from redstick.dispatch.history.model import (
    CATEGORIES,
    MISSING_CODE,
    MISSING_E7,
    MISSING_MS,
    STAMPS,
    Codes,
    Counts,
    History,
)

METRES_PER_E7 = 0.0111


class StraightLines:
    """Fills the port `TravelTimes`."""

    def seconds(self, origin, target):
        """The middle time between two points."""
        return 10 + math.dist(origin, target) * METRES_PER_E7 / 10

    def medians_s(self, origins, target, errand):
        """No road is missing here."""
        return [self.seconds(origin, target) for origin in origins]

    def level_of(self, origin, target, errand, travel_s):
        """Half the middle time is level 0, one and a half times is level 1."""
        return min(1.0, max(0.0, travel_s / self.seconds(origin, target) - 0.5))

    def at_level_s(self, origin, target, errand, level):
        """The inverse of `level_of`."""
        return self.seconds(origin, target) * (0.5 + level)


def history_of(rows, time_zone="UTC"):
    """A history from dicts of category texts and stamps (ms), with x and y in 1e-7 degrees."""
    n = len(rows)

    def codes(name):
        values = list(dict.fromkeys(row[name] for row in rows if row.get(name)))
        return Codes(np.array([values.index(r[name]) if r.get(name) else MISSING_CODE for r in rows], np.int32), values)

    return History(
        source="by hand",
        one_row_per="unit",
        time_zone=time_zone,
        row_number=np.arange(1, n + 1, dtype=np.int32),
        categories={name: codes(name) for name in CATEGORIES},
        longitude_e7=np.array([row.get("x", MISSING_E7) for row in rows], np.int32),
        latitude_e7=np.array([row.get("y", MISSING_E7) for row in rows], np.int32),
        stamps={name: np.array([row.get(name, MISSING_MS) for row in rows], np.int64) for name in STAMPS},
        mapped=(*CATEGORIES, *STAMPS, "position"),
        listed=[],
        counts=Counts(n, n, 0, 0, {}),
    )
