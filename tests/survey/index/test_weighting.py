"""Weights: equal, drawn from the figures, and allotted by several people."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec import structs

from redstick.survey.index.errors import IndexFault
from redstick.survey.index.model import Allocation, Group, IndexModel, Indicator, Uncertainty, Weigh
from redstick.survey.index.model_file import read_model
from redstick.survey.index.plan import Data, compile_plan, score, weighed
from redstick.survey.index.sensitivity import deciding, rank_sensitivity
from redstick.survey.index.uncertainty import bands, choices

MODEL = IndexModel(
    name="made",
    indicator=(
        Indicator("a", "g", weight=3), Indicator("b", "g", weight=2), Indicator("c", "g", weight=1),
        Indicator("d", "h"), Indicator("left out", "g", weight=0),
    ),
    group=(Group("g", "index", weight=60), Group("h", "index", weight=40), Group("index", weights_sum=100)),
)  # fmt: skip
POINTS = (
    Allocation("ann", {"a": 50, "b": 30, "c": 20, "left out": 0}),
    Allocation("bob", {"a": 1, "b": 1, "c": 2, "left out": 0, "g": 80, "h": 20}),
)


def figures(seed, places=30):
    """Places by five indicators; `b` goes with `a`, `c` goes its own way."""
    rng = np.random.default_rng(seed)
    values = rng.normal(50, 10, (places, 5))
    values[:, 1] = values[:, 0] + rng.normal(0, 2, places)
    return values


def data_of(values):
    """Places named p0, p1 and so on."""
    ids = tuple(f"p{number}" for number in range(len(values)))
    return Data(ids, ids, values)


@given(st.integers(0, 2**32 - 1))
@pytest.mark.parametrize("method", ["given", "equal", "pca", "critic"])
def test_each_group_keeps_its_sum_and_what_is_left_out_stays_out(method, seed):
    """However weights are found, they share out what was given to the group; none is below 0."""
    plan = compile_plan(structs.replace(MODEL, weigh=Weigh(method)))
    found = weighed(plan, figures(seed))
    assert found[[0, 1, 2]].sum() == pytest.approx(6)
    assert found[4] == 0
    assert found[[5, 6]].sum() == pytest.approx(100)
    assert (found >= 0).all()


def test_equal_weights():
    """Each part that counts weighs the same, at every level."""
    found = weighed(compile_plan(structs.replace(MODEL, weigh=Weigh("equal"))), figures(1))
    assert found.tolist() == [2, 2, 2, 1, 0, 50, 50, 1]


def test_critic_is_its_formula():
    """Deviation times the sum of one less the correlation with each part (Diakoulaki et al. 1995), by hand."""
    values = figures(2)
    [a, b, c] = values[:, :3].T
    deviation = [one.std(ddof=1) for one in (a, b, c)]
    conflict = [sum(1 - np.corrcoef(one, other)[0, 1] for other in (a, b, c)) for one in (a, b, c)]
    wanted = np.array([one * other for one, other in zip(deviation, conflict, strict=True)])
    found = weighed(compile_plan(structs.replace(MODEL, weigh=Weigh("critic"))), values)
    assert found[:3] == pytest.approx(6 * wanted / wanted.sum())
    assert found[2] > found[0]


def test_the_first_component_weighs_what_goes_together():
    """Squared loadings: those of a known correlation matrix (r, r, 1) are shares of 1/2, 1/2 and 0."""
    rng = np.random.default_rng(3)
    values = figures(3)
    values[:, :3] = np.linalg.qr(rng.normal(0, 1, (30, 4)))[0][:, 1:]
    centred = values[:, :3] - values[:, :3].mean(axis=0)
    orthogonal = np.linalg.qr(centred)[0]
    values[:, 0], values[:, 2] = orthogonal[:, 0], orthogonal[:, 2]
    values[:, 1] = 0.9 * orthogonal[:, 0] + np.sqrt(1 - 0.81) * orthogonal[:, 1]
    found = weighed(compile_plan(structs.replace(MODEL, weigh=Weigh("pca"))), values)
    assert found[:3] == pytest.approx([3, 3, 0], abs=1e-9)


def test_figures_that_say_nothing_leave_the_given_weights():
    """Two places, one column that varies, or figures that all lack one: there is nothing to draw weights from."""
    plan = compile_plan(structs.replace(MODEL, weigh=Weigh("pca")))
    still = np.tile([1.0, 2, 3, 4, 5], (10, 1))
    lacking = figures(1)
    lacking[:, 0] = np.nan
    for values in (figures(1, 2), still, lacking):
        assert weighed(plan, values)[:3].tolist() == [3, 2, 1]


def test_points_are_the_mean_of_shares():
    """Each person's points count as shares of a group; a group that only one allotted follows that one."""
    plan = compile_plan(structs.replace(MODEL, allocations=POINTS))
    assert plan.weights[:3] == pytest.approx([6 * 0.375, 6 * 0.275, 6 * 0.35])
    assert plan.weights[[5, 6]].tolist() == [80, 20]
    assert plan.allotted[0, :3].tolist() == [0.5, 0.3, 0.2]
    assert np.isnan(plan.allotted[0, 5])


