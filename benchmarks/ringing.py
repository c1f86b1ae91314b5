"""A 911 call over SIP on the real server: how soon its card is at a seat, and what its voice costs.

The clock starts when the INVITE is given to the network and stops when the seat has the row of the call, with its
place, from the stream. Voice is 8 calls for some seconds, each answered by a seat with a standing leg (WebRTC, in
PCMU): caller and seat speak and hear 50 packets a second each, on loopback. What is lost is counted where it is heard.
Both engines are measured, one after the other: the production one with its Kamailio and its Janus. A voice's delay is
from a packet that the seat's end gives to WebRTC to the same packet at the caller's socket.
"""

import asyncio
import json
import struct
import time
from collections.abc import Iterator
from fractions import Fraction
from typing import Any, NamedTuple

import httpx
import psutil
import websockets
from aiortc import MediaStreamTrack, RTCConfiguration, RTCPeerConnection, RTCSessionDescription
from aiortc.contrib.media import MediaBlackhole
from av import Packet

from benchmarks.acknowledging import percentile
from benchmarks.figure import Figure
from benchmarks.serving import cpu_s, new_key, served_with, signed_in
from redstick.adapters.voice_production.engine import missing

CALLS, CARD_MS = 40, 500
DELAY_MS = 150  # one way, of which most users notice nothing (ITU-T G.114)
TALKING, VOICE_S, PACKETS_A_SECOND = 8, 6, 50
FLIPS, FLIP_S = 6, 1
CPU_PERCENT = 3.4  # of one core for a call in PCMU, as a prototype on aiortc was measured
BESIDE = ("janus", "kamailio")  # what the production engine begins, measured with the server
PLACE = (
    '<presence xmlns="urn:ietf:params:xml:ns:pidf" xmlns:gp="urn:ietf:params:xml:ns:pidf:geopriv10"'
    ' xmlns:dm="urn:ietf:params:xml:ns:pidf:data-model" xmlns:gml="http://www.opengis.net/gml"'
    ' xmlns:gs="http://www.opengis.net/pidflo/1.0" entity="pres:a@example.com"><dm:device id="d"><gp:geopriv>'
    '<gp:location-info><gs:Circle srsName="urn:ogc:def:crs:EPSG::4326"><gml:pos>30.45 -91.18</gml:pos>'
    '<gs:radius uom="urn:ogc:def:uom:EPSG::9001">850</gs:radius></gs:Circle></gp:location-info><gp:usage-rules/>'
    "<gp:method>Cell</gp:method></gp:geopriv></dm:device></presence>"
)


ECHOED = ("Via", "From", "To", "Call-ID", "CSeq", "Record-Route", "Session-Expires")  # of a request, in its answer
MIXED = "Content-Type: multipart/mixed;boundary=b"


class Socket(asyncio.DatagramProtocol):
    """Datagrams as they come."""

    def __init__(self) -> None:
        self.got: asyncio.Queue[bytes] = asyncio.Queue()
        self.first: dict[int, float] = {}  # when an octet was heard first, since it was forgotten

    def datagram_received(self, data: bytes, addr: Any) -> None:
        """One more, from wherever."""
        del addr
        self.first.setdefault(data[-1], time.perf_counter())
        self.got.put_nowait(data)


async def socket_to(address: tuple[str, int] | None) -> tuple[asyncio.DatagramTransport, Socket]:
    """A socket of our own on loopback."""
    loop = asyncio.get_running_loop()
    local = None if address else ("127.0.0.1", 0)
    transport, protocol = await loop.create_datagram_endpoint(Socket, local_addr=local, remote_addr=address)
    return transport, protocol


def request(
    method: str, number: int, cseq: int, to: str = "<urn:service:sos>", body: str = "", port: int = 5060
) -> bytes:
    """A message of a call."""
    head = [
        f"{method} urn:service:sos SIP/2.0", f"Via: SIP/2.0/UDP 127.0.0.1;rport;branch=z9hG4bK{number}{cseq}{method}",
        f"From: <sip:+1225555{number:04}@c.example>;tag=t{number}", f"To: {to}", f"Call-ID: {number}@c.example",
        f"CSeq: {cseq} {method}", "Max-Forwards: 70", f"Contact: <sip:c@127.0.0.1:{port}>",
        MIXED, f"Content-Length: {len(body)}",
    ]  # fmt: skip
    return ("\r\n".join(head) + f"\r\n\r\n{body}").encode()


