"""The full-size parish, made once by this code."""

import pytest

from redstick.simulation.demo.base import SEED, open_base
from redstick.simulation.parish import load_parish


@pytest.fixture(scope="session")
def whole():
    """The city-parish of seed 7 with its cameras and crews, as demos begin from it: drawn by this very code, and kept.

    Drawing takes half a minute, so the parish that `make setup` has drawn is read; where its code or libraries are
    other than today's, it is drawn now.
    """
    assert SEED == 7
    return load_parish(open_base("full", lambda _: None).folder)


@pytest.fixture(scope="session")
def city(whole):
    """Its city."""
    return whole.city
