"""Patterns as pages for people: the finding in words first, then the picture, then the table, then what limits it."""

import math
from collections.abc import Sequence
from datetime import date

import numpy as np
from numpy.typing import NDArray

from redstick import __version__
from redstick.crimecenter.analytics.events import Events
from redstick.crimecenter.analytics.hotspots import BackTest, Grid
from redstick.crimecenter.analytics.near_repeat import Knox
from redstick.crimecenter.analytics.trend import Trend
from redstick.pages.charts import heat, intervals
from redstick.pages.document import Document, Section
from redstick.pages.tables import table

F64 = NDArray[np.float64]
MAP_CELLS = 36  # cells on the longer side of the printed map: more cannot be told apart on paper


Cell = str | int | float | None


def near_repeat_page(events: Events, found: Knox) -> Document:
    """The Knox table: ratio as a picture, then observed, expected, interval and p."""
    ratio = [[None if math.isnan(value) else round(float(value), 2) for value in row] for row in found.ratio.tolist()]
    described = "Above 1 means more pairs that near in space and time than dates alone would make."
    title = "Observed over expected pairs"
    picture = heat(title, found.space_labels, found.time_labels, ratio, "times expected", described)
    head = ["distance", "days apart", "observed", "expected", "95 % of permutations", "ratio", "p"]
    cells = table("Pairs by distance and days apart", head, _knox_rows(found), numeric=range(2, 7))
    said = (
        f"The same place again, {found.time_labels[0]} apart: {found.observed[0, 0]:,} pairs where "
        f"{found.expected[0, 0]:,.1f} were to be expected ({_ratio_words(found.ratio[0, 0], found.p[0, 0])})."
    )
    small = "Bins are half open. Where little is expected the ratio means little: read the interval."
    return Document(
        title="Near repeat",
        subtitle=f"{events.source}, {_period(events)}",
        facts=[
            ("Events", f"{found.events:,}"),
            ("Permutations", f"{found.permutations:,}"),
            ("Distance", found.metric),
        ],
        sections=[
            Section("In short", [said]),
            Section("How much more often", [picture]),
            Section("Every cell", [cells], note=small),
            _limits(events),
        ],
        footer=f"Made by Redstick {__version__}.",
    )


def _knox_rows(found: Knox) -> list[list[Cell]]:
    rows: list[list[Cell]] = []
    for i, space in enumerate(found.space_labels):
        for j, time in enumerate(found.time_labels):
            band = f"{found.low[i, j]:,.0f} to {found.high[i, j]:,.0f}"
            ratio = None if math.isnan(found.ratio[i, j]) else f"{found.ratio[i, j]:.2f}"
            expected, p = f"{found.expected[i, j]:,.1f}", f"{found.p[i, j]:.3f}"
            rows.append([space, time, int(found.observed[i, j]), expected, band, ratio, p])
    return rows


def hotspots_page(
    events: Events,
    smooth: F64,
    grid: Grid,
    bandwidth_m: float,
    hot: Sequence[tuple[int, float]],
    tests: Sequence[BackTest],
) -> Document:
    """The densest places, a map in cells, and the back-test beside it."""
    densest: list[list[Cell]] = [
        [place, _place(events, *grid.centre(cell)), f"{value:,.0f}"] for place, (cell, value) in enumerate(hot, 1)
    ]
    head = ["", "middle of the cell", "events per km²"]
    where = Section("Where", [_map(smooth, grid), table("The densest places", head, densest, numeric=(0, 2))])
    return Document(
        title="Hot spots",
        subtitle=f"{events.source}, {_period(events)}",
        facts=[("Events", f"{len(events):,}"), ("Cell", f"{grid.cell_m:g} m"), ("Bandwidth", f"{bandwidth_m:g} m")],
        sections=[where, _worth(tests), _limits(events)],
        footer=f"Made by Redstick {__version__}.",
    )


def _worth(tests: Sequence[BackTest]) -> Section:
    title = "What it would have been worth"
    if not tests:
        return Section(title, ["There are too few days to test it on days not seen."])
    rows: list[list[Cell]] = []
    for test in tests:
        low, high = test.pai_interval
        share, band = f"{test.area_share:.1%}", f"{low:.1f} to {high:.1f}"
        rows.append(
            [share, test.caught, test.events, f"{test.hit_share:.1%}", f"{test.pai:.1f}", band, test.plain_caught]
        )
    head = ["area flagged", "caught", "of", "share", "PAI", "95 % interval", "caught by counts alone"]
    tested = table("Flagged by the earlier days, counted on the later ones", head, rows, numeric=range(7))
    note = "PAI is the share of events caught over the share of area flagged, of the cells that ever held an event."
    return Section(title, [tested], note=note)


