"""Inclusion and consistency proofs (RFC 6962 §2.1.1 and §2.1.2) from the hashes of complete subtrees.

`node(level, index)` gives the hash of the complete subtree over leaves `index << level` to `(index + 1) << level`, the
end left out. A proof over n leaves asks for O(log² n) of them and holds at most log₂ n + 1.
"""

from collections.abc import Callable

from redstick.kernel.proof.merkle import fold_peaks

Node = Callable[[int, int], bytes]


def root_of(node: Node, start: int, end: int) -> bytes:
    """The root over leaves `start` to `end` (left out); `start` is one at which RFC 6962 splits a tree."""
    peaks: list[bytes] = []
    while start < end:
        level = (end - start).bit_length() - 1
        peaks.append(node(level, start >> level))
        start += 1 << level
    return fold_peaks(peaks)


def inclusion(node: Node, index: int, size: int) -> list[bytes]:
    """The audit path of leaf `index`, from 0, in the tree of the first `size` leaves; the leaf's sibling first."""
    if not 0 <= index < size:
        raise ValueError(f"leaf {index} is not one of {size}")
    start, end = 0, size
    path: list[bytes] = []
    while end - start > 1:
        middle = start + _left_size(end - start)
        if index < middle:
            path.append(root_of(node, middle, end))
            end = middle
        else:
            path.append(root_of(node, start, middle))
            start = middle
    return path[::-1]


def consistency(node: Node, old: int, new: int) -> list[bytes]:
    """The proof that the tree of the first `old` leaves is the beginning of that of the first `new`."""
    if not 0 < old <= new:
        raise ValueError(f"a tree of {old} leaves is not the beginning of one of {new}")
    start, end = 0, new
    path: list[bytes] = []
    while end != old:
        middle = start + _left_size(end - start)
        if old <= middle:
            path.append(root_of(node, middle, end))
            end = middle
        else:
            path.append(root_of(node, start, middle))
            start = middle
    if start:  # a verifier that knows the old root knows this one only when it is the whole of it
        path.append(root_of(node, start, end))
    return path[::-1]


def _left_size(size: int) -> int:
    """The largest power of two below `size` (RFC 6962 §2.1)."""
    return 1 << (size - 1).bit_length() - 1
