"""The Merkle tree of RFC 6962 §2.1 over stored lines, grown a line at a time.

A leaf is SHA-256(0x00 ‖ line), a node SHA-256(0x01 ‖ left ‖ right). Only the roots of complete subtrees are held, one
for each bit of the size, so that an append costs O(1) hashes on average and the whole state is O(log n).
"""

import hashlib


class Tree:
    """A growing tree; `size` leaves so far."""

    def __init__(self) -> None:
        self.size = 0
        self._peaks: list[bytes] = []  # roots of complete subtrees, the largest first

    def append(self, line: bytes) -> None:
        """Add one leaf."""
        node = leaf_hash(line)
        self.size += 1
        for _ in range((self.size & -self.size).bit_length() - 1):
            node = node_hash(self._peaks.pop(), node)
        self._peaks.append(node)

    def root(self) -> bytes:
        """The root: SHA-256 of nothing for an empty tree."""
        if not self._peaks:
            return hashlib.sha256().digest()
        *rest, node = self._peaks
        for peak in reversed(rest):
            node = node_hash(peak, node)
        return node


def leaf_hash(line: bytes) -> bytes:
    """The hash of a leaf."""
    return hashlib.sha256(b"\x00" + line).digest()


def node_hash(left: bytes, right: bytes) -> bytes:
    """The hash of a node over two others."""
    return hashlib.sha256(b"\x01" + left + right).digest()
