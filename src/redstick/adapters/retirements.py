"""Where retired things are found again: one small table in SQLite, looked up in microseconds.

It is asked before every command that names something not live, on the executor's own thread, so it speaks to SQLite
directly and not through a layer that costs a hundred times the look-up. It can be thrown away: `taken_in` says up to
which position it holds everything, and what is missing is read from the journal again.
"""

import sqlite3
from collections.abc import Iterable
from pathlib import Path

from redstick.kernel.errors import Corruption, Unavailable

SET_UP = """
PRAGMA journal_mode = WAL;
PRAGMA synchronous = NORMAL;
CREATE TABLE IF NOT EXISTS retired (subject TEXT PRIMARY KEY, position INTEGER NOT NULL) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS standing (one INTEGER PRIMARY KEY CHECK (one = 1), position INTEGER NOT NULL);
INSERT OR IGNORE INTO standing VALUES (1, 0);
"""
FLUSH_AT = 2_000  # subjects kept in memory before they are written


class RetirementFile:
    """Fills the kernel's `Retirements`. What was noted is found at once; `flush` writes it with the new position."""

    def __init__(self, path: Path) -> None:
        """Open or make the file; raises Unavailable or Corruption."""
        self._path = path
        self._noted: dict[str, int] = {}
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            self._reading = sqlite3.connect(path, isolation_level=None, check_same_thread=False)
            self._reading.executescript(SET_UP)
            self.taken_in: int = self._reading.execute("SELECT position FROM standing").fetchone()[0]
        except sqlite3.OperationalError as error:
            raise Unavailable(f"{path}: {error}") from error
        except sqlite3.DatabaseError as error:
            raise Corruption(f"{path}: {error}; remove it, and it is made again") from error

    def position_of(self, subject: str) -> int | None:
        """The position of the line that last retired a subject; None when none did. Raises Corruption."""
        if subject in self._noted:
            return self._noted[subject]
        try:
            row = self._reading.execute("SELECT position FROM retired WHERE subject = ?", (subject,)).fetchone()
        except sqlite3.DatabaseError as error:
            raise Corruption(f"{self._path}: {error}; remove it, and it is made again") from error
        return None if row is None else int(row[0])

    def note(self, position: int, subjects: Iterable[str]) -> None:
        """The line at `position` retired these subjects."""
        self._noted.update(dict.fromkeys(subjects, position))
        if len(self._noted) >= FLUSH_AT:
            self.flush(position)

    def flush(self, position: int) -> None:
        """Write what was noted: from now on the file holds every retirement up to `position`. Raises Unavailable."""
        try:
            self._reading.execute("BEGIN IMMEDIATE")
            self._reading.executemany("INSERT OR REPLACE INTO retired VALUES (?, ?)", self._noted.items())
            self._reading.execute("UPDATE standing SET position = ?", (position,))
            self._reading.execute("COMMIT")
        except sqlite3.DatabaseError as error:
            raise Unavailable(f"{self._path}: {error}") from error
        self._noted.clear()
        self.taken_in = position

    def close(self) -> None:
        """Let go of the file."""
        self._reading.close()
