"""The linter of dial plans: what it refuses, and that nothing it admits keeps 911 from going out."""

import random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from redstick.phones.numbering import emergency_forms
from redstick.phones.plan import patterns
from redstick.phones.plan.linter import Weight, errors, lint, refusals
from redstick.phones.plan.patterns import LONGEST, MOST_PIECES, box_of, left_of, lengths, matches, meet, shared
from redstick.phones.plan.rules import Action, DialPlan, DialRule, first_match
from redstick.phones.routing.deciding import route
from redstick.phones.routing.trace import Verdict
from redstick.phones.state import Phones

PATTERNS = st.from_regex(r"(9|8|X|N|1){0,4}(911|ZXX|N11|9XX|NXXXXXX)?\.?", fullmatch=True).filter(bool)
RULES = st.builds(
    lambda pattern, action: (pattern, action),
    PATTERNS,
    st.sampled_from((Action.EMERGENCY, Action.DENY, Action.OUTSIDE)),
)


@st.composite
def plans(draw):
    """Plans that are about 911 more often than not."""
    drawn = draw(st.lists(RULES, max_size=6))
    rules = [DialRule(f"r{at}", pattern, action, ("t1",)) for at, (pattern, action) in enumerate(drawn)]
    if draw(st.booleans()):
        rules = [DialRule("help", "911", Action.EMERGENCY), DialRule("habit", "9911", Action.EMERGENCY), *rules]
    return DialPlan(tuple(rules), draw(st.sampled_from(("", "9", "8", "81"))))


def found(plan, **known):
    """Codes of the findings by rule."""
    return {(one.code, one.rule) for one in lint(plan, trunks=("t1",), **known)}


def plan(*rules, prefix="9"):
    """A plan of rules given as (pattern, action)."""
    return DialPlan(tuple(DialRule(pattern, pattern, action, ("t1",)) for pattern, action in rules), prefix)


@given(plans())
@settings(max_examples=400)
def test_no_plan_that_is_admitted_keeps_911_from_going_out(drawn):
    """By the plan alone every form of 911 is a call for help or nobody's; through the router it is a call for help."""
    admitted = not errors(lint(drawn, trunks=("t1",)))
    for digits in emergency_forms(drawn.prefix):
        rule = first_match(drawn, digits)
        if admitted:
            assert rule is None or rule.action is Action.EMERGENCY
        assert route(Phones(plan=drawn), "2100", digits, 0).verdict is Verdict.EMERGENCY


@given(plans())
def test_a_plan_that_would_keep_911_is_always_refused(drawn):
    """The other way round: wherever the plan alone takes a form of 911 for something else, there is an error."""
    kept = any(
        rule is not None and rule.action is not Action.EMERGENCY
        for rule in (first_match(drawn, digits) for digits in emergency_forms(drawn.prefix))
    )
    assert not kept or errors(lint(drawn, trunks=("t1",)))


def test_a_prefix_for_911_is_refused():
    """Kari's Law: a plan that knows 911 behind other digits alone is not taken, with 911 itself it is."""
    behind = plan(("9911", Action.EMERGENCY))
    assert ("prefix_needed", "9911") in found(behind)
    mended = plan(("911", Action.EMERGENCY), ("9911", Action.EMERGENCY))
    assert errors(lint(mended, trunks=("t1",))) == ()


def test_an_outside_line_does_not_swallow_the_habit():
    """A rule `9.` takes 9911 to a trunk as 911 stripped of its meaning: refused, unless 9911 stands above it."""
    assert ("keeps_911", "9.") in found(plan(("911", Action.EMERGENCY), ("9.", Action.OUTSIDE)))
    mended = plan(("911", Action.EMERGENCY), ("9911", Action.EMERGENCY), ("9.", Action.OUTSIDE))
    assert errors(lint(mended, trunks=("t1",))) == ()


def test_a_rule_that_earlier_ones_take_whole_is_unreachable():
    """Also where it takes several of them together; a rule with anything left is not."""
    halves = plan(("9[", Action.DENY))
    assert ("pattern_malformed", "9[") in found(halves)
    together = plan(("70", Action.DENY), ("7Z", Action.DENY), ("7X", Action.DENY))
    assert ("unreachable", "7X") in found(together)
    assert ("unreachable", "7X") not in found(plan(("7N", Action.DENY), ("7X", Action.DENY)))


