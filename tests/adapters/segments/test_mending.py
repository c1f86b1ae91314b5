"""One turned bit is found from the check alone; what is wrong in more places is not taken for one bit."""

import zlib

from hypothesis import assume, given
from hypothesis import strategies as st

from redstick.adapters.segments.form import checked, form_line
from redstick.adapters.segments.mending import mended, turned, turned_bit, turned_bit_of_line

SOME_BYTES = st.binary(min_size=1, max_size=3000)


@given(SOME_BYTES, st.data())
def test_any_single_bit_is_found(data, draw):
    """Whichever bit of whatever bytes was turned: it is that one, and turning it back gives what was there."""
    bit = draw.draw(st.integers(0, len(data) * 8 - 1))
    spoilt = turned(data, bit)
    assert turned_bit(spoilt, zlib.crc32(data)) == bit
    assert mended(spoilt, zlib.crc32(data)) == data


@given(SOME_BYTES)
def test_whole_bytes_need_no_mending(data):
    """Nothing is turned where nothing is wrong."""
    assert turned_bit(data, zlib.crc32(data)) is None
    assert mended(data, zlib.crc32(data)) is None


@given(SOME_BYTES, st.data())
def test_two_bits_are_not_taken_for_one(data, draw):
    """CRC-32 tells up to three turned bits from none at these lengths, so two never look like one."""
    one, other = (draw.draw(st.integers(0, len(data) * 8 - 1)) for _ in range(2))
    assume(one != other)
    assert turned_bit(turned(turned(data, one), other), zlib.crc32(data)) is None


@given(st.integers(0, 10**16 - 1), st.data())
def test_a_line_of_the_form_is_mended_too(first, draw):
    """Any bit of it: of its text, its check, its line break."""
    line = form_line(f"batch first={first:016d} lines=3 bytes=1204 previous={first:064x} crc=0123abcd")
    bit = draw.draw(st.integers(0, len(line) * 8 - 1))
    spoilt = turned(line, bit)
    assert checked(spoilt) is None
    assert turned_bit_of_line(spoilt + b'9f3b {"position":7}\n') == bit
    assert turned_bit_of_line(line) is not None or checked(line) is not None
