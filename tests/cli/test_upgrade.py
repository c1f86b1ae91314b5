"""`redstick upgrade --check` as a person meets it."""

import json

import msgspec
import pytest
from tests.golden.story import live

from redstick.adapters.disk import PosixDisk
from redstick.adapters.segments import SegmentJournal
from redstick.adapters.snapshots import SnapshotFiles
from redstick.bootstrap import LIVE
from redstick.kernel.drivers import SynchronousDriver
from redstick.kernel.envelope import Envelope, Head, seal
from redstick.kernel.executor import Executor


@pytest.fixture
def data(tmp_path):
    """A data folder with a journal and a snapshot of it."""
    driver = live(SynchronousDriver(Executor(LIVE), SegmentJournal(PosixDisk(tmp_path / "journal"))))
    SnapshotFiles(PosixDisk(tmp_path / "snapshots")).keep(driver.executor.snapshot())
    driver.journal.close()
    return tmp_path


def write(data, kind, version, payload):
    """One more line, as another build might have written it."""
    journal = SegmentJournal(PosixDisk(data / "journal"))
    head = journal.head()
    raw = msgspec.Raw(msgspec.json.encode(payload))
    envelope = Envelope(head.position + 1, 2**41, 2**41, kind, version, "a", "another build", "d", raw)
    digest, line = seal(head.hash, envelope)
    journal.append([line], head, Head(envelope.position, digest))
    journal.close()
    return envelope.position


@pytest.fixture
def upgrade(run):
    """Runs the check."""
    return lambda *arguments: run("upgrade", *arguments)


def test_a_journal_of_this_version_is_well(data, upgrade):
    """Exit code 0: every line can be read and folded, the snapshot would be used."""
    code, out, _ = upgrade("--check", data)
    assert (code, "reads all of them" in out, "would be used" in out) == (0, True, True)
    found = json.loads(upgrade("--check", data, "--json")[1])
    assert (found["ok"], found["unreadable"], found["upcast"], found["not_active"]) == (True, [], [], [])
    assert [one["usable"] for one in found["snapshots"]] == [True]


def test_what_this_version_does_not_know_is_named(data, upgrade):
    """A kind and a version from the future: exit code 1, where they begin, and what to do."""
    first = write(data, "dispatch.horse_saddled", 1, {"horse": "h1"})
    write(data, "dispatch.note_added", 2, {"incident": "i1", "text": "x"})
    code, out, err = upgrade("--check", data)
    assert code == 1
    assert f"dispatch.horse_saddled 1, 1 lines from position {first} on" in out
    assert "dispatch.note_added 2" in out
    assert "stay on the version that wrote dispatch.horse_saddled 1" in err
    found = json.loads(upgrade("--check", data, "--json")[1])
    assert [(one["kind"], one["version"]) for one in found["unreadable"]] == [
        ("dispatch.horse_saddled", 1),
        ("dispatch.note_added", 2),
    ]


def test_nothing_is_written(data, upgrade):
    """Not one byte of the folder changes, although a torn end and a half-made snapshot lie there."""
    [segment] = (data / "journal").glob("segment-*")
    stored = segment.read_bytes().rstrip(b"\0")
    segment.write_bytes(stored + b"half a batch that was being wr")
    (data / "snapshots" / "snapshot-0000000000000009.json.making").write_bytes(b"half")
    (data / "snapshots" / "snapshot-0000000000000001.json").write_bytes(b"not a snapshot")
    before = {path: path.read_bytes() for path in data.rglob("*") if path.is_file()}
    code, out, _ = upgrade("--check", data)
    assert (code, "would not be used: cannot be read" in out) == (0, True)
    assert {path: path.read_bytes() for path in data.rglob("*") if path.is_file()} == before


def test_a_journal_that_is_damaged_is_not_judged(data, upgrade):
    """The way to the verifier, and exit code 1."""
    [segment] = (data / "journal").glob("segment-*")
    stored = bytearray(segment.read_bytes())
    stored[2000] ^= 1
    segment.write_bytes(stored)
    code, _, err = upgrade("--check", data)
    assert (code, "redstick verify" in err) == (1, True)


def test_there_is_nothing_but_the_check(data, tmp_path, upgrade):
    """Without --check, or without a journal: a misuse, one clear line."""
    assert upgrade(data)[0] == 2
    (tmp_path / "empty").mkdir()
    code, _, err = upgrade("--check", tmp_path / "empty")
    assert (code, "no journal here" in err) == (2, True)
