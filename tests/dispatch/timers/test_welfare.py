"""Rounds of accountability, checks on stops, emergencies, shifts: each test states one fact."""

from redstick.dispatch.rules.accountability import (
    AnswerRoll,
    EndAccountability,
    RollClosed,
    RollOpened,
    StartAccountability,
)
from redstick.dispatch.rules.assignments import AssignUnits, ReleaseUnit
from redstick.dispatch.rules.incidents import RaiseAlarm
from redstick.dispatch.rules.shifts import BeginShift, EndShift
from redstick.dispatch.rules.stops import AskStatus, ConfirmStatus, EndStop, MakeStop, StatusAsked, StopEnded
from redstick.dispatch.rules.units import AcknowledgeEmergency, RaiseEmergency, ReportStatus
from redstick.dispatch.rules.warnings import AcknowledgeWarning
from redstick.dispatch.timers.welfare import ANSWER_CHECK_MS, ANSWER_ROLL_MS, CHECK_STOP_MS, HEAR_EMERGENCY_MS

EVERY_MS = 900_000


def on_scene(shift, *names):
    """Units work on incident `i`."""
    for name in names:
        shift.run(AssignUnits("i", [name]), ReportStatus(name, "ENR"), ReportStatus(name, "ONS"))
    return shift


def test_a_second_alarm_starts_accountability(shift):
    """Whoever is on scene is asked at once, and again at every interval."""
    on_scene(shift, "E2", "E3")
    shift.run(RaiseAlarm("i", 2))
    assert shift.state.rolls["i"].waiting == ["E2", "E3"]
    for unit in ("E2", "E3"):
        shift.run(AnswerRoll("i", unit, 4, "Capt. Doe"))
    assert [one.missing for one in shift.happened(RollClosed)] == [[]]
    shift.wait(EVERY_MS)
    assert [one.round for one in shift.happened(RollOpened)] == [1, 2]


def test_who_does_not_answer_is_named_and_a_late_answer_counts(shift):
    """An alarm for each missing unit, until it answers."""
    on_scene(shift, "E2", "E3")
    shift.run(StartAccountability("i"), AnswerRoll("i", "E2", 4, "Capt. Doe"))
    shift.wait(ANSWER_ROLL_MS)
    assert shift.happened(RollClosed)[-1].missing == ["E3"]
    assert shift.open_warnings() == [("roll_call", "alarm", "E3")]
    assert shift.refused(EndAccountability("i", "J. Doe")) == "units_missing"
    shift.run(AnswerRoll("i", "E3", 4, "Lt. Roe"))
    assert shift.open_warnings() == []
    shift.run(EndAccountability("i", "J. Doe"))
    shift.wait(10 * EVERY_MS)
    assert len(shift.happened(RollOpened)) == 1


def test_missing_stays_missing_over_the_rounds(shift):
    """A new round does not forget who did not answer the last one, though the unit was released."""
    on_scene(shift, "E2")
    shift.run(StartAccountability("i"))
    shift.wait(ANSWER_ROLL_MS)
    shift.run(ReleaseUnit("i", "E2"))
    shift.wait(3 * EVERY_MS)
    assert shift.state.rolls["i"].missing == ["E2"]
    assert ("roll_call", "alarm", "E2") in shift.open_warnings()


def test_fewer_people_than_ride_on_the_unit_is_an_alarm(shift):
    """Three of four answered: one is missing, though the unit spoke."""
    shift.run(BeginShift("day", "E2", "engine 1043", ["Ann", "Bo", "Cy", "Di"]))
    on_scene(shift, "E2", "E3")
    shift.run(StartAccountability("i"), AnswerRoll("i", "E2", 3, "Capt. Doe"))
    assert shift.open_warnings() == [("roll_call", "alarm", "E2")]
    shift.run(AnswerRoll("i", "E3", 4, "Lt. Roe"))
    assert shift.happened(RollClosed)[-1].missing == ["E2"]
    shift.run(AnswerRoll("i", "E2", 4, "Capt. Doe"))
    assert shift.open_warnings() == []


