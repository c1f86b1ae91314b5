"""The driver of a server: one node on one event loop, its journal beside it.

Deciding and folding happen on the loop, between two awaits, so nobody needs a lock. Writes are synced by the system
where it can do so unattended; a thread does all else that a journal takes time for. What is decided meanwhile goes into
the next write. An outcome reaches who asked when its line is durable, and not before.
"""

import asyncio
from collections import deque
from collections.abc import Callable, Coroutine, Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from functools import partial
from itertools import islice
from typing import Any, TypeVar

from redstick.kernel.drivers import Listener
from redstick.kernel.envelope import opened
from redstick.kernel.errors import Conflict, Corruption, Unavailable
from redstick.kernel.executor import Batch, Executor, Lane
from redstick.kernel.fold import Fact
from redstick.kernel.node import Answer, Append, Changed, Claim, Effect, Node, Pace, ReadTail, Redirect
from redstick.kernel.ports import Journal
from redstick.kernel.system import Kernel
from redstick.kernel.values import Instant, Outcome, Request
from redstick.kernel.writer import Writer

TICK_S = 0.025
TAIL_LINES = 4_000  # folded at a time while a node comes up, so that the loop is never held for long
AGAIN_S = 0.02  # before a request that found no leader is asked again
TEND_S = 0.05  # between two short steps of tending and scrubbing
ALONE = Pace(lease=10_000, renew=3_000, margin=1_000, poll=1_000, answer=8_000)

Clock = Callable[[], Instant]
T = TypeVar("T")


