"""Pairs of rules between which nothing decides: the same place, equal fit, hours that overlap, and the same rank."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from itertools import combinations

import msgspec

from redstick.dispatch.plans.faults import Finding, Severity
from redstick.dispatch.plans.model import PlanRule, ResponsePlan
from redstick.dispatch.plans.resolving import place_key

ADVICE = "give one of them a lower rank, or let them differ in place, type, hours or flag"


def ties(plan: ResponsePlan, lines: Mapping[str, int]) -> list[Finding]:
    """Every pair that could answer the same incident equally well, in the order of the text."""
    buckets: dict[tuple[object, ...], list[tuple[int, PlanRule, int]]] = {}
    for number, rule in enumerate(plan.rules):
        shared = (rule.alarm, place_key(rule), bool(rule.flag), rule.timed, rule.rank)
        for spoken_of in _spoken_of(rule):
            buckets.setdefault((*shared, spoken_of), []).append((number, rule, rule.minutes))
    # Two flags may be declared at once, so rules for different flags compete too.
    found: dict[tuple[int, int], Finding] = {}
    for rules in buckets.values():
        for (i, a, in_a), (j, b, in_b) in combinations(rules, 2):
            if in_a & in_b and (i, j) not in found:
                found[i, j] = _tie(a, b, in_a == in_b, lines.get(b.id, 0))
    return [found[pair] for pair in sorted(found)]


def _spoken_of(rule: PlanRule) -> Iterator[tuple[str, str]]:
    if not rule.types and not rule.groups:
        yield "any", ""
    for name in rule.types:
        yield "type", name
    for name in rule.groups:
        yield "group", name


def _tie(a: PlanRule, b: PlanRule, same_minutes: bool, line: int) -> Finding:
    place = f"rules {a.id!r} and {b.id!r}"
    if same_minutes and (set(a.types), set(a.groups), a.flag) == (set(b.types), set(b.groups), b.flag):
        if _value(a) == _value(b):
            return _told("repeated_rule", place, "both say the same of the same incidents; one is enough", line)
        return _told("contradictory", place, "they send differently to the same incidents, with equal rank", line)
    if a.timed and not same_minutes:
        return _told("windows_overlap", place, "their hours overlap and their rank is equal: nothing decides", line)
    return _told("equal_rank", place, "both can answer one incident and their rank is equal", line)


def _told(code: str, place: str, found: str, line: int) -> Finding:
    return Finding(code, Severity.ERROR, place, found, ADVICE, line)


def _value(rule: PlanRule) -> PlanRule:
    """What a rule sends and says, its key left out."""
    key = {"types": (), "groups": (), "days": (), "hours": "", "address": ""}
    return msgspec.structs.replace(rule, id="", **key)
