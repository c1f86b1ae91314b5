"""RFC 6962 §2.1 as it is written there, recursive and slow: what the tree is held to."""

import hashlib


def split(size):
    """The largest power of two below `size`."""
    k = 1
    while 2 * k < size:
        k *= 2
    return k


def root(lines):
    """MTH(D[n])."""
    if not lines:
        return hashlib.sha256().digest()
    if len(lines) == 1:
        return hashlib.sha256(b"\x00" + lines[0]).digest()
    k = split(len(lines))
    return hashlib.sha256(b"\x01" + root(lines[:k]) + root(lines[k:])).digest()


def path(m, lines):
    """PATH(m, D[n])."""
    if len(lines) == 1:
        return []
    k = split(len(lines))
    return [*path(m, lines[:k]), root(lines[k:])] if m < k else [*path(m - k, lines[k:]), root(lines[:k])]


def proof(m, lines):
    """PROOF(m, D[n])."""
    return subproof(m, lines, whole=True)


def subproof(m, lines, *, whole):
    """SUBPROOF(m, D[n], b)."""
    if m == len(lines):
        return [] if whole else [root(lines)]
    k = split(len(lines))
    if m <= k:
        return [*subproof(m, lines[:k], whole=whole), root(lines[k:])]
    return [*subproof(m - k, lines[k:], whole=False), root(lines[:k])]
