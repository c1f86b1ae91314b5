"""Captures: packets as they were put in, messages whole however they were cut, any bytes read or refused."""

import struct

from hypothesis import given
from hypothesis import strategies as st

from redstick.protocols.captures.packets import TCP, UDP, read_capture
from redstick.protocols.captures.rtp import read_rtp
from redstick.protocols.captures.spoken import spoken_in
from redstick.protocols.faults import Malformed

BYE = b"BYE sip:a@b SIP/2.0\r\nCall-ID: c\r\nl: 2\r\n\r\nhi"
OK = b"HTTP/1.1 200 OK\r\nContent-Length: 3\r\n\r\nyes"


def frame(protocol, payload, sequence=0, ports=(5060, 5070)):
    """An IPv4 packet from 10.0.0.1 to 10.0.0.2."""
    if protocol == UDP:
        inner = struct.pack(">HHHH", *ports, 8 + len(payload), 0) + payload
    else:
        inner = struct.pack(">HHIIBBHHH", *ports, sequence, 0, 0x50, 0, 0, 0, 0) + payload
    head = struct.pack(">BBHHHBBH", 0x45, 0, 20 + len(inner), 0, 0, 64, protocol, 0)
    return head + bytes([10, 0, 0, 1]) + bytes([10, 0, 0, 2]) + inner


def capture(frames, order="<", link=101):
    """A file of libpcap with frames a second apart."""
    data = struct.pack(f"{order}IHHiIII", 0xA1B2C3D4, 2, 4, 0, 0, 65_535, link)
    for number, one in enumerate(frames):
        data += struct.pack(f"{order}IIII", number, 0, len(one), len(one)) + one
    return data


def capture_ng(frames):
    """The same as pcapng."""

    def block(kind, body):
        body += b"\0" * (-len(body) % 4)
        return struct.pack("<II", kind, len(body) + 12) + body + struct.pack("<I", len(body) + 12)

    data = block(0x0A0D0D0A, struct.pack("<IHHq", 0x1A2B3C4D, 1, 0, -1)) + block(1, struct.pack("<HHI", 101, 0, 0))
    for number, one in enumerate(frames):
        data += block(6, struct.pack("<IIIII", 0, 0, number * 1_000_000, len(one), len(one)) + one)
    return data


@given(st.lists(st.binary(min_size=1, max_size=60), max_size=5), st.sampled_from([UDP, TCP]), st.sampled_from("<>"))
def test_packets_come_back_as_they_were_put_in(payloads, protocol, order):
    """In both byte orders and both formats, with ends and times; Ethernet's padding is no payload."""
    frames = [frame(protocol, payload) for payload in payloads]
    ethernet = [b"\0" * 12 + b"\x08\x00" + one + b"\0" * 6 for one in frames]
    for data in (capture(frames, order), capture_ng(frames), capture(ethernet, order, link=1)):
        packets = read_capture(data)
        assert [packet.payload for packet in packets] == payloads
        assert [packet.at for packet in packets] == [1_000 * number for number in range(len(payloads))]
        assert all(packet.source == ("10.0.0.1", 5060) for packet in packets)


@given(st.lists(st.integers(1, 30), max_size=8), st.sampled_from([BYE, OK]))
def test_a_message_is_heard_whole_however_its_segments_were_cut(cuts, message):
    """And a segment that was sent twice is heard once; two messages in one stream are two."""
    data, frames, at = message * 2, [], 0
    for cut in [*cuts, len(data)]:
        if data[at : at + cut]:
            one = frame(TCP, data[at : at + cut], 1_000 + at)
            frames += [one, one]
        at += cut
    said = spoken_in(read_capture(capture(frames)))
    assert b"".join(one.raw for one in said) == data
    if not cuts:
        assert [one.raw for one in said] == [message, message]


def test_a_message_says_what_it_is():
    """SIP is read as SIP, HTTP has its body; over UDP a datagram is a message, and other datagrams are none."""
    said = spoken_in(read_capture(capture([frame(UDP, BYE), frame(UDP, b"\x80noise"), frame(TCP, OK)])))
    assert [(one.kind, one.start) for one in said] == [("sip", "BYE sip:a@b SIP/2.0"), ("http", "HTTP/1.1 200 OK")]
    assert said[0].sip.method == "BYE"
    assert said[1].sip is None
    assert said[1].body == b"yes"


@given(st.binary(max_size=120) | st.binary(max_size=120).map(lambda tail: capture([frame(UDP, BYE)])[:40] + tail))
def test_any_bytes_are_a_capture_or_a_refusal(data):
    """A file that ends within a packet gives what came before."""
    try:
        spoken_in(read_capture(data))
    except Malformed as malformed:
        told = malformed.faults[0].place
        assert told.startswith("capture")


@given(st.binary(max_size=60))
def test_any_datagram_is_rtp_or_is_not(data):
    """What is read lies within it."""
    packet = read_rtp(data)
    assert packet is None or len(packet.payload) + 12 + 4 * len(packet.contributors) <= len(data)


def test_the_header_of_rtp_is_read_with_contributors_extension_and_padding():
    """RFC 3550 section 5.1; RTCP is not taken for it."""
    head = struct.pack(">BBHIIII", 0xB2, 0xE2, 7, 8, 9, 10, 11)
    data = head + struct.pack(">HHI", 0xBEDE, 1, 0) + b"voice" + b"\0\0\3"
    packet = read_rtp(data)
    assert (packet.payload, packet.contributors, packet.marker, packet.payload_type) == (b"voice", (10, 11), True, 98)
    assert read_rtp(b"\x80\xc8" + b"\0" * 20) is None
