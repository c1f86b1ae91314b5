"""A city that lives before a real server: its clock moves at a pace, its robots act, its devices report."""

import asyncio
from collections.abc import Callable, Mapping
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
        self._report_at = 0.0

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

    async def run(self, real_s: Callable[[], float] | None = None) -> None:
        """Live at the set pace until cancelled. `real_s` counts real seconds, by the running loop if not given."""
        counted = real_s or asyncio.get_running_loop().time
        before = counted()
        while True:
            await self._wait()
            elapsed_s, before = min(counted() - before, LATE_S), counted()
            if self._jump is not None:
                await self._stride(self._jump)
                before = counted()
            elif not self._paused:
                await self.live_until(self._clock() + round(elapsed_s * self._speed * 1000))
            self._report(counted())

    async def live_until(self, until: Instant) -> None:
        """Everything up to a moment, that moment included, each thing at its own."""
        executor = self._operations.driver.executor
        while True:
            now = self._clock()
            due, planned = executor.next_due(), self._timeline.next()
            ahead = [moment for moment in (due, planned) if moment is not None and now < moment < until]
            moment = min(ahead, default=until)
            self._clock.reach(moment)
            acted = self._timeline.run_until(moment)
            if acted or (due is not None and due <= moment):
                self._operations.driver.wake()
                await self._desk.settled()
                await self._operations.driver.settled()
            if moment >= until:
                return

    async def _wait(self) -> None:
        """A tick; none in a jump; as long as it takes where the clock stands and nobody touches it."""
        if self._jump is not None:
            await asyncio.sleep(0)
            return
        self._changed.clear()
        try:
            async with asyncio.timeout(TICK_S if not self._paused else TRACK_S):
                await self._changed.wait()
        except TimeoutError:
            return

    async def _stride(self, jump: Jump) -> None:
        """A part of a jump."""
        await self.live_until(min(self._clock() + STRIDE_MS, jump.end))
        if self._clock() >= jump.end:
            self._jump = None

    # Devices

    def _report(self, real_s: float) -> None:
        """Devices of units that move report a few times a second, those that stand now and then."""
        if real_s < self._report_at:
            return
        self._report_at = real_s + TRACK_S
        now, reports = self._clock(), []
        for name, crew in self._units.items():
            said = self._reported.get(name)
            if said is None or (crew.drive is not None and now > said) or now - said >= STANDING_MS:
                here = crew.fix()
                reports.append(Report(name, here.x, here.y, now))
                self._reported[name] = now
        if reports:
            self._operations.tracks.take_in(reports)
