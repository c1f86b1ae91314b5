"""The head witness: how far the journal was durable, kept outside its segments.

Two slots, each in a sector of its own, are written in turn, so that a torn write leaves the other one whole. Each
append writes one after its sync; `sync` makes it durable when there is time. So the witness may lag behind after a loss
of power, and then it is still a lower bound; it never runs ahead. What a segment lacks below it was lost or damaged.
"""

import re

from redstick.adapters.segments.form import checked, form_line
from redstick.kernel.envelope import Head
from redstick.kernel.ports import Disk, File

NAME = "head.witness"
SLOT_BYTES = 4096  # no smaller than a sector of any disk
SLOTS = (0, SLOT_BYTES)

_SLOT = re.compile(rb"redstick-head 1 position=(\d{16}) hash=([0-9a-f]{64})")


class Witness:
    """The witness file of one journal. `fault` says in words what was wrong with it when it was opened, if anything."""

    def __init__(self, disk: Disk, *, needed: bool) -> None:
        """Open the file, or make it; `needed` when there is a journal already, which should have one."""
        self.fault: str | None = None
        if NAME not in disk.list():
            self.fault = f"{NAME}: byte 0: the file is not there" if needed else None
            self._file = _made(disk)
        else:
            self._file = disk.open(NAME)
        stored = [self._file.read_at(at, SLOT_BYTES) for at in SLOTS]
        slots = [parse_slot(slot) for slot in stored]
        for at, slot, head in zip(SLOTS, stored, slots, strict=True):
            if head is None or slot[len(slot_line(head)) :].strip(b"\0"):
                self.fault = f"{NAME}: byte {at}: not a head as it was written and zeros"
        self.head = max(filter(None, slots), key=lambda head: head.position, default=Head())
        self._next = 1 if slots[0] == self.head else 0
        self._synced: Head | None = None

    def note(self, head: Head) -> None:
        """Say that the chain is durable up to `head`."""
        self._file.write_at(SLOTS[self._next], slot_line(head))
        self.head, self._next = head, 1 - self._next

    def renew(self, head: Head) -> None:
        """Write both slots whole, when something was wrong with the file."""
        self._file.truncate(len(SLOTS) * SLOT_BYTES)
        for _ in SLOTS:
            self._file.write_at(SLOTS[self._next], bytes(SLOT_BYTES))
            self.note(head)

    def sync(self) -> None:
        """Make the newest note durable."""
        noted = self.head
        if self._synced != noted:
            self._file.sync()
            self._synced = noted

    def close(self) -> None:
        """Let go of the file."""
        self._file.close()


def _made(disk: Disk) -> File:
    file = disk.open(NAME, create=True)
    file.truncate(2 * SLOT_BYTES)
    for at in SLOTS:
        file.write_at(at, slot_line(Head()))
    file.sync()
    disk.sync_names()
    return file


def slot_line(head: Head) -> bytes:
    """A slot's line; every one is equally long."""
    return form_line(f"redstick-head 1 position={head.position:016d} hash={head.hash.hex()}")


def parse_slot(stored: bytes) -> Head | None:
    """The head in a slot; None when it is not whole."""
    text = checked(stored)
    found = text and _SLOT.fullmatch(text)
    return Head(int(found[1]), bytes.fromhex(found[2].decode())) if found else None
