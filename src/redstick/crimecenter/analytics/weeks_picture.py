"""Counts by week as bars, the two compared spells bracketed; a bar far above the others is cut and says its count."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date

import numpy as np
from numpy.typing import NDArray

from redstick.crimecenter.analytics.page_parts import words
from redstick.pages.drawing import framed
from redstick.pages.markup import Html

I64 = NDArray[np.int64]

WIDTH, LEFT, TOP, BARS_HIGH = 860.0, 52.0, 26.0, 210.0
HEIGHT = TOP + BARS_HIGH + 74.0
LABEL_GAP = 46.0  # least distance between two names of months


@dataclass(frozen=True)
class Spell:
    """A bracket beneath the bars: from which bar to which (exclusive), and what it is called."""

    first: int
    end: int
    name: str
    colour: str


def weeks_picture(days: Sequence[int], counts: I64, spells: Sequence[Spell], title: str, said: str) -> Html:
    """The figure; `days` are the first days of weeks (ordinals), `counts` their events."""
    top = _top(counts)
    wide = (WIDTH - LEFT) / len(counts)
    parts = [*_grid(top), *_bars(counts, spells, wide, top), *_months(days, wide), *_brackets(spells, wide)]
    return framed(Html("".join(parts) + "</svg>"), WIDTH, HEIGHT, title, said)


def _top(counts: I64) -> float:
    """The highest count that the axis shows: a wild week does not press all others flat."""
    return float(max(1, min(int(counts.max()), 2 * int(np.quantile(counts, 0.95)) or int(counts.max()))))


def _grid(top: float) -> Iterator[str]:
    power = 10 ** int(np.floor(np.log10(top)))
    step = next((part * power for part in (1, 2, 5) if part * power * 4 >= top), 5 * power)
    step = max(1, int(step))
    for value in range(0, int(top) + 1, step):
        y = TOP + BARS_HIGH * (1 - value / top)
        yield f'<path d="M{LEFT:g} {y:.1f}H{WIDTH:g}" stroke="var(--edge)"/>'
        yield words(LEFT - 8, y + 4, f"{value:,}", "ink-faint", anchor="end")


def _bars(counts: I64, spells: Sequence[Spell], wide: float, top: float) -> Iterator[str]:
    gap = min(2.0, wide / 4)
    for at, count in enumerate(counts.tolist()):
        high = BARS_HIGH * min(1.0, count / top)
        colour = next((spell.colour for spell in spells if spell.first <= at < spell.end), "heat-3")
        x, y = LEFT + at * wide + gap / 2, TOP + BARS_HIGH - high
        yield f'<path fill="var(--{colour})" d="M{x:.1f} {y:.1f}h{wide - gap:.1f}v{high:.1f}h-{wide - gap:.1f}z"/>'
        if count > top:
            cut = f"M{x - 3:.1f} {y + 14:.1f}l{wide - gap + 6:.1f} -6"
            yield f'<path d="{cut}" stroke="var(--panel)" stroke-width="3"/>'
            at_edge = x + wide > WIDTH - 50
            anchor = "end" if at_edge else "start"
            yield words(x + (wide if at_edge else 0), y - 8, f"{count:,}", "ink-soft", anchor=anchor)


def _months(days: Sequence[int], wide: float) -> Iterator[str]:
    """The first week that begins in each month is named, as many as stand apart."""
    last, named = -LABEL_GAP, ""
    for at, day in enumerate(days):
        begun = date.fromordinal(day)
        month = f"{begun:%b %Y}" if begun.month == 1 or not named else f"{begun:%b}"
        x = LEFT + at * wide
        if f"{begun:%Y-%m}" == named or x - last < LABEL_GAP:
            named = f"{begun:%Y-%m}"
            continue
        last, named = x + (26 if len(month) > 3 else 0), f"{begun:%Y-%m}"
        yield words(x, TOP + BARS_HIGH + 18, month, "ink-faint")


def _brackets(spells: Sequence[Spell], wide: float) -> Iterator[str]:
    y = TOP + BARS_HIGH + 32
    for number, spell in enumerate(spells):
        first, end = LEFT + spell.first * wide + 1, LEFT + spell.end * wide - 1
        bracket = f"M{first:.1f} {y:g}v5H{end:.1f}v-5"
        yield f'<path d="{bracket}" fill="none" stroke="var(--{spell.colour})" stroke-width="2"/>'
        # The later one ends at the right edge; the earlier one's name stands a line above, so that they never meet.
        yield words(end, y + (36 if number else 20), spell.name, "ink", anchor="end")
