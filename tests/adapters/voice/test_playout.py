"""What a leg said, in order again: what was late, lost, doubled or too much."""

from hypothesis import given
from hypothesis import strategies as st

from redstick.adapters.voice.playout import FIRST_WAIT, LOOKED_AT, MOST_KEPT, Playout

SILENCE = 0xFF


def octets(number):
    """A packet that can be told from its neighbours."""
    return bytes([number % 200]) * 160


def heard(playout, ticks):
    """What so many ticks of 20 ms give."""
    return [playout.take(160) for _ in range(ticks)]


@given(st.permutations(range(4)), st.integers(0, 1 << 20))
def test_packets_of_one_moment_are_heard_in_their_order(order, first):
    """Each once, whichever way they came, and twice if they did."""
    playout = Playout(SILENCE)
    for number in [*order, *order]:
        playout.put(first + number, octets(number))
    assert heard(playout, FIRST_WAIT + 4)[FIRST_WAIT:] == [octets(number) for number in range(4)]


def test_a_lost_packet_is_the_one_before_once_more():
    """The voice goes on; what comes too late is left out and counted."""
    playout = Playout(SILENCE)
    for number in (0, 1, 3, 4):
        playout.put(number, octets(number))
    got = heard(playout, FIRST_WAIT + 5)[FIRST_WAIT:]
    assert got == [octets(0), octets(1), octets(1), octets(3), octets(4)]
    playout.put(2, octets(2))
    assert playout.late == 1


def test_one_that_is_late_is_waited_for_and_the_delay_grows():
    """Nothing is lost by a pause of 60 ms: what stood in for it is the last packet, then silence."""
    playout = Playout(SILENCE)
    playout.put(0, octets(0))
    silence = bytes([SILENCE]) * 160
    assert heard(playout, FIRST_WAIT + 4)[FIRST_WAIT:] == [octets(0), octets(0), silence, silence]
    for number in (1, 2):
        playout.put(number, octets(number))
    assert heard(playout, 2) == [octets(1), octets(2)]


def test_a_delay_that_nobody_needs_goes_away():
    """Six packets ahead, one for one since: after a while fewer, with none ever missing but those left out."""
    playout = Playout(SILENCE)
    for number in range(8):
        playout.put(number, octets(number))
    heard(playout, FIRST_WAIT)
    for number in range(8, 8 + 6 * LOOKED_AT):
        assert playout.take(160) is not None
        playout.put(number, octets(number))
    assert len(playout._packets) <= 4  # the delay itself


def test_a_sender_that_floods_us_costs_a_second_at_most():
    """The newest second is kept."""
    playout = Playout(SILENCE)
    for number in range(3 * MOST_KEPT):
        playout.put(number, octets(number))
    assert heard(playout, FIRST_WAIT + 1)[-1] == octets(2 * MOST_KEPT)


def test_a_sender_that_begins_anew_is_heard_anew():
    """Whatever its numbers are now."""
    playout = Playout(SILENCE)
    for first in (0, 40_000, 7):
        playout.put(first, octets(1))
        playout.put(first + 1, octets(2))
        assert heard(playout, FIRST_WAIT + 2)[FIRST_WAIT:] == [octets(1), octets(2)]


@given(st.lists(st.integers(1, 480), max_size=20))
def test_packets_of_any_length_are_heard_by_20_ms(lengths):
    """Octet for octet."""
    playout = Playout(SILENCE)
    said = b"".join(bytes([number]) * length for number, length in enumerate(lengths))
    at = 0
    for number, length in enumerate(lengths):
        playout.put(number, said[at : at + length])
        at += length
    got = b"".join(taken for taken in heard(playout, FIRST_WAIT + len(said) // 160) if taken)
    assert got == said[: len(said) // 160 * 160]
