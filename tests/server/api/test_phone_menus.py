"""What the house does for who calls, on the real server: menus, orbits, conferences, paging, places."""

import asyncio

import pytest
from tests.server.api.conftest import Person
from tests.server.api.handset import TONE, Handset
from tests.server.api.line import ELIN, desk, facts, handsets, outside_line, speaking, told
from tests.server.api.test_voice import at, events, rows, until

from redstick.adapters.voice.g711 import PCMU

pytestmark = [pytest.mark.sockets, pytest.mark.voice]
SILENCE = bytes([PCMU.silence]) * 160
DOOR = {"type": "attendant", "name": "Front door"}
PLAN_KEYS = [{"key": "1", "number": "2102"}, {"key": "2", "number": "2103"}]


def menu(ada, number="3000", otherwise="2103"):
    """An attendant with two keys."""
    said = {"says": "Press 1 or 2", "keys": PLAN_KEYS, "otherwise": otherwise}
    ada.do("assign-number", number=number, what={**DOOR, "open": said})


async def hears(phone, octets=TONE):
    """Once a phone hears it."""
    while await phone.voice() != octets:
        pass


async def speaks_to(one, said, other):
    """What one says the other hears."""
    hearing = asyncio.create_task(hears(other))
    while not hearing.done():
        one.speak(said, 2)
        await asyncio.sleep(0.02)
    await hearing


def test_a_key_of_the_menu_leads_to_who_it_names(exchange, ada, keys):
    """A key that is none is asked again; the caller was answered by the menu, and by whom is in the record."""
    menu(ada)

    async def lived():
        async with handsets(exchange, keys, "2101", "2102") as [one, two]:
            invite, said = await one.call("3000")
            assert said.code == 200
            one.press(said, "9")
            one.speak(said, 1)
            one.press(said, "1")
            await two.answer(await two.next("INVITE"))
            await speaks_to(one, said, two)
            [answered] = await facts(exchange, "phones.call_answered")
            assert answered["by"] == "2102"
            await one.bye(invite, said)
            await facts(exchange, "phones.call_ended")

    asyncio.run(lived())


def test_who_presses_nothing_is_put_through_to_who_is_named_for_that(exchange, ada, keys):
    """And where that one does not answer either, they hear so and are hung up, with the code in the record."""
    menu(ada)
    ada.do("assign-number", number="2103", what=desk("2103", ring_s=1))

    async def lived():
        async with handsets(exchange, keys, "2101", "2103") as [one, three]:
            await one.call("3000")
            rung = await three.next("INVITE")
            three.say(rung, 180, "Ringing")
            assert (await three.next("CANCEL")).first("Call-ID") == rung.first("Call-ID")
            one.say(await one.next("BYE"), 200, "OK")
            [ended] = await facts(exchange, "phones.call_ended")
            assert (ended["cause"], ended.get("answered_at")) == ("480 Temporarily Unavailable", None)

    asyncio.run(lived())


@pytest.mark.parametrize(
    ("what", "code"),
    [
        ({**DOOR, "open": {"says": "", "keys": [{"key": "11", "number": "2101"}]}}, "key_malformed"),
        ({**DOOR, "open": {"says": "", "keys": [*PLAN_KEYS, PLAN_KEYS[0]]}}, "key_malformed"),
        ({**DOOR, "open": {"says": "", "sound": "../x"}}, "hash_malformed"),
        ({"type": "room", "name": "R", "pin": "12a4"}, "pin_malformed"),
    ],
)  # fmt: skip
def test_what_nobody_could_press_or_hear_is_not_taken(exchange, ada, keys, what, code):
    """Each by name."""
    assert ada.do("assign-number", 409, number="3900", what=what)["code"] == code


