"""Callbacks: each test states one fact."""

import random
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from redstick.dispatch.rules.callbacks import (
    AGEING_MS,
    Attempt,
    AttemptCallback,
    Callback,
    ClaimCallback,
    CloseCallback,
    queue,
)
from redstick.dispatch.rules.calls import (
    MAY_GO,
    AbandonCall,
    AnswerCall,
    CallState,
    DivertCall,
    EndCall,
    HoldCall,
    ReceiveCall,
    ResumeCall,
    TransferCall,
)
from redstick.dispatch.state import Dispatch

NUMBER = "2255550100"
TRIES = [AttemptCallback(NUMBER, "s", Attempt.NO_ANSWER), AttemptCallback(NUMBER, "s", Attempt.BUSY)]


def ghost(desk, call, callback="(225) 555-0100"):
    """A call that rings and is given up."""
    desk.run(ReceiveCall(call, "911", callback=callback))
    desk.run(AbandonCall(call))


def state_of(desk, call):
    return desk.state.calls[call].state


def test_a_number_that_rings_again_is_one_entry(desk):
    """However it is written; the entry keeps the age of its first call."""
    ghost(desk, "a")
    desk.now += 60_000
    ghost(desk, "b", "+1 225-555-0100")
    [owed] = desk.state.callbacks.values()
    assert (owed.number, owed.calls, owed.since) == (NUMBER, ["a", "b"], desk.now - 60_000)


@pytest.mark.parametrize("withheld", ["", "anonymous"])
def test_withheld_numbers_are_not_taken_for_one_another(desk, withheld):
    """Each such call is an entry of its own."""
    ghost(desk, "a", withheld)
    ghost(desk, "b", withheld)
    assert [owed.calls for owed in desk.state.callbacks.values()] == [["a"], ["b"]]


def test_a_number_that_calls_again_and_is_answered_is_owed_nothing(desk):
    """Its hang-ups were reached and are over; the call that was answered goes on."""
    ghost(desk, "a")
    desk.run(ReceiveCall("b", "911", callback="225 555 0100"))
    desk.run(AnswerCall("b", "seat 1"))
    assert desk.state.callbacks == {}
    assert (state_of(desk, "a"), state_of(desk, "b")) == ("ended", "answered")


def test_who_is_reached_is_spoken_with_on_the_last_call(desk):
    """The earlier ones end, and so does the last when the conversation is over."""
    ghost(desk, "a")
    ghost(desk, "b")
    desk.run(AttemptCallback(NUMBER, "seat 1", Attempt.REACHED))
    assert (state_of(desk, "a"), state_of(desk, "b")) == ("ended", "callback_reached")
    assert desk.state.calls["b"].seat == "seat 1"
    desk.run(EndCall("b"))


def test_an_exhausted_callback_is_closed_only_by_a_name_with_a_reason(desk):
    """After three attempts it stays in the queue; its call cannot end before somebody has signed for it."""
    ghost(desk, "a")
    assert desk.refused(CloseCallback(NUMBER, "Ada", "hospital found her")) == "callback_not_exhausted"
    for attempt in (*TRIES, TRIES[0]):
        assert desk.refused(EndCall("a")) == "callback_owed"
        desk.run(attempt)
    assert state_of(desk, "a") == "callback_exhausted"
    desk.now += 7 * 24 * 3_600_000
    assert [owed.calls for owed in queue(desk.state, desk.now)] == [["a"]]
    assert desk.refused(EndCall("a")) == "callback_owed"
    assert desk.refused(CloseCallback(NUMBER, " ", "gone")) == "name_and_reason_needed"
    desk.run(CloseCallback(NUMBER, "Ada", "officer found her well"))
    assert (desk.state.callbacks, state_of(desk, "a")) == ({}, "ended")


def test_an_exhausted_number_that_rings_again_is_tried_again(desk):
    """A sign of life: its count begins anew, for the old calls too."""
    ghost(desk, "a")
    for attempt in (*TRIES, TRIES[0]):
        desk.run(attempt)
    ghost(desk, "b")
    [owed] = desk.state.callbacks.values()
    assert (owed.exhausted, owed.attempts) == (False, [])
    assert {state_of(desk, call) for call in "ab"} == {"callback_queued"}


def test_an_exhausted_number_that_is_answered_is_still_closed_by_a_person(desk):
    """The entry says which call was heard."""
    ghost(desk, "a")
    for attempt in (*TRIES, TRIES[0]):
        desk.run(attempt)
    desk.run(ReceiveCall("b", "911", callback=NUMBER))
    desk.run(AnswerCall("b", "seat 1"))
    assert desk.state.callbacks[NUMBER].called_again == "b"
    desk.run(CloseCallback(NUMBER, "Ada", "heard on b"))


def test_one_seat_calls_a_number_back(desk):
    """The second is told who does; after the attempt anyone may try."""
    ghost(desk, "a")
    desk.run(ClaimCallback(NUMBER, "seat 1"))
    assert desk.ask(ClaimCallback(NUMBER, "seat 2")).rejection.data["by"] == "seat 1"
    assert desk.refused(AttemptCallback(NUMBER, "seat 2", Attempt.BUSY)) == "callback_taken"
    desk.run(AttemptCallback(NUMBER, "seat 1", Attempt.BUSY))
    desk.run(ClaimCallback(NUMBER, "seat 2"))


