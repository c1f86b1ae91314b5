"""The rebuild check: is what is kept what the journal says? Any flipped bit and any edit by hand is found and named."""

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from hashlib import sha256
from heapq import merge
from itertools import groupby, islice, takewhile
from operator import itemgetter
from typing import Any, Protocol

from sqlalchemy import Column, ColumnElement, Connection, Engine, Table, select, true
from sqlalchemy.exc import DatabaseError

from redstick.adapters.ledgers.database import open_database
from redstick.kernel.errors import Corruption, Unavailable
from redstick.kernel.house import House
from redstick.kernel.ledgers import Follower, facts_behind
from redstick.kernel.ports import Journal

MOST = 1000  # findings that are named one by one
LINES_AT_ONCE = 1000

Stored = tuple[Any, ...]


@dataclass(frozen=True, slots=True)
class Contents:
    """A table whose rows are compared: `key` names a row, `order` are whole numbers that nearly order the rows.

    Texts are ordered differently by different databases, so the order is completed here. `only` leaves out rows that
    are not its own.
    """

    table: Table
    key: tuple[str, ...]
    order: tuple[str, ...] = ()
    only: ColumnElement[bool] = field(default_factory=true)

    @property
    def columns(self) -> list[Column[Any]]:
        """All columns: those of the order, those of the key, the rest."""
        first = [*self.order, *(name for name in self.key if name not in self.order)]
        rest = [column.name for column in self.table.columns if column.name not in first]
        return [self.table.c[name] for name in (*first, *rest)]


class Kept(Follower, Protocol):
    """What can be checked by building it anew."""

    @property
    def engine(self) -> Engine:
        """The database that holds it."""

    def contents(self) -> list[Contents]:
        """Its tables."""

    def beside(self, engine: Engine) -> "Kept":
        """An empty one of the same kind, in another database."""


@dataclass(frozen=True, slots=True)
class Finding:
    """Where what is kept is not what the journal says. `key` is None when no single row can be named."""

    table: str
    key: dict[str, Any] | None
    what: str


@dataclass(frozen=True, slots=True)
class Check:
    """The outcome: `digests` are those of the fresh rebuild, by table; nothing found means that the kept ones equal."""

    position: int
    digests: dict[str, str]
    findings: list[Finding]

    @property
    def ok(self) -> bool:
        """True when every row is as the journal says."""
        return not self.findings


def rebuild_check(kept: Kept, journal: Journal, house: House, scratch: Engine | None = None) -> Check:
    """Build `kept` anew from the lines up to its own position, and compare.

    `scratch` is an empty database to build it in; in memory without it.
    """
    fresh = kept.beside(scratch or open_database(None))
    try:
        findings = list(_damage(kept.engine))
        standing = kept.standing()
    except (Corruption, Unavailable) as error:
        return Check(0, {}, [Finding("standings", None, str(error))])
    facts = takewhile(lambda fact: fact.envelope.position <= standing.position, facts_behind(journal, house))
    while waiting := list(islice(facts, LINES_AT_ONCE)):
        fresh.apply(waiting, journal.gaps)
    findings += _redefined(kept.engine, fresh.engine)
    digests: dict[str, str] = {}
    for mine, theirs in zip(kept.contents(), fresh.contents(), strict=True):
        name = mine.table.name
        digests[name] = digest(fresh.engine, theirs)
        if _digest_or_none(kept.engine, mine) != digests[name]:
            findings += _differences(kept, mine, fresh, theirs)
    return Check(standing.position, digests, findings[:MOST])


def digest(engine: Engine, contents: Contents) -> str:
    """SHA-256 over every row, in an order that does not depend on the database."""
    found = sha256()
    for row in _rows(engine, contents):
        found.update(repr(row).encode(errors="surrogateescape"))
    return found.hexdigest()


def _digest_or_none(engine: Engine, contents: Contents) -> str | None:
    try:
        return digest(engine, contents)
    except DatabaseError:
        return None


