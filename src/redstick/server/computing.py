"""Computing beside the server: processes of their own that answer questions, so that nothing holds the event loop.

A question and its answer are bytes. A process that ends is started again; meanwhile whoever asks is told at once that
nobody computes, and falls back. The pipe is served by a thread that does nothing but wait on it.
"""

import asyncio
import threading
import time
from collections.abc import Callable
from multiprocessing.connection import Connection
from queue import Empty, SimpleQueue
from typing import NamedTuple

from redstick.server.processes import beside_the_server, give_back

HELLO, READY, ANSWER, FAILED = b"?", b"+", b"=", b"!"  # what a message of a computing process begins with
STARTING, ENDED, TOO_SLOW, BUSY, CLOSED = "starting", "ended", "too_slow", "busy", "closed"
GIVEN_UP = "given_up"  # whoever asked has gone
WAITING_AT_MOST = 200  # questions; more are turned away at once
LOOK_S, STOP_S, ROUND_S, ROUND_AT_MOST_S = 0.1, 5.0, 0.1, 30.0

Compute = Callable[[Connection], None]


class NotComputed(Exception):  # noqa: N818  (named for what is the matter)
    """There is no answer; `why`: starting, ended, too_slow, given_up, busy, closed, or what the process said of it."""

    def __init__(self, why: str) -> None:
        super().__init__(why)
        self.why = why


class Standing(NamedTuple):
    """How a computing process stands: `why` it does not answer, "" when it does; how often it was started."""

    why: str
    starts: int
    pid: int | None


class _Job(NamedTuple):
    question: bytes
    answered: "asyncio.Future[bytes]"
    loop: asyncio.AbstractEventLoop

    def tell(self, answer: bytes | NotComputed) -> None:
        try:
            self.loop.call_soon_threadsafe(self._told, answer)
        except RuntimeError:  # the loop has ended, and with it whoever asked
            return

    def _told(self, answer: bytes | NotComputed) -> None:
        if self.answered.done():  # whoever asked has gone
            return
        if isinstance(answer, bytes):
            self.answered.set_result(answer)
        else:
            self.answered.set_exception(answer)


class ComputingProcess:
    """Runs `compute(connection)` in a process of its own, again whenever it ends.

    The process says HELLO with what it knows as soon as it knows it, READY when it can answer, then an ANSWER to each
    question; or FAILED with why. One that takes longer than `patience_s` is ended. With `waits`, a question that comes
    while it starts waits for that; with `gives_up` it is ended too while it answers one that nobody waits for any more.
    """

    def __init__(
        self, name: str, compute: Compute, *, patience_s: float = 10.0, waits: bool = False, gives_up: bool = False
    ) -> None:
        self.hello = b""
        self._gives_up = gives_up
        self._name, self._compute, self._patience_s, self._waits = name, compute, patience_s, waits
        self._context = beside_the_server()
        self._why, self._starts = STARTING, 0
        self._pid: int | None = None
        self._jobs: SimpleQueue[_Job] = SimpleQueue()
        self._closing = threading.Event()
        self._thread = threading.Thread(target=self._run, name=f"computing-{name}", daemon=True)
        self._thread.start()

    @property
    def standing(self) -> Standing:
        """How it stands."""
        return Standing(self._why, self._starts, self._pid)

    async def ask(self, question: bytes) -> bytes:
        """The answer; raises NotComputed."""
        if self._closing.is_set() or (self._why and not self._waits):
            raise NotComputed(self._why or CLOSED)
        if self._jobs.qsize() >= WAITING_AT_MOST:
            raise NotComputed(BUSY)
        loop = asyncio.get_running_loop()
        job = _Job(question, loop.create_future(), loop)
        self._jobs.put(job)
        return await job.answered

    def close(self) -> None:
        """Have it end."""
        self._closing.set()
        self._thread.join(2 * STOP_S)

    # The thread

    def _run(self) -> None:
        pause_s = ROUND_S
        while not self._closing.is_set():
            served = self._one_life()
            pause_s = ROUND_S if served else min(2 * pause_s, ROUND_AT_MOST_S)
            if not self._waits:
                self._turn_away()
            self._closing.wait(pause_s)
        self._why = CLOSED
        self._turn_away()

    def _one_life(self) -> bool:
        """Start the process and serve until it ends; whether it ever answered."""
        here, there = self._context.Pipe()
        process = self._context.Process(target=self._compute, args=(there,), name=self._name, daemon=True)
        process.start()
        there.close()
        self._starts, self._pid = self._starts + 1, process.pid
        ready = False
        try:
            ready = self._come_up(here)
            if ready:
                self._why = ""
                self._serve(here)
        except (EOFError, OSError):
            self._why = ENDED
        finally:
            here.close()
            process.kill()  # it keeps nothing
            process.join(STOP_S)
            self._pid = None
        return ready

    def _come_up(self, here: Connection) -> bool:
        while not self._closing.is_set():
            if not here.poll(LOOK_S):
                continue
            message = here.recv_bytes()
            kind, rest = message[:1], message[1:]
            if kind == HELLO:
                self.hello = rest
            elif kind == READY:
                return True
            else:
                self._why = rest.decode()
                return False
        return False

    def _serve(self, here: Connection) -> None:
        """Until the process ends (EOFError, OSError), is too slow, or is to end."""
        while not self._closing.is_set():
            try:
                job = self._jobs.get(timeout=LOOK_S)
            except Empty:
                if here.poll():  # nothing was asked: this is its end
                    here.recv_bytes()
                continue
            if job.answered.done():  # whoever asked has gone
                continue
            try:
                job.tell(self._answer(here, job))
            except (EOFError, OSError):
                self._why = ENDED
                job.tell(NotComputed(ENDED))
                raise
            if self._why:
                return

    def _answer(self, here: Connection, job: _Job) -> bytes | NotComputed:
        here.send_bytes(job.question)
        end = time.monotonic() + self._patience_s
        while not here.poll(LOOK_S):
            self._why = self._stops(job, end)
            if self._why:
                return NotComputed(self._why)
        message = here.recv_bytes()
        return message[1:] if message[:1] == ANSWER else NotComputed(message[1:].decode())

    def _stops(self, job: _Job, end: float) -> str:
        """Why no answer is waited for any longer, "" while one is."""
        if self._closing.is_set():
            return CLOSED
        if self._gives_up and job.answered.done():
            return GIVEN_UP
        return TOO_SLOW if time.monotonic() >= end else ""

    def _turn_away(self) -> None:
        while True:
            try:
                job = self._jobs.get_nowait()
            except Empty:
                return
            job.tell(NotComputed(self._why or CLOSED))


# The other end, in the process that computes


def answer_questions(server: Connection, answer: Callable[[bytes], bytes]) -> None:
    """Say that it can answer, then answer until the server hangs up. A question that fails is said to have failed."""
    give_back()
    server.send_bytes(READY)
    while True:
        question = server.recv_bytes()
        try:
            said = ANSWER + answer(question)
        except Exception as error:  # noqa: BLE001 (whatever is wrong with one question, the next is answered)
            said = FAILED + f"{type(error).__name__}: {error}".encode()
        server.send_bytes(said)
