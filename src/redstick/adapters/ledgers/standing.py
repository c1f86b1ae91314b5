"""Where what is kept beside a journal stands: its position and the hash there, in the transaction of its rows."""

import json
from collections.abc import Iterator, Mapping, Sequence

from sqlalchemy import (
    BigInteger,
    Connection,
    MetaData,
    Table,
    Text,
    TextClause,
    delete,
    insert,
    inspect,
    select,
    text,
    update,
)
from sqlalchemy import Column as SqlColumn

from redstick.adapters.ledgers.check import Contents
from redstick.kernel.envelope import Gap, Head
from redstick.kernel.errors import Conflict, Corruption
from redstick.kernel.fold import Fact

_metadata = MetaData()
_standings = Table(
    "standings",
    _metadata,
    SqlColumn("name", Text, primary_key=True),
    SqlColumn("edition", Text, nullable=False),
    SqlColumn("position", BigInteger, nullable=False),
    SqlColumn("hash", Text, nullable=False),
    SqlColumn("made", Text, nullable=False),  # tables and views that the edition made, as JSON: what to drop
)


class Standing:
    """The standing of one ledger or index, by its name."""

    def __init__(self, name: str, edition: str) -> None:
        self.name, self.edition = name, edition
        self._mine = _standings.c.name == name

    def make(
        self,
        connection: Connection,
        made: Mapping[str, Sequence[str]],
        tables: Sequence[MetaData],
        views: Sequence[TextClause],
    ) -> None:
        """Make tables and views and stand at the beginning, unless this edition stands already.

        `made` names them, so that the next edition knows what to drop.
        """
        _metadata.create_all(connection)
        found = connection.execute(select(_standings.c.edition, _standings.c.made).where(self._mine)).first()
        if found is not None and found.edition == self.edition:
            return
        for former in ([] if found is None else [json.loads(found.made)]) + [made]:
            for statement in _drops(former["views"], former["tables"]):
                connection.execute(statement)
        connection.execute(delete(_standings).where(self._mine))
        for metadata in tables:
            metadata.create_all(connection)
        for view in views:
            connection.execute(view)
        row = {"name": self.name, "edition": self.edition, "position": 0, "hash": "", "made": json.dumps(made)}
        connection.execute(insert(_standings).values(row))

    def expect(self, connection: Connection) -> None:
        """Raise Corruption unless this edition stands: then nothing is to be made or dropped."""
        known = inspect(connection).has_table(_standings.name)
        if not known or connection.execute(select(_standings.c.edition).where(self._mine)).scalar() != self.edition:
            raise Corruption(f"there is no {self.name} of this version of Redstick here; build it from the journal")

    def read(self, connection: Connection) -> Head:
        """The last line that is held; raises Corruption when what is stored is no head."""
        row = connection.execute(select(_standings.c.position, _standings.c.hash).where(self._mine)).first()
        try:
            if row is not None:
                return Head(int(row.position), bytes.fromhex(row.hash)) if row.position else Head()
        except (TypeError, ValueError):
            pass
        raise Corruption(f"the standing of {self.name} cannot be read; it can be rebuilt from the journal")

    def new(self, held: Head, facts: Sequence[Fact], gaps: Sequence[Gap]) -> list[Fact]:
        """The facts behind `held`. Raises Conflict when they do not follow, or are of another journal."""
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

    def advance(self, connection: Connection, fresh: Sequence[Fact], before: Head) -> None:
        """Stand behind `fresh`; raises Conflict when another writer has moved the standing since it was read."""
        last = fresh[-1]
        moved = connection.execute(
            update(_standings)
            .where(self._mine, _standings.c.position == before.position)
            .values(position=last.envelope.position, hash=last.hash.hex())
        )
        if moved.rowcount != 1:
            raise Conflict(f"{self.name} has another writer: it no longer stands at position {before.position}")

    def back(self, connection: Connection) -> None:
        """Stand at the beginning again."""
        connection.execute(update(_standings).where(self._mine).values(position=0, hash=""))

    def contents(self) -> Contents:
        """Its own row, as the rebuild check compares it."""
        return Contents(_standings, ("name",), only=self._mine)


def _drops(views: Sequence[str], tables: Sequence[str]) -> Iterator[TextClause]:
    """What an older edition made goes in the opposite order: views stand on tables."""
    yield from (text(f"DROP VIEW IF EXISTS {name}") for name in reversed(views))
    yield from (text(f"DROP TABLE IF EXISTS {name}") for name in reversed(tables))
