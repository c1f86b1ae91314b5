"""AES-256-GCM, used so that no nonce repeats: not after a restart, not on another node, not with a bad random source.

A nonce is computed from entropy, the associated data and the text itself, under a key of its own. Good entropy makes it
random; without any, it repeats only for the same text in the same place, which then gives the same bytes again.
"""

import hashlib
import hmac
from collections.abc import Callable

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

Entropy = Callable[[int], bytes]  # so many unpredictable bytes; injected

KEY_BYTES, NONCE_BYTES, TAG_BYTES = 32, 12, 16
ENTROPY_BYTES = 16
BLOCK_BYTES = 32  # texts are padded to a multiple, so that a length tells little
_END = b"\x80"  # of the text; zeros follow (ISO/IEC 9797-1, padding method 2)


def encrypt(key: bytes, text: bytes, associated: bytes, entropy: Entropy) -> bytes:
    """Nonce, ciphertext and tag. What decrypts it again must give the same `associated` bytes."""
    text_key, nonce_key = _derived(key)
    said = hashlib.sha256(associated).digest() + hashlib.sha256(text).digest()
    nonce = hmac.digest(nonce_key, entropy(ENTROPY_BYTES) + said, "sha256")[:NONCE_BYTES]
    padded = (text + _END).ljust(-(-(len(text) + 1) // BLOCK_BYTES) * BLOCK_BYTES, b"\0")
    return nonce + AESGCM(text_key).encrypt(nonce, padded, associated)


def decrypt(key: bytes, sealed: bytes, associated: bytes) -> bytes | None:
    """The text; None when these bytes were not made with this key and these associated bytes."""
    if len(sealed) < NONCE_BYTES + TAG_BYTES:
        return None
    try:
        padded = AESGCM(_derived(key)[0]).decrypt(sealed[:NONCE_BYTES], sealed[NONCE_BYTES:], associated)
    except InvalidTag:
        return None
    return padded[: padded.rindex(_END)]


def _derived(key: bytes) -> tuple[bytes, bytes]:
    """Two keys for two uses, for texts and for nonces: the halves of HMAC-SHA-512, taken as a pseudorandom function."""
    both = hmac.digest(key, b"redstick secrets 1", "sha512")
    return both[:KEY_BYTES], both[KEY_BYTES:]
