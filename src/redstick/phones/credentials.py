"""What a phone proves itself by: a password that is made, shown once and kept nowhere; its digests are (RFC 7616).

Who has a digest could register as the phone, so digests are not in the journal either: they stand in a book beside it,
like the hashes of passwords, and go with the device.
"""

import hashlib
from collections.abc import Callable
from typing import Protocol

import msgspec

PASSWORD_BYTES = 18  # of entropy: 144 bits, 24 characters of the URL-safe alphabet
ALGORITHMS = ("SHA-256", "MD5")  # MD5 for desk phones that know nothing else


class PhoneCredentials(msgspec.Struct, frozen=True):
    """What is typed into a phone, shown once."""

    device: str
    realm: str
    password: str


class CredentialBook(Protocol):
    """Keeps digests by device; fills `comms.signalling.PhoneUsers` too."""

    @property
    def realm(self) -> str:
        """The domain of the phones' addresses."""

    def keep(self, device: str, digests: dict[str, str]) -> None:
        """Keep a device's digests by algorithm, instead of those before; raises Unavailable."""

    def forget(self, device: str) -> None:
        """Keep none; raises Unavailable."""

    def secret(self, user: str, algorithm: str) -> str | None:
        """A device's digest, hexadecimal; None where there is none."""


def new_credentials(device: str, realm: str, password: Callable[[], str]) -> tuple[PhoneCredentials, dict[str, str]]:
    """PhoneCredentials for a device, and the digests to keep of them."""
    made = PhoneCredentials(device, realm, password())
    return made, {algorithm: digest_of(made, algorithm) for algorithm in ALGORITHMS}


def digest_of(credentials: PhoneCredentials, algorithm: str) -> str:
    """H(A1) = H(user:realm:password)."""
    said = f"{credentials.device}:{credentials.realm}:{credentials.password}".encode()
    if algorithm == "SHA-256":
        return hashlib.sha256(said).hexdigest()
    return hashlib.md5(said, usedforsecurity=False).hexdigest()  # asked by RFC 7616 of phones that know nothing else
