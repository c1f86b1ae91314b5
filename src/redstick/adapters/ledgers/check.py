"""The rebuild check: is what is kept what the journal says? Any flipped bit and any edit by hand is found and named."""

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from hashlib import sha256
from heapq import merge
from itertools import groupby, islice, takewhile
from operator import itemgetter
from typing import Any

from sqlalchemy import Connection, Engine, select
from sqlalchemy.exc import DatabaseError

from redstick.adapters.ledgers.database import answered, open_database
from redstick.adapters.ledgers.kept import Contents, Kept
from redstick.kernel.envelope import Head
from redstick.kernel.errors import Corruption, Unavailable
from redstick.kernel.house import House
from redstick.kernel.ledgers import facts_behind
from redstick.kernel.ports import Journal

MOST = 1000  # findings that are named one by one
LINES_AT_ONCE = 5000

Stored = tuple[Any, ...]


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

    What is kept is read in one transaction, so that a check beside a process that goes on writing is as good as one at
    rest. `scratch` is an empty database to build in; in memory without it. Raises Unavailable or Corruption when what
    is kept cannot even be opened, and Corruption when the journal is not as it was written.
    """
    with _one_state(kept.engine) as stored:
        try:
            with answered(kept.engine):
                standing = kept.standing_in(stored)
        except (Corruption, Unavailable) as error:
            return Check(0, {}, [Finding("standings", None, str(error))])
        fresh = kept.beside(scratch or open_database(None))
        _build(fresh, journal, house, standing)
        with _one_state(fresh.engine) as built:
            findings = [*_damage(stored), *_redefined(stored, built)]
            digests: dict[str, str] = {}
            for contents in (kept.own_standing(), *kept.contents()):
                name = contents.table.name
                digests[name] = digest(built, contents)
                if _digest_or_none(stored, contents) != digests[name]:
                    findings += _differences(stored, built, contents)
    return Check(standing.position, digests, findings[:MOST])


def digest(connection: Connection, contents: Contents) -> str:
    """SHA-256 over every row, in an order that does not depend on the database."""
    found = sha256()
    for row in _rows(connection, contents):
        found.update(repr(row).encode(errors="surrogateescape"))
    return found.hexdigest()


def _build(fresh: Kept, journal: Journal, house: House, until: Head) -> None:
    facts = takewhile(lambda fact: fact.envelope.position <= until.position, facts_behind(journal, house))
    while waiting := list(islice(facts, LINES_AT_ONCE)):
        fresh.apply(waiting, journal.gaps)


@contextmanager
def _one_state(engine: Engine) -> Iterator[Connection]:
    """A connection that sees one state of the database throughout, whoever writes meanwhile."""
    sqlite = engine.dialect.name == "sqlite"
    options = {} if sqlite else {"isolation_level": "REPEATABLE READ"}
    with answered(engine):
        connection = engine.connect().execution_options(**options)
    try:
        yield connection
    finally:
        connection.close()


def _digest_or_none(connection: Connection, contents: Contents) -> str | None:
    try:
        return digest(connection, contents)
    except DatabaseError:
        return None


def _damage(connection: Connection) -> Iterator[Finding]:
    """What the database itself finds wrong with its file: pages, and indexes that do not agree with their tables."""
    if connection.dialect.name != "sqlite":
        return
    try:
        said = list(connection.exec_driver_sql("PRAGMA integrity_check").scalars())
    except DatabaseError as error:
        said = [str(error.orig)]
    yield from (Finding("the file", None, line) for line in said if line != "ok")


def _redefined(kept: Connection, fresh: Connection) -> Iterator[Finding]:
    """Tables, views and indexes that are not defined as they were made; SQLite keeps the text of it in the file."""
    if {kept.dialect.name, fresh.dialect.name} != {"sqlite"}:
        return
    held = _definitions(kept)
    for name, text in _definitions(fresh).items():
        if held.get(name) != text:
            yield Finding(name, None, "is not defined as it was made")


def _definitions(connection: Connection) -> dict[str, str]:
    with _any_bytes(connection):
        rows = connection.exec_driver_sql("SELECT name, sql FROM sqlite_master").mappings()
        return {row["name"]: row["sql"] for row in rows}


def _differences(kept: Connection, fresh: Connection, contents: Contents) -> list[Finding]:
    """Rows that are not the same in both, by their keys; up to the first place that cannot be read."""
    names = [column.name for column in contents.columns]
    own = len({*contents.order, *contents.key})
    held: dict[Stored, Stored] = {}
    due: dict[Stored, Stored] = {}
    unreadable: list[Finding] = []
    try:
        for is_kept, row in islice(_unpaired(_rows(kept, contents), _rows(fresh, contents), contents), MOST):
            (held if is_kept else due)[row[:own]] = row
    except DatabaseError as error:
        unreadable.append(Finding(contents.table.name, None, f"cannot be read: {error.orig}"))
    findings: list[Finding] = []
    for identity in dict.fromkeys([*due, *held]):
        if identity not in held:
            what = "is missing"
        elif identity not in due:
            what = "is not in the journal"
        else:
            pairs = zip(names, held[identity], due[identity], strict=True)
            what = "differs in " + ", ".join(name for name, one, other in pairs if repr(one) != repr(other))
        findings.append(Finding(contents.table.name, dict(zip(names, identity, strict=False)), what))
    return [*findings, *unreadable]


def _unpaired(kept: Iterable[Stored], fresh: Iterable[Stored], contents: Contents) -> Iterator[tuple[bool, Stored]]:
    """Rows that stand in one of two ordered streams only, and whether that is the first."""
    ours = ((_place(row, contents), True, row) for row in kept)
    theirs = ((_place(row, contents), False, row) for row in fresh)
    for _, group in groupby(merge(ours, theirs, key=itemgetter(0)), key=itemgetter(0)):
        same = list(group)
        if len(same) == 1:
            yield same[0][1:]


def _rows(connection: Connection, contents: Contents) -> Iterator[Stored]:
    """Every row in the order of `_place`, its values as they are stored."""
    ordered = contents.columns[: len(contents.order)]
    query = select(*contents.columns).where(contents.only).order_by(*ordered)
    with _any_bytes(connection):
        for _, group in groupby(map(tuple, connection.execute(query)), key=lambda row: row[: len(ordered)]):
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
