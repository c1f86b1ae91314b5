"""Ground divided by who lives there: each test states one fact."""

import numpy as np
import pytest

from redstick.simulation.parish.metropolis.districts import even_parts, nearest


@pytest.mark.parametrize("count", [1, 2, 5, 12])
def test_parts_of_even_ground_are_even(count):
    """Forty by forty blocks of ten people: each part has its share within a row of blocks."""
    x, y = np.meshgrid(np.arange(40.0), np.arange(40.0))
    label = even_parts(np.c_[x.ravel(), y.ravel()], np.full(1600, 10), count)
    people = np.bincount(label, minlength=count) * 10
    assert len(people) == count
    assert np.abs(people - 16_000 / count).max() < 400


def test_the_nearer_seat_has_the_block():
    """And of two equally near the first."""
    assert nearest(np.array([[0.0, 0], [9, 0], [5, 0]]), np.array([[0.0, 0], [10, 0]])).tolist() == [0, 1, 0]
