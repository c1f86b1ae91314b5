"""Which agent is offered which caller, for how long, and what happens when nobody takes it."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.comms.switchboard import SECOND, Switchboard

from redstick.comms.rules.agents import (
    AgentChanged,
    AgentSignedOff,
    AgentSignedOn,
    AgentState,
    SetAgentState,
    SignOffAgent,
    SignOnAgent,
)
from redstick.comms.rules.conversations import LeaveLeg, TakeLeg
from redstick.comms.rules.queues import Queue, SetQueue
from redstick.comms.rules.waiting import DeclineOffer, LegPresented, OfferLapsed
from redstick.published.comms import LineKind

ADMIN = LineKind.ADMIN


@pytest.fixture
def board():
    """Nobody is there."""
    return Switchboard()


def test_the_agent_who_waited_longest_is_offered_the_caller_who_waits_longest(board):
    """One offer each, and one agent for each caller."""
    board.sit("a", "b")
    board.ring("one")
    board.ring("two")
    board.ring("three")
    assert board.offered() == {"one": "a", "two": "b"}


def test_a_caller_who_waits_is_offered_to_who_comes(board):
    """At once."""
    board.ring("one")
    assert board.offered() == {}
    board.sit("a")
    assert board.offered() == {"one": "a"}


def test_911_is_offered_before_a_line_that_waits_longer(board):
    """To an agent who takes both."""
    board.ring("form", ADMIN)
    board.wait(60 * SECOND)
    board.ring("fire")
    board.sit("a", queues=("911", "admin"))
    assert board.offered() == {"fire": "a"}


def test_an_offer_that_is_not_taken_goes_to_the_next_and_the_caller_keeps_their_place(board):
    """After ten seconds; the first agent is tried again last, and who lets two lapse in a row is on a break."""
    board.sit("a", "b")
    board.ring("one")
    board.wait(9 * SECOND)
    assert board.offered() == {"one": "a"}
    board.wait(SECOND)
    assert board.offered() == {"one": "b"}
    since = board.state.waiting["one"].since
    board.wait(10 * SECOND)
    assert board.offered() == {"one": "a"}
    board.wait(10 * SECOND)
    assert board.offered() == {"one": "b"}
    assert board.state.agents["a"].state is AgentState.BREAK
    assert board.state.agents["a"].why == "did not answer"
    board.wait(10 * SECOND)
    assert board.offered() == {}
    assert board.state.waiting["one"].since == since
    board.events(SetAgentState("a", available=True))
    assert board.offered() == {"one": "a"}
    assert [one.seat for one in board.told(OfferLapsed)] == ["a", "b", "a", "b"]


def test_a_timer_that_fires_late_takes_no_newer_offer_back(board):
    """Over a restart too, the offer in force is the one that lapses."""
    board.sit("a", "b")
    board.ring("one")
    board.events(DeclineOffer("one", "a"))
    assert board.refused(DeclineOffer("one", "a")) == "not_offered"
    assert board.offered() == {"one": "b"}
    board.restart()
    board.wait(9 * SECOND)
    assert board.offered() == {"one": "b"}
    board.wait(SECOND)
    assert board.offered() == {"one": "a"}
    assert board.state.agents["a"].missed == 0  # to decline is no silence


def test_who_signs_off_leaves_no_caller_behind(board):
    """What was offered there goes on."""
    board.sit("a", "b")
    board.ring("one")
    assert [type(one) for one in board.events(SignOffAgent("a"))] == [OfferLapsed, AgentSignedOff]
    assert board.offered() == {"one": "b"}
    assert board.events(SignOffAgent("a")) == []


def test_who_hangs_up_is_out_of_line_at_once_and_frees_the_agent(board):
    """The next caller is offered to the same agent, who has missed nothing."""
    board.sit("a")
    board.ring("one")
    board.ring("two")
    board.hang_up("one")
    assert board.offered() == {"two": "a"}
    assert board.state.agents["a"].missed == 0
    assert board.state.levels["911"].abandoned == 1


def test_a_skill_is_asked_as_long_as_somebody_has_it(board):
    """Without anybody who has it no caller waits for it."""
    board.events(SetQueue(Queue(id="poison", line=LineKind.EMERGENCY, targets=("poison",), skills=("chemistry",))))
    board.sit("a", queues=("911", "poison"))
    board.sit("b", queues=("911", "poison"), skills=("chemistry",))
    board.ring("one", target="sip:poison@psap")
    assert board.offered() == {"one": "b"}
    board.ring("two", target="sip:poison@psap")
    assert board.offered() == {"one": "b"}  # b has it, and will be free
    board.events(SignOffAgent("b"))
    assert board.offered() == {"one": "a"}


def test_a_language_is_preferred_and_never_waited_for(board):
    """`es-MX` is spoken by who speaks `es`."""
    board.sit("a")
    board.sit("b", languages=("en", "es"))
    board.ring("one", languages=("es-MX",))
    board.ring("two", languages=("vi",))
    assert board.offered() == {"one": "b", "two": "a"}


def test_after_a_call_comes_after_call_work_as_long_as_the_queue_says(board):
    """It ends by itself, or when the agent says so."""
    board.events(SetQueue(Queue(id="admin", line=ADMIN, wrap_up_ms=30 * SECOND)))
    board.sit("a", queues=("admin",))
    for number, ended in enumerate((False, True)):
        board.ring(f"leg{number}", ADMIN)
        board.events(TakeLeg(f"leg{number}", "a"))
        assert board.state.agents["a"].state is AgentState.BUSY
        board.hang_up(f"leg{number}")
        assert board.state.agents["a"].state is AgentState.WRAP_UP
        board.ring(f"next{number}", ADMIN)
        board.wait(29 * SECOND)
        assert board.offered() == {}
        if ended:
            board.events(SetAgentState("a", available=True))
        else:
            board.wait(SECOND)
        assert board.offered() == {f"next{number}": "a"}
        board.hang_up(f"next{number}")


def test_who_takes_a_caller_by_hand_gives_back_what_was_offered(board):
    """It goes to the next agent; a break is refused while an offer waits or a caller is there."""
    board.sit("a", "b", queues=("911", "admin"))
    board.ring("form", ADMIN)
    board.ring("fire")
    assert board.offered() == {"form": "a", "fire": "b"}
    assert board.refused(SetAgentState("a", available=False, why="lunch")) == "offer_waits"
    board.events(TakeLeg("form", "b"))
    assert board.offered() == {"fire": "a"}
    assert board.refused(SetAgentState("b", available=False)) == "agent_busy"
    board.events(LeaveLeg("form", "b"))
    board.hang_up("form")
    assert [type(one) for one in board.events(SetAgentState("b", available=False, why="lunch"))] == [AgentChanged]
    assert board.events(SetAgentState("b", available=False, why="lunch")) == []
    assert board.refused(SetAgentState("c", available=True)) == "agent_unknown"


def test_agents_sign_on_to_queues_that_are_there(board):
    """Signing on again changes them; the same again changes nothing."""
    assert board.refused(SignOnAgent(" ")) == "seat_unnamed"
    assert board.refused(SignOnAgent("a", ())) == "no_queues"
    assert board.refused(SignOnAgent("a", ("311",))) == "queue_unknown"
    assert board.events(SignOnAgent("a")) == [AgentSignedOn("a", ("911",))]
    assert board.events(SignOnAgent("a")) == []
    board.events(SignOnAgent("a", ("admin",), ("desk",)))
    board.ring("one")
    assert board.offered() == {}


def test_who_signs_on_while_they_speak_is_busy(board):
    """And free once they do not."""
    board.ring("form", ADMIN)
    board.events(TakeLeg("form", "a"))
    board.sit("a", queues=("admin",))
    assert board.state.agents["a"].state is AgentState.BUSY
    board.hang_up("form")
    assert board.state.agents["a"].state is AgentState.AVAILABLE


@given(st.lists(st.tuples(st.sampled_from(["ring", "sit", "hang", "wait", "decline"]), st.integers(0, 4)), max_size=25))
def test_no_agent_is_idle_while_a_caller_waits_that_they_could_take(steps):
    """Whatever happens in whatever order, and each caller is offered to one agent at a time."""
    board, count = Switchboard(), 0
    for step, number in steps:
        if step == "ring":
            count += 1
            board.ring(f"leg{count}")
        elif step == "sit":
            board.ask(SignOnAgent(f"seat{number}"))
        elif step == "hang" and board.state.legs:
            board.hang_up(sorted(board.state.legs)[number % len(board.state.legs)])
        elif step == "decline" and board.offered():
            leg = min(board.offered())
            board.events(DeclineOffer(leg, board.offered()[leg]))
        else:
            board.wait(number * 3 * SECOND)
        idle = [one for one in board.state.agents.values() if one.state is AgentState.AVAILABLE and not one.offered]
        unoffered = [one for one in board.state.waiting.values() if not one.offered]
        assert not (idle and unoffered)
    assert len(board.told(LegPresented)) >= len(board.offered())
