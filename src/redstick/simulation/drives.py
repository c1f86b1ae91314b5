"""Drives: where a unit is at a moment between its departure and its arrival, along the real route."""

from bisect import bisect_right
from dataclasses import dataclass
from itertools import accumulate, pairwise
from math import atan2, cos, degrees, hypot, radians

from redstick.geo.routing import Route
from redstick.kernel.values import Instant


@dataclass(frozen=True, slots=True)
class Fix:
    """A position report: longitude, latitude (1e-7 degrees), heading in degrees clockwise from north."""

    x: int
    y: int
    heading_deg: int
    at: Instant
    moving: bool


class Drive:
    """One drive. `pace` scales the route's free-flow time: below 1 is faster."""

    def __init__(self, route: Route, departed_at: Instant, pace: float) -> None:
        self.line = list(route.geometry)
        self.departed_at = departed_at
        self.arrives_at = departed_at + max(round(route.ms * pace), 1000)
        times = [0, *accumulate(step.ms for step in route.steps)]
        lengths = [0.0, *accumulate(step.length_m for step in route.steps)]
        self._shares_of_time = [time / max(times[-1], 1) for time in times]
        self._shares_of_length = [length / max(lengths[-1], 0.001) for length in lengths]
        squeeze = cos(radians(self.line[0][1] / 1e7)) if self.line else 1.0
        legs = [hypot((b[0] - a[0]) * squeeze, b[1] - a[1]) for a, b in pairwise(self.line)]
        self._squeeze, self._along = squeeze, [0.0, *accumulate(legs)]

    def fix(self, now: Instant) -> Fix:
        """Where the unit is at `now`; before departure at the start, after arrival at the end."""
        spent = min(max((now - self.departed_at) / (self.arrives_at - self.departed_at), 0.0), 1.0)
        k = min(max(bisect_right(self._shares_of_time, spent) - 1, 0), max(len(self._shares_of_time) - 2, 0))
        share = spent
        if len(self._shares_of_time) > 1:
            begun, ended = self._shares_of_time[k], self._shares_of_time[k + 1]
            part = (spent - begun) / (ended - begun) if ended > begun else 1.0
            share = self._shares_of_length[k] + part * (self._shares_of_length[k + 1] - self._shares_of_length[k])
        return self._at(share * self._along[-1], now)

    def _at(self, along: float, now: Instant) -> Fix:
        if len(self.line) < 2 or self._along[-1] == 0:
            x, y = self.line[-1]
            return Fix(x, y, 0, now, moving=False)
        k = min(bisect_right(self._along, along) - 1, len(self.line) - 2)
        (x0, y0), (x1, y1) = self.line[k], self.line[k + 1]
        leg = self._along[k + 1] - self._along[k]
        part = min((along - self._along[k]) / leg, 1.0) if leg else 1.0
        heading = round(degrees(atan2((x1 - x0) * self._squeeze, y1 - y0))) % 360
        moving = self.departed_at <= now < self.arrives_at
        return Fix(round(x0 + part * (x1 - x0)), round(y0 + part * (y1 - y0)), heading, now, moving)
