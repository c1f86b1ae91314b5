"""Session descriptions: read as they are written, refused with a place, answered by the rules of RFC 3264."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from redstick.protocols.faults import Malformed
from redstick.protocols.sdp.answering import (
    MSRP,
    PSAP_AUDIO,
    PSAP_TEXT,
    PSAP_VIDEO,
    REVERSED,
    Local,
    answer_to,
    offer_of,
)
from redstick.protocols.sdp.codecs import codecs_of
from redstick.protocols.sdp.session import DIRECTIONS, Media, Origin, Session, read_sdp, write_sdp

TOKEN = st.text("abcdefg-0123", min_size=1, max_size=8)
VALUE = st.text(st.characters(codec="utf-8", exclude_characters="\r\n"), max_size=20)
ATTRIBUTES = st.lists(st.tuples(TOKEN, st.none() | VALUE), max_size=4).map(tuple)
CONNECTION = st.sampled_from([None, ("IP4", "192.0.2.7"), ("IP6", "2001:db8::1")])
MEDIA = st.builds(
    Media, kind=st.sampled_from(["audio", "video", "text", "message"]), port=st.integers(0, 65_535),
    transport=st.sampled_from(["RTP/AVP", "UDP/TLS/RTP/SAVPF", "TCP/MSRP"]),
    formats=st.lists(st.sampled_from(["0", "8", "96", "*"]), min_size=1, max_size=3).map(tuple),
    ports=st.integers(1, 4), connection=CONNECTION, attributes=ATTRIBUTES,
    other=st.sampled_from([(), ("b=AS:64",), ("i=voice", "b=AS:64")]),
)  # fmt: skip
SESSIONS = st.builds(
    Session, origin=st.just(Origin("-", "1", "2", "IP4", "192.0.2.7")), name=VALUE.filter(bool), connection=CONNECTION,
    attributes=ATTRIBUTES,
    media=st.lists(MEDIA, max_size=4).map(tuple), other=st.sampled_from([("t=0 0",), ("i=x", "b=AS:9", "t=0 0")]),
)  # fmt: skip
ORIGIN, HERE = Origin("-", "1", "1", "IP4", "192.0.2.1"), ("IP4", "192.0.2.1")
CALLER = (
    b"v=0\r\no=- 1 1 IN IP4 192.0.2.9\r\ns=-\r\nc=IN IP4 192.0.2.9\r\nt=0 0\r\n"
    b"m=audio 6000 RTP/AVP 18 0 8 96\r\na=rtpmap:96 telephone-event/8000\r\na=fmtp:96 0-15\r\na=label:audio1\r\n"
    b"m=video 6002 RTP/AVP 99 31\r\na=rtpmap:99 H264/90000\r\na=fmtp:99 profile-level-id=42800c\r\n"
    b"m=text 6004 RTP/AVP 98 97\r\na=rtpmap:98 t140/1000\r\na=rtpmap:97 red/1000\r\na=fmtp:97 98/98/98\r\n"
    b"m=application 6006 RTP/AVP 100\r\na=rtpmap:100 H224/4800\r\n"
)
OURS = {
    0: Local(port=7000, codecs=PSAP_AUDIO), 1: Local(port=7002, codecs=PSAP_VIDEO),
    2: Local(port=7004, codecs=PSAP_TEXT), 3: Local(port=7006, codecs=PSAP_AUDIO),
}  # fmt: skip


@given(SESSIONS)
def test_a_description_comes_back_as_it_was_written(session):
    """Every line, in its order."""
    assert read_sdp(write_sdp(session)) == session


@given(st.binary(max_size=200) | st.binary(max_size=100).map(lambda tail: CALLER[:160] + tail))
def test_any_bytes_are_a_description_or_a_refusal_that_names_its_place(data):
    """And whatever was read can be asked for its codecs, and answered."""
    try:
        session = read_sdp(data)
    except Malformed as malformed:
        session = malformed.faults[0].place
    assert session
    if isinstance(session, Session):
        answer_to(session, OURS, ORIGIN, HERE)


def test_what_a_psap_must_take_is_taken():
    """PCMU and PCMA, H.264, T.140 with its redundancy; tones by the payload type that was offered; labels said back."""
    answer = answer_to(read_sdp(CALLER), OURS, ORIGIN, HERE)
    audio, video, text, other = answer.media
    assert (audio.port, audio.formats, audio.first("label")) == (7000, ("0", "8", "96"), "audio1")
    assert (video.formats, video.first("fmtp")) == (("99",), "99 profile-level-id=42800c")
    assert (text.formats, text.all("rtpmap")) == (("98", "97"), ["98 t140/1000", "97 red/1000"])
    assert (other.port, other.kind) == (0, "application")
    assert write_sdp(answer).count(b"m=") == 4


@given(SESSIONS, st.sampled_from(DIRECTIONS))
def test_an_answer_has_every_stream_in_its_place_and_says_nothing_that_was_not_offered(offer, wanted):
    """As many streams, of the same kinds and transports, with formats of the offer only; never more than asked."""
    ours = {index: Local(port=7000, codecs=PSAP_AUDIO, direction=wanted) for index in range(8)}
    answer = answer_to(offer, ours, ORIGIN, HERE)
    assert [(m.kind, m.transport) for m in answer.media] == [(m.kind, m.transport) for m in offer.media]
    for theirs, mine in zip(offer.media, answer.media, strict=True):
        assert set(mine.formats) <= set(theirs.formats)
        assert mine.formats
        if theirs.port == 0:
            assert mine.port == 0
        if mine.port and answer.direction(mine) in {"sendrecv", "sendonly"}:
            assert REVERSED[offer.direction(theirs)] in {"sendrecv", "sendonly"}


@pytest.mark.parametrize(
    ("offered", "wanted", "answered"),
    [
        ("sendrecv", "sendrecv", "sendrecv"), ("sendonly", "sendrecv", "recvonly"),
        ("recvonly", "sendrecv", "sendonly"), ("inactive", "sendrecv", "inactive"),
        ("sendrecv", "sendonly", "sendonly"), ("sendonly", "sendonly", "inactive"),
    ],
)  # fmt: skip
def test_directions_are_turned_round_and_narrowed(offered, wanted, answered):
    """RFC 3264 section 6.1."""
    offer = read_sdp(CALLER.replace(b"a=label:audio1", f"a={offered}".encode()))
    answer = answer_to(offer, {0: Local(port=7000, codecs=PSAP_AUDIO, direction=wanted)}, ORIGIN, HERE)
    assert answer.direction(answer.media[0]) == answered


def test_hold_is_seen_in_both_of_its_forms():
    """By direction, and by the all-zero address of RFC 2543."""
    held = read_sdp(CALLER.replace(b"a=label:audio1", b"a=sendonly"))
    older = read_sdp(CALLER.replace(b"c=IN IP4 192.0.2.9", b"c=IN IP4 0.0.0.0"))
    plain = read_sdp(CALLER)
    assert held.is_held(held.media[0])
    assert older.is_held(older.media[0])
    assert not plain.is_held(plain.media[0])


def test_a_browser_is_answered_with_its_roles_turned_round():
    """ICE and the fingerprint are the engine's lines; actpass is answered active; the bundle keeps what was taken."""
    browser = read_sdp(
        b"v=0\r\no=- 1 1 IN IP4 127.0.0.1\r\ns=-\r\nt=0 0\r\na=group:BUNDLE 0 1\r\n"
        b"m=audio 9 UDP/TLS/RTP/SAVPF 111 0\r\nc=IN IP4 0.0.0.0\r\na=mid:0\r\na=setup:actpass\r\na=rtcp-mux\r\n"
        b"a=fingerprint:sha-256 AA:BB\r\na=ice-ufrag:u\r\na=rtpmap:111 opus/48000/2\r\n"
        b"m=video 9 UDP/TLS/RTP/SAVPF 96\r\na=mid:1\r\na=rtpmap:96 AV1/90000\r\n"
    )
    ours = Local(port=9, codecs=PSAP_AUDIO, attributes=(("fingerprint", "sha-256 CC:DD"), ("ice-ufrag", "v")))
    answer = answer_to(browser, {0: ours, 1: Local(port=9, codecs=PSAP_VIDEO)}, ORIGIN, HERE, "ice-lite")
    audio, video = answer.media
    assert (audio.first("setup"), audio.first("fingerprint"), audio.first("ice-ufrag")) == (
        "active",
        "sha-256 CC:DD",
        "v",
    )
    assert audio.first("rtcp-mux") == ""
    assert (answer.all("group"), answer.all("ice-lite"), video.port) == (["BUNDLE 0"], [""], 0)


