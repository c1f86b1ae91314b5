"""The bootstrap over days: same seed, same answer; no difference is not found, a real one is."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from redstick.dispatch.kpi import Sample, difference, interval, nearest_rank
from redstick.dispatch.kpi.comparing import _Blocks

TURNOUT = interval("turnout")


def run(seed, shift_s=0.0, days=30, calls=40):
    generator = np.random.default_rng(seed)
    day = np.repeat(np.arange(days), calls)
    values_ms = (generator.gamma(3, 30, len(day)) + generator.normal(0, 8, days)[day] + 60 + shift_s) * 1000
    return Sample(TURNOUT, values_ms.astype(np.int64), day.astype(np.int64))


def test_the_same_seed_gives_the_same_answer():
    """And another seed an interval close to it."""
    a, b = run(1), run(2, 20)
    assert difference(a, b, seed=7) == difference(a, b, seed=7)
    one, other = difference(a, b, seed=7), difference(a, b, seed=8)
    assert one.difference_s == other.difference_s
    assert abs(one.low_s - other.low_s) < 5


def test_a_run_does_not_differ_from_itself():
    """The days are drawn for both runs together, so equal runs stay equal in every draw."""
    found = difference(run(3), run(3), seed=1)
    assert (found.difference_s, found.low_s, found.high_s) == (0, 0, 0)


def test_a_real_difference_is_found_and_holds_the_truth():
    """Every value 20 s later: the percentile moves by 20 s in every draw of days."""
    found = difference(run(4), run(4, 20), seed=1)
    assert found.difference_s == pytest.approx(20, abs=0.001)
    assert found.low_s == pytest.approx(20, abs=0.002)
    assert found.n_blocks == 30


def test_the_interval_covers_as_often_as_it_says():
    """Of 60 pairs of runs that do not differ, few 95 % intervals miss nought (10 or more: once in 800 such tests)."""
    missed = 0
    for seed in range(60):
        found = difference(run(100 + seed), run(900 + seed), seed=seed, percent=50, n_resamples=300)
        missed += not found.low_s <= 0 <= found.high_s
    assert missed < 10


@given(
    st.lists(st.tuples(st.integers(-100, 100), st.integers(0, 4)), min_size=1, max_size=30),
    st.lists(st.integers(0, 3), min_size=5, max_size=5),
    st.integers(1, 100),
)
def test_a_weighted_percentile_is_that_of_repeated_days(pairs, times, percent):
    """Counting a day twice is writing its values twice."""
    sample = Sample(TURNOUT, np.array([v for v, _ in pairs]), np.array([d for _, d in pairs]))
    repeated = sorted(v for v, d in pairs for _ in range(times[d]))
    expected = nearest_rank(np.array(repeated), percent) if repeated else None
    assert _Blocks(sample, np.arange(5)).percentile_ms(np.array(times), percent) == expected


def test_what_cannot_be_compared_is_refused():
    """Two intervals, or a run without values."""
    with pytest.raises(ValueError, match="one interval"):
        difference(run(1), Sample(interval("travel"), run(1).values_ms, run(1).block), seed=1)
    with pytest.raises(ValueError, match="values of turnout"):
        difference(run(1), Sample(TURNOUT, np.zeros(0, np.int64), np.zeros(0, np.int64)), seed=1)
