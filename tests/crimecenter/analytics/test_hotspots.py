"""Hot spots: the density against the exact sum, the edges, and the back-test."""

import numpy as np
import pytest

from redstick.crimecenter.analytics.hotspots import BackTest, Grid, back_test, density, grid_around, hottest, levels

GRID = Grid(0, 0, 100, 80, 80)


def exact(x, y, at_x, at_y, bandwidth):
    """The kernel sum without bins, events per square kilometre."""
    squared = (x - at_x) ** 2 + (y - at_y) ** 2
    return float(np.exp(-squared / (2 * bandwidth**2)).sum() / (2 * np.pi * bandwidth**2) * 1e6)


def test_the_density_of_a_million_points_is_close_to_the_exact_one():
    """On 300 x 300 cells the error at 200 places stays within 2.5 percent, its median within half a percent.

    Three of five points stand in 300 clusters; places without points nearby are left out, where both are nothing.
    """
    generator = np.random.default_rng(4)
    n, clustered = 1_000_000, 600_000
    middle = generator.uniform(2_000, 28_000, (300, 2))[generator.integers(0, 300, clustered)]
    points = np.concatenate(
        [middle + generator.normal(0, 400, (clustered, 2)), generator.uniform(0, 30_000, (n - clustered, 2))]
    )
    x, y = np.clip(points, 0, 29_999.9).T
    grid = Grid(0, 0, 100, 300, 300)
    smooth = density(x, y, grid)
    order = np.argsort(x)
    x, y = x[order], y[order]
    errors = []
    for row, column in generator.integers(16, 284, (200, 2)):
        at_x, at_y = (column + 0.5) * 100, (row + 0.5) * 100
        near = slice(*np.searchsorted(x, [at_x - 1600, at_x + 1600]))  # beyond 6.4 bandwidths nothing is left to add
        errors.append(smooth[row, column] / exact(x[near], y[near], at_x, at_y, 250) - 1)
    assert np.abs(errors).max() <= 0.025
    assert np.median(np.abs(errors)) <= 0.005


def test_points_just_outside_do_not_fall_inside():
    """A point a metre west of the grid is outside: floor, not a cast toward zero."""
    smooth = density(np.array([-1.0, 50.0]), np.array([50.0, -1.0]), GRID)
    assert smooth.max() == 0
    assert GRID.cells(np.array([-1.0, 0.0, 8000.0]), np.array([0.0, 0.0, 0.0])).tolist() == [-1, 0, -1]


def test_all_events_are_on_the_map():
    """The density adds up to the number of events, where the grid's edge cuts nothing off."""
    generator = np.random.default_rng(5)
    x, y = generator.uniform(3000, 5000, 500), generator.uniform(3000, 5000, 500)
    assert density(x, y, GRID).sum() * 0.01 == pytest.approx(500, rel=1e-6)


def test_a_place_that_stays_hot_is_caught():
    """Half of all events at one corner: one percent of the area catches about half, PAI about fifty."""
    generator = np.random.default_rng(6)
    hot = generator.random(4000) < 0.5
    x = np.where(hot, generator.normal(2050, 20, 4000), generator.uniform(0, 8000, 4000))
    y = np.where(hot, generator.normal(2050, 20, 4000), generator.uniform(0, 8000, 4000))
    day = generator.integers(0, 100, 4000)
    grid = grid_around(x, y)
    [found] = back_test(x, y, day, grid, 80, shares=(0.01,))
    assert found.hit_share == pytest.approx(0.5, abs=0.06)
    assert found.pai_interval[0] < found.pai < found.pai_interval[1]
    [(cell, _), *_] = hottest(density(x, y, grid), grid, 3, 500)
    assert grid.centre(cell) == pytest.approx((2050, 2050), abs=150)


def test_a_test_without_days_on_one_side_is_refused():
    """Nothing to judge by is an error, not a PAI."""
    with pytest.raises(ValueError, match="before and after"):
        back_test(np.zeros(3), np.zeros(3), np.zeros(3, np.int64), Grid(0, 0, 100, 1, 1), 5)


def test_the_interval_of_nothing_caught_begins_at_nothing():
    """Clopper and Pearson at the ends: 0 of 10 begins at 0, 10 of 10 ends at everything."""
    assert BackTest(1, 0.1, 0, 0, 10).pai_interval[0] == 0
    assert BackTest(1, 0.1, 10, 0, 10).pai_interval[1] == pytest.approx(10)


def test_positions_that_are_no_plane_are_refused():
    """Degrees mixed with metres make a grid of billions of cells: refused before memory is."""
    with pytest.raises(ValueError, match="too many"):
        grid_around(np.array([0.0, 1e7]), np.array([0.0, 1e7]))


@pytest.mark.parametrize("cell_m", [0, -1, float("nan"), float("inf")])
def test_a_cell_that_is_none_is_refused(cell_m):
    """A side must be a length."""
    with pytest.raises(ValueError, match="a cell of more than 0 m"):
        grid_around(np.zeros(2), np.zeros(2), cell_m)


@pytest.mark.parametrize("bandwidth_m", [0, -5, float("nan"), 1e9])
def test_a_bandwidth_that_is_none_is_refused(bandwidth_m):
    """Not above zero, or so wide that its kernel would fill the memory."""
    with pytest.raises(ValueError, match="the bandwidth must be above 0"):
        density(np.zeros(2), np.zeros(2), GRID, bandwidth_m)


def test_what_later_days_know_does_not_move_a_flag():
    """The back-test flags and measures its area by the days before the cut alone: later events elsewhere are missed."""
    generator = np.random.default_rng(9)
    x, y = generator.uniform(0, 8000, 600), generator.uniform(0, 8000, 600)
    day = generator.integers(0, 50, 600)
    before = back_test(x, y, day, GRID, 50 - 10)
    elsewhere = np.full(400, 20.0)
    more = back_test(np.r_[x, elsewhere], np.r_[y, elsewhere], np.r_[day, np.full(400, 45)], GRID, 40)
    known = (GRID.cells(x, y) == 0)[day < 40].any()
    assert not known
    assert [(test.cells, test.area_share, test.caught) for test in more] == [
        (test.cells, test.area_share, test.caught) for test in before
    ]
    assert more[0].events == before[0].events + 400


def test_a_hot_spot_is_a_peak_not_the_slope_of_another():
    """One broad hill has one top; two hills have two, the higher first."""
    rows, columns = np.mgrid[0:80, 0:80]
    hill = 9 * np.exp(-((rows - 20) ** 2 + (columns - 20) ** 2) / 200)
    both = hill + 5 * np.exp(-((rows - 60) ** 2 + (columns - 60) ** 2) / 200)
    assert [cell for cell, _ in hottest(hill, GRID, 10, 500)] == [20 * 80 + 20]
    assert [cell for cell, _ in hottest(both, GRID, 10, 500)] == [20 * 80 + 20, 60 * 80 + 60]


def test_steps_of_the_map_are_shares_of_the_area():
    """A hundredth of the cells lies at or above the density that its step begins with."""
    smooth = np.random.default_rng(3).random((80, 80))
    area = np.arange(6400)
    for share, least in zip((1.0, 0.25, 0.01), levels(smooth, area, (1.0, 0.25, 0.01)), strict=True):
        assert (smooth >= least).mean() == pytest.approx(share, abs=0.001)
