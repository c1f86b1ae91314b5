"""Transfers by REFER on real sockets, asked by us and asked of us: done, failed, attended, and nobody is lost."""

import asyncio
from urllib.parse import quote

import pytest
from tests.adapters.voice.answering import Answering
from tests.adapters.voice.test_engine import Desk

from redstick.comms.ports import Answered, Offer, Over
from redstick.comms.signalling import TransferAsked, Transferred
from redstick.protocols.sip.referring import SIPFRAG, read_sipfrag, refer_to_of

pytestmark = pytest.mark.sockets
ME = "sip:+12255550100@psap.example"
FRIEND = "sip:friend@127.0.0.1:5999"


async def spoken_with(desk, leg="out"):
    """Somebody whom the desk has called, and the INVITE that he answered."""
    callee = await Answering().open()
    desk.callers.append(callee)  # gone with the desk
    assert await desk.engine.originate(leg, callee.uri, ME)
    invite = await callee.next("INVITE")
    callee.say(invite, 200, "OK", sdp=True, tag="theirs")
    await desk.until(lambda: any(event.leg == leg for event in desk.of(Answered)))
    await callee.next("ACK")
    return callee, invite


def noted(callee, invite, number, said, state="active"):
    """He tells how a transfer goes."""
    headers = ("Event", "refer"), ("Subscription-State", state)
    callee.ask(invite, "NOTIFY", number, *headers, body=said, kind=SIPFRAG)


@pytest.mark.parametrize(
    ("ends", "who", "codes"),
    [
        ((b"SIP/2.0 180 Ringing\r\n", b"SIP/2.0 200 OK\r\n"), "us", [180, 200]),
        ((b"SIP/2.0 100 Trying\r\n", b"SIP/2.0 486 Busy Here\r\n"), None, [100, 486]),
        ((b"SIP/2.0 100 Trying\r\n", b"nonsense"), None, [100, 408]),
    ],
)
def test_a_blind_transfer_lets_the_leg_go_only_when_it_is_done(ends, who, codes):
    """Done: the leg is over, ended by us. Failed, or its outcome never told: the leg is ours as before."""

    async def lived():
        async with Desk() as desk:
            callee, invite = await spoken_with(desk)
            assert desk.engine.transfer("out", FRIEND)
            assert not desk.engine.transfer("out", FRIEND)  # one at a time
            refer = await callee.next("REFER")
            assert str(refer_to_of(refer).uri) == FRIEND
            assert refer.first("Referred-By") is not None
            callee.say(refer, 202, "Accepted")
            noted(callee, invite, 1, ends[0])
            assert (await callee.final()).code == 200
            noted(callee, invite, 2, ends[1], "terminated;reason=noresource")
            assert (await callee.final()).code == 200
            await desk.until(lambda: len(desk.of(Transferred)) == 2)
            assert [one.code for one in desk.of(Transferred)] == codes
            if who:
                await callee.next("BYE")
            assert [(over.who, over.cause) for over in desk.of(Over)] == ([(who, "transferred")] if who else [])
            assert desk.engine.transfer("out", FRIEND) is not bool(who)  # may be tried again

    asyncio.run(lived())


def test_a_transfer_that_is_declined_is_told_and_changes_nothing():
    """603: the leg is there."""

    async def lived():
        async with Desk() as desk:
            callee, _ = await spoken_with(desk)
            assert desk.engine.transfer("out", FRIEND)
            callee.say(await callee.next("REFER"), 603, "Decline")
            await desk.until(lambda: desk.of(Transferred))
            assert desk.of(Transferred) == [Transferred("out", 603, "Decline")]
            assert desk.engine.snapshot() == ("out",)

    asyncio.run(lived())


