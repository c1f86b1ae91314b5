"""The command board: marks that block nothing. Each test states one fact."""

import pytest
from neris_api_client.models import DispatchTacticTimestampsPayload
from tests.dispatch.live_desk import MINUTE, LiveDesk

from redstick.dispatch.neris.tactics import FIELDS, tactic_times
from redstick.dispatch.rules.command_board import EIDO_STATUSES, Benchmark, MarkBenchmark, TakeBackBenchmark, reached
from redstick.dispatch.rules.incidents import CloseIncident, OpenIncident, status_of

UNDER_CONTROL = Benchmark.FIRE_UNDER_CONTROL


@pytest.fixture
def desk():
    """A fire."""
    desk = LiveDesk()
    desk.run(OpenIncident("i"))
    return desk


def test_a_benchmark_is_marked_once_at_its_time(desk):
    """With who commands; said again it changes nothing, and the incident's status stays what its units make of it."""
    before = status_of(desk.state.incidents["i"])
    desk.run(MarkBenchmark("i", UNDER_CONTROL, "BC1"), at=desk.now - MINUTE)
    desk.run(MarkBenchmark("i", UNDER_CONTROL, "BC1"))
    assert len(desk.state.incidents["i"].marks) == 1
    assert reached(desk.state.incidents["i"], UNDER_CONTROL) == desk.now - MINUTE
    assert status_of(desk.state.incidents["i"]) == before


def test_a_mark_that_was_wrong_is_taken_back_and_stays_readable(desk):
    """It flared up again: the mark says so, and may be reached anew."""
    desk.run(MarkBenchmark("i", UNDER_CONTROL, "BC1"), TakeBackBenchmark("i", UNDER_CONTROL, "BC1", "flared up"))
    assert reached(desk.state.incidents["i"], UNDER_CONTROL) is None
    desk.wait(MINUTE)
    desk.run(MarkBenchmark("i", UNDER_CONTROL, "BC1"))
    marks = desk.state.incidents["i"].marks
    assert [mark.taken_back for mark in marks] == ["BC1: flared up", ""]
    assert reached(desk.state.incidents["i"], UNDER_CONTROL) == desk.now


def test_marks_may_follow_after_closing(desk):
    """A commander's notes come late, and block nothing before."""
    desk.run(CloseIncident("i", "01"), MarkBenchmark("i", Benchmark.STRUCTURE_CLEARED, "BC1"))


def test_what_cannot_be_meant_is_refused(desk):
    """No incident, no name, nothing to take back."""
    assert desk.refused(MarkBenchmark("z", UNDER_CONTROL, "BC1")) == "incident_unknown"
    assert desk.refused(MarkBenchmark("i", UNDER_CONTROL, " ")) == "name_needed"
    assert desk.refused(TakeBackBenchmark("i", UNDER_CONTROL, "BC1", "x")) == "benchmark_not_reached"
    desk.run(MarkBenchmark("i", UNDER_CONTROL, "BC1"))
    assert desk.refused(TakeBackBenchmark("i", UNDER_CONTROL, "BC1", " ")) == "name_and_reason_needed"


def test_the_timeline_is_neris_tactics(desk):
    """Every field of the official model has its benchmark, and no other is made up."""
    assert set(FIELDS.values()) == set(DispatchTacticTimestampsPayload.model_fields)
    for benchmark in Benchmark:
        desk.run(MarkBenchmark("i", benchmark, "BC1"))
    assert set(tactic_times(desk.state.incidents["i"])) == set(FIELDS.values())


def test_two_benchmarks_are_statuses_of_the_standard(third_party):
    """Spelled as EIDO spells them."""
    listed = third_party("ng911/eido/codes/incident_status.csv").read_text()
    assert [benchmark for benchmark in EIDO_STATUSES if f"\n{benchmark}," in listed] == list(EIDO_STATUSES)