def test_a_panel_of_people_is_a_choice_and_each_can_decide():
    """Other panels of the same people give a band; leaving one out is among the changes that are tried."""
    values = np.array([[9.0, 1, 5, 0, 0], [1, 9, 5, 0, 0], [0, 0, 0, 0, 0]])
    model = structs.replace(
        MODEL,
        allocations=(
            Allocation("ann", {"a": 70, "b": 20, "c": 10, "left out": 0}),
            Allocation("bob", {"a": 25, "b": 65, "c": 10, "left out": 0}),
        ),
        uncertainty=Uncertainty(allocations=True, weigh=("equal",)),
    )
    plan, data = compile_plan(model), data_of(values)
    assert score(plan, data).ranks.tolist() == [1, 2, 3]
    found, _ = bands(plan, data, 300, 1)
    assert set(found.factors) == {"allocations", "weighing"}
    assert found.high[0] == 2
    by_name = {(one.kind, one.name): one for one in deciding(plan, data).influences}
    assert by_name["allocation", "ann"].largest_shift == 1
    assert by_name["allocation", "bob"].largest_shift == 0
    assert ("method", "weighing: equal") in by_name
    assert rank_sensitivity(plan, data, 16, 1).factors == ("weighing", "allocations")
    assert choices(plan, data, np.random.default_rng(1)).allocations.shape == (4096, 8)


TOML = """name = "made"
[[group]]
id = "index"
weights_sum = 100
[[indicator]]
id = "a"
parent = "index"
weight = 60
[[indicator]]
id = "b"
parent = "index"
weight = 40
"""


@pytest.mark.parametrize(
    ("rows", "row", "expected"),
    [
        ("a,ann,50\nb,ann,51\n", 3, "judge 'ann': points below 'index' add up to 101 (50 + 51); expected 100"),
        ("a,ann,100\n", 2, "judge 'ann': expected points for every part of 'index'; lacking: b"),
        ("a,ann,50\na,ann,50\n", 3, "row 2 already holds judge 'ann' on 'a'"),
        ("a,,50\n", 2, "expected the judge's id"), ("q,ann,50\n", 2, "is no indicator or group"),
        ("a,ann,much\n", 2, "expected a weight"),
    ],
)  # fmt: skip
def test_a_table_of_points_that_cannot_be(tmp_path, rows, row, expected):
    """One fault with its row, whatever is wrong."""
    (tmp_path / "model.toml").write_text(TOML)
    (tmp_path / "points.csv").write_text("id,judge,weight\n" + rows)
    with pytest.raises(IndexFault, match=r"points\.csv") as caught:
        read_model(tmp_path / "model.toml", tmp_path / "points.csv")
    assert (caught.value.row, expected in caught.value.expected) == (row, True), caught.value


def test_a_table_of_points_makes_the_weights(tmp_path):
    """Two people: the mean of both, and both are kept in the model."""
    (tmp_path / "model.toml").write_text(TOML)
    (tmp_path / "points.csv").write_text("id,judge,weight\na,ann,50\nb,ann,50\na,bob,20\nb,bob,80\n")
    model = read_model(tmp_path / "model.toml", tmp_path / "points.csv")
    assert compile_plan(model).weights.tolist() == [35, 65, 1]
    assert [one.judge for one in model.allocations] == ["ann", "bob"]


def test_points_may_stand_in_the_model(tmp_path):
    """There they are checked as a table's are, and a judge stands once."""
    path = tmp_path / "model.toml"
    one = '[[allocations]]\njudge = "ann"\npoints = { a = 30, b = 70 }\n'
    path.write_text(TOML + one)
    assert compile_plan(read_model(path)).weights.tolist() == [30, 70, 1]
    for text, expected in ((one + one, "each judge once"), (one.replace("70", "60"), "add up to 90")):
        path.write_text(TOML + text)
        with pytest.raises(IndexFault, match=expected):
            read_model(path)
