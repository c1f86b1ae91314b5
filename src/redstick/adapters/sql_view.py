"""A view in another system's database, read and never written: its rows as a CSV text that the history reader takes."""

import csv
import io
from datetime import date, datetime

from sqlalchemy import Engine, MetaData, Table, create_engine, event, inspect, select
from sqlalchemy.exc import ArgumentError, NoSuchModuleError, SQLAlchemyError

from redstick.kernel.errors import Unavailable


class SqlView:
    """One view or table, by its name. Only `SELECT` is ever sent, and the connection is told to be read-only."""

    def __init__(self, url: str, view: str) -> None:
        """Raises ValueError for a URL that names no database, or no driver that is installed."""
        try:
            self._engine = create_engine(url)
        except (ArgumentError, NoSuchModuleError, ModuleNotFoundError) as error:
            raise ValueError(f"{url!r} names no database that can be opened: {error}") from error
        self._schema, _, self._name = view.rpartition(".")
        _forbid_writing(self._engine)

    def as_csv(self) -> str:
        """Every row of the view, times in ISO form; raises Unavailable naming the view when it cannot be read."""
        try:
            table = Table(
                self._name, MetaData(), schema=self._schema or None, autoload_with=self._engine, resolve_fks=False
            )
            with self._engine.connect() as connection:
                rows = connection.execute(select(table))
                text = io.StringIO()
                writer = csv.writer(text)
                writer.writerow(rows.keys())
                writer.writerows([_cell(value) for value in row] for row in rows)
        except SQLAlchemyError as error:
            known = self._names()
            raise Unavailable(f"the view {self._name!r} cannot be read ({error}); there are: {known}") from error
        return text.getvalue()

    def close(self) -> None:
        """Let go of every connection."""
        self._engine.dispose()

    def _names(self) -> str:
        try:
            seen = inspect(self._engine)
            return ", ".join(sorted([*seen.get_view_names(), *seen.get_table_names()])) or "none"
        except SQLAlchemyError:
            return "unknown, since the database does not answer"


def _forbid_writing(engine: Engine) -> None:
    """Each connection begins read-only, so that a slip of ours cannot reach a system that runs a city."""
    statement = {"sqlite": "PRAGMA query_only = ON", "postgresql": "SET default_transaction_read_only = on"}.get(
        engine.dialect.name
    )
    if statement is None:
        return

    @event.listens_for(engine, "connect")
    def be_read_only(connection: object, record: object) -> None:
        del record
        cursor = connection.cursor()  # type: ignore[attr-defined]  # a DBAPI connection has no common type
        cursor.execute(statement)
        cursor.close()


def _cell(value: object) -> object:
    if isinstance(value, datetime | date):
        return value.isoformat()
    return value
