"""Keys in RTP (RFC 4733) and in INFO: one key is many packets, and is told once."""

import struct

from hypothesis import given
from hypothesis import strategies as st

from redstick.adapters.voice.digits import AROUND, KEYS, PATIENCE_MS, SEGMENT, Digits, Pressed


def packet(key, duration, *, end=False):
    """Event, end bit, volume 10, duration."""
    return struct.pack(">BBH", KEYS.index(key), 0x80 * end | 10, duration)


@given(st.text(KEYS, max_size=12), st.sets(st.integers(0, 71)))
def test_each_key_is_told_once_whatever_packets_are_lost(keys, lost):
    """In order and with its duration as far as it came, unless all six packets of one were lost."""
    digits, told, expected = Digits(), [], []
    for number, key in enumerate(keys):
        came = [part for part in range(6) if 6 * number + part not in lost]
        expected += [Pressed(key, "rfc4733", 20 * min(came[-1], 3))] if came else []
        for part in came:
            end = part >= 3  # the last three say the end
            digits.heard(8_000 * number, packet(key, 160 * min(part, 3), end=end), 1_000 * number + 20 * part)
        told += digits.take(1_000 * number + 120 + PATIENCE_MS)
    assert told == expected


def test_a_key_without_its_end_waits_for_it():
    """It is not told while it may still be pressed."""
    digits = Digits()
    digits.heard(1, packet("5", 160), 0)
    assert digits.take(PATIENCE_MS) == []
    assert digits.take(PATIENCE_MS + 1) == [Pressed("5", "rfc4733", 20)]
    digits.heard(1, packet("5", 320, end=True), PATIENCE_MS + 2)
    assert digits.take(2 * PATIENCE_MS) == []


def test_what_is_no_key_of_a_telephone_is_left_alone():
    """Hook flash, fax tones, torn packets."""
    digits = Digits()
    for number, payload in enumerate((b"", b"\x05\x80\x00", b"\x10\x80\x00\xa0", b"\xff\xff\xff\xff")):
        digits.heard(number, payload, 0)
    assert digits.take(10_000) == []


@given(st.integers(0, AROUND), st.integers(1, 3), st.booleans())
def test_a_key_longer_than_a_packet_can_say_is_one_key(begun, segments, lost):
    """Its segments follow one another without an end, even where the last packet of one is lost."""
    digits = Digits()
    for number in range(segments):
        at = begun + number * SEGMENT & AROUND
        for units in (160, 8_000) if lost else (160, 8_000, SEGMENT):
            digits.heard(at, packet("1", units), 0)
    digits.heard(begun + segments * SEGMENT & AROUND, packet("1", 800, end=True), 0)
    assert digits.take(0) == [Pressed("1", "rfc4733", (segments * SEGMENT + 800) // 8)]


def test_a_packet_that_comes_late_makes_no_key_again():
    """One of a key that is told, once two others have followed it; a phone whose clock begins anew is heard."""
    digits = Digits()
    for at, key in ((0, "1"), (1_000, "2"), (2_000, "3")):
        digits.heard(at, packet(key, 800, end=True), 0)
    for at, key in ((0, "1"), (1_000, "2"), (2_000, "3")):
        digits.heard(at, packet(key, 160), 0)
    assert [one.key for one in digits.take(0)] == ["1", "2", "3"]
    digits.heard(AROUND - 1_000_000, packet("1", 800, end=True), 0)
    assert [one.key for one in digits.take(0)] == ["1"]


def test_a_leg_that_says_each_key_twice_is_heard_once():
    """The way in which it said the first one counts; the other is passed over from then on."""
    for first, second in (("rfc4733", "info"), ("info", "rfc4733")):
        digits = Digits()
        for number, key in enumerate("12"):
            for way in (first, second):
                if way == "info":
                    digits.informed(key, 100)
                else:
                    digits.heard(8_000 * number, packet(key, 800, end=True), 0)
        assert digits.take(0) == [Pressed("1", first, 100), Pressed("2", first, 100)]


def test_a_key_is_pressed_from_its_first_packet_to_its_end():
    """In between what else its leg says is the sound of the key."""
    digits = Digits()
    assert not digits.pressing
    digits.heard(1, packet("5", 0), 0)
    assert digits.pressing
    digits.heard(1, packet("5", 320, end=True), 40)
    assert not digits.pressing
