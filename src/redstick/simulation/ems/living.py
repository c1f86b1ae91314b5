"""One replication under one policy, on the virtual clock: calls come, the nearest free unit goes, units become free.

The dispatch rule is the given model's: the unit that gets there first of those that stand at a post or drive to one;
when none is free a call waits, the more urgent before the older. A unit on its way to a call is not turned away.
"""

import heapq
from bisect import bisect_left
from dataclasses import dataclass, field
from functools import partial

import numpy as np
from numpy.typing import NDArray

from redstick.simulation.ems.ground import Ground
from redstick.simulation.ems.policies import Policy
from redstick.simulation.ems.setting import Setting
from redstick.simulation.ems.workload import Calls
from redstick.simulation.timeline import Timeline

F64 = NDArray[np.float64]
I64 = NDArray[np.int64]
AT_POST, MOVING, AT_WORK = "at a post", "moving", "at work"
DAY_S = 86_400.0


@dataclass(slots=True)
class _Unit:
    """A unit is in one state; `place` and `off_km` are where it stands or set out, `post` where it stands or goes."""

    post: int
    home: int
    place: int
    off_km: float
    state: str = AT_POST
    since_s: float = 0.0
    trip: int = 0  # of the last drive: an arrival that belongs to an earlier one is void


@dataclass
class Lived:
    """What became of `n` calls, and what the policy cost.

    `response_s` (n,) from the call to the first unit on scene, NaN for one that was never served; `unit` (n,) who
    went, -1 for nobody; `waited` (n,) whether every unit was busy. `moves` are drives to a post other than the unit's
    last; `empty_s` seconds driven to posts, `work_s` seconds from dispatch to clear, both of all units.
    """

    response_s: F64
    unit: I64
    waited: NDArray[np.bool_]
    moves: int = 0
    empty_s: float = 0.0
    work_s: float = 0.0
    history: list[tuple[float, int, str]] = field(default_factory=list)  # (second, unit, state), when it is kept


def live(ground: Ground, setting: Setting, calls: Calls, policy: Policy, *, keep_history: bool = False) -> Lived:
    """Live all calls to their end. `moves`, `empty_s` and `work_s` count from the warm-up to the last day's end."""
    return _City(ground, setting, calls, policy, keep_history).run()


