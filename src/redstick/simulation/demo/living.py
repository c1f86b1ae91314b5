"""A city that lives before a real server: its clock moves at a pace, its robots act, its devices report."""

import asyncio
from collections.abc import Mapping
from typing import Protocol

from redstick.kernel.values import Instant, Rejection
from redstick.server.demo import Jump, Pace, PaceChange
from redstick.server.operations import LiveOperations
from redstick.server.tracks import Report
from redstick.simulation.demo.clock import CityClock
from redstick.simulation.demo.desks import LiveDesk
from redstick.simulation.drives import Fix
from redstick.simulation.timeline import Timeline

SPEEDS = [1, 2, 4, 8, 15, 20, 30, 60]
SPEED_MAX = 240
STEP_MAX_S, JUMP_MAX_MS = 3600, 24 * 3600 * 1000
TICK_S = 0.05
LATE_S = 1.0  # after a stall the city does not leap: at most so much real time is made up
TRACK_S = 0.25  # how often devices report, in real time
STANDING_MS = 10_000  # a device whose unit stands reports only so often, in the city's time
STRIDE_MS = 10_000  # a jump goes so far before others get their turn


class Mover(Protocol):
    """A unit that drives."""

    @property
    def drive(self) -> object | None:
        """Its drive; None while it stands or walks its rounds."""

    def fix(self) -> Fix:
        """Where it is."""


class LivingCity:
    """Lives what is planned on a timeline before `operations`, which takes its time from `clock`, until cancelled.

    Between two acts of the robots the clock stops at whatever timer of the kernel is due, so that it fires at its own
    moment at any speed. Nothing goes on before what was asked is durable and told.
    """

    def __init__(
        self, timeline: Timeline, units: Mapping[str, Mover], operations: LiveOperations, desk: LiveDesk,
        clock: CityClock, speed: int = 1,
    ) -> None:  # fmt: skip
        self._timeline, self._units = timeline, units
        self._operations, self._desk, self._clock = operations, desk, clock
        self._speed, self._paused = speed, False
        self._jump: Jump | None = None
        self._changed = asyncio.Event()
        self._reported: dict[str, Instant] = {}
        self._since_report_s, self._report_by = 0.0, clock()  # at once

    # The clock

    def pace(self) -> Pace:
        """How the clock runs."""
        return Pace(self._speed, self._paused, self._clock(), SPEEDS, self._jump)

    def change(self, wanted: PaceChange) -> Pace | Rejection:
        """Set the pace, or have the city live forward; nothing of it when any part of it is not offered.

        Rejections: `speed_not_offered`, `step_not_offered`, `time_passed` (the time machine shows what has been),
        `too_far`, `jumping` (where another jump is under way).
        """
        now = self._clock()
        refused = self._refusal(wanted, now)
        if refused is not None:
            return refused
        self._speed = wanted.speed if wanted.speed is not None else self._speed
        self._paused = wanted.paused if wanted.paused is not None else self._paused
        if wanted.step_s is not None:
            self._jump = Jump(now, now + wanted.step_s * 1000)
        if wanted.jump_to is not None and wanted.jump_to > now:
            self._jump = Jump(now, wanted.jump_to)
        self._changed.set()
        return self.pace()

    def _refusal(self, wanted: PaceChange, now: Instant) -> Rejection | None:
        if wanted.speed is not None and not 1 <= wanted.speed <= SPEED_MAX:
            return Rejection("speed_not_offered", {"speed": wanted.speed, "from": 1, "to": SPEED_MAX})
        if wanted.step_s is not None and not 0 < wanted.step_s <= STEP_MAX_S:
            return Rejection("step_not_offered", {"step_s": wanted.step_s, "from": 1, "to": STEP_MAX_S})
        if wanted.jump_to is not None and wanted.jump_to < now:
            return Rejection("time_passed", {"now": now})
        if wanted.jump_to is not None and wanted.jump_to > now + JUMP_MAX_MS:
            return Rejection("too_far", {"at_most": now + JUMP_MAX_MS})
        moves = wanted.step_s is not None or wanted.jump_to is not None
        return Rejection("jumping", {"until": self._jump.end}) if moves and self._jump is not None else None

    # Time

    async def run(self) -> None:
        """Live at the set pace until cancelled."""
        loop = asyncio.get_running_loop()
        before = loop.time()
        while True:
            await self._wait()
            elapsed_s, before = loop.time() - before, loop.time()
            await self.tick(min(elapsed_s, LATE_S))

    async def tick(self, elapsed_s: float) -> None:
        """Let so much real time pass: at the pace, or a stride of a jump, or nothing where the clock stands."""
        self._changed.clear()
        if self._jump is not None:
            await self._live_and_report(min(self._clock() + STRIDE_MS, self._jump.end))
            if self._clock() >= self._jump.end:
                self._jump = None
        elif not self._paused:
            await self._live_and_report(self._clock() + round(elapsed_s * self._speed * 1000))
        self._since_report_s += elapsed_s
        if self._since_report_s >= TRACK_S:
            self._report()

    async def _live_and_report(self, until: Instant) -> None:
        """Devices report at least as often as they would: however fast the city lives, none seems to be silent."""
        while self._clock() < until and not self._changed.is_set():
            await self.live_until(min(until, self._report_by))
            if self._clock() >= self._report_by:
                self._report()

    async def live_until(self, until: Instant) -> None:
        """Everything up to a moment, that moment included, each thing at its own.

        It ends before that moment where the clock is set meanwhile: a clock that is said to stand goes no further.
        """
        driver = self._operations.driver
        while True:
            now, due, planned = self._clock(), driver.executor.next_due(), self._timeline.next()
            timer = due if due is not None and now < due <= until else None  # one that is held does not hold the city
            act = max(planned, now) if planned is not None and planned <= until else None
            moment = min((one for one in (timer, act) if one is not None), default=until)
            self._clock.reach(moment)
            self._timeline.run_until(moment)
            if timer is None and act is None:
                return
            driver.wake()
            await self._desk.settled()
            await driver.settled()
            if self._changed.is_set():
                return

    async def _wait(self) -> None:
        """A tick; none in a jump; as long as it takes where the clock stands and nobody touches it."""
        if self._jump is not None:
            await asyncio.sleep(0)
            return
        try:
            async with asyncio.timeout(TICK_S if not self._paused else TRACK_S):
                await self._changed.wait()
        except TimeoutError:
            return

    # Devices

    def _report(self) -> None:
        """Devices of units that move report a few times a second, those that stand now and then."""
        now, reports = self._clock(), []
        self._since_report_s, self._report_by = 0.0, now + STANDING_MS
        for name, unit in self._units.items():
            said = self._reported.get(name)
            if said is None or (unit.drive is not None and now > said) or now - said >= STANDING_MS:
                here = unit.fix()
                reports.append(Report(name, here.x, here.y, now))
                self._reported[name] = now
        if reports:
            self._operations.tracks.take_in(reports)
