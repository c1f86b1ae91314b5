"""The requests of PsapSimulator's SIPp scenarios, as an endpoint takes them: which streams would be answered.

The scenarios are not placed here: SIPp's words are filled in, and the INVITE is read, checked and its offer answered.
"""

import re
from xml.etree import ElementTree as ET

import pytest

from redstick.protocols.faults import Malformed
from redstick.protocols.geopriv.conveyance import geolocation_of
from redstick.protocols.sdp.answering import PSAP_AUDIO, PSAP_VIDEO, Local, answer_to
from redstick.protocols.sdp.session import Origin, read_sdp
from redstick.protocols.sip.bodies import parts_of
from redstick.protocols.sip.checking import Abilities, refusal
from redstick.protocols.sip.messages import Request
from redstick.protocols.sip.reading import read_message

WORDS = {
    "service": "911", "remote_ip": "192.0.2.2", "remote_port": "5060", "local_ip": "192.0.2.1", "local_port": "5060",
    "transport": "UDP", "branch": "z9hG4bKx", "call_id": "1@192.0.2.1", "call_number": "1", "pid": "1", "cseq": "1",
    "media_ip": "192.0.2.1", "media_port": "6000", "auto_media_port": "6000", "media_ip_type": "4",
    "local_ip_type": "4",
    "peer_tag_param": ";tag=p", "next_url": "sip:a@192.0.2.2",
}  # fmt: skip
OURS = {index: Local(port=7_000 + 2 * index, codecs=PSAP_AUDIO + PSAP_VIDEO) for index in range(4)}


def filled(text):
    """A message of a scenario as SIPp would send it: indents gone, words filled in, the length true."""
    lines = [line.strip() for line in (text or "").strip().split("\n")]
    message = re.sub(r"\[last_[^\]]*\]", "", "\r\n".join(lines))
    message = re.sub(r"\[(\w+)(?:[+\-=][^\]]*)?\]", lambda found: WORDS.get(found[1], found[0]), message)
    head, _, body = message.partition("\r\n\r\n")
    return (head.replace("[len]", str(len(body.encode()))) + "\r\n\r\n" + body).encode()


def invites(path):
    """Every INVITE of a scenario."""
    found = []
    for send in ET.fromstring(path.read_bytes()).iter("send"):  # noqa: S314  (files of the test data, read as they are)
        if "INVITE" in (send.text or "").split("\n")[1] + (send.text or "")[:60]:
            message = read_message(filled(send.text))
            found += [message] if isinstance(message, Request) and message.method == "INVITE" else []
    return found


def outcome(invite):
    """What becomes of an INVITE: a code, `late` without an offer, a place in the SDP, or the ports of our answer."""
    refused = refusal(invite, Abilities())
    if refused is not None:
        return refused.code
    offers = parts_of(invite).of("application/sdp")
    if not offers:
        return "late"
    try:
        offer = read_sdp(offers[0].body)
    except Malformed as malformed:
        return malformed.faults[0].place
    answer = answer_to(offer, OURS, Origin("-", "1", "1", "IP4", "192.0.2.2"), ("IP4", "192.0.2.2"))
    return tuple(media.port for media in answer.media)


OUTCOMES = {
    "BasicUac": [(7000,)], "BasicLocation": [(7000,)], "BasicLongCallUac": [(7000,)], "uac-passive": ["late"],
    "ReInvitePaiUac": [(7000,), (7000,)], "UacTestCallMirror": [(7000,)], "BasicTestCallUac": [(7000,)],
    "UacAudioAddVideo": [(7000,), (7000, 7002)], "UacAudioVideo": [(7000, 7002)], "sipp_uac_bogus_codec": [(0,)],
    "sipp_uac_bogus_sdp": [(7000,)], "sipp_uac_broken_sdp": [()], "sipp_uac_empty_reinvite": [(7000,), "late"],
    "sipp_uac_invite_no_sdp": ["late"], "sipp_uac_invite_without_sdp": ["late"], "sipp_uac_late_offer": ["late"],
    "sipp_uac_no_c_line": [(7000,)], "sipp_uac_no_c_line_multiple_streams": [(7000, 7002)],
    "sipp_uac_no_rtpmap": [(7000,)],
}  # fmt: skip
WITHOUT_INVITE = {"BasicUas", "uas-passive", "sipp_uac_bad_message"}
NOT_WELL_FORMED = {"ReInvitePaiUas"}


@pytest.mark.parametrize("name", OUTCOMES)
def test_an_invite_comes_out_as_its_scenario_asks(third_party, name):
    """Voice where a codec is common, video beside it, none for an unknown codec, our offer if theirs is late."""
    [path] = third_party("sip/sipp_ng911").rglob(f"{name}.xml")
    assert [outcome(invite) for invite in invites(path)] == OUTCOMES[name]


def test_the_table_names_every_scenario(third_party):
    """23 files; two others answer calls or send no INVITE, one is not well formed as published."""
    stems = {path.stem for path in third_party("sip/sipp_ng911").rglob("*.xml")}
    assert stems == OUTCOMES.keys() | WITHOUT_INVITE | NOT_WELL_FORMED
    assert len(stems) == 23


def test_the_location_of_a_scenario_is_read(third_party):
    """By value, with a shape."""
    [path] = third_party("sip/sipp_ng911").rglob("BasicLocation.xml")
    [invite] = invites(path)
    [found] = geolocation_of(invite, parts_of(invite)).locations
    assert found.faults == ()
    assert found.presence.locations[0].shape is not None
