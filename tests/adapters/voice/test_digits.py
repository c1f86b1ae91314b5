"""Keys in RTP (RFC 4733): one key is many packets, and is told once."""

import struct

from hypothesis import given
from hypothesis import strategies as st

from redstick.adapters.voice.digits import KEYS, PATIENCE_MS, Digits


def packet(key, duration, *, end=False):
    """Event, end bit, volume 10, duration."""
    return struct.pack(">BBH", KEYS.index(key), 0x80 * end | 10, duration)


@given(st.text(KEYS, max_size=12), st.sets(st.integers(0, 71)))
def test_each_key_is_told_once_whatever_packets_are_lost(keys, lost):
    """In order, unless all six packets of one were lost."""
    digits, told, expected = Digits(), [], []
    for number, key in enumerate(keys):
        came = [part for part in range(6) if 6 * number + part not in lost]
        expected += [key] if came else []
        for part in came:
            end = part >= 3  # the last three say the end
            digits.heard(8_000 * number, packet(key, 160 * part, end=end), 1_000 * number + 20 * part)
        told += digits.take(1_000 * number + 120 + PATIENCE_MS)
    assert told == expected


def test_a_key_without_its_end_waits_for_it():
    """It is not told while it may still be pressed."""
    digits = Digits()
    digits.heard(1, packet("5", 160), 0)
    assert digits.take(PATIENCE_MS) == []
    assert digits.take(PATIENCE_MS + 1) == ["5"]
    digits.heard(1, packet("5", 320, end=True), PATIENCE_MS + 2)
    assert digits.take(2 * PATIENCE_MS) == []


def test_what_is_no_key_of_a_telephone_is_left_alone():
    """Hook flash, fax tones, torn packets."""
    digits = Digits()
    for number, payload in enumerate((b"", b"\x05\x80\x00", b"\x10\x80\x00\xa0", b"\xff\xff\xff\xff")):
        digits.heard(number, payload, 0)
    assert digits.take(10_000) == []
