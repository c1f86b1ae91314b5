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
HOUR_MS, DAY_MS = 3_600_000, 86_400_000
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
) -> list[tuple[dict[str, str], NDArray[np.int64]]]:
    """Each group with the places of its members, in the order of the groups' values."""
    number = np.zeros(len(rows), dtype=np.int64)
    labels: list[list[str]] = []
    for dimension in by:
        codes, values = _labelled(history, taken, rows, dimension)
        # The values are numbered by their order, so that groups come out sorted and equal texts are one group.
        known = sorted(set(values))
        place = {value: i for i, value in enumerate(known)}
        ranks = np.array([place[value] for value in values], dtype=np.int64)
        number = number * len(known) + ranks[codes]
        labels.append(known)
    order = np.argsort(number, kind="stable")
    starts = np.flatnonzero(np.diff(number[order], prepend=-1))
    groups = []
    for members in np.split(order, starts[1:]) if len(order) or not by else []:
        rest, group = int(number[members[0]]) if len(members) else 0, {}
        for dimension, known in reversed(list(zip(by, labels, strict=True))):
            rest, rank = divmod(rest, len(known))
            group[dimension] = known[rank]
        groups.append(({dimension: group[dimension] for dimension in by}, members))
    return groups


def _labelled(
    history: History, taken: Spans, rows: NDArray[np.int64], dimension: str
) -> tuple[NDArray[np.int64], list[str]]:
    """(index into the labels for each member, the labels); the last label is "" for where the source was silent."""
    if dimension in CATEGORIES:
        codes = history.categories[dimension]
        return codes.codes[rows].astype(np.int64), [*codes.values, ""]
    wall_ms = Clock(history.time_zone).to_wall(taken.start_ms)
    there = wall_ms != MISSING_MS
    if dimension == HOUR:
        return np.where(there, wall_ms // HOUR_MS % 24, -1), [*(f"{hour:02d}" for hour in range(24)), ""]
    if dimension == WEEKDAY:
        return np.where(there, wall_ms // DAY_MS % 7, -1), [*_WEEKDAYS, ""]
    if dimension == DAY:
        days, codes_of = np.unique(np.where(there, wall_ms // DAY_MS, MISSING_MS // DAY_MS), return_inverse=True)
        labels = [str(day) for day in days.astype("datetime64[D]")]
        return np.where(there, codes_of, -1), [*labels, ""]
    raise KeyError(dimension)


def _kpi(
    of: Interval,
    group: Mapping[str, str],
    taken: Spans,
    members: NDArray[np.int64],
    standards: Sequence[Standard],
    percentiles: Sequence[int],
) -> Kpi:
    start_ms, end_ms = taken.start_ms[members], taken.end_ms[members]
    began, ended = start_ms != MISSING_MS, end_ms != MISSING_MS
    values: I64 = np.sort((end_ms - start_ms)[began & ended])
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
        n_eligible=int(began.sum()),
        n_missing_start=int((~began & ended).sum()),
        n_missing_end=int((began & ~ended).sum()),
        n_backwards=int((values < 0).sum()),
        percentiles_s={p: nearest_rank(values, p) / 1000 for p in percentiles} if len(values) else {},
        attainments=tuple(attainments),
    )
