"""BOLO: who has it is known for each. Each test states one fact."""

import pytest
from tests.dispatch.live_desk import DAY, HOUR, LiveDesk

from redstick.dispatch.alerting.paths import Step
from redstick.dispatch.rules.assignments import AssignUnits
from redstick.dispatch.rules.bolos import (
    BoloFiled,
    BoloSent,
    CancelBolo,
    ExpireBolo,
    IssueBolo,
    ReportBoloHeard,
    standing,
)
from redstick.dispatch.rules.incidents import OpenIncident
from redstick.dispatch.rules.units import EnrollUnit, ReportStatus


@pytest.fixture
def desk():
    """P1 on duty, P2 off; a grey van is sought for six hours."""
    desk = LiveDesk()
    desk.run(EnrollUnit("P1"), ReportStatus("P1", "AR"), EnrollUnit("P2"))
    desk.run(IssueBolo("b", "grey van, driver armed", "Ana", desk.now + 6 * HOUR, vehicle="ABC 123", area=["north"]))
    return desk


def told(desk, unit="P1"):
    """What a unit has of it."""
    return desk.state.bolos["b"].told[unit]


def test_it_goes_to_who_is_on_duty_and_sent_is_not_heard(desk):
    """Sent, delivered and read are three things, each once, in whatever order they are told."""
    assert list(desk.state.bolos["b"].told) == ["P1"]
    assert standing(told(desk).receipts) is Step.SENT
    desk.run(ReportBoloHeard("b", "P1", Step.READ), ReportBoloHeard("b", "P1", Step.DELIVERED))
    desk.run(ReportBoloHeard("b", "P1", Step.READ))
    assert standing(told(desk).receipts) is Step.READ
    assert [receipt.step for receipt in told(desk).receipts] == [Step.SENT, Step.READ, Step.DELIVERED]


def test_who_signs_on_receives_what_is_live_once(desk):
    """However often it reports afterwards."""
    desk.run(ReportStatus("P2", "log"), ReportStatus("P2", "AR"), ReportStatus("P2", "MEAL"))
    assert standing(told(desk, "P2").receipts) is Step.SENT
    assert [event.recipients for event in desk.happened(BoloSent)] == [["P1"], ["P2"]]


def test_a_unit_that_was_sent_while_it_is_off_duty_is_told_nothing(desk):
    """Being sent signs nobody on: it receives what is live once it reports that it is at work."""
    desk.run(OpenIncident("i"), AssignUnits("i", ["P2"], despite="nobody nearer"))
    desk.run(IssueBolo("later", "red car", "Ana", desk.now + HOUR))
    assert not desk.state.units["P2"].on_duty
    assert "P2" not in desk.state.bolos["later"].told
    desk.run(ReportStatus("P2", "ENR"))
    assert desk.state.units["P2"].on_duty
    assert "P2" in desk.state.bolos["later"].told


def test_it_expires_at_its_time(desk):
    """It leaves the live state, not a millisecond early; who signs on then learns nothing of it."""
    desk.wait(6 * HOUR - 1)
    assert "b" in desk.state.bolos
    desk.wait(1)
    assert desk.state.bolos == {}
    assert desk.happened(BoloFiled)[0].expired
    desk.run(ReportStatus("P2", "log"))
    assert len(desk.happened(BoloSent)) == 1


def test_a_cancel_goes_to_everyone_who_had_it_with_receipts_of_its_own(desk):
    """That somebody read the BOLO does not say that they read its cancel."""
    desk.run(ReportBoloHeard("b", "P1", Step.READ))
    assert desk.refused(CancelBolo("b", "Ana", " ")) == "name_and_reason_needed"
    assert desk.refused(ReportBoloHeard("b", "P1", Step.READ, cancel=True)) == "recipient_unknown"
    desk.run(CancelBolo("b", "Ana", "stopped in Zachary"))
    assert standing(told(desk).cancel_receipts) is Step.SENT
    desk.run(ReportBoloHeard("b", "P1", Step.READ, cancel=True))
    assert standing(told(desk).cancel_receipts) is Step.READ
    assert desk.refused(CancelBolo("b", "Ana", "again")) == "bolo_over"
    desk.run(ReportStatus("P2", "log"))
    assert "P2" not in desk.state.bolos["b"].told
    desk.wait(DAY)
    assert desk.state.bolos == {}


def test_what_cannot_be_meant_is_refused(desk):
    """No text, no name, no time ahead, an id twice; receipts of nobody or of a step that nobody reports."""
    later = desk.now + HOUR
    assert desk.refused(IssueBolo("b", "x", "Ana", later)) == "bolo_known"
    assert desk.refused(IssueBolo("n", " ", "Ana", later)) == "text_needed"
    assert desk.refused(IssueBolo("n", "x" * 4_001, "Ana", later)) == "text_too_long"
    assert desk.refused(IssueBolo("n", "x", " ", later)) == "name_needed"
    assert desk.refused(IssueBolo("n", "x", "Ana", desk.now)) == "expiry_needed"
    assert desk.refused(ReportBoloHeard("n", "P1", Step.READ)) == "bolo_unknown"
    assert desk.refused(ReportBoloHeard("b", "P9", Step.READ)) == "recipient_unknown"
    assert desk.refused(ReportBoloHeard("b", "P1", Step.ACCEPTED)) == "step_unknown"
    assert desk.refused(ExpireBolo("b")) == "not_permitted"
