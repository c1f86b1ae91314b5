"""Units: each test states one fact."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from redstick.dispatch.rules.assignments import AssignUnits, CorrectTime, ReleaseUnit
from redstick.dispatch.rules.incidents import CloseIncident, OpenIncident, ReopenIncident, status_of
from redstick.dispatch.rules.units import AcknowledgeEmergency, ClearEmergency, EnrollUnit, RaiseEmergency, ReportStatus
from redstick.dispatch.status_table import MEANINGS, Primary, Status, StatusTable

HOUR = 3_600_000


@pytest.fixture
def shift(desk):
    """Engine 2 and Medic 4 in quarters, a cardiac arrest waiting."""
    for name, kind in (("E2", "engine"), ("M4", "medic")):
        desk.run(EnrollUnit(name, kind, station="2"))
        desk.run(ReportStatus(name, "log"))
        desk.run(ReportStatus(name, "AQ"))
    desk.run(OpenIncident("i", kind="cardiac arrest", priority=1))
    return desk


def test_an_unexpected_step_is_kept_and_marked(shift):
    """The radio is right: at hospital straight from quarters is recorded, with a warning."""
    [reported] = shift.run(ReportStatus("M4", "HSP"))
    assert reported.unexpected
    assert shift.state.units["M4"].status is Status.HSP


def test_an_expected_step_carries_no_warning(shift):
    """From quarters to on radio is usual."""
    [reported] = shift.run(ReportStatus("M4", "AR"))
    assert not reported.unexpected


def test_a_late_report_does_not_move_the_unit_back(shift):
    """A paper card entered now for an hour ago completes history and leaves the present alone."""
    shift.run(ReportStatus("M4", "MEAL"), at=shift.now - HOUR)
    assert shift.state.units["M4"].status is Status.AQ


def test_only_what_cannot_be_read_is_refused(shift):
    """Unknown unit, unknown word, a time beyond the clock's skew."""
    assert shift.refused(ReportStatus("E9", "AQ")) == "unit_unknown"
    assert shift.refused(ReportStatus("E2", "on the moon")) == "status_unknown"
    assert shift.refused(ReportStatus("E2", "AR", happened_at=shift.now + HOUR)) == "time_ahead"
    shift.run(ReportStatus("E2", "AR", happened_at=shift.now + 60_000))


def test_units_are_sent_all_or_none(shift):
    """When one of the named units cannot go, none is sent, and the refusal says what it is doing."""
    shift.run(ReportStatus("E2", "OOS"))
    refused = shift.ask(AssignUnits("i", ["M4", "E2"])).rejection
    assert (refused.code, refused.data["unit"], refused.data["status"]) == ("unit_not_available", "E2", "OOS")
    assert shift.state.incidents["i"].assignments == {}


def test_an_override_is_kept_with_the_assignment(shift):
    """Sending a unit that is not free needs a reason, and the reason stays."""
    shift.run(ReportStatus("E2", "OOS"))
    shift.run(AssignUnits("i", ["E2"], despite="crew says the pump works again"))
    assert shift.state.incidents["i"].assignments["E2"].sent_despite


def test_a_unit_is_not_sent_twice_to_the_same_incident(shift):
    """While its first assignment is open."""
    shift.run(AssignUnits("i", ["E2"]))
    assert shift.refused(AssignUnits("i", ["E2"], despite="again")) == "already_assigned"
    assert shift.refused(AssignUnits("i", ["M4", "M4"])) == "unit_named_twice"


def test_the_incident_shows_how_far_its_units_are(shift):
    """Its status is derived: assigned, en route, on scene, and active again when all have left."""
    steps = [status_of(shift.state.incidents["i"])]
    shift.run(AssignUnits("i", ["E2"]))
    steps.append(status_of(shift.state.incidents["i"]))
    for word in ("ENR", "ONS"):
        shift.run(ReportStatus("E2", word))
        steps.append(status_of(shift.state.incidents["i"]))
    shift.run(ReportStatus("E2", "AR", leaves=True))
    steps.append(status_of(shift.state.incidents["i"]))
    assert steps == ["Active", "ResourcesAssigned", "ResourcesEnroute", "ResourcesOnscene", "Active"]


def test_leaving_an_assignment_is_explicit(shift):
    """A unit that says it is on radio is still bound, and a warning says so, until someone says that it leaves."""
    shift.run(AssignUnits("i", ["E2"]))
    [reported] = shift.run(ReportStatus("E2", "AR"))
    assert reported.assignment_left_open
    assert not shift.state.units["E2"].available
    shift.run(ReleaseUnit("i", "E2"))
    assert shift.state.units["E2"].available


def test_a_corrected_time_counts_and_the_wrong_one_is_kept(shift):
    """The true time replaces the stamp; what stood there stays beside it, with the reason."""
    shift.run(AssignUnits("i", ["E2"]))
    shift.run(ReportStatus("E2", "ONS"))
    was = shift.state.incidents["i"].assignments["E2"].stamps["on_scene"]
    shift.run(CorrectTime("i", "E2", "on_scene", was - 60_000, "button pressed late"))
    assignment = shift.state.incidents["i"].assignments["E2"]
    assert assignment.stamps["on_scene"] == was - 60_000
    assert (assignment.corrections[0].was, assignment.corrections[0].reason) == (was, "button pressed late")
    assert shift.refused(CorrectTime("i", "E2", "on_scene", shift.now + 1, "x")) == "time_ahead"
    assert shift.refused(CorrectTime("i", "E2", "on scene", was, "x")) == "stamp_unknown"
    assert shift.refused(CorrectTime("i", "E2", "on_scene", was, " ")) == "reason_needed"


