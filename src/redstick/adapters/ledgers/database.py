"""Databases that hold what can be rebuilt: opened so that a reader disturbs no writer, their errors in our words."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from sqlalchemy import Connection, Engine, create_engine, event
from sqlalchemy.exc import DatabaseError, OperationalError
from sqlalchemy.pool import StaticPool

from redstick.kernel.errors import Corruption, Unavailable

SQLITE_SET_UP = (
    "PRAGMA journal_mode = WAL",  # readers see one state and hold nobody up
    "PRAGMA synchronous = NORMAL",  # a loss of power may take the last transactions: position and rows go together
    "PRAGMA busy_timeout = 5000",
)


def open_database(place: Path | None) -> Engine:
    """A SQLite database in a file, made with its folder if it is not there; in memory when there is no place."""
    if place is not None:
        place.parent.mkdir(parents=True, exist_ok=True)
        engine = create_engine(f"sqlite:///{place}")
    else:
        engine = create_engine("sqlite://", poolclass=StaticPool)  # one connection, or each would see its own

    @event.listens_for(engine, "connect")
    def set_up(connection: object, record: object) -> None:
        del record
        connection.isolation_level = None  # type: ignore[attr-defined]  # a DBAPI connection has no common type
        for statement in SQLITE_SET_UP:
            connection.execute(statement)  # type: ignore[attr-defined]  # a DBAPI connection has no common type

    @event.listens_for(engine, "begin")
    def begin(connection: Connection) -> None:
        connection.exec_driver_sql("BEGIN")  # the driver would begin only with the first write, and read two states

    return engine


@contextmanager
def answered(engine: Engine) -> Iterator[None]:
    """Raise Unavailable when the database does not answer, Corruption when what it holds cannot be read."""
    name = engine.url.database or "the database in memory"
    try:
        yield
    except OperationalError as error:
        raise Unavailable(f"{name}: {error.orig}") from error
    except DatabaseError as error:
        raise Corruption(f"{name}: {error.orig}; it can be rebuilt from the journal") from error
    except UnicodeDecodeError as error:  # the driver's own words quote what is broken
        raise Corruption(f"{name}: {error}; it can be rebuilt from the journal") from error


def ledger_file(data: Path, name: str) -> Path:
    """Where a city's data folder keeps a ledger or an index."""
    return data / "ledgers" / f"{name}.sqlite3"
