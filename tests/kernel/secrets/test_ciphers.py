"""AES-256-GCM as it is used here: what is opened is what was sealed, and a nonce never meets another text."""

import random

import pytest
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from hypothesis import given
from hypothesis import strategies as st

from redstick.kernel.secrets.ciphers import BLOCK_BYTES, NONCE_BYTES, TAG_BYTES, decrypt, encrypt

KEY, OTHER = bytes(range(32)), bytes(range(1, 33))


def constant(count):
    """The worst random source there is."""
    return b"\7" * count


@given(st.binary(max_size=200), st.binary(max_size=50), st.integers(0, 1000))
def test_what_was_encrypted_comes_back(text, associated, seed):
    """Any text with any associated bytes."""
    assert decrypt(KEY, encrypt(KEY, text, associated, random.Random(seed).randbytes), associated) == text


@given(st.binary(max_size=100), st.data())
def test_anything_else_gives_nothing(text, data):
    """Another key, other associated bytes, one flipped bit or a missing end: None, never another text."""
    sealed = encrypt(KEY, text, b"place", constant)
    bit = data.draw(st.integers(0, 8 * len(sealed) - 1))
    flipped = sealed[: bit // 8] + bytes([sealed[bit // 8] ^ (1 << bit % 8)]) + sealed[bit // 8 + 1 :]
    assert decrypt(OTHER, sealed, b"place") is None
    assert decrypt(KEY, sealed, b"palace") is None
    assert decrypt(KEY, flipped, b"place") is None
    assert decrypt(KEY, sealed[: data.draw(st.integers(0, len(sealed) - 1))], b"place") is None


@given(st.lists(st.tuples(st.binary(max_size=9), st.sampled_from([b"", b"a", b"b"])), unique=True, max_size=30))
def test_no_nonce_meets_two_texts_though_the_random_source_stands_still(many):
    """With constant entropy, other texts or other places get other nonces: a repeated nonce tells nothing new."""
    nonces = [encrypt(KEY, text, place, constant)[:NONCE_BYTES] for text, place in many]
    assert len(set(nonces)) == len(nonces)


def test_the_same_text_twice_is_not_the_same_bytes():
    """With a working random source handles of one text do not tell that they are."""
    entropy = random.Random(7).randbytes
    assert len({encrypt(KEY, b"555-0100", b"place", entropy) for _ in range(100)}) == 100


@pytest.mark.parametrize("length", [0, 1, 30, 31, 32, 63, 64])
def test_lengths_tell_little(length):
    """Texts are padded to whole blocks, at least one byte behind the text."""
    sealed = encrypt(KEY, b"x" * length, b"", constant)
    assert len(sealed) == NONCE_BYTES + TAG_BYTES + (length // BLOCK_BYTES + 1) * BLOCK_BYTES


def test_it_is_aes_256_gcm_and_nothing_of_our_own():
    """The bytes are those of the library's AES-256-GCM, under half of an HMAC-SHA-512 of the key."""
    import hashlib
    import hmac

    sealed = encrypt(KEY, b"text", b"place", constant)
    derived = hmac.new(KEY, b"redstick secrets 1", hashlib.sha512).digest()[:32]
    opened = AESGCM(derived).decrypt(sealed[:12], sealed[12:], b"place")
    assert opened == b"text\x80" + bytes(27)
