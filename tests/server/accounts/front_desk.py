"""Everything that signs people in, joined as a server joins it: real SQLite, real argon2 (small), a real access domain.

Only the clock is ours. What runs beside the event loop elsewhere runs at once here, so that steps have one order.
"""

import asyncio
import itertools
import secrets

import argon2

from redstick.adapters.accounts.book import SqlAccountBook
from redstick.adapters.accounts.hashing import Argon2
from redstick.adapters.memory import MemoryJournal
from redstick.kernel.authority import domain
from redstick.kernel.authority.accounts import Account, Busy
from redstick.kernel.authority.adoption import Bootstrap
from redstick.kernel.authority.attempts import Attempts
from redstick.kernel.authority.authority import Authority
from redstick.kernel.authority.people import EnrollPerson
from redstick.kernel.authority.policy import Cells, Policy, Purpose
from redstick.kernel.authority.sessions import SessionLimits, holds
from redstick.kernel.drivers import SynchronousDriver
from redstick.kernel.envelope import opened
from redstick.kernel.executor import Executor
from redstick.kernel.values import Request
from redstick.server.accounts.sessions import Sessions
from redstick.server.accounts.signing_in import SigningIn

NOON = 1_700_000_000_000
MINUTE = 60_000
HERE, ELSEWHERE = "192.0.2.7", "198.51.100.9"
SENTENCE = "eleven quiet engines"
SMALL = argon2.Parameters(
    type=argon2.Type.ID, version=19, salt_len=16, hash_len=32, time_cost=1, memory_cost=8, parallelism=1
)
RULING = [*(f"access.{verb}_person" for verb in ("enroll", "suspend", "restore")), "access.grant_role",
          "access.adopt_policy"]  # fmt: skip
KEEPING = ["access.record_sign_in", "access.record_sign_out", "access.record_sign_in_failed", "access.end_sessions"]
POLICY = Policy(
    texts=[],
    roles=["administrator", "house"],
    audiences=[],
    purposes=[Purpose("none")],
    permits=[
        *(Cells("administrator", kind, ["none"]) for kind in RULING),
        *(Cells("house", kind, ["none"]) for kind in KEEPING),
    ],
)


async def at_once(work, *arguments):
    """Runs work here and now."""
    return work(*arguments)


class PasswordsHere(Argon2):
    """The real argon2, in this process and at once; `full` when it shall say busy."""

    full = False

    async def hash(self, password):
        """The PHC form of a password."""
        self.refuse_if_full()
        return super().hash(password)

    async def verify(self, stored, password):
        """Whether a password belongs to a hash."""
        self.refuse_if_full()
        return super().verify(stored, password)

    def refuse_if_full(self):
        """Say busy."""
        if self.full:
            raise Busy("full")


class FrontDesk:
    """Where people sign in; `now` moves only by hand."""

    def __init__(self, folder, limits=None, entropy=secrets.token_bytes):
        self.now, self.count, self.folder, self.entropy = NOON, itertools.count(), folder, entropy
        self.limits = limits or SessionLimits()
        self.journal = MemoryJournal()
        self.driver = SynchronousDriver(Executor([domain], guard=Authority()), self.journal)
        self.book = SqlAccountBook.in_folder(folder)
        self.passwords = PasswordsHere(SMALL)
        self.attempts = Attempts(b"salt")
        self.command(Bootstrap("ada", ["administrator"], POLICY, {"house": ["house"]}), "nobody")
        self.open()

    def open(self):
        """Begin with what the book keeps, as after a restart."""
        self.sessions = Sessions(self.book, self.stands, self.entropy, at_once, self.limits)
        self.signing_in = SigningIn(self.book, self.passwords, self.sessions, self.attempts, self.as_house, at_once)

    def close(self):
        """Let go of the book."""
        self.book.close()

    def stands(self, session):
        """What the journal says of a session."""
        return holds(self.driver.executor.committed["access"].people, session)

    def command(self, command, actor="ada"):
        """The outcome of a command."""
        [outcome] = self.driver.run([Request(f"c{next(self.count)}", command, actor)], self.now)
        return outcome

    async def as_house(self, command):
        """The outcome of what the house asks."""
        return self.command(command, "house")

    def enroll(self, person, name):
        """A person with an account."""
        assert self.command(EnrollPerson(person)).accepted
        self.book.add(Account(person, name, Argon2(SMALL).hash(SENTENCE), self.now))

    def sign_in(self, name, password=SENTENCE, address=HERE, instead_of=None):
        """The answer to one attempt."""
        return asyncio.run(self.signing_in.sign_in(name, password, address, self.now, instead_of))

    def who(self, token):
        """The person of a token now, or None."""
        session = self.sessions.look_up(token, self.now)
        return session and session.person

    def journaled(self, kind):
        """The events of one kind, in order."""
        read = self.driver.executor.house.events.read
        return [read(envelope) for envelope in map(opened, self.journal.read()) if envelope.kind == kind]
