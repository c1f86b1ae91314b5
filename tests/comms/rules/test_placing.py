"""What we place: callbacks that are the owed ones, third parties, and transfers in which nobody is left alone."""

from random import Random

import pytest
from tests.comms.switchboard import SECOND, City, Switchboard

from redstick.comms.invariants import broken
from redstick.comms.ports import Role
from redstick.comms.rules.agents import AgentChanged, AgentState, SetAgentState, SignOffAgent, SignOnAgent
from redstick.comms.rules.conversations import HoldLeg, JoinLeg, LeaveLeg, PartyKind, ResumeLeg, TakeLeg
from redstick.comms.rules.departures import LeaveSeat
from redstick.comms.rules.handing_on import BeginTransfer, SettleTransfer
from redstick.comms.rules.legs import AnswerLeg, EndLeg, OfferLeg
from redstick.comms.rules.placing import LegPlaced, PlaceLeg, ProgressLeg
from redstick.comms.rules.waiting import DeclineOffer, MoveLeg
from redstick.dispatch.rules import calls
from redstick.dispatch.rules.calls import CallState
from redstick.kernel.system import ReactionFailed
from redstick.published.comms import (
    Arrival,
    CallbackPlaced,
    CallbackSettled,
    LegEnded,
    LegOffered,
    LineKind,
    Placing,
    Reason,
    TransferEnded,
    TransferModel,
)

ADMIN, NUMBER = LineKind.ADMIN, "2255550100"
ATTENDED, BLIND, SEAT = TransferModel.ATTENDED, TransferModel.BLIND, TransferModel.SEAT


@pytest.fixture
def city():
    """A 911 caller, whom the first seat has, and an agent at it."""
    city = City()
    city.sit("calls:1")
    city.ring("one", number="+12255550100")
    city.answer("one", "calls:1")
    return city


@pytest.fixture
def owed():
    """Somebody hung up before anybody answered."""
    city = City()
    city.sit("calls:1")
    city.ring("one", number="+12255550100")
    city.hang_up("one", "cancelled")
    return city


def callback(leg, seat="calls:1"):
    """A seat calls the number back."""
    return PlaceLeg(leg, Placing(seat, "tel:+12255550100", Reason.CALLBACK, NUMBER))


def third(leg, of="one", seat="calls:1"):
    """A third party for a caller."""
    return PlaceLeg(leg, Placing(seat, "sip:poison@control.example", Reason.CONFERENCE, of))


def test_one_command_claims_the_callback_that_is_owed_and_its_answer_settles_it(owed):
    """The floor hears it; the caller is with the seat at once."""
    assert list(owed.floor.callbacks) == [NUMBER]
    assert owed.events(callback("back"))[1] == CallbackPlaced("back", NUMBER, "calls:1")
    assert owed.floor.callbacks[NUMBER].seat == "calls:1"
    assert owed.ask(callback("twice", "calls:2")).rejection.data == {"number": NUMBER, "by": "calls:1"}
    owed.events(ProgressLeg("back", 180))
    assert owed.state.agents["calls:1"].state is AgentState.AVAILABLE
    owed.events(AnswerLeg("back", "PCMU"))
    assert owed.floor.callbacks == {}
    assert owed.floor.calls["call-one"].state is CallState.CALLBACK_REACHED
    assert list(owed.state.conversations["back"].parties) == ["calls:1"]
    assert owed.state.agents["calls:1"].state is AgentState.BUSY


@pytest.mark.parametrize(
    ("cause", "result"),
    [("486 Busy Here", "busy"), ("404 Not Found", "not_in_service"), ("487 timed out", "no_answer")],
)
def test_a_callback_that_was_not_answered_is_owed_still(owed, cause, result):
    """With how it went, by the code of SIP; another seat may try next."""
    owed.events(callback("back"))
    told = owed.events(EndLeg("back", "them", cause))
    assert told[0] == CallbackSettled("back", NUMBER, "calls:1", result)
    assert [str(one) for one in owed.floor.callbacks[NUMBER].attempts] == [result]
    assert owed.floor.callbacks[NUMBER].seat == ""
    owed.events(callback("again", "calls:2"))


def test_what_is_placed_has_a_seat_and_a_target(city):
    """Ids are never used twice; who called in was not placed."""
    nowhere = Placing("calls:1", " ")
    assert city.refused(PlaceLeg("x", nowhere)) == "target_needed"
    assert city.refused(PlaceLeg("x", Placing(" ", "tel:1"))) == "seat_unnamed"
    assert city.refused(PlaceLeg("one", Placing("calls:1", "tel:1"))) == "leg_known"
    assert city.refused(PlaceLeg(" ", Placing("calls:1", "tel:1"))) == "leg_unnamed"
    assert city.refused(PlaceLeg("x", Placing("calls:1", "tel:1", Reason.CALLBACK))) == "number_needed"
    assert city.refused(third("x", "nobody")) == "leg_unknown"
    assert city.refused(ProgressLeg("one", 180)) == "not_placed"
    assert city.refused(ProgressLeg("nobody", 180)) == "leg_unknown"
    city.events(PlaceLeg("out", Placing("calls:1", "tel:1")))
    assert city.refused(ProgressLeg("out", 200)) == "no_progress"


