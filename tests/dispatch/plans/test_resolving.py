"""Which rule answers: always one answer, always the same, with its reason."""

from datetime import datetime
from zoneinfo import ZoneInfo

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from redstick.dispatch.plans.model import PlanRule, ResponsePlan
from redstick.dispatch.plans.requirement import Order, Requirement
from redstick.dispatch.plans.resolving import ANY_UNIT, PlanIndex, Question, Way, Within, without_a_plan

from .random_plans import QUESTIONS, plans

ZONE = "America/Chicago"


def when(text):
    """A local time in Chicago as an instant."""
    return round(datetime.fromisoformat(text).replace(tzinfo=ZoneInfo(ZONE)).timestamp() * 1000)


NOON = when("2026-03-04 12:00")  # a Wednesday


def plan(*rules, **more):
    """A small plan."""
    words = {"layers": ("box", "battalion"), "special": ("event",), "flags": ("storm",), "types": {"Fire": "Hot"}}
    return ResponsePlan("7", ZONE, rules=rules, **(words | more))


def rule(name, send=("engine",), **key):
    """A rule that sends what it is told to, one unit each."""
    return PlanRule(name, send=tuple(Requirement(one, (one.upper(),)) for one in send), **key)


def answer(made, **asked):
    """What a plan answers; a fire at noon on a Wednesday where nothing else is said."""
    return PlanIndex(made).answer(Question(**({"kind": "Fire", "at": NOON} | asked)))


def winner(made, **asked):
    """The rule of the first alarm."""
    return answer(made, **asked).chosen[0].rule


@settings(max_examples=120)
@given(plans(), QUESTIONS, st.randoms())
def test_an_answer_is_total_and_does_not_hang_on_the_order_of_the_file(made, asked, dice):
    """Any plan answers any question with something to send or a rule that sends nothing; shuffled, with the same."""
    first = PlanIndex(made).answer(asked)
    assert [one.alarm for one in first.chosen] + list(first.unanswered) != []
    assert sorted([one.alarm for one in first.chosen] + list(first.unanswered)) == list(range(1, asked.alarm + 1))
    if first.way is Way.LAST_RESORT:
        assert first.requirements[: len(made.last_resort) or 1] == (made.last_resort or (ANY_UNIT,))
    shuffled = list(made.rules)
    dice.shuffle(shuffled)
    turned = msgspec.structs.replace(made, rules=tuple(shuffled))
    zones = list(asked.zones)
    dice.shuffle(zones)
    assert PlanIndex(turned).answer(msgspec.structs.replace(asked, zones=tuple(zones))) == first


@settings(max_examples=100)
@given(plans(), QUESTIONS)
def test_a_further_alarm_adds_and_takes_nothing_away(made, asked):
    """What the lower alarm sends, the higher sends too, under the same ids; every id stands once."""
    low = PlanIndex(made).answer(msgspec.structs.replace(asked, alarm=1))
    high = PlanIndex(made).answer(msgspec.structs.replace(asked, alarm=3))
    assert high.requirements[: len(low.requirements)] == low.requirements
    names = [one.id for one in high.requirements]
    assert len(set(names)) == len(names)


def test_the_nearest_word_wins():
    """An exact address goes before a special zone, that before the smallest zone, that before a larger, then all."""
    made = plan(
        rule("everywhere"),
        rule("battalion", layer="battalion", zone="B01"),
        rule("box", layer="box", zone="0101"),
        rule("event", layer="event", zone="stadium"),
        rule("address", address="1 Main St"),
    )
    zones = [Within("battalion", "B01"), Within("box", "0101"), Within("event", "stadium")]
    assert winner(made) == "everywhere"
    assert winner(made, zones=tuple(zones[:1])) == "battalion"
    assert winner(made, zones=tuple(zones[:2])) == "box"
    assert winner(made, zones=tuple(zones)) == "event"
    found = answer(made, zones=tuple(zones), address="1  MAIN ST")
    assert [found.chosen[0].rule, *(one.rule for one in found.chosen[0].beaten)] == [
        "address", "event", "box", "battalion", "everywhere",
    ]  # fmt: skip
    assert found.chosen[0].beaten[-1].why == "speaks of everywhere, the other of an exact address"


