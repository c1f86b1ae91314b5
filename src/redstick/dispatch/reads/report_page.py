"""The report as one page for a chief to put before a council: first a sentence, then the picture, then the table."""

from collections.abc import Iterator

from redstick import __version__
from redstick.dispatch.reads.report_model import Grouping, Measured, Report
from redstick.dispatch.reads.report_sheets import (
    Sheet,
    attainments,
    columns,
    disorders,
    doubts,
    examples,
    grouping_sheet,
    overview,
    shown,
    standard_name,
)
from redstick.dispatch.reads.report_words import (
    WEEKDAYS,
    clock,
    count,
    day_short,
    day_words,
    hour_words,
    period_words,
    share,
    spoken,
)
from redstick.pages.charts import bars, heat, intervals, lines, steps
from redstick.pages.document import Document, Section
from redstick.pages.markup import Html, bullets, coded, element, paragraph
from redstick.pages.tables import table

PICTURED = ("answer", "processing", "queue", "call_to_dispatch", "turnout", "travel", "response")
LONG_INTERVAL_S = 240  # slower than this at the ninetieth percentile is drawn in minutes
BANDS_MOST = 24
DAYS_AS_BARS = 45
ROWS_MOST = 400  # of one table on the page; the rest is in the CSV


def page(report: Report) -> Document:
    """The whole report as a document."""
    sections = [
        Section("In short", [bullets(list(_in_short(report)))]),
        _volume(report),
        _speed(report),
        *(_grouping(grouping) for grouping in report.groupings),
        _disorder(report),
        _limits(report),
        _method(report),
    ]
    return Document(
        title=report.title,
        subtitle=f"{'Calls and response times' if report.measured else 'Calls'}, "
        + period_words(report.first_day, report.last_day)
        + (f". Only rows with {report.only}." if report.only else ""),
        facts=_facts(report),
        sections=[section for section in sections if section is not None],
        footer=f"Made by Redstick {__version__} from {report.file}"
        + (f" (SHA-256 {report.digest})" if report.digest else "")
        + ". The same file gives the same report.",
    )


def _facts(report: Report) -> list[tuple[str, str]]:
    facts = [("Calls", f"{report.calls:,}")]
    if report.incidents != report.calls:
        facts.append(("Incidents", f"{report.incidents:,}"))
    if report.units:
        facts += [("Unit responses", f"{report.responses:,}"), ("Units", f"{report.units:,}")]
    if report.volume.days:
        facts.append(("Calls a day", f"{_calls_a_day(report):,.0f}" if _calls_a_day(report) else "–"))
    headline = _headline(report)
    if headline is not None and headline.sample.can_say_p90:
        facts.append(("Nine of ten reached within", clock(headline.sample.p90_s) or "–"))
    facts.append(("Time zone", report.time_zone.replace("_", " ").replace("/", " / ") or "not named"))
    return facts


def _calls_a_day(report: Report) -> float:
    """Calls per day over the whole days, or over the period where none is whole."""
    whole = [day.calls for day in report.volume.days if day.whole] or [day.calls for day in report.volume.days]
    return sum(whole) / len(whole)


def _headline(report: Report) -> Measured | None:
    """What a caller feels: received to the first unit on scene."""
    return next((one for one in report.measured if one.interval.name == "response" and one.sample.n_used), None)


