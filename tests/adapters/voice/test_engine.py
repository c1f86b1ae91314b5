"""The embedded engine on real sockets: calls come in, are answered, heard, joined and ended, each end told once."""

import asyncio
import ssl
import subprocess
import sys

import pytest
from tests.adapters.voice.answering import Answering
from tests.adapters.voice.caller import PATIENCE_S, Caller

from redstick.adapters.voice import engine as engines
from redstick.adapters.voice.calls import Leg
from redstick.adapters.voice.engine import EmbeddedEngine
from redstick.adapters.voice.tones import WAITING
from redstick.cli.voice import bind_voice
from redstick.comms.ports import OPERATIONS, Moved, Offer, Over

pytestmark = pytest.mark.sockets
LO = (
    '<presence xmlns="urn:ietf:params:xml:ns:pidf" xmlns:gp="urn:ietf:params:xml:ns:pidf:geopriv10"'
    ' xmlns:dm="urn:ietf:params:xml:ns:pidf:data-model" xmlns:gml="http://www.opengis.net/gml"'
    ' entity="pres:a@example.com"><dm:device id="d"><gp:geopriv><gp:location-info>'
    "<gml:Point><gml:pos>30.4 -91.1</gml:pos></gml:Point></gp:location-info><gp:usage-rules/></gp:geopriv>"
    "</dm:device></presence>"
)


class Desk:
    """An engine with somebody who takes every call, or lets it ring; `told` is what the engine said.

    `made` makes another engine than the embedded one, of a certificate and the same.
    """

    def __init__(self, certificate=None, *, takes=True, made=None, **more):
        heard = certificate if made else bind_voice("127.0.0.1:0", certificate)
        self.engine = (made or EmbeddedEngine)(heard, new_leg=self.name, **more)
        self.told, self.count, self.takes, self.tasks, self.callers = [], 0, takes, set(), []
        self.engine.listen(self.hear)
        self.at = {
            uri.partition("=")[2]: ("127.0.0.1", int(uri.split(":")[2].split(";")[0])) for uri in self.engine.where
        }

    def name(self):
        """The next leg."""
        self.count += 1
        return f"leg{self.count}"

    def hear(self, event):
        """Everything is kept; an offer is taken."""
        self.told.append(event)
        if isinstance(event, Offer) and self.takes:
            task = asyncio.create_task(self.take(event.leg))
            self.tasks.add(task)

    async def take(self, leg):
        """Answer, and let it hear the ringing."""
        if await self.engine.accept(leg) is not None:
            self.engine.play(leg, WAITING)

    async def caller(self, number=1, target="urn:service:sos", transport="UDP", context=None):
        """Somebody who can call, and is gone with the desk."""
        caller = Caller(number, target)
        self.callers.append(caller)
        return await caller.open(self.at[transport.lower()], transport=transport, context=context)

    async def until(self, true):
        """Wait for something to be so."""
        async with asyncio.timeout(PATIENCE_S):
            while not true():  # noqa: ASYNC110  (counters of packets tell nobody that they moved)
                await asyncio.sleep(0.005)

    def of(self, kind):
        """What was told of one kind."""
        return [event for event in self.told if isinstance(event, kind)]

    async def __aenter__(self):
        await self.engine.open()
        return self

    async def __aexit__(self, *_):
        self.engine.parting_s = 0.0  # callers answer nothing any more
        await self.engine.close()
        for caller in self.callers:
            caller.close()
        await asyncio.sleep(0.01)  # sockets are let go of in the next turn of the loop


def certificate(folder):
    """A certificate of the test's own, with its key, in one file."""
    out = folder / "tls.pem"
    subprocess.run(
        ["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes", "-days", "2",
         "-subj", "/CN=127.0.0.1", "-addext", "subjectAltName=IP:127.0.0.1", "-keyout", str(out), "-out",
         str(folder / "c.pem")], check=True, capture_output=True,
    )  # fmt: skip
    out.write_bytes(out.read_bytes() + (folder / "c.pem").read_bytes())
    return out


