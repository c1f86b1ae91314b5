"""Plain text in a body, with or without an envelope: read, or known to be none."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from redstick.protocols.plain_text import enveloped, text_of


@pytest.mark.parametrize(
    ("kind", "body", "text"),
    [
        ("text/plain", b"help", "help"),
        ('Text/Plain; charset="ISO-8859-1";format=flowed', b"\xe9", "é"),
        ("text/plain;charset=koi8-r", b"x", None),
        ("text/html", b"x", None),
        ("", b"x", None),
        ("message/cpim", b"From: <a>\r\n\r\nContent-Type: text/plain\r\n\r\nhelp", "help"),
        ("Message/CPIM", b"From: <a>\n\nContent-ID: <1>\n\nhelp\n\nme", "help\n\nme"),
        ("message/cpim", b"From: <a>\r\n\r\nContent-Type: image/png\r\n\r\nx", None),
        ("message/cpim", b"From: <a>\r\n\r\nContent-Type: message/cpim\r\n\r\nx", None),
        ("message/cpim", b"help", None),
    ],
)
def test_what_a_body_says(kind, body, text):
    """By its media type, in the charsets that are known."""
    assert text_of(kind, body) == text


@given(st.text(max_size=60), st.binary(max_size=60))
def test_any_body_is_text_or_none(kind, body):
    """Nothing is raised."""
    assert isinstance(text_of(kind, body), str | None)
    assert isinstance(text_of("message/cpim", body), str | None)


@given(st.text(st.characters(codec="utf-8", exclude_characters="\r")))
def test_what_is_put_into_an_envelope_is_taken_out_of_it(text):
    """As it was."""
    assert text_of("message/cpim", enveloped(text, "sip:a@b", "sip:c@d")) == text
    with pytest.raises(ValueError, match="line break"):
        enveloped(text, "sip:a\r\nb", "c")
