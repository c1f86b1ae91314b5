"""A server that hears calls, a Calls seat with a microphone that beeps, and callers over SIP."""

import shutil
import subprocess
import time
from pathlib import Path

import pytest
from tests.adapters.voice.caller import PATIENCE_S
from tests.once import made_once
from tests.server.api.conftest import PASSWORD, Person, Server, enrol
from tests.server.api.test_voice import by

SCENARIO = Path(__file__).parents[2] / "adapters" / "voice" / "scenarios" / "emergency_call.xml"
# Every connection that the page makes, so that a test can read what it measured.
PEERS = """
window.peers = [];
window.RTCPeerConnection = class extends window.RTCPeerConnection {
  constructor(...given) { super(...given); window.peers.push(this); }
};
"""
# What has heard nothing yet has no statistics of it: it is told as zeros.
MEASURED = """async () => {
  const said = {'inbound-rtp': {packetsReceived: 0, packetsLost: 0, totalAudioEnergy: 0}};
  for (const one of (await window.peers.at(-1).getStats()).values())
    if (one.type === 'inbound-rtp' || one.type === 'outbound-rtp' || one.type === 'codec') said[one.type] = one;
  return said;
}"""


@pytest.fixture(scope="session")
def staffed(tmp_path_factory):
    """People, enrolled once, as for the tests of the interface."""
    return made_once(tmp_path_factory, "enrolled", enrol)


@pytest.fixture(params=["embedded", "production"])
def psap(request, staffed, tmp_path):
    """The server, by either engine of voice; `dan` is signed in, and there is a group to watch."""
    running = Server(shutil.copytree(staffed, tmp_path / "data"), *by(request.param))
    running.dan = Person(running, "dan")
    assert Person(running, "sue").ask("define-group", group="all").status_code == 200
    running.sip = int(running.told["voice"][0].split(":")[2].split(";")[0])
    yield running
    if running.process.poll() is None:
        running.end()


@pytest.fixture
def seat(chromium, psap):
    """Opens the Calls seat, or another, as a dispatcher who lets it hear the microphone, or does not."""
    contexts = []

    def seat(*permissions, at="calls"):
        context = chromium.new_context(permissions=permissions)
        contexts.append(context)
        answer = context.request.post(f"{psap.url}/api/session", data={"name": "dan", "password": PASSWORD})
        assert answer.status == 200
        page = context.new_page()
        page.set_default_timeout(PATIENCE_S * 1000)
        page.add_init_script(PEERS)
        page.goto(f"{psap.url}/{at}")
        return page

    yield seat
    for context in contexts:
        context.close()


@pytest.fixture
def sipp(psap, tmp_path):
    """Begins a call of SIPp that says back what it hears."""
    path = shutil.which("sipp")
    if path is None:
        pytest.skip("SIPp is absent (looked for `sipp` on the path; Debian's package is sip-tester)")
    begun = []

    def begin(lasts_ms):
        words = [path, f"127.0.0.1:{psap.sip}", "-sf", str(SCENARIO), "-i", "127.0.0.1", "-nostdin", "-rtp_echo"]
        words += ["-m", "1", "-d", str(lasts_ms)]
        begun.append(subprocess.Popen(words, cwd=tmp_path, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL))
        return begun[-1]

    yield begin
    for one in begun:
        if one.poll() is None:
            one.kill()
        one.wait()


def until(true):
    """What is true, once it is."""
    end = time.monotonic() + PATIENCE_S
    while not (found := true()):
        assert time.monotonic() < end, "it did not come to be"
        time.sleep(0.1)
    return found
