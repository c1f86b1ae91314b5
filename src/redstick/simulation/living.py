"""A city that lives before the seats: its time runs at a pace, its committed fold and its tracks become rows."""

import asyncio
from collections.abc import Iterable

from redstick.dispatch.reads import views
from redstick.dispatch.state import Dispatch
from redstick.kernel.drivers import SynchronousDriver
from redstick.kernel.fold import Fact
from redstick.kernel.values import Instant
from redstick.server.board import Board
from redstick.server.ports import Pace, PaceChange, Row
from redstick.simulation.crew import Crew
from redstick.simulation.drives import Drive
from redstick.simulation.shift import Shift

SPEEDS = (1, 2, 4, 8, 15, 30, 60)
TICK_S = 0.05
TRACK_S = 0.25  # how often positions are told, in real time
STEP_MAX_S = 3600
LATE_S = 1.0  # after a stall the city does not leap: at most so much real time is made up


class LivingCity:
    """Fills the `Controls` of the server and its board.

    Rows: `unit/` and `incident/` (the fold); `track/`, `drive/` and `plan/` (computed beside it); `clock`; `journal`.
    """

    def __init__(self, shift: Shift, driver: SynchronousDriver, board: Board, speed: int) -> None:
        self._shift, self._driver, self._board = shift, driver, board
        self._speed, self._paused = speed, False
        self._now = float(shift.timeline.now)
        self._touched: dict[str, None] = {}
        self._drives: dict[str, Drive | None] = {}
        self._since_tracks_s = TRACK_S
        driver.listen(self._note)
        self._touched.update(dict.fromkeys(views.rows(self._state)))
        self.publish()

    @property
    def _state(self) -> Dispatch:
        return self._shift.desk.state

    # Controls

    def pace(self) -> Pace:
        """How the clock runs."""
        return Pace(self._speed, self._paused, self._shift.timeline.now)

    def change(self, wanted: PaceChange) -> Pace:
        """Set the pace, or step a standing clock; raises ValueError for a speed or a step that is not offered."""
        if wanted.speed is not None and wanted.speed not in SPEEDS:
            raise ValueError(f"speed is one of {', '.join(map(str, SPEEDS))}, not {wanted.speed}")
        if wanted.step_s is not None and not 0 < wanted.step_s <= STEP_MAX_S:
            raise ValueError(f"a step is 1 to {STEP_MAX_S} seconds, not {wanted.step_s}")
        self._speed = wanted.speed if wanted.speed is not None else self._speed
        self._paused = wanted.paused if wanted.paused is not None else self._paused
        if wanted.step_s is not None:
            self._live(wanted.step_s)
        self.publish()
        return self.pace()

    # Time

    async def run(self) -> None:
        """Live at the set pace until cancelled."""
        loop = asyncio.get_running_loop()
        before = loop.time()
        while True:
            await asyncio.sleep(TICK_S)
            elapsed, before = loop.time() - before, loop.time()
            self.tick(min(elapsed, LATE_S))

    def tick(self, elapsed_s: float) -> None:
        """Let `elapsed_s` of real time pass."""
        if not self._paused:
            self._live(elapsed_s * self._speed)
            self._since_tracks_s += elapsed_s
        self.publish()

    def _live(self, city_s: float) -> None:
        self._now += city_s * 1000
        self._shift.advance(int(self._now))

    # Rows

    def publish(self) -> None:
        """Tell the seats what changed: rows of the fold that events touched, tracks at their own rhythm."""
        changed: dict[str, Row] = {"clock": {"speed": self._speed, "paused": self._paused, "speeds": list(SPEEDS)}}
        gone: list[str] = []
        for key in self._touched:
            row = views.row(self._state, key)
            if row is None:
                gone += [key, f"plan/{key.partition('/')[2]}"]
            else:
                changed[key] = row
                changed.update(self._plan(key))
        self._touched = {}
        changed.update(self._moved(gone))
        changed["journal"] = {"position": self._driver.executor.durable.position}
        self._board.publish(self._shift.timeline.now, changed, gone)

    def _note(self, facts: list[Fact]) -> None:
        for fact in facts:
            self._touched.update(dict.fromkeys(views.touched(self._state, fact.envelope)))

    def _plan(self, key: str) -> Iterable[tuple[str, Row]]:
        """Why these units: the recommendation as it was when they were sent."""
        kind, _, incident = key.partition("/")
        verdicts = self._shift.plans.get(incident) if kind == "incident" else None
        if not verdicts:
            return
        said = [
            {"unit": verdict.unit, "reason": verdict.reason, "words": verdict.words, "travel_s": verdict.travel_s}
            for verdict in verdicts
        ]
        yield f"plan/{incident}", {"verdicts": said}

    def _moved(self, gone: list[str]) -> Iterable[tuple[str, Row]]:
        """New drives at once; positions of moving units every `TRACK_S`."""
        tell = self._since_tracks_s >= TRACK_S
        if tell:
            self._since_tracks_s = 0.0
        for name, crew in self._shift.crews.items():
            turned = self._drives.get(name) is not crew.drive or name not in self._drives
            if turned:
                self._drives[name] = crew.drive
                if crew.drive is None:
                    gone.append(f"drive/{name}")
                else:
                    yield f"drive/{name}", drive_row(crew.drive)
            if turned or (tell and crew.drive is not None):
                yield f"track/{name}", track_row(crew)


def track_row(crew: Crew) -> Row:
    """Where a unit is: the last fix, as a track would tell it."""
    here = crew.fix()
    return {"x": here.x, "y": here.y, "heading": here.heading_deg, "at": here.at, "moving": here.moving}


def drive_row(drive: Drive) -> Row:
    """The route that a unit drives, and when it will arrive."""
    return {"line": [list(point) for point in drive.line], "departed_at": drive.departed_at,
            "arrives_at": drive.arrives_at}  # fmt: skip


def warmed_up(shift: Shift, until: Instant) -> Shift:
    """The shift after it has lived to `until`, so that a visitor comes into work under way."""
    shift.advance(until)
    return shift
