"""ALI text: found by form wherever it stands, kept whole, never lost. The records are made up by us."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from redstick.protocols.ali import CLASSES, MOST_BYTES, read_ali
from redstick.protocols.faults import Malformed

WIRED = b"\x02(225) 555-0100  14:05 06/15\r\n123 N MAIN ST\r\nAPT 4\r\nTESTVILLE LA\r\nESN=042  RESD\r\nDOE, JANE\r\x03"
WIRELESS = (
    b"(225) 555-0199 14:05\r\nWPH2\r\n900 TOWER RD SECTOR N\r\n+30.451200 -091.187100\r\nUNC=00045 CNF=090\r\n"
    b"CALLBACK# 225 555-0123\r\n"
)


def test_a_record_of_a_wired_phone_is_read():
    """Number, street, zone, class; and the text as a person sees it."""
    ali = read_ali(WIRED)
    assert (ali.number, ali.street, ali.zone, ali.service) == ("2255550100", "123 N MAIN ST", "042", "RESD")
    assert (ali.x, ali.is_wireless) == (None, False)
    assert ali.text.split("\n")[2] == "APT 4"


def test_a_record_of_a_wireless_phone_is_read():
    """Position with how unsure it is and at which confidence; the callback apart from the number that routed."""
    ali = read_ali(WIRELESS)
    assert (ali.x, ali.y, ali.radius_m, ali.sure_pct) == (-911_871_000, 304_512_000, 45, 90)
    assert (ali.number, ali.callback, ali.service, ali.is_wireless) == ("2255550199", "2255550123", "WPH2", True)


@given(st.sampled_from(CLASSES), st.permutations([b"123 MAIN ST", b"225-555-0100", b"ESN 7"]))
def test_the_order_of_lines_does_not_matter(service, lines):
    """No layout is assumed."""
    ali = read_ali(b"\r\n".join([*lines, service.encode()]))
    assert (ali.number, ali.street, ali.zone, ali.service) == ("2255550100", "123 MAIN ST", "7", service)


@given(st.binary(max_size=200))
def test_any_bytes_are_a_record_with_its_text_or_a_refusal(data):
    """A refusal only for nothing at all."""
    try:
        told = read_ali(data).text
    except Malformed as malformed:
        told = malformed.faults[0].place
    assert told


@pytest.mark.parametrize("data", [b"", b"\x02 \r\n \x03", b"x" * (MOST_BYTES + 1)])
def test_nothing_and_too_much_are_refused(data):
    """There is nothing to show, or nothing that could be a record."""
    with pytest.raises(Malformed):
        read_ali(data)
