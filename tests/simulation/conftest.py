"""A generated parish, made once: what lives in it is new for each test."""

from datetime import datetime
from zoneinfo import ZoneInfo

import pytest

from redstick.bootstrap import open_in_memory
from redstick.geo.routing import open_router
from redstick.simulation.parish import generate
from redstick.simulation.shift import Shift

FRIDAY_EVENING = round(datetime(2026, 11, 20, 17, 0, tzinfo=ZoneInfo("America/Chicago")).timestamp() * 1000)


@pytest.fixture(scope="session")
def parish():
    """The parish of the demo's seed."""
    return generate(7)


@pytest.fixture(scope="session")
def router(parish):
    """Its roads, open."""
    return open_router(parish.city.roads)


@pytest.fixture(scope="session")
def begin(parish, router):
    """Begins a shift on a journal in memory, on a Friday evening."""

    def begin(seed=7, *, driver=None, **options):
        return Shift(parish, driver or open_in_memory(), router, seed, FRIDAY_EVENING, **options)

    return begin
