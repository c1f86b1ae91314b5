"""A tree against one event, leaf by leaf: the meaning of every leaf, for any shape of value.

The engine runs a compiled form of the common cases (`compiled`); whatever that form does not cover comes here, and so
does `explain`. Absent fields make every positive leaf false, and NOT of it true.
"""

import ipaddress
from collections.abc import Callable
from functools import lru_cache
from typing import Any

import re2  # type: ignore[import-untyped]  # the package ships no types

from redstick.defense.sigma.tree import (
    ANY,
    ONE,
    And,
    Cidr,
    Compare,
    Exists,
    FieldRef,
    Glob,
    Leaf,
    Match,
    Node,
    Not,
    Null,
    Or,
    Present,
    Regex,
    TimePart,
)
from redstick.defense.sigma.values import (
    ABSENT,
    Fields,
    address_of,
    all_texts,
    fold,
    is_null,
    number_of,
    texts,
    time_of,
    time_part,
)

Search = Callable[[str], Any]


def holds(node: Node, fields: Fields) -> bool:
    """Whether an event satisfies a tree."""
    if isinstance(node, And):
        return all(holds(child, fields) for child in node.children)
    if isinstance(node, Or):
        return any(holds(child, fields) for child in node.children)
    if isinstance(node, Not):
        return not holds(node.child, fields)
    return leaf_holds(node, fields)


def leaf_holds(leaf: Leaf, fields: Fields) -> bool:
    """Whether one leaf is true: some element of its field satisfies it."""
    if isinstance(leaf, Exists):
        return (leaf.field in fields) == leaf.wanted
    if isinstance(leaf, Null):
        return is_null(fields.get(leaf.field, ABSENT))
    if isinstance(leaf, FieldRef):
        return _refers(leaf, fields)
    values = all_texts(fields) if leaf.field is None else texts(fields.get(leaf.field, ABSENT))
    return any(map(element_test(leaf), values))


@lru_cache(maxsize=20_000)
def element_test(leaf: Leaf) -> Callable[[str], bool]:
    """What one element of the leaf's field has to satisfy."""
    if isinstance(leaf, Match):
        return _match_test(leaf)
    if isinstance(leaf, Present):
        return lambda _: True
    if isinstance(leaf, Glob):
        search = glob_search(leaf.parts)
        return (lambda v: search(v) is not None) if leaf.cased else (lambda v: search(fold(v)) is not None)
    if isinstance(leaf, Regex):
        return regex_test(leaf.pattern, leaf.flags)
    if isinstance(leaf, Cidr):
        return cidr_test(leaf.network)
    if isinstance(leaf, Compare):
        return compare_test(leaf.op, leaf.number)
    if isinstance(leaf, TimePart):
        return time_test(leaf.unit, leaf.number)
    raise TypeError(f"{type(leaf).__name__} is decided on the field, not on its elements")


def _match_test(leaf: Match) -> Callable[[str], bool]:
    values, shape = leaf.values, (lambda v: v) if leaf.cased else fold
    if leaf.op == "equals":
        allowed = frozenset(values)
        return lambda v: shape(v) in allowed
    if leaf.op == "startswith":
        return lambda v: shape(v).startswith(values)
    if leaf.op == "endswith":
        return lambda v: shape(v).endswith(values)

    def contains(value: str) -> bool:
        text = shape(value)
        return any(part in text for part in values)

    return contains


def _options(flags: str = "") -> Any:
    options = re2.Options()
    options.log_errors = False
    options.case_sensitive = "i" not in flags
    options.dot_nl = "s" in flags
    return options


def glob_search(parts: tuple[str | int, ...]) -> Search:
    """A whole-text matcher of a wildcard pattern, linear in the text."""
    signs = {ANY: ".*", ONE: "."}
    body = "".join(re2.escape(part) if isinstance(part, str) else signs[part] for part in parts)
    pattern = re2.compile(rf"\A(?s:{body})\z", _options())
    return pattern.search  # type: ignore[no-any-return]  # the package ships no types


def regex_test(pattern: str, flags: str) -> Callable[[str], bool]:
    """Search for an RE2 pattern; `$` also stands before one final line feed, as PCRE and the rules' authors have it."""
    prefix = "(?m)" if "m" in flags else ""
    search = re2.compile(prefix + pattern, _options(flags)).search
    if "$" not in pattern:
        return lambda v: search(v) is not None
    return lambda v: search(v) is not None or (v.endswith("\n") and search(v[:-1]) is not None)


def cidr_test(network: str) -> Callable[[str], bool]:
    """Membership of an address in a network of the same version."""
    inside = ipaddress.ip_network(network)

    def test(value: str) -> bool:
        address = address_of(value)
        return address is not None and address.version == inside.version and address in inside

    return test


def compare_test(op: str, number: float) -> Callable[[str], bool]:
    """Comparison with a number; text that is no number compares as false, also with `neq`."""
    compare: dict[str, Callable[[float], bool]] = {
        "lt": lambda n: n < number,
        "lte": lambda n: n <= number,
        "gt": lambda n: n > number,
        "gte": lambda n: n >= number,
        "neq": lambda n: n != number,
    }
    chosen = compare[op]

    def test(value: str) -> bool:
        found = number_of(value)
        return found is not None and chosen(found)

    return test


def time_test(unit: str, number: int) -> Callable[[str], bool]:
    """Comparison of one part of a time in UTC."""

    def test(value: str) -> bool:
        when = time_of(value)
        return when is not None and time_part(when, unit) == number

    return test


def _refers(leaf: FieldRef, fields: Fields) -> bool:
    ours = [fold(v) for v in texts(fields.get(leaf.field, ABSENT))]
    theirs = [fold(v) for v in texts(fields.get(leaf.other, ABSENT))]
    return any(related(leaf.op, a, b) for a in ours for b in theirs)


def related(op: str, a: str, b: str) -> bool:
    """Whether folded text `a` equals, contains, starts or ends with `b`."""
    if op == "equals":
        return a == b
    if op == "contains":
        return b in a
    return a.startswith(b) if op == "startswith" else a.endswith(b)
