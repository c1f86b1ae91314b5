"""A seat's standing leg: the voice of its browser (WebRTC), by aiortc.

In G.711 what comes and goes is never decoded here: packets are taken as they arrive and given ready made. A browser
that offers only Opus is transcoded by aiortc.
"""

import asyncio
import secrets
import time
from fractions import Fraction
from typing import Any

from aiortc import (
    MediaStreamTrack,
    RTCConfiguration,
    RTCPeerConnection,
    RTCRtpSender,
    RTCRtpTransceiver,
    RTCSessionDescription,
)
from aiortc.mediastreams import MediaStreamError
from av import AudioFrame, AudioResampler, Packet

from redstick.adapters.voice.g711 import LAWS, PACKET_SAMPLES, PCMU, RATE, Law
from redstick.adapters.voice.rtp import Address, Stream
from redstick.adapters.voice.standing import Changed, Refused, voice_in
from redstick.protocols.captures.rtp import Rtp
from redstick.protocols.sdp.codecs import codecs_of

PREFERRED = ("audio/PCMU", "audio/PCMA", "audio/opus")
MOST_AHEAD = 10  # packets that the sender has not taken: more is delay, and the oldest go
BROWSER: Address = ("", 0)  # where a stream of a browser sends: the connection knows
HEADER = 12


class Mouth(MediaStreamTrack):
    """What the seat hears, given to aiortc: packets in G.711, or frames where it must encode them itself."""

    kind = "audio"

    def __init__(self) -> None:
        super().__init__()
        self.law: Law | None = None  # the one in which packets go as they are; None: frames
        self._ahead: asyncio.Queue[bytes] = asyncio.Queue(MOST_AHEAD)
        self._pts = 0

    def put(self, payload: bytes) -> None:
        """The next 20 ms."""
        if self._ahead.full():
            self._ahead.get_nowait()
        self._ahead.put_nowait(payload)

    async def recv(self) -> Any:
        """Aiortc asks for it, and waits."""
        payload = await self._ahead.get()
        if self.readyState != "live":
            raise MediaStreamError
        made: Any
        if self.law is not None:
            made = Packet(payload)
        else:
            made = AudioFrame(format="s16", layout="mono", samples=len(payload))
            made.planes[0].update(
                b"".join(sample.to_bytes(2, "little", signed=True) for sample in PCMU.decode(payload))
            )
            made.sample_rate = RATE
        made.pts, made.time_base = self._pts, Fraction(1, RATE)
        self._pts += len(payload)
        return made


class Browser:
    """One connection."""

    def __init__(self, changed: Changed) -> None:
        self._changed = changed
        # No server of anybody's is asked where we are: seats reach the house, or they do not.
        self._connection = RTCPeerConnection(RTCConfiguration(iceServers=[]))
        self._mouth = Mouth()
        self._listening: asyncio.Task[None] | None = None
        self.codec, self.stream = "", Stream(PCMU, BROWSER, secrets.randbits(32), self._send)
        self.stream.hosts.clear()

    async def answer(self, offer: str) -> str:
        """Our description. Raises Refused."""
        media = voice_in(offer)
        named = {codec.name.lower() for codec in codecs_of(media)}
        sender = self._connection.addTrack(self._mouth)
        transceiver = next(one for one in self._connection.getTransceivers() if one.sender is sender)
        wanted = next((kind for kind in PREFERRED if kind.partition("/")[2].lower() in named), None)
        if wanted is None:
            raise Refused("no codec in common")
        known = RTCRtpSender.getCapabilities("audio").codecs
        transceiver.setCodecPreferences([codec for codec in known if codec.mimeType == wanted])
        self._connection.on("connectionstatechange", self._moved)
        self._hear_in(transceiver, wanted)
        try:
            await self._connection.setRemoteDescription(RTCSessionDescription(offer, "offer"))
            await self._connection.setLocalDescription(await self._connection.createAnswer())
        except Exception as broken:  # whatever a description from outside makes a library raise
            raise Refused(str(broken)) from broken
        return str(self._connection.localDescription.sdp)

    def _hear_in(self, transceiver: RTCRtpTransceiver, wanted: str) -> None:
        law = LAWS.get((wanted.partition("/")[2].lower(), RATE))
        self.codec = law.name if law is not None else "opus"
        if law is None:
            self._connection.on("track", self._transcode)
            return
        self.stream.law, self._mouth.law = law, law
        # Aiortc gives packets to a decoder on a thread of its own, and to nobody else.
        receiver: Any = transceiver.receiver
        receiver._handle_rtp_packet = self._packet  # noqa: SLF001  (there is no public way to take packets undecoded)

    async def close(self) -> None:
        """Hang up."""
        if self._listening is not None:
            self._listening.cancel()
        self._mouth.stop()
        await self._connection.close()

    def _moved(self) -> None:
        self._changed(self._connection.connectionState)

    def _send(self, data: bytes, _: Address) -> None:
        self._mouth.put(data[HEADER:])

    async def _packet(self, packet: Any, arrival_time_ms: int) -> None:
        """Our own clock is used, since theirs is cut to milliseconds."""
        del arrival_time_ms
        self.stream.take(
            Rtp(packet.payload_type, packet.sequence_number, packet.timestamp, packet.ssrc, (), bytes(packet.payload)),
            time.monotonic_ns() / 1e6,
        )

    def _transcode(self, track: MediaStreamTrack) -> None:
        self._listening = asyncio.ensure_future(self._frames(track))

    async def _frames(self, track: MediaStreamTrack) -> None:
        """Opus as aiortc decodes it, as packets of mu-law: lost ones are its own affair and are not counted."""
        resampler = AudioResampler(format="s16", layout="mono", rate=RATE, frame_size=PACKET_SAMPLES)
        number = 0
        while True:
            try:
                frame: Any = await track.recv()
            except MediaStreamError:
                return
            for part in resampler.resample(frame):
                octets = bytes(part.planes[0])[: 2 * part.samples]
                samples = tuple(memoryview(octets).cast("h"))
                packet = Rtp(0, number & 0xFFFF, number * PACKET_SAMPLES, 0, (), PCMU.encode(samples))
                self.stream.take(packet, time.monotonic_ns() / 1e6)
                number += 1