def test_closing_needs_a_disposition_and_nobody_left_behind(shift):
    """An incident with a unit on it cannot be closed; a closed one may be reopened under its id."""
    shift.run(AssignUnits("i", ["E2"]))
    assert shift.refused(CloseIncident("i", "done")) == "units_still_assigned"
    shift.run(ReleaseUnit("i", "E2"))
    assert shift.refused(CloseIncident("i", " ")) == "disposition_needed"
    shift.run(CloseIncident("i", "done"))
    assert shift.refused(AssignUnits("i", ["E2"])) == "incident_closed"
    shift.run(ReopenIncident("i", "smoke again"))
    shift.run(AssignUnits("i", ["E2"]))


def test_a_unit_sent_again_begins_a_new_timeline(shift):
    """Its first part in the incident is kept as it was."""
    shift.run(AssignUnits("i", ["E2"]))
    shift.run(ReportStatus("E2", "AR", leaves=True))
    shift.run(AssignUnits("i", ["E2"]))
    incident = shift.state.incidents["i"]
    assert [part.ending for part in incident.earlier] == ["cleared"]
    assert incident.assignments["E2"].sequence == 2
    assert "available" not in incident.assignments["E2"].stamps


def test_an_emergency_is_never_silently_cleared(shift):
    """No status ends it; only a named person with a reason."""
    shift.run(RaiseEmergency("E2", "button"))
    for word in Status:
        shift.run(ReportStatus("E2", word))
        assert shift.state.units["E2"].emergency_at is not None
    assert shift.refused(ClearEmergency("E2", by="", reason="fine")) == "name_and_reason_needed"
    shift.run(ClearEmergency("E2", by="J. Doe", reason="spoke on channel 2"))
    assert shift.state.units["E2"].emergency_at is None


def test_hearing_an_emergency_does_not_end_it(shift):
    """A named person acknowledges; pressed again after that, or as a MAYDAY, it waits to be heard again."""
    assert shift.refused(AcknowledgeEmergency("E2", "J. Doe")) == "no_emergency"
    shift.run(ReportStatus("E2", "AR", x=10, y=20))
    shift.run(RaiseEmergency("E2", "button"))
    emergency = shift.state.units["E2"].emergency
    assert (emergency.how, emergency.mayday, emergency.x, emergency.y) == ("button", False, 10, 20)
    assert shift.refused(AcknowledgeEmergency("E2", " ")) == "name_needed"
    shift.run(AcknowledgeEmergency("E2", "J. Doe"))
    assert shift.state.units["E2"].emergency.acknowledged_by == "J. Doe"
    assert shift.state.units["E2"].emergency_at is not None
    shift.run(RaiseEmergency("E2", "radio", mayday=True, x=11, y=21))
    emergency = shift.state.units["E2"].emergency
    assert (emergency.mayday, emergency.x, emergency.acknowledged_by) == (True, 11, "")


def test_work_is_never_available():
    """A status that only an assigned unit can have never says that the unit may be sent."""
    for status, meaning in MEANINGS.items():
        if "Assigned" in meaning.secondaries:
            assert meaning.primary is Primary.NOT_AVAILABLE, status


def test_the_secondaries_are_those_of_the_standard(third_party):
    """Each spelling stands in the EIDO list of NENA-STA-021.1b."""
    folder = third_party("ng911/eido/codes")
    codes = {line.split(",")[0] for line in (folder / "secondary_unit_status.csv").read_text().splitlines()}
    assert {word for meaning in MEANINGS.values() for word in meaning.secondaries} <= codes


def test_an_agency_that_says_ar_for_arrived_is_understood():
    """The agency's table decides, and a canonical code that it does not use otherwise keeps its meaning."""
    table = StatusTable({"AR": Status.ONS, "10-8": Status.AR})
    assert (table.read("ar"), table.read("10-8"), table.read("oos"), table.read("?")) == ("ONS", "AR", "OOS", None)


WORDS = st.sampled_from([*Status, "nonsense"])
COMMANDS = st.one_of(
    st.builds(ReportStatus, st.sampled_from(["E2", "M4", "X"]), WORDS, st.sampled_from(["", "i", "j"]), st.booleans()),
    st.builds(AssignUnits, st.sampled_from(["i", "j"]), st.lists(st.sampled_from(["E2", "M4", "X"]), max_size=3)),
    st.builds(
        AssignUnits,
        st.sampled_from(["i", "j"]),
        st.lists(st.sampled_from(["E2", "M4"]), max_size=2),
        st.booleans(),
        st.just("because"),
    ),
    st.builds(ReleaseUnit, st.sampled_from(["i", "j"]), st.sampled_from(["E2", "M4"])),
    st.builds(CloseIncident, st.sampled_from(["i", "j"]), st.sampled_from(["", "done"])),
    st.builds(ReopenIncident, st.sampled_from(["i", "j"]), st.just("again")),
    st.builds(OpenIncident, st.sampled_from(["i", "j"]), priority=st.integers(0, 6)),
    st.builds(EnrollUnit, st.sampled_from(["E2", "M4"]), st.sampled_from(["engine", "medic"])),
)


@given(st.lists(st.tuples(COMMANDS, st.integers(-HOUR, 0)), max_size=30))
def test_whatever_is_asked_in_whatever_order(asked):
    """Each command ends in events or in a rejection with a code, never an exception, and the invariants hold."""
    from .conftest import Desk

    desk = Desk()
    for command, late in asked:
        outcome = desk.ask(command, desk.now + late)
        assert outcome.accepted or outcome.rejection.code != "domain_suspended", outcome