@pytest.mark.parametrize("transport", ["UDP", "TCP", "TLS"])
def test_a_call_is_heard_and_hears_on_every_transport(tmp_path, transport):
    """Its packets and their energy are measured, the ringing comes back, BYE ends it once with its counts."""
    pem = certificate(tmp_path) if transport == "TLS" else None

    async def lived():
        context = ssl.create_default_context(cafile=str(tmp_path / "c.pem")) if pem else None
        async with Desk(pem) as desk:
            caller = await desk.caller(transport=transport, context=context)
            answer = await caller.call()
            assert answer.code == 200
            caller.speak(50)
            await desk.until(lambda: desk.engine.stats("leg1").packets_in == 50)
            said = desk.engine.stats("leg1")
            assert (said.lost, said.codec) == (0, "PCMU")
            assert said.energy > 0.05
            heard = await caller.hear(10)
            assert {packet.payload_type for packet in heard} == {0}
            assert any(packet.payload != b"\xff" * 160 for packet in heard)
            assert (await caller.bye()).code == 200
            await desk.until(lambda: desk.of(Over))
            [over] = desk.of(Over)
            assert (over.leg, over.who, over.cause, over.packets_in) == ("leg1", "them", "bye", 50)
            assert over.packets_out >= 10
            assert desk.engine.snapshot() == ()

    asyncio.run(lived())


def test_two_callers_hear_each_other_once_they_are_joined():
    """Exactly what was said, neither of them the ringing any more; when one leaves the other stays."""

    async def lived():
        async with Desk() as desk:
            one, two = [await desk.caller(number) for number in (1, 2)]
            await one.call()
            await two.call()
            assert desk.engine.join("room", "leg1")
            assert desk.engine.join("room", "leg2")
            spoken = bytes(range(160))
            one.speak(5, spoken)
            heard = [packet.payload for packet in await two.hear(40)]
            assert heard.count(spoken) >= 5
            assert heard[-1] == b"\xff" * 160
            await one.bye()
            await desk.until(lambda: desk.of(Over))
            assert desk.engine.snapshot() == ("leg2",)
            await two.hear(3)  # it hears the ringing again
            assert desk.engine.hang_up("leg2", "enough")
            assert (await two.receive()).method == "BYE"
            assert [(over.leg, over.who) for over in desk.of(Over)] == [("leg1", "them"), ("leg2", "us")]
            assert not desk.engine.hang_up("leg2", "twice")

    asyncio.run(lived())


def test_a_cancelled_call_ends_before_it_was_answered():
    """487, and one end, which says so; the leg cannot be answered any more."""

    async def lived():
        async with Desk(takes=False) as desk:
            caller = await desk.caller()
            invite = caller.message("INVITE", body=caller.offer())
            caller.send(invite)
            caller.send(invite)  # once more: it is the same call
            await desk.until(lambda: desk.of(Offer))
            assert desk.engine.ring("leg1")
            caller.send(caller.message("CANCEL", branch="1-1INVITE"))
            assert (await caller.final("INVITE")).code == 487
            [over] = desk.of(Over)
            assert (over.who, over.cause, len(desk.of(Offer))) == ("them", "cancelled", 1)
            assert await desk.engine.accept("leg1") is None

    asyncio.run(lived())


@pytest.mark.parametrize(
    ("sdp", "code", "cause"),
    [
        ("v=0\r\no=- 1 1 IN IP4 127.0.0.1\r\ns=-\r\nt=0 0\r\nm=audio 9 RTP/AVP 18\r\n", 488, "codec"),
        ("nonsense", 488, "v=0"),
    ],
)  # fmt: skip
def test_without_a_common_codec_a_call_is_refused_and_its_end_is_told(sdp, code, cause):
    """488: whoever wrote the call down knows why it ended."""

    async def lived():
        async with Desk() as desk:
            caller = await desk.caller()
            assert (await caller.call(sdp)).code == code
            [over] = desk.of(Over)
            assert over.who == "us"
            assert cause in over.cause

    asyncio.run(lived())


def test_a_late_offer_gets_ours_and_its_answer_comes_with_the_acknowledgement():
    """Both laws are offered; what comes is heard in the one that was chosen."""

    async def lived():
        async with Desk() as desk:
            caller = await desk.caller()
            caller.send(caller.message("INVITE"))
            answer = await caller.final()
            assert b"RTP/AVP 0 8" in answer.body
            caller.to, caller.remote = (
                answer.first("To"),
                ("127.0.0.1", int(answer.body.split(b"m=audio ")[1].split()[0])),
            )
            caller.send(caller.message("ACK", body=caller.offer("8")))
            await desk.until(lambda: desk.engine.stats("leg1").codec == "PCMA")
            assert {packet.payload_type for packet in await caller.hear(3)} == {8}

    asyncio.run(lived())


