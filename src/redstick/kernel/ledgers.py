"""Ledgers: what people look up later. Tables, the changes that an event brings to them, and belief over two times.

A row is believed in versions. A version says that something was so for a stretch of *valid time* (`at`, the world's)
and is believed for a stretch of *recorded time* (the journal's: from the line that said so to the line that said
otherwise). Nothing is overwritten: what is no longer believed is closed, and what takes its place is opened. So "what
did we believe at position P about time T" is one look-up, and a correction never hides what it corrects.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from functools import cached_property
from hashlib import sha256
from itertools import islice
from typing import Any, NamedTuple, Protocol

from redstick.kernel.envelope import HASH_DIGITS, Envelope, Gap, Head
from redstick.kernel.errors import Conflict
from redstick.kernel.fold import Fact, Fold
from redstick.kernel.house import House
from redstick.kernel.ports import Readable
from redstick.kernel.values import Event, Instant

Value = str | int | bool | None
Key = tuple[Value, ...]
Row = Mapping[str, Value]

FOREVER: Instant = 253_402_300_799_999  # the last millisecond of the year 9999: an end that has not come
EVER: Instant = -FOREVER  # before every time that is told
EMPTY = Head()

VERSION_COLUMNS = (
    "valid_from", "valid_to", "recorded_from", "recorded_to", "position_from", "position_to", "recorded_by"
)  # fmt: skip


# What a domain declares


class Kind(StrEnum):
    """What a column holds. Any may be empty; an instant is milliseconds since the epoch, UTC.

    A line, in a key, is the position of the line that began the row: such a row is new, and is not looked for.
    """

    TEXT = "text"
    INTEGER = "integer"
    FLAG = "flag"
    INSTANT = "instant"
    LINE = "line"


@dataclass(frozen=True, slots=True)
class Column:
    """One column of a ledger's table."""

    name: str
    kind: Kind = Kind.TEXT


@dataclass(frozen=True)
class Table:
    """One table: what names its rows, and what is known of each. Key columns are never empty."""

    name: str
    about: str
    key: tuple[Column, ...]
    columns: tuple[Column, ...]

    def __post_init__(self) -> None:
        """Refuse a column that stands twice, or under a name that every version already has."""
        names = [*VERSION_COLUMNS, *(column.name for column in (*self.key, *self.columns))]
        if len(set(names)) != len(names):
            raise ValueError(f"table {self.name}: a column stands twice among {sorted(names)}")

    @cached_property
    def names(self) -> tuple[str, ...]:
        """Names of the columns behind the key."""
        return tuple(column.name for column in self.columns)

    @cached_property
    def key_names(self) -> tuple[str, ...]:
        """Names of the key's columns."""
        return tuple(column.name for column in self.key)

    @cached_property
    def line(self) -> int | None:
        """Which part of the key is the line that began the row; None when the key has none."""
        return next((place for place, column in enumerate(self.key) if column.kind is Kind.LINE), None)

    def values(self, row: Row, held: Sequence[Value] = ()) -> tuple[Value, ...]:
        """The columns behind the key, in order; those that `row` does not name are as `held`, or empty.

        Raises ValueError for a stranger.
        """
        if not self._known.issuperset(row):
            raise ValueError(f"table {self.name} has no column {sorted(set(row) - self._known)}")
        if not held:
            return tuple([row.get(name) for name in self.names])
        return tuple([row.get(name, value) for name, value in zip(self.names, held, strict=True)])

    @cached_property
    def _known(self) -> frozenset[str]:
        return frozenset(self.names)


@dataclass(frozen=True)
class View:
    """A question that is asked often, as portable SQL over tables and over their `<table>_now`."""

    name: str
    about: str
    select: str


# What an event says


@dataclass(frozen=True, slots=True)
class Change:
    """What a line says about one row. `since` is from when on, in valid time: the event's `at` when it is not given."""

    table: str
    key: Key
    values: Row
    since: Instant | None = None


class Put(Change):
    """From `since` on and not before, the row is so, whatever was believed of it: a new thing, or a correction."""

    __slots__ = ()


class Revise(Change):
    """From `since` on these columns hold these values, wherever there is a row; what was said of later is overruled."""

    __slots__ = ()


class Mark(Change):
    """The row is so from `since` until the next version that is already known: a late report overrules no newer one."""

    __slots__ = ()


class Known(Protocol):
    """What the ledger believes just before a line: the latest version of each row."""

    def row(self, table: str, key: Key) -> Row | None:
        """The columns of a row as they hold last in valid time; None when there is no such row."""

    def last(self, table: str, prefix: Key) -> Key | None:
        """The greatest key that begins with `prefix`, which lacks the last part; None when there is none."""


