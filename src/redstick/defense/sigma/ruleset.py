"""A rule set that can be evaluated together: filters bound, references resolved, what cannot be is listed."""

from collections.abc import Iterable, Sequence

from msgspec import Struct
from msgspec.structs import replace

from redstick.defense.sigma.logsources import covers, guard_of, is_known
from redstick.defense.sigma.rules import (
    Condition,
    CorrelationRule,
    DetectionRule,
    Document,
    Filter,
    No,
    Refusal,
    Seen,
)
from redstick.defense.sigma.tree import And, simplified


class RuleSet(Struct, frozen=True):
    """Rules in order of id; correlations with what they refer to before them; `unrouted` name log sources we lack."""

    rules: tuple[DetectionRule, ...]
    correlations: tuple[CorrelationRule, ...]
    refusals: tuple[Refusal, ...]
    unrouted: tuple[str, ...]


def assemble(documents: Iterable[Document | Refusal]) -> RuleSet:
    """Join documents into a rule set. A second document with an id that is taken is refused, by path order."""
    refusals: list[Refusal] = []
    rules: dict[str, DetectionRule] = {}
    correlations: dict[str, CorrelationRule] = {}
    filters: list[Filter] = []
    taken: dict[str, str] = {}
    for document in sorted(documents, key=lambda d: d.path if isinstance(d, Refusal) else d.about.path):
        if isinstance(document, Refusal):
            refusals.append(document)
            continue
        about = document.about
        if taken.setdefault(about.id, about.path) != about.path:
            refusals.append(Refusal(about.path, about.title, f"its id {about.id} is taken by {taken[about.id]}"))
        elif isinstance(document, DetectionRule):
            rules[about.id] = document
        elif isinstance(document, CorrelationRule):
            correlations[about.id] = document
        else:
            filters.append(document)
    bound = tuple(_bound(rules[key], filters) for key in sorted(rules))
    usable, missing = _resolved(bound, correlations)
    unrouted = sorted({_name(rule) for rule in bound if not is_known(rule.source)})
    return RuleSet(bound, usable, tuple(refusals + missing), tuple(unrouted))


def _name(rule: DetectionRule) -> str:
    source = rule.source
    return "/".join(part or "*" for part in (source.product, source.category, source.service))


def _bound(rule: DetectionRule, filters: Sequence[Filter]) -> DetectionRule:
    """The rule with its log source's guard and every filter that names it; these only narrow, so the witness stands."""
    guard = guard_of(rule.source)
    extra = [guard] if guard is not None else []
    names = {rule.about.id, rule.about.name}
    extra += [f.tree for f in filters if covers(f.source, rule.source) and (f.rules is None or names & set(f.rules))]
    return replace(rule, tree=simplified(And((rule.tree, *extra)))) if extra else rule


def _resolved(
    rules: Sequence[DetectionRule], correlations: dict[str, CorrelationRule]
) -> tuple[tuple[CorrelationRule, ...], list[Refusal]]:
    """Correlations with references replaced by ids, base first; the others with their reason."""
    ids: dict[str, str] = {}
    for about in [r.about for r in rules] + [c.about for c in correlations.values()]:
        ids[about.id] = about.id
        if about.name:
            ids.setdefault(about.name, about.id)
    base = {rule.about.id for rule in rules}
    done: dict[str, CorrelationRule] = {}
    refused: list[Refusal] = []
    waiting = dict(sorted(correlations.items()))
    while waiting:
        ready = [c for c in waiting.values() if all(ids.get(r) in base | done.keys() for r in c.rules)]
        if not ready:
            break
        for correlation in ready:
            done[correlation.about.id] = _by_id(correlation, ids)
            del waiting[correlation.about.id]
    for correlation in waiting.values():
        missing = [r for r in correlation.rules if r not in ids]
        reason = (
            f"it refers to {', '.join(missing)}, which is not here" if missing else "its references run in a circle"
        )
        refused.append(Refusal(correlation.about.path, correlation.about.title, reason))
    return tuple(done.values()), refused


def _by_id(correlation: CorrelationRule, ids: dict[str, str]) -> CorrelationRule:
    aliases = {
        alias: {ids.get(rule, rule): field for rule, field in mapping.items()}
        for alias, mapping in correlation.aliases.items()
    }
    expression = None if correlation.expression is None else _renamed(correlation.expression, ids)
    rules = tuple(dict.fromkeys(ids[r] for r in correlation.rules))
    return replace(correlation, rules=rules, aliases=aliases, expression=expression)


def _renamed(condition: Condition, ids: dict[str, str]) -> Condition:
    """The extended condition with rules by their ids."""
    if isinstance(condition, Seen):
        return Seen(ids[condition.rule])
    if isinstance(condition, No):
        return No(_renamed(condition.part, ids))
    return type(condition)(tuple(_renamed(part, ids) for part in condition.parts))
