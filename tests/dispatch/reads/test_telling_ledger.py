"""What can be looked up later of telling people: each test states one fact."""

import pytest
from tests.dispatch.live_desk import DAY, HOUR, MINUTE, LiveDesk

from redstick.adapters.ledgers import SqlLedger, open_database
from redstick.dispatch import live
from redstick.dispatch.alerting.paths import Path, PathKind, Step
from redstick.dispatch.cards.card import PaperCard, UnitLine
from redstick.dispatch.cards.entering import requests_of
from redstick.dispatch.place import Place
from redstick.dispatch.reads.projections import LEDGER
from redstick.dispatch.rules.alerts import ReportReceipt
from redstick.dispatch.rules.assignments import AssignUnits
from redstick.dispatch.rules.cards import EnterCard, ReserveCards
from redstick.dispatch.rules.cautions import About, Caution, EnterCaution, Shape, ViewCaution
from redstick.dispatch.rules.command_board import Benchmark, MarkBenchmark, TakeBackBenchmark
from redstick.dispatch.rules.incidents import OpenIncident
from redstick.dispatch.rules.recipients import EnrollRecipient
from redstick.dispatch.rules.rotation import (
    Answer,
    AnswerRotation,
    Listed,
    OfferRotation,
    RequestContractor,
    SetRotation,
)
from redstick.dispatch.rules.triage import SetDeterminant, SignProtocol
from redstick.dispatch.rules.units import EnrollUnit, ReportStatus
from redstick.kernel.house import House
from redstick.kernel.ledgers import catch_up


@pytest.fixture
def desk():
    """An engine in quarters, an incident."""
    desk = LiveDesk()
    desk.run(EnrollUnit("E2"), ReportStatus("E2", "AQ"), OpenIncident("i"))
    return desk


def rows(desk, table):
    """The rows of a table as they stand, without their bookkeeping."""
    ledger = SqlLedger(open_database(None), LEDGER)
    catch_up(ledger, desk.journal, House([live]))
    return ledger.rows(table)


def test_an_alert_is_looked_up_with_every_step(desk):
    """When it was raised, on which paths it was tried, what each provider said, and how it ended."""
    desk.run(EnrollRecipient("s", "E2", [Path(PathKind.STATION, "2"), Path(PathKind.PAGER, "4711")]))
    desk.run(AssignUnits("i", ["E2"]))
    desk.wait(30_000)
    name = "i/E2/1/dispatch/s"
    desk.run(ReportReceipt("i", name, f"{name}/1", Step.SENT, "ok"))
    desk.wait(1_000)
    desk.run(ReportReceipt("i", name, f"{name}/1", Step.DELIVERED, "ack 7"))
    [alert] = rows(desk, "alerts")
    assert (alert["standing"], alert["settled_at"] - alert["raised_at"]) == ("alerted", 31_000)
    assert "ack 7" in alert["evidence"]
    steps = [(row["attempt"][-1], row["step"], row["evidence"]) for row in rows(desk, "alert_steps")]
    assert sorted(steps) == [("0", "queued", ""), ("1", "delivered", "ack 7"), ("1", "queued", ""), ("1", "sent", "ok")]


def test_every_look_at_a_sensitive_caution_is_a_row(desk):
    """Who, when, what for."""
    secret = Caution("c", Shape.CAUTION, About.PLACE, "x", "y", "s", "a", 0, desk.now + DAY, Place("z"), sensitive=True)
    desk.run(EnterCaution(secret), ViewCaution("c", "Ana", "i"), ViewCaution("c", "Ana", "i"))
    assert [(row["by"], row["incident"], row["at"]) for row in rows(desk, "caution_looks")] == [
        ("Ana", "i", desk.now)
    ] * 2


def test_turns_can_be_counted_by_anybody(desk):
    """Refusals with their reason; an owner's wish is no turn."""
    desk.run(SetRotation("r", "tow", "north", [Listed("A"), Listed("B")]), OfferRotation("r", "1", "i"))
    desk.run(AnswerRotation("r", "1", Answer.REFUSED, "Ana", "no driver"), RequestContractor("r", "A", "i", "Ana"))
    turns = [
        (row["contractor"], row["answer"], bool(row["turn"]), row["reason"]) for row in rows(desk, "rotation_turns")
    ]
    assert sorted(turns) == [("A", "owner", False, ""), ("A", "refused", True, "no driver")]


def test_marks_and_determinants_are_kept_with_what_was_before(desk):
    """A benchmark that was taken back, a determinant that changed."""
    desk.run(MarkBenchmark("i", Benchmark.WATER_ON_FIRE, "BC1"))
    desk.run(TakeBackBenchmark("i", Benchmark.WATER_ON_FIRE, "BC1", "other side"))
    desk.run(SignProtocol("p", "1", "a" * 64, "Dr. Cole", "MD-1"))
    desk.run(SetDeterminant("i", "p", "a" * 64, "A-1"), SetDeterminant("i", "p", "a" * 64, "D-2"))
    assert [row["taken_back"] for row in rows(desk, "benchmarks")] == ["", "other side"]
    assert [(row["determinant"], row["version"]) for row in rows(desk, "determinants")] == [("A-1", "1"), ("D-2", "1")]


def test_an_incident_on_paper_is_measured_by_its_true_times_and_tagged(desk):
    """Received to dispatched is what the card says, though it was entered a day later; card and clerk stand beside."""
    desk.run(ReserveCards("seat 1", 5))
    began = desk.now + HOUR
    desk.wait(DAY)
    line = UnitLine("E2", began + 2 * MINUTE, None, began + 8 * MINUTE, began + HOUR)
    card = PaperCard("P-1", began + MINUTE, "12 Oak St", received_at=began, units=[line])
    desk.run(EnterCard("e", "paper", card, "Cleo"))
    outcomes = desk.driver.run(requests_of("e", "paper", card, "clerk"), desk.now)
    assert [outcome.rejection for outcome in outcomes if not outcome.accepted] == []
    [call] = rows(desk, "calls")
    times = {row["stamp"]: row["true_at"] for row in rows(desk, "assignment_times")}
    assert times["dispatched"] - call["received_at"] == 2 * MINUTE
    assert times["on_scene"] - call["received_at"] == 8 * MINUTE
    assert "en_route" not in times  # it was not written, and is not made up
    [paper] = rows(desk, "paper")
    assert (paper["incident"], paper["card"], paper["clerk"], paper["entered_at"]) == (
        "paper",
        "P-000001",
        "Cleo",
        desk.now,
    )
