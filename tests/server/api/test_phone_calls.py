"""Calls of the city's phones on the real server: who rings, who has the call, what is said, and what is written."""

import asyncio
import signal
from urllib.parse import quote

import pytest
from tests.adapters.voice.baresip import energy
from tests.server.api.conftest import Person
from tests.server.api.handset import Handset
from tests.server.api.line import ELIN, desk, facts, handsets, outside_line, speaking, told, two_softphones
from tests.server.api.test_phones import SITE
from tests.server.api.test_voice import at, events, rows, until

pytestmark = [pytest.mark.sockets, pytest.mark.voice]


def test_a_phone_is_reachable_while_it_is_registered_and_a_wrong_password_is_written_down(exchange, keys):
    """Each is a fact of the phones; a renewal says nothing new."""

    async def lived():
        async with handsets(exchange, keys, "2101") as [phone]:
            await phone.register()
            await phone.register(seconds=0)
            said = await facts(exchange, "phones.device_reported", 2)
            assert [(one["device"], one["reachable"]) for one in said] == [("2101", True), ("2101", False)]
            wrong = await Handset(at(exchange), {**keys["2102"], "password": "wrong"}).open()
            asked = wrong.request("REGISTER", f"sip:{wrong.realm}", f"<sip:2102@{wrong.realm}>", ("Expires", "600"))
            assert (await wrong.ask(asked))[1].code == 403
            [refused] = await facts(exchange, "phones.registration_refused")
            assert (refused["device"], refused["source"]) == ("2102", f"127.0.0.1:{wrong.port}")
            wrong.close()

    asyncio.run(lived())


def test_two_softphones_hear_each_other_until_one_hangs_up(exchange, keys, tmp_path):
    """Both ends are hung up, and the record says who, to whom and why."""

    async def lived():
        async with two_softphones(exchange, keys, tmp_path) as [one, other]:
            await asyncio.to_thread(
                until, lambda: energy(tmp_path / "2101") > 0.05 and energy(tmp_path / "2102") > 0.05
            )
            one.do("hangup")
            await other.until("CALL_CLOSED")
            [begun] = await facts(exchange, "phones.call_begun")
            assert (begun["caller"], begun["device"], begun["verdict"]) == ("2101", "2101", "inside")
            [answered] = await facts(exchange, "phones.call_answered")
            assert (answered["call"], answered["by"]) == (begun["call"], "2102")
            [ended] = await facts(exchange, "phones.call_ended")
            assert (ended["caller"], ended["answered_by"], ended["cause"]) == ("2101", "2102", "the caller hung up")
            await facts(exchange, "comms.leg_ended", 2)

    asyncio.run(lived())


def test_who_calls_hears_that_it_rings_and_ends_the_call_for_both(exchange, keys):
    """The phone that rings is shown who calls; the floor sees none of it, and no queue has it."""

    async def lived():
        async with handsets(exchange, keys, "2101", "2102") as [one, two]:
            calling = asyncio.create_task(one.call("2102"))
            rung = await two.next("INVITE")
            assert '"Desk 2101" <sip:2101@' in rung.first("From")
            two.say(rung, 180, "Ringing")
            ringing = await one.hear(lambda said: getattr(said, "code", 0) == 180)
            assert ringing.first("CSeq").endswith("INVITE")
            await two.answer(rung)
            invite, said = await calling
            assert said.code == 200
            dan = Person(exchange, "dan")
            assert rows(dan, "comms.view.legs") == []
            assert await one.bye(invite, said) == 200
            two.say(await two.next("BYE"), 200, "OK")
            [ended] = await facts(exchange, "phones.call_ended")
            assert (ended["answered_by"], ended["cause"]) == ("2102", "the caller hung up")
            assert events(exchange, "comms.leg_queued") == []

    asyncio.run(lived())


def test_a_group_rings_at_once_and_who_answers_first_has_the_call(exchange, keys, ada):
    """The other phone is told to stop; the group is in the record."""
    ada.do("assign-number", number="3000", what={"type": "group", "name": "Desk", "members": ["2102", "2103"]})

    async def lived():
        async with handsets(exchange, keys, "2101", "2102", "2103") as [one, two, three]:
            calling = asyncio.create_task(one.call("3000"))
            rung, other = await two.next("INVITE"), await three.next("INVITE")
            two.say(rung, 180, "Ringing")
            three.say(other, 180, "Ringing")
            await three.answer(other)
            assert (await calling)[1].code == 200
            assert (await two.next("CANCEL")).first("Call-ID") == rung.first("Call-ID")
            [answered] = await facts(exchange, "phones.call_answered")
            assert (answered["by"], answered["group"]) == ("2103", "3000")

    asyncio.run(lived())


