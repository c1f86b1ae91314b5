"""Hot lists and reads from files: what is matched, what has expired, what is left out, what is refused."""

import csv

import pytest

from redstick.crimecenter.plates.files import PlatesError, match_reads, read_hot_list
from redstick.crimecenter.plates.matching import MatchClass

LIST = """Plate,LIS,Category,Expires
ABC 1234,LA,stolen,
XYZ0001,LA,plate,2026-01-15
,LA,stolen,
TTT7777,TX,,2027-01-01
"""
READS = """plate,state,time,camera
ABC-1234,la,2026-01-10 08:00,C1
ABC1234,LA,2026-01-12 09:00,C2
ABC1234,LA,2026-01-11 09:00,C1
A8C1234,LA,2026-01-12 09:30,C2
XYZ0001,LA,2026-01-15 23:59,C1
XYZ0001,LA,2026-01-16 00:01,C1
TTT7777,,2026-01-16 00:01,C1
ZZZ9999,LA,2026-01-16 00:01,C1
,LA,2026-01-16 00:01,C1
short
"""


def written(tmp_path, text, name):
    """A file with a text."""
    path = tmp_path / name
    path.write_text(text, encoding="utf-8")
    return path


@pytest.fixture
def matched(tmp_path):
    """The small list and its reads."""
    return match_reads(written(tmp_path, READS, "reads.csv"), read_hot_list(written(tmp_path, LIST, "list.csv")))


def test_reads_are_gathered_by_entry_text_and_class(matched):
    """How often, when first and last, by which cameras; a read in another spelling stands by itself."""
    found = [
        (one.match_class, one.wanted.plate, one.plate_read, one.reads, one.first, one.last) for one in matched.seen
    ]
    assert found == [
        (MatchClass.EXACT_STATE, "ABC 1234", "ABC-1234", 1, "2026-01-10 08:00", "2026-01-10 08:00"),
        (MatchClass.EXACT_STATE, "ABC 1234", "ABC1234", 2, "2026-01-11 09:00", "2026-01-12 09:00"),
        (MatchClass.EXACT_STATE, "XYZ0001", "XYZ0001", 1, "2026-01-15 23:59", "2026-01-15 23:59"),
        (MatchClass.EXACT_STATE_UNREAD, "TTT7777", "TTT7777", 1, "2026-01-16 00:01", "2026-01-16 00:01"),
        (MatchClass.POSSIBLE, "ABC 1234", "A8C1234", 1, "2026-01-12 09:30", "2026-01-12 09:30"),
    ]
    assert matched.seen[1].cameras == {"C1", "C2"}
    assert matched.matched_reads == {
        MatchClass.EXACT_STATE: 4,
        MatchClass.EXACT_STATE_UNREAD: 1,
        MatchClass.POSSIBLE: 1,
    }


def test_an_entry_counts_until_its_day_of_expiry(matched):
    """The read of the last day is a match, that of the day after is counted as expired and nothing else."""
    assert matched.expired == 1


def test_what_is_not_used_is_counted(matched, tmp_path):
    """Rows without a plate or of another length, in the reads and in the list."""
    assert matched.reads == 8
    assert matched.left_out == {"another number of cells than the header": 1, "no plate": 1}
    assert read_hot_list(written(tmp_path, LIST, "list.csv")).left_out == {"no plate": 1}


def test_reads_without_a_time_are_judged_by_the_day_that_is_given(tmp_path):
    """Without a day nothing is taken for expired; with one, what is over is."""
    listed = read_hot_list(written(tmp_path, LIST, "list.csv"))
    reads = written(tmp_path, "tag,state\nXYZ0001,LA\n", "reads.csv")
    assert (len(match_reads(reads, listed).seen), listed.has_expiry) == (1, True)
    later = match_reads(reads, listed, as_of=739632)  # 2026-01-16
    assert (len(later.seen), later.expired) == (0, 1)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("", "a column with plates"), ("a,b\n1,2\n", "a column with plates, such as plate; there are: a, b"),
        ("plate,state\n", "at least one entry with a plate"), ("plate,state\n-,LA\n", "at least one entry"),
        ("plate,expires\nABC,soon\n", "row 2: expected a day of expiry"), ("plate\n\0\n", "NUL"),
        ("plate,expires\nA,31/12/2026\nB,12/31/2026\n", "dates in one order"),
    ],
)  # fmt: skip
def test_a_list_that_is_none_is_refused(tmp_path, text, expected):
    """One line that names the file and what was expected."""
    with pytest.raises(PlatesError, match=f"list.csv.*{expected}"):
        read_hot_list(written(tmp_path, text, "list.csv"))


def test_a_list_of_a_state_and_a_million_reads_are_one_pass(tmp_path):
    """Reads are compared as they are read: only those that match are kept."""
    with (tmp_path / "reads.csv").open("w", newline="") as file:
        csv.writer(file).writerows([["plate"], *[[f"AAA{number:04d}"] for number in range(10_000)]])
    matched = match_reads(tmp_path / "reads.csv", read_hot_list(written(tmp_path, "plate\nAAA0001\n", "list.csv")))
    assert matched.reads == 10_000
    assert {one.plate_read for one in matched.seen} == {"AAA0001"}
