"""Hot spots as a page: what flagging them would have been worth, the map, the places."""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray
from scipy.spatial import cKDTree

from redstick.crimecenter.analytics.density_map import density_map
from redstick.crimecenter.analytics.events import Events
from redstick.crimecenter.analytics.hotspots import BackTest, Grid, levels
from redstick.crimecenter.analytics.page_parts import FOOTER, limits, period
from redstick.pages.charts import intervals
from redstick.pages.document import Document, Section
from redstick.pages.markup import bullets
from redstick.pages.tables import Cell, table
from redstick.pages.wording import count_words

F64 = NDArray[np.float64]

IN_SHORT_SHARE = 0.02  # of the area: the back-test that the first lines tell


def hotspots_page(
    events: Events,
    smooth: F64,
    grid: Grid,
    bandwidth_m: float,
    hot: Sequence[tuple[int, float]],
    tests: Sequence[BackTest],
    judge_days: int,
) -> Document:
    """The finding in words, the map with its densest places, the back-test, what limits it."""
    cells = grid.cells(events.x_m, events.y_m)
    area = np.unique(cells)
    steps = levels(smooth, area)
    said = (
        f"Events per km², north up. A cell is {grid.cell_m:g} m wide; the area is the {len(area):,} cells that held an "
        "event."
    )
    picture = density_map(smooth, grid, steps, hot, "Where events cluster", said)
    return Document(
        title="Hot spots",
        subtitle=period(events),
        facts=[
            ("Events", f"{len(events):,}"),
            ("Cell", f"{grid.cell_m:g} m"),
            ("Bandwidth", f"{bandwidth_m:g} m"),
            ("Days kept for the test", f"{judge_days:,}"),
        ],
        sections=[
            Section("In short", [bullets(_in_short(events, cells, area, smooth, tests, judge_days))]),
            Section("Where", [picture, _places(events, grid, bandwidth_m, hot)]),
            _worth(tests, judge_days),
            limits(
                events,
                "A hot spot is where reports were many, not where they will be; read the test beside the map.",
            ),
        ],
        footer=FOOTER,
    )


def _in_short(
    events: Events, cells: NDArray[np.int64], area: NDArray[np.int64], smooth: F64, tests: Sequence[BackTest], days: int
) -> list[str]:
    densest = area[np.argsort(-smooth.ravel()[area], kind="stable")[: max(1, round(0.01 * len(area)))]]
    held = int(np.isin(cells, densest).sum())
    part = f"The densest 1 % of the area, {count_words(len(densest), 'cell', 'cells')}"
    said = [f"{part}, held {held:,} of {len(events):,} events ({held / len(events):.1%})."]
    told = min(tests, key=lambda test: abs(test.area_share - IN_SHORT_SHARE), default=None)
    if told is None:
        return [*said, "There are too few days to test it on days not seen."]
    low, high = told.pai_interval
    chance = "no better than chance is not ruled out" if low <= 1 else "better than chance"
    said.append(
        f"Flagged by the earlier days, {told.area_share:.1%} of the area would have caught {told.caught:,} of the "
        f"{told.events:,} events of the last {days:,} days: {told.pai:.1f} times its share (95 % interval {low:.1f} to "
        f"{high:.1f}): {chance}."
    )
    said.append(f"Flagged by counts alone, without smoothing, it would have caught {told.plain_caught:,}.")
    return said


def _places(events: Events, grid: Grid, bandwidth_m: float, hot: Sequence[tuple[int, float]]) -> str:
    tree = cKDTree(np.stack([events.x_m, events.y_m], axis=1))
    rows: list[list[Cell]] = []
    for number, (cell, value) in enumerate(hot, start=1):
        x, y = grid.centre(cell)
        near = len(tree.query_ball_point((x, y), bandwidth_m))
        rows.append([f"{number}", place_words(events, x, y), f"{value:,.0f}", near])
    where = "Middle of the cell (metres east, north)" if events.to_degrees is None else "Middle of the cell"
    head = ["No.", where, "Events per km²", f"Events within {bandwidth_m:g} m"]
    return table("The densest places", head, rows, numeric=(2, 3))


def place_words(events: Events, x_m: float, y_m: float) -> str:
    """A position as the file gives positions: latitude and longitude, or metres."""
    if events.to_degrees is None:
        return f"{x_m:,.0f}, {y_m:,.0f}"
    longitude, latitude = events.to_degrees.transform(x_m, y_m)
    return f"{latitude:.5f}, {longitude:.5f}"


def _worth(tests: Sequence[BackTest], days: int) -> Section:
    title = "What it would have been worth"
    if not tests:
        return Section(title, ["There are too few days to test it on days not seen."])
    rows: list[list[Cell]] = []
    for test in tests:
        low, high = test.pai_interval
        rows.append(
            [
                f"{test.area_share:.1%}", test.cells, test.caught, test.events, f"{test.hit_share:.1%}",
                f"{test.pai:.1f}", f"{low:.1f} to {high:.1f}", test.plain_caught,
            ]
        )  # fmt: skip
    names = [f"{test.area_share:.1%} of the area" for test in tests]
    picture = intervals(
        "Share of events caught over share of area flagged",
        names,
        [test.pai_interval[0] for test in tests],
        [test.pai for test in tests],
        [test.pai_interval[1] for test in tests],
        "times chance (PAI)",
        f"Flagged by the days before, counted on the last {days:,} days. The bar is the 95 % interval.",
        (1.0, "chance"),
    )
    head = ["Area flagged", "Cells", "Caught", "Of", "Share", "PAI", "95 % interval", "Caught by counts alone"]
    tested = table("The same in figures", head, rows, numeric=range(8))
    note = (
        "PAI is the share of events caught over the share of area flagged. The area is the cells that held an event "
        "before the test began; events elsewhere count as missed. The interval treats events as independent; where "
        "they come in bursts it is too narrow."
    )
    return Section(title, [picture, tested], note=note)
