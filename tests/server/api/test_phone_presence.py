"""Presence on the real server (RFC 3856): who may watch an extension, what they are told, and until when."""

import asyncio
from xml.etree import ElementTree as ET

import pytest
from tests.server.api.handset import Handset
from tests.server.api.line import facts, handsets, speaking
from tests.server.api.test_voice import at

pytestmark = [pytest.mark.sockets, pytest.mark.voice]
PIDF, RPID = "{urn:ietf:params:xml:ns:pidf}", "{urn:ietf:params:xml:ns:pidf:rpid}"


def asking(phone, extension, seconds=600, to="", **more):
    """A SUBSCRIBE to the presence of an extension; `to` is who answered, in a subscription that is there."""
    target = f"sip:{extension}@{phone.realm}"
    told = ("Event", "presence"), ("Accept", "application/pidf+xml"), ("Expires", str(seconds))
    return phone.request("SUBSCRIBE", target, to or f"<{target}>", *told, **more)


async def seen(phone):
    """What the next NOTIFY says: open or closed, and what the person does, as far as that is told."""
    notify = await phone.next("NOTIFY")
    while notify.first("Event") != "presence":
        phone.say(notify, 200, "OK")
        notify = await phone.next("NOTIFY")
    phone.say(notify, 200, "OK")
    if not notify.body:
        return notify.first("Subscription-State"), ""
    assert notify.first("Content-Type") == "application/pidf+xml"
    said = ET.fromstring(notify.body)  # noqa: S314  (what our own server wrote)
    assert said.get("entity") == f"sip:2102@{phone.realm}"
    activities = said.find(f".//{RPID}activities")
    doing = "" if activities is None else activities[0].tag.removeprefix(RPID)
    return said.findtext(f"{PIDF}tuple/{PIDF}status/{PIDF}basic"), doing


def test_a_watcher_is_told_at_once_and_at_each_change(exchange, keys, ada):
    """Registered, speaking, away, not to be disturbed, gone: as the directory shows it, and never with whom."""

    async def lived():
        async with handsets(exchange, keys, "2101", "2103") as [one, three]:
            assert (await three.ask(asking(three, "2102")))[1].code == 200
            assert await seen(three) == ("closed", "")
            two = await (await Handset(at(exchange), keys["2102"]).open()).register()
            assert await seen(three) == ("open", "")
            invite, said, _ = await speaking(one, two, "2102")
            assert await seen(three) == ("open", "on-the-phone")
            await one.bye(invite, said)
            two.say(await two.next("BYE"), 200, "OK")
            assert await seen(three) == ("open", "")
            words = {"away": ("open", "away"), "dnd": ("closed", "busy"), "available": ("open", "")}
            for presence, told in words.items():
                await asyncio.to_thread(ada.do, "set-presence", number="2102", presence=presence)
                assert await seen(three) == told
            await two.register(0)
            assert await seen(three) == ("closed", "")
            two.close()

    asyncio.run(lived())


def test_a_watcher_who_wants_no_more_is_told_that_it_is_over_and_nothing_after(exchange, keys, ada):
    """Expires: 0 in the same dialog; what then changes is told to nobody."""

    async def lived():
        async with handsets(exchange, keys, "2102", "2103") as [_, three]:
            asked, said = await three.ask(asking(three, "2102"))
            assert await seen(three) == ("open", "")
            again = asking(three, "2102", 0, said.first("To"), call=asked.first("Call-ID"), number=3)
            _, said = await three.ask(again)
            assert (said.code, said.first("Expires")) == (200, "0")
            assert await seen(three) == ("terminated;reason=timeout", "")
            await asyncio.to_thread(ada.do, "set-presence", number="2102", presence="away")
            await facts(exchange, "phones.presence_set")
            options = three.request("OPTIONS", f"sip:{three.realm}", f"<sip:{three.realm}>")
            assert (await three.ask(options))[1].code == 200
            assert [one for one in three.waiting if one.first("Event") == "presence"] == []

    asyncio.run(lived())


def test_nobody_watches_without_the_password_of_a_phone_of_ours(exchange, keys):
    """Not who is none of ours, nor as somebody else, nor for a time that is too short."""

    async def lived():
        async with handsets(exchange, keys, "2103") as [three]:
            stranger = await Handset(at(exchange)).open()
            stranger.realm = three.realm
            asked = asking(stranger, "2102")
            stranger.send(asked)
            assert (await stranger.answer_to(asked)).code in (401, 403)
            liar = await Handset(at(exchange), keys["2103"] | {"password": "wrong"}).open()
            assert (await liar.ask(asking(liar, "2102")))[1].code in (401, 403)
            _, said = await three.ask(asking(three, "2102", 5))
            assert (said.code, said.first("Min-Expires")) == (423, "60")
            for phone in (stranger, liar):
                phone.close()

    asyncio.run(lived())
