"""Samples: nearest-rank percentiles of many groups at once, with distribution-free intervals."""

import math

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from redstick.dispatch.history import MISSING_MS
from redstick.dispatch.kpi import Spans
from redstick.dispatch.reads.report_samples import curve, interval_ranks, samples


def spans_of(pairs):
    """Spans with these (start, end) in milliseconds, None for a missing one."""
    stamps = [[MISSING_MS if stamp is None else stamp for stamp in pair] for pair in pairs]
    start, end = np.array(stamps, dtype=np.int64).reshape(-1, 2).T
    return Spans(np.arange(len(pairs)), start.copy(), end.copy())


def nearest(values, percent):
    """The definition, word by word: the smallest value that at least percent % of the values do not exceed."""
    return next(v for v in sorted(values) if sum(w <= v for w in values) * 100 >= percent * len(values))


rows = st.lists(
    st.tuples(
        st.integers(-1, 3),
        st.one_of(st.none(), st.integers(0, 10_000)),
        st.one_of(st.none(), st.integers(-5_000, 90_000)),
    ),
    max_size=120,
)


@given(rows)
def test_every_group_is_measured_as_the_definition_says(table):
    """What was used, eligible and the nearest ranks equal those of a plain loop; code -1 belongs to no group."""
    taken = spans_of([(start, end) for _, start, end in table])
    found = samples(taken, np.array([code for code, _, _ in table], dtype=np.int32), 4)
    for group in range(4):
        mine = [(start, end) for code, start, end in table if code == group and start is not None]
        values = [(end - start) / 1000 for start, end in mine if end is not None]
        assert found[group].n_eligible == len(mine)
        assert found[group].n_used == len(values)
        if values:
            assert (found[group].p50_s, found[group].p90_s, found[group].p95_s) == tuple(
                nearest(values, percent) for percent in (50, 90, 95)
            )
        else:
            assert found[group].p50_s is None


def test_values_too_far_apart_for_one_number_are_sorted_all_the_same():
    """A stamp in the wrong century changes nothing about how the others are ranked."""
    pairs = [(0, 5_000), (0, 2**61), (0, -(2**61)), (0, 1_000)]
    [found] = samples(spans_of(pairs), np.zeros(4, dtype=np.int32), 1)
    assert found.p50_s == 1.0


@given(st.integers(1, 400))
def test_the_interval_has_at_least_the_confidence_it_claims(n):
    """The exact binomial coverage of the two ranks is 95 % or more, and no narrower pair of tails would do."""
    [low], [high] = interval_ranks(np.array([n]), 0.9)

    def below(k):  # P(Bin(n, 0.9) < k)
        return sum(math.comb(n, i) * 0.9**i * 0.1 ** (n - i) for i in range(k))

    if low == 0:
        assert below(n) < 0.975  # even the greatest value need not lie above the percentile
        return
    assert 1 <= low < high <= n
    assert below(high) - below(low) >= 0.95 - 1e-9
    assert below(low + 1) > 0.025 - 1e-9
    assert below(high - 1) < 0.975 + 1e-9


def test_nothing_is_said_of_the_slowest_tenth_below_36_values():
    """0.9 ** 36 is the first power under 2.5 %: with fewer values no interval exists."""
    assert 0.9**35 > 0.025 > 0.9**36
    low, high = interval_ranks(np.array([35, 36]), 0.9)
    assert (low[0], high[0]) == (0, 0)
    assert high[1] == 36


@given(st.lists(st.integers(-2_000, 60_000), min_size=1, max_size=800))
def test_a_curve_is_a_distribution(values):
    """Times strictly ascend, shares ascend, and each share is that of all values at or below its time."""
    drawn = curve(spans_of([(0, value) for value in values]))
    assert len(drawn.seconds) <= 240
    assert all(a < b for a, b in zip(drawn.seconds, drawn.seconds[1:], strict=False))
    for seconds, share in zip(drawn.seconds, drawn.shares, strict=True):
        assert share == sum(value <= round(seconds * 1000) for value in values) / len(values)
    assert drawn.shown_share >= 0.98


def test_a_curve_reaches_the_standard_it_is_compared_with():
    """What a standard allows is never beyond the right edge while there are values that far."""
    values = [1_000] * 990 + [90_000] * 10
    assert curve(spans_of([(0, value) for value in values]), reach_s=100).seconds[-1] == 90.0
    assert curve(spans_of([(0, value) for value in values])).seconds[-1] == 1.0


def test_no_values_make_an_empty_curve():
    """Nothing measured is nothing drawn."""
    assert curve(spans_of([(0, None)])).seconds == []
