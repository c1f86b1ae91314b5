"""The only place where parts are joined: domains to executors, executors to journals."""

import asyncio
import secrets
import time
from concurrent.futures import ProcessPoolExecutor
from contextlib import suppress
from functools import partial
from multiprocessing import get_context
from pathlib import Path

import redstick
from redstick.adapters.accounts.book import SqlAccountBook
from redstick.adapters.accounts.hashing import HashingPool
from redstick.adapters.disk import PosixDisk
from redstick.adapters.ledgers import RetiredSubjects, SqlLedger, SubjectIndex, open_database
from redstick.adapters.memory import MemoryJournal
from redstick.adapters.segments import SegmentJournal
from redstick.adapters.segments.beside import SegmentReader
from redstick.adapters.snapshots import SnapshotFiles
from redstick.dispatch import domain as dispatch
from redstick.dispatch import live as live_dispatch
from redstick.dispatch.reads.projections import LEDGER
from redstick.dispatch.reads.seats import FIELD, FLOOR, OVERSIGHT, PUBLIC, VIEWS
from redstick.kernel.asynchronous import AsyncDriver
from redstick.kernel.authority import domain as access
from redstick.kernel.authority.authority import Authority
from redstick.kernel.drivers import SynchronousDriver
from redstick.kernel.errors import Corruption
from redstick.kernel.executor import Executor
from redstick.kernel.house import House
from redstick.kernel.ids import ENTROPY_BITS, make_id
from redstick.kernel.ledgers import catch_up
from redstick.kernel.ports import Journal
from redstick.kernel.snapshots import stands_in
from redstick.kernel.values import Instant
from redstick.server.following import Following
from redstick.server.operations import LiveOperations

JOURNAL_FOLDER, SNAPSHOT_FOLDER = "journal", "snapshots"
DOMAINS = (dispatch, access)
SHIPPED_POLICIES = Path(redstick.__file__).parent / "policies"


def command_kinds() -> list[str]:
    """Every command that there is, for policies to speak of; sorted."""
    return sorted(command.command_kind for command in House(DOMAINS).deciders)


def open_journaled(data: Path) -> SynchronousDriver:
    """The domains on the segment journal in `data`, refolded; made if it is not there. Nobody but us may ask.

    Raises Corruption when the journal is not as it was written.
    """
    return SynchronousDriver(Executor(DOMAINS), SegmentJournal(PosixDisk(data / JOURNAL_FOLDER)))


def open_guarded(data: Path) -> SynchronousDriver:
    """The same, with authority asked before every command."""
    return SynchronousDriver(Executor(DOMAINS, guard=Authority()), SegmentJournal(PosixDisk(data / JOURNAL_FOLDER)))


def open_in_memory() -> SynchronousDriver:
    """Dispatch on a journal in memory: for what-ifs, which nobody needs to keep."""
    return SynchronousDriver(Executor([dispatch]), MemoryJournal())


# A live city

LIVE = (live_dispatch, access)
AUDIENCES = (FLOOR, FIELD, OVERSIGHT, PUBLIC)


def wall_clock() -> Instant:
    """The time of this machine, ms since the epoch."""
    return time.time_ns() // 1_000_000


def monotonic_clock() -> int:
    """Milliseconds that only count up."""
    return time.monotonic_ns() // 1_000_000


def new_id(now: Instant) -> str:
    """A new id for a command of the house."""
    return make_id("cmd", now, secrets.randbits(ENTROPY_BITS))


def open_live(data: Path) -> LiveOperations:
    """A live city on the folder `data`, made if it is not there: its `start` comes up, or raises what is wrong.

    Raises Unavailable or Corruption when an index beside the journal cannot be used.
    """
    executor = Executor(LIVE, guard=Authority())
    database = open_database(data / "ledgers" / "operations.sqlite3")
    ledger, subjects = SqlLedger(database, LEDGER), SubjectIndex(open_database(data / "ledgers" / "subjects.sqlite3"))
    kinds = [event.event_kind for event in executor.house.retirements]
    executor.retired = RetiredSubjects(subjects, kinds)
    opened: list[Journal] = []

    def open_journal() -> Journal:
        journal = SegmentJournal(PosixDisk(data / JOURNAL_FOLDER), go_on=True)
        opened[:] = [journal]
        if executor.durable.position == 0:
            _begin_from_snapshot(executor, data, journal)
        for follower in (ledger, subjects):
            catch_up(follower, journal, executor.house)
        return journal

    def following(name: str, follower: SqlLedger | SubjectIndex) -> Following:
        return Following(name, follower.apply, lambda: catch_up(follower, opened[0], executor.house))

    driver = AsyncDriver("operations", executor, open_journal, wall_clock, monotonic_clock)
    return LiveOperations(
        driver,
        VIEWS,
        AUDIENCES,
        SqlAccountBook.in_folder(data),
        HashingPool(),
        [following("ledger", ledger), following("subjects", subjects)],
        partial(_snapshot_beside, data),
        wall_clock,
        new_id,
        secrets.token_bytes,
    )


def _begin_from_snapshot(executor: Executor, data: Path, journal: Journal) -> None:
    """Begin from the newest snapshot that is of this very journal; from its first line where there is none."""
    files = SnapshotFiles(PosixDisk(data / SNAPSHOT_FOLDER))
    snapshot = files.newest(journal.head().position)
    if snapshot is not None and stands_in(snapshot, journal.read):
        with suppress(Corruption):  # of another version of the folds: everything is folded
            executor.restore(snapshot)


async def _snapshot_beside(data: Path, until: int) -> None:
    """Have another process fold the journal up to a position and store it: this one is not held for a moment."""
    pool = ProcessPoolExecutor(1, mp_context=get_context("spawn"))
    try:
        await asyncio.get_running_loop().run_in_executor(pool, take_snapshot, data, until)
    finally:
        pool.shutdown(wait=False)


def take_snapshot(data: Path, until: int) -> str:
    """Fold the journal of `data` up to a position that is durable, from the newest snapshot on, and store that.

    Reads beside the process that writes. Gives the file's name; raises Corruption.
    """
    reader, files = SegmentReader(PosixDisk(data / JOURNAL_FOLDER)), SnapshotFiles(PosixDisk(data / SNAPSHOT_FOLDER))
    executor = Executor(LIVE)
    newest = files.newest(until)
    if newest is not None and stands_in(newest, lambda after: reader.read(after, until)):
        with suppress(Corruption):
            executor.restore(newest)
    executor.refold(reader.read(executor.durable.position, until), reader.gaps)
    return files.keep(executor.snapshot())
