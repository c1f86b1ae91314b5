"""An engine says whether it carries voice: each fault is planted, told once, and told again when it is over."""

import asyncio
import errno

import pytest
from tests.adapters.voice.caller import PATIENCE_S
from tests.adapters.voice.test_engine import Desk

from redstick.adapters.voice import engine as engines
from redstick.adapters.voice import health as healths
from redstick.adapters.voice.calls import Leg
from redstick.adapters.voice.health import Health
from redstick.comms.ports import EngineHealth, Over

DOWN = EngineHealth("e", up=False, why="sockets: gone")


def test_it_fails_as_long_as_a_part_does_and_each_change_is_told_once():
    """Of two parts that fail the first is named; nothing is said while one of them still does."""
    told = []
    health = Health("e", told.append)
    health.works("sockets")
    health.failed("sockets", "gone")
    health.failed("sockets", "gone still")
    health.failed("ports", "none")
    health.begun()
    health.works("sockets")
    assert told == [DOWN]
    health.works("ports")
    health.begun()
    assert told == [DOWN, EngineHealth("e", up=True), EngineHealth("e", up=True)]


def test_a_part_that_dies_is_told_of_begins_anew_and_works_once_it_lives(monkeypatch):
    """Whatever it died of; whoever ends the engine ends it."""
    monkeypatch.setattr(healths, "AGAIN_S", 0.0)
    monkeypatch.setattr(healths, "SETTLED_S", 0.01)
    told, lives = [], iter(("dies", "dies", "lives"))

    async def live():
        if next(lives) == "dies":
            raise ZeroDivisionError("a fault of ours")
        await asyncio.sleep(60)

    async def lived():
        watching = asyncio.create_task(Health("e", told.append).watch("clock", live))
        async with asyncio.timeout(PATIENCE_S):
            while len(told) < 2:  # noqa: ASYNC110  (a list tells nobody that it grew)
                await asyncio.sleep(0.01)
        watching.cancel()
        await asyncio.gather(watching, return_exceptions=True)

    asyncio.run(lived())
    assert told == [EngineHealth("e", up=False, why="clock: ZeroDivisionError('a fault of ours')"),
                    EngineHealth("e", up=True)]  # fmt: skip


@pytest.mark.sockets
def test_an_engine_that_begins_says_so():
    """Once it takes calls."""

    async def lived():
        async with Desk() as desk:
            assert desk.of(EngineHealth) == [EngineHealth("embedded", up=True)]

    asyncio.run(lived())


@pytest.mark.sockets
@pytest.mark.parametrize(("wire", "named"), [(0, "SIP over UDP"), (1, "SIP over TCP")])
def test_a_socket_that_is_gone_is_told(monkeypatch, wire, named):
    """By which way no call comes any more."""
    monkeypatch.setattr(engines, "LOOKED_AT_S", 0.01)

    async def lived():
        async with Desk() as desk:
            desk.engine._wires[wire].close()
            await desk.until(lambda: len(desk.of(EngineHealth)) == 2)
            assert desk.of(EngineHealth)[1] == EngineHealth("embedded", up=False, why=f"{named}: its socket is closed")

    asyncio.run(lived())


@pytest.mark.sockets
def test_a_call_without_a_port_is_503_and_told_and_the_next_one_that_has_one_too(monkeypatch):
    """The caller goes to a neighbour; the engine is down until it has a port again."""
    opened = Leg.open

    async def none_left(leg, host):
        raise OSError(errno.EMFILE, "Too many open files")

    async def lived():
        async with Desk() as desk:
            monkeypatch.setattr(Leg, "open", none_left)
            refused = await desk.caller()
            assert (await refused.call()).code == 503
            await desk.until(lambda: desk.of(Over))
            why = "a port for voice: Too many open files"
            assert desk.of(EngineHealth)[1:] == [EngineHealth("embedded", up=False, why=why)]
            monkeypatch.setattr(Leg, "open", opened)
            taken = await desk.caller(2)
            assert (await taken.call()).code == 200
            assert desk.of(EngineHealth)[2:] == [EngineHealth("embedded", up=True)]

    asyncio.run(lived())