def test_without_an_answer_the_next_step_is_taken(exchange, keys, ada):
    """2102 rings for its second and is told to stop; then 2103, to whom it forwards, has the call."""
    ada.do("assign-number", number="2102", what=desk("2102", ring_s=1))
    ada.do("set-forwarding", number="2102", forwarding={"no_answer": "2103"})

    async def lived():
        async with handsets(exchange, keys, "2101", "2102", "2103") as [one, two, three]:
            calling = asyncio.create_task(one.call("2102"))
            rung = await two.next("INVITE")
            two.say(rung, 180, "Ringing")
            other = await three.next("INVITE")
            assert (await two.next("CANCEL")).first("Call-ID") == rung.first("Call-ID")
            await three.answer(other)
            assert (await calling)[1].code == 200
            [answered] = await facts(exchange, "phones.call_answered")
            assert answered["by"] == "2103"

    asyncio.run(lived())


def test_a_phone_that_says_it_is_busy_or_does_not_ring_forwards_as_its_extension_says(exchange, keys, ada):
    """Its own word counts as what the exchange knows; a circle of such ends, and the caller is told busy."""
    ada.do("set-forwarding", number="2102", forwarding={"busy": "2103", "unreachable": "2101"})

    async def lived():
        async with handsets(exchange, keys, "2101", "2102", "2103") as [one, two, three]:
            calling = asyncio.create_task(one.call("2102"))
            two.say(await two.next("INVITE"), 486, "Busy Here")
            await three.answer(await three.next("INVITE"))
            invite, said = await calling
            assert said.code == 200
            await one.bye(invite, said)
            three.say(await three.next("BYE"), 200, "OK")
            calling = asyncio.create_task(three.call("2102"))
            two.say(await two.next("INVITE"), 503, "Service Unavailable")
            await one.answer(await one.next("INVITE"))
            assert (await calling)[1].code == 200

    asyncio.run(lived())


def test_who_is_not_found_is_said_by_a_code_and_stands_in_the_record(exchange, ada, keys):
    """A phone that says busy, one that lets it ring, one that nobody has registered, a number that is none."""
    ada.do("assign-number", number="2102", what=desk("2102", ring_s=1))

    async def lived():
        async with handsets(exchange, keys, "2101", "2102") as [one, two]:
            calling = asyncio.create_task(one.call("2102"))
            two.say(await two.next("INVITE"), 486, "Busy Here")
            assert (await calling)[1].code == 486
            calling = asyncio.create_task(one.call("2102"))
            two.say(await two.next("INVITE"), 180, "Ringing")
            assert (await calling)[1].code == 480
            assert (await one.call("2103"))[1].code == 480
            assert (await one.call("5550000"))[1].code == 404
            ended = await facts(exchange, "phones.call_ended", 4)
            assert [one["cause"] for one in ended] == [
                "486 Busy Here", "480 Temporarily Unavailable", "480 Temporarily Unavailable", "404 Not Found",
            ]  # fmt: skip
            assert [one.get("answered_at") for one in ended] == [None] * 4

    asyncio.run(lived())


def test_who_gives_up_while_it_rings_ends_the_ringing(exchange, keys):
    """The phone is told to stop, and the record says so."""

    async def lived():
        async with handsets(exchange, keys, "2101", "2102") as [one, two]:
            calling = asyncio.create_task(one.call("2102"))
            rung = await two.next("INVITE")
            two.say(rung, 180, "Ringing")
            invite = await one.hear(lambda said: getattr(said, "code", 0) == 180)
            one.cancel(one.sent[invite.first("CSeq")])
            assert (await calling)[1].code == 487
            assert (await two.next("CANCEL")).first("Call-ID") == rung.first("Call-ID")
            [ended] = await facts(exchange, "phones.call_ended")
            assert ended["cause"] == "the caller gave up"

    asyncio.run(lived())


