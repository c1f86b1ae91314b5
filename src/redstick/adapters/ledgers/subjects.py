"""Which lines concern a subject: all that a journal has on an incident, a call, a unit or a person."""

from collections.abc import Sequence
from typing import Self

from sqlalchemy import BigInteger, Column, Connection, Engine, MetaData, Table, Text, insert, select

from redstick.adapters.ledgers.database import answered
from redstick.adapters.ledgers.kept import Contents, Kept
from redstick.adapters.ledgers.schema import fitting
from redstick.kernel.fold import Fact

NAME, EDITION = "subjects", "1"


class SubjectIndex(Kept):
    """A row for each subject of each line."""

    def __init__(self, engine: Engine, *, make: bool = True) -> None:
        """Raises Unavailable or Corruption when the database is not to be used."""
        metadata = MetaData()
        self._table = Table(
            NAME,
            metadata,
            Column("subject", Text, primary_key=True),
            Column("position", BigInteger, primary_key=True, autoincrement=False),
            sqlite_with_rowid=False,
        )
        super().__init__(engine, NAME, EDITION, metadata, make=make)

    def positions_of(self, subject: str) -> list[int]:
        """Positions of the lines that concern a subject, in order; none for one that was never heard of."""
        positions = self._table.c.position
        query = select(positions).where(self._table.c.subject == fitting(subject)).order_by(positions)
        with answered(self.engine), self.engine.connect() as connection:
            return list(connection.execute(query).scalars())

    def take_in(self, connection: Connection, fresh: Sequence[Fact], held: int) -> None:
        """Add the subjects of the lines."""
        del held
        rows = [
            {"subject": fitting(subject), "position": fact.envelope.position}
            for fact in fresh
            for subject in dict.fromkeys(fact.envelope.subjects)
        ]
        if rows:
            connection.execute(insert(self._table), rows)

    def contents(self) -> list[Contents]:
        """Its table, as the rebuild check compares it."""
        return [Contents(self._table, ("subject",), ("position",))]

    def beside(self, engine: Engine) -> Self:
        """An empty index, in another database."""
        return type(self)(engine)
