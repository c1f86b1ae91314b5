"""A 911 call over SIP, placed by SIPp, on the real server: durable, answered, on the floor, and not lost by a crash."""

import asyncio
import hashlib
import json
import shutil
import signal
import subprocess
import time
from contextlib import suppress
from pathlib import Path

import pytest
from tests.adapters.voice.caller import PATIENCE_S, Caller
from tests.server.api.conftest import REDSTICK, Person, Server

from redstick.adapters.disk import PosixDisk
from redstick.adapters.segments.beside import SegmentReader
from redstick.adapters.voice.recording import HEAD, faults
from redstick.adapters.voice_production.engine import missing
from redstick.comms.rules.recordings import first_link, next_link
from redstick.kernel.errors import Corruption

pytestmark = [pytest.mark.sockets, pytest.mark.voice]
SCENARIOS = Path(__file__).parents[2] / "adapters" / "voice" / "scenarios"
HERE = (-911_871_000, 304_515_000)
FRAME = HEAD.size + 160  # bytes of 20 ms that are kept


@pytest.fixture(params=["embedded", "production"])
def psap(request, enrolled, tmp_path):
    """A server that hears calls, by either engine."""
    running = Server(shutil.copytree(enrolled, tmp_path / "data"), *by(request.param))
    yield running
    if running.process.poll() is None:
        running.end()


