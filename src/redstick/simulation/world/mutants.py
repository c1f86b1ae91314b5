"""Faults planted in the system itself, to see that the checkers catch them. A checker that catches none shows nothing.

Each mutant changes the running code for as long as it is planted. They are the mistakes that systems of this kind have
really made: an answer before the write, a sync left out, a retry that hides a loss.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import AbstractContextManager, contextmanager
from functools import partial
from typing import Any
from unittest.mock import patch

import msgspec

from redstick.adapters.memory import MemoryJournal
from redstick.adapters.segments import SegmentJournal
from redstick.kernel.envelope import Head
from redstick.kernel.executor import Batch, Executor, Lane
from redstick.kernel.fold import Fact, Fold
from redstick.kernel.lease import Lease
from redstick.kernel.node import Answer, Append, Changed, Node, Standing
from redstick.kernel.reactions import Owed
from redstick.kernel.timers import Timers
from redstick.kernel.values import Request
from redstick.kernel.window import Window
from redstick.server.audiences import Audiences
from redstick.server.board import BoardSeat
from redstick.simulation.world.disk import SimulatedFile

Planting = Callable[[], AbstractContextManager[Any]]
ToldOfSync = Callable[[OSError | None], None]


def _acknowledge_before_write() -> AbstractContextManager[Any]:
    real = Node.step

    def step(self: Node, tick: int) -> None:
        emit = self._emit

        def early(effect: Any) -> None:
            if isinstance(effect, Append):
                for outcome in effect.batch.outcomes:
                    emit(Answer(outcome))
                effect.batch.outcomes.clear()
            emit(effect)

        with patch.object(self, "_emit", early):
            real(self, tick)

    return patch.object(Node, "step", step)


def _drop_the_sync() -> AbstractContextManager[Any]:
    """Neither an append nor one that is begun waits for the disk."""

    def begun(file: Any, told: ToldOfSync) -> bool:
        del file
        told(None)
        return True

    return _syncs(lambda file: None, begun)  # noqa: ARG005  (the form of a sync)


def _retry_a_failed_sync() -> AbstractContextManager[Any]:
    def twice(file: Any) -> None:
        try:
            SimulatedFile.sync(file)
        except OSError:
            SimulatedFile.sync(file)

    def begun(file: Any, told: ToldOfSync) -> bool:
        def again(error: OSError | None) -> None:
            try:
                if error is not None:
                    SimulatedFile.sync(file)
            except OSError as once_more:
                told(once_more)
            else:
                told(None)

        return SimulatedFile.begin_sync(file, again)

    return _syncs(twice, begun)


def _tell_before_the_sync_ends() -> AbstractContextManager[Any]:
    """An append that was begun is told as durable while the disk is still at it."""

    def begun(file: Any, told: ToldOfSync) -> bool:
        if not SimulatedFile.begin_sync(file, lambda error: None):  # noqa: ARG005  (what came of it is not asked)
            return False
        told(None)
        return True

    return _syncs(SimulatedFile.sync, begun)


@contextmanager
def _syncs(sync: Callable[[Any], None], begin_sync: Callable[..., bool]) -> Iterator[None]:
    """The journal's appends, and nothing else, sync like this."""
    append, begin = SegmentJournal.append, SegmentJournal.begin

    def appended(self: SegmentJournal, *arguments: Any) -> None:
        with _file_of(self, sync, begin_sync):
            append(self, *arguments)

    def began(self: SegmentJournal, *arguments: Any) -> bool:
        with _file_of(self, sync, begin_sync):
            return begin(self, *arguments)

    with patch.object(SegmentJournal, "append", appended), patch.object(SegmentJournal, "begin", began):
        yield


@contextmanager
def _file_of(journal: SegmentJournal, sync: Callable[[Any], None], begin_sync: Callable[..., bool]) -> Iterator[None]:
    file = journal._file  # noqa: SLF001  (a mutant reaches inside)
    with patch.object(file, "sync", partial(sync, file)), patch.object(file, "begin_sync", partial(begin_sync, file)):
        yield


def _apply_twice() -> AbstractContextManager[Any]:
    real = Executor.follow

    def follow(self: Executor, lines: Iterable[bytes], gaps: Any = ()) -> Iterator[Fact]:
        for fact in real(self, lines, gaps):
            if fact.envelope.kind == "proving.amount_put":
                self._committed.change(fact.event, fact.envelope.at)
            yield fact

    return patch.object(Executor, "follow", follow)


def _outcome_before_its_base() -> AbstractContextManager[Any]:
    """Refusals need no write of their own, so why wait."""
    real = Node.step

    def step(self: Node, tick: int) -> None:
        real(self, tick)
        gathering: Batch = self.executor._gathering  # noqa: SLF001  (a mutant reaches inside)
        if self.standing is Standing.LEADING:
            for outcome in [outcome for outcome in gathering.outcomes if outcome.rejection is not None]:
                gathering.outcomes.remove(outcome)
                self._emit(Answer(outcome))

    return patch.object(Node, "step", step)


