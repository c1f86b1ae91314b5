"""The Knox test, against a definition written out the slow way."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from redstick.crimecenter.analytics.near_repeat import SAME_PLACE_M, knox


def slow_table(x, y, day, space, time, metric):
    """Every pair, one by one, into its half-open cell."""
    edges = [SAME_PLACE_M, *space]
    table = np.zeros((len(edges) + 1, len(time) + 1), int)
    for i in range(len(x)):
        for j in range(i + 1, len(x)):
            apart = abs(x[i] - x[j]), abs(y[i] - y[j])
            distance = sum(apart) if metric == "manhattan" else float(np.hypot(*apart))
            row = next((r for r, edge in enumerate(edges) if distance < edge), len(edges))
            lag = abs(int(day[i]) - int(day[j]))
            column = next((c for c, edge in enumerate(time) if lag < edge), len(time))
            table[row, column] += 1
    return table


EVENTS = st.lists(st.tuples(st.integers(0, 40), st.integers(0, 40), st.integers(0, 30)), max_size=30)


@settings(max_examples=60)
@given(EVENTS, st.sampled_from(["manhattan", "euclidean"]))
def test_observed_counts_are_those_of_the_definition(events, metric):
    """Half-open bins, each unordered pair once, the far row from totals: equal to counting every pair."""
    x, y, day = (
        np.array([e[i] for e in events], float if i < 2 else np.int64) * (10 if i < 2 else 1) for i in range(3)
    )
    found = knox(x, y, day, metric=metric, permutations=1)
    assert np.array_equal(found.observed, slow_table(x, y, day, (100, 200, 300), (7, 14, 21), metric))


def test_a_planted_repeat_is_found_and_chance_is_not():
    """Offspring near in space and time raise the first cells; the same places with shuffled dates do not."""
    generator = np.random.default_rng(3)
    x, y = generator.uniform(0, 10_000, 600), generator.uniform(0, 10_000, 600)
    day = generator.integers(0, 90, 600)
    children = generator.integers(0, 600, 60)
    x2 = np.concatenate([x, x[children] + generator.normal(0, 30, 60)])
    y2 = np.concatenate([y, y[children] + generator.normal(0, 30, 60)])
    planted = knox(x2, y2, np.concatenate([day, day[children] + generator.integers(0, 5, 60)]), permutations=199)
    chance = knox(x2, y2, generator.integers(0, 90, 660), permutations=199)
    assert planted.p[1, 0] <= 0.01
    assert planted.ratio[1, 0] > 3
    assert chance.p[1, 0] > 0.05


def test_the_same_seed_gives_the_same_table():
    """Permutations are drawn from the seed alone."""
    generator = np.random.default_rng(1)
    x, y, day = generator.uniform(0, 900, 80), generator.uniform(0, 900, 80), generator.integers(0, 40, 80)
    one, two = (knox(x, y, day, permutations=50, seed=5) for _ in range(2))
    assert np.array_equal(one.expected, two.expected)
    assert np.array_equal(one.p, two.p)


@pytest.mark.parametrize("edges", [(), (0, 100), (200, 100), (100, 100)])
def test_edges_that_do_not_rise_are_refused(edges):
    """An empty or falling list of edges is an error that says so."""
    with pytest.raises(ValueError, match="must rise"):
        knox(np.zeros(2), np.zeros(2), np.zeros(2, np.int64), space_edges_m=edges)
