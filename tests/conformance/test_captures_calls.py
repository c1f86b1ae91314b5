"""Captures of a published NG9-1-1 suite about calls: a PSAP fetches a location and transfers (CHE), a bridge mixes.

A verdict is a list of reasons; empty is a pass. The file name says what is expected.
"""

import pytest

from redstick.protocols.captures.packets import UDP, read_capture
from redstick.protocols.captures.rtp import read_rtp
from redstick.protocols.captures.spoken import spoken_in
from redstick.protocols.faults import Malformed
from redstick.protocols.geopriv.conveyance import Way, geolocation_of
from redstick.protocols.held import MEDIA_TYPE, read_request
from redstick.protocols.sip.bodies import parts_of
from redstick.protocols.sip.headers import addresses, cseq
from redstick.protocols.sip.messages import Request
from redstick.protocols.sip.referring import refer_to_of
from redstick.protocols.sip.uris import read_uri

PCAPS = "ng911/tamu/test_suite/pcaps"
COUNTS = {"CHE_001": 4, "CHE_006": 9, "BRIDGE_003": 12}


def heard(path):
    """Packets, and what was said, of a capture."""
    packets = read_capture(path.read_bytes())
    return packets, spoken_in(packets)


def requests(said, method, source=""):
    """The SIP requests of a method, from one host if it is named."""
    found = [one.sip for one in said if one.kind == "sip" and source in {"", one.source[0]}]
    return [one for one in found if isinstance(one, Request) and one.method == method]


def answered(said, request, codes=range(200, 300)):
    """Whether a request got one of these answers."""
    wanted = (request.first("Call-ID"), cseq(request))
    answers = [one.sip for one in said if one.kind == "sip" and one.start.startswith("SIP/2.0")]
    return any(a and a.code in codes and (a.first("Call-ID"), cseq(a)) == wanted for a in answers)


def che_001(_packets, said):
    """The location that an INVITE names is fetched: over HTTP by HELD, from a SIP server by subscribing to presence."""
    [invite] = requests(said, "INVITE")
    [conveyed] = geolocation_of(invite, parts_of(invite)).locations
    if conveyed.way is Way.HELD:
        [asked] = [one for one in said if one.start.startswith("POST")]
        reasons = [] if conveyed.uri.endswith(asked.start.split()[1]) else ["another address than the one given"]
        if f"content-type: {MEDIA_TYPE}" not in asked.raw.decode().lower():
            reasons.append("another kind of body")
        try:
            read_request(asked.body)
        except Malformed as malformed:
            reasons.append(str(malformed))
        return reasons
    [subscribe] = requests(said, "SUBSCRIBE")
    reasons = [] if read_uri(subscribe.uri).user == conveyed.uri[4:].partition("@")[0] else ["another location"]
    if subscribe.first("Event") != "presence" or "application/pidf+xml" not in (subscribe.first("Accept") or ""):
        reasons.append("no subscription to presence as PIDF")
    return reasons + ["NOTIFY without 200" for one in requests(said, "NOTIFY") if not answered(said, one, {200})]


def che_006(_packets, said):
    """A transfer by conference: focus, subscription, REFER to somebody who is then called, every NOTIFY answered."""
    first = requests(said, "INVITE")[0]
    seat = next(one.target[0] for one in said if one.sip == first)
    taken = [one for one in said if one.source[0] == seat and one.start.startswith("SIP/2.0 200")]
    reasons = [] if any(cseq(one.sip).method == "INVITE" for one in taken) else ["the call was not answered"]
    focus = focus_of(said, first, seat, reasons)
    subscribed = requests(said, "SUBSCRIBE", seat)
    if not any(one.first("Event") == "conference" and read_uri(one.uri).user == focus for one in subscribed):
        reasons.append("no subscription to the conference")
    refers = requests(said, "REFER", seat)
    reached = {one.target[0] for one in said if one.start.startswith("INVITE")}
    if not any(read_uri(one.uri).user == focus and refer_to_of(one).uri.host in reached for one in refers):
        reasons.append("nobody was asked in")
    if not requests(said, "BYE", seat):
        reasons.append("the seat never left")
    return reasons


def focus_of(said, first, seat, reasons):
    """The user part of the conference: of the caller's own contact where it is a focus, else of whom we are sent to."""
    if "isfocus" in (first.first("Contact") or ""):
        return addresses(first, "Contact")[0].uri.user
    moved = [one.sip for one in said if one.start.startswith("SIP/2.0 302") and one.target[0] == seat]
    ours = requests(said, "INVITE", seat)
    if not moved or len(ours) < 2:
        reasons.append("the conference was not asked for")
        return "conference"
    focus = addresses(moved[0], "Contact")[0].uri.user
    if read_uri(ours[1].uri).user != focus:
        reasons.append("another conference than the one given")
    return focus


