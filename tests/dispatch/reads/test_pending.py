"""What seats see of the pending board, and who watches."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.dispatch.live_desk import MINUTE, LiveDesk

from redstick.dispatch.plans.requirement import Requirement
from redstick.dispatch.reads.aid_balance import Balance, balances, loans
from redstick.dispatch.reads.handover import changed_since
from redstick.dispatch.reads.pending import WATCH_VIEWS, PendingView
from redstick.dispatch.rules.aid import RecordAgreement
from redstick.dispatch.rules.assignments import AssignUnits, ReleaseUnit
from redstick.dispatch.rules.groups import CombineGroups, DefineGroup, SplitGroup
from redstick.dispatch.rules.incidents import ChangePriority, CloseIncident, OpenIncident, ReopenIncident
from redstick.dispatch.rules.links import MergeIncidents, SplitIncident
from redstick.dispatch.rules.needs import AddNeeds, SetNeeds, WaiveNeed
from redstick.dispatch.rules.seats import LoseSeat, RelieveSeat, SignOff, SignOn
from redstick.dispatch.rules.stacking import HoldIncident, PreassignUnit, StackIncident
from redstick.dispatch.rules.units import EnrollUnit, ReportStatus

ENGINE, MEDIC = Requirement("engine", ("engine",), agency="fire"), Requirement("medic", ("medic",), agency="ems")


class Board:
    """A desk, and what a seat has of each view when it follows what is touched."""

    def __init__(self):
        self.desk, self.facts = LiveDesk(), []
        self.desk.driver.listen(self.facts.extend)
        self.rows = {}
        self.seen = 0

    @property
    def states(self):
        """The committed states."""
        return self.desk.driver.executor.committed

    def follow(self):
        """Draw anew what the facts since the last look touched."""
        for view in WATCH_VIEWS:
            for fact in self.facts[self.seen :]:
                for key in view.touched(self.states, fact):
                    self.rows[key] = view.row(self.states, key, "floor")
        self.seen = len(self.facts)
        return {key: row for key, row in self.rows.items() if row is not None}

    def drawn(self):
        """Every row, drawn from nothing."""
        drawn = {key: view.row(self.states, key, "floor") for view in WATCH_VIEWS for key in view.keys(self.states)}
        return {key: row for key, row in drawn.items() if row is not None}


@pytest.fixture
def board():
    board = Board()
    board.desk.run(DefineGroup("fire", ["fire"]), DefineGroup("ems", ["ems"]), SignOn("s1", "Ann", ["fire"]))
    board.desk.run(EnrollUnit("E1", "engine", "fire"), ReportStatus("E1", "AQ"))
    board.desk.run(EnrollUnit("M1", "medic", "ems"), ReportStatus("M1", "AQ"))
    return board


def test_a_row_stands_for_each_need_that_is_missing(board):
    """By agency and requirement, with who should see it and whether somebody does; a filled need has no row."""
    board.desk.run(OpenIncident("i", "F-1", "smoke", "fire", 2), SetNeeds("i", [ENGINE, MEDIC], "v7", "smoke"))
    rows = board.follow()
    assert [rows[f"pending/i/{need}"]["agency"] for need in ("engine", "medic")] == ["fire", "ems"]
    assert [rows[f"pending/i/{need}"]["watched"] for need in ("engine", "medic")] == [True, False]
    assert "pending/i/someone" not in rows
    board.desk.run(AssignUnits("i", ["E1"]))
    rows = board.follow()
    assert "pending/i/engine" not in rows
    assert (rows["pending/i/medic"]["missing"], rows["pending/i/medic"]["plan"]) == (1, "v7")
    assert rows["group/ems"]["alarm"]["needs"] == ["i/medic"]


def test_a_need_that_a_new_plan_dropped_has_no_row(board):
    """A seat that had it loses it."""
    board.desk.run(OpenIncident("i", group="fire"), SetNeeds("i", [ENGINE, MEDIC]))
    assert "pending/i/medic" in board.follow()
    board.desk.run(SetNeeds("i", [ENGINE]))
    assert board.follow() == board.drawn()
    assert "pending/i/medic" not in board.follow()


def test_rows_are_sorted_by_what_they_carry(board):
    """Every seat shows the same order."""
    for name, priority in (("a", 3), ("b", 1), ("c", 2)):
        board.desk.run(OpenIncident(name, priority=priority))
    rows = sorted((row["rank"], row["incident"]) for key, row in board.follow().items() if key.startswith("pending/"))
    assert [incident for _, incident in rows] == ["b", "c", "a"]


def test_crews_and_the_public_see_neither_and_oversight_no_reasons(board):
    """What was said about why something waits stays on the floor."""
    board.desk.run(OpenIncident("i"), HoldIncident("i", "Ann", "caller is deaf", board.desk.now + MINUTE))
    view = PendingView()
    assert view.row(board.states, "pending/i/someone", "floor")["held"]["reason"] == "caller is deaf"
    assert "held" not in view.row(board.states, "pending/i/someone", "oversight")
    assert view.row(board.states, "pending/i/someone", "field") is None
    assert view.row(board.states, "pending/i/someone", "public") is None


INCIDENT, UNIT, GROUP = st.sampled_from(["i", "j"]), st.sampled_from(["E1", "M1"]), st.sampled_from(["fire", "ems"])
NEEDS = st.lists(st.sampled_from([ENGINE, MEDIC, Requirement("any")]), min_size=1, unique=True)
ACTS = st.one_of(
    st.builds(OpenIncident, INCIDENT, group=GROUP),
    st.builds(SetNeeds, INCIDENT, NEEDS),
    st.builds(AddNeeds, INCIDENT, NEEDS),
    st.builds(WaiveNeed, INCIDENT, st.sampled_from(["engine", "someone"]), st.just("N"), st.just("r")),
    st.builds(AssignUnits, INCIDENT, UNIT.map(lambda name: [name])),
    st.builds(ReleaseUnit, INCIDENT, UNIT),
    st.builds(ReportStatus, UNIT, st.sampled_from(["AQ", "ONS"])),
    st.builds(StackIncident, INCIDENT, UNIT),
    st.builds(PreassignUnit, INCIDENT, UNIT),
    st.builds(ChangePriority, INCIDENT, st.integers(1, 5)),
    st.builds(CloseIncident, INCIDENT, st.just("done")),
    st.builds(ReopenIncident, INCIDENT, st.just("again")),
    st.builds(MergeIncidents, st.just("i"), st.just("j"), st.just("the same")),
    st.builds(SplitIncident, st.just("i"), st.just("j"), st.just("not the same")),
    st.builds(SignOn, st.sampled_from(["s1", "s2"]), st.just("P"), GROUP.map(lambda name: [name]), st.just("so")),
    st.builds(SignOff, st.sampled_from(["s1", "s2"]), st.just("so")),
    st.builds(LoseSeat, st.sampled_from(["s1", "s2"])),
    st.builds(RelieveSeat, st.just("s1"), st.just("s2"), st.just("Q"), st.just(1)),
    st.builds(CombineGroups, GROUP, GROUP, st.just("N"), st.just("so")),
    st.builds(SplitGroup, GROUP, st.just("N"), st.just("so")),
)


@settings(max_examples=100)
@given(st.lists(st.tuples(ACTS, st.sampled_from([0, 0, MINUTE])), max_size=25))
def test_a_seat_that_follows_sees_what_a_new_one_sees(acts):
    """Whatever happens, the rows that facts touch, drawn anew, are all rows: no seat keeps a need that is gone."""
    board = Board()
    board.desk.run(DefineGroup("fire", ["fire"]), DefineGroup("ems", ["ems"]))
    board.desk.run(EnrollUnit("E1", "engine", "fire"), ReportStatus("E1", "AQ"), OpenIncident("i"))
    for act, wait_ms in acts:
        board.desk.ask(act)
        board.desk.wait(wait_ms)
        assert board.follow() == board.drawn()


def test_who_takes_over_is_told_what_changed(board):
    """Behind a position: what was opened, touched, closed, sent and waived, and what is missing now, queue first."""
    desk = board.desk
    desk.run(OpenIncident("old", group="fire"), OpenIncident("gone", group="fire"), OpenIncident("med", group="ems"))
    position = desk.driver.executor.durable.position
    desk.run(SetNeeds("old", [ENGINE]), AssignUnits("old", ["E1"]), OpenIncident("new", group="fire", priority=1))
    desk.run(WaiveNeed("gone", "someone", "Ann", "all well"), CloseIncident("gone", "no service"))
    desk.run(HoldIncident("med", "Ann", "tomorrow", desk.now + MINUTE))
    told = changed_since(position, board.facts, desk.state, ["fire"])
    assert (told.opened, told.touched, told.closed) == (["new"], ["old", "gone"], ["gone"])
    assert (told.sent, told.waived) == ([("old", "E1")], [("gone", "someone", "Ann")])
    assert (told.pending, told.held, told.alarms) == (["new/someone"], [], ["ems"])
    everything = changed_since(position, board.facts, desk.state)
    assert (everything.pending, everything.held) == (["new/someone", "med/someone"], ["med"])
    assert (told.since, told.until) == (position, desk.driver.executor.durable.position)
    assert changed_since(told.until, board.facts, desk.state).touched == []


def test_aid_is_added_up_for_each_pair_in_both_directions(board):
    """Units and time, from sent to let go; who is still out counts up to now; own units count for nobody."""
    desk = board.desk
    for name, agency in (("C1", "county"), ("C2", "county")):
        desk.run(EnrollUnit(name, "engine", agency), ReportStatus(name, "AQ"))
    desk.run(
        RecordAgreement("a", "county", "fire", automatic=True), RecordAgreement("b", "fire", "county", automatic=True)
    )
    theirs = Requirement("engine", ("engine",), count=2, agency="fire")
    desk.run(OpenIncident("i"), SetNeeds("i", [theirs]), AssignUnits("i", ["C1", "C2"]))
    desk.now += 30 * MINUTE
    desk.run(ReleaseUnit("i", "C1"))
    desk.run(OpenIncident("j"), SetNeeds("j", [Requirement("engine", ("engine",), agency="county")]))
    desk.run(AssignUnits("j", ["E1"]))
    desk.now += 30 * MINUTE
    desk.run(OpenIncident("k"), SetNeeds("k", [MEDIC]), AssignUnits("k", ["M1"]))
    [balance] = balances(loans(board.facts), desk.now)
    assert balance == Balance("county", "fire", 2, 90 * MINUTE, 1, 30 * MINUTE)
    assert balance.balance_ms == 60 * MINUTE
