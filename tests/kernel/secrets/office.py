"""A records office for the tests of secrets: sealed notes on cases, a ring, a vault, a clock that is turned by hand."""

import itertools
import random

import msgspec

from redstick.adapters.keys.memory import MemoryKeyRing
from redstick.adapters.memory import MemoryJournal
from redstick.kernel import secrets
from redstick.kernel.domain import Domain
from redstick.kernel.drivers import SynchronousDriver
from redstick.kernel.executor import Executor
from redstick.kernel.secrets.classes import DeclareClass
from redstick.kernel.secrets.erasure import carry_out
from redstick.kernel.secrets.invariants import broken
from redstick.kernel.secrets.periods import Length
from redstick.kernel.secrets.retention import Expunge, KeyDestroyed
from redstick.kernel.secrets.sealed import Sealed
from redstick.kernel.secrets.state import RetentionClass, key_name
from redstick.kernel.secrets.vault import Vault
from redstick.kernel.values import Command, Event, Rejection, Request, command, event

DAY = 24 * 3600 * 1000
BEGIN = 1_793_491_200_000  # 2026-11-01 00:00 UTC
CALLS = RetentionClass(
    "call-audio", Length.MONTH, keep_ms=30 * DAY, backups_ms=14 * DAY, authority="Schedule 7, line 3"
)
PLATES = RetentionClass("plate-reads", Length.DAY, keep_ms=2 * DAY, backups_ms=DAY, authority="Ordinance 19")
FIELD = "note.text"


@event("casebook.noted", subjects=("case",))
class Noted(Event, frozen=True):
    """Somebody said something on a case."""

    case: str
    text: Sealed


@command("casebook.note")
class Note(Command, frozen=True):
    """Write down what somebody said on a case."""

    case: str
    text: Sealed


class Casebook(msgspec.Struct):
    """Handles by case."""

    notes: dict[str, list[Sealed]] = {}


def apply_noted(state, happened, at):
    """Keep the handle."""
    state.notes.setdefault(happened.case, []).append(happened.text)


casebook = Domain(
    "casebook", Casebook, {Note: lambda state, asked, now: [Noted(asked.case, asked.text)]}, {Noted: apply_noted}
)


def permit(audience, field, purpose):
    """The floor may see notes for an open case; nobody else anything."""
    if (audience, field, purpose) == ("floor", FIELD, "open_case"):
        return None
    return Rejection("not_permitted", {"audience": audience})


class Office:
    """Runs commands, carries out what was destroyed, and checks the invariants after each."""

    def __init__(self, journal=None, ring=None, *, erasing=True):
        self.entropy = random.Random(7).randbytes
        self.ring = ring or MemoryKeyRing(self.entropy)
        self.journal = journal or MemoryJournal()
        self.now, self.count, self.erasing = BEGIN, itertools.count(), erasing
        self.open()

    def open(self):
        """Start, or start anew, from the journal."""
        self.driver = SynchronousDriver(Executor([secrets.domain, casebook]), self.journal)
        self.destroyed = True
        self.driver.listen(self.listen)
        self.vault = Vault("operations", self.ring, lambda: self.state, permit, self.entropy)
        self.erase()

    def listen(self, facts):
        """A key was destroyed: the ring must let go of it."""
        self.destroyed |= any(isinstance(fact.event, KeyDestroyed) for fact in facts)

    @property
    def state(self):
        """The committed fold of secrets."""
        return self.driver.executor.committed["secrets"]

    def ask(self, asked):
        """The outcome of a command."""
        [outcome] = [one for one in self.driver.run([Request(f"r{next(self.count)}", asked, "clerk")], self.now)
                     if one.request.startswith("r")]  # fmt: skip
        self.settle()
        return outcome

    def done(self, asked):
        """The kinds of the events of a command that must be accepted."""
        outcome = self.ask(asked)
        assert outcome.accepted, outcome.rejection
        return [event.event_kind.partition(".")[2] for event in outcome.events]

    def refused(self, asked):
        """The code of the rejection of a command that must be refused."""
        return self.ask(asked).rejection.code

    def wait(self, days):
        """Let time pass, a day at a time, so that every timer is decided when it is due."""
        for _ in range(days):
            self.now += DAY
            self.driver.drain(self.now)
            self.settle()

    def settle(self):
        """Erase, and hold the state to its invariants."""
        if self.erasing:
            self.erase()
        assert list(broken(self.state)) == []

    def erase(self):
        """Carry out what was destroyed since the last time."""
        if self.destroyed:
            self.destroyed = False
            self.driver.run(list(carry_out(self.state, self.ring)), self.now)

    def declare(self, *classes):
        """Declare retention classes."""
        for one in classes or (CALLS, PLATES):
            self.done(DeclareClass(one))

    def note(self, case, text, retention_class="call-audio"):
        """Seal a text and write it down; gives the handle."""
        handle = self.vault.seal(case, FIELD, retention_class, text, self.now)
        assert isinstance(handle, str), handle
        self.done(Note(case, handle))
        return handle

    def read(self, case, handle, audience="floor", purpose="open_case"):
        """What is shown: the text, or the code of the rejection."""
        shown = self.vault.open_sealed(handle, case, FIELD, audience, purpose)
        return shown.code if isinstance(shown, Rejection) else shown

    def expunge(self, case, order="Docket 12"):
        """Ask for an expungement of everything that the ring has of a case."""
        return Expunge(case, [key_name(*place) for place in self.ring.periods_of(case)], order)