class _City:
    def __init__(self, ground: Ground, setting: Setting, calls: Calls, policy: Policy, keep_history: bool) -> None:
        self.ground, self.setting, self.calls, self.policy = ground, setting, calls, policy
        self.keep_history = keep_history
        self.clock = Timeline(0)
        self.units = [
            _Unit(post, post, int(ground.posts.place[post]), float(ground.posts.off_km[post])) for post in policy.homes
        ]
        self.waiting: list[tuple[int, int]] = []  # (priority, call)
        self.counts_from_s = setting.warm_up_days * DAY_S
        self.counts_until_s = (setting.warm_up_days + setting.days) * DAY_S
        n = len(calls)
        self.lived = Lived(np.full(n, np.nan), np.full(n, -1, np.int64), np.zeros(n, np.bool_))
        self.paths: dict[tuple[int, int], tuple[list[int], list[float]]] = {}
        slowest = ground.to_hospital + (ground.hospitals.off_km / ground.off_road_kmh[-1] * 3600)[:, None]
        self.hospital, self.hospital_s = slowest.argmin(axis=0), slowest.min(axis=0)
        self.road = [ground.to_anchor[mode] for mode in range(len(ground.off_road_kmh))]

    @property
    def now_s(self) -> float:
        return self.clock.now / 1000

    def run(self) -> Lived:
        for call, at_s in enumerate(self.calls.at_s):
            self.clock.at(round((float(at_s) + self.setting.dispatch_s) * 1000), partial(self.decide, call))
        # Every call ends and every unit comes to rest: the clock runs dry.
        self.clock.run_until(1 << 62)
        return self.lived

    def decide(self, call: int) -> None:
        """Send the free unit that gets there first, or let the call wait."""
        free = [(number, unit) for number, unit in enumerate(self.units) if unit.state != AT_WORK]
        if not free:
            self.lived.waited[call] = True
            heapq.heappush(self.waiting, (int(self.calls.priority[call]), call))
            return
        mode, cell = self._mode(call), int(self.calls.cell[call])
        where = [self._whereabouts(unit) for _, unit in free]
        row = self.road[mode][int(self.ground.anchor_of_cell[cell])]
        lasting = [
            ahead_s + self.ground.off_road_s(off_km, mode) + float(row[place]) for place, off_km, ahead_s in where
        ]
        best = min(range(len(free)), key=lambda i: (lasting[i], free[i][0]))
        place, off_km, ahead_s = where[best]
        number, unit = free[best]
        if unit.state == MOVING:
            self._count_empty(unit)
        self.go(number, call, place, off_km, ahead_s)

    def go(self, number: int, call: int, place: int, off_km: float, ahead_s: float) -> None:
        """Drive to a call from a place, work there, and take the patient to hospital."""
        unit, calls, ground = self.units[number], self.calls, self.ground
        cell, mode = int(calls.cell[call]), self._mode(call)
        road_s = float(self.road[mode][int(ground.anchor_of_cell[cell]), place])
        cell_km, cell_place = float(ground.cells.off_km[cell]), int(ground.cells.place[cell])
        drive_s = ahead_s + road_s + ground.off_road_s(off_km + cell_km, mode)
        arrive_s = self.now_s + drive_s
        clear_s = arrive_s + float(calls.on_scene_s[call])
        end_place, end_km = cell_place, cell_km
        if calls.transported[call]:
            hospital = int(self.hospital[cell_place])
            clear_s += float(self.hospital_s[cell_place]) + ground.off_road_s(cell_km, ground.slow)
            clear_s += float(calls.handover_s[call])
            end_place, end_km = int(ground.hospitals.place[hospital]), float(ground.hospitals.off_km[hospital])
        self._note(number, AT_WORK)
        unit.trip += 1
        self.lived.response_s[call] = arrive_s - float(calls.at_s[call])
        self.lived.unit[call] = number
        self.lived.work_s += self._counted_s(self.now_s, clear_s)
        self.clock.at(round(clear_s * 1000), lambda: self.free(number, end_place, end_km))

    def free(self, number: int, place: int, off_km: float) -> None:
        """Take the next call that waits, else drive to the post that the policy says."""
        if self.waiting:
            _, call = heapq.heappop(self.waiting)
            self.go(number, call, place, off_km, 0.0)
            return
        unit = self.units[number]
        others = [one.post for i, one in enumerate(self.units) if i != number and one.state != AT_WORK]
        post = self.policy.post_for(unit.home, others)
        self.lived.moves += int(post != unit.post and self.counts_from_s <= self.now_s < self.counts_until_s)
        unit.post, unit.place, unit.off_km, unit.since_s = post, place, off_km, self.now_s
        self._note(number, MOVING)
        unit.trip += 1
        trip = unit.trip
        self.clock.after(self._to_post_s(unit), lambda: self.arrive(number, trip))

    def arrive(self, number: int, trip: int) -> None:
        """Stand at the post, unless a call came between."""
        unit = self.units[number]
        if unit.trip != trip:
            return
        self._count_empty(unit)
        self._note(number, AT_POST)
        unit.place = int(self.ground.posts.place[unit.post])
        unit.off_km = float(self.ground.posts.off_km[unit.post])

    def _whereabouts(self, unit: _Unit) -> tuple[int, float, float]:
        """The place that a unit can leave from, how far off the network it is, and the seconds until it is there."""
        if unit.state == AT_POST:
            return unit.place, unit.off_km, self.setting.turnout_s
        slow = self.ground.slow
        driven_s = self.now_s - unit.since_s - self.ground.off_road_s(unit.off_km, slow)
        if driven_s < 0:  # not on the road yet
            return unit.place, -driven_s * self.ground.off_road_kmh[slow] / 3600, 0.0
        key = unit.place, unit.post
        if key not in self.paths:
            self.paths[key] = self.ground.path(*key)
        places, passed = self.paths[key]
        at = bisect_left(passed, driven_s)
        if at == len(places):  # past the last corner, on the way to the door
            return places[-1], self.ground.off_road_kmh[slow] * (driven_s - passed[-1]) / 3600, 0.0
        return places[at], 0.0, passed[at] - driven_s

    def _to_post_s(self, unit: _Unit) -> float:
        off_km = unit.off_km + float(self.ground.posts.off_km[unit.post])
        return float(self.ground.to_post[unit.post, unit.place]) + self.ground.off_road_s(off_km, self.ground.slow)

    def _count_empty(self, unit: _Unit) -> None:
        self.lived.empty_s += self._counted_s(unit.since_s, self.now_s)

    def _counted_s(self, since_s: float, until_s: float) -> float:
        return max(0.0, min(until_s, self.counts_until_s) - max(since_s, self.counts_from_s))

    def _mode(self, call: int) -> int:
        return self.setting.priorities[int(self.calls.priority[call])].mode

    def _note(self, number: int, state: str) -> None:
        self.units[number].state = state
        if self.keep_history:
            self.lived.history.append((self.now_s, number, state))
