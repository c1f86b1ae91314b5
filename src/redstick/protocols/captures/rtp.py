"""The header of RTP packets (RFC 3550 section 5.1)."""

import struct

import msgspec


class Rtp(msgspec.Struct, frozen=True):
    """One packet: who sent it, whose contributions it mixes, what it carries."""

    payload_type: int
    sequence: int
    timestamp: int
    source: int
    contributors: tuple[int, ...]
    payload: bytes
    marker: bool = False


def read_rtp(data: bytes) -> Rtp | None:
    """The packet that a datagram is, None where it is none (RTCP among them, RFC 5761 section 4)."""
    if len(data) < 12 or data[0] >> 6 != 2 or 64 <= data[1] & 0x7F <= 95:
        return None
    count, at = data[0] & 15, 12 + (data[0] & 15) * 4
    if len(data) < at:
        return None
    sequence, timestamp, source = struct.unpack_from(">HII", data, 2)
    contributors = struct.unpack_from(f">{count}I", data, 12)
    if data[0] & 16:  # a header extension
        if len(data) < at + 4:
            return None
        at += 4 + 4 * int(struct.unpack_from(">H", data, at + 2)[0])
    end = len(data) - (data[-1] if data[0] & 32 else 0)
    if not at <= end <= len(data):
        return None
    return Rtp(data[1] & 0x7F, sequence, timestamp, source, contributors, data[at:end], bool(data[1] & 0x80))
