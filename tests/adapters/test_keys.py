"""Key rings: what every ring promises, and what the one in files does with crashes, flips and other people."""

import random
import stat

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from redstick.adapters.disk import PosixDisk
from redstick.adapters.keys.files import FileKeyRing
from redstick.adapters.keys.memory import MemoryKeyRing
from redstick.adapters.keys.private import (
    PrivateDisk,
    make_root,
    make_signer,
    read_root,
    read_signer,
)
from redstick.kernel.errors import Corruption, Unavailable

ROOT = bytes(range(32))
CLASS, PERIOD = "call-audio", "2026-11"
NAME = f"{CLASS}.{PERIOD}.keys"


def dice(seed=7):
    """Bytes that are the same in every run."""
    return random.Random(seed).randbytes


class Unclaimed(PosixDisk):
    """A folder that may be opened anew while another object of a test still has it."""

    def claim(self):
        """Nobody else is asked."""


def file_ring(folder, seed=7, disk=None):
    """A ring over a folder."""
    return FileKeyRing(disk or Unclaimed(folder), ROOT, dice(seed))


@pytest.fixture(params=["memory", "files", "files opened anew"])
def ring(request, tmp_path):
    """Gives the ring to use next: the same one, or the folder opened anew each time."""
    if request.param == "memory":
        made = MemoryKeyRing(dice())
        return lambda: made
    if request.param == "files":
        kept = file_ring(tmp_path)
        return lambda: kept
    seeds = iter(range(1000))
    return lambda: file_ring(tmp_path, next(seeds))


# What every ring promises


def test_a_subject_has_one_key_in_a_period(ring):
    """The same class, period and subject give the same key again; any other gives another."""
    first = ring().key_for(CLASS, PERIOD, "case_1")
    assert ring().key_for(CLASS, PERIOD, "case_1") == first
    others = [
        ring().key_for(CLASS, PERIOD, "case_2"),
        ring().key_for(CLASS, "2026-12", "case_1"),
        ring().key_for("plate-reads", PERIOD, "case_1"),
    ]
    assert len({key.secret for key in (first, *others)}) == len({key.id for key in (first, *others)}) == 4
    assert (first.retention_class, first.period, first.subject, len(first.secret)) == (CLASS, PERIOD, "case_1", 32)


def test_a_key_is_found_by_its_id(ring):
    """The id finds the key where it belongs and nowhere else."""
    key = ring().key_for(CLASS, PERIOD, "case_1")
    assert ring().find(CLASS, PERIOD, key.id) == key
    assert ring().find(CLASS, "2026-12", key.id) is None
    assert ring().find("plate-reads", PERIOD, key.id) is None
    assert ring().find(CLASS, PERIOD, "another") is None


def test_the_periods_of_a_subject_are_told(ring):
    """Every class and period in which a subject has a key, sorted."""
    for period in ("2026-12", PERIOD):
        ring().key_for(CLASS, period, "case_1")
    ring().key_for("plate-reads", PERIOD, "case_2")
    assert ring().periods_of("case_1") == [(CLASS, PERIOD), (CLASS, "2026-12")]
    assert ring().periods_of("case_3") == []


def test_a_destroyed_period_takes_all_but_the_spared(ring):
    """No key is found but those of spared subjects; who was spared is told, again and again."""
    keys = {subject: ring().key_for(CLASS, PERIOD, subject) for subject in ("a", "b", "c")}
    other = ring().key_for(CLASS, "2026-12", "a")
    for _ in range(2):
        assert ring().destroy(CLASS, PERIOD, ["b", "never seen"]) == ["b"]
        assert {s: ring().find(CLASS, PERIOD, key.id) for s, key in keys.items()} == {
            "a": None,
            "b": keys["b"],
            "c": None,
        }
    assert ring().find(CLASS, "2026-12", other.id) == other
    assert ring().periods_of("b") == [(CLASS, PERIOD)]
    assert ring().periods_of("a") == [(CLASS, "2026-12")]


def test_nobody_spared_is_nobody_found(ring):
    """Without spared subjects nothing is left; what never was is destroyed without a word."""
    key = ring().key_for(CLASS, PERIOD, "a")
    assert ring().destroy(CLASS, PERIOD, []) == []
    assert ring().find(CLASS, PERIOD, key.id) is None
    assert ring().destroy("plate-reads", PERIOD, ["a"]) == []


