"""Hot spots: a kernel density on a grid, and what it would have been worth: a back-test on days it had not seen.

Events are binned to cells, then smoothed with a Gaussian of the bandwidth, cut off at six standard deviations, nothing
beyond the grid. The back-test flags the densest part of the area from the days before a cut and counts the events after
it: PAI = share of events caught / share of area flagged (Chainey, Tompson, Uhlig 2008). Never quote a PAI from made-up
data.
"""

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.ndimage import gaussian_filter, maximum_filter
from scipy.special import betaincinv

F64 = NDArray[np.float64]
I64 = NDArray[np.int64]

CELL_M, BANDWIDTH_M = 100.0, 250.0
TRUNCATE_SDS = 6.0
MAX_CELLS = 25_000_000
MAX_SIDE = 5_000  # cells of a bandwidth
SHARES = (0.005, 0.01, 0.02, 0.05, 0.1)  # of the area, flagged in a back-test
MAP_SHARES = (1.0, 0.25, 0.1, 0.05, 0.02, 0.01, 0.005)  # told apart on the map


@dataclass(frozen=True)
class Grid:
    """A grid of `rows` x `columns` square cells; row 0 is the southernmost, column 0 the westernmost."""

    west_m: float
    south_m: float
    cell_m: float
    columns: int
    rows: int

    def cells(self, x_m: F64, y_m: F64) -> I64:
        """The cell number of each point, -1 outside. Floor, not a cast: a cast draws points over the edges inside."""
        column = np.floor((x_m - self.west_m) / self.cell_m)
        row = np.floor((y_m - self.south_m) / self.cell_m)
        inside = (column >= 0) & (column < self.columns) & (row >= 0) & (row < self.rows)
        return np.where(inside, row * self.columns + column, -1).astype(np.int64)

    def centre(self, cell: int) -> tuple[float, float]:
        """The middle of a cell in metres."""
        row, column = divmod(cell, self.columns)
        return self.west_m + (column + 0.5) * self.cell_m, self.south_m + (row + 0.5) * self.cell_m


