"""Where nodes keep their journal: on a disk of their own, or with a server that all of them share.

Both answer the effects of a `Node`. What is durable can be asked at any moment without the node's help: the checkers
compare it with what was told.
"""

from collections.abc import Callable, Iterable, Iterator
from contextlib import suppress
from dataclasses import dataclass
from functools import partial
from random import Random

from redstick.adapters.memory import MemoryJournal
from redstick.adapters.segments import SegmentJournal
from redstick.kernel.envelope import Head, opened
from redstick.kernel.errors import Conflict, Corruption, Unavailable
from redstick.kernel.executor import Batch
from redstick.kernel.lease import Lease
from redstick.kernel.node import Append, Claim, Effect, Node, ReadTail
from redstick.simulation.timeline import Timeline
from redstick.simulation.world.disk import PowerLost, SimulatedDisk
from redstick.simulation.world.network import Network

ToldOfAppend = Callable[[Exception | None], None]

TAIL_LINES = 40  # in one answer, so that a long tail comes in several
JOURNAL = "journal"


class SharedJournal:
    """A journal server with its lease: one row, one lock, one order. It may be slow or out of reach, and loses nothing.

    `accepted` notes, for each batch, the epoch it came under and the newest one that was granted by then.
    """

    def __init__(self, timeline: Timeline, network: Network) -> None:
        self._timeline, self._network = timeline, network
        self._lease = Lease()
        self.journal = MemoryJournal()
        self.accepted: list[tuple[int, int]] = []

    def lines(self, after: int) -> list[bytes]:
        """Durable lines behind a position."""
        return list(self.journal.read(after))

    def history(self, after: int) -> Iterable[bytes]:
        """Durable lines behind a position, as they are asked for."""
        return self.journal.read(after)

    @property
    def durable(self) -> Head:
        """Where the chain stands."""
        return self.journal.head()

    def serve(self, node: Node, tick: Callable[[], int], effect: Effect) -> None:
        """Answer an effect of a node over the network; `tick` reads that node's monotonic clock."""
        asked_at = tick()

        def back(answer: Callable[[], None]) -> None:
            self._network.send(JOURNAL, node.name, answer)

        def arrive() -> None:
            match effect:
                case Claim(epoch=None, span_ms=span):
                    granted = self._lease.claim(node.name, self._timeline.now, span)
                    leader = self._lease.holder
                    if granted is None:
                        back(lambda: node.denied(leader, tick()))
                    else:
                        back(lambda: node.granted(granted, asked_at, tick()))
                case Claim(epoch=epoch, span_ms=span) if epoch is not None:
                    leader = self._lease.holder
                    if self._lease.renew(node.name, epoch, self._timeline.now, span):
                        back(lambda: node.granted(epoch, asked_at, tick()))
                    else:
                        back(lambda: node.fenced(leader, tick()) if node.epoch == epoch else None)
                case ReadTail(after=after, token=token):
                    lines = list(self.journal.read(after))
                    first, more = lines[:TAIL_LINES], len(lines) > TAIL_LINES
                    back(lambda: node.tail(token, first, (), tick(), more=more))
                case Append():
                    self._append(node, effect, tick, back)

        self._network.send(node.name, JOURNAL, arrive)

    def _append(
        self, node: Node, effect: Append, tick: Callable[[], int], back: Callable[[Callable[[], None]], None]
    ) -> None:
        batch = effect.batch
        if not self._lease.holds(node.name, effect.epoch):
            leader = self._lease.holder
            back(lambda: node.fenced(leader, tick()) if node.epoch == effect.epoch else None)
            return
        try:
            self.journal.append(batch.lines, batch.after, batch.head)
        except Conflict:
            back(lambda: node.append_failed(batch, tick()))
            return
        self.accepted.append((effect.epoch, self._lease.epoch))
        back(lambda: node.appended(batch, tick()))


@dataclass(frozen=True)
class Segments:
    """How a journal on its own disk is cut: small, so that segments roll and are sealed within a run.

    It is tended once in `tended_each` appends, and every stored byte looked at once in `scrubbed_each`. `reads_ahead`
    when whoever looks for one line reads all behind it, and so comes upon every damage there. Opening it takes
    `opens_ms` at least: a node that cannot append tries again no faster than that.
    """

    bytes: int = 24_000
    allocate: int = 4_000
    tended_each: int = 4
    scrubbed_each: int = 30
    reads_ahead: bool = True
    opens_ms: int = 0


