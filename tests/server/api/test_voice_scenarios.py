"""The SIPp scenarios of PsapSimulator, placed by SIPp against the real server: each ends, and none hangs a channel.

The edge of the production engine changes none of what they meet.
"""

import re
import shutil
import subprocess

import pytest
from tests.adapters.voice.caller import PATIENCE_S
from tests.server.api.conftest import Person, Server
from tests.server.api.test_voice import at, by, rows, until

pytestmark = pytest.mark.sockets
AS_THEY_ASK = (
    "Basic/BasicUac", "BasicLongCall/BasicLongCallUac", "ReInvitePai/ReInvitePaiUac", "UacAudioVideo/UacAudioVideo",
    "TestCalls/UacTestCallMirror/UacTestCallMirror", "TestCalls/UacTestCallNoMedia/BasicTestCallUac",
    "UacAudioAddVideo/UacAudioAddVideo", "UacBogusSdp/sipp_uac_bogus_sdp", "UacBrokenSdp/sipp_uac_broken_sdp",
    "UacInviteWithoutSdp/sipp_uac_invite_without_sdp",
    "UacLateInvite/sipp_uac_late_offer", "UacNoCLine/sipp_uac_no_c_line", "UacNoRtpMap/sipp_uac_no_rtpmap",
    "UacNoCLineMultipleStreams/sipp_uac_no_c_line_multiple_streams", "OfferlessInvite/uac-passive",
)  # fmt: skip
OTHERWISE = {  # what SIPp met instead, and why that is right
    "BasicLocation/BasicLocation": "481",  # its BYE bears another From tag than its INVITE: it is of no call
    "UacBadMessage/sipp_uac_bad_message": "405",  # a MESSAGE, which is not served; it asks for a 100 and a 400
    "UacBogusCodec/sipp_uac_bogus_codec": "488",  # no codec in common; it asks for a 200 with nothing to hear
    "UacInviteNoSdp/sipp_uac_invite_no_sdp": "480",  # it calls somebody at another domain, so an admin line
}
# The three of an answering side are called in tests/adapters/voice/test_sipp_answering.py. Not placed:
# UacEmptyReInvite, which asks for a 400 where RFC 3261 (14.2) has an offer, and then waits for ever (the call ends by
# itself once its 200 was not acknowledged).


@pytest.fixture(scope="module", params=["embedded", "production"])
def hearing(request, enrolled, tmp_path_factory):
    """A server that hears calls, for all scenarios, by either engine."""
    if shutil.which("sipp") is None:
        pytest.skip("SIPp is absent (looked for `sipp` on the path; Debian's package is sip-tester)")
    running = Server(shutil.copytree(enrolled, tmp_path_factory.mktemp("hearing") / "data"), *by(request.param))
    yield running
    running.end()


def placed(server, path, folder):
    """The exit code of SIPp and its errors. Pauses are short; nothing else of the scenario is changed."""
    scenario, errors = folder / path.name, folder / "errors"
    scenario.write_text(re.sub(r"<pause[^>]*/>", '<pause milliseconds="100"/>', path.read_text(errors="replace")))
    words = ["sipp", f"127.0.0.1:{at(server)[1]}", "-sf", str(scenario), "-s", "911", "-m", "1", "-i", "127.0.0.1"]
    more = ["-nostdin", "-trace_err", "-error_file", str(errors), "-timeout", str(PATIENCE_S), "-timeout_error"]
    done = subprocess.run([*words, *more], cwd=folder, capture_output=True, timeout=2 * PATIENCE_S, check=False)
    return done.returncode, errors.read_text(errors="replace") if errors.exists() else ""


@pytest.mark.parametrize("name", AS_THEY_ASK)
def test_a_scenario_ends_as_it_asks(third_party, hearing, tmp_path, name):
    """And its channel is free again."""
    code, errors = placed(hearing, third_party(f"sip/sipp_ng911/{name}.xml"), tmp_path)
    assert (code, errors) == (0, "")
    dan = Person(hearing, "dan")
    until(lambda: rows(dan, "comms.view.legs") == [])


@pytest.mark.parametrize("name", OTHERWISE)
def test_a_scenario_that_asks_for_something_else_is_answered_by_the_standard(third_party, hearing, tmp_path, name):
    """With this code, each for its reason beside it."""
    code, errors = placed(hearing, third_party(f"sip/sipp_ng911/{name}.xml"), tmp_path)
    assert code != 0
    assert f"received 'SIP/2.0 {OTHERWISE[name]} " in errors
