"""Rounding and ranks: the two tie styles, the halves, missing scores, classes."""

from decimal import ROUND_HALF_DOWN, ROUND_HALF_EVEN, ROUND_HALF_UP, Decimal

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from redstick.survey.index.model import Ranking
from redstick.survey.index.ranking import rank, rounded


def test_competition_ranks_leave_a_gap():
    """1, 1, 3, 4, 4, 6: tied places share the lower number and the next is left out."""
    assert list(rank(np.array([9.0, 9, 8, 7, 7, 5]), Ranking())) == [1, 1, 3, 4, 4, 6]


def test_dense_ranks_leave_none():
    """2, 2, 3, 4, 5, 5, 6 below a first place: none is left out."""
    scores = np.array([10.0, 9, 9, 8, 7, 6, 6, 5])
    assert list(rank(scores, Ranking(ties="dense"))) == [1, 2, 2, 3, 4, 5, 5, 6]


def test_a_missing_score_has_no_rank():
    """It gets 0 and takes no number from anyone."""
    assert list(rank(np.array([np.nan, 3.0, 5.0]), Ranking())) == [0, 2, 1]
    assert list(rank(np.array([np.nan, np.nan]), Ranking())) == [0, 0]
    assert list(rank(np.array([]), Ranking())) == []


def test_scores_within_the_tolerance_are_tied():
    """A difference that only the machine's arithmetic made does not part two places."""
    assert list(rank(np.array([0.1 + 0.2, 0.3, 0.2]), Ranking())) == [1, 1, 3]
    assert list(rank(np.array([0.1 + 0.2, 0.3, 0.2]), Ranking(tolerance=0.0))) == [1, 2, 3]


def test_each_class_is_ranked_by_itself():
    """Ranks begin at 1 in every class; a place of no class has none."""
    scores, classes = np.array([5.0, 9, 7, 8, 6]), np.array([0, 1, 0, 1, -1])
    assert list(rank(scores, Ranking(), classes)) == [2, 1, 1, 2, 0]


@pytest.mark.parametrize(
    ("rounding", "expected"),
    [
        ("half-up", [1, 2, 3, 2, -1]), ("half-even", [0, 2, 2, 2, -2]), ("half-down", [0, 1, 2, 2, -2]),
        ("floor", [0, 1, 2, 1, -2]), ("ceiling", [1, 2, 3, 2, -1]), ("none", [0.5, 1.5, 2.5, 1.7, -1.5]),
    ],
)  # fmt: skip
def test_halves_go_as_declared(rounding, expected):
    """Each mode on .5, 1.5, 2.5, 1.7 and -1.5; half-up is towards plus infinity."""
    assert list(rounded(np.array([0.5, 1.5, 2.5, 1.7, -1.5]), Ranking(rounding=rounding))) == expected


@given(st.integers(0, 10**7), st.integers(0, 4), st.sampled_from(["half-up", "half-even", "half-down"]))
def test_rounding_is_that_of_exact_decimals(thousandths, digits, mode):
    """A figure of five decimals is rounded as its decimal text is, though a float cannot hold it."""
    exact = Decimal(thousandths) / 100_000
    how = {"half-up": ROUND_HALF_UP, "half-even": ROUND_HALF_EVEN, "half-down": ROUND_HALF_DOWN}[mode]
    wanted = float(exact.quantize(Decimal(1).scaleb(-digits), how))
    assert rounded(np.array([float(exact)]), Ranking(rounding=mode, digits=digits))[0] == pytest.approx(
        wanted, abs=1e-12
    )


def test_which_score_is_ranked_is_declared():
    """Two scores that print alike share a rank unless the edition ranks the unrounded ones."""
    scores = np.array([77.6, 78.2, 70.0])
    assert list(rank(scores, Ranking(rounding="half-up", on="rounded"))) == [1, 1, 3]
    assert list(rank(scores, Ranking(rounding="half-up", on="unrounded"))) == [2, 1, 3]


@given(st.lists(st.integers(0, 6), min_size=1, max_size=30))
def test_ranks_are_one_more_than_those_ahead(scores):
    """Competition: places strictly ahead; dense: different scores strictly ahead."""
    figures = np.array(scores, dtype=float)
    assert list(rank(figures, Ranking())) == [1 + sum(other > one for other in scores) for one in scores]
    dense = [1 + len({other for other in scores if other > one}) for one in scores]
    assert list(rank(figures, Ranking(ties="dense"))) == dense


def test_tie_breakers_part_tied_places_in_turn():
    """The first that differs decides, more being better; what is missing is least; equal in all stays tied."""
    scores = np.array([5.0, 5, 5, 5, 9, 5])
    breakers = np.array([[1.0, 9], [2, 1], [2, 3], [np.nan, 9], [0, 0], [2, 3]])
    assert list(rank(scores, Ranking(), None, breakers)) == [5, 4, 2, 6, 1, 2]
    assert list(rank(scores, Ranking(ties="dense"), None, breakers)) == [4, 3, 2, 5, 1, 2]
    assert list(rank(scores, Ranking(), None, breakers[:, :1])) == [5, 2, 2, 6, 1, 2]


@given(st.lists(st.tuples(st.integers(0, 3), st.integers(0, 2), st.integers(0, 2)), min_size=1, max_size=25))
def test_tie_breakers_rank_as_their_row_does(rows):
    """Ranks are those of comparing score, then each breaker, as one compares words."""
    table = np.array(rows, dtype=float)
    found = rank(table[:, 0], Ranking(), None, table[:, 1:])
    assert list(found) == [1 + sum(other > one for other in rows) for one in rows]
