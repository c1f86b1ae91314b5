"""Drivers: what steps the executor. This one is synchronous: replays, imports and tests; a server has its own."""

from collections.abc import Callable, Iterable

from redstick.kernel.executor import Batch, Executor, Lane
from redstick.kernel.fold import Fact
from redstick.kernel.ports import Journal
from redstick.kernel.snapshots import Snapshot
from redstick.kernel.values import Instant, Outcome, Request

Listener = Callable[[list[Fact]], None]


class SynchronousDriver:
    """Runs requests through an executor and a journal in one thread; every returned outcome is durable."""

    def __init__(
        self,
        executor: Executor,
        journal: Journal,
        *,
        snapshot: Snapshot | None = None,
    ) -> None:
        self.executor, self.journal = executor, journal
        self._listeners: list[Listener] = []
        if snapshot is not None:
            executor.restore(snapshot)
        self.reopen(journal)

    def listen(self, listener: Listener) -> None:
        """Call `listener` with the facts of each batch once they are durable and folded."""
        self._listeners.append(listener)

    def reopen(self, journal: Journal) -> None:
        """Go on with a journal that was opened anew: what it holds is folded, what is pending is settled by id."""
        self.journal = journal
        self.executor.history = journal.read
        self.executor.refold(journal.read(self.executor.durable.position), journal.gaps)

    def lead(self, node: str, now: Instant) -> list[Outcome]:
        """Begin the next epoch, durably; gives the outcomes of what was pending."""
        self.executor.lead(self.executor.committed["kernel"].epoch + 1, node, now)
        self.commit()
        return self.drain(now)

    def run(self, requests: Iterable[Request], now: Instant, lane: Lane = Lane.ORDINARY) -> list[Outcome]:
        """Decide requests at `now` and make them durable, a batch at a time; outcomes in the order of the requests."""
        outcomes: list[Outcome] = []
        for request in requests:
            while self.executor.submit(request, lane) is not None:
                outcomes += self.drain(now)
        return outcomes + self.drain(now)

    def drain(self, now: Instant) -> list[Outcome]:
        """Decide everything that waits or is due and make it durable."""
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
        return self._written(batch)

    def _written(self, batch: Batch) -> list[Outcome]:
        outcomes = self.executor.written(batch)
        for listener in self._listeners:
            listener(batch.facts)
        return outcomes
