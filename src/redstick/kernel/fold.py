"""A fold: everything that follows from the lines up to a position. The same lines give the same fold, byte for byte."""

from collections.abc import Callable, Iterable, Sequence
from contextlib import suppress
from itertools import takewhile
from typing import Any, NamedTuple

import msgspec

from redstick.kernel.domain import Domain
from redstick.kernel.envelope import HASH_DIGITS, Envelope, Gap, Head, opened, unseal
from redstick.kernel.errors import Corruption, Unavailable
from redstick.kernel.house import House
from redstick.kernel.timers import PREFIX as TIMER
from redstick.kernel.timers import Running, Timers
from redstick.kernel.values import Event, Instant
from redstick.kernel.window import Remembered, Window


class Fact(NamedTuple):
    """One event with its envelope, and the hash of its line."""

    envelope: Envelope
    event: Event
    hash: bytes = b""


class StoredTimer(msgspec.Struct, frozen=True, array_like=True):
    """A running timer as it is kept in a stored fold."""

    key: str
    due_at: Instant
    position: int
    kind: str
    command: msgspec.Raw


class StoredFold(msgspec.Struct, frozen=True):
    """A fold as bytes: what a snapshot holds of it."""

    position: int
    hash: str
    recorded_at: Instant
    versions: dict[str, int]
    states: dict[str, msgspec.Raw]
    timers: list[StoredTimer]
    window: list[Remembered]


_encoder = msgspec.json.Encoder()


