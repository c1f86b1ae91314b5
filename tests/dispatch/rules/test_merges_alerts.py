"""Alerts and device reports across a merge: nobody drives to an address that is not the one, unheard or unheard of."""

import pytest
from tests.dispatch.live_desk import MINUTE, LiveDesk

from redstick.dispatch.alerting.chase import Purpose, Standing
from redstick.dispatch.place import Place
from redstick.dispatch.rules.assignments import AssignUnits
from redstick.dispatch.rules.incidents import OpenIncident
from redstick.dispatch.rules.links import MergeIncidents, SplitIncident
from redstick.dispatch.rules.recipients import EnrollRecipient
from redstick.dispatch.rules.units import EnrollUnit, ReportStatus
from redstick.dispatch.rules.warnings import What
from redstick.dispatch.timers.work import TRAVEL_MS

from .test_alerts import PAGER, STATION, silence


@pytest.fixture
def desk():
    """A fire, and the same fire at another corner, to which Engine 2 is sent; its station has not answered."""
    desk = LiveDesk()
    desk.run(EnrollUnit("E2", "engine"), ReportStatus("E2", "AQ"))
    desk.run(EnrollRecipient("station 2", "E2", [STATION, PAGER]))
    desk.run(OpenIncident("i", place=Place("1 Main St")), OpenIncident("j", place=Place("2 Main St")))
    desk.run(AssignUnits("j", ["E2"]))
    return desk


def alerts(desk, incident):
    """How the alerts of an incident stand."""
    return [alert.standing for alert in desk.state.incidents[incident].alerts.values()]


def test_an_alert_that_nobody_has_proven_is_raised_anew_for_where_the_unit_goes(desk):
    """With the address that holds now; the old one is chased no more, and silence still ends with a person."""
    desk.run(MergeIncidents("i", "j"))
    assert (alerts(desk, "j"), alerts(desk, "i")) == ([Standing.ENDED], [Standing.TRYING])
    [alert] = desk.state.incidents["i"].alerts.values()
    assert "1 Main St" in alert.text
    silence(desk)
    assert alerts(desk, "i") == [Standing.TO_VOICE]
    desk.run(SplitIncident("i", "j", "two fires"))
    assert (alerts(desk, "i"), alerts(desk, "j")) == ([Standing.ENDED], [Standing.TRYING])
    silence(desk)
    assert alerts(desk, "j") == [Standing.TO_VOICE]


def test_a_unit_that_drives_is_not_dispatched_again(desk):
    """It knows that it is to come; only that the address is another now is new to it."""
    desk.run(ReportStatus("E2", "ENR"))
    desk.run(MergeIncidents("i", "j"))
    assert [alert.purpose for alert in desk.state.incidents["i"].alerts.values()] == [Purpose.FACTS]


def test_a_drive_that_takes_too_long_is_warned_of_where_it_goes(desk):
    """The clocks of the unit go over with it; what it had done before the merge warns nobody."""
    desk.run(ReportStatus("E2", "ENR"))
    desk.run(MergeIncidents("i", "j"))
    desk.wait(TRAVEL_MS)
    told = [(one.what, one.incident) for one in desk.state.warnings.values() if one.unit == "E2"]
    assert told == [(What.TRAVEL, "i")]


def test_what_a_split_leaves_behind_is_pending_again(desk):
    """The incident that is left without the unit is watched, and found waiting."""
    desk.run(MergeIncidents("i", "j"))
    desk.wait(60 * MINUTE)
    assert "pending" not in desk.state.incidents["i"].overdue
    desk.run(SplitIncident("i", "j", "two fires"))
    desk.wait(MINUTE)
    assert "pending" in desk.state.incidents["i"].overdue


def test_a_device_that_has_not_heard_of_the_merge_is_believed(desk):
    """It reports for the incident that it was sent to; the time stands with the one that goes on."""
    desk.run(MergeIncidents("i", "j"))
    desk.run(OpenIncident("k"), MergeIncidents("k", "i"))
    desk.run(ReportStatus("E2", "ENR", "j"))
    assert "en_route" in desk.state.incidents["k"].assignments["E2"].stamps
