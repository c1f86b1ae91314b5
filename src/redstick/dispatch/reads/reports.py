"""From a history to a report: which figures are taken, of whom, and beside which standards.

Percentiles are nearest rank and always carry their n; no mean of a response time is ever shown. Standards are those
that were read in a published text, unless one is asked for by name.
"""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from redstick.dispatch.history import MISSING_CODE, History
from redstick.dispatch.history.clocks import Clock
from redstick.dispatch.history.column_map import ColumnMap
from redstick.dispatch.history.model import REFUSALS
from redstick.dispatch.kpi import (
    STANDARDS,
    Interval,
    Spans,
    Standard,
    Violation,
    interval,
    measurable,
    measure,
    missing_stamps,
    order_violations,
    spans,
)
from redstick.dispatch.reads.report_cautions import cautions
from redstick.dispatch.reads.report_model import Disorder, Group, Grouping, Measured, Report
from redstick.dispatch.reads.report_samples import curve, samples
from redstick.dispatch.reads.report_volume import HOUR_MS, volume

# Travel is left out: its thresholds speak of a first engine or an ALS unit, which an export seldom tells apart.
BY_DEFAULT = ("answer", "processing", "turnout")
MAIN_OF_A_CALL = ("response", "call_to_dispatch", "queue", "processing", "answer", "entry", "call_time")
SECOND_OF_A_CALL = ("processing", "call_to_dispatch", "queue", "answer", "entry")
OF_A_UNIT = ("turnout", "travel")
AREAS = ("station_area", "battalion", "area", "municipality")
AREAS_SHOWN = 2
EXAMPLES = 5
REFUSED_SHOWN = 20
GROUP_MIN = 36  # from so many values on, something can be said of the slowest tenth

_TITLES = {
    "priority": "By priority",
    "call_type": "By type of call",
    "agency": "By agency",
    "station_area": "By station area",
    "battalion": "By battalion",
    "area": "By area",
    "municipality": "By municipality",
    "hour": "By hour of the day",
    "unit_kind": "By kind of unit",
    "unit": "By unit",
}


class UnknownStandardError(Exception):
    """No standard has this id, name, or name with edition; `known` lists the ids."""

    def __init__(self, name: str) -> None:
        self.known = [standard.id for standard in STANDARDS]
        super().__init__(f"there is no standard {name!r}; there are: {', '.join(self.known)}")


def choose_standards(names: Sequence[str]) -> tuple[Standard, ...]:
    """The standards of these ids, names ("NFPA 1710") or names with edition ("NFPA 1710 2020"), in the house's order.

    Without names: the verified ones of `BY_DEFAULT`. An unverified one is chosen only by its own id. Raises
    UnknownStandardError.
    """
    if not names:
        return tuple(standard for standard in STANDARDS if standard.verified and standard.interval in BY_DEFAULT)
    chosen: set[str] = set()
    for name in names:
        wanted = _plain(name)
        found = [
            standard.id
            for standard in STANDARDS
            if wanted == _plain(standard.id)
            or (standard.verified and wanted in {_plain(standard.name), _plain(f"{standard.name} {standard.edition}")})
        ]
        if not found:
            raise UnknownStandardError(name)
        chosen.update(found)
    return tuple(standard for standard in STANDARDS if standard.id in chosen)


def _plain(name: str) -> str:
    return "".join(letter for letter in name.lower() if letter.isalnum())


