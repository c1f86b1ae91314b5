"""Accounts and sessions in SQL: SQLite in a file that only its owner may read, or PostgreSQL, in one code.

Tokens are never here, only their SHA-256; passwords never, only their hashes.
"""

import os
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

from sqlalchemy import (
    BigInteger,
    Column,
    Connection,
    Engine,
    LargeBinary,
    MetaData,
    String,
    Table,
    and_,
    create_engine,
    delete,
    event,
    insert,
    or_,
    select,
    update,
)
from sqlalchemy.exc import IntegrityError, SQLAlchemyError

from redstick.kernel.authority.accounts import Account
from redstick.kernel.authority.sessions import Session
from redstick.kernel.errors import Conflict, Unavailable
from redstick.kernel.values import Instant

FILE = "accounts.sqlite3"
OWNER_ONLY = 0o600
KNOWN_FOR_MS = 90 * 24 * 3600 * 1000  # an address is known for so long after the last sign-in from it

METADATA = MetaData()
ACCOUNTS = Table(
    "accounts",
    METADATA,
    Column("person", String, primary_key=True),
    Column("name", String, nullable=False, unique=True),
    Column("password", String, nullable=False),
    Column("changed_at", BigInteger, nullable=False),
)
SESSIONS = Table(
    "sessions",
    METADATA,
    Column("key", LargeBinary, primary_key=True),
    Column("person", String, nullable=False, index=True),
    Column("address", String, nullable=False),
    Column("began_at", BigInteger, nullable=False),
    Column("seen_at", BigInteger, nullable=False),
)
KNOWN_ADDRESSES = Table(
    "known_addresses",
    METADATA,
    Column("person", String, primary_key=True),
    Column("address", String, primary_key=True),
    Column("met_at", BigInteger, nullable=False),
)


class SqlAccountBook:
    """An `AccountBook` behind a SQLAlchemy URL; the tables are made when they are not there."""

    def __init__(self, url: str) -> None:
        """Raises Unavailable when the database cannot be opened."""
        self._engine = create_engine(url)
        if self._engine.dialect.name == "sqlite":
            _be_careful(self._engine)
        with self._answering():
            METADATA.create_all(self._engine)

    @classmethod
    def in_folder(cls, folder: Path) -> "SqlAccountBook":
        """The book of a data folder, made if it is not there, readable by its owner alone."""
        path = folder / FILE
        try:
            folder.mkdir(parents=True, exist_ok=True)
            os.close(os.open(path, os.O_RDWR | os.O_CREAT, OWNER_ONLY))
        except OSError as error:
            raise Unavailable(f"{path}: {error.strerror}") from error
        return cls(f"sqlite:///{path}")

    def close(self) -> None:
        """Let go of every connection."""
        self._engine.dispose()

    def add(self, account: Account) -> None:
        """Keep a new account; raises Conflict when its person or its name has one."""
        row = {
            "person": account.person,
            "name": account.name,
            "password": account.password,
            "changed_at": account.changed_at,
        }
        with self._changing() as connection:
            try:
                connection.execute(insert(ACCOUNTS).values(row))
            except IntegrityError as error:
                raise Conflict(f"there is an account for {account.name!r} or for {account.person!r}") from error

    def find(self, name: str, address: str) -> tuple[Account | None, bool]:
        """The account of a name, and whether its person has signed in from this address before; one query for both."""
        met = and_(KNOWN_ADDRESSES.c.person == ACCOUNTS.c.person, KNOWN_ADDRESSES.c.address == address)
        wanted = (
            select(ACCOUNTS, KNOWN_ADDRESSES.c.address.label("met"))
            .select_from(ACCOUNTS.outerjoin(KNOWN_ADDRESSES, met))
            .where(ACCOUNTS.c.name == name)
        )
        with self._reading() as connection:
            row = connection.execute(wanted).one_or_none()
        return (None, False) if row is None else (Account(*row[:4]), row.met is not None)

    def accounts(self) -> list[Account]:
        """Every account, by name."""
        with self._reading() as connection:
            return [Account(*row) for row in connection.execute(select(ACCOUNTS).order_by(ACCOUNTS.c.name))]

    def change_password(self, account: Account, password: str, at: Instant) -> bool:
        """Put another hash in the place of the account's, if that is still the one there."""
        still = and_(ACCOUNTS.c.person == account.person, ACCOUNTS.c.password == account.password)
        with self._changing() as connection:
            changed = connection.execute(update(ACCOUNTS).where(still).values(password=password, changed_at=at))
            return changed.rowcount == 1

    def keep_session(self, session: Session, instead_of: bytes | None) -> None:
        """Keep a session and forget the one it follows; its address is known for its person from here on."""
        row = {
            "key": session.key,
            "person": session.person,
            "address": session.address,
            "began_at": session.began_at,
            "seen_at": session.seen_at,
        }
        here = {"person": session.person, "address": session.address, "met_at": session.began_at}
        known = KNOWN_ADDRESSES.c
        stale = or_(known.address == session.address, known.met_at < session.began_at - KNOWN_FOR_MS)
        with self._changing() as connection:
            if instead_of is not None:
                connection.execute(delete(SESSIONS).where(SESSIONS.c.key == instead_of))
            connection.execute(insert(SESSIONS).values(row))
            connection.execute(delete(KNOWN_ADDRESSES).where(known.person == session.person, stale))
            connection.execute(insert(KNOWN_ADDRESSES).values(here))

    def sessions(self) -> list[Session]:
        """Every session that is kept, oldest first."""
        with self._reading() as connection:
            rows = connection.execute(select(SESSIONS).order_by(SESSIONS.c.began_at, SESSIONS.c.key))
            return [Session(bytes(row.key), *row[1:]) for row in rows]

    def saw(self, seen: Mapping[bytes, Instant]) -> None:
        """Write down when sessions were last used, by key."""
        with self._changing() as connection:
            for key, at in seen.items():
                connection.execute(update(SESSIONS).where(SESSIONS.c.key == key).values(seen_at=at))

    def forget_sessions(self, keys: Iterable[bytes]) -> None:
        """Forget sessions; a key that is not there is no error."""
        with self._changing() as connection:
            for key in keys:
                connection.execute(delete(SESSIONS).where(SESSIONS.c.key == key))

    @contextmanager
    def _answering(self) -> Iterator[None]:
        try:
            yield
        except SQLAlchemyError as error:
            raise Unavailable(f"the book of accounts does not answer: {error}") from error

    @contextmanager
    def _reading(self) -> Iterator[Connection]:
        with self._answering(), self._engine.connect() as connection:
            yield connection

    @contextmanager
    def _changing(self) -> Iterator[Connection]:
        with self._answering(), self._engine.begin() as connection:
            yield connection


def _be_careful(engine: Engine) -> None:
    """What is written is durable when the call returns, and what is deleted is overwritten."""

    @event.listens_for(engine, "connect")
    def prepare(connection: object, record: object) -> None:
        del record
        cursor = connection.cursor()  # type: ignore[attr-defined]  # a DBAPI connection has no common type
        for pragma in ("journal_mode = WAL", "synchronous = FULL", "secure_delete = ON", "busy_timeout = 5000"):
            cursor.execute(f"PRAGMA {pragma}")
        cursor.close()
