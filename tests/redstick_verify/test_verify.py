"""The independent verifier: what it accepts, and what it never accepts."""

import ast
import json
import random
import re
import subprocess
import sys
import zlib
from pathlib import Path

import pytest

import redstick_verify.journal as verifier
from redstick.adapters.disk import PosixDisk
from redstick.adapters.segments import SegmentJournal
from redstick.kernel.envelope import Envelope, Head, seal


def append(journal, count=1, note=b""):
    """Append a batch of lines; gives them."""
    lines, after = [], journal.head()
    head = after
    for _ in range(count):
        payload = b'{"n":%d%s}' % (head.position, note)
        envelope = Envelope(head.position + 1, 5, 5, "kind", 1, "actor", f"c{head.position}", "d", payload)
        digest, line = seal(head.hash, envelope)
        head = Head(envelope.position, digest)
        lines.append(line)
    journal.append(lines, after, head)
    return lines


@pytest.fixture
def folder(tmp_path):
    """A journal of 60 lines over several segments, of which some are sealed."""
    journal = SegmentJournal(PosixDisk(tmp_path), segment_bytes=2000, allocate_bytes=4096)
    for i in range(20):
        append(journal, 3)
        while i == 12 and journal.tend():
            pass
    journal.close()
    return tmp_path


def last_segment(folder):
    """The path of the open segment, and its bytes without the allocated zeros."""
    path = verifier.segments_in(folder)[-1]
    return path, path.read_bytes().rstrip(b"\0")


def test_a_journal_as_written_is_accepted(folder):
    """All positions are counted, the head is the journal's, and the witness has seen it; sealed segments too."""
    found = verifier.check(folder)
    assert (found["ok"], found["positions"], found["witness"], found["first_bad"]) == (True, 60, 60, None)
    assert (found["faults"], found["breaks"], found["torn"]) == ([], [], None)
    journal = SegmentJournal(PosixDisk(folder))
    assert found["head"] == journal.head().hash.hex()
    assert [line for _, line in verifier.lines(folder)] == list(journal.read())
    assert [position for position, _ in verifier.lines(folder)] == list(range(1, 61))
    journal.close()


def test_every_flipped_bit_is_found(folder):
    """One bit anywhere in any file, of 300 tried, makes the verifier name the file and a byte."""
    generator = random.Random(7)
    paths = sorted(folder.iterdir())
    assert {path.suffix for path in paths} == {".log", ".sealed", ".witness"}
    for _ in range(300):
        path = generator.choice(paths)
        whole = path.read_bytes()
        at = generator.randrange(len(whole))
        path.write_bytes(whole[:at] + bytes([whole[at] ^ (1 << generator.randrange(8))]) + whole[at + 1 :])
        found = verifier.check(folder)
        assert not found["ok"]
        assert found["first_bad"].startswith(f"{path.name}: byte ")
        path.write_bytes(whole)
    assert verifier.check(folder)["ok"]


@pytest.mark.parametrize("index", range(4))
def test_a_missing_segment_is_found(folder, index):
    """Taking a file away breaks the chain, wherever it stands; the last one is missed by the witness."""
    verifier.segments_in(folder)[-index].unlink()
    assert not verifier.check(folder)["ok"]


def test_a_torn_tail_is_told_and_is_no_fault(folder):
    """A batch of which only the beginning is there, and that no witness has seen, was never acknowledged."""
    path, before = last_segment(folder)
    witness = (folder / "head.witness").read_bytes()
    journal = SegmentJournal(PosixDisk(folder))
    append(journal, 2)
    journal.close()
    _, after = last_segment(folder)
    for kept in range(len(before) + 1, len(after), 37):
        path.write_bytes(after[:kept] + bytes(300))
        found = verifier.check(folder)
        assert not found["ok"]
        assert "the witness saw position 62" in found["first_bad"]
        seen = (folder / "head.witness").read_bytes()
        (folder / "head.witness").write_bytes(witness)
        found = verifier.check(folder)
        assert (found["ok"], found["positions"]) == (True, 60)
        assert found["torn"].startswith(f"{path.name}: byte {len(before)}:")
        (folder / "head.witness").write_bytes(seen)


@pytest.mark.parametrize("kept", [0, 1, 30, 60, 130])
def test_a_segment_that_was_being_begun_is_no_fault(folder, kept):
    """A process may die between the making of a file and the writing of its header; a whole header must be right."""
    digest = verifier.check(folder)["head"]
    text = f"redstick-journal 1 first={61:016d} previous={digest}".encode()
    header = text + b" check=%08x\n" % zlib.crc32(text)
    path = folder / f"segment-{61:016d}.log"
    path.write_bytes(header[:kept])
    found = verifier.check(folder)
    assert (found["ok"], found["positions"]) == (True, 60)
    assert found["torn"].startswith(path.name)
    path.write_bytes(header)
    assert verifier.check(folder)["torn"] is None
    for byte in range(kept % 7, len(header), 7):
        path.write_bytes(header[:byte] + bytes([header[byte] ^ 1]) + header[byte + 1 :])
        assert verifier.check(folder)["first_bad"].startswith(path.name)


