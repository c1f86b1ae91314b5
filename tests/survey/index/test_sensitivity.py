"""Sensitivity: the estimator on functions with known answers, and what decides a rank."""

import numpy as np
import pytest

from redstick.survey.index.errors import IndexFault
from redstick.survey.index.model import Group, IndexModel, Indicator, Normalise, Ranking, Uncertainty
from redstick.survey.index.plan import Data, compile_plan, score
from redstick.survey.index.ratings import make_ratings
from redstick.survey.index.sensitivity import deciding, mean_absolute_shift, rank_sensitivity, sobol
from redstick.survey.index.uncertainty import bands, choices, simulate, summarise, varied_weights, weight_noise


def ishigami(points):
    """Value of sin x1 + 7 sin² x2 + 0.1 x3⁴ sin x1 on [-pi, pi]."""
    x = (2 * points - 1) * np.pi
    return np.sin(x[:, 0]) + 7 * np.sin(x[:, 1]) ** 2 + 0.1 * x[:, 2] ** 4 * np.sin(x[:, 0])


def test_ishigami():
    """First-order .3139, .4424, 0 and total .5576, .4424, .2437, from the closed form."""
    found = sobol(ishigami, ["x1", "x2", "x3"], 4096, 7)
    assert found.first == pytest.approx([0.3139, 0.4424, 0.0], abs=0.015)
    assert found.total == pytest.approx([0.5576, 0.4424, 0.2437], abs=0.015)
    assert found.runs == 4096 * 5


def test_the_g_function():
    """Sobol's g with a = 0, 1, 4.5, 9: shares of variance from the closed form."""
    a = np.array([0.0, 1.0, 4.5, 9.0])
    part = 1 / (3 * (1 + a) ** 2)
    whole = np.prod(1 + part) - 1
    total = part * np.array([np.prod(1 + np.delete(part, k)) for k in range(4)]) / whole
    found = sobol(lambda x: np.prod((np.abs(4 * x - 2) + a) / (1 + a), axis=1), list("abcd"), 8192, 1)
    assert found.first == pytest.approx(part / whole, abs=0.02)
    assert found.total == pytest.approx(total, abs=0.02)


def test_a_constant_has_no_sensitivity():
    """Nothing varies: every index is 0, none is a division by zero; a base that is no power of two is refused."""
    found = sobol(lambda x: np.ones(len(x)), ["a", "b"], 16, 1)
    assert found.variance == 0
    assert list(found.total) == [0, 0]
    with pytest.raises(IndexFault, match="power of two"):
        sobol(ishigami, ["a", "b", "c"], 100, 1)


def two_groups(**more):
    """Three places: `a` decides between the first two."""
    model = IndexModel(
        name="made",
        indicator=(Indicator("a", "g"), Indicator("b", "g"), Indicator("c", "h")),
        group=(Group("g", "index"), Group("h", "index"), Group("index")),
        **more,
    )
    values = np.array([[9.0, 1, 5], [1, 8, 5], [0.5, 0.5, 1]])
    return compile_plan(model), Data(("x", "y", "z"), ("x", "y", "z"), values)


def test_the_change_that_moves_a_place_most_decides():
    """Without `a` the first place is second; the change names it, and whom it moved."""
    plan, data = two_groups()
    found = deciding(plan, data)
    by_name = {one.name: one for one in found.influences}
    assert set(by_name) == {"g", "h", "a", "b"}
    assert by_name["a"].largest_shift == 1
    first = found.influences[found.decides[0]]
    assert (first.name, found.rank_then[0]) in {("a", 2), ("g", 2)}
    assert found.decides[2] == -1


def test_a_rounding_rule_can_decide():
    """Two scores that print alike: the rule itself is among the changes tried."""
    plan, data = two_groups(ranking=Ranking(rounding="half-up"))
    assert score(plan, data).ranks.tolist() == [1, 1, 3]
    found = deciding(plan, data)
    assert [one.kind for one in found.influences].count("rule") == 1
    assert found.influences[found.decides[1]].kind == "rule"


def judged():
    """Two judges who disagree about which of two places is better, and a third who says both are alike."""
    model = IndexModel(
        name="judged",
        indicator=(Indicator("q", "index", judged="interval"),),
        group=(Group("index"),),
        uncertainty=Uncertainty(judge_panels=200),
    )
    cells, seats = np.array([0, 0, 0, 1, 1, 1]), np.array([0, 1, 2, 0, 1, 2])
    ratings = make_ratings(2, np.array([0]), ("ann", "bob", "cid"), cells, seats, np.array([5.0, 1, 3, 1, 4, 3]))
    return compile_plan(model), Data(("x", "y"), ("x", "y"), np.full((2, 1), np.nan), ratings=ratings)


