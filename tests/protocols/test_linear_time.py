"""Hostile input costs no more than its length: sixteen times the bytes, about sixteen times the work, for each parser.

Work is counted as processor time, and only as a ratio of a small text to one sixteen times as long. A parser that is
quadratic takes 256 times as long. The line is drawn at the middle, 64, so that a machine would have to be four times
slower for one of the two in every round to be taken for either; a planted parser is seen.
"""

import re
import time
from contextlib import suppress

import pytest

from redstick.protocols.ali import read_ali
from redstick.protocols.captures.packets import read_capture
from redstick.protocols.faults import Malformed
from redstick.protocols.geopriv.presence import read_presence
from redstick.protocols.log_events.checking import faults_of
from redstick.protocols.log_events.signing import read_logged
from redstick.protocols.msrp.messages import Frames
from redstick.protocols.msrp.uris import read_path
from redstick.protocols.plain_text import text_of
from redstick.protocols.rtt.redundancy import read_red
from redstick.protocols.sdp.session import read_sdp
from redstick.protocols.sip.bodies import parts_of
from redstick.protocols.sip.checking import Abilities, refusal
from redstick.protocols.sip.digest import read_challenge, read_credentials
from redstick.protocols.sip.headers import read_address, read_kind, read_via
from redstick.protocols.sip.messages import Request
from redstick.protocols.sip.reading import Stream, read_message
from redstick.protocols.sip.uris import read_uri

SMALL, LARGE, MOST_RATIO = 4_000, 64_000, 64
ROUNDS, ROUND_NS = 5, 1_000_000


def message(data):
    """Read and checked as an endpoint does it."""
    request = read_message(data)
    if isinstance(request, Request):
        refusal(request, Abilities(methods=(*Abilities().methods, "REGISTER")))


def with_header(name, value):
    """An INVITE with one more header."""
    head = b"INVITE urn:service:sos SIP/2.0\r\nVia: SIP/2.0/UDP a;branch=z9hG4bK1\r\n"
    return (
        head
        + b"From: <sip:a@b>;tag=1\r\nTo: <sip:a@b>\r\nCall-ID: c\r\nCSeq: 1 INVITE\r\n"
        + name
        + b": "
        + value
        + b"\r\n\r\n"
    )


def body(data):
    """A multipart body taken apart."""
    kind = ("Content-Type", "multipart/mixed;boundary=b")
    parts_of(Request(method="INVITE", uri="urn:service:sos", headers=(kind,), body=data))


def text(read):
    """A parser of texts, fed bytes."""
    return lambda data: read(data.decode())


def stream(data):
    """A stream that comes byte by byte."""
    cut = Stream()
    for index in range(0, len(data), 16):
        cut.feed(data[index : index + 16])


def frames(data):
    """A stream of MSRP that comes bit by bit."""
    cut = Frames(1 << 20)
    for index in range(0, len(data), 16):
        cut.feed(data[index : index + 16])


