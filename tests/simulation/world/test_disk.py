"""The simulated disk: what it may lose and what it may not, and that it can lose everything it should."""

from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from redstick.kernel.errors import Unavailable
from redstick.simulation.world.disk import SECTOR, DiskFaults, PowerLost, SimulatedDisk

OLD, NEW = b"o" * 3 * SECTOR, b"n" * 3 * SECTOR


def with_file(seed, synced=OLD, **faults):
    """A disk with one file whose bytes and name are durable, and the open file."""
    disk = SimulatedDisk(Random(seed))
    file = disk.open("file", create=True)
    file.write_at(0, synced)
    file.sync()
    disk.sync_names()
    disk.faults = DiskFaults(**faults)
    return disk, file


def left_of(disk, name="file"):
    """What can be read after a loss of power."""
    disk.crash()
    return disk.contents().get(name)


@given(st.integers(0, 10_000))
def test_what_was_synced_is_there_after_a_loss_of_power(seed):
    """An honest disk keeps every synced byte and name, whatever else was going on."""
    disk, file = with_file(seed)
    disk.open("other", create=True).write_at(0, NEW)
    file.write_at(len(OLD), NEW)
    assert left_of(disk).startswith(OLD)


def test_what_was_not_synced_may_be_there_in_any_part():
    """Over many seeds: all of it, none of it, later sectors without earlier ones, and the beginning of a sector."""
    found = set()
    for seed in range(400):
        disk, file = with_file(seed)
        file.write_at(0, NEW)
        left = left_of(disk)
        assert set(left) <= {*OLD, *NEW}
        found.add(left)
    sectors = {tuple(left[i : i + SECTOR].count(b"n") for i in range(0, len(left), SECTOR)) for left in found}
    assert {OLD, NEW} <= found
    assert any(first == 0 and last == SECTOR for first, _, last in sectors)
    assert any(0 < count < SECTOR for left in sectors for count in left)


def test_names_that_were_not_synced_may_be_lost():
    """A new file, a removal and another name are durable only after the sync of names."""
    seen = set()
    for seed in range(200):
        disk, _ = with_file(seed)
        disk.rename("file", "renamed")
        disk.open("new", create=True)
        disk.crash()
        seen.add(tuple(disk.list()))
    assert seen == {("file",), ("file", "new"), ("renamed",), ("new", "renamed")}


def test_a_failed_sync_leaves_bytes_that_no_later_sync_writes():
    """Bytes can be read, the next sync says all is well, and after a loss of power some are gone."""
    lost = 0
    for seed in range(50):
        disk, file = with_file(seed, sync_fails=1.0)
        file.write_at(0, NEW)
        with pytest.raises(OSError, match="sync"):
            file.sync()
        disk.faults = DiskFaults()
        file.sync()
        assert file.read_at(0, len(NEW)) == NEW
        lost += left_of(disk) != NEW
    assert lost > 25


def test_what_is_written_again_behind_a_failed_sync_is_durable():
    """The only way back to certainty: write once more, sync once more."""
    for seed in range(50):
        disk, file = with_file(seed, sync_fails=1.0)
        file.write_at(0, NEW)
        with pytest.raises(OSError, match="sync"):
            file.sync()
        disk.faults = DiskFaults()
        file.write_at(0, NEW)
        file.sync()
        assert left_of(disk) == NEW


def test_a_lie_is_known_to_the_world():
    """`broke_promise` says that confirmed bytes are gone, and says nothing when they came through."""
    broken = 0
    for seed in range(100):
        disk, file = with_file(seed, sync_lies=1.0)
        file.write_at(0, NEW)
        file.sync()
        left = left_of(disk)
        assert disk.broke_promise == (left != NEW)
        broken += disk.broke_promise
    assert 20 < broken < 100


def test_power_goes_before_inside_or_after_a_change():
    """The change at which power goes is done, undone or half done; every later one finds the disk dark."""
    found = set()
    for seed in range(200):
        disk, file = with_file(seed)
        disk.lose_power_in(1)
        file.write_at(0, b"first")
        with pytest.raises(PowerLost):
            file.write_at(0, b"third")
        for call in (lambda file=file: file.read_at(0, 1), disk.list, lambda disk=disk: disk.remove("file")):
            with pytest.raises(PowerLost):
                call()
        found.add(left_of(disk)[:5])
        with pytest.raises(PowerLost):
            file.read_at(0, 1)
        assert disk.open("file").size() == len(OLD)
    assert {b"ooooo", b"first", b"third", b"thrst"} <= found


