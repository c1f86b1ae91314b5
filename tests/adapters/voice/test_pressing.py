"""Keys that are sent: events of RFC 4733 that a receiver makes the same keys of, or tones that a detector does."""

import math
import struct

import pytest
from hypothesis import given
from hypothesis import strategies as st

from redstick.adapters.voice.digits import AROUND, KEYS, PATIENCE_MS, Digits, Pressed
from redstick.adapters.voice.g711 import LAWS, PACKET_SAMPLES, PCMA, PCMU, RATE
from redstick.adapters.voice.pressing import ENDS, HIGH, LEAST_MS, LOW, MOST_MS, MOST_WAITING, PAUSE, USUAL_MS
from redstick.adapters.voice.rtp import Stream
from redstick.protocols.captures.rtp import read_rtp

THERE = ("192.0.2.1", 4_000)
EVENTS = 96
PRESSES = st.lists(st.tuples(st.sampled_from(KEYS), st.integers(LEAST_MS, 300)), min_size=1, max_size=8)


def sent(law=PCMU, events=EVENTS, *presses, begun=0x12345678):
    """The packets of a stream that is silent otherwise, until the last key is over and two of voice have followed."""
    packets = []
    stream = Stream(law, THERE, begun, lambda data, to: packets.append(read_rtp(data)))
    stream.events = events
    for key, ms in presses:
        assert stream.press(key, ms)
    for _ in range(sum(-(-max(LEAST_MS, min(ms or USUAL_MS, MOST_MS)) // 20) + PAUSE for _, ms in presses) + 2):
        stream.say_nothing()
    return packets


def loud(packets, law):
    """Whether anything is heard in them."""
    return any(set(one.payload) != {law.silence} for one in packets)


def told(packets):
    """What a receiver makes of them."""
    digits = Digits()
    for one in packets:
        if one.payload_type == EVENTS:
            digits.heard(one.timestamp, one.payload, 0)
    return digits.take(PATIENCE_MS + 1)


def wanted(presses):
    """What it should make of them."""
    return [Pressed(key, "rfc4733", ms) for key, ms in presses]


@given(PRESSES, st.integers(0, AROUND))
def test_what_is_sent_is_what_a_receiver_tells(presses, begun):
    """Each key once, in order, with its duration."""
    assert told(sent(PCMU, EVENTS, *presses, begun=begun)) == wanted(presses)


@given(PRESSES, st.data())
def test_no_key_is_lost_doubled_or_out_of_order_in_a_bad_network(presses, data):
    """Packets lost (never all of one key), sent twice, and overtaken by two others: as far as keys are apart."""
    packets = [one for one in sent(PCMU, EVENTS, *presses) if one.payload_type == EVENTS]
    kept = []
    for at in dict.fromkeys(one.timestamp for one in packets):
        mine = [one for one in packets if one.timestamp == at]
        ends = {one.sequence for one in mine[-ENDS:]}
        lost = data.draw(st.sets(st.sampled_from([one.sequence for one in mine])))
        if ends <= lost:
            lost -= {data.draw(st.sampled_from(sorted(ends)))}
        kept += [one for one in mine if one.sequence not in lost]
    kept += data.draw(st.lists(st.sampled_from(kept), max_size=6))  # copies, each somewhere near its original
    late = [(one.sequence - packets[0].sequence & 0xFFFF) + data.draw(st.integers(0, 2)) for one in kept]
    came = [one for _, one in sorted(zip(late, kept, strict=True), key=lambda both: both[0])]
    keys = told(came)
    assert [one.key for one in keys] == [key for key, _ in presses]
    assert all(one.ms <= ms for one, (_, ms) in zip(keys, presses, strict=True))


def test_a_key_is_sent_as_the_standard_has_it():
    """One time and a growing duration, the marker on the first packet alone, three ends, in the place of voice."""
    packets = sent(PCMU, EVENTS, ("5", 70))
    key = [one for one in packets if one.payload_type == EVENTS]
    assert len({one.timestamp for one in key}) == 1
    said = [struct.unpack(">BBH", one.payload) for one in key]
    assert said == [(5, 10, 160), (5, 10, 320), (5, 10, 480), *[(5, 0x8A, 560)] * ENDS]
    numbers = [one.sequence for one in packets]
    assert numbers == list(range(numbers[0], numbers[0] + len(packets)))
    assert packets[:4] == key[:4]
    behind = packets[len(key)]
    assert (behind.payload_type, behind.timestamp - key[0].timestamp) == (0, len(key) * PACKET_SAMPLES)


def test_the_marker_stands_on_the_first_packet_of_a_key_alone():
    """By the bit itself, which tells a receiver that another key begins."""
    marked = []
    stream = Stream(PCMU, THERE, 1, lambda data, to: marked.append((data[1] & 0x7F, data[1] >> 7)))
    stream.events = EVENTS
    stream.say_nothing()
    assert stream.press("1", 40)
    assert stream.press("1", 40)
    for _ in range(2 * (2 + PAUSE)):
        stream.say_nothing()
    assert [marker for kind, marker in marked if kind == EVENTS] == [1, 0, 0, 0, 1, 0, 0, 0]


def power(samples, hertz):
    """Of one frequency in them (Goertzel)."""
    turn = 2 * math.pi * hertz / RATE
    real = sum(sample * math.cos(turn * at) for at, sample in enumerate(samples))
    imaginary = sum(sample * math.sin(turn * at) for at, sample in enumerate(samples))
    return math.hypot(real, imaginary) / len(samples)


@pytest.mark.parametrize("law", LAWS.values(), ids=lambda law: law.name)
@pytest.mark.parametrize("key", KEYS)
def test_who_knows_no_events_hears_the_two_tones_of_a_key(law, key):
    """The row and the column of ITU-T Q.23, ten times as loud as any other, for the time that it was pressed."""
    packets = [one for one in sent(law, -1, (key, 100)) if loud([one], law)]
    assert {one.payload_type for one in packets} == {law.payload_type}
    assert len(packets) == 5
    samples = law.decode(b"".join(one.payload for one in packets))
    heard = {hertz: power(samples, hertz) for hertz in (*LOW, *HIGH)}
    row = next(at for at, keys in enumerate(("123A", "456B", "789C", "*0#D")) if key in keys)
    tones = {LOW[row], HIGH[("123A", "456B", "789C", "*0#D")[row].index(key)]}
    others = max(heard[hertz] for hertz in heard if hertz not in tones)
    assert all(heard[hertz] > 10 * others for hertz in tones)


def test_two_keys_alike_have_silence_between_them():
    """60 ms, so that a detector of tones hears two."""
    packets = sent(PCMA, -1, ("7", 60), ("7", 60))
    assert [loud([one], PCMA) for one in packets[: 2 * (3 + PAUSE)]] == 2 * [*[True] * 3, *[False] * PAUSE]


def test_a_key_lasts_neither_shorter_nor_longer_than_it_can_be_told():
    """Where nobody said, as usual; under 40 ms no receiver need take it; one packet can say eight seconds."""
    for asked, lasts in ((0, USUAL_MS), (1, LEAST_MS), (40, 40), (70_000, MOST_MS)):
        assert told(sent(PCMU, EVENTS, ("1", asked))) == [Pressed("1", "rfc4733", lasts)]


def test_what_is_no_key_is_not_sent_nor_more_than_anybody_dials():
    """And nothing where the leg is heard nowhere."""
    stream = Stream(PCMU, THERE, 1, lambda *_: None)
    assert [stream.press(key, 100) for key in ("", "12", "x", "E", " ")] == [False] * 5
    assert [stream.press("1", 100) for _ in range(MOST_WAITING + 1)] == [True] * MOST_WAITING + [False]
    stream = Stream(PCMU, None, 1, lambda *_: None)
    assert not stream.press("1", 100)
