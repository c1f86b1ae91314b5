"""Messages of MSRP on a stream: what is written is read, however it is cut; what cannot be is refused, nothing more."""

from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from redstick.protocols.faults import Malformed
from redstick.protocols.msrp.messages import ABORTED, MORE, WHOLE, Frames, Request, Response, write_message
from redstick.protocols.msrp.uris import MsrpUri, read_path, read_uri

NAME = st.from_regex(r"[A-Za-z0-9][A-Za-z0-9.\-+%=]{3,31}", fullmatch=True)
VALUE = st.text(st.characters(codec="utf-8", categories=("L", "N", "P")), max_size=30)
HEADERS = st.lists(st.tuples(st.sampled_from(["To-Path", "From-Path", "Message-ID", "X-More"]), VALUE), max_size=5)
REQUESTS = st.builds(
    Request, transaction=NAME, method=st.sampled_from(["SEND", "REPORT", "NICKNAME"]), headers=HEADERS.map(tuple),
    body=st.none() | st.binary(max_size=200), flag=st.sampled_from([WHOLE, MORE, ABORTED]),
)  # fmt: skip
RESPONSES = st.builds(
    Response, transaction=NAME, headers=HEADERS.map(tuple), code=st.integers(100, 999),
    comment=st.sampled_from(["OK", "", "Unsupported Media Type"]),
)  # fmt: skip
SEND = (
    b"MSRP a786hjs2 SEND\r\nTo-Path: msrp://biloxi.example.com:12763/kjhd37s2s20w2a;tcp\r\n"
    b"From-Path: msrp://atlanta.example.com:7654/jshA7weztas;tcp\r\nMessage-ID: 87652491\r\nByte-Range: 1-25/25\r\n"
    b"Content-Type: text/plain\r\n\r\nHey Bob, are you there?\r\n\r\n-------a786hjs2$\r\n"
)


@given(st.lists(REQUESTS | RESPONSES, max_size=5), st.lists(st.integers(1, 40), max_size=30))
def test_what_is_written_is_read_however_the_stream_is_cut(messages, cuts):
    """Bodies that look like heads, ends or other messages too."""
    data = b"".join(map(write_message, messages))
    frames, read = Frames(), []
    for length in cuts:
        read += frames.feed(data[:length])
        data = data[length:]
    assert [*read, *frames.feed(data)] == messages


@given(st.binary(max_size=400))
def test_any_bytes_are_read_or_refused(data):
    """Nothing else is raised."""
    with suppress(Malformed):
        Frames().feed(data)


@given(st.data())
def test_a_message_that_is_damaged_is_read_or_refused(data):
    """One octet of a true message is another, or gone, or there twice."""
    at = data.draw(st.integers(0, len(SEND) - 1))
    put = data.draw(st.binary(max_size=2))
    with suppress(Malformed):
        Frames().feed(SEND[:at] + put + SEND[at + 1 :])


def test_the_example_of_the_standard_is_read():
    """RFC 4975 section 4: its headers, its body without the line end before the last line."""
    [read] = Frames().feed(SEND)
    assert (read.method, read.transaction, read.flag) == ("SEND", "a786hjs2", WHOLE)
    assert (read.first("message-id"), read.body) == ("87652491", b"Hey Bob, are you there?\r\n")


def test_a_body_that_ends_like_another_message_goes_on():
    """Only the line with the own name and a flag ends it."""
    body = b"x\r\n-------other$\r\n-------a786hjs2!\r\n-------a786hjs2$ \r\n"
    [read] = Frames().feed(SEND.replace(b"Hey Bob, are you there?\r\n", body))
    assert read.body == body


@pytest.mark.parametrize(
    "data",
    [
        b"SIP/2.0 200 OK\r\n\r\n",
        b"x" * 400,
        b"MSRP ab SEND\r\n",
        b"MSRP abcd send\r\n-------abcd$\r\n",
        b"MSRP abcd SEND\r\nno header\r\n-------abcd$\r\n",
        b"MSRP abcd SEND\r\n" + b"X: y\r\n" * 61 + b"-------abcd$\r\n",
        b"MSRP abcd SEND\r\n\r\n" + b"z" * (256 << 10),
    ],
)
def test_what_is_no_stream_of_messages_is_refused(data):
    """By its first line, a line that is no header, or its length."""
    with pytest.raises(Malformed):
        Frames().feed(data)


@pytest.mark.parametrize(
    "message",
    [
        Request(transaction="abcd", method="SEND", headers=(("X", "a\r\nb"),)),
        Request(transaction="abcd", method="SEND", body=b"-------abcd"),
    ],
)
def test_what_would_break_out_is_not_written(message):
    """A line break in a header; a body with its own end in it."""
    with pytest.raises(ValueError, match="MSRP"):
        write_message(message)


@pytest.mark.parametrize("secure", [False, True])
def test_an_address_is_read_as_it_is_written(secure):
    """Scheme, host in any case, port, and the name of the session as it is written."""
    uri = MsrpUri("host.example", 7654, "jshA7weztas", secure)
    assert read_uri(str(uri).replace("host.example", "Host.Example")) == uri
    assert read_path(f"{uri} {uri}") == (uri, uri)
    assert read_uri("msrp://alice@192.0.2.1/x%20y;tcp;more").port == 2855


@pytest.mark.parametrize(
    "text",
    ["", "http://a/b;tcp", "msrp://a:99999/b;tcp", "msrp://a:1/b", "msrp://a:0/b;tcp", "msrp://a/;tcp", "x" * 400],
)
def test_what_is_no_address_is_refused(text):
    """And a path of too many is none."""
    with pytest.raises(Malformed):
        read_uri(text)
    with pytest.raises(Malformed):
        read_path(" ".join(["msrp://a:1/b;tcp"] * 17))


@given(st.text(max_size=80))
def test_any_text_is_an_address_or_refused(text):
    """Nothing else is raised."""
    with suppress(Malformed):
        read_uri(text)
