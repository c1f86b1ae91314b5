"""Behind a break: found while the journal is in use, cited, gone on after, and read around."""

import pytest

from redstick.adapters.segments import Broken
from redstick.kernel.errors import Corruption
from redstick_verify.journal import check


@pytest.fixture
def grown(folder):
    """A journal of several segments, some of them sealed, and its lines."""
    journal = folder.journal()
    lines = [line for _ in range(30) for line in folder.append(journal, 2, parts=2)]
    folder.tend(journal)
    return journal, lines + [line for _ in range(20) for line in folder.append(journal, 2, parts=2)]


def spoil(folder, index, byte=400):
    """Turn a bit in the segment with this index; gives its path."""
    path = folder.files()[index]
    folder.flip(path, byte)
    return path


@pytest.mark.parametrize("index", [0, 1, -3, -2, -1])
def test_the_scrubber_finds_what_opening_leaves_for_later(folder, grown, index):
    """Every byte is looked at, a slice at a time: sealed, closed and open segments."""
    journal, _ = grown
    assert [fault for fault in journal.scrub() if fault] == []
    path = spoil(folder, index)
    [fault] = [fault for fault in journal.scrub() if fault]
    assert (fault.at.file, fault.at.byte) == (path.name, 400)


@pytest.mark.parametrize("index", [0, 1, -3, -2])
def test_reading_raises_at_the_fault_and_gives_nothing_bad(folder, grown, index):
    """Lines before the fault come out, those behind it do not; who begins behind it is not concerned."""
    journal, lines = grown
    spoil(folder, index)
    found, reading = [], journal.read()
    with pytest.raises(Broken) as raised:
        found += iter(lambda: next(reading), None)
    assert found == lines[: raised.value.good.position]
    last = int(folder.files()[-1].stem[-16:])
    assert list(journal.read(last)) == lines[last:]


def test_a_live_journal_goes_on_with_a_new_chain(folder, grown):
    """The new chain follows the last good line, cites the break, and takes no position twice; nothing else changes."""
    journal, lines = grown
    path = spoil(folder, 0)
    before = path.read_bytes()
    with pytest.raises(Broken) as raised:
        list(journal.read())
    head = journal.go_on_after(raised.value)
    assert (head.position, head.hash) == (len(lines), raised.value.good.hash)
    assert journal.go_on_after(raised.value) == head
    more = folder.append(journal, 4)
    [gap] = journal.gaps
    assert (gap.good, gap.first) == (raised.value.good.position, len(lines) + 1)
    for opened in (journal, folder.journal()):
        assert list(opened.read()) == lines + more
        assert [(at.file, at.byte) for at, _ in opened.breaks] == [(path.name, 400)]
    assert path.read_bytes() == before
    [cited] = check(folder.path)["breaks"]
    assert cited == {"file": path.name, "byte": 400, "good": gap.good, "first": gap.first}


def test_a_second_break_may_lie_before_the_first(folder, grown):
    """Whatever is found later is cited too; what was salvaged behind the first break is still there."""
    journal, lines = grown
    for index in (4, 1, 0):
        spoil(folder, index)
        with pytest.raises(Broken) as raised:
            list(journal.read())
        journal.go_on_after(raised.value)
        lines = lines + folder.append(journal, 2)
        assert list(journal.read()) == lines
        journal = folder.journal()
        assert list(journal.read()) == lines
    assert len(journal.breaks) == 3
    assert len(journal.gaps) == 1
    assert len(check(folder.path)["breaks"]) == 3


def test_a_break_in_the_new_chain_is_another_one(folder, grown):
    """The chain that goes on may break as well, and is gone on after in its turn."""
    journal, lines = grown
    for _ in range(2):
        spoil(folder, -1, 600)
        folder.close()
        journal = folder.journal(go_on=True)
        lines = lines + [line for _ in range(4) for line in folder.append(journal, 2)]
    assert list(journal.read()) == lines
    assert len(journal.gaps) == 2


def test_the_chain_that_goes_on_is_sealed_and_cites_the_break_still(folder, grown):
    """Sealing keeps the citation; damaged segments, and those behind the break, stay open as they are."""
    journal, lines = grown
    spoil(folder, -1)
    folder.close()
    journal = folder.journal(go_on=True)
    lines = lines + [line for _ in range(20) for line in folder.append(journal, 2)]
    breaks = journal.breaks
    folder.tend(journal)
    assert [path.suffix for path in folder.files()][-2] == ".sealed"
    again = folder.journal()
    assert again.breaks == breaks
    assert list(again.read()) == lines


def test_something_behind_the_end_of_a_closed_segment_is_cited_once(folder, grown):
    """Every line is good and still a byte is not as it was written: found, cited, and not found anew each time."""
    journal, lines = grown
    path = folder.files()[-2]
    path.write_bytes(path.read_bytes() + bytes(30) + b"x")
    [fault] = [fault for fault in journal.scrub() if fault]
    assert "no batch begins here" in str(fault)
    journal.go_on_after(fault)
    lines = lines + folder.append(journal, 2)
    for _ in range(2):
        again = folder.journal()
        assert list(again.read()) == lines
        assert len(again.breaks) == 1
        assert [fault for fault in again.scrub() if fault] == []


def test_a_journal_that_lost_every_segment_goes_on(folder, grown):
    """The witness tells how far it was: nothing can be read any more, and no position is taken twice."""
    _, lines = grown
    folder.close()
    for path in folder.files():
        path.unlink()
    journal = folder.journal(go_on=True)
    assert list(journal.read()) == []
    assert journal.head().position == len(lines)
    more = folder.append(journal, 2)
    assert list(folder.journal().read()) == more


def test_only_a_break_can_be_gone_on_after(folder, grown):
    """Anything else is raised again: there is no place to cite."""
    journal, _ = grown
    with pytest.raises(Corruption, match="not ours"):
        journal.go_on_after(Corruption("not ours"))


@pytest.mark.parametrize("index", [0, -2])
def test_what_was_salvaged_is_kept_twice(folder, grown, index):
    """Once a damaged segment was tended, more damage there costs nothing, before a restart and behind one."""
    journal, lines = grown
    path = spoil(folder, index)
    kept = folder.everything(journal)
    assert kept[: len(lines)] == lines
    folder.tend(journal)
    [copy] = folder.files("*.behind-*")
    damaged = path.read_bytes()
    path.write_bytes(damaged[:390] + bytes(60) + damaged[450:])
    assert list(journal.read()) == kept
    assert list(folder.journal().read()) == kept
    folder.flip(copy, 300)
    assert list(folder.journal().read()) == kept


def test_a_copy_that_was_being_written_is_written_anew(folder, grown):
    """What a crash left of one is not read."""
    journal, _ = grown
    spoil(folder, 0)
    kept = folder.everything(journal)
    folder.tend(journal)
    [copy] = folder.files("*.behind-*")
    making = copy.with_name(copy.name + ".making")
    copy.rename(making)
    making.write_bytes(making.read_bytes()[:200])
    again = folder.journal()
    assert list(again.read()) == kept
    folder.tend(again)
    assert [path.name for path in folder.files("*.behind-*")] == [copy.name]
