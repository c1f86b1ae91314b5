"""Shifts: each test states one fact."""

import msgspec
import pytest

from redstick.dispatch.invariants import broken
from redstick.dispatch.rules.assignments import AssignUnits, ReleaseUnit
from redstick.dispatch.rules.incidents import OpenIncident
from redstick.dispatch.rules.shifts import BeginShift, EndShift, responders_on_duty
from redstick.dispatch.rules.units import ClearEmergency, EnrollUnit, RaiseEmergency, ReportStatus
from redstick.dispatch.status_table import Status

HOUR = 3_600_000


@pytest.fixture
def day(desk):
    """Engine 2 with two people on it."""
    desk.run(EnrollUnit("E2", "engine", staffing=4))
    desk.run(EnrollUnit("M4", "medic"))
    desk.run(BeginShift("E2 day", "E2", "engine 1043", ["Ann", "Bo"], desk.now + 12 * HOUR))
    return desk


def test_a_shift_signs_its_unit_on_and_off(day):
    """Duty is what the shift says: people are counted while it runs, and nobody is on duty after it."""
    unit = day.state.units["E2"]
    assert (unit.status, unit.on_duty, unit.staffing) == (Status.LOG, True, 2)
    assert responders_on_duty(day.state) == {"Ann": "E2", "Bo": "E2"}
    day.run(EndShift("E2 day"))
    unit = day.state.units["E2"]
    assert (unit.status, unit.on_duty, unit.staffing) == (Status.OFF, False, None)
    assert responders_on_duty(day.state) == {}


def test_a_unit_that_is_on_radio_already_keeps_its_status(day):
    """The shift is written down after it has signed on by itself."""
    day.run(ReportStatus("M4", "AR"))
    day.run(BeginShift("M4 day", "M4", "ambulance 7", ["Cy"]))
    assert day.state.units["M4"].status is Status.AR


def test_nobody_rides_on_two_units(day):
    """And a unit has one shift at a time, with somebody on it, that is not over when it begins."""
    assert day.refused(BeginShift("x", "M4", "7", ["Cy", "Ann"])) == "responder_on_duty"
    assert day.refused(BeginShift("x", "E2", "7", ["Cy"])) == "unit_has_a_shift"
    assert day.refused(BeginShift("x", "M4", "7", [" "])) == "responders_needed"
    assert day.refused(BeginShift("x", "M4", "7", ["Cy"], day.now)) == "shift_over"
    assert day.refused(BeginShift("E2 day", "M4", "7", ["Cy"])) == "shift_known"
    assert day.refused(BeginShift(" ", "M4", "7", ["Cy"])) == "shift_unnamed"
    assert day.refused(BeginShift("x", "X", "7", ["Cy"])) == "unit_unknown"


def test_a_shift_does_not_end_under_work_or_danger(day):
    """Whoever is still assigned, or in an emergency, is not signed off."""
    day.run(OpenIncident("i"))
    day.run(AssignUnits("i", ["E2"], despite="first out"))
    assert day.refused(EndShift("E2 day")) == "unit_assigned"
    day.run(ReleaseUnit("i", "E2"))
    day.run(RaiseEmergency("E2", "button"))
    assert day.refused(EndShift("E2 day")) == "emergency_stands"
    day.run(ClearEmergency("E2", "J. Doe", "spoke to the crew"))
    day.run(EndShift("E2 day"))
    assert day.refused(EndShift("E2 day")) == "shift_unknown"


def test_a_person_on_two_units_is_seen(day):
    """The invariant finds a planted breach."""
    shift = day.state.shifts["E2 day"]
    day.state.shifts["x"] = msgspec.structs.replace(shift, id="x", unit="M4")
    assert [line for line in broken(day.state) if "two units" in line]
    assert [line for line in broken(day.state) if "disagree" in line]
