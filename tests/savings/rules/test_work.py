"""Waves, cut-overs, costs: what comes before what, and what nobody may skip."""

import pytest
from tests.savings.ledgers import ONE, TELCO, TWO, A, Office, bill

from redstick.savings.kinds import DEMANDS, LineKind, Step, Way, demands_of, steps_of
from redstick.savings.rules.costs import CostKind, DropCost, SetCost
from redstick.savings.rules.cutovers import BlockLine, ConfirmDemand, TakeStep, UndoStep, open_demands
from redstick.savings.rules.lines import DescribeLine, KeepLine, SetBaseline, line_of
from redstick.savings.rules.waves import PlanWave, ScheduleLines, UnscheduleLine

DAY = "2026-05-20"
B = line_of(TELCO, TWO)


@pytest.fixture
def office():
    """Two lines, the first in a wave to migrate."""
    office = Office()
    office.events(
        bill("2026-03", ONE, TWO),
        PlanWave("w", "Wave", "An office", "2026-05-01", "2026-05-31"),
        ScheduleLines("w", (A,)),
    )
    return office


def test_a_cut_over_goes_by_its_steps(office):
    """The old line is disconnected after everything else was shown; then its wave and its kind stay."""
    assert office.refused(TakeStep(A, Step.DISCONNECTED, DAY)) == "steps_open"
    office.events(*(TakeStep(A, step, DAY) for step in Step))
    assert office.refused(UndoStep(A, Step.TESTED, "a slip")) == "line_disconnected"
    assert office.refused(UnscheduleLine(A)) == "line_disconnected"
    assert office.refused(KeepLine(A, "after all")) == "line_disconnected"
    assert office.refused(ScheduleLines("w", (A,), Way.DISCONNECT)) == "line_disconnected"
    assert office.refused(DescribeLine(TELCO, ONE, kind=LineKind.FAX)) == "line_disconnected"
    office.events(UndoStep(A, Step.DISCONNECTED, "the wrong pair"), UndoStep(A, Step.TESTED, "a slip"))
    assert office.refused(TakeStep(A, Step.DISCONNECTED, DAY)) == "steps_open"


def test_a_step_is_waived_with_a_reason_and_the_end_of_the_old_line_never(office):
    """Who waives says why."""
    office.events(*(TakeStep(A, step, DAY) for step in (Step.PORTED, Step.TESTED, Step.LOCATION_TESTED)))
    assert office.refused(TakeStep(A, Step.NOTIFICATION_TESTED, DAY, waived=True)) == "reason_needed"
    office.events(TakeStep(A, Step.NOTIFICATION_TESTED, DAY, "one desk, one room", waived=True))
    assert office.refused(TakeStep(A, Step.DISCONNECTED, DAY, "gone", waived=True)) == "step_not_waived"
    office.events(TakeStep(A, Step.DISCONNECTED, DAY))


@pytest.mark.parametrize("kind", sorted(DEMANDS))
@pytest.mark.parametrize("way", list(Way))
def test_nothing_that_lives_depend_on_moves_before_every_demand_is_confirmed(office, kind, way):
    """By whoever has the evidence, one by one; not even to be disconnected without a successor."""
    office.events(DescribeLine(TELCO, ONE, kind=kind), ScheduleLines("w", (A,), way))
    steps = steps_of(kind, way)
    for demand in demands_of(kind):
        assert office.refused(TakeStep(A, steps[0], DAY)) == "demands_open"
        assert office.refused(ConfirmDemand(A, demand.code, " ")) == "evidence_needed"
        office.events(ConfirmDemand(A, demand.code, "sheet 14"))
    assert open_demands(office.state.lines[A]) == []
    office.events(*(TakeStep(A, step, DAY) for step in steps))
    assert office.refused(ConfirmDemand(A, "no_such", "x")) == "demand_unknown"