def _in_short(report: Report) -> Iterator[str]:
    """The few sentences that a reader takes away."""
    volume = report.volume
    if volume.days:
        known = [(mean, hour) for hour, mean in enumerate(volume.by_hour) if mean is not None]
        busiest, quietest = max(known, key=lambda pair: (pair[0], -pair[1])), min(known)
        yield (
            f"{count(report.calls, 'call')} in {count(len(volume.days), 'day')}, about {_calls_a_day(report):,.0f} "
            f"a day. The busiest hour is {hour_words(busiest[1])} ({busiest[0]:,.1f} calls in that hour of a day), the "
            f"quietest {hour_words(quietest[1])} ({quietest[0]:,.1f})."
        )
    for one in report.measured:
        if one.interval.name in {"response", "call_to_dispatch", "turnout", "answer"} and one.sample.n_used:
            found = " ".join(_standard_words(one))
            yield f"{_SUBJECTS[one.interval.name]}: {_percentile_words(one)}. {found}".rstrip()
    if not report.measured:
        yield "The export says when calls came in and nothing of how they were answered: no response time can be given."
    bad = sum(pair.n for pair in report.disorders)
    if bad:
        yield f"{count(bad, 'pair')} of times {'runs' if bad == 1 else 'run'} backwards; the rows are listed below."
    if report.guesses:
        yield "What each column means was guessed. Check the list at the end before quoting a figure."


_SUBJECTS = {
    "answer": "From ring to answer",
    "call_to_dispatch": "From call to the first unit alerted",
    "turnout": "From alert to wheels rolling",
    "response": "From call to the first unit on scene",
}


def _percentile_words(one: Measured) -> str:
    """Half within, nine of ten within, and of how many."""
    sample = one.sample
    used = f"{sample.n_used:,} of {sample.n_eligible:,} that began"
    if not sample.can_say_p90:
        return f"half within {spoken(sample.p50_s)}; too few times to say more ({used})"
    return f"half within {spoken(sample.p50_s)}, nine of ten within {spoken(sample.p90_s)} ({used})"


def _standard_words(one: Measured) -> Iterator[str]:
    """What the latest edition asks and what share was found; the table has all of them."""
    told = [found for found in one.kpi.attainments if found.share is not None]
    latest = max((found.standard.edition for found in told), default="")
    for found in told:
        standard = found.standard
        if standard.edition == latest:
            yield (
                f"{share(found.n_within, found.n_used)} were within {standard.within_s} s; {standard_name(standard)}, "
                f"asks {standard.percent} % of {standard.scope}."
            )


def _volume(report: Report) -> Section | None:
    volume = report.volume
    if not volume.days:
        return None
    known = [(mean, hour) for hour, mean in enumerate(volume.by_hour) if mean is not None]
    busiest = max(known, key=lambda pair: (pair[0], -pair[1]))
    mean = sum(value for value, _ in known) / len(known)
    body: list[Html] = [
        bars(
            "Calls by hour of the day",
            [f"{hour:02d}" for hour in range(24)],
            [None if value is None else round(value, 2) for value in volume.by_hour],
            "calls in that hour, mean of all days",
            f"The day peaks from {hour_words(busiest[1])} with {busiest[0]:,.1f} calls.",
            (mean, f"the day's mean, {mean:,.1f} calls an hour"),
        ),
        _by_day(report),
    ]
    cells = [
        (value, day, hour)
        for day, row in enumerate(volume.by_weekday_hour)
        for hour, value in enumerate(row)
        if value is not None
    ]
    top, day, hour = max(cells, key=lambda cell: (cell[0], -cell[1], -cell[2]))
    body.append(
        heat(
            "Calls by hour of the week",
            [name[:3] for name in WEEKDAYS],
            [f"{hour:02d}" for hour in range(24)],
            [[None if value is None else round(value, 2) for value in row] for row in volume.by_weekday_hour],
            "calls in that hour, mean",
            f"The stronger the colour, the more calls. The busiest hour of the week is {WEEKDAYS[day]} "
            f"{hour_words(hour)} with {top:,.1f} calls.",
        )
    )
    return Section("How many calls, and when", body)


