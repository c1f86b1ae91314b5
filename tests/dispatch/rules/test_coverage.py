"""No pending need is unseen by a signed-on seat, and where one is, an alarm stands."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.dispatch.live_desk import LiveDesk

from redstick.dispatch.invariants import broken
from redstick.dispatch.place import Place
from redstick.dispatch.plans.requirement import Requirement
from redstick.dispatch.rules.assignments import AssignUnits, ReleaseUnit
from redstick.dispatch.rules.coverage import AcknowledgeCoverage, CheckCoverage, owners, unseen
from redstick.dispatch.rules.groups import Area, CombineGroups, DefineGroup, SplitGroup
from redstick.dispatch.rules.incidents import CloseIncident, Incident, MoveIncident, OpenIncident, ReopenIncident
from redstick.dispatch.rules.needs import AddNeeds, ReinstateNeed, SetNeeds, WaiveNeed
from redstick.dispatch.rules.seats import DropSeat, FindSeat, LoseSeat, RelieveSeat, SignOff, SignOn
from redstick.dispatch.rules.units import EnrollUnit, ReportStatus
from redstick.dispatch.timers.covering import ESCALATE_MS, GRACE_MS

ENGINE, MEDIC = Requirement("engine", agency="fire"), Requirement("medic", agency="ems")
GROUPS = [DefineGroup("fire", ["fire"]), DefineGroup("ems", ["ems"]), DefineGroup("lead", supervises=True)]


@pytest.fixture
def floor():
    desk = LiveDesk()
    desk.run(*GROUPS, SignOn("s1", "Ann", ["fire"]), SignOn("s2", "Ben", ["ems"]), SignOn("s9", "Lee", ["lead"]))
    return desk


def alarms(desk):
    """Why an alarm stands, by group."""
    return {name: group.alarm.why for name, group in desk.state.groups.items() if group.alarm is not None}


def test_a_sign_off_that_uncovers_is_refused_and_then_a_fact(floor):
    """Who would leave a need unseen is told which; who has left all the same is gone, and the alarm stands."""
    floor.run(OpenIncident("i"), SetNeeds("i", [ENGINE, MEDIC]))
    refused = floor.ask(SignOff("s2")).rejection
    assert (refused.code, refused.data) == ("would_uncover", {"groups": ["ems"], "needs": ["i/medic"]})
    assert "s2" in floor.state.seats
    floor.run(SignOff("s2", despite="taken ill"))
    assert alarms(floor) == {"ems": "unseen_needs"}
    assert floor.state.groups["ems"].alarm.needs == ["i/medic"]


def test_the_last_seat_of_a_group_raises_the_alarm_before_anything_is_pending(floor):
    """The gap is told before someone falls into it; a need that comes then is told again."""
    floor.run(SignOff("s2"))
    assert alarms(floor) == {"ems": "no_seat"}
    floor.run(AcknowledgeCoverage("ems", "Lee"))
    floor.run(OpenIncident("i", group="ems"))
    assert alarms(floor) == {"ems": "unseen_needs"}
    assert floor.state.groups["ems"].alarm.acknowledged_by == ""


def test_acknowledging_clears_nothing_and_covering_does(floor):
    """A name beside the alarm; it ends when somebody watches."""
    floor.run(SignOff("s2"))
    assert floor.refused(AcknowledgeCoverage("ems", " ")) == "name_needed"
    floor.run(AcknowledgeCoverage("ems", "Lee"))
    assert alarms(floor) == {"ems": "no_seat"}
    floor.run(SignOn("s3", "Cy", ["ems"]))
    assert alarms(floor) == {}
    assert floor.refused(AcknowledgeCoverage("ems", "Lee")) == "no_alarm"


def test_an_alarm_that_nobody_acknowledges_goes_to_the_supervisors_once(floor):
    """By a timer; one that somebody knows of does not."""
    floor.run(SignOff("s1"), SignOff("s2"), AcknowledgeCoverage("ems", "Lee"))
    floor.wait(ESCALATE_MS - 1)
    assert floor.state.groups["fire"].alarm.escalated_at is None
    floor.wait(1)
    told = floor.now
    assert floor.state.groups["fire"].alarm.escalated_at == told
    assert floor.state.groups["ems"].alarm.escalated_at is None
    floor.wait(10 * ESCALATE_MS)
    assert floor.state.groups["fire"].alarm.escalated_at == told


def test_filling_or_waiving_what_nobody_saw_ends_a_need_and_not_an_empty_group(floor):
    """The group still has no seat, and its alarm says so until it has; a fresh group's alarm ends with the need."""
    floor.run(DefineGroup("district", areas=[Area("beat", "7")]))
    floor.run(OpenIncident("i", group="police", zones={"beat": "7"}))
    assert alarms(floor) == {"district": "unseen_needs"}
    floor.run(WaiveNeed("i", "someone", "Lee", "nothing there"))
    assert alarms(floor) == {}


