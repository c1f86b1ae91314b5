"""What every journal promises, run against each adapter."""

import asyncio

import msgspec
import pytest

from redstick.adapters.disk import PosixDisk
from redstick.adapters.memory import MemoryJournal
from redstick.adapters.segments import SegmentJournal
from redstick.kernel.envelope import Envelope, Head, seal
from redstick.kernel.errors import Conflict, Unavailable


def chain(count, after=None, payload=b"{}"):
    """`count` sealed lines behind a head, and the head they end at."""
    head, lines = after or Head(), []
    for _ in range(count):
        envelope = Envelope(head.position + 1, 5, 5, "k", 1, "a", f"c{head.position}", "d", msgspec.Raw(payload))
        digest, line = seal(head.hash, envelope)
        head = Head(envelope.position, digest)
        lines.append(line)
    return lines, head


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
    for after in range(31):
        assert list(journal.read(after)) == lines[after:]


def test_reading_goes_as_far_as_was_durable_when_it_began(journal):
    """What is appended while somebody reads does not disturb them."""
    lines, head = chain(10)
    journal.append(lines, Head(), head)
    reading = journal.read()
    first = next(reading)
    more, end = chain(10, head)
    journal.append(more, head, end)
    assert [first, *reading][:10] == lines


def test_a_carriage_return_ends_no_line(journal):
    """Only the line feed does, whatever white space a body holds."""
    lines, head = chain(2, payload=b'{"a":\r1}')
    journal.append(lines, Head(), head)
    assert list(journal.read()) == lines


def test_a_stale_writer_is_refused(journal):
    """An append behind another head than the journal's writes nothing and raises Conflict."""
    lines, head = chain(3)
    journal.append(lines, Head(), head)
    with pytest.raises(Conflict):
        journal.append(lines, Head(), head)
    assert list(journal.read()) == lines


def test_nothing_may_be_appended(journal):
    """An empty batch changes nothing."""
    journal.append([], Head(), Head())
    assert journal.head() == Head()
    assert list(journal.read()) == []


def test_a_chain_that_never_broke_has_no_gaps(journal):
    """Gaps are told only where a chain was broken and went on."""
    lines, head = chain(3)
    journal.append(lines, Head(), head)
    assert list(journal.gaps) == []


def test_a_closed_journal_takes_nothing(journal):
    """Appending to a closed journal raises Unavailable; closing it once more is harmless."""
    journal.close()
    lines, head = chain(1)
    with pytest.raises(Unavailable):
        journal.append(lines, Head(), head)
    journal.close()


@pytest.mark.sockets  # an event loop has a socket pair of its own
def test_an_append_that_was_begun_is_there_when_that_is_told_and_not_before(journal):
    """Told on the loop, with None; the head has not moved until then. What cannot be begun has left no trace."""

    async def live():
        told = asyncio.get_running_loop().create_future()
        lines, head = chain(3)
        begun = journal.begin(lines, Head(), head, told.set_result)
        assert (journal.head(), list(journal.read()), told.done()) == (Head(), [], False)
        if begun:
            assert await asyncio.wait_for(told, 60) is None
        else:
            journal.append(lines, Head(), head)
        return lines, head

    first, head = asyncio.run(live())
    more, end = chain(2, head)
    journal.append(more, head, end)
    assert (journal.head(), list(journal.read())) == (end, first + more)


@pytest.mark.sockets
def test_what_append_would_refuse_is_not_begun(journal):
    """By a stale writer, or in a closed journal: it raises as `append` does, or says that `append` is to be used."""

    async def refused_or_left_to_append(lines, head):
        try:
            return not journal.begin(lines, Head(), head, pytest.fail)
        except (Conflict, Unavailable):
            return True

    lines, head = chain(3)
    journal.append(lines, Head(), head)
    assert asyncio.run(refused_or_left_to_append(lines, head))
    assert list(journal.read()) == lines
    journal.close()
    assert asyncio.run(refused_or_left_to_append(*chain(1, head)))
