"""The only place where parts are joined: domains to executors, executors to journals."""

from pathlib import Path

from redstick.adapters.disk import PosixDisk
from redstick.adapters.memory import MemoryJournal
from redstick.adapters.segments import SegmentJournal
from redstick.dispatch import domain as dispatch
from redstick.kernel.drivers import SynchronousDriver
from redstick.kernel.executor import Executor

JOURNAL_FOLDER = "journal"


def open_journaled(data: Path) -> SynchronousDriver:
    """Dispatch on the segment journal in `data`, refolded; made if it is not there.

    Raises Corruption when the journal is not as it was written.
    """
    return SynchronousDriver(Executor([dispatch]), SegmentJournal(PosixDisk(data / JOURNAL_FOLDER)))


def open_in_memory() -> SynchronousDriver:
    """Dispatch on a journal in memory: for what-ifs, which nobody needs to keep."""
    return SynchronousDriver(Executor([dispatch]), MemoryJournal())