def test_where_sizes_are_known_the_smaller_zone_wins_whatever_its_layer():
    """The smallest polygon counts; the order of layers stands in only where nobody has measured."""
    made = plan(rule("battalion", layer="battalion", zone="B01"), rule("box", layer="box", zone="0101"))
    zones = (Within("box", "0101", 9_000), Within("battalion", "B01", 5_000))
    found = answer(made, zones=zones)
    assert found.chosen[0].rule == "battalion"
    assert found.chosen[0].beaten[0].why == "box 0101 is larger"


def test_a_special_zone_counts_though_it_is_the_larger_one():
    """A fair over half the city goes before the box, whatever their sizes."""
    made = plan(rule("event", layer="event", zone="fair"), rule("box", layer="box", zone="0101"))
    found = answer(made, zones=(Within("box", "0101", 10), Within("event", "fair", 9_000)))
    assert found.chosen[0].rule == "event"
    assert found.chosen[0].beaten[0].why == "speaks of a zone, the other of a special zone"


def test_type_before_group_before_any_and_flag_before_none():
    """Of one place: the type, its group, any; a declared flag; hours; then the rank."""
    made = plan(
        rule("any"), rule("group", groups=("Hot",)), rule("type", types=("Fire",)),
        rule("storm", types=("Fire",), flag="storm"), rule("night", types=("Fire",), hours="19:00-07:00"),
        rule("late", types=("Fire",), hours="22:00-23:00", rank=-1),
    )  # fmt: skip
    assert winner(made, kind="Flood") == "any"
    assert winner(made, kind="Flood", group="Hot") == "group"
    assert winner(made) == "type"
    assert winner(made, flags=("storm",)) == "storm"
    assert winner(made, at=when("2026-03-04 20:00")) == "night"
    assert winner(made, at=when("2026-03-04 22:30")) == "late"


@pytest.mark.parametrize(
    ("at", "holds"),
    [
        ("2026-03-06 18:59", False),
        ("2026-03-06 19:00", True),
        ("2026-03-06 23:59", True),
        ("2026-03-07 06:59", True),  # Saturday morning belongs to Friday's night
        ("2026-03-07 07:00", False),
        ("2026-03-07 20:00", False),
        ("2026-03-08 03:30", False),  # after the clocks were moved forward
    ],
)
def test_hours_run_over_midnight_by_the_local_clock(at, holds):
    """A night belongs to the day on which it begins, by the city's own clock."""
    made = plan(rule("night", days=("fri",), hours="19:00-07:00"))
    assert (answer(made, at=when(at)).way is Way.RULE) is holds


def test_sunday_night_runs_into_monday():
    """The week has no edge."""
    made = plan(rule("night", days=("sun",), hours="22:00-06:00"))
    assert answer(made, at=when("2026-03-09 05:00")).way is Way.RULE
    assert answer(made, at=when("2026-03-09 06:00")).way is Way.LAST_RESORT


def test_without_a_rule_of_the_type_its_group_answers_and_then_the_last_resort_that_says_so():
    """A fallback is never taken for a plan: the answer says how it was found."""
    made = plan(rule("hot", groups=("Hot",)), last_resort=(Requirement("engine", ("ENGINE",)),))
    assert answer(made).way is Way.GROUP_DEFAULT
    lost = answer(made, kind="Flood")
    assert (lost.way, lost.chosen, lost.unanswered) == (Way.LAST_RESORT, (), (1,))
    assert lost.requirements == made.last_resort
    assert (without_a_plan().way, without_a_plan().requirements) == (Way.LAST_RESORT, (ANY_UNIT,))


def test_alarms_add_up_with_their_words():
    """Requirements carry their level; people and cautions gather; the last talkgroup holds; a missing level is told."""
    made = plan(
        rule("first", types=("Fire",), talkgroup="A", notify=("chief",), cautions=("dog",)),
        rule("third", send=("engine", "truck"), types=("Fire",), alarm=3, talkgroup="B", notify=("mayor", "chief")),
    )
    found = answer(made, alarm=3)
    assert [one.id for one in found.requirements] == ["engine", "engine@3", "truck@3"]
    assert (found.talkgroup, found.notify, found.cautions) == ("B", ("chief", "mayor"), ("dog",))
    assert (found.version, found.unanswered) == ("7", (2,))


def test_the_order_of_stations_comes_with_the_requirement_that_asks_for_it():
    """Only what goes by station order has one."""
    ordered = PlanRule(
        "a",
        send=(Requirement("engine", order=Order.STATION_ORDER), Requirement("truck")),
        stations=("7", "1"),
    )
    assert answer(plan(ordered)).stations == {"engine": ("7", "1")}