def test_a_third_party_joins_and_each_may_leave_the_other_two(city):
    """The caller goes on with whoever stays; the end of all others puts them back in line."""
    city.events(third("poison"))
    assert list(city.state.conversations["one"].parties) == ["calls:1"]
    city.events(AnswerLeg("poison"))
    assert list(city.state.conversations["one"].parties) == ["calls:1", "poison"]
    city.events(LeaveLeg("one", "calls:1"))
    assert list(city.state.conversations["one"].parties) == ["poison"]
    assert city.state.agents["calls:1"].state is AgentState.AVAILABLE
    city.events(EndLeg("poison", "them", "bye"))
    assert list(city.state.waiting) == ["one"]


def test_a_third_party_whose_caller_is_gone_is_with_the_seat_that_called_them(city):
    """And with nobody else."""
    city.events(third("poison"))
    city.hang_up("one")
    city.events(AnswerLeg("poison"))
    assert list(city.state.conversations["poison"].parties) == ["calls:1"]


def test_an_attended_transfer_hands_the_caller_over_in_one_act(city):
    """Until then the seat has both; then it has neither, and is free once."""
    city.events(PlaceLeg("poison", Placing("calls:1", "sip:poison@control.example")))
    assert city.refused(BeginTransfer("one", "calls:1", "poison", ATTENDED, "poison")) == "not_attended"
    city.events(AnswerLeg("poison"))
    city.events(BeginTransfer("one", "calls:1", "poison", ATTENDED, "poison"))
    assert city.floor.calls["call-one"].state is CallState.TRANSFERRING
    assert city.refused(BeginTransfer("one", "calls:1", "poison", ATTENDED, "poison")) == "being_transferred"
    told = city.events(SettleTransfer("one", done=True))
    assert list(city.state.conversations["one"].parties) == ["poison"]
    assert "poison" not in city.state.conversations
    assert sum(isinstance(one, AgentChanged) for one in told) == 1
    assert city.state.agents["calls:1"].state is AgentState.AVAILABLE
    city.hang_up("one")
    assert city.floor.calls["call-one"].state is CallState.ENDED


def test_a_transfer_that_fails_leaves_the_caller_with_the_seat(city):
    """On the floor too, and the seat hears why; whoever is gone ends it."""
    city.events(BeginTransfer("one", "calls:1", "sip:nobody@example", BLIND))
    city.events(SettleTransfer("one", done=False, why="404 Not Found"))
    assert list(city.state.conversations["one"].parties) == ["calls:1"]
    assert city.floor.calls["call-one"].state is CallState.ANSWERED
    assert city.refused(SettleTransfer("one", done=True)) == "no_transfer"
    city.events(PlaceLeg("poison", Placing("calls:1", "sip:poison@control.example")))
    city.events(AnswerLeg("poison"))
    city.events(BeginTransfer("one", "calls:1", "poison", ATTENDED, "poison"))
    city.events(EndLeg("poison", "them", "bye"))
    assert city.state.transfers == {}
    assert city.floor.calls["call-one"].state is CallState.ANSWERED
    assert [one.why for one in city.told(TransferEnded)] == ["404 Not Found", "gone"]


def test_a_blind_transfer_is_over_with_the_leg_that_the_network_takes(city):
    """The seat is with the caller until then."""
    city.events(BeginTransfer("one", "calls:1", "sip:fire@next.example", BLIND))
    city.events(SettleTransfer("one", done=True))
    assert list(city.state.conversations["one"].parties) == ["calls:1"]
    city.events(EndLeg("one", "us", "transferred"))
    assert city.floor.calls["call-one"].state is CallState.ENDED
    assert city.state.agents["calls:1"].state is AgentState.AVAILABLE


def test_a_call_handed_to_another_seat_is_that_seats_when_it_takes_it_on_the_floor(city):
    """Both voices change in one act; taken back it is the first one's."""
    assert city.refused(BeginTransfer("one", "calls:2", "calls:3", SEAT)) == "not_with_you"
    city.events(BeginTransfer("one", "calls:1", "calls:2", SEAT))
    assert city.refused(SettleTransfer("one", done=True)) == "would_be_alone"
    city.events(calls.ResumeCall("call-one", "calls:2"))
    assert list(city.state.conversations["one"].parties) == ["calls:2"]
    city.events(BeginTransfer("one", "calls:2", "calls:1", SEAT))
    city.events(calls.ResumeCall("call-one", "calls:2"))
    assert list(city.state.conversations["one"].parties) == ["calls:2"]
    assert [one.done for one in city.told(TransferEnded)] == [True, False]


