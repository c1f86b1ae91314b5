"""Measuring a history: percentiles with their n, what ran backwards, what is missing."""

import math
from collections.abc import Mapping, Sequence

import numpy as np
from numpy.typing import NDArray

from redstick.dispatch.history.clocks import Clock
from redstick.dispatch.history.model import CATEGORIES, I64, MISSING_MS, STAMPS, History
from redstick.dispatch.kpi.intervals import INTERVALS, Spans, spans
from redstick.dispatch.kpi.model import PERCENTILES, Attainment, Interval, Kpi, Standard, Violation

HOUR, DAY, WEEKDAY = "hour", "day", "weekday"  # of the moment the interval began, by the city's clock
_WEEKDAYS = ("Thursday", "Friday", "Saturday", "Sunday", "Monday", "Tuesday", "Wednesday")  # 1970 began on a Thursday


def nearest_rank(sorted_values: NDArray[np.int64], percent: int) -> int:
    """The smallest value that at least `percent` percent of the values do not exceed; of a sorted, filled array."""
    return int(sorted_values[max(1, math.ceil(percent * len(sorted_values) / 100)) - 1])


def measure(
    history: History,
    intervals: Sequence[Interval] | None = None,
    *,
    by: Sequence[str] = (),
    standards: Sequence[Standard] = (),
    percentiles: Sequence[int] = PERCENTILES,
    where: NDArray[np.bool_] | None = None,
) -> list[Kpi]:
    """Every interval over every group, in the order of the intervals and then of the groups' values.

    `intervals` None means those whose two stamps the history has. `by` names categories and "hour", "day" or
    "weekday"; `where` (n,) leaves rows out before anything is measured. A call stands in the group of its first row.
    Raises KeyError for a dimension that is not known.
    """
    chosen = measurable(history) if intervals is None else intervals
    found = []
    for of in chosen:
        taken = spans(_only(history, where), of)
        rows = taken.row if where is None else np.flatnonzero(where)[taken.row]
        for group, members in _groups(history, taken, rows, by):
            found.append(_kpi(of, group, taken, members, standards, percentiles))
    return found


def measurable(history: History) -> list[Interval]:
    """The intervals of which the source has both stamps."""
    return [of for of in INTERVALS if of.start in history.mapped and of.end in history.mapped]


def order_violations(history: History, sequence: Sequence[str] = STAMPS) -> list[Violation]:
    """Neighbouring stamps of a row that stand in the wrong order, by row; a stamp that is missing is passed over.

    `closed` is of the call, not of the unit, and is compared with the rest only where it is the only later stamp.
    """
    rows: list[tuple[int, int, str, str, int]] = []
    last_ms = np.full(len(history), MISSING_MS, dtype=np.int64)
    last_name = np.full(len(history), -1, dtype=np.int8)
    for place, name in enumerate(sequence):
        stamps_ms = history.stamps[name]
        there = stamps_ms != MISSING_MS
        back = there & (last_ms != MISSING_MS) & (stamps_ms < last_ms)
        rows += [
            (int(row), place, sequence[int(last_name[row])], name, int(last_ms[row] - stamps_ms[row]))
            for row in np.flatnonzero(back)
        ]
        last_ms = np.where(there, stamps_ms, last_ms)
        last_name = np.where(there, place, last_name).astype(np.int8)
    return [
        Violation(row, int(history.row_number[row]), earlier, later, by_ms / 1000)
        for row, _, earlier, later, by_ms in sorted(rows)
    ]


def missing_stamps(history: History) -> dict[str, int]:
    """How many rows lack each stamp that the source has."""
    return {name: int((history.stamps[name] == MISSING_MS).sum()) for name in STAMPS if name in history.mapped}


def _only(history: History, where: NDArray[np.bool_] | None) -> History:
    return history if where is None else history.where(where)


def _groups(
    history: History, taken: Spans, rows: NDArray[np.int64], by: Sequence[str]
) -> list[tuple[dict[str, str], NDArray[np.bool_]]]:
    if not by:
        return [({}, np.ones(len(rows), dtype=np.bool_))]
    labels = [_labels(history, taken, rows, dimension) for dimension in by]
    keys = sorted(set(zip(*labels, strict=True)))
    columns = [np.array(label, dtype=object) for label in labels]
    groups = []
    for key in keys:
        members = np.ones(len(rows), dtype=np.bool_)
        for column, value in zip(columns, key, strict=True):
            members &= column == value
        groups.append((dict(zip(by, key, strict=True)), members))
    return groups


def _labels(history: History, taken: Spans, rows: NDArray[np.int64], dimension: str) -> list[str]:
    if dimension in CATEGORIES:
        codes = history.categories[dimension]
        return [codes.values[code] if code >= 0 else "" for code in codes.codes[rows]]
    wall_ms = Clock(history.time_zone).to_wall(taken.start_ms)
    there = wall_ms != MISSING_MS
    if dimension == HOUR:
        return [f"{hour:02d}" if ok else "" for hour, ok in zip(wall_ms // 3_600_000 % 24, there, strict=True)]
    if dimension == WEEKDAY:
        return [_WEEKDAYS[day] if ok else "" for day, ok in zip(wall_ms // 86_400_000 % 7, there, strict=True)]
    if dimension == DAY:
        days = np.where(there, wall_ms // 86_400_000, 0).astype("datetime64[D]")
        return [str(day) if ok else "" for day, ok in zip(days, there, strict=True)]
    raise KeyError(dimension)


def _kpi(
    of: Interval,
    group: Mapping[str, str],
    taken: Spans,
    members: NDArray[np.bool_],
    standards: Sequence[Standard],
    percentiles: Sequence[int],
) -> Kpi:
    used = taken.used & members
    values: I64 = np.sort((taken.end_ms - taken.start_ms)[used])
    attainments = []
    for standard in standards:
        if standard.interval == of.name:
            n_within = int(((values >= 0) & (values <= standard.within_s * 1000)).sum())
            met = n_within * 100 >= standard.percent * len(values) if len(values) else None
            attainments.append(Attainment(standard, n_within, len(values), met))
    return Kpi(
        interval=of,
        group=group,
        n_used=len(values),
        n_eligible=int((taken.eligible & members).sum()),
        n_missing_start=int((~taken.eligible & (taken.end_ms != MISSING_MS) & members).sum()),
        n_missing_end=int((taken.eligible & ~taken.used & members).sum()),
        n_backwards=int((taken.backwards & members).sum()),
        percentiles_s={p: nearest_rank(values, p) / 1000 for p in percentiles} if len(values) else {},
        attainments=tuple(attainments),
    )
