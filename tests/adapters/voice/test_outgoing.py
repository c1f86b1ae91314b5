"""Calls that the engine places, on real sockets: answered, refused, given up, asked for a password, and never twice."""

import asyncio
import ssl

import pytest
from tests.adapters.voice.answering import Answering
from tests.adapters.voice.test_engine import Desk, certificate

from redstick.adapters.voice import switchboard
from redstick.adapters.voice.calls import Leg
from redstick.adapters.voice.tones import WAITING
from redstick.comms.ports import Answered, Offer, Over, Progress, Text
from redstick.protocols.sip.callbacks import callback_headers, phone
from redstick.protocols.sip.digest import read_challenge, read_credentials, secret_of
from redstick.protocols.sip.headers import Address

pytestmark = pytest.mark.sockets
ME = "sip:+12255550100@psap.example"


async def called(desk, callee, leg="out", **more):
    """A call that was placed, and its INVITE as it came."""
    assert await desk.engine.originate(leg, callee.uri, ME, **more)
    return await callee.next("INVITE")


@pytest.mark.parametrize("transport", ["udp", "tcp", "tls"])
def test_one_engine_calls_another_and_both_hear(tmp_path, transport):
    """Ringing is told, then the codec; voice goes both ways; BYE ends it once at both."""
    pem = certificate(tmp_path) if transport == "tls" else None

    async def lived():
        trust = ssl.create_default_context(cafile=str(tmp_path / "c.pem")) if pem else None
        async with Desk(pem, trust=trust) as one, Desk(pem, takes=False) as two:
            target = f"sip:911@127.0.0.1:{two.at[transport][1]};transport={transport}"
            assert await one.engine.originate("out", target, ME)
            await two.until(lambda: two.of(Offer))
            assert two.of(Offer)[0].arrival.number == "+12255550100"
            assert two.engine.ring("leg1")
            await one.until(lambda: one.of(Progress))
            assert await two.engine.accept("leg1") == "PCMU"
            await one.until(lambda: one.of(Answered))
            assert one.told[1:] == [Progress("out", 180), Answered("out", "PCMU")]  # behind that it is here
            two.engine.play("leg1", WAITING)
            one.engine.play("out", WAITING)
            await one.until(lambda: one.engine.stats("out").packets_in > 10 and one.engine.stats("out").energy > 0.05)
            await two.until(lambda: two.engine.stats("leg1").packets_in > 10 and two.engine.stats("leg1").energy > 0.05)
            assert one.engine.hang_up("out", "enough")
            await two.until(lambda: two.of(Over))
            assert (one.of(Over)[0].who, two.of(Over)[0].who) == ("us", "them")
            assert one.engine.snapshot() == two.engine.snapshot() == ()

    asyncio.run(lived())


def test_a_key_places_one_call_however_often_it_is_asked():
    """The same key with another leg, the same leg without a key, and a key whose call is over: one INVITE."""

    async def lived():
        async with Desk() as desk:
            callee = await Answering().open()
            invite = await called(desk, callee, key="k1")
            assert await desk.engine.originate("out", callee.uri, ME)
            assert await desk.engine.originate("other", callee.uri, ME, key="k1")
            callee.say(invite, 486, "Busy Here")
            await desk.until(lambda: desk.of(Over))
            assert await desk.engine.originate("third", callee.uri, ME, key="k1")
            again = await called(desk, callee, "fourth", key="k2")
            assert again.first("Call-ID") != invite.first("Call-ID")
            assert desk.engine.snapshot() == ("fourth",)
            assert [(over.leg, over.who, over.cause) for over in desk.of(Over)] == [("out", "them", "486 Busy Here")]
            callee.close()

    asyncio.run(lived())


def test_a_call_that_finds_no_port_is_not_placed_and_may_be_asked_again(monkeypatch):
    """False, and with the same key one INVITE once there is a port."""

    async def full(leg, host):
        raise OSError(24, "Too many open files")

    async def lived():
        async with Desk() as desk:
            callee = await Answering().open()
            with monkeypatch.context() as patched:
                patched.setattr(Leg, "open", full)
                assert not await desk.engine.originate("out", callee.uri, ME, key="k1")
            assert desk.engine.snapshot() == ()
            await called(desk, callee, key="k1")
            assert desk.engine.snapshot() == ("out",)
            callee.close()

    asyncio.run(lived())