def _by_day(report: Report) -> Html:
    days = report.volume.days
    partial = [day_words(day.date) for day in days if not day.whole]
    remark = f" Only part of {' and of '.join(partial)} is in the file." if partial else ""
    whole = [day for day in days if day.whole] or list(days)
    most = max(whole, key=lambda day: (day.calls, day.date))
    least = min(whole, key=lambda day: (day.calls, day.date))
    text = (
        f"Most on {day_words(most.date)} ({most.calls:,}), fewest on {day_words(least.date)} ({least.calls:,}).{remark}"
    )
    counts = [day.calls for day in days]
    if len(days) <= DAYS_AS_BARS:
        return bars("Calls by day", [day_short(day.date) for day in days], counts, "calls", text)
    return lines("Calls by day", [day.date for day in days], {"Calls": counts}, "day", "calls", text)


def _speed(report: Report) -> Section | None:
    """Each interval as a picture of how many were done by when, beside what the standards ask."""
    if not report.measured:
        return None
    body: list[Html] = [
        paragraph(
            "Each curve climbs from none to all: read up from a time to see which share was done by then. A dashed "
            "line marks what a standard asks."
        )
    ]
    body += [_curve(one) for one in report.measured if one.interval.name in PICTURED and one.sample.n_used > 1]
    if any(one.kpi.attainments for one in report.measured):
        body.append(_table(attainments(report, report.measured)))
    body.append(_table(overview(report)))
    return Section("How fast", body)


def _curve(one: Measured) -> Html:
    minutes = (one.sample.p90_s or 0) > LONG_INTERVAL_S
    unit_s, unit = (60.0, "minutes") if minutes else (1.0, "seconds")
    references: dict[int, list[str]] = {}
    for found in one.kpi.attainments:
        standard = found.standard
        mark = "" if standard.verified else ", unverified"
        references.setdefault(standard.within_s, []).append(f"{standard.name}-{standard.edition}{mark}")
    marks = [
        (within_s / unit_s, f"{within_s} s: {', '.join(dict.fromkeys(names))}")
        for within_s, names in sorted(references.items())
    ]
    words = _percentile_words(one)
    said = [f"{words[0].upper()}{words[1:]}.", *_standard_words(one)]
    if one.curve.shown_share < 0.9995:
        said.append(f"The slowest {share(1 - one.curve.shown_share, 1)} lie beyond the right edge.")
    return steps(
        one.interval.title,
        {"Share done": ([0.0, *(s / unit_s for s in one.curve.seconds if s >= 0)], _from_zero(one))},
        unit,
        "share done by then",
        " ".join(said),
        marks,
    )


def _from_zero(one: Measured) -> list[float]:
    """Shares beginning at time nought; what ended before it began stands in the first step."""
    before = max((share for s, share in zip(one.curve.seconds, one.curve.shares, strict=True) if s < 0), default=0.0)
    return [before, *(share for s, share in zip(one.curve.seconds, one.curve.shares, strict=True) if s >= 0)]


def _grouping(grouping: Grouping) -> Section:
    """A dimension: bands of the slowest tenth where an interval is measured, else a bar each; then the table."""
    sheet = grouping_sheet(grouping)
    body: list[Html] = []
    if grouping.intervals:
        body += _bands(grouping)
    else:
        body.append(_sizes(grouping))
    body.append(_table(sheet))
    silent = next((group.n for group in grouping.groups if not group.value), 0)
    note = f"{silent:,} do not say." if silent else ""
    return Section(grouping.title, body, note=note)


def _bands(grouping: Grouping) -> list[Html]:
    """Nine of ten within, with its likely range, for the groups that can be spoken of."""
    main = grouping.intervals[0]
    able = [group for group in grouping.groups if group.value and group.samples[main.name].can_say_p90]
    if len(able) < 2:
        return []
    drawn = able[:BANDS_MOST]
    told = [group.samples[main.name] for group in drawn]
    slowest = max(drawn, key=lambda group: (group.samples[main.name].p90_s or 0, group.value))
    left = len(grouping.groups) - len(drawn)
    what = "hours" if grouping.dimension == "hour" else "groups"
    text = (
        f"The dot is the time within which nine of ten were done, the band its likely range. Slowest: {slowest.value}, "
        f"{spoken(slowest.samples[main.name].p90_s)}."
    )
    if left:
        text += f" Shown: the {len(drawn)} largest {what} that have enough times; {left} more are in the table."
    return [
        intervals(
            f"{main.title}: nine of ten within",
            [group.value for group in drawn],
            [(sample.p90_low_s or 0) / 60 for sample in told],
            [(sample.p90_s or 0) / 60 for sample in told],
            [(sample.p90_high_s or 0) / 60 for sample in told],
            "minutes",
            text,
        )
    ]


