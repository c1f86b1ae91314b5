"""The softphone of an extension on the real server: a window of a person is a phone beside those of SIP."""

import asyncio

import pytest
from tests.server.api.conftest import Person
from tests.server.api.line import ELIN, facts, handsets
from tests.server.api.test_phone_boxes import recorded
from tests.server.api.test_phones import Caller
from tests.server.api.test_voice import rows, until
from tests.server.api.window import SOFTPHONE, Window, has_softphone
from websockets.asyncio.client import connect

from redstick.adapters.voice.g711 import PCMU

pytestmark = [pytest.mark.sockets, pytest.mark.voice]


@pytest.fixture
def dan(exchange, ada, keys):
    """Who has 2101, at the hall, and a softphone of it."""
    return has_softphone(exchange, ada)


async def rung(window, phone, dialled="2101"):
    """A phone of SIP calls the window: its call under way, and the line that rings."""
    return asyncio.create_task(phone.call(dialled)), await window.line("rings")


async def answered(window, phone, number):
    """The window calls a phone of SIP, which answers: the leg, and the INVITE that rang there."""
    leg = await window.dial(number)
    invite = await phone.next("INVITE")
    await phone.answer(invite)
    await window.line("speaks", number)
    return leg, invite


async def loud(phone):
    """Once somebody is heard on a phone, from now on."""
    while not phone.spoken.empty():
        phone.spoken.get_nowait()
    while max(PCMU.decode(await phone.voice()), default=0) < 1_000:
        pass


async def goodbye(phone):
    """The phone is hung up."""
    phone.say(await phone.next("BYE"), 200, "OK")


def test_a_window_rings_answers_and_speaks_with_a_phone_of_sip(exchange, keys, dan):
    """It is shown who calls; both hear each other; the record is as of any phone, and presence follows the window."""

    async def lived():
        async with handsets(exchange, keys, "2102") as [two], Window(exchange, dan, "2101").on() as window:
            await facts(exchange, "phones.device_reported", 2)
            calling, line = await rung(window, two)
            assert (line["number"], line["name"]) == ("2102", "Desk 2102")
            await window.answer(line["leg"])
            invite, said = await calling
            assert said.code == 200
            await window.line("speaks")
            two.speak(said, 50)
            await window.hears(line["leg"], 500)
            assert await two.bye(invite, said) == 200
            over = await window.over()
            assert (over["number"], over["spoke"]) == ("2102", True)
            [ended] = await facts(exchange, "phones.call_ended")
            assert (ended["caller"], ended["answered_by"], ended["cause"]) == ("2102", "2101", "the caller hung up")
            await window.off()
        said = await facts(exchange, "phones.device_reported", 3)
        assert (said[-1]["device"], said[-1]["reachable"]) == (SOFTPHONE, False)

    asyncio.run(lived())


def test_who_is_declined_leaves_a_message_that_the_window_hears_by_calling_itself(exchange, keys, dan):
    """The box by its usual code, keys pressed in the window: 7 drops what was heard."""

    async def lived():
        async with handsets(exchange, keys, "2102") as [two], Window(exchange, dan, "2101").on() as window:
            calling, line = await rung(window, two)
            await window.do(line["leg"], "hang_up")
            invite, said = await calling
            assert said.code == 200
            await recorded(exchange, two, said)
            await two.bye(invite, said)
            [left] = await facts(exchange, "phones.voicemail_left")
            assert (left["number"], left["caller"]) == ("2101", "2102")
            leg = await window.dial("2101")
            await window.line("speaks")
            await window.hears(leg)
            await facts(exchange, "phones.voicemail_heard")
            await window.do(leg, "press", "7")
            [dropped] = await facts(exchange, "phones.voicemail_dropped")
            assert dropped["person"] == f"phone {SOFTPHONE}"
            await window.do(leg, "hang_up")  # the box would say its menu, twice
            await window.over()

    asyncio.run(lived())


def test_of_a_group_whoever_answers_first_has_the_call_the_window_or_a_phone(exchange, keys, dan, ada):
    """The other is told so, in both directions."""
    ada.do("assign-number", number="3000", what={"type": "group", "name": "Desk", "members": ["2101", "2103"]})

    async def lived():
        async with (
            handsets(exchange, keys, "2102", "2103") as [two, three],
            Window(exchange, dan, "2101").on() as window,
        ):
            calling, line = await rung(window, two, "3000")
            other = await three.next("INVITE")
            three.say(other, 180, "Ringing")
            await window.answer(line["leg"])
            invite, said = await calling
            assert said.code == 200
            assert (await three.next("CANCEL")).first("Call-ID") == other.first("Call-ID")
            await two.bye(invite, said)
            await window.over()
            calling, line = await rung(window, two, "3000")
            await three.answer(await three.next("INVITE"))
            assert (await calling)[1].code == 200
            assert (await window.over())["cause"] == "answered elsewhere"

    asyncio.run(lived())


