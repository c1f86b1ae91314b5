"""Invariants of calls and incidents: each planted breach is told, and nothing is told without one."""

import pytest

from redstick.dispatch.invariants import broken
from redstick.dispatch.relations import Relation
from redstick.dispatch.rules.calls import AbandonCall, CallState, ReceiveCall
from redstick.dispatch.rules.incidents import OpenIncident
from redstick.dispatch.rules.links import LinkIncidents, MergeIncidents

NUMBER = "2255550100"


@pytest.fixture
def state(desk):
    """A hang-up, two merged incidents, two linked ones."""
    desk.run(ReceiveCall("a", "911", NUMBER))
    desk.run(AbandonCall("a"))
    for name in "ijkl":
        desk.run(OpenIncident(name))
    desk.run(MergeIncidents("i", "j"))
    desk.run(LinkIncidents("k", "l", Relation.PARENT))
    return desk.state


def forget(state):
    state.callbacks.clear()


def lose_its_call(state):
    del state.calls["a"]


def end_it_silently(state):
    state.calls["a"].state = CallState.ENDED


def exhaust_the_entry_alone(state):
    state.callbacks[NUMBER].exhausted = True


def open_the_replaced_one(state):
    state.incidents["j"].closed_at = None


def forget_the_merge(state):
    state.incidents["i"].replaces.clear()


def point_elsewhere(state):
    state.incidents["j"].replaced_by = "k"


def link_one_way(state):
    state.incidents["l"].links.clear()


def link_both_as_parents(state):
    state.incidents["l"].links["k"] = Relation.PARENT


def test_nothing_is_told_of_a_state_that_is_well(state):
    """The breaches below are the only ones."""
    assert list(broken(state)) == []


@pytest.mark.parametrize(
    "plant",
    [
        forget, lose_its_call, end_it_silently, exhaust_the_entry_alone,
        open_the_replaced_one, forget_the_merge, point_elsewhere, link_one_way, link_both_as_parents,
    ],
)  # fmt: skip
def test_a_planted_breach_is_told(state, plant):
    """Whichever it is."""
    plant(state)
    assert list(broken(state)) != []