def grid_around(x_m: F64, y_m: F64, cell_m: float = CELL_M) -> Grid:
    """The smallest grid on whole cells that holds every point; raises ValueError when it would be too large."""
    if not 0 < cell_m < math.inf:
        raise ValueError(f"expected a cell of more than 0 m, not {cell_m:g}")
    west, south = (float(np.floor(values.min() / cell_m) * cell_m) for values in (x_m, y_m))
    columns, rows = (int((values.max() - low) // cell_m) + 1 for values, low in ((x_m, west), (y_m, south)))
    if columns * rows > MAX_CELLS:
        raise ValueError(f"{columns} x {rows} cells of {cell_m:g} m are too many; are all positions on one plane?")
    return Grid(west, south, cell_m, columns, rows)


def density(x_m: F64, y_m: F64, grid: Grid, bandwidth_m: float = BANDWIDTH_M) -> F64:
    """Events per square kilometre at the middle of each cell, (rows, columns).

    Raises ValueError for a bandwidth that is not above zero, or wider than any map.
    """
    if not 0 < bandwidth_m <= MAX_SIDE * grid.cell_m:
        raise ValueError(f"the bandwidth must be above 0 and at most {MAX_SIDE} cells, not {bandwidth_m:g} m")
    column = ((x_m - grid.west_m) / grid.cell_m).astype(np.float64)
    row = (y_m - grid.south_m) / grid.cell_m
    inside = (column >= 0) & (column < grid.columns) & (row >= 0) & (row < grid.rows)
    if not inside.all():
        column, row = column[inside], row[inside]
    # Inside the grid nothing is negative: here a cast is a floor, and cheaper.
    cell = row.astype(np.int32) * np.int32(grid.columns) + column.astype(np.int32)
    counts = np.bincount(cell, minlength=grid.rows * grid.columns).astype(np.float64)
    binned = counts.reshape(grid.rows, grid.columns)
    smooth = gaussian_filter(
        binned, bandwidth_m / grid.cell_m, mode="constant", truncate=TRUNCATE_SDS, output=np.float64
    )
    smooth *= 1e6 / (grid.cell_m * grid.cell_m)
    return np.asarray(smooth)


@dataclass(frozen=True)
class BackTest:
    """What flagging `cells`, `area_share` of the area, would have caught: `caught` of `events`, with its 95 % interval.

    `plain_caught` is what the same area caught when flagged by counts alone, without smoothing.
    """

    cells: int
    area_share: float
    caught: int
    plain_caught: int
    events: int

    @property
    def hit_share(self) -> float:
        """Caught over all."""
        return self.caught / self.events if self.events else float("nan")

    @property
    def pai(self) -> float:
        """Predictive accuracy index."""
        return self.hit_share / self.area_share

    @property
    def pai_interval(self) -> tuple[float, float]:
        """Clopper and Pearson's exact 95 % interval of the share caught, over the share of area."""
        k, n = self.caught, self.events
        low = 0.0 if k == 0 else float(betaincinv(k, n - k + 1, 0.025))
        high = 1.0 if k == n else float(betaincinv(k + 1, n - k, 0.975))
        return low / self.area_share, high / self.area_share


def back_test(
    x_m: F64, y_m: F64, day: I64, grid: Grid, cut_day: int, *, bandwidth_m: float = BANDWIDTH_M,
    shares: tuple[float, ...] = SHARES,
) -> list[BackTest]:  # fmt: skip
    """Flag by the days before `cut_day`, count the events from it on; one result a share of the area.

    The area is the cells that held an event before the cut: empty land would make any method look good, and cells that
    only later days know would be foresight. Events elsewhere count as missed. Raises ValueError when one side of the
    cut is empty.
    """
    before = day < cut_day
    if before.all() or not before.any():
        raise ValueError("the back-test needs events before and after its cut")
    cells = grid.cells(x_m, y_m)
    known = cells[before & (cells >= 0)]
    area = np.unique(known)
    smooth = density(x_m[before], y_m[before], grid, bandwidth_m).ravel()[area]
    plain = np.bincount(known, minlength=grid.rows * grid.columns)[area]
    later = cells[~before & (cells >= 0)]
    results = []
    for share in shares:
        flagged = max(1, round(share * len(area)))
        caught, plain_caught = (
            int(np.isin(later, area[np.argsort(-values, kind="stable")[:flagged]]).sum()) for values in (smooth, plain)
        )
        results.append(BackTest(flagged, flagged / len(area), caught, plain_caught, len(later)))
    return results


def hottest(smooth: F64, grid: Grid, count: int, apart_m: float) -> list[tuple[int, float]]:
    """The highest peaks, none nearer than `apart_m` to a higher one: (cell, density), densest first.

    A peak is a cell that no neighbour surpasses: the slope of a hot spot is not another one.
    """
    peaks = np.flatnonzero((smooth == maximum_filter(smooth, 3, mode="constant")) & (smooth > 0))
    values = smooth.ravel()[peaks]
    rows, columns = np.divmod(peaks, grid.columns)
    chosen: list[tuple[int, float]] = []
    while len(values) and len(chosen) < count:
        at = int(np.argmax(values))
        chosen.append((int(peaks[at]), float(values[at])))
        kept = np.hypot(rows - rows[at], columns - columns[at]) * grid.cell_m >= max(apart_m, grid.cell_m)
        peaks, values, rows, columns = peaks[kept], values[kept], rows[kept], columns[kept]
    return chosen


def levels(smooth: F64, area: I64, shares: tuple[float, ...] = MAP_SHARES) -> list[float]:
    """The density from which on a cell belongs to the densest share of the `area` cells, one for each of `shares`."""
    ordered = np.sort(smooth.ravel()[area])[::-1]
    return [float(ordered[max(0, round(share * len(ordered)) - 1)]) for share in shares]
