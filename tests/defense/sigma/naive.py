"""A second evaluator of Sigma rules, written from the specification: slow, plain, and without a line of the engine's.

It walks pySigma's own tree for every rule and event: no routing by bucket, no prefilter, no memory, no compiled form.
Only the log source's channels and event ids are told to it as a table: the specification leaves them to the taxonomy.
"""

import ipaddress
import re
from functools import lru_cache
from pathlib import Path

import yaml
from sigma.conditions import (
    ConditionAND,
    ConditionFieldEqualsValueExpression,
    ConditionNOT,
    ConditionOR,
    ConditionValueExpression,
)
from sigma.rule import SigmaRule
from sigma.types import (
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
    SpecialChars,
)

FLAGS = {"i": re.IGNORECASE, "m": re.MULTILINE, "s": re.DOTALL}


def read_rules(folder: Path) -> list[SigmaRule]:
    """Every rule that pySigma itself can parse, in order of path."""
    rules = []
    for path in sorted(folder.rglob("*.yml")):
        documents = yaml.load_all(path.read_text(), yaml.CSafeLoader)
        rules.extend(SigmaRule.from_dict(document) for document in documents if "detection" in document)
    return rules


class NaiveRule:
    """One rule; `fires` decides on the flat fields of one event."""

    def __init__(self, rule: SigmaRule) -> None:
        self.id = str(rule.id)
        self.source = rule.logsource
        self.conditions = [condition.parsed for condition in rule.detection.parsed_condition]

    def fires(self, event: dict) -> bool:
        """Whether one of the rule's conditions is true."""
        return any(true_of(condition, event) for condition in self.conditions)


def true_of(item, event: dict) -> bool:
    """One node of pySigma's tree."""
    if isinstance(item, ConditionAND):
        return all(true_of(part, event) for part in item.args)
    if isinstance(item, ConditionOR):
        return any(true_of(part, event) for part in item.args)
    if isinstance(item, ConditionNOT):
        return not true_of(item.args[0], event)
    if isinstance(item, ConditionFieldEqualsValueExpression):
        return field_true(item.field, item.value, event)
    assert isinstance(item, ConditionValueExpression)
    return any(plain_true(item.value, text, keyword=True) for value in event.values() for text in written(value))


def written(value) -> list[str]:
    """A value as the texts it stands for: none for null, one for each element of a list."""
    if value is None:
        return []
    if isinstance(value, list):
        return [text for part in value for text in written(part)]
    if isinstance(value, bool):
        return [str(value).lower()]
    if isinstance(value, float) and value == int(value):
        return [str(int(value))]
    return [str(value)]


def field_true(field: str, value, event: dict) -> bool:
    """One comparison of a field, whatever the comparison."""
    if isinstance(value, SigmaExpansion):
        return any(field_true(field, part, event) for part in value.values)
    if isinstance(value, SigmaExists):
        return value.exists == (field in event)
    if isinstance(value, SigmaNull):
        held = event.get(field)
        return held in (None, "", []) or (isinstance(held, list) and any(part in (None, "") for part in held))
    texts = written(event[field]) if field in event else []
    if isinstance(value, SigmaFieldReference):
        other = written(event[value.field]) if value.field in event else []
        return any(referred(value, a.casefold(), b.casefold()) for a in texts for b in other)
    return any(plain_true(value, text) for text in texts)


def referred(value: SigmaFieldReference, ours: str, theirs: str) -> bool:
    """A comparison of two fields, without case."""
    if value.starts_with and value.ends_with:
        return theirs in ours
    if value.starts_with:
        return ours.startswith(theirs)
    return ours.endswith(theirs) if value.ends_with else ours == theirs


def plain_true(value, text: str, *, keyword: bool = False) -> bool:
    """One comparison of one text."""
    if isinstance(value, SigmaExpansion):
        return any(plain_true(part, text, keyword=keyword) for part in value.values)
    if isinstance(value, SigmaString):
        return string_true(value, text, keyword=keyword)
    if isinstance(value, SigmaRegularExpression):
        flags = 0
        for flag in value.flags:
            flags |= FLAGS[value.sigma_to_re_flag[flag]]
        return re.search(str(value.regexp), text, flags) is not None
    if isinstance(value, SigmaBool):
        wanted = "true" if value.boolean else "false"
        return wanted in text.casefold() if keyword else wanted == text.casefold()
    if isinstance(value, SigmaNumber):
        return str(value.number) in text if keyword else str(value.number) == text
    if isinstance(value, SigmaCIDRExpression):
        try:
            return ipaddress.ip_address(text) in ipaddress.ip_network(str(value.network))
        except ValueError:
            return False
    assert isinstance(value, SigmaCompareExpression), type(value)
    try:
        number = float(text)
    except ValueError:
        return False
    bound = value.number.number
    return {
        "LT": number < bound,
        "LTE": number <= bound,
        "GT": number > bound,
        "GTE": number >= bound,
        "NEQ": number != bound,
    }[value.op.name]


def string_true(value: SigmaString, text: str, *, keyword: bool) -> bool:
    """A wildcard pattern over a whole text; a keyword stands anywhere in it."""
    cased = isinstance(value, SigmaCasedString)
    pattern = as_regex(tuple(value.s), cased)
    folded = text if cased else text.casefold()
    return (pattern.search(folded) if keyword else pattern.fullmatch(folded)) is not None


@lru_cache(maxsize=100_000)
def as_regex(parts: tuple, cased: bool) -> re.Pattern:
    """The pattern as a regular expression of Python's."""
    signs = {SpecialChars.WILDCARD_MULTI: ".*", SpecialChars.WILDCARD_SINGLE: "."}
    return re.compile("".join(signs.get(p) or re.escape(p if cased else p.casefold()) for p in parts), re.DOTALL)