def test_a_caller_is_parked_and_picked_up_from_another_phone(exchange, ada, keys):
    """Whoever parked is free; who dials the orbit speaks with them, and the record ends when they hang up."""
    ada.do("assign-number", number="4000", what={"type": "orbit", "name": "Orbit"})

    async def lived():
        async with handsets(exchange, keys, "2101", "2102", "2103") as [one, two, three]:
            _, said, rung = await speaking(one, two, "2102")
            assert (await two.refer(rung, f"sip:4000@{two.realm}")).code == 202
            while (code := await told(two)) < 200:
                pass
            assert code == 200
            two.say(await two.next("BYE"), 200, "OK")
            [parked] = await facts(exchange, "phones.call_parked")
            assert (parked["orbit"], parked["by"]) == ("4000", "2102")
            assert (await two.call("2199"))[1].code == 404
            picking, taken = await three.call("4000")
            assert taken.code == 200
            await speaks_to(one, said, three)
            [picked] = await facts(exchange, "phones.call_picked_up")
            assert (picked["call"], picked["by"]) == (parked["call"], "2103")
            assert (await two.call("4000"))[1].code == 480
            await three.bye(picking, taken)
            one.say(await one.next("BYE"), 200, "OK")
            ended = await facts(exchange, "phones.call_ended", 4)
            assert {one["caller"] for one in ended if one["call"] == parked["call"]} == {"2101"}

    asyncio.run(lived())


def test_who_was_called_can_be_parked_too_and_hangs_up_there(exchange, ada, keys):
    """The call is theirs then: it does not end with who left."""
    ada.do("assign-number", number="4000", what={"type": "orbit", "name": "Orbit"})

    async def lived():
        async with handsets(exchange, keys, "2101", "2102") as [one, two]:
            invite, said, rung = await speaking(one, two, "2102")
            asked = one.within(invite, said, "REFER", 6, ("Refer-To", f"<sip:4000@{one.realm}>"))
            assert (await one.ask(asked))[1].code == 202
            one.say(await one.next("BYE"), 200, "OK")
            [parked] = await facts(exchange, "phones.call_parked")
            await asyncio.to_thread(until, lambda: len(events(exchange, "comms.leg_ended")) == 1)
            assert events(exchange, "phones.call_ended") == []
            two.hang_up(rung)
            [ended] = await facts(exchange, "phones.call_ended")
            assert (ended["call"], ended["caller"]) == (parked["call"], "2102")

    asyncio.run(lived())


def test_a_conference_lets_in_who_knows_its_pin(exchange, ada, keys):
    """Two who know it hear each other; who does not is hung up after three times, and was not in it."""
    ada.do("assign-number", number="5000", what={"type": "room", "name": "Storm", "pin": "4711"})

    async def lived():
        async with handsets(exchange, keys, "2101", "2102", "2103") as [one, two, three]:
            opened = []
            for phone in (one, two):
                invite, said = await phone.call("5000")
                phone.speak(said, 1)
                phone.press(said, "4711")
                opened.append((phone, invite, said))
            answered = await facts(exchange, "phones.call_answered", 2)
            assert {call["by"] for call in answered} == {"5000"}
            await speaks_to(one, opened[0][2], two)
            _, said = await three.call("5000")
            three.press(said, "000000000000")
            three.say(await three.next("BYE"), 200, "OK")
            [ended] = await facts(exchange, "phones.call_ended")
            assert (ended["caller"], ended["cause"]) == ("2103", "403 Forbidden")
            for phone, invite, said in opened:
                await phone.bye(invite, said)
            assert len(await facts(exchange, "phones.call_ended", 3)) == 3

    asyncio.run(lived())


def test_a_page_is_heard_at_every_loudspeaker_and_answers_by_itself(exchange, ada, keys):
    """Each phone is told to answer alone; what one of them says nobody hears, and all are hung up with the caller."""
    ada.do("assign-number", number="6000", what={"type": "paging", "name": "All", "members": ["2102", "2103"]})

    async def lived():
        async with handsets(exchange, keys, "2101", "2102", "2103") as [one, two, three]:
            invite, said = await one.call("6000")
            assert said.code == 200
            rung = [await phone.next("INVITE") for phone in (two, three)]
            for phone, asked in zip((two, three), rung, strict=True):
                assert "answer-after=0" in asked.first("Call-Info")
                assert "alert-autoanswer" in asked.first("Alert-Info")
                await phone.answer(asked)
            await asyncio.gather(speaks_to(one, said, two), speaks_to(one, said, three))
            await one.bye(invite, said)
            for phone in (two, three):
                phone.say(await phone.next("BYE"), 200, "OK")
            [ended] = await facts(exchange, "phones.call_ended")
            assert ended["answered_by"] == "6000"

    asyncio.run(lived())