def test_a_message_session_is_taken_where_we_speak_it():
    """MSRP keeps its formats; our path is the engine's line (RFC 4975)."""
    offer = read_sdp(
        b"v=0\r\no=- 1 1 IN IP4 192.0.2.9\r\ns=-\r\nc=IN IP4 192.0.2.9\r\nt=0 0\r\nm=message 7654 TCP/MSRP *\r\n"
        b"a=accept-types:text/plain\r\na=path:msrp://192.0.2.9:7654/x;tcp\r\n"
    )
    ours = Local(
        port=2855, transports=MSRP, attributes=(("accept-types", "text/plain"), ("path", "msrp://h:2855/y;tcp"))
    )
    [taken] = answer_to(offer, {0: ours}, ORIGIN, HERE).media
    assert (taken.port, taken.formats, taken.first("path")) == (2855, ("*",), "msrp://h:2855/y;tcp")
    assert answer_to(offer, {0: Local(port=1, codecs=PSAP_TEXT)}, ORIGIN, HERE).media[0].port == 0


def test_tones_alone_are_no_voice():
    """A stream whose only common format is telephone-event or comfort noise is declined."""
    offer = read_sdp(CALLER.replace(b"18 0 8 96", b"18 96"))
    assert answer_to(offer, OURS, ORIGIN, HERE).media[0].port == 0