def test_a_renewed_call_may_change_its_codec_hold_and_say_where_it_is_now():
    """The port stays; held it is sent nothing; another location is told; no common codec leaves all as it was."""

    async def lived():
        async with Desk() as desk:
            caller = await desk.caller()
            await caller.call()
            port = caller.remote
            codes = []
            for offer in (caller.offer("8"), caller.offer("18"), caller.offer("8", "0.0.0.0")):  # noqa: S104  (an address said, not bound)
                caller.cseq += 1
                codes.append((await caller.call(offer)).code)
                caller.remote = caller.remote or port
            assert codes == [200, 488, 200]
            assert caller.remote == port
            sent = desk.engine.stats("leg1").packets_out
            await asyncio.sleep(0.1)
            assert (desk.engine.stats("leg1").packets_out, desk.engine.stats("leg1").codec) == (sent, "PCMA")
            caller.cseq += 1
            parts = f"--b\r\nContent-Type: application/pidf+xml\r\n\r\n{LO}\r\n--b--\r\n"
            caller.send(caller.message("UPDATE", body=parts, kind="multipart/mixed;boundary=b"))
            assert (await caller.final("UPDATE")).code == 200
            [moved] = desk.of(Moved)
            assert [(fix.x, fix.y) for fix in moved.fixes] == [(-911_000_000, 304_000_000)]

    asyncio.run(lived())


BAD = [
    b"\x00\xff" * 500, b"INVITE", b"INVITE sip:911@x SIP/2.0\r\n\r\n", b"SIP/2.0 200 OK\r\n\r\n", b"\r\n\r\n",
    b"GET / HTTP/1.1\r\n\r\n", b"INVITE urn:service:sos SIP/2.0\r\nVia: x\r\nContent-Length: 99999999999\r\n\r\n",
    b"A" * 60_000,
]  # fmt: skip


def test_garbage_on_the_wire_disturbs_no_call():
    """Datagrams and streams of nonsense, a torn message, a length beyond all limits: the call beside goes on."""

    async def lived():
        async with Desk() as desk:
            caller = await desk.caller()
            await caller.call()
            stranger = await desk.caller(9)
            streams = []
            for data in BAD:
                stranger.send(data)
                torn = await desk.caller(8, transport="TCP")
                torn.send(data)
                torn.send(torn.message("INVITE", body=torn.offer())[:150])
                streams.append(torn)
            streams[0].writer.transport.abort()
            caller.speak(20)
            await desk.until(lambda: desk.engine.stats("leg1").packets_in == 20)
            assert len(desk.of(Offer)) == 1
            assert (await caller.bye()).code == 200
            other = await desk.caller(2, transport="TCP")
            whole = other.message("INVITE", body=other.offer())
            other.send(whole[:100])
            await asyncio.sleep(0.05)
            other.send(whole[100:])
            assert (await other.final()).code == 200

    asyncio.run(lived())


def test_at_overload_other_lines_are_refused_before_911_and_by_name(monkeypatch):
    """503 with Retry-After; a 911 call is still taken while nobody has written down the others."""
    monkeypatch.setattr(engines, "MOST_OTHERS_WAITING", 2)
    monkeypatch.setattr(engines, "MOST_WAITING", 4)

    async def lived():
        async with Desk(takes=False) as desk:
            admin = [await desk.caller(n, "sip:4000@psap.example") for n in (1, 2, 3)]
            for caller in admin:
                caller.send(caller.message("INVITE", body=caller.offer()))
            refused = await admin[2].final()
            assert (refused.code, refused.first("Retry-After")) == (503, "5")
            callers = [await desk.caller(n) for n in (4, 5, 6)]
            for caller in callers:
                caller.send(caller.message("INVITE", body=caller.offer()))
            assert (await callers[2].final()).code == 503
            lines = [offer.arrival.line for offer in desk.of(Offer)]
            assert lines == ["admin", "admin", "911", "911"]
            assert dict(desk.engine.refused) == {"admin": 1, "911": 1}

    asyncio.run(lived())