@pytest.fixture
def sipp(tmp_path):
    """Begins calls of SIPp; whoever asks waits for their end."""
    path = shutil.which("sipp")
    if path is None:
        pytest.skip("SIPp is absent (looked for `sipp` on the path; Debian's package is sip-tester)")
    begun = []

    def begin(server, scenario, *more):
        to = f"127.0.0.1:{at(server)[1]}"
        words = [path, to, "-sf", str(scenario), "-i", "127.0.0.1", "-nostdin", "-trace_err", *more]
        done = subprocess.Popen(words, cwd=tmp_path, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        begun.append(done)
        return done

    yield begin
    for one in begun:
        if one.poll() is None:
            one.kill()
            one.wait()


def by(engine):
    """Options of a server with an engine of voice; the test skips where its programs are not installed."""
    if engine == "production" and (absent := missing(secure=False)):
        pytest.skip(absent)
    return "--voice", "127.0.0.1:0", "--voice-engine", engine


def at(server, number=0):
    """Where the server hears: UDP, TCP."""
    return "127.0.0.1", int(server.told["voice"][number].split(":")[2].split(";")[0])


def rows(person, view):
    """The rows of a view."""
    return list(person.see(view).json()["rows"].values())


def until(true):
    """What is true, once it is."""
    end = time.monotonic() + PATIENCE_S
    while not (found := true()):
        assert time.monotonic() < end, "it did not come to be"
        time.sleep(0.02)
    return found


def events(server, kind):
    """Payloads of a kind, from the journal on disk, which another process writes."""
    found = []
    with suppress(Corruption):  # the end: a reader beside is told how far it may read, and this one is not
        for line in SegmentReader(PosixDisk(server.folder / "journal"), 10**9).read(0):
            said = json.loads(line[line.index(b"{") :])
            found += [said["payload"]] if said["kind"] == kind else []
    return found


@pytest.mark.parametrize("transport", ["u1", "t1"])
def test_a_911_call_is_on_the_floor_with_its_place_its_number_and_its_ids(psap, sipp, transport):
    """Coarse marked as coarse; voice went both ways; who hung up before an answer is owed a callback."""
    dan = Person(psap, "dan")
    scenario = SCENARIOS / "emergency_call.xml"
    calling = sipp(psap, scenario, "-m", "1", "-d", "6000", "-t", transport, "-rtp_echo")
    [call] = until(lambda: rows(dan, "dispatch.view.calls"))
    assert (call["state"], call["source"], call["callback"]) == ("presented", "911", "+12255550142")
    assert ((call["x"], call["y"]), call["uncertainty_m"], call["quality"]) == (HERE, 850, "cell")
    [leg] = until(lambda: [leg for leg in rows(dan, "comms.view.legs") if leg["state"] == "answered"])
    assert (leg["call"], leg["line"], leg["codec"], leg["minted"]) == (call["call"], "911", "PCMU", [])
    assert leg["call_urn"] == "urn:emergency:uid:callid:a56e556d8711001:bcf.example.com"
    assert leg["incident_urn"] == "urn:emergency:uid:incidentid:b56e556d8711001:bcf.example.com"
    assert calling.wait(PATIENCE_S) == 0
    [owed] = until(lambda: rows(dan, "dispatch.view.callbacks"))
    assert (owed["callback"], owed["calls"]) == ("+12255550142", [call["call"]])
    [ended] = events(psap, "comms.leg_ended")
    assert (ended["who"], ended["cause"]) == ("them", "bye")
    assert min(ended["packets_in"], ended["packets_out"]) > 40  # of 300 in 6 s
    [offered] = events(psap, "comms.leg_offered")
    assert "<gml:pos>30.4515 -91.1871</gml:pos>" in offered["arrival"]["message"]  # the evidence, as it came


def test_a_call_is_in_the_journal_before_it_is_answered_and_survives_a_kill(psap):
    """The server is killed right behind its 200: the call, its number and its place are there, a callback is owed."""

    async def answered():
        caller = await Caller().open(at(psap))
        answer = await caller.call()
        psap.end(signal.SIGKILL)
        caller.close()
        return answer.code

    assert asyncio.run(answered()) == 200
    [offered] = events(psap, "comms.leg_offered")
    assert (offered["arrival"]["number"], offered["arrival"]["dialog"]) == ("+12255550001", "call-1@c.example")
    psap.start()
    dan = Person(psap, "dan")
    [owed] = until(lambda: rows(dan, "dispatch.view.callbacks"))
    assert (owed["callback"], owed["calls"]) == ("+12255550001", [offered["call"]])
    assert until(lambda: events(psap, "comms.leg_ended"))[0]["cause"] == "the engine was lost"
    assert rows(dan, "comms.view.legs") == []


def test_what_a_killed_server_had_kept_is_told_by_the_next_one_once_and_marked_as_cut(psap):
    """A frame is torn at its end: the piece is hashed as it stands, follows the chain, and nothing is told again."""

    async def spoken():
        caller = await Caller().open(at(psap))
        caller.answered(await caller.call())
        kept = psap.folder / "recordings"
        while not [one for one in kept.glob("*/000000.rtp") if one.stat().st_size > 20 * FRAME]:
            caller.speak(5)
            await caller.hear(5)  # at the pace of voice
        psap.end(signal.SIGKILL)
        caller.close()

    asyncio.run(spoken())
    [file] = (psap.folder / "recordings").glob("*/000000.rtp")
    with file.open("ab") as torn:
        torn.write(file.read_bytes()[: FRAME - 1])
    for _ in range(2):
        psap.start()
        until(lambda: events(psap, "comms.leg_ended"))
        psap.end(signal.SIGKILL)
    [told] = events(psap, "comms.segment_kept")
    assert (told["leg"], told["cut"], told["index"]) == (file.parent.name, True, 0)
    assert (told["size"], told["sha256"]) == (file.stat().st_size, hashlib.sha256(file.read_bytes()).hexdigest())
    assert told["size"] % FRAME == 0
    assert told["chain"] == next_link(first_link(told["leg"]), told["sha256"])
    assert list(faults(told["leg"], file.parent)) == []
    assert events(psap, "comms.recording_failed") == []


@pytest.mark.parametrize("how", [signal.SIGINT, signal.SIGTERM], ids=lambda how: how.name)
def test_a_server_that_goes_down_says_goodbye_to_who_is_on_the_line(psap, how):
    """BYE arrives, the end of the call is written down, and the process ends without a word of complaint."""

    async def lived():
        caller = await Caller().open(at(psap))
        assert (await caller.call()).code == 200
        said = await asyncio.to_thread(psap.end, how)
        bye = await caller.receive()
        caller.close()
        return bye.method, said

    assert asyncio.run(lived()) == ("BYE", "")
    assert psap.process.returncode == 0
    [ended] = events(psap, "comms.leg_ended")
    assert (ended["who"], ended["cause"]) == ("us", "going down")


def test_a_call_that_a_seat_ends_is_hung_up(psap):
    """BYE arrives where the caller is; the call is over, and nothing is owed."""
    dan = Person(psap, "dan")

    async def lived():
        caller = await Caller().open(at(psap, 1), transport="TCP")
        assert (await caller.call()).code == 200
        [call] = await asyncio.to_thread(until, lambda: rows(dan, "dispatch.view.calls"))
        for step in ("answer-call", "end-call"):
            fields = {"call": call["call"], **({"seat": "d1"} if step == "answer-call" else {})}
            assert (await asyncio.to_thread(lambda s=step, f=fields: dan.ask(s, **f))).status_code == 200
        bye = await caller.receive()
        caller.close()
        return bye.method

    assert asyncio.run(lived()) == "BYE"
    until(lambda: events(psap, "comms.leg_ended"))
    assert rows(dan, "dispatch.view.callbacks") == []


def test_admin_and_test_lines_ring_on_no_seat(psap):
    """Both are written down; a test call hears itself; nobody is at the admin lines yet, which is said."""
    dan = Person(psap, "dan")

    async def lived():
        admin = await Caller(1, "sip:4000@psap.example").open(at(psap))
        test = await Caller(2, "urn:service:test.sos").open(at(psap))
        codes = [(await admin.call()).code, (await test.call()).code]
        spoken = bytes(range(160))
        test.speak(3, spoken)
        heard = []
        while spoken not in heard:
            heard += [packet.payload for packet in await test.hear(1)]
        await test.bye()
        admin.close()
        test.close()
        return codes

    assert asyncio.run(lived()) == [480, 200]
    offered = until(lambda: [said for said in [events(psap, "comms.leg_offered")] if len(said) == 2])[0]
    assert [said["arrival"]["line"] for said in offered] == ["admin", "test"]
    assert rows(dan, "dispatch.view.calls") == []
    assert events(psap, "dispatch.call_received") == []


def test_ids_that_did_not_come_are_given_and_said_to_be_ours(psap):
    """The call that brought none has two, marked."""

    async def lived():
        caller = await Caller().open(at(psap))
        await caller.call()
        await caller.bye()
        caller.close()

    asyncio.run(lived())
    [offered] = events(psap, "comms.leg_offered")
    assert offered["arrival"]["minted"] == ["call_urn", "incident_urn"]
    assert offered["arrival"]["call_urn"].startswith("urn:emergency:uid:callid:")


def test_voice_is_not_served_where_no_call_could_be_written_down(tmp_path):
    """A city without a policy says so at once, instead of refusing callers later; a wrong address too."""
    for where, said in (("127.0.0.1:0", "no_policy"), ("0.0.0.0:5060", "one of this machine"), ("x", "IPv4")):
        words = [REDSTICK, "serve", "--data", str(tmp_path / "new"), "--port", "0", "--voice", where]
        done = subprocess.run(words, capture_output=True, text=True, timeout=60)
        assert done.returncode != 0
        assert said in done.stderr


def test_a_voice_is_taken_from_whoever_is_signed_on_at_that_seat_and_from_nobody_else(psap):
    """Each refusal by its name; what is no offer is refused without harm."""
    dan, sue, nobody = Person(psap, "dan"), Person(psap, "sue"), Person(psap)
    assert sue.ask("define-group", group="all").status_code == 200
    person = dan.http.get("/api/session", headers=dan.headers).json()["person"]
    assert dan.ask("sign-on", seat="calls:1", person=person, groups=["all"]).status_code == 200

    def attached(who, seat, offer="v=0"):
        answer = who.http.post("/api/voice/seat", json={"seat": seat, "offer": offer}, headers=who.headers)
        return answer.status_code, answer.json()["code"]

    assert attached(nobody, "calls:1") == (401, "not_signed_in")
    assert attached(sue, "calls:1") == (409, "seat_not_yours")
    assert attached(dan, "calls:2") == (409, "seat_not_yours")
    assert attached(dan, "calls:1") == (409, "offer_refused")
    assert attached(dan, "calls:1", "x" * 70_000)[0] == 400
    assert dan.http.get("/api/voice", headers=dan.headers).json() == {"here": True}
    assert nobody.http.get("/api/voice").status_code == 401
