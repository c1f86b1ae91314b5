"""Missing figures filled by regression: where theory gives the answer, and where there is none."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from redstick.survey.index.imputation import by_regression, impute
from redstick.survey.index.model import Impute

NAN = np.nan


def correlated(seed, places=400):
    """Three indicators of one cause, the second with less noise."""
    rng = np.random.default_rng(seed)
    cause = rng.normal(0, 1, places)
    return np.column_stack([cause + rng.normal(0, 0.5, places), 3 + 2 * cause + rng.normal(0, 0.2, places), 5 - cause])


@given(st.integers(0, 2**32 - 1), st.integers(1, 2))
@settings(max_examples=25)
def test_where_one_column_lacks_figures_they_lie_on_the_line_of_least_squares(seed, n_predictors):
    """With complete predictors the likelihood has a closed form (Anderson 1957): the regression on complete places."""
    values = correlated(seed)[:, : n_predictors + 1]
    holes = np.random.default_rng(seed).random(len(values)) < 0.3
    holes[:20] = False
    design = np.column_stack([np.ones(len(values)), values[:, 1:]])
    line = np.linalg.lstsq(design[~holes], values[~holes, 0], rcond=None)[0]
    lacking = values.copy()
    lacking[holes, 0] = NAN
    found = by_regression(lacking, shrink=0.0)
    assert found[holes, 0] == pytest.approx(design[holes] @ line, abs=1e-5)
    assert np.array_equal(found[~holes], values[~holes])


def test_it_comes_nearer_to_the_truth_than_the_mean():
    """A fifth of all figures taken away: the error of regression is less than half of that of the mean."""
    values = correlated(3)
    lacking = np.where(np.random.default_rng(4).random(values.shape) < 0.2, NAN, values)
    holes = np.isnan(lacking)
    errors = [np.abs(impute(lacking, Impute(method)) - values)[holes].mean() for method in ("regression", "mean")]
    assert errors[0] < errors[1] / 2


@given(st.integers(0, 2**32 - 1), st.floats(0.01, 100), st.floats(-50, 50))
@settings(max_examples=25)
def test_the_unit_of_a_column_means_nothing(seed, factor, offset):
    """Feet for metres: what is filled in is the same figure in the other unit."""
    values = correlated(seed, 60)
    values[np.random.default_rng(seed).random(values.shape) < 0.2] = NAN
    other = values.copy()
    other[:, 1] = other[:, 1] * factor + offset
    found = by_regression(values)
    assert by_regression(other)[:, 1] == pytest.approx(found[:, 1] * factor + offset, rel=1e-4, abs=1e-4)
    assert by_regression(other)[:, 0] == pytest.approx(found[:, 0], rel=1e-4, abs=1e-4)


def test_a_table_wider_than_long_has_an_answer():
    """Fewer places than indicators: shrunk correlations keep every figure finite."""
    values = np.random.default_rng(5).normal(0, 1, (6, 20))
    values[0, :5] = values[3, 2] = NAN
    assert np.isfinite(by_regression(values)).all()


def test_a_column_without_variation_or_figures():
    """Its mean, or nothing at all; a place without any answer gets the means."""
    values = np.array([[1.0, 5, NAN, 2], [2, NAN, NAN, 4], [3, 5, NAN, 6.5], [NAN, NAN, NAN, NAN]])
    found = by_regression(values)
    assert found[1, 1] == 5
    assert np.isnan(found[:, 2]).all()
    assert found[3, [0, 3]] == pytest.approx(values[:3, [0, 3]].mean(axis=0), abs=1e-6)
