"""The node file: the same tree, kept; believed only as far as it can be checked."""

import random

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.kernel.proof import naive

from redstick.adapters.disk import PosixDisk
from redstick.kernel.proof import paths
from redstick.kernel.proof.merkle import leaf_hash
from redstick.kernel.proof.nodes import NAME, Nodes

LINES = [b"line %d" % number for number in range(77)]
NUMBERED = list(enumerate(LINES, start=1))


@given(st.lists(st.integers(0, 9), max_size=12))
def test_any_batches_give_the_tree_of_the_definition(tmp_path_factory, sizes):
    """However lines are cut into batches and the file reopened, its roots and proofs are those of RFC 6962."""
    disk, size = PosixDisk(tmp_path_factory.mktemp("nodes")), 0
    for batch in sizes:
        nodes = Nodes(disk)
        nodes.append(LINES[size : size + batch])
        size = min(size + batch, len(LINES))
        assert nodes.size == size
        nodes.close()
    nodes = Nodes(disk)
    for some in range(size + 1):
        assert nodes.root(some) == naive.root(LINES[:some])
    for index in range(size):
        assert paths.inclusion(nodes.node, index, size) == naive.path(index, LINES[:size])
    nodes.close()


def test_a_line_of_which_only_the_leaf_is_known_counts_the_same(tmp_path):
    """A leaf alone gives the same tree as its line."""
    nodes = Nodes(PosixDisk(tmp_path))
    for line in LINES:
        nodes.grow(leaf_hash(line))
    assert nodes.root(len(LINES)) == naive.root(LINES)


def test_a_file_cut_at_any_byte_opens_as_a_smaller_tree(tmp_path):
    """What a crash left is the tree of fewer lines, never another tree, and grows on to the same bytes."""
    nodes = Nodes(PosixDisk(tmp_path))
    nodes.append(LINES[:20])
    whole = (tmp_path / NAME).read_bytes()
    for length in range(len(whole)):
        (tmp_path / NAME).write_bytes(whole[:length])
        again = Nodes(PosixDisk(tmp_path))
        assert again.root(again.size) == naive.root(LINES[: again.size])
        again.append(LINES[again.size : 20])
        assert (tmp_path / NAME).read_bytes() == whole


def test_a_truncated_tree_is_the_smaller_one(tmp_path):
    """Going back to any size leaves the tree of that size."""
    nodes = Nodes(PosixDisk(tmp_path))
    nodes.append(LINES)
    for size in range(len(LINES), -1, -1):
        nodes.truncate(size)
        assert (nodes.size, nodes.root(size)) == (size, naive.root(LINES[:size]))


def test_the_rebuild_check_finds_every_flipped_bit(tmp_path):
    """One bit anywhere in the file, of 300 tried, is found, and the byte is named."""
    disk, generator = PosixDisk(tmp_path), random.Random(7)
    nodes = Nodes(disk)
    nodes.append(LINES)
    assert nodes.fault(NUMBERED, len(LINES)) is None
    whole = (tmp_path / NAME).read_bytes()
    for _ in range(300):
        at = generator.randrange(len(whole))
        (tmp_path / NAME).write_bytes(whole[:at] + bytes([whole[at] ^ (1 << generator.randrange(8))]) + whole[at + 1 :])
        assert nodes.fault(NUMBERED, len(LINES)) == f"{NAME}: byte {at}: not what follows from the lines"


def test_the_rebuild_check_compares_long_files_in_parts(tmp_path, monkeypatch):
    """A flip in any part of a file that is compared in several reads is found at its own byte."""
    monkeypatch.setattr("redstick.kernel.proof.nodes.COMPARED_BYTES", 256)
    nodes = Nodes(PosixDisk(tmp_path))
    nodes.append(LINES)
    whole = (tmp_path / NAME).read_bytes()
    for at in range(0, len(whole), 29):
        (tmp_path / NAME).write_bytes(whole[:at] + bytes([whole[at] ^ 1]) + whole[at + 1 :])
        assert nodes.fault(NUMBERED, len(LINES)) == f"{NAME}: byte {at}: not what follows from the lines"


def test_positions_that_cannot_be_read_any_more_are_passed_over(tmp_path):
    """Behind a break the leaves of lost lines are believed, and everything else is held to the lines."""
    nodes = Nodes(PosixDisk(tmp_path))
    nodes.append(LINES)
    kept = [(position, line) for position, line in NUMBERED if position not in {5, 6, 76}]
    assert nodes.fault(kept, len(LINES)) is None
    assert nodes.fault([(7, b"other") if position == 7 else (position, line) for position, line in kept], 77)


def test_what_was_not_signed_is_not_looked_at(tmp_path):
    """Behind the newest signed position anything may stand; up to it every leaf must be there."""
    nodes = Nodes(PosixDisk(tmp_path))
    nodes.append([*LINES[:30], b"not there any more"])
    assert nodes.fault(NUMBERED, 30) is None
    assert nodes.fault(NUMBERED, 31) is not None
    assert nodes.fault(NUMBERED, 40) == f"{NAME}: byte 1824: not what follows from the lines"
    nodes.truncate(30)
    assert nodes.fault(NUMBERED, 40) == f"{NAME}: holds 30 leaves, and 40 were signed"


@pytest.mark.parametrize("foreign", [b"", b"\0" * 500, b"something else entirely\n" * 20])
def test_a_foreign_file_counts_as_empty(tmp_path, foreign):
    """A file that is not a node file is made anew: nothing in it was worth keeping."""
    (tmp_path / NAME).write_bytes(foreign)
    nodes = Nodes(PosixDisk(tmp_path))
    assert nodes.size == 0
    nodes.truncate(0)
    nodes.append(LINES)
    assert nodes.fault(NUMBERED, len(LINES)) is None