def test_what_follows_a_torn_batch_makes_it_a_fault(folder):
    """Only the last batch of the last segment can be torn; a hole anywhere else is damage."""
    path, data = last_segment(folder)
    first = data.index(b"batch first=")
    path.write_bytes(data[: first + 200] + bytes(60) + data[first + 260 :])
    assert path.name in verifier.check(folder)["first_bad"]
    path.write_bytes(data)
    [*_, closed] = [other for other in verifier.segments_in(folder)[:-1] if other.suffix == ".log"]
    closed.write_bytes(closed.read_bytes()[:-40])
    found = verifier.check(folder)
    assert not found["ok"]
    assert closed.name in found["first_bad"]


def test_a_chain_that_goes_on_behind_a_break_is_told(folder):
    """The damage stays a fault, and what is cited of it is told beside; faults behind it are found all the same."""
    path, data = last_segment(folder)
    at = data.index(b"batch first=") + 200
    path.write_bytes(data[:at] + bytes([data[at] ^ 1]) + data[at + 1 :])
    journal = SegmentJournal(PosixDisk(folder), go_on=True)
    append(journal, 4)
    journal.close()
    found = verifier.check(folder)
    assert not found["ok"]
    assert (found["positions"], len(found["faults"])) == (64, 1)
    [cited] = found["breaks"]
    assert (cited["file"], cited["byte"], cited["first"]) == (path.name, at, 61)
    newest, whole = last_segment(folder)
    newest.write_bytes(whole[:-9] + b"#" + whole[-8:])
    assert any(fault.startswith(newest.name) for fault in verifier.check(folder)["faults"])


def test_a_cited_good_head_must_be_one(folder):
    """A header that cites another hash than that of the good position is not ours."""
    path, data = last_segment(folder)
    at = data.index(b"batch first=") + 200
    path.write_bytes(data[:at] + bytes([data[at] ^ 1]) + data[at + 1 :])
    SegmentJournal(PosixDisk(folder), go_on=True).close()
    newest, whole = last_segment(folder)
    text = re.sub(rb"previous=[0-9a-f]{64}", b"previous=" + b"1" * 64, whole[: -verifier.CHECK_BYTES])
    newest.write_bytes(text + b" check=%08x\n" % zlib.crc32(text))
    assert any("cites another line" in fault for fault in verifier.check(folder)["faults"])


def test_a_history_that_was_written_anew_is_not_the_witnessed_one(folder):
    """A chain that is right in itself, ending where the other ended, is betrayed by the witness."""
    seen = (folder / "head.witness").read_bytes()
    for path in folder.iterdir():
        path.unlink()
    journal = SegmentJournal(PosixDisk(folder))
    for _ in range(20):
        append(journal, 3, note=b',"forged":1')
    journal.close()
    assert verifier.check(folder)["ok"]
    (folder / "head.witness").write_bytes(seen)
    assert "the witness saw another line at position" in verifier.check(folder)["first_bad"]


def test_without_a_witness_it_says_so(folder):
    """A copy without the witness verifies as far as it goes; nobody then knows whether its end is missing."""
    (folder / "head.witness").unlink()
    found = verifier.check(folder)
    assert (found["ok"], found["witness"]) == (True, None)


def test_it_runs_from_the_command_line(folder):
    """One JSON object, with or without --json; exit code 0 when all is well, 1 when not, 2 when nothing is there."""
    command = [sys.executable, "-m", "redstick_verify"]
    for more in ([], ["--json"]):
        done = subprocess.run([*command, str(folder), *more], capture_output=True, text=True, check=True)
        assert json.loads(done.stdout) == verifier.check(folder)
    path, data = last_segment(folder)
    path.write_bytes(data[:-1])
    assert subprocess.run([*command, str(folder)], capture_output=True, check=False).returncode == 1
    assert subprocess.run([*command, str(folder / "no")], capture_output=True, check=False).returncode == 2


def test_it_imports_the_standard_library_and_one_signature_library():
    """Whoever doubts us needs nothing of ours."""
    allowed = {*sys.stdlib_module_names, "cryptography", "redstick_verify"}
    for path in Path(verifier.__file__).parent.glob("*.py"):
        for node in ast.walk(ast.parse(path.read_text())):
            names = [a.name for a in node.names] if isinstance(node, ast.Import) else []
            names += [node.module] if isinstance(node, ast.ImportFrom) else []
            assert all(name.split(".")[0] in allowed for name in names), (path, names)
