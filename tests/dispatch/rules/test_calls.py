"""Calls: each test states one fact."""

from collections import Counter

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.dispatch.rules.conftest import Desk

from redstick.dispatch.rules.calls import (
    AbandonCall,
    AnswerCall,
    AttachCall,
    CallState,
    DetachCall,
    EndCall,
    HoldCall,
    ReceiveCall,
    ResumeCall,
    TransferCall,
)
from redstick.dispatch.rules.groups import DefineGroup
from redstick.dispatch.rules.incidents import OpenIncident
from redstick.dispatch.rules.seats import LoseSeat, SignOff, SignOn
from redstick.published.dispatch import CallAnswered, CallHeld, CallResumed

SEATS, CALLS = ("calls:1", "calls:2"), ("a", "b", "c")


@pytest.fixture
def ringing(desk):
    desk.run(ReceiveCall("a", "911", callback="225-555-0100"))
    return desk


def test_one_seat_wins_the_call(ringing):
    """The first claim has it; the second is told by whom; asking again by the winner changes nothing."""
    ringing.run(AnswerCall("a", "seat 1"))
    lost = ringing.ask(AnswerCall("a", "seat 2"))
    assert (lost.rejection.code, lost.rejection.data["seat"]) == ("call_taken", "seat 1")
    ringing.run(AnswerCall("a", "seat 1"))
    assert ringing.state.calls["a"].seat == "seat 1"


def floor():
    """Two seats at which somebody has signed on, and three calls that ring."""
    desk = Desk()
    desk.run(DefineGroup("callers", supervises=True))
    for seat in SEATS:
        desk.run(SignOn(seat, f"per_{seat}", ["callers"]))
    for call in CALLS:
        desk.run(ReceiveCall(call, "911"))
    return desk


def test_who_answers_a_second_call_has_the_first_on_hold():
    """It is written down before the answer, so the caller is seen and heard to wait; resumed, the other waits."""
    desk = floor()
    desk.run(AnswerCall("a", "calls:1"))
    desk.run(AnswerCall("c", "calls:2"))
    assert desk.run(AnswerCall("b", "calls:1")) == [CallHeld("a"), CallAnswered("b", "calls:1")]
    assert [desk.state.calls[one].state for one in CALLS] == ["on_hold", "answered", "answered"]
    assert desk.run(ResumeCall("a", "calls:1")) == [CallHeld("b"), CallResumed("a", "calls:1")]
    desk.run(EndCall("a"))
    assert desk.run(ResumeCall("b", "calls:1")) == [CallResumed("b", "calls:1")]


def test_who_takes_over_a_call_of_a_lost_seat_has_their_own_on_hold():
    """Answered or resumed: one caller is spoken with."""
    for takes in (AnswerCall, ResumeCall):
        desk = floor()
        desk.run(AnswerCall("a", "calls:1"))
        desk.run(AnswerCall("b", "calls:2"))
        desk.run(LoseSeat("calls:2"))
        assert desk.run(takes("b", "calls:1")) == [CallHeld("a"), CallResumed("b", "calls:1")]


def test_a_name_at_which_nobody_signed_on_has_many_calls_at_once(ringing):
    """A replayed history and a stack of paper cards: nobody waited on hold there."""
    ringing.run(ReceiveCall("b", "911"))
    ringing.run(AnswerCall("a", "unknown"))
    assert ringing.run(AnswerCall("b", "unknown")) == [CallAnswered("b", "unknown")]


@given(
    st.lists(
        st.one_of(
            st.builds(AnswerCall, st.sampled_from(CALLS), st.sampled_from(SEATS)),
            st.builds(ResumeCall, st.sampled_from(CALLS), st.sampled_from(SEATS)),
            st.builds(HoldCall, st.sampled_from(CALLS)),
            st.builds(TransferCall, st.sampled_from(CALLS), st.sampled_from(SEATS)),
            st.builds(LoseSeat, st.sampled_from(SEATS)),
            st.builds(SignOff, st.sampled_from(SEATS), st.just("a break")),
            st.builds(SignOn, st.sampled_from(SEATS), st.just("per_x"), st.just(["callers"])),
        ),
        max_size=30,
    )
)
def test_whatever_is_asked_a_seat_speaks_with_one_caller(commands):
    """But for calls that it left behind, which are anybody's to take."""
    desk = floor()
    for command in commands:
        if isinstance(command, AnswerCall | ResumeCall) and command.seat not in desk.state.seats:
            continue
        desk.ask(command)
        spoken = [one for one in desk.state.calls.values() if one.state is CallState.ANSWERED and not one.left]
        assert max(Counter(one.seat for one in spoken).values(), default=0) <= 1, command


def test_a_caller_who_hangs_up_first_is_abandoned(ringing):
    """A hang-up before an answer is not an end: the call stays, with its number, and waits to be called back."""
    ringing.run(AbandonCall("a"))
    call = ringing.state.calls["a"]
    assert (call.state, call.callback) == ("callback_queued", "225-555-0100")
    assert ringing.refused(AnswerCall("a", "seat 1")) == "call_over"


def test_an_answered_call_cannot_be_abandoned(ringing):
    """Once somebody spoke, the call ends."""
    ringing.run(AnswerCall("a", "seat 1"))
    assert ringing.refused(AbandonCall("a")) == "call_taken"
    ringing.run(EndCall("a"))
    ringing.run(EndCall("a"))
    assert ringing.state.calls["a"].state == "ended"


def test_many_calls_speak_of_one_incident_and_can_be_moved(ringing):
    """Attaching and detaching keep both calls; a moved call leaves the incident that it spoke of."""
    ringing.run(ReceiveCall("b", "911"))
    ringing.run(OpenIncident("i", call="a"))
    ringing.run(OpenIncident("j", call="b"))
    ringing.run(AttachCall("b", "i"))
    assert ringing.state.incidents["i"].calls == ["a", "b"]
    assert ringing.state.incidents["j"].calls == []
    ringing.run(DetachCall("b"))
    assert ringing.state.incidents["i"].calls == ["a"]
    assert sorted(ringing.state.calls) == ["a", "b"]


def test_an_id_is_never_used_twice(ringing):
    """A call under a known id is refused: nothing is overwritten."""
    assert ringing.refused(ReceiveCall("a", "text")) == "call_known"


@pytest.mark.parametrize("command", [AnswerCall("x", "s"), AbandonCall("x"), EndCall("x"), AttachCall("x", "i")])
def test_an_unknown_call_is_said_to_be_unknown(desk, command):
    """Every command on a call names it when there is no such call."""
    assert desk.refused(command) == "call_unknown"


def test_nothing_is_without_a_name(desk):
    """A call or an incident under a blank id could never be spoken of: a machine's slip, told at once."""
    assert desk.refused(ReceiveCall(" ", "911")) == "call_unnamed"
    assert desk.refused(OpenIncident("")) == "incident_unnamed"
