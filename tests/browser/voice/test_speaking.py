"""A 911 call of SIPp reaches a browser: answered by F2, heard both ways, held, and known to be lost at once."""

import asyncio
import math
import signal
import struct
import threading
import time
from urllib.parse import quote

import psutil
import pytest
from tests.adapters.voice.caller import Caller
from tests.adapters.voice.relay import Relay

from redstick.adapters.voice.g711 import LAWS, LOUDEST, RATE
from redstick.adapters.voice.recording import faults, packets, salvage
from redstick.comms.ports import seat_leg
from redstick.protocols.captures.rtp import read_rtp

from .conftest import MEASURED, until

pytestmark = [pytest.mark.browser, pytest.mark.sockets, pytest.mark.voice]
LINE, SEAT = ".voice[role=status]", seat_leg("calls:1")
PCMU = LAWS["pcmu", RATE]


def kept(psap, leg):
    """The packets that a leg's recording holds on disk, whoever wrote it."""
    folder = psap.folder / "recordings" / quote(leg, safe="")
    return [packet for path in sorted(folder.glob("*.rtp")) for _, packet in packets(path)]


def energy(voice):
    """Root mean square of packets, 0 to 1."""
    squares = [PCMU.squares[octet] for packet in voice for octet in packet.payload]
    return math.sqrt(sum(squares) / len(squares)) / LOUDEST if squares else 0.0


def rows(psap, view):
    """The rows of a view."""
    return list(psap.dan.see(view).json()["rows"].values())


def test_a_911_call_is_answered_by_a_key_and_heard_both_ways(psap, seat, sipp):
    """The microphone's beeps reach SIPp and come back: each has packets and energy, none is lost, no codec changes.

    Then the engine is killed: the seat says so, and what was recorded verifies.
    """
    page = seat("microphone")
    page.wait_for_selector(f"{LINE}:has-text('connected')")
    sipp(600_000)
    [call] = until(lambda: rows(psap, "dispatch.view.calls"))
    assert (call["uncertainty_m"], call["quality"]) == (850, "cell")
    leg = until(lambda: [one for one in rows(psap, "comms.view.legs") if one["state"] == "answered"])[0]["leg"]
    page.wait_for_selector(".row:has-text('+12255550142')")
    page.keyboard.press("F2")
    until(lambda: rows(psap, "dispatch.view.calls")[0]["state"] == "answered")
    heard_before = len(kept(psap, leg))
    first = page.evaluate(MEASURED)
    until(
        lambda: (
            page.evaluate(MEASURED)["inbound-rtp"]["packetsReceived"] > first["inbound-rtp"]["packetsReceived"] + 250
        )
    )
    said = page.evaluate(MEASURED)
    assert said["codec"]["mimeType"] == "audio/PCMU"
    assert said["inbound-rtp"]["packetsLost"] == 0
    assert said["inbound-rtp"]["totalAudioEnergy"] > first["inbound-rtp"]["totalAudioEnergy"]
    until(lambda: min(len(kept(psap, SEAT)), len(kept(psap, leg)) - heard_before) > 200)
    until(lambda: energy(kept(psap, SEAT)) > 0.005)
    until(lambda: energy(kept(psap, leg)[heard_before + 50 :]) > 0.005)  # what SIPp heard of it, and said back

    page.keyboard.press("Alt+y")
    page.wait_for_selector(f"{LINE} button[aria-pressed=true]")
    count = len(kept(psap, SEAT))
    until(lambda: len(kept(psap, SEAT)) > count + 200)
    assert energy(kept(psap, SEAT)[count + 100 :]) < 0.001  # those before it may have been on their way

    psap.end(signal.SIGKILL)
    page.wait_for_selector(f"{LINE}:has-text('the engine is lost')")
    assert page.locator(".row:has-text('+12255550142')").count() == 1  # number and place stay
    for name in (leg, SEAT):
        folder = psap.folder / "recordings" / quote(name, safe="")
        salvage(name, folder)
        assert list(faults(name, folder)) == []


