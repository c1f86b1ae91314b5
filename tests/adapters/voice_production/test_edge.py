"""Kamailio before the engine: who is let in, where requests go, how phones beyond it are known and reached."""

import asyncio
import os
import signal

import pytest
from tests.adapters.voice.caller import Heard
from tests.adapters.voice.test_baresip import REALM, Office
from tests.adapters.voice.test_engine import Desk
from tests.contracts.media_engines import production_engine

from redstick.adapters.voice import engine as engines
from redstick.adapters.voice_production.edge_server import answer_of
from redstick.comms.ports import Answered, EngineHealth, Offer, Over
from redstick.comms.signalling import Registered
from redstick.published.comms import LineKind

pytestmark = [pytest.mark.sockets, pytest.mark.voice]


@pytest.mark.parametrize("transport", ["udp", "tcp", "tls"])
def test_a_phone_beyond_the_edge_registers_is_called_and_calls(tmp_path, transport):
    """It is known by its own address and transport, reached on the way that it came, in cipher over TLS alone."""

    async def lived():
        async with Office(tmp_path, transport, production_engine) as office:
            phone, desk = await office.phone("4001"), office.desk
            [known] = desk.of(Registered)
            assert known.source.rpartition(":")[2] not in {str(port) for _, port in desk.at.values()}
            assert await desk.engine.originate("out", f"sip:4001@{REALM}", f"sip:4000@{REALM}")
            await desk.until(lambda: desk.of(Answered))
            await office.speaks("out")
            assert desk.engine._legs["out"].secure is (transport == "tls")
            assert desk.engine.hang_up("out", "enough")
            await phone.until("CALL_CLOSED")
            phone.do("dial", f"sip:911@{REALM}")
            await desk.until(lambda: desk.of(Offer))
            [offer] = desk.of(Offer)
            assert (offer.user, offer.arrival.line) == ("4001", LineKind.EMERGENCY)
            assert offer.arrival.source.rpartition(":")[0] == "127.0.0.1"
            assert offer.arrival.transport == transport.upper()
            await phone.until("CALL_ESTABLISHED")
            await office.speaks(offer.leg)
            phone.do("hangup")
            await desk.until(lambda: [over.who for over in desk.of(Over) if over.leg == offer.leg] == ["them"])

    asyncio.run(lived())


def request(method, target, number, *more):
    """A request outside of a call, as bytes; `number` tells them apart."""
    lines = (
        f"{method} {target} SIP/2.0", f"Via: SIP/2.0/UDP 127.0.0.1:9;rport;branch=z9hG4bK{number}{method}",
        f"From: <sip:somebody@c.example>;tag=t{number}", f"To: <{target}>", f"Call-ID: {number}@c.example",
        f"CSeq: 1 {method}", "Contact: <sip:somebody@127.0.0.1>", *more, "Content-Length: 0", "", "",
    )  # fmt: skip
    return "\r\n".join(lines).encode()


async def listening(to=None):
    """A socket that keeps what it hears."""
    where = {"remote_addr": to} if to else {"local_addr": ("127.0.0.1", 0)}
    transport, heard = await asyncio.get_running_loop().create_datagram_endpoint(Heard, **where)
    return transport, heard


async def codes(heard, count):
    """The codes of so many answers."""
    async with asyncio.timeout(20):
        return [(await heard.queue.get()).split()[1].decode() for _ in range(count)]


def test_whatever_a_request_says_it_goes_to_the_engine_and_to_nobody_else():
    """Neither its URI nor a Route of its own leads elsewhere: what comes from outside is relayed to us alone."""

    async def lived():
        async with Desk(made=production_engine, takes=False) as desk:
            other, heard = await listening()
            at = other.get_extra_info("sockname")[1]
            wire, answers = await listening(desk.at["udp"])
            target = f"sip:4001@127.0.0.1:{at}"
            route = f"Route: <sip:127.0.0.1:{at};lr>"
            wire.sendto(request("INVITE", target, 1))
            wire.sendto(request("INVITE", "sip:4001@127.0.0.1", 2, route))
            wire.sendto(request("OPTIONS", target, 3, route))
            await desk.until(lambda: len(desk.of(Offer)) == 2)
            assert set(await codes(answers, 3)) <= {"100", "200"}
            assert heard.queue.empty()
            other.close()
            wire.close()

    asyncio.run(lived())


