"""The desk of the robots: each test states one fact."""

import pytest
from numpy.random import PCG64, Generator

from redstick.adapters.memory import MemoryJournal
from redstick.bootstrap import open_in_memory
from redstick.dispatch import live
from redstick.dispatch.rules.assignments import AssignUnits
from redstick.dispatch.rules.incidents import CloseIncident, OpenIncident
from redstick.dispatch.rules.recipients import EnrollRecipient
from redstick.dispatch.rules.units import EnrollUnit, ReportStatus
from redstick.kernel.drivers import SynchronousDriver
from redstick.kernel.executor import Executor
from redstick.simulation.desk import JournaledDesk


@pytest.fixture
def desk():
    """A desk on an empty journal in memory."""
    return JournaledDesk(open_in_memory(), Generator(PCG64(1)))


def test_outcomes_come_in_the_order_of_the_commands(desk):
    """Accepted, refused, accepted: each answer stands where its command stood."""
    outcomes = []
    asked = [EnrollUnit("E1"), ReportStatus("E9", "AQ"), ReportStatus("E1", "AQ")]
    desk.ask(1000, "roster", asked, outcomes.extend)
    assert [outcome.accepted for outcome in outcomes] == [True, False, True]


def test_what_was_answered_is_in_the_committed_fold(desk):
    """No outcome before the fold that everyone sees."""
    desk.ask(1000, "roster", [EnrollUnit("E1", "engine")])
    assert desk.state.units["E1"].kind == "engine"


def test_two_desks_of_one_seed_write_one_journal():
    """Command ids follow from the seed, so the chains are equal to the last hash."""
    heads = []
    for _ in range(2):
        driver = open_in_memory()
        JournaledDesk(driver, Generator(PCG64(3))).ask(1000, "roster", [EnrollUnit("E1"), EnrollUnit("M1")])
        heads.append(driver.executor.durable)
    assert heads[0] == heads[1]


def test_what_timers_and_reactions_asked_is_no_answer_to_a_command():
    """On a live city an alert is raised between two answers; each command still has its own."""
    driver = SynchronousDriver(Executor([live]), MemoryJournal())
    desk = JournaledDesk(driver, Generator(PCG64(1)))
    desk.ask(1000, "roster", [EnrollUnit("E1"), ReportStatus("E1", "AQ"), EnrollRecipient("crew", "E1", [])])
    asked = [OpenIncident("i"), AssignUnits("i", ["E1"]), AssignUnits("i", ["E9"]), CloseIncident("i", "Handled")]
    outcomes = []
    desk.ask(100_000_000, "dispatch:1", asked, outcomes.extend)
    codes = [outcome.rejection.code if outcome.rejection else "" for outcome in outcomes]
    assert codes == ["", "", "unit_unknown", "units_still_assigned"]