def test_who_is_held_hears_a_tone_and_is_heard_again_when_they_are_taken_off_it(exchange, keys, dan):
    """And a second call of the window holds the first by itself; joined, the two others speak and the window is out."""

    async def lived():
        async with (
            handsets(exchange, keys, "2102", "2103") as [two, three],
            Window(exchange, dan, "2101").on() as window,
        ):
            leg, first = await answered(window, two, "2102")
            await loud(two)
            await window.do(leg, "hold")
            await window.until(lambda: window.lines[0]["held"])
            await window.do(leg, "resume")
            await window.until(lambda: not window.lines[0]["held"])
            other, second = await answered(window, three, "2103")
            held = {one["leg"]: one["held"] for one in window.lines}
            assert held == {leg: True, other: False}
            await window.do(leg, "join", other)
            await window.over()
            [handed] = await facts(exchange, "phones.call_handed_on")
            assert (handed["by"], handed["to"]) == ("2101", "2103")
            two.speak(first, 50)
            await loud(three)
            two.hang_up(first)
            await goodbye(three)
            del second

    asyncio.run(lived())


def test_a_number_that_cannot_be_reached_leaves_the_call_with_the_window(exchange, keys, dan):
    """Blind, to a phone that is busy: the line says why, and both speak on."""

    async def lived():
        async with (
            handsets(exchange, keys, "2102", "2103") as [two, three],
            Window(exchange, dan, "2101").on() as window,
        ):
            leg, _ = await answered(window, two, "2102")
            await window.do(leg, "hand_on", "2103")
            three.say(await three.next("INVITE"), 486, "Busy Here")
            await window.until(lambda: window.lines[0]["transfer"].startswith("486"))
            await window.do(leg, "hand_on", "2103")
            await three.answer(await three.next("INVITE"))
            await window.over()
            begun = await facts(exchange, "phones.call_begun", 3)
            assert [one["caller"] for one in begun] == ["2101", "2102", "2102"]

    asyncio.run(lived())


def test_a_call_is_parked_from_a_window_and_picked_up_in_it(exchange, keys, dan, ada):
    """Handed on to an orbit; whoever dials the orbit has them."""
    ada.do("assign-number", number="4000", what={"type": "orbit", "name": "Orbit"})

    async def lived():
        async with handsets(exchange, keys, "2102") as [two], Window(exchange, dan, "2101").on() as window:
            leg, _ = await answered(window, two, "2102")
            await window.do(leg, "hand_on", "4000")
            assert (await window.over())["cause"] == "parked"
            again = await window.dial("4000")
            await window.line("speaks", "4000")
            await facts(exchange, "phones.call_picked_up")
            await window.do(again, "hang_up")
            await goodbye(two)

    asyncio.run(lived())


def test_a_network_that_drops_for_a_moment_ends_nothing(exchange, keys, dan):
    """The window comes again and finds its line; its voice is brought again; the phone of SIP has heard of nothing."""

    async def lived():
        async with handsets(exchange, keys, "2102") as [two]:
            window = Window(exchange, dan, "2101")
            async with window.on(lasting=True):
                leg, invite = await answered(window, two, "2102")
            again = Window(exchange, dan, "2101")
            async with again.on():
                assert [one["leg"] for one in again.lines] == [leg]
                await again.answer(leg)
                two.speak(invite, 50)
                await again.hears(leg, 500)
                two.hang_up(invite)
                assert (await again.over())["who"] == "us"
            await window.quiet()
            said = await facts(exchange, "phones.device_reported", 2)
            assert [one["reachable"] for one in said] == [True, True]

    asyncio.run(lived())


def test_a_window_that_is_gone_is_rung_no_more_and_who_rings_there_goes_on(exchange, keys, dan):
    """Some seconds after its stream: what rings there ends, and the caller is at the box."""

    async def lived():
        async with handsets(exchange, keys, "2102") as [two]:
            async with Window(exchange, dan, "2101").on() as window:
                calling, _ = await rung(window, two)
            assert (await calling)[1].code == 200  # the box
            said = await facts(exchange, "phones.device_reported", 3)
            assert (said[-1]["device"], said[-1]["reachable"]) == (SOFTPHONE, False)

    asyncio.run(lived())


