"""SIP messages, bodies and streams: what is written is read again, and any bytes are read or refused with a place."""

import pytest
import sipmessage
from hypothesis import given
from hypothesis import strategies as st

from redstick.protocols.faults import Malformed
from redstick.protocols.sip import headers
from redstick.protocols.sip.bodies import Part, parts_of, write_parts
from redstick.protocols.sip.checking import Abilities, discarded, refusal
from redstick.protocols.sip.headers import Address, CSeq, Kind, Via, read_address, read_kind, read_via
from redstick.protocols.sip.messages import Request, Response, answer, with_headers
from redstick.protocols.sip.reading import MOST_HEAD_BYTES, Stream, read_message
from redstick.protocols.sip.uris import Uri, read_uri
from redstick.protocols.sip.writing import write_message

TOKENS = st.text("abcXYZ019-.!%*_+`'~", min_size=1, max_size=12)
VALUES = st.text(st.characters(codec="utf-8", exclude_characters="\r\n", exclude_categories=("Cs",)), max_size=30).map(
    lambda text: text.strip(" \t")
)  # fmt: skip
NAMES = TOKENS.filter(lambda name: name.lower() != "content-length" and len(name) > 1)
HEADERS = st.lists(st.tuples(NAMES, VALUES), max_size=6)
HOSTS = st.sampled_from(["psap.example", "192.0.2.7", "[2001:db8::1]", "a-b.example.com"])
PORTS = st.none() | st.integers(0, 65_535)
PARAMETERS = st.lists(
    st.tuples(st.from_regex(r"p[a-z0-9.-]{0,6}", fullmatch=True), st.none() | st.sampled_from(["v", "1.2", "x-y"])),
    max_size=3,
).map(tuple)  # fmt: skip
URIS = st.one_of(
    st.builds(
        lambda scheme, user, host, port, parameters: Uri(
            scheme=scheme, user=user, host=host, port=port, parameters=parameters
        ),
        st.sampled_from(["sip", "sips"]), st.none() | st.sampled_from(["911", "a.b", "x%20y", "+12255550100;npdi"]),
        HOSTS, PORTS, PARAMETERS,
    ),
    st.sampled_from(["urn:service:sos", "urn:service:test.sos", "tel:+1-225-555-0100", "isbn:298"]).map(read_uri),
)  # fmt: skip
INVITE = (
    b"INVITE urn:service:sos SIP/2.0\r\nVia: SIP/2.0/UDP 192.0.2.7;branch=z9hG4bKa\r\nFrom: <sip:a@b.example>;tag=1\r\n"
    b"To: <urn:service:sos>\r\nCall-ID: c\r\nCSeq: 1 INVITE\r\nContent-Length: 0\r\n\r\n"
)


def read_or_place(read, data):
    """What was read, or the place that a refusal names."""
    try:
        return read(data)
    except Malformed as malformed:
        return malformed.faults[0].place


@given(NAMES, URIS, HEADERS, st.binary(max_size=60))
def test_a_request_comes_back_as_it_was_written(method, uri, given_headers, body):
    """Start line, headers in order, body: all as before, with a true Content-Length."""
    request = Request(method=method, uri=str(uri), headers=tuple(given_headers), body=body)
    wanted = with_headers(request.headers, "Content-Length", str(len(body)))
    read = read_message(write_message(request))
    assert (read.method, read.uri, read.headers, read.body, read.faults) == (method, str(uri), wanted, body, ())


@given(st.integers(100, 699), VALUES, HEADERS, st.binary(max_size=60))
def test_a_response_comes_back_as_it_was_written(code, reason, given_headers, body):
    """Code, reason, headers, body."""
    read = read_message(write_message(Response(code=code, reason=reason, headers=tuple(given_headers), body=body)))
    assert isinstance(read, Response)
    assert (read.code, read.reason, read.body) == (code, reason.strip(), body)


@given(URIS)
def test_a_uri_comes_back_as_it_was_written(uri):
    """Of whatever scheme."""
    assert read_uri(str(uri)) == uri


@given(URIS, st.text('abc "\\é', max_size=10).map(str.strip), PARAMETERS)
def test_an_address_comes_back_as_it_was_written(uri, display, parameters):
    """With its display name, whatever stands in it, and its parameters."""
    assert read_address(str(Address(uri, display, parameters)), "To") == Address(uri, display, parameters)


@given(st.sampled_from(["UDP", "TCP", "TLS", "WSS"]), HOSTS, PORTS, PARAMETERS)
def test_a_via_comes_back_as_it_was_written(transport, host, port, parameters):
    """With its parameters."""
    assert read_via(str(Via(transport, host, port, parameters))) == Via(transport, host, port, parameters)