def test_every_demand_says_where_it_comes_from_and_stands_once():
    """For each kind that lives or works depend on."""
    for kind, demands in DEMANDS.items():
        assert len({demand.code for demand in demands}) == len(demands), kind
        assert all(demand.says and demand.source for demand in demands)


def test_what_is_blocked_or_planned_in_no_wave_does_not_move(office):
    """Until it is not blocked any more, or planned."""
    office.events(BlockLine(A, "No power in the closet"))
    assert office.refused(TakeStep(A, Step.PORTED, DAY)) == "line_blocked"
    office.events(BlockLine(A, ""), TakeStep(A, Step.PORTED, DAY))
    assert office.refused(TakeStep(B, Step.PORTED, DAY)) == "line_unplanned"
    office.events(ScheduleLines("w", (B,), Way.DISCONNECT))
    assert office.refused(TakeStep(B, Step.PORTED, DAY)) == "step_not_needed"


def test_a_line_is_kept_or_moves(office):
    """Keeping it takes it out of its wave, scheduling it ends its being kept; for both there is a way back."""
    office.events(KeepLine(A, "a ring-down"))
    assert (office.state.lines[A].wave, office.state.lines[A].way) == ("", None)
    office.events(ScheduleLines("w", (A, B, A)))
    assert office.state.lines[A].kept == ""
    office.events(UnscheduleLine(A))
    assert office.events(UnscheduleLine(A)) == []


def test_the_same_twice_is_as_once(office):
    """Every command that has already had its way changes nothing."""
    for command in (
        PlanWave("w", "Wave", "An office", "2026-05-01", "2026-05-31"), ScheduleLines("w", (A,)),
        SetCost("c", "Licences", CostKind.LICENCE, "2026-05", 900), SetBaseline("2026-03"), BlockLine(A, "x"),
        DescribeLine(TELCO, ONE, site="City Hall"), BlockLine(A, ""), TakeStep(A, Step.PORTED, DAY), KeepLine(B, "x"),
    ):  # fmt: skip
        office.events(command)
        assert office.events(command) == []


@pytest.mark.parametrize(
    ("command", "code"),
    [
        (PlanWave("", "Wave", "x", DAY, DAY), "wave_unnamed"),
        (PlanWave("v", "Wave", "", DAY, DAY), "owner_needed"),
        (PlanWave("v", "Wave", "x", DAY, "May"), "date_unreadable"), (ScheduleLines("v", (A,)), "wave_unknown"),
        (PlanWave("v", "Wave", "x", "2026-06-01", DAY), "dates_reversed"),
        (ScheduleLines("w", ("x",)), "line_unknown"),
        (TakeStep("x", Step.PORTED, DAY), "line_unknown"), (TakeStep(A, Step.PORTED, "today"), "date_unreadable"),
        (KeepLine(A, " "), "reason_needed"), (SetBaseline("March"), "month_unreadable"),
        (DropCost("x"), "cost_unknown"),
        (DescribeLine("", ONE), "line_unnamed"), (DescribeLine(TELCO, ONE, fee_cents=-1), "amount_unreadable"),
        (DescribeLine(TELCO, ONE, contract_end="soon"), "date_unreadable"),
        (UndoStep(A, Step.PORTED, ""), "reason_needed"),
        (SetCost("c", "x", CostKind.ONCE, "2026-05", -1), "amount_unreadable"),
        (SetCost("c", "x", CostKind.ONCE, "2026-05", ends="2026-04"), "month_unreadable"),
        (SetCost("", "x", CostKind.ONCE, "2026-05"), "cost_unnamed"), (BlockLine(A, "x" * 401), "text_too_long"),
    ],
)  # fmt: skip
def test_what_cannot_be_right_is_refused_by_its_code(office, command, code):
    """And changes nothing."""
    before = office.state.lines.copy(), office.state.waves.copy()
    assert office.refused(command) == code
    assert (office.state.lines, office.state.waves) == before
