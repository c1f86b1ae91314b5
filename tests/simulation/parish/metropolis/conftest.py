"""The full-size parish, made once."""

import pytest

from redstick.simulation.parish.metropolis import metropolis


@pytest.fixture(scope="session")
def whole():
    """The city-parish of seed 7 with its cameras and crews."""
    return metropolis(7)


@pytest.fixture(scope="session")
def city(whole):
    """Its city."""
    return whole.city
