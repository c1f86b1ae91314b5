"""Kamailio before the engine: who is let in, where requests go, how phones beyond it are known and reached."""

import asyncio
import os
import re
import shutil
import signal
import socket
import ssl
import subprocess

import pytest
from tests.adapters.voice.baresip import energy
from tests.adapters.voice.caller import PATIENCE_S, Heard
from tests.adapters.voice.test_baresip import REALM, Office, Users
from tests.adapters.voice.test_browser import Headset
from tests.adapters.voice.test_engine import Desk, certificate
from tests.conformance.test_sip_torture import DROPPED, VERDICTS
from tests.contracts.media_engines import production_engine

from redstick.adapters.voice import engine as engines
from redstick.adapters.voice.attempts import OWN
from redstick.adapters.voice_production import edge_server
from redstick.adapters.voice_production.daemon import LOG, MOST_LOG, Daemon
from redstick.adapters.voice_production.edge_server import answer_of
from redstick.comms.ports import Answered, EngineHealth, Offer, Over, seat_leg
from redstick.comms.signalling import Registered, RegistrationRefused
from redstick.protocols.sip.messages import answer as answer_to
from redstick.protocols.sip.reading import read_message
from redstick.protocols.sip.writing import write_message
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


def test_a_phone_in_cipher_calls_911_and_a_browser_and_it_hear_each_other(tmp_path):
    """TLS by Kamailio, SRTP here, WebRTC by Janus: what either says has energy at the other, and nothing is refused."""

    async def lived():
        async with Office(tmp_path, "tls", production_engine) as office:
            phone, desk, headset = await office.phone("4001"), office.desk, Headset()
            desk.takes = False
            await headset.attach(desk.engine, seat_leg("one"), "PCMU")
            await desk.until(lambda: desk.of(Answered))
            phone.do("dial", f"sip:911@{REALM}")
            await desk.until(lambda: desk.of(Offer))
            [offer] = desk.of(Offer)
            assert (offer.user, offer.arrival.line, offer.arrival.transport) == ("4001", LineKind.EMERGENCY, "TLS")
            await desk.engine.accept(offer.leg)
            assert desk.engine._legs[offer.leg].secure
            assert all(desk.engine.join("room", leg) for leg in (offer.leg, seat_leg("one")))
            await desk.until(lambda: headset.loudest > 3_000 and energy(phone.folder) > 0.02)
            said = desk.engine.stats(offer.leg)
            assert (said.refused, said.energy > 0.05) == (0, True)
            phone.do("hangup")
            await desk.until(lambda: desk.of(Over))
            await headset.connection.close()

    asyncio.run(lived())


@pytest.mark.parametrize("known", [True, False])
def test_whom_the_edge_calls_in_cipher_an_authority_of_the_machine_must_vouch_for(tmp_path, monkeypatch, known):
    """Whoever none of them knows hears nothing of the call."""
    pem, authorities = certificate(tmp_path), tmp_path / "authorities"
    authorities.mkdir()
    monkeypatch.setattr(edge_server, "TRUSTED", authorities)
    if known:
        shutil.copy(tmp_path / "c.pem", authorities)
        subprocess.run(["openssl", "rehash", str(authorities)], check=True, capture_output=True)
    secure = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    secure.load_cert_chain(pem)

    async def lived():
        with socket.create_server(("127.0.0.1", 0)) as callee:
            callee.settimeout(PATIENCE_S)
            async with Desk(pem, made=production_engine) as desk:
                target = f"sip:4001@127.0.0.1:{callee.getsockname()[1]};transport=tls"
                assert await desk.engine.originate("out", target, f"sip:4000@{REALM}")
                return await asyncio.to_thread(first_word, callee, secure)

    assert asyncio.run(lived()) == (b"INVITE" if known else "TLSV1_ALERT_UNKNOWN_CA")


def first_word(callee, secure):
    """What whoever calls says first, or why they say nothing."""
    connection, _ = callee.accept()
    try:
        with secure.wrap_socket(connection, server_side=True) as said:
            return said.recv(6)
    except ssl.SSLError as error:
        return error.reason


