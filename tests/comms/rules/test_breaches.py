"""The invariants of comms catch what they are for: a planted breach each."""

import msgspec
import pytest
from tests.comms.switchboard import Switchboard

from redstick.comms.invariants import broken
from redstick.comms.rules.agents import AgentState
from redstick.comms.rules.conversations import TakeLeg
from redstick.published.comms import LineKind


def hung_up_and_still_in_line(state):
    del state.legs["waits"]


def with_nobody(state):
    del state.waiting["waits"]


def in_line_and_with_somebody(state):
    state.waiting["spoken"] = msgspec.structs.replace(state.waiting["waits"], leg="spoken")


def spoken_with_by_nobody(state):
    state.conversations["spoken"].parties.clear()


def held_by_who_is_not_there(state):
    state.conversations["spoken"].held_by = "stranger"


def offered_to_who_does_not_know(state):
    state.agents["a"].offered = ""


def offered_to_who_is_away(state):
    state.agents["a"].state = AgentState.BREAK


def busy_with_nothing(state):
    state.agents["b"].state = AgentState.BUSY


def no_queue_for_the_rest(state):
    state.queues.pop("admin")


def a_call_of_another_line(state):
    state.legs["spoken"].call = "call"


BREACHES = (
    hung_up_and_still_in_line, with_nobody, in_line_and_with_somebody, spoken_with_by_nobody, held_by_who_is_not_there,
    offered_to_who_does_not_know, offered_to_who_is_away, busy_with_nothing, no_queue_for_the_rest,
    a_call_of_another_line,
)  # fmt: skip


@pytest.mark.parametrize("breach", BREACHES, ids=[one.__name__ for one in BREACHES])
def test_a_planted_breach_is_seen(breach):
    """Before it nothing is said, after it something is."""
    board = Switchboard()
    board.sit("a", "b", queues=("911", "admin"))
    board.ring("spoken", LineKind.ADMIN)
    board.events(TakeLeg("spoken", "desk"))
    board.ring("waits")
    assert board.offered() == {"waits": "b"} or board.offered() == {"waits": "a"}
    state = msgspec.convert(msgspec.to_builtins(board.state), type(board.state))
    if board.offered() == {"waits": "b"}:
        state.agents["a"], state.agents["b"] = state.agents["b"], state.agents["a"]
        state.agents["a"].seat, state.agents["b"].seat, state.waiting["waits"].offered = "a", "b", "a"
    assert list(broken(state)) == []
    breach(state)
    assert list(broken(state))
