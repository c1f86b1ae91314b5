"""Opening a journal: what is torn is cut, what is damaged is named, and one process has it."""

import subprocess
import sys

import pytest

from redstick.adapters.disk import PosixDisk
from redstick.adapters.segments import Broken, SegmentJournal
from redstick.kernel.envelope import Head
from redstick.kernel.errors import Unavailable


def torn(folder, kept):
    """A journal of three lines whose fourth and fifth were being written: `kept` bytes of that batch are there."""
    lines = folder.append(folder.journal(), 3)
    folder.close()
    [path] = folder.files()
    before = path.read_bytes().rstrip(b"\0")
    folder.append(folder.journal(), 2)
    folder.close()
    batch = path.read_bytes().rstrip(b"\0")[len(before) :]
    path.write_bytes(before + batch[:kept] + bytes(900))
    rewind_witness(folder, lines)
    return lines, len(batch)


def rewind_witness(folder, lines):
    """Let the witness have seen no more than these lines."""
    from redstick.adapters.segments.witness import SLOTS, slot_line

    head = Head(len(lines), bytes.fromhex(lines[-1][:64].decode()))
    [path] = folder.files("head.witness")
    whole = bytearray(path.read_bytes())
    for at in SLOTS:
        whole[at : at + len(slot_line(head))] = slot_line(head)
    path.write_bytes(whole)


def test_a_reopened_journal_goes_on(folder):
    """Closing and opening changes neither the lines nor the head, over several segments."""
    journal = folder.journal()
    lines = [line for _ in range(40) for line in folder.append(journal)]
    head = journal.head()
    again = folder.journal()
    assert again.head() == head
    assert again.repairs == []
    assert list(again.read()) == lines
    assert len(folder.files()) > 3


@pytest.mark.parametrize("kept", range(1, 600, 13))
def test_a_torn_batch_is_cut_at_any_byte(folder, kept):
    """Of a batch that was being written nothing is left, everything before it is there, and the journal goes on."""
    lines, size = torn(folder, kept)
    again = folder.journal()
    if kept < size:
        assert list(again.read()) == lines
        assert "torn tail" in again.repairs[0]
        [path] = folder.files()
        assert path.read_bytes().count(b"batch first=") == 1
    more = folder.append(again, 2)
    assert list(again.read())[-2:] == more
    assert list(folder.journal().read())[-2:] == more


def test_a_batch_with_a_hole_in_it_is_torn_when_it_is_the_last(folder):
    """Sectors reach a disk in any order: a bad line before a good one is still the batch that was being written."""
    lines, size = torn(folder, 10_000)
    [path] = folder.files()
    whole = bytearray(path.read_bytes())
    end = len(bytes(whole).rstrip(b"\0"))
    whole[end - size + 200 : end - size + 260] = bytes(60)
    path.write_bytes(whole)
    assert list(folder.journal().read()) == lines


def test_what_the_witness_saw_is_never_a_torn_tail(folder):
    """The last batch, damaged or gone, is corruption when it was confirmed, and nothing is cut."""
    folder.append(folder.journal(), 3)
    journal = folder.journal()
    folder.append(journal, 2)
    folder.close()
    [path] = folder.files()
    whole = path.read_bytes()
    end = len(whole.rstrip(b"\0"))
    for damaged in (whole[: end - 1], whole[: end - 300], whole[: end - 300] + bytes(400), b""):
        path.write_bytes(damaged)
        with pytest.raises(Broken, match=r"segment-.*byte \d+.*good up to position \d"):
            folder.journal()
        assert path.read_bytes() == damaged


def test_a_turned_bit_in_the_last_batch_is_no_tear_though_the_witness_lags(folder):
    """A tear leaves no batch that one bit makes whole: what was acknowledged is gone on after, and still read."""
    lines, size = torn(folder, 10_000)
    [path] = folder.files()
    end, written = len(path.read_bytes().rstrip(b"\0")), list(folder.journal().read())
    folder.close()
    kept = {each: each.read_bytes() for each in folder.files("*")}
    for byte in range(end - size, end, 37):
        rewind_witness(folder, lines)
        folder.flip(path, byte, byte % 8)
        with pytest.raises(Broken):
            folder.journal()
        assert folder.everything(folder.journal(go_on=True))[: len(written)] == written
        folder.close()
        for each in folder.files("*"):
            each.write_bytes(kept[each]) if each in kept else each.unlink()


def test_a_changed_bit_before_a_good_batch_is_corruption(folder):
    """It is named with its very byte, wherever it lies, and nothing is cut."""
    journal = folder.journal(segment_bytes=1 << 20)
    for _ in range(10):
        folder.append(journal, 2)
    folder.close()
    [path] = folder.files()
    whole = path.read_bytes()
    for byte in range(0, len(whole.rstrip(b"\0")), 61):
        folder.flip(path, byte, byte % 8)
        with pytest.raises(Broken) as raised:
            folder.journal()
        assert (raised.value.at.file, raised.value.at.byte) == (path.name, byte)
        assert len(path.read_bytes()) == len(whole)
        path.write_bytes(whole)


