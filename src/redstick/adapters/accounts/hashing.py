"""Passwords by argon2id, worked on in a process of its own.

Hashing is slow on purpose: some 30 ms and 19 MiB each. It is done elsewhere (`worker.py`), one at a time and at the
lowest rank, few may wait, and the next is told `busy`: a crowd that signs in, or one that only pretends to, slows no
dispatcher. A thread would not do: while its rank lets it sleep it may hold the interpreter, and then everyone waits.
"""

import asyncio
import json
import subprocess
import sys
import threading
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import suppress
from functools import cached_property

import argon2
from argon2.exceptions import Argon2Error, InvalidHashError

from redstick.kernel.authority.accounts import Busy, password_bytes

# OWASP Password Storage Cheat Sheet: argon2id, 19 MiB, two passes, one lane.
OWASP = argon2.Parameters(
    type=argon2.Type.ID, version=19, salt_len=16, hash_len=32, time_cost=2, memory_cost=19_456, parallelism=1
)
WORKER = "redstick.adapters.accounts.worker"
PARTING_S = 5  # for the worker to end by itself

Answer = str | bool


class Argon2:
    """Hashing here and now: for the worker, and for a command line."""

    def __init__(self, parameters: argon2.Parameters = OWASP) -> None:
        self._hasher = argon2.PasswordHasher.from_parameters(parameters)

    @cached_property
    def decoy(self) -> str:
        """A hash that is nobody's."""
        return self._hasher.hash("nobody's")

    def hash(self, password: str) -> str:
        """The PHC form of a password."""
        return self._hasher.hash(password_bytes(password))

    def verify(self, stored: str, password: str) -> bool:
        """Whether a password belongs to a hash; against an empty one it takes as long, and is false."""
        try:
            return self._hasher.verify(stored or self.decoy, password_bytes(password)) and stored != ""
        except (Argon2Error, InvalidHashError):
            return False

    def outdated(self, stored: str) -> bool:
        """Whether a hash was made under other parameters than these."""
        return self._hasher.check_needs_rehash(stored)


class Worker:
    """The process, spoken to in lines of JSON. It ends when its standard input does: it outlives nobody."""

    def __init__(self, parameters: argon2.Parameters) -> None:
        self._process = subprocess.Popen(
            [sys.executable, "-m", WORKER], stdin=subprocess.PIPE, stdout=subprocess.PIPE, start_new_session=True
        )
        costs = [parameters.time_cost, parameters.memory_cost, parameters.parallelism]
        with suppress(OSError):  # it has gone already; whoever asks is told
            self._say([*costs, parameters.hash_len, parameters.salt_len])

    @property
    def pid(self) -> int:
        """The process's id."""
        return self._process.pid

    def ask(self, *question: str) -> Answer:
        """Its answer; raises Busy when it has gone."""
        try:
            self._say(list(question))
            line = self._process.stdout.readline() if self._process.stdout else b""
        except OSError as error:
            raise Busy("the worker for passwords has gone") from error
        if not line:
            raise Busy("the worker for passwords has gone")
        answer: Answer = json.loads(line)
        return answer

    def close(self) -> None:
        """Let it end, and make it end when it does not."""
        for pipe in (self._process.stdin, self._process.stdout):
            if pipe is not None:
                with suppress(OSError):
                    pipe.close()
        try:
            self._process.wait(PARTING_S)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()

    def _say(self, words: list[int] | list[str]) -> None:
        if self._process.stdin is not None:
            self._process.stdin.write(json.dumps(words).encode() + b"\n")
            self._process.stdin.flush()


class HashingPool:
    """`Passwords` by one worker; at most `waiting` wait beside the one that is worked on, the next is told Busy."""

    def __init__(self, parameters: argon2.Parameters = OWASP, *, waiting: int = 16) -> None:
        self._parameters, self._here = parameters, Argon2(parameters)
        self._worker = Worker(parameters)
        self._speaker = ThreadPoolExecutor(1, thread_name_prefix="passwords")  # waits for answers, works on nothing
        self._places = threading.BoundedSemaphore(1 + waiting)

    async def hash(self, password: str) -> str:
        """The PHC form of a password; raises Busy."""
        return str(await asyncio.wrap_future(self._begin("hash", password)))

    async def verify(self, stored: str, password: str) -> bool:
        """Whether a password belongs to a hash, which may be empty; raises Busy."""
        return await asyncio.wrap_future(self._begin("verify", stored, password)) is True

    def outdated(self, stored: str) -> bool:
        """Whether a hash was made under older parameters."""
        return self._here.outdated(stored)

    def close(self) -> None:
        """Wait for the one that is worked on; those that wait are cancelled."""
        self._speaker.shutdown(cancel_futures=True)
        self._worker.close()

    def _begin(self, *question: str) -> Future[Answer]:
        if not self._places.acquire(blocking=False):
            raise Busy("too many passwords are being checked")
        try:
            begun = self._speaker.submit(self._ask, *question)
        except RuntimeError as error:  # the pool is closed
            self._places.release()
            raise Busy("passwords are no longer checked here") from error
        begun.add_done_callback(lambda _: self._places.release())
        return begun

    def _ask(self, *question: str) -> Answer:
        """What the worker answers; where it has gone there is another for the next."""
        try:
            return self._worker.ask(*question)
        except Busy:
            self._worker.close()
            self._worker = Worker(self._parameters)
            raise
