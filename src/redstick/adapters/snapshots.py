"""Snapshots in files of a `Disk`: written beside their names, made durable, then renamed; the newest two are kept.

A snapshot is a convenience, never the truth: one that does not verify, or stands ahead of the journal, is passed over.
"""

from collections.abc import Iterator
from contextlib import suppress

from redstick.kernel.errors import Corruption
from redstick.kernel.ports import Disk
from redstick.kernel.snapshots import Snapshot, read_snapshot, written_snapshot

PREFIX, SUFFIX, MAKING = "snapshot-", ".json", ".making"
KEPT = 2


class SnapshotFiles:
    """The snapshots of one journal."""

    def __init__(self, disk: Disk) -> None:
        self._disk = disk
        for name in disk.list():
            if name.startswith(PREFIX) and name.endswith(MAKING):
                disk.remove(name)

    def keep(self, snapshot: Snapshot) -> str:
        """Store a snapshot durably, let go of all but the newest; gives its file's name. Raises OSError."""
        name = f"{PREFIX}{snapshot.fold.position:016d}{SUFFIX}"
        self._write(name + MAKING, written_snapshot(snapshot))
        self._disk.rename(name + MAKING, name)
        self._disk.sync_names()
        for old in self.names()[:-KEPT]:
            with suppress(OSError):
                self._disk.remove(old)
        return name

    def newest(self, at_most: int) -> Snapshot | None:
        """The newest snapshot that is whole and stands at `at_most` or before; None when there is none."""
        return next((found for found in self._whole() if found.fold.position <= at_most), None)

    def names(self) -> list[str]:
        """Files of snapshots, the oldest first."""
        return sorted(name for name in self._disk.list() if name.startswith(PREFIX) and name.endswith(SUFFIX))

    def _whole(self) -> Iterator[Snapshot]:
        for name in reversed(self.names()):
            with suppress(Corruption, OSError):
                yield read_snapshot(self._read(name))

    def _write(self, name: str, data: bytes) -> None:
        if name in self._disk.list():
            self._disk.remove(name)
        file = self._disk.open(name, create=True)
        try:
            file.write_at(0, data)
            file.sync()
        finally:
            file.close()

    def _read(self, name: str) -> bytes:
        file = self._disk.open(name)
        try:
            return file.read_at(0, file.size())
        finally:
            file.close()
