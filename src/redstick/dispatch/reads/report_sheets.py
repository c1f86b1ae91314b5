"""The tables of a report, once: shown on the page, written as CSV.

A cell that a spreadsheet would take for a formula is written as text, with an apostrophe before it.
"""

import csv
import io
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal, NamedTuple

from redstick.dispatch.kpi import Standard
from redstick.dispatch.reads.report_model import Grouping, Measured, Report, Sample
from redstick.dispatch.reads.report_words import STAMP_WORDS, clock

Kind = Literal["text", "count", "seconds", "share", "range", "number"]
Range = tuple[float | None, float | None]
Value = str | int | float | Range | None

TOO_FEW = "too few"
P95_MIN = 72  # the first n with 0.95 ** n under 2.5 %: below it no interval on the 95th percentile exists
FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r", "\n")
FEW_NOTE = (
    "“Likely range” encloses the true ninetieth percentile with at least 95 % confidence, by order statistics. "
    "“Too few”: under 36 times nothing can be said of the slowest tenth, under 72 of the slowest twentieth."
)


class Column(NamedTuple):
    """A column: its heading for people, its name for machines (units last), and what its values are."""

    head: str
    name: str
    kind: Kind = "text"


@dataclass(frozen=True)
class Sheet:
    """A table of raw values; seconds stay seconds here."""

    name: str  # of its file
    caption: str
    columns: Sequence[Column]
    rows: Sequence[Sequence[Value]]
    note: str = ""


def sheets(report: Report) -> list[Sheet]:
    """Every table of the report, in the order of the page."""
    found = [_hours(report), _days(report), overview(report)]
    if report.standards:
        found.append(attainments(report, report.measured))
    found += [grouping_sheet(grouping) for grouping in report.groupings]
    found += [disorders(report), examples(report), columns(report), doubts(report)]
    return [sheet for sheet in found if sheet.rows]


def overview(report: Report) -> Sheet:
    """Each interval with its percentiles and its n."""
    rows: list[Sequence[Value]] = []
    for one in report.measured:
        sample, kpi = one.sample, one.kpi
        p95_s: Value = sample.p95_s if sample.n_used >= P95_MIN or not sample.n_used else TOO_FEW
        row: list[Value] = [one.interval.title, sample.p50_s, *_slowest_tenth(sample), p95_s]
        rows.append([*row, sample.n_used, sample.n_eligible, kpi.n_missing_end, kpi.n_backwards])
    columns = [
        Column("Interval", "interval"),
        Column("Half within", "p50_s", "seconds"),
        Column("Nine of ten within", "p90_s", "seconds"),
        Column("Likely range", "p90", "range"),
        Column("95 % within", "p95_s", "seconds"),
        Column("Times used", "n_used", "count"),
        Column("Began", "n_eligible", "count"),
        Column("Without an end", "n_missing_end", "count"),
        Column("Backwards", "n_backwards", "count"),
    ]
    return Sheet("intervals", "Every interval", columns, rows, FEW_NOTE)


def attainments(report: Report, measured: Sequence[Measured]) -> Sheet:
    """Each standard beside what was found."""
    rows: list[Sequence[Value]] = []
    for one in measured:
        for found in one.kpi.attainments:
            standard = found.standard
            rows.append(
                [
                    standard_name(standard),
                    standard.scope,
                    one.interval.title,
                    f"{standard.percent} % within {standard.within_s} s",
                    found.share,
                    found.n_used,
                    "–" if found.met is None else "reached" if found.met else "not reached",
                ]
            )
    columns = [
        Column("Standard, edition", "standard"),
        Column("It speaks of", "scope"),
        Column("Measured on", "interval"),
        Column("It asks", "asked"),
        Column("Found within", "share_within", "share"),
        Column("Times used", "n_used", "count"),
        Column("Its share is", "reached"),
    ]
    note = (
        "Found within is the share of all times measured here, not only of those that the standard speaks of"
        + (f" (rows chosen: {report.only})." if report.only else ".")
        + " It becomes a verdict only when the rows are the ones meant."
    )
    return Sheet("standards", "Beside the standards", columns, rows, note)


