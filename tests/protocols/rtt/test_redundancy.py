"""Redundancy of RFC 2198: what is written is read again, whatever comes is read or refused."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from redstick.protocols.rtt.redundancy import MOST_LENGTH, MOST_OFFSET, Block, read_red, write_red

OLDER = st.builds(Block, st.integers(0, 127), st.binary(max_size=60), st.integers(0, MOST_OFFSET))
NEWEST = st.builds(Block, st.integers(0, 127), st.binary(max_size=60))


@given(st.lists(OLDER, max_size=6), NEWEST)
def test_what_is_written_is_read(older, newest):
    """Block by block, with their types and offsets."""
    assert read_red(write_red([*older, newest])) == (*older, newest)


@given(st.binary(max_size=200))
def test_any_payload_is_read_or_refused(payload):
    """Nothing raises, and what is read is what was there: written again it is the payload."""
    blocks = read_red(payload)
    assert blocks is None or write_red(blocks) == payload


def test_the_octets_are_those_of_the_standard():
    """RFC 4103 section 4.2: F, type, 14 bits of offset, 10 of length for each older block; F and type of the newest."""
    written = write_red([Block(98, b"ab", 600), Block(98, b"c", 300), Block(98, b"d")])
    assert written == bytes.fromhex("e2 096002 e2 04b001 62".replace(" ", "")) + b"abcd"


@pytest.mark.parametrize("block", [Block(98, b"", MOST_OFFSET + 1), Block(98, bytes(MOST_LENGTH + 1)), Block(128, b"")])
def test_what_no_header_can_tell_is_not_written(block):
    """Rather than written wrongly."""
    with pytest.raises(ValueError, match="a block"):
        write_red([block, Block(98, b"")])