Project = Callable[[Any, Envelope, Known], list[Change]]


@dataclass(frozen=True)
class Plan:
    """A ledger as its domain declares it.

    `projections` are pure: (event, envelope, known) to changes. An event without one leaves no row. `version` is raised
    when projections say something else than before about the same lines: the ledger is then rebuilt.
    """

    name: str
    version: int
    tables: tuple[Table, ...]
    projections: Mapping[type[Event], Project]
    views: tuple[View, ...] = field(default=())

    @property
    def edition(self) -> str:
        """Tells stored tables that were made by another plan; covers the version, the tables and the views."""
        return sha256(repr((self.name, self.version, self.tables, self.views)).encode()).hexdigest()[:32]


# What is believed


class Version(NamedTuple):
    """A stretch of valid time, `valid_from` to before `valid_to`, and the line that made us believe it."""

    valid_from: Instant
    valid_to: Instant
    position_from: int
    recorded_from: Instant
    recorded_by: str
    values: tuple[Value, ...]


def since_of(change: Change, envelope: Envelope) -> Instant:
    """From when on a change holds, within what a ledger's calendar can tell."""
    since = envelope.at if change.since is None else change.since
    return min(max(since, EVER + 1), FOREVER - 1)


def believed(table: Table, versions: Sequence[Version], change: Change, envelope: Envelope) -> list[Version]:
    """The versions of a row that are believed behind a change.

    `versions` are those believed before it, in order, at least all that hold at `since_of(change)` or later; for `Put`
    all of them. Versions that stay are the same objects.
    """
    since, values = since_of(change, envelope), change.values

    def said(valid_from: Instant, valid_to: Instant, held: tuple[Value, ...]) -> Version:
        return Version(valid_from, valid_to, envelope.position, envelope.recorded_at, envelope.actor, held)

    if isinstance(change, Put):
        return [said(since, FOREVER, table.values(values))]
    if isinstance(change, Mark):
        until = min((old.valid_from for old in versions if old.valid_from > since), default=FOREVER)
        kept = [piece for old in versions for piece in ([old] if old.valid_to <= since else _before(old, since, said))]
        after = [old for old in versions if old.valid_from >= until]
        return [*kept, said(since, until, table.values(values)), *after]
    revised: list[Version] = []
    for old in versions:
        new = table.values(values, old.values)
        if old.valid_to <= since or new == old.values:
            revised.append(old)
        else:
            revised += [*_before(old, since, said), said(max(old.valid_from, since), old.valid_to, new)]
    return revised


def _before(old: Version, since: Instant, said: Callable[..., Version]) -> list[Version]:
    """What is left of a version in front of `since`."""
    return [said(old.valid_from, since, old.values)] if old.valid_from < since else []


# How a ledger follows its journal


class Follower(Protocol):
    """What is kept beside a journal and can be rebuilt from it: a ledger, an index. It keeps its own position."""

    def standing(self) -> Head:
        """The position of the last line that it holds, and that line's hash."""

    def apply(self, facts: Sequence[Fact], gaps: Sequence[Gap] = ()) -> None:
        """Take the lines of a batch in, and the new position, in one transaction. Lines that it holds change nothing.

        Lines follow without a gap, but for those that the journal itself owns to. Raises Conflict for lines that do
        not follow, or that are of another journal; Unavailable and Corruption as the world has it. Whatever is raised,
        nothing was taken in.
        """


def facts_behind(journal: Readable, house: House, head: Head = EMPTY) -> Iterator[Fact]:
    """Durable lines behind `head`, each with its event and nothing folded.

    Raises Conflict when the journal does not hold the line of `head`: it is another one, or has lost its end.
    """
    lines = iter(journal.read(max(head.position - 1, 0)))
    if head.position:
        line = next(lines, None)
        if line is None or line[:HASH_DIGITS] != head.hash.hex().encode():
            found = "ends before it" if line is None else "has another line there"
            raise Conflict(f"what stands at position {head.position} is of another journal: this one {found}")
    reader = Fold(house, 0)
    reader.head, reader.gaps = head, journal.gaps
    for line in lines:
        fact = reader.fact_of(line)
        reader.head = Head(fact.envelope.position, fact.hash)
        yield fact


def catch_up(follower: Follower, journal: Readable, house: House, batch: int = 1000) -> int:
    """Bring a follower to the end of a journal, a transaction for each `batch` of lines; gives how many were new."""
    count = 0
    facts = facts_behind(journal, house, follower.standing())
    while waiting := list(islice(facts, batch)):
        follower.apply(waiting, journal.gaps)
        count += len(waiting)
    return count
