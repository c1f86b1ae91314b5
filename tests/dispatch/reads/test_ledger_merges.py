"""Merges in the ledger: each test states one fact."""

import pytest

from redstick.adapters.ledgers import SqlLedger, open_database
from redstick.adapters.memory import MemoryJournal
from redstick.dispatch import domain
from redstick.dispatch.reads.projections import LEDGER
from redstick.dispatch.rules.assignments import AssignUnits, CorrectTime, ReleaseUnit
from redstick.dispatch.rules.calls import AbandonCall, ReceiveCall
from redstick.dispatch.rules.incidents import OpenIncident
from redstick.dispatch.rules.links import MergeIncidents, SplitIncident
from redstick.dispatch.rules.units import EnrollUnit, ReportStatus
from redstick.kernel.drivers import SynchronousDriver
from redstick.kernel.executor import Executor
from redstick.kernel.house import House
from redstick.kernel.ledgers import catch_up
from redstick.kernel.values import Request

NOON, MINUTE = 1_700_000_000_000, 60_000


@pytest.fixture
def told():
    """Asks commands, a minute apart, and gives the ledger behind them."""
    journal = MemoryJournal()
    driver = SynchronousDriver(Executor([domain]), journal)
    asked = []

    def ask(*commands):
        for command in commands:
            asked.append(command)
            [outcome] = driver.run([Request(f"c{len(asked)}", command, "ada")], NOON + len(asked) * MINUTE)
            assert outcome.accepted, outcome.rejection
        ledger = SqlLedger(open_database(None), LEDGER)
        catch_up(ledger, journal, House([domain]))
        return ledger

    return ask


FIRES = (
    EnrollUnit("E2"), ReportStatus("E2", "AQ"), ReceiveCall("b", "911"), OpenIncident("i"), OpenIncident("j", call="b"),
    AssignUnits("j", ["E2"]), ReportStatus("E2", "ENR"),
)  # fmt: skip


def timelines(ledger):
    """Assignments with their times, by incident; rows that were left behind have none."""
    rows = [row for row in ledger.rows("assignments") if row["ending"] != "moved"]
    times = ledger.rows("assignment_times")
    return {
        row["incident"]: {time["stamp"]: time["true_at"] for time in times if time["line"] == row["line"]}
        for row in rows
    }


def test_a_timeline_goes_over_with_its_times_and_comes_back(told):
    """It is counted once, with the incident that has it: never twice, never at the time of the merge."""
    [times] = timelines(told(*FIRES)).values()
    merged = told(MergeIncidents("i", "j"))
    assert timelines(merged) == {"i": times}
    assert [row["incident"] for row in merged.rows("calls")] == ["i"]
    assert [row["true_at"] for row in merged.rows("assignment_times") if row["incident"] == "j"] == [None] * len(times)
    assert timelines(told(SplitIncident("i", "j", "two fires"))) == {"j": times}


def test_a_call_that_is_owed_a_callback_says_so(told):
    """In its row."""
    ledger = told(ReceiveCall("a", "911", callback="225-555-0100"), AbandonCall("a"))
    assert [row["state"] for row in ledger.rows("calls")] == ["callback_queued"]


def test_what_a_split_gives_back_stands_where_it_stood(told):
    """The row of the unit's part is the one it was, before those of units that were sent after it."""
    further = (EnrollUnit("M4"), ReportStatus("M4", "AQ"), AssignUnits("j", ["M4"]))
    before = [(row["unit"], row["line"]) for row in told(*FIRES, *further).rows("assignments")]
    ledger = told(ReleaseUnit("j", "M4"), MergeIncidents("i", "j"), SplitIncident("i", "j", "two fires"))
    there = [(row["unit"], row["line"]) for row in ledger.rows("assignments") if row["ending"] != "moved"]
    assert sorted(there) == sorted(before)


def test_a_time_is_corrected_where_the_unit_works_behind_a_split(told):
    """Its part before the merge counts again for the incident that went on, and takes the correction."""
    again = (AssignUnits("i", ["E2"]), ReleaseUnit("i", "E2"), AssignUnits("j", ["E2"]))
    ledger = told(
        *FIRES[:-2], *again, MergeIncidents("i", "j"), SplitIncident("i", "j", "two fires"),
        CorrectTime("i", "E2", "on_scene", NOON, "never pressed"),
    )  # fmt: skip
    assert timelines(ledger)["i"]["on_scene"] == NOON
    assert "on_scene" not in timelines(ledger)["j"]
