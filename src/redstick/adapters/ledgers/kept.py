"""What is kept in SQL beside a journal, and can be thrown away: rows, and in the same transaction where it stands."""

import json
from abc import ABC, abstractmethod
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any, Self

from sqlalchemy import (
    BigInteger,
    Column,
    ColumnElement,
    Connection,
    Engine,
    MetaData,
    Table,
    Text,
    TextClause,
    delete,
    insert,
    inspect,
    select,
    text,
    true,
    update,
)

from redstick.adapters.ledgers.database import answered
from redstick.kernel.envelope import Gap, Head
from redstick.kernel.errors import Conflict, Corruption
from redstick.kernel.fold import Fact
from redstick.kernel.ledgers import View

_metadata = MetaData()
_standings = Table(
    "standings",
    _metadata,
    Column("name", Text, primary_key=True),
    Column("edition", Text, nullable=False),
    Column("position", BigInteger, nullable=False),
    Column("hash", Text, nullable=False),
    Column("made", Text, nullable=False),  # tables and views that the edition made, as JSON: what to drop
)


@dataclass(frozen=True, slots=True)
class Contents:
    """A table whose rows are compared: `key` names a row, `order` are whole numbers that nearly order the rows.

    Texts are ordered differently by different databases, so the order is completed by who compares. `only` leaves out
    rows that are not its own.
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


class Kept(ABC):
    """A `Follower` in SQL. What is kept differs; how it follows, begins anew and is checked is the same.

    Its tables are made when they are not there; those of another edition are dropped, and it stands at the beginning:
    catching up is then the rebuild. Without `make`, Corruption is raised instead.
    """

    def __init__(
        self, engine: Engine, name: str, edition: str, metadata: MetaData, views: Sequence[View] = (), *, make: bool
    ) -> None:
        """Raises Unavailable or Corruption when the database is not to be used."""
        self.engine, self.name, self.edition = engine, name, edition
        self._metadata, self._views = metadata, views
        self._mine = _standings.c.name == name
        with answered(engine), engine.begin() as connection:
            if not self._stands(connection):
                if not make:
                    raise Corruption(f"there is no {name} of this version of Redstick here; build it from the journal")
                self._begin(connection)

    # What differs

    @abstractmethod
    def take_in(self, connection: Connection, fresh: Sequence[Fact], held: int) -> None:
        """Bring the rows from behind position `held` to behind `fresh`."""

    @abstractmethod
    def contents(self) -> list[Contents]:
        """Its tables, as the rebuild check compares them."""

    @abstractmethod
    def beside(self, engine: Engine) -> Self:
        """An empty one of the same kind, in another database."""

    # Following

    def standing(self) -> Head:
        """The last line that it holds."""
        with answered(self.engine), self.engine.connect() as connection:
            return self.standing_in(connection)

    def standing_in(self, connection: Connection) -> Head:
        """The same, as a transaction sees it; raises Corruption when what is stored is no head."""
        row = connection.execute(select(_standings.c.position, _standings.c.hash).where(self._mine)).first()
        try:
            if row is not None:
                return Head(int(row.position), bytes.fromhex(row.hash)) if row.position else Head()
        except (TypeError, ValueError):
            pass
        raise Corruption(f"the standing of {self.name} cannot be read; it can be rebuilt from the journal")

    def apply(self, facts: Sequence[Fact], gaps: Sequence[Gap] = ()) -> None:
        """Take the lines of a batch in, with the new position, in one transaction; see `Follower.apply`."""
        with answered(self.engine), self.engine.begin() as connection:
            held = self.standing_in(connection)
            fresh = self._fresh(held, facts, gaps)
            if fresh:
                self.take_in(connection, fresh, held.position)
                self._advance(connection, held, fresh[-1])

    def clear(self) -> None:
        """Forget everything, so that catching up rebuilds it."""
        with answered(self.engine), self.engine.begin() as connection:
            for table in self._metadata.tables.values():
                connection.execute(delete(table))
            connection.execute(update(_standings).where(self._mine).values(position=0, hash=""))

    def own_standing(self) -> Contents:
        """The row that says where it stands, as the rebuild check compares it."""
        return Contents(_standings, ("name",), only=self._mine)

    # Inside

    def _fresh(self, held: Head, facts: Sequence[Fact], gaps: Sequence[Gap]) -> list[Fact]:
        """The facts behind `held`; raises Conflict when they do not follow, or are of another journal."""
        fresh: list[Fact] = []
        for fact in facts:
            position = fact.envelope.position
            if position == held.position and fact.hash != held.hash:
                raise Conflict(f"{self.name} holds another line at position {position}: it is of another journal")
            if position <= held.position:
                continue
            before = fresh[-1].envelope.position if fresh else held.position
            if position != before + 1 and not any(gap.good <= before < position <= gap.first for gap in gaps):
                raise Conflict(f"{self.name} needs position {before + 1} next, not {position}")
            fresh.append(fact)
        return fresh

    def _advance(self, connection: Connection, held: Head, last: Fact) -> None:
        moved = connection.execute(
            update(_standings)
            .where(self._mine, _standings.c.position == held.position)
            .values(position=last.envelope.position, hash=last.hash.hex())
        )
        if moved.rowcount != 1:
            raise Conflict(f"{self.name} has another writer: it no longer stands at position {held.position}")

    def _stands(self, connection: Connection) -> bool:
        """Whether this edition's tables are there."""
        if not inspect(connection).has_table(_standings.name):
            return False
        return connection.execute(select(_standings.c.edition).where(self._mine)).scalar() == self.edition

    def _begin(self, connection: Connection) -> None:
        """Drop what an older edition made, make the tables and views, and stand at the beginning."""
        _metadata.create_all(connection)
        made = {"views": [view.name for view in self._views], "tables": list(self._metadata.tables)}
        former = connection.execute(select(_standings.c.made).where(self._mine)).scalar()
        for names in ([] if former is None else [json.loads(former)]) + [made]:
            for statement in _drops(names["views"], names["tables"]):
                connection.execute(statement)
        self._metadata.create_all(connection)
        for view in self._views:
            connection.execute(text(f"CREATE VIEW {view.name} AS {view.select}"))
        connection.execute(delete(_standings).where(self._mine))
        row = {"name": self.name, "edition": self.edition, "position": 0, "hash": "", "made": json.dumps(made)}
        connection.execute(insert(_standings).values(row))


def _drops(views: Sequence[str], tables: Sequence[str]) -> Iterator[TextClause]:
    """In the opposite order of making: views stand on tables."""
    yield from (text(f"DROP VIEW IF EXISTS {name}") for name in reversed(views))
    yield from (text(f"DROP TABLE IF EXISTS {name}") for name in reversed(tables))
