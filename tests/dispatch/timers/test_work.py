"""What a unit that was sent should do in time: each test states one fact."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from redstick.dispatch.rules import warnings
from redstick.dispatch.rules.assignments import AssignUnits, ReleaseUnit
from redstick.dispatch.rules.incidents import OpenIncident
from redstick.dispatch.rules.links import MergeIncidents
from redstick.dispatch.rules.units import ReportStatus
from redstick.dispatch.rules.warnings import (
    BUDGET_AN_HOUR,
    AcknowledgeWarning,
    Level,
    WarningEnded,
    WarningRaised,
    What,
    alarm_budget,
    ended_by_now,
)
from redstick.dispatch.timers.escalating import ESCALATE_MS
from redstick.dispatch.timers.work import ACKNOWLEDGE_MS, TRAVEL_MS, TURNOUT_MS, WELFARE_MS, travel_ms

from .conftest import Shift, crewed


def test_an_unacknowledged_alert_is_warned_of_when_it_is_due(shift):
    """Not a millisecond early; the warning is the agency's, and ends when the unit acknowledges."""
    shift.run(AssignUnits("i", ["E2"]))
    shift.wait(ACKNOWLEDGE_MS - 1)
    assert shift.open_warnings() == []
    shift.wait(1)
    assert shift.open_warnings() == [("acknowledge", "warn", "E2")]
    assert shift.state.warnings["warning/acknowledge/i/E2"].owner == "fire"
    shift.run(ReportStatus("E2", "ACK"))
    assert shift.open_warnings() == []
    assert [one.what for one in shift.happened(WarningEnded)] == ["acknowledge"]


def test_what_happens_in_time_is_not_warned_of(shift):
    """Acknowledged, gone, arrived and back within their times: nobody is disturbed."""
    shift.run(AssignUnits("i", ["E2"]))
    for word, after in (("ACK", 30_000), ("ENR", 60_000), ("ONS", TRAVEL_MS - 1), ("AR", WELFARE_MS - 1)):
        shift.wait(after)
        shift.run(ReportStatus("E2", word, leaves=word == "AR"))
    shift.wait(24 * 3_600_000)
    assert shift.raised() == []


def test_turnout_and_travel_are_awaited_one_after_the_other(shift):
    """A unit that has not left; then, by the time that was expected when it was chosen, one that has not arrived."""
    shift.run(AssignUnits("i", ["E2"], expected_s={"E2": 240}))
    shift.wait(TURNOUT_MS)
    assert ("turnout", "warn", "E2") in shift.open_warnings()
    shift.run(ReportStatus("E2", "ENR"))
    assert shift.open_warnings() == []
    shift.wait(travel_ms(240) - 1)
    assert shift.open_warnings() == []
    shift.wait(1)
    assert shift.open_warnings() == [("travel", "warn", "E2")]
    shift.run(ReportStatus("E2", "ONS"))
    assert shift.open_warnings() == []


def test_a_unit_that_is_let_go_is_awaited_no_more(shift):
    """Cancelled before it left."""
    shift.run(AssignUnits("i", ["E2"]), ReleaseUnit("i", "E2", "cancelled"))
    shift.wait(3_600_000)
    assert shift.raised() == []


@pytest.mark.parametrize("word", ["OFF", "OOS", "CAN"])
def test_a_unit_that_is_away_while_its_work_is_open_is_missed(shift, word):
    """It fills a need and does not come: its clocks run on, and whoever sent it is told until it is let go."""
    shift.run(AssignUnits("i", ["E2"]), ReportStatus("E2", "ACK"), ReportStatus("E2", word))
    shift.wait(TURNOUT_MS)
    assert shift.open_warnings() == [("turnout", "warn", "E2")]
    shift.run(ReleaseUnit("i", "E2", "cancelled"))
    assert shift.open_warnings() == []


def test_a_unit_that_was_only_assigned_is_awaited_from_its_alert(shift):
    """It cannot acknowledge what it was not told."""
    shift.run(AssignUnits("i", ["E2"], alerted=False))
    shift.wait(3_600_000)
    assert shift.raised() == []
    shift.run(ReportStatus("E2", "DSP"))
    shift.wait(ACKNOWLEDGE_MS)
    assert shift.open_warnings() == [("acknowledge", "warn", "E2")]


def test_welfare_on_scene_is_asked_again_after_each_answer(shift):
    """All well, by name, is all well for a while."""
    shift.run(AssignUnits("i", ["E2"]), ReportStatus("E2", "ENR"), ReportStatus("E2", "ONS"))
    for times in (1, 2, 3):
        shift.wait(WELFARE_MS)
        assert shift.open_warnings() == [("welfare", "warn", "E2")]
        assert shift.refused(AcknowledgeWarning("warning/welfare/i/E2", " ")) == "name_needed"
        shift.run(AcknowledgeWarning("warning/welfare/i/E2", "J. Doe"))
        assert shift.open_warnings() == []
        assert len(shift.raised()) == times
    shift.run(ReportStatus("E2", "CLR"))
    shift.wait(WELFARE_MS)
    assert len(shift.raised()) == 3


