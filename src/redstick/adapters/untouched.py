"""A disk that is looked at and never changed: what is written over it stays in memory and is forgotten.

So a journal can be opened as it would be on starting, torn tail and all, while another process writes it or where a
person only wants to look.
"""

from collections.abc import Callable
from dataclasses import dataclass

from redstick.kernel.ports import Disk, File


@dataclass(slots=True)
class Content:
    """What a name stands for: the file of that name on the disk (None: there is none), and what was written over it."""

    stored: str | None
    written: bytearray | None = None


class UntouchedFile:
    """One open file: read from the disk until something is written to it through any handle, then from memory."""

    def __init__(self, content: Content, stored: File | None) -> None:
        self._content, self._stored = content, stored

    def write_at(self, offset: int, data: bytes) -> None:
        """Put bytes at an offset, in memory."""
        if not data:
            return
        memory = self._memory()
        memory.extend(bytes(max(offset - len(memory), 0)))
        memory[offset : offset + len(data)] = data

    def read_at(self, offset: int, length: int) -> bytes:
        """At most `length` bytes from an offset; fewer at the end."""
        if self._content.written is None and self._stored is not None:
            return self._stored.read_at(offset, length)
        return bytes(self._memory()[offset : offset + length])

    def size(self) -> int:
        """Length in bytes."""
        if self._content.written is None and self._stored is not None:
            return self._stored.size()
        return len(self._memory())

    def truncate(self, length: int) -> None:
        """Cut, or grow with zeros, in memory."""
        memory = self._memory()
        del memory[length:]
        memory.extend(bytes(length - len(memory)))

    def sync(self) -> None:
        """Nothing is to become durable."""

    def begin_sync(self, told: Callable[[OSError | None], None]) -> bool:
        """Nothing is to become durable."""
        del told
        return False

    def close(self) -> None:
        """Let go of the handle; once more is harmless."""
        if self._stored is not None:
            self._stored.close()

    def _memory(self) -> bytearray:
        if self._content.written is None:
            stored = b"" if self._stored is None else self._stored.read_at(0, self._stored.size())
            self._content.written = bytearray(stored)
        return self._content.written


class UntouchedDisk:
    """The `Disk` port over another disk, to read it whoever has claimed it."""

    def __init__(self, disk: Disk) -> None:
        self._disk = disk
        self._contents = {name: Content(name) for name in disk.list()}

    def claim(self) -> None:
        """Who only looks takes nothing from anyone."""

    def release(self) -> None:
        """Nothing was taken."""

    def list(self) -> list[str]:
        """Names of the files, sorted: those that were there at first, and what was done to them since."""
        return sorted(self._contents)

    def open(self, name: str, *, create: bool = False) -> UntouchedFile:
        """Open a file; FileExistsError or FileNotFoundError as `create` says."""
        if create and name in self._contents:
            raise FileExistsError(name)
        if create:
            self._contents[name] = Content(None, bytearray())
        content = self._found(name)
        return UntouchedFile(content, None if content.stored is None else self._disk.open(content.stored))

    def sync_names(self) -> None:
        """Nothing is to become durable."""

    def remove(self, name: str) -> None:
        """Forget a file."""
        self._found(name)
        del self._contents[name]

    def rename(self, old: str, new: str) -> None:
        """Give a file another name at once."""
        content = self._found(old)
        del self._contents[old]
        self._contents[new] = content

    def _found(self, name: str) -> Content:
        if name not in self._contents:
            raise FileNotFoundError(name)
        return self._contents[name]
