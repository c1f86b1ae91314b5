"""What is kept of a rule beside its tree: who wrote it, what it means, where it looks.

Author and references stay with every result: the SigmaHQ corpus asks for it (Detection Rule License 1.1).
"""

from typing import Literal

from msgspec import Struct

from redstick.defense.sigma.tree import Node
from redstick.defense.sigma.witness import Witness

LEVELS = ("informational", "low", "medium", "high", "critical")

Operator = Literal["lt", "lte", "gt", "gte", "eq", "neq"]
CorrelationKind = Literal[
    "event_count",
    "value_count",
    "temporal",
    "temporal_ordered",
    "value_sum",
    "value_avg",
    "value_percentile",
    "value_median",
]


class LogSource(Struct, frozen=True):
    """Where a rule looks; None means anywhere."""

    product: str | None = None
    category: str | None = None
    service: str | None = None


class Title(Struct, frozen=True):
    """What a person reads of a rule. `id` is the rule's UUID, or its name or path where it has none."""

    id: str
    name: str | None
    title: str
    level: str
    status: str
    author: str
    description: str
    references: tuple[str, ...]
    tags: tuple[str, ...]
    false_positives: tuple[str, ...]
    path: str


class DetectionRule(Struct, frozen=True, tag="detection"):
    """One compiled rule. `event_ids` are the only ones it can fire on, None if any; `witness` serves the prefilter."""

    about: Title
    source: LogSource
    tree: Node
    event_ids: tuple[str, ...] | None = None
    witness: Witness | None = None


class Filter(Struct, frozen=True, tag="filter"):
    """A filter document: `tree` must hold too for rules of this log source; `rules` None means all of them."""

    about: Title
    source: LogSource
    rules: tuple[str, ...] | None
    tree: Node


class All(Struct, frozen=True, tag="all"):
    """Every part of an extended temporal condition holds."""

    parts: "tuple[Condition, ...]"


class Any(Struct, frozen=True, tag="any"):
    """At least one part of an extended temporal condition holds."""

    parts: "tuple[Condition, ...]"


class No(Struct, frozen=True, tag="no"):
    """The part of an extended temporal condition does not hold."""

    part: "Condition"


class Seen(Struct, frozen=True, tag="seen"):
    """The rule of this id fired inside the window."""

    rule: str


Condition = All | Any | No | Seen


class CorrelationRule(Struct, frozen=True, tag="correlation"):
    """One correlation (specification 2.1.0, "Correlation").

    `rules` are ids or names as written; `aliases` maps an alias to its field per rule; `bounds` are all to hold;
    `fields` are counted, summed or ranked by the `value_*` kinds; `percentile` is 0 to 100; `generate` True lets the
    base rules alert as well; `expression` is an extended temporal condition in place of "all of the rules".
    """

    about: Title
    kind: CorrelationKind
    rules: tuple[str, ...]
    group_by: tuple[str, ...]
    aliases: dict[str, dict[str, str]]
    window_ms: int
    bounds: tuple[tuple[Operator, float], ...]
    fields: tuple[str, ...]
    percentile: float
    generate: bool
    expression: Condition | None = None


Document = DetectionRule | Filter | CorrelationRule


class Refusal(Struct, frozen=True):
    """A document that cannot be evaluated, and why: never an empty answer."""

    path: str
    title: str
    reason: str
