"""The only place where parts are joined: domains to executors, executors to journals."""

from pathlib import Path

import redstick
from redstick.adapters.disk import PosixDisk
from redstick.adapters.memory import MemoryJournal
from redstick.adapters.segments import SegmentJournal
from redstick.dispatch import domain as dispatch
from redstick.kernel.authority import domain as access
from redstick.kernel.authority.authority import Authority
from redstick.kernel.drivers import SynchronousDriver
from redstick.kernel.executor import Executor
from redstick.kernel.house import House

JOURNAL_FOLDER = "journal"
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
