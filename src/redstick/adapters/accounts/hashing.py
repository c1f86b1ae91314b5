"""Passwords by argon2id, in threads of their own.

Hashing is slow on purpose: some 30 ms and 19 MiB each. argon2 lets go of the interpreter while it works, the threads
take the lowest rank, few work at once and few may wait: a crowd that signs in, or one that only pretends to, is told
`busy` and slows no dispatcher.
"""

import asyncio
import os
import sys
import threading
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from typing import TypeVar

import argon2
from argon2.exceptions import Argon2Error, InvalidHashError

from redstick.kernel.authority.accounts import Busy, password_text

# OWASP Password Storage Cheat Sheet: argon2id, 19 MiB, two passes, one lane.
OWASP = argon2.Parameters(
    type=argon2.Type.ID, version=19, salt_len=16, hash_len=32, time_cost=2, memory_cost=19_456, parallelism=1
)
LOWEST_RANK = 19
T = TypeVar("T")


class Argon2:
    """Hashing here and now, for a command line; raises nothing but what the library raises when memory is out."""

    def __init__(self, parameters: argon2.Parameters = OWASP) -> None:
        self._hasher = argon2.PasswordHasher.from_parameters(parameters)
        self._decoy = self._hasher.hash("nobody's")

    def hash(self, password: str) -> str:
        """The PHC form of a password."""
        return self._hasher.hash(password_text(password))

    def verify(self, stored: str, password: str) -> bool:
        """Whether a password belongs to a hash; against an empty one it takes as long, and is false."""
        try:
            return self._hasher.verify(stored or self._decoy, password_text(password)) and stored != ""
        except (Argon2Error, InvalidHashError):
            return False

    def outdated(self, stored: str) -> bool:
        """Whether a hash was made under other parameters than these."""
        return self._hasher.check_needs_rehash(stored)


class HashingPool:
    """`Passwords` in `workers` threads; at most `waiting` more wait, the next is told Busy."""

    def __init__(self, parameters: argon2.Parameters = OWASP, *, workers: int = 1, waiting: int = 16) -> None:
        self._argon2 = Argon2(parameters)
        self._threads = ThreadPoolExecutor(workers, thread_name_prefix="passwords", initializer=_step_back)
        self._places = threading.BoundedSemaphore(workers + waiting)

    async def hash(self, password: str) -> str:
        """The PHC form of a password; raises Busy."""
        return await asyncio.wrap_future(self._begin(self._argon2.hash, password))

    async def verify(self, stored: str, password: str) -> bool:
        """Whether a password belongs to a hash, which may be empty; raises Busy."""
        return await asyncio.wrap_future(self._begin(self._argon2.verify, stored, password))

    def outdated(self, stored: str) -> bool:
        """Whether a hash was made under older parameters."""
        return self._argon2.outdated(stored)

    def close(self) -> None:
        """Wait for those that work; those that wait are cancelled."""
        self._threads.shutdown(cancel_futures=True)

    def _begin(self, work: Callable[..., T], *arguments: str) -> Future[T]:
        if not self._places.acquire(blocking=False):
            raise Busy("too many passwords are being checked")
        try:
            begun = self._threads.submit(work, *arguments)
        except RuntimeError as error:  # the pool is closed
            self._places.release()
            raise Busy("passwords are no longer checked here") from error
        begun.add_done_callback(lambda _: self._places.release())
        return begun


def _step_back() -> None:
    """Take the lowest rank for this thread alone; elsewhere than on Linux a rank is that of the whole process."""
    if sys.platform == "linux":
        os.setpriority(os.PRIO_PROCESS, threading.get_native_id(), LOWEST_RANK)