def test_combined_groups_are_watched_by_one_seat(floor):
    """At night fire watches EMS; splitting without a seat is refused, and a fact with a reason."""
    assert floor.refused(CombineGroups("ems", "ems", "Lee")) == "same_group"
    floor.run(CombineGroups("ems", "fire", "Lee"), SignOff("s2"))
    assert alarms(floor) == {}
    assert floor.refused(CombineGroups("fire", "lead", "Lee")) == "others_combined"
    assert floor.refused(CombineGroups("ems", "lead", "Lee")) == "already_combined"
    floor.run(OpenIncident("i"), SetNeeds("i", [MEDIC]))
    assert floor.refused(SplitGroup("ems", "Lee")) == "would_uncover"
    floor.run(SplitGroup("ems", "Lee", despite="drill"))
    assert alarms(floor) == {"ems": "unseen_needs"}
    assert floor.refused(SplitGroup("ems", "Lee")) == "not_combined"


def test_a_relief_leaves_no_gap(floor):
    """One act takes over all groups, with the position that the briefing begins at; the same seat or another."""
    floor.run(OpenIncident("i"), SetNeeds("i", [MEDIC]))
    floor.run(RelieveSeat("s2", "s4", "Dee", 12))
    assert (floor.state.seats["s4"].groups, floor.state.seats["s4"].briefed_from) == (["ems"], 12)
    assert "s2" not in floor.state.seats
    floor.run(RelieveSeat("s4", "s4", "Eve", 20))
    assert floor.state.seats["s4"].person == "Eve"
    assert alarms(floor) == {}
    assert floor.refused(RelieveSeat("s2", "s5", "Fay", 1)) == "seat_unknown"


def test_a_relief_at_a_seat_that_watches_already_adds(floor):
    """Who takes over goes on watching what they watched."""
    floor.run(RelieveSeat("s2", "s1", "Ann", 12))
    assert floor.state.seats["s1"].groups == ["fire", "ems"]
    assert alarms(floor) == {}


HERE, CAR = {"beat": "7"}, Requirement("car", agency="police")
POLICE, FIRE = OpenIncident("i", group="police", zones=HERE), OpenIncident("i", group="fire", zones=HERE)
WAYS = {
    "opened": [POLICE],
    "moved": [OpenIncident("i", group="police", zones={"beat": "8"}), MoveIncident("i", Place("7 Oak Street"), HERE)],
    "set": [FIRE, SetNeeds("i", [CAR])],
    "added": [FIRE, AddNeeds("i", [CAR])],
    "left open": [POLICE, AssignUnits("i", ["E1"]), ReleaseUnit("i", "E1", "cancelled")],
    "reinstated": [POLICE, WaiveNeed("i", "someone", "Lee", "all well"), ReinstateNeed("i", "someone", "Lee", "no")],
    "reopened": [POLICE, CloseIncident("i", "done"), ReopenIncident("i", "not done")],
    "redefined": [FIRE, DefineGroup("fire", ["ems"])],
}


@pytest.mark.parametrize("way", WAYS)
def test_however_a_need_comes_to_an_unwatched_group_the_alarm_stands(way):
    """By the last act, and not before it: opened, moved, asked for, left open by a unit, needed after all."""
    desk = LiveDesk()
    desk.run(DefineGroup("fire", ["fire"]), DefineGroup("north", ["police"], [Area("beat", "8")]))
    desk.run(SignOn("s1", "Ann", ["fire", "north"]), DefineGroup("district", ["police"], [Area("beat", "7")]))
    desk.run(EnrollUnit("E1", "engine", "fire"), ReportStatus("E1", "AQ"))
    if way == "redefined":
        desk.run(DefineGroup("district", ["police", "fire"], [Area("beat", "7")]))
    *before, last = WAYS[way]
    desk.run(*before)
    assert alarms(desk) == {}
    desk.run(last)
    assert alarms(desk) == {"district": "unseen_needs"}


def test_a_seat_that_vanishes_is_signed_off_after_its_grace(floor):
    """A console that restarts in time is no one who left; who is gone is gone, whatever that leaves unseen."""
    floor.run(OpenIncident("i"), SetNeeds("i", [MEDIC]), LoseSeat("s2"))
    floor.wait(GRACE_MS - 1)
    floor.run(FindSeat("s2"))
    floor.wait(GRACE_MS)
    assert "s2" in floor.state.seats
    floor.run(LoseSeat("s2"))
    floor.wait(GRACE_MS)
    assert "s2" not in floor.state.seats
    assert alarms(floor) == {"ems": "unseen_needs"}


