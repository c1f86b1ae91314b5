"""How fast, as pictures need it: the same figures as the plain definition gives, whatever is missing or backwards."""

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from redstick.dispatch.lookback.spread import STEPS_S, spread

MOMENTS = st.none() | st.integers(0, 4_000_000)
PAIRS = st.lists(st.tuples(MOMENTS, MOMENTS), max_size=60)


def plainly(values, percent):
    """The nearest rank, as it is defined."""
    ordered = sorted(values)
    return ordered[max(1, math.ceil(percent * len(ordered) / 100)) - 1] / 1000


@given(PAIRS)
def test_percentiles_are_times_that_did_occur(pairs):
    """Nearest rank over those that began and ended; a missing time counts in neither."""
    values = [ended - begun for begun, ended in pairs if begun is not None and ended is not None]
    told = spread("answer", pairs)
    assert told.n_used == len(values)
    assert told.n_eligible == sum(begun is not None for begun, _ in pairs)
    assert told.n_backwards == sum(value < 0 for value in values)
    expected = [plainly(values, percent) for percent in (50, 90, 95)] if values else [None] * 3
    assert [told.p50_s, told.p90_s, told.p95_s] == expected


@given(PAIRS)
def test_the_bars_hold_every_value_once(pairs):
    """And each bar those above the one before it, up to its own end."""
    told = spread("processing", pairs)
    assert sum(bar.n for bar in told.bars) == told.n_used
    assert [bar.upto_s for bar in told.bars] == [*STEPS_S, None]
    values = [ended - begun for begun, ended in pairs if begun is not None and ended is not None]
    assert told.bars[0].n == sum(value <= STEPS_S[0] * 1000 for value in values)


@given(PAIRS)
def test_the_distribution_rises_and_ends_at_what_it_shows(pairs):
    """Shares rise with the seconds, from above nothing to at most everything."""
    told = spread("answer", pairs)
    assert list(told.seconds) == sorted(set(told.seconds))
    assert list(told.shares) == sorted(told.shares)
    assert all(0 < share <= 1 for share in told.shares)


def test_a_standard_is_met_by_the_share_that_it_asks():
    """Nine of ten within fifteen seconds meet 90 % within 15 s, and not 95 % within 20 s."""
    told = spread("answer", [(0, 5_000)] * 9 + [(0, 60_000)])
    met = {one.id: (one.n_within, one.share, one.met) for one in told.standards}
    assert met["nena-020-answer-90"] == (9, 0.9, True)
    assert met["nena-020-answer-95"] == (9, 0.9, False)


def test_an_impossible_time_is_within_nothing():
    """A call that was answered before it rang attains no standard, and is told of."""
    told = spread("answer", [(10_000, 5_000)])
    assert told.n_backwards == 1
    assert [one.n_within for one in told.standards] == [0] * len(told.standards)


def test_nothing_measured_meets_and_breaks_nothing():
    """No value, no verdict."""
    told = spread("answer", [])
    assert {(one.share, one.met) for one in told.standards} == {(None, None)}


def test_few_values_say_nothing_of_the_slowest_tenth():
    """From 36 on there is an interval, and it encloses the percentile."""
    few, enough = (spread("answer", [(0, 1_000 * second) for second in range(1, n + 1)]) for n in (35, 36))
    assert few.p90_low_s is None
    assert enough.p90_low_s <= enough.p90_s <= enough.p90_high_s


def test_an_interval_that_there_is_not_is_no_interval():
    """A name that nobody defined."""
    with pytest.raises(KeyError):
        spread("patience", [])
