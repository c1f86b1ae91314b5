"""Keys in the body of INFO."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from redstick.protocols.sip.messages import Request
from redstick.protocols.sip.pressed import MOST_BODY, PLAIN, RELAY, Keyed, key_of


def info(body, kind=RELAY, method="INFO"):
    """A request with this body."""
    return Request(method=method, uri="sip:a@b.example", headers=(("Content-Type", kind),), body=body)


@pytest.mark.parametrize(
    ("body", "kind", "keyed"),
    [
        (b"Signal=5\r\nDuration=160\r\n", RELAY, Keyed("5", 160)),
        (b"Signal= *\nDuration= 250", RELAY, Keyed("*", 250)),
        (b"signal=a\r\n", "Application/DTMF-Relay; charset=utf-8", Keyed("A", 0)), (b"#", PLAIN, Keyed("#", 0)),
        (b"Signal=11\r\nDuration=100", RELAY, Keyed("#", 100)), (b"10\r\n", PLAIN, Keyed("*", 0)),
    ],
)  # fmt: skip
def test_a_key_is_read_as_phones_write_it(body, kind, keyed):
    """With or without its duration, as a sign or by its number."""
    assert key_of(info(body, kind)) == keyed


@pytest.mark.parametrize(
    ("body", "kind"),
    [
        (b"", RELAY), (b"", PLAIN), (b"Signal=55", RELAY), (b"Signal=E", RELAY), (b"12", PLAIN), (b"5", "text/plain"),
        (b"Duration=160", RELAY), (b"5" + bytes(MOST_BODY), PLAIN), (b"Signal=\xb2", RELAY),
    ],
)  # fmt: skip
def test_what_is_no_key_is_none(body, kind):
    """Whatever else an INFO tells of is not for us."""
    assert key_of(info(body, kind)) is None
    assert key_of(info(b"5", PLAIN, "MESSAGE")) is None


@given(st.binary(max_size=300), st.sampled_from([RELAY, PLAIN]))
def test_any_body_is_a_key_or_none(body, kind):
    """Nothing is raised."""
    keyed = key_of(info(body, kind))
    assert keyed is None or (keyed.key in "0123456789*#ABCD" and len(keyed.key) == 1)