class Fold:
    """States of all domains, the timers that run, the commands that are remembered, and where the chain stands."""

    def __init__(self, house: House, window_ms: int) -> None:
        self.house = house
        self.head = Head()
        self.recorded_at: Instant = 0
        self.states: dict[str, Any] = {name: domain.state() for name, domain in house.domains.items()}
        self.timers = Timers()
        self.window = Window(window_ms)
        self.gaps: Sequence[Gap] = ()  # where the journal says that its chain was broken and went on
        self.broken: dict[str, str] = {}  # domains whose own code failed on a stored line, and how

    def advance(self, fact: Fact) -> None:
        """Fold a durable line; a domain whose applier fails on it is broken from there on, and no other."""
        name, apply = self.house.appliers[type(fact.event)]
        if name not in self.broken:
            try:
                apply(self.states[name], fact.event, fact.envelope.at)
            except Exception as error:  # noqa: BLE001  (whatever a domain's code raises, the others go on)
                self.broken[name] = f"position {fact.envelope.position}: {type(error).__name__}: {error}"
        self.note(fact)

    def change(self, event: Event, at: Instant) -> None:
        """Apply an event to its domain's state; raises whatever the applier raises."""
        name, apply = self.house.appliers[type(event)]
        apply(self.states[name], event, at)

    def note(self, fact: Fact) -> None:
        """Keep what the line of an applied event says beyond its domain: position, command, timers."""
        envelope, event, digest = fact
        self.head = Head(envelope.position, digest)
        self.recorded_at = envelope.recorded_at
        if envelope.cause.startswith(TIMER):
            self.timers.end(envelope.cause)
        rule = self.house.timers.get(type(event))
        if rule is not None:
            self.timers.change(rule(event, envelope.recorded_at), envelope.position)
        if envelope.part == envelope.parts:
            self.window.remember(
                Remembered(envelope.cause, envelope.digest, envelope.recorded_at, envelope.position, envelope.parts)
            )

    def fact_of(self, line: bytes) -> Fact:
        """The next line as a fact; raises Corruption when it does not follow what this fold has seen."""
        # Where the first line behind one break is itself lost to the next, both hold here, and the later one counts.
        behind = (gap for gap in reversed(self.gaps) if gap.good <= self.head.position < gap.first)
        gap = next(behind, None) if self.gaps else None
        if gap is None:
            digest, envelope = unseal(self.head.hash, line)
        else:
            digest, envelope = self._behind(gap, line)
        if envelope.position != self.head.position + 1 and (gap is None or envelope.position <= self.head.position):
            raise Corruption(f"position {envelope.position} follows {self.head.position}")
        return Fact(envelope, self.house.events.read(envelope), digest)

    def _behind(self, gap: Gap, line: bytes) -> tuple[bytes, Envelope]:
        """A line behind a break: salvaged, and verified by the journal, or the first of the chain that goes on."""
        envelope = opened(line)
        if envelope.position > gap.first:
            raise Corruption(
                f"position {envelope.position} follows {self.head.position}, behind the break at {gap.good}"
            )
        if envelope.position == gap.first:
            return unseal(gap.hash, line)
        return bytes.fromhex(line[:HASH_DIGITS].decode()), envelope

    def go_on(self) -> None:
        """Everything durable is folded: where the chain goes on behind a break, stand where it does."""
        for gap in self.gaps:
            if gap.good <= self.head.position < gap.first:
                self.head = Head(gap.first - 1, gap.hash)

    # As bytes and back

    def stored(self) -> StoredFold:
        """As bytes; equal folds give equal bytes. Raises ValueError for a broken fold: it is not kept."""
        if self.broken:
            raise ValueError(f"a broken fold is not stored: {self.broken}")
        return StoredFold(
            self.head.position,
            self.head.hash.hex(),
            self.recorded_at,
            self.house.fold_versions,
            {name: msgspec.Raw(_encoder.encode(state)) for name, state in self.states.items()},
            [_stored_timer(timer) for timer in self.timers.all()],
            list(self.window.all()),
        )

    def restore(self, stored: StoredFold) -> None:
        """Become the fold that was stored; raises Corruption when it was stored by another version of the folds."""
        if stored.versions != self.house.fold_versions:
            raise Corruption(f"a fold of versions {stored.versions}, not of {self.house.fold_versions}")
        try:
            self.states = {
                name: msgspec.json.decode(stored.states[name], type=_type_of(domain))
                for name, domain in self.house.domains.items()
            }
            timers = [self._timer(timer) for timer in stored.timers]
        except (msgspec.MsgspecError, KeyError) as error:
            raise Corruption(f"a stored fold cannot be read: {error}") from error
        self.timers = Timers(timers)
        self.window = Window(self.window.span_ms, stored.window)
        self.head = Head(stored.position, bytes.fromhex(stored.hash))
        self.recorded_at = stored.recorded_at

    def copy(self) -> "Fold":
        """Another fold of the same bytes, that shares nothing with this one."""
        made = Fold(self.house, self.window.span_ms)
        made.restore(self.stored())
        return made

    def copy_state(self, domain: str) -> Any:
        """A domain's state that shares nothing with this fold's."""
        stored = _encoder.encode(self.states[domain])
        return msgspec.json.decode(stored, type=_type_of(self.house.domains[domain]))

    def _timer(self, stored: StoredTimer) -> Running:
        command = self.house.read_command(stored.kind, stored.command)
        if command is None:
            raise Corruption(f"timer {stored.key} asks {stored.kind}, which this build does not know")
        return Running(stored.key, stored.due_at, stored.position, command)


def missing_in(gap: Gap, history: Callable[[int], Iterable[bytes]]) -> int:
    """How many lines of a break can be read no more. The journal is asked: a fold may begin at a snapshot behind them.

    `history` gives the durable lines behind a position.
    """
    read = 0
    with suppress(Corruption, Unavailable):  # what lies behind further damage is not counted as read
        for _ in takewhile(lambda line: opened(line).position < gap.first, history(gap.good)):
            read += 1
    return gap.first - 1 - gap.good - read


def _stored_timer(timer: Running) -> StoredTimer:
    body = msgspec.Raw(_encoder.encode(timer.command))
    return StoredTimer(timer.key, timer.due_at, timer.position, timer.command.command_kind, body)


def _type_of(domain: Domain) -> Any:
    return domain.state
