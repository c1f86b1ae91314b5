"""Which idle unit is worth moving where: each test states one fact."""

import itertools

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from redstick.dispatch.coverage import Area, Idle, Margins, suggest

POSTS = np.eye(3, dtype=bool)  # three posts, each covering one cell


def area(*demand, busy=0.4):
    """Demand of three cells."""
    return Area(np.array(demand, float), POSTS, busy)


def idle(name, post, drive_s=300.0):
    """A unit at a post, with the same drive to every other."""
    return Idle(name, POSTS[post], np.where(np.arange(3) == post, 0.0, drive_s), post)


def test_the_unit_that_is_least_missed_covers_the_open_area():
    """Two units at the quiet post, none at the busy one: one of them moves, and the saving is the difference."""
    [move] = suggest(area(2, 4, 0), [idle("A", 0), idle("B", 0)])
    assert (move.unit, move.post) == ("A", 1)
    assert move.before.late == pytest.approx(0.32 + 4)
    assert move.after.late == pytest.approx(0.8 + 1.6)
    assert move.saves == pytest.approx(4.32 - 2.4)


def test_nothing_is_suggested_where_nothing_is_gained():
    """Units stand where they should."""
    assert suggest(area(4, 4, 4), [idle("A", 0), idle("B", 1), idle("C", 2)]) == []
    assert suggest(area(4, 4, 4), []) == []


def test_a_drive_that_is_too_long_or_cannot_be_made_is_not_suggested():
    """Whatever it would save."""
    assert suggest(area(1, 4, 0), [idle("A", 0, 901.0), idle("B", 0, np.inf)]) == []


def test_suggestions_do_not_flap():
    """Demand that goes up and down between the margins neither begins a suggestion nor ends one."""
    margins, units = Margins(begins=1.0, stays=0.5), [idle("A", 0), idle("B", 0)]
    demands = [1.5, 2.0, 1.3, 1.9, 1.4, 2.0]
    standing = {}
    for demand in demands:
        assert suggest(area(1, demand, 0), units, margins, standing) == []
    [begun] = suggest(area(1, 3.0, 0), units, margins)
    standing = {begun.unit: begun.post}
    for demand in demands:
        [kept] = suggest(area(1, demand, 0), units, margins, standing)
        assert (kept.unit, kept.post) == (begun.unit, begun.post)
    assert suggest(area(1, 0.9, 0), units, margins, standing) == []
    with pytest.raises(ValueError):
        Margins(begins=0.1, stays=0.2)


def test_a_standing_suggestion_goes_before_a_better_one():
    """The dispatcher is not told something else while what was said still holds."""
    moves = suggest(area(1, 4, 3), [idle("A", 0), idle("B", 0)], Margins(most=1), {"B": 2})
    assert [(move.unit, move.post) for move in moves] == [("B", 2)]


@st.composite
def situations(draw):
    """Random areas of four posts with up to five idle units on them."""
    reach = np.array(draw(st.lists(st.booleans(), min_size=24, max_size=24))).reshape(4, 6)
    demand = np.array(draw(st.lists(st.integers(0, 9), min_size=6, max_size=6)), float)
    posts = draw(st.lists(st.integers(0, 3), min_size=1, max_size=5))
    units = [Idle(f"U{i}", reach[post], np.full(4, 200.0), post) for i, post in enumerate(posts)]
    return Area(demand, reach, draw(st.integers(1, 9)) / 10), units


@given(situations())
def test_the_first_move_is_the_best_of_all(situation):
    """Against every unit to every post; and each further one leaves fewer calls late than the one before it."""
    where, units = situation
    moves = suggest(where, units, Margins(begins=1e-9, stays=1e-9, most=10))
    counts = np.sum([unit.reaches for unit in units], axis=0)
    every = itertools.product(units, range(4))
    late = [where.covered(counts - unit.reaches + where.reach[post]).late for unit, post in every]
    now = where.covered(counts).late
    if moves:
        assert moves[0].after.late == pytest.approx(min(late), abs=1e-9)
    else:
        assert min(late) >= now - 1e-8
    levels = [now, *(move.after.late for move in moves)]
    assert all(after < before for before, after in itertools.pairwise(levels))
    assert len({move.unit for move in moves}) == len(moves)


@given(situations(), st.randoms(use_true_random=False))
def test_the_order_of_the_roster_does_not_matter(situation, dice):
    """The same units in another order give the same moves."""
    where, units = situation
    shuffled = list(units)
    dice.shuffle(shuffled)
    assert [(m.unit, m.post) for m in suggest(where, units)] == [(m.unit, m.post) for m in suggest(where, shuffled)]