def test_legs_that_are_placed_leave_room_for_911(monkeypatch):
    """Other calls up to the limit of other lines, opening at once or not; callbacks and calls for help up to all."""
    monkeypatch.setattr(engines, "MOST_OTHERS", 2)
    monkeypatch.setattr(engines, "MOST_LEGS", 5)

    async def lived():
        async with Desk(takes=False) as desk:
            callee = await Answering().open()

            def place(leg, *headers):
                return desk.engine.originate(leg, callee.uri, "sip:4000@psap.example", headers, leg)

            assert sorted(await asyncio.gather(*(place(leg) for leg in "abc"))) == [False, True, True]
            assert await asyncio.gather(*(place(leg) for leg in desk.engine.snapshot())) == [True, True]  # as before
            assert await place("back", ("Priority", "psap-callback"))
            assert await place("help", ("Priority", "emergency"))
            assert not await place("late", ("Priority", "urgent"))
            caller = await desk.caller()
            caller.send(caller.message("INVITE", body=caller.offer()))
            await desk.until(lambda: desk.of(Offer))
            assert not await place("more", ("Priority", "emergency"))
            assert dict(desk.engine.refused) == {"admin": 3}
            callee.close()

    asyncio.run(lived())


def test_phones_that_only_ring_refuse_nobody(monkeypatch):
    """Who is told that it rings has been written down, and waits for that no more."""
    monkeypatch.setattr(engines, "MOST_OTHERS_WAITING", 2)

    async def lived():
        async with Desk(takes=False) as desk:
            for number in range(1, 5):
                caller = await desk.caller(number, "sip:4000@psap.example")
                caller.send(caller.message("INVITE", body=caller.offer()))
                await desk.until(lambda: len(desk.of(Offer)) == number)  # noqa: B023  (it is asked before the next)
                assert desk.engine.ring(f"leg{number}")
            assert not desk.engine.refused

    asyncio.run(lived())


def test_a_call_that_finds_no_port_is_refused_by_name_and_the_next_one_is_taken(monkeypatch):
    """503 with Retry-After, and its one end: nobody waits behind 100 Trying, and its caller is owed a callback."""

    async def full(leg, host):
        raise OSError(24, "Too many open files")

    async def lived():
        async with Desk() as desk:
            with monkeypatch.context() as patched:
                patched.setattr(Leg, "open", full)
                caller = await desk.caller()
                caller.send(caller.message("INVITE", body=caller.offer()))
                refused = await caller.final()
            assert (refused.code, refused.first("Retry-After")) == (503, "5")
            assert [(over.who, over.cause) for over in desk.of(Over)] == [("us", "503 Too many open files")]
            assert desk.engine.snapshot() == ()
            assert (await (await desk.caller(2)).call()).code == 200

    asyncio.run(lived())


def test_as_many_files_are_opened_as_the_system_lets_us():
    """Whatever a shell begins with: each leg has a port of its own."""
    begun = """
import resource
from redstick.cli.voice import bind_voice
hard = resource.getrlimit(resource.RLIMIT_NOFILE)[1]
resource.setrlimit(resource.RLIMIT_NOFILE, (128, hard))
bind_voice("127.0.0.1:0", None)
assert resource.getrlimit(resource.RLIMIT_NOFILE) == (hard, hard)
"""
    subprocess.run([sys.executable, "-W", "ignore", "-c", begun], check=True, timeout=120)


def test_going_down_says_goodbye_and_what_it_can_is_declared():
    """Every leg gets its BYE or its refusal, and its one end."""

    async def lived():
        async with Desk() as desk:
            assert desk.engine.capabilities() < set(OPERATIONS)
            caller = await desk.caller()
            await caller.call()
            await desk.until(lambda: desk.engine.stats("leg1").packets_out > 2)
            await desk.engine.close()
            assert [over.cause for over in desk.of(Over)] == ["going down"]

    asyncio.run(lived())


def test_options_is_answered_and_what_is_not_there_is_refused_by_name():
    """A neighbour that asks whether we are alive is told; a REFER of no call is declined, a SUBSCRIBE is 405."""

    async def lived():
        async with Desk() as desk:
            caller = await desk.caller()
            caller.send(caller.message("OPTIONS"))
            alive = await caller.final("OPTIONS")
            assert (alive.code, "INVITE" in alive.first("Allow")) == (200, True)
            caller.cseq += 1
            caller.send(caller.message("REFER", "Refer-To: <sip:x@y>"))
            assert (await caller.final("REFER")).code == 603
            caller.cseq += 1
            caller.send(caller.message("SUBSCRIBE", "Event: presence"))
            assert (await caller.final("SUBSCRIBE")).code == 405

    asyncio.run(lived())
