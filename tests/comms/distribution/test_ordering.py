"""The order in which callers are answered: 911 first, fair, and nobody for ever behind others."""

from hypothesis import given
from hypothesis import strategies as st
from tests.comms.switchboard import MINUTE, SECOND, Switchboard

from redstick.comms.distribution.ordering import ranked
from redstick.comms.rules.agents import SignOnAgent
from redstick.comms.rules.queues import Queue, SetQueue
from redstick.comms.rules.storms import BeginStorm
from redstick.comms.rules.waiting import LegPresented, MoveLeg
from redstick.published.comms import LineKind

SLOW, QUICK = 40 * SECOND, 5 * SECOND
CALLERS = st.lists(
    st.tuples(st.sampled_from(["911", "slow", "quick", "admin"]), st.integers(0, 30)), min_size=1, max_size=14
)


def board_with_queues():
    """Three queues of 911, each further back than the one before, and the admin line."""
    board = Switchboard()
    for name, back in (("slow", SLOW), ("quick", QUICK)):
        board.events(SetQueue(Queue(id=name, line=LineKind.EMERGENCY, targets=(name,), handicap_ms=back)))
    return board


def ring(board, number, queue):
    """The caller of that number calls on the line of a queue."""
    line = LineKind.ADMIN if queue == "admin" else LineKind.EMERGENCY
    board.ring(f"leg{number:03}", line, target=f"sip:{queue}@psap.example")


def lines_up(board):
    """The legs in line, the next one first."""
    return [one.leg for one in ranked(board.state)]


@given(CALLERS)
def test_nobody_is_overtaken_by_whoever_came_later_than_their_handicap(callers):
    """Whoever calls, in whatever queue: only who came before, or within the handicap after, is answered before."""
    board = board_with_queues()
    for number, (queue, apart) in enumerate(callers):
        board.wait(apart * SECOND)
        ring(board, number, queue)
    order = [board.state.waiting[leg] for leg in lines_up(board)]
    for place, later in enumerate(order):
        for earlier in order[:place]:
            same_line = (earlier.queue == "admin") == (later.queue == "admin")
            assert earlier.queue != "admin" or later.queue == "admin"  # 911 before every other line
            assert not same_line or earlier.since <= later.since + later.handicap_ms
            fair = (earlier.queue, earlier.handicap_ms) == (later.queue, later.handicap_ms)
            assert not fair or (earlier.since, earlier.leg) < (later.since, later.leg)


@given(CALLERS, st.integers(1, 3))
def test_under_an_endless_stream_a_caller_is_answered_within_the_bound(callers, agents):
    """However many call afterwards: who waits is offered before the first that came later than the handicap."""
    board = board_with_queues()
    for number, (queue, apart) in enumerate(callers):
        board.wait(apart * SECOND)
        ring(board, number, queue if queue != "admin" else "911")
    watched = {one.leg: one.since + one.handicap_ms for one in board.state.waiting.values()}
    for number in range(100, 130):  # each moment another one calls
        board.wait(10 * SECOND)
        ring(board, number, "911")
    order, came = lines_up(board), {one.leg: one.since for one in board.state.waiting.values()}
    for leg, bound in watched.items():
        assert all(came[other] <= bound for other in order[: order.index(leg)])
    for number in range(agents):
        board.ask(SignOnAgent(f"seat{number}", ("911", "slow", "quick")))
    assert sorted(board.offered()) == sorted(order[:agents])  # what is ranked first is what is offered first


@given(CALLERS)
def test_the_order_between_two_who_wait_never_changes(callers):
    """Whoever comes or goes, and however long it lasts."""
    board, before = board_with_queues(), {}
    for number, (queue, apart) in enumerate(callers):
        board.wait(apart * SECOND)
        ring(board, number, queue)
        order = lines_up(board)
        assert [leg for leg in order if leg in before] == sorted(before, key=before.get)
        before = {leg: place for place, leg in enumerate(order)}


def test_in_a_storm_a_number_that_rang_without_a_word_stands_half_a_minute_back_at_most():
    """By how often it did; out of a storm it stands where it came, and nobody is taken out of line."""
    board = Switchboard()
    for number in range(5):
        board.ring(f"ghost{number}", number="225-555-0100")
        board.hang_up(f"ghost{number}")
        board.wait(SECOND)
    board.ring("calm", number="225-555-0100")
    assert (board.state.waiting["calm"].handicap_ms, board.state.waiting["calm"].repeats) == (0, 3)
    board.hang_up("calm")
    board.events(BeginStorm("911", "S. Chief", "a faulty alarm dialler"))
    board.ring("ghost", number="225-555-0100")
    board.wait(29 * SECOND)
    board.ring("soon", number="225-555-0101")
    board.wait(2 * SECOND)
    board.ring("late", number="225-555-0102")
    assert lines_up(board) == ["soon", "ghost", "late"]
    board.wait(20 * MINUTE)
    board.ring("forgotten", number="225-555-0100")
    assert board.state.waiting["forgotten"].handicap_ms == 0


def test_a_caller_who_is_moved_stands_in_the_other_queue_since_they_came():
    """With its handicap, and the offer that they had taken back; never on another line."""
    board = board_with_queues()
    ring(board, 1, "slow")
    board.wait(MINUTE)
    ring(board, 2, "911")
    board.sit("a", queues=("911", "slow"))
    assert board.offered() == {"leg001": "a"}
    assert board.refused(MoveLeg("leg001", "admin")) == "other_line"
    assert board.refused(MoveLeg("leg001", "nowhere")) == "queue_unknown"
    assert board.refused(MoveLeg("nobody", "911")) == "leg_not_waiting"
    board.events(MoveLeg("leg001", "911"))
    assert board.state.waiting["leg001"].handicap_ms == 0
    assert lines_up(board) == ["leg001", "leg002"]
    assert len(board.told(LegPresented)) == 2  # it was offered anew, from the other queue
    assert board.events(MoveLeg("leg001", "911")) == []
