"""Closures of roads: said by a person, from when to when; what cannot be meant is refused by name."""

import pytest
from tests.dispatch.live_desk import HOUR, NOON, LiveDesk

from redstick.dispatch.rules.closures import MAX_SEGMENTS, CloseRoad, ReopenRoad, RoadClosed, RoadReopened, closed_at
from redstick.kernel.system import NothingChanged


@pytest.fixture
def desk():
    """An empty floor at noon."""
    return LiveDesk()


def close(**other):
    """A closure of one segment."""
    return CloseRoad(**{"closure": "c1", "segments": ["7"], "reason": "flooded", "by": "sue", **other})


def segments(desk, at):
    """What may not be driven at a time."""
    return [name for one in closed_at(desk.state, at) for name in one.segments]


def test_a_closure_holds_from_now_until_it_is_reopened(desk):
    """And the journal says who and why."""
    [said] = desk.run(close())
    assert (type(said), said.reason, said.by, said.begins_at) == (RoadClosed, "flooded", "sue", NOON)
    assert segments(desk, NOON) == ["7"]
    [said] = desk.run(ReopenRoad("c1", "sue"))
    assert type(said) is RoadReopened
    assert segments(desk, NOON) == []


def test_a_closure_for_later_does_not_hold_before(desk):
    """It begins and ends by itself."""
    desk.run(close(begins_at=NOON + HOUR, ends_at=NOON + 2 * HOUR))
    assert [segments(desk, NOON + hours * HOUR) for hours in (0, 1, 2)] == [[], ["7"], []]


def test_the_same_again_says_nothing_and_other_segments_replace(desk):
    """Under the same id there is one closure, and it keeps when it began."""
    desk.run(close())
    desk.now += HOUR
    assert [type(said) for said in desk.run(close())] == [NothingChanged]
    desk.run(close(segments=["8", "9", "8"]))
    assert segments(desk, desk.now) == ["8", "9"]
    assert desk.state.closures["c1"].begins_at == NOON


def test_what_has_ended_by_itself_goes_with_the_next(desk):
    """The live state keeps no closures that are over."""
    desk.run(close(ends_at=NOON + HOUR))
    desk.now += 2 * HOUR
    desk.run(close(closure="c2"))
    assert list(desk.state.closures) == ["c2"]


@pytest.mark.parametrize(
    ("wrong", "code"),
    [
        ({"closure": ""}, "closure_malformed"),
        ({"segments": []}, "closure_malformed"),
        ({"segments": ["7", ""]}, "closure_malformed"),
        ({"segments": [str(number) for number in range(MAX_SEGMENTS + 1)]}, "closure_malformed"),
        ({"line": [1]}, "closure_malformed"),
        ({"reason": "x" * 501}, "closure_malformed"),
        ({"reason": " "}, "reason_needed"),
        ({"ends_at": NOON}, "closure_over"),
        ({"begins_at": NOON + HOUR, "ends_at": NOON + HOUR}, "closure_over"),
    ],
)
def test_what_cannot_be_meant_is_refused(desk, wrong, code):
    """By name, and nothing is closed."""
    assert desk.refused(close(**wrong)) == code
    assert desk.state.closures == {}


def test_what_is_not_closed_is_not_reopened(desk):
    """A name that nobody closed."""
    assert desk.refused(ReopenRoad("c1", "sue")) == "closure_unknown"


def test_closures_come_back_with_the_journal(desk):
    """As everything that was said."""
    desk.run(close(line=[-911_500_000, 304_500_000]))
    before = desk.state.closures
    desk.restart()
    assert desk.state.closures == before