@pytest.mark.parametrize("psap", ["production"], indirect=True)
def test_a_seat_whose_media_server_is_killed_says_so_and_speaks_again_with_its_caller(psap, seat, sipp):
    """Janus dies in a call: the seat is told, the caller keeps the line; once it is back both are heard again."""
    page = seat("microphone")
    page.wait_for_selector(f"{LINE}:has-text('connected')")
    sipp(600_000)
    page.wait_for_selector(".row:has-text('+12255550142')")
    page.keyboard.press("F2")
    until(lambda: rows(psap, "dispatch.view.calls")[0]["state"] == "answered" and len(kept(psap, SEAT)) > 50)
    [leg] = [one["leg"] for one in rows(psap, "comms.view.legs") if one["state"] == "answered"]
    [janus] = [one for one in psutil.Process(psap.process.pid).children(recursive=True) if one.name() == "janus"]
    janus.kill()
    page.wait_for_selector(f"{LINE}:has-text('the engine is lost')")
    assert rows(psap, "dispatch.view.calls")[0]["state"] == "answered"
    page.wait_for_selector(f"{LINE}:has-text('connected')")
    before = len(kept(psap, SEAT)), len(kept(psap, leg))
    until(lambda: len(kept(psap, SEAT)) > before[0] + 200 and len(kept(psap, leg)) > before[1] + 200)
    until(lambda: energy(kept(psap, SEAT)[before[0] :]) > 0.005)
    until(lambda: energy(kept(psap, leg)[before[1] :]) > 0.005)  # what SIPp heard of the microphone, and said back


def test_a_seat_without_a_microphone_says_so_and_what_to_do(psap, seat):
    """Refused by its person or its house."""
    page = seat()
    page.wait_for_selector(f"{LINE}:has-text('The microphone is refused. Allow it')")
    assert "seat:" not in str(rows(psap, "comms.view.legs"))


class Away(threading.Thread):
    """A caller behind a bad network, on a loop of its own: speaks a tone that never pauses until it is let go."""

    def __init__(self, sip):
        super().__init__(daemon=True)
        self.sip, self.gone = sip, threading.Event()

    def run(self):
        """Until it is let go."""
        asyncio.run(self.lived())

    async def lived(self):
        """Its own voice goes through a relay, and so does what it hears."""
        caller = await Caller(7).open(("127.0.0.1", self.sip))
        back = await Relay.open(("127.0.0.1", caller.media_port), 2)
        caller.media_port = back.port
        assert (await caller.call()).code == 200
        there = await Relay.open(caller.remote, 1)
        octets = PCMU.encode(tuple(round(8_000 * math.sin(at / 4)) for at in range(160)))
        loop, number = asyncio.get_running_loop(), 0
        due = loop.time()
        while not self.gone.is_set():
            head = struct.pack(">BBHII", 0x80, 0, number & 0xFFFF, 160 * number, 7)
            caller.media.transport.sendto(head + octets, ("127.0.0.1", there.port))
            number, due = number + 1, due + 0.02
            await asyncio.sleep(max(0.0, due - loop.time()))
        self.heard = [read_rtp(caller.media.queue.get_nowait()) for _ in range(caller.media.queue.qsize())]
        self.lost = there.dropped
        await caller.bye()
        for relay in (there, back):
            relay.transport.close()
        caller.close()


def test_a_caller_behind_a_bad_network_is_still_understood(psap, seat):
    """Each packet up to 60 ms late and one in fifty lost, both ways: the tone goes on in the browser, as loud.

    The browser itself makes up less than a tenth of what it plays; the caller hears the microphone's beeps.
    """
    page = seat("microphone")
    page.wait_for_selector(f"{LINE}:has-text('connected')")
    away = Away(psap.sip)
    away.start()
    try:
        page.wait_for_selector(".row:has-text('+12255550007')")
        page.keyboard.press("F2")
        until(lambda: rows(psap, "dispatch.view.calls")[0]["state"] == "answered")
        time.sleep(2)
        first = page.evaluate(MEASURED)["inbound-rtp"]
        until(lambda: page.evaluate(MEASURED)["inbound-rtp"]["packetsReceived"] > first["packetsReceived"] + 400)
        said = page.evaluate(MEASURED)["inbound-rtp"]
    finally:
        away.gone.set()
        away.join(30)
    grown = {key: said[key] - first[key] for key in ("concealedSamples", "totalSamplesReceived", "totalAudioEnergy")}
    assert away.lost > 0
    assert grown["concealedSamples"] < 0.1 * grown["totalSamplesReceived"]
    lasted_s = said["totalSamplesDuration"] - first["totalSamplesDuration"]
    # WebRTC takes the loudest sample of a moment for its level.
    assert math.sqrt(grown["totalAudioEnergy"] / lasted_s) == pytest.approx(8_000 / LOUDEST, rel=0.1)
    voice = [packet for packet in away.heard[-400:] if packet is not None]
    assert len(voice) > 350
    assert energy(voice) > 0.005
