"""A folder that nobody else may look into, and the two keys in it: the root of the ring, and the one that signs."""

import hashlib
import stat
from pathlib import Path

from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat, load_pem_private_key

from redstick.adapters.disk import PosixDisk, PosixFile
from redstick.adapters.keys.whole import keep_whole, read_whole, wipe
from redstick.kernel.errors import Corruption, Unavailable
from redstick.kernel.ports import Disk
from redstick.kernel.proof.statements import Ed25519Signer
from redstick.kernel.secrets.ciphers import KEY_BYTES, Entropy

OTHERS = stat.S_IRWXG | stat.S_IRWXO
ROOT, SIGNING, NEXT = "root.key", "signing.pem", "signing.next.pem"
CHECK_DIGITS = 16


class PrivateDisk(PosixDisk):
    """A folder of its owner's alone; raises Unavailable when others may look into one that is there already."""

    def __init__(self, folder: Path) -> None:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        if folder.stat().st_mode & OTHERS:
            raise Unavailable(f"{folder}: others may look into it; `chmod 700` it first")
        super().__init__(folder)

    def open(self, name: str, *, create: bool = False) -> PosixFile:
        """Open a file; one that is made here is its owner's alone."""
        file = super().open(name, create=create)
        if create:
            (self.folder / name).chmod(0o600)
        return file


def make_root(disk: Disk, entropy: Entropy) -> bytes:
    """Make the root key of a ring and keep it; raises FileExistsError when there is one."""
    _refuse_second(disk, ROOT)
    root = entropy(KEY_BYTES)
    keep_whole(disk, ROOT, f"redstick-root 1 {root.hex()} {_check(root)}\n".encode())
    return root


def read_root(disk: Disk) -> bytes:
    """The root key; raises FileNotFoundError, or Corruption when it is not what was written."""
    words = read_whole(disk, ROOT).decode("ascii", "replace").split()
    try:
        root = bytes.fromhex(words[2])
    except (IndexError, ValueError):
        root = b""
    if words[:2] != ["redstick-root", "1"] or len(root) != KEY_BYTES or words[3:] != [_check(root)]:
        raise Corruption(f"{ROOT}: byte 0: not the root key that was written")
    return root


def make_signer(disk: Disk, entropy: Entropy, name: str = SIGNING) -> Ed25519Signer:
    """Make a key that signs heads and keep it, as PEM (PKCS #8); raises FileExistsError when there is one."""
    _refuse_second(disk, name)
    seed = entropy(KEY_BYTES)
    key = Ed25519PrivateKey.from_private_bytes(seed)
    keep_whole(disk, name, key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()))
    return Ed25519Signer(seed)


def read_signer(disk: Disk, name: str = SIGNING) -> Ed25519Signer:
    """The key that signs heads; raises FileNotFoundError, or Corruption when it is not an Ed25519 key."""
    try:
        key = load_pem_private_key(read_whole(disk, name), password=None)
    except (ValueError, TypeError, UnsupportedAlgorithm) as error:
        raise Corruption(f"{name}: byte 0: not a private key in PEM: {error}") from error
    if not isinstance(key, Ed25519PrivateKey):
        raise Corruption(f"{name}: byte 0: not an Ed25519 key")
    return Ed25519Signer(key.private_bytes_raw())


def promote_signer(disk: Disk) -> None:
    """Let the next signing key take the place of the one that signed until now, which is overwritten."""
    keep_whole(disk, SIGNING, read_whole(disk, NEXT))
    wipe(disk, NEXT)


def _refuse_second(disk: Disk, name: str) -> None:
    if name in disk.list():
        raise FileExistsError(f"{name}: there is one already")


def _check(key: bytes) -> str:
    return hashlib.sha256(b"redstick check 1" + key).hexdigest()[:CHECK_DIGITS]
