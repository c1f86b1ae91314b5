"""Real-time text between two ends: nothing is lost that redundancy can bring back, and what is gone is seen."""

import random
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from redstick.protocols.captures.rtp import Rtp, read_rtp
from redstick.protocols.rtt.receiving import FAR, MISSING, WAIT_MS, Reader
from redstick.protocols.rtt.redundancy import Block, write_red
from redstick.protocols.rtt.sending import PERIOD_MS, Writer

PLAIN, RED = 98, 100
TYPED = st.text(st.characters(codec="utf-8", categories=("L", "N", "P", "S")), min_size=1, max_size=120)


def packets_of(text, *, red=RED, generations=2, cps=30):
    """Everything that goes out for a text, and when."""
    writer = Writer(0xFFF9, PLAIN, red, generations=generations, cps=cps)
    writer.write(text)
    sent = []
    while (due := writer.due_ms) is not None:
        sent.append((due, read_rtp(writer.take(due))))
    return sent


def heard(arrivals, *, red=RED):
    """What is read of packets that come at times, and the reader; the beginning of the session is no text."""
    reader, text, now = Reader(PLAIN, red), "", 0.0
    for now, packet in sorted(arrivals, key=lambda one: one[0]):
        while reader.due_ms is not None and reader.due_ms <= now:
            text += reader.tick(reader.due_ms)
        text += reader.take(packet, now)
    while reader.due_ms is not None:
        text += reader.tick(reader.due_ms)
    return text.replace("\ufeff", ""), reader


@given(TYPED, st.randoms(use_true_random=False))
def test_nothing_is_lost_where_no_more_than_two_packets_in_a_row_are(text, dice):
    """Whichever they are, and however packets overtake each other within 400 ms, but for the first three.

    Where a stream began is known by what comes of it first alone.
    """
    sent, lost_in_row, arrivals = packets_of(text), 0, []
    for number, (at, packet) in enumerate(sent):
        loses = lost_in_row < 2 and number < len(sent) - 1 and dice.random() < 0.4
        lost_in_row = lost_in_row + 1 if loses else 0
        if not loses:
            arrivals.append((at + (dice.uniform(0, 400) if number > 2 else 0), packet))
    read, reader = heard(arrivals)
    assert read == text
    assert reader.counts.missing == 0


@given(st.integers(3, 9))
def test_what_three_or_more_lost_packets_in_a_row_take_is_one_mark(many):
    """The text before and after stands; whoever reads sees where something is gone."""
    text = "".join(chr(97 + at % 26) for at in range(9 * 20))
    sent = packets_of(text)
    read, reader = heard(sent[:5] + sent[5 + many :])
    before, mark, after = read.partition(MISSING)
    assert (mark, reader.counts.missing) == (MISSING, 1)
    assert text.startswith(before)
    assert text.endswith(after)
    assert len(before) + len(after) == len(text) - 9 * (many - 2)


@given(TYPED)
def test_without_redundancy_every_lost_packet_is_a_mark(text):
    """Plain t140: one packet lost in the middle of a text is seen."""
    sent = packets_of(text + "x" * 30, red=-1)
    assert {packet.payload_type for _, packet in sent} == {PLAIN}
    read, reader = heard(sent[:1] + sent[2:], red=-1)
    assert read.count(MISSING) - (text[:9] + text[17:]).count(MISSING) == 1
    assert reader.counts.missing == 1


