"""Parts of a file, for any header: what RFC 9110 asks, and never a byte that is not there."""

from hypothesis import given
from hypothesis import strategies as st

from redstick.server.api.ranges import asks_part, file_answer, part_of

SIZES = st.integers(0, 200)


@given(SIZES, st.integers(0, 300), st.integers(0, 300))
def test_a_part_is_the_bytes_between_both_ends_as_far_as_they_are_there(length, first, last):
    """Ends that are the wrong way round ask for no part: all is given then."""
    asked = f"bytes={first}-{last}"
    assert asks_part(asked) is (first <= last)
    if first <= last:
        assert bytes(part_of(length, asked)) == bytes(range(length))[first : last + 1]


@given(SIZES, st.integers(0, 300))
def test_an_open_end_and_the_last_so_many_are_parts_too(length, count):
    """As a player asks when it begins, and when it looks for the end."""
    data = bytes(range(length))
    assert bytes(part_of(length, f"bytes={count}-")) == data[count:]
    assert bytes(part_of(length, f"bytes=-{count}")) == (data[-count:] if count else b"")


@given(st.text(max_size=30), st.binary(max_size=50))
def test_what_is_no_range_is_answered_by_the_whole_file(asked, data):
    """Several parts at once too; no header makes it fail."""
    answer = file_answer(data, "tag", "audio/wav", {}, asked)
    assert answer.status_code in ((206, 416) if asks_part(asked) else (200,))
    if not asks_part(asked):
        assert answer.content == data
