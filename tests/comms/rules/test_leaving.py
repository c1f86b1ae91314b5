"""A seat that goes elsewhere: the caller whom it leaves waits as all can see, and is come back to."""

import pytest
from tests.comms.switchboard import City

from redstick.comms.invariants import broken
from redstick.comms.ports import Role
from redstick.comms.rules.conversations import (
    HoldLeg,
    JoinLeg,
    LeaveLeg,
    PartyKind,
    ResumeLeg,
    TakeLeg,
    heard_by,
    place_of,
)
from redstick.comms.rules.handing_on import BeginTransfer, SettleTransfer
from redstick.comms.rules.legs import AnswerLeg, EndLeg
from redstick.comms.rules.placing import PlaceLeg
from redstick.dispatch.rules.calls import AnswerCall, CallState, EndCall, HoldCall, ResumeCall, TransferCall
from redstick.dispatch.rules.groups import DefineGroup
from redstick.dispatch.rules.seats import SignOff, SignOn
from redstick.published.comms import LegHeld, LegResumed, LineKind, Placing, Reason, TransferModel

ADMIN = LineKind.ADMIN
SEAT = "calls:1"
ANSWERED, ON_HOLD, TRANSFERRING = CallState.ANSWERED, CallState.ON_HOLD, CallState.TRANSFERRING


@pytest.fixture
def city():
    """A 911 caller, whom the one seat has."""
    city = City()
    city.events(DefineGroup("callers", supervises=True))
    city.events(SignOn(SEAT, "per_1", ["callers"]))
    city.ring("one", number="+12255550100")
    city.answer("one", SEAT)
    return city


def stands(city, leg):
    """What the floor shows of a call, and who let its caller wait, which are of one mind."""
    talk = city.state.conversations[leg]
    return city.floor.calls[f"call-{leg}"].state, talk.held_by


def calls_out(city, leg="out", reason=Reason.CALL, of=""):
    """The seat calls somebody."""
    return city.events(PlaceLeg(leg, Placing(SEAT, "tel:+12255550199", reason, of)))


@pytest.mark.parametrize(("reason", "of"), [(Reason.CALL, ""), (Reason.CALLBACK, "2255550199")])
def test_who_is_spoken_with_waits_while_their_seat_calls_somebody(city, reason, of):
    """Held in one act with the call that is placed, since then, on the floor as well; one command resumes them."""
    told = calls_out(city, reason=reason, of=of)
    assert told[0] == LegHeld("one", SEAT, "call-one", "out")
    assert stands(city, "one") == (ON_HOLD, SEAT)
    assert city.floor.calls["call-one"].held_at == city.state.conversations["one"].held_at == city.now
    city.events(AnswerLeg("out", "PCMU"))
    assert place_of(city.state, SEAT) == "out"
    city.events(EndLeg("out", "them", "bye"))
    assert stands(city, "one") == (ON_HOLD, SEAT)
    city.events(ResumeCall("call-one", SEAT))
    assert (stands(city, "one"), place_of(city.state, SEAT)) == ((ANSWERED, ""), "one")
    assert city.floor.calls["call-one"].held_at is None


@pytest.mark.parametrize("cause", ["486 Busy Here", "408 no answer", "503 no way there", "ended at a seat"])
def test_a_call_that_comes_to_nothing_brings_the_caller_back_at_once(city, cause):
    """Whoever ended it and why: nobody waits for what is over."""
    calls_out(city)
    told = city.events(EndLeg("out", "nobody", cause))
    assert LegResumed("one", SEAT, "call-one", "out") in told
    assert (stands(city, "one"), place_of(city.state, SEAT)) == ((ANSWERED, ""), "one")


def test_who_waited_before_waits_still_when_a_call_comes_to_nothing(city):
    """They were put on hold by hand, and are not for that call's sake."""
    city.events(HoldCall("call-one"))
    assert not any(isinstance(one, LegHeld) for one in calls_out(city))
    city.events(EndLeg("out", "them", "486 Busy Here"))
    assert stands(city, "one") == (ON_HOLD, SEAT)


def test_a_call_that_comes_to_nothing_takes_no_seat_from_whom_it_speaks_with_by_now(city):
    """It answered another 911 call while that rang: the first caller goes on waiting, the second is not held."""
    calls_out(city)
    city.ring("two")
    city.answer("two", SEAT)
    city.events(EndLeg("out", "them", "486 Busy Here"))
    assert (stands(city, "one"), stands(city, "two")) == ((ON_HOLD, SEAT), (ANSWERED, ""))