@pytest.mark.parametrize("spared_first", [False, True])
def test_one_subject_is_destroyed_alone(ring, spared_first):
    """Its key is gone and every other is there, in a living period as in one whose spared are left."""
    keys = {subject: ring().key_for(CLASS, PERIOD, subject) for subject in ("a", "b", "c")}
    if spared_first:
        ring().destroy(CLASS, PERIOD, ["a", "b", "c"])
    for _ in range(2):
        ring().destroy_subject(CLASS, PERIOD, "b")
        assert [ring().find(CLASS, PERIOD, keys[s].id) for s in "abc"] == [keys["a"], None, keys["c"]]
    assert ring().periods_of("b") == []


@settings(max_examples=40)  # each opens many files
@given(st.lists(st.tuples(st.sampled_from(["make", "destroy", "one"]), st.sampled_from("ab"), st.sampled_from("123"))))
def test_the_ring_in_files_equals_the_one_in_memory(tmp_path_factory, acts):
    """Whatever is asked in whatever order, and however often the folder is opened anew: the same keys are there."""
    folder, memory, made = tmp_path_factory.mktemp("ring"), MemoryKeyRing(dice(1)), {}
    for number, (act, period, subject) in enumerate(acts):
        files = file_ring(folder, number)
        if act == "make":
            one, other = memory.key_for(CLASS, period, subject), files.key_for(CLASS, period, subject)
            made[one.id] = (period, other.id)
        elif act == "one":
            memory.destroy_subject(CLASS, period, subject)
            files.destroy_subject(CLASS, period, subject)
        else:
            assert memory.destroy(CLASS, period, [subject]) == files.destroy(CLASS, period, [subject])
        for subject_asked in "123":
            assert memory.periods_of(subject_asked) == files.periods_of(subject_asked)
        for name, (where, other_name) in made.items():
            assert (memory.find(CLASS, where, name) is None) == (files.find(CLASS, where, other_name) is None)


# The ring in files


def stored(folder):
    """Every byte in the folder."""
    return b"".join(path.read_bytes() for path in sorted(folder.iterdir()))


def test_no_key_is_stored_as_it_is(tmp_path):
    """Neither the data keys nor the root key stand in any file, as bytes or as digits."""
    import base64

    ring = file_ring(tmp_path)
    secrets = [ring.key_for(CLASS, PERIOD, f"case_{number}").secret for number in range(20)]
    ring.destroy(CLASS, PERIOD, ["case_3", "case_4"])
    ring.key_for(CLASS, "2026-12", "case_5")
    for secret in (*secrets, ROOT):
        for form in (
            secret,
            secret.hex().encode(),
            base64.b64encode(secret)[:40],
            base64.urlsafe_b64encode(secret)[:40],
        ):
            assert form not in stored(tmp_path)


class Watched(Unclaimed):
    """A folder that tells what stood in a file when it was removed."""

    removed = b""

    def remove(self, name):
        """Remember, then remove."""
        self.removed += (self.folder / name).read_bytes()
        super().remove(name)


def test_what_is_destroyed_is_overwritten_first(tmp_path):
    """Of an expunged line, and of a destroyed period, nothing is left in a file, nor in one when it is removed."""
    disk = Watched(tmp_path)
    ring = file_ring(tmp_path, disk=disk)
    for subject in ("case_1", "case_2", "case_3"):
        ring.key_for(CLASS, PERIOD, subject)
    lines = (tmp_path / NAME).read_bytes().splitlines(keepends=True)
    ring.destroy_subject(CLASS, PERIOD, "case_2")
    assert (tmp_path / NAME).read_bytes() == b"".join(lines[:3] + lines[4:])
    assert disk.removed == bytes(sum(map(len, lines)))
    ring.destroy(CLASS, PERIOD, [])
    assert list(tmp_path.iterdir()) == []
    assert not disk.removed.strip(b"\0")


def test_another_root_opens_nothing(tmp_path):
    """Who has the folder and not the root key has no key."""
    key = file_ring(tmp_path).key_for(CLASS, PERIOD, "case_1")
    stranger = FileKeyRing(Unclaimed(tmp_path), bytes(32), dice())
    with pytest.raises(Corruption, match="the root key does not open"):
        stranger.find(CLASS, PERIOD, key.id)


def test_files_do_not_stand_in_for_each_other(tmp_path):
    """A file under another name, and a line in another file, open nothing: neither can be put back or moved."""
    ring = file_ring(tmp_path)
    key = ring.key_for(CLASS, PERIOD, "case_1")
    ring.key_for(CLASS, "2026-12", "case_1")
    moved = (tmp_path / NAME).read_bytes()
    (tmp_path / f"{CLASS}.2027-01.keys").write_bytes(moved)
    with (tmp_path / f"{CLASS}.2026-12.keys").open("ab") as file:
        file.write(moved.splitlines(keepends=True)[-1])
    again = file_ring(tmp_path)
    with pytest.raises(Corruption, match="2027-01"):
        again.find(CLASS, "2027-01", key.id)
    with pytest.raises(Corruption, match=r"2026-12\.keys: byte \d+: not the data key"):
        again.find(CLASS, "2026-12", key.id)
    assert len(list(again.check())) == 2


