"""What an INVITE says: its line, its caller, its places; a broken part costs itself."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from redstick.adapters.voice.arrivals import MOST_FLAGS, arrival_of, line_of
from redstick.protocols.sip.messages import Request
from redstick.protocols.sip.reading import read_message
from redstick.published.comms import Fix

LO = (
    '<presence xmlns="urn:ietf:params:xml:ns:pidf" xmlns:gp="urn:ietf:params:xml:ns:pidf:geopriv10"'
    ' xmlns:dm="urn:ietf:params:xml:ns:pidf:data-model" xmlns:gml="http://www.opengis.net/gml"'
    ' xmlns:gs="http://www.opengis.net/pidflo/1.0" xmlns:ca="urn:ietf:params:xml:ns:pidf:geopriv10:civicAddr"'
    ' entity="pres:a@example.com"><dm:device id="d"><gp:geopriv><gp:location-info>{}</gp:location-info>'
    "<gp:usage-rules/><gp:method>{}</gp:method></gp:geopriv></dm:device></presence>"
)
CIRCLE = (
    '<gs:Circle srsName="urn:ogc:def:crs:EPSG::4326"><gml:pos>30.4515 -91.1871</gml:pos>'
    '<gs:radius uom="urn:ogc:def:uom:EPSG::9001">849.2</gs:radius></gs:Circle>'
)
POINT = '<gml:Point srsName="urn:ogc:def:crs:EPSG::4326"><gml:pos>30.4515 -91.1871</gml:pos></gml:Point>'
CIVIC = (
    "<ca:civicAddress><ca:country>US</ca:country><ca:A1>LA</ca:A1><ca:A3>Baton Rouge</ca:A3><ca:HNO>1200</ca:HNO>"
    "<ca:PRD>N</ca:PRD><ca:RD>Main</ca:RD><ca:STS>St</ca:STS><ca:FLR>3</ca:FLR></ca:civicAddress>"
)


def invite(*lines, target="urn:service:sos", body="", kind="application/pidf+xml"):
    """An INVITE as bytes."""
    head = [
        f"INVITE {target} SIP/2.0", "Via: SIP/2.0/UDP 192.0.2.1;branch=z9hG4bKx", "From: <sip:+1225@c.example>;tag=a",
        f"To: <{target}>", "Call-ID: one@example", "CSeq: 1 INVITE", *lines, f"Content-Type: {kind}",
    ]  # fmt: skip
    return ("\r\n".join(head) + "\r\n\r\n" + body).encode()


def arrived(*lines, **more):
    """What it says."""
    data = invite(*lines, **more)
    message = read_message(data)
    assert isinstance(message, Request)
    return arrival_of(message, data, "192.0.2.1:5060", "UDP")


@pytest.mark.parametrize(
    ("target", "line"),
    [
        ("urn:service:sos", "911"), ("urn:service:sos.fire", "911"), ("URN:SERVICE:SOS.police", "911"),
        ("sip:911@psap.example", "911"), ("tel:911", "911"), ("sip:9911@psap.example", "911"), ("tel:112", "911"),
        ("sip:sos@psap.example", "911"), ("urn:service:test.sos", "test"), ("urn:service:test.sos.fire", "test"),
        ("sip:+12255550100@psap.example", "admin"), ("urn:service:counseling", "admin"), ("sip:psap.example", "admin"),
        ("sip:9110@psap.example", "admin"), ("nonsense", "admin"),
    ],
)  # fmt: skip
def test_lines_are_told_apart_by_who_was_called(target, line):
    """911 by service or by digits, also by whoever dials a 9 first; a test call is none of them."""
    assert line_of(target) == line


def test_a_circle_is_a_circle_and_never_a_pin():
    """Its radius is rounded up to whole metres; the way and the method stay with it."""
    assert arrived(body=LO.format(CIRCLE, "Cell")).fixes == (
        Fix(x=-911_871_000, y=304_515_000, radius_m=850, shape="circle", method="Cell"),
    )


def test_the_uncertainty_of_a_point_is_unsaid():
    """Which is not none."""
    [fix] = arrived(body=LO.format(POINT, "GPS")).fixes
    assert (fix.shape, fix.radius_m) == ("point", None)


def test_an_address_is_one_line_with_the_floor():
    """With a shape beside it, both are of one place."""
    [fix] = arrived(body=LO.format(CIVIC + POINT, "Manual")).fixes
    assert (fix.text, fix.municipality) == ("1200 N Main St, floor 3, Baton Rouge", "Baton Rouge")
    assert fix.x == -911_871_000


def test_a_reference_is_kept_as_one():
    """Nobody has looked there yet: it has no place."""
    [fix] = arrived("Geolocation: <https://lis.example/token>", kind="text/plain").fixes
    assert fix == Fix(uri="https://lis.example/token")


def test_the_network_s_word_on_who_calls_goes_before_the_caller_s():
    """And a withheld number is none."""
    asserted = arrived('P-Asserted-Identity: "Ann" <tel:+1-225-555-0142>')
    assert (asserted.number, asserted.name, asserted.claimed) == ("+12255550142", "Ann", "+1225")
    assert (arrived().number, arrived().claimed) == ("+1225", None)
    anonymous = invite().replace(b"sip:+1225@c.example", b"sip:anonymous@anonymous.invalid")
    assert arrival_of(read_message(anonymous), anonymous, "x:1", "UDP").number == ""


def test_ids_are_taken_where_they_come_and_a_broken_one_is_flagged():
    """None is invented here; what cannot be read is still in the message."""
    urn = "urn:emergency:uid:callid:a56e556d8711001:bcf.example.com"
    good = arrived(f"Call-Info: <{urn}>;purpose=emergency-CallId")
    assert (good.call_urn, good.incident_urn, good.minted) == (urn, "", ())
    bad = arrived("Call-Info: <urn:emergency:uid:callid:short:bcf.example.com>;purpose=emergency-CallId")
    assert bad.call_urn == ""
    assert any("Call-Info" in flag for flag in bad.flags)
    assert "callid:short" in bad.message


BOMB = (
    '<?xml version="1.0"?><!DOCTYPE a [<!ENTITY b "' + "x" * 100 + '">'
    + "".join(f'<!ENTITY b{n} "{("&b" + (str(n - 1) if n else "") + ";") * 10}">' for n in range(9))
    + "]><presence>&b8;</presence>"
)  # fmt: skip


@pytest.mark.parametrize("body", [BOMB, "<presence", "", LO.format("<gml:Point/>", "x"), "\x00" * 50, "<a>" * 5_000])
def test_a_location_that_cannot_be_read_costs_itself(body):
    """A bomb, a torn document, nothing, a shape without a position: the call arrives, flagged where there was one."""
    got = arrived("Geolocation: <cid:none@example>", body=body)
    assert (got.line, got.number, got.fixes) == ("911", "+1225", ())
    assert 0 < len(got.flags) <= MOST_FLAGS


@given(st.binary(max_size=400))
def test_whatever_the_body_is_every_byte_is_kept(body):
    """The message comes back from the journal as it arrived."""
    data = invite(kind="multipart/mixed;boundary=b") + body
    got = arrival_of(read_message(data), data, "x:1", "UDP")
    assert got.message.encode("latin-1") == data


def test_the_languages_of_a_caller_come_with_the_call():
    """The offer says them (RFC 8373); one that cannot be read costs only them."""
    offer = "v=0\r\no=- 1 1 IN IP4 192.0.2.9\r\ns=-\r\nt=0 0\r\nm=audio 6000 RTP/AVP 0\r\na=hlang-recv:es en *\r\n"
    assert arrived(body=offer, kind="application/sdp").languages == ("es", "en")
    assert arrived(body="v=1", kind="application/sdp").languages == ()
