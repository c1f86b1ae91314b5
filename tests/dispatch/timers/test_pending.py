"""What has waited too long is told: a warning, an alarm, the supervisors; each once."""

import pytest
from tests.dispatch.live_desk import MINUTE, LiveDesk

from redstick.dispatch.plans.requirement import Requirement
from redstick.dispatch.rules.assignments import AssignUnits, ReleaseUnit
from redstick.dispatch.rules.groups import DefineGroup
from redstick.dispatch.rules.incidents import ChangePriority, CloseIncident, OpenIncident
from redstick.dispatch.rules.links import MergeIncidents, SplitIncident
from redstick.dispatch.rules.needs import AddNeeds, ReinstateNeed, SetNeeds, WaiveNeed
from redstick.dispatch.rules.overdue import STACKED_MS, AcknowledgeOverdue, MarkOverdue
from redstick.dispatch.rules.seats import SignOn
from redstick.dispatch.rules.stacking import EndHold, HoldIncident, StackIncident, UnstackIncident
from redstick.dispatch.rules.units import EnrollUnit, ReportStatus
from redstick.dispatch.timers.pending import AGAIN_MS, ESCALATE_MS, THEN_ALARM_MS, WARN_MS
from redstick.kernel.envelope import opened

ENGINE, MEDIC = Requirement("engine", ("engine",), agency="fire"), Requirement("medic", ("medic",), agency="ems")


@pytest.fixture
def floor():
    desk = LiveDesk()
    desk.run(DefineGroup("fire", ["fire"]), DefineGroup("ems", ["ems"]), DefineGroup("lead", supervises=True))
    desk.run(SignOn("s1", "Ann", ["fire", "ems", "lead"]))
    desk.run(EnrollUnit("E1", "engine", "fire"), ReportStatus("E1", "AQ"))
    desk.run(EnrollUnit("M1", "medic", "ems"), ReportStatus("M1", "AQ"))
    return desk


def told(desk, about="pending", name="i"):
    """How loud an incident was told of, and to whom."""
    overdue = desk.state.incidents[name].overdue.get(about)
    return None if overdue is None else (overdue.level, overdue.groups)


@pytest.mark.parametrize("priority", [1, 2, 3, 4, 5])
def test_a_pending_incident_is_told_by_its_priority(floor, priority):
    """Warning, alarm, supervisors, each at its time and not a millisecond before; and then no more."""
    floor.run(OpenIncident("i", group="ems", priority=priority))
    floor.wait(WARN_MS[priority] - 1)
    assert told(floor) is None
    floor.wait(1)
    assert told(floor) == (1, ["ems"])
    floor.wait(THEN_ALARM_MS[priority] - 1)
    assert told(floor) == (1, ["ems"])
    floor.wait(1)
    assert told(floor) == (2, ["ems"])
    floor.wait(ESCALATE_MS)
    assert told(floor) == (3, ["lead"])
    lines = floor.driver.executor.durable.position
    floor.wait(100 * MINUTE)
    assert floor.driver.executor.durable.position == lines


def test_an_alarm_that_is_acknowledged_does_not_go_up(floor):
    """By name, once; what is not told cannot be acknowledged."""
    floor.run(OpenIncident("i", priority=1))
    assert floor.refused(AcknowledgeOverdue("i", "pending", "Ann")) == "not_overdue"
    floor.wait(WARN_MS[1])
    floor.run(AcknowledgeOverdue("i", "pending", "Ann"))
    floor.wait(THEN_ALARM_MS[1])
    assert told(floor)[0] == 2  # who saw the warning is told of the alarm
    assert floor.refused(AcknowledgeOverdue("i", "pending", "")) == "name_needed"
    floor.run(AcknowledgeOverdue("i", "pending", "Ann"))
    floor.wait(ESCALATE_MS)
    assert told(floor)[0] == 2


def test_what_is_filled_is_not_told_and_a_missing_medic_is(floor):
    """Only the group that owes what is missing is told."""
    floor.run(OpenIncident("i", priority=2), SetNeeds("i", [ENGINE, MEDIC]), AssignUnits("i", ["E1"]))
    floor.wait(WARN_MS[2])
    assert told(floor) == (1, ["ems"])
    floor.run(AssignUnits("i", ["M1"]))
    assert told(floor) is None
    floor.wait(MINUTE * 10)
    assert told(floor) is None


def test_a_unit_that_turned_away_starts_the_clock_again(floor):
    """Soon, whatever the priority: someone was promised."""
    floor.run(OpenIncident("i", priority=5), SetNeeds("i", [ENGINE]), AssignUnits("i", ["E1"]))
    floor.wait(MINUTE)
    floor.run(ReleaseUnit("i", "E1", "cancelled"))
    floor.wait(AGAIN_MS)
    assert told(floor) == (1, ["fire"])


