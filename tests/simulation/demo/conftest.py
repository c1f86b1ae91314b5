"""The small parish, and a city of it behind the real server, without a socket."""

import asyncio
from contextlib import asynccontextmanager

import pytest

from redstick import bootstrap
from redstick.simulation.demo.base import open_base
from redstick.simulation.demo.opening import Wanted, open_demo


@pytest.fixture(scope="session")
def base():
    """The small parish, kept where every demo of it looks."""
    return open_base("small", lambda _: None)


class Idle:
    """In the place of the processes beside the server, which no fact here concerns: they cost seconds to begin."""

    hello = b""

    def __init__(self, *_, **__):
        pass

    def tell(self, position):
        """Listen to nothing."""

    def close(self):
        """There is nothing to end."""


@pytest.fixture(autouse=True)
def alone(monkeypatch):
    """Nothing is computed beside the server."""
    for name in ("ComputingProcess", "FollowerProcess", "HashingPool"):
        monkeypatch.setattr(bootstrap, name, Idle)


@pytest.fixture
def in_city(base, tmp_path):
    """Runs `act(demo)` in a city that is served and does not live by itself: a test lets its time pass."""

    def run(act, **wanted):
        @asynccontextmanager
        async def served():
            demo = open_demo(tmp_path, base, Wanted(**{"seed": 7, **wanted}), lambda _: None)
            await demo.start()
            try:
                yield demo
            finally:
                await demo.close()

        async def acted():
            async with served() as demo:
                return await act(demo)

        return asyncio.run(acted())

    return run
