"""Who is with a caller: never nobody without a fact that says so."""

import pytest
from tests.comms.switchboard import SECOND, City, Switchboard

from redstick.comms.ports import Role
from redstick.comms.rules.agents import AgentState
from redstick.comms.rules.conversations import (
    HoldLeg,
    JoinLeg,
    LeaveLeg,
    PartyJoined,
    PartyKind,
    PartyLeft,
    ResumeLeg,
    TakeLeg,
)
from redstick.comms.rules.waiting import LegQueued
from redstick.dispatch.rules import calls, groups, seats
from redstick.published.comms import LegHeld, LegResumed, LineKind

ADMIN = LineKind.ADMIN


@pytest.fixture
def board():
    """A caller on the admin line, taken by the desk."""
    board = Switchboard()
    board.ring("form", ADMIN)
    board.events(TakeLeg("form", "desk"))
    return board


@pytest.fixture
def city():
    """One 911 call rings, beside the floor."""
    city = City()
    city.ring("one", number="225-555-0100")
    return city


def test_one_seat_wins_a_caller_of_another_line(board):
    """The others are told which; taking twice is as once."""
    assert board.events(TakeLeg("form", "desk")) == []
    assert board.ask(TakeLeg("form", "late")).rejection.data == {"leg": "form", "by": "desk"}
    assert board.refused(TakeLeg("nobody", "desk")) == "leg_unknown"
    board.ring("test", LineKind.TEST)
    assert board.refused(TakeLeg("test", "desk")) == "leg_not_waiting"
    assert board.refused(TakeLeg("test", " ")) == "seat_unnamed"


def test_a_911_call_is_answered_held_and_resumed_on_the_floor_and_nowhere_else(city):
    """Voice follows what the floor says; asking comms for it is refused with where to ask."""
    assert city.refused(TakeLeg("one", "calls:1")) == "answered_on_the_floor"
    city.answer("one", "calls:1")
    assert list(city.state.conversations["one"].parties) == ["calls:1"]
    assert city.ask(calls.AnswerCall("call-one", "calls:2")).rejection.code == "call_taken"
    assert city.refused(HoldLeg("one", "calls:1")) == "held_on_the_floor"
    assert city.refused(LeaveLeg("one", "calls:1")) == "ended_on_the_floor"
    city.events(calls.HoldCall("call-one"))
    assert city.state.conversations["one"].held_by == "calls:1"
    city.events(calls.ResumeCall("call-one", "calls:1"))
    assert city.state.conversations["one"].held_by == ""
    assert len(city.told(PartyJoined, LegHeld, LegResumed)) == 3


def test_voice_follows_the_floor_over_a_restart(city):
    """What the reaction asked is owed by the journal."""
    city.answer("one", "calls:1")
    city.restart()
    assert list(city.state.conversations["one"].parties) == ["calls:1"]
    assert len(city.told(PartyJoined)) == 1


def test_a_call_without_a_leg_asks_nothing_of_voice(city):
    """As a center has it that keeps its own phones."""
    city.events(calls.ReceiveCall("old", "911"))
    for command in (calls.AnswerCall("old", "a"), calls.HoldCall("old"), calls.ResumeCall("old", "a")):
        city.events(command)
    assert city.told(PartyJoined, LegHeld) == []


def test_a_caller_whose_seat_is_gone_is_in_line_again_where_they_stood(city):
    """Before whoever came later, and any seat may take them."""
    city.events(groups.DefineGroup("callers", supervises=True))
    city.events(seats.SignOn("calls:1", "Ana", ["callers"]))
    city.answer("one", "calls:1")
    city.wait(60 * SECOND)
    city.ring("two", number="225-555-0101")
    city.events(seats.SignOff("calls:1"))
    assert list(city.state.waiting) == ["two", "one"]
    assert city.state.waiting["one"].since < city.state.waiting["two"].since
    assert [one.why for one in city.told(PartyLeft)] == ["gone"]
    city.answer("one", "calls:2")
    assert list(city.state.conversations["one"].parties) == ["calls:2"]
    assert city.state.levels["911"].answered == 1  # the second wait is not one of the caller's first


def test_holding_is_who_speaks_with_them_and_changes_nothing_twice(board):
    """Somebody else cannot."""
    assert board.events(HoldLeg("form", "desk")) == [LegHeld("form", "desk")]
    assert board.events(HoldLeg("form", "desk")) == []
    assert board.refused(ResumeLeg("form", "other")) == "not_with_you"
    assert board.events(ResumeLeg("form", "desk")) == [LegResumed("form", "desk")]
    assert board.events(ResumeLeg("form", "desk")) == []
    assert board.refused(HoldLeg("nobody", "desk")) == "leg_unknown"


def test_who_listens_and_coaches_is_a_fact_and_never_the_last(board):
    """When the last one who speaks leaves, listeners leave too, and the caller is in line again."""
    board.events(JoinLeg("form", "chief", role=Role.MONITOR))
    assert board.events(JoinLeg("form", "chief", role=Role.MONITOR)) == []
    assert board.events(JoinLeg("form", "chief", role=Role.COACH)) == [
        PartyJoined("form", "chief", PartyKind.SEAT, Role.COACH)
    ]
    assert board.refused(JoinLeg("form", "desk", role=Role.MONITOR)) == "would_be_alone"
    told = board.events(LeaveLeg("form", "desk"))
    assert [type(one) for one in told] == [PartyLeft, PartyLeft, LegQueued]
    assert board.state.conversations == {}
    assert board.refused(JoinLeg("form", "chief", role=Role.MONITOR)) == "answer_it"


def test_a_further_seat_may_stay_when_the_first_leaves(board):
    """Nobody is put back in line who is spoken with."""
    board.events(HoldLeg("form", "desk"))
    board.events(JoinLeg("form", "other"))
    assert [type(one) for one in board.events(LeaveLeg("form", "desk"))] == [PartyLeft]
    assert board.state.conversations["form"].held_by == ""
    assert board.events(LeaveLeg("form", "desk")) == []
    assert board.refused(LeaveLeg("nobody", "desk")) == "leg_unknown"


def test_a_machine_may_answer_an_admin_line_and_never_911(board):
    """No attendant stands before an emergency."""
    board.ring("night", ADMIN)
    board.events(JoinLeg("night", "attendant", PartyKind.SERVICE))
    assert "night" not in board.state.waiting
    board.ring("fire")
    assert board.refused(JoinLeg("fire", "attendant", PartyKind.SERVICE)) == "no_machine_before_911"
    assert board.refused(JoinLeg("fire", "nowhere", PartyKind.LEG)) == "party_unknown"
    assert board.refused(JoinLeg("fire", "calls:1")) == "answer_it"


def test_an_agent_is_free_once_their_last_caller_is_gone():
    """Not while another waits on hold."""
    board = Switchboard()
    board.sit("desk", queues=("admin",))
    for leg in ("one", "two"):
        board.ring(leg, ADMIN)
        board.events(TakeLeg(leg, "desk"))
    board.hang_up("one")
    assert board.state.agents["desk"].state is AgentState.BUSY
    board.hang_up("two")
    assert board.state.agents["desk"].state is AgentState.AVAILABLE
