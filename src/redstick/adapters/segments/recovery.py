"""Opening: where the chain ends, what is torn, what is broken.

An incomplete end that the witness has not seen is a torn tail: it was never acknowledged. Anything else that does not
verify is corruption. A segment whose header cites a break says that a fault before it is known, and goes on after it.
"""

from collections.abc import Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass

from redstick.adapters.segments.form import OPEN, Break, Header, Line, header_of, lines_of
from redstick.adapters.segments.sealing import checked_heads, read_seal
from redstick.kernel.envelope import HASH_DIGITS, Head, unseal
from redstick.kernel.errors import Corruption
from redstick.kernel.ports import Disk, File

SLICE_LINES = 256  # verified at a time beside an executor


class Broken(Corruption):
    """A chain that does not verify: file and byte of its first fault, and the last head before it."""

    def __init__(self, file: str, byte: int, good: Head, why: str) -> None:
        place = "" if why.startswith(file) else f"{file}: byte {byte}: "
        super().__init__(f"{place}{why} (good up to position {good.position})")
        self.at, self.good = Break(file, byte, good.position), good


@dataclass(frozen=True, slots=True)
class End:
    """Where an open segment ends: head and byte behind its last whole command, and whether torn bytes lie there."""

    head: Head
    byte: int
    torn: bool


def recover(disk: Disk, names: Sequence[str], witnessed: Head, *, deep: bool) -> End:
    """Verify what the journal will go on from: how its segments join, and every line of those that are not sealed.

    Sealed segments are joined by their headers, and verified on read and by the scrubber; `deep` verifies them too.
    The last name is an open segment. Raises Broken for a fault that no later header cites.
    """
    end, start = End(Head(), 0, torn=False), 0
    while start < len(names):
        at_least = witnessed if start + 1 == len(names) else None
        try:
            end = _end_of(disk, names[start], end.head, at_least, deep=deep)
            start += 1
        except Broken as broken:
            cited = [(i, header.head) for i, header in resumptions(disk, names) if header.broken == broken.at]
            if not cited:
                raise
            start, head = cited[-1]
            end = End(head, 0, torn=False)
    return end


def resumptions(disk: Disk, names: Sequence[str]) -> list[tuple[int, Header]]:
    """The segments that go on behind a break: index and header, in order."""
    found = []
    for i, name in enumerate(names):
        if name.endswith(OPEN):
            file = disk.open(name)
            with suppress(Corruption):  # a header that cannot be read cites nothing
                if (header := header_of(file, name)).broken is not None:
                    found.append((i, header))
            file.close()
    return found


def verify(disk: Disk, name: str) -> Iterator[None]:
    """Check every byte of one segment, a slice at each step; raises Corruption with the place."""
    file = disk.open(name)
    try:
        if name.endswith(OPEN):
            head = header_of(file, name).head
            for i, line in enumerate(lines_of(file)):
                head, _ = follow(head, line, name)
                if i % SLICE_LINES == 0:
                    yield
        else:
            for i, _ in enumerate(checked_heads(file, name)):
                if i % SLICE_LINES == 0:
                    yield
    finally:
        file.close()


def follow(head: Head, line: Line, name: str) -> tuple[Head, bool]:
    """The head after a line, and whether it completes its command; raises Corruption when it does not follow."""
    try:
        digest, envelope = unseal(head.hash, line.data)
    except Corruption as error:
        raise Corruption(f"{name}: byte {line.offset}: {error}") from error
    if envelope.position != head.position + 1:
        raise Corruption(f"{name}: byte {line.offset}: position {envelope.position} follows {head.position}")
    return Head(envelope.position, digest), envelope.part == envelope.parts


def _end_of(disk: Disk, name: str, before: Head, at_least: Head | None, *, deep: bool) -> End:
    """Where a segment ends; `at_least` is what the witness saw, given for the last segment only."""
    file = disk.open(name)
    try:
        if name.endswith(OPEN):
            return _end_of_open(file, name, before, at_least)
        seal, _ = read_seal(file, name)
        _join(name, Head(seal.first - 1, seal.previous), before)
        for head in checked_heads(file, name) if deep else ():
            before = head
        return End(Head(seal.last, seal.head), 0, torn=False)
    except Broken:
        raise
    except Corruption as error:
        raise Broken(name, 0, before, str(error)) from error
    finally:
        file.close()


def _end_of_open(file: File, name: str, before: Head, at_least: Head | None) -> End:
    """A bad or unfinished end is torn only in the last segment and behind what the witness saw."""
    header, lines = header_of(file, name), lines_of(file)
    if header.broken is None:
        _join(name, header.head, before)
    whole = head = header.head
    byte = len(header.line())
    torn_at, why = None, "a command without its last line"
    for line in lines:
        try:
            head, complete = follow(head, line, name)
        except Corruption as error:
            torn_at, why = line.offset, str(error)
            if _followed(line, lines):
                raise Broken(name, line.offset, whole, why) from error
            break
        torn_at = None if complete else line.offset if torn_at is None else torn_at
        if complete:
            whole, byte = head, line.offset + len(line.data)
    if torn_at is not None and at_least is None:
        raise Broken(name, torn_at, whole, f"{why} in a closed segment")
    if at_least is not None and whole.position < at_least.position:
        raise Broken(name, byte, whole, f"the witness saw position {at_least.position} durable")
    return End(whole, byte, torn=torn_at is not None)


def _followed(bad: Line, rest: Iterator[Line]) -> bool:
    """Whether any later line follows the line before it: then the bad one is no torn tail."""
    previous = bad.data
    for line in rest:
        try:
            unseal(bytes.fromhex(previous[:HASH_DIGITS].decode()), line.data)
        except (Corruption, ValueError):
            previous = line.data
            continue
        return True
    return False


def _join(name: str, cited: Head, before: Head) -> None:
    """Raise Broken when a segment does not begin where the one before it ends."""
    if cited != before:
        why = f"begins at position {cited.position + 1} of a chain that is not the one that ends at {before.position}"
        raise Broken(name, 0, before, why)