def test_releases_never_put_off_an_alarm(floor):
    """However often a unit comes and goes, what another need waits for is told at its time."""
    floor.run(OpenIncident("i", priority=3), SetNeeds("i", [ENGINE, MEDIC]))
    for _ in range(12):
        floor.run(AssignUnits("i", ["E1"]))
        floor.wait(MINUTE // 2)
        floor.run(ReleaseUnit("i", "E1", "cancelled"), ReportStatus("E1", "AQ"))
        floor.wait(MINUTE // 2 - AGAIN_MS // 4)
    assert told(floor)[0] >= 1
    floor.wait(THEN_ALARM_MS[3])
    assert told(floor)[0] >= 2


def test_a_further_alarm_is_watched_at_once_and_a_waived_need_not(floor):
    """A minute, whatever the priority; what was given up by name is told to nobody."""
    floor.run(OpenIncident("i", priority=4), SetNeeds("i", [ENGINE]), AssignUnits("i", ["E1"]))
    floor.run(AddNeeds("i", [MEDIC]))
    floor.wait(AGAIN_MS)
    assert told(floor) == (1, ["ems"])
    floor.run(WaiveNeed("i", "medic", "Ann", "nobody hurt"))
    floor.wait(100 * MINUTE)
    assert told(floor) is None


def test_more_urgent_means_sooner(floor):
    """A raised priority starts its own clock."""
    floor.run(OpenIncident("i", priority=5))
    floor.wait(MINUTE)
    floor.run(ChangePriority("i", 1))
    floor.wait(WARN_MS[1])
    assert told(floor)[0] == 1


def test_a_changed_priority_puts_off_no_alarm(floor):
    """What was warned of is alarmed at its time, and not warned of again."""
    floor.run(OpenIncident("i", priority=1))
    floor.wait(WARN_MS[1])
    floor.run(ChangePriority("i", 2))
    floor.wait(THEN_ALARM_MS[1])
    assert told(floor)[0] == 2


def test_what_is_less_urgent_is_told_later(floor):
    """A priority that was lowered before anything was told has its own time."""
    floor.run(OpenIncident("i", priority=1), ChangePriority("i", 5))
    floor.wait(WARN_MS[5] - 1)
    assert told(floor) is None
    floor.wait(1)
    assert told(floor)[0] == 1


def test_what_is_held_is_told_at_its_review_and_not_before(floor):
    """Put off by name until then; when the hold ends it waits like any other."""
    floor.run(OpenIncident("i", priority=1), HoldIncident("i", "Ann", "no one home", floor.now + 30 * MINUTE))
    floor.wait(30 * MINUTE - 1)
    assert (told(floor), told(floor, "hold")) == (None, None)
    floor.wait(1)
    assert told(floor, "hold")[0] == 1
    floor.run(HoldIncident("i", "Ann", "still no one", floor.now + 30 * MINUTE))
    assert told(floor, "hold") is None
    floor.run(EndHold("i", "they are back"))
    floor.wait(AGAIN_MS)
    assert (told(floor)[0], told(floor, "hold")) == (1, None)


def test_what_is_stacked_is_told_when_it_is_old(floor):
    """Queued on a unit it is not told as pending, and is as stacked; closing ends every clock."""
    floor.run(OpenIncident("j"), AssignUnits("j", ["E1"]))
    floor.run(OpenIncident("i", group="fire"), SetNeeds("i", [ENGINE]), StackIncident("i", "E1", "engine"))
    floor.wait(STACKED_MS)
    assert (told(floor), told(floor, "stacked")) == (None, (1, ["fire"]))
    floor.run(UnstackIncident("i", "E1", "another is nearer"))
    assert told(floor, "stacked") is None
    floor.run(StackIncident("i", "E1", "engine"))
    floor.wait(STACKED_MS)
    assert told(floor, "stacked") == (1, ["fire"])
    floor.run(CloseIncident("i", "handled by telephone"))
    lines = floor.driver.executor.durable.position
    floor.wait(60 * MINUTE)
    assert floor.driver.executor.durable.position == lines


def test_it_is_told_once_over_a_restart(floor):
    """The clock is in the journal."""
    floor.run(OpenIncident("i", priority=1))
    floor.wait(WARN_MS[1] - 1)
    floor.restart()
    floor.wait(1)
    assert told(floor)[0] == 1
    lines = floor.driver.executor.durable.position
    floor.restart()
    assert floor.driver.executor.durable.position == lines


def test_nobody_but_a_timer_tells(floor):
    """A person acknowledges, and does not raise."""
    floor.run(OpenIncident("i"))
    assert floor.refused(MarkOverdue("i", "pending", 1)) == "not_permitted"


def test_a_wait_that_was_told_before_a_merge_is_told_on_behind_the_split(floor):
    """The merge stopped its clocks; once it stands by itself again it is told from the beginning, to the end."""
    floor.run(OpenIncident("i", group="ems"), OpenIncident("j", group="fire"))
    floor.wait(WARN_MS[3])
    assert told(floor) == (1, ["ems"])
    floor.run(MergeIncidents("j", "i"), SplitIncident("j", "i", "two after all"))
    floor.wait(AGAIN_MS)
    assert told(floor) == (1, ["ems"])
    floor.wait(THEN_ALARM_MS[3])
    floor.wait(ESCALATE_MS)
    assert told(floor) == (3, ["lead"])


def test_a_hold_that_ran_out_while_somebody_was_there_is_told_when_they_leave(floor):
    """The clock ran in vain; the unit left, it is held still, and the time to look again has passed."""
    floor.run(OpenIncident("i", group="ems"), HoldIncident("i", "Ann", "no hurry", floor.now + MINUTE))
    floor.run(AssignUnits("i", ["M1"]))
    floor.wait(10 * MINUTE)
    floor.run(ReleaseUnit("i", "M1"))
    floor.wait(AGAIN_MS)
    assert told(floor, "hold") == (1, ["ems"])


def test_a_hold_is_not_told_before_its_time(floor):
    """Whoever leaves in between, the time to look again is the one that was said."""
    floor.run(OpenIncident("i", group="ems"), HoldIncident("i", "Ann", "no hurry", floor.now + 60 * MINUTE))
    floor.run(AssignUnits("i", ["M1"]), ReleaseUnit("i", "M1"))
    floor.wait(59 * MINUTE)
    assert told(floor, "hold") is None
    floor.wait(MINUTE)
    assert told(floor, "hold") == (1, ["ems"])


def test_a_stack_that_aged_while_somebody_was_there_is_told_when_they_leave(floor):
    """Queued on a busy engine, filled by another for longer than a stack may age, and then left."""
    floor.run(OpenIncident("k"), AssignUnits("k", ["E1"]), OpenIncident("i", group="ems"), StackIncident("i", "E1"))
    floor.run(AssignUnits("i", ["M1"]))
    floor.wait(2 * STACKED_MS)
    floor.run(ReleaseUnit("i", "M1"))
    floor.wait(AGAIN_MS)
    assert told(floor, "stacked") == (1, ["ems"])


def test_a_stack_is_not_told_before_its_time(floor):
    """Whoever leaves in between, a unit that is busy may be waited for as long as ever."""
    floor.run(OpenIncident("k"), AssignUnits("k", ["E1"]), OpenIncident("i", group="ems"), StackIncident("i", "E1"))
    floor.run(AssignUnits("i", ["M1"]), ReleaseUnit("i", "M1"))
    floor.wait(STACKED_MS - 1)
    assert (told(floor), told(floor, "stacked")) == (None, None)
    floor.wait(1)
    assert told(floor, "stacked") == (1, ["ems"])


def vain(floor):
    """Timers that were asked and found nothing to tell."""
    lines = map(opened, floor.driver.journal.read(0))
    return [one.cause for one in lines if one.kind == "kernel.nothing_changed" and one.cause.startswith("timer:")]


def test_no_clock_of_a_wait_runs_on_once_nothing_is_lacking(floor):
    """From the incident to its end: everyone who is needed is sent, arrives and clears one by one."""
    floor.run(OpenIncident("i", priority=1), SetNeeds("i", [ENGINE, MEDIC]))
    floor.wait(WARN_MS[1])  # told of, and about to be told louder
    floor.run(AssignUnits("i", ["E1", "M1"]))
    for status in ("ENR", "ONS"):
        floor.run(ReportStatus("E1", status), ReportStatus("M1", status))
    floor.run(ReleaseUnit("i", "E1"))
    floor.wait(10 * MINUTE)
    assert (told(floor), vain(floor)) == (None, [])


def test_what_is_given_up_by_name_stops_its_clocks(floor):
    """Told of, and given up before it is told louder."""
    floor.run(OpenIncident("i", priority=1), SetNeeds("i", [ENGINE, MEDIC]), AssignUnits("i", ["E1"]))
    floor.wait(WARN_MS[1])
    floor.run(WaiveNeed("i", "medic", "Ann", "nobody hurt"))
    floor.wait(10 * MINUTE)
    assert (told(floor), vain(floor)) == (None, [])
    floor.run(ReinstateNeed("i", "medic", "Ann", "hurt after all"))
    floor.wait(AGAIN_MS)
    assert told(floor) == (1, ["ems"])


def test_the_last_of_several_stops_the_clock_and_not_the_first(floor):
    """An engine alone leaves the medic's wait to be told at its time."""
    floor.run(OpenIncident("i", priority=1), SetNeeds("i", [ENGINE, MEDIC]), AssignUnits("i", ["E1"]))
    floor.wait(WARN_MS[1])
    assert told(floor) == (1, ["ems"])