def trend_page(events: Events, found: Sequence[Trend]) -> Document:
    """Each kind with its interval, and a verdict that may be "no real change"."""
    shown = [trend for trend in found if trend.earlier + trend.later]
    drawn = [trend for trend in shown if trend.earlier and math.isfinite(trend.high)]
    picture = intervals(
        "Later rate over earlier rate",
        [trend.kind or "all events" for trend in drawn],
        [trend.low for trend in drawn],
        [trend.ratio for trend in drawn],
        [trend.high for trend in drawn],
        "times the earlier rate",
        "A band across 1 may be luck.",
        reference=(1, "no change"),
    )
    head = ["kind", "earlier", "later", "ratio", "95 % interval", "spread", "verdict"]
    counts = table("Counts of both spells", head, [_trend_row(trend) for trend in shown], numeric=(1, 2, 3, 5))
    real = [f"{trend.kind} {trend.verdict}" for trend in shown if trend.kind and trend.verdict != "no real change"]
    said = ", ".join(real) or "no kind has really changed"
    note = (
        "Spread is how much more weeks vary than chance alone would make; it widens the interval. Of the verdicts up "
        "and down at most one in twenty is to be luck (Benjamini and Hochberg)."
    )
    days = f"{found[0].earlier_days} days against the {found[0].later_days} after them"
    return Document(
        title="Trend",
        subtitle=f"{events.source}, {_period(events)}",
        facts=[("Events", f"{len(events):,}"), ("Compared", days)],
        sections=[
            Section("In short", [f"{said[0].upper()}{said[1:]}."]),
            Section("How sure", [picture, counts], note=note),
            _limits(events),
        ],
        footer=f"Made by Redstick {__version__}.",
    )


def _trend_row(trend: Trend) -> list[Cell]:
    ratio = None if math.isnan(trend.ratio) else f"{trend.ratio:.2f}"
    high = "∞" if math.isinf(trend.high) else f"{trend.high:.2f}"
    band, spread = f"{trend.low:.2f} to {high}", f"{trend.dispersion:.1f}"
    return [trend.kind or "all events", trend.earlier, trend.later, ratio, band, spread, trend.verdict]


def _ratio_words(ratio: float, p: float) -> str:
    if math.isnan(ratio):
        return "nothing was to be expected"
    return f"{ratio:.2f} times, p {p:.3f}" + ("" if p <= 0.05 else ": no more than chance")


def _map(smooth: F64, grid: Grid) -> str:
    """The density in cells large enough for paper, north up."""
    step = max(1, -(-max(grid.rows, grid.columns) // MAP_CELLS))
    rows, columns = -(-grid.rows // step), -(-grid.columns // step)
    padded = np.zeros((rows * step, columns * step))
    padded[: grid.rows, : grid.columns] = smooth
    coarse = padded.reshape(rows, step, columns, step).mean(axis=(1, 3))[::-1]
    values = [[round(float(v), 1) if v > 0 else None for v in row] for row in coarse.tolist()]
    north = [f"{(rows - 1 - i) * step * grid.cell_m / 1000:.1f}" for i in range(rows)]
    east = [f"{j * step * grid.cell_m / 1000:.1f}" for j in range(columns)]
    described = f"Each cell is {step * grid.cell_m:g} m wide; the axes are kilometres from the south-west corner."
    return heat("Density of events, north up", north, east, values, "events per km²", described)


def _place(events: Events, x: float, y: float) -> str:
    if events.to_degrees is None:
        return f"{x:,.0f} m E, {y:,.0f} m N"
    longitude, latitude = events.to_degrees.transform(x, y)
    return f"{latitude:.5f}, {longitude:.5f}"


def _period(events: Events) -> str:
    first, last = (date.fromordinal(int(day)) for day in (events.day.min(), events.day.max()))
    return f"{first.isoformat()} to {last.isoformat()}"


def _limits(events: Events) -> Section:
    said = (
        "Reported events are not all events, and where people report differs. Rounded positions invent repeats at the "
        "same place. Nothing here speaks of a person."
    )
    left_out = [f"{count:,} rows were left out: {reason}." for reason, count in events.skipped.items()]
    return Section("What this cannot tell", [said, *left_out])