def offer(port: int) -> str:
    """Voice and a coarse place in one body."""
    sdp = f"v=0\r\no=- 1 1 IN IP4 127.0.0.1\r\ns=-\r\nc=IN IP4 127.0.0.1\r\nt=0 0\r\nm=audio {port} RTP/AVP 0\r\n"
    parts = (("application/sdp", sdp), ("application/pidf+xml", PLACE))
    return "".join(f"--b\r\nContent-Type: {kind}\r\n\r\n{said}\r\n" for kind, said in parts) + "--b--\r\n"


class Call:
    """One caller, from INVITE on."""

    speaking: asyncio.Task[None]
    answering: asyncio.Task[None]

    def __init__(self, number: int) -> None:
        self.number = number

    async def place(self, to: tuple[str, int]) -> float:
        """Ring; when the INVITE went out. Returns once the 200 is there and was acknowledged."""
        self.wire, signals = await socket_to(to)
        self.media, self.voice = await socket_to(None)
        self.port = self.wire.get_extra_info("sockname")[1]
        body = offer(self.media.get_extra_info("sockname")[1])
        began = time.perf_counter()
        self.wire.sendto(request("INVITE", self.number, 1, body=body, port=self.port))
        while not (answer := await signals.got.get()).startswith(b"SIP/2.0 200"):
            pass
        self.to = answer.partition(b"To: ")[2].partition(b"\r\n")[0].decode()
        self.remote = int(answer.partition(b"m=audio ")[2].split()[0])
        self.wire.sendto(request("ACK", self.number, 1, self.to))
        self.answering = asyncio.create_task(self.answer(signals))
        return began

    async def answer(self, signals: Socket) -> None:
        """Say 200 to whatever is asked within the call: a session that nobody refreshes is ended by its timer."""
        while True:
            head = (await signals.got.get()).partition(b"\r\n\r\n")[0].decode().split("\r\n")
            method = head[0].partition(" ")[0]
            if head[0].startswith("SIP/2.0") or method == "ACK":
                continue
            kept = [line for line in head[1:] if line.partition(":")[0] in ECHOED]
            body = offer(self.media.get_extra_info("sockname")[1]) if method == "INVITE" else ""
            contact, kind = f"Contact: <sip:c@127.0.0.1:{self.port}>", [MIXED] if body else []
            lines = ["SIP/2.0 200 OK", *kept, contact, *kind, f"Content-Length: {len(body)}"]
            self.wire.sendto("\r\n".join([*lines, "", body]).encode())

    async def speak(self, seconds: int) -> None:
        """Packets of a loud octet, on time."""
        loop = asyncio.get_running_loop()
        due = loop.time()
        for number in range(seconds * PACKETS_A_SECOND):
            head = struct.pack(">BBHII", 0x80, 0, number & 0xFFFF, number * 160 & 0xFFFF_FFFF, self.number)
            self.media.sendto(head + b"\x90" * 160, ("127.0.0.1", self.remote))
            due += 1 / PACKETS_A_SECOND
            await asyncio.sleep(max(0.0, due - loop.time()))

    def end(self) -> None:
        """Hang up."""
        self.answering.cancel()
        self.wire.sendto(request("BYE", self.number, 2, self.to))


async def cards(told: dict[str, Any], to: tuple[str, int]) -> list[float]:
    """Milliseconds from each INVITE to its card at a seat."""
    address = told["url"].replace("http", "ws") + "/api/seat?view=dispatch.view.calls&view=comms.view.legs"
    took = []
    async with websockets.connect(address, additional_headers=signed_in(told["url"]), max_size=None) as seat:
        for number in range(1, CALLS + 1):
            call = Call(number)
            placing, wanted = asyncio.create_task(call.place(to)), f"+1225555{number:04}"
            shown = None
            while shown is None:
                rows = json.loads(await seat.recv())["rows"].values()
                if any(row and row.get("callback") == wanted and row["uncertainty_m"] == 850 for row in rows):
                    shown = time.perf_counter()
            took.append((shown - await placing) * 1000)
            call.end()
    return took


