"""The linter finds every planted fault, and says nothing of a sound plan."""

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from redstick.dispatch.plans.faults import Severity
from redstick.dispatch.plans.linter import Ground, lint
from redstick.dispatch.plans.linter.shadows import unreachable
from redstick.dispatch.plans.linter.ties import ties
from redstick.dispatch.plans.model import PlanRule, ResponsePlan
from redstick.dispatch.plans.requirement import Requirement, Substitute
from redstick.dispatch.plans.resolving import PlanIndex, Question, Within
from redstick.dispatch.plans.roster import RosterUnit

from .random_plans import MONDAY, TYPES, plans

ENGINE, TRUCK = Requirement("engine", ("ENGINE",)), Requirement("truck", ("TRUCK",))
ROSTER = (
    RosterUnit("E1", "ENGINE", "1", crew="first"), RosterUnit("E2", "ENGINE", "2"),
    RosterUnit("T1", "TRUCK", "1", crew="first"), RosterUnit("T2", "TRUCK", "2"),
)  # fmt: skip
GROUND = Ground(zones={"box": ("1", "2")}, stations=("1", "2", "3", "4"), closed=("3",), roster=ROSTER)
SOUND = (
    PlanRule("fire", types=("Fire",), send=(ENGINE, TRUCK)),
    PlanRule("fire in box 1", types=("Fire",), layer="box", zone="1", send=(ENGINE,), stations=("1", "2")),
    PlanRule("ill", groups=("Ill",), send=(ENGINE,)),
)


def plan(*rules, types=None):
    """The sound rules and others."""
    return ResponsePlan(
        "1", "UTC", layers=("box",), flags=("storm", "parade"),
        types={"Fire": "Hot", "Faint": "Ill"} if types is None else types, rules=(*SOUND, *rules),
    )  # fmt: skip


def found_in(made, ground=GROUND):
    """What the linter says, with lines as if each rule stood on its number."""
    return lint(made, {rule.id: number for number, rule in enumerate(made.rules, 1)}, ground)


def test_a_sound_plan_is_told_nothing():
    """No finding at all, with a city and a roster and without."""
    assert found_in(plan()) == []
    assert found_in(plan(), None) == []


def bad(name="bad", **key):
    """A rule that is not sound."""
    return PlanRule(name, **({"types": ("Fire",), "send": (ENGINE,), "layer": "box", "zone": "2"} | key))


PLANTED = {
    "contradictory": [bad(layer="", zone="")],
    "repeated_rule": [bad(layer="", zone="", send=(ENGINE, TRUCK))],
    "equal_rank": [bad("a", types=("Fire", "Faint")), bad("b")],
    "windows_overlap": [bad("a", hours="08:00-12:00"), bad("b", hours="11:00-13:00")],
    "unreachable": [bad("a"), bad("b", rank=1)],
    "type_unknown": [bad(types=("Fyre",))],
    "group_unknown": [bad(types=(), groups=("Hott",))],
    "zone_unknown": [bad(zone="9")],
    "station_unknown": [bad(stations=("9",))],
    "station_closed": [bad(stations=("3",))],
    "unmeetable": [bad(send=(Requirement("boat", ("BOAT",)),))],
    "cross_staffed": [bad(send=(msgspec.structs.replace(ENGINE, count=2), msgspec.structs.replace(TRUCK, count=2)))],
}
DOUBTED = {
    "substitute_cycle": [
        bad(send=(
            Requirement("e", ("ENGINE",), substitutes=(Substitute(("TRUCK",)),)),
            Requirement("t", ("TRUCK",), substitutes=(Substitute(("ENGINE",)),)),
        ))
    ],
    "too_few_units": [bad(send=(msgspec.structs.replace(ENGINE, count=3),))],
    "sends_nothing": [bad(send=())],
    "station_without_units": [bad(stations=("1", "4"))],
}  # fmt: skip


@pytest.mark.parametrize("code", [*PLANTED, *DOUBTED])
def test_a_planted_fault_is_found(code):
    """Each fault by itself is told once, with its weight, the rule that has it, its line, and what to do."""
    rules = (PLANTED | DOUBTED)[code]
    [found] = found_in(plan(*rules))
    assert found.code == code
    assert found.severity is (Severity.ERROR if code in PLANTED else Severity.WARNING)
    assert repr(rules[-1].id) in found.place
    assert found.line == len(SOUND) + len(rules)
    assert found.found
    assert found.advice


def test_a_type_without_a_plan_is_found():
    """No rule at all; only at some hours; only in some zones: each is told with where and when."""
    nothing = found_in(plan(types={"Fire": "Hot", "Faint": "Ill", "Flood": "Wet"}))
    assert [(one.code, one.found) for one in nothing] == [("no_plan", "no rule answers it at any hour")]
    types = {"Fire": "Hot", "Faint": "Ill", "Flood": "Wet"}
    by_day = found_in(plan(PlanRule("flood", types=("Flood",), hours="07:00-19:00", send=(ENGINE,)), types=types))
    assert [(one.code, one.found) for one in by_day] == [("no_plan", "no rule answers it from mon 00:00 to mon 07:00")]
    in_one = plan(PlanRule("flood", types=("Flood",), layer="box", zone="1", send=(ENGINE,)), types=types)
    assert [(one.code, one.found) for one in found_in(in_one)] == [
        ("no_plan", "no rule answers it in box 2 at any hour")
    ]
    assert [one.code for one in found_in(in_one, None)] == ["no_plan_elsewhere"]
    both = plan(*(PlanRule(z, types=("Flood",), layer="box", zone=z, send=(ENGINE,)) for z in "12"), types=types)
    assert found_in(both) == []


