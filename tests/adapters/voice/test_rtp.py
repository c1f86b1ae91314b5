"""Voice of one leg: what counts, what is measured, what is sent; without a socket."""

import math
import struct
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from redstick.adapters.voice.g711 import PACKET_SAMPLES, PCMA, PCMU
from redstick.adapters.voice.playout import FIRST_WAIT
from redstick.adapters.voice.rtp import Stream
from redstick.adapters.voice.tones import LEVEL, WAITING
from redstick.protocols.captures.rtp import read_rtp

THERE = ("192.0.2.1", 4_000)


def packet(sequence, payload=b"\xff" * PACKET_SAMPLES, kind=0, timestamp=None):
    """An RTP packet."""
    stamp = sequence * PACKET_SAMPLES if timestamp is None else timestamp
    return struct.pack(">BBHII", 0x80, kind, sequence & 0xFFFF, stamp & 0xFFFFFFFF, 7) + payload


@pytest.fixture
def stream():
    """A stream in mu-law; `sent` is what it put on the network."""
    sent = []
    stream = Stream(PCMU, THERE, 0x12345678, lambda data, to: sent.append((read_rtp(data), to)))
    stream.sent = sent
    return stream


def test_a_tone_is_heard_with_its_energy(stream):
    """The root mean square of two sines; silence has none."""
    octets = PCMU.encode(WAITING.samples[:8_000])
    for number in range(50):
        stream.heard(packet(number, octets[number * 160 : number * 160 + 160]), THERE, number * 20)
    said = stream.stats()
    assert (said.packets_in, said.lost, said.refused, said.codec) == (50, 0, 0, "PCMU")
    assert said.energy == pytest.approx(LEVEL / 32_768, rel=0.02)
    assert said.jitter_ms == 0


def test_silence_has_no_energy(stream):
    """A leg on which packets come and nothing is said is told from one with a voice."""
    stream.heard(packet(1), THERE, 0)
    assert (stream.stats().packets_in, stream.stats().energy) == (1, 0.0)


@pytest.mark.parametrize(
    ("data", "sender"),
    [
        (packet(1), ("192.0.2.9", 4_000)), (packet(1, kind=8), THERE), (packet(1, b""), THERE), (b"", THERE),
        (b"garbage that is no packet", THERE), (packet(1)[:11], THERE), (b"\x80\xc9" + bytes(30), THERE),
    ],
    ids=["stranger", "other codec", "empty", "nothing", "garbage", "torn", "RTCP"],
)  # fmt: skip
def test_what_is_not_this_leg_s_voice_is_refused_and_counted(stream, data, sender):
    """It moves no counter of voice and is forwarded to nobody."""
    stream.heard(data, sender, 0)
    said = stream.stats()
    assert (said.refused, said.packets_in) == (1, 0)
    assert [stream.pull() for _ in range(5)] == [None] * 5


@given(st.integers(0, 0xFFFF), st.sets(st.integers(1, 300)))
def test_lost_packets_are_counted_over_the_turn_of_the_sequence(start, missing):
    """What is missing between the first and the last is lost, wherever the numbers begin."""
    stream = Stream(PCMU, THERE, 1, lambda *_: None)
    for number in range(302):
        if number not in missing:
            stream.heard(packet(start + number), THERE, number * 20)
    assert stream.stats().lost == len(missing)


def test_jitter_is_that_of_the_standard(stream):
    """Every second packet 8 ms late: the mean deviation converges on 8 ms, as its filter of 1/16 does."""
    for number in range(200):
        stream.heard(packet(number), THERE, number * 20 + 8 * (number % 2))
    assert stream.stats().jitter_ms == pytest.approx(8, abs=0.01)


def test_what_plays_is_sent_in_order_again_and_again(stream):
    """Packets of 20 ms, numbered and stamped one after the other, the first marked; silence once nothing plays."""
    stream.play(WAITING)
    rounds = len(WAITING.samples) // PACKET_SAMPLES
    for _ in range(2 * rounds):
        stream.say_next()
    packets = [packet for packet, _ in stream.sent]
    voice = b"".join(packet.payload for packet in packets)
    assert voice == 2 * PCMU.encode(WAITING.samples)
    steps = {(b.sequence - a.sequence, b.timestamp - a.timestamp) for a, b in pairwise(packets)}
    assert steps == {(1, PACKET_SAMPLES)}
    assert [packet.marker for packet in packets[:3]] == [True, False, False]
    stream.play(None)
    stream.say_next()
    assert stream.sent[-1][0].payload == b"\xff" * PACKET_SAMPLES