def test_a_call_that_is_given_up_is_cancelled_or_hung_up_whichever_way_the_messages_cross():
    """Before anything came nothing may be sent; behind a 180 CANCEL; a 200 that crosses it is acknowledged and BYE."""

    async def lived():
        async with Desk() as desk:
            callee = await Answering().open()
            invite = await called(desk, callee)
            assert desk.engine.hang_up("out", "enough")
            assert not desk.engine.hang_up("out", "twice")
            callee.say(invite, 180, "Ringing")
            cancel = await callee.next("CANCEL")
            assert cancel.first("CSeq") == invite.first("CSeq").replace("INVITE", "CANCEL")
            callee.say(cancel, 200, "OK")
            callee.say(invite, 200, "OK", sdp=True)  # it was answered first
            await callee.next("ACK")
            callee.say(await callee.next("BYE"), 200, "OK")
            assert [(over.leg, over.who) for over in desk.of(Over)] == [("out", "us")]
            assert desk.of(Answered) == []
            callee.close()

    asyncio.run(lived())


@pytest.mark.parametrize("code", [401, 407])
def test_whoever_asks_who_we_are_is_told_once(code):
    """The same call with an answer to the challenge; a second challenge is a wrong password, and the call is over."""
    asks = {401: ("WWW-Authenticate", "Authorization"), 407: ("Proxy-Authenticate", "Proxy-Authorization")}[code]
    challenge = 'Digest realm="carrier", nonce="n1", algorithm=MD5, qop="auth"'

    async def lived():
        async with Desk(credentials=lambda realm: ("city", "secret") if realm == "carrier" else None) as desk:
            callee = await Answering().open()
            invite = await called(desk, callee)
            callee.say(invite, code, "Who", (asks[0], challenge))
            again = await callee.next("INVITE")
            assert again.first("Call-ID") == invite.first("Call-ID")
            assert int(again.first("CSeq").split()[0]) == int(invite.first("CSeq").split()[0]) + 1
            said = read_credentials(again.first(asks[1]))
            assert (said.username, said.realm, said.uri) == ("city", "carrier", callee.uri)
            assert secret_of("city", read_challenge(challenge).realm, "secret", "MD5")
            callee.say(again, code, "Who", (asks[0], challenge))
            await desk.until(lambda: desk.of(Over))
            assert desk.of(Over)[0].cause == f"{code} Who"
            callee.close()

    asyncio.run(lived())


def test_a_session_that_is_too_short_for_them_is_asked_for_again_as_they_want_it():
    """422 with Min-SE: one more INVITE, which holds as long as they said."""

    async def lived():
        async with Desk() as desk:
            callee = await Answering().open()
            invite = await called(desk, callee)
            assert (invite.first("Session-Expires"), invite.first("Supported")) == ("300", "timer")
            callee.say(invite, 422, "Session Interval Too Small", ("Min-SE", "900"))
            again = await callee.next("INVITE")
            assert (again.first("Session-Expires"), again.first("Min-SE")) == ("900", "900")
            callee.say(again, 200, "OK", sdp=True)
            await desk.until(lambda: desk.of(Answered))
            callee.close()

    asyncio.run(lived())


def test_a_callback_says_that_it_is_one():
    """RFC 7090: Priority, the esnet namespace, and both numbers as who is asserted; the caller is who is called."""

    async def lived():
        async with Desk() as desk:
            callee = await Answering().open()
            number = Address(phone("+12255550911", "psap.example"))
            agent = Address(phone("+12255550142", "psap.example"), "Console 4")
            headers = callback_headers(number, agent)
            assert await desk.engine.originate("out", callee.uri, str(number), headers, key="c1")
            invite = await callee.next("INVITE")
            assert invite.uri == callee.uri
            assert invite.first("Priority") == "psap-callback"
            assert invite.first("Resource-Priority") == "esnet.0"
            assert invite.all("P-Asserted-Identity") == [
                "<sip:+12255550911@psap.example;user=phone>", '"Console 4" <sip:+12255550142@psap.example;user=phone>',
            ]  # fmt: skip
            assert invite.first("From").startswith("<sip:+12255550911@psap.example;user=phone>;tag=")
            callee.close()

    asyncio.run(lived())


@pytest.mark.parametrize(
    ("target", "caller", "headers"),
    [
        ("tel:+12255550100", ME, ()),
        ("sip:name@host.example", ME, ()),
        ("sip:4001@127.0.0.1:5060;transport=tls", ME, ()),
        ("nonsense", ME, ()),
        ("sip:4001@127.0.0.1:5060", "sip:", ()),
        ("sip:4001@127.0.0.1:5060", ME, (("Via", "SIP/2.0/UDP evil"),)),
    ],
)
def test_what_leads_nowhere_or_cannot_be_read_places_nothing(target, caller, headers):
    """No name is resolved, no TLS spoken where there is none, and no header of the protocol's own written over."""

    async def lived():
        async with Desk() as desk:
            assert not await desk.engine.originate("out", target, caller, headers, key="k")
            assert desk.engine.snapshot() == ()

    asyncio.run(lived())