def make_report(
    history: History,
    column_map: ColumnMap,
    *,
    file: str,
    digest: str = "",
    standards: Sequence[Standard] = (),
    guesses: Sequence[str] = (),
    only: str = "",
    zone_named: bool = True,
) -> Report:
    """Every figure of a report; `file` is the name to show, `only` says in words how rows were chosen before.

    `zone_named` is False where nobody said in which time zone the clocks are, and times are taken as written.
    """
    calls = spans(history, Interval("call", "", "call", _first_stamp(history), _first_stamp(history)))
    when = volume(calls.start_ms, history.time_zone)
    measured = tuple(_measured(history, of, standards) for of in measurable(history))
    disorders = _disorders(order_violations(history))
    return Report(
        title=history.source,
        file=file,
        digest=digest,
        one_row_per=history.one_row_per,
        time_zone=history.time_zone if zone_named else "",
        only=only,
        calls=len(calls.row),
        incidents=_distinct(history.incident.codes),
        responses=int((history.unit.codes != MISSING_CODE).sum()),
        units=_distinct(history.unit.codes),
        rows_read=history.counts.read,
        rows_refused=history.counts.refused,
        rows_merged=history.counts.merged,
        first_day=when.days[0].date if when.days else "",
        last_day=when.days[-1].date if when.days else "",
        volume=when,
        measured=measured,
        groupings=(*_call_groupings(history, calls), *_unit_groupings(history)),
        disorders=disorders,
        standards=tuple(standards),
        missing=missing_stamps(history),
        rows=len(history),
        columns=_columns(column_map),
        doubted=tuple((column, reason, n) for (column, reason), n in sorted(history.counts.doubted.items())),
        refused=tuple((row.row, row.column, row.reason, row.text) for row in history.listed if row.reason in REFUSALS)[
            :REFUSED_SHOWN
        ],
        cautions=tuple(
            cautions(
                history,
                when,
                sum(pair.n for pair in disorders),
                has_standards=any(one.kpi.attainments for one in measured),
                zone_named=zone_named,
                not_compared=_not_compared(standards, measured),
            )
        ),
        guesses=tuple(guesses),
    )


def _not_compared(standards: Sequence[Standard], measured: Sequence[Measured]) -> list[str]:
    """Standards that speak of an interval this history cannot measure, each edition once, with the interval."""
    known = {one.interval.name for one in measured}
    said = [f"{one.name}, {one.edition} ({one.interval})" for one in standards if one.interval not in known]
    return list(dict.fromkeys(said))


def _first_stamp(history: History) -> str:
    """The earliest moment that the source tells of a call."""
    known = [name for name in ("received", "answered", "entered", "dispatched") if name in history.mapped]
    return known[0] if known else "received"


def _distinct(codes: NDArray[np.int32]) -> int:
    return len(np.unique(codes[codes != MISSING_CODE]))


def _columns(column_map: ColumnMap) -> tuple[tuple[str, str], ...]:
    """What each column of the source was taken for."""
    rows = [(name, " + ".join(columns)) for name, columns in column_map.categories.items()]
    rows += [(name, " + ".join(stamp.columns)) for name, stamp in column_map.stamps.items()]
    if column_map.place.columns:
        rows.append(("position", " + ".join(column_map.place.columns)))
    return tuple(rows)


def _measured(history: History, of: Interval, standards: Sequence[Standard]) -> Measured:
    """One interval over everything; the curve reaches as far as the slowest threshold asked of it."""
    [kpi] = measure(history, [of], standards=standards)
    taken = spans(history, of)
    everything = np.zeros(len(taken.row), dtype=np.int32)
    reach_s = max((standard.within_s for standard in standards if standard.interval == of.name), default=0)
    return Measured(kpi, samples(taken, everything, 1)[0], curve(taken, reach_s * 1.1))


