"""Ledgers beside SQLite itself: rebuilt from a journal, kept up batch by batch, and asked, as history grows."""

import sqlite3
import time
from collections.abc import Iterator, Sequence
from contextlib import closing
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory

from benchmarks.figure import Figure
from redstick.adapters.ledgers import SqlLedger, SubjectIndex, open_database
from redstick.adapters.memory import MemoryJournal
from redstick.dispatch import domain
from redstick.dispatch.reads.projections import LEDGER
from redstick.dispatch.rules.assignments import AssignUnits
from redstick.dispatch.rules.calls import AnswerCall, EndCall, ReceiveCall
from redstick.dispatch.rules.incidents import AddNote, CloseIncident, OpenIncident
from redstick.dispatch.rules.units import EnrollUnit, ReportStatus
from redstick.kernel.drivers import SynchronousDriver
from redstick.kernel.executor import Executor
from redstick.kernel.fold import Fact
from redstick.kernel.house import House
from redstick.kernel.ledgers import catch_up, facts_behind
from redstick.kernel.values import Command, Request

NOON, MINUTE = 1_700_000_000_000, 60_000
UNITS, INCIDENTS, GROWTH = 100, 600, 10
TAIL = 60  # batches that are timed behind each length of history
HOUSE = House([domain])


def shift(incidents: range) -> Iterator[tuple[int, Command]]:
    """(now, command): incidents one after the other, two units each, sixteen lines from call to close."""
    if incidents.start == 0:
        for unit in range(UNITS):
            yield NOON, EnrollUnit(f"U{unit:03d}", "ENGINE")
            yield NOON, ReportStatus(f"U{unit:03d}", "AQ")
    for number in incidents:
        now, call, incident = NOON + (number + 1) * MINUTE, f"c{number}", f"i{number}"
        units = [f"U{(2 * number + i) % UNITS:03d}" for i in (0, 1)]
        yield now, ReceiveCall(call, "911", "555-0100")
        yield now, AnswerCall(call, "seat-1")
        yield now, OpenIncident(incident, f"F-{number}", "smoke", "fire", 2, call=call)
        yield now, AssignUnits(incident, units)
        for status in ("ENR", "ONS"):
            yield from ((now, ReportStatus(unit, status, incident)) for unit in units)
        yield now, AddNote(incident, "Nothing showing.")
        yield now, EndCall(call)
        yield from ((now, ReportStatus(unit, "AR", incident, leaves=True)) for unit in units)
        yield now, CloseIncident(incident, "done")


def lived(incidents: int) -> MemoryJournal:
    """A journal of so many incidents."""
    driver = SynchronousDriver(Executor([domain]), MemoryJournal())
    for number, (now, command) in enumerate(shift(range(incidents))):
        driver.run([Request(f"r{number}", command, "bench")], now)
    return driver.journal  # type: ignore[return-value]  # the journal it was given


def bare_rows_per_s(place: Path) -> tuple[float, int]:
    """The rows of a built ledger, inserted by SQLite's own driver in transactions of the same size; and how many."""
    with closing(sqlite3.connect(place)) as source, TemporaryDirectory() as folder:
        tables = [row[0] for row in source.execute("SELECT name FROM sqlite_master WHERE type = 'table'")]
        stored = {name: source.execute(f"SELECT * FROM {name}").fetchall() for name in tables}  # noqa: S608  (our own names)
        made = [row[0] for row in source.execute("SELECT sql FROM sqlite_master WHERE type IN ('table', 'index')")]
        with closing(sqlite3.connect(Path(folder) / "bare.sqlite")) as bare:
            bare.execute("PRAGMA journal_mode = WAL")
            for statement in filter(None, made):
                bare.execute(statement)
            began = time.process_time()
            for name, rows in stored.items():
                for start in range(0, len(rows), 5000):
                    marks = ", ".join("?" * len(rows[0]))
                    bare.executemany(f"INSERT INTO {name} VALUES ({marks})", rows[start : start + 5000])  # noqa: S608  (our own names)
                    bare.commit()
            seconds = time.process_time() - began
    count = sum(map(len, stored.values()))
    return count / seconds, count


def batch_times_ms(kept: SqlLedger | SubjectIndex, batches: Sequence[Sequence[Fact]]) -> list[float]:
    """CPU time of each batch of a living shift."""
    times = []
    for batch in batches:
        began = time.process_time()
        kept.apply(batch)
        times.append(1000 * (time.process_time() - began))
    return times


def grown(folder: Path, incidents: int) -> tuple[float, float, SqlLedger, int]:
    """A ledger behind so many incidents: lines/s of its building, ms a batch behind it, itself, its lines."""
    journal = lived(incidents + TAIL)
    facts = list(facts_behind(journal, HOUSE))
    per_batch = len(list(facts)) // (incidents + TAIL)
    until = len(facts) - TAIL * per_batch
    ledger = SqlLedger(open_database(folder / f"{incidents}.sqlite"), LEDGER)
    began = time.process_time()
    for start in range(0, until, 5000):
        ledger.apply(facts[start : min(start + 5000, until)])
    rate = until / (time.process_time() - began)
    tail = [facts[start : start + per_batch] for start in range(until, len(facts), per_batch)]
    return rate, median(batch_times_ms(ledger, tail)), ledger, until


def measure() -> Iterator[Figure]:
    """Rebuild, growth, and answers."""
    with TemporaryDirectory() as name:
        folder = Path(name)
        _, small_ms, small, _ = grown(folder, INCIDENTS)
        rate, large_ms, large, lines = grown(folder, INCIDENTS * GROWTH)
        rows_per_s, rows = bare_rows_per_s(folder / f"{INCIDENTS * GROWTH}.sqlite")
        bare = rows_per_s * lines / rows
        yield Figure("ledger_rebuild", rate, "lines/s", bare, "SQLite alone, the same rows", lines)
        yield Figure("ledger_batch", large_ms, "ms", small_ms, "the same behind a tenth of the history", TAIL)
        small_ask, large_ask = ask_ms(small), ask_ms(large)
        yield Figure("ledger_ask_one", large_ask, "ms", small_ask, "the same behind a tenth of the history", TAIL)
        index = SubjectIndex(open_database(folder / "subjects.sqlite"))
        began = time.process_time()
        journal = lived(INCIDENTS)
        made_s = time.process_time() - began
        began = time.process_time()
        count = catch_up(index, journal, HOUSE, batch=5000)
        seconds = time.process_time() - began
        yield Figure("subjects_rebuild", count / seconds, "lines/s", count / made_s, "living them", count)


def ask_ms(ledger: SqlLedger) -> float:
    """CPU time of one incident's row, as believed in the middle of its life."""
    times = []
    for number in range(TAIL):
        began = time.process_time()
        ledger.rows("incidents", {"incident": f"i{number}"}, position=2 * UNITS + 17 * number + 8)
        times.append(1000 * (time.process_time() - began))
    return median(times)
