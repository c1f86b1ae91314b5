"""Correlation documents to `CorrelationRule` (specification 2.1.0, "Correlation")."""

from typing import Any, get_args

from sigma.correlations import (
    CorrelationConditionAND,
    CorrelationConditionNOT,
    CorrelationConditionOR,
    SigmaCorrelationCondition,
    SigmaCorrelationRule,
    SigmaExtendedCorrelationCondition,
    SigmaRuleReference,
)
from sigma.exceptions import SigmaCorrelationConditionError

from redstick.defense.sigma.rules import All, Condition, CorrelationRule, No, Operator, Seen, Title
from redstick.defense.sigma.rules import Any as AnyOf

OPERATORS = frozenset(get_args(Operator))
MEDIAN = 50.0


def correlation_rule(rule: SigmaCorrelationRule, about: Title, written: dict[str, Any]) -> CorrelationRule:
    """A correlation as values. Raises SigmaError for what cannot be evaluated."""
    expression: Condition | None = None
    names = tuple(reference.reference for reference in rule.rules or ())
    bounds: tuple[tuple[Operator, float], ...] = (("gte", 1),)
    fields: tuple[str, ...] = ()
    percentile = MEDIAN
    if isinstance(rule.condition, SigmaExtendedCorrelationCondition):
        expression = _condition(rule.condition.parsed)
        names = names or tuple(rule.condition.get_referenced_rules())
    elif isinstance(rule.condition, SigmaCorrelationCondition):
        bounds = _bounds(written.get("condition"), rule.condition)
        reference = rule.condition.fieldref
        fields = (reference,) if isinstance(reference, str) else tuple(reference or ())
        percentile = _percentile(rule)
    if rule.type.name.startswith("VALUE_") and rule.type.name != "VALUE_COUNT" and len(fields) != 1:
        raise SigmaCorrelationConditionError(f"{rule.type.name.lower()} needs exactly one field")
    return CorrelationRule(
        about=about,
        kind=rule.type.name.lower(),  # type: ignore[arg-type]  # the names are those of CorrelationKind
        rules=names,
        group_by=tuple(rule.group_by or ()),
        aliases={
            a.alias: {ref.reference: field for ref, field in (a.mapping or {}).items()} for a in rule.aliases or ()
        },
        window_ms=rule.timespan.seconds * 1000,
        bounds=bounds,
        fields=fields,
        percentile=percentile,
        generate=rule.generate,
        expression=expression,
    )


def relaxed(document: dict[str, Any]) -> dict[str, Any]:
    """The document with one operator in its condition: the specification allows a range, pySigma takes one operator."""
    inner = document["correlation"]
    condition = inner.get("condition") if isinstance(inner, dict) else None
    if not isinstance(condition, dict):
        return document
    extra = sorted(OPERATORS & condition.keys())[1:]
    return {**document, "correlation": {**inner, "condition": {k: v for k, v in condition.items() if k not in extra}}}


def _bounds(written: Any, parsed: SigmaCorrelationCondition) -> tuple[tuple[Operator, float], ...]:
    """All operators of the condition: two of them make a range, for which pySigma has no place (see `relaxed`)."""
    if isinstance(written, dict):
        operators = sorted(OPERATORS & written.keys())
        if not all(isinstance(written[op], int | float) for op in operators):
            raise SigmaCorrelationConditionError(f"thresholds must be numbers: {written}")
        if len(operators) > 1:
            return tuple((op, written[op]) for op in operators)
    return ((parsed.op.name.lower(), parsed.count),)  # type: ignore[return-value]  # the names are those of Operator


def _percentile(rule: SigmaCorrelationRule) -> float:
    if rule.type.name != "VALUE_PERCENTILE" or not isinstance(rule.condition, SigmaCorrelationCondition):
        return MEDIAN
    given = rule.condition.percentile
    if given is None or not 0 <= given <= 100:
        raise SigmaCorrelationConditionError("value_percentile needs `percentile`, a number from 0 to 100")
    return float(given)


def _condition(item: Any) -> Condition:
    if isinstance(item, SigmaRuleReference):
        return Seen(item.reference)
    parts = tuple(_condition(part) for part in item.args)
    if isinstance(item, CorrelationConditionAND):
        return All(parts)
    if isinstance(item, CorrelationConditionOR):
        return AnyOf(parts)
    if isinstance(item, CorrelationConditionNOT):
        return No(parts[0])
    raise SigmaCorrelationConditionError(f"condition of an unknown kind: {type(item).__name__}")
