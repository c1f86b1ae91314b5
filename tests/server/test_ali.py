"""ALI: a center that keeps its own phones has its calls on the floor by records of text."""

import asyncio
import socket

import pytest
from tests.comms.switchboard import MINUTE, City

from redstick.comms.rules.ali import AskRebid, RebidAsked, TakeAli
from redstick.dispatch.rules.calls import CallState
from redstick.kernel.errors import Unavailable
from redstick.server.ali import ACK, ETX, NAK, STX, AliFeed

HOUSE = "(225) 555-0100 RESD 14:02\n12 OAK ST\nESN 123\n"
PHASE_1 = "(225) 511-0199 WRLS\nCBN# (225) 555-0142\n1500 TOWER RD\n"
PHASE_2 = "(225) 511-0199 WPH2\nCBN# (225) 555-0142\n1500 TOWER RD\n+30.451500 -091.187100 UNC 12 COP 90\n"


@pytest.fixture
def city():
    """Nobody calls."""
    return City()


def test_a_record_is_a_call_of_the_floor_with_number_and_address(city):
    """It rings; on a line of one seat it is answered there, and so on that seat's screen."""
    city.events(TakeAli("trunk", "k1", HOUSE))
    call = city.floor.calls["k1"]
    assert (call.state, call.callback, call.place.text) == (CallState.PRESENTED, "2255550100", "12 OAK ST")
    city.events(TakeAli("phone 1", "k2", PHASE_1, "calls:1"))
    assert (city.floor.calls["k2"].state, city.floor.calls["k2"].seat) == (CallState.ANSWERED, "calls:1")


def test_a_record_again_is_more_about_the_same_call_and_overwrites_nothing(city):
    """The tower's street is coarse, the second record's place stands beside it; half an hour later it is a new call."""
    city.events(TakeAli("trunk", "k1", PHASE_1))
    [received] = city.events(TakeAli("trunk", "k2", PHASE_2))
    assert (received.call, received.again) == ("k1", True)
    call = city.floor.calls["k1"]
    assert (call.place.text, call.place.x) == ("1500 TOWER RD", None)
    assert [(one.place.quality, one.place.uncertainty_m) for one in call.supplemental] == [("cell", 12)]
    city.wait(31 * MINUTE)
    city.events(TakeAli("trunk", "k3", PHASE_1))
    assert city.floor.calls["k3"].state is CallState.PRESENTED


def test_a_record_in_which_no_number_is_found_is_a_call_too(city):
    """With its text, which a person reads; nothing at all is no record."""
    city.events(TakeAli("trunk", "k1", "NO RECORD FOUND"))
    city.events(TakeAli("trunk", "k2", "NO RECORD FOUND"))
    assert set(city.floor.calls) == {"k1", "k2"}
    assert city.refused(TakeAli("trunk", "k3", "\r\n")) == "no_record"
    assert city.refused(TakeAli("trunk", " ", HOUSE)) == "call_needed"
    assert city.refused(TakeAli(" ", "k3", HOUSE)) == "line_unnamed"


def test_a_newer_record_is_asked_for_on_the_line_of_the_call(city):
    """By a seat, for a call that came by a record."""
    city.events(TakeAli("trunk", "k1", PHASE_1))
    assert city.events(AskRebid("k1", "calls:1")) == [RebidAsked("k1", "trunk", "2255550142", "calls:1")]
    assert city.refused(AskRebid("k2", "calls:1")) == "call_unknown"
    assert city.refused(AskRebid("k1", " ")) == "seat_unnamed"


@pytest.mark.sockets
def test_records_come_on_a_line_and_are_acknowledged_once_they_are_durable(city):
    """However they are cut into packets; what cannot be one is refused, what is not durable is not answered."""
    listening, facts, calls = socket.create_server(("127.0.0.1", 0)), [], iter(("k1", "k2", "k3", "k4"))
    city.driver.listen(facts.extend)
    down = []

    async def ask(command):
        if down:
            raise Unavailable("the disk is full")
        return city.ask(command)

    async def lived():
        feed = AliFeed(listening, ask, lambda: next(calls), "calls:1")
        feed.start()
        reader, writer = await asyncio.open_connection("127.0.0.1", feed.port)
        for piece in (b"noise" + STX + PHASE_1[:9].encode(), PHASE_1[9:].encode() + ETX):
            writer.write(piece)
            await writer.drain()
        assert await reader.readexactly(1) == ACK
        assert city.floor.calls["k1"].seat == "calls:1"
        writer.write(STX + ETX)
        assert await reader.readexactly(1) == NAK
        city.events(AskRebid("k1", "calls:1"))
        feed.note(facts)
        assert await reader.readexactly(12) == STX + b"2255550142" + ETX
        down.append(True)
        writer.write(STX + HOUSE.encode() + ETX)
        await writer.drain()
        await asyncio.sleep(0)
        down.clear()
        writer.write(STX + PHASE_2.encode() + ETX)
        writer.close()
        await feed.close()

    asyncio.run(asyncio.wait_for(lived(), 20))
    assert city.floor.calls["k1"].callback == "2255550142"
