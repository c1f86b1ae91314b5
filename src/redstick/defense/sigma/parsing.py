"""Rule files to trees. pySigma reads the YAML and applies the modifiers; this file turns its objects into ours.

A document that cannot be evaluated becomes a `Refusal` with its reason: an unresolved placeholder, an unknown
modifier, a regular expression that RE2 refuses because it needs backtracking (an event must not stall the stream).
"""

from collections.abc import Mapping, Sequence
from functools import partial
from typing import Any

import msgspec
import re2  # type: ignore[import-untyped]  # the package ships no types
import yaml
from sigma.collection import deep_dict_update
from sigma.conditions import (
    ConditionAND,
    ConditionFieldEqualsValueExpression,
    ConditionNOT,
    ConditionOR,
    ConditionValueExpression,
)
from sigma.correlations import SigmaCorrelationRule
from sigma.exceptions import SigmaError
from sigma.filters import SigmaFilter
from sigma.rule import SigmaRule
from sigma.rule.base import SigmaYAMLLoader, check_alias_expansion
from sigma.types import (
    Placeholder,
    SigmaBool,
    SigmaCasedString,
    SigmaCIDRExpression,
    SigmaCompareExpression,
    SigmaExists,
    SigmaExpansion,
    SigmaFieldReference,
    SigmaNull,
    SigmaNumber,
    SigmaRegularExpression,
    SigmaString,
    SigmaTimestampPart,
    SpecialChars,
)

from redstick.defense.sigma.correlation_parsing import correlation_rule, relaxed
from redstick.defense.sigma.rules import DetectionRule, Document, Filter, LogSource, Refusal, Title
from redstick.defense.sigma.tree import (
    ANY,
    ONE,
    And,
    Cidr,
    Compare,
    Exists,
    FieldRef,
    Glob,
    Match,
    Node,
    Not,
    Null,
    Or,
    Present,
    Regex,
    TimePart,
    simplified,
)
from redstick.defense.sigma.values import fold, text_of
from redstick.defense.sigma.witness import event_ids, witness_of

Placeholders = Mapping[str, Sequence[str]]

_QUIET = re2.Options()
_QUIET.log_errors = False


class Unusable(Exception):  # noqa: N818  (named for what is the matter)
    """A rule can be read but not evaluated; the message says what is missing."""


def read_file(path: str, content: bytes, placeholders: Placeholders) -> list[Document | Refusal]:
    """All documents of one rule file; `path` is only repeated in results. Never raises for what the file says."""
    try:
        documents = list(yaml.load_all(content, SigmaYAMLLoader))
        for document in documents:
            check_alias_expansion(document, SigmaError, None)
    except (yaml.YAMLError, SigmaError, UnicodeDecodeError, ValueError, RecursionError) as error:
        return [Refusal(path, "", f"not readable as YAML: {_short(error)}")]
    out: list[Document | Refusal] = []
    template: dict[str, Any] = {}
    previous: dict[str, Any] = {}
    for number, document in enumerate(documents):
        if document is None:
            continue
        if not isinstance(document, dict):
            out.append(Refusal(path, "", f"document {number + 1} is {type(document).__name__}, expected a mapping"))
            continue
        action = document.pop("action", None)
        if action == "global":
            template = previous = document
        elif action == "reset":
            template = {}
        else:
            whole = deep_dict_update(previous if action == "repeat" else document, document if action else template)
            previous = whole
            out.append(read_document(f"{path}#{number + 1}" if number else path, whole, placeholders))
    return out


def read_document(path: str, document: dict[str, Any], placeholders: Placeholders) -> Document | Refusal:
    """One rule, filter or correlation."""
    title = str(document.get("title", ""))
    try:
        return _typed(_document(path, document, placeholders))
    except (SigmaError, Unusable) as error:
        return Refusal(path, title, _short(error))
    except (TypeError, ValueError, AttributeError, LookupError, RecursionError, ArithmeticError) as error:
        # pySigma lets these through for documents of a wrong shape, such as a list where a mapping is due.
        return Refusal(path, title, f"malformed document: {type(error).__name__}: {_short(error)}")


