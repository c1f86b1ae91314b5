"""Stages by themselves: formulas, directions, what is missing, what cannot be."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats

from redstick.survey.index.aggregation import aggregate, copeland
from redstick.survey.index.errors import IndexFault
from redstick.survey.index.imputation import impute
from redstick.survey.index.model import Aggregate, Group, Impute, IndexModel, Indicator, Normalise, Treat
from redstick.survey.index.plan import compile_plan
from redstick.survey.index.stages import denominate, normalise, shape, treat

NAN = np.nan
UP = np.array([1])


def column(*values):
    """One indicator."""
    return np.array(values, dtype=float)[:, None]


def flat(values):
    """One indicator as a list, NaN as None."""
    return [None if np.isnan(value) else float(value) for value in values[:, 0]]


def test_a_zero_or_missing_denominator_gives_missing():
    """Nothing is ever divided by zero."""
    found = denominate(column(6, 6, 6, NAN), [np.array([2.0, 0.0, NAN, 2.0])], [10.0])
    assert flat(found) == [30.0, None, None, None]


@pytest.mark.parametrize(
    ("rule", "expected"),
    [
        (Impute("none"), [1, 3, None, 5, None]), (Impute("mean"), [1, 3, 3, 5, 3]), (Impute("median"), [1, 3, 3, 5, 3]),
        (Impute("constant", constant=0), [1, 3, 0, 5, 0]), (Impute("group-mean", "g"), [1, 3, 2, 5, 5]),
        (Impute("group-median", "g"), [1, 3, 2, 5, 5]),
    ],
)  # fmt: skip
def test_missing_figures_are_filled_from_observed_ones(rule, expected):
    """Each rule on 1, 3, –, 5, – in two groups."""
    assert flat(impute(column(1, 3, NAN, 5, NAN), rule, np.array([0, 0, 0, 1, 1]))) == expected


def test_a_row_mean_fills_from_the_places_own_answers():
    """And an indicator that nobody answered stays missing."""
    found = impute(np.array([[1.0, 3.0, NAN], [NAN, NAN, NAN]]), Impute("row-mean"))
    assert found[0].tolist() == [1.0, 3.0, 2.0]
    assert np.isnan(found[1]).all()
    assert np.isnan(impute(column(NAN, NAN), Impute("mean"))).all()


@given(st.lists(st.integers(-50, 50), min_size=4, max_size=40).filter(lambda v: len(set(v)) > 1))
def test_skewness_and_kurtosis_are_the_sample_estimators(values):
    """G1 and G2 agree with SciPy's bias-corrected moments."""
    g1, g2 = shape(column(*values))
    assert g1[0] == pytest.approx(stats.skew(values, bias=False), abs=1e-9)
    assert g2[0] == pytest.approx(stats.kurtosis(values, bias=False), abs=1e-8)


def test_an_outlier_is_drawn_in_and_reported():
    """The largest becomes the next largest; a missing figure stays where it is."""
    values = column(*range(1, 20), 1000, NAN)
    found = treat(values, Treat("winsorise"))
    assert found.values[19, 0] == 19
    assert found.moved == ((19, 0),)
    assert np.isnan(found.values[20, 0])
    assert values[19, 0] == 1000


def test_what_winsorising_cannot_mend_is_transformed():
    """Past the limit the untreated column goes to ln(x - min + 0.01 range)."""
    values = column(*range(1, 20), 5000, 90000)
    found = treat(values, Treat("winsorise", limit=1))
    assert found.transformed == {0: "log"}
    assert found.values[:, 0] == pytest.approx(np.log(values[:, 0] - 1 + 0.01 * 89999))
    assert treat(values, Treat("winsorise", limit=1, otherwise="none")).values == pytest.approx(values)
    powered = treat(values, Treat("box-cox"))
    assert powered.transformed == {0: "box-cox"}
    assert abs(shape(powered.values)[0][0]) < abs(shape(values)[0][0])


def test_low_outliers_are_drawn_in_too():
    """A column with its tail below has its minimum raised."""
    found = treat(column(*range(1, 20), -1000), Treat("winsorise"))
    assert found.values[19, 0] == 1


@pytest.mark.parametrize(
    ("rule", "direction", "expected"),
    [
        (Normalise("min-max"), 1, [0, 50, 100, None]), (Normalise("min-max"), -1, [100, 50, 0, None]),
        (Normalise("min-max", low=1, high=3), 1, [1, 2, 3, None]), (Normalise("rank"), 1, [1, 2, 3, None]),
        (Normalise("percentile"), -1, [100, 50, 0, None]), (Normalise("none"), 1, [2, 4, 6, None]),
        (Normalise("z-score", mean=10, sd=2), 1, [8, 10, 12, None]),
        (Normalise("share-of-best", high=1), 1, [2 / 6, 4 / 6, 1, None]),
        (Normalise("share-of-best", high=1), -1, [1, 0.5, 2 / 6, None]),
    ],
)  # fmt: skip
def test_every_scale(rule, direction, expected):
    """2, 4, 6 and a missing figure on each scale, in both directions."""
    found = flat(normalise(column(2, 4, 6, NAN), rule, np.array([direction])))
    assert found == [None if one is None else pytest.approx(one) for one in expected]


