r"""Proofs: one record by mail, one stretch of history, all signed heads of a journal.

The tree is that of RFC 6962 §2.1 over whole stored lines, line break included. A statement is `<signature> <body>\n`:
Ed25519 in 128 hexadecimal digits over `redstick-statement 1\n` and the bytes of `body`. Its body is JSON: a *head*
{journal, position, chain, root, recorded_at, key} says where a journal stood, a *key* {journal, position, public,
recorded_at, key} lets the key `public` speak for heads from that position and time on, and is signed by the key before.
"""

import hashlib
import json
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path
from typing import Any

from cryptography.exceptions import InvalidSignature, UnsupportedAlgorithm
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from cryptography.hazmat.primitives.serialization import load_pem_public_key

PREFIX = b"redstick-statement 1\n"
Numbered = Iterable[tuple[int, bytes]]  # (position, stored line with its line break)


class Fault(Exception):  # noqa: N818  (named for what was found)
    """What is offered does not prove what it says."""


def public_key(given: str) -> bytes:
    """A public key from 64 hexadecimal digits, or from a file that holds these or PEM; raises Fault."""
    try:
        text = given if len(given) == 64 and not Path(given).exists() else Path(given).read_text(encoding="ascii")
        if "BEGIN" not in text:
            return Ed25519PublicKey.from_public_bytes(bytes.fromhex(text.strip())).public_bytes_raw()
        key = load_pem_public_key(text.encode())
    except (OSError, ValueError, UnsupportedAlgorithm) as error:
        raise Fault(f"{given}: not a public key: 64 hexadecimal digits, or a file with these or PEM") from error
    if not isinstance(key, Ed25519PublicKey):
        raise Fault(f"{given}: not an Ed25519 key")
    return key.public_bytes_raw()


# The tree


def leaf_of(line: bytes) -> bytes:
    """RFC 6962 §2.1: the hash of a leaf."""
    return hashlib.sha256(b"\x00" + line).digest()


def _join(left: bytes, right: bytes) -> bytes:
    return hashlib.sha256(b"\x01" + left + right).digest()


class Roots:
    """Roots of a list that grows: complete subtrees as (leaves, hash), merged while the last two are of one size."""

    def __init__(self) -> None:
        self.size = 0
        self._subtrees: list[tuple[int, bytes]] = []

    def add(self, leaf: bytes) -> None:
        """One more leaf."""
        self.size += 1
        leaves, node = 1, leaf
        while self._subtrees and self._subtrees[-1][0] == leaves:
            node = _join(self._subtrees.pop()[1], node)
            leaves *= 2
        self._subtrees.append((leaves, node))

    def root(self) -> bytes:
        """The root over all leaves so far."""
        if not self._subtrees:
            return hashlib.sha256().digest()
        node = self._subtrees[-1][1]
        for _, left in self._subtrees[-2::-1]:
            node = _join(left, node)
        return node


def included(leaf: bytes, index: int, size: int, path: Sequence[bytes], root: bytes) -> bool:
    """RFC 9162 §2.1.3.2: whether `path` leads from leaf `index`, counted from 0, to the root of a tree of `size`."""
    if not 0 <= index < size:
        return False
    at, last, node = index, size - 1, leaf
    for step in path:
        if last == 0:
            return False
        if at & 1 or at == last:
            node = _join(step, node)
            while not at & 1 and at:
                at, last = at >> 1, last >> 1
        else:
            node = _join(node, step)
        at, last = at >> 1, last >> 1
    return last == 0 and node == root


def continued(old: int, new: int, path: Sequence[bytes], old_root: bytes, new_root: bytes) -> bool:
    """RFC 9162 §2.1.4.2: whether `path` shows that a tree of `new` leaves begins with that of `old`."""
    if not 0 < old <= new:
        return False
    if old == new:
        return not path and old_root == new_root
    steps = list(path) if old & (old - 1) else [old_root, *path]
    if not steps:
        return False
    at, last = old - 1, new - 1
    while at & 1:
        at, last = at >> 1, last >> 1
    of_old = of_new = steps[0]
    for step in steps[1:]:
        if last == 0:
            return False
        if at & 1 or at == last:
            of_old, of_new = _join(step, of_old), _join(step, of_new)
            while not at & 1 and at:
                at, last = at >> 1, last >> 1
        else:
            of_new = _join(of_new, step)
        at, last = at >> 1, last >> 1
    return last == 0 and of_old == old_root and of_new == new_root


