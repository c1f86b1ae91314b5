"""Waiting for a person: Erlang C and A against published values, each other, and a queue that is simulated."""

import math
import random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from redstick.dispatch.coverage.busy import erlang_b, erlang_c
from redstick.dispatch.staffing.queueing import mean_wait_s, people_for, with_patience, within

LOADS = st.tuples(st.floats(1, 600), st.floats(10, 600))


def test_fourteen_people_for_a_hundred_calls_in_half_an_hour():
    """A published example: 10 Erlang, 14 people: 17.4 % wait, 88.8 % within 20 s, 7.8 s on average."""
    assert erlang_c(10, 14) == pytest.approx(0.174, abs=5e-4)
    assert within(200, 180, 14, 20) == pytest.approx(0.888, abs=5e-4)
    assert mean_wait_s(200, 180, 14) == pytest.approx(7.8, abs=0.05)
    assert people_for(200, 180, 80, 20) == 14


def test_fifty_people_for_forty_eight_calls_a_minute():
    """The published comparison of both (Gans, Koole and Mandelbaum 2003): a minute a call, two minutes of patience."""
    assert mean_wait_s(48 * 60, 60, 50) == pytest.approx(20.8, abs=0.05)
    found = with_patience(48 * 60, 60, 50, 120)
    assert found.gives_up == pytest.approx(0.031, abs=5e-4)
    assert found.mean_s == pytest.approx(3.7, abs=0.05)
    assert found.busy == pytest.approx(0.93, abs=5e-3)


@given(LOADS, st.integers(1, 60))
def test_endless_patience_is_erlang_c_and_none_is_erlang_b(load, people):
    """The two ends of Erlang A."""
    calls, handling = load
    offered = calls * handling / 3600
    none = with_patience(calls, handling, people, 1e-6)
    assert none.gives_up == pytest.approx(erlang_b(offered, people), abs=1e-4)
    if offered < 0.9 * people:
        endless = with_patience(calls, handling, people, 1e9)
        assert endless.waits == pytest.approx(erlang_c(offered, people), abs=1e-4)
        assert endless.mean_s == pytest.approx(mean_wait_s(calls, handling, people), rel=1e-3, abs=1e-3)


@given(LOADS, st.sampled_from([80, 90, 95, 99]), st.floats(0, 60))
def test_as_many_as_needed_and_not_one_more(load, percent, threshold):
    """The service is reached with them, and missed with one fewer; more work never needs fewer."""
    calls, handling = load
    people = people_for(calls, handling, percent, threshold)
    assert within(calls, handling, people, threshold) * 100 >= percent
    assert within(calls, handling, people - 1, threshold) * 100 < percent
    assert people_for(calls * 2, handling, percent, threshold) >= people


def test_more_work_than_people_answers_nobody_in_time():
    """And the wait grows without end, unless callers give up."""
    assert (within(100, 180, 4, 15), mean_wait_s(100, 180, 4)) == (0.0, math.inf)
    assert 0 < with_patience(100, 180, 4, 60).gives_up < 1
    assert people_for(0, 180, 90, 15) == 0


def test_a_simulated_queue_agrees():
    """Thirty thousand callers by chance, 3 people: as many wait less than 15 s as the formula says."""
    rng, free, n, quick = random.Random(5), [0.0, 0.0, 0.0], 30_000, 0
    at = 0.0
    for _ in range(n):
        at += rng.expovariate(30 / 3600)
        free.sort()
        begun = max(at, free[0])
        quick += begun - at <= 15
        free[0] = begun + rng.expovariate(1 / 240)
    assert quick / n == pytest.approx(within(30, 240, 3, 15), abs=0.015)
