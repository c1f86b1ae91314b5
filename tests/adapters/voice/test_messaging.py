"""Sessions of messages on the embedded engine: a text call is taken and heard; ours arrive, or are said not to."""

import asyncio
import socket
import ssl
import struct

import pytest
from tests.adapters.voice.messaging_caller import Peer
from tests.adapters.voice.test_engine import Desk, certificate

from redstick.adapters.voice import messaging
from redstick.comms.ports import Over, Text, TextSettled
from redstick.protocols.msrp.messages import MORE, Request, write_message
from redstick.protocols.msrp.sessions import Said, Settled
from redstick.protocols.sdp.session import read_sdp

pytestmark = pytest.mark.sockets


async def calling(desk, *lines, audio=False, number=1, connects=True, **more):
    """A caller with a session of messages, and with a voice or without."""
    caller, peer = await desk.caller(number), Peer(**more)
    head = caller.offer() if audio else caller.offer().partition("m=audio")[0]
    answer = await caller.call(head + peer.media(*lines))
    assert answer.code == 200
    peer.answered(answer)
    return caller, (await peer.connect() if connects else peer), answer


@pytest.mark.parametrize("audio", [True, False])
@pytest.mark.parametrize("accepts", ["text/plain", "message/cpim"])
def test_a_text_call_is_heard_and_answered(audio, accepts):
    """Its words are told as text of its leg; ours arrive and are told to have; BYE ends both at once."""

    async def lived():
        async with Desk() as desk:
            caller, peer, answer = await calling(desk, audio=audio, accepts=accepts)
            assert [one.port > 0 for one in read_sdp(answer.body).media] == [True] * (1 + audio)
            assert (peer.types, peer.setup) == ("message/cpim text/plain", None)
            peer.say("someone is in the house ¡por favor! ", 4)
            assert desk.engine.say("leg1", "are you safe? " * 300, 8)
            await desk.until(lambda: desk.of(Text) and desk.of(TextSettled))
            await peer.until(lambda: len(peer.told) == 2)
            assert desk.of(Text) == [Text("leg1", "someone is in the house ¡por favor! ", "msrp")]
            assert desk.of(TextSettled) == [TextSettled("leg1", 8, delivered=True)]
            assert Settled(4, delivered=True) in peer.told
            assert Said("are you safe? " * 300) in peer.told
            await caller.bye()
            await peer.until(lambda: None in peer.told)  # the connection is ended
            assert isinstance(desk.told[-1], Over)
            peer.close()

    asyncio.run(lived())


def test_over_tls_the_session_is_in_cipher(tmp_path):
    """TCP/TLS/MSRP and msrps where the engine has a certificate; where it has none the stream is declined."""
    pem = certificate(tmp_path)

    async def lived():
        context = ssl.create_default_context(cafile=str(tmp_path / "c.pem"))
        async with Desk(pem) as desk:
            _, peer, _ = await calling(desk, secure=True, connects=False)
            assert peer.theirs[0].secure
            await peer.connect(context)
            peer.say("help")
            await desk.until(lambda: desk.of(Text))
            peer.close()
        async with Desk() as desk:
            caller = await desk.caller()
            answer = await caller.call(caller.offer() + Peer(secure=True).media())
            assert [one.port > 0 for one in read_sdp(answer.body).media] == [True, False]

    asyncio.run(lived())


def test_who_waits_to_be_connected_to_is_connected_to():
    """`a=setup:passive`: we connect and say who we are; `actpass` lets us wait, `active` too."""

    async def lived():
        async with Desk() as desk:
            heard = asyncio.Queue()
            server = await asyncio.start_server(lambda *ends: heard.put_nowait(ends), "127.0.0.1", 0)
            port = server.sockets[0].getsockname()[1]
            _, peer, _ = await calling(desk, "setup:passive", port=port, connects=False)
            assert peer.setup == "active"
            peer.take(*await heard.get())
            await peer.until(lambda: peer.seen)
            assert (peer.seen[0].method, peer.seen[0].body) == ("SEND", None)
            assert desk.engine.say("leg1", "hello", 1)
            await desk.until(lambda: desk.of(TextSettled))
            assert peer.told == [Said("hello")]
            for number, setup in ((2, "active"), (3, "actpass")):
                _, other, _ = await calling(desk, f"setup:{setup}", number=number)
                assert other.setup == "passive"
                other.close()
            peer.close()
            server.close()

    asyncio.run(lived())


def test_what_is_written_before_they_connect_waits_for_them():
    """A caller who connects a moment later misses nothing; who comes again on another connection goes on there."""

    async def lived():
        async with Desk() as desk:
            _, peer, _ = await calling(desk, connects=False)
            assert desk.engine.say("leg1", "we are here", 1)
            await peer.connect()
            await peer.until(lambda: Said("we are here") in peer.told)
            first = peer.writer
            await peer.connect()
            await peer.until(lambda: None in peer.told)
            first.close()
            assert desk.engine.say("leg1", "still here", 2)
            await peer.until(lambda: Said("still here") in peer.told)
            await desk.until(lambda: len(desk.of(TextSettled)) == 2)
            assert all(one.delivered for one in desk.of(TextSettled))
            peer.close()

    asyncio.run(lived())