def test_an_interval_that_helps_nobody_is_refused(shift):
    """And so is an answer of a unit that was not asked, or without a name."""
    on_scene(shift, "E2")
    assert shift.refused(StartAccountability("i", 5)) == "interval_out_of_range"
    assert shift.refused(AnswerRoll("i", "E2", 4, "x")) == "accountability_not_started"
    shift.run(StartAccountability("i"))
    assert shift.refused(AnswerRoll("i", "E3", 4, "x")) == "unit_not_asked"
    assert shift.refused(AnswerRoll("i", "E2", -1, "x")) == "persons_impossible"
    assert shift.refused(AnswerRoll("i", "E2", 4, "")) == "name_needed"


def test_a_stop_is_one_line_and_is_asked_after(shift):
    """Unit, place, plate; from then on it is checked at intervals, each after the answer to the last."""
    shift.run(MakeStop("P7", "Main & 4th", "abc 123"))
    unit = shift.state.units["P7"]
    assert (unit.status, "TrafficStop" in unit.secondaries) == ("SELF", True)
    assert shift.state.stops["P7"].plate == "ABC 123"
    for check in (1, 2):
        shift.wait(CHECK_STOP_MS)
        assert [one.check for one in shift.happened(StatusAsked)][-1] == check
        shift.run(ConfirmStatus("P7", "Ofc. Roe"))
    assert shift.raised() == []


def test_no_answer_to_a_status_check_is_an_alarm(shift):
    """At once as loud as it gets; an answer ends it."""
    shift.run(MakeStop("P7", "Main & 4th"))
    shift.wait(CHECK_STOP_MS + ANSWER_CHECK_MS - 1)
    assert shift.raised() == []
    shift.wait(1)
    assert shift.open_warnings() == [("status_check", "alarm", "P7")]
    shift.run(ConfirmStatus("P7", "Ofc. Roe"))
    assert shift.open_warnings() == []


def test_a_stop_ends_when_the_unit_says_that_it_does_something_else(shift):
    """No check is asked of a unit that is back in service; and TrafficStop stands no more beside its status."""
    shift.run(MakeStop("P7", "Main & 4th"), ReportStatus("P7", "AR"))
    assert [one.how for one in shift.happened(StopEnded)] == ["status AR"]
    assert shift.state.units["P7"].added == []
    shift.wait(10 * CHECK_STOP_MS)
    assert shift.happened(StatusAsked) == []
    assert shift.refused(ConfirmStatus("P7", "x")) == "no_stop"
    assert shift.refused(EndStop("P7", "x")) == "no_stop"
    assert shift.refused(AskStatus("P7")) == "no_stop"


def test_a_stop_that_makes_no_sense_is_refused(shift):
    """No place, no such unit, on a stop already, or at work on an incident."""
    assert shift.refused(MakeStop("P7", " ")) == "place_needed"
    assert shift.refused(MakeStop("X", "Main")) == "unit_unknown"
    shift.run(MakeStop("P7", "Main"))
    assert shift.refused(MakeStop("P7", "Main")) == "stop_stands"
    shift.run(AssignUnits("i", ["E2"]))
    assert shift.refused(MakeStop("E2", "Main")) == "unit_assigned"


def test_an_emergency_nobody_hears_is_an_alarm(shift):
    """Heard by name, it is not; hearing it does not end the emergency, and acknowledging the alarm is no hearing."""
    shift.run(RaiseEmergency("P7", "button"))
    shift.wait(HEAR_EMERGENCY_MS)
    assert shift.open_warnings() == [("emergency", "alarm", "P7")]
    shift.run(AcknowledgeWarning("warning/emergency/P7", "J. Doe"))
    assert shift.open_warnings() == [("emergency", "alarm", "P7")]
    shift.run(AcknowledgeEmergency("P7", "J. Doe"))
    assert shift.open_warnings() == []
    assert shift.state.units["P7"].emergency_at is not None


def test_a_shift_that_should_be_over_is_warned_of(shift):
    """Until it ends."""
    shift.run(BeginShift("day", "E2", "engine 1043", ["Ann"], shift.now + EVERY_MS))
    shift.wait(EVERY_MS)
    assert shift.open_warnings() == [("shift", "warn", "E2")]
    shift.run(EndShift("day"))
    assert shift.open_warnings() == []
