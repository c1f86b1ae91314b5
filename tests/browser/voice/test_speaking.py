"""A 911 call of SIPp reaches a browser: answered by F2, heard both ways, held, and known to be lost at once."""

import math
import signal
from urllib.parse import quote

import pytest

from redstick.adapters.voice.g711 import LAWS, LOUDEST, RATE
from redstick.adapters.voice.recording import faults, packets, salvage
from redstick.comms.ports import seat_leg

from .conftest import MEASURED, until

pytestmark = [pytest.mark.browser, pytest.mark.sockets]
LINE = ".voice[role=status]"
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
    ours, theirs = kept(psap, seat_leg("calls:1")), kept(psap, leg)[heard_before:]
    assert min(len(ours), len(theirs)) > 200
    assert energy(ours) > 0.005
    assert energy(theirs[50:]) > 0.005  # what SIPp heard of the microphone, and said back

    page.keyboard.press("Alt+g")
    page.wait_for_selector(f"{LINE} button[aria-pressed=true]")
    count = len(kept(psap, seat_leg("calls:1")))
    until(lambda: len(kept(psap, seat_leg("calls:1"))) > count + 100)
    assert energy(kept(psap, seat_leg("calls:1"))[count + 25 :]) < 0.001

    psap.end(signal.SIGKILL)
    page.wait_for_selector(f"{LINE}:has-text('the engine is lost')")
    assert page.locator(".row:has-text('+12255550142')").count() == 1  # number and place stay
    for name in (leg, seat_leg("calls:1")):
        folder = psap.folder / "recordings" / quote(name, safe="")
        salvage(name, folder)
        assert list(faults(name, folder)) == []


def test_a_seat_without_a_microphone_says_so_and_what_to_do(psap, seat):
    """Refused by its person or its house."""
    page = seat()
    page.wait_for_selector(f"{LINE}:has-text('The microphone is refused. Allow it')")
    assert "seat:" not in str(rows(psap, "comms.view.legs"))
