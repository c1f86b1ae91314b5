"""What proof costs: growing the tree beside bare hashes, a proof among a million lines beside one signature's check."""

import random
import tempfile
import time
from collections.abc import Iterator
from hashlib import sha256
from pathlib import Path

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

from benchmarks.figure import Figure, cpu_us
from redstick.adapters.disk import PosixDisk
from redstick.adapters.heads import FileHeads
from redstick.adapters.memory import MemoryJournal
from redstick.kernel.proof import paths
from redstick.kernel.proof.evidence import as_json, prove_consistency, prove_inclusion
from redstick.kernel.proof.nodes import Nodes
from redstick.kernel.proof.notary import Notary
from redstick.kernel.proof.statements import Ed25519Signer, KeyHistory

LINES, BATCH, PROOFS = 1_000_000, 512, 2_000
SIGNER = Ed25519Signer(bytes(range(32)))


def line(position: int) -> bytes:
    """A stored line of common length."""
    return b'%064x {"position":%d,"payload":"%s"}\n' % (position, position, b"x" * 240)


def bare_us() -> float:
    """CPU of the two hashes that one line costs at the least."""
    one, node = b"\0" + line(1), bytes(65)
    return cpu_us(lambda: (sha256(one).digest(), sha256(node).digest()), 20_000)


def grown(notary: Notary) -> float:
    """Give the notary all lines, in batches; gives the CPU that a line cost, in microseconds."""
    spent = 0.0
    for first in range(1, LINES + 1, BATCH):
        batch = [line(position) for position in range(first, min(first + BATCH, LINES + 1))]
        began = time.process_time()
        notary.take(batch)
        spent += time.process_time() - began
    return spent / LINES * 1e6


def signature_check_us() -> float:
    """What the reader of any evidence pays for its signature."""
    public, message = Ed25519PublicKey.from_public_bytes(SIGNER.public), bytes(300)
    signature = SIGNER.sign(message)
    return cpu_us(lambda: public.verify(signature, message), 500)


def measure() -> Iterator[Figure]:
    """Growing and proving over a million lines, the node file on a disk."""
    with tempfile.TemporaryDirectory() as folder:
        disk = PosixDisk(Path(folder))
        heads = FileHeads(disk)
        notary = Notary("bench", MemoryJournal(), disk, heads, SIGNER)
        yield Figure("proof_tree_line", grown(notary), "us of CPU", bare_us(), "us of the two bare hashes", LINES)
        began = time.perf_counter()
        notary.sign(1)
        seconds = time.perf_counter() - began
        yield Figure("proof_head_signed", seconds * 1e3, "ms with its syncs", 1000, "ms, our own bound", 1)
        notary.close()
        yield from proofs(Nodes(disk), heads)


def proofs(nodes: Nodes, heads: FileHeads) -> Iterator[Figure]:
    """Inclusion and consistency at places without order, and the size of the evidence."""
    checked, dice = signature_check_us(), random.Random(7)
    limit = "us of one signature check"
    places = iter([dice.randrange(LINES) for _ in range(5 * PROOFS)])
    spent = cpu_us(lambda: paths.inclusion(nodes.node, next(places), LINES), PROOFS)
    yield Figure("proof_inclusion", spent, "us of CPU", checked, limit, PROOFS)
    places = iter([dice.randrange(1, LINES) for _ in range(5 * PROOFS)])
    spent = cpu_us(lambda: paths.consistency(nodes.node, next(places), LINES), PROOFS)
    yield Figure("proof_consistency", spent, "us of CPU", checked, limit, PROOFS)
    [newest], keys = heads.newest(), KeyHistory("bench", heads.keys())
    size = max(len(as_json(prove_inclusion(at, line(at), newest, nodes, keys))) for at in (1, 777_777, LINES))
    yield Figure("proof_evidence", size, "bytes", 8192, "bytes, our own bound for a mail", 3)
    both = len(as_json(prove_consistency(newest, newest, nodes, keys)))
    yield Figure("proof_of_history", both, "bytes", 8192, "bytes, our own bound for a mail", 1)
