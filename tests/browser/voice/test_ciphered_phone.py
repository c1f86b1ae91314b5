"""A phone of the city in TLS and SRTP calls 911, and a seat's browser speaks with it, by either engine."""

import asyncio
import shutil
import threading

import pytest
from tests.adapters.voice.baresip import Phone, energy, heard
from tests.adapters.voice.test_engine import certificate
from tests.server.api.conftest import Person, Server
from tests.server.api.test_voice import at, by, events
from tests.server.api.test_voice_phones import added

from redstick.adapters.voice.g711 import RATE

from .conftest import MEASURED, PATIENCE_S, until
from .test_speaking import LINE, SEAT, kept, rows
from .test_speaking import energy as energy_of

pytestmark = [pytest.mark.browser, pytest.mark.sockets, pytest.mark.voice]


@pytest.fixture(params=["embedded", "production"])
def psap(request, staffed, tmp_path):
    """The server with a certificate; `dan` is signed in, and there is a group to watch."""
    more = "--voice-tls", str(certificate(tmp_path))
    running = Server(shutil.copytree(staffed, tmp_path / "data"), *by(request.param), *more)
    running.dan = Person(running, "dan")
    assert Person(running, "sue").ask("define-group", group="all").status_code == 200
    yield running
    running.end()


class Ciphered(threading.Thread):
    """baresip, which takes TLS and SRTP alone, on a loop of its own: registers, dials 911, and speaks until let go."""

    def __init__(self, server, made, folder):
        super().__init__(daemon=True)
        self.folder, self.gone = folder / "phone", threading.Event()
        trust = folder / "tls.pem", folder / "c.pem"
        self.made = made
        self.phone = Phone(
            self.folder, made["device"], made["password"], made["realm"], at(server, 2), "tls", trust
        )  # fmt: skip

    def run(self):
        """Until it is let go."""
        asyncio.run(self.lived())

    async def lived(self):
        """Its call."""
        await self.phone.open()
        try:
            await self.phone.let_in()
            self.phone.do("dial", f"sip:911@{self.made['realm']}")
            await self.phone.until("CALL_ESTABLISHED")
            await asyncio.to_thread(self.gone.wait)
            self.phone.do("hangup")
            await self.phone.until("CALL_CLOSED")
        finally:
            await self.phone.end()


def test_a_ciphered_911_call_of_a_phone_is_heard_both_ways_by_a_seat(psap, seat, tmp_path):
    """The browser has the phone's tone, and the phone the microphone's beeps: energy at each end, and none lost."""
    page = seat("microphone")
    page.wait_for_selector(f"{LINE}:has-text('connected')")
    phone = Ciphered(psap, added(psap), tmp_path)
    phone.start()
    try:
        [call] = until(lambda: rows(psap, "dispatch.view.calls"))
        assert (call["source"], call["callback"]) == ("911", phone.made["device"])
        page.wait_for_selector(".row:has-text('2101')")
        page.keyboard.press("F2")
        until(lambda: rows(psap, "dispatch.view.calls")[0]["state"] == "answered")
        ringing = len(heard(phone.folder)) // 2 + RATE  # what was on its way then is within a second
        first = page.evaluate(MEASURED)["inbound-rtp"]
        until(lambda: page.evaluate(MEASURED)["inbound-rtp"]["packetsReceived"] > first["packetsReceived"] + 150)
        said = page.evaluate(MEASURED)["inbound-rtp"]
        assert said["packetsLost"] == 0
        assert said["totalAudioEnergy"] > first["totalAudioEnergy"]
        until(lambda: energy_of(kept(psap, SEAT)) > 0.005)
        until(lambda: energy(phone.folder, ringing) > 0.005)
    finally:
        phone.gone.set()
        phone.join(PATIENCE_S)
    offered = until(lambda: events(psap, "comms.leg_offered"))[0]
    assert offered["arrival"]["transport"] == "TLS"
