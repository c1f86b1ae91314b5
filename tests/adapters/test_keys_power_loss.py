"""The ring in files, and signed heads, on a disk that does what disks do: any schedule of acts, failures and losses."""

from collections import Counter
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from redstick.adapters.heads import FileHeads
from redstick.adapters.keys.files import FileKeyRing
from redstick.adapters.keys.whole import keep_whole, settle, wipe
from redstick.adapters.memory import MemoryJournal
from redstick.kernel.envelope import Envelope, Head, seal
from redstick.kernel.errors import Unavailable
from redstick.kernel.proof.attested import Attested
from redstick.kernel.proof.nodes import Nodes
from redstick.kernel.proof.notary import Notary
from redstick.kernel.proof.statements import Ed25519Signer, KeyHistory
from redstick.simulation.world.disk import DiskFaults, PowerLost, SimulatedDisk

ROOT, CLASS = bytes(range(32)), "call-audio"
FAILING = DiskFaults(sync_fails=0.05, write_fails=0.03)
SIGNER = Ed25519Signer(bytes(range(32)))


class Life:
    """Something over a disk, opened again after whatever befalls it."""

    def __init__(self, seed, faults):
        self.random = Random(seed)
        self.disk = SimulatedDisk(self.random, faults)
        self.told = Counter()

    def until_done(self, act):
        """Do something until it is done, from an opening to the next."""
        while True:
            try:
                self.disk.lose_power_in(self.random.choice((None, None, self.random.randrange(12))))
                return act(self.open())
            except PowerLost:
                self.told["power lost"] += 1
                self.disk.crash()
            except Unavailable:
                self.told["unavailable"] += 1
                self.disk.kill()
                if self.random.random() < 0.3:
                    self.disk.crash()
            self.opened = None

    def open(self):
        """What is open, or opened anew."""
        if self.opened is None or self.random.random() < 0.1:
            self.disk.kill()
            self.opened = self.make()
        return self.opened


class RingLife(Life):
    """A ring; what it gave out and what it destroyed."""

    def __init__(self, seed, faults):
        super().__init__(seed, faults)
        self.given, self.destroyed, self.opened = {}, set(), None

    def make(self):
        """Open the ring."""
        return FileKeyRing(self.disk, ROOT, self.random.randbytes)

    def step(self):
        """Give out a key, or destroy some, until it is done."""
        period, subject = self.random.choice(("2026-11", "2026-12")), self.random.choice("abcde")
        act = self.random.random()
        if act < 0.7:
            key = self.until_done(lambda ring: ring.key_for(CLASS, period, subject))
            assert key.id not in self.destroyed
            assert self.given.setdefault(key.id, key) == key
        elif act < 0.9:
            self.until_done(lambda ring: ring.destroy_subject(CLASS, period, subject))
            self.destroyed |= {key.id for key in self.given.values() if (key.period, key.subject) == (period, subject)}
        else:
            self.until_done(lambda ring: ring.destroy(CLASS, period, [subject]))
            self.destroyed |= {key.id for key in self.given.values() if key.period == period and key.subject != subject}

    def hold(self):
        """Every key that was given out is there, every destroyed one is not, and nothing is damaged."""
        self.disk.lose_power_in(None)
        faults, self.disk.faults = self.disk.faults, DiskFaults()
        self.disk.kill()
        self.opened = None
        ring = self.open()
        for key in self.given.values():
            assert ring.find(CLASS, key.period, key.id) == (None if key.id in self.destroyed else key), self.told
        assert list(ring.check()) == []
        self.disk.faults = faults


@given(st.integers(0, 2**32), st.sampled_from([DiskFaults(), FAILING]))
def test_a_key_that_was_given_out_is_there_and_a_destroyed_one_is_not(seed, faults):
    """After any loss of power, failing write or sync: keys stay, destruction stays, and no damage is seen."""
    live_with_keys(seed, faults)


def live_with_keys(seed, faults):
    """One life of a ring."""
    life = RingLife(seed, faults)
    for _ in range(30):
        life.step()
        if life.random.random() < 0.3:
            life.disk.crash()
            life.hold()
    life.hold()


