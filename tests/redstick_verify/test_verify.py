"""The independent verifier: what it accepts, and what it never accepts."""

import ast
import random
import sys
from pathlib import Path

import pytest

import redstick_verify.__main__ as verifier
from redstick.adapters.disk import PosixDisk
from redstick.adapters.segments import SegmentJournal
from redstick.kernel.envelope import Envelope, Head, seal


@pytest.fixture
def folder(tmp_path):
    """A journal of 60 lines over several segments."""
    journal = SegmentJournal(PosixDisk(tmp_path), segment_bytes=2000)
    head = Head()
    for i in range(60):
        envelope = Envelope(i + 1, 5, 5, "kind", 1, "actor", f"c{i}", "d", b'{"n":%d}' % i)
        digest, line = seal(head.hash, envelope)
        after, head = head, Head(i + 1, digest)
        journal.append([line], after, head)
    journal.close()
    return tmp_path


def test_a_journal_as_written_is_accepted(folder):
    """All positions are counted and the head is the journal's."""
    found = verifier.check(folder)
    assert (found["ok"], found["positions"], found["first_bad"]) == (True, 60, None)
    assert found["head"] == SegmentJournal(PosixDisk(folder)).head().hash.hex()


def test_every_flipped_bit_is_found(folder):
    """One bit anywhere in the written bytes, of 300 tried, makes the verifier name the file and the byte."""
    generator = random.Random(7)
    paths = sorted(folder.glob("segment-*.log"))
    for _ in range(300):
        path = generator.choice(paths)
        whole = path.read_bytes()
        at = generator.randrange(len(whole.rstrip(b"\0")))
        path.write_bytes(whole[:at] + bytes([whole[at] ^ (1 << generator.randrange(8))]) + whole[at + 1 :])
        found = verifier.check(folder)
        assert not found["ok"]
        assert found["first_bad"].startswith(path.name)
        path.write_bytes(whole)
    assert verifier.check(folder)["ok"]


def test_a_missing_segment_is_found(folder):
    """Taking a file away breaks the chain."""
    sorted(folder.glob("segment-*.log"))[1].unlink()
    assert not verifier.check(folder)["ok"]


def test_it_imports_the_standard_library_and_one_signature_library():
    """Whoever doubts us needs nothing of ours."""
    allowed = {*sys.stdlib_module_names, "cryptography", "redstick_verify"}
    for path in Path(verifier.__file__).parent.glob("*.py"):
        for node in ast.walk(ast.parse(path.read_text())):
            names = [a.name for a in node.names] if isinstance(node, ast.Import) else []
            names += [node.module] if isinstance(node, ast.ImportFrom) else []
            assert all(name.split(".")[0] in allowed for name in names), (path, names)
