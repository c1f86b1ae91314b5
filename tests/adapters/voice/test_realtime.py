"""Real-time text on the embedded engine: a peer of RTP types and reads, on a good network and on a bad one."""

import asyncio

import pytest
from tests.adapters.voice.relay import Relay
from tests.adapters.voice.test_engine import Desk
from tests.adapters.voice.typing_caller import PLAIN, Typist

from redstick.adapters.voice.sdes import fresh
from redstick.comms.ports import Over, Text
from redstick.protocols.sdp.session import read_sdp

pytestmark = pytest.mark.sockets
WORDS = "my husband cannot breathe, apartment 4\nhe is 61\b2 and awake\u2028"
SHOWN = "my husband cannot breathe, apartment 4\nhe is 61\b2 and awake\n"


def typed(desk):
    """What the engine told of a caller's text, put together."""
    return "".join(event.text for event in desk.of(Text))


async def calling(desk, *, audio=True, lines=""):
    """A caller with text, and with a voice or without."""
    caller, typist = await desk.caller(), await Typist().open()
    head = caller.offer() if audio else caller.offer().partition("m=audio")[0]
    answer = await caller.call(head + typist.media() + lines)
    return caller, typist, answer


@pytest.mark.parametrize("audio", [True, False])
def test_what_is_typed_is_told_and_what_is_written_is_read(audio):
    """Beside a voice or without one: both ways, in pieces and not one for each character, by type t140."""

    async def lived():
        async with Desk() as desk:
            caller, typist, answer = await calling(desk, audio=audio)
            assert answer.code == 200
            text = read_sdp(answer.body).of("text")[0]
            assert text.first("fmtp") == f"100 {PLAIN}/{PLAIN}/{PLAIN}"
            assert [one.port > 0 for one in read_sdp(answer.body).media] == [True] * (1 + audio)
            typist.answered(answer)
            await typist.type(WORDS, cps=60)
            assert desk.engine.say("leg1", "stay with me, help is coming")
            await desk.until(lambda: typed(desk) == SHOWN)
            assert len(desk.of(Text)) < len(WORDS) / 2  # how many depends on how long it took
            assert {(event.leg, event.kind) for event in desk.of(Text)} == {("leg1", "t140")}
            await desk.until(lambda: typist.read == "stay with me, help is coming\u2028")
            await caller.bye()
            await desk.until(lambda: desk.of(Over))
            assert not desk.engine.say("leg1", "x")
            typist.close()

    asyncio.run(lived())


def test_on_a_bad_network_redundancy_loses_nothing():
    """One packet in fifty lost and each up to 60 ms late, both ways, and two in a row dropped on purpose."""
    said = "".join(f"line {number} of what happened here\n" for number in range(24))

    async def lived():
        async with Desk() as desk:
            caller, typist = await desk.caller(), await Typist().open()
            back = await Relay.open(("127.0.0.1", typist.port), 3)
            media = typist.media().replace(str(typist.port), str(back.port), 1)
            answer = await caller.call(caller.offer() + media)
            typist.answered(answer)
            there = await Relay.open(typist.to, 5)
            typist.to = ("127.0.0.1", there.port)
            typist.writer._at_once = 30  # faster than a person: more packets would only take longer
            typist.writer.write(said)
            for line in said.split("\n")[:8]:
                desk.engine.say("leg1", line)
            there.random.random = drops_two(there.random.random)
            await typist.done()
            await desk.until(lambda: typed(desk) == said)
            wanted = "".join(f"{line}\u2028" for line in said.split("\n")[:8])
            await desk.until(lambda: typist.read == wanted)
            assert there.dropped >= 2
            assert typist.reader.counts.missing == 0
            for relay in (there, back):
                relay.transport.close()
            typist.close()

    asyncio.run(lived())


def drops_two(chance):
    """The fourth and the fifth packet are lost, whatever the dice say of the others."""
    count = iter(range(1_000_000))  # two throws for a packet that passes, one for one that does not
    return lambda: 0.0 if next(count) in (6, 7) else chance()


def test_what_was_typed_last_is_told_before_the_end():
    """A caller who types and hangs up at once: the words are there, and then the end."""

    async def lived():
        async with Desk() as desk:
            caller, typist, answer = await calling(desk)
            typist.answered(answer)
            typist.writer.write("he is here")
            await asyncio.sleep(0.2)
            await typist.done()
            await caller.bye()
            await desk.until(lambda: desk.of(Over))
            assert typed(desk) == "he is here"
            assert [type(event) for event in desk.told][-1] is Over
            typist.close()

    asyncio.run(lived())


def test_text_from_elsewhere_and_of_other_types_is_no_text():
    """Only the far end of the call types on it; a stream of text that is later offered again goes on."""

    async def lived():
        async with Desk() as desk:
            caller, typist, answer = await calling(desk)
            typist.answered(answer)
            leg = desk.engine._legs["leg1"]
            typist.transport.sendto(b"\x80\x00" + bytes(20), typist.to)
            typist.transport.sendto(b"nonsense", typist.to)
            await desk.until(lambda: leg.realtime.refused + leg.realtime._reader.counts.refused == 2)
            caller.cseq += 1
            caller.send(caller.message("INVITE", body=caller.offer() + typist.media()))
            again = await caller.final()
            caller.answered(again)
            assert read_sdp(again.body).of("text")[0].port == typist.to[1]
            typist.writer.write("still here\n")
            await desk.until(lambda: typed(desk) == "still here\n")
            typist.close()

    asyncio.run(lived())


def test_text_in_cipher_is_answered_under_a_key_of_its_own():
    """SDES for the stream of text as for that of the voice; what is not under the key is no text."""

    async def lived():
        async with Desk() as desk:
            caller, typist = await desk.caller(), await Typist().open()
            crypto = fresh("1", "AES_CM_128_HMAC_SHA1_80")
            media = typist.media(transport="RTP/SAVP") + f"a=crypto:{crypto}\r\n"
            answer = await caller.call(caller.offer() + media)
            [text] = read_sdp(answer.body).of("text")
            assert text.port > 0
            assert text.first("crypto").startswith("1 AES_CM_128_HMAC_SHA1_80 inline:")
            assert str(crypto) != text.first("crypto")
            typist.answered(answer)
            typist.writer.write("plain\n")
            await desk.until(lambda: desk.engine._legs["leg1"].realtime.refused >= 1)
            assert typed(desk) == ""
            typist.close()

    asyncio.run(lived())


def test_a_renewal_without_an_offer_is_offered_what_was_agreed():
    """Stream by stream in the same order, on the same ports: text, and a picture that stays declined."""

    async def lived():
        async with Desk() as desk:
            caller, typist, answer = await calling(desk, lines="m=video 9 RTP/AVP 96\r\na=rtpmap:96 H264/90000\r\n")
            before = read_sdp(answer.body)
            caller.cseq += 1
            caller.send(caller.message("INVITE"))
            after = read_sdp((await caller.final()).body)
            assert [(one.kind, one.port) for one in after.media] == [(one.kind, one.port) for one in before.media]
            assert [one.kind for one in after.media if one.port] == ["audio", "text"]
            assert int(after.origin.version) == int(before.origin.version) + 1
            typist.close()

    asyncio.run(lived())
