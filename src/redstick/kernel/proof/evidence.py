"""Evidence: one record, or one stretch of history, proven in a JSON file that a person can send by mail.

It holds whole stored lines and signed statements as text, so that who receives it hashes what was stored.
`redstick_verify` checks it with the public key alone.
"""

import msgspec

from redstick.kernel.proof import paths
from redstick.kernel.proof.nodes import Nodes
from redstick.kernel.proof.statements import KeyHistory


class Inclusion(msgspec.Struct, frozen=True, tag_field="proves", tag="inclusion"):
    """`line` stands at `position` of the journal of the signed `head`; `path` is the audit path, in hexadecimal.

    `keys` are the statements that name the journal's keys, oldest first.
    """

    redstick_proof: int
    position: int
    line: str
    path: list[str]
    head: str
    keys: list[str]


class Consistency(msgspec.Struct, frozen=True, tag_field="proves", tag="consistency"):
    """The journal of the signed head `new` begins with the very lines of the journal of the signed head `old`."""

    redstick_proof: int
    old: str
    path: list[str]
    new: str
    keys: list[str]


FORM = 1


def prove_inclusion(position: int, line: bytes, head_line: bytes, nodes: Nodes, keys: KeyHistory) -> Inclusion:
    """Evidence that `line` stands at `position`; raises ValueError when the head does not reach that far."""
    size = keys.head(head_line).position
    path = [node.hex() for node in paths.inclusion(nodes.node, position - 1, size)]
    return Inclusion(FORM, position, line.decode(), path, head_line.decode(), _texts(keys))


def prove_consistency(old_line: bytes, new_line: bytes, nodes: Nodes, keys: KeyHistory) -> Consistency:
    """Evidence that nothing was rewritten between two signed heads; raises ValueError when the old is not the older."""
    old, new = (keys.head(line).position for line in (old_line, new_line))
    path = [node.hex() for node in paths.consistency(nodes.node, old, new)]
    return Consistency(FORM, old_line.decode(), path, new_line.decode(), _texts(keys))


def as_json(evidence: Inclusion | Consistency) -> bytes:
    """The file, laid out for a reader."""
    return msgspec.json.format(msgspec.json.encode(evidence), indent=1) + b"\n"


def _texts(keys: KeyHistory) -> list[str]:
    return [line.decode() for line in keys.lines]
