"""Trends: a real change is told, luck is not, and the interval covers what it says."""

import numpy as np
import pytest

from redstick.crimecenter.analytics.trend import UNCHANGED, dispersion, rate_ratio, trends


def test_ten_against_fifteen_is_no_real_change():
    """A rise of a half on small numbers may be luck, and says so."""
    day = np.array([1] * 10 + [40] * 15, np.int64)
    [whole, *_] = trends([""] * 25, day, later_from=29, earlier_from=1, end=57)
    assert whole.verdict == "no real change"
    assert whole.low < 1 < whole.high


def test_a_doubling_of_many_is_up():
    """Two hundred against four hundred is more than luck."""
    generator = np.random.default_rng(2)
    day = np.concatenate([generator.integers(0, 200, 1430), generator.integers(200, 228, 400)])
    found = trends(["burglary"] * len(day), day, later_from=200, earlier_from=172, end=228)
    assert [trend.verdict for trend in found] == ["up", "up"]


def test_the_interval_covers_the_truth_as_often_as_it_says():
    """With unchanged rates the interval leaves out 1 in at most about five of a hundred runs."""
    generator = np.random.default_rng(8)
    missed = sum(not low <= 1 <= high for _, low, high, _ in (
        rate_ratio(int(generator.poisson(40)), int(generator.poisson(80)), 28, 56) for _ in range(2000)
    ))  # fmt: skip
    assert missed / 2000 <= 0.05


def test_bursts_widen_the_interval():
    """Weeks that vary more than chance make the same counts less sure."""
    calm = np.repeat(np.arange(0, 140), 5)
    bursts = np.repeat(np.arange(0, 140, 14), 70)
    assert dispersion(calm, 140) == 1.0
    assert dispersion(bursts, 140) > 10
    narrow, wide = (rate_ratio(100, 150, 28, 28, phi) for phi in (1.0, 10.0))
    assert wide[1] < narrow[1] < narrow[2] < wide[2]


def weeks_of(rng, kind):
    """A year of daily counts around ten: plain, bursting by weeks, wandering slowly, or with one night of fireworks."""
    weeks = 53
    if kind == "bursts":
        rate = rng.gamma(7 * 10 / 2, 2 / 7, weeks)
    elif kind == "wandering":
        level = np.zeros(weeks)
        for week in range(1, weeks):
            level[week] = 0.6 * level[week - 1] + rng.normal(0, 0.1)
        rate = 10 * np.exp(level)
    else:
        rate = np.full(weeks, 10.0)
    counts = rng.poisson(np.repeat(rate, 7)[:365])
    if kind == "fireworks":
        counts[185] += 400
    return np.repeat(np.arange(365), counts)


@pytest.mark.parametrize("kind", ["plain", "bursts", "wandering", "fireworks"])
def test_unchanged_years_raise_few_alarms(kind):
    """Of 200 made-up years without a change at most fifteen are told to have one, however their weeks vary."""
    rng = np.random.default_rng(11)
    alarms = 0
    for _ in range(200):
        day = weeks_of(rng, kind)
        [whole, *_] = trends([""] * len(day), day, later_from=337, earlier_from=309, end=365)
        alarms += whole.verdict != UNCHANGED
    assert alarms <= 15


def test_one_night_of_fireworks_does_not_blind_the_test():
    """A single wild day long ago, which makes weeks vary thirty times as much as chance, leaves a doubling plain."""
    rng = np.random.default_rng(12)
    wild = weeks_of(rng, "fireworks")
    weeks = np.bincount(wild // 7)[:48]
    assert weeks.var() / weeks.mean() > 30
    assert dispersion(wild, 337, 28) < 4
    doubled = np.concatenate([wild, rng.integers(337, 365, 280)])
    assert trends([""] * len(doubled), doubled, later_from=337, earlier_from=309, end=365)[0].verdict == "up"


def test_many_kinds_without_change_raise_few_alarms():
    """Of two hundred kinds that did not change hardly one is told to have."""
    generator = np.random.default_rng(9)
    kinds = [f"k{i % 200:03d}" for i in range(8000)]
    day = generator.integers(0, 56, 8000)
    found = trends(kinds, day, later_from=28, earlier_from=0, end=56)
    assert sum(trend.verdict != "no real change" for trend in found[1:]) <= 2


@pytest.mark.parametrize(("a", "b"), [(0, 0), (0, 5), (5, 0)])
def test_empty_spells_have_no_ratio_and_an_honest_interval(a, b):
    """Nothing before, nothing after, or neither: no exception, and the interval reaches the open end."""
    ratio, low, high, p = rate_ratio(a, b, 28, 28)
    assert 0 <= p <= 1
    assert low == 0 or b
    assert high == float("inf") or a
    assert np.isnan(ratio) == (a == 0)


def test_spells_without_days_are_refused():
    """The later spell must begin behind the earlier."""
    with pytest.raises(ValueError, match="at least one day"):
        trends([], np.array([], np.int64), later_from=5, earlier_from=5, end=9)
