"""Comms on a journal in memory, alone or with the floor beside it: time passes, timers fire, reactions ask."""

from redstick.adapters.memory import MemoryJournal
from redstick.comms import live as comms
from redstick.comms.invariants import broken
from redstick.comms.rules.agents import SignOnAgent
from redstick.comms.rules.legs import EndLeg, OfferLeg
from redstick.dispatch import live as dispatch
from redstick.dispatch.invariants import broken as broken_floor
from redstick.dispatch.rules.calls import AnswerCall
from redstick.kernel.drivers import SynchronousDriver
from redstick.kernel.envelope import opened
from redstick.kernel.executor import Executor
from redstick.kernel.house import House
from redstick.kernel.system import NothingChanged
from redstick.kernel.values import Request
from redstick.published.comms import Arrival, LineKind

NOON = 1_700_000_000_000
SECOND, MINUTE = 1_000, 60_000


class Switchboard:
    """Comms as it runs live; the invariants are looked at after every command."""

    DOMAINS = (comms,)

    def __init__(self):
        self.journal, self.now, self.count = MemoryJournal(), NOON, 0
        self.driver = SynchronousDriver(Executor(self.DOMAINS), self.journal)

    @property
    def state(self):
        """The committed fold."""
        return self.driver.executor.committed["comms"]

    def ask(self, command):
        """The outcome of one command; what timers and reactions ask beside it is done when it is back."""
        self.count += 1
        name = f"c{self.count}"
        outcomes = self.driver.run([Request(name, command, "tester")], self.now)
        self.look()
        return next(outcome for outcome in outcomes if outcome.request == name)

    def look(self):
        """What always holds, holds."""
        assert list(broken(self.state)) == []

    def events(self, command):
        """The events of a command that must be accepted."""
        outcome = self.ask(command)
        assert outcome.accepted, outcome.rejection
        return [event for event in outcome.events if not isinstance(event, NothingChanged)]

    def refused(self, command):
        """The code of a refusal."""
        return self.ask(command).rejection.code

    def wait(self, ms):
        """Let time pass."""
        self.now += ms
        self.driver.drain(self.now)
        self.look()

    def restart(self):
        """Lose everything but the journal."""
        self.driver = SynchronousDriver(Executor(self.DOMAINS), self.journal)
        self.driver.drain(self.now)

    def told(self, *kinds):
        """Every event of these kinds, in the order of the journal."""
        reader, declared = House(self.DOMAINS).events, {kind.event_kind for kind in kinds}
        lines = (opened(line) for line in self.journal.read(0))
        events = (reader.read(line) for line in lines if line.kind in declared)
        return [event for event in events if isinstance(event, kinds)]

    def ring(self, leg, line=LineKind.EMERGENCY, number="", **more):
        """Somebody calls."""
        call = f"call-{leg}" if line is LineKind.EMERGENCY else ""
        return self.events(OfferLeg(leg, Arrival(line=line, number=number, **more), call))

    def sit(self, *seats, **more):
        """Agents sign on, a second apart."""
        for seat in seats:
            self.wait(SECOND)
            self.events(SignOnAgent(seat, **more))

    def offered(self):
        """Whom each caller in line is offered to."""
        return {one.leg: one.offered for one in self.state.waiting.values() if one.offered}

    def hang_up(self, leg, cause="bye"):
        """The caller does."""
        return self.events(EndLeg(leg, "them", cause))


class City(Switchboard):
    """With the floor beside it, as a city has both."""

    DOMAINS = (dispatch, comms)

    @property
    def floor(self):
        """The committed fold of dispatch."""
        return self.driver.executor.committed["dispatch"]

    def look(self):
        """What always holds of either, holds."""
        assert list(broken(self.state)) == []
        assert list(broken_floor(self.floor)) == []

    def answer(self, leg, seat):
        """A seat answers on the floor."""
        return self.events(AnswerCall(f"call-{leg}", seat))
