"""Everything joined as a server joins it: a loop, a thread for the journal, one for the book, a pool for passwords."""

import asyncio
import itertools
import secrets
import sys
import time
from pathlib import Path

import pytest

from redstick.adapters.accounts.book import SqlAccountBook
from redstick.adapters.accounts.hashing import Argon2, HashingPool
from redstick.adapters.cedar import compiling
from redstick.adapters.disk import PosixDisk
from redstick.adapters.segments import SegmentJournal
from redstick.bootstrap import DOMAINS, SHIPPED_POLICIES, command_kinds
from redstick.dispatch.rules.calls import ReceiveCall
from redstick.dispatch.rules.units import EnrollUnit
from redstick.kernel.asynchronous import AsyncDriver
from redstick.kernel.authority.accounts import Account
from redstick.kernel.authority.adoption import Bootstrap
from redstick.kernel.authority.attempts import Attempts
from redstick.kernel.authority.authority import Authority
from redstick.kernel.authority.people import EnrollPerson, SuspendPerson
from redstick.kernel.authority.sessions import holds
from redstick.kernel.executor import Executor
from redstick.kernel.values import Request
from redstick.server.accounts.reading import ReadGate
from redstick.server.accounts.sessions import OwnThread, Sessions
from redstick.server.accounts.signing_in import SigningIn

sys.path.insert(0, str(Path(__file__).parent))
from front_desk import HERE, SENTENCE, SMALL

INCIDENTS = "dispatch.view.incidents"


class City:
    """One city's server, without its routes."""

    def __init__(self, folder):
        self.count = itertools.count()
        self.executor = Executor(DOMAINS, guard=Authority())
        self.driver = AsyncDriver(
            "node", self.executor, lambda: SegmentJournal(PosixDisk(folder / "journal")), self.now,
            lambda: time.monotonic_ns() // 1_000_000,
        )  # fmt: skip
        self.book, self.thread, self.pool = SqlAccountBook.in_folder(folder), OwnThread(), HashingPool(SMALL)
        self.sessions = Sessions(self.book, self.stands, secrets.token_bytes, self.thread)
        attempts = Attempts(secrets.token_bytes(16))
        self.signing_in = SigningIn(self.book, self.pool, self.sessions, attempts, self.as_house, self.thread)
        self.gate = ReadGate(self.access, self.as_house)

    def access(self):
        """The committed state of access."""
        return self.executor.committed["access"]

    def stands(self, session):
        """Whether the journal lets a session stand."""
        return holds(self.access().people, session)

    def now(self):
        """Wall time, and never less than the journal's."""
        return max(time.time_ns() // 1_000_000, self.executor.recorded_at)

    async def ask(self, command, actor, purpose=None):
        """The durable outcome of a command."""
        return await self.driver.ask(Request(f"c{next(self.count)}", command, actor, purpose=purpose))

    async def as_house(self, command):
        """The durable outcome of what the house asks."""
        return await self.ask(command, "house")

    async def close(self):
        """Write down what is in memory, and let go."""
        await self.signing_in.tidy(self.now())
        await self.gate.tidy(self.now())
        await self.driver.close()
        self.thread.close()
        self.pool.close()
        self.book.close()


async def begun(folder):
    """A city with an administrator and a dispatcher who has an account."""
    city = City(folder)
    await city.driver.start()
    found = compiling.compile_folder(SHIPPED_POLICIES, command_kinds())
    await city.ask(Bootstrap("ada", ["administrator"], found.policy, found.words.services), "ada")
    assert (await city.ask(EnrollPerson("ben", ["dispatcher"]), "ada")).accepted
    city.book.add(Account("ben", "ben.b", Argon2(SMALL).hash(SENTENCE), city.now()))
    return city


@pytest.fixture
def folder(tmp_path):
    return tmp_path


def test_a_dispatcher_comes_in_works_looks_and_is_stopped(folder):
    """Signs in, receives a call, may not enrol units, sees the floor; suspended, the next act, look and token fail."""

    async def day():
        city = await begun(folder)
        signed_in = await city.signing_in.sign_in("ben.b", SENTENCE, HERE, city.now())
        session = city.sessions.look_up(signed_in.token, city.now())
        assert (await city.ask(ReceiveCall("c1", "911"), session.person)).accepted
        assert (await city.ask(EnrollUnit("E1", "ENGINE"), session.person)).rejection.code == "not_permitted"
        reading = await city.gate.admit(session.person, INCIDENTS, None, city.now())
        assert (reading.permitted, reading.audience) == (True, "floor")
        history = await city.gate.admit(session.person, "dispatch.view.history", "floor", city.now())
        assert history.rejection.data["purposes"] == ["live_incident"]

        await city.ask(SuspendPerson("ben", "lost the console"), "ada")
        assert city.gate.stale(reading)
        assert not (await city.gate.admit(session.person, INCIDENTS, "floor", city.now())).permitted
        assert (await city.ask(ReceiveCall("c2", "911"), "ben")).rejection.data["because"] == "suspended"
        assert city.sessions.look_up(signed_in.token, city.now()) is None
        assert (await city.signing_in.sign_in("ben.b", SENTENCE, HERE, city.now())).code == "sign_in_refused"
        await city.close()

    asyncio.run(day())


def test_a_crowd_that_signs_in_at_once_is_served_or_told_busy_and_the_loop_serves_on(folder):
    """A hundred at once: each comes in or is told why not, and commands are decided meanwhile."""

    async def rush():
        city = await begun(folder)
        signing_in = [city.signing_in.sign_in("ben.b", SENTENCE, HERE, city.now()) for _ in range(100)]
        crowd = [asyncio.ensure_future(one) for one in signing_in]
        outcomes = [await city.ask(ReceiveCall(f"c{number}", "911"), "ben") for number in range(20)]
        answers = await asyncio.gather(*crowd)
        assert all(outcome.accepted for outcome in outcomes)
        codes = {getattr(answer, "code", "in") for answer in answers}
        assert "in" in codes
        assert codes <= {"in", "busy", "too_many_attempts"}
        tokens = [answer.token for answer in answers if hasattr(answer, "token")]
        held = [token for token in tokens if city.sessions.look_up(token, city.now())]
        assert len(held) <= city.sessions.limits.per_person
        await city.close()

    asyncio.run(rush())


def test_sessions_and_authority_are_there_after_a_restart(folder):
    """The token still holds, the person still may, from the journal and the book alone."""

    async def two_days():
        city = await begun(folder)
        token = (await city.signing_in.sign_in("ben.b", SENTENCE, HERE, city.now())).token
        await city.close()
        city = City(folder)
        await city.driver.start()
        assert city.sessions.look_up(token, city.now()).person == "ben"
        assert (await city.gate.admit("ben", INCIDENTS, None, city.now())).permitted
        await city.close()

    asyncio.run(two_days())