def test_a_flag_covers_nothing_while_it_is_not_declared():
    """A rule for the storm is no plan for a calm day."""
    rules = [PlanRule("flood", types=("Flood",), flag="storm", send=(ENGINE,))]
    assert [one.code for one in found_in(plan(*rules, types={"Fire": "Hot", "Faint": "Ill", "Flood": "Wet"}))] == [
        "no_plan"
    ]


def test_two_flags_compete_because_both_may_be_declared():
    """A storm and a parade on one day need a rank."""
    assert [one.code for one in found_in(plan(bad("a", flag="storm"), bad("b", flag="parade")))] == ["equal_rank"]
    assert found_in(plan(bad("a", flag="storm"), bad("b", flag="parade", rank=1))) == []


def test_several_rules_together_can_leave_nothing_for_another():
    """By day and by night: neither of them alone hides the rule, together they do."""
    halves = [bad("day", hours="07:00-19:00"), bad("night", hours="19:00-07:00")]
    [found] = found_in(plan(*halves, bad("never")))
    assert (found.code, found.place) == ("unreachable", "rule 'never'")
    assert "'day', 'night'" in found.found


def test_a_rule_for_whatever_comes_is_never_called_unreachable():
    """A group's rule is there for types that nobody has listed yet, though each listed type has its own."""
    assert found_in(plan(bad("all of hot", types=(), groups=("Hot",)), bad("fires"))) == []


def test_a_crew_that_can_be_spared_is_no_finding():
    """Engine and truck of one crew may both be in a plan where others can take the second place."""
    assert found_in(plan(bad(send=(ENGINE, TRUCK)))) == []
    assert [one.code for one in found_in(plan(bad(send=(ENGINE, TRUCK))), Ground(roster=ROSTER[::2]))].count(
        "cross_staffed"
    ) == 2


@settings(max_examples=40)
@given(plans())
def test_a_tie_is_found_just_where_two_rules_can_answer_alike(made):
    """For every pair of rules: a tie is told if, and only if, some incident leaves nothing but their ids to decide."""
    told = {frozenset(one.place.removeprefix("rules ").split(" and ")) for one in ties(made, {})}
    for a in made.rules:
        for b in made.rules:
            if a.id < b.id:
                pair = frozenset((repr(a.id), repr(b.id)))
                assert (pair in told) is _answer_alike(made, a, b), (a, b)


def _answer_alike(made, a, b):
    """By trying: both rules alone, one incident of every kind, flag and hour that could matter."""
    two = msgspec.structs.replace(made, rules=(a, b), types={}, time_zone="UTC")
    index = PlanIndex(two)
    for asked in _incidents(a, b):
        for chosen in index.answer(asked).chosen:
            if chosen.beaten and chosen.beaten[0].why.startswith("has the same rank"):
                return True
    return False


def _incidents(*rules):
    """Questions at the begin of every stretch of hours, with every type, group and flags, at the rules' own place."""
    rule = rules[0]
    zones = (Within(rule.layer, rule.zone),) if rule.layer else ()
    starts = {0}.union(*(_begins(one.minutes) for one in rules))
    for minute in starts:
        for kind in {"", *(kind for one in rules for kind in one.types)}:
            for group in {"", *(group for one in rules for group in one.groups)}:
                yield Question(kind, MONDAY + minute * 60_000, group, rule.alarm,
                               tuple(sorted({one.flag for one in rules if one.flag})), rule.address, zones)  # fmt: skip


def _begins(minutes):
    """The minutes of the week at which a stretch of them begins."""
    first = minutes & ~(minutes << 1)
    return {minute for minute, bit in enumerate(reversed(f"{first:b}")) if bit == "1"}


@settings(max_examples=80)
@given(plans(), st.data())
def test_what_is_called_unreachable_never_answers(made, data):
    """A rule that the linter calls unreachable wins no incident that is tried."""
    dead = {one.place for one in unreachable(made, {})}
    index = PlanIndex(msgspec.structs.replace(made, time_zone="UTC"))
    for rule in made.rules:
        if f"rule {rule.id!r}" not in dead:
            continue
        for _ in range(20):
            kind = data.draw(st.sampled_from(("", *TYPES, *made.types)))
            minute = data.draw(st.integers(0, 10_079))
            zones = (Within(rule.layer, rule.zone),) if rule.layer else ()
            flags = (rule.flag,) if rule.flag else ()
            asked = Question(kind, MONDAY + minute * 60_000, "", rule.alarm, flags, rule.address, zones)
            assert rule.id not in [one.rule for one in index.answer(asked).chosen]
