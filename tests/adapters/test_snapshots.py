"""Snapshots in files: whole or passed over, the newest first, never ahead of the journal."""

import pytest

from redstick.adapters.disk import PosixDisk
from redstick.adapters.memory import MemoryJournal
from redstick.adapters.snapshots import SnapshotFiles
from redstick.kernel.drivers import SynchronousDriver
from redstick.kernel.executor import Executor
from redstick.kernel.snapshots import written_snapshot
from redstick.kernel.values import Request
from redstick.simulation.world import proving

NOON = 1_700_000_000_000


@pytest.fixture
def driver():
    return SynchronousDriver(Executor([proving.domain]), MemoryJournal())


def snapshots(driver, count):
    for i in range(count):
        driver.run([Request(f"r{len(list(driver.journal.read()))}", proving.OpenBox(f"x{i}"), "t")], NOON)
        yield driver.executor.snapshot()


def test_the_newest_two_are_kept_and_read_back(tmp_path, driver):
    """Older ones go; what is read is what was kept."""
    files = SnapshotFiles(PosixDisk(tmp_path))
    made = list(snapshots(driver, 4))
    for snapshot in made:
        files.keep(snapshot)
    assert len(files.names()) == 2
    assert written_snapshot(files.newest(100)) == written_snapshot(made[-1])


def test_one_ahead_of_the_journal_is_passed_over(tmp_path, driver):
    """A journal that was restored from a back-up is not begun from its own future."""
    files = SnapshotFiles(PosixDisk(tmp_path))
    for snapshot in snapshots(driver, 2):
        files.keep(snapshot)
    assert files.newest(1).fold.position == 1
    assert files.newest(0) is None


def test_a_damaged_one_is_passed_over_for_the_one_before(tmp_path, driver):
    """A turned bit costs a little time, never the truth."""
    files = SnapshotFiles(PosixDisk(tmp_path))
    for snapshot in snapshots(driver, 2):
        files.keep(snapshot)
    path = tmp_path / files.names()[-1]
    data = bytearray(path.read_bytes())
    data[-5] ^= 1
    path.write_bytes(data)
    assert files.newest(100).fold.position == 1


def test_what_a_crash_left_half_made_is_removed(tmp_path, driver):
    """A file that was still being written is not a snapshot."""
    (tmp_path / "snapshot-0000000000000009.json.making").write_bytes(b"half")
    files = SnapshotFiles(PosixDisk(tmp_path))
    assert list(tmp_path.iterdir()) == []
    assert files.newest(100) is None
