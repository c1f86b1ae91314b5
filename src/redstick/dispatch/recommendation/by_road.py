"""Road times for recommendations, from the router of the city; places are snapped once and remembered."""

from collections.abc import Sequence

from redstick.dispatch.ports import Point
from redstick.geo.routing import REACHED, REASONS, EdgePosition, Router


class ByRoad:
    """Fills `RoadTimes`. Stations and corners recur, so that most places are snapped only once.

    `line` turns the network's seconds into those of real drives: seconds at no distance, and for each second of the
    network. Without one the times are free-flow guesses, to be shown as such.
    """

    def __init__(self, router: Router, line: tuple[float, float] | None = None, remembered: int = 100_000) -> None:
        self.router, self._remembered = router, remembered
        self.calibrated = line is not None
        self._at_once_s, self._per_second = line or (0.0, 1.0)
        self._snapped: dict[Point, EdgePosition] = {}
        self._given: dict[Point, EdgePosition] = {}

    @property
    def version(self) -> str:
        """The roads with their closures, and the line that turns their times into drives."""
        at_once_ms, per_million = round(self._at_once_s * 1000), round(self._per_second * 1_000_000)
        return f"{self.router.snapshot_id} line {at_once_ms}+{per_million}"

    def seconds_to(self, target: Point, origins: Sequence[Point]) -> list[tuple[float | None, str]]:
        """For each origin the time on the present roads, or None and why."""
        if not origins:
            return []
        times = self.router.times_to(self.snap(target), [self.snap(origin) for origin in origins])
        return [
            (self._at_once_s + self._per_second * ms / 1000 if reason == REACHED else None, REASONS[reason])
            for ms, reason in zip(times.ms.tolist(), times.reason.tolist(), strict=True)
        ]

    def know(self, point: Point, position: EdgePosition) -> None:
        """Take it as given where on the network a point lies, until `forget`: it is not looked for."""
        self._given[point] = position

    def forget(self) -> None:
        """Look for every place again."""
        self._given.clear()

    def snap(self, point: Point) -> EdgePosition:
        """The nearest place on the network."""
        found = self._given.get(point) or self._snapped.get(point)
        if found is None:
            if len(self._snapped) >= self._remembered:
                self._snapped.clear()
            found = self._snapped[point] = self.router.snap(point)
        return found