# Statements


class Keys:
    """The keys of a journal from the one that the reader trusts on; with None the first one is believed."""

    def __init__(self, lines: Sequence[bytes], trusted: bytes | None) -> None:
        stated = [_body(line, "key") for line in lines]
        try:
            named = [bytes.fromhex(_text(body, "public")) for body in stated]
        except ValueError as error:
            raise Fault("a statement names a key that is none") from error
        if not named or (trusted is not None and trusted not in named):
            raise Fault("the key that is trusted is none of this journal's")
        self.journal = _text(stated[0], "journal")
        first = named.index(trusted) if trusted is not None else 0
        places = [_place(body) for body in stated]
        for i, line in enumerate(lines):
            _signed(line, named[max(i - 1, 0)])
            if stated[i]["journal"] != self.journal or places[i] < places[max(i - 1, 0)]:
                raise Fault("a statement of a key does not go on from the one before it")
        self._speaks = list(zip(places, named, strict=True))[first:]
        self.public = named[-1]

    def head(self, line: bytes) -> dict[str, Any]:
        """The signed head in a line; raises Fault when the key of its position did not sign it."""
        body = _body(line, "head")
        speaking = [key for since, key in self._speaks if since <= _place(body)]
        if not speaking or _text(body, "journal") != self.journal:
            raise Fault("a head that no trusted key of this journal speaks for")
        _signed(line, speaking[-1])
        return body


def _signed(line: bytes, key: bytes) -> None:
    try:
        Ed25519PublicKey.from_public_bytes(key).verify(bytes.fromhex(line[:128].decode()), PREFIX + line[129:-1])
    except (InvalidSignature, ValueError) as error:
        raise Fault("a statement was changed, or was not signed by the key that should have") from error


def _body(line: bytes, what: str) -> dict[str, Any]:
    try:
        body = json.loads(line[129:])
    except ValueError as error:
        raise Fault("a statement is not JSON") from error
    if not isinstance(body, dict) or body.get("statement") != what or line[128:129] != b" " or line[-1:] != b"\n":
        raise Fault(f"not the statement of a {what}")
    return body


def _place(body: dict[str, Any]) -> tuple[int, int]:
    """In which order statements were made."""
    return _number(body, "position"), _number(body, "recorded_at")


def _text(body: dict[str, Any], name: str) -> str:
    value = body.get(name)
    if not isinstance(value, str):
        raise Fault(f"{name}: a text was expected")
    return value


def _number(body: dict[str, Any], name: str) -> int:
    value = body.get(name)
    if type(value) is not int or value < 0:
        raise Fault(f"{name}: a whole number was expected")
    return value


# Evidence in a file


def check_evidence(evidence: object, trusted: bytes) -> dict[str, Any]:
    """What a piece of evidence proves to the holder of a public key; raises Fault when it proves nothing."""
    if not isinstance(evidence, dict) or _number(evidence, "redstick_proof") != 1:
        raise Fault("not a proof of form 1")
    try:
        keys = Keys([_text({"keys": key}, "keys").encode() for key in evidence["keys"]], trusted)
        path = [bytes.fromhex(step) for step in evidence["path"]]
        if evidence.get("proves") == "inclusion":
            return _check_inclusion(evidence, keys, path)
        if evidence.get("proves") == "consistency":
            return _check_consistency(evidence, keys, path)
    except (KeyError, TypeError, ValueError) as error:
        raise Fault(f"not a proof of form 1: {error}") from error
    raise Fault("proves neither inclusion nor consistency")


