"""What is wrong with a dial plan, before anybody dials by it. A plan with an error is not taken.

Kari's Law (47 CFR 9.16): 911 is dialled direct. A plan that would keep it from going out, or that knows it behind a
prefix alone, is refused, although our own router takes 911 before any plan: phones and gateways are set up from it too.
"""

import re
from collections.abc import Collection, Iterator
from enum import StrEnum

import msgspec

from redstick.phones.numbering import emergency_forms
from redstick.phones.plan.patterns import Pieces, TooManyPieces, is_pattern, left_of, matches, meet, shared
from redstick.phones.plan.rules import Action, DialPlan, DialRule, first_match

MOST_RULES = 500
PREFIX = re.compile(r"[0-9]{1,2}")


class Weight(StrEnum):
    """Whether a plan can be taken with it."""

    ERROR = "error"
    WARNING = "warning"


class PlanFault(msgspec.Struct, frozen=True, omit_defaults=True):
    """One thing that is wrong: its code, the rule, digits that show it, and words."""

    code: str
    weight: Weight
    says: str
    rule: str = ""
    digits: str = ""


def lint(plan: DialPlan, numbers: Collection[str] = (), trunks: Collection[str] = ()) -> tuple[PlanFault, ...]:
    """Every finding, errors first. `numbers` and `trunks` are those that there are."""
    malformed = tuple(_malformed(plan))
    if malformed:
        return malformed
    reach = tuple(_reach(plan))
    found = [*_emergency(plan), *_trunks(plan, trunks), *reach, *_overlaps(plan, reach), *_numbers(plan, numbers)]
    return tuple(sorted(found, key=lambda finding: finding.weight is Weight.WARNING))


def refusals(plan: DialPlan, trunks: Collection[str] = ()) -> tuple[PlanFault, ...]:
    """The errors of `lint`, without the work that only warns: for a decision, which holds everybody up."""
    return tuple(_malformed(plan)) or errors((*_emergency(plan), *_trunks(plan, trunks), *_reach(plan)))


def errors(findings: Collection[PlanFault]) -> tuple[PlanFault, ...]:
    """Those with which a plan is not taken."""
    return tuple(finding for finding in findings if finding.weight is Weight.ERROR)


def _malformed(plan: DialPlan) -> Iterator[PlanFault]:
    if len(plan.rules) > MOST_RULES:
        yield _error("too_many_rules", f"{len(plan.rules)} rules; {MOST_RULES} at most")
        return
    names = [rule.name for rule in plan.rules]
    if plan.prefix and not PREFIX.fullmatch(plan.prefix):
        yield _error("prefix_malformed", f"the prefix {plan.prefix!r} is not one or two digits")
    for rule in plan.rules:
        if not rule.name.strip() or names.count(rule.name) > 1:
            yield _error("name_not_alone", f"each rule has a name of its own: {rule.name!r}", rule.name)
        if not is_pattern(rule.pattern):
            yield _error(
                "pattern_malformed", f"{rule.pattern!r} is no pattern of digits, X, Z, N and a last .", rule.name
            )
        elif not 0 <= rule.strip <= len(rule.pattern.removesuffix(".")):
            yield _error("strips_too_much", f"strips {rule.strip} digits of {rule.pattern}", rule.name)


def _emergency(plan: DialPlan) -> Iterator[PlanFault]:
    known = [rule for rule in plan.rules if rule.action is Action.EMERGENCY]
    if known and not any(matches(rule.pattern, "911") for rule in known):
        yield _error("prefix_needed", "the plan knows 911 behind other digits and not by itself", known[0].name, "911")
    for digits in emergency_forms(plan.prefix):
        rule = first_match(plan, digits)
        if rule is not None and rule.action is not Action.EMERGENCY:
            says = f"{digits} would be taken by {rule.name} ({rule.action}) and not as a call for help"
            yield _error("keeps_911", says, rule.name, digits)


def _trunks(plan: DialPlan, trunks: Collection[str]) -> Iterator[PlanFault]:
    for name in plan.emergency:
        if name not in trunks:
            yield _error("trunk_unknown", f"911 is to go by a trunk {name} that is not there")
    for rule in plan.rules:
        if rule.action is Action.OUTSIDE and not rule.trunks:
            yield _error("no_trunk", "goes outside by no trunk", rule.name)
        for name in rule.trunks:
            if name not in trunks:
                yield _error("trunk_unknown", f"goes by a trunk {name} that is not there", rule.name)


def _reach(plan: DialPlan) -> Iterator[PlanFault]:
    pieces = Pieces()
    for at, rule in enumerate(plan.rules):
        earlier = [one.pattern for one in plan.rules[:at] if meet(one.pattern, rule.pattern)]
        try:
            if not left_of(rule.pattern, earlier, pieces):
                yield _error("unreachable", "rules above it take all that it fits", rule.name)
        except TooManyPieces:
            yield _warning("reach_unknown", "too many earlier rules cut into it to say what it still reaches", rule)


def _overlaps(plan: DialPlan, reach: Collection[PlanFault]) -> Iterator[PlanFault]:
    told = {one.rule for one in reach}
    for at, rule in enumerate(plan.rules):
        for one in plan.rules[: 0 if rule.name in told else at]:
            if one.action is rule.action or one.action is Action.EMERGENCY:
                continue
            both = shared(one.pattern, rule.pattern)
            if both:
                yield _warning("overlap", f"{one.name} above it takes {both} as {one.action}", rule, both)


def _numbers(plan: DialPlan, numbers: Collection[str]) -> Iterator[PlanFault]:
    for rule in plan.rules:
        hit = next((number for number in numbers if matches(rule.pattern, number)), "")
        if hit:
            yield _warning("hidden_by_number", f"{hit} is a number of our own, and is called instead", rule, hit)


def _error(code: str, says: str, rule: str = "", digits: str = "") -> PlanFault:
    return PlanFault(code, Weight.ERROR, says, rule, digits)


def _warning(code: str, says: str, rule: DialRule, digits: str = "") -> PlanFault:
    return PlanFault(code, Weight.WARNING, says, rule.name, digits)