def test_goalposts_are_fixed_ends():
    """0 at worst, 100 at best, kept within; a worst above its best means that less is better."""
    posts = (np.array([10.0]), np.array([2.0]))
    assert flat(normalise(column(10, 6, 2, 1, 30), Normalise("goalposts"), UP, posts)) == [0, 50, 100, 100, 0]
    with pytest.raises(IndexFault, match="'a'"):
        normalise(column(1), Normalise("goalposts"), UP, (np.array([NAN]), np.array([1.0])), ["a"])


@pytest.mark.parametrize("method", ["min-max", "z-score", "percentile"])
def test_a_column_without_difference_does_as_declared(method):
    """The middle of the scale, or missing, or a fault that names it: never a division by zero."""
    middle = normalise(column(7, 7, NAN), Normalise(method, mean=50), UP)
    assert flat(middle) == [50, 50, None]
    assert flat(normalise(column(7, 7), Normalise(method, constant="missing"), UP)) == [None, None]
    with pytest.raises(IndexFault, match="'streets'"):
        normalise(column(7, 7), Normalise(method, constant="fault"), UP, names=["streets"])


def plan_of(method, data_share=0.0, **group):
    """Two indicators of weight 1 and 3 below an index."""
    return compile_plan(
        IndexModel(
            name="two",
            indicator=(Indicator("a", "index"), Indicator("b", "index", weight=3)),
            group=(Group("index", **group),),
            aggregate=Aggregate(method, data_share),
        )
    )


@pytest.mark.parametrize(
    ("method", "expected"),
    [("arithmetic", 7.0), ("geometric", (4 * 8**3) ** 0.25), ("harmonic", 4 / (1 / 4 + 3 / 8)), ("sum", 28.0)],
)
def test_each_mean_by_its_formula(method, expected):
    """4 with weight 1 and 8 with weight 3."""
    plan = plan_of(method)
    assert aggregate(np.array([[4.0, 8.0]]), plan.tree, plan.weights[:, None])[-1][0, 0] == pytest.approx(expected)


def test_what_is_missing_leaves_the_mean_or_the_parent():
    """The rest is averaged, until less than the declared share of children is present."""
    values = np.array([[4.0, NAN], [NAN, NAN], [4.0, 8.0]])
    for share, first in ((0.0, 4.0), (0.5, 4.0), (0.6, None)):
        plan = plan_of("arithmetic", share)
        assert flat(aggregate(values, plan.tree, plan.weights[:, None])[-1]) == [first, None, 7.0]
    plan = plan_of("arithmetic", 1.0, missing_as=0.0)
    assert flat(aggregate(values, plan.tree, plan.weights[:, None])[-1]) == [1.0, 0.0, 7.0]


@pytest.mark.parametrize("method", ["geometric", "harmonic"])
def test_a_mean_that_needs_more_than_zero_says_so(method):
    """It names the group and the place instead of giving nonsense, on either way."""
    plan = plan_of(method)
    for only_root in (True, False):
        with pytest.raises(IndexFault, match=r"'index'.*place 2"):
            aggregate(np.array([[4.0, 8.0], [0.0, 8.0]]), plan.tree, plan.weights[:, None], only_root=only_root)


def test_copeland_counts_pairs():
    """Three places in a chain: two wins, one of each, two losses; a tie counts for neither."""
    assert list(copeland(np.array([[3.0, 3], [2, 2], [1, 1]]), np.array([1.0, 1]))) == [2, 0, -2]
    assert list(copeland(np.array([[3.0, 1], [1, 3]]), np.array([1.0, 1]))) == [0, 0]
    with pytest.raises(IndexFault, match="at most 6,000 places"):
        copeland(np.zeros((6001, 1)), np.array([1.0]))


@pytest.mark.parametrize(
    ("groups", "expected"),
    [
        ([Group("a"), Group("index")], "exactly one group without a parent"),
        ([Group("a", "b"), Group("b", "a"), Group("index")], "never reach the index"),
        ([Group("index"), Group("a", "nowhere")], "is no group of the model"),
        ([Group("index"), Group("a", "index")], "at least one indicator"),
    ],
)
def test_a_tree_that_is_none_is_refused(groups, expected):
    """Two roots, a circle, an unknown parent, an empty group."""
    with pytest.raises(IndexFault, match=expected):
        compile_plan(IndexModel(name="bad", indicator=(Indicator("i", "index"),), group=tuple(groups)))