def _check_inclusion(evidence: dict[str, Any], keys: Keys, path: list[bytes]) -> dict[str, Any]:
    head = keys.head(_text(evidence, "head").encode())
    position, line = _number(evidence, "position"), _text(evidence, "line").encode()
    if not included(leaf_of(line), position - 1, head["position"], path, bytes.fromhex(head["root"])):
        raise Fault(f"the path does not lead from this line at position {position} to the signed root")
    record = json.loads(line[65:])
    if not isinstance(record, dict) or record.get("position") != position:
        raise Fault(f"the line does not say that it stands at position {position}")
    return {"proves": "inclusion", "journal": keys.journal, "position": position, "record": record, "head": head}


def _check_consistency(evidence: dict[str, Any], keys: Keys, path: list[bytes]) -> dict[str, Any]:
    old, new = (keys.head(_text(evidence, name).encode()) for name in ("old", "new"))
    roots = [bytes.fromhex(head["root"]) for head in (old, new)]
    if not continued(old["position"], new["position"], path, roots[0], roots[1]):
        raise Fault(f"the journal at {new['position']} does not begin with what it was at {old['position']}")
    return {"proves": "consistency", "journal": keys.journal, "old": old, "head": new}


# A whole journal


def check_heads(
    lines: Numbered, heads: Iterable[bytes], keys: Keys, lost: Callable[[int], bytes | None] | None = None
) -> dict[str, Any]:
    """Hold the lines of a journal to each of its signed heads: {signed_heads, signed_position, lost, first_bad}.

    `lost` gives the leaf of a position whose line cannot be read any more: a root that was signed says whether it is
    the right one. Without one, the leaf is that of an empty line.
    """
    follower = _Follower(lines, lost)
    found: dict[str, Any] = {"signed_heads": 0, "signed_position": 0, "lost": 0, "first_bad": None}
    for line in heads:
        try:
            head = keys.head(line)
            follower.hold_to(head)
        except Fault as fault:
            return {**found, "lost": follower.lost, "first_bad": f"signed head {found['signed_heads'] + 1}: {fault}"}
        found["signed_heads"] += 1
        found["signed_position"] = head["position"]
    return {**found, "lost": follower.lost}


class _Follower:
    """Follows the lines of a journal from one signed head to the next."""

    def __init__(self, lines: Numbered, leaf_of_lost: Callable[[int], bytes | None] | None) -> None:
        self.lost = 0
        self._lines, self._leaf_of_lost = iter(lines), leaf_of_lost
        self._roots = Roots()
        self._line, self._next = b"", next(self._lines, None)

    def hold_to(self, head: dict[str, Any]) -> None:
        """Go on to the position of a head; raises Fault when the journal is not what it says."""
        position, size = head["position"], self._roots.size
        if position < size:
            raise Fault(f"the head of position {position} stands behind that of {size}")
        while self._roots.size < position:
            self._step(position)
        chain = self._line[:64].decode() if self._line else head["chain"]
        if self._roots.root().hex() != head["root"] or chain != head["chain"]:
            raise Fault(f"the lines up to position {position} are not those that were signed")

    def _step(self, wanted: int) -> None:
        at = self._roots.size + 1
        if self._next is None:
            raise Fault(f"position {wanted} was signed and the journal ends at {at - 1}")
        if self._next[0] == at:
            self._line, self._next = self._next[1], next(self._lines, None)
            self._roots.add(leaf_of(self._line))
        else:
            self._line, self.lost = b"", self.lost + 1
            self._roots.add((self._leaf_of_lost and self._leaf_of_lost(at)) or leaf_of(b""))


def leaf_in(nodes: Path) -> Callable[[int], bytes | None]:
    """Reads leaves from a node file: a header of 32 bytes, then the hashes of a growing tree as they are completed."""

    def leaf(position: int) -> bytes | None:
        before = position - 1
        with nodes.open("rb") as file:
            file.seek(32 * (1 + 2 * before - before.bit_count()))
            return file.read(32) or None

    return leaf
