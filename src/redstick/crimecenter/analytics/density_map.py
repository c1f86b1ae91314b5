"""A density as a map that prints: seven steps of the page's own colours, the densest places numbered, a scale.

Steps are shares of the area, not of the density, so that what is shown darkest is what a patrol could cover.
"""

import math
from collections.abc import Iterator, Sequence

import numpy as np
from numpy.typing import NDArray

from redstick.crimecenter.analytics.hotspots import MAP_SHARES, Grid
from redstick.crimecenter.analytics.page_parts import words
from redstick.pages.drawing import framed
from redstick.pages.markup import Html

F64 = NDArray[np.float64]

WIDTH, HEIGHT = 860.0, 740.0
LEGEND = 250.0  # kept free on the right
MOST_CELLS = 400  # on the longer side: more cannot be told apart
MARK, LABEL = 3.5, 9.0  # radii of a place and of its number
_AROUND = [(distance, angle) for distance in (18, 30, 44, 60, 80) for angle in range(0, 360, 30)]

Spot = tuple[int, float]  # a cell and its density


def density_map(smooth: F64, grid: Grid, steps: Sequence[float], hot: Sequence[Spot], title: str, said: str) -> Html:
    """The figure; `steps` are the densities from which on each of MAP_SHARES is shown, least first."""
    cells, size = _coarse(smooth)
    rows, columns = cells.shape
    scale = min((WIDTH - LEGEND) / columns, HEIGHT / rows)
    # From metres to the drawing, y down.
    per_m = scale / (size * grid.cell_m)
    places = [_drawn(grid, cell, per_m, rows * scale) for cell, _ in hot]
    parts = [
        f'<g transform="scale({scale:.4f})" shape-rendering="crispEdges">{"".join(_step_paths(cells, steps))}</g>',
        *_marks(places, columns * scale, rows * scale),
        *_legend(steps, float(smooth.max())),
        *_scale_bar(per_m),
    ]
    return framed(Html("".join(parts) + "</svg>"), WIDTH, max(rows * scale, 420.0), title, said)


def _coarse(smooth: F64) -> tuple[F64, int]:
    """The density in blocks of `size` cells, the densest of each kept, north on top."""
    size = max(1, math.ceil(max(smooth.shape) / MOST_CELLS))
    rows, columns = (math.ceil(side / size) for side in smooth.shape)
    padded = np.zeros((rows * size, columns * size))
    padded[: smooth.shape[0], : smooth.shape[1]] = smooth
    blocks: F64 = padded.reshape(rows, size, columns, size).max(axis=(1, 3))[::-1]
    return blocks, size


def _step_paths(cells: F64, steps: Sequence[float]) -> Iterator[str]:
    """One path for each step, the larger areas beneath: runs of cells, row by row."""
    for number, least in enumerate(steps):
        shown = np.pad((cells >= least) & (cells > 0), ((0, 0), (1, 1)))
        row, begin = np.nonzero(shown[:, 1:] & ~shown[:, :-1])
        _, end = np.nonzero(shown[:, :-1] & ~shown[:, 1:])
        runs = "".join(
            f"M{first} {at}h{last - first}v1H{first}z"
            for at, first, last in zip(row.tolist(), begin.tolist(), end.tolist(), strict=True)
        )
        yield f'<path fill="var(--heat-{number})" d="{runs}"/>'


def _drawn(grid: Grid, cell: int, per_m: float, height: float) -> tuple[float, float]:
    x, y = grid.centre(cell)
    return (x - grid.west_m) * per_m, height - (y - grid.south_m) * per_m


def _marks(places: Sequence[tuple[float, float]], width: float, height: float) -> Iterator[str]:
    """A ring at each place and its number beside it, where no other ring or number stands."""
    taken = [(x, y, MARK) for x, y in places]
    for number, (x, y) in enumerate(places, start=1):
        to_x, to_y = _free_spot(x, y, taken, width, height)
        taken.append((to_x, to_y, LABEL))
        yield (
            f'<path d="M{x:.1f} {y:.1f}L{to_x:.1f} {to_y:.1f}" stroke="var(--panel)" stroke-width="4"/>'
            f'<path d="M{x:.1f} {y:.1f}L{to_x:.1f} {to_y:.1f}" stroke="var(--ink)" stroke-width="1.25"/>'
            f'<circle cx="{x:.1f}" cy="{y:.1f}" r="{MARK}" fill="var(--panel)" stroke="var(--ink)" stroke-width="1.5"/>'
            f'<circle cx="{to_x:.1f}" cy="{to_y:.1f}" r="{LABEL}" fill="var(--panel)" stroke="var(--ink)"/>'
            f"{words(to_x, to_y + 4, str(number), 'ink', anchor='middle', size=12, weight=640)}"
        )


def _free_spot(
    x: float, y: float, taken: Sequence[tuple[float, float, float]], width: float, height: float
) -> tuple[float, float]:
    """The nearest spot around a place where its number covers nothing; the first tried if there is none."""
    tried = [
        (x + away * math.cos(math.radians(angle)), y - away * math.sin(math.radians(angle))) for away, angle in _AROUND
    ]
    for to_x, to_y in tried:
        inside = LABEL <= to_x <= width + 40 and LABEL <= to_y <= height - LABEL
        if inside and all(math.hypot(to_x - a, to_y - b) > LABEL + radius + 2 for a, b, radius in taken):
            return to_x, to_y
    return tried[0]


def _legend(steps: Sequence[float], most: float) -> Iterator[str]:
    left = WIDTH - LEGEND + 44
    yield words(left, 16, "Part of the area: per km²", "ink-soft")
    shown = list(zip(MAP_SHARES, steps, range(len(steps)), strict=True))[::-1]
    for line, (share, least, number) in enumerate(shown):
        top = 32 + 26 * line
        upto = most if number == len(steps) - 1 else steps[number + 1]
        name = "the rest" if share == 1 else f"densest {100 * share:g} %"
        yield (
            f'<rect x="{left:g}" y="{top}" width="22" height="18" fill="var(--heat-{number})" '
            'stroke="var(--edge-strong)" stroke-width="1"/>'
        )
        yield words(left + 32, top + 14, name, "ink")
        yield words(left + 132, top + 14, f"{_figure(least)} to {_figure(upto)}", "ink-soft")


def _scale_bar(per_m: float) -> Iterator[str]:
    """A round length of about a hundred points, and where north is."""
    left, top = WIDTH - LEGEND + 44, 262.0
    longest = 150 / per_m
    power = 10 ** math.floor(math.log10(longest))
    length_m = max(step * power for step in (1, 2, 5) if step * power <= longest)
    wide = length_m * per_m
    said = f"{length_m / 1000:g} km" if length_m >= 1000 else f"{length_m:g} m"
    yield (
        f'<path d="M{left:g} {top - 5:g}v10m0 -5h{wide:.1f}m0 -5v10" fill="none" stroke="var(--ink-soft)" '
        'stroke-width="1.5"/>'
    )
    yield words(left + wide + 10, top + 5, said, "ink")
    yield (
        f'<path d="M{left + 8:g} {top + 58:g}v-30m-6 9l6 -9l6 9" fill="none" stroke="var(--ink-soft)" '
        'stroke-width="1.5"/>'
    )
    yield words(left + 26, top + 50, "north", "ink")


def _figure(value: float) -> str:
    return f"{value:,.0f}" if value >= 10 else f"{value:.1f}"
