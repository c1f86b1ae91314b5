"""A process: one life of a node after the other. What it keeps over a death is what it had stored."""

from collections.abc import Callable, Iterable
from contextlib import suppress
from dataclasses import dataclass
from random import Random

from redstick.kernel.errors import Unavailable
from redstick.kernel.executor import Executor, Lane
from redstick.kernel.fold import Fact
from redstick.kernel.node import Answer, Changed, Effect, Node, Redirect
from redstick.kernel.recall import RetirementsInMemory
from redstick.kernel.snapshots import read_snapshot, stands_in, written_snapshot
from redstick.kernel.values import Instant, Outcome, Request
from redstick.server.audiences import Audiences
from redstick.server.board import Board
from redstick.simulation.timeline import Timeline
from redstick.simulation.world.disk import PowerLost
from redstick.simulation.world.household import EPOCH_MS, Household
from redstick.simulation.world.journals import OwnJournal, SharedJournal
from redstick.simulation.world.urgency import Waiting


@dataclass(frozen=True)
class Kept:
    """What outlives a process: a snapshot, and the index that was stored with it."""

    snapshot: bytes
    retired: dict[str, int]


class Process:
    """Runs a `Node` of a household in virtual time.

    `told` is called with every outcome and every redirect that leaves it; `noted` with the facts that it has folded.
    """

    def __init__(
        self,
        name: str,
        household: Household,
        timeline: Timeline,
        random: Random,
        journal: SharedJournal | OwnJournal,
        told: Callable[["Process", Outcome | Redirect], None],
    ) -> None:
        self.name, self.clock_offset_ms, self.paused_until = name, 0, 0
        self.journal, self.household = journal, household
        self.noted: Callable[[list[Fact]], None] = lambda facts: None  # noqa: ARG005  (nobody listens yet)
        self._timeline, self._random, self._told = timeline, random, told
        self._kept: Kept | None = None
        self.node: Node | None = None
        self.audiences: Audiences | None = None
        self._quiet_since = 0
        self.born = 0
        self.lossy_snapshots = 0  # that did not bring back what they were taken of
        self.waiting = Waiting()
        timeline.at(0, self.start)
        timeline.at(random.randrange(household.rhythm.tick_ms), self._tick)

    @property
    def kept(self) -> bytes | None:
        """The snapshot that would be started from."""
        return None if self._kept is None else self._kept.snapshot

    @property
    def alive(self) -> bool:
        """Whether it runs and is not paused."""
        return self.node is not None and self._timeline.now >= self.paused_until

    def start(self) -> None:
        """Begin a life, from the newest snapshot if there is one."""
        if self.node is not None:
            return
        executor = self.household.executor()
        executor.history = self._history
        try:
            if self._kept is not None and self._random.random() < 0.7:
                self._begin_from(executor, self._kept)
        except PowerLost:
            if isinstance(self.journal, OwnJournal):
                self.journal.went_dark()
            return
        self.born += 1
        self.waiting = Waiting()
        self.node = Node(self.name, executor, self._emit, self._wall_clock, self.household.pace)
        self._quiet_since = self._timeline.now
        if not self.household.rhythm.lazy:
            self._render()

    def _begin_from(self, executor: Executor, kept: Kept) -> None:
        snapshot = read_snapshot(kept.snapshot)
        with suppress(Unavailable):
            if stands_in(snapshot, self._history):
                executor.restore(snapshot)
                executor.retired = RetirementsInMemory(kept.retired)

    def kill(self) -> None:
        """End this life at once: nothing is said, nothing is stored."""
        self.node = self.audiences = None
        if isinstance(self.journal, OwnJournal):
            self.journal.forget()

    def board(self, audience: str) -> Board | None:
        """What an audience sees through this process now; None while it is dead."""
        if self.node is not None and self.household.rhythm.lazy:
            if self.audiences is None:
                self._render()
            else:
                self._publish()
        return self.audiences.boards[audience] if self.audiences is not None else None

    def ask(self, request: Request, lane: Lane) -> None:
        """A request arrives."""
        if self.node is not None and self.alive:
            self.waiting.asked(request.id, lane)
            self.node.ask(request, lane, self._timeline.now)

    def keep_snapshot(self) -> None:
        """Store what the committed fold is now."""
        if self.node is not None and not self.node.executor.suspended:
            retired = self.node.executor.retired
            known = retired.known() if isinstance(retired, RetirementsInMemory) else {}
            self._kept = Kept(written_snapshot(self.node.executor.snapshot()), known)
            again = self.household.executor()
            again.restore(read_snapshot(self._kept.snapshot))
            self.lossy_snapshots += written_snapshot(again.snapshot()) != self._kept.snapshot

    def _render(self) -> None:
        if self.node is not None:
            house, executor = self.household, self.node.executor
            position, now = executor.durable.position, self._wall_clock()
            self.audiences = Audiences(house.view, house.audiences, executor.committed, position, now)

    def _publish(self) -> None:
        if self.node is not None and self.audiences is not None:
            executor = self.node.executor
            self.audiences.publish(executor.committed, executor.durable.position, self._wall_clock())

    def _history(self, after: int) -> Iterable[bytes]:
        return self.journal.history(after)

    def _wall_clock(self) -> Instant:
        return EPOCH_MS + self._timeline.now + self.clock_offset_ms

    def _emit(self, effect: Effect) -> None:
        node = self.node
        if node is None:
            return
        if isinstance(effect, Answer):
            self._told(self, effect.outcome)
        elif isinstance(effect, Redirect):
            self._told(self, effect)
        elif isinstance(effect, Changed):
            self._quiet_since = self._timeline.now
            if self.audiences is not None:
                self.audiences.note(node.executor.committed, effect.facts)
            self.noted(effect.facts)
            if self._random.randrange(self.household.rhythm.snapshot_each) == 0:
                self.keep_snapshot()
        else:
            self.journal.serve(self._guest(node), self._monotonic, effect)

    def _guest(self, node: Node) -> Node:
        """The node as its journal knows it: answers to a life that is over reach nobody."""
        return _Living(self, node)  # type: ignore[return-value]  # it passes every call on, or drops it

    def _monotonic(self) -> int:
        return self._timeline.now

    def _tick(self) -> None:
        rhythm = self.household.rhythm
        self._timeline.at(self._timeline.now + rhythm.tick_ms, self._tick)
        if self.node is None or not self.alive:
            return
        now = self._timeline.now
        self.node.tick(now)
        if now - self._quiet_since > rhythm.patience_ms + rhythm.stagger_ms * (ord(self.name[0]) - ord("a")):
            self._quiet_since = now
            self.node.claim(now)
        if not rhythm.lazy and self._random.randrange(2):
            self._publish()


class _Living:
    """Stands for a node towards its journal; when that life has ended, or is paused, calls do nothing."""

    def __init__(self, process: Process, node: Node) -> None:
        self._process, self._node = process, node
        self.name, self.executor = node.name, node.executor

    @property
    def epoch(self) -> int:
        """The epoch of the node, which goes on while an answer is on its way."""
        return self._node.epoch

    def __getattr__(self, name: str) -> Callable[..., None]:
        def call(*arguments: object, **named: object) -> None:
            if self._process.node is self._node and self._process.alive:
                getattr(self._node, name)(*arguments, **named)

        return call
