"""What waits on purpose, and one unit for another."""

import pytest

from redstick.dispatch.invariants import broken
from redstick.dispatch.plans.requirement import Requirement
from redstick.dispatch.rules.assignments import AssignmentEnded, AssignUnits, ReleaseUnit, UnitAssigned
from redstick.dispatch.rules.exchanges import BorrowUnit, ChoosePrimary, SwapUnits
from redstick.dispatch.rules.incidents import CloseIncident, OpenIncident
from redstick.dispatch.rules.needs import SetNeeds, pending
from redstick.dispatch.rules.stacking import (
    EndHold,
    EndPreassignment,
    HoldIncident,
    PreassignUnit,
    Reservation,
    StackIncident,
    UnstackIncident,
)
from redstick.dispatch.rules.units import EnrollUnit, ReportStatus

CAR = Requirement("car", ("patrol",), agency="police")


@pytest.fixture
def beat(desk):
    for name in ("P1", "P2", "P3"):
        desk.run(EnrollUnit(name, "patrol", "police"))
        desk.run(ReportStatus(name, "AR"))
    for name in ("alarm", "noise"):
        desk.run(OpenIncident(name, priority=4))
        desk.run(SetNeeds(name, [CAR]))
    desk.run(AssignUnits("alarm", ["P1"]))
    return desk


def missing(desk, name):
    """How many units an incident lacks."""
    return sum(lacking for _, lacking in pending(desk.state.incidents[name]))


def test_what_is_stacked_stays_pending(beat):
    """It says on which unit, and on what that unit works; sending the unit ends the wait."""
    assert beat.refused(StackIncident("noise", "P2")) == "unit_free"
    beat.run(StackIncident("noise", "P1", "car"))
    [waits] = beat.state.incidents["noise"].stacked
    assert (waits.unit, waits.on_incident, waits.need) == ("P1", "alarm", "car")
    assert missing(beat, "noise") == 1
    beat.run(ReleaseUnit("alarm", "P1"))
    beat.run(AssignUnits("noise", ["P1"]))
    assert beat.state.incidents["noise"].stacked == []
    assert missing(beat, "noise") == 0


def test_a_stack_ends_by_name_of_the_unit_with_a_reason_and_with_the_incident(beat):
    """Nothing closed waits any more."""
    beat.run(StackIncident("noise", "P1"))
    assert beat.refused(UnstackIncident("noise", "P1", "")) == "reason_needed"
    beat.run(UnstackIncident("noise", "P1", "another car is nearer"))
    assert beat.refused(UnstackIncident("noise", "P1", "again")) == "not_stacked"
    beat.run(StackIncident("noise", "P1"))
    beat.run(CloseIncident("noise", "quiet on arrival"))
    assert beat.state.incidents["noise"].stacked == []


def test_a_reserved_unit_is_not_sent_elsewhere_without_a_reason(beat):
    """With one it is, and then it is reserved no more."""
    beat.run(PreassignUnit("noise", "P2"))
    assert beat.refused(PreassignUnit("alarm", "P2")) == "unit_reserved"
    assert beat.refused(AssignUnits("alarm", ["P2"])) == "unit_reserved"
    beat.run(AssignUnits("alarm", ["P2"], despite="shots fired"))
    assert beat.state.reservations == {}


def test_a_reservation_ends_when_its_unit_is_sent_released_or_its_incident_closes(beat):
    """It is kept, taken back with a reason, or void."""
    beat.run(PreassignUnit("noise", "P1"))  # busy: the next one when it is free
    beat.run(ReleaseUnit("alarm", "P1"))
    beat.run(AssignUnits("noise", ["P1"]))
    assert beat.state.reservations == {}
    beat.run(PreassignUnit("alarm", "P2"))
    assert beat.refused(EndPreassignment("P2", " ")) == "reason_needed"
    beat.run(EndPreassignment("P2", "not needed"))
    assert beat.refused(EndPreassignment("P2", "again")) == "not_reserved"
    beat.run(PreassignUnit("alarm", "P2"))
    beat.run(CloseIncident("alarm", "false alarm"))
    assert beat.state.reservations == {}