@given(TYPED, st.integers(1, 60))
def test_no_more_characters_go_out_than_the_other_side_takes(text, cps):
    """A packet every 300 ms, each with no more than its share; and everything goes out, each block three times."""
    sent = packets_of(text, cps=cps)
    times = [at for at, _ in sent]
    assert all(later - sooner == PERIOD_MS for sooner, later in pairwise(times))
    assert heard(sent)[0] == text
    assert len(sent) == -(-(len(text) + 1) // max(1, cps * PERIOD_MS // 1000)) + 2


def test_the_first_packet_after_silence_is_marked_and_silence_sends_nothing():
    """RFC 4103 section 5.2; and a session in which nobody writes sends no packet at all."""
    writer = Writer(1, PLAIN, RED)
    assert writer.due_ms is None
    writer.write("a")
    marks = []
    while writer.due_ms is not None:
        marks.append(read_rtp(writer.take(writer.due_ms)).marker)
    assert marks == [True, False, False]
    assert writer.take(9_999_999) is None
    writer.write("b")
    again = read_rtp(writer.take(9_999_999))
    assert (again.marker, again.payload[-1:]) == (True, b"b")


@given(st.lists(st.builds(Rtp, st.sampled_from([PLAIN, RED, 0]), st.integers(0, 0xFFFF), st.just(0),
                          st.integers(0, 3), st.just(()), st.binary(max_size=40)), max_size=30))  # fmt: skip
def test_any_packets_are_read_or_counted(packets):
    """Whatever comes: nothing raises, every packet is counted once, and what is kept is bounded and let go."""
    reader = Reader(PLAIN, RED)
    for now, packet in enumerate(packets):
        reader.take(packet, now * 10.0)
        assert len(reader._blocks) <= FAR + 20
    assert reader.counts.packets + reader.counts.refused == len(packets)
    reader.close()
    assert reader.due_ms is None


def test_a_stream_that_begins_anew_is_read_on():
    """Another source, or numbers far away: what was kept is told with its gap, and the new one from its beginning."""
    reader = Reader(PLAIN, RED)
    assert reader.take(Rtp(PLAIN, 1, 0, 1, (), b"a"), 0) == "a"
    assert reader.take(Rtp(PLAIN, 3, 0, 1, (), b"c"), 1) == ""
    assert reader.take(Rtp(PLAIN, 9_000, 0, 2, (), b"x"), 2) == f"{MISSING}c" + "x"
    assert reader.take(Rtp(PLAIN, 20_000, 0, 2, (), b"y"), 3) == "y"
    assert reader.take(Rtp(PLAIN, 20_000, 0, 2, (), b"y"), 4) == ""  # the same again


def test_a_gap_is_waited_for_and_one_that_is_filled_late_is_not_marked():
    """A packet that was overtaken by less than a second stands where it belongs."""
    reader = Reader(PLAIN)
    assert reader.take(Rtp(PLAIN, 1, 0, 1, (), b"a"), 0) == "a"
    assert reader.take(Rtp(PLAIN, 3, 0, 1, (), b"c"), 10) == ""
    assert reader.tick(10 + WAIT_MS - 1) == ""
    assert reader.take(Rtp(PLAIN, 2, 0, 1, (), b"b"), 10 + WAIT_MS - 1) == "bc"
    assert reader.due_ms is None


def test_a_block_of_another_type_is_refused_whole():
    """Redundancy of something else is no text."""
    reader = Reader(PLAIN, RED)
    payload = write_red([Block(97, b"x"), Block(PLAIN, b"y")])
    assert reader.take(Rtp(RED, 1, 0, 1, (), payload), 0) == ""
    assert reader.counts.refused == 1


@pytest.mark.parametrize("seed", range(3))
def test_two_in_a_hundred_lost_at_random_lose_nothing(seed):
    """Ten thousand characters through a network that loses one packet in fifty and delays each by up to 60 ms."""
    dice = random.Random(seed)
    text = "".join(dice.choice("abcdefgh ") for _ in range(10_000))
    arrivals = [(at + dice.uniform(0, 60), one) for at, one in packets_of(text) if dice.random() >= 0.02]
    read, reader = heard(arrivals)
    assert read == text
    assert reader.counts.recovered > 5


@given(st.floats(0, 1e12))
def test_what_is_due_is_done(since):
    """At the very time that is said, whatever its last digit is: nobody asks again and again."""
    reader = Reader(PLAIN)
    reader.take(Rtp(PLAIN, 1, 0, 1, (), b"a"), since)
    reader.take(Rtp(PLAIN, 3, 0, 1, (), b"c"), since)
    assert reader.tick(reader.due_ms) == f"{MISSING}c"
    assert reader.due_ms is None
