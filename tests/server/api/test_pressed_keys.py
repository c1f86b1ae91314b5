"""Keys that are pressed in a call, on the real server: they reach the other end, or the house, and stand nowhere."""

import asyncio

import pytest
from tests.adapters.voice.answering import Answering
from tests.adapters.voice.caller import PATIENCE_S
from tests.server.api.handset import Handset
from tests.server.api.line import facts, handsets, outside_line, speaking, two_softphones
from tests.server.api.test_phone_menus import menu, speaks_to
from tests.server.api.test_softphone import answered, loud
from tests.server.api.test_voice import at, events
from tests.server.api.window import Window, has_softphone

from redstick.adapters.voice.digits import Digits, Pressed

pytestmark = [pytest.mark.sockets, pytest.mark.voice]
CARD = "8675309#"  # what somebody presses who would not have it written down


def told(phone):
    """The keys that a phone was sent so far, as what receives them tells."""
    digits = Digits()
    for packet in phone.keyed:
        digits.heard(packet.timestamp, packet.payload, 0)
    return digits.take(0)


async def keys_of(phone, count):
    """Once so many are there; a moment later they are no more."""
    async with asyncio.timeout(PATIENCE_S):
        while len(told(phone)) < count:
            await phone.voice()  # which goes on beside them
    await asyncio.sleep(0.3)
    assert len(told(phone)) == count
    return "".join(one.key for one in told(phone))


def informs(phone, rung, key, ms):
    """A phone that was called says a key in INFO."""
    body = f"Signal={key}\r\nDuration={ms}\r\n".encode()
    Answering.ask(phone, rung, "INFO", 3, ("Max-Forwards", "70"), body=body, kind="application/dtmf-relay")


def stands_anywhere(server, words):
    """The files of a server's folder in which words stand."""
    files = [path for path in server.folder.rglob("*") if path.is_file()]
    return [path.name for path in files if words.encode() in path.read_bytes()]


def test_an_employee_presses_a_number_into_a_bank_s_menu_by_a_trunk_and_it_stands_nowhere(exchange, keys, ada):
    """Each key once, in order, for its time, by the payload type that either side has said; none is written down."""

    async def lived():
        bank = await Handset(at(exchange)).open()
        outside_line(ada, f"127.0.0.1:{bank.port}")
        async with handsets(exchange, keys, "2101") as [one]:
            bank.events, one.events = 96, 101
            invite, said, _ = await speaking(one, bank, "95550000")
            one.press(said, CARD)
            assert await keys_of(bank, len(CARD)) == CARD
            assert told(bank) == [Pressed(key, "rfc4733", 100) for key in CARD]
            assert told(one) == []
            await one.bye(invite, said)
            await facts(exchange, "phones.call_ended")
            assert events(exchange, "comms.key_pressed") == []
        bank.close()

    asyncio.run(lived())
    said = exchange.end()
    assert stands_anywhere(exchange, "+12255550000")  # whom they called does
    assert stands_anywhere(exchange, CARD[:-1]) == []
    assert CARD[:-1] not in said


def test_keys_go_both_ways_between_phones_and_one_in_info_is_a_key(exchange, keys):
    """Who was called presses too; where a phone says a key in INFO the other end has it as its own."""

    async def lived():
        async with handsets(exchange, keys, "2101", "2102") as [one, two]:
            one.events = two.events = 101
            invite, said, rung = await speaking(one, two, "2102")
            one.press(said, "12")
            assert await keys_of(two, 2) == "12"
            informs(two, rung, "7", 200)
            assert await keys_of(one, 1) == "7"
            assert told(one) == [Pressed("7", "rfc4733", 200)]
            await one.bye(invite, said)

    asyncio.run(lived())


def test_what_is_pressed_for_the_house_stays_with_the_house(exchange, keys, ada):
    """A key of a menu is not sent to whoever it leads to; those behind it, once they speak, are."""
    menu(ada)

    async def lived():
        async with handsets(exchange, keys, "2101", "2102") as [one, two]:
            two.events = 96
            invite, said = await one.call("3000")
            one.press(said, "1")
            await two.answer(await two.next("INVITE"))
            await speaks_to(one, said, two)
            assert told(two) == []
            one.press(said, "42")
            assert await keys_of(two, 2) == "42"
            await one.bye(invite, said)

    asyncio.run(lived())


def test_a_conference_passes_keys_to_nobody(exchange, keys, ada):
    """Though only two are in it: they are the house's."""
    ada.do("assign-number", number="3500", what={"type": "room", "name": "Room"})

    async def lived():
        async with handsets(exchange, keys, "2101", "2102") as [one, two]:
            one.events = two.events = 101
            invite, said = await one.call("3500")
            other, taken = await two.call("3500")
            await speaks_to(one, said, two)
            one.press(said, "1")
            await speaks_to(two, taken, one)
            await asyncio.sleep(0.5)
            assert told(two) == []
            await one.bye(invite, said)
            await two.bye(other, taken)

    asyncio.run(lived())


def test_a_softphone_presses_keys_and_hears_those_of_the_other_end_as_tones(exchange, keys, ada):
    """On hold it presses none."""
    dan = has_softphone(exchange, ada)

    async def lived():
        async with handsets(exchange, keys, "2102") as [two], Window(exchange, dan, "2101").on() as window:
            two.events = 96
            leg, rung = await answered(window, two, "2102")
            await window.do(leg, "press", "1")
            await window.do(leg, "press", "2#")
            assert await keys_of(two, 3) == "12#"
            informs(two, rung, "5", 1_000)
            await window.hears(leg, 3_000)
            await window.do(leg, "hold")
            assert (await window.do(leg, "press", "3", status=409))["code"] == "not_spoken"
            await window.do(leg, "resume")
            await window.do(leg, "press", "4")
            assert await keys_of(two, 4) == "12#4"
            await window.do(leg, "hang_up")

    asyncio.run(lived())


def test_a_phone_that_knows_no_events_hears_a_tone(exchange, keys):
    """As the person at it would, and whatever listens for tones."""

    async def lived():
        async with handsets(exchange, keys, "2101", "2102") as [one, two]:
            invite, said, _ = await speaking(one, two, "2102")
            one.press(said, "5")
            await loud(two)
            await one.bye(invite, said)

    asyncio.run(lived())


def test_a_real_softphone_hears_the_keys_of_another_once_and_in_order(exchange, keys, tmp_path):
    """As it tells itself (baresip, which sends each packet of a key beside one of voice); none comes behind them."""

    async def lived():
        async with two_softphones(exchange, keys, tmp_path) as [one, other]:
            for key in CARD:
                one.do("sndcode", key)
                await asyncio.sleep(0.3)
            assert [(await other.until("CALL_DTMF_START"))["param"] for _ in CARD] == list(CARD)
            one.do("hangup")
            await other.until("CALL_CLOSED")
            assert not [said for said in other.told if said.get("type") == "CALL_DTMF_START"]

    asyncio.run(lived())
