"""Chains of sealed lines, and journals on a folder of their own."""

import shutil

import pytest

from redstick.adapters.disk import PosixDisk
from redstick.adapters.segments import Broken, SegmentJournal
from redstick.kernel.envelope import Envelope, Head, seal
from redstick_verify.journal import check


def chain(count, after=None, parts=1, payload=b"{}"):
    """`count` sealed lines behind a head, each command `parts` of them, and the head they end at."""
    head, lines = after or Head(), []
    for i in range(count):
        cause = f"c{head.position - i % parts}"
        envelope = Envelope(
            head.position + 1, 5, 5, "k", 1, "a", cause, "d", payload, part=i % parts + 1, parts=parts
        )  # fmt: skip
        digest, line = seal(head.hash, envelope)
        head = Head(envelope.position, digest)
        lines.append(line)
    return lines, head


def append(journal, count=1, parts=1, payload=b"{}"):
    """Append a batch of `count` lines; gives them."""
    lines, head = chain(count, journal.head(), parts, payload)
    journal.append(lines, journal.head(), head)
    return lines


def tend(journal):
    """Tend a journal until there is nothing left to do."""
    while journal.tend():
        pass


class Folder:
    """A folder in which a journal is opened, closed, and spoilt."""

    chain, append, tend = staticmethod(chain), staticmethod(append), staticmethod(tend)

    def __init__(self, path):
        self.path = path
        self._open = None

    def journal(self, **options):
        """Open the journal; one that is open already is closed before."""
        self.close()
        self._open = SegmentJournal(PosixDisk(self.path), **{"segment_bytes": 2000, "allocate_bytes": 4096, **options})
        return self._open

    def close(self):
        """Close what is open."""
        if self._open is not None:
            self._open.close()
            self._open = None

    def files(self, pattern="segment-*"):
        """Paths, in order."""
        return sorted(self.path.glob(pattern))

    def flip(self, path, byte, bit=0):
        """Turn one bit of a file."""
        whole = path.read_bytes()
        path.write_bytes(whole[:byte] + bytes([whole[byte] ^ 1 << bit]) + whole[byte + 1 :])

    def everything(self, journal):
        """All that can be read, with every fault gone on after."""
        while True:
            try:
                return list(journal.read())
            except Broken as broken:
                journal.go_on_after(broken)

    def live_with_a_turned_bit(self, stored, random):
        """Turn one bit anywhere, allocated zeros too; assert that it is found, named and lived with. Puts it back."""
        paths = self.files("*")
        path = random.choices(paths, [path.stat().st_size for path in paths])[0]
        aside = self.path.with_name("aside")
        shutil.copytree(self.path, aside)
        self.flip(path, random.randrange(path.stat().st_size), random.randrange(8))
        found = check(self.path)
        assert not found["ok"]
        assert found["first_bad"].startswith(f"{path.name}: byte "), (found["first_bad"], path.name)
        journal = self.journal(go_on=True)
        assert self.everything(journal) == stored
        assert journal.repairs or journal.breaks
        assert all(at.file == path.name for at, _ in journal.breaks)
        more = append(journal, 3)
        again = self.journal()
        assert list(again.read()) == stored + more
        assert [fault for fault in again.scrub() if fault] == []
        self.close()
        shutil.rmtree(self.path)
        aside.rename(self.path)


@pytest.fixture
def folder(tmp_path):
    """An empty folder for a journal of small segments."""
    made = Folder(tmp_path / "journal")
    yield made
    made.close()


@pytest.fixture(scope="session")
def chains():
    """The means to make chains, for tests that have no folder."""
    return Folder
