"""911 of a phone where the plan sends it out by trunks: out with its place, and never lost, on the real server."""

import asyncio
import signal
from contextlib import asynccontextmanager

import pytest
from tests.server.api.conftest import Person
from tests.server.api.handset import Handset
from tests.server.api.line import ELIN, facts, handsets, outside_line
from tests.server.api.test_voice import at, events, rows, until

from redstick.protocols.geopriv.conveyance import geolocation_of
from redstick.protocols.sip.bodies import parts_of

pytestmark = [pytest.mark.sockets, pytest.mark.voice]


@asynccontextmanager
async def elsewhere(server, ada, count=2):
    """So many ways to a center elsewhere, which the plan names for 911; nothing answers there by itself."""
    opened = [await Handset(at(server)).open() for _ in range(count)]
    trunks = [f"t{number}" for number in range(1, count + 1)]
    outside_line(ada, *(f"127.0.0.1:{one.port}" for one in opened), emergency=trunks)
    try:
        yield opened
    finally:
        for one in opened:
            one.close()


async def on_the_floor(server):
    """The calls of the floor, once there is one."""
    dan = Person(server, "dan")
    return await asyncio.to_thread(until, lambda: rows(dan, "dispatch.view.calls"))


def test_911_goes_out_by_the_trunk_of_the_plan_with_number_and_place(exchange, ada, keys):
    """The center elsewhere is told where the phone stands and how to call back; on site they know at once."""

    async def lived():
        async with elsewhere(exchange, ada) as [center, other], handsets(exchange, keys, "2101") as [one]:
            calling = asyncio.create_task(one.call("9911"))
            asked = await center.next("INVITE")
            [dialled] = await facts(exchange, "phones.emergency_dialled")
            assert (dialled["callback"], dialled["told"]) == (ELIN, ["desk@city.example"])
            assert asked.uri == f"sip:911@127.0.0.1:{center.port}"
            assert f"sip:{ELIN}@" in asked.first("From")
            assert f"sip:{ELIN}@" in asked.first("P-Asserted-Identity")
            located = geolocation_of(asked, parts_of(asked))
            [found] = located.locations
            civic = found.presence.locations[0].civic
            assert [civic.get(name) for name in ("country", "HNO", "RD", "FLR")] == ["US", "222", "Saint Louis St", "3"]
            assert (found.presence.locations[0].method, found.faults, located.faults) == ("Manual", (), ())
            await center.answer(asked)
            invite, said = await calling
            assert said.code == 200
            [answered] = await facts(exchange, "phones.call_answered")
            assert (answered["by"], answered["trunk"]) == ("911", "t1")
            await one.bye(invite, said)
            center.say(await center.next("BYE"), 200, "OK")
            [ended] = await facts(exchange, "phones.call_ended")
            assert (ended["verdict"], ended["trunk"], ended["cause"]) == ("emergency", "t1", "the caller hung up")
            assert events(exchange, "dispatch.call_received") == []
            assert other.waiting == []

    asyncio.run(lived())


def test_every_trunk_is_tried_whatever_one_says_and_the_floor_has_it_at_last(exchange, ada, keys):
    """404 of one and 503 of the other refuse nothing: the caller waits on the 911 line of this house."""

    async def lived():
        async with elsewhere(exchange, ada) as [first, second], handsets(exchange, keys, "2101") as [one]:
            calling = asyncio.create_task(one.call("911"))
            first.say(await first.next("INVITE"), 404, "Not Found")
            second.say(await second.next("INVITE"), 503, "Service Unavailable")
            invite, said = await calling
            assert said.code == 200
            [call] = await on_the_floor(exchange)
            assert (call["source"], call["callback"], call["text"]) == ("911", ELIN, "222 Saint Louis St, floor 3")
            assert len(events(exchange, "phones.emergency_dialled")) == 1
            assert len(await facts(exchange, "comms.leg_queued")) == 1
            await one.bye(invite, said)
            await facts(exchange, "phones.call_ended")
            assert len(events(exchange, "phones.call_begun")) == 1

    asyncio.run(lived())


def test_a_trunk_that_says_nothing_is_left_for_the_next(exchange, ada, keys):
    """It is told to stop, and the next is asked after seconds, not after half a minute."""

    async def lived():
        async with elsewhere(exchange, ada) as [silent, second], handsets(exchange, keys, "2101") as [one]:
            calling = asyncio.create_task(one.call("911"))
            await silent.next("INVITE")
            asked = await second.next("INVITE")
            second.say(asked, 180, "Ringing")
            await second.answer(asked)
            assert (await calling)[1].code == 200
            [answered] = await facts(exchange, "phones.call_answered")
            assert answered["trunk"] == "t2"

    asyncio.run(lived())


def test_who_gives_up_before_anybody_answered_is_owed_a_callback_here(exchange, ada, keys):
    """With number and place, as one who hung up in the queue of this house."""

    async def lived():
        async with elsewhere(exchange, ada, 1) as [center], handsets(exchange, keys, "2101") as [one]:
            calling = asyncio.create_task(one.call("911"))
            center.say(await center.next("INVITE"), 180, "Ringing")
            ringing = await one.hear(lambda said: getattr(said, "code", 0) == 180)
            one.cancel(one.sent[ringing.first("CSeq")])
            assert (await calling)[1].code == 487
            [abandoned] = await facts(exchange, "dispatch.call_abandoned")
            [received] = events(exchange, "dispatch.call_received")
            assert (received["call"], received["callback"]) == (abandoned["call"], ELIN)
            await facts(exchange, "phones.call_ended")

    asyncio.run(lived())


def test_a_call_for_help_that_a_killed_server_had_on_its_way_is_owed_a_callback(exchange, ada, keys):
    """On site they were told before it rang anywhere; the floor calls back when the server is up again."""

    async def lived():
        async with elsewhere(exchange, ada, 1) as [center], handsets(exchange, keys, "2101") as [one]:
            calling = asyncio.create_task(one.call("911"))
            await center.next("INVITE")
            await facts(exchange, "phones.emergency_dialled")
            exchange.end(signal.SIGKILL)
            exchange.opened.clear()
            exchange.start()
            await facts(exchange, "dispatch.call_abandoned")
            [received] = events(exchange, "dispatch.call_received")
            assert (received["callback"], received["place"]["text"]) == (ELIN, "222 Saint Louis St, floor 3")
            [ended] = await facts(exchange, "phones.call_ended")
            assert ended["cause"] == "the engine was lost"
            calling.cancel()

    asyncio.run(lived())
