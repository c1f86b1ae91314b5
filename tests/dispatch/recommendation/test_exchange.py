"""A nearer unit frees up: what is suggested, and that it does not flicker."""

import itertools

from hypothesis import given
from hypothesis import strategies as st

from redstick.dispatch.recommendation.exchange import MARGIN_S, Exchange, OnTheWay, suggest
from redstick.dispatch.recommendation.kept import Offer


def offer(unit, cost_s, requirement="r", crew=""):
    """A unit that could go now."""
    return Offer(requirement, unit, crew or f"unit {unit}", cost_s, cost_s)


def pairs(found):
    """Who for whom."""
    return [(exchange.out, exchange.instead) for exchange in found]


def test_an_exchange_is_suggested_when_it_gains_more_than_the_margin():
    """By the margin itself it is not; one second more and it is, with the gain."""
    sent = [OnTheWay("r", "E1", 600)]
    assert suggest(sent, [offer("E2", 600 - MARGIN_S)]) == []
    assert suggest(sent, [offer("E2", 599 - MARGIN_S)]) == [Exchange("r", "E1", "E2", MARGIN_S + 1)]


def test_it_stands_until_no_gain_is_left():
    """Less than the margin does not take it back; nothing to gain does, and so does a unit that is gone."""
    sent = [OnTheWay("r", "E1", 600)]
    shown = suggest(sent, [offer("E2", 400)])
    assert pairs(suggest(sent, [offer("E2", 590)], shown)) == [("E1", "E2")]
    assert suggest(sent, [offer("E2", 600)], shown) == []
    assert suggest(sent, [], shown) == []


def test_another_takes_its_place_only_when_it_gains_the_margin_beyond_it():
    """A little nearer changes nothing; much nearer does."""
    sent = [OnTheWay("r", "E1", 600)]
    shown = suggest(sent, [offer("E2", 400)])
    assert pairs(suggest(sent, [offer("E2", 400), offer("E3", 400 - MARGIN_S)], shown)) == [("E1", "E2")]
    assert pairs(suggest(sent, [offer("E2", 400), offer("E3", 399 - MARGIN_S)], shown)) == [("E1", "E3")]


def test_no_unit_and_no_crew_is_named_twice():
    """Two units on their way, two free ones with one crew: one exchange, the one that gains most."""
    sent = [OnTheWay("r", "E1", 600), OnTheWay("r", "E2", 700)]
    assert pairs(suggest(sent, [offer("E3", 100, crew="c"), offer("E4", 100, crew="c")])) == [("E2", "E3")]


def test_a_unit_is_exchanged_only_for_one_that_fills_the_same_requirement():
    """An engine is no help for a medic that is late."""
    assert suggest([OnTheWay("medic", "M1", 900)], [offer("E1", 10, requirement="engine")]) == []


GAINS = st.lists(st.lists(st.integers(-200, 600), min_size=3, max_size=3), min_size=2, max_size=2)
NOISE = st.lists(st.lists(st.integers(0, MARGIN_S - 1), min_size=6, max_size=6), min_size=2, max_size=15)


@given(GAINS, NOISE, st.booleans())
def test_gains_that_move_within_the_margin_never_alternate_suggestions(gains, noise, shared):
    """Two on the way, three free, each gain moving within a band below the margin: what was left never comes back."""
    shown, seen = [], []
    for step in noise:
        wobble = iter(step)
        sent = [OnTheWay(f"r{i}", f"out{i}", 1_000) for i in range(2)]
        free = [
            offer(f"in{j}", 1_000 - gain - next(wobble), f"r{i}", "c" if shared and j < 2 else "")
            for i, row in enumerate(gains)
            for j, gain in enumerate(row)
        ]
        shown = suggest(sent, free, shown)
        seen.append(frozenset(pairs(shown)))
    changes = [key for key, _ in itertools.groupby(seen)]
    assert len(set(changes)) == len(changes)
