"""The head witness: how far the journal was durable, kept outside its segments.

Two slots are written in turn, so that a torn write leaves the other one whole. Each append writes one after its sync;
`sync` makes it durable when there is time. So the witness may lag behind after a loss of power, and then it is still a
lower bound; it never runs ahead. What a segment lacks below it was lost or damaged: never a torn tail.
"""

import re
import zlib

from redstick.kernel.envelope import Head
from redstick.kernel.errors import Corruption
from redstick.kernel.ports import Disk

NAME = "head.witness"
SLOT_BYTES = 128

_SLOT = re.compile(rb"redstick-head 1 position=(\d{16}) hash=([0-9a-f]{64}) check=([0-9a-f]{8}) *\n")


class Witness:
    """The witness file of one journal."""

    def __init__(self, disk: Disk) -> None:
        """Open or make the file; raises Corruption when neither slot can be read."""
        if NAME in disk.list():
            self._file = disk.open(NAME)
            stored = self._file.read_at(0, 2 * SLOT_BYTES)
            slots = [read_slot(stored[at : at + SLOT_BYTES]) for at in (0, SLOT_BYTES)]
            known = [slot for slot in slots if slot is not None]
            if not known and stored.strip(b"\0"):
                self._file.close()
                raise Corruption(f"{NAME}: byte 0: neither of the two heads can be read")
            self.head = max(known, key=lambda head: head.position, default=Head())
            self._next = 1 if slots[0] is not None and slots[0] == self.head else 0
        else:
            self._file = disk.open(NAME, create=True)
            self._file.write_at(0, slot(Head()) + slot(Head()))
            self._file.sync()
            disk.sync_names()
            self.head, self._next = Head(), 0
        self._synced = self.head

    def note(self, head: Head) -> None:
        """Say that the chain is durable up to `head`; what fails here loses nothing and is not an error."""
        self.head = head
        self._file.write_at(self._next * SLOT_BYTES, slot(head))
        self._next = 1 - self._next

    def sync(self) -> None:
        """Make the newest note durable."""
        if self._synced != self.head:
            self._file.sync()
            self._synced = self.head

    def close(self) -> None:
        """Let go of the file."""
        self._file.close()


def slot(head: Head) -> bytes:
    """One slot of exactly SLOT_BYTES."""
    text = b"redstick-head 1 position=%016d hash=%s" % (head.position, head.hash.hex().encode())
    return (text + b" check=%08x" % zlib.crc32(text)).ljust(SLOT_BYTES - 1) + b"\n"


def read_slot(stored: bytes) -> Head | None:
    """The head in a slot; None when it is not whole."""
    found = _SLOT.fullmatch(stored)
    if found is None or zlib.crc32(stored[: found.start(3) - len(b" check=")]) != int(found[3], 16):
        return None
    return Head(int(found[1]), bytes.fromhex(found[2].decode()))
