"""A dispatch domain on a journal in memory, spoken to in commands."""

import pytest

from redstick.adapters.memory import MemoryJournal
from redstick.dispatch import domain
from redstick.dispatch.invariants import broken
from redstick.kernel.drivers import SynchronousDriver
from redstick.kernel.executor import Executor
from redstick.kernel.values import Request

NOON = 1_700_000_000_000
MINUTE, HOUR = 60_000, 3_600_000


class Desk:
    """Runs commands at a time and checks the invariants after each."""

    def __init__(self):
        self.journal = MemoryJournal()
        self.driver = SynchronousDriver(Executor([domain]), self.journal)
        self.now, self.count = NOON, 0

    @property
    def state(self):
        """The committed fold."""
        return self.driver.executor.committed["dispatch"]

    def ask(self, command, at=None):
        """The outcome of one command."""
        self.count += 1
        [outcome] = self.driver.run([Request(f"c{self.count}", command, "tester", at)], self.now)
        assert list(broken(self.state)) == []
        return outcome

    def run(self, command, at=None):
        """The events of a command that must be accepted."""
        outcome = self.ask(command, at)
        assert outcome.accepted, outcome.rejection
        return list(outcome.events)

    def refused(self, command, at=None):
        """The code with which a command is refused."""
        outcome = self.ask(command, at)
        assert not outcome.accepted
        return outcome.rejection.code


@pytest.fixture
def desk():
    return Desk()
