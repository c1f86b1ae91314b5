"""A 911 call in writing on the real server: words are on the card as they come, answers go out, failures are seen."""

import asyncio

import pytest
from tests.adapters.voice.caller import Caller
from tests.adapters.voice.messaging_caller import Peer
from tests.adapters.voice.typing_caller import Typist
from tests.server.api.conftest import Person, new_key
from tests.server.api.test_voice import at, events, rows, until

from redstick.protocols.msrp.sessions import Said
from redstick.protocols.sip.messages import answer
from redstick.protocols.sip.writing import write_message

pytestmark = [pytest.mark.sockets, pytest.mark.voice]


class Taker:
    """Who takes the call at seat d1, and reads what is written in it."""

    def __init__(self, exchange):
        self.dan = Person(exchange, "dan")

    async def asks(self, command, area="dispatch", **fields):
        """A command that must be accepted."""
        headers = {**self.dan.headers, "idempotency-key": new_key()}
        way = f"/api/{area}/{command}"
        said = await asyncio.to_thread(lambda: self.dan.http.post(way, json=fields, headers=headers))
        assert said.status_code == 200, said.text

    async def answers(self):
        """The one call that there is; the leg of it."""
        [call] = await asyncio.to_thread(until, lambda: rows(self.dan, "dispatch.view.calls"))
        await self.asks("answer-call", call=call["call"], seat="d1")
        return (await self.leg(lambda one: one["parties"]))["leg"]

    async def leg(self, true):
        """The leg, once something of it is so."""
        return await asyncio.to_thread(
            until, lambda: next((one for one in rows(self.dan, "comms.view.legs") if true(one)), None)
        )

    async def writes(self, leg, text):
        """To the caller."""
        await self.asks("write-text", area="comms", leg=leg, seat="d1", text=text)


def told(leg):
    """What stands in a leg's conversation: by whom, what, whether it arrived."""
    return [(line["by"], line["text"], line["delivered"]) for line in leg["texts"]]


@pytest.mark.parametrize("audio", [True, False])
def test_what_a_caller_types_is_on_the_card_and_what_is_written_is_typed_to_them(exchange, audio):
    """Real-time text beside a voice or alone: erasing erases, each side has its lines, pieces are counted facts."""

    async def lived():
        taker, caller, typist = Taker(exchange), await Caller().open(at(exchange)), await Typist().open()
        head = caller.offer() if audio else caller.offer().partition("m=audio")[0]
        taken = await caller.call(head + typist.media())
        assert taken.code == 200
        typist.answered(taken)
        leg = await taker.answers()
        await typist.type("smoke in the hak\bll\u2028", cps=40)
        await taker.leg(lambda one: told(one) == [("", "smoke in the hall\n", None)])
        await taker.writes(leg, "leave now, close the door")
        await typist.until("leave now, close the door\u2028")
        row = await taker.leg(lambda one: len(one["texts"]) == 2)
        assert told(row)[1] == ("d1", "leave now, close the door", None)
        assert (await caller.bye()).code == 200
        typist.close()
        caller.close()

    asyncio.run(lived())
    pieces = until(lambda: events(exchange, "comms.text_written"))
    assert {one["call"] for one in pieces} == {events(exchange, "comms.leg_offered")[0]["call"]}
    assert [one["number"] for one in pieces] == list(range(1, len(pieces) + 1))
    assert len(pieces) < 8  # of 20 signs


def test_a_text_call_by_message_session_is_a_call_of_the_floor(exchange):
    """Heard and answered; each answer is delivered, and after its connection broke it is seen that one was not."""

    async def lived():
        taker, caller, peer = Taker(exchange), await Caller().open(at(exchange)), Peer()
        peer.answered(await caller.call(caller.offer().partition("m=audio")[0] + peer.media()))
        await peer.connect()
        peer.say("he is in the kitchen")
        leg = await taker.answers()
        await taker.writes(leg, "stay quiet, keep texting")
        row = await taker.leg(lambda one: told(one)[1:] and told(one)[1][2])
        assert told(row) == [("", "he is in the kitchen", None), ("d1", "stay quiet, keep texting", True)]
        assert {line["channel"] for line in row["texts"]} == {"msrp"}
        await peer.until(lambda: Said("stay quiet, keep texting") in peer.told)
        for task in peer.tasks:
            task.cancel()  # nothing is answered any more
        await taker.writes(leg, "are you there?")
        await asyncio.sleep(0.1)
        peer.close()
        row = await taker.leg(lambda one: one["texts"][2:] and one["texts"][2]["delivered"] is not None)
        assert (row["texts"][2]["delivered"], row["texts"][2]["why"]) == (False, "its connection is gone")
        assert (await caller.bye()).code == 200
        caller.close()

    asyncio.run(lived())
    assert [one["delivered"] for one in events(exchange, "comms.text_settled")] == [True, False]


def test_a_voice_call_is_written_to_by_message_and_a_refusal_is_seen(exchange):
    """Without a stream of text MESSAGE is tried; 415 of a telephone is a fact beside what was written."""

    async def lived():
        taker, caller = Taker(exchange), await Caller().open(at(exchange))
        assert (await caller.call()).code == 200
        leg = await taker.answers()
        await taker.writes(leg, "can you hear me?")
        while True:
            request = await caller.receive()
            if getattr(request, "method", "") == "MESSAGE":
                break
        caller.send(write_message(answer(request, 415, "Unsupported Media Type")))
        row = await taker.leg(lambda one: one["texts"] and one["texts"][0]["delivered"] is not None)
        assert (row["texts"][0]["delivered"], row["texts"][0]["why"]) == (False, "415 Unsupported Media Type")
        caller.close()

    asyncio.run(lived())