class Microphone(MediaStreamTrack):
    """Packets of a loud octet, on time. `said` is when each octet was said first."""

    kind = "audio"

    def __init__(self) -> None:
        super().__init__()
        self.number, self.due, self.octet = 0, 0.0, 0x90
        self.said: dict[int, float] = {}

    async def recv(self) -> Packet:
        """20 ms."""
        loop = asyncio.get_running_loop()
        self.due = max(self.due + 1 / PACKETS_A_SECOND, loop.time())  # late ones are late: no burst makes up for them
        await asyncio.sleep(max(0.0, self.due - loop.time()))
        self.said.setdefault(self.octet, time.perf_counter())
        packet = Packet(bytes([self.octet]) * 160)
        packet.pts, packet.time_base = self.number * 160, Fraction(1, 8_000)
        self.number += 1
        return packet


class Seat:
    """One standing leg of a console."""

    def __init__(self, number: int) -> None:
        self.name = f"calls:{number}"
        self.connection = RTCPeerConnection(RTCConfiguration(iceServers=[]))
        self.microphone = Microphone()
        self.connection.addTrack(self.microphone)
        self.sink = MediaBlackhole()
        self.connection.on("track", self.sink.addTrack)

    async def sit(self, client: httpx.AsyncClient, headers: dict[str, str]) -> None:
        """Sign on, and stand with a voice."""
        person = (await client.get("/api/session", headers=headers)).json()["person"]
        await ask(client, headers, "dispatch/sign-on", seat=self.name, person=person, groups=["all"])
        await self.connection.setLocalDescription(await self.connection.createOffer())
        body = {"seat": self.name, "offer": self.connection.localDescription.sdp}
        told = await client.post("/api/voice/seat", json=body, headers=headers)
        told.raise_for_status()
        await self.connection.setRemoteDescription(RTCSessionDescription(told.json()["answer"], "answer"))
        await self.sink.start()
        while self.connection.connectionState != "connected":  # noqa: ASYNC110  (a benchmark may look again and again)
            await asyncio.sleep(0.05)

    async def heard(self) -> tuple[int, int]:
        """Packets that came, and that did not."""
        said = await self.connection.getReceivers()[0].getStats()
        [stream] = [one for one in said.values() if one.type == "inbound-rtp"]
        return stream.packetsReceived, stream.packetsLost


async def ask(client: httpx.AsyncClient, headers: dict[str, str], path: str, **fields: Any) -> None:
    """A command, which must be taken."""
    answer = await client.post(f"/api/{path}", json=fields, headers={**headers, "idempotency-key": new_key()})
    answer.raise_for_status()


def numbers(call: Call) -> list[int]:
    """Sequence numbers of what a caller heard."""
    return [struct.unpack_from(">H", call.voice.got.get_nowait(), 2)[0] for _ in range(call.voice.got.qsize())]


async def answered(url: str, to: tuple[str, int]) -> tuple[list[Call], list[Seat]]:
    """Calls, each with a seat that speaks with it."""
    headers = signed_in(url)
    calls, seats = [Call(1000 + number) for number in range(TALKING)], [Seat(number) for number in range(TALKING)]
    async with httpx.AsyncClient(base_url=url, timeout=30) as client:
        await ask(client, headers, "dispatch/define-group", group="all")
        for call, seat in zip(calls, seats, strict=True):
            await call.place(to)
            await seat.sit(client, headers)
        rows = (await client.get("/api/views/dispatch.view.calls", headers=headers)).json()["rows"].values()
        ids = {row["callback"]: row["call"] for row in rows}
        for call, seat in zip(calls, seats, strict=True):
            await ask(client, headers, "dispatch/answer-call", call=ids[f"+1225555{call.number:04}"], seat=seat.name)
    return calls, seats


def spent_s(process: psutil.Process) -> float:
    """What a server has used of the cores, with what its engine began beside it."""
    beside = [one for one in process.children(recursive=True) if one.name() in BESIDE]
    return sum(map(cpu_s, (process, *beside)))