def test_a_connection_that_breaks_costs_what_is_under_way_and_not_the_call():
    """Told as not delivered; the leg lives, and they may connect again."""

    async def lived():
        async with Desk() as desk:
            _, peer, _ = await calling(desk)
            for task in peer.tasks:
                task.cancel()  # it answers nothing any more
            assert desk.engine.say("leg1", "hello?", 1)
            await asyncio.sleep(0.05)
            peer.writer.get_extra_info("socket").setsockopt(
                socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0)
            )  # a reset, not an end
            peer.writer.close()
            await desk.until(lambda: desk.of(TextSettled))
            assert desk.of(TextSettled) == [TextSettled("leg1", 1, delivered=False, why=messaging.CUT_OFF)]
            assert desk.engine.snapshot() == ("leg1",)
            await peer.connect()
            peer.say("here again")
            await desk.until(lambda: desk.of(Text))
            peer.close()

    asyncio.run(lived())


def test_a_peer_that_reads_nothing_is_cut_off_and_nobody_else_waits(monkeypatch):
    """Its texts are not delivered, its call lives; another session goes on meanwhile."""
    monkeypatch.setattr(messaging, "MOST_UNSENT", 20_000)

    async def lived():
        async with Desk() as desk:
            _, stalled, _ = await calling(desk, connects=False)
            _, other, _ = await calling(desk, number=2)
            stalled.theirs_at = stalled.theirs[0]
            raw = socket.socket()
            raw.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4_096)
            raw.connect((stalled.theirs_at.host, stalled.theirs_at.port))
            raw.sendall(write_message(stalled.session.hello()))
            await desk.until(lambda: desk.engine._legs["leg1"].talk.connection is not None)
            number = 0
            while not desk.of(TextSettled):
                number += 1
                desk.engine.say("leg1", "x" * 60_000, number)
                await asyncio.sleep(0.01)
            assert desk.engine.say("leg2", "how are you?", 1)
            other.say("alive")
            await other.until(lambda: Said("how are you?") in other.told)
            await desk.until(lambda: desk.of(Text))
            failed = [one for one in desk.of(TextSettled) if one.leg == "leg1"]
            assert {(one.delivered, one.why) for one in failed} == {(False, messaging.TOO_SLOW)}
            assert len(failed) == number
            assert set(desk.engine.snapshot()) == {"leg1", "leg2"}
            raw.close()
            other.close()

    asyncio.run(lived())


@pytest.mark.parametrize(
    "data",
    [
        b"GET / HTTP/1.1\r\n\r\n",
        b"\x16\x03\x01" + bytes(500),
        b"MSRP abcd SEND\r\nno header\r\n-------abcd$\r\n",
        b"MSRP abcd SEND\r\nTo-Path: msrp://127.0.0.1:1/x;tcp\r\nFrom-Path: msrp://127.0.0.1:9/y;tcp\r\n-------abcd$\r\n",
    ],
)
def test_who_names_no_session_is_refused_and_nobody_else_notices(data):
    """The connection is closed, with 481 where it was a request; a session beside it loses nothing."""

    async def lived():
        async with Desk() as desk:
            _, peer, _ = await calling(desk)
            at = peer.theirs[0]
            reader, writer = await asyncio.open_connection(at.host, at.port)
            writer.write(data)
            answer = await reader.read()
            assert answer == b"" or b" 481 " in answer
            peer.say("help")
            await desk.until(lambda: desk.of(Text))
            writer.close()
            peer.close()

    asyncio.run(lived())


def test_bad_input_within_a_session_is_refused_and_what_came_before_is_kept():
    """A picture 415, one too large 413, nonsense ends the connection; each whole text was told, the call lives."""

    async def lived():
        async with Desk() as desk:
            _, peer, _ = await calling(desk)
            peer.say("one")
            headers = (*peer.session.paths, ("Message-ID", "m"), ("Content-Type", "image/png"))
            peer.put(Request(transaction="pict", method="SEND", headers=headers, body=b"\x89PNG"))
            headers = (*headers[:3], ("Byte-Range", "1-2/99999999"), ("Content-Type", "text/plain"))
            peer.put(Request(transaction="huge", method="SEND", headers=headers, body=b"xx", flag=MORE))
            peer.say("two")
            await desk.until(lambda: len(desk.of(Text)) == 2)
            peer.put(b"nonsense\r\n")
            await peer.until(lambda: None in peer.told)
            codes = {one.transaction: one.code for one in peer.seen if hasattr(one, "code")}
            assert (codes["pict"], codes["huge"]) == (415, 413)
            assert [one.text for one in desk.of(Text)] == ["one", "two"]
            assert desk.engine.snapshot() == ("leg1",)
            peer.close()

    asyncio.run(lived())


@pytest.mark.parametrize(
    "stream",
    [
        "m=message 9 TCP/MSRP *\r\na=accept-types:image/png\r\na=path:msrp://127.0.0.1:9/x;tcp\r\n",
        "m=message 9 TCP/MSRP *\r\na=accept-types:text/plain\r\n",
        "m=message 9 TCP/MSRP *\r\na=accept-types:*\r\na=setup:passive\r\na=path:msrp://host.example:9/x;tcp\r\n",
        "m=message 9 TCP/MSRP *\r\na=accept-types:*\r\na=setup:passive\r\na=path:msrp://0.0.0.0:9/x;tcp\r\n",
        "m=message 9 TCP/TLS/MSRP *\r\na=accept-types:*\r\na=path:msrp://127.0.0.1:9/x;tcp\r\n",
    ],
)
def test_a_stream_that_cannot_be_taken_is_declined_and_the_voice_is_not(stream):
    """No type in common, no path, a name to connect to, no address at all, cipher said in one place alone."""

    async def lived():
        async with Desk() as desk:
            caller = await desk.caller()
            answer = await caller.call(caller.offer() + stream)
            assert [one.port > 0 for one in read_sdp(answer.body).media] == [True, False]

    asyncio.run(lived())
