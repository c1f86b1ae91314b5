"""The times that a what-if drives by: quantiles of real drives as lines over the network's time, level by level.

One straight line for each of nineteen levels (5 to 95 percent) is fitted to every recorded drive. Together they are a
distribution for any drive, from quick to slow, so that a drive can be moved to another origin at its own level. This is
deliberately plainer than the calibration that is judged: what a unit's record says of one drive does not carry over to
another unit's.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from redstick.dispatch.ports import Errand, Point
from redstick.dispatch.recommendation.standing import RoadTimes
from redstick.geo.travel.regression import quantile_fit

F64 = NDArray[np.float64]

LEVELS = np.arange(0.05, 0.96, 0.05)
DRIVES_MIN = 50  # fewer tell no quantile
SHAPE = 4.0  # of the log-logistic distribution by which a multiple is told as a level; it cancels out
QUICKEST, SLOWEST = 0.5, 2.0  # multiples of the middle time: a record beyond them began elsewhere than at home
SHORTEST_S = 10.0  # nobody arrives sooner, whatever a line says close to its left end


@dataclass(frozen=True)
class QuantileLines:
    """`intercept_s[i] + slope[i] * network_s` is the drive's time at `LEVELS[i]`."""

    intercept_s: F64
    slope: F64

    def at(self, network_s: float) -> F64:
        """The times at every level, never falling: lines that cross far from the data are put in order."""
        times: F64 = np.sort(np.maximum(self.intercept_s + self.slope * network_s, SHORTEST_S))
        return times


def fit_lines(network_s: F64, duration_s: F64) -> QuantileLines:
    """One quantile regression a level (Koenker and Bassett, 1978); raises ValueError for fewer than 50 drives."""
    if len(network_s) < DRIVES_MIN:
        raise ValueError(f"{len(network_s)} drives are too few to calibrate travel times; {DRIVES_MIN} are needed")
    table = np.stack([np.ones(len(network_s)), network_s], axis=1)
    fitted = np.array([quantile_fit(table, duration_s, float(level)) for level in LEVELS])
    return QuantileLines(fitted[:, 0], fitted[:, 1])


class RoadTravel:
    """Fills the port `TravelTimes`; the errand does not change the time here, only the road does."""

    def __init__(self, roads: RoadTimes, lines: QuantileLines) -> None:
        self._roads, self._lines = roads, lines
        self._median = len(LEVELS) // 2

    def medians_s(self, origins: Sequence[Point], target: Point, errand: Errand) -> list[float | None]:
        """The middle time from each origin."""
        del errand
        times = self._roads.seconds_to(target, origins)
        return [None if seconds is None else float(self._lines.at(seconds)[self._median]) for seconds, _ in times]

    def level_of(self, origin: Point, target: Point, errand: Errand, travel_s: float) -> float:
        """Where a real time stands; beyond the outermost levels it stands at them."""
        del errand
        [(seconds, _)] = self._roads.seconds_to(target, [origin])
        if seconds is None:
            return 0.5
        return float(np.interp(travel_s, self._lines.at(seconds), LEVELS))

    def at_level_s(self, origin: Point, target: Point, errand: Errand, level: float) -> float | None:
        """The time at a level."""
        del errand
        [(seconds, _)] = self._roads.seconds_to(target, [origin])
        return None if seconds is None else float(np.interp(level, LEVELS, self._lines.at(seconds)))


class ByMultiple:
    """Fills the port `TravelTimes` where drives are too few to fit: a lucky drive keeps its multiple of the middle.

    The middle is the road's own time; the multiple is told as a level of a log-logistic distribution.
    """

    def __init__(self, roads: RoadTimes) -> None:
        self._roads = roads

    def medians_s(self, origins: Sequence[Point], target: Point, errand: Errand) -> list[float | None]:
        """The road's time from each origin."""
        del errand
        times = self._roads.seconds_to(target, origins)
        return [None if seconds is None else max(SHORTEST_S, seconds) for seconds, _ in times]

    def level_of(self, origin: Point, target: Point, errand: Errand, travel_s: float) -> float:
        """Where a real time stands, within twice as quick and twice as slow as the middle."""
        [middle] = self.medians_s([origin], target, errand)
        if middle is None:
            return 0.5
        multiple = min(SLOWEST, max(QUICKEST, travel_s / middle))
        return float(1 / (1 + multiple**-SHAPE))

    def at_level_s(self, origin: Point, target: Point, errand: Errand, level: float) -> float | None:
        """The middle from there, by the same multiple."""
        [middle] = self.medians_s([origin], target, errand)
        return None if middle is None else float(middle * (level / (1 - level)) ** (1 / SHAPE))
