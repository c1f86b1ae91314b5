"""Judges' ratings: means, medians, panels, and what each judge gave."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from redstick.survey.index.ratings import make_ratings

seeds = st.integers(0, 2**32 - 1)


def made(seed, places=6, questions=3, judges=4):
    """(ratings, cube of judges x places x questions with NaN) in shuffled order."""
    rng = np.random.default_rng(seed)
    cube = np.round(rng.uniform(0, 5, size=(judges, places, questions)), 1)
    cube[rng.random(cube.shape) < 0.4] = np.nan
    seat, place, question = np.nonzero(~np.isnan(cube))
    order = rng.permutation(len(seat))
    cells = (place * questions + question)[order]
    names = tuple(f"j{number}" for number in range(judges))
    values = cube[seat, place, question][order]
    return make_ratings(places, np.arange(questions), names, cells, seat[order], values), cube


@given(seeds)
@pytest.mark.filterwarnings("ignore:Mean of empty slice", "ignore:All-NaN slice")
def test_a_cell_is_the_mean_or_median_of_its_ratings(seed):
    """Over those who rated; nobody's silence counts as zero."""
    ratings, cube = made(seed)
    assert np.allclose(ratings.combined(), np.nanmean(cube, axis=0), equal_nan=True)
    assert np.allclose(ratings.combined("median"), np.nanmedian(cube, axis=0), equal_nan=True)


@given(seeds, st.lists(st.integers(0, 3), min_size=4, max_size=4))
@pytest.mark.filterwarnings("ignore:Mean of empty slice", "ignore:All-NaN slice")
@pytest.mark.parametrize("how", ["mean", "median"])
def test_a_panel_counts_each_judge_as_often_as_it_holds(how, seed, counts):
    """0 leaves a judge out, 2 counts one twice."""
    ratings, cube = made(seed)
    panel = np.repeat(cube, counts, axis=0)
    wanted = np.full(cube.shape[1:], np.nan)
    if len(panel):
        wanted = np.nanmean(panel, axis=0) if how == "mean" else np.nanmedian(panel, axis=0)
    assert np.allclose(ratings.combined(how, np.array(counts)), wanted, equal_nan=True)


@given(seeds)
def test_a_question_as_a_matrix(seed):
    """Raters by places, as agreement is computed from."""
    ratings, cube = made(seed)
    assert np.array_equal(ratings.matrix(1), cube[:, :, 1], equal_nan=True)


def test_no_ratings_at_all():
    """Every cell is missing."""
    nothing = np.array([], dtype=np.int64)
    ratings = make_ratings(2, np.array([0]), ("j",), nothing, nothing, np.array([]))
    assert np.isnan(ratings.combined()).all()
