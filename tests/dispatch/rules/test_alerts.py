"""Alerts: proof or a voice, never silence. Each test states one fact."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.dispatch.live_desk import HOUR, MINUTE, SECOND, LiveDesk

from redstick.dispatch.alerting.chase import Purpose, Standing
from redstick.dispatch.alerting.paths import REPORTED, Path, PathKind, Step
from redstick.dispatch.invariants import broken
from redstick.dispatch.place import Place
from redstick.dispatch.rules.alerts import (
    AlertQueued,
    AlertSettled,
    EscalateAlert,
    RaiseAlerts,
    ReportReceipt,
    ReportVoiced,
    TakeVoice,
    VoiceNeeded,
)
from redstick.dispatch.rules.assignments import AssignUnits, ReleaseUnit
from redstick.dispatch.rules.incidents import CloseIncident, OpenIncident
from redstick.dispatch.rules.recipients import EnrollRecipient, RemoveRecipient
from redstick.dispatch.rules.retirement import RETIRE_AFTER_MS
from redstick.dispatch.rules.units import EnrollUnit, ReportStatus
from redstick.dispatch.timers.alerting import REMIND_AFTER_MS

STATION = Path(PathKind.STATION, "2", wait_ms=10 * SECOND)
PAGER = Path(PathKind.PAGER, "4711", Step.ACCEPTED, 20 * SECOND)
RADIO = Path(PathKind.RADIO, "FIRE 1")


@pytest.fixture
def desk():
    """Engine 2 in quarters, its station and pagers known; Engine 3 off duty; a fire waits."""
    desk = LiveDesk()
    desk.run(
        EnrollUnit("E2", "engine"), ReportStatus("E2", "log"), ReportStatus("E2", "AQ"), EnrollUnit("E3", "engine")
    )
    desk.run(EnrollRecipient("station 2", "E2", [STATION, PAGER, RADIO]))
    desk.run(OpenIncident("i", "26-1", "structure fire", priority=1, place=Place("1201 Main St, rear")))
    return desk


def only(desk, purpose=Purpose.DISPATCH):
    """The one alert of a purpose."""
    [alert] = [alert for alert in desk.state.incidents["i"].alerts.values() if alert.purpose is purpose]
    return alert


def receipt(desk, step, alert=None, place=-1):
    """A provider's word about an attempt."""
    alert = alert or only(desk)
    desk.run(ReportReceipt("i", alert.id, alert.attempts[place].key, step, "as the device said"))


def silence(desk):
    """Nobody answers on any path."""
    desk.wait(STATION.wait_ms)
    desk.wait(PAGER.wait_ms)


def test_a_unit_that_is_sent_is_alerted_on_its_first_path(desk):
    """With what was entered as the address, word for word."""
    desk.run(AssignUnits("i", ["E2"]))
    alert = only(desk)
    assert [attempt.path for attempt in alert.attempts] == [STATION]
    assert "1201 Main St, rear" in alert.text


def test_sent_is_never_alerted(desk):
    """A hand-over proves nothing; the station's own receipt does."""
    desk.run(AssignUnits("i", ["E2"]))
    receipt(desk, Step.SENT)
    assert only(desk).standing is Standing.TRYING
    receipt(desk, Step.DELIVERED)
    assert only(desk).standing is Standing.ALERTED
    assert "as the device said" in only(desk).evidence


def test_sent_cannot_be_declared_to_be_proof(desk):
    """A path whose proof would be its own hand-over is refused."""
    assert desk.refused(EnrollRecipient("x", "E2", [Path(PathKind.EMAIL, "a@b.example", Step.SENT)])) == "proof_unknown"


def test_silence_goes_down_the_paths_and_then_to_a_person(desk):
    """Station, pager, then a task; each at its own time and not a millisecond before."""
    desk.run(AssignUnits("i", ["E2"]))
    desk.wait(STATION.wait_ms - 1)
    assert len(only(desk).attempts) == 1
    desk.wait(1)
    assert [attempt.path for attempt in only(desk).attempts] == [STATION, PAGER]
    receipt(desk, Step.READ)  # this path needs more
    desk.wait(PAGER.wait_ms)
    assert only(desk).standing is Standing.TO_VOICE


def test_a_path_that_says_it_cannot_is_left_at_once(desk):
    """Nobody waits for a failure to be silent."""
    desk.run(AssignUnits("i", ["E2"]))
    receipt(desk, Step.FAILED)
    assert [attempt.path for attempt in only(desk).attempts] == [STATION, PAGER]


