"""A past shift lived again under another plan: the same calls at the same times, units chosen and driven anew.

Each decision is a command to the real rules on a virtual clock, and reads the committed state, as a live shift would. A
drive takes as long as an equally lucky drive over the new distance: the recorded drive's level in the predicted
distribution is kept (common random numbers), so that two plans differ by the plans and not by chance. Compare two of
these with each other, never one with the record: both then err in the same way.
"""

import heapq
from bisect import insort
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field

from redstick.dispatch.history.model import History
from redstick.dispatch.plans.requirement import Requirement
from redstick.dispatch.ports import Point, TravelTimes
from redstick.dispatch.replay.errands import Job, jobs
from redstick.dispatch.replay.plan import Fleet, Plan, fleet_under
from redstick.dispatch.replay.requests import STATUS_OF, incident_id, opening_steps, unit_steps
from redstick.dispatch.replay.responses import Need
from redstick.dispatch.rules.assignments import AssignUnits
from redstick.dispatch.rules.incidents import CloseIncident
from redstick.dispatch.rules.units import EnrollUnit, ReportStatus
from redstick.dispatch.state import Dispatch
from redstick.kernel.drivers import SynchronousDriver
from redstick.kernel.ids import make_id
from redstick.kernel.values import Command, Instant, Request

ACTOR = "what-if"


@dataclass(frozen=True, slots=True)
class _Returning:
    """On the way home: from where, since when, until when."""

    origin: Point
    since: Instant
    until: Instant


@dataclass
class Lived:
    """What a what-if came to, beside the committed state: how much of it was decided anew."""

    decided_anew: int = 0
    as_recorded: int = 0
    waited: int = 0  # needs for which no unit of the kind was free at once
    never_met: int = 0
    waits_s: list[int] = field(default_factory=list)
    unmet: Counter[str] = field(default_factory=Counter)  # by requirement: nobody here could fill it, or nobody came


@dataclass(order=True, slots=True)
class _Waiting:
    """A need without a unit: the most urgent first, then the oldest."""

    priority: int
    sent_at: Instant
    number: int
    job: Job = field(compare=False)
    need: Need = field(compare=False)