def test_an_offer_of_ours_says_what_it_carries():
    """Audio with tones, text with redundancy; it reads back, and the other side can answer it."""
    offer = offer_of(
        [("audio", "RTP/AVP", Local(port=7000, codecs=PSAP_AUDIO)),
         ("text", "RTP/AVP", Local(port=7004, codecs=PSAP_TEXT))],
        ORIGIN, HERE,
    )  # fmt: skip
    read = read_sdp(write_sdp(offer))
    assert read == offer
    assert [codec.name for codec in codecs_of(read.media[0])] == ["opus", "G722", "PCMU", "PCMA", "telephone-event"]
    assert read.media[1].first("fmtp") == "97 96/96/96"
    assert all(media.port for media in answer_to(read, OURS | {1: OURS[2]}, ORIGIN, HERE).media)


@pytest.mark.parametrize(
    ("change", "place"),
    [
        ((b"m=audio 6000", b"m=audio 600000"), "sdp line 6"), ((b"c=IN IP4 192.0.2.9", b"c=IP4"), "sdp line 4"),
        ((b"v=0", b"w=0"), "sdp line 1"), ((b"RTP/AVP 18 0 8 96", b"RTP/AVP"), "sdp line 6"),
    ],
)  # fmt: skip
def test_what_would_be_a_call_without_a_voice_is_refused_by_its_line(change, place):
    """A media or connection line that cannot be read."""
    with pytest.raises(Malformed) as caught:
        read_sdp(CALLER.replace(*change))
    assert caught.value.faults[0].place == place


def test_a_formality_costs_no_call():
    """Without a name, without a time, with a line that is none: named, and the streams are there."""
    session = read_sdp(CALLER.replace(b"s=-\r\n", b"").replace(b"t=0 0\r\n", b"nonsense\r\n"))
    assert {fault.place for fault in session.faults} == {"sdp", "sdp line 4"}
    assert len(session.media) == 4


def test_the_sdp_of_published_scenarios_is_read(third_party):
    """Every description of the torture messages that is one is read, or refused by its line."""
    folder = third_party("sip/rfc4475")
    found = [path.read_bytes().partition(b"\r\n\r\n")[2] for path in sorted(folder.glob("*.dat"))]
    bodies = [body for body in found if body.startswith(b"v=0")]
    assert len(bodies) > 15
    for body in bodies:
        assert read_sdp(body).of("audio")