def test_a_late_receipt_of_an_earlier_path_is_proof(desk):
    """Whichever path it was, the recipient has it."""
    desk.run(AssignUnits("i", ["E2"]))
    desk.wait(STATION.wait_ms)
    receipt(desk, Step.DELIVERED, place=0)
    assert only(desk).standing is Standing.ALERTED


def test_to_voice_is_taken_by_name_and_done_with_evidence(desk):
    """Nobody voices in another's name, and without a word of how it is known it is not done."""
    desk.run(AssignUnits("i", ["E2"]))
    silence(desk)
    name = only(desk).id
    assert desk.refused(ReportVoiced("i", name, "Ana", "on FIRE 1")) == "not_taken"
    assert desk.refused(TakeVoice("i", name, " ")) == "name_needed"
    desk.run(TakeVoice("i", name, "Ana"))
    assert desk.refused(ReportVoiced("i", name, "Ben", "on FIRE 1")) == "not_taken"
    assert desk.refused(ReportVoiced("i", name, "Ana", " ")) == "evidence_needed"
    desk.run(ReportVoiced("i", name, "Ana", "E2 answered on FIRE 1"))
    assert (only(desk).standing, only(desk).evidence) == (Standing.VOICED, "Ana: E2 answered on FIRE 1")


def test_a_person_is_reminded_until_it_is_voiced(desk):
    """The task is said again each minute, taken or not."""
    desk.run(AssignUnits("i", ["E2"]))
    silence(desk)
    desk.wait(REMIND_AFTER_MS)
    desk.run(TakeVoice("i", only(desk).id, "Ana"))
    desk.wait(REMIND_AFTER_MS)
    assert [event.times for event in desk.happened(VoiceNeeded)] == [1, 2, 3]
    assert only(desk).taken_by == "Ana"
    desk.run(ReportVoiced("i", only(desk).id, "Ana", "answered"))
    desk.wait(HOUR)
    assert len(desk.happened(VoiceNeeded)) == 3


def test_who_declines_is_given_to_a_person_even_after_the_alert(desk):
    """Another unit may be needed."""
    desk.run(AssignUnits("i", ["E2"]))
    receipt(desk, Step.DELIVERED)
    receipt(desk, Step.DECLINED)
    assert (only(desk).standing, only(desk).evidence) == (Standing.TO_VOICE, "declined")
    receipt(desk, Step.ACCEPTED)
    assert only(desk).standing is Standing.TO_VOICE


def test_a_unit_that_drives_knows(desk):
    """En route by radio is proof, and is written down as such."""
    desk.run(AssignUnits("i", ["E2"]))
    desk.run(ReportStatus("E2", "ENR"))
    assert (only(desk).standing, only(desk).evidence) == (Standing.ALERTED, "status ENR")


def test_a_cancelled_unit_is_chased_until_it_is_known_to_have_received(desk):
    """A cancel goes the same way as a dispatch: paths, silence, a person; the dispatch itself is chased no more."""
    desk.run(AssignUnits("i", ["E2"]))
    desk.run(ReleaseUnit("i", "E2", "cancelled"))
    assert only(desk).standing is Standing.ENDED
    cancel = only(desk, Purpose.CANCEL)
    assert cancel.text.startswith("CANCEL ")
    receipt(desk, Step.SENT, cancel)
    silence(desk)
    assert only(desk, Purpose.CANCEL).standing is Standing.TO_VOICE
    desk.run(CloseIncident("i", "called off", cancelled=True))
    desk.wait(RETIRE_AFTER_MS)
    desk.wait(MINUTE)
    assert "i" in desk.state.incidents  # it does not retire: a cancel that nobody confirmed is not forgotten
    desk.run(TakeVoice("i", cancel.id, "Ana"), ReportVoiced("i", cancel.id, "Ana", "answered on FIRE 1"))
    assert desk.happened(AlertSettled)[-1].standing is Standing.VOICED
    assert desk.state.incidents == {}  # its time had come


def test_a_cancelled_unit_that_says_so_has_received(desk):
    """Its own word is proof."""
    desk.run(AssignUnits("i", ["E2"]), ReleaseUnit("i", "E2", "cancelled"), ReportStatus("E2", "CAN"))
    assert only(desk, Purpose.CANCEL).standing is Standing.ALERTED


