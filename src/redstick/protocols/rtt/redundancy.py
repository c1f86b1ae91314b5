"""A packet that carries what was said before as well (RFC 2198): what is lost on the way is said again by the next one.

Ahead of the newest block stand older ones, each with how long before it was said. In real-time text they are those of
the packets right before, so that the place of a block says of which packet it is (RFC 4103 section 4.2).
"""

import struct
from collections.abc import Sequence

import msgspec

MOST_OFFSET, MOST_LENGTH = (1 << 14) - 1, (1 << 10) - 1
MOST_BLOCKS = 16  # in one packet; more is none of text
_OLDER = 4  # octets of the header of an older block


class Block(msgspec.Struct, frozen=True):
    """One block. `offset` is how much earlier its time is than that of the packet, in ticks of the stream's clock."""

    payload_type: int
    data: bytes
    offset: int = 0


def read_red(payload: bytes) -> tuple[Block, ...] | None:
    """The blocks of a payload, the newest last; None where it is none."""
    headers: list[tuple[int, int, int]] = []
    at = 0
    while at < len(payload) and payload[at] & 0x80:
        if at + _OLDER > len(payload) or len(headers) >= MOST_BLOCKS:
            return None
        (word,) = struct.unpack_from(">I", payload, at)
        headers.append((word >> 24 & 0x7F, word >> 10 & MOST_OFFSET, word & MOST_LENGTH))
        at += _OLDER
    if at >= len(payload):
        return None
    newest, at = payload[at], at + 1
    blocks = []
    for payload_type, offset, length in headers:
        if at + length > len(payload):
            return None
        blocks.append(Block(payload_type, payload[at : at + length], offset))
        at += length
    return (*blocks, Block(newest, payload[at:]))


def write_red(blocks: Sequence[Block]) -> bytes:
    """The payload of blocks, the newest last. Raises ValueError for one that no header can tell."""
    *older, newest = blocks
    head, body = b"", b""
    for one in older:
        if not (0 <= one.offset <= MOST_OFFSET and len(one.data) <= MOST_LENGTH and 0 <= one.payload_type < 128):
            raise ValueError(f"a block of {len(one.data)} octets, {one.offset} ticks before")
        word = 0x80 << 24 | one.payload_type << 24 | one.offset << 10 | len(one.data)
        head += struct.pack(">I", word)
        body += one.data
    return head + bytes([newest.payload_type & 0x7F]) + body + newest.data