async def delays(calls: list[Call], seats: list[Seat]) -> list[float]:
    """Milliseconds from a seat's microphone to its caller: each says another octet now and then."""
    took = []
    for flip in range(1, FLIPS + 1):
        for seat in seats:
            seat.microphone.octet = 0x90 + flip
        await asyncio.sleep(FLIP_S)
        for call, seat in zip(calls, seats, strict=True):
            heard, said = call.voice.first.get(0x90 + flip), seat.microphone.said[0x90 + flip]
            took += [] if heard is None else [(heard - said) * 1000]
    return took


class Spoken(NamedTuple):
    """Percent of a core for a call, and the server's own part; packets heard at both ends, due, lost; delays in ms."""

    percent: float
    own: float
    heard: int
    due: int
    lost: int
    delays: list[float]


async def voice(url: str, to: tuple[str, int], process: psutil.Process) -> Spoken:
    """Calls and seats speak with each other for a while."""
    calls, seats = await answered(url, to)
    for call in calls:
        call.speaking = asyncio.create_task(call.speak(VOICE_S + 2 + FLIPS * FLIP_S))
    await asyncio.sleep(1)
    for call in calls:
        numbers(call)
    first = [await seat.heard() for seat in seats]
    before, own, began = spent_s(process), cpu_s(process), time.perf_counter()
    await asyncio.sleep(VOICE_S)
    spent, own, took = spent_s(process) - before, cpu_s(process) - own, time.perf_counter() - began
    last, got = [await seat.heard() for seat in seats], [numbers(call) for call in calls]
    lost = sum(((one[-1] - one[0]) & 0xFFFF) + 1 - len(one) for one in got)
    lost += sum(then[1] - now[1] for now, then in zip(first, last, strict=True))
    heard = sum(map(len, got)) + sum(then[0] - now[0] for now, then in zip(first, last, strict=True))
    late = await delays(calls, seats)
    for call, seat in zip(calls, seats, strict=True):
        await call.speaking
        call.end()
        await seat.connection.close()
    each, due = 100 / took / TALKING, 2 * int(took * PACKETS_A_SECOND) * TALKING
    return Spoken(spent * each, own * each, heard, due, lost, late)


def measure() -> Iterator[Figure]:
    """Card and voice."""
    with served_with("--voice", "127.0.0.1:0", also=("supervisor",)) as (told, process):
        to = ("127.0.0.1", int(told["voice"][0].split(":")[2].split(";")[0]))
        took = asyncio.run(cards(told, to))
        yield Figure("invite_to_card", percentile(took, 0.5), "ms, p50", CARD_MS, "wanted", len(took))
        yield Figure("invite_to_card_slowest", max(took), "ms", CARD_MS, "wanted", len(took))
        here = asyncio.run(voice(told["url"], to, process))
    yield Figure("call_cpu_embedded", here.percent, "% of a core", CPU_PERCENT, "aiortc prototype", TALKING)
    yield Figure("voice_heard", here.heard, "packets at both ends", here.due, "due", TALKING)
    yield Figure("voice_lost", here.lost, "packets at both ends", 0, "wanted", TALKING)
    yield Figure("voice_delay", percentile(here.delays, 0.5), "ms, p50", DELAY_MS, "wanted", len(here.delays))
    if not missing(secure=False):
        yield from beside(here)


def beside(here: Spoken) -> Iterator[Figure]:
    """The same by the production engine, against the embedded one in the same run."""
    with served_with("--voice", "127.0.0.1:0", "--voice-engine", "production", also=("supervisor",)) as (told, process):
        to = ("127.0.0.1", int(told["voice"][0].split(":")[2].split(";")[0]))
        took = asyncio.run(cards(told, to))
        yield Figure("invite_to_card_production", percentile(took, 0.5), "ms, p50", CARD_MS, "wanted", len(took))
        there = asyncio.run(voice(told["url"], to, process))
    yield Figure("call_cpu_production", there.percent, "% of a core", here.percent, "embedded", TALKING)
    yield Figure("call_cpu_production_server", there.own, "% of a core", here.own, "embedded", TALKING)
    yield Figure("voice_heard_production", there.heard, "packets at both ends", there.due, "due", TALKING)
    yield Figure("voice_lost_production", there.lost, "packets at both ends", 0, "wanted", TALKING)
    delay = percentile(here.delays, 0.5)
    yield Figure(
        "voice_delay_production", percentile(there.delays, 0.5), "ms, p50", delay, "embedded", len(there.delays)
    )