def looked_up(ring, key):
    """What a ring has under the id of a key, or its fault."""
    try:
        return ring.find(CLASS, PERIOD, key.id)
    except Corruption as error:
        return str(error)


def test_every_flipped_bit_is_found_or_harmless(tmp_path):
    """One bit anywhere, of 400 tried: the check names the file and byte, or every key still is what it was."""
    ring, generator = file_ring(tmp_path), random.Random(7)
    keys = [ring.key_for(CLASS, PERIOD, f"case_{number}") for number in range(5)]
    whole, harmless = (tmp_path / NAME).read_bytes(), 0
    for _ in range(400):
        at = generator.randrange(len(whole))
        (tmp_path / NAME).write_bytes(whole[:at] + bytes([whole[at] ^ (1 << generator.randrange(8))]) + whole[at + 1 :])
        again = file_ring(tmp_path)
        found = list(again.check())
        for key in keys:
            assert looked_up(again, key) == key or (found and NAME in looked_up(again, key))
        assert all(fault.startswith(NAME) for fault in found)
        harmless += not found
    opening = len(whole.splitlines(keepends=True)[0])
    assert harmless <= 400 * 2.5 * opening / len(whole)  # one of two equal lines is enough


def test_a_subject_whose_key_was_damaged_gets_another(tmp_path):
    """What was sealed before is lost and said so; what is recorded from now on is not."""
    key = file_ring(tmp_path).key_for(CLASS, PERIOD, "case_1")
    whole = (tmp_path / NAME).read_bytes()
    place = whole.rindex(b'"wrapped":"') + 20
    (tmp_path / NAME).write_bytes(whole[:place] + bytes([whole[place] ^ 1]) + whole[place + 1 :])
    ring = file_ring(tmp_path, 8)
    other = ring.key_for(CLASS, PERIOD, "case_1")
    assert other.secret != key.secret
    assert file_ring(tmp_path).find(CLASS, PERIOD, other.id) == other
    with pytest.raises(Corruption, match="not the data key"):
        ring.find(CLASS, PERIOD, key.id)


def test_what_may_be_held_is_not_destroyed_with_the_rest(tmp_path):
    """A hold beats retention: when a line that may be a held case's cannot be read, nothing is destroyed."""
    ring = file_ring(tmp_path)
    keys = [ring.key_for(CLASS, PERIOD, f"case_{number}") for number in range(3)]
    whole = (tmp_path / NAME).read_bytes()
    (tmp_path / NAME).write_bytes(whole.replace(b'{"id"', b'["id"', 1))
    with pytest.raises(Corruption, match="held"):
        file_ring(tmp_path).destroy(CLASS, PERIOD, ["case_1"])
    assert file_ring(tmp_path).find(CLASS, PERIOD, keys[2].id) == keys[2]
    assert file_ring(tmp_path).destroy(CLASS, PERIOD, []) == []


@pytest.mark.parametrize("cut", range(1, 400, 23))
def test_a_torn_line_was_never_given_out(tmp_path, cut):
    """A crash while a key is written leaves the keys before it; the next key takes its place."""
    first = file_ring(tmp_path).key_for(CLASS, PERIOD, "case_1")
    before = (tmp_path / NAME).read_bytes()
    file_ring(tmp_path, 8).key_for(CLASS, PERIOD, "case_2")
    whole = (tmp_path / NAME).read_bytes()
    (tmp_path / NAME).write_bytes(whole[: min(len(before) + cut, len(whole) - 1)])
    again = file_ring(tmp_path, 9)
    assert again.find(CLASS, PERIOD, first.id) == first
    second = again.key_for(CLASS, PERIOD, "case_2")
    assert file_ring(tmp_path).find(CLASS, PERIOD, second.id) == second
    assert list(file_ring(tmp_path).check()) == []


class Stopping(Unclaimed):
    """A disk that fails at its n-th change, and at every one after it."""

    def __init__(self, folder, changes):
        super().__init__(folder)
        self.left = changes

    def change(self):
        """One change more."""
        self.left -= 1
        if self.left < 0:
            raise OSError("stopped")

    def open(self, name, *, create=False):
        """A file whose changes count too."""
        if create:
            self.change()
        file, disk = super().open(name, create=create), self

        class Counting:
            def __getattr__(self, called):
                if called in {"write_at", "sync", "truncate"}:
                    disk.change()
                return getattr(file, called)

        return Counting()

    def rename(self, old, new):
        """Counts."""
        self.change()
        super().rename(old, new)

    def remove(self, name):
        """Counts."""
        self.change()
        super().remove(name)


