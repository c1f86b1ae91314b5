"""One Python function per rule, made when the rule is first a candidate.

A function takes two maps from field name to text: folded and as recorded, both answering None for an absent field, and
decides exactly as `evaluate.holds` does for events whose fields are plain text. Literals enter the generated source
only through `repr`; everything that is not a comparison of text stands in the namespace as a ready-made test.
"""

from collections.abc import Callable
from typing import Any

from redstick.defense.sigma.evaluate import element_test, related
from redstick.defense.sigma.tree import (
    And,
    Exists,
    FieldRef,
    Leaf,
    Match,
    Node,
    Not,
    Null,
    Or,
    Present,
    leaves_of,
)
from redstick.defense.sigma.values import Fields, fold, text_of

Texts = Any  # `Folded` and `Plain`, or anything whose [name] is text or None
Verdict = Callable[[Texts, Texts], bool]
MAX_DEPTH = 40  # Python's own compiler nests no deeper than about 90 parentheses


def compilable(node: Node) -> bool:
    """Whether the compiled form covers a tree: no keyword and `exists` leaves, and not nested beyond reason."""
    return _depth(node) <= MAX_DEPTH and all(
        leaf.field is not None and not isinstance(leaf, Exists) for leaf in leaves_of(node)
    )


def _depth(node: Node) -> int:
    if isinstance(node, And | Or):
        return 1 + max(map(_depth, node.children), default=0)
    return 1 + _depth(node.child) if isinstance(node, Not) else 1


def compile_rule(node: Node) -> Verdict:
    """The function of a tree that is `compilable`."""
    namespace: dict[str, Any] = {"related": related}
    source = f"lambda folded, plain: {_expression(node, namespace)}"
    verdict: Verdict = eval(compile(source, "<sigma rule>", "eval"), namespace)  # noqa: S307  (built here from a tree; text enters by repr)
    return verdict


def _expression(node: Node, namespace: dict[str, Any]) -> str:
    if isinstance(node, And):
        # Comparisons of text first: they are cheap and mostly say no.
        ordered = sorted(node.children, key=_cost)
        return "(" + " and ".join(_expression(child, namespace) for child in ordered) + ")" if ordered else "True"
    if isinstance(node, Or):
        return "(" + " or ".join(_expression(child, namespace) for child in node.children) + ")"
    if isinstance(node, Not):
        return f"(not {_expression(node.child, namespace)})"
    return _leaf(node, namespace)


def _cost(node: Node) -> int:
    if isinstance(node, Match):
        return len(node.values) if node.op == "contains" else 1
    if isinstance(node, Not):
        return _cost(node.child)
    if isinstance(node, And | Or):
        return sum(map(_cost, node.children))
    return 20


def _leaf(leaf: Leaf, namespace: dict[str, Any]) -> str:
    slot = f"{'plain' if getattr(leaf, 'cased', False) else 'folded'}[{leaf.field!r}]"
    if isinstance(leaf, Match):
        return _match(leaf, slot)
    if isinstance(leaf, Present):
        return f"(folded[{leaf.field!r}] is not None)"
    if isinstance(leaf, Null):
        return f"(not folded[{leaf.field!r}])"
    if isinstance(leaf, FieldRef):
        return (
            f"((a := {slot}) is not None and (b := folded[{leaf.other!r}]) is not None and related({leaf.op!r}, a, b))"
        )
    name = f"test_{len(namespace)}"
    namespace[name] = element_test(leaf)
    return f"((a := plain[{leaf.field!r}]) is not None and {name}(a))"


def _match(leaf: Match, slot: str) -> str:
    values = leaf.values
    if leaf.op == "equals":
        return f"({slot} == {values[0]!r})" if len(values) == 1 else f"({slot} in {{{', '.join(map(repr, values))}}})"
    if leaf.op in {"startswith", "endswith"}:
        argument = repr(values[0]) if len(values) == 1 else repr(values)
        return f"((a := {slot}) is not None and a.{leaf.op}({argument}))"
    parts = " or ".join(f"{value!r} in a" for value in values)
    return f"((a := {slot}) is not None and ({parts}))"


class Plain(dict[str, str | None]):
    """Field name to text as recorded, None for absent and null; filled as rules ask."""

    __slots__ = ("fields",)

    def __init__(self, fields: Fields) -> None:
        super().__init__()
        self.fields = fields

    def __missing__(self, name: str) -> str | None:
        text = self[name] = text_of(self.fields.get(name))
        return text


class Folded(dict[str, str | None]):
    """Field name to folded text, None for absent and null; filled as rules ask."""

    __slots__ = ("plain",)

    def __init__(self, plain: Plain) -> None:
        super().__init__()
        self.plain = plain

    def __missing__(self, name: str) -> str | None:
        text = self.plain[name]
        folded = self[name] = None if text is None else fold(text)
        return folded
