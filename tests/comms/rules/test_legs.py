"""Legs: written down before they are answered, ended once, their locations never overwritten."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.comms.switchboard import Switchboard

from redstick.comms.reads.views import LegsView
from redstick.comms.rules.legs import MOST_FIXES, AnswerLeg, EndLeg, LegAnswered, LegState, OfferLeg, RelocateLeg
from redstick.comms.rules.waiting import LegQueued
from redstick.published.comms import Arrival, Fix, LegEnded, LegOffered, LegRelocated, LineKind

HERE, BETTER = Fix(x=-911_871_000, y=304_515_000, radius_m=850, method="Cell"), Fix(x=-911_871_500, y=304_515_200)
CALL = Arrival(line=LineKind.EMERGENCY, number="+12255550142", fixes=(HERE,), message="INVITE \xff")


@pytest.fixture
def board():
    """A switchboard on which one 911 call rings."""
    board = Switchboard()
    board.ask(OfferLeg("leg", CALL, "call"))
    return board


def test_a_leg_is_offered_as_it_came_and_its_message_is_in_the_journal_alone(board):
    """Every byte of the message is in the event; the live state does not hold it."""
    offered, queued = board.events(OfferLeg("other", CALL, "call2"))
    assert (offered, queued) == (LegOffered("other", CALL, "call2"), LegQueued("other", "911", "call2"))
    assert offered.arrival.message.encode("latin-1") == b"INVITE \xff"
    assert board.state.legs["other"].arrival.message == ""
    assert board.state.legs["other"].fixes == [HERE]


def test_a_leg_is_offered_once_and_lines_are_kept_apart(board):
    """A known id is refused; a 911 leg has a call of dispatch, no other leg has one."""
    assert board.refused(OfferLeg("leg", CALL, "call2")) == "leg_known"
    assert board.refused(OfferLeg(" ", CALL, "call2")) == "leg_unnamed"
    assert board.refused(OfferLeg("x", CALL)) == "call_needed"
    assert board.refused(OfferLeg("x", Arrival(line=LineKind.ADMIN), "call2")) == "call_not_for_dispatch"
    assert board.refused(OfferLeg("x", Arrival(line=LineKind.TEST), "call2")) == "call_not_for_dispatch"
    assert board.refused(OfferLeg("x", Arrival(line=LineKind.ADMIN, fixes=(HERE,) * 33))) == "too_many_fixes"


def test_an_answer_twice_is_as_once(board):
    """And its codec is that of the first."""
    assert board.events(AnswerLeg("leg", "PCMU")) == [LegAnswered("leg", "call", "PCMU")]
    assert board.events(AnswerLeg("leg", "PCMA")) == []
    assert (board.state.legs["leg"].state, board.state.legs["leg"].codec) == (LegState.ANSWERED, "PCMU")
    assert board.refused(AnswerLeg("nobody")) == "leg_unknown"


def test_a_better_location_stands_beside_the_first(board):
    """What is known already says nothing new; as many as the limit are held live, the newest ones."""
    assert board.events(RelocateLeg("leg", (HERE, BETTER))) == [LegRelocated("leg", (BETTER,), "call")]
    assert board.events(RelocateLeg("leg", (HERE,))) == []
    assert board.state.legs["leg"].fixes == [HERE, BETTER]
    for number in range(MOST_FIXES):
        board.ask(RelocateLeg("leg", (Fix(x=number, y=1),)))
    assert len(board.state.legs["leg"].fixes) == MOST_FIXES
    assert board.state.legs["leg"].fixes[-1] == Fix(x=MOST_FIXES - 1, y=1)
    assert board.refused(RelocateLeg("nobody", (HERE,))) == "leg_unknown"


def test_a_leg_ends_once(board):
    """Whoever tells it again is told that there is none; its packets are in the event."""
    assert board.refused(EndLeg("leg", "somebody", "bye")) == "who_unknown"
    assert board.events(EndLeg("leg", "them", "bye", 5, 6)) == [LegEnded("leg", "them", "bye", "call", 5, 6)]
    assert board.refused(EndLeg("leg", "us", "bye")) == "leg_unknown"
    assert board.state.legs == {}


STEPS = st.sampled_from(["offer", "answer", "move", "end"])


@given(st.lists(st.tuples(STEPS, st.sampled_from("abc")), max_size=25))
def test_whatever_is_asked_each_offered_leg_ends_at_most_once(steps):
    """In any order, on any legs: an end for every offer at most, and none without one."""
    board, offered, ended = Switchboard(), [], []
    for step, leg in steps:
        command = {
            "offer": OfferLeg(leg, CALL, f"call-{leg}"), "answer": AnswerLeg(leg),
            "move": RelocateLeg(leg, (BETTER,)), "end": EndLeg(leg, "them", "bye"),
        }[step]  # fmt: skip
        for event in board.ask(command).events:
            offered += [event.leg] if isinstance(event, LegOffered) else []
            ended += [event.leg] if isinstance(event, LegEnded) else []
    assert sorted(offered) == sorted([*ended, *board.state.legs])


def test_the_floor_sees_who_calls_and_oversight_only_that_somebody_does(board):
    """Ids, number and places are the floor's; crews and the public have no row."""
    view, states = LegsView(), {"comms": board.state}
    row = view.row(states, "leg/leg", "floor")
    assert (row["number"], row["call"], row["line"]) == ("+12255550142", "call", "911")
    assert row["fixes"] == [{"x": HERE.x, "y": HERE.y, "radius_m": 850, "method": "Cell"}]
    assert "message" not in row
    seen = view.row(states, "leg/leg", "oversight")
    assert seen["state"] == "offered"
    assert not {"number", "name", "fixes", "call_urn", "incident_urn", "source", "target", "dialog"} & set(seen)
    assert view.row(states, "leg/leg", "field") is None
    assert view.row(states, "leg/leg", "public") is None
    assert list(view.keys(states)) == ["leg/leg"]