@given(st.integers(0, 2**32), st.sampled_from([None, *range(14)]))
def test_a_file_of_keys_is_whole_or_not_there(seed, loss):
    """Made, replaced or wiped, with power lost at any change or right after: the one content or the other, durably."""
    disk = SimulatedDisk(Random(seed))
    keep_whole(disk, "root.key", b"first" * 300)
    disk.crash()
    settle(disk)
    assert disk.contents() == {"root.key": b"first" * 300}
    for change, before, after in (
        (
            lambda: keep_whole(disk, "root.key", b"second" * 200),
            {"root.key": b"first" * 300},
            {"root.key": b"second" * 200},
        ),
        (lambda: wipe(disk, "root.key"), {"root.key": b"second" * 200}, {}),
    ):
        disk.lose_power_in(loss)
        try:
            change()
            possible = [after]
        except PowerLost:
            possible = [before, after]
        disk.crash()
        settle(disk)
        assert disk.contents() in possible
        if disk.contents() != after:
            return


def test_destroyed_keys_leave_nothing_on_the_medium():
    """What was destroyed stands neither in a file nor under a name that the folder still has, after power loss too."""
    for seed in range(40):
        life = RingLife(seed, DiskFaults())
        for _ in range(20):
            life.step()
        life.until_done(lambda ring: [ring.destroy(CLASS, period, []) for period in ("2026-11", "2026-12")])
        life.disk.crash()
        assert life.open().periods_of("a") == []  # looking finishes what was begun
        assert life.disk.contents() == {}


class NotaryLife(Life):
    """A notary over a journal that loses nothing; the heads that it gave out."""

    def __init__(self, seed, faults):
        super().__init__(seed, faults)
        self.journal, self.given, self.opened, self.now = MemoryJournal(), [], None, 0

    def make(self):
        """Open the notary."""
        return Notary("operations", self.journal, self.disk, FileHeads(self.disk), SIGNER)

    def step(self):
        """Append some lines, and now and then sign."""

        def act(notary):
            for _ in range(self.random.randrange(9)):
                after = self.journal.head()
                digest, line = seal(after.hash, Envelope(after.position + 1, 5, 5, "k", 1, "a", "c", "d", b"{}"))
                Attested(self.journal, notary, lambda: self.now).append([line], after, Head(after.position + 1, digest))
            self.now += 1
            signed = notary.sign(self.now) if self.random.random() < 0.5 else None
            if notary.failed:
                raise Unavailable(notary.failed)
            return signed

        signed = self.until_done(act)
        if signed is not None:
            self.given.append(signed)


@given(st.integers(0, 2**32), st.sampled_from([DiskFaults(), FAILING]))
def test_a_head_that_was_given_out_is_kept_and_right(seed, faults):
    """After any loss of power, failing write or sync: the notary opens, its tree is whole, every head is there."""
    live_with_heads(seed, faults)


def live_with_heads(seed, faults):
    """One life of a notary."""
    life = NotaryLife(seed, faults)
    for _ in range(12):
        life.step()
        if life.random.random() < 0.3:
            life.disk.crash()
            life.opened = None
    life.disk.lose_power_in(None)
    life.disk.faults = DiskFaults()
    life.disk.crash()
    life.make().close()
    nodes = Nodes(life.disk)
    assert nodes.fault(enumerate(life.journal.read(), start=1), nodes.size) is None, life.told
    heads = FileHeads(life.disk)
    keys = KeyHistory("operations", heads.keys())
    kept = [keys.head(line) for line in heads.newest()]
    assert all(head in kept for head in life.given), life.told
    whole = Nodes(SimulatedDisk(Random(1)))
    whole.append(list(life.journal.read()))
    assert all(whole.root(head.position).hex() == head.root for head in kept)


@pytest.mark.slow
@pytest.mark.parametrize("faults", [DiskFaults(), FAILING], ids=["honest", "failing"])
@pytest.mark.parametrize("live", [live_with_keys, live_with_heads])
def test_the_same_over_thousands_of_lives(live, faults):
    """What holds for some hundred seeds holds for three thousand: rare orders of sectors and names come up there."""
    for seed in range(3000):
        live(seed, faults)