@given(st.binary(max_size=300) | st.binary(max_size=200).map(lambda tail: INVITE[:40] + tail))
def test_any_bytes_are_a_message_or_a_refusal_that_names_its_place(data):
    """And a message that was read is served, refused or dropped: nothing else ever comes of it."""
    message = read_or_place(read_message, data)
    if isinstance(message, str):
        assert message
        return
    parts_of(message)
    if isinstance(message, Request):
        refused = refusal(message, Abilities())
        assert refused is None or (refused.fault.place and 400 <= refused.code < 600)
    else:
        discarded(message)


@given(st.data())
def test_a_message_with_one_byte_changed_is_still_read_or_refused(data):
    """At every place, by every byte."""
    index, byte = data.draw(st.integers(0, len(INVITE) - 1)), data.draw(st.integers(0, 255))
    changed = INVITE[:index] + bytes([byte]) + INVITE[index + 1 :]
    message = read_or_place(read_message, changed)
    assert message
    if isinstance(message, Request):
        refusal(message, Abilities())


@given(st.text(max_size=40))
def test_any_text_is_a_header_value_or_a_refusal(text):
    """Via, address, media type and URI never fail otherwise."""
    for read in (read_via, lambda said: read_address(said, "To"), read_kind, read_uri):
        assert read_or_place(read, text)


def test_another_implementation_reads_what_we_write():
    """sipmessage, by other hands, finds the same values in an INVITE of ours."""
    request = Request(
        method="INVITE",
        uri="sip:psap@example.com",
        headers=(
            ("Via", str(Via("UDP", "192.0.2.7", 5060, (("branch", "z9hG4bKx"), ("rport", None))))),
            ("From", str(Address(read_uri("sip:+12255550100@example.com"), 'The "Caller"', (("tag", "a1"),)))),
            ("To", str(Address(read_uri("sip:psap@example.com")))),
            ("Call-ID", "call-1"),
            ("CSeq", str(CSeq(7, "INVITE"))),
            ("Contact", "<sip:a@192.0.2.7:5060;transport=udp>"),
            ("Content-Type", str(Kind("application/sdp"))),
        ),
        body=b"v=0\r\n",
    )
    read = sipmessage.Message.parse(write_message(request))
    assert (read.method, read.call_id, read.cseq.sequence, read.body) == ("INVITE", "call-1", 7, b"v=0\r\n")
    assert (read.via[0].host, read.via[0].parameters["branch"]) == ("192.0.2.7", "z9hG4bKx")
    assert (read.from_address.name, read.from_address.parameters["tag"]) == ('The "Caller"', "a1")
    assert read.contact[0].uri.parameters["transport"] == "udp"
    assert read.content_length == 5


def test_an_emergency_call_is_served_and_its_service_known():
    """`urn:service:sos.fire` in the Request-URI, whatever the case."""
    assert refusal(read_message(INVITE), Abilities()) is None
    assert read_uri("URN:SERVICE:sos.Fire").service == "sos.fire"
    assert read_uri("sip:911@psap.example").service is None
    assert read_uri("tel:+1-225-555-0100").number == "+12255550100"
    assert read_uri("sip:+12255550100@psap.example;user=phone").number == "+12255550100"


def test_one_bad_line_costs_that_line_and_not_the_call():
    """The rest of the message stands, and the line is named."""
    message = read_message(INVITE.replace(b"Call-ID", b"no header here\r\nCall-ID"))
    assert message.first("Call-ID") == "c"
    assert message.faults[0].place == "line 5"
    assert refusal(message, Abilities()) is None


@pytest.mark.parametrize(
    ("data", "place"),
    [
        (b"\r\n\r\n", "start line"),
        (b"x" * (300 << 10), "message"),
        (b"A b SIP/2.0\r\n" + b"x: y\r\n" * 500 + b"\r\n", "headers"),
        (b"A b SIP/2.0\r\nx: " + b"y" * (65 << 10) + b"\r\n\r\n", "headers"),
        (b"SIP/2.0 99 x\r\n\r\n", "start line"),
        (b"GET / HTTP/1.1\r\n\r\n", "start line"),
    ],
)
def test_what_is_no_message_is_refused_with_its_place(data, place):
    """A keep-alive, another protocol, and whatever goes beyond a limit."""
    with pytest.raises(Malformed) as caught:
        read_message(data)
    assert caught.value.faults[0].place == place


def test_a_line_break_cannot_be_smuggled_into_a_header():
    """A value with a line break is refused when it is written."""
    with pytest.raises(ValueError, match="line break"):
        write_message(Response(code=200, headers=(("Subject", "a\r\nVia: evil"),)))


