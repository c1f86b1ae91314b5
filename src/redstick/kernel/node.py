"""A node: it follows the journal, claims the lease, leads, and steps down when it must.

Sans-I/O: what comes in is a method, what goes out is an effect. `tick` is a monotonic count of milliseconds that drives
leases and patience; the wall clock is read through `clock` and only ever given to `decide`. One append is in flight at
a time, and what is decided meanwhile gathers for the next: a group commit.

An append whose answer is late is not a failed append. The node then stops deciding, takes a new epoch (behind which no
older append can land), reads the tail and settles what is pending by id.
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from enum import StrEnum

from redstick.kernel.envelope import Gap
from redstick.kernel.executor import Batch, Executor, Lane
from redstick.kernel.fold import Fact
from redstick.kernel.values import Instant, Outcome, Request


class Standing(StrEnum):
    """What a node is doing."""

    FOLLOWING = "following"
    CLAIMING = "claiming"
    READING = "reading"
    LEADING = "leading"


@dataclass(frozen=True)
class Pace:
    """How long a node waits, in milliseconds. `margin` is how long before its end a lease is no longer relied on."""

    lease: int = 5_000
    renew: int = 1_500
    margin: int = 500
    poll: int = 100
    answer: int = 2_000


@dataclass(frozen=True, slots=True)
class Claim:
    """Ask for the lease under a new epoch, or, with `epoch`, to keep it under that one."""

    epoch: int | None
    span_ms: int


@dataclass(frozen=True, slots=True)
class ReadTail:
    """Ask for the lines behind a position; `token` tells this question from every other."""

    after: int
    token: int


@dataclass(frozen=True, slots=True)
class Append:
    """Make a batch durable under an epoch."""

    batch: Batch
    epoch: int


@dataclass(frozen=True, slots=True)
class Answer:
    """Tell who asked what became of it."""

    outcome: Outcome


@dataclass(frozen=True, slots=True)
class Redirect:
    """Tell who asked that nothing is known of it here: ask again, with the same id, of the leader if one is named."""

    request: str
    leader: str


@dataclass(frozen=True, slots=True)
class Changed:
    """Facts are durable and folded: seats, ledgers and the world may know."""

    facts: list[Fact]


Effect = Claim | ReadTail | Append | Answer | Redirect | Changed


class Node:
    """One node of a journal. `emit` takes its effects, in order."""

    def __init__(
        self,
        name: str,
        executor: Executor,
        emit: Callable[[Effect], None],
        clock: Callable[[], Instant],
        pace: Pace | None = None,
    ) -> None:
        self.name, self.executor, self.pace = name, executor, pace or Pace()
        self.standing, self.epoch, self.leader = Standing.FOLLOWING, 0, ""
        self._emit, self._clock = emit, clock
        self._batch: Batch | None = None
        self._token = 0
        self._asked_at = 0  # when the claim or the tail that is waited for was asked
        self._waits_for: int | None = None  # the token of a tail that was asked and has not come
        self._append_by = self._lease_until = self._renew_at = self._poll_at = 0

    @property
    def busy(self) -> bool:
        """Whether a batch is on its way to the journal, or the node does not lead just now."""
        return self._batch is not None or self.standing is not Standing.LEADING

    # Requests

    def ask(self, request: Request, lane: Lane, tick: int) -> None:
        """Take a request and go on; see `put`."""
        self.put(request, lane)
        self.step(tick)

    def put(self, request: Request, lane: Lane) -> None:
        """Take a request, to be decided at the next step; several that come together are then one batch.

        Its answer, or a redirect, is an effect sooner or later, or never when this node dies.
        """
        if self.standing is not Standing.LEADING:
            self._emit(Redirect(request.id, self.leader))
            return
        busy = self.executor.submit(request, lane)
        if busy is not None:
            self._emit(Answer(Outcome(request.id, self.executor.durable.position, rejection=busy)))

    def step(self, tick: int) -> None:
        """Decide what waits or is due, and hand it to the writer when that is free."""
        if self.standing is not Standing.LEADING:
            return
        if not self._may_write(tick):
            self._doubt(tick)
            return
        self.executor.decide(self._clock())
        while self._batch is None and (batch := self.executor.take()) is not None:
            if batch.lines:
                self._write(batch, tick)
            else:
                self._release(batch)

    def _may_write(self, tick: int) -> bool:
        return self.standing is Standing.LEADING and tick < self._lease_until - self.pace.margin

    def _write(self, batch: Batch, tick: int) -> None:
        self._batch, self._append_by = batch, tick + self.pace.answer
        self._emit(Append(batch, self.epoch))

    # The journal's answers

    def appended(self, batch: Batch, tick: int) -> None:
        """A batch is durable. An answer that comes after its batch was settled otherwise says nothing new.

        What was decided meanwhile goes to the writer first: the disk works on it while this batch is folded and told.
        """
        if batch is not self._batch:
            return
        self._batch = None
        if self.executor.gathered and self._may_write(tick) and (decided := self.executor.take()) is not None:
            self._write(decided, tick)
        self._release(batch)
        self.step(tick)

    def append_failed(self, batch: Batch, tick: int) -> None:
        """A batch may or may not be durable, or another line came first: only the journal's tail can tell."""
        if batch is self._batch:
            self._doubt(tick)

    def fenced(self, leader: str, tick: int) -> None:
        """The lease has passed to another node."""
        self._step_down(leader, tick)

    def granted(self, epoch: int, asked_at: int, tick: int) -> None:
        """The lease is ours, from the moment at which it was asked for."""
        if self.standing is Standing.CLAIMING and epoch > self.epoch:
            self.epoch, self.leader = epoch, self.name
            self.standing = Standing.READING
            self._lease_until, self._renew_at = asked_at + self.pace.lease, tick + self.pace.renew
            self._ask_tail(tick)
        elif self.standing is Standing.LEADING and epoch == self.epoch:
            self._lease_until = max(self._lease_until, asked_at + self.pace.lease)

    def denied(self, leader: str, tick: int) -> None:
        """Another node holds the lease."""
        self._step_down(leader, tick)

    def tail(self, token: int, lines: Iterable[bytes], gaps: Sequence[Gap], tick: int, *, more: bool = False) -> None:
        """Durable lines behind the position that was asked for; `more` says that they are not all."""
        if token != self._waits_for:
            return
        self._waits_for = None
        facts = list(self.executor.follow(lines, gaps))
        if facts:
            self._emit(Changed(facts))
        if more:
            self._ask_tail(tick)
        elif self.standing is Standing.READING:
            self.executor.refold()
            self.executor.lead(self.epoch, self.name, self._clock())
            self.standing = Standing.LEADING
            self.step(tick)

    # Time

    def tick(self, tick: int) -> None:
        """Time has passed: follow on, renew, doubt what is not answered, fire what is due."""
        if self.standing is Standing.LEADING:
            if self._batch is not None and tick >= self._append_by:
                self._doubt(tick)
            elif tick >= self._renew_at:
                self._renew_at = tick + self.pace.renew
                self._emit(Claim(self.epoch, self.pace.lease))
            self.step(tick)
        elif self.standing is Standing.FOLLOWING:
            if tick >= self._poll_at:
                self._poll_at = tick + self.pace.poll
                self._ask_tail(tick)
        elif tick >= self._asked_at + self.pace.answer:
            self._claim(tick)

    def claim(self, tick: int) -> None:
        """Try to lead; a follower does so when it has not heard of a leader for a while."""
        if self.standing is Standing.FOLLOWING:
            self._claim(tick)

    # Turns

    def _claim(self, tick: int) -> None:
        self.standing, self._asked_at = Standing.CLAIMING, tick
        self._emit(Claim(None, self.pace.lease))

    def _doubt(self, tick: int) -> None:
        """Stop, and go on under a new epoch when the journal has said what it holds."""
        self.executor.lost()
        self._batch = None
        self._claim(tick)

    def _step_down(self, leader: str, tick: int) -> None:
        if self.standing is not Standing.FOLLOWING:
            self._batch = None
            for request in self.executor.leave():
                self._emit(Redirect(request.id, leader))
        self.standing, self.leader, self._poll_at = Standing.FOLLOWING, leader, tick

    def _ask_tail(self, tick: int) -> None:
        self._token += 1
        self._waits_for, self._asked_at = self._token, tick
        self._emit(ReadTail(self.executor.durable.position, self._token))

    def _release(self, batch: Batch) -> None:
        outcomes = self.executor.written(batch)
        if batch.facts:
            self._emit(Changed(batch.facts))
        for outcome in outcomes:
            self._emit(Answer(outcome))