def test_waiting_makes_urgent(desk):
    """An old single hang-up comes before a fresh number that rang twice."""
    ghost(desk, "old", "555-0001")
    desk.now += 2 * AGEING_MS
    ghost(desk, "b1", "555-0002")
    ghost(desk, "b2", "555-0002")
    assert [owed.number for owed in queue(desk.state, desk.now)] == ["5550001", "5550002"]


@given(rings=st.integers(1, 30), head_start=st.integers(0, 12), waited=st.integers(0, 6))
def test_no_ringing_overtakes_who_has_waited_a_level_longer(rings, head_start, waited):
    """In a storm a number that rings and rings goes before who rang once at its time, never before who waits longer."""
    once = Callback("once", "", 0, ["a"])
    often = Callback("often", "", head_start * AGEING_MS // 4, [f"g{ring}" for ring in range(rings)])
    state = Dispatch(callbacks={"often": often, "once": once})
    first, _ = queue(state, often.since + waited * AGEING_MS)
    if head_start >= 4:
        assert first is once
    if head_start == 0 and rings > 1 and waited < 2:
        assert first is often


def test_a_ghost_storm_leaves_no_number_uncalled(desk):
    """442 hang-ups of which 60 % repeat: one entry a number, every call in exactly one, and all can be worked off."""
    dice = random.Random(2017)
    fresh = [f"225555{n:04d}" for n in range(177)]
    numbers = fresh + dice.choices(fresh, k=442 - 177)
    dice.shuffle(numbers)
    for i, number in enumerate(numbers):
        ghost(desk, f"g{i}", number)
        desk.now += 1000
    assert sorted(desk.state.callbacks) == sorted(fresh)
    assert sorted(call for owed in desk.state.callbacks.values() for call in owed.calls) == sorted(desk.state.calls)
    while waiting := queue(desk.state, desk.now):
        desk.run(AttemptCallback(waiting[0].number, "s", Attempt.REACHED))
    assert {call.state for call in desk.state.calls.values()} == {"ended", "callback_reached"}


ASKED = {
    CallState.ANSWERED: lambda: AnswerCall("a", "s"),
    CallState.ON_HOLD: lambda: HoldCall("a"),
    CallState.TRANSFERRING: lambda: TransferCall("a", "state police"),
    CallState.DIVERTED: lambda: DivertCall("a", "next parish"),
    CallState.CALLBACK_QUEUED: lambda: AbandonCall("a"),
    CallState.CALLBACK_REACHED: lambda: AttemptCallback(NUMBER, "s", Attempt.REACHED),
    CallState.CALLBACK_EXHAUSTED: lambda: AttemptCallback(NUMBER, "s", Attempt.NO_ANSWER),
    CallState.ENDED: lambda: EndCall("a"),
}


@given(st.lists(st.sampled_from([*ASKED.values(), lambda: ResumeCall("a", "s"), lambda: ResumeCall("a", "t")])))
def test_a_call_goes_only_where_the_table_lets_it(asked):
    """Whatever is asked in whatever order: each step of a call is in the table, or it is refused with a code."""
    from .conftest import Desk

    desk = Desk()
    desk.run(ReceiveCall("a", "911", callback=NUMBER))
    for command in asked:
        before = state_of(desk, "a")
        outcome = desk.ask(command())
        after = state_of(desk, "a")
        assert outcome.accepted or (outcome.rejection.code != "domain_suspended" and before == after)
        steps = (
            [before, CallState.ABANDONED, after] if after is CallState.CALLBACK_QUEUED != before else [before, after]
        )
        assert all(one == other or other in MAY_GO[one] for one, other in pairwise(steps))


def test_the_table_is_total_and_every_state_ends():
    """Each state has its row, and from each one the end can be reached."""
    assert set(MAY_GO) == set(CallState)
    for state in CallState:
        reached, waiting = set(), [state]
        while waiting:
            reached.add(here := waiting.pop())
            waiting += [there for there in MAY_GO[here] if there not in reached]
        assert CallState.ENDED in reached


def test_a_transferred_call_is_resumed_by_who_accepts_it(desk):
    """The seat changes, the time of the first answer does not; a held call is nobody else's."""
    desk.run(ReceiveCall("a", "911"))
    desk.run(AnswerCall("a", "seat 1"))
    answered = desk.state.calls["a"].answered_at
    desk.now += 5000
    desk.run(HoldCall("a"))
    assert desk.refused(AnswerCall("a", "seat 2")) == "call_taken"
    desk.run(ResumeCall("a", "seat 1"))
    desk.run(TransferCall("a", "seat 2"))
    desk.run(ResumeCall("a", "seat 2"))
    call = desk.state.calls["a"]
    assert (call.seat, call.answered_at, call.to) == ("seat 2", answered, "")
