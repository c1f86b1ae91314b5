"""Whom the next hours need: from what came and how long it took, each figure measured or said to be assumed."""

import pytest
from tests.dispatch.live_desk import DAY, HOUR, MINUTE, NOON, LiveDesk

from redstick.dispatch import live
from redstick.dispatch.lookback.kept import Kept
from redstick.dispatch.lookback.staffing import ASSUMED_CALL_S, staffing
from redstick.dispatch.rules.calls import AnswerCall, EndCall, ReceiveCall
from redstick.dispatch.rules.groups import DefineGroup
from redstick.dispatch.rules.seats import LoseSeat, SignOn
from redstick.dispatch.staffing.queueing import people_for
from redstick.kernel.executor import Executor


class Floor(LiveDesk):
    """A floor whose past is kept as a look back keeps it."""

    def told(self, hours=3):
        """The next hours."""
        kept, beside = Kept(), Executor([live])
        for fact in beside.follow(self.journal.read(0), ()):
            kept.note(beside.committed["dispatch"], fact)
        return staffing(self.state, kept, self.now, hours)

    def calls(self, n, each_ms):
        """So many calls, each taken for as long."""
        for _ in range(n):
            self.count += 1
            name = f"call{self.count}"
            self.run(ReceiveCall(name, "trunk"), AnswerCall(name, "calls:1"))
            self.wait(each_ms)
            self.run(EndCall(name))


@pytest.fixture
def floor():
    """A group, so that people can sign on to it."""
    floor = Floor()
    floor.run(DefineGroup("fire", ["fire"]))
    return floor


def test_a_floor_of_an_hour_has_no_forecast(floor):
    """Nothing is known to expect: no hour is told, rather than a guess."""
    told = floor.told()
    assert (told.hours, told.expected_by) == ([], "")


def test_before_there_are_days_the_last_hours_speak(floor):
    """Forty calls in two hours are twenty an hour; how long they took was measured on all of them, and says so."""
    floor.calls(40, 3 * MINUTE)
    told = floor.told()
    assert told.expected_by == "the last hours"
    assert told.hours[0].calls == pytest.approx(20, abs=0.6)
    call = told.givens[0]
    assert (call.value, call.known, call.n) == (180.0, "measured", 40)
    needed = people_for(told.hours[0].calls, 180, told.answering.percent, told.answering.within_s)
    assert told.hours[0].call_takers == needed


def test_what_is_too_little_to_measure_is_assumed_and_said_to_be(floor):
    """Of five calls no mean is taken."""
    floor.calls(5, 15 * MINUTE)
    told = floor.told()
    assert (told.givens[0].value, told.givens[0].known) == (ASSUMED_CALL_S, "assumed")
    assert all(one.known == "assumed" for one in told.givens)


def test_a_week_knows_its_hours(floor):
    """From the eighth day on each hour of the week is expected by those before it."""
    for _ in range(8):
        floor.calls(10, 2 * MINUTE)
        floor.wait(DAY - 20 * MINUTE)
    told = floor.told(hours=24)
    assert told.expected_by == "the days before"
    busiest = max(told.hours, key=lambda hour: hour.calls)
    assert busiest.at % DAY == NOON % DAY // HOUR * HOUR
    assert busiest.call_takers > min(hour.call_takers for hour in told.hours)


def test_who_is_signed_on_is_held_against_the_need(floor):
    """A seat counts by what its console is; one whose session is gone does not."""
    floor.calls(40, 3 * MINUTE)
    assert floor.told().hours[0].answered_in_time == 0
    for seat in ("calls:1", "calls:2", "calls:3", "dispatch:1"):
        floor.run(SignOn(seat, f"p-{seat}", ["fire"]))
    floor.run(LoseSeat("calls:3"))
    told = floor.told()
    assert (told.call_takers, told.dispatchers) == (["calls:1", "calls:2"], ["dispatch:1"])
    assert 0 < told.hours[0].answered_in_time < 1
    assert 0 < told.hours[0].hang_up < 1
