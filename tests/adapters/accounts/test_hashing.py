"""Passwords with the real argon2, under small parameters: right, wrong, nobody's, outdated, and a full pool."""

import asyncio
import os
import signal
import threading
import unicodedata

import argon2
import pytest

from redstick.adapters.accounts.hashing import OWASP, Argon2, HashingPool
from redstick.adapters.accounts.worker import LOWEST_RANK
from redstick.kernel.authority.accounts import Busy

SMALL = argon2.Parameters(
    type=argon2.Type.ID, version=19, salt_len=16, hash_len=32, time_cost=1, memory_cost=8, parallelism=1
)
SENTENCE = "eleven quiet engines"


def test_the_parameters_are_those_of_owasp():
    """Argon2id with at least 19 MiB, two passes and one lane, as the password storage cheat sheet asks."""
    assert (OWASP.type, OWASP.memory_cost, OWASP.time_cost, OWASP.parallelism) == (argon2.Type.ID, 19 * 1024, 2, 1)


def test_the_right_password_and_no_other():
    """Each hash has its own salt; a wrong password, an empty hash and a torn one are all just wrong."""
    passwords = Argon2(SMALL)
    stored = passwords.hash(SENTENCE)
    assert stored.startswith("$argon2id$")
    assert stored != passwords.hash(SENTENCE)
    assert passwords.verify(stored, SENTENCE)
    assert not passwords.verify(stored, SENTENCE + " ")
    assert not passwords.verify(stored[:-4], SENTENCE)
    assert not passwords.verify("plain text", SENTENCE)


def test_nobodys_password_is_hashed_all_the_same():
    """Where there is no hash, one made under the same parameters is checked; even its own password is wrong."""
    passwords = Argon2(SMALL)
    assert argon2.extract_parameters(passwords.decoy) == SMALL
    checked = []
    hasher = passwords._hasher
    passwords._hasher = type(
        "Spy", (), {"verify": lambda self, *given: checked.append(given) or hasher.verify(*given)}
    )()
    assert not passwords.verify("", "nobody's")
    assert not passwords.verify("", SENTENCE)
    assert [stored for stored, _ in checked] == [passwords.decoy] * 2


def test_the_same_letters_are_the_same_password():
    """An accent typed as one character or as two gives the same hash."""
    passwords = Argon2(SMALL)
    composed = "café au lait tonight"
    assert passwords.verify(passwords.hash(composed), unicodedata.normalize("NFD", composed))


def test_a_hash_under_older_parameters_is_outdated():
    """And one under these is not."""
    stored = Argon2(SMALL).hash(SENTENCE)
    assert Argon2(OWASP).outdated(stored)
    assert not Argon2(SMALL).outdated(stored)


class Stopped(HashingPool):
    """A pool whose worker waits until it is let go."""

    def __init__(self, **limits):
        super().__init__(SMALL, **limits)
        self.gate, ask = threading.Event(), self._worker.ask
        self._worker.ask = lambda *question: self.gate.wait(10) and ask(*question)


@pytest.fixture
def pool():
    made = HashingPool(SMALL)
    yield made
    made.close()


def test_a_full_pool_says_busy_and_takes_up_again():
    """One works, two wait, the fourth is told Busy at once; when those are done there is room again."""

    async def crowd():
        pool = Stopped(waiting=2)
        inside = [asyncio.ensure_future(pool.hash(SENTENCE)) for _ in range(3)]
        await asyncio.sleep(0)
        with pytest.raises(Busy):
            await pool.hash(SENTENCE)
        pool.gate.set()
        hashes = await asyncio.gather(*inside)
        again = await pool.hash(SENTENCE)
        pool.close()
        with pytest.raises(Busy):
            await pool.hash(SENTENCE)
        return [*hashes, again]

    assert all(Argon2(SMALL).verify(stored, SENTENCE) for stored in asyncio.run(crowd()))


def test_whoever_stops_waiting_gives_the_place_back():
    """A sign-in whose browser has gone away is not worked on and takes nobody's place."""

    async def leaving():
        pool = Stopped(waiting=1)
        working, waiting = (asyncio.ensure_future(pool.hash(SENTENCE)) for _ in range(2))
        await asyncio.sleep(0)
        waiting.cancel()
        await asyncio.sleep(0)
        other = asyncio.ensure_future(pool.hash(SENTENCE))
        await asyncio.sleep(0)
        assert not other.done()
        pool.gate.set()
        await asyncio.gather(working, other)
        pool.close()

    asyncio.run(leaving())


def test_the_worker_has_the_lowest_rank_and_the_server_keeps_its_own(pool):
    """Everything else goes before hashing."""
    ours = os.getpriority(os.PRIO_PROCESS, 0)
    asyncio.run(pool.hash(SENTENCE))
    assert os.getpriority(os.PRIO_PROCESS, pool._worker.pid) == LOWEST_RANK
    assert os.getpriority(os.PRIO_PROCESS, 0) == ours < LOWEST_RANK


def test_a_worker_that_dies_is_replaced(pool):
    """Who asked is told Busy; the next is answered by another worker."""
    os.kill(pool._worker.pid, signal.SIGKILL)
    with pytest.raises(Busy):
        asyncio.run(pool.hash(SENTENCE))
    assert Argon2(SMALL).verify(asyncio.run(pool.hash(SENTENCE)), SENTENCE)


def test_the_worker_outlives_nobody(pool):
    """When the server is gone, so is the worker's input, and with it the worker."""
    asyncio.run(pool.hash(SENTENCE))
    pool._worker._process.stdin.close()
    assert pool._worker._process.wait(60) == 0


def test_any_text_can_be_a_password(pool):
    """Line breaks, quotes, signs of any script, even half a surrogate go through the worker as they are."""

    async def round_trip(password):
        return await pool.verify(await pool.hash(password), password)

    for password in ('a "quoted"\nline\\', "пароль из слов, 十五 文字", "\x00\x01 and a bell \x07", "\ud800 alone"):
        assert asyncio.run(round_trip(password))