def test_the_answer_to_a_broken_request_invents_nothing():
    """What the request lacks the answer lacks too; a tag is put on a To that has none, once."""
    request = read_message(INVITE)
    said = answer(request, 400, "Bad", tag="t")
    assert said.first("To") == "<urn:service:sos>;tag=t"
    assert answer(said_as_request(said), 400, "Bad", tag="u").first("To") == "<urn:service:sos>;tag=t"
    assert answer(Request(method="A", uri="b"), 400, "Bad").headers == ()


def said_as_request(response):
    """A request with the headers of a response."""
    return Request(method="INVITE", uri="sip:a@b", headers=response.headers)


@given(st.lists(st.integers(1, 40), max_size=30), st.integers(1, 4))
def test_a_stream_is_cut_into_the_same_messages_however_it_is_chopped(cuts, count):
    """And keep-alives between them are dropped."""
    message = INVITE.replace(b"Content-Length: 0", b"l: 5") + b"hello"
    data, stream, found = b"\r\n\r\n".join([message] * count), Stream(), []
    for cut in [*cuts, len(data)]:
        found += stream.feed(data[:cut])
        data = data[cut:]
    assert found == [message] * count


@pytest.mark.parametrize(
    "data", [b"A b SIP/2.0\r\nx: y\r\n\r\n", b"A b SIP/2.0\r\nl: -1\r\n\r\n", b"x" * (MOST_HEAD_BYTES + 1)]
)
def test_a_stream_that_cannot_be_cut_is_refused(data):
    """No length, a false length, a head without end: whoever owns the connection closes it."""
    with pytest.raises(Malformed):
        Stream().feed(data)


PARTS = st.lists(
    st.builds(
        lambda name, ident, body: Part(Kind(name), body, (("Content-Type", name), ("Content-ID", f"<{ident}>"))),
        st.sampled_from(["application/sdp", "application/pidf+xml"]), st.text("abc@.", min_size=1, max_size=8),
        st.binary(max_size=40).filter(lambda body: b"--edge" not in body),
    ),
    min_size=1, max_size=4,
).map(tuple)  # fmt: skip


@given(PARTS)
def test_parts_come_back_as_they_were_written(parts):
    """Every byte of every part, in order, found by Content-ID."""
    kind, body = write_parts(parts, "edge")
    read = parts_of(Request(method="INVITE", uri="urn:service:sos", headers=(("Content-Type", kind),), body=body))
    assert read.parts == parts
    assert read.faults == ()
    assert read.by_id(f"cid:{parts[0].id}") == parts[0]


def nested(depth):
    """Multipart in multipart, with one text at the bottom."""
    kind, body = "text/plain", b"deep"
    for level in range(depth):
        kind, body = (
            f"multipart/mixed;boundary=b{level}",
            (f"--b{level}\r\nContent-Type: {kind}\r\n\r\n".encode() + body + f"\r\n--b{level}--\r\n".encode()),
        )
    return Request(method="INVITE", uri="urn:service:sos", headers=(("Content-Type", kind),), body=body)


def test_nested_parts_are_found_and_too_deep_ones_flagged():
    """Three levels are read; a hundred cost a flag, not the call."""
    assert [part.body for part in parts_of(nested(3)).parts] == [b"deep"]
    too_deep = parts_of(nested(20))
    assert too_deep.parts == ()
    assert too_deep.faults[0].place.startswith("body/1")


def test_what_is_broken_in_a_body_is_flagged_and_the_rest_is_there():
    """No closing boundary, line feeds alone, a part without headers: the SDP is still found."""
    body = b"--x\nContent-Type: application/sdp\n\nv=0\n--x\n\nplain\n--x\nContent-Type: nonsense\n\nz"
    kind = ("Content-Type", "multipart/mixed; boundary=x")
    read = parts_of(Request(method="INVITE", uri="urn:service:sos", headers=(kind,), body=body))
    assert [(part.kind.name, part.body) for part in read.parts] == [
        ("application/sdp", b"v=0"),
        ("text/plain", b"plain"),
    ]
    assert {fault.place for fault in read.faults} == {"body", "body/3 (Content-Type)"}


def test_values_on_one_line_are_taken_apart_outside_of_quotes_and_brackets():
    """A comma in a display name or in a URI parts nothing."""
    request = Request(method="A", uri="b", headers=(("Contact", '"a, b" <sip:x,y@z>, <sip:q@r>'),))
    assert headers.values(request, "contact") == ['"a, b" <sip:x,y@z>', "<sip:q@r>"]