class OwnJournal:
    """The segment journal of a node that is alone, on a simulated disk. Answers take a little while.

    An append is written half-way through and synced at the end, as a server does it: power may go in between, and what
    else would change the journal then ends that sync first.
    """

    def __init__(
        self,
        timeline: Timeline,
        random: Random,
        disk: SimulatedDisk,
        segments: Segments,
    ) -> None:
        self._timeline, self._random, self._segments = timeline, random, segments
        self.disk = disk
        disk.syncs_beside = True
        self.went_dark: Callable[[], None] = lambda: None  # what to do when power is lost inside an operation
        self.slow_until = 0
        self._open: SegmentJournal | None = None
        self._epoch = 0
        self._generation = 0

    @property
    def journal(self) -> SegmentJournal:
        """The open journal; raises Unavailable or Corruption when it cannot be opened."""
        if self._open is None:
            try:
                self._open = SegmentJournal(
                    self.disk, segment_bytes=self._segments.bytes, allocate_bytes=self._segments.allocate, go_on=True
                )
            except OSError as error:
                raise Unavailable(str(error)) from error
        return self._open

    @property
    def durable(self) -> Head:
        """Where the chain stands as far as it was confirmed."""
        return Head() if self._open is None else self._open.head()

    def lines(self, after: int) -> list[bytes]:
        """Durable lines behind a position; behind damage the chain is gone on with, and they are read again."""
        while True:
            try:
                return list(self.journal.read(after))
            except Corruption as broken:
                self.journal.go_on_after(broken)

    def history(self, after: int) -> Iterable[bytes]:
        """Durable lines behind a position, to be told again from; all of them at once, or as they are asked for."""
        return self.lines(after) if self._segments.reads_ahead else self._going_on(after)

    def _going_on(self, after: int) -> Iterator[bytes]:
        """Line by line; behind damage the chain is gone on with."""
        while True:
            try:
                for line in self.journal.read(after):
                    yield line
                    after = opened(line).position
            except Corruption as broken:
                self.journal.go_on_after(broken)
            else:
                return

    def forget(self) -> None:
        """The process is gone: nothing of it answers any more."""
        self._generation += 1
        self._open = None
        self.disk.kill()

    def serve(self, node: Node, tick: Callable[[], int], effect: Effect) -> None:
        """Answer an effect of the node after a while."""
        generation = self._generation
        asked_at = tick()
        slow = self._random.randrange(300) if self.slow_until > self._timeline.now else 0
        opens_ms = self._segments.opens_ms if isinstance(effect, Claim) and effect.epoch is None else 0
        delay = self._random.randrange(1, 8) + slow + opens_ms

        def later(after_ms: int, work: Callable[[], None]) -> None:
            def arrive() -> None:
                if generation == self._generation:
                    try:
                        work()
                    except PowerLost:
                        self.went_dark()

            self._timeline.at(self._timeline.now + after_ms, arrive)

        if isinstance(effect, Append):
            told = partial(self._appended, node, tick, effect.batch)
            later(delay // 2, lambda: later(delay - delay // 2, self._begun(effect.batch, told)))
        else:
            later(delay, lambda: self._answer(node, tick, effect, asked_at))

    def _begun(self, batch: Batch, told: ToldOfAppend) -> Callable[[], None]:
        """Begin an append; gives what ends it."""
        with suppress(Unavailable, Conflict, Corruption):  # `append` is told the same
            if self.journal.begin(batch.lines, batch.after, batch.head, told):
                return self.disk.end_sync
        return lambda: self._append(batch, told)

    def _append(self, batch: Batch, told: ToldOfAppend) -> None:
        try:
            self.journal.append(batch.lines, batch.after, batch.head)
        except (Unavailable, Conflict, Corruption) as error:
            told(error)
        else:
            told(None)

    def _appended(self, node: Node, tick: Callable[[], int], batch: Batch, raised: Exception | None) -> None:
        if raised is None:
            node.appended(batch, tick())
            self._tend()
        else:
            node.append_failed(batch, tick())

    def _answer(self, node: Node, tick: Callable[[], int], effect: Effect, asked_at: int) -> None:
        match effect:
            case Claim(epoch=None):
                self.disk.end_sync()
                with suppress(Unavailable, Corruption):  # asked again when the answer is missed
                    self._reopen(node)
                    node.granted(self._epoch, asked_at, tick())
            case Claim(epoch=epoch) if epoch is not None:
                node.granted(epoch, asked_at, tick())
            case ReadTail(after=after, token=token):
                self.disk.end_sync()
                try:
                    lines = self.lines(after)
                    node.tail(token, lines, self.journal.gaps, tick())
                except (Unavailable, Corruption):
                    self._close()  # asked again when the answer is missed

    def scrub(self) -> None:
        """Look at every stored byte; damage that is come upon is cited, and gone on behind."""
        if self._open is None:
            return
        for found in [fault for fault in self._open.scrub() if fault is not None]:
            self._go_on(found)

    def _tend(self) -> None:
        """What a real driver does between appends."""
        if self._open is not None and self._random.randrange(self._segments.tended_each) == 0:
            try:
                self._open.tend()
            except Corruption as broken:
                self._go_on(broken)
        if self._random.randrange(self._segments.scrubbed_each) == 0:
            self.scrub()

    def _go_on(self, broken: Corruption) -> None:
        self.disk.end_sync()
        with suppress(Unavailable):
            self.journal.go_on_after(broken)

    def _close(self) -> None:
        if self._open is not None:
            self._open.close()
            self._open = None

    def _reopen(self, node: Node) -> None:
        """A new epoch stands on a journal that was opened anew, and above every epoch in it."""
        self._close()
        tail = self.lines(node.executor.durable.position)
        known = node.executor.committed["kernel"].epoch
        self._epoch = max(self._epoch, known, *(opened(line).epoch for line in tail)) + 1
