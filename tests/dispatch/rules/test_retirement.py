"""What is over leaves the live state and comes back whole."""

import pytest

from redstick.adapters.memory import MemoryJournal
from redstick.dispatch import live
from redstick.dispatch.invariants import broken
from redstick.dispatch.rules.assignments import AssignUnits, ReleaseUnit
from redstick.dispatch.rules.callbacks import Attempt, AttemptCallback
from redstick.dispatch.rules.calls import AbandonCall, AnswerCall, AttachCall, DetachCall, EndCall, ReceiveCall
from redstick.dispatch.rules.incidents import AddNote, CloseIncident, OpenIncident, ReopenIncident
from redstick.dispatch.rules.retirement import RETIRE_AFTER_MS, Recall, RetireCall, RetireIncident
from redstick.dispatch.rules.units import EnrollUnit, ReportStatus
from redstick.kernel.drivers import SynchronousDriver
from redstick.kernel.envelope import opened
from redstick.kernel.executor import Executor
from redstick.kernel.values import Request

NOON = 1_700_000_000_000


class LiveDesk:
    """Dispatch as it runs live: time passes, and what is over retires by itself."""

    def __init__(self):
        self.journal, self.now, self.count = MemoryJournal(), NOON, 0
        self.driver = SynchronousDriver(Executor([live]), self.journal)

    @property
    def state(self):
        """The committed fold."""
        return self.driver.executor.committed["dispatch"]

    def ask(self, command):
        """The outcome of one command."""
        self.count += 1
        [outcome] = self.driver.run([Request(f"c{self.count}", command, "tester")], self.now)
        assert list(broken(self.state)) == []
        return outcome

    def run(self, *commands):
        """Commands that must be accepted."""
        for command in commands:
            outcome = self.ask(command)
            assert outcome.accepted, outcome.rejection

    def wait(self, ms):
        """Let time pass."""
        self.now += ms
        self.driver.drain(self.now)


@pytest.fixture
def desk():
    desk = LiveDesk()
    desk.run(
        EnrollUnit("E1"),
        ReportStatus("E1", "AQ"),
        ReceiveCall("call1", "911"),
        AnswerCall("call1", "seat1"),
        OpenIncident("i1", call="call1"),
        AssignUnits("i1", ["E1"]),
        ReleaseUnit("i1", "E1", "cleared"),
        EndCall("call1"),
        CloseIncident("i1", "transported"),
    )
    return desk


def test_a_closed_incident_retires_with_its_calls_after_its_while(desk):
    """Two hours later neither is in the live state; not a millisecond before."""
    desk.wait(RETIRE_AFTER_MS - 1)
    assert "i1" in desk.state.incidents
    desk.wait(1)
    assert desk.state.incidents == {}
    assert desk.state.calls == {}


def test_a_command_on_a_retired_incident_brings_it_back_whole(desk):
    """Its assignments, times and calls are as they were; the note is added; later it leaves again."""
    before = desk.state.incidents["i1"]
    desk.wait(RETIRE_AFTER_MS)
    desk.run(AddNote("i1", "the family called"))
    incident = desk.state.incidents["i1"]
    assert [note.text for note in incident.notes] == ["the family called"]
    incident.notes.clear()
    assert incident == before
    assert desk.state.calls["call1"].incident == "i1"
    desk.wait(RETIRE_AFTER_MS)
    assert desk.state.incidents == {}


def test_a_retired_incident_may_be_reopened_and_then_stays(desk):
    """Reopening stops what would have retired it again."""
    desk.wait(RETIRE_AFTER_MS)
    desk.run(ReopenIncident("i1", "not over after all"))
    desk.wait(10 * RETIRE_AFTER_MS)
    assert "i1" in desk.state.incidents


def test_a_new_call_may_speak_of_a_retired_incident(desk):
    """The incident comes back for it."""
    desk.wait(RETIRE_AFTER_MS)
    desk.run(ReceiveCall("call2", "911"), AttachCall("call2", "i1"))
    assert desk.state.incidents["i1"].calls == ["call1", "call2"]