def test_a_bad_batch_before_a_good_one_is_corruption_whatever_the_witness_saw(folder):
    """A batch waits for the sync of the one before: that it is there says that the one before was acknowledged."""
    journal = folder.journal(segment_bytes=1 << 20)
    stored = [folder.append(journal, 2) for _ in range(4)]
    folder.close()
    [path] = folder.files()
    rewind_witness(folder, stored[0])
    folder.flip(path, path.read_bytes().index(stored[2][0]) + 70)
    with pytest.raises(Broken, match="good up to position 4"):
        folder.journal()


def test_a_header_that_was_changed_is_corruption(folder):
    """A segment that holds lines and does not begin as it was made is refused."""
    folder.append(folder.journal())
    folder.close()
    folder.flip(folder.files()[0], 3)
    with pytest.raises(Broken, match="header"):
        folder.journal()


def test_a_segment_that_never_held_a_line_is_made_anew(folder):
    """A crash between the making of a file and the sync of its header leaves nothing that could be missed."""
    lines = folder.append(folder.journal(), 20)
    folder.close()
    (folder.path / f"segment-{21:016d}.log").write_bytes(bytes(70))
    again = folder.journal()
    assert again.repairs[0].startswith(f"segment-{21:016d}.log")
    assert list(again.read()) == lines


def test_a_missing_segment_is_corruption(folder):
    """Taking a file away breaks the chain; so does taking all of them."""
    journal = folder.journal()
    for _ in range(40):
        folder.append(journal)
    folder.close()
    names = [path.name for path in folder.files()]
    for name in (names[0], names[2], names[-1]):
        (folder.path / name).rename(folder.path / "away")
        with pytest.raises(Broken):
            folder.journal()
        (folder.path / "away").rename(folder.path / name)
    for name in names:
        (folder.path / name).unlink()
    with pytest.raises(Broken, match="the witness saw position 40"):
        folder.journal()


def test_a_rewritten_history_is_not_the_one_that_the_witness_saw(folder):
    """A chain that is whole in itself but ends at another hash than was witnessed is refused."""
    folder.append(folder.journal(), 3)
    folder.close()
    witness = folder.files("head.witness")[0]
    seen = witness.read_bytes()
    for path in [*folder.files(), witness]:
        path.unlink()
    folder.append(folder.journal(), 3, payload=b'{"other":1}')
    folder.close()
    witness.write_bytes(seen)
    with pytest.raises(Broken, match="witness saw another"):
        folder.journal()


@pytest.mark.parametrize("slots", [[0], [4096], [0, 4096]])
def test_a_damaged_witness_is_made_anew_and_told(folder, slots):
    """One slot is enough; with none the chain speaks for itself. What was wrong is among the repairs."""
    lines = folder.append(folder.journal(), 3)
    folder.close()
    [path] = folder.files("head.witness")
    for byte in slots:
        folder.flip(path, byte + 20)
    again = folder.journal()
    assert any("head.witness: byte" in repair for repair in again.repairs)
    assert list(again.read()) == lines
    assert folder.journal().repairs == []


def test_a_failed_sync_is_never_retried(folder):
    """After one failed sync every append is refused until the journal is opened anew, and then its bytes are synced."""
    journal = folder.journal()
    lines = folder.append(journal)
    good = journal._file.sync

    def fail():
        raise OSError("no")

    journal._file.sync = fail
    with pytest.raises(Unavailable):
        folder.append(journal)
    journal._file.sync = good
    with pytest.raises(Unavailable, match="opened anew"):
        folder.append(journal)
    again = folder.journal()
    assert list(again.read())[:1] == lines


def test_a_journal_has_one_writer(folder):
    """A second one is refused and told who has it; when the first has closed it, the way is free."""
    folder.journal()
    program = (
        "import sys; from pathlib import Path\n"
        "from redstick.adapters.disk import PosixDisk; from redstick.adapters.segments import SegmentJournal\n"
        "SegmentJournal(PosixDisk(Path(sys.argv[1])))"
    )
    command = [sys.executable, "-c", program, str(folder.path)]
    import os

    refused = subprocess.run(command, capture_output=True, text=True, check=False)
    assert f"is in use by process {os.getpid()}" in refused.stderr
    with pytest.raises(Unavailable, match="one writer"):
        SegmentJournal(PosixDisk(folder.path))
    folder.close()
    assert subprocess.run(command, capture_output=True, check=False).returncode == 0
    folder.journal()
