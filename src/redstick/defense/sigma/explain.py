"""Why a rule fired on one event, or which gate and which comparison said no.

The reasons are a smallest proof: of an AND that fails the first child that fails, of an OR that fails every child, of
one that holds the first that holds; under NOT a comparison is wanted not to hold.
"""

from collections.abc import Callable, Iterator, Sequence
from typing import Any, Literal

from msgspec import Struct

from redstick.defense.sigma.bucket import with_aliases
from redstick.defense.sigma.engine import Engine
from redstick.defense.sigma.evaluate import element_test, holds, leaf_holds
from redstick.defense.sigma.logsources import Source, looks_at
from redstick.defense.sigma.rules import LogSource, Title
from redstick.defense.sigma.tree import (
    ANY,
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
from redstick.defense.sigma.values import ABSENT, Fields, all_texts, fold, texts

Gate = Literal["source", "event id", "prefilter", "condition", "fired"]

SHOWN_VALUES = 3
SHOWN_CHARACTERS = 160


class Reason(Struct, frozen=True):
    """One comparison: as Sigma writes it, whether the rule wants it to hold, and whether it does.

    `seen` is what the event has in `field`, quoted, or `absent`, `null` or `[]`; for a keyword, which has no field, it
    is the value with the keyword in it.
    """

    text: str
    wanted: bool
    holds: bool
    field: str
    seen: str


class Explanation(Struct, frozen=True):
    """`gate` is what stopped the rule, `sentence` says it in words, `nearness` how far the event came, 0 to 1."""

    rule: Title
    gate: Gate
    sentence: str
    reasons: tuple[Reason, ...]
    nearness: float

    @property
    def fired(self) -> bool:
        """Whether the rule fired on the event."""
        return self.gate == "fired"


def explain(engine: Engine, number: int, source: Source, fields: Fields) -> Explanation:
    """The verdict of one rule, by its number in the engine, on one event."""
    rule = engine.rules[number]
    if not looks_at(rule.source, source):
        sentence = f"it looks at {source_text(rule.source)}; this event is {event_source_text(source)}"
        return Explanation(rule.about, "source", sentence, (), 0.0)
    bucket = engine.bucket(source)
    if number not in bucket.numbers:
        sentence = f"it can only fire on EventID {', '.join(rule.event_ids or ())}; this event has {source.event_id}"
        return Explanation(rule.about, "event id", sentence, (), 0.0)
    whole = with_aliases(fields, bucket.aliases)
    reasons = tuple(proof(rule.tree, whole))
    if number in bucket.match(fields, None):
        return Explanation(rule.about, "fired", "it fired", reasons, 1.0)
    failing = next((r for r in reasons if r.holds != r.wanted), None)
    sentence = "its condition does not hold" if failing is None else failing_text(failing)
    gate: Gate = "condition" if bucket.is_candidate(number, fields) else "prefilter"
    return Explanation(rule.about, gate, sentence, reasons, nearness(rule.tree, whole))


def proof(node: Node, fields: Fields, *, wanted: bool = True) -> Iterator[Reason]:
    """The comparisons that settle a tree, in the rule's order."""
    if isinstance(node, Not):
        yield from proof(node.child, fields, wanted=not wanted)
    elif isinstance(node, And | Or):
        settling = isinstance(node, Or)  # one true child settles an OR, one false child an AND
        one = next((child for child in node.children if holds(child, fields) is settling), None)
        for child in node.children if one is None else (one,):
            yield from proof(child, fields, wanted=wanted)
    else:
        yield Reason(leaf_text(node, fields), wanted, leaf_holds(node, fields), node.field or "", seen(node, fields))


def nearness(node: Node, fields: Fields) -> float:
    """How far an event came, 0 to 1: the share of what the rule asks for; what it excludes counts a tenth of that."""
    parts = node.children if isinstance(node, And) else (node,)
    asked = [holds(part, fields) for part in parts if not isinstance(part, Not)] or [True]
    excluded = [holds(part, fields) for part in parts if isinstance(part, Not)] or [True]
    return (sum(asked) / len(asked) + 0.1 * sum(excluded) / len(excluded)) / 1.1


def failing_text(reason: Reason) -> str:
    """The first comparison that is not as the rule wants it."""
    has = f"{reason.field} {reason.seen}".strip()
    return f"{'needs' if reason.wanted else 'excludes'} {reason.text}; in the event: {has}"


def source_text(source: LogSource) -> str:
    """A rule's log source, such as `windows/process_creation`."""
    return "/".join(part for part in (source.product, source.category, source.service) if part) or "everything"


def event_source_text(source: Source) -> str:
    """An event's source in the same words, with its channel and event id where it has them."""
    names = "/".join((source.product, *source.categories, *source.services))
    place = f" ({source.channel} {source.event_id})".replace(" )", ")") if source.channel else ""
    return names + place


def leaf_text(leaf: Leaf, fields: Fields) -> str:
    """A comparison in Sigma's notation; of many values those that match, or the first few."""
    field = leaf.field or "any value"
    if isinstance(leaf, Match):
        matching = [v for v in leaf.values if leaf_holds(Match(leaf.field, leaf.op, (v,), leaf.cased), fields)]
        mode = ("" if leaf.op == "equals" else f"|{leaf.op}") + ("|cased" if leaf.cased else "")
        return f"{field}{mode}: {_some(matching or leaf.values)}"
    if isinstance(leaf, Glob):
        signs = ("*" if part == ANY else "?" if isinstance(part, int) else part for part in leaf.parts)
        return f"{field}{'|cased' if leaf.cased else ''}: {quoted(''.join(signs))}"
    texts_of: dict[type, Callable[[Any], str]] = {
        Present: lambda _: f"{field}: '*'",
        Regex: lambda x: f"{field}|re{''.join(f'|{flag}' for flag in x.flags)}: {x.pattern}",
        Cidr: lambda x: f"{field}|cidr: {x.network}",
        Compare: lambda x: f"{field}|{x.op}: {x.number}",
        Null: lambda _: f"{field}: null",
        Exists: lambda x: f"{field}|exists: {str(x.wanted).lower()}",
        FieldRef: lambda x: f"{field}|{x.op}|fieldref: {x.other}".replace("|equals", ""),
        TimePart: lambda x: f"{field}|{x.unit}: {x.number}",
    }
    return texts_of[type(leaf)](leaf)


def _some(values: Sequence[str]) -> str:
    shown = " or ".join(map(quoted, values[:SHOWN_VALUES]))
    return shown + (f" or {len(values) - SHOWN_VALUES} more" if len(values) > SHOWN_VALUES else "")


def quoted(text: str) -> str:
    """A text between quotes, its end left out where it is long."""
    return f"'{text if len(text) <= SHOWN_CHARACTERS else text[:SHOWN_CHARACTERS] + '…'}'"


def seen(leaf: Leaf, fields: Fields) -> str:
    """What the event has in the leaf's field: the element that satisfies the leaf, else the first few."""
    if leaf.field is None:
        return _hit(leaf, list(all_texts(fields))) if leaf_holds(leaf, fields) else "in no value"
    value = fields.get(leaf.field, ABSENT)
    if value is ABSENT or value is None:
        return "absent" if value is ABSENT else "null"
    other = fields.get(leaf.other) if isinstance(leaf, FieldRef) else None
    beside = "" if other is None or not isinstance(leaf, FieldRef) else f", {leaf.other} {_hit(leaf, texts(other))}"
    return _hit(leaf, texts(value)) + beside


def _hit(leaf: Leaf, values: Sequence[str]) -> str:
    if isinstance(leaf, Null | Exists | FieldRef):
        chosen = list(values)
    else:
        test = element_test(leaf)
        chosen = [v for v in values if test(v)] or list(values)
    if not chosen:
        return "[]"
    return ", ".join(_cut(value, _place(leaf, value)) for value in chosen[:SHOWN_VALUES])


def _place(leaf: Leaf, value: str) -> int:
    """Where in a long text the leaf found what it looks for."""
    if not isinstance(leaf, Match):
        return 0
    text = value if leaf.cased else fold(value)
    return max(0, min((text.find(part) for part in leaf.values if part in text), default=0))


def _cut(text: str, place: int) -> str:
    """A text of readable length around a place."""
    if len(text) <= SHOWN_CHARACTERS:
        return f"'{text}'"
    start = max(0, min(place - SHOWN_CHARACTERS // 3, len(text) - SHOWN_CHARACTERS))
    end = start + SHOWN_CHARACTERS
    return f"'{'…' if start else ''}{text[start:end]}{'…' if end < len(text) else ''}'"
