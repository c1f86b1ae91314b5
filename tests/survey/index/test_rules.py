"""Rules that hold of every index, whatever its figures."""

import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from redstick.survey.index.aggregation import aggregate, copeland
from redstick.survey.index.errors import IndexFault
from redstick.survey.index.model import Aggregate, Group, IndexModel, Indicator, Normalise, Ranking, Uncertainty
from redstick.survey.index.plan import Data, compile_plan, score
from redstick.survey.index.uncertainty import bands

NORMALISING = ["none", "min-max", "z-score", "rank", "percentile"]
seeds = st.integers(0, 2**32 - 1)


def made(method="arithmetic", normalise="min-max", n=5, ranking=None, uncertainty=None):
    """A plan of two groups with `n` indicators, the second of them less-is-better."""
    indicators = [Indicator(f"i{k}", "ab"[k % 2], weight=1 + k, direction=-1 if k == 1 else 1) for k in range(n)]
    low = 1.0 if normalise in {"min-max", "percentile"} else 0.0
    model = IndexModel(
        name="made",
        indicator=tuple(indicators),
        group=(Group("a", "index", weight=2), Group("b", "index"), Group("index")),
        normalise=Normalise(normalise, low=low, high=100.0, mean=50.0, sd=2.0),
        aggregate=Aggregate(method),
        ranking=ranking or Ranking(),
        uncertainty=uncertainty or Uncertainty(),
    )
    return compile_plan(model)


def data_of(values):
    """Places named p0, p1 and so on."""
    ids = tuple(f"p{number}" for number in range(len(values)))
    return Data(ids, ids, np.asarray(values, dtype=float))


def figures(seed, places=12, n=5):
    """Made-up figures above zero, with ties."""
    return np.round(np.random.default_rng(seed).uniform(1, 20, size=(places, n)))


@given(seeds, st.integers(0, 11), st.integers(0, 4), st.floats(0.5, 50))
@pytest.mark.parametrize(
    ("method", "normalise"),
    [("arithmetic", "min-max"), ("geometric", "min-max"), ("arithmetic", "rank"), ("arithmetic", "percentile")],
)
def test_a_better_figure_never_worsens_a_rank(method, normalise, seed, place, indicator, more):
    """Through the whole chain: more of what is better, or less of what is worse, is never punished.

    Arithmetic means with min-max, ranks and percentiles promise it. The z-score does not: an outlier of one's own
    widens the deviation. Nor does a geometric mean once a new extreme moves everybody's scale, so it is held within
    the scale.
    """
    values = figures(seed)
    plan = made(method, normalise)
    before = score(plan, data_of(values)).ranks
    better = values[place, indicator] + (-more if indicator == 1 else more)
    if method == "geometric":
        others = np.delete(values[:, indicator], place)
        assume(others.min() <= values[place, indicator] <= others.max())
        better = np.clip(better, others.min(), others.max())
    values[place, indicator] = better
    assert score(plan, data_of(values)).ranks[place] <= before[place]


@given(seeds, st.integers(0, 11), st.integers(0, 4), st.floats(0.5, 50))
def test_a_better_figure_never_loses_a_pair(seed, place, indicator, more):
    """Under Copeland a better figure never lowers a place's own score, nor raises another's."""
    values, weights = figures(seed), np.arange(1.0, 6.0)
    before = copeland(values, weights)
    values[place, indicator] += more
    after = copeland(values, weights)
    assert after[place] >= before[place]
    assert np.delete(after - before, place).max() <= 0


@given(seeds)
@pytest.mark.parametrize("normalise", NORMALISING[1:])
def test_the_order_of_rows_and_columns_means_nothing(normalise, seed):
    """Places and indicators in another order give the same rank to each place."""
    values, rng = figures(seed), np.random.default_rng(seed)
    rows, columns = rng.permutation(12), rng.permutation(5)
    plan = made(normalise=normalise)
    ranks = score(plan, data_of(values)).ranks
    shuffled = score(plan, data_of(values[rows])).ranks
    assert list(shuffled) == list(ranks[rows])
    model = plan.model
    turned = IndexModel(
        name="turned",
        indicator=tuple(model.indicator[column] for column in columns),
        group=model.group,
        normalise=model.normalise,
    )
    assert list(score(compile_plan(turned), data_of(values[:, columns])).ranks) == list(ranks)


@given(seeds, st.floats(0.01, 1000), st.floats(-500, 500))
@pytest.mark.parametrize("normalise", NORMALISING[1:])
def test_the_unit_of_a_figure_means_nothing(normalise, seed, factor, offset):
    """Feet for metres, or another zero: every method but `none` and the shares promises the same ranks."""
    values = figures(seed)
    plan = made(normalise=normalise)
    before = score(plan, data_of(values)).ranks
    values[:, 2] = values[:, 2] * factor + offset
    assert list(score(plan, data_of(values)).ranks) == list(before)


@given(seeds, st.floats(0.01, 1000))
def test_shares_of_the_best_know_no_unit(seed, factor):
    """A share of the best is the same in any unit that keeps its zero."""
    values = figures(seed)
    plan = made(normalise="share-of-best")
    before = score(plan, data_of(values)).ranks
    assert list(score(plan, data_of(values * factor)).ranks) == list(before)


