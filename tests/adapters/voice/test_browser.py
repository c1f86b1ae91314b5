"""A seat's standing leg, with another WebRTC end on real sockets: voice both ways, in the codec that it offers."""

import asyncio
from array import array
from fractions import Fraction

import pytest
from aiortc import MediaStreamTrack, RTCConfiguration, RTCPeerConnection, RTCRtpSender, RTCSessionDescription
from aiortc.mediastreams import MediaStreamError
from av import AudioFrame
from tests.adapters.voice.test_engine import Desk

from redstick.adapters.voice.g711 import RATE
from redstick.adapters.voice.tones import WAITING
from redstick.comms.ports import Answered, Over, seat_leg

pytestmark = [pytest.mark.sockets, pytest.mark.voice]
SEAT = seat_leg("one")


class Tone(MediaStreamTrack):
    """Ringing, as a microphone would give it."""

    kind = "audio"

    def __init__(self):
        super().__init__()
        self.number = 0

    async def recv(self):
        """20 ms."""
        await asyncio.sleep(0.02)
        frame = AudioFrame(format="s16", layout="mono", samples=160)
        at = self.number * 160 % 16_000
        frame.planes[0].update(array("h", WAITING.samples[at : at + 160]).tobytes())
        frame.sample_rate, frame.pts, frame.time_base = RATE, self.number * 160, Fraction(1, RATE)
        self.number += 1
        return frame


class Headset:
    """The other end: says a tone; `loudest` is what it heard."""

    def __init__(self):
        self.connection, self.loudest, self.heard = RTCPeerConnection(RTCConfiguration(iceServers=[])), 0, 0
        self.connection.on("track", lambda track: setattr(self, "task", asyncio.ensure_future(self.hear(track))))

    async def hear(self, track):
        """Until it ends."""
        while True:
            try:
                frame = await track.recv()
            except MediaStreamError:
                return
            self.heard += 1
            samples = memoryview(bytes(frame.planes[0])[: 2 * frame.samples]).cast("h")
            self.loudest = max(self.loudest, *samples)

    async def offer(self, *codecs):
        """Its description, with these codecs alone."""
        sender = self.connection.addTrack(Tone())
        [transceiver] = [one for one in self.connection.getTransceivers() if one.sender is sender]
        known = RTCRtpSender.getCapabilities("audio").codecs
        transceiver.setCodecPreferences([one for one in known if not codecs or one.name in codecs])
        await self.connection.setLocalDescription(await self.connection.createOffer())
        return self.connection.localDescription.sdp

    async def attach(self, engine, leg, *codecs):
        """As the leg; the answer."""
        answer = await engine.attach(leg, await self.offer(*codecs))
        await self.connection.setRemoteDescription(RTCSessionDescription(answer, "answer"))
        return answer


@pytest.mark.parametrize(("codecs", "taken"), [((), "PCMU"), (("PCMA", "opus"), "PCMA"), (("opus",), "opus")])
def test_a_seat_and_a_caller_hear_each_other(codecs, taken):
    """Both have energy and packets; in G.711 where the browser offers that, else in what it has."""

    async def lived():
        async with Desk() as desk:
            headset, caller = Headset(), await desk.caller()
            await caller.call()
            await headset.attach(desk.engine, SEAT, *codecs)
            await desk.until(lambda: Answered(SEAT, taken) in desk.told)
            assert desk.engine.snapshot() == ("leg1", SEAT)
            assert desk.engine.join("r", "leg1")
            assert desk.engine.join("r", SEAT)
            for _ in range(3):
                caller.speak(40)
                await asyncio.sleep(0.2)
            await desk.until(lambda: headset.loudest > 3_000 and desk.engine.stats(SEAT).packets_in > 50)
            said = desk.engine.stats(SEAT)
            assert (said.lost, said.refused) == (0, 0)
            assert said.energy > 0.05
            assert desk.engine.stats("leg1").energy_out > 0.01
            assert desk.engine.hang_up(SEAT, "enough")
            assert [over.leg for over in desk.of(Over)] == [SEAT]
            await headset.connection.close()

    asyncio.run(lived())
