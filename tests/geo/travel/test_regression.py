"""Quantile regression: exact, and at a price simpler."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from redstick.geo.travel.regression import quantile_fit


def pinball(values, told, level):
    """The loss that a fit minimises."""
    error = values - told
    return np.maximum(level * error, (level - 1) * error).sum()


@given(
    st.lists(st.tuples(st.integers(0, 50), st.integers(-100, 100)), min_size=3, max_size=12),
    st.sampled_from([0.1, 0.5, 0.9]),
)
def test_no_line_through_two_points_is_better(points, level):
    """An optimal line can be had through two of the points, and none of those has a smaller loss than the fit."""
    x, y = np.array(points, float).T
    fitted = quantile_fit(np.column_stack([np.ones(len(x)), x]), y, level)
    least = pinball(y, fitted[0] + fitted[1] * x, level)
    for i in range(len(x)):
        assert least <= pinball(y, np.full(len(x), y[i]), level) + 1e-6
        for j in range(i):
            if x[i] != x[j]:
                slope = (y[i] - y[j]) / (x[i] - x[j])
                assert least <= pinball(y, y[i] + slope * (x - x[i]), level) + 1e-6


def test_a_constant_is_the_weighted_median():
    """With one column of ones and a weight, the fit is the median of the weighted values."""
    fitted = quantile_fit(np.ones((3, 1)), np.array([1.0, 2.0, 100.0]), weights=np.array([1.0, 1.0, 5.0]))
    assert fitted[0] == pytest.approx(100)


def test_a_price_leaves_out_what_does_not_pay():
    """A term of pure noise gets no coefficient at a price; one that tells keeps its own, a little smaller."""
    dice = np.random.default_rng(3)
    telling, noise = dice.normal(size=400), dice.normal(size=400)
    table = np.column_stack([np.ones(400), telling, noise])
    values = 5 + 3 * telling + dice.laplace(size=400)
    free = quantile_fit(table, values)
    priced = quantile_fit(table, values, penalty=np.array([0.0, 25.0, 25.0]))
    assert free[2] != 0
    assert priced[2] == pytest.approx(0, abs=1e-9)
    assert 2 < priced[1] < free[1] + 0.05
    assert priced[0] == pytest.approx(5, abs=0.3)


def test_a_price_without_end_leaves_the_free_terms_alone():
    """What no coefficient can pay is the fit of the free terms by themselves."""
    dice = np.random.default_rng(5)
    table = np.column_stack([np.ones(99), dice.normal(size=(99, 2))])
    values = table @ [1.0, 2.0, 3.0] + dice.normal(size=99)
    priced = quantile_fit(table, values, penalty=np.array([0.0, 1e9, 1e9]))
    assert priced == pytest.approx([np.median(values), 0, 0], abs=1e-9)
