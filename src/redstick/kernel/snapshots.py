"""Snapshots: the committed fold as bytes, to begin from without folding everything. Each equals the fold.

A snapshot is one line `redstick-snapshot 1 position=<n> sha256=<of what follows>` and one JSON object. It can be thrown
away at any time: the journal is the truth, and a snapshot that does not verify is not used.
"""

import hashlib
import re

import msgspec

from redstick.kernel.envelope import opened
from redstick.kernel.errors import Corruption
from redstick.kernel.fold import StoredFold
from redstick.kernel.recall import History

_HEADER = re.compile(rb"redstick-snapshot 1 position=(\d+) sha256=([0-9a-f]{64})\n")


class StoredRequest(msgspec.Struct, frozen=True, array_like=True):
    """A command that a reaction asked and no line has answered yet."""

    id: str
    kind: str
    command: msgspec.Raw


class Snapshot(msgspec.Struct, frozen=True):
    """The committed fold, and what reactions are owed."""

    fold: StoredFold
    owed: list[StoredRequest]


def stands_in(snapshot: Snapshot, history: History) -> bool:
    """Whether a snapshot is of this very history: at its position the journal holds the line whose hash it cites.

    A journal that lost its end to a lying disk, or came back from a back-up, may have grown another past that position.
    """
    if snapshot.fold.position == 0:
        return True
    line = next(iter(history(snapshot.fold.position - 1)), b"")
    return line.startswith(snapshot.fold.hash.encode()) and opened(line).position == snapshot.fold.position


def written_snapshot(snapshot: Snapshot) -> bytes:
    """A snapshot as it is stored; equal folds give equal bytes."""
    body = msgspec.json.encode(snapshot)
    digest = hashlib.sha256(body).hexdigest()
    return b"redstick-snapshot 1 position=%d sha256=%s\n" % (snapshot.fold.position, digest.encode()) + body


def read_snapshot(data: bytes) -> Snapshot:
    """A stored snapshot; raises Corruption when it is not as it was written."""
    header = _HEADER.match(data)
    if header is None:
        raise Corruption("byte 0: not the header of a snapshot")
    body = data[header.end() :]
    if hashlib.sha256(body).hexdigest().encode() != header[2]:
        raise Corruption(f"byte {header.end()}: the bytes of the snapshot are not those that were written")
    try:
        snapshot = msgspec.json.decode(body, type=Snapshot)
    except msgspec.MsgspecError as error:
        raise Corruption(f"a snapshot with a right digest cannot be read: {error}") from error
    if snapshot.fold.position != int(header[1]):
        raise Corruption("byte 0: the header names another position than the snapshot")
    return snapshot
