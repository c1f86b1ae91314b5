"""What is expected of a source and what silence it bears: each test states one fact."""

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from redstick.dispatch.absence.deadline import HOUR_MS, HOURS, WEEK_MS
from redstick.dispatch.absence.expecting import STEADIEST, Expectation, expect, false_alarms

MONDAY = 4 * 24 * HOUR_MS + 2800 * WEEK_MS


def calls(dice, rates, weeks, shape=None):
    """When calls came: Poisson in each hour, with a rate that varies as a gamma of this shape where one is given."""
    heard = []
    for hour in range(weeks * HOURS):
        rate = rates[hour % HOURS] * (dice.gamma(shape, 1 / shape) if shape else 1)
        begun = MONDAY + hour * HOUR_MS
        heard += [begun + int(at) for at in dice.uniform(0, HOUR_MS, dice.poisson(rate))]
    return sorted(heard)


def daily(low, high):
    """Rates of a day with a quiet night, seven times."""
    day = [low + (high - low) * (1 - math.cos(2 * math.pi * (hour - 4) / 24)) / 2 for hour in range(24)]
    return np.array(day * 7)


def test_rates_are_learnt_from_weeks():
    """Within a fifth after a year, each hour of its own."""
    rates = daily(4, 20)
    found = expect(calls(np.random.default_rng(3), rates, 52), [(MONDAY, MONDAY + 52 * WEEK_MS)])
    assert np.abs(found.an_hour / rates - 1).max() < 0.2
    assert found.shape > 50


def test_one_week_is_helped_by_its_other_days():
    """Closer to the truth than each hour's own count is."""
    rates = daily(4, 20)
    heard = calls(np.random.default_rng(4), rates, 1)
    found = expect(heard, [(MONDAY, MONDAY + WEEK_MS)])
    own = np.bincount([(at - MONDAY) // HOUR_MS for at in heard], minlength=HOURS)
    assert np.abs(found.an_hour - rates).mean() < np.abs(own - rates).mean() / 1.5


def test_a_varying_source_bears_more():
    """Weather and events are no outage: the shape is found, and the silence that is borne grows with it."""
    rates = daily(4, 20)
    found = expect(calls(np.random.default_rng(5), rates, 52, shape=4), [(MONDAY, MONDAY + 52 * WEEK_MS)])
    assert 3 < found.shape < 5
    assert found.bears() > 3 * Expectation(found.an_hour, STEADIEST).bears()


@pytest.mark.parametrize(("shape", "most"), [(None, 1.6), (4, 1.0)])
def test_false_alarms_stay_within_their_budget(shape, most):
    """Twenty years of nights without an outage at a budget of ten a year (so that there is something to count).

    Plain chance comes out at the budget; where rates vary by the hour the budget is kept with room to spare.
    """
    rates, years, budget = daily(2, 8), 20, 10.0
    heard = calls(np.random.default_rng(6), rates, 52 * years, shape)
    expectation = Expectation(rates, shape or STEADIEST)
    count = false_alarms(heard, expectation, budget)
    assert count <= most * budget * years
    if shape is None:
        assert count >= 0.5 * budget * years


@given(st.lists(st.integers(MONDAY, MONDAY + 2 * WEEK_MS), max_size=30))
def test_whatever_was_heard_something_is_expected(heard):
    """Also of a source that was never heard, or all in one hour: then silence is borne for long, and not for ever."""
    found = expect(heard, [(MONDAY, MONDAY + 2 * WEEK_MS)])
    rates, bears = found.whole()
    assert len(rates) == HOURS
    assert min(rates) > 0
    assert bears > 0
    assert MONDAY < found.deadline(MONDAY) <= MONDAY + 9 * WEEK_MS