def test_a_hold_has_a_name_a_reason_and_a_review(beat):
    """What is held stays pending; the hold ends with a reason or with the incident."""
    later = beat.now + 600_000
    assert beat.refused(HoldIncident("noise", "", "x", later)) == "name_and_reason_needed"
    assert beat.refused(HoldIncident("noise", "A. Officer", "x", beat.now)) == "review_past"
    beat.run(HoldIncident("noise", "A. Officer", "caller is not at home until six", later))
    assert missing(beat, "noise") == 1
    assert beat.refused(EndHold("noise", "")) == "reason_needed"
    beat.run(EndHold("noise", "caller is home"))
    assert beat.refused(EndHold("noise", "again")) == "not_held"
    beat.run(HoldIncident("noise", "A. Officer", "again", later))
    beat.run(CloseIncident("noise", "handled by telephone"))
    assert beat.state.incidents["noise"].held is None


def test_a_swap_is_one_act(beat):
    """The one who comes stands for the same need; the one who leaves is cancelled; the need was never open."""
    happened = beat.run(SwapUnits("alarm", "P1", "P2"))
    assert [type(event) for event in happened] == [UnitAssigned, AssignmentEnded]
    assert (happened[0].need, happened[0].replaces, happened[1].ending) == ("car", "P1", "cancelled")
    assert missing(beat, "alarm") == 0
    assert beat.state.units["P1"].work == []


def test_a_swap_that_cannot_be_whole_is_not_at_all(beat):
    """The unit that would come is busy: nothing has happened; with a reason it is swapped."""
    beat.run(AssignUnits("noise", ["P2"]))
    assert beat.refused(SwapUnits("alarm", "P1", "P2")) == "unit_not_available"
    assert beat.refused(SwapUnits("alarm", "P3", "P2")) == "assignment_unknown"
    assert beat.state.units["P1"].work == ["alarm"]


def test_a_borrowed_unit_leaves_its_need_open_behind(beat):
    """In one act it is taken from one incident and stands for another's need; the robbed incident is pending again."""
    assert beat.refused(BorrowUnit("noise", "P1", "alarm", " ")) == "reason_needed"
    assert beat.refused(BorrowUnit("noise", "P2", "alarm", "x")) == "assignment_unknown"
    assert beat.refused(BorrowUnit("alarm", "P1", "alarm", "x")) == "same_incident"
    happened = beat.run(BorrowUnit("noise", "P1", "alarm", "weapon seen"))
    assert [type(event) for event in happened] == [AssignmentEnded, UnitAssigned]
    assert (missing(beat, "alarm"), missing(beat, "noise")) == (1, 0)
    assert beat.state.units["P1"].work == ["noise"]
    assert happened[1].taken_from == "alarm"


def test_one_incident_is_primary_by_choice_and_back(beat):
    """Choosing what was before takes it back; a unit's other work keeps its order."""
    beat.run(AssignUnits("noise", ["P1"], despite="next door"))
    assert beat.state.units["P1"].work == ["alarm", "noise"]
    [chosen] = beat.run(ChoosePrimary("P1", "noise"))
    assert beat.state.units["P1"].work == ["noise", "alarm"]
    beat.run(ChoosePrimary("P1", chosen.was))
    assert beat.state.units["P1"].work == ["alarm", "noise"]
    assert beat.refused(ChoosePrimary("P2", "noise")) == "assignment_unknown"


def test_a_promise_that_cannot_be_kept_is_seen(beat):
    """The invariant finds planted breaches."""
    beat.state.reservations["P1"] = Reservation("alarm", "", 0)
    assert [line for line in broken(beat.state) if "works on it already" in line]
    beat.state.reservations["P1"] = Reservation("nowhere", "", 0)
    assert [line for line in broken(beat.state) if "not open" in line]