def test_a_flood_from_one_address_is_refused_and_its_911_calls_are_taken():
    """503 with Retry-After for whatever is none, as long as it lasts; a call to 911 from the very same is answered."""

    async def lived():
        async with Desk(made=production_engine) as desk:
            wire, answers = await listening(desk.at["udp"])
            said, number = [], 0
            while said[-20:] != ["503"] * 20:
                wire.sendto(request("OPTIONS", "sip:psap.example", number := number + 1))
                said += await codes(answers, 1)
            assert "200" in said
            wire.sendto(request("INVITE", "sip:4001@psap.example", 0))
            assert await codes(answers, 1) == ["503"]
            caller = await desk.caller()
            assert (await caller.call()).code == 200
            assert [offer.arrival.line for offer in desk.of(Offer)] == [LineKind.EMERGENCY]
            wire.close()

    asyncio.run(lived())


def test_a_refusal_for_want_of_room_passes_the_edge_as_it_was_said(monkeypatch):
    """503 with Retry-After: whoever routes the call asks a neighbour."""

    async def lived():
        async with Desk(made=production_engine) as desk:
            monkeypatch.setattr(engines, "MOST_LEGS", 0)
            answer = await (await desk.caller()).call()
            assert (answer.code, answer.first("Retry-After")) == (503, "5")
            assert desk.engine.refused[LineKind.EMERGENCY] == 1

    asyncio.run(lived())


def test_a_request_that_has_gone_round_too_often_ends_at_the_edge():
    """483, and the engine hears nothing of it."""

    async def lived():
        async with Desk(made=production_engine) as desk:
            wire, answers = await listening(desk.at["udp"])
            wire.sendto(request("INVITE", "urn:service:sos", 1, "Max-Forwards: 0"))
            assert await codes(answers, 1) == ["483"]
            assert desk.of(Offer) == []
            wire.close()

    asyncio.run(lived())


def test_messages_made_to_torture_leave_the_edge_as_it_was(third_party):
    """After each of the 49 of RFC 4475 a call to 911 still passes."""
    messages = sorted(third_party("sip/rfc4475").glob("*.dat"))
    assert len(messages) == 49

    async def lived():
        async with Desk(made=production_engine) as desk:
            wire, _ = await listening(desk.at["udp"])
            for message in messages:
                wire.sendto(message.read_bytes())
            assert (await (await desk.caller()).call()).code == 200
            assert desk.engine.edge_server.daemon.starts == 1
            wire.close()

    asyncio.run(lived())


def test_an_edge_that_is_killed_is_begun_again_and_a_call_outlives_it():
    """Its voice does not pass there; when it is back the caller's BYE ends the call, and another is taken."""

    async def lived():
        async with Desk(made=production_engine) as desk:
            caller = await desk.caller()
            await caller.call()
            daemon = desk.engine.edge_server.daemon
            os.kill(daemon.pid, signal.SIGKILL)
            await desk.until(lambda: daemon.starts == 2)
            while await answer_of(desk.at["udp"]) != 200:
                pass
            caller.speak(20)
            await desk.until(lambda: desk.engine.stats("leg1").packets_in >= 20)
            assert desk.of(Over) == []
            assert [said.up for said in desk.of(EngineHealth)] == [True, False, True]
            assert (await (await desk.caller(2)).call()).code == 200
            assert (await caller.bye()).code == 200
            assert [(over.leg, over.who) for over in desk.of(Over)] == [("leg1", "them")]

    asyncio.run(lived())