def test_a_judge_left_out_can_decide():
    """Without ann the other place is first: the table says who moved whom."""
    plan, data = judged()
    assert score(plan, data).ranks.tolist() == [1, 2]
    by_name = {one.name: one for one in deciding(plan, data).influences if one.kind == "judge"}
    assert set(by_name) == {"ann", "bob", "cid"}
    assert (by_name["ann"].before, by_name["ann"].after) == (1, 2)
    assert by_name["bob"].largest_shift == 0


def test_panels_of_judges_give_a_band():
    """Where judges disagree, the band spans both ranks."""
    plan, data = judged()
    found, _ = bands(plan, data, 400, 3)
    assert found.factors == {"judges": 200}
    assert list(found.low) == [1, 1]
    assert list(found.high) == [2, 2]
    assert 0.3 < found.stays[0] < 0.9


def test_shares_of_variance_of_real_choices():
    """Two choices declared: both are named, the total is at least the first-order share within its margin."""
    unsure = Uncertainty(weights=0.8, normalise=(Normalise("min-max"),))
    plan, data = two_groups(uncertainty=unsure)
    found = rank_sensitivity(plan, data, 128, 5)
    assert found.factors == ("normalisation", "weights")
    assert (found.total + found.total_margin + 0.05 >= found.first - found.first_margin).all()
    plan, data = two_groups(uncertainty=Uncertainty(weights=0.5))
    assert rank_sensitivity(plan, data, 8, 5) is None


def test_shares_of_variance_are_those_of_many_plain_draws():
    """First-order indices equal the variance of conditional means over 20,000 random draws, within their margins."""
    rng = np.random.default_rng(5)
    model = IndexModel(
        name="made",
        indicator=tuple(Indicator(name, "index") for name in "abcd"),
        group=(Group("index"),),
        normalise=Normalise("min-max", low=1),
        uncertainty=Uncertainty(answers_lost=0.2, aggregate=("geometric",), normalise=(Normalise("rank"),)),
    )
    ids = tuple(f"p{number}" for number in range(30))
    plan, data = compile_plan(model), Data(ids, ids, rng.lognormal(0, 1, (30, 4)))
    found = rank_sensitivity(plan, data, 1024, 3)
    chosen = choices(plan, data, np.random.default_rng(3))
    points = rng.random((20_000, 3))
    shift = mean_absolute_shift(simulate(plan, data, chosen, points), score(plan, data).ranks)
    for at, name in enumerate(found.factors):
        alternative = np.floor(points[:, at] * chosen.alternatives[name])
        means = [shift[alternative == one].mean() for one in range(chosen.alternatives[name])]
        margin = 2 * found.first_margin[at] + 0.01
        assert found.first[at] == pytest.approx(np.var(means) / shift.var(), abs=margin), name
    assert found.first.max() > 0.1


def test_weights_keep_their_parents_sum():
    """Noise moves weights within a parent, by no more than it says; unvaried levels stay as they are."""
    plan, data = two_groups(uncertainty=Uncertainty(weights=0.25, weights_on="indicators"))
    found = varied_weights(plan, plan.weights, weight_noise(plan, np.random.default_rng(1), 500))
    assert found[:, :2].sum(axis=1) == pytest.approx(np.full(500, 2.0))
    assert np.abs(found[:, 0] / found[:, 1] - 1).max() <= 1.25 / 0.75 - 1
    assert found[:, 0].std() > 0.05
    assert np.allclose(found[:, 2:], plan.weights[2:], rtol=1e-12)
    assert choices(plan, data, np.random.default_rng(1)).factors == ("weights",)


def test_statistics_of_known_ranks():
    """Means, type 7 quantiles, shared top ranks, and draws in which a place is not ranked."""
    ranks = np.array([[1, 2, 0], [1, 2, 3], [2, 1, 3], [1, 1, 4]], dtype=np.int32)
    found = summarise(ranks, np.array([1, 2, 3], dtype=np.int32), 1, 0, {})
    assert found.mean.tolist() == [1.25, 1.5, pytest.approx(10 / 3)]
    assert found.median.tolist() == [1, 1.5, 3]
    assert found.top.tolist() == [0.75, 0.5, 0]
    assert found.stays.tolist() == [0.75, 0.5, pytest.approx(2 / 3)]
    assert found.high.tolist() == pytest.approx([1.85, 2.0, 3.9])
    never = summarise(np.zeros((2, 1), dtype=np.int32), np.zeros(1, dtype=np.int32), 1, 0, {})
    assert np.isnan([never.mean[0], never.low[0], never.top[0]]).all()
    assert mean_absolute_shift(ranks, np.array([1, 2, 3], dtype=np.int32)).tolist() == [0, 0, 2 / 3, 2 / 3]
