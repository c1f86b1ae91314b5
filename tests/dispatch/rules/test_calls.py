"""Calls: each test states one fact."""

import pytest

from redstick.dispatch.rules.calls import AbandonCall, AnswerCall, AttachCall, DetachCall, EndCall, ReceiveCall
from redstick.dispatch.rules.incidents import OpenIncident


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