def standard_name(standard: Standard) -> str:
    """Name and edition; what nobody has read says so."""
    return f"{standard.name}, {standard.edition}" + ("" if standard.verified else " (remembered, not read: unverified)")


def likely(sample: Sample) -> Value:
    """The interval on the 90th percentile, or that there are too few values for one."""
    if not sample.n_used:
        return None
    return (sample.p90_low_s, sample.p90_high_s) if sample.can_say_p90 else TOO_FEW


def grouping_sheet(grouping: Grouping) -> Sheet:
    """A dimension's groups: the main interval in full, the others by their slowest tenth."""
    main, others = grouping.intervals[:1], grouping.intervals[1:]
    whole = sum(group.n for group in grouping.groups)
    columns = [
        Column(grouping.title.removeprefix("By ").capitalize(), grouping.dimension),
        Column("Calls" if grouping.per == "call" else "Responses", "n", "count"),
        Column("Share", "share", "share"),
    ]
    for of in main:
        columns += [
            Column(f"{of.title}: half within", f"{of.name}_p50_s", "seconds"),
            Column("nine of ten within", f"{of.name}_p90_s", "seconds"),
            Column("likely range", f"{of.name}_p90", "range"),
            Column("times used", f"{of.name}_n_used", "count"),
        ]
    for of in others:
        columns += [
            Column(f"{of.title}: nine of ten within", f"{of.name}_p90_s", "seconds"),
            Column("times used", f"{of.name}_n_used", "count"),
        ]
    rows: list[Sequence[Value]] = []
    for group in grouping.groups:
        row: list[Value] = [group.value or "(not said)", group.n, group.n / whole]
        for of in main:
            sample = group.samples[of.name]
            row += [sample.p50_s, *_slowest_tenth(sample), sample.n_used]
        for of in others:
            sample = group.samples[of.name]
            row += [_slowest_tenth(sample)[0], sample.n_used]
        rows.append(row)
    return Sheet(f"by_{grouping.dimension}", grouping.title, columns, rows, FEW_NOTE if main else "")


def _slowest_tenth(sample: Sample) -> tuple[Value, Value]:
    if not sample.n_used:
        return None, None
    return (sample.p90_s, likely(sample)) if sample.can_say_p90 else (TOO_FEW, None)


def disorders(report: Report) -> Sheet:
    """Pairs of stamps that stand in the wrong order."""
    rows: list[Sequence[Value]] = [
        [f"{STAMP_WORDS[pair.later]} before {STAMP_WORDS[pair.earlier]}", pair.n, pair.worst_s]
        for pair in report.disorders
    ]
    columns = [Column("Pair", "pair"), Column("Rows", "n", "count"), Column("At worst by", "worst_s", "seconds")]
    return Sheet("backwards", "Which times run backwards", columns, rows)


def examples(report: Report) -> Sheet:
    """The first rows of each such pair, by their number in the file."""
    rows: list[Sequence[Value]] = [
        [str(row.row_number), f"{STAMP_WORDS[row.later]} before {STAMP_WORDS[row.earlier]}", row.backwards_s]
        for pair in report.disorders
        for row in pair.examples
    ]
    note = "Rows are counted as the file's own lines or rows are, the heading included."
    columns = [Column("Row", "row"), Column("What stands there", "pair"), Column("By", "by_s", "seconds")]
    return Sheet("backwards_examples", "The first of each, to look up", columns, rows, note)