def _document(path: str, document: dict[str, Any], placeholders: Placeholders) -> Document:
    if "correlation" in document:
        parsed = SigmaCorrelationRule.from_dict(relaxed(document))
        return correlation_rule(parsed, _about(parsed, path), document["correlation"])
    if "filter" in document:
        _check_patterns(document["filter"])
        return _filter(SigmaFilter.from_dict(document), path, placeholders)
    _check_patterns(document.get("detection"))
    rule = SigmaRule.from_dict(document)
    tree = _tree(rule.detection.parsed_condition, placeholders)
    return DetectionRule(_about(rule, path), _source(rule), tree, event_ids(tree), witness_of(tree))


def _typed(document: Document) -> Document:
    """The document, if every part of it is of the type that an image holds: pySigma passes on what it finds."""
    msgspec.convert(msgspec.to_builtins(document), type=type(document))
    return document


def _short(error: Exception) -> str:
    return " ".join(str(error).split())[:300]


def _about(rule: Any, path: str) -> Title:
    level = rule.level.name.lower() if rule.level else "informational"
    return Title(
        id=str(rule.id or rule.name or path),
        name=rule.name,
        title=rule.title or "",
        level=level,
        status=rule.status.name.lower() if rule.status else "",
        author=rule.author or "",
        description=rule.description or "",
        references=tuple(map(str, rule.references)),
        tags=tuple(f"{tag.namespace}.{tag.name}" for tag in rule.tags),
        false_positives=tuple(map(str, rule.falsepositives)),
        path=path,
    )


def _source(rule: Any) -> LogSource:
    source = rule.logsource
    return LogSource(*(v.lower() if v else None for v in (source.product, source.category, source.service)))


def _filter(rule: SigmaFilter, path: str, placeholders: Placeholders) -> Filter:
    bound = rule.filter.rules
    names = None if isinstance(bound, str) else tuple(reference.reference for reference in bound)
    return Filter(_about(rule, path), _source(rule), names, _tree(rule.filter.parsed_condition, placeholders))


def _tree(conditions: Sequence[Any], placeholders: Placeholders) -> Node:
    """Several conditions are alternatives (specification, "Condition")."""
    trees = tuple(_node(condition.parsed, placeholders) for condition in conditions)
    return simplified(trees[0] if len(trees) == 1 else Or(trees))


def _node(item: Any, placeholders: Placeholders) -> Node:
    below = partial(_node, placeholders=placeholders)
    if isinstance(item, ConditionAND):
        return And(tuple(map(below, item.args)))
    if isinstance(item, ConditionOR):
        return Or(tuple(map(below, item.args)))
    if isinstance(item, ConditionNOT):
        return Not(below(item.args[0]))
    if isinstance(item, ConditionFieldEqualsValueExpression):
        return _leaf(item.field, item.value, placeholders)
    if isinstance(item, ConditionValueExpression):
        return _leaf(None, item.value, placeholders)
    raise Unusable(f"condition of an unknown kind: {type(item).__name__}")


def _leaf(field: str | None, value: Any, placeholders: Placeholders) -> Node:
    if isinstance(value, SigmaExpansion):
        return Or(tuple(_leaf(field, item, placeholders) for item in value.values))
    if isinstance(value, SigmaString):
        return _resolved(field, value, placeholders)
    if isinstance(value, SigmaRegularExpression):
        return _regex(field, value, placeholders)
    if isinstance(value, SigmaBool):
        return _word(field, "true" if value.boolean else "false")
    if isinstance(value, SigmaTimestampPart):
        return TimePart(_named(field), value.timestamp_part.name.lower(), int(value.number))  # type: ignore[arg-type]  # the names are those of TimePart.unit
    if isinstance(value, SigmaNumber):
        return _word(field, text_of(value.number) or "")
    if isinstance(value, SigmaNull):
        return Null(_named(field))
    if isinstance(value, SigmaExists):
        return Exists(_named(field), value.exists)
    if isinstance(value, SigmaCIDRExpression):
        return Cidr(_named(field), str(value.network))
    if isinstance(value, SigmaCompareExpression):
        return Compare(_named(field), value.op.name.lower(), value.number.number)  # type: ignore[arg-type]  # the names are those of Compare.op
    if isinstance(value, SigmaFieldReference):
        modes = {(True, True): "contains", (True, False): "startswith", (False, True): "endswith"}
        mode = modes.get((value.starts_with, value.ends_with), "equals")
        return FieldRef(_named(field), mode, value.field)  # type: ignore[arg-type]  # the modes are those of FieldRef.op
    raise Unusable(f"value of an unknown kind: {type(value).__name__}")