def test_who_is_handed_on_to_911_waits_on_the_floor(exchange, ada, keys):
    """It is a call for help of theirs: with their place, told on site; who handed them on is free."""

    async def lived():
        async with handsets(exchange, keys, "2101", "2102") as [one, two]:
            invite, said, rung = await speaking(one, two, "2102")
            assert (await two.refer(rung, f"sip:911@{two.realm}")).code == 202
            while (code := await told(two)) < 200:
                pass
            assert code == 200
            two.say(await two.next("BYE"), 200, "OK")
            dan = Person(exchange, "dan")
            [call] = await asyncio.to_thread(until, lambda: rows(dan, "dispatch.view.calls"))
            assert (call["source"], call["callback"], call["text"]) == ("911", ELIN, "222 Saint Louis St, floor 3")
            [dialled] = await facts(exchange, "phones.emergency_dialled")
            assert (dialled["number"], dialled["told"]) == ("2101", ["desk@city.example"])
            assert len(await facts(exchange, "comms.leg_queued")) == 1
            await one.bye(invite, said)
            ended = await facts(exchange, "phones.call_ended", 2)
            assert [one["cause"] for one in ended] == ["handed on to 911", "the caller hung up"]

    asyncio.run(lived())


def test_who_is_handed_on_to_911_elsewhere_speaks_there(exchange, ada, keys):
    """By the plan's trunk, and with the place of whoever was handed on."""

    async def lived():
        center = await Handset(at(exchange)).open()
        outside_line(ada, f"127.0.0.1:{center.port}", emergency=["t1"])
        async with handsets(exchange, keys, "2101", "2102") as [one, two]:
            _, said, rung = await speaking(one, two, "2102")
            assert (await two.refer(rung, f"sip:9911@{two.realm}")).code == 202
            asked = await center.next("INVITE")
            assert b"<ns" in asked.body or b"Saint Louis" in asked.body
            await center.answer(asked)
            two.say(await two.next("BYE"), 200, "OK")
            await speaks_to(one, said, center)
            assert events(exchange, "dispatch.call_received") == []
        center.close()

    asyncio.run(lived())


def test_an_invite_takes_the_place_of_a_leg_that_speaks_or_rings(exchange, ada, keys):
    """2103 takes 2102's place with 2101 (RFC 3891), then rings nowhere: a leg that is none is 481."""

    async def lived():
        async with handsets(exchange, keys, "2101", "2102", "2103") as [one, two, three]:
            _, said, rung = await speaking(one, two, "2102")
            names = rung.first("Call-ID"), "theirs", rung.first("From").rpartition("tag=")[2]
            taking, taken = await three.call("2102", replaces=names)
            assert taken.code == 200
            assert (await two.next("BYE")).first("Call-ID") == rung.first("Call-ID")
            await speaks_to(one, said, three)
            [handed] = await facts(exchange, "phones.call_handed_on")
            assert (handed["by"], handed["to"]) == ("2102", "2103")
            assert (await two.call("2102", replaces=names))[1].code == 481
            await three.bye(taking, taken)
            one.say(await one.next("BYE"), 200, "OK")

    asyncio.run(lived())


def test_a_call_that_rings_is_picked_up_by_replacing_it(exchange, ada, keys):
    """Who rang is told to stop, and the record says who answered."""

    async def lived():
        async with handsets(exchange, keys, "2101", "2102", "2103") as [one, two, three]:
            calling = asyncio.create_task(one.call("2102"))
            rung = await two.next("INVITE")
            two.say(rung, 180, "Ringing")
            await one.hear(lambda said: getattr(said, "code", 0) == 180)
            names = rung.first("Call-ID"), "theirs", rung.first("From").rpartition("tag=")[2]
            _, taken = await three.call("2102", replaces=names)
            assert taken.code == 200
            assert (await two.next("CANCEL")).first("Call-ID") == rung.first("Call-ID")
            invite, said = await calling
            assert said.code == 200
            await speaks_to(one, said, three)
            answered = await facts(exchange, "phones.call_answered")
            assert answered[0]["by"] == "2103"
            await one.bye(invite, said)

    asyncio.run(lived())