def test_a_warning_that_nobody_acknowledges_becomes_the_supervisors_alarm(shift):
    """Once; and one that somebody sees to does not."""
    shift.run(AssignUnits("i", ["E2"]), ReportStatus("E2", "ENR"))
    shift.wait(TRAVEL_MS + ESCALATE_MS)
    assert shift.raised() == [("travel", "warn", "E2"), ("travel", "alarm", "E2")]
    assert shift.state.warnings["warning/travel/i/E2"].owner == "supervisor"
    shift.run(AcknowledgeWarning("warning/travel/i/E2", "J. Doe"))
    assert shift.refused(AcknowledgeWarning("warning/travel/i/P7", "J. Doe")) == "warning_unknown"
    shift.run(AssignUnits("i", ["E3"]), ReportStatus("E3", "ENR"))
    shift.wait(TRAVEL_MS)
    shift.run(AcknowledgeWarning("warning/travel/i/E3", "J. Doe"))
    shift.wait(ESCALATE_MS * 10)
    assert shift.open_warnings() == [("travel", "alarm", "E2"), ("travel", "warn", "E3")]


def test_whoever_is_over_the_alarm_budget_is_warned_without_sound(shift):
    """The thirteenth warning within an hour is quiet; its escalation is not; after an hour there is room again."""
    for count in range(BUDGET_AN_HOUR + 1):
        name = f"j{count}"
        shift.run(OpenIncident(name), AssignUnits(name, ["E2"]))
        shift.wait(ACKNOWLEDGE_MS)
        shift.run(ReleaseUnit(name, "E2"), ReportStatus("E2", "AR"))
    warned = shift.happened(WarningRaised)
    assert [one.quiet for one in warned] == [False] * BUDGET_AN_HOUR + [True]
    assert alarm_budget(shift.state, "fire", shift.now).spent
    shift.wait(3_600_000)
    budget = alarm_budget(shift.state, "fire", shift.now)
    assert (budget.open, budget.last_hour, budget.spent) == (0, 0, False)


@pytest.mark.parametrize("restart_after_ms", [0, 30_000, ACKNOWLEDGE_MS, ACKNOWLEDGE_MS + 1, TURNOUT_MS])
def test_each_fires_once_whenever_the_process_is_restarted(shift, restart_after_ms):
    """Before, at and after the moment; the journal is all that is left of it."""
    shift.run(AssignUnits("i", ["E2"]))
    shift.wait(restart_after_ms)
    shift.restart()
    shift.wait(TURNOUT_MS + ESCALATE_MS - restart_after_ms)
    for level in ("warn", "alarm"):
        assert shift.raised().count(("acknowledge", level, "E2")) == 1
        assert shift.raised().count(("turnout", level, "E2")) == 1


ACTS = st.sampled_from(
    ["send", "send", "assign", "release", "restart", "ACK", "ENR", "STG", "ONS", "ONS", "TRN", "CLR", "AR", "OOS"]
)
WAITS_MS = st.sampled_from([0, 1000, ACKNOWLEDGE_MS, TURNOUT_MS + ESCALATE_MS, TRAVEL_MS, WELFARE_MS])


@given(st.lists(st.tuples(ACTS, WAITS_MS), min_size=4, max_size=20))
def test_over_random_shifts_no_warning_outlives_its_cause(steps):
    """Whatever is said and restarted in between: each open warning is still true, and said once for each loudness."""
    shift = crewed(Shift())
    for act, then_ms in steps:
        if act == "restart":
            shift.restart()
        elif act in ("send", "assign"):
            shift.ask(AssignUnits("i", ["E2"], alerted=act == "send", despite="asked for"))
        elif act == "release":
            shift.ask(ReleaseUnit("i", "E2"))
        else:
            shift.ask(ReportStatus("E2", act, leaves=act == "AR"))
        assert ended_by_now(shift.state) == []
        shift.wait(then_ms)
        assert ended_by_now(shift.state) == []
    open_now, last = set(), {}
    for one in shift.happened(WarningRaised, WarningEnded):
        if isinstance(one, WarningEnded):
            assert one.warning in open_now
            open_now.remove(one.warning)
        else:
            assert one.warning not in open_now or (last[one.warning], one.level) == ("warn", "alarm")
            open_now.add(one.warning)
            last[one.warning] = one.level
    assert open_now == set(shift.state.warnings)


def test_a_status_looks_at_no_warning_of_anybody_else(shift, monkeypatch):
    """However many are open: those of the unit at its incident are found by their names."""
    looked = []
    monkeypatch.setattr(warnings, "holds", lambda state, what, unit, *rest: looked.append(unit) or False)
    for number in range(200):
        name = f"warning/travel/i/X{number}"
        shift.state.warnings[name] = warnings.OpenWarning(name, What.TRAVEL, Level.WARN, "fire", 0, f"X{number}", "i")
    shift.run(AssignUnits("i", ["E2"]), ReportStatus("E2", "ENR"), ReportStatus("E2", "AR", leaves=True))
    assert set(looked) <= {"E2"}
    assert len(shift.state.warnings) == 200


def test_a_unit_that_a_merge_takes_along_is_warned_of_no_more_where_it_was(shift):
    """What it had not done there nobody waits for there."""
    shift.run(OpenIncident("j"), AssignUnits("i", ["E2"]))
    shift.wait(ACKNOWLEDGE_MS)
    assert shift.open_warnings() == [("acknowledge", "warn", "E2")]
    shift.run(MergeIncidents("j", "i"))
    assert shift.open_warnings() == []
