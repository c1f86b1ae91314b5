"""Positions of vehicles beside the server: kept in memory, judged there; only a verdict that is news is journalled.

Bounded by the roster: a few recent reports of each enrolled unit. A restart begins without tracks, and judges no unit
of which it has heard nothing until that silence itself says something.
"""

import asyncio
from collections import deque
from collections.abc import Awaitable, Callable, Mapping, Sequence
from contextlib import suppress
from typing import Any

import msgspec

from redstick.dispatch.avl.noting import news
from redstick.dispatch.avl.quality import STALE_REPORTS, Fix
from redstick.dispatch.rules.positions import NoteQuality
from redstick.dispatch.state import Dispatch
from redstick.kernel.errors import Unavailable
from redstick.kernel.fold import Fact
from redstick.kernel.values import Command, Instant, Outcome
from redstick.protocols.faults import Fault

INTERVAL_MS = 10_000  # how often a device reports
KEPT = 32  # reports of a unit: more than five minutes
JUDGE_S = 5.0
E7, DEGREES_X, DEGREES_Y = 10_000_000, 180, 90


class Report(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What a device said: where its unit is (1e-7 degrees, WGS 84), and when by its clock (ms since the epoch)."""

    unit: str
    x: int
    y: int
    at: int


class Tracks:
    """Takes reports and asks what is news of their quality. `ask` asks as the house."""

    def __init__(
        self,
        states: Callable[[], Mapping[str, Any]],
        ask: Callable[[Command], Awaitable[Outcome]],
        clock: Callable[[], Instant],
    ) -> None:
        self._states, self._ask, self._clock = states, ask, clock
        self._tracks: dict[str, deque[Fix]] = {}
        self._moved: Callable[[Sequence[str]], None] = lambda _: None
        self._began = clock()
        self._judging = asyncio.Lock()
        self._works: asyncio.Task[None] | None = None

    def start(self) -> None:
        """Judge now and then, since silence is a verdict too."""
        self._began = self._clock()
        self._works = asyncio.create_task(self._work())

    def note(self, facts: list[Fact]) -> None:
        """What is committed changes no track."""

    async def close(self) -> None:
        """Stop."""
        if self._works is not None:
            self._works.cancel()
            await asyncio.gather(self._works, return_exceptions=True)

    def newest(self, unit: str) -> Fix | None:
        """The last report of a unit, None when none was heard."""
        track = self._tracks.get(unit)
        return track[-1] if track else None

    def track(self, unit: str) -> Sequence[Fix]:
        """The last reports of a unit, the oldest first."""
        return self._tracks.get(unit, ())

    def listen(self, moved: Callable[[Sequence[str]], None]) -> None:
        """Have somebody told which units have reported."""
        self._moved = moved

    async def take(self, reports: Sequence[Report]) -> list[Fault]:
        """Take in what can be taken, judge, and give what was refused, each with its place in the batch."""
        refused = self.take_in(reports)
        await self.judge()
        return refused

    def take_in(self, reports: Sequence[Report]) -> list[Fault]:
        """The same, judged when it is next the time for that: for whoever reports many times a second.

        A report that was taken already is taken once. One off the earth, or of a unit that nobody enrolled, is refused;
        whatever else is doubtful is labelled, not thrown away.
        """
        now, refused, moved = self._clock(), [], []
        for number, report in enumerate(reports):
            fault = self._fault(report)
            if fault is not None:
                refused.append(Fault(f"$[{number}].{fault.place}", fault.expected))
                continue
            track = self._tracks.setdefault(report.unit, deque(maxlen=KEPT))
            if all((fix.x, fix.y, fix.at) != (report.x, report.y, report.at) for fix in track):
                track.append(Fix(report.x, report.y, report.at, now))
                moved.append(report.unit)
        self._moved(moved)
        return refused

    async def judge(self) -> None:
        """Ask to write down each verdict that differs from the one that is known."""
        async with self._judging:
            state, now = self._state, self._clock()
            silent = now - self._began > STALE_REPORTS * INTERVAL_MS
            units = {name: unit for name, unit in state.units.items() if silent or name in self._tracks}
            self._tracks = {name: track for name, track in self._tracks.items() if name in units}
            statuses = {name: unit.status for name, unit in units.items()}
            known = {name: unit.quality for name, unit in units.items()}
            tracks = {name: tuple(track) for name, track in self._tracks.items()}
            for one in news(tracks, statuses, known, now, INTERVAL_MS, state.extent):
                with suppress(Unavailable):
                    await self._ask(NoteQuality(one.unit, one.quality, now, one.other))

    @property
    def _state(self) -> Dispatch:
        state: Dispatch = self._states()["dispatch"]
        return state

    def _fault(self, report: Report) -> Fault | None:
        if report.unit not in self._state.units:
            return Fault("unit", "a unit of the roster")
        if abs(report.x) > DEGREES_X * E7:
            return Fault("x", "a longitude in 1e-7 degrees")
        if abs(report.y) > DEGREES_Y * E7:
            return Fault("y", "a latitude in 1e-7 degrees")
        return Fault("at", "a time in milliseconds since the epoch") if report.at < 0 else None

    async def _work(self) -> None:
        while True:
            await asyncio.sleep(JUDGE_S)
            await self.judge()
