"""Drivers: what steps the executor. This one is synchronous: replays, imports and tests; a server has its own."""

from collections.abc import Callable, Iterable

from redstick.kernel.executor import Executor, Fact, Lane
from redstick.kernel.ports import Journal
from redstick.kernel.values import Instant, Outcome, Request

Listener = Callable[[list[Fact]], None]


class SynchronousDriver:
    """Runs requests through an executor and a journal in one thread; every returned outcome is durable."""

    def __init__(self, executor: Executor, journal: Journal) -> None:
        self.executor, self.journal = executor, journal
        self._listeners: list[Listener] = []
        executor.refold(journal.read())

    def listen(self, listener: Listener) -> None:
        """Call `listener` with the facts of each batch once they are durable and folded."""
        self._listeners.append(listener)

    def run(self, requests: Iterable[Request], now: Instant, lane: Lane = Lane.ORDINARY) -> list[Outcome]:
        """Decide requests at `now` and make them durable, a batch at a time; outcomes in the order of the requests."""
        outcomes: list[Outcome] = []
        for request in requests:
            while self.executor.submit(request, lane) is not None:
                outcomes += self.drain(now)
        return outcomes + self.drain(now)

    def drain(self, now: Instant) -> list[Outcome]:
        """Decide everything that waits and make it durable."""
        outcomes: list[Outcome] = []
        while self.executor.decide(now):
            outcomes += self.commit()
        return outcomes

    def commit(self) -> list[Outcome]:
        """Make what was decided durable and let its outcomes go; raises what the journal raises, then nothing runs."""
        batch = self.executor.take()
        if batch is None:
            return []
        if batch.lines:
            try:
                self.journal.append(batch.lines, batch.after, batch.head)
            except Exception:
                self.executor.lost()
                raise
        outcomes = self.executor.written(batch)
        for listener in self._listeners:
            listener(batch.facts)
        return outcomes
