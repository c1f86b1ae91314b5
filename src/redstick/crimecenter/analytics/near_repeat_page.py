"""Near repeat as a page: which cells hold more pairs than chance, every cell with its interval."""

import math
from collections.abc import Iterator

from redstick.crimecenter.analytics.events import Events
from redstick.crimecenter.analytics.near_repeat import Knox
from redstick.crimecenter.analytics.page_parts import FOOTER, limits, period, words
from redstick.pages.document import Document, Section
from redstick.pages.drawing import framed
from redstick.pages.markup import Html, bullets
from redstick.pages.tables import Cell, table
from redstick.pages.wording import sentence

WIDTH, NAMES_WIDE, HEAD_HIGH, CELL_HIGH = 860.0, 150.0, 34.0, 62.0
SURE, VERY_SURE = 0.05, 0.01
FEW = 5  # pairs expected: under them a ratio says little


def near_repeat_page(events: Events, found: Knox) -> Document:
    """The Knox table: the finding in words, a picture of its ratios, every cell with interval and p."""
    head = ["Distance", "Days apart", "Observed", "Expected", "95 % of permutations", "Ratio", "p"]
    cells = table("Pairs by distance and days apart", head, _rows(found), numeric=range(2, 7))
    note = (
        "Every unordered pair counts once, bins are half open [from, to). Expected is the mean over permutations of "
        "the dates; p is the share of permutations with at least as many pairs, so it speaks of more, never of fewer. "
        "Where little is expected the ratio means little: read the interval."
    )
    return Document(
        title="Near repeat",
        subtitle=period(events),
        facts=[
            ("Events", f"{found.events:,}"),
            ("Near pairs", f"{found.near_pairs:,}"),
            ("Permutations", f"{found.permutations:,}"),
            ("Distance", found.metric.capitalize()),
        ],
        sections=[
            Section("In short", [bullets(_in_short(events, found))]),
            Section("How much more often than chance", [_picture(found)]),
            Section("Every cell", [cells], note=note),
            limits(
                events, "A raised count does not say why: one offender, one cause, or neighbours who tell each other."
            ),
        ],
        footer=FOOTER,
    )


def _raised(found: Knox) -> list[tuple[int, int]]:
    """Near cells with more pairs than chance, by distance and then time; the far row is all the rest."""
    rows, columns = found.observed.shape
    return [(i, j) for i in range(rows - 1) for j in range(columns) if found.p[i, j] <= SURE]


def _in_short(events: Events, found: Knox) -> list[str]:
    raised = _raised(found)
    said = [
        f"{sentence(found.space_labels[i])}, {found.time_labels[j]} apart: {found.observed[i, j]:,} pairs where "
        f"{found.expected[i, j]:,.1f} were to be expected, {found.ratio[i, j]:.2f} times (p {found.p[i, j]:.3f})."
        for i, j in raised
    ]
    tried = (len(found.space_labels) - 1) * len(found.time_labels)
    if not raised:
        said = [f"No distance and time holds more pairs than chance (p {SURE:g} in none of {tried} cells)."]
    else:
        said.append(f"All other distances and times hold no more pairs than chance; of {tried} cells one may by luck.")
    if events.step_m is not None and events.step_m > 1:
        said.append(
            f"“{sentence(found.space_labels[0])}” means nothing here: positions are rounded to {events.step_m:,.0f} m."
        )
    return said


def _rows(found: Knox) -> list[list[Cell]]:
    rows: list[list[Cell]] = []
    for i, space in enumerate(found.space_labels):
        for j, time in enumerate(found.time_labels):
            ratio = None if math.isnan(found.ratio[i, j]) else f"{found.ratio[i, j]:.2f}"
            expected, p = f"{found.expected[i, j]:,.1f}", f"{found.p[i, j]:.3f}"
            band = f"{found.low[i, j]:,.0f} to {found.high[i, j]:,.0f}"
            rows.append([space, time, int(found.observed[i, j]), expected, band, ratio, p])
    return rows


def _picture(found: Knox) -> Html:
    """One box a cell: the ratio large, what was observed and expected beneath, tinted where it is more than chance."""
    rows, columns = found.observed.shape
    wide = (WIDTH - NAMES_WIDE) / columns
    parts: list[str] = []
    for j, label in enumerate(found.time_labels):
        parts.append(words(NAMES_WIDE + (j + 0.5) * wide, 22, label, "ink-soft", anchor="middle"))
    for i, label in enumerate(found.space_labels):
        middle = HEAD_HIGH + (i + 0.5) * CELL_HIGH
        parts.append(words(NAMES_WIDE - 14, middle + 5, label, "ink-soft", anchor="end"))
        for j in range(columns):
            parts += _box(found, i, j, NAMES_WIDE + j * wide, HEAD_HIGH + i * CELL_HIGH, wide)
    said = (
        "Observed over expected pairs. A tinted box with a heavy edge holds more pairs than chance: p 0.05 or less, "
        "and with the stronger tint p 0.01 or less."
    )
    shapes = Html("".join(parts) + "</svg>")
    return framed(shapes, WIDTH, HEAD_HIGH + rows * CELL_HIGH + 4, "Pairs by distance and days apart", said)


def _box(found: Knox, i: int, j: int, x: float, y: float, wide: float) -> Iterator[str]:
    raised = found.p[i, j] <= SURE and i < len(found.space_labels) - 1
    fill, edge, width = "raised", "edge", 1.0
    if raised:
        fill, edge, width = ("heat-2" if found.p[i, j] <= VERY_SURE else "heat-1"), "accent", 2.5
    yield (
        f'<rect x="{x + 2:.1f}" y="{y + 2:.1f}" width="{wide - 4:.1f}" height="{CELL_HIGH - 4:.1f}" rx="4" '
        f'fill="var(--{fill})" stroke="var(--{edge})" stroke-width="{width}"/>'
    )
    few = found.expected[i, j] < FEW
    ratio = "–" if math.isnan(found.ratio[i, j]) else f"{found.ratio[i, j]:.2f} ×"
    heavy = 640 if raised else 400
    yield words(x + wide / 2, y + 28, ratio, "ink-soft" if few else "ink", anchor="middle", size=17, weight=heavy)
    many = found.expected[i, j] >= 10_000
    said = f"{found.observed[i, j]:,} of {found.expected[i, j]:,.{0 if many else 1}f}{'' if many else ' expected'}"
    yield words(x + wide / 2, y + 47, said, "ink-soft", anchor="middle", size=12)
