"""Hot spots: the density against the exact sum, the edges, and the back-test."""

import numpy as np
import pytest

from redstick.crimecenter.analytics.hotspots import BackTest, Grid, back_test, density, grid_around, hottest

GRID = Grid(0, 0, 100, 80, 80)


def exact(x, y, at_x, at_y, bandwidth):
    """The kernel sum without bins, events per square kilometre."""
    squared = (x - at_x) ** 2 + (y - at_y) ** 2
    return float(np.exp(-squared / (2 * bandwidth**2)).sum() / (2 * np.pi * bandwidth**2) * 1e6)


def test_the_binned_density_is_close_to_the_exact_one():
    """At 200 places the error of binning stays within 2.5 percent."""
    generator = np.random.default_rng(4)
    x, y = generator.uniform(0, 8000, 60_000), generator.uniform(0, 8000, 60_000)
    smooth = density(x, y, GRID)
    for cell in generator.integers(20, 60, (200, 2)):
        row, column = (int(v) for v in cell)
        true = exact(x, y, (column + 0.5) * 100, (row + 0.5) * 100, 250)
        assert smooth[row, column] == pytest.approx(true, rel=0.025)


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
    assert BackTest(0.1, 0, 0, 10).pai_interval[0] == 0
    assert BackTest(0.1, 10, 0, 10).pai_interval[1] == pytest.approx(10)


def test_positions_that_are_no_plane_are_refused():
    """Degrees mixed with metres make a grid of billions of cells: refused before memory is."""
    with pytest.raises(ValueError, match="too many"):
        grid_around(np.array([0.0, 1e7]), np.array([0.0, 1e7]))