def test_without_a_codec_in_common_or_with_nobody_there_the_call_is_over():
    """A 200 with another codec is acknowledged and ended; where nobody answers at all 64 T1 end it."""

    async def lived():
        async with Desk() as desk:
            callee = await Answering().open()
            callee.say(await called(desk, callee), 200, "OK")
            await callee.next("ACK")
            await callee.next("BYE")
            assert desk.of(Over)[0].cause == "no codec in common"
            await called(desk, callee, "silent")
            agent = next(iter(desk.engine._legs.values())).wire.agent  # the test turns the time on
            agent.tick(switchboard.now_ms() + 33_000)
            desk.engine._wires[0].work()
            assert [(over.leg, over.who, over.cause) for over in desk.of(Over)][1] == (
                "silent", "nobody", "408 Request Timeout",
            )  # fmt: skip
            callee.close()

    asyncio.run(lived())


@pytest.mark.parametrize("updates", [True, False])
def test_a_peer_that_vanished_ends_its_leg_and_one_that_is_there_keeps_it(updates):
    """At half its time the session is refreshed, by UPDATE where the peer knows it; 481 or silence end the leg."""
    allow = ("Allow", "INVITE, ACK, BYE, UPDATE" if updates else "INVITE, ACK, BYE")

    async def lived():
        async with Desk() as desk:
            callee = await Answering().open()
            callee.say(await called(desk, callee), 200, "OK", allow, sdp=True)
            await desk.until(lambda: desk.of(Answered))
            keep, now = desk.engine._signals, switchboard.now_ms()
            keep.tick(now + 149_000)
            for at, code in ((151_000, 200), (320_000, 481)):
                keep.tick(now + at)
                method = "UPDATE" if updates else "INVITE"
                refresh = await callee.next(method)
                assert refresh.first("Session-Expires") == "300;refresher=uac"
                assert bool(refresh.body) is not updates
                assert desk.of(Over) == []
                callee.say(refresh, code, "as the test says", sdp=code == 200 and not updates)
                if code == 200 and not updates:
                    await callee.next("ACK")
            await desk.until(lambda: desk.of(Over))
            [over] = desk.of(Over)
            assert (over.who, over.cause) == ("nobody", "the peer does not answer any more")
            await callee.next("BYE")
            callee.close()

    asyncio.run(lived())


def test_a_peer_that_promised_to_refresh_and_does_not_is_gone():
    """Its session ends a little before its time, by a BYE, and nobody ended it."""

    async def lived():
        async with Desk() as desk:
            callee = await Answering().open()
            expires = ("Session-Expires", "90;refresher=uas")
            callee.say(await called(desk, callee), 200, "OK", expires, ("Require", "timer"), sdp=True)
            await desk.until(lambda: desk.of(Answered))
            now = switchboard.now_ms()
            desk.engine._signals.tick(now + 59_000)
            assert desk.of(Over) == []
            desk.engine._signals.tick(now + 61_000)
            assert [(over.who, over.cause) for over in desk.of(Over)] == [
                ("nobody", "the peer has not refreshed its call")
            ]  # fmt: skip
            await callee.next("BYE")
            callee.close()

    asyncio.run(lived())


@pytest.mark.parametrize("text", [True, False])
def test_who_is_called_with_text_reads_and_types(text):
    """Real-time text both ways beside the voice; where none is offered there is none, and voice all the same."""

    async def lived():
        async with Desk() as one, Desk(takes=False) as two:
            target = f"sip:911@127.0.0.1:{two.at['udp'][1]}"
            assert await one.engine.originate("out", target, ME, text=text)
            await two.until(lambda: two.of(Offer))
            assert await two.engine.accept("leg1") == "PCMU"
            await one.until(lambda: one.of(Answered))
            if not text:
                assert two.engine._legs["leg1"].realtime is None
                return
            assert one.engine.say("out", "can you type?")
            assert two.engine.say("leg1", "yes")
            await one.until(lambda: "yes" in "".join(said.text for said in one.of(Text)))
            await two.until(lambda: "can you type?" in "".join(said.text for said in two.of(Text)))

    asyncio.run(lived())


def test_who_takes_no_text_is_called_all_the_same_and_written_to_by_message():
    """Their answer declines it: the voice is there, and what is written goes as SIP MESSAGE."""

    async def lived():
        async with Desk() as desk:
            callee = await Answering().open()
            invite = await called(desk, callee, text=True)
            assert b"m=text" in invite.body
            callee.say(invite, 200, "OK", sdp=True)
            await desk.until(lambda: desk.of(Answered))
            assert desk.engine.say("out", "hello")
            assert (await callee.next("MESSAGE")).body == b"hello"
            callee.close()

    asyncio.run(lived())
