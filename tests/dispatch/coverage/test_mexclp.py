"""Expected coverage and placement: each test states one fact."""

import itertools

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from redstick.dispatch.coverage import Area, best_placement, busy_fraction, erlang_b, erlang_c, placed_greedily


def areas(most_posts=5, most_cells=8):
    """Small areas with anything reaching anything."""

    def made(shape):
        posts, cells = shape
        return st.builds(
            Area,
            st.lists(st.integers(0, 20), min_size=cells, max_size=cells).map(lambda d: np.array(d, float) / 4),
            st.lists(st.booleans(), min_size=posts * cells, max_size=posts * cells).map(
                lambda flat: np.array(flat).reshape(posts, cells)
            ),
            st.integers(0, 10).map(lambda tenths: tenths / 10),
        )

    return st.tuples(st.integers(1, most_posts), st.integers(1, most_cells)).flatmap(made)


def placements(posts, units):
    """Every way to put up to `units` at the posts."""
    for total in range(units + 1):
        for chosen in itertools.combinations_with_replacement(range(posts), total):
            yield np.bincount(np.array(chosen, int), minlength=posts)


def worth(area, placed):
    """Calls an hour reached in time."""
    return area.covered(area.counts(placed)).in_time


@settings(max_examples=150)
@given(areas(), st.integers(0, 4))
def test_the_optimum_is_that_of_trying_everything(area, units):
    """Integer programme against brute force, and greedy never above it nor below what it guarantees (1 - 1/e)."""
    best = max(worth(area, placed) for placed in placements(len(area.reach), units))
    assert worth(area, best_placement(area, units)) == pytest.approx(best, abs=1e-9)
    greedy = worth(area, placed_greedily(area, units))
    assert best * (1 - 1 / np.e) - 1e-9 <= greedy <= best + 1e-9


@given(areas(), st.integers(0, 4), st.lists(st.integers(0, 2), min_size=5, max_size=5))
def test_no_post_holds_more_than_it_has_room_for(area, units, room):
    """In either way of placing; and all units are placed where there is room for them by the greedy one."""
    room = np.array(room[: len(area.reach)])
    for placed in (placed_greedily(area, units, room), best_placement(area, units, room)):
        assert (placed <= room).all()
        assert placed.sum() <= units
    assert placed_greedily(area, units, room).sum() == min(units, room.sum())


@given(areas(), st.integers(0, 4), st.integers(0, 4))
def test_every_further_unit_helps_and_each_less_than_the_last(area, first, second):
    """Coverage is monotone and submodular, which is what greedy stands on; the gain is what is gained."""
    placed = np.bincount([first % len(area.reach)], minlength=len(area.reach))
    one = area.gain(area.counts(placed))
    more = placed + np.bincount([second % len(area.reach)], minlength=len(area.reach))
    assert (area.gain(area.counts(more)) <= one + 1e-12).all()
    assert (one >= 0).all()
    assert worth(area, more) - worth(area, placed) == pytest.approx(float(one[second % len(area.reach)]), abs=1e-9)


@given(areas())
def test_merging_cells_changes_no_comparison(area):
    """Two placements differ by as much as before."""
    merged = area.merged()
    nobody, everybody = np.zeros(len(area.reach), int), np.ones(len(area.reach), int)
    assert worth(merged, everybody) - worth(merged, nobody) == pytest.approx(
        worth(area, everybody) - worth(area, nobody), abs=1e-9
    )


def test_two_units_at_one_place_cover_by_the_formula():
    """1 - q^k of the demand: with q = 0.4, 0.6 and then 0.84 of it."""
    area = Area(np.array([10.0]), np.array([[True]]), 0.4)
    assert worth(area, np.array([1])) == pytest.approx(6.0)
    assert worth(area, np.array([2])) == pytest.approx(8.4)


def test_what_cannot_be_is_refused():
    """Shapes that disagree, a demand below 0, a busy fraction above 1, a load below 0."""
    reach = np.array([[True, False]])
    for demand, busy in (([1.0], 0.5), ([1.0, -1.0], 0.5), ([1.0, np.nan], 0.5), ([1.0, 1.0], 1.1)):
        with pytest.raises(ValueError):
            Area(np.array(demand), reach, busy)
    with pytest.raises(ValueError):
        erlang_b(-1, 2)


def test_no_road_reaches_nothing():
    """NaN and infinity are no drives."""
    area = Area.within(np.ones(3), np.array([[10.0, np.nan, np.inf]]), 60, 0.5)
    assert area.reach.tolist() == [[True, False, False]]


def test_erlangs_formulas_give_the_tabled_values():
    """Blocking of 5 Erlang on 10 lines is 1.838 %; waiting is 3.61 % (published tables of both formulas)."""
    assert erlang_b(5, 10) == pytest.approx(0.01838, abs=5e-6)
    assert erlang_c(5, 10) == pytest.approx(0.0361, abs=5e-5)
    assert erlang_c(10, 10) == 1.0
    assert erlang_b(5, 0) == 1.0


@given(st.floats(0, 50), st.floats(0, 5), st.integers(0, 40))
def test_a_unit_is_busy_for_a_share_of_its_time(calls, hours, units):
    """Between none and all of it; where calls go elsewhere no more than where they wait."""
    waits = busy_fraction(calls, hours, units)
    assert 0 <= busy_fraction(calls, hours, units, calls_wait=False) <= waits + 1e-12 <= 1 + 1e-12
