"""The `Disk` port over one folder of a POSIX file system."""

import fcntl
import os
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

from redstick.adapters.syncs import KernelSyncs, Told
from redstick.kernel.errors import Unavailable


class PosixFile:
    """One open file; positioned reads and writes, so that no two callers share a cursor."""

    def __init__(self, descriptor: int, begin_sync: Callable[[int, Told], bool]) -> None:
        self._descriptor, self._begin_sync = descriptor, begin_sync

    def write_at(self, offset: int, data: bytes) -> None:
        """Write all of `data`; a short write goes on where it stopped."""
        view = memoryview(data)
        while view:
            done = os.pwrite(self._descriptor, view, offset)
            view, offset = view[done:], offset + done

    def read_at(self, offset: int, length: int) -> bytes:
        """At most `length` bytes; fewer at the end."""
        return os.pread(self._descriptor, length, offset)

    def size(self) -> int:
        """Length in bytes."""
        return os.fstat(self._descriptor).st_size

    def truncate(self, length: int) -> None:
        """Cut, or grow with zeros: blocks are really allocated, so that a full disk is found now and not later."""
        if length > self.size():
            os.posix_fallocate(self._descriptor, 0, length)
        else:
            os.ftruncate(self._descriptor, length)

    def sync(self) -> None:
        """Flush data and the metadata needed to read it back."""
        os.fdatasync(self._descriptor)

    def begin_sync(self, told: Told) -> bool:
        """Begin to sync beside the event loop that runs; False where the system cannot."""
        return self._begin_sync(self._descriptor, told)

    def close(self) -> None:
        """Close the descriptor; once more is harmless."""
        if self._descriptor >= 0:
            os.close(self._descriptor)
            self._descriptor = -1


class PosixDisk:
    """One folder, made if it is not there."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._claim = -1
        self._syncs: KernelSyncs | None = None
        self._has_syncs = True  # until the system says that it has none
        folder.mkdir(parents=True, exist_ok=True)

    def claim(self) -> None:
        """Lock the folder itself, which leaves no file behind; raises Unavailable, naming the process that has it."""
        descriptor = os.open(self.folder, os.O_RDONLY | os.O_CLOEXEC)
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            holder = _holder(os.fstat(descriptor).st_ino)
            os.close(descriptor)
            raise Unavailable(f"{self.folder} is in use by {holder}; a journal has one writer") from None
        self._claim = descriptor

    def release(self) -> None:
        """Unlock the folder, and look for the end of no sync any more."""
        if self._claim >= 0:
            os.close(self._claim)
            self._claim = -1
        if self._syncs is not None:
            self._syncs.close()
            self._syncs = None

    def list(self) -> list[str]:
        """Names of the plain files, sorted."""
        return sorted(path.name for path in self.folder.iterdir() if path.is_file())

    def open(self, name: str, *, create: bool = False) -> PosixFile:
        """Open for reading and writing; FileExistsError or FileNotFoundError as `create` says."""
        flags = os.O_RDWR | os.O_CLOEXEC | (os.O_CREAT | os.O_EXCL if create else 0)
        return PosixFile(os.open(self.folder / name, flags, 0o640), self._begin_sync)

    def sync_names(self) -> None:
        """Sync the folder itself."""
        descriptor = os.open(self.folder, os.O_RDONLY)
        try:
            os.fsync(descriptor)
        finally:
            os.close(descriptor)

    def remove(self, name: str) -> None:
        """Remove a file."""
        (self.folder / name).unlink()

    def rename(self, old: str, new: str) -> None:
        """Give a file another name at once."""
        (self.folder / old).replace(self.folder / new)

    def _begin_sync(self, descriptor: int, told: Told) -> bool:
        if self._syncs is None and self._has_syncs:
            self._syncs = KernelSyncs.made()
            self._has_syncs = self._syncs is not None
        return self._syncs is not None and self._syncs.begin(descriptor, told)


def _holder(inode: int) -> str:
    """The process that holds the lock of a folder, as far as the system tells."""
    with suppress(OSError):
        for lock in Path("/proc/locks").read_text().splitlines():
            fields = lock.split()  # number, FLOCK, ADVISORY, WRITE, process, device:device:inode, ...
            if fields[1] == "FLOCK" and fields[5].endswith(f":{inode}"):
                command = Path(f"/proc/{fields[4]}/cmdline").read_bytes().replace(b"\0", b" ").decode().strip()
                return f"process {fields[4]} ({command})"
    return "another process"