def test_wrong_passwords_beyond_the_edge_are_counted_by_where_the_phone_is(tmp_path):
    """The fifth begins a rest that not even the right one ends; another user, who comes by the same edge, registers."""

    async def lived():
        async with Office(tmp_path, "udp", production_engine) as office:
            desk, phone = office.desk, await office.phone("4001", "wrong")
            for tries in range(1, OWN.tries + 1):
                await desk.until(lambda n=tries: len(desk.of(RegistrationRefused)) >= n)
                phone.do("uanew", phone.account)
            refused = desk.of(RegistrationRefused)
            assert [said.limited for said in refused] == [False] * (OWN.tries - 1) + [True]
            await phone.until_last("REGISTER_FAIL", "403 Too Many Wrong Passwords")
            assert desk.engine._wires[0].edge.inner[1] not in {int(said.source.rpartition(":")[2]) for said in refused}
            await office.phone("4002")
            assert [said.user for said in desk.of(Registered)] == ["4002"]

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
    async with asyncio.timeout(PATIENCE_S):
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
            while said[-40:] != ["503"] * 40:
                for _ in range(40):  # at once: a shared machine that answers one after another is no flood
                    wire.sendto(request("OPTIONS", "sip:psap.example", number := number + 1))
                said += await codes(answers, 40)
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


ONLY_AT_THE_EDGE = {"zeromf": "483"}  # a proxy may go no further; an endpoint forwards nothing and answers it


async def finals(desk, messages):
    """What answers each message, 100 aside, each on a socket of its own: "" for those that RFC 4475 has dropped."""
    said = {}
    for message in messages:
        wire, answers = await listening(desk.at["udp"])
        wire.sendto(message.read_bytes())
        dropped = VERDICTS[message.stem][0] == DROPPED or message.read_bytes().startswith(b"SIP/2.0")
        code = "" if dropped else "100"
        while code == "100":
            [code] = await codes(answers, 1)
        said[message.stem] = code
        wire.close()
    return said


def test_a_message_made_to_torture_is_answered_at_the_edge_as_without_one(third_party):
    """Each of the 49 of RFC 4475 as the embedded engine answers it, and none by silence; the edge is as it was."""
    messages = sorted(third_party("sip/rfc4475").glob("*.dat"))
    assert len(messages) == 49

    async def lived():
        async with Desk(users=Users()) as desk:
            plainly = await finals(desk, messages)
        async with Desk(made=production_engine, users=Users()) as desk:
            assert await finals(desk, messages) == plainly | ONLY_AT_THE_EDGE
            assert (await (await desk.caller()).call()).code == 200
            assert desk.engine.edge_server.daemon.starts == 1
        refused = {name: str(code) for name, (code, _) in VERDICTS.items() if isinstance(code, int)}
        assert {name: plainly[name] for name in refused} == refused

    asyncio.run(lived())


@pytest.mark.parametrize("transport", ["UDP", "TCP", "TLS"])
def test_a_911_call_that_the_edge_cannot_read_is_taken_and_spoken_with(tmp_path, transport):
    """Max-Forwards twice in each of its messages: from where it came is known, it is heard, and our BYE reaches it."""
    twice = "Max-Forwards: 69"

    async def lived():
        pem = certificate(tmp_path) if transport == "TLS" else None
        context = ssl.create_default_context(cafile=str(tmp_path / "c.pem")) if pem else None
        async with Desk(pem, made=production_engine) as desk:
            caller = await desk.caller(transport=transport, context=context)
            caller.send(caller.message("INVITE", twice, body=caller.offer()))
            answer = await caller.final()
            assert answer.code == 200
            caller.to, port = answer.first("To"), re.search(rb"m=audio (\d+) ", answer.body)[1]
            caller.remote = ("127.0.0.1", int(port))
            caller.send(caller.message("ACK", twice))
            [offer] = desk.of(Offer)
            assert (offer.arrival.line, offer.arrival.transport) == (LineKind.EMERGENCY, transport)
            assert offer.arrival.source == f"127.0.0.1:{caller.port}"
            caller.speak(20)
            await desk.until(lambda: desk.engine.stats("leg1").packets_in == 20)
            assert desk.engine.hang_up("leg1", "enough")
            while getattr(bye := await caller.receive(), "method", "") != "BYE":
                pass
            caller.send(write_message(answer_to(bye, 200, "OK")))
            await desk.until(lambda: not desk.engine._wires[0].agent.calls)

    asyncio.run(lived())


