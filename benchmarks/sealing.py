"""What secrets cost: sealing and opening beside bare AES-256-GCM, a new data key beside a bare write and sync."""

import os
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from benchmarks.figure import Figure, cpu_us
from redstick.adapters.disk import PosixDisk
from redstick.adapters.keys.files import FileKeyRing
from redstick.kernel.secrets.periods import Length
from redstick.kernel.secrets.state import PeriodKey, RetentionClass, Secrets
from redstick.kernel.secrets.vault import Vault
from redstick.kernel.values import Rejection

NOON = 1_700_000_000_000
TEXT = "Somebody is trying to get in by the back door, and I am alone with the children"
CALLS = RetentionClass("call-audio", Length.MONTH, 1, 1, "bench")
STATE = Secrets({"call-audio": CALLS}, {"call-audio/2023-11": PeriodKey("call-audio", "2023-11", NOON)})
TIMES, KEYS = 5_000, 300


def permit(audience: str, field: str, purpose: str) -> Rejection | None:
    """Everything: the authority has its own benchmark."""
    del audience, field, purpose
    return None


def measure() -> Iterator[Figure]:
    """One field sealed and opened; the first field of a new case."""
    with tempfile.TemporaryDirectory() as folder:
        ring = FileKeyRing(PosixDisk(Path(folder)), bytes(32), os.urandom)
        vault = Vault("bench", ring, lambda: STATE, permit, os.urandom)
        handle = vault.seal("case_1", "call.words", "call-audio", TEXT, NOON)
        if isinstance(handle, Rejection):
            raise TypeError(f"nothing was sealed: {handle}")
        bare = cpu_us(lambda: AESGCM(bytes(32)).encrypt(os.urandom(12), TEXT.encode(), b"place"), TIMES)
        spent = cpu_us(lambda: vault.seal("case_1", "call.words", "call-audio", TEXT, NOON), TIMES)
        yield Figure("secret_sealed", spent, "us of CPU", bare, "us of bare AES-256-GCM", TIMES)
        spent = cpu_us(lambda: vault.open_sealed(handle, "case_1", "call.words", "floor", "open_case"), TIMES)
        yield Figure("secret_opened", spent, "us of CPU", bare, "us of bare AES-256-GCM", TIMES)
        yield new_keys(ring, Path(folder))


def new_keys(ring: FileKeyRing, folder: Path) -> Figure:
    """A data key made and durable, in turn with a bare write and sync of as many bytes."""
    descriptor = os.open(folder / "bare", os.O_RDWR | os.O_CREAT)
    ours = bare = 0.0
    for number in range(KEYS):
        began = time.perf_counter()
        ring.key_for("call-audio", "2023-11", f"case_new_{number}")
        ours += time.perf_counter() - began
        began = time.perf_counter()
        os.write(descriptor, bytes(180))
        os.fdatasync(descriptor)
        bare += time.perf_counter() - began
    os.close(descriptor)
    return Figure("data_key_made", ours / KEYS * 1e3, "ms", bare / KEYS * 1e3, "ms of a bare write and sync", KEYS)
