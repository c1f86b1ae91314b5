"""The Merkle tree of RFC 6962 §2.1 over stored lines, grown a line at a time.

A leaf is SHA-256(0x00 ‖ line), a node SHA-256(0x01 ‖ left ‖ right). Only the roots of complete subtrees are held, one
for each bit of the size, so that an append costs O(1) hashes on average and the whole state is O(log n).
"""

import hashlib
from collections.abc import Sequence


class Tree:
    """A growing tree; `size` leaves so far. `peaks` are the roots of its complete subtrees, the largest first."""

    def __init__(self, size: int = 0, peaks: Sequence[bytes] = ()) -> None:
        """Begin empty, or go on from the size and the peaks of another; raises ValueError when they do not fit."""
        if len(peaks) != size.bit_count():
            raise ValueError(f"a tree of {size} leaves has {size.bit_count()} complete subtrees, not {len(peaks)}")
        self.size = size
        self.peaks = list(peaks)

    def append(self, line: bytes) -> list[bytes]:
        """Add a line; gives the hashes this completes: its leaf, then each complete subtree that ends with it."""
        return self.grow(leaf_hash(line))

    def grow(self, leaf: bytes) -> list[bytes]:
        """Add a line of which only the leaf is known; gives the same as `append`."""
        completed = [leaf]
        self.size += 1
        for _ in range((self.size & -self.size).bit_length() - 1):
            completed.append(node_hash(self.peaks.pop(), completed[-1]))
        self.peaks.append(completed[-1])
        return completed

    def root(self) -> bytes:
        """The root: SHA-256 of nothing for an empty tree."""
        return fold_peaks(self.peaks)


def fold_peaks(peaks: Sequence[bytes]) -> bytes:
    """The root over complete subtrees, the largest first: SHA-256 of nothing when there are none."""
    if not peaks:
        return hashlib.sha256().digest()
    *rest, node = peaks
    for peak in reversed(rest):
        node = node_hash(peak, node)
    return node


def leaf_hash(line: bytes) -> bytes:
    """The hash of a leaf."""
    return hashlib.sha256(b"\x00" + line).digest()


def node_hash(left: bytes, right: bytes) -> bytes:
    """The hash of a node over two others."""
    return hashlib.sha256(b"\x01" + left + right).digest()
