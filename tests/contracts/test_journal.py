"""What every journal promises, run against each adapter."""

import pytest

from redstick.adapters.disk import PosixDisk
from redstick.adapters.memory import MemoryJournal
from redstick.adapters.segments import SegmentJournal
from redstick.kernel.envelope import Envelope, Head, seal
from redstick.kernel.errors import Conflict, Corruption, Unavailable


def chain(count, after=None, parts=1):
    """`count` sealed lines behind a head, and the head they end at."""
    head, lines = after or Head(), []
    for i in range(count):
        envelope = Envelope(
            head.position + 1, 5, 5, "k", 1, "a", f"c{head.position}", "d", b"{}", part=i % parts + 1, parts=parts
        )
        digest, line = seal(head.hash, envelope)
        head = Head(envelope.position, digest)
        lines.append(line)
    return lines, head


def segment_in(folder):
    """The path of the only segment of a journal."""
    [path] = folder.glob("segment-*")
    return path


@pytest.fixture(params=["memory", "segments", "small segments"])
def journal(request, tmp_path):
    if request.param == "memory":
        made = MemoryJournal()
    else:
        size = 500 if request.param == "small segments" else 64 << 20
        made = SegmentJournal(PosixDisk(tmp_path), segment_bytes=size)
    yield made
    made.close()


def test_what_was_appended_is_read(journal):
    """Lines come back as the same bytes, in order, from any position."""
    lines, head = chain(30)
    for start in range(0, 30, 10):
        part, end = chain(10, journal.head())
        journal.append(part, journal.head(), end)
        assert journal.head().position == start + 10
    assert journal.head() == head
    assert list(journal.read()) == lines
    for after in (0, 9, 10, 11, 29, 30):
        assert list(journal.read(after)) == lines[after:]


def test_a_stale_writer_is_refused(journal):
    """An append behind another head than the journal's writes nothing and raises Conflict."""
    lines, head = chain(3)
    journal.append(lines, Head(), head)
    with pytest.raises(Conflict):
        journal.append(lines, Head(), head)
    assert list(journal.read()) == lines


def test_a_closed_journal_takes_nothing(journal):
    """Appending to a closed journal raises Unavailable."""
    journal.close()
    with pytest.raises(Unavailable):
        journal.append(*chain_arguments(journal))


def chain_arguments(journal):
    lines, head = chain(1, journal.head())
    return lines, journal.head(), head


def test_a_reopened_segment_journal_goes_on(tmp_path):
    """Closing and opening changes neither the lines nor the head, over several segments."""
    lines, head = chain(40)
    first = SegmentJournal(PosixDisk(tmp_path), segment_bytes=1000)
    for i in range(40):
        first.append([lines[i]], first.head(), Head(i + 1, bytes.fromhex(lines[i][:64].decode())))
    first.close()
    again = SegmentJournal(PosixDisk(tmp_path), segment_bytes=1000)
    assert again.head() == head
    assert list(again.read()) == lines
    assert len(list(tmp_path.iterdir())) > 3


@pytest.mark.parametrize("kept", range(1, 200, 7))
def test_a_torn_tail_is_cut_at_any_byte(tmp_path, kept):
    """An incomplete last line is cut; everything before it is there, and the journal goes on."""
    lines, head = chain(3)
    journal = SegmentJournal(PosixDisk(tmp_path))
    journal.append(lines[:2], Head(), Head(2, bytes.fromhex(lines[1][:64].decode())))
    journal.close()
    path = segment_in(tmp_path)
    written = path.read_bytes().rstrip(b"\0")
    path.write_bytes(written + lines[2][: min(kept, len(lines[2]) - 1)] + bytes(500))
    again = SegmentJournal(PosixDisk(tmp_path))
    assert list(again.read()) == lines[:2]
    assert again.cut_bytes == min(kept, len(lines[2]) - 1)
    again.append([lines[2]], again.head(), head)
    assert list(again.read()) == lines


def test_an_incomplete_command_at_the_end_is_cut(tmp_path):
    """A command's lines are there all or not at all: whole lines of an unfinished group were never acknowledged."""
    lines, _ = chain(6, parts=3)
    journal = SegmentJournal(PosixDisk(tmp_path))
    journal.append(lines[:3], Head(), Head(3, bytes.fromhex(lines[2][:64].decode())))
    journal.close()
    path = segment_in(tmp_path)
    path.write_bytes(path.read_bytes().rstrip(b"\0") + b"".join(lines[3:5]) + bytes(500))
    again = SegmentJournal(PosixDisk(tmp_path))
    assert list(again.read()) == lines[:3]
    assert again.head().position == 3


def test_a_flipped_bit_before_a_good_line_is_corruption(tmp_path):
    """A bad line that a good one follows is named with file and byte, and nothing is cut."""
    lines, head = chain(20)
    journal = SegmentJournal(PosixDisk(tmp_path))
    journal.append(lines, Head(), head)
    journal.close()
    path = segment_in(tmp_path)
    whole = path.read_bytes()
    start = whole.index(lines[0])
    for line in range(18):
        at = start + sum(map(len, lines[:line])) + 70
        path.write_bytes(whole[:at] + bytes([whole[at] ^ 4]) + whole[at + 1 :])
        with pytest.raises(Corruption, match=r"segment-.*byte \d+"):
            SegmentJournal(PosixDisk(tmp_path))
        assert len(path.read_bytes()) == len(whole)


def test_a_header_that_was_changed_is_corruption(tmp_path):
    """A segment that does not begin as it was made is refused."""
    SegmentJournal(PosixDisk(tmp_path)).close()
    path = segment_in(tmp_path)
    path.write_bytes(b"R" + path.read_bytes()[1:])
    with pytest.raises(Corruption, match="header"):
        SegmentJournal(PosixDisk(tmp_path))


def test_a_failed_sync_is_never_retried(tmp_path):
    """After one failed sync every append is refused until the journal is opened anew."""
    journal = SegmentJournal(PosixDisk(tmp_path))

    def fail():
        raise OSError("no")

    good = journal._file.sync
    journal._file.sync = fail
    with pytest.raises(Unavailable):
        journal.append(*chain_arguments(journal))
    journal._file.sync = good
    with pytest.raises(Unavailable, match="opened anew"):
        journal.append(*chain_arguments(journal))