def test_an_attended_transfer_names_the_other_leg_as_its_own_end_sees_it():
    """Refer-To is where that end is, with the Replaces that it will be asked for."""

    async def lived():
        async with Desk() as desk:
            one, _ = await spoken_with(desk, "one")
            two, second = await spoken_with(desk, "two")
            assert not desk.engine.transfer("one", "", "nobody")
            assert desk.engine.transfer("one", "", "two")
            wanted = refer_to_of(await one.next("REFER"))
            assert str(wanted.uri) == two.uri
            ours = second.first("From").rpartition("tag=")[2]
            assert (wanted.replaces.call_id, wanted.replaces.to_tag, wanted.replaces.from_tag) == (
                second.first("Call-ID"), "theirs", ours,
            )  # fmt: skip

    asyncio.run(lived())


def test_a_far_end_that_asks_for_a_transfer_is_told_how_it_goes_and_keeps_its_call_until_then():
    """202 and 100 at once; the domain is told whom; what it says goes back; a failure leaves the call as it was."""

    async def lived():
        async with Desk() as desk:
            callee, invite = await spoken_with(desk)
            callee.ask(invite, "REFER", 1, ("Refer-To", f"<{FRIEND}>"))
            notify = await callee.next("NOTIFY")
            assert (notify.first("Event"), read_sipfrag(notify.body)[0]) == ("refer", 100)
            callee.say(notify, 200, "OK")
            assert desk.of(TransferAsked) == [TransferAsked("out", FRIEND)]
            assert desk.engine.progress_transfer("out", 486, "Busy Here")
            notify = await callee.next("NOTIFY")
            assert read_sipfrag(notify.body) == (486, "Busy Here")
            assert notify.first("Subscription-State").startswith("terminated")
            assert not desk.engine.progress_transfer("out", 200, "OK")  # that was its end
            assert desk.engine.snapshot() == ("out",)

    asyncio.run(lived())


def test_an_attended_transfer_that_is_asked_of_us_names_our_own_leg():
    """Replaces leads to the leg it means; one that names no leg of ours is declined."""

    async def lived():
        async with Desk() as desk:
            one, first = await spoken_with(desk, "one")
            _, second = await spoken_with(desk, "two")
            ours = second.first("From").rpartition("tag=")[2]
            for number, (call_id, code) in enumerate((("nobody", 603), (second.first("Call-ID"), 202)), start=1):
                replaces = quote(f"{call_id};to-tag={ours};from-tag=theirs", safe="")
                one.ask(first, "REFER", number, ("Refer-To", f"<{FRIEND}?Replaces={replaces}>"))
                assert (await one.final()).code == code
            await desk.until(lambda: desk.of(TransferAsked))
            assert desk.of(TransferAsked) == [TransferAsked("one", FRIEND, "two")]

    asyncio.run(lived())


def test_a_call_that_takes_the_place_of_a_leg_says_whose():
    """Answered, it is in the room where that was, whose end is told once; one that names no leg is 481."""

    async def lived():
        async with Desk(takes=False) as desk:
            replaced, invite = await spoken_with(desk)
            ours = invite.first("From").rpartition("tag=")[2]
            caller = await desk.caller()
            replaces = f"Replaces: {invite.first('Call-ID')};to-tag={ours};from-tag=theirs"
            caller.send(caller.message("INVITE", replaces, body=caller.offer()))
            await desk.until(lambda: desk.of(Offer))
            assert desk.of(Offer)[0].replaces == "out"
            witness, _ = await spoken_with(desk, "witness")
            assert desk.engine.join("room", "out")
            assert desk.engine.join("room", "witness")
            assert await desk.engine.accept("leg1") == "PCMU"
            caller.answered(await caller.final())
            assert [(over.leg, over.cause) for over in desk.of(Over)] == [("out", "replaced")]
            await replaced.next("BYE")
            caller.speak(40, b"\x07" * 160)
            while b"\x07" * 160 not in await witness.voice():
                pass
            other = await desk.caller(2)
            other.send(other.message("INVITE", "Replaces: nobody;to-tag=a;from-tag=b", body=other.offer()))
            assert (await other.final()).code == 481

    asyncio.run(lived())
