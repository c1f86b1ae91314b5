"""Dealing out people: each test states one fact."""

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from redstick.simulation.parish.metropolis.census import shared

WEIGHTS = st.lists(st.integers(0, 100_000), min_size=1, max_size=60).filter(any)


@given(st.integers(0, 500_000), WEIGHTS)
def test_shares_add_up_and_are_within_one_of_fair(total, weights):
    """Whole numbers, none of them negative, none a whole person away from its exact share."""
    parts = shared(total, np.array(weights))
    exact = np.array(weights) * total / sum(weights)
    assert int(parts.sum()) == total
    assert parts.min() >= 0
    assert np.abs(parts - exact).max() < 1 + 1e-6