class AsyncDriver:
    """Drives one node whose journal is its own.

    `open_journal` opens it, and again after an append that was not confirmed; `clock` tells wall time in milliseconds,
    `monotonic` counts milliseconds. `start` returns when the node leads; `ask` gives outcomes; `close` lets go.
    """

    def __init__(
        self,
        name: str,
        executor: Executor,
        open_journal: Callable[[], Journal],
        clock: Clock,
        monotonic: Callable[[], int],
        pace: Pace = ALONE,
    ) -> None:
        self.executor = executor
        self.node = Node(name, executor, self._emit, clock, pace)
        self.failed: BaseException | None = None  # why the journal cannot be opened, while that is so
        self._open_journal, self._monotonic = open_journal, monotonic
        self._journal: Journal | None = None
        self._listeners: list[Listener] = []
        self._waiting: dict[str, deque[asyncio.Future[Outcome | None]]] = {}
        self._writer: Writer | None = None
        self._syncing: asyncio.Future[None] | None = None  # while the system syncs an append
        self._works = 0  # of the thread, that are not ended
        self._tender = ThreadPoolExecutor(1, thread_name_prefix="journal-tender")
        self._scrubbing: Iterator[Corruption | None] | None = None
        self._tasks: set[asyncio.Task[None]] = set()
        self._leads = asyncio.Event()
        self._stepping = False
        self._quiet: list[asyncio.Future[None]] = []
        executor.history = self._history

    def listen(self, listener: Listener) -> None:
        """Call `listener` with the facts of each batch once they are durable and folded.

        What it raises is told to the loop's exception handler; outcomes and other listeners do not wait for it.
        """
        self._listeners.append(listener)

    async def start(self) -> None:
        """Come up: read the journal, begin an epoch; raises Corruption or Unavailable when it cannot be had."""
        self.node.claim(self._monotonic())
        self._in_background(self._tick())
        self._in_background(self._tend())
        while not self._leads.is_set():
            with suppress(TimeoutError):
                async with asyncio.timeout(TICK_S):
                    await self._leads.wait()
            if self.failed is not None and not self._leads.is_set():
                failed = self.failed
                await self.close()
                raise failed

    async def ask(self, request: Request, lane: Lane = Lane.ORDINARY) -> Outcome:
        """The outcome of a request, once it is durable; asked again with the same id while the journal is reopened."""
        while True:
            told: asyncio.Future[Outcome | None] = asyncio.get_running_loop().create_future()
            self._waiting.setdefault(request.id, deque()).append(told)
            self.node.put(request, lane)
            self._step_soon()
            outcome = await told
            if outcome is not None:
                return outcome
            await asyncio.sleep(AGAIN_S)

    def wake(self) -> None:
        """Decide what is due: whoever moves a clock of their own tells the node, which else looks each `TICK_S`."""
        self._step_soon()

    async def settled(self) -> None:
        """Return once nothing waits to be decided and everything that was decided is durable and told."""
        while self._stepping or self.node.busy or self.executor.waits:
            quiet: asyncio.Future[None] = asyncio.get_running_loop().create_future()
            self._quiet.append(quiet)
            await quiet

    def _say_quiet(self) -> None:
        if self._quiet and not (self._stepping or self.node.busy or self.executor.waits):
            quiet, self._quiet = self._quiet, []
            for one in quiet:
                if not one.done():
                    one.set_result(None)

    def _step_soon(self) -> None:
        """Decide once everything that is ready now has asked: it then shares one write and one sync."""
        if not self._stepping:
            self._stepping = True
            asyncio.get_running_loop().call_soon(self._step)

    def _step(self) -> None:
        self._stepping = False
        self.node.step(self._monotonic())
        self._say_quiet()

    async def close(self) -> None:
        """Stop; what was not told stays with who asked, who will ask again with the same id."""
        tasks = list(self._tasks)
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
        self._tender.shutdown(wait=True)
        if self._writer is not None:
            if self._journal is not None:
                await self._alone(self._journal.close)
            self._writer.close()

    # Effects

    def _emit(self, effect: Effect) -> None:
        match effect:
            case Answer(outcome=outcome):
                self._tell(outcome.request, outcome)
            case Redirect(request=request):
                self._tell(request, None)
            case Changed(facts=facts):
                for listener in self._listeners:
                    self._tell_of(listener, facts)
            case Claim(epoch=None):
                self._in_background(self._claim())
            case Claim(epoch=epoch) if epoch is not None:
                now = self._monotonic()
                self.node.granted(epoch, now, now)
            case Append(batch=batch):
                self._append(batch)
            case ReadTail():
                self._in_background(self._read_tail(effect))

    def _tell_of(self, listener: Listener, facts: list[Fact]) -> None:
        """A listener that raises keeps nobody else waiting: what is durable is told, the fault goes to the loop."""
        try:
            listener(facts)
        except Exception as raised:  # noqa: BLE001  (whatever a listener does wrong is its own affair)
            told = {"message": f"what follows the journal raised ({listener!r})", "exception": raised}
            asyncio.get_running_loop().call_exception_handler(told)

    def _tell(self, request: str, outcome: Outcome | None) -> None:
        waiting = self._waiting.get(request)
        if not waiting:
            return
        told = waiting.popleft()
        if not waiting:
            del self._waiting[request]
        if not told.done():
            told.set_result(outcome)

    async def _claim(self) -> None:
        asked_at = self._monotonic()
        try:
            epoch = await self._alone(self._reopened)
        except (Corruption, Unavailable, OSError) as error:
            self.failed = error  # asked again by the node's own patience
            return
        self.failed = None
        self.node.granted(epoch, asked_at, self._monotonic())

    def _reopened(self) -> int:
        """A new epoch stands on a journal that was opened anew, and above every epoch in it."""
        if self._journal is not None:
            self._journal.close()
            self._journal = self._scrubbing = None
        self._journal = self._open_journal()
        last = self._read(max(0, self._journal.head().position - 1))
        kernel: Kernel = self.executor.committed["kernel"]
        return max(self.node.epoch, kernel.epoch, *(opened(line).epoch for line in last)) + 1

    def _append(self, batch: Batch) -> None:
        """The system syncs it, where nothing stands before it in the thread; else the thread does."""
        if self._works == 0:
            syncing = asyncio.get_running_loop().create_future()
            with suppress(Conflict, Unavailable):  # the thread is told the same
                if self._opened().begin(batch.lines, batch.after, batch.head, partial(self._synced, batch)):
                    self._syncing = syncing
                    return
        self._writing.do(
            lambda: self._opened().append(batch.lines, batch.after, batch.head), partial(self._appended, batch)
        )

    def _synced(self, batch: Batch, raised: Unavailable | None) -> None:
        syncing, self._syncing = self._syncing, None
        if syncing is not None:
            syncing.set_result(None)
        self._appended(batch, None, raised)

    async def _alone(self, work: Callable[[], T]) -> T:
        """Do in the thread what may not be done during an append: behind the one under way, and none begins beside."""
        self._works += 1
        try:
            if self._syncing is not None:
                await asyncio.wait([self._syncing])
            return await self._writing.run(work)
        finally:
            self._works -= 1

    def _appended(self, batch: Batch, _: None, raised: BaseException | None) -> None:
        """Back on the loop: an append that raised, whatever it was, may or may not have taken place."""
        if raised is None:
            self.node.appended(batch, self._monotonic())
        else:
            self.node.append_failed(batch, self._monotonic())
        self._say_quiet()

    async def _read_tail(self, effect: ReadTail) -> None:
        try:
            lines = await self._alone(lambda: self._read(effect.after))
            gaps = self._opened().gaps
        except (Corruption, Unavailable) as error:
            self.failed = error  # asked again by the node's own patience
            return
        self.node.tail(effect.token, lines, gaps, self._monotonic(), more=len(lines) == TAIL_LINES)

    def _read(self, after: int) -> list[bytes]:
        """Lines behind a position; where they are damaged the chain is gone on with, and they are read again."""
        while True:
            try:
                return list(islice(self._opened().read(after), TAIL_LINES))
            except Corruption as broken:
                self._opened().go_on_after(broken)

    # Time and threads

    async def _tick(self) -> None:
        while True:
            self.node.tick(self._monotonic())
            self._say_quiet()
            if self.node.standing == "leading" and not self._leads.is_set():
                self.executor.declare(self.node.name)
                self.node.step(self._monotonic())
                self._leads.set()
            await asyncio.sleep(TICK_S)

    async def _tend(self) -> None:
        """Between appends: seal what is closed, and look at every stored byte again and again, slice by slice."""
        while True:
            await asyncio.sleep(TEND_S)
            if self._leads.is_set():
                broken = await asyncio.get_running_loop().run_in_executor(self._tender, self._tend_once)
                if broken is not None:
                    await self._alone(partial(self._go_on_after, broken))

    def _tend_once(self) -> Corruption | None:
        """One short step; gives the damage that it came upon."""
        journal = self._journal
        if journal is None:
            return None
        try:
            if journal.tend():
                return None
            if self._scrubbing is None:
                self._scrubbing = journal.scrub()
            return next(self._scrubbing)
        except StopIteration:
            self._scrubbing = None
        except Corruption as broken:
            return broken
        except (Unavailable, OSError):
            self._scrubbing = None  # the journal is being opened anew
        return None

    def _go_on_after(self, broken: Corruption) -> None:
        """The next append finds another head, and the node settles behind it."""
        with suppress(Unavailable):
            self._opened().go_on_after(broken)

    @property
    def _writing(self) -> Writer:
        """The thread of the journal; what it is given is done in order."""
        if self._writer is None:
            self._writer = Writer("journal-writer")
        return self._writer

    def _in_background(self, work: Coroutine[Any, Any, None]) -> None:
        task = asyncio.get_running_loop().create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    def _opened(self) -> Journal:
        if self._journal is None:
            raise Unavailable("the journal is not open")
        return self._journal

    def _history(self, after: int) -> Iterable[bytes]:
        return self._opened().read(after)
