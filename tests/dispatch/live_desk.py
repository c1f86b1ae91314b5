"""Dispatch as it runs live, on a journal in memory: time passes, timers fire, reactions ask."""

from redstick.adapters.memory import MemoryJournal
from redstick.dispatch import live
from redstick.dispatch.invariants import broken
from redstick.kernel.drivers import SynchronousDriver
from redstick.kernel.envelope import opened
from redstick.kernel.executor import Executor
from redstick.kernel.house import House
from redstick.kernel.values import Request

NOON = 1_700_000_000_000
SECOND, MINUTE, HOUR, DAY = 1_000, 60_000, 3_600_000, 86_400_000


class LiveDesk:
    """Runs commands at a time and checks the invariants after each."""

    def __init__(self):
        self.journal, self.now, self.count = MemoryJournal(), NOON, 0
        self.driver = SynchronousDriver(Executor([live]), self.journal)

    @property
    def state(self):
        """The committed fold."""
        return self.driver.executor.committed["dispatch"]

    def ask(self, command, at=None):
        """The outcome of one command; what timers and reactions ask beside it is done when it is back."""
        self.count += 1
        name = f"c{self.count}"
        outcomes = self.driver.run([Request(name, command, "tester", at)], self.now)
        assert list(broken(self.state)) == []
        return next(outcome for outcome in outcomes if outcome.request == name)

    def run(self, *commands, at=None):
        """Commands that must be accepted; the events of the last."""
        events = []
        for command in commands:
            outcome = self.ask(command, at)
            assert outcome.accepted, outcome.rejection
            events = list(outcome.events)
        return events

    def refused(self, command):
        """The code with which a command is refused."""
        outcome = self.ask(command)
        assert not outcome.accepted
        return outcome.rejection.code

    def wait(self, ms):
        """Let time pass."""
        self.now += ms
        self.driver.drain(self.now)
        assert list(broken(self.state)) == []

    def restart(self):
        """Lose everything but the journal."""
        self.driver = SynchronousDriver(Executor([live]), self.journal)
        self.driver.drain(self.now)

    def happened(self, *kinds):
        """Every event of these kinds in the journal, in order."""
        reader = House([live]).events
        found = []
        for line in self.journal.read():
            envelope = opened(line)
            if envelope.kind in {kind.event_kind for kind in kinds}:
                found.append(reader.read(envelope))
        return found