def test_rules_that_disagree_about_the_same_digits_are_told_with_them():
    """An overlap is a warning with digits that show it; the plan is taken."""
    findings = lint(plan(("7NXX", Action.DENY), ("7.", Action.OUTSIDE)), trunks=("t1",))
    assert [(one.code, one.rule, one.digits, one.weight) for one in findings] == [
        ("overlap", "7.", "7200", Weight.WARNING)
    ]


@pytest.mark.parametrize("code", ["trunk_unknown", "no_trunk", "strips_too_much", "name_not_alone", "hidden_by_number"])
def test_what_else_is_wrong_is_named(code):
    """Each fault of a rule has its code."""
    rules = {
        "trunk_unknown": (DialRule("a", "7X", Action.OUTSIDE, ("gone",)),),
        "no_trunk": (DialRule("a", "7X", Action.OUTSIDE),),
        "strips_too_much": (DialRule("a", "7X", Action.OUTSIDE, ("t1",), strip=3),),
        "name_not_alone": (DialRule("a", "7X", Action.DENY), DialRule("a", "6X", Action.DENY)),
        "hidden_by_number": (DialRule("a", "2XXX", Action.DENY),),
    }[code]
    assert code in {one.code for one in lint(DialPlan(rules), ("2100",), ("t1",))}


@given(PATTERNS, st.lists(PATTERNS, max_size=4))
def test_what_is_left_of_a_pattern_fits_it_and_none_of_the_earlier_ones(pattern, earlier):
    """The digits that show a rule reachable do reach it; where there are none, random digits that fit are all taken."""
    left = left_of(pattern, earlier)
    if left:
        assert matches(pattern, left)
        assert not any(matches(one, left) for one in earlier)


@given(PATTERNS, PATTERNS, st.text("0123456789", min_size=1, max_size=LONGEST))
def test_what_two_patterns_share_is_found_where_anything_is(one, other, digits):
    """If any digits fit both, such digits are named, and they do fit both; if none is left, no digits fit alone."""
    both = shared(one, other)
    if matches(one, digits) and matches(other, digits):
        assert both
    if both:
        assert matches(one, both)
        assert matches(other, both)
    if matches(one, digits) and not matches(other, digits):
        assert left_of(one, [other])


@given(PATTERNS | st.just("+1."), PATTERNS | st.just("+1NXX"))
def test_patterns_meet_where_at_some_length_each_place_has_a_digit_for_both(one, other):
    """One step over bits says what looking at every length and place does."""
    both = set(lengths(one)) & set(lengths(other))
    boxes = [zip(box_of(one, length), box_of(other, length), strict=True) for length in both]
    assert meet(one, other) == any(all(a & b for a, b in places) for places in boxes)
    assert meet(one, other) == bool(shared(one, other))


def cutting(count):
    """Rules that cut each other into as many pieces as rules can."""
    drawn = random.Random(1)
    cut = ["".join(drawn.choices("XZN9", (8, 1, 1, 1), k=14)) + "." for _ in range(count)]
    return DialPlan(tuple(DialRule(f"r{at}", pattern, Action.DENY) for at, pattern in enumerate(cut)))


def test_one_plan_cuts_no_more_pieces_than_one_budget_however_many_its_rules_are(monkeypatch):
    """Sixty rules that cut each other to dust end with it, and the rest say that their reach is not known."""
    made = []
    kept = patterns._without
    monkeypatch.setattr(patterns, "_without", lambda *boxes: made.extend(parts := list(kept(*boxes))) or parts)
    dust = cutting(60)
    codes = [one.code for one in lint(dust)]
    assert MOST_PIECES <= len(made) <= MOST_PIECES + LONGEST
    assert "reach_unknown" in codes
    assert lint(dust) == lint(dust)


def test_a_rule_that_meets_no_earlier_one_is_known_to_be_reached_even_when_the_budget_is_spent():
    """Nothing has to be cut to say so."""
    spent = cutting(60)
    last = DialRule("last", "+1", Action.DENY)
    assert "reach_unknown" in {one.code for one in lint(spent)}
    assert "last" not in {one.rule for one in lint(DialPlan((*spent.rules, last)))}


@given(plans())
def test_what_refuses_a_plan_is_what_the_linter_calls_an_error(drawn):
    """A decision leaves out what only warns, and refuses the same plans."""
    assert refusals(drawn, ("t1",)) == errors(lint(drawn, ("2100", "911"), ("t1",)))