def test_an_admin_caller_is_handed_on_to_the_seat_that_takes_them():
    """Any other seat is told who has them."""
    board = Switchboard()
    board.ring("form", ADMIN)
    board.events(TakeLeg("form", "desk"))
    board.events(BeginTransfer("form", "desk", "permits", SEAT))
    assert board.refused(TakeLeg("form", "other")) == "leg_taken"
    board.events(TakeLeg("form", "permits"))
    assert list(board.state.conversations["form"].parties) == ["permits"]
    assert board.refused(BeginTransfer("nobody", "desk", "x", BLIND)) == "leg_unknown"
    assert board.refused(BeginTransfer("form", "permits", " ", BLIND)) == "target_needed"


KINDS = (
    "ring 911", "ring admin", "sign on", "sign off", "available", "break", "decline", "move", "take", "answer", "hold",
    "resume", "resume here", "join", "leave", "place", "progress", "pick up", "hang up", "transfer", "settle", "wait",
    "goes",
)  # fmt: skip


def asked(city, kind, i, j, fresh):
    """A command about what is there: the i-th of the legs, the j-th of the seats or parties; None where nothing is."""
    seat, legs, conversations = f"s{j % 2}", list(city.state.legs), city.state.conversations
    if kind.startswith("ring"):
        line = LineKind.EMERGENCY if kind == "ring 911" else ADMIN
        call = f"call-{fresh}" if line is LineKind.EMERGENCY else ""
        return OfferLeg(fresh, Arrival(line=line, number=f"225555010{j % 3}"), call)
    if kind == "goes":
        return LeaveSeat(seat)
    agents = {
        "sign on": SignOnAgent(seat, ("911", "admin")[: 1 + i % 2]), "sign off": SignOffAgent(seat),
        "available": SetAgentState(seat, available=True), "break": SetAgentState(seat, available=False),
    }  # fmt: skip
    if kind in agents:
        return agents[kind]
    if not legs:
        return None
    leg = legs[i % len(legs)]
    parties = list(conversations[leg].parties) if leg in conversations else [*city.state.agents, "s0"]
    party, call = parties[j % len(parties)], city.state.legs[leg].call or "none"
    reason, model, role = list(Reason)[j % 3], list(TransferModel)[j % 3], list(Role)[j % 4]
    return {
        "decline": DeclineOffer(leg, party), "move": MoveLeg(leg, ("911", "admin")[j % 2]), "take": TakeLeg(leg, seat),
        "answer": calls.AnswerCall(call, seat), "hold": calls.HoldCall(call) if j % 2 else HoldLeg(leg, party),
        "resume": calls.ResumeCall(call, seat), "resume here": ResumeLeg(leg, party),
        "join": JoinLeg(leg, legs[j % len(legs)] if j > 5 else seat, PartyKind.LEG if j > 5 else PartyKind.SEAT, role),
        "leave": LeaveLeg(leg, party), "place": PlaceLeg(fresh, Placing(seat, "tel:1", reason, leg)),
        "progress": ProgressLeg(leg, 180), "pick up": AnswerLeg(leg), "hang up": EndLeg(leg, "them", "bye"),
        "transfer": BeginTransfer(leg, party, seat, model, legs[-1] if model is ATTENDED else ""),
        "settle": SettleTransfer(leg, done=bool(j % 2)),
    }[kind]  # fmt: skip


def agree(city):
    """The floor shows a caller on hold who is, and no other; who stands in line is any seat's to take."""
    for leg in city.state.legs.values():
        call, talk = city.floor.calls.get(leg.call), city.state.conversations.get(leg.id)
        if call is not None and talk is None and leg.id in city.state.waiting:
            assert call.state is CallState.PRESENTED or call.left
        elif call is not None and talk is not None and call.seat in talk.parties and not call.left:
            assert call.state is CallState.TRANSFERRING or (call.state is CallState.ON_HOLD) == bool(talk.held_by)


@pytest.mark.parametrize("seed", range(60))
def test_whatever_is_asked_in_whatever_order_no_caller_is_with_nobody_and_each_leg_ends_once(seed):
    """The invariants of both domains hold after each step and they agree, nothing fails, the fold is the journal's."""
    city, dice = City(), Random(seed)
    for number in range(70):
        kind, i, j = dice.choice(KINDS), dice.randrange(12), dice.randrange(12)
        command = None if kind == "wait" else asked(city, kind, i, j, f"leg{number}")
        if command is None:
            city.wait(i * 4 * SECOND)
        else:
            city.ask(command)
        agree(city)
    begun = [one.leg for one in city.told(LegOffered, LegPlaced)]
    over = [one.leg for one in city.told(LegEnded)]
    assert sorted(begun) == sorted([*over, *city.state.legs])
    assert city.driver.executor.committed["kernel"].suspended == {}
    assert city.told(ReactionFailed) == []
    before = city.state
    city.restart()
    assert (city.state, list(broken(city.state))) == (before, [])
