"""Move-ups: each test states one fact."""

import pytest

from redstick.dispatch.rules.assignments import AssignUnits
from redstick.dispatch.rules.incidents import OpenIncident
from redstick.dispatch.rules.moveups import QUIET_AFTER_DECLINE_MS, DeclineMoveUp, OrderMoveUp, SuggestMoveUp
from redstick.dispatch.rules.units import EnrollUnit, ReportStatus
from redstick.kernel.system import NothingChanged

MOVE = SuggestMoveUp("E2", "station 7", late_milli=900, late_if_moved_milli=600, travel_s=240, snapshot="s1")


@pytest.fixture
def idle(desk):
    """Engine 2 in quarters."""
    desk.run(EnrollUnit("E2"))
    desk.run(ReportStatus("E2", "AQ"))
    return desk


def test_a_suggestion_says_what_it_costs_not_to_move(idle):
    """Late calls an hour as units stand, and after the move; said again it is no news."""
    idle.run(MOVE)
    kept = idle.state.moveups["E2"]
    assert (kept.late_milli - kept.late_if_moved_milli, kept.post, kept.ordered_by) == (300, "station 7", "")
    assert isinstance(*idle.run(MOVE), NothingChanged)


def test_what_has_changed_since_the_snapshot_is_refused(idle):
    """The unit was sent meanwhile; or nothing would be gained; or nobody knows it."""
    assert idle.refused(SuggestMoveUp("X", "p", 2, 1, 0)) == "unit_unknown"
    assert idle.refused(SuggestMoveUp("E2", "p", 2, 2, 0)) == "nothing_gained"
    idle.run(OpenIncident("i"))
    idle.run(AssignUnits("i", ["E2"]))
    assert idle.refused(MOVE) == "unit_not_idle"
    assert idle.refused(OrderMoveUp("E2", "station 7", "J. Doe")) == "unit_not_idle"


def test_a_person_orders_by_name(idle):
    """What was suggested needs no reason, what was not does; the unit says itself when it moves."""
    idle.run(MOVE)
    assert idle.refused(OrderMoveUp("E2", "station 7", "")) == "name_needed"
    assert idle.refused(OrderMoveUp("E2", "", "J. Doe")) == "post_needed"
    assert idle.refused(OrderMoveUp("E2", "station 9", "J. Doe")) == "reason_needed"
    idle.run(OrderMoveUp("E2", "station 7", "J. Doe"))
    assert idle.state.moveups["E2"].ordered_by == "J. Doe"
    assert idle.state.units["E2"].status == "AQ"
    idle.run(OrderMoveUp("E2", "station 9", "J. Doe", "parade"))
    assert idle.state.moveups["E2"].post == "station 9"


def test_a_declined_move_is_not_suggested_again_at_once(idle):
    """By name and with a reason; after half an hour it may be."""
    assert idle.refused(DeclineMoveUp("E2", "J. Doe", "crew at drill")) == "no_suggestion"
    idle.run(MOVE)
    assert idle.refused(DeclineMoveUp("E2", "J. Doe", " ")) == "name_and_reason_needed"
    idle.run(DeclineMoveUp("E2", "J. Doe", "crew at drill"))
    assert idle.refused(MOVE) == "declined_lately"
    idle.now += QUIET_AFTER_DECLINE_MS
    idle.run(MOVE)