def bridge_003(packets, said):
    """Text through a bridge: with a mixer towards the seat, plain towards the caller; sources as they must be."""
    invites = [(one, one.sip) for one in said if one.start.startswith("INVITE")]
    wanted = [(one, sip) for one, sip in invites if "conf-session" in sip.uri and b"rtt-mixer" in sip.body]
    to_bridge, offered = wanted[0]
    bridge, seat = to_bridge.target[0], to_bridge.source[0]
    out, asked = next((one, sip) for one, sip in invites if one.source[0] == bridge)
    answers = [one.sip for one in said if one.start.startswith("SIP/2.0 200") and one.source[0] == bridge]
    ours = [one for one in answers if one.first("Call-ID") == offered.first("Call-ID") and cseq(one).method == "INVITE"]
    reasons = []
    if not ours or b"t140/1000" not in ours[0].body or b"rtt-mixer" not in ours[0].body:
        reasons.append("the bridge did not take the seat's text with a mixer")
    if b"t140/1000" not in asked.body or b"rtt-mixer" in asked.body:
        reasons.append("the bridge did not offer plain text to the caller")
    return reasons + reasons_of_text(packets, seat, bridge, out.target[0])


def reasons_of_text(packets, seat, bridge, border):
    """Each hop has one source of its own; contributors only towards the seat, both parties; no text is lost."""
    found = {}
    for packet in packets:
        rtp = read_rtp(packet.payload) if packet.protocol == UDP else None
        if rtp is not None and {packet.source[0], packet.target[0]} & {seat, bridge, border}:
            found.setdefault((packet.source[0], packet.target[0]), []).append(rtp)
    sources = {hop: {one.source for one in rtps} for hop, rtps in found.items()}
    caller = next((target for source, target in found if source == border and target != bridge), None)
    reasons = [f"{hop} has several sources" for hop, known in sources.items() if len(known) != 1]
    hops = {host: set() for host in (seat, bridge, border)}
    for (source, _), known in sources.items():
        hops.get(source, set()).update(known)
    reasons += [f"{host} speaks as several" for host, known in hops.items() if len(known) != 1]
    if len(set().union(*hops.values())) != 3:
        reasons.append("two elements speak as one")
    for hop, rtps in found.items():
        wanted = hops[border] | hops[seat] if hop == (bridge, seat) else set()
        if any(set(one.contributors) != wanted for one in rtps):
            reasons.append(f"{hop}: contributors are not {sorted(wanted)}")
    return reasons + lost_text(found, seat, bridge, border, caller)


def lost_text(found, seat, bridge, border, caller):
    """Text that one end wrote and the other never read."""

    def text(source, target):
        return b"".join(one.payload for one in found.get((source, target), []))

    ways = (((seat, bridge), (bridge, border), (border, caller)), ((caller, border), (border, bridge), (bridge, seat)))
    return ["text is lost" for way in ways if len({text(*hop) for hop in way}) != 1 or not text(*way[0])]


VERDICTS = {"CHE_001": che_001, "CHE_006": che_006, "BRIDGE_003": bridge_003}


@pytest.mark.parametrize(
    ("group", "index"), [(group, index) for group, count in COUNTS.items() for index in range(count)]
)
def test_our_verdict_is_the_expected_one(third_party, group, index):
    """All 25, none left out: passed as the name says, or failed with a reason."""
    paths = sorted((third_party(PCAPS) / group).glob("*.pcap"))
    assert len(paths) == COUNTS[group]
    reasons = VERDICTS[group](*heard(paths[index]))
    assert (reasons == []) == ("fail" not in paths[index].stem), (paths[index].name, reasons)


OTHER_GROUPS = ("BCF", "ECRF", "ESRP", "INTEROP", "LIS", "PS")


def test_what_was_said_in_every_other_group_is_read(third_party):
    """Elements that a PSAP is not have no verdict of ours; of 2,703 SIP messages in their captures none is unread."""
    counts = {"captures": 0, "sip": 0, "unread": 0, "http": 0}
    for path in sorted(third_party(PCAPS).glob("*/*.pcap*")):
        if path.parent.name.startswith(OTHER_GROUPS):
            counts["captures"] += 1
            for one in spoken_in(read_capture(path.read_bytes())):
                counts[one.kind] += 1
                counts["unread"] += one.kind == "sip" and one.sip is None
                if one.sip is not None:
                    parts_of(one.sip)
    assert counts == {"captures": 134, "sip": 2_703, "unread": 0, "http": 536}