OPEN = b'<presence xmlns="urn:ietf:params:xml:ns:pidf"><a>'
CASES = {
    "spaces in a start line": (message, lambda n: b"INVITE " + b" " * n + b"SIP/2.0\r\n\r\n"),
    "folds": (message, lambda n: with_header(b"Subject", b"\r\n a" * (n // 4))),
    "many headers": (message, lambda n: b"A b SIP/2.0\r\n" + b"a:b\r\n" * (n // 5)),
    "commas in Contact": (message, lambda n: with_header(b"Contact", b"<sip:a@b>," * (n // 10))),
    "brackets in Contact": (message, lambda n: with_header(b"Contact", b"<" * n)),
    "quotes": (text(lambda t: read_address(t, "To")), lambda n: b'"' + b'\\"' * (n // 2)),
    "open quote": (text(lambda t: read_address(t, "To")), lambda n: b'"' + b"a" * n),
    "semicolons in an address": (text(lambda t: read_address(t, "To")), lambda n: b"<sip:a@b>" + b";a=b" * (n // 4)),
    "spaces in Via": (text(read_via), lambda n: b"SIP" + b" " * n + b"2.0/UDP a"),
    "slashes in Via": (text(read_via), lambda n: b"SIP/2.0/" + b"a" * n),
    "dots in a host": (text(read_uri), lambda n: b"sip:a@" + b"a." * (n // 2) + b"!"),
    "hyphens in a host": (text(read_uri), lambda n: b"sip:a@" + b"a-" * (n // 2) + b"!"),
    "escapes in a user": (text(read_uri), lambda n: b"sip:" + b"%41" * (n // 3) + b"%@b"),
    "a media type": (text(read_kind), lambda n: b"a/b" + b";c=d" * (n // 4)),
    "a challenge": (text(read_challenge), lambda n: b"Digest " + b'a="b",' * (n // 6)),
    "credentials": (text(read_credentials), lambda n: b'Digest a="' + b"\\a" * (n // 2)),
    "boundaries": (body, lambda n: b"--b\r\n" * (n // 5)),
    "nearly boundaries": (body, lambda n: b"\r\n--c" * (n // 5)),
    "a head without end": (stream, lambda n: b"a" * n),
    "a message of MSRP without end": (frames, lambda n: b"MSRP abcd SEND\r\n" + b"a" * n),
    "nearly ends of MSRP": (frames, lambda n: b"MSRP abcd SEND\r\n" + b"\r\n-------abcd" * (n // 13)),
    "many messages of MSRP": (
        lambda data: Frames(1 << 20).feed(data), lambda n: b"MSRP abcd 200\r\n-------abcd$\r\n" * (n // 29)
    ),
    "a path of MSRP": (text(read_path), lambda n: b"msrp://a:1/b;tcp" + b";c" * (n // 2)),
    "an envelope": (lambda data: text_of("message/cpim", data), lambda n: b"a: b\n" * (n // 5)),
    "a media type's charset": (text(lambda t: text_of(t, b"")), lambda n: b"text/plain" + b";a=b" * (n // 4)),
    "blocks of redundancy": (read_red, lambda n: b"\x80\0\0\0" * (n // 4)),
    "sdp attributes": (read_sdp, lambda n: b"v=0\r\n" + b"a=b\r\n" * (n // 5)),
    "sdp formats": (read_sdp, lambda n: b"v=0\r\nm=audio 9 RTP/AVP" + b" 0" * (n // 2)),
    "xml depth": (read_presence, lambda n: b"<a>" * (n // 3)),
    "a ring": (read_presence, lambda n: OPEN + b"1 " * (n // 2) + b"</a></presence>"),
    "json depth": (read_logged, lambda n: b"[" * n),
    "a report on quality": (
        lambda data: faults_of({"mediaQualityStats": data.decode()}), lambda n: b"Jitter:\n" * (n // 8)
    ),
    "ali digits": (read_ali, lambda n: b"1" * min(n // 8, 8_000)),
    "ali names": (read_ali, lambda n: b"1 A " * min(n // 32, 2_000)),
    "a capture": (read_capture, lambda n: b"\xd4\xc3\xb2\xa1" + b"\0" * n),
}  # fmt: skip


def cost(read, data):
    """Processor time of one reading, in nanoseconds: as many of them as a millisecond takes, at least one."""
    readings, begun = 0, time.process_time_ns()
    while (spent := time.process_time_ns() - begun) < ROUND_NS:
        with suppress(Malformed):
            read(data)
        readings += 1
    return spent / readings


def ratio(read, make):
    """How much more sixteen times the bytes cost: the least of each in rounds that take turns."""
    small, large = make(SMALL), make(LARGE)
    rounds = [(cost(read, small), cost(read, large)) for _ in range(ROUNDS)]
    return min(one for _, one in rounds) / min(one for one, _ in rounds)


@pytest.mark.parametrize("name", CASES)
def test_sixteen_times_the_bytes_cost_about_sixteen_times_the_work(name):
    """For each hostile form of input."""
    assert ratio(*CASES[name]) < MOST_RATIO


def test_a_planted_quadratic_parser_is_seen():
    """A pattern that begins anew at each sign."""
    bad = re.compile(rb"a*b")
    assert ratio(bad.search, lambda n: b"a" * (n // 4)) > MOST_RATIO
