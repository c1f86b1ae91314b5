"""What a leg has for text is what it is written by: MESSAGE within a call, both ways, with what became of it."""

import asyncio

import pytest
from tests.adapters.voice.test_engine import Desk

from redstick.adapters.voice.texts import MOST_OCTETS, MOST_UNDER_WAY
from redstick.comms.ports import Over, Text, TextSettled
from redstick.protocols.sip.messages import Request, answer
from redstick.protocols.sip.writing import write_message

pytestmark = pytest.mark.sockets


async def asked_for(caller):
    """The next MESSAGE that the engine sends."""
    while True:
        told = await caller.receive()
        if isinstance(told, Request) and told.method == "MESSAGE":
            return told


def say(caller, request, code, reason=""):
    """Answer it."""
    caller.send(write_message(answer(request, code, reason)))


def test_a_message_within_a_call_is_text_of_its_leg():
    """With 200; what is no plain text gets 415, and outside of any call 405, which says what else is taken."""

    async def lived():
        async with Desk() as desk:
            caller = await desk.caller()
            caller.send(caller.message("MESSAGE", body="help", kind="text/plain"))
            refused = await caller.final("MESSAGE")
            assert refused.code == 405
            assert "MESSAGE" not in refused.first("Allow")
            await caller.call()
            for kind, body, code in (
                ("text/plain;charset=UTF-8", "¿está aquí?", 200),
                ("text/plain", "", 200),
                ("message/cpim", "From: <a>\r\n\r\nContent-Type: text/plain\r\n\r\nahora", 200),
                ("text/html", "<b>x</b>", 415),
                ("text/plain;charset=koi8-r", "x", 415),
            ):
                caller.cseq += 1
                caller.send(caller.message("MESSAGE", body=body, kind=kind))
                assert (await caller.final("MESSAGE")).code == code
            assert desk.of(Text) == [Text("leg1", said, "message") for said in ("¿está aquí?", "ahora")]

    asyncio.run(lived())


def test_each_text_of_ours_is_told_of_once_in_its_order():
    """Delivered; refused with the reason; the next goes out only once the one before was answered."""

    async def lived():
        async with Desk() as desk:
            caller = await desk.caller()
            await caller.call()
            for number, text in enumerate(("where are you?", "which floor?", "we are outside"), start=1):
                assert desk.engine.say("leg1", text, number)
            for code, reason, text in ((200, "OK", "where are you?"), (480, "Away", "which floor?"),
                                       (202, "Accepted", "we are outside")):  # fmt: skip
                request = await asked_for(caller)
                assert (request.body.decode(), request.first("Content-Type")) == (text, "text/plain;charset=UTF-8")
                say(caller, request, code, reason)
            await desk.until(lambda: len(desk.of(TextSettled)) == 3)
            assert desk.of(TextSettled) == [
                TextSettled("leg1", 1, delivered=True),
                TextSettled("leg1", 2, delivered=False, why="480 Away"),
                TextSettled("leg1", 3, delivered=True),
            ]

    asyncio.run(lived())


def test_a_long_text_goes_in_parts_and_is_there_when_the_last_one_is():
    """No part beyond what RFC 3428 allows over UDP, none cut within a character."""
    text = "ünder water " * 300

    async def lived():
        async with Desk() as desk:
            caller, read = await desk.caller(), ""
            await caller.call()
            assert desk.engine.say("leg1", text, 7)
            while read != text:
                request = await asked_for(caller)
                assert 0 < len(request.body) <= MOST_OCTETS
                assert desk.of(TextSettled) == []
                read += request.body.decode()
                say(caller, request, 200, "OK")
            await desk.until(lambda: desk.of(TextSettled))
            assert desk.of(TextSettled) == [TextSettled("leg1", 7, delivered=True)]

    asyncio.run(lived())


def test_what_is_under_way_when_the_caller_hangs_up_was_not_delivered():
    """Every one of them is told of, before the end; and a peer that answers nothing has a bounded queue."""

    async def lived():
        async with Desk() as desk:
            caller = await desk.caller()
            await caller.call()
            taken = [desk.engine.say("leg1", "hello?", number) for number in range(MOST_UNDER_WAY + 1)]
            assert taken == [True] * MOST_UNDER_WAY + [False]
            await caller.bye()
            await desk.until(lambda: desk.of(Over))
            settled = desk.of(TextSettled)
            assert [one.number for one in settled] == list(range(MOST_UNDER_WAY))
            assert {(one.delivered, one.why) for one in settled} == {(False, "the call is over: bye")}
            assert isinstance(desk.told[-1], Over)

    asyncio.run(lived())


def test_who_says_that_no_message_is_taken_is_sent_none():
    """By the Allow of the INVITE; `say` is then False, and whoever asked says so."""

    async def lived():
        async with Desk() as desk:
            caller = await desk.caller()
            caller.send(caller.message("INVITE", "Allow: INVITE, ACK, BYE", body=caller.offer()))
            caller.answered(await caller.final())
            assert not desk.engine.say("leg1", "hello?", 1)
            assert not desk.engine.say("leg1", "", 2)
            assert not desk.engine.say("nobody", "hello?", 3)

    asyncio.run(lived())