def test_who_signs_out_has_no_phone_any_more(exchange, keys, dan):
    """The stream says so, the other side is hung up, and the extension is reached no more."""

    async def lived():
        async with handsets(exchange, keys, "2102") as [two], Window(exchange, dan, "2101").on() as window:
            leg, _ = await answered(window, two, "2102")
            gone = await asyncio.to_thread(dan.http.delete, "/api/session", headers=dan.headers)
            assert gone.status_code < 300
            await goodbye(two)
            await window.until(lambda: window.code == 4401)
            await window.do(leg, "hold", status=401)
            said = await facts(exchange, "phones.device_reported", 3)
            assert (said[-1]["device"], said[-1]["reachable"]) == (SOFTPHONE, False)

    asyncio.run(lived())


def test_one_window_has_the_softphone_of_an_extension_the_newest_unless_another_speaks(exchange, keys, dan):
    """The one before is told so; in a call it stays, and the newer one is refused."""

    async def lived():
        one, other = Window(exchange, dan, "2101"), Window(exchange, dan, "2101", "w2")
        async with one.on(), other.on(), handsets(exchange, keys, "2102") as [two]:
            await one.until(lambda: one.code == 4409)
            await one.ask("dial", 409, number="2102", offer="v=0")
            await answered(other, two, "2102")
            assert await refused(exchange, dan, "2101", "w3") == 403
            assert [line["number"] for line in other.lines] == ["2102"]

    asyncio.run(lived())


async def refused(server, person, number, name):
    """With which code of HTTP a stream is refused."""
    from websockets.exceptions import InvalidStatus

    url = f"{server.url.replace('http', 'ws')}/api/phones/softphone/stream?number={number}&window={name}"
    with pytest.raises(InvalidStatus) as why:
        async with connect(url, additional_headers=person.headers):
            pass
    return why.value.response.status_code


def test_a_softphone_is_on_for_whoever_has_the_extension_and_where_its_place_is_known(exchange, keys, dan, ada):
    """Not for another person, not without a place; the place is of a site, and no other is taken."""
    sue = Caller(exchange, "sue")
    assert asyncio.run(refused(exchange, sue, "2101", "w1")) == 403
    assert asyncio.run(refused(exchange, Caller(exchange), "2101", "w1")) == 403
    told = dan.get("softphone").json()
    assert told == {
        "here": True,
        "numbers": [{"number": "2101", "name": "Desk 2101", "site": "hall", "place": "222 Saint Louis St, floor 3"}],
        "sites": {"hall": "222 Saint Louis St, floor 3"},
    }
    assert sue.get("softphone").json()["numbers"] == []
    nowhere = {"type": "extension", "name": "Desk 2101", "user": "dan"}
    ada.do("assign-number", number="2101", what=nowhere)
    assert asyncio.run(refused(exchange, dan, "2101", "w1")) == 403
    asked = {"person": dan.me, "number": "2101"}
    assert dan.do("place-my-softphone", 409, **asked)["code"] == "place_needed"
    assert dan.do("place-my-softphone", 404, **asked, site="moon")["code"] == "site_unknown"
    assert ada.do("place-my-softphone", 403, **asked, site="hall")["code"] == "not_yourself"
    dan.do("place-my-softphone", **asked, site="hall")

    async def lived():
        async with Window(exchange, dan, "2101").on() as window:
            assert window.told["place"] == "222 Saint Louis St, floor 3"
            stranger = Window(exchange, sue, "2101")
            assert (await stranger.ask("dial", 409, number="911", offer="v=0"))["code"] == "softphone_off"
            assert (await window.ask("dial", 409, number=" ", offer="v=0"))["code"] == "number_needed"
            assert (await window.ask("dial", 409, number="2102", offer="v=0"))["code"] == "offer_refused"
            assert (await window.do("leg", "hold", status=404))["code"] == "line_unknown"

    asyncio.run(lived())


def test_911_of_a_window_is_answered_on_the_floor_with_its_place_and_told_on_site(exchange, keys, dan):
    """It does not end with the session of whoever called: only with its voice."""

    async def lived():
        async with Window(exchange, dan, "2101").on() as window:
            leg = await window.dial("911")
            sue = Person(exchange, "sue")
            [call] = await asyncio.to_thread(until, lambda: rows(sue, "dispatch.view.calls"))
            assert call["callback"] == ELIN
            [dialled] = await facts(exchange, "phones.emergency_dialled")
            assert (dialled["number"], dialled["device"], dialled["site"]) == ("2101", SOFTPHONE, "hall")
            assert dialled["told"] == ["desk@city.example"]
            await window.line("speaks")
            await window.hears(leg)
            await asyncio.to_thread(dan.http.delete, "/api/session", headers=dan.headers)
            await window.until(lambda: window.code == 4401)
            await window.hears(leg)
            await window.headsets[leg].connection.close()
            [ended] = await facts(exchange, "comms.leg_ended")
            assert ended["call"] == call["call"]

    asyncio.run(lived())
