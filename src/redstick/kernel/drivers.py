"""Drivers: what steps the executor. This one is synchronous: replays, imports and tests; a server has its own."""

from collections.abc import Callable, Iterable

from redstick.kernel.envelope import opened
from redstick.kernel.errors import Unavailable
from redstick.kernel.executor import Batch, Executor, Lane
from redstick.kernel.fold import Fact
from redstick.kernel.ports import Journal, Retirements
from redstick.kernel.snapshots import Snapshot
from redstick.kernel.values import Instant, Outcome, Request

Listener = Callable[[list[Fact]], None]


class SynchronousDriver:
    """Runs requests through an executor and a journal in one thread; every returned outcome is durable.

    `retired` finds things that left the live state; without it a command on one is refused as unknown.
    """

    def __init__(
        self,
        executor: Executor,
        journal: Journal,
        *,
        snapshot: Snapshot | None = None,
        retired: Retirements | None = None,
    ) -> None:
        self.executor, self.journal, self._retired = executor, journal, retired
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
            if self._retired is not None:
                outcomes += self._recall_for(request, now)
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
        if self._retired is not None:
            note_retirements(self.executor, self._retired, batch.facts)
        for listener in self._listeners:
            listener(batch.facts)
        return outcomes

    def _recall_for(self, request: Request, now: Instant) -> list[Outcome]:
        outcomes: list[Outcome] = []
        if self._retired is not None and self.executor.absent(request.command):
            outcomes = self.drain(now)  # what waits may be about the same things
            for fact in retirements_for(self.executor, self._retired, self.journal, request):
                self.executor.recall(fact)
            outcomes += self.commit()
        return outcomes


def retirements_for(executor: Executor, retired: Retirements, journal: Journal, request: Request) -> list[Fact]:
    """The lines that retired what a command concerns, oldest first; empty when nothing of it was ever retired.

    Raises Unavailable when a line of the index is not the retirement it should be: the index must be rebuilt.
    """
    positions = {retired.position_of(subject) for subject in executor.absent(request.command)}
    return [_retirement(executor, journal, position) for position in sorted(p for p in positions if p is not None)]


def note_retirements(executor: Executor, retired: Retirements, facts: Iterable[Fact]) -> None:
    """Tell the index which committed facts retired something."""
    kinds = executor.house.retirements
    for envelope, event, _ in facts:
        if type(event) in kinds:
            retired.note(envelope.position, envelope.subjects)


def _retirement(executor: Executor, journal: Journal, position: int) -> Fact:
    line = next(iter(journal.read(position - 1)), None)
    if line is None:
        raise Unavailable(f"the index of retired things names position {position}, which the journal does not hold")
    envelope = opened(line)
    event = executor.house.events.read(envelope)
    if type(event) not in executor.house.retirements:
        raise Unavailable(f"position {position} retires nothing: the index of retired things must be rebuilt")
    return Fact(envelope, event)
