"""Signed statements in files: kept whole or not at all."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from redstick.adapters.disk import PosixDisk
from redstick.adapters.heads import HEADS, KEYS, FileHeads
from redstick.kernel.errors import Unavailable


@given(st.lists(st.integers(0, 200), max_size=30), st.sampled_from([1, 7, 64, 1 << 16]))
def test_heads_come_back_newest_first(tmp_path_factory, lengths, block):
    """Whatever their lengths and however the file is read, the newest comes first and the bytes are the same."""
    heads = FileHeads(PosixDisk(tmp_path_factory.mktemp("heads")))
    lines = [b"%d %s\n" % (number, b"x" * length) for number, length in enumerate(lengths)]
    for line in lines:
        heads.add(line)
        heads.add_key(line)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("redstick.adapters.line_file.READ_BYTES", block)
        assert list(heads.newest()) == lines[::-1]
        assert heads.keys() == lines
    heads.close()


@pytest.mark.parametrize("kept", range(12))
def test_an_unfinished_line_is_as_if_it_had_never_been(tmp_path, kept):
    """A torn end is not read, and is cut when the next line is kept."""
    heads = FileHeads(PosixDisk(tmp_path))
    heads.add(b"first line\n")
    heads.close()
    with (tmp_path / HEADS).open("ab") as file:
        file.write(b"second line"[:kept])
    again = FileHeads(PosixDisk(tmp_path))
    assert list(again.newest()) == [b"first line\n"]
    again.add(b"2\n")
    assert (tmp_path / HEADS).read_bytes() == b"first line\n2\n"


def test_nothing_but_whole_lines_is_an_empty_file(tmp_path):
    """A file with a torn line alone holds no head."""
    (tmp_path / HEADS).write_bytes(b"torn")
    (tmp_path / KEYS).write_bytes(b"")
    heads = FileHeads(PosixDisk(tmp_path))
    assert (list(heads.newest()), heads.keys()) == ([], [])


def test_a_failed_sync_is_never_retried(tmp_path, monkeypatch):
    """After one failure nothing more is kept in the file until it is opened anew."""
    heads = FileHeads(PosixDisk(tmp_path))

    def fail():
        raise OSError("no")

    with monkeypatch.context() as patch:
        patch.setattr(heads._heads._file, "sync", fail)
        with pytest.raises(Unavailable, match="not confirmed"):
            heads.add(b"line\n")
    with pytest.raises(Unavailable, match="opened anew"):
        heads.add(b"line\n")
