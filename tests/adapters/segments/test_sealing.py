"""Closed segments, sealed: the same lines in less space, complete or not there at all."""

import pytest

from redstick.adapters.segments import Broken
from redstick.kernel.proof.merkle import Tree
from redstick_verify.journal import check


@pytest.fixture
def grown(folder):
    """A journal with several closed segments, and its lines."""
    journal = folder.journal()
    return journal, [line for _ in range(40) for line in folder.append(journal, 2, parts=2)]


def test_sealing_changes_no_line(folder, grown):
    """Lines, head and every position that is read from are the same; all closed segments are sealed, and smaller."""
    journal, lines = grown
    size = sum(path.stat().st_size for path in folder.files()[:-1])
    folder.tend(journal)
    assert [path.suffix for path in folder.files()] == [".sealed"] * (len(folder.files()) - 1) + [".log"]
    assert sum(path.stat().st_size for path in folder.files()[:-1]) < size / 2
    for opened in (journal, folder.journal()):
        for after in range(0, len(lines), 7):
            assert list(opened.read(after)) == lines[after:]
    assert check(folder.path)["ok"]


def test_the_seal_is_the_merkle_root_of_its_lines(folder, grown):
    """RFC 6962 over the stored lines, line feeds included."""
    journal, lines = grown
    folder.tend(journal)
    second = int(folder.files()[1].stem[-16:])
    tree = Tree()
    for line in lines[: second - 1]:
        tree.append(line)
    assert f" root={tree.root().hex()} ".encode() in folder.files()[0].read_bytes()


def test_it_goes_a_short_step_at_a_time(folder):
    """A step packs some 64 KiB, so that nobody waits for it; appends in between are as always."""
    journal = folder.journal(segment_bytes=600_000)
    lines = [line for _ in range(100) for line in folder.append(journal, 10, payload=b'"%s"' % (b"x" * 700))]
    steps = 0
    while journal.tend():
        steps += 1
        lines += folder.append(journal)
    assert steps >= 8
    assert folder.files()[0].suffix == ".sealed"
    assert list(journal.read()) == lines


def test_reading_goes_on_while_a_segment_is_sealed(folder, grown):
    """Who began to read an open form reads on, and who comes to it later finds the sealed one."""
    journal, lines = grown
    reading = journal.read()
    first = [next(reading) for _ in range(3)]
    folder.tend(journal)
    assert first + list(reading) == lines


def test_half_made_seals_are_swept_away(folder, grown):
    """What a crash left of a seal is removed at the next opening; the open form is there still."""
    _, lines = grown
    folder.close()
    half = folder.files()[0].with_suffix(".sealed.making")
    half.write_bytes(b"half")
    journal = folder.journal()
    assert not half.exists()
    assert list(journal.read()) == lines


def test_of_both_forms_the_sealed_one_stays_when_it_is_whole(folder, grown):
    """A crash between rename and removal leaves two; a damaged seal never takes the open form's place."""
    journal, lines = grown
    closed = {path: path.read_bytes() for path in folder.files()[:-1]}
    folder.tend(journal)
    folder.close()
    for path, content in closed.items():
        path.write_bytes(content)
    assert check(folder.path)["ok"]
    first, *_ = [path.with_suffix(".sealed") for path in closed]
    folder.flip(first, 400)
    assert not check(folder.path)["ok"]
    journal = folder.journal()
    assert [path.exists() for path in closed] == [True] + [False] * (len(closed) - 1)
    assert list(journal.read()) == lines
    folder.tend(journal)
    assert check(folder.path)["ok"]


def test_a_damaged_segment_is_never_sealed(folder, grown):
    """What does not verify is named, and stays as it is."""
    journal, _ = grown
    [path, *_] = folder.files()
    folder.flip(path, 300)
    damaged = path.read_bytes()
    with pytest.raises(Broken) as raised:
        folder.tend(journal)
    assert raised.value.at.file == path.name
    journal.go_on_after(raised.value)
    folder.tend(journal)
    assert path.read_bytes() == damaged
    assert not path.with_suffix(".sealed").exists()


def test_a_disk_without_room_leaves_segments_open(folder, grown, monkeypatch):
    """An open form is as good as a sealed one: no alarm, no half-made file in the way, and appends go on."""
    from redstick.adapters.disk import PosixFile

    journal, lines = grown
    good = PosixFile.write_at

    def full(self, offset, data):
        if data.startswith((b"redstick-sealed", b"batch")) and b"{" not in data:
            raise OSError(28, "No space left on device")
        good(self, offset, data)

    monkeypatch.setattr(PosixFile, "write_at", full)
    folder.tend(journal)
    assert folder.files("*.sealed*") == []
    lines += folder.append(journal)
    assert list(journal.read()) == lines
