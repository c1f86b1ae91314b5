"""A thread that does what it is given, in order, and says so on the event loop.

A journal's appends pass through it by the thousand, so a hand-over costs two wake-ups and nothing else.
"""

import asyncio
from collections.abc import Callable
from contextlib import suppress
from queue import SimpleQueue
from threading import Thread
from typing import TypeVar

T = TypeVar("T")
Job = tuple[Callable[[], object], Callable[[object, BaseException | None], None]]


class Writer:
    """One thread, made on a running event loop; what is given to it is done one after another."""

    def __init__(self, name: str) -> None:
        self._loop = asyncio.get_running_loop()
        self._jobs: SimpleQueue[Job | None] = SimpleQueue()
        self._thread = Thread(target=self._work, name=name, daemon=True)
        self._thread.start()

    def do(self, work: Callable[[], T], then: Callable[[T | None, BaseException | None], None]) -> None:
        """Do `work` in the thread, then call `then` on the loop with what it gave, or with what it raised."""
        self._jobs.put((work, then))  # type: ignore[arg-type]  # each `then` takes what its own `work` gives

    async def run(self, work: Callable[[], T]) -> T:
        """Do `work` in the thread; gives what it gives, raises what it raises."""
        told: asyncio.Future[T] = self._loop.create_future()

        def then(given: T | None, raised: BaseException | None) -> None:
            if told.done():  # whoever asked has gone
                return
            if raised is not None:
                told.set_exception(raised)
            else:
                told.set_result(given)  # type: ignore[arg-type]  # `work` gave it

        self.do(work, then)
        return await told

    def close(self) -> None:
        """Finish what was given."""
        self._jobs.put(None)
        self._thread.join()

    def _work(self) -> None:
        while (job := self._jobs.get()) is not None:
            work, then = job
            try:
                given, raised = work(), None
            except BaseException as error:  # noqa: BLE001  (whatever it is, whoever asked is told)
                given, raised = None, error
            with suppress(RuntimeError):  # the loop is gone, and with it whoever asked
                self._loop.call_soon_threadsafe(then, given, raised)
