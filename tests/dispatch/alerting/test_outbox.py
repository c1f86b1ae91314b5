"""The outbox: at least once, under one key, and never after the alert went on."""

import pytest
from tests.dispatch.live_desk import SECOND, LiveDesk

from redstick.dispatch.alerting.outbox import AGAIN_MS, Outbox
from redstick.dispatch.alerting.paths import Path, PathKind, Step
from redstick.dispatch.ports import Handed
from redstick.dispatch.rules.assignments import AssignUnits
from redstick.dispatch.rules.incidents import OpenIncident
from redstick.dispatch.rules.recipients import EnrollRecipient
from redstick.dispatch.rules.units import EnrollUnit, ReportStatus

PAGER = Path(PathKind.PAGER, "4711", wait_ms=30 * SECOND)
MAIL = Path(PathKind.EMAIL, "e2@city.example", wait_ms=30 * SECOND)


@pytest.fixture
def desk():
    """Engine 2 is sent; its pager waits, its mail behind it. `desk.outbox` has heard everything."""
    desk = LiveDesk()
    desk.outbox = Outbox()
    desk.driver.listen(
        lambda facts: desk.outbox.note(desk.driver.executor.committed, [fact.event for fact in facts], desk.now)
    )
    desk.run(EnrollUnit("E2"), ReportStatus("E2", "AQ"), EnrollRecipient("crew", "E2", [PAGER, MAIL]))
    desk.run(OpenIncident("i"), AssignUnits("i", ["E2"]))
    return desk


def test_what_is_queued_is_taken_once_while_it_is_in_hand(desk):
    """Two hands never hold the same message."""
    [message] = desk.outbox.take(desk.now)
    assert (message.kind, message.address) == (PathKind.PAGER, "4711")
    assert desk.outbox.take(desk.now) == []
    assert desk.outbox.next_at() is None


def test_the_report_has_one_id_however_often_it_is_made(desk):
    """Telling it twice is telling it once: the second is answered from memory and writes nothing."""
    [message] = desk.outbox.take(desk.now)
    reports = [desk.outbox.handed(message, Handed(Step.SENT, "ok"), desk.now) for _ in range(2)]
    before = desk.journal.head().position
    desk.driver.run(reports, desk.now)
    assert desk.journal.head().position == before + 1
    [alert] = desk.state.incidents["i"].alerts.values()
    assert alert.attempts[0].step is Step.SENT


def test_out_of_reach_is_tried_again_after_a_pause_that_doubles(desk):
    """One, two, four seconds, under the same key."""
    [message] = desk.outbox.take(desk.now)
    for pause in (AGAIN_MS, 2 * AGAIN_MS, 4 * AGAIN_MS):
        desk.outbox.unreachable(message, desk.now)
        desk.now += pause - 1
        assert desk.outbox.take(desk.now) == []
        desk.now += 1
        assert [again.key for again in desk.outbox.take(desk.now)] == [message.key]


def test_an_alert_that_went_on_is_not_handed_over_late(desk):
    """The pager is out of reach until the next path's turn: then only the mail goes out."""
    [message] = desk.outbox.take(desk.now)
    desk.outbox.unreachable(message, desk.now)
    desk.wait(PAGER.wait_ms)
    assert [one.kind for one in desk.outbox.take(desk.now + 10**6)] == [PathKind.EMAIL]


def test_a_settled_alert_is_handed_over_no_more(desk):
    """The crew drives: nobody needs its mail."""
    desk.run(ReportStatus("E2", "ENR"))
    assert desk.outbox.take(desk.now) == []


@pytest.mark.parametrize("reported", [False, True])
def test_a_lost_node_begins_from_committed_state(desk, reported):
    """What was queued and not reported is handed over again under the same key; what was reported is not."""
    [message] = desk.outbox.take(desk.now)
    if reported:
        desk.driver.run([desk.outbox.handed(message, Handed(Step.SENT, "ok"), desk.now)], desk.now)
    desk.restart()
    fresh = Outbox()
    fresh.begin(desk.state, desk.now)
    assert [one.key for one in fresh.take(desk.now)] == ([] if reported else [message.key])
