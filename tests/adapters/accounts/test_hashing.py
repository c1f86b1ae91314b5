"""Passwords with the real argon2, under small parameters: right, wrong, nobody's, outdated, and a full pool."""

import asyncio
import os
import sys
import threading
import unicodedata

import argon2
import pytest

from redstick.adapters.accounts.hashing import LOWEST_RANK, OWASP, Argon2, HashingPool
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
    assert argon2.extract_parameters(passwords._decoy) == SMALL
    checked = []
    hasher = passwords._hasher
    passwords._hasher = type(
        "Spy", (), {"verify": lambda self, *given: checked.append(given) or hasher.verify(*given)}
    )()
    assert not passwords.verify("", "nobody's")
    assert not passwords.verify("", SENTENCE)
    assert [stored for stored, _ in checked] == [passwords._decoy] * 2


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
    """A pool whose threads wait until they are let go."""

    def __init__(self, **limits):
        super().__init__(SMALL, **limits)
        self.gate, self.hasher = threading.Event(), self._argon2
        self._argon2 = type("Gated", (), {"hash": lambda _, given: self.gate.wait(10) and self.hasher.hash(given)})()


def test_a_full_pool_says_busy_and_takes_up_again():
    """One works, two wait, the fourth is told Busy at once; when those are done there is room again."""

    async def crowd():
        pool = Stopped(workers=1, waiting=2)
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
        pool = Stopped(workers=1, waiting=1)
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


@pytest.mark.skipif(sys.platform != "linux", reason="elsewhere a rank is that of the whole process, and is left alone")
def test_hashing_threads_have_the_lowest_rank_and_no_other_thread_has():
    """The threads that hash yield to everything else; the thread that serves keeps its rank."""
    ours = os.getpriority(os.PRIO_PROCESS, threading.get_native_id())
    pool = HashingPool(SMALL)
    theirs = pool._threads.submit(lambda: os.getpriority(os.PRIO_PROCESS, threading.get_native_id())).result()
    pool.close()
    assert (ours, theirs) == (os.getpriority(os.PRIO_PROCESS, threading.get_native_id()), LOWEST_RANK)
    assert ours < LOWEST_RANK
