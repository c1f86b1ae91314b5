"""Krippendorff's alpha: what it is invariant to, and where it has no meaning."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from redstick.survey.index.agreement import agreement, alpha
from redstick.survey.index.errors import IndexFault

LEVELS = ["nominal", "ordinal", "interval", "ratio"]
seeds = st.integers(0, 2**32 - 1)


def matrix_of(seed, raters=4, units=12):
    """Ratings 1 to 5 around a true level, three of ten missing."""
    rng = np.random.default_rng(seed)
    found = np.clip(rng.integers(1, 6, size=units) + rng.integers(-1, 2, size=(raters, units)), 1, 5).astype(float)
    found[rng.random(found.shape) < 0.3] = np.nan
    return found


def by_pairs(matrix, distance):
    """The definition, pair by pair: 1 - observed / expected disagreement."""
    units = [unit[~np.isnan(unit)] for unit in matrix.T]
    units = [unit for unit in units if len(unit) > 1]
    pooled = np.concatenate(units)
    observed = sum(
        sum(distance(a, b) for i, a in enumerate(unit) for j, b in enumerate(unit) if i != j) / (len(unit) - 1)
        for unit in units
    )
    n = len(pooled)
    expected = sum(distance(a, b) for i, a in enumerate(pooled) for j, b in enumerate(pooled) if i != j) / (n - 1)
    return 1 - observed / expected


def ordinal_distance(matrix):
    """The sum of ratings from one value to the other, both ends halved, squared; over units with two ratings."""
    paired = matrix[:, (~np.isnan(matrix)).sum(axis=0) > 1]

    def distance(a, b):
        low, high = min(a, b), max(a, b)
        return ((paired >= low) & (paired <= high)).sum() - ((paired == a).sum() + (paired == b).sum()) / 2

    return lambda a, b: 0 if a == b else distance(a, b) ** 2


@given(seeds)
def test_alpha_is_its_definition(seed):
    """The coincidence form gives what counting every pair gives."""
    matrix = matrix_of(seed)
    if alpha(matrix, "nominal") is None:
        return
    assert alpha(matrix, "nominal") == pytest.approx(by_pairs(matrix, lambda a, b: a != b), abs=1e-9)
    assert alpha(matrix, "interval") == pytest.approx(by_pairs(matrix, lambda a, b: (a - b) ** 2), abs=1e-9)
    ratio = by_pairs(matrix, lambda a, b: ((a - b) / (a + b)) ** 2)
    assert alpha(matrix, "ratio") == pytest.approx(ratio, abs=1e-9)
    assert alpha(matrix, "ordinal") == pytest.approx(by_pairs(matrix, ordinal_distance(matrix)), abs=1e-9)


@given(seeds)
@pytest.mark.parametrize("level", LEVELS)
def test_who_is_who_means_nothing(level, seed):
    """Raters and units in another order give the same alpha."""
    matrix, rng = matrix_of(seed), np.random.default_rng(seed)
    turned = matrix[rng.permutation(4)][:, rng.permutation(12)]
    assert alpha(turned, level) == pytest.approx(alpha(matrix, level), abs=1e-12)


@given(seeds, st.floats(0.1, 10), st.floats(-5, 5))
def test_scales_that_a_level_permits(seed, factor, offset):
    """Interval: any a x + b; ratio: any a x; ordinal: any order-keeping change; nominal: any renaming."""
    matrix = matrix_of(seed)
    assert alpha(matrix * factor + offset, "interval") == pytest.approx(alpha(matrix, "interval"), abs=1e-9)
    assert alpha(matrix * factor, "ratio") == pytest.approx(alpha(matrix, "ratio"), abs=1e-9)
    assert alpha(matrix**3, "ordinal") == pytest.approx(alpha(matrix, "ordinal"), abs=1e-9)
    assert alpha(7 - matrix, "nominal") == pytest.approx(alpha(matrix, "nominal"), abs=1e-9)


@pytest.mark.parametrize("level", LEVELS)
def test_full_agreement_is_one(level):
    """On two values or more; on one value alone alpha has no meaning and is none, never 1."""
    assert alpha(np.array([[1.0, 2, 3], [1, 2, 3]]), level) == 1
    assert alpha(np.array([[2.0, 2, 2], [2, 2, 2]]), level) is None
    assert alpha(np.array([[1.0, np.nan], [np.nan, 2.0]]), level) is None


def test_the_interval_encloses_and_is_seeded():
    """Its ends enclose alpha here, and the same seed gives the same ends."""
    matrix = matrix_of(5, units=40)
    one = agreement(matrix, "interval", np.random.default_rng(1))
    assert one.low < one.alpha < one.high
    assert one == agreement(matrix, "interval", np.random.default_rng(1))
    assert one.low != agreement(matrix, "interval", np.random.default_rng(2)).low
    assert one.units == ((~np.isnan(matrix)).sum(axis=0) > 1).sum()


@pytest.mark.parametrize("level", LEVELS)
def test_the_interval_is_that_of_resampled_units(level):
    """Drawing patterns of ratings gives the ends that drawing units one by one gives."""
    matrix = matrix_of(8, units=60)
    found = agreement(matrix, level, np.random.default_rng(4), draws=4000)
    rng = np.random.default_rng(5)
    slow = [alpha(matrix[:, rng.integers(0, 60, 60)], level) for _ in range(2000)]
    low, high = np.quantile(slow, [0.025, 0.975])
    assert (found.low, found.high) == (pytest.approx(low, abs=0.03), pytest.approx(high, abs=0.03))


def test_ratings_of_any_kind_and_number():
    """Thirty thousand places and as many different ratings: no table of values by values is made."""
    rng = np.random.default_rng(6)
    true = rng.uniform(0, 100, 30_000)
    found = agreement(true + rng.normal(0, 5, (3, 30_000)), "interval", rng, draws=20)
    assert found.alpha == pytest.approx(1 - 25 / (100**2 / 12 + 25), abs=0.01)
    assert found.low < found.alpha < found.high
    with pytest.raises(IndexFault, match="distinct ratings on a ratio scale"):
        agreement(true + rng.normal(0, 5, (2, 30_000)), "ratio", rng, draws=2)


def test_the_interval_covers_as_often_as_it_says():
    """Over 60 panels of one population, at least 85 in 100 intervals of 95 % enclose the population's alpha."""
    rng = np.random.default_rng(3)

    def panel(units):
        return np.clip(rng.integers(1, 6, size=units) + rng.integers(-1, 2, size=(3, units)), 1, 5).astype(float)

    truth = alpha(panel(20_000), "interval")
    found = [agreement(panel(60), "interval", np.random.default_rng(k), draws=200) for k in range(60)]
    assert sum(one.low <= truth <= one.high for one in found) >= 51
