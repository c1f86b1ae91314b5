"""A ledger in SQL: it takes in batches of facts and answers what was believed when, about when."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any, Self

from sqlalchemy import ColumnElement, Connection, Engine, select

from redstick.adapters.ledgers.batch import Batch
from redstick.adapters.ledgers.database import answered
from redstick.adapters.ledgers.kept import Contents, Kept
from redstick.adapters.ledgers.schema import Schema, StoredTable, fitting
from redstick.kernel.errors import Corruption
from redstick.kernel.fold import Fact
from redstick.kernel.ledgers import FOREVER, VERSION_COLUMNS, Change, Kind, Plan, Value
from redstick.kernel.values import Instant

Answer = dict[str, Value]


class SqlLedger(Kept):
    """The tables of a plan."""

    def __init__(self, engine: Engine, plan: Plan, *, make: bool = True) -> None:
        """Raises Unavailable or Corruption when the database is not to be used."""
        self.plan, self.schema = plan, Schema(plan)
        super().__init__(engine, plan.name, plan.edition, self.schema.metadata, self.schema.views, make=make)

    def take_in(self, connection: Connection, fresh: Sequence[Fact], held: int) -> None:
        """Project the lines; raises Corruption with the position when the plan's own code fails on one."""
        batch = Batch(connection, self.schema.tables, held)
        for fact in fresh:
            try:
                for change in self._changes(fact, batch):
                    batch.change(change, fact.envelope)
            except (LookupError, ValueError, TypeError, ArithmeticError) as error:
                where = f"position {fact.envelope.position}: {fact.envelope.kind}"
                raise Corruption(
                    f"{where} cannot be taken in by {self.name}: {type(error).__name__}: {error}"
                ) from error
        batch.flush()

    def _changes(self, fact: Fact, known: Batch) -> Iterable[Change]:
        project = self.plan.projections.get(type(fact.event))
        return project(fact.event, fact.envelope, known) if project else ()

    def contents(self) -> list[Contents]:
        """Its tables, as the rebuild check compares them."""
        return [
            Contents(stored.sql, tuple(key.name for key in stored.key), ("position_from", "valid_from"))
            for stored in self.schema.tables.values()
        ]

    def beside(self, engine: Engine) -> Self:
        """An empty ledger of the same plan, in another database."""
        return type(self)(engine, self.plan)

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
        names = [*stored.declared.key_names, *stored.declared.names, *VERSION_COLUMNS]
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