def test_a_unit_that_is_cleared_or_withdrawn_is_not_called_back(desk):
    """It knew, or was never told."""
    desk.run(AssignUnits("i", ["E2"], alerted=False))
    desk.run(ReleaseUnit("i", "E2", "withdrawn"))
    assert desk.state.incidents["i"].alerts == {}
    desk.run(AssignUnits("i", ["E2"]), ReleaseUnit("i", "E2", "cleared"))
    assert {alert.purpose for alert in desk.state.incidents["i"].alerts.values()} == {Purpose.DISPATCH}


def test_a_unit_sent_again_after_a_cancel_is_told_the_latest(desk):
    """The cancel is chased no more; the new dispatch is an alert of its own."""
    desk.run(AssignUnits("i", ["E2"]), ReleaseUnit("i", "E2", "cancelled"), AssignUnits("i", ["E2"]))
    standings = [(alert.purpose, alert.sequence, alert.standing) for alert in desk.state.incidents["i"].alerts.values()]
    assert standings == [
        (Purpose.DISPATCH, 1, Standing.ENDED),
        (Purpose.CANCEL, 1, Standing.ENDED),
        (Purpose.DISPATCH, 2, Standing.TRYING),
    ]


def test_assigned_alone_alerts_nobody_and_the_step_to_alerted_does(desk):
    """A unit may be held for an incident first."""
    desk.run(AssignUnits("i", ["E2"], alerted=False))
    assert desk.state.incidents["i"].alerts == {}
    desk.run(ReportStatus("E2", "DSP"))
    assert only(desk).standing is Standing.TRYING


def test_a_city_without_recipients_works_by_radio_alone(desk):
    """No alert is raised until the first recipient is enrolled; from then on nobody is left out."""
    desk.run(RemoveRecipient("station 2"), AssignUnits("i", ["E2"]))
    assert desk.state.incidents["i"].alerts == {}


def test_a_unit_of_which_nothing_is_known_is_given_to_a_person(desk):
    """On duty is always alerted: where there is no path, by voice."""
    desk.run(EnrollUnit("M4", "medic"), ReportStatus("M4", "AR"), AssignUnits("i", ["M4"]))
    assert (only(desk).standing, only(desk).evidence) == (Standing.TO_VOICE, "no_path")


def test_off_duty_is_never_alerted_and_the_dispatcher_sees_it(desk):
    """A unit that was sent off duty, by override, is not woken by a machine; its cancel has nobody to reach."""
    desk.run(EnrollRecipient("crew of 3", "E3", [STATION]))
    desk.run(AssignUnits("i", ["E3"], despite="the chief has called them in"))
    assert (only(desk).standing, only(desk).evidence, only(desk).attempts) == (Standing.WITHHELD, "off_duty", [])
    desk.run(ReleaseUnit("i", "E3", "cancelled"))
    assert Purpose.CANCEL not in {alert.purpose for alert in desk.state.incidents["i"].alerts.values()}


def test_who_signs_on_while_sent_is_alerted_after_all(desk):
    """On duty always, from the moment that it is so."""
    desk.run(EnrollRecipient("crew of 3", "E3", [STATION]))
    desk.run(AssignUnits("i", ["E3"], despite="the chief has called them in"), ReportStatus("E3", "log"))
    assert only(desk).standing is Standing.TRYING


def test_who_goes_off_duty_is_not_tried_further(desk):
    """The next path is not used, and no person is asked to wake them."""
    desk.run(AssignUnits("i", ["E2"]), ReportStatus("E2", "OFF"))
    desk.wait(STATION.wait_ms)
    assert (only(desk).standing, len(only(desk).attempts)) == (Standing.WITHHELD, 1)


def test_each_recipient_of_a_unit_is_alerted_for_itself(desk):
    """That the station has it says nothing of the volunteer."""
    desk.run(EnrollRecipient("volunteer 7", "E2", [PAGER]), AssignUnits("i", ["E2"]))
    station, volunteer = desk.state.incidents["i"].alerts.values()
    receipt(desk, Step.DELIVERED, station)
    assert (station.standing, volunteer.standing) == (Standing.ALERTED, Standing.TRYING)


