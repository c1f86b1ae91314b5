"""Journals, keys and notaries for the tests of proof."""

import pytest

from redstick.adapters.disk import PosixDisk
from redstick.adapters.heads import FileHeads
from redstick.adapters.memory import MemoryJournal
from redstick.kernel.envelope import Envelope, Head, seal
from redstick.kernel.proof.notary import Notary
from redstick.kernel.proof.statements import Ed25519Signer

NAME = "operations"
FIRST, SECOND = Ed25519Signer(bytes(range(32))), Ed25519Signer(bytes(range(1, 33)))


def lines_behind(head, count, payload=b"{}"):
    """`count` sealed lines behind a head, and the head they end at."""
    lines = []
    for _ in range(count):
        envelope = Envelope(head.position + 1, 5, 5, "k", 1, "a", f"c{head.position}", "d", payload)
        digest, line = seal(head.hash, envelope)
        head = Head(envelope.position, digest)
        lines.append(line)
    return lines, head


def append(journal, count, payload=b"{}"):
    """Append lines; gives them and the head they end at."""
    lines, head = lines_behind(journal.head(), count, payload)
    journal.append(lines, journal.head(), head)
    return lines, head


class Desk:
    """A journal in memory, and a folder for its proof that outlives every notary."""

    def __init__(self, folder):
        self.folder = folder
        self.journal, self.held = MemoryJournal(), None

    def notary(self, signer=FIRST, **options):
        """Open a notary over what is there; the one before it is closed."""
        if self.held:
            self.held.close()
        disk = PosixDisk(self.folder)
        self.heads = FileHeads(disk)
        self.held = Notary(NAME, self.journal, disk, self.heads, signer, **options)
        return self.held

    def rewrite(self, count, payload):
        """Another journal of `count` lines in its place."""
        self.journal = MemoryJournal()
        append(self.journal, count, payload)


@pytest.fixture
def desk(tmp_path):
    return Desk(tmp_path)