def _forget_the_epoch() -> AbstractContextManager[Any]:
    return patch.object(Lease, "holds", lambda self, node, epoch: True)  # noqa: ARG005  (the form of the question)


def _timer_by_at() -> AbstractContextManager[Any]:
    real = Fold.note

    def note(self: Fold, fact: Fact) -> None:
        real(self, fact)
        rule = self.house.timers.get(type(fact.event))
        if rule is not None:
            self.timers.change(rule(fact.event, fact.envelope.at), fact.envelope.position)

    return patch.object(Fold, "note", note)


def _lose_the_cursor() -> AbstractContextManager[Any]:
    """What reactions were owed is not asked again behind a restart."""
    real = Executor.refold

    def refold(self: Executor, *arguments: Any) -> None:
        real(self, *arguments)
        self._due.clear()

    return patch.object(Executor, "refold", refold)


def _unordered_view() -> AbstractContextManager[Any]:
    """The earlier row of a key wins over the later one."""

    def take(self: BoardSeat, rows: Mapping[str, msgspec.Raw], gone: Iterable[str]) -> None:
        for key in gone:
            self._rows.pop(key, None)
            self._gone[key] = None
        for key, row in rows.items():
            self._gone.pop(key, None)
            self._rows.setdefault(key, row)
        self._changed.set()

    return patch.object(BoardSeat, "take", take)


def _render_once_for_two_audiences() -> AbstractContextManager[Any]:
    def render(
        self: Audiences, audience: str, keys: Iterable[str], states: Mapping[str, Any], at: int, now: int
    ) -> None:
        first = next(iter(self.boards))
        rows = {key: self._view.row(states, key, first) for key in keys}
        changed = {key: row for key, row in rows.items() if row is not None}
        self.boards[audience].publish(now, changed, [key for key, row in rows.items() if row is None], at)

    return patch.object(Audiences, "_render", render)


def _forget_the_window() -> AbstractContextManager[Any]:
    """A restart from a snapshot forgets which commands were decided."""
    real = Fold.restore

    def restore(self: Fold, stored: Any) -> None:
        real(self, stored)
        self.window = Window(self.window.span_ms)

    return patch.object(Fold, "restore", restore)


def _forget_the_timers() -> AbstractContextManager[Any]:
    """A restart from a snapshot forgets which timers ran."""
    real = Fold.restore

    def restore(self: Fold, stored: Any) -> None:
        real(self, stored)
        self.timers = Timers()

    return patch.object(Fold, "restore", restore)


def _show_what_is_decided() -> AbstractContextManager[Any]:
    """Seats are told at the decision, not when it is durable."""
    real = Node.step

    def step(self: Node, tick: int) -> None:
        emit = self._emit

        def early(effect: Any) -> None:
            if isinstance(effect, Append):
                for fact in effect.batch.facts:
                    self.executor._committed.advance(fact)  # noqa: SLF001  (a mutant reaches inside)
                emit(Changed(effect.batch.facts))
                effect.batch.facts.clear()
            emit(effect)

        with patch.object(self, "_emit", early):
            real(self, tick)

    return patch.object(Node, "step", step)


def _trust_the_wall_clock() -> AbstractContextManager[Any]:
    """Recorded time is what the clock says, backwards too."""
    real = Executor.decide

    def decide(self: Executor, now: int, most: int | None = None) -> int:
        self._now = 0
        with patch.object(self._decided, "recorded_at", 0):
            return real(self, now, most)

    return patch.object(Executor, "decide", decide)


def _append_behind_any_head() -> AbstractContextManager[Any]:
    """The journal does not look where the writer believes it to be."""

    def append(self: MemoryJournal, lines: Any, after: Head, head: Head) -> None:
        del after
        self._lines.extend(lines)
        self._head = head

    return patch.object(MemoryJournal, "append", append)


def _believe_an_old_tail() -> AbstractContextManager[Any]:
    """Any answer to a question for the tail is taken for the newest one."""
    real = Node.tail

    def tail(self: Node, token: int, *arguments: Any, **named: Any) -> None:
        del token
        if self._waits_for is not None:
            real(self, self._waits_for, *arguments, **named)

    return patch.object(Node, "tail", tail)


def _fire_and_forget() -> AbstractContextManager[Any]:
    """A timer is ended when it is fired, not when its line is there."""
    real = Executor._decide_one  # noqa: SLF001  (a mutant reaches inside)

    def decide_one(self: Executor, request: Request, *, internal: bool = False) -> Any:
        if request.id.startswith("timer:"):
            self._committed.timers.end(request.id)
        return real(self, request, internal=internal)

    return patch.object(Executor, "_decide_one", decide_one)


