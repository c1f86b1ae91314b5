"""A disk that fails as real ones do, in memory, from an injected random source: the same source, the same faults.

It keeps what is to be read apart from what is on the medium. Power loss leaves of every unsynced sector the old bytes,
the new ones, or a beginning of the new ones, and of unsynced names and lengths the old or the new: in any order. A sync
may fail, and then nobody knows what it wrote, nor does a later sync write the rest; or it may lie.

The owner of the world says when: `faults` sets chances and the full disk, `lose_power_in` counts down to a moment
before, inside or after a change. `PowerLost` then comes out of that change, and out of every other one until `crash`
says what is left. `kill` is the death of the process alone: what was written is still there to read. Where the owner
has `syncs_beside` set, a sync may be begun, and is done when the owner calls `end_sync`.
"""

import errno
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import partial
from random import Random

from redstick.kernel.errors import Unavailable

SECTOR = 512


class PowerLost(Exception):  # noqa: N818  (named for what happened)
    """The disk went dark inside an operation; what was asked may be done, undone, or half done."""


@dataclass
class DiskFaults:
    """Chances from 0 to 1, drawn at each operation; `capacity` bounds the lengths of all files together.

    What a lying sync was to make durable becomes so with a later honest one, but for the share `forgets`: never.
    """

    sync_fails: float = 0.0
    sync_lies: float = 0.0
    forgets: float = 0.5
    write_fails: float = 0.0
    capacity: int | None = None


ChangeOfNames = Callable[[dict[str, "_Content"]], object]
Told = Callable[[OSError | None], None]


