"""Dice of whole numbers: each test states one fact."""

from statistics import mean, median

import pytest
from hypothesis import given
from hypothesis import strategies as st

from redstick.simulation.city.dice import MILLION, Dice


def test_the_first_rolls_of_a_seed_are_known():
    """On every machine these, to the last bit: whoever changes them changes every journal of every seed."""
    dice = Dice(7, "here")
    assert [dice.raw(), dice.below(1000), dice.about(60_000, 0.3), dice.wait_ppm()] == [
        941132150051984191, 434, 55860, 2158748,
    ]  # fmt: skip


def test_what_it_is_for_makes_a_stream_of_its_own():
    """A further roll of one thing never shifts another."""
    assert Dice(7, "here").raw() != Dice(7, "there").raw() != Dice(8, "there").raw()


@given(st.integers(1, 10**12), st.integers(0, 2**32))
def test_a_roll_stays_below_its_limit(limit, seed):
    """From nought to the limit, never the limit."""
    assert 0 <= Dice(seed).below(limit) < limit


@pytest.mark.parametrize("spread", [0.2, 0.35, 0.7])
def test_about_has_its_middle_where_it_says(spread):
    """Half of the rolls are below the middle, to one in fifty; none is beyond five sigma."""
    dice = Dice(3)
    rolls = [dice.about(10_000, spread) for _ in range(20_000)]
    assert median(rolls) == pytest.approx(10_000, rel=0.02)
    assert max(rolls) < 10_000 * 2.72 ** (5 * spread)


def test_a_wait_is_exponential():
    """Mean one, and one in e waits longer than that; one in a thousand longer than 6.9."""
    dice = Dice(5)
    waits = [dice.wait_ppm() / MILLION for _ in range(50_000)]
    assert mean(waits) == pytest.approx(1, rel=0.02)
    assert mean(wait > 1 for wait in waits) == pytest.approx(0.368, abs=0.01)
    assert 20 < sum(wait > 6.9078 for wait in waits) < 90


def test_what_happens_in_so_many_of_a_hundred_does():
    """A hundred percent always, none never, thirty about thirty."""
    dice = Dice(9)
    assert all(dice.happens(100) for _ in range(100))
    assert not any(dice.happens(0) for _ in range(100))
    assert mean(dice.happens(30) for _ in range(20_000)) == pytest.approx(0.3, abs=0.01)


def test_a_weight_of_nought_is_never_drawn():
    """And a weight of three is drawn three times as often as one."""
    dice = Dice(2)
    drawn = [dice.weighted([1, 1, 4]) for _ in range(8_000)]
    assert 1 not in drawn
    assert drawn.count(2) / drawn.count(0) == pytest.approx(3, rel=0.1)