def test_the_death_of_a_process_loses_nothing_that_was_written():
    """Handles and the claim are gone; bytes stay to be read, and are as little durable as before."""
    disk, file = with_file(1)
    disk.claim()
    with pytest.raises(Unavailable, match="claimed"):
        disk.claim()
    file.write_at(0, NEW)
    disk.kill()
    disk.claim()
    assert disk.open("file").read_at(0, len(NEW)) == NEW
    with pytest.raises(PowerLost):
        file.size()


def test_a_full_disk_refuses_to_grow():
    """No file grows past the capacity of all; what is there can be written over and read."""
    _, file = with_file(1, capacity=len(OLD) + 10)
    with pytest.raises(OSError, match="full"):
        file.truncate(len(OLD) + 11)
    file.truncate(len(OLD) + 10)
    file.write_at(0, NEW)
    with pytest.raises(OSError, match="full"):
        file.write_at(len(OLD), bytes(20))
    assert file.read_at(0, 3) == b"nnn"


def test_a_flipped_bit_is_on_the_medium():
    """One bit of one written byte, told by name and place, is there to read and stays over a crash."""
    disk, file = with_file(1)
    name, byte = disk.flip()
    now = file.read_at(0, len(OLD))
    assert (name, [i for i in range(len(OLD)) if now[i] != OLD[i]]) == ("file", [byte])
    assert (now[byte] ^ OLD[byte]).bit_count() == 1
    assert left_of(disk) == now


@given(st.integers(0, 10_000))
def test_the_same_source_gives_the_same_faults(seed):
    """Nothing but the injected source decides: two runs end with the same bytes and names."""
    ends = []
    for _ in range(2):
        disk, file = with_file(seed, sync_fails=0.3, sync_lies=0.3, write_fails=0.3)
        disk.lose_power_in(seed % 7)
        for step in range(10):
            try:
                file.write_at(step * 700, bytes([step + 1]) * 900)
                file.sync()
                disk.rename("file", "file")
            except OSError:
                continue
            except PowerLost:
                break
        disk.crash()
        ends.append(disk.contents())
    assert ends[0] == ends[1]


def with_begun(seed, **faults):
    """A disk with one file that was written anew, whose sync has begun, and what was told of that sync."""
    disk, file = with_file(seed, **faults)
    disk.syncs_beside, told = True, []
    file.write_at(0, NEW)
    assert file.begin_sync(told.append)
    return disk, file, told


def test_a_sync_that_was_begun_has_done_nothing_until_it_ends():
    """Nobody is told before, and over many seeds power loss takes all of it; behind its end everything is there."""
    lost = set()
    for seed in range(50):
        disk, _, told = with_begun(seed)
        assert told == []
        lost.add(left_of(disk))
    assert OLD in lost
    disk, _, told = with_begun(0)
    disk.end_sync()
    disk.end_sync()
    assert told == [None]
    assert left_of(disk) == NEW


def test_one_sync_is_begun_at_a_time_and_only_where_somebody_ends_it():
    """The port's answer is False, and nothing is told."""
    disk, file, told = with_begun(0)
    assert not file.begin_sync(pytest.fail)
    disk.end_sync()
    disk.syncs_beside = False
    assert not file.begin_sync(pytest.fail)
    assert told == [None]


def test_a_sync_that_was_begun_fails_lies_and_dies_as_any_other():
    """What it came to is told at its end; who is dead by then is told nothing; power may go inside it."""
    disk, _, told = with_begun(0, sync_fails=1.0)
    disk.end_sync()
    assert isinstance(told[0], OSError)
    disk, _, told = with_begun(0)
    disk.kill()
    disk.end_sync()
    assert told == []
    disk, _, told = with_begun(0)
    disk.lose_power_in(0)
    with pytest.raises(PowerLost):
        disk.end_sync()
    assert told == []
