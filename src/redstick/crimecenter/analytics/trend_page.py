"""Trends as a page: what changed for sure, how sure, and the weeks behind it."""

import math
from collections.abc import Sequence
from datetime import date

import numpy as np

from redstick.crimecenter.analytics.events import Events
from redstick.crimecenter.analytics.page_parts import FOOTER, limits, period
from redstick.crimecenter.analytics.trend import UNCHANGED, WEEK_DAYS, Trend
from redstick.crimecenter.analytics.weeks_picture import Spell, weeks_picture
from redstick.pages.charts import intervals
from redstick.pages.document import Document, Section
from redstick.pages.markup import bullets
from redstick.pages.tables import Cell, table
from redstick.pages.wording import sentence

MOST_DRAWN = 40
MOST_WEEKS, FEWEST_WEEKS = 105, 4
WILD_SHARE, FEWEST_WILD = 0.2, 10


def trend_page(events: Events, found: Sequence[Trend], end: int) -> Document:
    """Each kind with its interval, and a verdict that may be "no real change"; `end` is the day after the last."""
    shown = [trend for trend in found if trend.earlier + trend.later]
    drawn = [trend for trend in shown if trend.earlier and math.isfinite(trend.high)][:MOST_DRAWN]
    body: list[str] = []
    if drawn:
        body.append(
            intervals(
                "Later rate over earlier rate",
                [trend.kind or "all events" for trend in drawn],
                [trend.low for trend in drawn],
                [trend.ratio for trend in drawn],
                [trend.high for trend in drawn],
                "times the earlier rate",
                "A bar across 1 may be luck.",
                reference=(1, "no change"),
            )
        )
    head = ["Kind", "Earlier", "Later", "Ratio", "95 % interval", "Spread", "p", "Verdict"]
    body.append(table("Counts of both spells", head, [_row(trend) for trend in shown], numeric=range(1, 7)))
    note = (
        "Spread is how much more neighbouring weeks or spells vary than chance alone would make (1: not at all); it "
        "widens the interval. Of the verdicts up and down over kinds at most one in twenty is to be luck (Benjamini "
        "and Hochberg), so that among many kinds an interval beside 1 may still be no real change."
    )
    days = found[0].later_days
    return Document(
        title="Trend",
        subtitle=period(events),
        facts=[
            ("Events", f"{len(events):,}"),
            ("Earlier spell", _spell(end - 2 * days, end - days)),
            ("Later spell", _spell(end - days, end)),
        ],
        sections=[
            Section("In short", [bullets([*_in_short(shown), *_wild_days(events, end, days)])]),
            Section("How sure", body, note=note),
            *_weeks(events, found[0], end),
            limits(
                events,
                "Two spells of one length are compared; a season that returns each year is not taken out of them.",
            ),
        ],
        footer=FOOTER,
    )


def _spell(first: int, end: int) -> str:
    return f"{_iso(first)} to {_iso(end - 1)}"


def _iso(day: int) -> str:
    return date.fromordinal(day).isoformat()


def _in_short(shown: Sequence[Trend]) -> list[str]:
    whole = [trend for trend in shown if not trend.kind]
    kinds = [trend for trend in shown if trend.kind]
    real = [trend for trend in kinds if trend.verdict != UNCHANGED]
    said = [_sentence(trend) for trend in [*whole, *real]]
    if kinds:
        same = len(kinds) - len(real)
        said.append(
            "No kind has really changed." if not real else f"{same:,} of {len(kinds):,} kinds show no real change."
        )
    return said or ["Neither spell holds an event."]


def _sentence(trend: Trend) -> str:
    """One kind: both counts, the change with its interval, the verdict."""
    name = sentence(trend.kind) or "All events"
    counts = f"{name}: {trend.later:,} after {trend.earlier:,}"
    if not trend.earlier:
        return f"{counts}; there is nothing to compare with: {trend.verdict}."
    high = "any rise" if math.isinf(trend.high) else _percent(trend.high)
    return f"{counts}, {_percent(trend.ratio)} (95 % interval: {_percent(trend.low)} to {high}): {trend.verdict}."


def _percent(ratio: float) -> str:
    change = 100 * (ratio - 1)
    if abs(change) < 0.5:
        return "as many"
    return f"{abs(change):,.0f} % {'more' if change > 0 else 'fewer'}"


def _row(trend: Trend) -> list[Cell]:
    ratio = None if math.isnan(trend.ratio) else f"{trend.ratio:.2f}"
    high = "∞" if math.isinf(trend.high) else f"{trend.high:.2f}"
    band, spread, p = (
        f"{trend.low:.2f} to {high}",
        f"{trend.dispersion:.1f}",
        "< 0.001" if trend.p < 0.001 else f"{trend.p:.3f}",
    )
    return [trend.kind or "all events", trend.earlier, trend.later, ratio, band, spread, p, trend.verdict]


def _weeks(events: Events, found: Trend, end: int) -> list[Section]:
    """Whole weeks up to the end, with the two spells where they are made of whole weeks."""
    n_weeks = min(MOST_WEEKS, (end - int(events.day.min())) // WEEK_DAYS)
    if n_weeks < FEWEST_WEEKS:
        return []
    ago = (end - 1 - events.day) // WEEK_DAYS
    counts = np.bincount(ago[(ago >= 0) & (ago < n_weeks)], minlength=n_weeks)[::-1]
    spells = []
    weeks, odd = divmod(found.later_days, WEEK_DAYS)
    if not odd and 2 * weeks <= n_weeks:
        middle, first = n_weeks - weeks, n_weeks - 2 * weeks
        spells = [
            Spell(first, middle, f"earlier {found.earlier_days} days: {found.earlier:,}", "control-edge"),
            Spell(middle, n_weeks, f"later {found.later_days} days: {found.later:,}", "accent"),
        ]
    days = [end - WEEK_DAYS * (n_weeks - number) for number in range(n_weeks)]
    said = "All kinds together. How much neighbouring weeks vary is what a change must stand out from."
    return [Section("The weeks behind it", [weeks_picture(days, counts, spells, "Events a week", said)])]


def _wild_days(events: Events, end: int, days: int) -> list[str]:
    """Single days that hold a large part of their spell: a change that rests on one night is said."""
    said = []
    for name, first, last in (("earlier", end - 2 * days, end - days), ("later", end - days, end)):
        counts = np.bincount(events.day[(events.day >= first) & (events.day < last)] - first, minlength=days)
        total, most = int(counts.sum()), int(counts.max())
        if most >= FEWEST_WILD and most >= WILD_SHARE * total and days >= 2 * WEEK_DAYS:
            said.append(
                f"One day, {_iso(first + int(counts.argmax()))}, holds {most:,} of the {name} {total:,} events."
            )
    return said
