"""Any schedule of appends, upkeep, failures and losses of power, on a disk that does what disks do."""

from collections import Counter
from random import Random

from hypothesis import given
from hypothesis import strategies as st

from redstick.adapters.segments import Broken, SegmentJournal
from redstick.kernel.envelope import Head, opened
from redstick.kernel.errors import Unavailable
from redstick.simulation.world.disk import DiskFaults, PowerLost, SimulatedDisk
from redstick_verify.journal import check, lines


class Life:
    """A journal that is opened again after whatever befalls it, and what it has acknowledged so far.

    `maybe` holds the batches whose append was not answered: each may be there whole or not at all.
    """

    def __init__(self, random, folder, disk, witness=None):
        self.random, self.folder, self.disk, self.witness = random, folder, disk, witness
        self.acknowledged, self.maybe = [], []
        self.told = Counter()
        self.witnessed = 0
        self.journal = None

    def open(self, **options):
        """Open until it succeeds; power may go while opening too."""
        self.journal = None
        while self.journal is None:
            try:
                self.journal = SegmentJournal(
                    self.disk, witness=self.witness, segment_bytes=3000, allocate_bytes=2048, **options
                )
            except PowerLost:
                self.lose_power()
            except Unavailable:
                self.told["opening was not possible"] += 1
                self.disk.kill()
                if self.random.random() < 0.3:
                    self.lose_power()
        return self.journal

    def lose_power(self):
        """What is left is settled."""
        self.told["power lost"] += 1
        self.disk.crash()
        if self.witness is not None:
            self.witness.kill()

    def step(self):
        """Append something, or tend a little."""
        try:
            if self.random.random() < 0.4:
                self.journal.tend()
            else:
                parts = self.random.randrange(1, 4)
                payload = b'"%s"' % (b"x" * self.random.choice((3, 50, 700, 1500)))
                count = parts * self.random.randrange(1, 4)
                lines, head = self.folder.chain(count, self.journal.head(), parts, payload)
                self.maybe.append(lines)
                self.journal.append(lines, self.journal.head(), head)
                self.acknowledged += lines
                self.maybe.pop()
        except PowerLost:
            self.lose_power()
            return False
        except Unavailable:
            self.told["an append failed"] += 1
            self.disk.kill()
            return False
        return True

    def settle(self):
        """Everything acknowledged is there once, in order, and an unanswered batch whole or not at all."""
        lines = list(self.journal.read())
        assert lines[: len(self.acknowledged)] == self.acknowledged
        left = lines[len(self.acknowledged) :]
        assert left in ([], *self.maybe)
        self.acknowledged, self.maybe = lines, []
        assert self.journal.head() == (head_of(lines[-1]) if lines else Head())


def head_of(line):
    return Head(opened(line).position, bytes.fromhex(line[:64].decode()))


def live(life, steps, faults, moments):
    """Run a schedule: before each life, a moment in which power will go, or none."""
    done = 0
    for moment in moments:
        life.disk.faults = DiskFaults()
        life.disk.lose_power_in(None)
        life.open()
        life.settle()
        life.disk.faults = faults
        life.disk.lose_power_in(moment)
        while done < steps and life.step():
            done += 1
            if life.random.random() < 0.05:
                life.disk.kill() if life.random.random() < 0.5 else life.lose_power()
                break


def honest(seed, folder, **faults):
    """A life over an honest disk."""
    random = Random(seed)
    life = Life(random, folder, SimulatedDisk(random))
    moments = [random.choice((None, random.randrange(60))) for _ in range(8)]
    live(life, 120, DiskFaults(**faults), moments)
    life.disk.faults = DiskFaults()
    life.disk.lose_power_in(None)
    life.disk.crash()
    life.open()
    life.settle()
    return life


@given(seed=st.integers(0, 1 << 32))
def test_an_honest_disk_loses_nothing_that_was_acknowledged(chains, seed):
    """Power lost at any moment, also while opening, rolling, sealing: every acknowledged line is there once.

    An unanswered batch is there whole or not at all, nothing is ever taken for corruption, and the journal goes on.
    """
    honest(seed, chains)


def test_what_opening_has_settled_the_verifier_accepts(chains, tmp_path):
    """After whatever befell it, the files of an opened journal are as they were written, to the last byte."""
    for seed in range(25):
        life = honest(seed, chains, sync_fails=0.05)
        folder = tmp_path / str(seed)
        folder.mkdir()
        for name, content in life.disk.contents().items():
            (folder / name).write_bytes(content)
        found = check(folder)
        assert (found["ok"], found["torn"], found["positions"]) == (True, None, life.journal.head().position), found
        assert [line for _, line in lines(folder)] == life.acknowledged


