"""A source that goes quiet: each test states one fact."""

import pytest
from tests.dispatch.live_desk import HOUR, MINUTE
from tests.dispatch.timers.conftest import Shift

from redstick.dispatch.rules.calls import AnswerCall, EndCall, ReceiveCall
from redstick.dispatch.rules.silence import (
    CheckSource,
    SourceChecked,
    SourceQuiet,
    UnwatchSource,
    WatchSource,
)
from redstick.dispatch.rules.warnings import SUPERVISOR, AcknowledgeWarning

TEN_AN_HOUR = [10_000] * 168
BEARS = 12_000  # twelve expected calls: 72 minutes


@pytest.fixture
def trunk():
    """Trunk 1, ten calls an hour, watched."""
    shift = Shift()
    shift.run(WatchSource("trunk 1", TEN_AN_HOUR, BEARS))
    return shift


def call(shift, name, source="trunk 1"):
    """A call that rings and is over."""
    shift.run(ReceiveCall(name, source), AnswerCall(name, "seat"), EndCall(name))


def test_silence_is_alarmed_when_it_is_improbable(trunk):
    """After 72 minutes and not before, as an alarm that a named person must acknowledge."""
    trunk.wait(10 * MINUTE)
    call(trunk, "c")
    trunk.wait(72 * MINUTE - 1)
    assert trunk.open_warnings() == []
    trunk.wait(1)
    assert trunk.open_warnings() == [("silence", "alarm", "")]
    assert trunk.state.sources["trunk 1"].quiet_since == trunk.now - 72 * MINUTE
    assert trunk.refused(AcknowledgeWarning("warning/silence/trunk 1", "")) == "name_needed"
    trunk.run(AcknowledgeWarning("warning/silence/trunk 1", "J. Doe"))
    assert trunk.open_warnings() == [("silence", "alarm", "")]


def test_the_alarm_is_the_supervisors(trunk):
    """An alarm that is nobody's pages nobody: this one stands in the supervisor's budget from the first moment."""
    trunk.wait(72 * MINUTE)
    assert trunk.state.warnings["warning/silence/trunk 1"].owner == SUPERVISOR


def test_a_source_that_is_heard_is_not_alarmed(trunk):
    """One call an hour is little, and enough; another trunk's calls are not."""
    for hour in range(48):
        trunk.wait(HOUR)
        call(trunk, f"c{hour}")
    assert trunk.raised() == []
    assert trunk.happened(SourceChecked)
    for hour in range(2):
        trunk.wait(HOUR)
        call(trunk, f"d{hour}", "trunk 2")
    assert trunk.raised() == [("silence", "alarm", "")]


def test_the_first_call_after_it_ends_the_alarm(trunk):
    """And the watch goes on."""
    trunk.wait(2 * HOUR)
    assert trunk.open_warnings()
    call(trunk, "c")
    assert trunk.open_warnings() == []
    trunk.wait(72 * MINUTE)
    assert [one.since for one in trunk.happened(SourceQuiet)][-1] == trunk.now - 72 * MINUTE


def test_a_call_that_has_retired_was_heard_all_the_same(trunk):
    """A source that bears ten hours: the call two hours ago has left the live state, and is not forgotten."""
    trunk.run(WatchSource("trunk 1", [1000] * 168, 10_000))
    trunk.wait(5 * HOUR)
    call(trunk, "c")
    trunk.wait(6 * HOUR)
    assert "c" not in trunk.state.calls
    assert trunk.raised() == []
    trunk.wait(4 * HOUR)
    assert trunk.raised() == [("silence", "alarm", "")]


def test_what_brings_no_calls_is_reported_by_its_gateway(trunk):
    """A heartbeat of a station counts as a call does; one from the future is refused."""
    trunk.wait(70 * MINUTE)
    trunk.run(CheckSource("trunk 1", heard_at=trunk.now))
    trunk.wait(71 * MINUTE)
    assert trunk.raised() == []
    assert trunk.refused(CheckSource("trunk 1", heard_at=trunk.now + 1)) == "time_ahead"
    assert trunk.refused(CheckSource("x")) == "source_unknown"


def test_what_is_taken_down_on_purpose_is_not_missed(trunk):
    """Unwatched, it may be quiet; and its open alarm is over."""
    trunk.wait(2 * HOUR)
    trunk.run(UnwatchSource("trunk 1"))
    assert trunk.open_warnings() == []
    trunk.wait(24 * HOUR)
    assert len(trunk.raised()) == 1
    assert trunk.refused(UnwatchSource("trunk 1")) == "source_unknown"


def test_an_expectation_that_cannot_be_read_is_refused(trunk):
    """Too few hours, less than nothing, nothing at all, nothing borne."""
    for rates, bears in (([1] * 167, 1), ([-1] + [1] * 167, 1), ([0] * 168, 1), ([1] * 168, 0)):
        assert trunk.refused(WatchSource("x", rates, bears)) == "expectation_unreadable"
    assert trunk.refused(WatchSource(" ", TEN_AN_HOUR, 1)) == "source_unnamed"


@pytest.mark.parametrize("restart_after", [0, 30 * MINUTE, 72 * MINUTE - 1, 72 * MINUTE])
def test_the_alarm_comes_once_over_restarts(trunk, restart_after):
    """The watch is in the journal."""
    trunk.wait(restart_after)
    trunk.restart()
    trunk.wait(3 * HOUR)
    assert trunk.raised() == [("silence", "alarm", "")]