@dataclass
class _Content:
    """One file: bytes to read, bytes on the medium, and the sectors in which a sync has something to do."""

    seen: bytearray = field(default_factory=bytearray)
    kept: bytearray = field(default_factory=bytearray)
    unsynced: set[int] = field(default_factory=set)
    promised: dict[int, bytes] = field(default_factory=dict)  # sectors that a sync lied about

    def write(self, offset: int, data: bytes) -> None:
        """Put bytes where they can be read."""
        if len(self.seen) < offset:
            self.seen.extend(bytes(offset - len(self.seen)))
        self.seen[offset : offset + len(data)] = data
        self.unsynced.update(range(offset // SECTOR, -(-(offset + len(data)) // SECTOR)))

    def resize(self, length: int) -> None:
        """Cut, or grow with zeros; what was cut lies on the medium still."""
        if any(self.kept[length:].strip(b"\0")):
            self.unsynced.update(range(length // SECTOR, -(-len(self.kept) // SECTOR)))
        for sector in self.promised:
            self.promised[sector] = self.promised[sector][: max(length - sector * SECTOR, 0)]
        del self.seen[length:]
        self.seen.extend(bytes(length - len(self.seen)))

    def keep(self, sector: int, length: int = SECTOR) -> None:
        """The first bytes of a sector reach the medium."""
        start = sector * SECTOR
        written = self.seen[start : start + length]
        self.kept.extend(bytes(max(start + len(written) - len(self.kept), 0)))
        self.kept[start : start + len(written)] = written

    def sync(self) -> None:
        """Everything reaches the medium that the system thinks has not."""
        for sector in self.unsynced:
            self.keep(sector)
            self.promised.pop(sector, None)
        del self.kept[len(self.seen) :]
        self.kept.extend(bytes(len(self.seen) - len(self.kept)))
        self.unsynced.clear()


class SimulatedDisk:
    """Fills the `Disk` port. `broke_promise` says, after a crash, whether bytes are gone that a sync had confirmed."""

    def __init__(self, random: Random, faults: DiskFaults | None = None) -> None:
        self.faults = faults or DiskFaults()
        self.broke_promise = self.syncs_beside = False
        self._random = random
        self._names: dict[str, _Content] = {}
        self._kept_names: dict[str, _Content] = {}
        self._promised_names: dict[str, _Content] = {}  # that a sync lied about
        self._changes: list[ChangeOfNames] = []  # of names, since they were last synced
        self._begun: tuple[_Content, Told] | None = None  # a sync whose end is not told yet
        self._life = 0  # handles of an earlier one are dead
        self._claimed = False
        self._power_in: int | None = None
        self._dark = False

    # What the world does to it

    def lose_power_in(self, changes: int | None) -> None:
        """Lose power at the change behind this many others; None takes it back."""
        self._power_in = changes

    def crash(self) -> None:
        """Power is lost, if it was not yet, and comes back: what is left is settled, and every handle is dead."""
        chance = self._random.choice((0.0, 0.3, 0.7, 1.0))
        for change in self._changes:
            if self._random.random() < chance:
                change(self._kept_names)
        for name in sorted(self._kept_names):
            self._settle(self._kept_names[name], chance)
        self.broke_promise |= any(self._kept_names.get(name) is not of for name, of in self._promised_names.items())
        self._names, self._changes, self._promised_names = dict(self._kept_names), [], {}
        self._dark, self._power_in = False, None
        self.kill()

    def kill(self) -> None:
        """The process that used the disk is dead: its handles and its claim are gone, what it wrote can be read."""
        self._life += 1
        self._claimed, self._begun = False, None

    def end_sync(self) -> None:
        """Do the sync that was begun, if one was, and tell whoever began it; power may go inside it too."""
        if self._begun is None:
            return
        (content, told), self._begun = self._begun, None
        try:
            self.sync(content)
        except OSError as error:
            told(error)
        else:
            told(None)

    def flip(self, name: str | None = None, byte: int | None = None) -> tuple[str, int]:
        """Turn one bit of what is written, chosen where it is not given; gives file and byte."""
        written = {known: len(bytes(content.seen).rstrip(b"\0")) for known, content in sorted(self._names.items())}
        if name is None:
            name = self._random.choices(list(written), list(written.values()))[0]
        if byte is None:
            byte = self._random.randrange(written[name])
        bit = 1 << self._random.randrange(8)
        content = self._names[name]
        content.seen[byte] ^= bit
        if byte < len(content.kept):
            content.kept[byte] ^= bit
        return name, byte

    def contents(self) -> dict[str, bytes]:
        """What can be read now, by name."""
        return {name: bytes(content.seen) for name, content in sorted(self._names.items())}

    def _settle(self, content: _Content, chance: float) -> None:
        """What power loss leaves of a file."""
        length = len(content.seen if self._random.random() < chance else content.kept)
        for sector in sorted(content.unsynced):
            if self._random.random() < chance:
                content.keep(sector)
            elif self._random.random() < chance:
                content.keep(sector, self._random.randrange(SECTOR))
        left = content.kept[:length].ljust(length, b"\0")
        for sector, promised in content.promised.items():
            self.broke_promise |= not left[sector * SECTOR : (sector + 1) * SECTOR].startswith(promised.rstrip(b"\0"))
        content.seen, content.kept = left, bytearray(left)
        content.unsynced, content.promised = set(), {}

    # Disk

    def claim(self) -> None:
        """Take the disk until `release`, or until the process or the power is gone."""
        if self._claimed:
            raise Unavailable("the disk is claimed by a journal of this process that was not closed")
        self._claimed = True

    def release(self) -> None:
        """Give the claim back."""
        self._claimed = False

    def list(self) -> list[str]:
        """Names of the files, sorted."""
        self._refuse_dark()
        return sorted(self._names)

    def open(self, name: str, *, create: bool = False) -> "SimulatedFile":
        """Open a file; with `create` it must not exist yet."""
        self._refuse_dark()
        if create and name in self._names:
            raise FileExistsError(name)
        if create:
            content = _Content()
            self._change_names(lambda names: names.update({name: content}))
        elif name not in self._names:
            raise FileNotFoundError(name)
        return SimulatedFile(self, self._names[name], self._life)

    def remove(self, name: str) -> None:
        """Remove a file; whoever has it open may go on reading it."""
        if name not in self._names:
            raise FileNotFoundError(name)
        self._change_names(lambda names: names.pop(name, None))

    def rename(self, old: str, new: str) -> None:
        """Give a file another name at once."""
        if old not in self._names:
            raise FileNotFoundError(old)
        self._change_names(lambda names: names.update({new: names.pop(old)} if old in names else {}))

    def sync_names(self) -> None:
        """Make names durable."""

        def keep() -> None:
            if self._drawn(self.faults.sync_fails):
                raise OSError(errno.EIO, "names were not synced")
            if self._drawn(self.faults.sync_lies):
                self._promised_names = dict(self._names)
                return
            self._kept_names, self._changes, self._promised_names = dict(self._names), [], {}

        self.perform(keep)

    def _change_names(self, change: ChangeOfNames) -> None:
        def apply() -> None:
            change(self._names)
            self._changes.append(change)

        self.perform(apply)

    # What a file does, as far as it concerns the whole disk

    def perform(self, whole: Callable[[], None], half: Callable[[], None] | None = None) -> None:
        """Do something that changes the disk; power may go before, after, or when `half` of it is done."""
        self._refuse_dark()
        if self._power_in is None or self._power_in > 0:
            self._power_in = None if self._power_in is None else self._power_in - 1
            whole()
            return
        self._dark = True
        for step in self._random.choice(((), (half,), (whole,))):
            if step is not None:
                step()
        raise PowerLost

    def refuse_dead(self, life: int) -> None:
        """Raise PowerLost for a handle of a process that is gone."""
        self._refuse_dark()
        if life != self._life:
            raise PowerLost

    def write(self, content: _Content, offset: int, data: bytes) -> None:
        """Put bytes where they can be read."""
        whole = partial(self._put, content, offset, data)
        half = partial(self._put, content, offset, data[: self._random.randrange(len(data) + 1)])
        if self._drawn(self.faults.write_fails):
            self.perform(half)
            raise OSError(errno.EIO, "a write failed")
        self.perform(whole, half)

    def resize(self, content: _Content, length: int) -> None:
        """Cut a file or let it grow."""
        self._refuse_full(length - len(content.seen))
        self.perform(partial(content.resize, length))

    def sync(self, content: _Content) -> None:
        """Bring a file to the medium, or fail, or lie."""
        if self._drawn(self.faults.sync_fails):
            self.perform(partial(self._sync_some, content))
            content.unsynced.clear()  # the system thinks them clean: no later sync writes them
            raise OSError(errno.EIO, "a sync failed")
        if self._drawn(self.faults.sync_lies):
            self.perform(partial(self._promise, content))
        else:
            self.perform(content.sync, partial(self._sync_some, content))

    def begin_sync(self, content: _Content, told: Told) -> bool:
        """Have a file brought to the medium later; False where nobody would end it, or another is under way."""
        if not self.syncs_beside or self._begun is not None:
            return False
        self._begun = content, told
        return True

    def _put(self, content: _Content, offset: int, data: bytes) -> None:
        self._refuse_full(offset + len(data) - len(content.seen))
        content.write(offset, data)

    def _sync_some(self, content: _Content) -> None:
        for sector in sorted(content.unsynced):
            if self._random.random() < 0.5:
                content.keep(sector)

    def _promise(self, content: _Content) -> None:
        for sector in sorted(content.unsynced):
            content.promised[sector] = bytes(content.seen[sector * SECTOR : (sector + 1) * SECTOR])
        if self._drawn(self.faults.forgets):
            content.unsynced.clear()

    def _refuse_full(self, growth: int) -> None:
        if growth <= 0 or self.faults.capacity is None:
            return
        if sum(len(content.seen) for content in self._names.values()) + growth > self.faults.capacity:
            raise OSError(errno.ENOSPC, "the disk is full")

    def _refuse_dark(self) -> None:
        if self._dark:
            raise PowerLost

    def _drawn(self, chance: float) -> bool:
        return chance > 0 and self._random.random() < chance


class SimulatedFile:
    """One open file of a simulated disk."""

    def __init__(self, disk: SimulatedDisk, content: _Content, life: int) -> None:
        self._disk, self._content, self._life = disk, content, life

    def write_at(self, offset: int, data: bytes) -> None:
        """Put bytes at an offset."""
        self._disk.refuse_dead(self._life)
        self._disk.write(self._content, offset, data)

    def read_at(self, offset: int, length: int) -> bytes:
        """At most `length` bytes; fewer at the end."""
        self._disk.refuse_dead(self._life)
        return bytes(self._content.seen[offset : offset + length])

    def size(self) -> int:
        """Length in bytes."""
        self._disk.refuse_dead(self._life)
        return len(self._content.seen)

    def truncate(self, length: int) -> None:
        """Cut or grow with zeros."""
        self._disk.refuse_dead(self._life)
        self._disk.resize(self._content, length)

    def sync(self) -> None:
        """Make everything written durable, if the disk is honest."""
        self._disk.refuse_dead(self._life)
        self._disk.sync(self._content)

    def begin_sync(self, told: Told) -> bool:
        """Begin to make everything durable that is written by the end of it."""
        self._disk.refuse_dead(self._life)
        return self._disk.begin_sync(self._content, told)

    def close(self) -> None:
        """Nothing is held."""
