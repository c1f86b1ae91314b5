"""A detection as plain values: AND, OR and NOT over typed leaves.

Trees are immutable and hold nothing but text, numbers and tuples, so that they can be written to an image and read
back without running anything. Text in a caseless leaf is already folded (`values.fold`).
"""

from typing import Literal

from msgspec import Struct
from msgspec.structs import replace

ANY = 0  # `*` in a Glob: any run of characters, also none
ONE = 1  # `?` in a Glob: exactly one character


class Match(Struct, frozen=True, tag="match"):
    """Some element of the field stands in relation `op` to one of `values`; `field` None means any value of the event.

    `cased` compares the text as recorded, otherwise both sides are folded.
    """

    field: str | None
    op: Literal["equals", "contains", "startswith", "endswith"]
    values: tuple[str, ...]
    cased: bool = False


class Present(Struct, frozen=True, tag="present"):
    """The field has at least one value that is text, also an empty one: a `*` that stands alone."""

    field: str | None


class Glob(Struct, frozen=True, tag="glob"):
    """Some element of the field matches the wildcard pattern: literals with `ANY` and `ONE` between them."""

    field: str | None
    parts: tuple[str | int, ...]
    cased: bool = False


class Regex(Struct, frozen=True, tag="regex"):
    """Some element of the field contains a match of an RE2 pattern; `flags` is a subset of `ims` in that order."""

    field: str | None
    pattern: str
    flags: str = ""


class Cidr(Struct, frozen=True, tag="cidr"):
    """Some element of the field is an IP address inside the network; an IPv4 address mapped into IPv6 is IPv4."""

    field: str
    network: str


class Compare(Struct, frozen=True, tag="compare"):
    """Some element of the field is a decimal number in relation `op` to `number`; text that is no number never is."""

    field: str
    op: Literal["lt", "lte", "gt", "gte", "neq"]
    number: int | float


class Null(Struct, frozen=True, tag="null"):
    """The field is absent, JSON null, an empty list, or has an empty element."""

    field: str


class Exists(Struct, frozen=True, tag="exists"):
    """The field's name occurs in the event, whatever its value, also null; `wanted` False: it does not."""

    field: str
    wanted: bool


class FieldRef(Struct, frozen=True, tag="fieldref"):
    """Some element of the field stands in relation `op` to some element of the field `other`, both folded."""

    field: str
    op: Literal["equals", "contains", "startswith", "endswith"]
    other: str


class TimePart(Struct, frozen=True, tag="timepart"):
    """Some element of the field is a time whose `unit`, read in UTC, is `number`; weeks are ISO 8601 weeks."""

    field: str
    unit: Literal["minute", "hour", "day", "week", "month", "year"]
    number: int


class And(Struct, frozen=True, tag="and"):
    """Every child holds."""

    children: "tuple[Node, ...]"


class Or(Struct, frozen=True, tag="or"):
    """At least one child holds."""

    children: "tuple[Node, ...]"


class Not(Struct, frozen=True, tag="not"):
    """The child does not hold; so NOT over an absent field holds."""

    child: "Node"


Leaf = Match | Present | Glob | Regex | Cidr | Compare | Null | Exists | FieldRef | TimePart
Node = And | Or | Not | Match | Present | Glob | Regex | Cidr | Compare | Null | Exists | FieldRef | TimePart


def simplified(node: Node) -> Node:
    """The same meaning with fewer nodes: nested AND and OR flattened, OR-siblings on one field and operator merged."""
    if isinstance(node, Not):
        return Not(simplified(node.child))
    if not isinstance(node, And | Or):
        return node
    kind = type(node)
    flat: list[Node] = []
    for child in map(simplified, node.children):
        flat.extend(child.children if isinstance(child, kind) else (child,))
    if kind is Or:
        flat = _merged(flat)
    return flat[0] if len(flat) == 1 else kind(tuple(flat))


def _merged(children: list[Node]) -> list[Node]:
    slots: dict[tuple[str | None, str, bool], tuple[int, Match]] = {}
    out: list[Node] = []
    for child in children:
        if not isinstance(child, Match):
            out.append(child)
            continue
        key = (child.field, child.op, child.cased)
        at, first = slots.get(key, (len(out), None))
        merged = child
        if first is None:
            out.append(child)
        else:
            out[at] = merged = replace(first, values=tuple(dict.fromkeys(first.values + child.values)))
        slots[key] = (at, merged)
    return out


def fields_of(node: Node) -> dict[str, None]:
    """Names of the fields that a tree reads, in the order in which it reads them; keyword leaves read none by name."""
    names: dict[str, None] = {}
    _collect(node, names)
    return names


def _collect(node: Node, names: dict[str, None]) -> None:
    if isinstance(node, And | Or):
        for child in node.children:
            _collect(child, names)
    elif isinstance(node, Not):
        _collect(node.child, names)
    else:
        if node.field is not None:
            names[node.field] = None
        if isinstance(node, FieldRef):
            names[node.other] = None


def leaves_of(node: Node) -> list[Leaf]:
    """The leaves of a tree, left to right."""
    if isinstance(node, And | Or):
        return [leaf for child in node.children for leaf in leaves_of(child)]
    if isinstance(node, Not):
        return leaves_of(node.child)
    return [node]