def test_ids_of_retired_things_are_not_used_twice(desk):
    """A call or an incident of a retired one's id is refused as known."""
    desk.wait(RETIRE_AFTER_MS)
    assert desk.ask(ReceiveCall("call1", "911")).rejection.code == "call_known"
    desk.wait(RETIRE_AFTER_MS)
    assert desk.ask(OpenIncident("i1")).rejection.code == "incident_known"


def test_a_lone_call_retires_by_itself_and_one_in_progress_does_not(desk):
    """A call that nobody attached to anything goes when its while is over; one that still rings stays."""
    desk.run(ReceiveCall("lone", "911"), EndCall("lone"), ReceiveCall("rings", "911"))
    desk.wait(RETIRE_AFTER_MS)
    assert list(desk.state.calls) == ["rings"]


def test_a_call_that_speaks_of_an_incident_is_not_asked_to_go_by_itself(desk):
    """It goes with that, however long the incident is worked: no timer is started only to be refused."""
    desk.run(ReceiveCall("long", "911"), OpenIncident("i2", call="long"), EndCall("long"))
    desk.run(ReceiveCall("hung_up", "911"), AttachCall("hung_up", "i2"), AbandonCall("hung_up"))
    desk.wait(3 * RETIRE_AFTER_MS)
    desk.run(CloseIncident("i2", "done"))
    desk.wait(RETIRE_AFTER_MS - 1)
    kinds = [opened(line).kind for line in desk.journal.read()]
    assert "kernel.rejected" not in kinds


def test_what_is_not_over_is_not_retired(desk):
    """An open incident, an incident whose call is still spoken, a call that rings or is attached."""
    desk.run(OpenIncident("open"), ReceiveCall("rings", "911"))
    assert desk.ask(RetireIncident("open")).rejection.code == "incident_open"
    assert desk.ask(RetireCall("rings")).rejection.code == "call_not_over"
    assert desk.ask(RetireCall("call1")).rejection.code == "call_attached"
    desk.run(ReceiveCall("talks", "911"), AttachCall("talks", "i1"))
    assert desk.ask(RetireIncident("i1")).rejection.code == "call_not_over"


def test_a_caller_who_is_still_owed_a_callback_keeps_the_incident_and_takes_it_along(desk):
    """The incident is closed long before the caller is reached; both leave two hours after that, together."""
    desk.run(ReceiveCall("c", "911", "225-555-0100"), AbandonCall("c"), OpenIncident("i2", call="c"))
    desk.run(CloseIncident("i2", "nobody there"))
    desk.wait(100 * RETIRE_AFTER_MS)
    assert list(desk.state.incidents) == ["i2"]
    desk.run(AttemptCallback("2255550100", "s", Attempt.REACHED), EndCall("c"))
    desk.wait(RETIRE_AFTER_MS)
    assert (desk.state.incidents, desk.state.calls) == ({}, {})


def test_nobody_but_the_kernel_puts_a_record_back(desk):
    """A forged record is refused."""
    assert desk.ask(Recall("{}")).rejection.code == "not_permitted"


@pytest.mark.parametrize("leave", [AttachCall("call2", "i2"), DetachCall("call2")])
def test_an_incident_that_waited_for_a_call_leaves_when_the_call_does(desk, leave):
    """It was closed long ago and only a call that went on kept it: once that speaks of another, or of none, it goes."""
    desk.run(OpenIncident("i2"), OpenIncident("i3"), ReceiveCall("call2", "911"), AnswerCall("call2", "seat1"))
    desk.run(AttachCall("call2", "i3"), CloseIncident("i3", "done"))
    desk.wait(2 * RETIRE_AFTER_MS)
    assert "i3" in desk.state.incidents
    desk.run(leave)
    desk.wait(RETIRE_AFTER_MS)
    assert "i3" not in desk.state.incidents