@pytest.mark.parametrize("changes", range(9))
def test_a_crash_at_any_change_loses_no_held_key_and_brings_none_back(tmp_path, changes):
    """However far the destruction of a period came: the held key opens, and doing it again finishes it."""
    ring = file_ring(tmp_path)
    held, gone = ring.key_for(CLASS, PERIOD, "held"), ring.key_for(CLASS, PERIOD, "gone")
    try:
        file_ring(tmp_path, disk=Stopping(tmp_path, changes)).destroy(CLASS, PERIOD, ["held"])
    except Unavailable:
        stopped = True
    else:
        stopped = False
    assert stopped == (changes < 8)
    again = file_ring(tmp_path, 8)
    assert again.find(CLASS, PERIOD, held.id) == held
    assert again.destroy(CLASS, PERIOD, ["held"]) == ["held"]
    assert again.find(CLASS, PERIOD, held.id) == held
    assert again.find(CLASS, PERIOD, gone.id) is None
    assert sorted(path.name for path in tmp_path.iterdir()) == [f"{CLASS}.{PERIOD}.spared"]


def test_a_failing_disk_is_unavailable_and_leaves_no_key_behind(tmp_path):
    """A key that is not known to be durable is not given out, and is not remembered."""
    file_ring(tmp_path).key_for(CLASS, PERIOD, "case_1")
    ring = file_ring(tmp_path, disk=Stopping(tmp_path, 1))
    with pytest.raises(Unavailable, match="stopped"):
        ring.key_for(CLASS, PERIOD, "case_2")
    assert ring.periods_of("case_1") == [(CLASS, PERIOD)]


def test_a_ring_has_one_user(tmp_path):
    """A folder that a ring has claimed is refused to another until that is closed."""
    ring = FileKeyRing(PosixDisk(tmp_path), ROOT, dice())
    with pytest.raises(Unavailable, match="in use by"):
        FileKeyRing(PosixDisk(tmp_path), ROOT, dice())
    key = ring.key_for(CLASS, PERIOD, "case_1")
    ring.close()
    assert FileKeyRing(PosixDisk(tmp_path), ROOT, dice()).find(CLASS, PERIOD, key.id) == key


# The folder and the two keys beside the ring


def test_the_folder_is_its_owner_s_alone(tmp_path):
    """Folder 0700, files 0600; a folder that others may look into is refused."""
    disk = PrivateDisk(tmp_path / "keys")
    make_root(disk, dice())
    make_signer(disk, dice())
    FileKeyRing(disk, read_root(disk), dice()).key_for(CLASS, PERIOD, "case_1")
    modes = {stat.S_IMODE(path.stat().st_mode) for path in (tmp_path / "keys").iterdir()}
    assert (stat.S_IMODE((tmp_path / "keys").stat().st_mode), modes) == (0o700, {0o600})
    (tmp_path / "keys").chmod(0o750)
    with pytest.raises(Unavailable, match="chmod 700"):
        PrivateDisk(tmp_path / "keys")


def test_the_root_and_the_signing_key_come_back(tmp_path):
    """What was made is read; making a second is refused, so that nothing sealed is locked away."""
    disk = PrivateDisk(tmp_path / "keys")
    assert make_root(disk, dice()) == read_root(disk)
    made = make_signer(disk, dice())
    assert (made.public, made.sign(b"x")) == (read_signer(disk).public, read_signer(disk).sign(b"x"))
    for again in (make_root, make_signer):
        with pytest.raises(FileExistsError):
            again(disk, dice())


def test_a_changed_root_key_is_corruption(tmp_path):
    """One flipped bit anywhere in the root key's file is found."""
    disk = PrivateDisk(tmp_path / "keys")
    make_root(disk, dice())
    path = tmp_path / "keys" / "root.key"
    whole = path.read_bytes()
    for at in range(len(whole) - 1):
        path.write_bytes(whole[:at] + bytes([whole[at] ^ 2]) + whole[at + 1 :])
        with pytest.raises(Corruption, match=r"root\.key"):
            read_root(disk)


@pytest.mark.parametrize("text", [b"", b"nothing", b"-----BEGIN PRIVATE KEY-----\nAAAA\n-----END PRIVATE KEY-----\n"])
def test_what_is_no_signing_key_is_corruption(tmp_path, text):
    """Anything but an Ed25519 key in PEM is refused in words."""
    disk = PrivateDisk(tmp_path / "keys")
    (tmp_path / "keys" / "signing.pem").write_bytes(text)
    with pytest.raises(Corruption, match=r"signing\.pem"):
        read_signer(disk)