def test_what_cannot_be_read_is_refused(desk):
    """Unknown alert, attempt, unit; a path without an address or with an endless wait; a step nobody can report."""
    desk.run(AssignUnits("i", ["E2"]))
    alert = only(desk)
    assert desk.refused(ReportReceipt("i", "x", "y", Step.SENT)) == "alert_unknown"
    assert desk.refused(ReportReceipt("i", alert.id, "y", Step.SENT)) == "attempt_unknown"
    assert desk.refused(ReportReceipt("i", alert.id, alert.attempts[0].key, Step.QUEUED)) == "step_unknown"
    assert desk.refused(EnrollRecipient(" ", "E2", [])) == "recipient_unnamed"
    assert desk.refused(EnrollRecipient("x", "E9", [])) == "unit_unknown"
    assert desk.refused(EnrollRecipient("x", "E2", [Path(PathKind.PAGER, " ")])) == "path_without_address"
    assert desk.refused(EnrollRecipient("x", "E2", [Path(PathKind.PAGER, "1", wait_ms=10**9)])) == "wait_out_of_range"
    assert desk.refused(RemoveRecipient("x")) == "recipient_unknown"


def test_only_the_kernel_raises_and_escalates(desk):
    """No seat can make a machine believe that somebody was silent."""
    assert desk.refused(RaiseAlerts("i", "E2", Purpose.DISPATCH, 1)) == "not_permitted"
    assert desk.refused(EscalateAlert("i", "x", "y")) == "not_permitted"


def test_nothing_fires_twice_over_a_restart(desk):
    """Alerts, escalations and tasks are in the journal once, wherever the node was lost."""
    desk.run(AssignUnits("i", ["E2"]))
    for wait in (STATION.wait_ms - 1, 1, PAGER.wait_ms - 1, 1):
        desk.restart()
        desk.wait(wait)
        desk.restart()
    assert len(desk.happened(AlertQueued)) == 2
    assert len(desk.happened(VoiceNeeded)) == 1


STEPS = st.tuples(st.integers(0, 1), st.sampled_from(REPORTED))


@given(
    cancelled=st.booleans(),
    receipts=st.lists(st.tuples(STEPS, st.integers(0, 25 * SECOND)), max_size=12),
    restarts=st.sets(st.integers(0, 11)),
)
def test_whatever_happens_to_receipts_each_alert_ends_with_proof_or_a_person(cancelled, receipts, restarts):
    """Receipts are lost, doubled and out of order, nodes are lost: alerted only with proof, else a person is asked."""
    desk = LiveDesk()
    desk.run(EnrollUnit("E2"), ReportStatus("E2", "AQ"), EnrollRecipient("station 2", "E2", [STATION, PAGER, RADIO]))
    desk.run(OpenIncident("i"), AssignUnits("i", ["E2"]))
    purpose = Purpose.CANCEL if cancelled else Purpose.DISPATCH
    if cancelled:
        desk.run(ReleaseUnit("i", "E2", "cancelled"))
    for number, ((place, step), wait) in enumerate(receipts):
        attempts = only(desk, purpose).attempts
        if place < len(attempts):
            for _ in range(2):  # every receipt comes twice
                desk.run(ReportReceipt("i", only(desk, purpose).id, attempts[place].key, step))
        desk.wait(wait)
        if number in restarts:
            desk.restart()
    silence(desk)
    alert = only(desk, purpose)
    proven = any(attempt.proven for attempt in alert.attempts)
    if alert.standing is Standing.ALERTED:
        assert proven
    else:
        assert alert.standing is Standing.TO_VOICE
        assert not proven or (alert.declined and not cancelled)
        desk.run(TakeVoice("i", alert.id, "Ana"), ReportVoiced("i", alert.id, "Ana", "answered"))
    assert not only(desk, purpose).chased
    assert {event.standing for event in desk.happened(AlertSettled)} <= {*Standing} - {Standing.WITHHELD}


def test_alerted_without_proof_is_a_breach(desk):
    """The invariant sees it planted: a standing that no receipt bears out, and a chase that waits for nothing."""
    desk.run(AssignUnits("i", ["E2"]))
    alert = only(desk)
    assert list(broken(desk.state)) == []
    alert.standing = Standing.ALERTED
    assert list(broken(desk.state)) == [f"alert {alert.id} counts as alerted without proof"]
    alert.standing, alert.attempts = Standing.TRYING, []
    assert list(broken(desk.state)) == [f"alert {alert.id} waits for no path"]