def test_whom_a_seat_called_waits_where_it_has_a_911_caller_by_now(city):
    """Their answer takes the seat away from nobody; they are resumed by the seat, and the caller waits then."""
    calls_out(city)
    city.events(ResumeCall("call-one", SEAT))
    city.events(AnswerLeg("out", "PCMU"))
    assert stands(city, "one") == (ANSWERED, "")
    assert city.state.conversations["out"].held_by == SEAT
    city.events(ResumeLeg("out", SEAT))
    assert (stands(city, "one"), place_of(city.state, SEAT)) == ((ON_HOLD, SEAT), "out")
    city.events(ResumeCall("call-one", SEAT))
    assert (stands(city, "one"), city.state.conversations["out"].held_by) == ((ANSWERED, ""), SEAT)


def test_a_seat_that_takes_another_line_or_listens_elsewhere_leaves_nobody_with_a_tone(city):
    """A 911 caller is on hold on the floor too, one of another line is when a 911 call is answered."""
    city.ring("form", ADMIN)
    city.events(TakeLeg("form", SEAT))
    assert stands(city, "one") == (ON_HOLD, SEAT)
    city.ring("two")
    city.answer("two", SEAT)
    assert city.state.conversations["form"].held_by == SEAT
    city.ring("three")
    city.answer("three", "calls:2")
    city.events(JoinLeg("three", SEAT, PartyKind.SEAT, Role.MONITOR))
    assert stands(city, "two") == (ON_HOLD, SEAT)
    city.events(ResumeCall("call-two", SEAT))
    assert place_of(city.state, SEAT) == "two"


def test_a_caller_who_has_an_interpreter_speaks_on_and_waits_once_that_one_is_gone(city):
    """The seat that is elsewhere is told by the same state as ever."""
    calls_out(city, "interpreter", Reason.CONFERENCE, "one")
    city.events(AnswerLeg("interpreter", "PCMU"))
    calls_out(city)
    city.events(AnswerLeg("out", "PCMU"))
    assert (stands(city, "one"), heard_by(city.state, "one")) == ((ANSWERED, ""), ["interpreter"])
    city.events(EndLeg("interpreter", "them", "bye"))
    assert stands(city, "one") == (ON_HOLD, SEAT)


def test_a_seat_comes_back_to_a_caller_whom_an_interpreter_kept(city):
    """By itself when it is done elsewhere, and before that by its own word."""
    calls_out(city, "interpreter", Reason.CONFERENCE, "one")
    city.events(AnswerLeg("interpreter", "PCMU"))
    calls_out(city)
    city.events(AnswerLeg("out", "PCMU"))
    city.events(JoinLeg("one", SEAT))
    assert (place_of(city.state, SEAT), city.state.conversations["out"].held_by) == ("one", SEAT)
    city.events(ResumeLeg("out", SEAT))
    city.events(EndLeg("out", "them", "bye"))
    assert place_of(city.state, SEAT) == "one"


def consulted(city):
    """The seat speaks with whom it means to hand the caller to, who waits."""
    calls_out(city, "poison")
    city.events(AnswerLeg("poison", "PCMU"))
    city.events(BeginTransfer("one", SEAT, "poison", TransferModel.ATTENDED, "poison"))
    assert stands(city, "one") == (TRANSFERRING, SEAT)


def test_a_consultation_that_ends_brings_the_caller_back(city):
    """Whom the seat spoke with is gone: nobody else is left, and the caller waits no more."""
    consulted(city)
    city.events(EndLeg("poison", "them", "bye"))
    assert (stands(city, "one"), place_of(city.state, SEAT)) == ((ANSWERED, ""), "one")


def test_a_transfer_that_is_withdrawn_holds_nobody_who_is_spoken_with(city):
    """The third party is still spoken with, the caller is on hold as before, and resuming comes back to the caller."""
    consulted(city)
    city.events(SettleTransfer("one", done=False, why="withdrawn"))
    assert stands(city, "one") == (ON_HOLD, SEAT)
    assert place_of(city.state, SEAT) == "poison"
    city.events(ResumeCall("call-one", SEAT))
    assert (stands(city, "one"), place_of(city.state, SEAT)) == ((ANSWERED, ""), "one")


def test_a_transfer_that_fails_while_its_seat_has_another_911_caller_takes_it_from_nobody(city):
    """Blind or attended: who is spoken with stays so, whom it left waits and is one command away."""
    consulted(city)
    city.ring("two")
    city.answer("two", SEAT)
    city.events(EndLeg("poison", "them", "bye"))
    assert (stands(city, "one"), stands(city, "two")) == ((ON_HOLD, SEAT), (ANSWERED, ""))
    city.events(ResumeCall("call-one", SEAT))
    city.events(BeginTransfer("one", SEAT, "sip:fire@next.example", TransferModel.BLIND))
    city.events(ResumeCall("call-two", SEAT))
    city.events(SettleTransfer("one", done=False, why="404 Not Found"))
    assert (stands(city, "one"), stands(city, "two")) == ((ON_HOLD, SEAT), (ANSWERED, ""))