def test_a_call_from_a_trunk_reaches_a_direct_number_and_nothing_outside(exchange, keys, ada):
    """Who calls under an extension of ours from there is nobody of ours, and cannot call out."""
    what = {"type": "extension", "name": "Desk 2102", "site": "hall", "voicemail": False}
    ada.do("assign-number", number="2102", what=what, direct=["+12255552102"])
    outside_line(ada, "127.0.0.1")

    async def lived():
        carrier = await Handset(at(exchange)).open()
        async with handsets(exchange, keys, "2102") as [two]:
            invite, said, rung = await speaking(carrier, two, "+12255552102")
            assert (said.code, "sip:+15045550123@" in rung.first("From")) == (200, True)
            [answered] = await facts(exchange, "phones.call_answered")
            assert (answered["by"], answered["trunk"]) == ("2102", "t1")
            two.say(rung, 200, "OK")
            await carrier.bye(invite, said)
            carrier.user, carrier.realm = "2101", "carrier.example"
            assert (await carrier.call("95550000"))[1].code == 404
            begun = await facts(exchange, "phones.call_begun", 2)
            assert [one["caller"] for one in begun] == ["+15045550123", "unknown"]
        carrier.close()

    asyncio.run(lived())


def test_a_call_goes_out_by_the_trunk_that_takes_it(exchange, keys, ada):
    """The first refuses for itself and the second is tried; what that says of the number is the answer."""

    async def lived():
        full, other = await Handset(at(exchange)).open(), await Handset(at(exchange)).open()
        outside_line(ada, f"127.0.0.1:{full.port}", f"127.0.0.1:{other.port}")
        async with handsets(exchange, keys, "2101") as [one]:
            calling = asyncio.create_task(one.call("95550000"))
            asked = await full.next("INVITE")
            assert (asked.uri, "sip:+12255550100@" in asked.first("From")) == (
                f"sip:+12255550000@127.0.0.1:{full.port}", True,
            )  # fmt: skip
            full.say(asked, 503, "Service Unavailable")
            await other.answer(await other.next("INVITE"))
            invite, said = await calling
            assert said.code == 200
            [answered] = await facts(exchange, "phones.call_answered")
            assert (answered["by"], answered["trunk"]) == ("+12255550000", "t2")
            await one.bye(invite, said)
            calling = asyncio.create_task(one.call("95550000"))
            full.say(await full.next("INVITE"), 404, "Not Found")
            assert (await calling)[1].code == 404
        full.close()
        other.close()

    asyncio.run(lived())


def test_a_phone_that_dials_911_is_on_the_floor_with_its_room_and_told_on_site(exchange, keys):
    """Its place is that of its phone, its number an ELIN that leads back; the notice is there while it rings."""

    async def lived():
        async with handsets(exchange, keys, "2101") as [one]:
            invite, said = await one.call("911")
            assert said.code == 200
            dan = Person(exchange, "dan")
            [call] = await asyncio.to_thread(until, lambda: rows(dan, "dispatch.view.calls"))
            assert (call["source"], call["callback"], call["text"]) == ("911", ELIN, "222 Saint Louis St, floor 3")
            [dialled] = await facts(exchange, "phones.emergency_dialled")
            assert (dialled["number"], dialled["callback"], dialled["device"]) == ("2101", ELIN, "2101")
            assert (dialled["location"], dialled["told"]) == ("222 Saint Louis St, floor 3", ["desk@city.example"])
            await one.bye(invite, said)
            [ended] = await facts(exchange, "phones.call_ended")
            assert (ended["verdict"], ended["cause"]) == ("emergency", "the caller hung up")

    asyncio.run(lived())


def test_two_phones_of_a_site_that_dial_911_at_once_show_two_elins(exchange, keys, ada):
    """So that each is called back itself."""
    ada.do("keep-site", site={**SITE, "elins": [ELIN, "+12255550191"]})

    async def lived():
        async with handsets(exchange, keys, "2101", "2102") as opened:
            calls = await asyncio.gather(*(phone.call("911") for phone in opened))
            assert [said.code for _, said in calls] == [200, 200]
            dialled = await facts(exchange, "phones.emergency_dialled", 2)
            shown = {one["number"]: one["elin"] for one in dialled}
            assert sorted(shown.values()) == [ELIN, "+12255550191"]
            offered = events(exchange, "comms.leg_offered")
            assert {one["arrival"]["device"]: one["arrival"]["number"] for one in offered} == shown

    asyncio.run(lived())


