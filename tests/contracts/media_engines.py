"""Engines of voice under one contract: how a test calls one, speaks to it and hears what it says."""

import asyncio
import math
from contextlib import asynccontextmanager

import pytest
from tests.adapters.voice.caller import PATIENCE_S
from tests.adapters.voice.test_browser import Headset
from tests.adapters.voice.test_engine import Desk

from redstick.adapters.voice.digits import Digits
from redstick.adapters.voice.g711 import LOUDEST, PCMU
from redstick.adapters.voice_production.engine import ProductionEngine, missing
from redstick.cli.voice import bind_edge
from redstick.comms.ports import Answered, seat_leg
from redstick.protocols.sip.messages import answer
from redstick.protocols.sip.writing import write_message

LOUD, QUIET = 0.03, 0.001  # a tone of 4,000 of 32,768 has 0.086


class Stage:
    """An engine that takes calls. `call` places one and gives its leg; whoever it is speaks a tone all the time."""

    def __init__(self, desk):
        self.desk, self.engine, self.told, self.callers, self.speaking = desk, desk.engine, desk.told, {}, []
        self.headsets = []

    async def call(self, *, speaks=True, events=101):
        """One more leg, answered; `events` is the payload type that it has for keys, None where it knows none."""
        number = len(self.callers) + 1
        caller = await self.desk.caller(number)
        keys = f"a=rtpmap:{events} telephone-event/8000\r\n" if events else ""
        await caller.call(caller.offer(f"0 {events or ''}".strip()) + keys)
        leg = f"leg{number}"
        self.callers[leg] = caller
        if speaks:
            self.speaking.append(asyncio.create_task(self._speak(caller)))
            await self.desk.until(lambda: self.engine.stats(leg).packets_in > 5)
        return leg

    async def _speak(self, caller):
        """A tone that never pauses, on time."""
        loop, number = asyncio.get_running_loop(), 0
        octets = PCMU.encode(tuple(round(4_000 * math.sin(at / 4)) for at in range(160)))
        due = loop.time()
        while True:
            head = b"\x80\x00" + (number & 0xFFFF).to_bytes(2, "big") + (160 * number).to_bytes(4, "big") + bytes(4)
            caller.media.transport.sendto(head + octets, caller.remote)
            number, due = number + 1, due + 0.02
            await asyncio.sleep(max(0.0, due - loop.time()))

    async def seat(self, name, *codecs):
        """A browser at a seat, connected; it says a tone that pauses. Its leg and what it has on its head."""
        headset, leg = Headset(), seat_leg(name)
        self.headsets.append(headset)
        before = len([event for event in self.desk.of(Answered) if event.leg == leg])
        await headset.attach(self.engine, leg, *codecs)
        await self.desk.until(lambda: len([event for event in self.desk.of(Answered) if event.leg == leg]) > before)
        return leg, headset

    async def end(self):
        """Everybody goes."""
        for task in self.speaking:
            task.cancel()
        for headset in self.headsets:
            await headset.connection.close()

    async def press(self, leg, event, packets=6):
        """A key, in RFC 4733: 101 is the type that was offered for it."""
        caller = self.callers[leg]
        for part in range(packets):
            head = b"\x80\x65" + (60_000 + part).to_bytes(2, "big") + (7).to_bytes(4, "big") + bytes(4)
            caller.media.transport.sendto(head + bytes([event, 0x80 * (part > 2) | 10, 0, 160]), caller.remote)

    async def press_by_info(self, leg, key, ms):
        """A key, in INFO of SIP; the answer."""
        caller = self.callers[leg]
        caller.cseq += 1
        caller.send(caller.message("INFO", body=f"Signal={key}\r\nDuration={ms}\r\n", kind="application/dtmf-relay"))
        return (await caller.final("INFO")).code

    async def keys(self, leg, events, count):
        """So many keys that are sent to a leg, as what receives them tells, and how loud it is meanwhile."""
        digits, told, loudest = Digits(), [], 0
        while len(told) < count:
            [packet] = await self.callers[leg].hear(1)
            if packet.payload_type == events:
                digits.heard(packet.timestamp, packet.payload, 0)
            else:
                loudest = max(loudest, *(PCMU.squares[octet] for octet in packet.payload))
            told += digits.take(0)
        return told, math.sqrt(loudest) / LOUDEST

    async def hears(self, leg):
        """How loud what this leg hears is from now on, 0 to 1."""
        caller = self.callers[leg]
        while not caller.media.queue.empty():
            caller.media.queue.get_nowait()
        heard = [packet.payload for packet in await caller.hear(10)]
        squares = [PCMU.squares[octet] for payload in heard for octet in payload]
        return math.sqrt(sum(squares) / len(squares)) / LOUDEST

    async def silent(self, leg):
        """It hears nothing, at once or as soon as what is on its way has come; a test that waits in vain fails."""
        async with asyncio.timeout(PATIENCE_S):
            while await self.hears(leg) > QUIET:
                pass

    async def quiet(self, headset, frames=50):
        """A seat hears nobody in so many frames, as soon as what is on its way has come."""
        async with asyncio.timeout(PATIENCE_S):
            while True:
                heard, headset.loudest = headset.heard, 0
                await self.desk.until(lambda since=heard: headset.heard > since + frames)
                if headset.loudest < 300:
                    return

    async def loud(self, leg):
        """It hears somebody, or a tone."""
        async with asyncio.timeout(PATIENCE_S):
            while await self.hears(leg) < LOUD:
                pass

    async def louder(self, leg, than):
        """It hears more than another; whoever speaks may be late for a moment, and is then heard again."""
        async with asyncio.timeout(PATIENCE_S):
            while await self.hears(leg) <= 1.2 * await self.hears(than):
                pass

    async def take_text(self, leg, code, reason):
        """What the caller is written next, which they answer so."""
        caller = self.callers[leg]
        while getattr(request := await caller.receive(), "method", "") != "MESSAGE":
            pass
        caller.send(write_message(answer(request, code, reason)))
        return request.body.decode()

    async def hang_up(self, leg):
        """The caller does."""
        await self.callers[leg].bye()


@asynccontextmanager
async def embedded(folder):
    """SIP and RTP on loopback, WebRTC by aiortc."""
    desk = Desk(recordings=folder)
    stage = Stage(desk)
    async with desk:
        yield stage
        await stage.end()


@asynccontextmanager
async def production(folder):
    """SIP by Kamailio at the edge, WebRTC by Janus, in processes of their own."""
    desk = Desk(made=production_engine, recordings=folder)
    stage = Stage(desk)
    async with desk:
        yield stage
        await stage.end()


def production_engine(certificate=None, *, trust=None, **more):
    """A production engine on loopback; a test that asks for one skips where its programs are not installed."""
    if absent := missing(secure=certificate is not None):
        pytest.skip(absent)
    del trust  # the edge calls nobody over TLS here: phones keep their connections
    listening, ports = bind_edge("127.0.0.1:0", certificate)
    return ProductionEngine(listening, ports, **more)


ENGINES = {"embedded": embedded, "production": production}
