"""Positions of the night shift: what the receivers claim, lies included, and the watcher who finds the liars out."""

from collections.abc import Callable
from random import Random

from redstick.dispatch.avl.noting import news
from redstick.dispatch.avl.quality import Fix, Quality
from redstick.dispatch.rules.positions import NoteQuality
from redstick.simulation.ports import ignore
from redstick.simulation.timeline import Timeline
from redstick.simulation.world.city.crews import Crew
from redstick.simulation.world.city.desk import WorldDesk
from redstick.simulation.world.city.ground import EXTENT, Point
from redstick.simulation.world.household import EPOCH_MS

INTERVAL_MS, WATCH_MS, KEPT = 10_000, 30_000, 13
FAR = 5_000_000  # 1e-7 degrees: half a degree off
LIES = ("frozen", "jumped", "skewed", "misplaced", "silent", "swapped")
FOUND_OUT = {  # what a lie is found out as; a freeze shows only while the unit says that it drives
    "jumped": Quality.JUMP, "skewed": Quality.SKEW, "misplaced": Quality.IMPOSSIBLE,
}  # fmt: skip


class Avl:
    """Receivers of all units. `lie` lets one lie for a while."""

    def __init__(self, timeline: Timeline, random: Random, desk: WorldDesk, crews: dict[str, Crew]) -> None:
        self._timeline, self._random, self._desk, self._crews = timeline, random, desk, crews
        self._tracks: dict[str, list[Fix]] = {name: [] for name in crews}
        self._lies: dict[str, tuple[str, int, Point]] = {}
        timeline.at(random.randrange(INTERVAL_MS), self._report)
        timeline.at(WATCH_MS + random.randrange(WATCH_MS), self._watch)

    def lie(self, unit: str, how: str, until: int) -> None:
        """From now on this receiver lies."""
        self._lies[unit] = (how, until, self._crews[unit].point())

    def claimed(self, unit: str, here: Point) -> Point:
        """Where a unit's receiver claims to be."""
        how, until, then = self._lies.get(unit, ("", 0, here))
        if until <= self._timeline.now:
            return here
        claims: dict[str, Callable[[], Point]] = {
            "frozen": lambda: then,
            "jumped": lambda: (here[0] + FAR if self._timeline.now // INTERVAL_MS % 2 else here[0], here[1]),
            "misplaced": lambda: (0, 0),
            "swapped": self._crews[self._other(unit)].point,
        }
        return claims.get(how, lambda: here)()

    def _other(self, unit: str) -> str:
        names = list(self._crews)
        return names[(names.index(unit) + 1) % len(names)]

    def _report(self) -> None:
        now = self._timeline.now
        self._timeline.at(now + INTERVAL_MS, self._report)
        for name, crew in self._crews.items():
            how, until, _ = self._lies.get(name, ("", 0, (0, 0)))
            lies = how if until > now else ""
            if lies == "silent":
                continue
            x, y = self.claimed(name, crew.point())
            tremble = 0 if lies == "frozen" else self._random.randrange(-200, 200)
            at = EPOCH_MS + now + (1_200_000 if lies == "skewed" else 0)
            track = self._tracks[name]
            track.append(Fix(x + tremble, y, at, EPOCH_MS + now))
            del track[:-KEPT]

    def _watch(self) -> None:
        now = EPOCH_MS + self._timeline.now
        self._timeline.at(self._timeline.now + WATCH_MS, self._watch)
        units = self._desk.state.units
        statuses = {name: unit.status for name, unit in units.items()}
        known = {name: unit.quality for name, unit in units.items()}
        for found in news(self._tracks, statuses, known, now, INTERVAL_MS, EXTENT):
            self._desk.ask_at("avl", [NoteQuality(found.unit, found.quality, now, found.other)], ignore, None)