def test_a_call_that_the_edge_cannot_read_is_cancelled_and_ended_by_messages_that_it_can():
    """Whichever way a message of it comes, it is of that call."""

    async def lived():
        async with Desk(made=production_engine, takes=False) as desk:
            first, second = await desk.caller(1), await desk.caller(2)
            for caller in (first, second):
                caller.send(caller.message("INVITE", "Max-Forwards: 69", body=caller.offer()))
            await desk.until(lambda: len(desk.of(Offer)) == 2)
            by_number = {offer.arrival.number[-1]: offer.leg for offer in desk.of(Offer)}
            first.send(first.message("CANCEL", "Max-Forwards: 69", branch="1-1INVITE"))
            assert (await first.final()).code == 487
            await desk.take(by_number["2"])
            second.answered(await second.final())
            assert (await second.bye()).code == 200
            assert [over.leg for over in desk.of(Over)] == [by_number["1"], by_number["2"]]

    asyncio.run(lived())


def test_nobody_outside_has_the_edge_pass_on_what_it_does_not_read():
    """The line by which the engine and the edge say where from and where to is believed of each other alone."""

    async def lived():
        async with Desk(made=production_engine) as desk:
            other, heard = await listening()
            to = other.get_extra_info("sockname")[1]
            wire, answers = await listening(desk.at["udp"])
            inner, _ = await listening(desk.engine._wires[0].edge.inner)
            for one in (wire, inner):
                one.sendto(f"<udp:127.0.0.1:{to}>\r\n".encode() + request("OPTIONS", "sip:psap.example", 1))
            wire.sendto(request("OPTIONS", "sip:psap.example", 2))
            assert await codes(answers, 1) == ["200"]
            assert heard.queue.empty()
            assert answers.queue.empty()
            for one in (other, wire, inner):
                one.close()

    asyncio.run(lived())


def test_a_flood_of_what_nobody_can_read_does_not_reach_the_engine_and_a_911_call_does():
    """Beyond the limit it is dropped; a call to 911 that cannot be read either, from the very same, is answered."""

    async def lived():
        async with Desk(made=production_engine) as desk:
            wire, answers = await listening(desk.at["udp"])
            twice = ("Max-Forwards: 70", "Max-Forwards: 69")
            for number in range(1, 1_001):
                wire.sendto(request("OPTIONS", "sip:psap.example", number, *twice))
                if number % 50 == 0:
                    await asyncio.sleep(0.01)
            said = []
            async with asyncio.timeout(PATIENCE_S):
                while not said or said[-1].first("CSeq") != "1 INVITE":
                    if answers.queue.empty():  # a flood leaves no room for a datagram; over UDP a caller says it again
                        wire.sendto(request("INVITE", "urn:service:sos", 0, *twice))
                        await asyncio.sleep(0.5)
                    else:
                        said.append(read_message(answers.queue.get_nowait()))
            assert len([one for one in said if one.first("CSeq") == "1 OPTIONS"]) < 500
            wire.close()

    asyncio.run(lived())


def test_the_log_of_a_daemon_does_not_grow_for_ever(tmp_path):
    """What is over its limit is begun anew; what it says then is kept."""

    async def lived():
        daemon = Daemon(("sleep", "60"), tmp_path, lambda: None, lambda _: None)
        (tmp_path / LOG).write_bytes(b"x" * (MOST_LOG + 1))
        await daemon.start()
        daemon.trim()
        assert (tmp_path / LOG).stat().st_size == 0
        (tmp_path / LOG).write_bytes(b"said")
        daemon.trim()
        assert (tmp_path / LOG).read_bytes() == b"said"
        await daemon.stop()

    asyncio.run(lived())


def test_who_is_on_the_line_as_the_engine_ends_hears_its_goodbye_from_an_edge_that_is_slow():
    """The edge ends once it has passed them on: halted as the engine ends, it does so when it runs again."""

    async def lived():
        async with Desk(made=production_engine) as desk:
            caller = await desk.caller()
            assert (await caller.call()).code == 200
            edge = desk.engine.edge_server.daemon.pid
            os.killpg(edge, signal.SIGSTOP)
            closing = asyncio.create_task(desk.engine.close())
            await asyncio.sleep(0.2)
            os.killpg(edge, signal.SIGCONT)
            assert (await caller.receive()).method == "BYE"
            await closing

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
