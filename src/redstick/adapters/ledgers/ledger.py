"""A ledger in SQL: it takes in batches of facts and answers what was believed when, about when."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

from sqlalchemy import ColumnElement, Connection, Engine, delete, select

from redstick.adapters.ledgers.batch import Batch
from redstick.adapters.ledgers.check import Contents
from redstick.adapters.ledgers.database import answered
from redstick.adapters.ledgers.schema import Schema, StoredTable, fitting
from redstick.adapters.ledgers.standing import Standing
from redstick.kernel.envelope import Gap, Head
from redstick.kernel.fold import Fact
from redstick.kernel.ledgers import FOREVER, VERSION_COLUMNS, Kind, Plan, Value
from redstick.kernel.values import Instant

Answer = dict[str, Value]


class SqlLedger:
    """A `Follower` that keeps a plan's tables.

    Its tables are made when they are not there; those of another edition of the plan are dropped, and it stands at the
    beginning: catching up is then the rebuild. Without `make`, Corruption is raised instead.
    """

    def __init__(self, engine: Engine, plan: Plan, *, make: bool = True) -> None:
        """Raises Unavailable or Corruption when the database is not to be used."""
        self.plan, self.schema = plan, Schema(plan)
        self.engine = engine
        self._standing = Standing(plan.name, plan.edition)
        with answered(engine), engine.begin() as connection:
            if not make:
                self._standing.expect(connection)
            made = {"views": [view.name for view in self.schema.views], "tables": list(self.schema.tables)}
            self._standing.make(connection, made, [self.schema.metadata], self.schema.create_views())

    def standing(self) -> Head:
        """The last line that it holds."""
        with answered(self.engine), self.engine.connect() as connection:
            return self._standing.read(connection)

    def standing_in(self, connection: Connection) -> Head:
        """The same, as a transaction of the caller's sees it."""
        return self._standing.read(connection)

    def apply(self, facts: Sequence[Fact], gaps: Sequence[Gap] = ()) -> None:
        """Take the lines of a batch in, with the new position, in one transaction; see `Follower.apply`."""
        with answered(self.engine), self.engine.begin() as connection:
            held = self._standing.read(connection)
            fresh = self._standing.new(held, facts, gaps)
            if not fresh:
                return
            batch = Batch(connection, self.schema.tables, held.position)
            for fact in fresh:
                project = self.plan.projections.get(type(fact.event))
                for change in project(fact.event, fact.envelope, batch) if project else ():
                    batch.change(change, fact.envelope)
            batch.flush()
            self._standing.advance(connection, fresh, held)

    def clear(self) -> None:
        """Forget everything, so that catching up rebuilds it."""
        with answered(self.engine), self.engine.begin() as connection:
            for stored in self.schema.tables.values():
                connection.execute(delete(stored.sql))
            self._standing.back(connection)

    # Checking

    def contents(self) -> list[Contents]:
        """Its standing and its tables, as the rebuild check compares them."""
        return [self._standing.contents()] + [
            Contents(stored.sql, tuple(key.name for key in stored.key), ("position_from", "valid_from"))
            for stored in self.schema.tables.values()
        ]

    def beside(self, engine: Engine) -> "SqlLedger":
        """An empty ledger of the same plan, in another database."""
        return SqlLedger(engine, self.plan)

    # Answers

    def rows(
        self,
        table: str,
        where: Mapping[str, Value] | None = None,
        *,
        about: Instant | None = None,
        position: int | None = None,
        recorded_at: Instant | None = None,
    ) -> list[Answer]:
        """Rows of a table, by key: what was believed behind line `position`, or at `recorded_at`, about time `about`.

        Without them: what is believed now, and holds last. `where` compares columns for equality. KeyError for a table
        or column that is not there.
        """
        held = self.schema.tables[table].sql.c
        behind = FOREVER - 1
        asked = [*_spans(held.valid_from, held.valid_to, behind if about is None else about)]
        if recorded_at is not None:
            asked += _spans(held.recorded_from, held.recorded_to, recorded_at)
        if position is not None or recorded_at is None:
            asked += _spans(held.position_from, held.position_to, behind if position is None else position)
        return self._answers(table, asked, where, self.schema.tables[table].key)

    def history(self, table: str, where: Mapping[str, Value] | None = None) -> list[Answer]:
        """Every version, in the order in which it came to be believed."""
        held = self.schema.tables[table].sql.c
        return self._answers(table, [], where, [held.position_from, held.valid_from])

    def _answers(
        self,
        table: str,
        asked: Iterable[ColumnElement[bool]],
        where: Mapping[str, Value] | None,
        order: Iterable[ColumnElement[Any]],
    ) -> list[Answer]:
        stored = self.schema.tables[table]
        equal = [stored.sql.c[name] == fitting(value) for name, value in (where or {}).items()]
        names = [*(column.name for column in (*stored.declared.key, *stored.declared.columns)), *VERSION_COLUMNS]
        query = select(*(stored.sql.c[name] for name in names)).where(*asked, *equal).order_by(*order)
        with answered(self.engine), self.engine.connect() as connection:
            return [_answer(stored, row) for row in connection.execute(query).mappings()]


def _spans(start: ColumnElement[int], end: ColumnElement[int], at: int) -> Iterator[ColumnElement[bool]]:
    yield start <= at
    yield end > at


def _answer(stored: StoredTable, row: Mapping[Any, Any]) -> Answer:
    """A row as plain values; flags are stored as 0 and 1."""
    answer = dict(row)
    for column in stored.declared.columns:
        if column.kind is Kind.FLAG and answer[column.name] is not None:
            answer[column.name] = bool(answer[column.name])
    return answer
