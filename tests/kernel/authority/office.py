"""An access domain on a journal in memory, guarded by its own authority, and a small policy to rule by."""

import itertools

from redstick.adapters.memory import MemoryJournal
from redstick.kernel.authority import domain
from redstick.kernel.authority.authority import Authority
from redstick.kernel.authority.invariants import broken
from redstick.kernel.authority.policy import Cells, Policy, PolicyText, Purpose
from redstick.kernel.drivers import SynchronousDriver
from redstick.kernel.executor import Executor
from redstick.kernel.values import Request

NOON = 1_700_000_000_000
MINUTE = 60_000
ANY = ["none", "audit", "open_case"]
RULING = [f"access.{verb}" for verb in ("adopt_policy", "enroll_person", "grant_role", "revoke_role", "suspend_person",
                                        "restore_person")]  # fmt: skip
RECORDING = [f"access.record_{what}" for what in ("read_allowed", "read_refused", "sign_in", "sign_out",
                                                  "sign_in_failed")]  # fmt: skip


def make_policy(**changed):
    """Administrators rule, clerks read history for a purpose, watchers look; auditors may command nothing."""
    values = {
        "texts": [PolicyText("house.cedar", "0" * 64)],
        "roles": ["administrator", "auditor", "clerk", "rescuer", "house", "watcher"],
        "audiences": ["floor", "public"],
        "purposes": [Purpose("none"), Purpose("audit"), Purpose("open_case", reference=True)],
        "permits": [
            *(Cells("administrator", action, ["none"]) for action in RULING),
            *(Cells("house", action, ["none"]) for action in RECORDING),
            Cells("clerk", "access.break_glass", ["none"]),
            Cells("watcher", "access.end_emergency", ["none"]),
            Cells("clerk", "demo.view.history", ["open_case"], "floor"),
            Cells("clerk", "demo.view.history", ANY, "public"),
            Cells("watcher", "demo.view.board", ANY, "floor"),
            Cells("rescuer", "demo.view.board", ANY, "floor"),
            Cells("watcher", "demo.view.board", ANY, "public"),
        ],
        "forbids": [Cells("auditor", action, ANY) for action in RULING],
        "emergency_role": "rescuer",
        "emergency_ms": 30 * MINUTE,
    }
    return Policy(**{**values, **changed})


class Office:
    """Runs commands as somebody, at a time, and checks the invariants after each."""

    def __init__(self):
        self.journal = MemoryJournal()
        self.driver = SynchronousDriver(Executor([domain], guard=Authority()), self.journal)
        self.authority = Authority()
        self.now, self.count = NOON, itertools.count()

    @property
    def state(self):
        """The committed fold."""
        return self.driver.executor.committed["access"]

    def ask(self, command, actor="ada", purpose=None):
        """The outcome of one command."""
        request = Request(f"c{next(self.count)}", command, actor, purpose=purpose)
        [outcome] = self.driver.run([request], self.now)
        assert list(broken(self.state)) == []
        return outcome

    def run(self, command, actor="ada"):
        """The kinds of the events of a command that must be accepted."""
        outcome = self.ask(command, actor)
        assert outcome.accepted, outcome.rejection
        return [event.event_kind for event in outcome.events]

    def refused(self, command, actor="ada", purpose=None):
        """The rejection of a command that must be refused."""
        outcome = self.ask(command, actor, purpose)
        assert not outcome.accepted
        return outcome.rejection

    def read(self, actor, view, audience="floor", purpose=None):
        """The answer of authority to a read."""
        return self.authority.may_read(self.state, actor, view, audience, purpose)