def _call_groupings(history: History, calls: Spans) -> list[Grouping]:
    """Priority, type, agency, two areas and the hour; a call stands in the group of its first row."""
    known = measurable(history)
    main = [interval(name) for name in MAIN_OF_A_CALL if interval(name) in known][:1]
    second = [interval(name) for name in SECOND_OF_A_CALL if interval(name) in known and interval(name) not in main]
    intervals = (*main, *second[:1])
    taken = [spans(history, of) for of in intervals]
    groupings = []
    for dimension in ("priority", "call_type", "agency", *_areas(history, calls)):
        codes = history.categories[dimension].codes[calls.row]
        values = [*history.categories[dimension].values, ""]
        groupings.append(_grouping(dimension, "call", intervals, taken, codes, values))
    if intervals and calls.eligible.any():
        hour = Clock(history.time_zone).to_wall(calls.start_ms) // HOUR_MS % 24
        codes = np.where(calls.eligible, hour, MISSING_CODE).astype(np.int32)
        values = [*(f"{hour:02d}:00" for hour in range(24)), ""]
        by_hour = _grouping("hour", "call", intervals, taken, codes, values)
        groups = tuple(sorted(by_hour.groups, key=lambda group: (group.value == "", group.value)))
        groupings.append(Grouping("hour", by_hour.title, "call", intervals, groups))
    return [grouping for grouping in groupings if len(grouping.groups) > 1]


def _areas(history: History, calls: Spans) -> list[str]:
    """The areas with the most groups large enough to speak of; a dimension of thousands of boxes says less."""
    ranked = []
    for place, name in enumerate(AREAS):
        if name in history.mapped:
            codes = history.categories[name].codes[calls.row]
            sizes = np.bincount(codes[codes != MISSING_CODE])
            enough = int((sizes >= GROUP_MIN).sum())
            ranked.append((-enough, place, name))
    return [name for _, _, name in sorted(ranked)[:AREAS_SHOWN]]


def _unit_groupings(history: History) -> list[Grouping]:
    """Kinds of unit and units, by what each row says of the unit's own part."""
    known = measurable(history)
    intervals = tuple(interval(name) for name in OF_A_UNIT if interval(name) in known)
    if not intervals and interval("unit_response") in known:
        intervals = (interval("unit_response"),)
    taken = [spans(history, of) for of in intervals]
    here = history.unit.codes != MISSING_CODE
    groupings = []
    for dimension in ("unit_kind", "unit"):
        codes = np.where(here, history.categories[dimension].codes, MISSING_CODE - 1).astype(np.int32)
        values = [*history.categories[dimension].values, ""]
        groupings.append(_grouping(dimension, "unit", intervals, taken, codes, values))
    return [grouping for grouping in groupings if len(grouping.groups) > 1]


def _grouping(
    dimension: str,
    per: str,
    intervals: tuple[Interval, ...],
    taken: Sequence[Spans],
    codes: NDArray[np.int32],
    values: Sequence[str],
) -> Grouping:
    """Groups by code, the largest first, ties by value; the last value stands for the silent, below it is left out."""
    n_groups = len(values)
    last = np.int32(n_groups - 1)
    placed = np.where(codes == MISSING_CODE, last, np.where(codes < MISSING_CODE, MISSING_CODE, codes)).astype(np.int32)
    sizes = np.bincount(placed[placed >= 0], minlength=n_groups)
    found = {of.name: samples(span, placed, n_groups) for of, span in zip(intervals, taken, strict=True)}
    groups = [
        Group(values[i], int(sizes[i]), {name: column[i] for name, column in found.items()})
        for i in range(n_groups)
        if sizes[i]
    ]
    groups.sort(key=lambda group: (-group.n, group.value))
    return Grouping(dimension, _TITLES[dimension], per, intervals, tuple(groups))


def _disorders(violations: Sequence[Violation]) -> tuple[Disorder, ...]:
    """Pairs of stamps, the most frequent first, each with its first few rows."""
    pairs: dict[tuple[str, str], list[Violation]] = {}
    for violation in violations:
        pairs.setdefault((violation.earlier, violation.later), []).append(violation)
    found = [
        Disorder(earlier, later, len(rows), max(row.backwards_s for row in rows), tuple(rows[:EXAMPLES]))
        for (earlier, later), rows in pairs.items()
    ]
    return tuple(sorted(found, key=lambda pair: (-pair.n, pair.earlier, pair.later)))