def test_a_seat_that_watches_other_groups_leaves_the_old_ones(floor):
    """Changing over is refused like leaving; what does not exist cannot be watched."""
    floor.run(OpenIncident("i"), SetNeeds("i", [MEDIC]))
    assert floor.refused(SignOn("s2", "Ben", ["fire"])) == "would_uncover"
    floor.run(SignOn("s2", "Ben", ["fire", "ems"]))
    assert floor.refused(SignOn("s2", "Ben", ["navy"])) == "group_unknown"
    assert floor.refused(SignOn("s2", "Ben", [])) == "no_groups"


def test_who_owns_a_need():
    """Agency and area decide; an unknown area belongs to all of them; what nobody takes is the supervisors'."""
    desk = LiveDesk()
    desk.run(
        *GROUPS,
        DefineGroup("north", ["police"], [Area("beat", "1"), Area("beat", "2")]),
        DefineGroup("south", ["police"], [Area("beat", "3")]),
    )
    groups = desk.state.groups
    assert owners(groups, Incident("i", 0), MEDIC) == ["ems"]
    police = Requirement("car", agency="police")
    assert owners(groups, Incident("i", 0, zones={"beat": "2"}), police) == ["north"]
    assert owners(groups, Incident("i", 0), police) == ["north", "south"]
    assert owners(groups, Incident("i", 0, zones={"beat": "9"}), police) == ["lead"]
    assert owners(groups, Incident("i", 0, group="fire"), Requirement("someone")) == ["fire"]
    assert owners({}, Incident("i", 0), police) == []


def test_nobody_but_the_kernel_checks_or_drops(floor):
    """What reactions and timers ask is not a person's to ask."""
    assert floor.refused(CheckCoverage()) == "not_permitted"
    assert floor.refused(DropSeat("s1")) == "not_permitted"


def test_no_line_is_written_where_nothing_changes():
    """Without groups, and where every group has its seat, coverage costs no line."""
    desk = LiveDesk()
    desk.run(OpenIncident("i"))
    before = desk.driver.executor.durable.position
    desk.run(CloseIncident("i", "done"))
    assert desk.driver.executor.durable.position == before + 1


NEEDS = st.lists(st.sampled_from([ENGINE, MEDIC, Requirement("any")]), min_size=1, unique=True)
SEATS, NAMES, HOW = st.sampled_from(["s1", "s2"]), st.sampled_from(["fire", "ems", "lead"]), st.sampled_from(["", "so"])
ACTS = st.one_of(
    st.builds(SignOn, SEATS, st.just("P"), st.lists(NAMES, min_size=1, max_size=2), HOW),
    st.builds(SignOff, SEATS, HOW),
    st.builds(LoseSeat, SEATS),
    st.builds(FindSeat, SEATS),
    st.builds(RelieveSeat, SEATS, SEATS, st.just("Q"), st.just(3)),
    st.builds(CombineGroups, NAMES, NAMES, st.just("L"), HOW),
    st.builds(SplitGroup, NAMES, st.just("L"), HOW),
    st.builds(AcknowledgeCoverage, NAMES, st.just("L")),
    st.builds(OpenIncident, st.sampled_from(["i", "j"]), group=st.sampled_from(["", "fire", "ems", "police"])),
    st.builds(SetNeeds, st.sampled_from(["i", "j"]), NEEDS),
    st.builds(AssignUnits, st.sampled_from(["i", "j"]), st.just(["E1"])),
    st.builds(ReleaseUnit, st.sampled_from(["i", "j"]), st.just("E1")),
    st.builds(CloseIncident, st.sampled_from(["i", "j"]), st.just("done")),
)


@settings(max_examples=100)
@given(st.lists(st.tuples(ACTS, st.integers(0, 90_000)), max_size=25))
def test_no_need_is_ever_unseen_without_an_alarm(acts):
    """Over random shifts, after every act and every wait: each pending need is seen, or an alarm stands for it.

    And no alarm stands for a group that has a seat.
    """
    desk = LiveDesk()
    desk.run(*GROUPS, EnrollUnit("E1", "engine", "fire"), ReportStatus("E1", "AQ"))
    for act, wait_ms in acts:
        outcome = desk.ask(act)
        assert outcome.accepted or outcome.rejection.code != "domain_suspended", outcome
        desk.wait(wait_ms)
        lost = unseen(desk.state.incidents.values(), desk.state.groups, desk.state.seats.values())
        assert lost.keys() <= alarms(desk).keys()
        seated = {name for seat in desk.state.seats.values() for name in seat.groups}
        assert not seated & alarms(desk).keys()


def test_a_need_that_nobody_sees_is_seen_by_the_invariant(floor):
    """It finds a planted breach: a seat that is gone without an event."""
    floor.run(OpenIncident("i"), SetNeeds("i", [MEDIC]))
    del floor.state.seats["s2"]
    assert [line for line in broken(floor.state) if "nobody watches ems" in line]
