"""Savings alone, on a journal in memory; and bills that are made up."""

from hashlib import sha256

from redstick.adapters.memory import MemoryJournal
from redstick.kernel.drivers import SynchronousDriver
from redstick.kernel.executor import Executor
from redstick.kernel.system import NothingChanged
from redstick.kernel.values import Request
from redstick.savings import domain
from redstick.savings.invariants import broken
from redstick.savings.kinds import Step
from redstick.savings.reads.standing import accounts_of
from redstick.savings.rules.bills import Asked, Charge, TakeBills
from redstick.savings.rules.cutovers import TakeStep
from redstick.savings.rules.lines import Amounts, line_of
from redstick.savings.rules.waves import PlanWave, ScheduleLines, Way

NOON = 1_700_000_000_000
TELCO = "Lakeshore Telephone"
ONE, TWO, THREE = "2255550101", "2255550102", "2255550103"
A = line_of(TELCO, ONE)
NOTHING = Amounts()


class Office:
    """Savings on its own; every state is checked."""

    def __init__(self):
        self.driver, self.count = SynchronousDriver(Executor([domain]), MemoryJournal()), 0

    @property
    def state(self):
        """The committed fold."""
        return self.driver.executor.committed["savings"]

    def ask(self, command):
        """The outcome of one command."""
        self.count += 1
        [outcome] = self.driver.run([Request(f"c{self.count}", command, "tester")], NOON + self.count)
        assert list(broken(self.state)) == []
        return outcome

    def events(self, *commands):
        """The events of commands that must be accepted."""
        found = []
        for command in commands:
            outcome = self.ask(command)
            assert outcome.accepted, outcome.rejection
            found += [event for event in outcome.events if not isinstance(event, NothingChanged)]
        return found

    def refused(self, command):
        """The code of a refusal."""
        outcome = self.ask(command)
        assert outcome.rejection is not None, outcome.events
        return outcome.rejection.code

    def line(self, circuit=ONE):
        """What the bills say of a line."""
        return next(one for one in accounts_of(self.state) if one.line.circuit == circuit)

    def off(self, circuit, day, wave="w"):
        """A line is planned in a wave, and disconnected on a day."""
        if wave not in self.state.waves:
            self.events(PlanWave(wave, "Wave", "An office", "2026-01-01", "2026-01-31"))
        line = line_of(TELCO, circuit)
        self.events(ScheduleLines(wave, (line,), Way.DISCONNECT), TakeStep(line, Step.DISCONNECTED, day))


def bill(month, *circuits, cents=4_000, account="77", released=(), rest=NOTHING):
    """A statement of one account and month that charges each of these lines as much; credits for those `released`."""
    charges = [Charge(one, Amounts(cents, cents // 10), row) for row, one in enumerate(circuits, start=2)]
    charges += [Charge(one, Amounts(released=-500), 90) for one in released]
    asked = Asked(TELCO, account, month, tuple(charges), rest)
    return TakeBills(sha256(repr(asked).encode()).hexdigest(), f"{month}.csv", (asked,))