@given(seeds, st.floats(0.1, 10))
def test_only_proportions_of_weights_count(seed, factor):
    """All weights times the same factor change nothing."""
    plan, values = made(), figures(seed)
    one = aggregate(values, plan.tree, plan.weights[:, None])[-1]
    other = aggregate(values, plan.tree, plan.weights[:, None] * factor)[-1]
    assert np.allclose(one, other, rtol=1e-12)


@given(seeds, st.integers(2, 15))
def test_copeland_is_antisymmetric(seed, places):
    """Wins and losses cancel over all places; turning every figure round turns every score round."""
    values, weights = figures(seed, places), np.arange(1.0, 6.0)
    found = copeland(values, weights)
    assert found.sum() == 0
    assert np.array_equal(copeland(-values, weights), -found)


@given(seeds)
def test_means_keep_their_order(seed):
    """Harmonic <= geometric <= arithmetic mean of figures above zero, group by group up to the index."""
    values = figures(seed)
    found = [
        aggregate(values, made(method).tree, made(method).weights[:, None])[-1]
        for method in ("harmonic", "geometric", "arithmetic")
    ]
    assert (found[0] <= found[1] + 1e-9).all()
    assert (found[1] <= found[2] + 1e-9).all()


@given(seeds)
@pytest.mark.parametrize("method", ["arithmetic", "geometric", "harmonic"])
def test_one_product_is_the_tree(method, seed):
    """The short way for many draws gives what the tree gives level by level."""
    values, rng = figures(seed), np.random.default_rng(seed)
    plan = made(method)
    weights = rng.uniform(0.1, 3, size=(plan.tree.n_elements, 7))
    short = aggregate(values, plan.tree, weights, only_root=True)[0]
    assert np.allclose(short, aggregate(values, plan.tree, weights)[-1], rtol=1e-12)


@given(seeds, st.sampled_from(["competition", "dense"]), st.sampled_from(["none", "half-up"]))
@settings(max_examples=30)
def test_without_uncertainty_a_band_is_its_rank(seed, ties, rounding):
    """No declared choice: every band is the nominal rank, which stays with certainty."""
    plan = made(ranking=Ranking(ties=ties, rounding=rounding))
    data = data_of(figures(seed))
    nominal = score(plan, data).ranks
    found, _ = bands(plan, data, 20, seed)
    assert np.array_equal(found.low, nominal)
    assert np.array_equal(found.high, nominal)
    assert (found.stays == 1).all()
    assert np.array_equal(found.top, (nominal <= 10).astype(float))


@given(seeds)
@settings(max_examples=20)
def test_the_same_seed_gives_the_same_bytes(seed):
    """Two runs of one seed agree bit for bit; another seed draws otherwise."""
    choices = Uncertainty(weights=0.4, aggregate=("geometric",), answers_lost=0.1)
    plan, data = made(uncertainty=choices), data_of(figures(seed))
    one, ranks = bands(plan, data, 50, seed)
    two, again = bands(plan, data, 50, seed)
    assert ranks.tobytes() == again.tobytes()
    assert one.mean.tobytes() == two.mean.tobytes()
    other = bands(plan, data, 50, seed + 1)[1]
    assume(ranks.std(axis=0).max() > 0.2)
    assert other.tobytes() != ranks.tobytes()


@given(seeds)
@settings(max_examples=30)
def test_a_place_that_is_best_in_everything_comes_first(seed):
    """Dominance survives every normalisation, mean and draw of weights."""
    values = figures(seed)
    values[3] = [25, 0.5, 25, 25, 25]
    choices = Uncertainty(
        weights=0.9, aggregate=("geometric", "harmonic", "copeland"), normalise=(Normalise("percentile", low=1),)
    )
    _, ranks = bands(made(uncertainty=choices), data_of(values), 60, seed)
    assert (ranks[:, 3] == 1).all()


def test_a_declared_tie_breaker_parts_places_in_every_draw():
    """Two places of one rounded score: the group declared decides between them, in the outcome and in its bands."""
    values = np.array([[10.0, 4, 10, 4, 10], [10, 4, 10, 4.001, 10], [1, 20, 1, 1, 1]])
    tied = made(ranking=Ranking(rounding="half-up"))
    parted = made(ranking=Ranking(rounding="half-up", tie_breakers=("b",)))
    assert score(tied, data_of(values)).ranks.tolist() == [1, 1, 3]
    assert score(parted, data_of(values)).ranks.tolist() == [2, 1, 3]
    again = made(ranking=Ranking(rounding="half-up", tie_breakers=("b",)), uncertainty=Uncertainty(weights=0.2))
    found, _ = bands(again, data_of(values), 50, 1)
    assert (found.low[:2].tolist(), found.high[:2].tolist()) == ([2, 1], [2, 1])
    with pytest.raises(IndexFault, match="tie breaker 'nowhere'"):
        made(ranking=Ranking(tie_breakers=("nowhere",)))
