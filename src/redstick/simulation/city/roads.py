"""The roads as crews and dispatchers use them: every place is snapped once, drives are drawn only when looked at."""

from bisect import bisect_right
from collections.abc import Sequence
from itertools import accumulate

from redstick.dispatch.recommendation.by_road import ByRoad
from redstick.geo.routing import REACHED, Course, EdgePosition, EdgeRouter, Point
from redstick.kernel.values import Instant
from redstick.simulation.drives import Fix


class CityRoads:
    """One router, asked on the reversed graph: many places to one in a single query."""

    def __init__(self, router: EdgeRouter) -> None:
        self.router = router
        self.times = ByRoad(router)

    def ms_between(self, here: Point, there: Point) -> int | None:
        """How long a drive takes; None where no open road leads."""
        found = self.router.times_to(self.times.snap(there), [self.times.snap(here)])
        return int(found.ms[0]) if found.reason[0] == REACHED else None

    def nearest_from(self, here: Point, places: Sequence[Point]) -> int | None:
        """The index of the place that is reached first; None where none is."""
        found = self.router.times_from(self.times.snap(here), [self.times.snap(place) for place in places])
        order = found.order()
        return int(order[0]) if len(order) else None

    def course(self, here: Point, there: Point) -> Course | None:
        """The drive itself."""
        return self.router.course(self.times.snap(here), self.times.snap(there))


class Drive:
    """One drive that lasts `lasts_ms`; its course is worked out when somebody first looks."""

    def __init__(self, roads: CityRoads, here: Point, there: Point, departed_at: Instant, lasts_ms: int) -> None:
        self._roads, self._here, self._there = roads, here, there
        self.departed_at, self.arrives_at = departed_at, departed_at + max(lasts_ms, 1)
        self._course: Course | None = None
        self._drawn = False

    @property
    def line(self) -> list[Point]:
        """The way, to be drawn; straight where the roads have changed so that none leads any more."""
        course = self._looked_at()
        return course.line() if course is not None else [self._here, self._there]

    def fix(self, now: Instant) -> Fix:
        """Where the unit is; before departure at the start, after arrival at the end."""
        course = self._looked_at()
        spent = min(max(now - self.departed_at, 0), self.arrives_at - self.departed_at)
        if course is None or not course.pieces:
            x, y = self._there if now >= self.arrives_at else self._here
            return Fix(x, y, 0, now, moving=False)
        here, heading = course.at(spent * course.ms // (self.arrives_at - self.departed_at))
        return Fix(*here.point, heading, now, moving=self.departed_at <= now < self.arrives_at)

    def position(self, now: Instant) -> EdgePosition | None:
        """Where on the network that is; None where it is to be looked for."""
        course = self._looked_at()
        spent = min(max(now - self.departed_at, 0), self.arrives_at - self.departed_at)
        if course is None or not course.pieces:
            return None
        return course.at(spent * course.ms // (self.arrives_at - self.departed_at))[0]

    def _looked_at(self) -> Course | None:
        if not self._drawn:
            self._course, self._drawn = self._roads.course(self._here, self._there), True
        return self._course


class Round:
    """A patrol's round through the corners of its beat, again and again; no act is planned for it.

    `legs` are shared by everyone who walks the round; `first` is the leg that this one begins with.
    """

    def __init__(self, legs: Sequence[Course], began_at: Instant, first: int, pace_permille: int) -> None:
        self._ends = list(accumulate(leg.ms for leg in legs))
        self._legs, self._began_at, self._pace = legs, began_at, pace_permille
        self._phase_ms = sum(leg.ms for leg in legs[:first])

    def fix(self, now: Instant) -> Fix:
        """Where it is."""
        leg, into = self._leg(now)
        here, heading = leg.at(into)
        return Fix(*here.point, heading, now, moving=True)

    def position(self, now: Instant) -> EdgePosition:
        """Where on the network that is."""
        leg, into = self._leg(now)
        return leg.at(into)[0]

    def drive(self, now: Instant) -> tuple[Course, Instant, Instant]:
        """The leg that is driven now, and its departure and arrival."""
        leg, into = self._leg(now)
        return leg, now - into * self._pace // 1000, now + (leg.ms - into) * self._pace // 1000

    def _leg(self, now: Instant) -> tuple[Course, int]:
        into = (self._phase_ms + (now - self._began_at) * 1000 // self._pace) % self._ends[-1]
        which = bisect_right(self._ends, into)
        leg = self._legs[which]
        return leg, into - (self._ends[which] - leg.ms)