def test_a_caller_who_waits_may_be_handed_on(city):
    """And is spoken with by whoever takes over: they wait no more."""
    city.events(HoldCall("call-one"))
    city.events(TransferCall("call-one", "calls:2"))
    city.events(ResumeCall("call-one", SEAT))
    consulted(city)
    city.events(SettleTransfer("one", done=True))
    talk = city.state.conversations["one"]
    assert (list(talk.parties), talk.held_by) == (["poison"], "")


def test_who_was_handed_on_and_is_left_alone_is_any_seats_to_take(city):
    """The third party hangs up on them: they stand in line, and whoever answers on the floor has them."""
    consulted(city)
    city.events(SettleTransfer("one", done=True))
    city.events(EndLeg("poison", "them", "bye"))
    assert list(city.state.waiting) == ["one"]
    assert city.floor.calls["call-one"].left
    city.events(AnswerCall("call-one", "calls:2"))
    assert city.state.waiting == {}
    assert list(city.state.conversations["one"].parties) == ["calls:2"]


def test_a_caller_whose_seat_left_them_to_a_third_party_is_any_seats_to_take_after_it(city):
    """Though the floor never heard that the seat had left."""
    calls_out(city, "interpreter", Reason.CONFERENCE, "one")
    city.events(AnswerLeg("interpreter", "PCMU"))
    city.events(LeaveLeg("one", SEAT))
    city.events(EndLeg("interpreter", "them", "bye"))
    city.events(AnswerCall("call-one", SEAT))
    assert list(city.state.conversations["one"].parties) == [SEAT]


def test_a_seat_that_is_gone_hands_nobody_on_and_is_given_nobody_back(city):
    """Its caller is any seat's; whom it consulted hangs up, and the next seat may hand the caller on."""
    consulted(city)
    city.events(SignOff(SEAT, despite="gone home"))
    assert (city.state.transfers, list(city.state.waiting)) == ({}, ["one"])
    city.events(EndLeg("poison", "them", "bye"))
    assert list(city.state.waiting) == ["one"]
    city.events(AnswerCall("call-one", "calls:2"))
    city.events(BeginTransfer("one", "calls:2", "sip:fire@next.example", TransferModel.BLIND))
    assert stands(city, "one") == (TRANSFERRING, "")


def test_nobody_is_handed_on_to_the_seat_that_has_them(city):
    """Whose taking them over would leave them with nobody."""
    city.ring("form", ADMIN)
    city.events(TakeLeg("form", "desk"))
    assert city.refused(BeginTransfer("form", "desk", "desk", TransferModel.SEAT)) == "target_needed"
    city.events(BeginTransfer("form", "desk", "desk", TransferModel.BLIND))
    assert city.events(TakeLeg("form", "desk")) == []
    assert list(city.state.conversations["form"].parties) == ["desk"]


def test_a_coach_who_takes_the_call_on_the_floor_speaks_from_then_on(city):
    """They were there and heard by nobody but the seat; the caller who waited is not left with a listener."""
    city.events(JoinLeg("one", "calls:2", PartyKind.SEAT, Role.COACH))
    city.events(HoldCall("call-one"))
    city.events(ResumeCall("call-one", "calls:2"))
    assert {name: one.role for name, one in city.state.conversations["one"].parties.items()} == {
        "calls:2": Role.SPEAKER
    }


def test_a_seat_does_not_become_a_listener_where_nobody_else_is_there(city):
    """Another seat that speaks there is on another leg just now."""
    city.events(JoinLeg("one", "calls:2"))
    city.ring("form", ADMIN)
    city.events(TakeLeg("form", "calls:2"))
    assert city.refused(JoinLeg("one", SEAT, PartyKind.SEAT, Role.LISTENER)) == "would_be_alone"


def test_a_seat_that_is_elsewhere_while_its_caller_does_not_wait_is_seen(city):
    """The invariant, with the breach planted: a caller with a tone, whom no card shows as held."""
    city.ring("form", ADMIN)
    city.events(TakeLeg("form", SEAT))
    talk = city.state.conversations["one"]
    talk.held_by, talk.held_at = "", None
    assert list(broken(city.state)) == ["leg one is with nobody who is there, and does not wait"]
    talk.held_by = SEAT
    assert list(broken(city.state)) == [f"leg one is held by '{SEAT}' since None"]
    talk.held_at = city.now


def test_holding_the_one_who_is_called_brings_nobody_back_unasked(city):
    """Whoever waits goes on waiting until the seat says so."""
    calls_out(city)
    city.events(AnswerLeg("out", "PCMU"))
    city.events(HoldLeg("out", SEAT))
    assert (stands(city, "one"), place_of(city.state, SEAT)) == ((ON_HOLD, SEAT), "")
    city.events(EndCall("call-one"))