def _damage(engine: Engine) -> Iterator[Finding]:
    """What the database itself finds wrong with its file: pages, and indexes that do not agree with their tables."""
    if engine.dialect.name != "sqlite":
        return
    try:
        with engine.connect() as connection:
            said = list(connection.exec_driver_sql("PRAGMA integrity_check").scalars())
    except DatabaseError as error:
        said = [str(error.orig)]
    yield from (Finding("the file", None, line) for line in said if line != "ok")


def _redefined(kept: Engine, fresh: Engine) -> Iterator[Finding]:
    """Tables, views and indexes that are not defined as they were made; SQLite keeps the text of it in the file."""
    if {kept.dialect.name, fresh.dialect.name} != {"sqlite"}:
        return
    defined = [_definitions(engine) for engine in (kept, fresh)]
    for name, text in defined[1].items():
        if defined[0].get(name) != text:
            yield Finding(name, None, "is not defined as it was made")


def _definitions(engine: Engine) -> dict[str, str]:
    with engine.connect() as connection, _any_bytes(connection):
        rows = connection.exec_driver_sql("SELECT name, sql FROM sqlite_master").mappings()
        return {row["name"]: row["sql"] for row in rows}


def _differences(kept: Kept, mine: Contents, fresh: Kept, theirs: Contents) -> list[Finding]:
    """Rows that are not the same in both, by their keys; up to the first place that cannot be read."""
    names = [column.name for column in mine.columns]
    own = len({*mine.order, *mine.key})
    held: dict[Stored, Stored] = {}
    due: dict[Stored, Stored] = {}
    unreadable: list[Finding] = []
    try:
        for is_kept, row in islice(_unpaired(_rows(kept.engine, mine), _rows(fresh.engine, theirs), mine), MOST):
            (held if is_kept else due)[row[:own]] = row
    except DatabaseError as error:
        unreadable.append(Finding(mine.table.name, None, f"cannot be read: {error.orig}"))
    findings: list[Finding] = []
    for identity in dict.fromkeys([*due, *held]):
        if identity not in held:
            what = "is missing"
        elif identity not in due:
            what = "is not in the journal"
        else:
            pairs = zip(names, held[identity], due[identity], strict=True)
            what = "differs in " + ", ".join(name for name, one, other in pairs if repr(one) != repr(other))
        findings.append(Finding(mine.table.name, dict(zip(names, identity, strict=False)), what))
    return [*findings, *unreadable]


def _unpaired(kept: Iterable[Stored], fresh: Iterable[Stored], contents: Contents) -> Iterator[tuple[bool, Stored]]:
    """Rows that stand in one of two ordered streams only, and whether that is the first."""
    ours = ((_place(row, contents), True, row) for row in kept)
    theirs = ((_place(row, contents), False, row) for row in fresh)
    for _, group in groupby(merge(ours, theirs, key=itemgetter(0)), key=itemgetter(0)):
        same = list(group)
        if len(same) == 1:
            yield same[0][1:]


def _rows(engine: Engine, contents: Contents) -> Iterator[Stored]:
    """Every row in the order of `_place`, its values as they are stored."""
    query = select(*contents.columns).where(contents.only).order_by(*contents.columns[: len(contents.order)])
    with engine.connect() as connection, _any_bytes(connection):
        for _, group in groupby(map(tuple, connection.execute(query)), key=lambda row: row[: len(contents.order)]):
            yield from sorted(group, key=repr)


def _place(row: Stored, contents: Contents) -> tuple[list[tuple[int, Any]], str]:
    """Where a row stands: by its whole numbers, as a database orders what is none, then by all that is in it."""
    ranks = {type(None): 0, int: 1, float: 1, str: 2, bytes: 3}
    return [(ranks[type(value)], value or 0) for value in row[: len(contents.order)]], repr(row)


@contextmanager
def _any_bytes(connection: Connection) -> Iterator[None]:
    """Read texts that are none any more, instead of failing on the first: their rows are to be named."""
    driver: Any = connection.connection.dbapi_connection
    if connection.dialect.name != "sqlite":
        yield
        return
    before, driver.text_factory = driver.text_factory, lambda data: data.decode(errors="surrogateescape")
    try:
        yield
    finally:
        driver.text_factory = before
