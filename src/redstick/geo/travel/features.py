"""What a drive looks like on the network: the numbers from which its duration is predicted."""

import math
from dataclasses import dataclass, fields

import numpy as np
from numpy.typing import NDArray

from redstick.geo.roads import Roads
from redstick.geo.routing import REACHED, EdgePosition, EdgeRouter, Point, Step
from redstick.geo.routing.positions import WHOLE_PPM
from redstick.geo.travel.trips import Trips

F64 = NDArray[np.float64]
I32 = NDArray[np.int32]

TURN_RAD = 0.9  # a change of direction of 52 degrees or more between two blocks is a turn
DETOUR, CROW_M_PER_S = 1.3, 9.0  # where no road leads: a usual detour at a city's usual speed


@dataclass(frozen=True)
class Drives:
    """Columns of `n` drives. `routed` is False where no road leads and the crow's way stands in."""

    network_s: F64  # from the origin, by the router's profile
    crow_m: F64
    blocks: F64  # segments driven
    left_turns: F64
    right_turns: F64
    rival_s: F64  # the best time of a free unit of the same kind, NaN without one
    underway_s: F64  # from the way home, for a unit that is still on it; NaN for others
    routed: NDArray[np.bool_]

    def __len__(self) -> int:
        return len(self.network_s)

    def where(self, kept: NDArray[np.bool_]) -> "Drives":
        """The drives that are marked, (n,), in their order."""
        return Drives(**{field.name: getattr(self, field.name)[kept] for field in fields(self)})


class Network:
    """A router with what is needed beside it to describe drives. Positions are snapped once each."""

    def __init__(self, roads: Roads, router: EdgeRouter) -> None:
        self._router = router
        self._bearings = _end_bearings(roads, router)
        self._places: dict[Point, EdgePosition] = {}

    def drives(self, trips: Trips) -> Drives:
        """The columns of each trip, in order."""
        rows = [self._drive(trips, i) for i in range(len(trips))]
        table = np.array(rows, np.float64).reshape(len(trips), 8)
        network_s, crow_m, blocks, left, right, rival_s, underway_s, routed = table.T
        return Drives(network_s, crow_m, blocks, left, right, rival_s, underway_s, routed > 0)

    def _drive(self, trips: Trips, i: int) -> tuple[float, ...]:
        origin, target, previous = (_point(column, i) for column in (trips.origin, trips.target, trips.previous))
        crow_m = self._crow_m(origin, target)
        crow_s = crow_m * DETOUR / CROW_M_PER_S
        goal = self._place(target)
        rivals = sorted(set(trips.rivals[i]))
        home = self._place(origin)
        underway = self._on_the_way(self._place(previous), home, float(trips.idle_s[i]))
        asked = [home, underway or home, *map(self._place, rivals)]
        times = self._router.times_to(goal, asked)
        seconds = np.where(times.reason == REACHED, times.ms / 1000, np.nan)
        rival_s = float(np.nanmin(seconds[2:])) if np.isfinite(seconds[2:]).any() else math.nan
        if math.isnan(seconds[0]):
            return crow_s, crow_m, crow_m / 100, 0.0, 0.0, rival_s, math.nan, 0.0
        underway_s = float(seconds[1]) if underway else math.nan
        steps = self._router.path(home, goal).steps
        left, right = self._turns(steps)
        return float(seconds[0]), crow_m, len(steps), left, right, rival_s, underway_s, 1.0

    def _place(self, point: Point) -> EdgePosition:
        if point not in self._places:
            self._places[point] = self._router.snap(point)
        return self._places[point]

    def _on_the_way(self, previous: EdgePosition, home: EdgePosition, idle_s: float) -> EdgePosition | None:
        """Dead reckoning: the corner that a unit has reached on its way home; None when it is there or not known."""
        if math.isnan(idle_s):
            return None
        steps = self._router.path(previous, home).steps
        reached_ms = np.cumsum([step.ms for step in steps])
        ahead = np.flatnonzero(reached_ms >= idle_s * 1000)
        if not len(ahead):
            return None
        step = steps[ahead[0]]
        along_ppm = WHOLE_PPM if step.forward else 0
        return EdgePosition(step.segment, along_ppm, home.point, 0.0)

    def _crow_m(self, one: Point, other: Point) -> float:
        return float(np.hypot(*np.diff(self._router.snapper.plane.metres(np.array([one, other])), axis=0)[0]))

    def _turns(self, steps: tuple[Step, ...]) -> tuple[int, int]:
        """Left and right turns from block to block."""
        ways = np.array([self._bearings[step.segment][:: 1 if step.forward else -1] for step in steps]).reshape(-1, 2)
        backward = np.array([not step.forward for step in steps]) * math.pi
        change = (ways[1:, 0] + backward[1:]) - (ways[:-1, 1] + backward[:-1])
        change = (change + math.pi) % (2 * math.pi) - math.pi
        return int((change > TURN_RAD).sum()), int((change < -TURN_RAD).sum())


def _point(column: I32, i: int) -> Point:
    return int(column[i, 0]), int(column[i, 1])


def _end_bearings(roads: Roads, router: EdgeRouter) -> F64:
    """(m, 2) direction of the first and of the last piece of each segment, radians counterclockwise from east."""
    metres = router.snapper.plane.metres(roads.xy)
    first, last = roads.start[:-1], roads.start[1:] - 1
    leaving, arriving = metres[first + 1] - metres[first], metres[last] - metres[last - 1]
    return np.stack([np.arctan2(leaving[:, 1], leaving[:, 0]), np.arctan2(arriving[:, 1], arriving[:, 0])], 1)