def columns(report: Report) -> Sheet:
    """What each column was taken for, and how many rows are silent."""
    rows: list[Sequence[Value]] = [
        [source, name.replace("_", " "), report.missing.get(name)] for name, source in report.columns
    ]
    heads = [
        Column("Column of the export", "column"),
        Column("Taken for", "taken_for"),
        Column("Rows without a time", "n_missing", "count"),
    ]
    return Sheet("columns", "How the columns were read", heads, rows)


DOUBTS = {
    "not_a_time": "not a time in any of the forms named",
    "not_a_place": "not a position on earth",
    "dst_ambiguous": "in the hour that the clocks repeat; the earlier was taken",
    "dst_skipped": "in the hour that the clocks leave out",
    "differs": "a repeated row says something else; the later was taken",
    "backwards": "a look at the feed older than the one before it",
}
REFUSALS = {
    "too_few_fields": "fewer cells than the heading",
    "too_many_fields": "more cells than the heading",
    "torn": "the file ends in the middle of the row",
    "nul_bytes": "zero bytes: this is not text",
    "no_call": "names no call",
    "no_unit": "names no unit",
    "not_a_record": "not a record",
}


def doubts(report: Report) -> Sheet:
    """Cells that were doubted, and rows that were refused."""
    rows: list[Sequence[Value]] = [[column, DOUBTS.get(reason, reason), n] for column, reason, n in report.doubted]
    rows += [[f"row {row}", REFUSALS.get(reason, reason), 1] for row, _, reason, _ in report.refused]
    heads = [Column("Where", "where"), Column("What", "what"), Column("How many", "n", "count")]
    return Sheet("doubts", "Cells doubted and rows refused", heads, rows)


def _hours(report: Report) -> Sheet:
    rows = [[f"{hour:02d}:00", mean] for hour, mean in enumerate(report.volume.by_hour)]
    columns = [Column("Hour", "hour"), Column("Calls in that hour of a day, mean", "calls_mean", "number")]
    return Sheet("volume_by_hour", "Calls by hour of the day", columns, rows)


def _days(report: Report) -> Sheet:
    rows = [[day.date, day.calls, "" if day.whole else "part of a day"] for day in report.volume.days]
    columns = [Column("Day", "date"), Column("Calls", "calls", "count"), Column("Remark", "remark")]
    return Sheet("volume_by_day", "Calls by day", columns, rows)


def shown(value: Value, kind: Kind) -> str | int | float | None:
    """A value as the page shows it: times as m:ss, ranges as one text, shares in percent."""
    if isinstance(value, tuple):
        return " to ".join(clock(end) or "–" for end in value)
    if isinstance(value, str) or value is None:
        return value
    if kind == "seconds":
        return clock(value)
    if kind == "share":
        return "<0.1 %" if 0 < value < 0.001 else f"{100 * value:.1f} %"
    return value


def csv_text(sheet: Sheet) -> str:
    """The sheet as RFC 4180 text (CRLF); a range becomes two columns, times are in seconds, text is no formula."""
    out = io.StringIO()
    writer = csv.writer(out)
    head: list[str] = []
    for column in sheet.columns:
        head += [f"{column.name}_low_s", f"{column.name}_high_s"] if column.kind == "range" else [column.name]
    writer.writerow(head)
    for row in sheet.rows:
        cells: list[str | int | float] = []
        for value, column in zip(row, sheet.columns, strict=True):
            cells += _written(value, column.kind)
        writer.writerow(cells)
    return out.getvalue()


def _written(value: Value, kind: Kind) -> list[str | int | float]:
    if kind == "range":
        low, high = value if isinstance(value, tuple) else (None, None)
        return ["" if end is None else end for end in (low, high)]
    if value is None or isinstance(value, tuple) or (kind != "text" and isinstance(value, str)):
        return [""]
    return [harmless(value) if isinstance(value, str) else round(value, 4)]


def harmless(cell: str) -> str:
    """The cell with an apostrophe before it where a spreadsheet would take it for a formula."""
    return f"'{cell}" if cell.startswith(FORMULA_STARTS) else cell