def test_what_one_says_in_mu_law_another_hears_in_a_law(stream):
    """The same voice; muted it is measured and goes nowhere."""
    heard = []
    other = Stream(PCMA, THERE, 9, lambda data, to: heard.append(read_rtp(data)))
    said = PCMU.encode(tuple(round(8_000 * math.sin(at / 5)) for at in range(PACKET_SAMPLES)))
    for number in range(3):
        stream.heard(packet(number, said), THERE, 20 * number)
    pulled = [stream.pull() for _ in range(FIRST_WAIT + 1)]
    assert pulled == [None] * FIRST_WAIT + [said]
    other.say(said, PCMU)
    [got] = heard
    pairs = zip(PCMU.decode(said), PCMA.decode(got.payload), strict=True)
    assert got.payload_type == PCMA.payload_type
    assert all(abs(one - two) <= 512 for one, two in pairs)
    assert other.stats().energy_out > 0.1
    stream.muted = True
    assert stream.pull() is None
    assert stream.stats().packets_in == 3


def key_packet(sequence, timestamp, units, *, end=False):
    """Of the key 5, by the payload type 101."""
    return packet(sequence, struct.pack(">BBH", 5, 0x80 * end | 10, units), 101, timestamp)


@given(st.integers(1, 20), st.integers(4, 20))
def test_keys_delay_no_voice_that_comes_beside_them(keys, length):
    """A phone that sends each packet of a key beside one of voice: behind any number of keys, as promptly as before."""
    stream = Stream(PCMU, THERE, 1, lambda *_: None)
    stream.events, number, heard = 101, 0, []
    for tick in range(keys * (length + 10) + 60):
        at = tick % (length + 10)
        octets = bytes([tick % 100]) * PACKET_SAMPLES
        stream.heard(packet(number, octets, timestamp=tick * PACKET_SAMPLES), THERE, tick * 20)
        number += 1
        if at < length and tick < keys * (length + 10):
            begun = (tick - at) * PACKET_SAMPLES
            said = key_packet(number, begun, (at + 1) * PACKET_SAMPLES, end=at >= length - 3)
            stream.heard(said, THERE, tick * 20)
            number += 1
        heard.append(stream.pull())
    behind = {(tick - payload[0]) % 100 for tick, payload in enumerate(heard) if payload and payload[0] != PCMU.silence}
    assert max(behind) == FIRST_WAIT  # of what is to spare one packet may be left out meanwhile


def test_voice_that_is_silent_while_a_key_is_pressed_is_heard_behind_it(stream):
    """A phone that sends a key in the place of its voice; the playout begins anew, with its usual wait."""
    stream.events, heard = 101, []
    for number in range(60):
        if 10 <= number < 30:
            stream.heard(key_packet(number, 1_600, 160 * (number - 9), end=number > 26), THERE, number * 20)
        else:
            stream.heard(packet(number, bytes([number]) * PACKET_SAMPLES), THERE, number * 20)
        heard.append((stream.pull() or b"\xff")[0])
    assert heard[12:14] == [9, PCMU.silence]  # what was heard last stands in once for what may still come
    assert set(heard[14:32]) == {PCMU.silence}
    assert heard[40:] == list(range(40 - FIRST_WAIT, 60 - FIRST_WAIT))


def test_the_sound_of_a_key_is_not_heard_beside_its_events(stream):
    """From the first packet of the key to its end; what is said then is measured all the same."""
    stream.events, heard, number = 101, [], 0
    for tick in range(20):
        if 5 <= tick < 10:
            stream.heard(key_packet(number, 800, 160 * (tick - 4), end=tick == 9), THERE, tick * 20)
            number += 1
        stream.heard(packet(number, b"\x00" * PACKET_SAMPLES, timestamp=tick * PACKET_SAMPLES), THERE, tick * 20)
        number += 1
        heard.append(stream.pull())
    loud = [payload is not None and payload[0] == 0 for payload in heard]
    assert loud == [False] * 2 + [True] * 5 + [False] * 4 + [True] * 9
    assert stream.digits.take(400)[0].key == "5"
