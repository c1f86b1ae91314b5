r"""What is signed: where a journal stood, and which key speaks next.

A statement is one line, `<signature> <body>\n`: 128 hexadecimal digits of an Ed25519 signature (RFC 8032), a space, and
one JSON object. The signature covers a fixed prefix and the body's stored bytes, never a re-encoding.
"""

import hashlib
from typing import Protocol

import msgspec
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

from redstick.kernel.errors import Corruption
from redstick.kernel.values import Instant

PREFIX = b"redstick-statement 1\n"
SIGNATURE_DIGITS = 128
KEY_ID_DIGITS = 32


class Signer(Protocol):
    """Who signs: a key in memory, or a device that never gives its key away."""

    @property
    def public(self) -> bytes:
        """The public key, 32 bytes."""

    def sign(self, message: bytes) -> bytes:
        """The signature, 64 bytes."""


class Ed25519Signer:
    """Signs with a key that is held in memory."""

    def __init__(self, seed: bytes) -> None:
        """`seed` is the private key of RFC 8032, 32 bytes."""
        self._key = Ed25519PrivateKey.from_private_bytes(seed)
        self.public = self._key.public_key().public_bytes_raw()

    def sign(self, message: bytes) -> bytes:
        """The signature, 64 bytes; the same message gives the same."""
        return self._key.sign(message)


class HeadStatement(msgspec.Struct, frozen=True, forbid_unknown_fields=True, tag_field="statement", tag="head"):
    """At `recorded_at` the journal was durable up to `position`, with this chain hash and this Merkle root.

    `root` covers the lines of positions 1 to `position`; `key` is the id of the key that signs.
    """

    journal: str
    position: int
    chain: str
    root: str
    recorded_at: Instant
    key: str


class KeyStatement(msgspec.Struct, frozen=True, forbid_unknown_fields=True, tag_field="statement", tag="key"):
    """Heads from (`position`, `recorded_at`) on are signed by `public`; said, and signed, by the key before, `key`.

    The first statement of a journal speaks for all positions, from 0 on, and is signed by the very key that it names.
    """

    journal: str
    position: int
    public: str
    recorded_at: Instant
    key: str


Statement = HeadStatement | KeyStatement

_encoder = msgspec.json.Encoder()
_decoder: msgspec.json.Decoder[Statement] = msgspec.json.Decoder(Statement)


def key_id(public: bytes) -> str:
    """How a key is called: the first 128 bits of SHA-256 over its public bytes, in hexadecimal."""
    return hashlib.sha256(public).hexdigest()[:KEY_ID_DIGITS]


def sign(statement: Statement, signer: Signer) -> bytes:
    """The line of a statement, line break included."""
    body = _encoder.encode(statement)
    return signer.sign(PREFIX + body).hex().encode() + b" " + body + b"\n"


def read(line: bytes, public: bytes) -> Statement:
    """The statement in a line that the holder of `public` signed; raises Corruption when it is not one."""
    signature, space, body = line[:SIGNATURE_DIGITS], line[SIGNATURE_DIGITS : SIGNATURE_DIGITS + 1], line[129:-1]
    try:
        Ed25519PublicKey.from_public_bytes(public).verify(bytes.fromhex(signature.decode()), PREFIX + body)
        statement = _decoder.decode(body)
    except (InvalidSignature, ValueError, msgspec.MsgspecError) as error:
        raise Corruption("a statement was changed, or was not signed by the key that should have") from error
    if space != b" " or line[-1:] != b"\n" or statement.key != key_id(public):
        raise Corruption("a statement does not have the form of one")
    return statement


class KeyHistory:
    """The keys of one journal, each with the positions it speaks for, from the statements in which it is named."""

    def __init__(self, journal: str, lines: list[bytes]) -> None:
        """Raises Corruption when a statement is not signed by the key before it, or speaks of another journal."""
        self.journal, self.lines = journal, lines
        self._keys: list[tuple[tuple[int, Instant], bytes]] = []  # (speaks for heads from here on, public key)
        for line in lines:
            self._take(line)

    @property
    def public(self) -> bytes | None:
        """The key that speaks now; None before the first statement."""
        return self._keys[-1][1] if self._keys else None

    @property
    def first(self) -> bytes:
        """The key that signed first."""
        return self._keys[0][1]

    @property
    def since(self) -> Instant:
        """When the key that speaks now was named; 0 before the first statement."""
        return self._keys[-1][0][1] if self._keys else 0

    def add(self, line: bytes) -> None:
        """Take one more statement of a key."""
        self._take(line)
        self.lines.append(line)

    def head(self, line: bytes) -> HeadStatement:
        """The signed head in a line; raises Corruption when the key of its position did not sign it."""
        try:
            stated = _decoder.decode(line[SIGNATURE_DIGITS + 1 :])
        except (ValueError, msgspec.MsgspecError) as error:
            raise Corruption("a signed head was changed") from error
        place = (stated.position, stated.recorded_at)
        public = next((public for since, public in reversed(self._keys) if since <= place), None)
        if public is None or not isinstance(stated, HeadStatement) or stated.journal != self.journal:
            raise Corruption(f"not a signed head of the journal {self.journal}")
        read(line, public)
        return stated

    def _take(self, line: bytes) -> None:
        try:
            stated = _decoder.decode(line[SIGNATURE_DIGITS + 1 :])
            named = bytes.fromhex(stated.public) if isinstance(stated, KeyStatement) else b""
        except (ValueError, msgspec.MsgspecError) as error:
            raise Corruption("a statement of a key was changed") from error
        if not isinstance(stated, KeyStatement) or stated.journal != self.journal:
            raise Corruption(f"not a statement of a key of the journal {self.journal}")
        read(line, self.public or named)
        place = (stated.position, stated.recorded_at)
        if place < self._keys[-1][0] if self._keys else stated.position != 0:
            raise Corruption("a statement of a key does not go on from the one before it")
        self._keys.append((place, named))
