"""Languages of a call (RFC 8373). Each test states one fact."""

from hypothesis import given
from hypothesis import strategies as st

from redstick.protocols.sdp.languages import MOST, languages_of
from redstick.protocols.sdp.session import read_sdp

HEAD = "v=0\r\no=- 1 1 IN IP4 192.0.2.9\r\ns=-\r\nc=IN IP4 192.0.2.9\r\nt=0 0\r\n"
AUDIO, TEXT = "m=audio 6000 RTP/AVP 0\r\n", "m=text 6002 RTP/AVP 98\r\n"
TAG = st.from_regex(r"[a-z]{2,3}(-[A-Z]{2})?", fullmatch=True)


def spoken(*lines):
    """The languages of a description."""
    return languages_of(read_sdp((HEAD + "".join(lines)).encode()))


def test_what_the_caller_speaks_comes_first_in_the_order_of_their_wish():
    """Then what they understand besides; each tag once."""
    assert spoken(AUDIO, "a=hlang-send:es eu en\r\n", "a=hlang-recv:en es fr *\r\n") == ("es", "eu", "en", "fr")


def test_every_stream_counts_but_a_declined_one():
    """Who speaks one language may write another; a stream with port 0 is none."""
    declined = "m=video 0 RTP/AVP 99\r\na=hlang-send:ase\r\n"
    assert spoken(AUDIO, "a=hlang-send:vi\r\n", TEXT, "a=hlang-send:en\r\n", declined) == ("vi", "en")


def test_who_says_nothing_has_no_language():
    """A call without the attribute is as it was."""
    assert spoken(AUDIO) == ()


@given(st.lists(TAG | st.sampled_from(["*", "1", "-", "e", "es_MX"]), max_size=20))
def test_nothing_that_is_said_costs_the_call(said):
    """Whatever stands there: sixteen tags at most, in their order, none twice, and nothing that is no tag."""
    tags = [one for one in dict.fromkeys(said) if one[:1].isalpha() and len(one) > 1 and "_" not in one]
    assert list(spoken(AUDIO, f"a=hlang-send:{' '.join(said)}\r\n")) == tags[:MOST]


def test_the_published_call_with_language_tags_is_read(third_party):
    """A caller of the conformance material would be served in Spanish, in Basque, or in English, in that order."""
    [path] = third_party("ng911/tamu/test_suite/test_files/SIPp_scenarios").rglob("SIP_INVITE_with_language_tags.xml")
    lines = path.read_text().splitlines()
    first = next(at for at, line in enumerate(lines) if line.strip() == "v=0")
    body = "\r\n".join(line.strip() for line in lines[first : first + 9]).replace("[media_port]", "6000")
    assert languages_of(read_sdp(body.replace("[media_ip_type] [media_ip]", "4 192.0.2.9").encode())) == (
        "es",
        "eu",
        "en",
    )