def test_power_may_go_at_every_single_change(chains):
    """A life with rolls and seals, cut short before, inside and after each of its changes, with several outcomes."""
    for moment in range(400):
        for outcome in range(4):
            random = Random(f"{moment} {outcome}")
            life = Life(random, chains, SimulatedDisk(random))
            life.disk.lose_power_in(moment)
            if eventful(life):
                assert moment > 60
                return
            life.lose_power()
            life.open()
            life.settle()
    raise AssertionError("the life never came to its end")


def eventful(life):
    """Open, append, roll and seal; says whether it came to its end."""
    try:
        life.journal = SegmentJournal(life.disk, segment_bytes=1200, allocate_bytes=1024)
        for _ in range(6):
            lines, head = life.folder.chain(4, life.journal.head(), 2)
            life.maybe.append(lines)
            life.journal.append(lines, life.journal.head(), head)
            life.acknowledged += life.maybe.pop()
            life.folder.tend(life.journal)
        life.journal.close()
    except PowerLost:
        return False
    return True


@given(seed=st.integers(0, 1 << 32))
def test_failed_syncs_and_writes_lose_nothing_either(chains, seed):
    """Behind a failed sync bytes can be read that are not on the disk: they are written again before they count."""
    honest(seed, chains, sync_fails=0.1, write_fails=0.05)


@given(seed=st.integers(0, 1 << 32), capacity=st.integers(9000, 60_000))
def test_a_full_disk_loses_nothing(chains, seed, capacity):
    """An append that finds no room is not acknowledged; everything before it stays, and with room it goes on."""
    life = honest(seed, chains, capacity=capacity)
    life.folder.append(life.journal)


def deceived(seed, chains, *, power_of_witness):
    """A life over a disk whose syncs may lie, with the witness on an honest one; gives it with what it was told.

    Each loss that follows a lie is found, or lies above what the witness had synced, and is counted as undetectable.
    """
    random = Random(seed)
    witness = SimulatedDisk(random)
    life = Life(random, chains, SimulatedDisk(random), witness)
    for _ in range(6):
        life.disk.faults = DiskFaults()
        try:
            life.open()
            lines = list(life.journal.read())
        except Broken as broken:
            life.told["found"] += 1
            assert life.disk.broke_promise
            lines = gone_on(life, broken)
        if not life.told["just found"] and lines[: len(life.acknowledged)] != life.acknowledged:
            assert power_of_witness
            assert life.disk.broke_promise
            assert life.journal.head().position >= life.witnessed
            life.told["undetectable"] += 1
        life.told["just found"] = 0
        life.acknowledged, life.maybe, life.disk.broke_promise = lines, [], False
        life.disk.faults = DiskFaults(sync_lies=0.15)
        while life.step() and random.random() < 0.96:
            pass
        life.witnessed = life.journal._witness._synced.position
        life.lose_power()
        if power_of_witness:
            witness.crash()
    return life.told


def gone_on(life, broken):
    """Begin the chain that cites the break; what can be read of the old one is read, and appending goes on."""
    life.told["just found"] = 1
    life.disk.kill()
    life.witness.kill()
    life.open(go_on=True)
    lines, good = readable(life, broken.good)
    assert set(lines) <= set(life.acknowledged) | {line for batch in life.maybe for line in batch}
    assert len(set(lines)) == len(lines)
    assert up_to(good, lines) == up_to(good, life.acknowledged)
    more = life.folder.append(life.journal, 2)
    assert list(life.journal.read()) == lines + more
    return lines + more


def up_to(good, lines):
    """Those lines that the break says nothing against."""
    return [line for line in lines if opened(line).position <= good.position]


def readable(life, good):
    """Everything that can be read, and the last good head; a fault that reading finds is gone on after as well."""
    while True:
        try:
            return list(life.journal.read()), good
        except Broken as broken:
            life.journal.go_on_after(broken)
            good = min(good, broken.good, key=lambda head: head.position)


@given(seed=st.integers(0, 1 << 32))
def test_a_lie_is_found_where_the_witness_was_durable(chains, seed):
    """With a witness that outlives the lie, no acknowledged line is ever lost silently."""
    assert deceived(seed, chains, power_of_witness=False)["undetectable"] == 0


def test_what_cannot_be_found_is_counted(chains):
    """When the witness loses power too, only losses above what it had synced go unseen; most are found even so."""
    told = Counter()
    for seed in range(60):
        told += deceived(seed, chains, power_of_witness=True)
    assert told["found"] > 50
    assert 0 < told["undetectable"] < told["found"]
