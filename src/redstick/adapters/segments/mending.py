"""Which single bit was turned: found from the CRC-32 that was kept, so that what a bad cell damaged can be read still.

CRC-32 is linear: turning one bit changes it by an amount that depends on the bit and on how many bytes follow, and on
nothing else. So the difference between the kept and the computed check is taken back a byte at a time until it is that
of one bit. What is mended this way must still follow the hash chain.
"""

import zlib

from redstick.adapters.segments.form import BATCH_BEGINS, FORM_LINE_BYTES, HEADER_BEGINS, checked

_NOTHING = zlib.crc32(b"\0")
_STEP = [zlib.crc32(bytes([byte])) ^ _NOTHING for byte in range(256)]  # the usual table of CRC-32
_BY_TOP_BYTE = {change >> 24: (byte, change) for byte, change in enumerate(_STEP)}
_OF_ONE_BIT = {_STEP[1 << bit]: bit for bit in range(8)}


def turned_bit(data: bytes, crc: int) -> int | None:
    """The bit that was turned, if it is just one (byte `bit // 8`, lowest first); `crc` is that of the right bytes."""
    change = zlib.crc32(data) ^ crc
    if change == 0:
        return None
    for at in range(len(data) - 1, -1, -1):
        bit = _OF_ONE_BIT.get(change)
        if bit is not None:
            return at * 8 + bit
        byte, step = _BY_TOP_BYTE[change >> 24]
        change = ((change ^ step) << 8) | byte
    return None


def mended(data: bytes, crc: int) -> bytes | None:
    """`data` with its one turned bit turned back; None when that is not what is wrong with it."""
    bit = turned_bit(data, crc)
    return None if bit is None else turned(data, bit)


def turned(data: bytes, bit: int) -> bytes:
    """`data` with one bit turned."""
    at = bit // 8
    return data[:at] + bytes([data[at] ^ 1 << bit % 8]) + data[at + 1 :]


def turned_bit_of_line(stored: bytes) -> int | None:
    """The bit to turn back so that `stored` begins with a line of the form again; None when no single one does."""
    stored = stored[:FORM_LINE_BYTES]
    if not any(_turned_bits(stored, begins) <= 1 for begins in (HEADER_BEGINS, BATCH_BEGINS)):
        return None
    for bit in range(len(stored) * 8):
        if checked(turned(stored, bit)) is not None:
            return bit
    return None


def _turned_bits(stored: bytes, expected: bytes) -> int:
    """In how many bits the beginning of `stored` differs from what is expected there."""
    return sum((a ^ b).bit_count() for a, b in zip(stored.ljust(len(expected), b"\0"), expected, strict=False))