def _named(field: str | None) -> str:
    if field is None:
        raise Unusable("a keyword can only be text")
    return field


def _word(field: str | None, text: str) -> Node:
    return Match(field, "contains" if field is None else "equals", (fold(text),))


def _resolved(field: str | None, value: SigmaString, placeholders: Placeholders) -> Node:
    if not value.contains_placeholder():
        return pattern_leaf(field, _parts(value.s), cased=isinstance(value, SigmaCasedString))

    def known(placeholder: Placeholder) -> Any:
        if placeholder.name not in placeholders:
            raise Unusable(f"placeholder %{placeholder.name}% has no values; give them with --placeholders")
        yield from placeholders[placeholder.name]

    cased = isinstance(value, SigmaCasedString)
    resolved = value.replace_placeholders(known)
    return Or(tuple(pattern_leaf(field, _parts(item.s), cased=cased) for item in resolved))


def _parts(items: Sequence[Any]) -> list[str | int]:
    """A pattern as literals, ANY and ONE, with neighbouring literals joined and runs of ANY made one."""
    out: list[str | int] = []
    for item in items:
        part: str | int = item if isinstance(item, str) else ANY if item is SpecialChars.WILDCARD_MULTI else ONE
        if isinstance(part, str) and out and isinstance(out[-1], str):
            out[-1] += part
        elif not (part == ANY and out and out[-1] == ANY):
            out.append(part)
    return out


def pattern_leaf(field: str | None, parts: Sequence[str | int], *, cased: bool = False) -> Node:
    """The cheapest leaf for a wildcard pattern; a keyword is found anywhere inside a value."""
    if field is None:
        parts = [ANY, *[part for i, part in enumerate(parts) if part != ANY or 0 < i < len(parts) - 1], ANY]
    folded = [part if cased or isinstance(part, int) else fold(part) for part in parts]
    literal = "".join(part for part in folded if isinstance(part, str))
    shape = tuple("t" if isinstance(part, str) else part for part in folded)
    match shape:
        case () | ("t",):
            return Match(field, "equals", (literal,), cased)
        case (0,) | (0, 0):
            return Present(field)
        case (0, "t", 0):
            return Match(field, "contains", (literal,), cased)
        case ("t", 0):
            return Match(field, "startswith", (literal,), cased)
        case (0, "t"):
            return Match(field, "endswith", (literal,), cased)
    return Glob(field, tuple(folded), cased)


def _regex(field: str | None, value: SigmaRegularExpression, placeholders: Placeholders) -> Node:
    if value.regexp.contains_placeholder():

        def known(placeholder: Placeholder) -> Any:
            if placeholder.name not in placeholders:
                raise Unusable(f"placeholder %{placeholder.name}% has no values; give them with --placeholders")
            yield from placeholders[placeholder.name]

        return Or(tuple(_regex(field, item, placeholders) for item in value.replace_placeholders(known)))
    flags = "".join(sorted(value.sigma_to_re_flag[flag] for flag in value.flags))
    pattern = str(value.regexp)
    _check_pattern(pattern)
    return Regex(field, pattern, flags)


def _check_patterns(detection: Any) -> None:
    """Look at regular expressions before pySigma does, which writes what it thinks of them to standard error."""
    if isinstance(detection, list):
        for item in detection:
            _check_patterns(item)
    elif isinstance(detection, dict):
        for name, value in detection.items():
            modifiers = str(name).split("|")[1:]
            if isinstance(value, dict) or "re" not in modifiers:
                _check_patterns(value)
            elif "expand" not in modifiers:
                for pattern in value if isinstance(value, list) else [value]:
                    _check_pattern(str(pattern))


def _check_pattern(pattern: str) -> None:
    try:
        re2.compile(pattern, _QUIET)
    except re2.error as error:
        said = error.args[0].decode("utf-8", "replace") if isinstance(error.args[0], bytes) else str(error)
        raise Unusable(f"regular expression {pattern!r} needs backtracking or is wrong: {said}") from error