def test_a_phone_hands_its_caller_on_and_leaves(exchange, keys):
    """2102 sends 2101 on to 2103: told how it goes until it is done, then hung up; the two others speak on."""

    async def lived():
        async with handsets(exchange, keys, "2101", "2102", "2103") as [one, two, three]:
            invite, said, rung = await speaking(one, two, "2102")
            assert (await two.refer(rung, f"sip:2103@{two.realm}")).code == 202
            assert await told(two) == 100
            other = await three.next("INVITE")
            three.say(other, 180, "Ringing")
            assert await told(two) == 180
            await three.answer(other)
            assert await told(two) == 200
            two.say(await two.next("BYE"), 200, "OK")
            await one.bye(invite, said)
            three.say(await three.next("BYE"), 200, "OK")
            first, second = await facts(exchange, "phones.call_ended", 2)
            assert (first["answered_by"], first["cause"]) == ("2102", "handed on to 2103")
            assert (second["caller"], second["answered_by"]) == ("2101", "2103")
            assert second["cause"] == "the caller hung up"

    asyncio.run(lived())


def test_a_caller_who_cannot_be_handed_on_stays_with_whom_they_were(exchange, keys):
    """Busy is told to whoever asked, and the call goes on."""

    async def lived():
        async with handsets(exchange, keys, "2101", "2102", "2103") as [one, two, three]:
            invite, said, rung = await speaking(one, two, "2102")
            assert (await two.refer(rung, f"sip:2103@{two.realm}")).code == 202
            three.say(await three.next("INVITE"), 486, "Busy Here")
            while (code := await told(two)) < 200:
                pass
            assert code == 486
            assert [one["cause"] for one in await facts(exchange, "phones.call_ended")] == ["486 Busy Here"]
            await one.bye(invite, said)
            two.say(await two.next("BYE"), 200, "OK")

    asyncio.run(lived())


def test_a_phone_that_asked_first_joins_both_whom_it_speaks_with(exchange, keys):
    """2102 is called by 2101, calls 2103, and lets them speak: one call, and both of its own are hung up."""

    async def lived():
        async with handsets(exchange, keys, "2101", "2102", "2103") as [one, two, three]:
            invite, said, rung = await speaking(one, two, "2102")
            asked, answer, other = await speaking(two, three, "2103")
            tags = answer.first("To").rpartition("tag=")[2], "ours"
            replaces = quote(f"{asked.first('Call-ID')};to-tag={tags[0]};from-tag={tags[1]}", safe="")
            assert (await two.refer(rung, f"sip:2103@{two.realm}?Replaces={replaces}")).code == 202
            while (code := await told(two)) < 200:
                pass
            assert code == 200
            for _ in range(2):
                two.say(await two.next("BYE"), 200, "OK")
            await one.bye(invite, said)
            bye = await three.next("BYE")
            assert bye.first("Call-ID") == other.first("Call-ID")
            three.say(bye, 200, "OK")
            asking, joined = await facts(exchange, "phones.call_ended", 2)
            assert (asking["caller"], asking["answered_by"], asking["cause"]) == ("2102", "2103", "handed on to 2101")
            assert (joined["caller"], joined["answered_by"], joined["cause"]) == (
                "2101", "2103", "the caller hung up",
            )  # fmt: skip

    asyncio.run(lived())


def test_a_server_that_is_killed_in_a_call_loses_no_record_of_it(exchange, keys):
    """When it comes up again the call has ended, and the phones are not reachable until they register."""

    async def lived():
        async with handsets(exchange, keys, "2101", "2102") as [one, two]:
            await speaking(one, two, "2102")
            await facts(exchange, "phones.call_answered")
            exchange.end(signal.SIGKILL)
            exchange.opened.clear()
            exchange.start()
            [ended] = await facts(exchange, "phones.call_ended")
            assert (ended["caller"], ended["answered_by"]) == ("2101", "2102")
            assert ended["cause"] == "the engine was lost"
            said = await facts(exchange, "phones.device_reported", 4)
            assert {one["device"] for one in said if not one["reachable"]} == {"2101", "2102"}

    asyncio.run(lived())