class WhatIf:
    """One shift under one plan. `run` leaves the shift in the driver's committed state."""

    def __init__(
        self, driver: SynchronousDriver, history: History, today: Fleet, plan: Plan, travel: TravelTimes
    ) -> None:
        self._driver, self._history, self._plan, self._travel = driver, history, plan, travel
        self._today, self._fleet = today, fleet_under(today, plan)
        self._returning: dict[str, _Returning] = {}
        self._waiting: list[_Waiting] = []
        self._agenda: list[tuple[Instant, int, Callable[[Instant], None]]] = []
        self._numbers = 0
        self._open_parts: dict[int, int] = {}
        self._prices: dict[tuple[str, Requirement | None], dict[str, int]] = {}
        self.lived = Lived()

    def run(self) -> Lived:
        """Live the whole shift; the agenda is played in the order of time, then of its writing."""
        for job in jobs(self._history, self._today, self._plan, self._fleet):
            self._write_job(job)
        if self._agenda:
            self._man_stations(self._agenda[0][0])
        while self._agenda:
            now, _, act = heapq.heappop(self._agenda)
            act(now)
        self.lived.never_met = len(self._waiting)
        self.lived.unmet.update(entry.need.requirement.id for entry in self._waiting if entry.need.requirement)
        return self.lived

    # Writing the agenda

    def _at(self, when: Instant, act: Callable[[Instant], None]) -> None:
        self._numbers += 1
        heapq.heappush(self._agenda, (when, self._numbers, act))

    def _say(self, now: Instant, command: Command, at: Instant | None = None) -> bool:
        self._numbers += 1
        request = Request(make_id("cmd", max(now, 0), self._numbers), command, ACTOR, at)
        return self._driver.run([request], now)[0].accepted

    def _say_at(self, when: Instant, command: Command, at: Instant | None = None) -> None:
        self._at(when, lambda now: self._say_quietly(now, command, at))

    def _say_quietly(self, now: Instant, command: Command, at: Instant | None) -> None:
        self._say(now, command, at)

    def _man_stations(self, begin: Instant) -> None:
        for unit in self._fleet.units.values():
            self._say(begin, EnrollUnit(unit.id, unit.kind, station=unit.station))
            self._say(begin, ReportStatus(unit.id, "AQ"))

    def _write_job(self, job: Job) -> None:
        """Opening as recorded; rows without a home as recorded; every need when it was recorded."""
        for when, command, at in opening_steps(self._history, list(job.rows)):
            self._say_at(when, command, at)
        self._open_parts[job.first_row] = len(job.needs) + len(job.as_recorded)
        self.lived.as_recorded += len(job.as_recorded)
        self.lived.unmet.update(job.unfilled)
        for row in job.as_recorded:
            self._write_as_recorded(job, row)
        for need in job.needs:
            self._at(need.sent_at, lambda now, need=need: self._send(now, job, need))  # type: ignore[misc]  # mypy cannot type a default in a lambda

    def _write_as_recorded(self, job: Job, row: int) -> None:
        script = unit_steps(self._history, row)
        for when, command, at in script:
            self._say_at(when, command, at)
        self._at(max([when for when, _, _ in script], default=0), lambda now: self._part_over(now, job))

    # Living it

    @property
    def _state(self) -> Dispatch:
        state: Dispatch = self._driver.executor.committed["dispatch"]
        return state

    def _send(self, now: Instant, job: Job, need: Need) -> None:
        unit = self._choose(now, job, need)
        if unit is None:
            if need.recorded_unit and not self._reachable(job, need):
                # An island, a gap in the map: what really happened is the best that can be said.
                self.lived.as_recorded += 1
                self._write_as_recorded(job, need.row)
                return
            self.lived.waited += 1
            self._numbers += 1
            insort(self._waiting, _Waiting(need.errand.priority, need.sent_at, self._numbers, job, need))
            return
        self._go(now, job, need, unit)

    def _able(self, need: Need) -> dict[str, int]:
        """The units of the fleet that may go, free or not, by id, with their price beside the travel time."""
        key = (need.kind, need.requirement)
        found = self._prices.get(key)
        if found is None:
            priced = ((unit.id, need.price_s(unit)) for unit in self._fleet.units.values())
            found = self._prices[key] = {name: price for name, price in priced if price is not None}
        return found

    def _choose(self, now: Instant, job: Job, need: Need) -> str | None:
        """By the plan's rule, among the free units that may go; ties by the unit's id."""
        incident = self._state.incidents[incident_id(self._history.incident.text(job.first_row))]
        prices = self._able(need)
        free = [name for name in prices if self._state.units[name].available and name not in incident.assignments]
        if not free or job.target is None:
            return None
        ceiling_s = need.requirement.ceiling_s if need.requirement else None
        times = self._drive_times(now, free, job.target, need)
        reachable = [
            (time, name)
            for time, name in zip(times, free, strict=True)
            if time is not None and (ceiling_s is None or time <= ceiling_s)
        ]
        if not reachable:
            return None
        if self._plan.rule == "station_order" or need.stations:
            ranks = self._station_ranks(job, need)
            return min((ranks[self._fleet.units[name].station], name) for _, name in reachable)[1]
        return min((round(time) + prices[name], name) for time, name in reachable)[1]

    def _reachable(self, job: Job, need: Need) -> bool:
        """Whether a road leads there from the home of any unit that may go and is free now."""
        free = [name for name in self._able(need) if self._state.units[name].available]
        if job.target is None or not free:
            return job.target is not None
        homes = [self._fleet.home(name) for name in free]
        return any(time is not None for time in self._travel.medians_s(homes, job.target, need.errand))

    def _drive_times(self, now: Instant, names: list[str], target: Point, need: Need) -> list[float | None]:
        """Middle travel times; a unit on its way home is between where it was and its station."""
        times = self._travel.medians_s([self._fleet.home(name) for name in names], target, need.errand)
        for i, name in enumerate(names):
            times[i] = self._on_the_way(now, name, target, need, times[i])
        return times

    def _on_the_way(self, now: Instant, name: str, target: Point, need: Need, from_home: float | None) -> float | None:
        way = self._returning.get(name)
        if way is None or now >= way.until:
            return from_home
        [from_scene] = self._travel.medians_s([way.origin], target, need.errand)
        if from_scene is None or from_home is None:
            return from_home
        done = (now - way.since) / max(1, way.until - way.since)
        return from_scene + done * (from_home - from_scene)

    def _station_ranks(self, job: Job, need: Need) -> dict[str, int]:
        """The place of each station in the area's order: as the plan lists it, the others by distance behind."""
        listed = need.stations or self._plan.station_order.get(job.area, ())
        names = list(self._fleet.stations)
        target = job.target if job.target is not None else (0, 0)
        times = self._travel.medians_s([self._fleet.stations[name] for name in names], target, need.errand)
        far = sorted((time is None, time or 0.0, name) for time, name in zip(times, names, strict=True))
        order = [*listed, *(name for _, _, name in far if name not in listed)]
        return {name: rank for rank, name in enumerate(order)}

    def _go(self, now: Instant, job: Job, need: Need, unit: str) -> None:
        """The unit turns out, drives, works as long as was recorded, and returns."""
        incident = incident_id(self._history.incident.text(job.first_row))
        origin = self._where(now, unit)
        if not self._say(now, AssignUnits(incident, [unit])):
            return
        self.lived.decided_anew += 1
        self.lived.waits_s.append((now - need.sent_at) // 1000)
        self._returning.pop(unit, None)
        en_route = now + need.turnout_ms
        drive_s = self._drive_s(job, need, origin)
        if need.travel_ms is None or drive_s is None:
            self._stand_down(now, en_route, job, need, unit, incident, origin)
            return
        arrived = en_route + round(drive_s * 1000)
        self._say_at(en_route, ReportStatus(unit, "ENR", incident))
        self._say_at(arrived, ReportStatus(unit, "ONS", incident))
        marks = need.marks or (("available", max(0, need.work_ms - need.turnout_ms)),)
        for name, delay in marks[:-1]:
            self._say_at(arrived + delay, ReportStatus(unit, STATUS_OF[name], incident))
        self._at(arrived + marks[-1][1], lambda then: self._free(then, job, unit, incident, job.target or origin))

    def _drive_s(self, job: Job, need: Need, origin: Point) -> float | None:
        """As lucky as the recorded drive; the middle where there is none to compare with."""
        if job.target is None:
            return None
        level = 0.5
        if need.travel_ms is not None and need.recorded_unit in self._today.units:
            home = self._today.home(need.recorded_unit)
            level = self._travel.level_of(home, job.target, need.errand, need.travel_ms / 1000)
        return self._travel.at_level_s(origin, job.target, need.errand, level)

    def _stand_down(
        self, now: Instant, en_route: Instant, job: Job, need: Need, unit: str, incident: str, origin: Point
    ) -> None:
        """A unit that was recorded as never arriving is let go after the same while."""
        over = now + need.work_ms
        if en_route < over:
            self._say_at(en_route, ReportStatus(unit, "ENR", incident))
        self._at(over, lambda then: self._free(then, job, unit, incident, origin))

    def _free(self, now: Instant, job: Job, unit: str, incident: str, place: Point) -> None:
        """Done: on radio and on the way home, unless somebody waits for just this kind."""
        self._say(now, ReportStatus(unit, "AR", incident, leaves=True))
        home = self._fleet.home(unit)
        errand = next((need.errand for need in job.needs), None)
        times = [None] if errand is None else self._travel.medians_s([place], home, errand)
        until = now + round((times[0] or 0.0) * 1000)
        self._returning[unit] = _Returning(place, now, until)
        self._at(until, lambda then: self._home(then, unit, until))
        self._part_over(now, job)
        self._serve_waiting(now, unit)

    def _home(self, now: Instant, unit: str, until: Instant) -> None:
        way = self._returning.get(unit)
        if way is not None and way.until == until:
            del self._returning[unit]
            self._say(now, ReportStatus(unit, "AQ"))

    def _serve_waiting(self, now: Instant, freed: str) -> None:
        """Who waits for such a unit, the most urgent first."""
        for entry in [entry for entry in self._waiting if freed in self._able(entry.need)]:
            unit = self._choose(now, entry.job, entry.need)
            if unit is not None:
                self._waiting.remove(entry)
                self._go(now, entry.job, entry.need, unit)

    def _where(self, now: Instant, unit: str) -> Point:
        """Home, or as far on the way as the time that has passed."""
        home = self._fleet.home(unit)
        way = self._returning.get(unit)
        if way is None or now >= way.until:
            return home
        done = (now - way.since) / max(1, way.until - way.since)
        return home if done > 0.5 else way.origin

    def _part_over(self, now: Instant, job: Job) -> None:
        self._open_parts[job.first_row] -= 1
        if self._open_parts[job.first_row] == 0:
            incident = incident_id(self._history.incident.text(job.first_row))
            ending = self._history.categories["disposition"].text(job.first_row) or "not recorded"
            self._say(now, CloseIncident(incident, ending))
