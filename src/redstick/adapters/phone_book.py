"""Digests of phones' passwords and hashes of the PINs of boxes in SQLite, in a file that only its owner may read."""

import os
import sqlite3
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from redstick.kernel.errors import Unavailable

FILE, OWNER_ONLY = "phones.sqlite3", 0o600
DEFAULT_REALM = "redstick"
TABLES = """
CREATE TABLE IF NOT EXISTS digests (device TEXT, algorithm TEXT, digest TEXT NOT NULL, PRIMARY KEY (device, algorithm));
CREATE TABLE IF NOT EXISTS pins (number TEXT, pin TEXT, hashed TEXT NOT NULL, PRIMARY KEY (number, pin));
CREATE TABLE IF NOT EXISTS realm (one INTEGER PRIMARY KEY CHECK (one = 1), name TEXT NOT NULL);
"""


class SqlCredentialBook:
    """A `CredentialBook` and a `PinBook`. Its realm is chosen once: every digest is made with it."""

    def __init__(self, path: Path, realm: str = DEFAULT_REALM) -> None:
        """Open the book, made if it is not there; raises Unavailable."""
        self._lock = threading.Lock()
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            os.close(os.open(path, os.O_CREAT | os.O_RDWR, OWNER_ONLY))
            self._file = sqlite3.connect(path, check_same_thread=False)
        except (OSError, sqlite3.Error) as error:
            raise Unavailable(f"{path}: {error}") from error
        with self._writing():
            self._file.executescript(TABLES)
            self._file.execute("INSERT OR IGNORE INTO realm VALUES (1, ?)", (realm,))
        [(self._realm,)] = self._file.execute("SELECT name FROM realm")

    @classmethod
    def in_folder(cls, folder: Path) -> "SqlCredentialBook":
        """The book of a data folder."""
        return cls(folder / FILE)

    @property
    def realm(self) -> str:
        """The domain of the phones' addresses."""
        return str(self._realm)

    def keep(self, device: str, digests: dict[str, str]) -> None:
        """Keep a device's digests instead of those before; raises Unavailable."""
        with self._writing():
            self._file.execute("DELETE FROM digests WHERE device = ?", (device,))
            rows = [(device, algorithm, digest) for algorithm, digest in digests.items()]
            self._file.executemany("INSERT INTO digests VALUES (?, ?, ?)", rows)

    def forget(self, device: str) -> None:
        """Keep none; raises Unavailable."""
        with self._writing():
            self._file.execute("DELETE FROM digests WHERE device = ?", (device,))

    def secret(self, user: str, algorithm: str) -> str | None:
        """A device's digest; None where there is none. Raises Unavailable."""
        with self._writing():
            asked = "SELECT digest FROM digests WHERE device = ? AND algorithm = ?"
            found = self._file.execute(asked, (user, algorithm)).fetchone()
        return None if found is None else str(found[0])

    def keep_pin(self, number: str, pin: str, hashed: str) -> None:
        """Keep the hash of a PIN beside those that are there; raises Unavailable."""
        with self._writing():
            self._file.execute("INSERT OR REPLACE INTO pins VALUES (?, ?, ?)", (number, pin, hashed))

    def pin(self, number: str, pin: str) -> str:
        """The hash of an id, "" where there is none; raises Unavailable."""
        with self._writing():
            asked = "SELECT hashed FROM pins WHERE number = ? AND pin = ?"
            found = self._file.execute(asked, (number, pin)).fetchone()
        return "" if found is None else str(found[0])

    def forget_pins(self, number: str, but: str = "") -> None:
        """Keep none of a number but that of one id; raises Unavailable."""
        with self._writing():
            self._file.execute("DELETE FROM pins WHERE number = ? AND pin != ?", (number, but))

    def close(self) -> None:
        """Close the file."""
        self._file.close()

    @contextmanager
    def _writing(self) -> Iterator[None]:
        try:
            with self._lock, self._file:
                yield
        except sqlite3.Error as error:
            raise Unavailable(f"the phones' credentials: {error}") from error
