"""Whoever waits too long in one queue waits in another, where they stood; and a seat hangs up whom it has."""

import pytest
from tests.comms.switchboard import SECOND, City, Switchboard

from redstick.comms.rules.agents import SetAgentState
from redstick.comms.rules.conversations import DismissLeg, LegDismissed, TakeLeg
from redstick.comms.rules.queues import Queue, RemoveQueue, SetQueue, queue_of
from redstick.comms.rules.waiting import LegQueued
from redstick.published.comms import Arrival, LineKind

ADMIN = LineKind.ADMIN


@pytest.fixture
def board():
    """311 overflows to the clerk after 30 s; offers last 20 s."""
    board = Switchboard()
    board.events(SetQueue(Queue(id="clerk", line=ADMIN, targets=("2100",))))
    overflows = {"overflow_to": "clerk", "overflow_ms": 30 * SECOND}
    board.events(SetQueue(Queue(id="311", line=ADMIN, targets=("311",), offer_ms=20 * SECOND, **overflows)))
    return board


def queues(board):
    """In which queue each caller waits."""
    return {one.leg: one.queue for one in board.state.waiting.values()}


def test_who_has_waited_long_enough_waits_elsewhere_since_they_came(board):
    """And is offered there at once; who came later waits where they are; nobody overflows twice."""
    board.ring("one", ADMIN, target="sip:311@city.example")
    board.wait(20 * SECOND)
    board.ring("two", ADMIN, target="sip:311@city.example")
    board.wait(9 * SECOND)
    assert queues(board) == {"one": "311", "two": "311"}
    came = board.state.waiting["one"].since
    board.wait(1 * SECOND)
    assert queues(board) == {"one": "clerk", "two": "311"}
    assert board.state.waiting["one"].since == came
    board.sit("clerk:1", queues=("clerk",))
    assert board.offered() == {"one": "clerk:1"}
    board.wait(60 * SECOND)
    assert queues(board)["two"] == "clerk"
    assert len(board.told(LegQueued)) == 4


def test_whom_an_agent_is_offered_goes_when_the_offer_has_lapsed(board):
    """Not from under the hand of who is about to answer."""
    board.sit("desk:1", queues=("311",))
    board.events(SetAgentState("desk:1", available=False, why="lunch"))
    board.ring("one", ADMIN, target="sip:311@city.example")
    board.wait(25 * SECOND)
    board.events(SetAgentState("desk:1", available=True))
    assert board.offered() == {"one": "desk:1"}
    board.wait(10 * SECOND)
    assert queues(board) == {"one": "311"}
    board.wait(10 * SECOND)
    assert (queues(board), board.offered()) == ({"one": "clerk"}, {})


def test_who_is_taken_or_gone_overflows_no_more(board):
    """And where the other queue was taken away everybody stays."""
    for leg in ("taken", "gone", "stays"):
        board.ring(leg, ADMIN, target="sip:311@city.example")
    board.events(TakeLeg("taken", "desk:1"))
    board.hang_up("gone")
    board.events(RemoveQueue("clerk"))
    board.wait(60 * SECOND)
    assert queues(board) == {"stays": "311"}
    assert board.state.levels["311"].abandoned == 1


def test_a_queue_overflows_to_another_one_of_its_line(board):
    """Not to itself, to none that there is, or from 911 to an admin line."""
    for wrong in (
        Queue(id="311", line=ADMIN, targets=("311",), overflow_to="311", overflow_ms=SECOND),
        Queue(id="311", line=ADMIN, targets=("311",), overflow_to="none", overflow_ms=SECOND),
        Queue(id="311", line=ADMIN, targets=("311",), overflow_ms=SECOND),
        Queue(id="911", line=LineKind.EMERGENCY, overflow_to="admin", overflow_ms=SECOND),
    ):
        assert board.refused(SetQueue(wrong)) == "overflow_unknown"
    too_long = Queue(id="311", line=ADMIN, targets=("311",), overflow_to="clerk", overflow_ms=9_999 * SECOND)
    assert board.refused(SetQueue(too_long)) == "out_of_range"


@pytest.mark.parametrize("called", ["sip:+12255550311@x", "sip:2255550311@x;user=phone", "tel:+1-225-555-0311"])
def test_a_number_is_the_queue_s_however_it_is_written(board, called):
    """By its digits, with the country or without; words are words."""
    board.events(SetQueue(Queue(id="dump", line=ADMIN, targets=("(225) 555-0311", "dump"))))
    assert queue_of(board.state, Arrival(line=ADMIN, target=called)).id == "dump"
    assert queue_of(board.state, Arrival(line=ADMIN, target="sip:dump@x")).id == "dump"
    assert queue_of(board.state, Arrival(line=ADMIN, target="sip:@x")).id == "admin"


def test_a_seat_hangs_up_whom_it_has_but_for_911():
    """That the leg is over is said when it is; a 911 call ends on the floor."""
    city = City()
    city.ring("form", ADMIN)
    city.events(TakeLeg("form", "desk"))
    assert city.refused(DismissLeg("form", "other")) == "not_with_you"
    assert city.events(DismissLeg("form", "desk")) == [LegDismissed("form", "desk")]
    city.hang_up("form")
    assert city.refused(DismissLeg("form", "desk")) == "leg_unknown"
    city.ring("one")
    city.answer("one", "calls:1")
    assert city.refused(DismissLeg("one", "calls:1")) == "ended_on_the_floor"
