r"""The envelope: what the journal knows about every event, and the line it is stored as.

A line is `<hash> <body>\n`: 64 hexadecimal digits, a space, and one JSON object without line breaks. The hash covers
the stored bytes, never a re-encoding: `hash = SHA-256(previous hash as 32 bytes, then the body's bytes)`. Whoever holds
the lines can check them with any SHA-256 program.
"""

import hashlib
from typing import Any

import msgspec

from redstick.kernel.errors import Corruption
from redstick.kernel.values import Instant

HASH_BYTES, HASH_DIGITS = 32, 64
GENESIS = bytes(HASH_BYTES)  # what the first line of a chain takes for the hash before it


class Envelope(msgspec.Struct, frozen=True, gc=False, omit_defaults=True, forbid_unknown_fields=True):
    """One event as it is stored.

    `position` is gapless from 1. `recorded_at` is set by the executor, never falls, equals decide's `now` and drives
    every timer. `at` is when the thing happened; it drives nothing. `cause` is the command's id and `digest` the first
    128 bits of SHA-256 over the command's own bytes: the same id with another body is told apart. A command's events
    are `part` 1 to `parts`: an incomplete group at the end of a journal was never acknowledged. `epoch` counts who was
    leading when the line was decided; it never falls, and 0 means that nobody had to.
    """

    position: int
    recorded_at: Instant
    at: Instant
    kind: str
    version: int
    actor: str
    cause: str
    digest: str
    payload: msgspec.Raw
    subjects: list[str] = []
    purpose: str | None = None
    part: int = 1
    parts: int = 1
    epoch: int = 0


class Head(msgspec.Struct, frozen=True):
    """The end of a chain: the position of its last line (0 when empty) and that line's hash."""

    position: int = 0
    hash: bytes = GENESIS


class Gap(msgspec.Struct, frozen=True):
    """Where a chain was broken and went on: it is good up to `good`, whose hash the line at `first` follows.

    What lies between was salvaged: verified line by line and not as a chain; some of it may be lost.
    """

    good: int
    hash: bytes
    first: int


_encoder = msgspec.json.Encoder()
_decoder = msgspec.json.Decoder(Envelope)


def seal(previous: bytes, envelope: Envelope) -> tuple[bytes, bytes]:
    """Give (hash, line) for an envelope that follows the line whose hash is `previous`."""
    body = _encoder.encode(envelope)
    digest = hashlib.sha256(previous + body)
    return digest.digest(), digest.hexdigest().encode() + b" " + body + b"\n"


def unseal(previous: bytes, line: bytes) -> tuple[bytes, Envelope]:
    """Give (hash, envelope) of a stored line, line break included; raises Corruption when its bytes changed."""
    body = line[HASH_DIGITS + 1 : -1]
    digest = hashlib.sha256(previous + body)
    if line[:HASH_DIGITS] != digest.hexdigest().encode() or line[HASH_DIGITS : HASH_DIGITS + 1] != b" ":
        raise Corruption("the hash of a line does not match its bytes and the line before it")
    if line[-1:] != b"\n":
        raise Corruption("a line has no end")
    try:
        return digest.digest(), _decoder.decode(body)
    except msgspec.MsgspecError as error:
        raise Corruption(f"a line with a right hash is not an envelope: {error}") from error


def opened(line: bytes) -> Envelope:
    """The envelope of a line that a journal has verified already."""
    return _decoder.decode(line[HASH_DIGITS + 1 : -1])


def fingerprint(kind: str, body: bytes, actor: str, at: Instant | None, purpose: str | None) -> str:
    """128 bits, in hexadecimal, that tell a command with the same id but other content."""
    parts: tuple[Any, ...] = (kind, body, actor, at, purpose)
    return hashlib.sha256(_encoder.encode(parts)).hexdigest()[:32]
