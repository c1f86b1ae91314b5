"""The index of retired things: found at once, kept with its position, made again when it is lost."""

import pytest

from redstick.adapters.retirements import FLUSH_AT, RetirementFile
from redstick.kernel.errors import Corruption


@pytest.fixture
def index(tmp_path):
    made = RetirementFile(tmp_path / "retired.sqlite3")
    yield made
    made.close()


def test_what_was_noted_is_found_at_once_and_after_a_restart(index, tmp_path):
    """In memory before it is written, in the file behind it; the newest position counts."""
    index.note(5, ["a", "b"])
    index.note(9, ["a"])
    assert (index.position_of("a"), index.position_of("b"), index.position_of("c")) == (9, 5, None)
    index.flush(12)
    again = RetirementFile(tmp_path / "retired.sqlite3")
    assert (again.position_of("a"), again.position_of("b"), again.taken_in) == (9, 5, 12)
    again.close()


def test_what_was_not_written_is_known_to_be_missing(index, tmp_path):
    """`taken_in` stays where it was, so that the journal is read again from there."""
    index.note(5, ["a"])
    again = RetirementFile(tmp_path / "retired.sqlite3")
    assert (again.position_of("a"), again.taken_in) == (None, 0)
    again.close()


def test_memory_is_bounded(index):
    """Past a limit what was noted is written by itself."""
    for position in range(FLUSH_AT):
        index.note(position, [f"s{position}"])
    assert index.taken_in == FLUSH_AT - 1
    assert index._noted == {}


def test_a_file_that_is_none_is_said(tmp_path):
    """Rubbish in its place is named, with what to do."""
    (tmp_path / "x").write_bytes(b"rubbish" * 1000)
    with pytest.raises(Corruption, match="remove it"):
        RetirementFile(tmp_path / "x")
