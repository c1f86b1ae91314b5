"""Drives of units to incidents, with what was known when each was sent: the input of calibration and prediction."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, fields, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from redstick.geo.routing.positions import Point

I32 = NDArray[np.int32]
I64 = NDArray[np.int64]
F64 = NDArray[np.float64]
Bools = NDArray[np.bool_]
Words = NDArray[np.str_]

MISSING_MS = -(2**63)  # a stamp that the source does not have
TOGETHER_MS = 1_000  # units sent within a second of each other are sent together
SHORTEST_S, LONGEST_S = 20, 1800  # outside of these a pair of button presses is no drive
UNKNOWN_STAY_MS = 3_600_000  # a unit whose return is not recorded counts as busy for an hour


@dataclass(frozen=True)
class Runs:
    """What a record says of `n` assignments of units, in any order. Stamps are UTC milliseconds or MISSING_MS.

    `target` is (n, 2) longitude and latitude in 1e-7 degrees, `placed` tells where it is known. `local_ms` is the same
    moment as `received_ms` on the city's own clock: it gives the day and the hour. `first_due` tells whether the
    unit's own station is the one that the record names for the place.
    """

    unit: Words
    incident: Words
    unit_kind: Words
    priority: Words
    call_type: Words
    target: I32
    placed: Bools
    first_due: Bools
    received_ms: I64
    local_ms: I64
    sent_ms: I64
    departed_ms: I64
    arrived_ms: I64
    available_ms: I64

    def __len__(self) -> int:
        return len(self.unit)


@dataclass(frozen=True)
class Trips:
    """`n` drives. What is only known afterwards (`duration_s`) is NaN in a drive that is asked about.

    `previous` is where the unit's last assignment was and `idle_s` how long before it had become available, NaN where
    not known. `rivals` are the home positions of the other units of its kind that were free when it was sent: a unit
    that was sent past a nearer free one was hardly at home.
    """

    origin: I32  # (n, 2) home or last known position, 1e-7 degrees
    target: I32  # (n, 2)
    previous: I32  # (n, 2)
    idle_s: F64
    departed_ms: I64
    sent_ms: I64
    duration_s: F64
    day: I64  # local day, as a number of days: what cross-fitting leaves out
    local_hour: F64
    working_day: Bools  # Monday to Friday, no holiday: the streets are full by day
    unit_kind: Words
    priority: Words
    call_type: Words
    first_due: Bools
    on_scene_before: I64  # units already on scene when this one was sent
    sent_together: I64  # units sent at that moment, this one included
    incident: Words
    rivals: Sequence[tuple[Point, ...]]

    def __len__(self) -> int:
        return len(self.origin)

    def where(self, kept: Bools) -> "Trips":
        """The drives that are marked, (n,), in their order."""
        columns: dict[str, Any] = {
            field.name: getattr(self, field.name)[kept] for field in fields(self) if field.name != "rivals"
        }
        rivals = [self.rivals[i] for i in np.flatnonzero(kept).tolist()]
        return replace(self, **columns, rivals=rivals)


def is_working_day(day: I64, holidays: Collection[int] = ()) -> Bools:
    """Whether days, as numbers since 1970-01-01 (a Thursday), are Monday to Friday and not among the holidays."""
    working: Bools = ((day + 3) % 7 < 5) & ~np.isin(day, sorted(holidays))
    return working


def trips_of(runs: Runs, homes: Mapping[str, Point], holidays: Collection[int] = ()) -> Trips:
    """The drives of a record that can be learned from, in the order of the record.

    `holidays` are local days as numbers of days since 1970-01-01.

    Kept are runs of units with a home, to a known place, with departure and arrival SHORTEST_S to LONGEST_S apart.
    Everything else about a drive is taken from what the record shows before the moment in which the unit was sent.
    """
    duration_s = np.where(
        (runs.departed_ms != MISSING_MS) & (runs.arrived_ms != MISSING_MS),
        (runs.arrived_ms - np.maximum(runs.departed_ms, 0)) / 1000.0,
        np.nan,
    )
    housed = np.array([unit in homes for unit in runs.unit.tolist()], bool)
    kept = housed & runs.placed & (runs.sent_ms != MISSING_MS) & (duration_s >= SHORTEST_S) & (duration_s <= LONGEST_S)
    record = _Record(runs, homes)
    day = runs.local_ms[kept] // 86_400_000
    known = [record.before(i) for i in np.flatnonzero(kept).tolist()]
    return Trips(
        origin=np.array([homes[unit] for unit in runs.unit[kept].tolist()], np.int32).reshape(-1, 2),
        target=runs.target[kept],
        previous=np.array([seen.previous for seen in known], np.int32).reshape(-1, 2),
        idle_s=np.array([seen.idle_s for seen in known], np.float64),
        departed_ms=runs.departed_ms[kept],
        sent_ms=runs.sent_ms[kept],
        duration_s=duration_s[kept],
        day=day,
        local_hour=((runs.local_ms + runs.sent_ms - runs.received_ms)[kept] % 86_400_000) / 3_600_000,
        working_day=is_working_day(day, holidays),
        unit_kind=runs.unit_kind[kept],
        priority=runs.priority[kept],
        call_type=runs.call_type[kept],
        first_due=runs.first_due[kept],
        on_scene_before=np.array([seen.on_scene_before for seen in known], np.int64),
        sent_together=np.array([seen.sent_together for seen in known], np.int64),
        incident=runs.incident[kept],
        rivals=[seen.rivals for seen in known],
    )


@dataclass(frozen=True)
class _Known:
    previous: Point
    idle_s: float
    on_scene_before: int
    sent_together: int
    rivals: tuple[Point, ...]


class _Record:
    """Looks up what a record shows before a run."""

    def __init__(self, runs: Runs, homes: Mapping[str, Point]) -> None:
        self.runs = runs
        self.homes = homes
        self.by_unit = _rows_by(runs.unit)
        self.by_incident = _rows_by(runs.incident)
        kinds: dict[str, dict[str, None]] = {}
        for unit, kind in zip(runs.unit.tolist(), runs.unit_kind.tolist(), strict=True):
            if unit in homes:
                kinds.setdefault(kind, {})[unit] = None
        self.units_of_kind = {kind: sorted(units) for kind, units in kinds.items()}
        stay = np.where(runs.available_ms == MISSING_MS, runs.sent_ms + UNKNOWN_STAY_MS, runs.available_ms)
        self.free_again_ms: I64 = stay

    def before(self, i: int) -> _Known:
        runs, sent_ms = self.runs, int(self.runs.sent_ms[i])
        unit, incident = str(runs.unit[i]), str(runs.incident[i])
        same = self.by_incident[incident]
        arrived_ms = runs.arrived_ms[same]
        previous, idle_s = self._previous(unit, sent_ms)
        free = [
            self.homes[other]
            for other in self.units_of_kind[str(runs.unit_kind[i])]
            if other != unit and not self._busy(other, sent_ms, incident)
        ]
        return _Known(
            previous=previous,
            idle_s=idle_s,
            on_scene_before=int(((arrived_ms != MISSING_MS) & (arrived_ms < sent_ms)).sum()),
            sent_together=int((np.abs(runs.sent_ms[same] - sent_ms) <= TOGETHER_MS).sum()),
            rivals=tuple(free),
        )

    def _previous(self, unit: str, sent_ms: int) -> tuple[Point, float]:
        rows = self.by_unit[unit]
        rows = rows[(self.runs.sent_ms[rows] < sent_ms) & (self.runs.sent_ms[rows] != MISSING_MS)]
        if not len(rows):
            return self.homes[unit], np.nan
        last = rows[np.argmax(self.runs.sent_ms[rows])]
        free_ms = int(self.runs.available_ms[last])
        was_there = self.runs.placed[last] and self.runs.arrived_ms[last] != MISSING_MS
        if free_ms == MISSING_MS or free_ms > sent_ms or not was_there:
            return self.homes[unit], np.nan
        x, y = self.runs.target[last].tolist()
        return (x, y), (sent_ms - free_ms) / 1000

    def _busy(self, unit: str, at_ms: int, incident: str) -> bool:
        """On another incident, or sent to this one by now."""
        rows = self.by_unit[unit]
        sent_ms = self.runs.sent_ms[rows]
        working = (sent_ms < at_ms - TOGETHER_MS) & (self.free_again_ms[rows] > at_ms)
        sent_here = (self.runs.incident[rows] == incident) & (sent_ms <= at_ms)
        return bool(((working | sent_here) & (sent_ms != MISSING_MS)).any())


def _rows_by(words: Words) -> dict[str, I64]:
    rows: dict[str, list[int]] = {}
    for i, word in enumerate(words.tolist()):
        rows.setdefault(word, []).append(i)
    return {word: np.array(found, np.int64) for word, found in rows.items()}