def _keep_the_undurable() -> AbstractContextManager[Any]:
    """A new leader keeps what it had decided before, durable or not."""
    real = Executor.refold

    def refold(self: Executor, *arguments: Any) -> None:
        decided = self._decided
        real(self, *arguments)
        if decided.head.position > self._committed.head.position:
            self._decided.states["proving"] = decided.states["proving"]

    return patch.object(Executor, "refold", refold)


def _decide_again() -> AbstractContextManager[Any]:
    """A command that was asked again is decided again."""
    return patch.object(Window, "recall", lambda self, request, digest, now: None)  # noqa: ARG005  (the form of it)


def _forget_what_is_owed() -> AbstractContextManager[Any]:
    """A snapshot does not hold what reactions are owed."""
    return patch.object(Owed, "owe", lambda self, request: None)  # noqa: ARG005  (the form of it)


def _emergencies_wait() -> AbstractContextManager[Any]:
    """What is urgent is served behind everything else."""
    real = Executor.submit

    def submit(self: Executor, request: Request, lane: Lane = Lane.ORDINARY) -> Any:
        return real(self, request, Lane.BULK if lane is Lane.EMERGENCY else lane)

    return patch.object(Executor, "submit", submit)


def _recall_nothing() -> AbstractContextManager[Any]:
    """What was retired is as if it had never been."""
    return patch("redstick.kernel.executor.recalls_for", lambda *_: [])


def _count_what_was_folded() -> AbstractContextManager[Any]:
    """Of a break nothing counts as read but what the fold came by."""
    return patch("redstick.kernel.executor.missing_in", lambda gap, _: gap.first - 1 - gap.good)


def _suspend_every_domain() -> AbstractContextManager[Any]:
    """One domain whose code fails takes all others with it."""
    return patch.object(Executor, "_is_suspended", lambda self, _: bool(self._decided.states["kernel"].suspended))


def _write_a_part() -> AbstractContextManager[Any]:
    """Only the first line of a command is written."""
    real = Executor.take

    def take(self: Executor) -> Batch | None:
        batch = real(self)
        if batch is not None and len(batch.lines) > 1 and batch.facts[-1].envelope.parts == 2:
            batch.lines.pop()
            batch.facts.pop()
            batch.head = Head(batch.head.position - 1, batch.facts[-1].hash)
        return batch

    return patch.object(Executor, "take", take)


MUTANTS: dict[str, tuple[str, Planting]] = {
    "acknowledge_before_write": ("an outcome leaves before its lines are written", _acknowledge_before_write),
    "drop_the_sync": ("an append returns without a sync", _drop_the_sync),
    "retry_a_failed_sync": ("a failed sync is tried again on the same handle", _retry_a_failed_sync),
    "tell_before_the_sync_ends": ("an append is told as durable when its sync has begun", _tell_before_the_sync_ends),
    "apply_twice": ("a line read from the journal is applied twice", _apply_twice),
    "outcome_before_its_base": ("a refusal leaves before what it was decided against", _outcome_before_its_base),
    "forget_the_epoch": ("the journal takes an append of an older epoch", _forget_the_epoch),
    "timer_by_at": ("a timer counts from when it happened, not from when it was recorded", _timer_by_at),
    "lose_the_cursor": ("reactions that were owed are forgotten by a restart", _lose_the_cursor),
    "unordered_view": ("an older row overwrites a newer one", _unordered_view),
    "render_once_for_two_audiences": ("all audiences get the rows of the first", _render_once_for_two_audiences),
    "forget_the_window": ("a snapshot brings back no remembered commands", _forget_the_window),
    "forget_the_timers": ("a snapshot brings back no timers", _forget_the_timers),
    "forget_what_is_owed": ("a snapshot brings back no owed reactions", _forget_what_is_owed),
    "show_what_is_decided": ("seats see what is not durable", _show_what_is_decided),
    "trust_the_wall_clock": ("recorded time steps back with the clock", _trust_the_wall_clock),
    "append_behind_any_head": ("the journal does not compare heads", _append_behind_any_head),
    "believe_an_old_tail": ("a new leader takes an old answer for the tail", _believe_an_old_tail),
    "fire_and_forget": ("a timer is over before its line is durable", _fire_and_forget),
    "keep_the_undurable": ("a new epoch goes on from a state that was never durable", _keep_the_undurable),
    "decide_again": ("a command asked twice is decided twice", _decide_again),
    "emergencies_wait": ("the lane of emergencies is served last", _emergencies_wait),
    "recall_nothing": ("what was retired is never brought back", _recall_nothing),
    "count_what_was_folded": ("lines before a snapshot count as lost in a break", _count_what_was_folded),
    "suspend_every_domain": ("one domain that fails suspends them all", _suspend_every_domain),
    "write_a_part": ("the last line of a command is left out", _write_a_part),
}
