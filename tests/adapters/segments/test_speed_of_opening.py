"""What opening and reading from a position cost: told by the bytes that are read, not by a clock."""

from contextlib import closing
from random import Random

from redstick.adapters.segments import SegmentJournal
from redstick.simulation.world.disk import SimulatedDisk

MANY = 400


class Counting(SimulatedDisk):
    """A disk that counts the bytes that are read from it."""

    read = 0

    def open(self, name, *, create=False):
        """Open a file whose reads are counted."""
        file = super().open(name, create=create)
        plain = file.read_at

        def read_at(offset, length):
            found = plain(offset, length)
            self.read += len(found)
            return found

        file.read_at = read_at
        return file


def grown(chains, *, sealed, batches=MANY):
    """A disk with a journal of many segments."""
    disk = Counting(Random(1))
    journal = SegmentJournal(disk, segment_bytes=16_000, allocate_bytes=4096)
    for _ in range(batches):
        chains.append(journal, 20, payload=b'"%s"' % (b"x" * 60))
    if sealed:
        chains.tend(journal)
    journal.close()
    return disk


def cost(disk, work):
    """Bytes read by some work."""
    before = disk.read
    work()
    return disk.read - before


def opened(disk):
    """The journal, opened again; it is closed at once."""
    journal = SegmentJournal(disk, segment_bytes=16_000, allocate_bytes=4096)
    journal.close()
    return journal


def test_opening_reads_headers_and_the_last_segment_only(chains):
    """Ten times the history costs ten times as many headers, and nothing of what is sealed behind them."""
    costs = []
    for batches in (MANY // 10, MANY):
        disk = grown(chains, sealed=True, batches=batches)
        costs.append((len(disk.list()), cost(disk, lambda disk=disk: opened(disk))))
    (few, at_first), (many, later) = costs
    assert later - at_first < (many - few) * 1600 + 20_000


def test_a_closed_segment_is_joined_by_its_last_batch(chains):
    """What is closed and not sealed yet is not verified line by line either."""
    disk = Counting(Random(1))
    with closing(SegmentJournal(disk, segment_bytes=600_000, allocate_bytes=4096)) as journal:
        for _ in range(30):
            chains.append(journal, 40, payload=b'"%s"' % (b"x" * 2000))
    assert cost(disk, lambda: opened(disk)) < sum(map(len, disk.contents().values())) * 0.6


def test_reading_the_tail_reads_the_tail_only(chains):
    """A restart from a snapshot pays for the lines behind it, not for those before."""
    for sealed in (True, False):
        disk = grown(chains, sealed=sealed)
        journal = opened(disk)
        tail = journal.head().position - 100
        assert cost(disk, lambda journal=journal, tail=tail: len(list(journal.read(tail)))) < 60_000
        assert len(list(journal.read(tail))) == 100
