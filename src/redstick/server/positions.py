"""Where units are, as seats are told: a row for each unit whose device reports, a few times a second at the most.

Positions are no events, so that these rows follow the tracks and not the journal. A busy moment is spread: in one turn
of the loop no more rows are drawn than hold it for a few milliseconds, those first that have waited longest.
"""

import asyncio
import math
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any

from redstick.dispatch.avl.ground import distance_m
from redstick.dispatch.avl.quality import STALE_REPORTS, Fix, Quality, taken_at
from redstick.dispatch.rules import positions, units
from redstick.dispatch.state import Dispatch
from redstick.kernel.fold import Fact
from redstick.kernel.values import Instant
from redstick.server.board import Board
from redstick.server.ports import Row

NAME = "city.view.positions"
SHOWN_TO = ("floor", "field")
PERIOD_S = 0.25  # a unit is told of four times a second at the most
SLICE, SLICE_S = 250, 0.01  # rows in one turn of the loop, and how long the others then have it
MOVED_M = 5  # less is the trembling of a receiver
STOOD_MS = 30_000  # who has not been elsewhere for so long stands
CHANGES = frozenset({*positions.APPLIERS, *units.APPLIERS})


class Positions:
    """Boards of `track/<unit>`, one for every audience that may see them; for others there is nothing on them.

    `track` gives the last reports of a unit, the oldest first.
    """

    def __init__(
        self,
        audiences: Sequence[str],
        states: Callable[[], Mapping[str, Any]],
        track: Callable[[str], Sequence[Fix]],
        interval_ms: int,
    ) -> None:
        self._board, self._states, self._track = Board(), states, track
        self._stale_ms = STALE_REPORTS * interval_ms
        self._touched: dict[str, None] = {}
        self.boards = {name: self._board if name in SHOWN_TO else Board() for name in audiences}

    def touch(self, names: Iterable[str]) -> None:
        """These units have reported."""
        self._touched.update(dict.fromkeys(names))

    def note(self, facts: Iterable[Fact]) -> None:
        """Facts about units change their rows too: what is known against a position, and that a unit is no more."""
        for fact in facts:
            if type(fact.event) in CHANGES:
                self.touch(name for name in fact.envelope.subjects if self._track(name))

    async def run(self, position: Callable[[], int], now: Callable[[], Instant]) -> None:
        """Draw what was touched, again and again, until cancelled."""
        while True:
            await asyncio.sleep(PERIOD_S)
            waiting = list(self._touched)
            self._touched = {}
            for begin in range(0, len(waiting), SLICE):
                self.draw(waiting[begin : begin + SLICE], position(), now())
                await asyncio.sleep(SLICE_S)

    def draw(self, names: Iterable[str], position: int, now: Instant) -> None:
        """Tell these rows as they are now."""
        state: Dispatch = self._states()["dispatch"]
        rows = {f"track/{name}": self._row(state, name, now) for name in names}
        gone = [key for key, row in rows.items() if row is None]
        self._board.publish(now, {key: row for key, row in rows.items() if row is not None}, gone, position)

    def _row(self, state: Dispatch, name: str, now: Instant) -> Row | None:
        unit, fixes = state.units.get(name), self._track(name)
        if unit is None or not fixes:
            return None
        last = fixes[-1]
        before = _elsewhere(fixes)
        quality = unit.quality or Quality.FRESH
        if quality == Quality.FRESH and now - taken_at(last) > self._stale_ms:
            quality = Quality.STALE
        return {
            "x": last.x,
            "y": last.y,
            "heading": None if before is None else heading_deg(before, last),
            "at": taken_at(last),
            "moving": before is not None and taken_at(last) - taken_at(before) < STOOD_MS,
            "quality": str(quality),
        }


def heading_deg(before: Fix, after: Fix) -> int:
    """Which way it went from one report to the other: degrees from north, clockwise, 0 to 359."""
    east = (after.x - before.x) * math.cos(math.radians(after.y / 1e7))
    return round(math.degrees(math.atan2(east, after.y - before.y))) % 360


def _elsewhere(fixes: Sequence[Fix]) -> Fix | None:
    """The newest report from another place than the last; None when it was nowhere else."""
    last = fixes[-1]
    return next((fix for fix in reversed(fixes) if distance_m(fix.x, fix.y, last.x, last.y) > MOVED_M), None)
