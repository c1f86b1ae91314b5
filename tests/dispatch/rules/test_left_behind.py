"""What a seat leaves behind when it is gone: no call is ever stuck with a seat at which nobody sits."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.dispatch.live_desk import LiveDesk
from tests.dispatch.rules.conftest import Desk

from redstick.dispatch.rules.callbacks import CLAIM_MS, Attempt, AttemptCallback, ClaimCallback
from redstick.dispatch.rules.calls import (
    SPOKEN,
    AbandonCall,
    AnswerCall,
    EndCall,
    HoldCall,
    ReceiveCall,
    ResumeCall,
    TransferCall,
)
from redstick.dispatch.rules.groups import DefineGroup
from redstick.dispatch.rules.seats import FindSeat, LoseSeat, RelieveSeat, SignOff, SignOn
from redstick.dispatch.timers.covering import GRACE_MS

NUMBER = "2255550100"
GOING = {
    "signs off": [SignOff("calls:1")],
    "is relieved from another seat": [RelieveSeat("calls:1", "calls:3", "Cara", 0)],
    "loses its console": [LoseSeat("calls:1")],
}


def floor(desk=None):
    desk = desk or Desk()
    desk.run(DefineGroup("callers", ["police"]))
    desk.run(SignOn("calls:1", "Ada", ["callers"]))
    desk.run(SignOn("calls:2", "Ben", ["callers"]))
    desk.run(ReceiveCall("a", "911", callback=NUMBER))
    return desk


@pytest.fixture
def spoken():
    desk = floor()
    desk.run(AnswerCall("a", "calls:1"))
    return desk


@pytest.mark.parametrize("going", GOING.values(), ids=GOING)
@pytest.mark.parametrize(
    "first", [[], [HoldCall("a")], [TransferCall("a", "calls:9")]], ids=["spoken", "held", "offered"]
)
def test_another_seat_takes_the_call_of_a_seat_that_is_gone(spoken, going, first):
    """However it went, and wherever the call stood: answering it takes it, at once."""
    for command in (*first, *going):
        spoken.run(command)
    spoken.run(AnswerCall("a", "calls:2"))
    call = spoken.state.calls["a"]
    assert (call.state, call.seat, call.left) == ("answered", "calls:2", False)


def test_a_seat_that_did_not_come_back_leaves_its_calls():
    """When its grace is over nobody sits there, and it is said of its call that any seat may take it."""
    desk = floor(LiveDesk())
    desk.run(AnswerCall("a", "calls:1"), LoseSeat("calls:1"))
    desk.wait(GRACE_MS)
    assert "calls:1" not in desk.state.seats
    desk.run(AnswerCall("a", "calls:2"))
    assert desk.state.calls["a"].seat == "calls:2"


def test_a_call_is_its_seats_while_somebody_sits_there(spoken):
    """A console that is back has its call still; nobody takes it from who is there."""
    spoken.run(LoseSeat("calls:1"))
    spoken.run(FindSeat("calls:1"))
    assert spoken.refused(AnswerCall("a", "calls:2")) == "call_taken"
    assert spoken.refused(ResumeCall("a", "calls:2")) == "call_taken"


def test_whoever_comes_back_takes_up_the_call_that_nobody_has_taken(spoken):
    """And then it is theirs again."""
    spoken.run(SignOff("calls:1"))
    assert spoken.state.calls["a"].left
    spoken.run(SignOn("calls:1", "Ada", ["callers"]))
    spoken.run(ResumeCall("a", "calls:1"))
    assert spoken.refused(AnswerCall("a", "calls:2")) == "call_taken"


def test_a_call_that_was_taken_is_not_taken_again(spoken):
    """One seat wins it a second time, too."""
    spoken.run(SignOff("calls:1"))
    spoken.run(AnswerCall("a", "calls:2"))
    lost = spoken.ask(AnswerCall("a", "calls:3"))
    assert (lost.rejection.code, lost.rejection.data["seat"]) == ("call_taken", "calls:2")


def test_a_seat_that_never_signed_on_keeps_no_call_for_ever(desk):
    """Nobody can say that it is gone: whoever holds the call may then resume it."""
    desk.run(ReceiveCall("a", "911"))
    desk.run(AnswerCall("a", "somewhere"))
    desk.run(HoldCall("a"))
    desk.run(ResumeCall("a", "calls:2"))
    assert desk.state.calls["a"].seat == "calls:2"


@pytest.mark.parametrize("going", GOING.values(), ids=GOING)
def test_another_seat_calls_back_what_a_seat_that_is_gone_had_claimed(going):
    """A claim goes with the seat; both claiming it anew and saying how calling back ended are open to others."""
    desk = floor()
    desk.run(AbandonCall("a"))
    desk.run(ClaimCallback(NUMBER, "calls:1"))
    for command in going:
        desk.run(command)
    desk.run(ClaimCallback(NUMBER, "calls:2"))
    desk.run(AttemptCallback(NUMBER, "calls:2", Attempt.REACHED))
    assert desk.state.calls["a"].seat == "calls:2"


def test_a_claim_is_good_for_a_while_only(desk):
    """Whoever claims a number and says no more keeps nobody else from calling it back."""
    desk.run(ReceiveCall("a", "911", callback=NUMBER))
    desk.run(AbandonCall("a"))
    desk.run(ClaimCallback(NUMBER, "somewhere"))
    desk.now += CLAIM_MS - 1
    assert desk.refused(ClaimCallback(NUMBER, "calls:2")) == "callback_taken"
    desk.now += 1
    desk.run(ClaimCallback(NUMBER, "calls:2"))
    assert desk.state.callbacks[NUMBER].seat == "calls:2"


SEATS = ["calls:1", "calls:2"]
ACTS = [
    *(AnswerCall("a", seat) for seat in SEATS), *(ResumeCall("a", seat) for seat in SEATS), HoldCall("a"),
    TransferCall("a", "calls:2"), AbandonCall("a"), EndCall("a"), *(ClaimCallback(NUMBER, seat) for seat in SEATS),
    *(LoseSeat(seat) for seat in SEATS), *(FindSeat(seat) for seat in SEATS), *(SignOff(seat) for seat in SEATS),
    *(SignOn(seat, "Ada", ["callers"]) for seat in SEATS), RelieveSeat("calls:1", "calls:2", "Ben", 0),
]  # fmt: skip


@given(st.lists(st.sampled_from(ACTS), max_size=14))
def test_no_call_is_ever_stuck_with_an_absent_seat(acts):
    """Whatever seats did that were signed on: if nobody sits at the one that has a call, a third seat may take it."""
    desk = floor()
    for act in acts:
        if not isinstance(act, AnswerCall | ResumeCall | ClaimCallback) or act.seat in desk.state.seats:
            desk.ask(act)
    seats, call, owed = desk.state.seats, desk.state.calls["a"], desk.state.callbacks.get(NUMBER)
    if call.state in SPOKEN and _is_absent(seats, call.seat):
        desk.run(AnswerCall("a", "calls:3"))
        assert desk.state.calls["a"].seat == "calls:3"
    if owed is not None and owed.seat and _is_absent(seats, owed.seat):
        desk.run(ClaimCallback(NUMBER, "calls:3"))
        assert desk.state.callbacks[NUMBER].seat == "calls:3"


def _is_absent(seats, name):
    return name not in seats or seats[name].lost_at is not None
