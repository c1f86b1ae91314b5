"""From a clock on the wall to UTC, with the two hours a year that cannot be read off a clock.

In autumn one hour is shown twice. Which of the two was meant is settled by the order of the row's own stamps, then by
other rows of the same call; where nothing tells, the earlier is taken and the cell is listed. In spring one hour is
never shown; a stamp in it is read as if the clocks had not been moved yet, and listed.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import cache
from itertools import pairwise
from zoneinfo import ZoneInfo

import numpy as np
from numpy.typing import NDArray

from redstick.dispatch.history.date_forms import YEARS
from redstick.dispatch.history.model import CALL_STAMPS, I32, I64, MISSING_MS, STAMPS

_STEP = timedelta(days=7)  # no zone has moved its clocks there and back within a week
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


@dataclass(frozen=True)
class Converted:
    """UTC stamps, and which of them a clock could not tell.

    `repeated` marks those in the hour shown twice (the earlier was taken), `skipped` those in the one left out;
    `later_ms` is what must be added to a repeated one for the later reading.
    """

    utc_ms: I64
    repeated: NDArray[np.bool_]
    skipped: NDArray[np.bool_]
    later_ms: I64


class Clock:
    """The wall clock of one IANA time zone, as a table of its changes between the years that a history may hold."""

    def __init__(self, zone: str) -> None:
        changes = _changes(zone)
        self._offset_ms = np.array([offset for _, offset in changes], dtype=np.int64)
        change_ms = np.array([at for at, _ in changes[1:]], dtype=np.int64)
        self._change_ms = change_ms
        self._wall_ends_ms = change_ms + self._offset_ms[:-1]  # what the clock showed at the end of each stretch
        self._wall_starts_ms = change_ms + self._offset_ms[1:]  # and at the start of the next

    def to_utc(self, wall_ms: I64) -> Converted:
        """Convert wall times; `MISSING_MS` stays missing."""
        there = wall_ms != MISSING_MS
        stretch = np.searchsorted(self._wall_ends_ms, wall_ms, side="right")
        utc_ms = np.where(there, wall_ms - self._offset_ms[stretch], MISSING_MS)
        following = np.minimum(stretch, len(self._wall_starts_ms) - 1)
        preceding = np.maximum(stretch - 1, 0)
        if not len(self._wall_starts_ms):
            nowhere = np.zeros(len(wall_ms), dtype=np.bool_)
            return Converted(utc_ms, nowhere, nowhere.copy(), np.zeros(len(wall_ms), dtype=np.int64))
        repeated = there & (stretch < len(self._wall_starts_ms)) & (wall_ms >= self._wall_starts_ms[following])
        skipped = there & (stretch > 0) & (wall_ms < self._wall_starts_ms[preceding])
        utc_ms = np.where(skipped, wall_ms - self._offset_ms[preceding], utc_ms)
        later_ms = np.where(repeated, self._offset_ms[stretch] - self._offset_ms[following + 1], 0)
        return Converted(utc_ms, repeated, skipped, later_ms)

    def to_wall(self, utc_ms: I64) -> I64:
        """What the clock showed at each moment; `MISSING_MS` stays missing."""
        stretch = np.searchsorted(self._change_ms, utc_ms, side="right")
        return np.where(utc_ms == MISSING_MS, MISSING_MS, utc_ms + self._offset_ms[stretch])


@cache
def _changes(name: str) -> tuple[tuple[int, int], ...]:
    """(UTC milliseconds, offset in milliseconds from then on), the first entry standing for the beginning of time."""
    zone = ZoneInfo(name)
    at = datetime(YEARS[0] - 1, 12, 1, tzinfo=UTC)
    end = datetime(YEARS[1], 2, 1, tzinfo=UTC)
    found = [(MISSING_MS, _offset_ms(zone, at))]
    while at < end:
        after = at + _STEP
        if _offset_ms(zone, after) != found[-1][1]:
            low, high = at, after
            while high - low > timedelta(seconds=1):
                middle = low + timedelta(seconds=int((high - low).total_seconds()) // 2)
                low, high = (middle, high) if _offset_ms(zone, middle) == found[-1][1] else (low, middle)
            found.append((int((high - _EPOCH) / timedelta(milliseconds=1)), _offset_ms(zone, high)))
        at = after
    return tuple(found)


def _offset_ms(zone: ZoneInfo, at: datetime) -> int:
    offset = at.astimezone(zone).utcoffset() or timedelta(0)
    return int(offset / timedelta(milliseconds=1))


def settle_repeated_hour(
    stamps: dict[str, I64], repeated: Mapping[str, Mapping[int, int]], call: I32
) -> list[tuple[int, str]]:
    """Choose between the two readings of the repeated hour, in place; returns the (row, stamp) that nothing settled.

    `repeated` maps stamp -> row -> what the later reading adds; `call` is the call of each row.
    """
    rows = sorted({row for entries in repeated.values() for row in entries})
    unsettled: list[tuple[int, str]] = []
    settled: dict[tuple[int, str, int], int] = {}  # (call, stamp, earlier reading) -> the reading a sibling row proved
    for row in rows:
        names = [name for name in STAMPS if name in stamps and stamps[name][row] != MISSING_MS]
        adds = [repeated.get(name, {}).get(row, 0) for name in names]
        early = [int(stamps[name][row]) for name in names]
        readings = _orderly_readings(early, adds)
        for i, name in enumerate(names):
            if not adds[i]:
                continue
            choices = {reading[i] for reading in readings}
            if len(choices) == 1:
                stamps[name][row] = choices.pop()
                settled[int(call[row]), name, early[i]] = int(stamps[name][row])
            else:
                unsettled.append((row, name))
    return [(row, name) for row, name in unsettled if not _from_sibling(stamps, settled, call, row, name)]


def _from_sibling(
    stamps: dict[str, I64], settled: Mapping[tuple[int, str, int], int], call: I32, row: int, name: str
) -> bool:
    """Take what another row of the same call proved about the same stamp of the call."""
    proved = settled.get((int(call[row]), name, int(stamps[name][row]))) if name in CALL_STAMPS else None
    if proved is None:
        return False
    stamps[name][row] = proved
    return True


def _orderly_readings(early: list[int], adds: list[int]) -> list[list[int]]:
    """Every reading of a row in which no stamp runs backwards; empty where there is none.

    Time moves on: once a stamp is read as the later of its two, those behind it are too.
    """
    open_at = [i for i, add in enumerate(adds) if add]
    readings = []
    for first_later in [*open_at, len(early)][::-1]:
        reading = [at + (add if i >= first_later else 0) for i, (at, add) in enumerate(zip(early, adds, strict=True))]
        if all(a <= b for a, b in pairwise(reading)):
            readings.append(reading)
    return readings
