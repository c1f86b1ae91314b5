"""A plan's tables in SQL. Each holds every version of every row; `<table>_now` shows what is believed and holds last.

A version holds for `valid_from` <= time < `valid_to` and is believed for `position_from` <= position < `position_to`
(and so for `recorded_from` and `recorded_to`). An end that has not come is FOREVER, so that one predicate asks
everything.
"""

from collections.abc import Iterable

from sqlalchemy import (
    BigInteger,
    ColumnElement,
    Index,
    Integer,
    MetaData,
    Text,
    bindparam,
    insert,
    select,
    update,
)
from sqlalchemy import Column as SqlColumn
from sqlalchemy import Table as SqlTable
from sqlalchemy.sql.elements import literal_column

from redstick.kernel.ledgers import FOREVER, Column, Kind, Plan, Table, Value, View

TYPES = {
    Kind.TEXT: Text,
    Kind.INTEGER: BigInteger,
    Kind.FLAG: Integer,
    Kind.INSTANT: BigInteger,
    Kind.LINE: BigInteger,
}
OPEN: ColumnElement[int] = literal_column(str(FOREVER))  # a literal, so that the index of what is believed serves
LARGEST = 2**63 - 1
NO_TEXT_IN_SQL = "\x00"  # PostgreSQL keeps none in a text


class StoredTable:
    """One table of a plan in SQL, and the statements that a batch needs."""

    def __init__(self, declared: Table, metadata: MetaData) -> None:
        self.declared = declared
        self.sql = SqlTable(
            declared.name,
            metadata,
            *(SqlColumn(key.name, TYPES[key.kind], primary_key=True, autoincrement=False) for key in declared.key),
            SqlColumn("valid_from", BigInteger, primary_key=True, autoincrement=False),
            SqlColumn("position_from", BigInteger, primary_key=True, autoincrement=False),
            SqlColumn("valid_to", BigInteger, nullable=False),
            SqlColumn("position_to", BigInteger, nullable=False),
            SqlColumn("recorded_from", BigInteger, nullable=False),
            SqlColumn("recorded_to", BigInteger, nullable=False),
            SqlColumn("recorded_by", Text, nullable=False),
            *(SqlColumn(column.name, TYPES[column.kind]) for column in declared.columns),
            sqlite_with_rowid=False,
        )
        held = self.sql.c
        self.key = [held[key.name] for key in declared.key]
        self.columns = [held[column.name] for column in declared.columns]
        believed = held.position_to == OPEN
        name = f"{declared.name}_believed"
        Index(name, *self.key, held.valid_to, sqlite_where=believed, postgresql_where=believed)
        is_key = [column == bindparam(f"key_{column.name}") for column in self.key]
        self.tail = (
            select(
                held.valid_from, held.valid_to, held.position_from, held.recorded_from, held.recorded_by, *self.columns
            )
            .where(*is_key, believed, held.valid_to > bindparam("since"), held.valid_to <= bindparam("until"))
            .order_by(held.valid_from)
        )
        self.last = select(self.key[-1]).where(*is_key[:-1]).order_by(self.key[-1].desc()).limit(1)
        self.insert = insert(self.sql)
        self.close = (
            update(self.sql)
            .where(*is_key, held.valid_from == bindparam("from_"), held.position_from == bindparam("line_"))
            .values(position_to=bindparam("position_"), recorded_to=bindparam("recorded_"))
        )

    def bound(self, key: Iterable[Value]) -> dict[str, Value]:
        """A key, or the beginning of one, as parameters of the statements."""
        return {f"key_{column.name}": value for column, value in zip(self.declared.key, key, strict=False)}


class Schema:
    """All tables of a plan, and its views."""

    def __init__(self, plan: Plan) -> None:
        self.metadata = MetaData()
        self.tables = {table.name: StoredTable(table, self.metadata) for table in plan.tables}
        self.views = [now(table) for table in plan.tables] + list(plan.views)


def now(table: Table) -> View:
    """What is believed now and holds last, for people who ask in SQL."""
    columns: tuple[Column, ...] = (*table.key, *table.columns)
    names = ", ".join([*(column.name for column in columns), "valid_from", "recorded_from", "recorded_by"])
    select_now = f"SELECT {names} FROM {table.name} WHERE position_to = {FOREVER} AND valid_to = {FOREVER}"  # noqa: S608  (names that a plan declares)
    return View(f"{table.name}_now", table.about, select_now)


def fitting(value: Value) -> Value:
    """A value as both databases can hold it: what no column can hold stays in the journal alone."""
    if isinstance(value, str):
        return value.replace(NO_TEXT_IN_SQL, "\N{SYMBOL FOR NULL}") if NO_TEXT_IN_SQL in value else value
    if value is None or isinstance(value, bool):
        return value
    return value if -LARGEST <= value <= LARGEST else None