def _sizes(grouping: Grouping) -> Html:
    drawn = [group for group in grouping.groups if group.value][:BANDS_MOST]
    unit = "calls" if grouping.per == "call" else "responses"
    left = sum(1 for group in grouping.groups if group.value) - len(drawn)
    text = f"The {len(drawn)} most frequent; the table has {left} more." if left else "The most frequent first."
    return bars(
        f"{unit.capitalize()} {grouping.title[0].lower()}{grouping.title[1:]}",
        [group.value for group in drawn],
        [group.n for group in drawn],
        unit,
        text,
        horizontal=True,
    )


def _disorder(report: Report) -> Section | None:
    if len(report.missing) < 2:
        return None
    if not report.disorders:
        return Section("What runs backwards", ["No row has two times in the wrong order."])
    body = [
        (
            "A unit cannot arrive before it leaves. Where the export says so, a button was pressed late, or twice, or "
            "a clock was wrong. These rows are kept as they stand."
        ),
        _table(disorders(report)),
        _table(examples(report)),
    ]
    return Section("What runs backwards", body)


def _limits(report: Report) -> Section:
    body: list[str] = [bullets([coded(caution) for caution in report.cautions])]
    if report.guesses:
        said = "The column map was guessed. What is unsure of it (`redstick columns guess` writes it out to correct):"
        body.append(element("p", coded(said)))
        body.append(bullets(list(report.guesses)))
    body.append(_table(columns(report)))
    if report.doubted or report.refused:
        body.append(_table(doubts(report)))
    return Section("What this report cannot tell", body)


def _method(report: Report) -> Section:
    per = {"unit": "one unit's part in a call", "call": "one call", "snapshot": "one record of a feed at one moment"}
    said = [
        (
            f"A row of the export is {per[report.one_row_per]}. {report.rows_read:,} rows were read, "
            f"{report.rows_refused:,} refused, {report.rows_merged:,} merged into an earlier one."
        ),
    ]
    if report.measured:
        said += _INTERVAL_METHOD
    if report.groupings:
        said.append("A call stands in the group of its first row. Hours and days are those of the city's own clock.")
    return Section("How the figures are made", [bullets(said)])


_INTERVAL_METHOD = [
    (
        "An interval is always the later time minus the earlier. Of a call it runs from the first of its starting "
        "times to the first of its ending times; of a unit it stands in one row. A missing time stays missing."
    ),
    (
        "“Nine of ten within” is the ninetieth percentile by nearest rank: the smallest time that at least 90 % "
        "of the times do not exceed, so it is a time that did occur. “Times used” are those that began and ended."
    ),
    (
        "The likely range is by order statistics: it encloses the true percentile with at least 95 % confidence, "
        "whatever the shape of the distribution, as if calls were independent, which on a stormy day they are not."
    ),
]


def _table(sheet: Sheet) -> Html:
    """A sheet as the page shows it."""
    kinds = [column.kind for column in sheet.columns]
    rows = [[shown(value, kind) for value, kind in zip(row, kinds, strict=True)] for row in sheet.rows[:ROWS_MOST]]
    numeric = [place for place, kind in enumerate(kinds) if kind != "text"]
    left = len(sheet.rows) - len(rows)
    more = f"{left:,} smaller ones are left out here; `--csv` writes all." if left else ""
    return table(
        sheet.caption,
        [column.head for column in sheet.columns],
        rows,
        numeric=numeric,
        note=coded(" ".join(filter(None, (sheet.note, more)))),
    )
