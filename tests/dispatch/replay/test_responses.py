"""What a response plan asks of a past shift: recorded needs taken over, copies beyond them, what nobody can fill."""

from redstick.adapters.memory import MemoryJournal
from redstick.dispatch import domain
from redstick.dispatch.plans.model import PlanRule, ResponsePlan
from redstick.dispatch.plans.past import PastAnswers
from redstick.dispatch.plans.requirement import Order, Requirement, Substitute
from redstick.dispatch.plans.resolving import PlanIndex
from redstick.dispatch.replay.plan import Fleet, FleetUnit, Plan, in_words
from redstick.dispatch.replay.what_if import WhatIf
from redstick.kernel.drivers import SynchronousDriver
from redstick.kernel.executor import Executor

from .straight_lines import StraightLines, history_of

NOON = 1_700_000_000_000
WEST, EAST = (0, 0), (1_000_000, 0)  # about 11 km apart
FLEET = Fleet(
    {"1": WEST, "2": EAST},
    {
        "E1": FleetUnit("E1", "ENGINE", "1"),
        "E2": FleetUnit("E2", "ENGINE", "2"),
        "T1": FleetUnit("T1", "TRUCK", "1", ("aerial",)),
    },
)


def sent_to(number, *units, x=100_000, **more):
    """One call with its units, each a kind and a name: sent after 30 s, there after 300, back after 1,200."""
    stamps = {"received": 0, "dispatched": 30, "en_route": 60, "on_scene": 300, "available": 1200}
    times = {name: NOON + s * 1000 for name, s in stamps.items()}
    words = {"call": number, "incident": number, "x": x, "y": 0, "call_type": "Fire", "station_area": "west"}
    return [words | {"unit": unit, "unit_kind": kind} | times | more for kind, unit in units]


def live(rows, *rules, **more):
    """The units at the first incident, and the account of the shift, under a plan of these rules."""
    assignments, lived = worked(rows, *rules, **more)
    return sorted(assignments), lived


def worked(rows, *rules, **more):
    """The same with the units' times."""
    plan = ResponsePlan("1", "UTC", layers=("station_area",), rules=rules, **more)
    driver, history = SynchronousDriver(Executor([domain]), MemoryJournal()), history_of(rows)
    what_if = Plan(answers=PastAnswers(PlanIndex(plan), None))
    lived = WhatIf(driver, history, FLEET, what_if, StraightLines()).run()
    incident = driver.executor.committed["dispatch"].incidents["incident_a"]
    return incident.assignments, lived


def rule(*send, **key):
    """A rule for everything."""
    return PlanRule("all", send=send, **key)


ENGINE, TRUCK = Requirement("engine", ("ENGINE",)), Requirement("truck", ("TRUCK",))


def test_what_the_plan_does_not_ask_for_stays_home():
    """An engine and a truck were sent; the plan asks for an engine."""
    assert live(sent_to("a", ("ENGINE", "E1"), ("TRUCK", "T1")), rule(ENGINE))[0] == ["E1"]


def test_what_the_plan_asks_for_beyond_the_record_is_sent_with_the_first():
    """One engine was sent; the plan asks for two and a truck."""
    two = Requirement("engine", ("ENGINE",), count=2)
    assert live(sent_to("a", ("ENGINE", "E1")), rule(two, TRUCK))[0] == ["E1", "E2", "T1"]


def test_a_substitute_goes_where_its_penalty_is_less_than_the_drive():
    """The far engine is 900 s behind the near truck: at 120 s the truck goes, at an hour the engine."""
    for penalty_s, gone in ((120, ["E1", "T1"]), (3600, ["E1", "E2"])):
        one = Requirement("engine", ("ENGINE",), count=2, substitutes=(Substitute(("TRUCK",), (), penalty_s),))
        assert live(sent_to("a", ("ENGINE", "E1")), rule(one))[0] == gone


def test_a_capability_is_asked_of_the_unit_and_not_of_its_kind():
    """Whoever has an aerial may go."""
    assert live(sent_to("a", ("ENGINE", "E1")), rule(Requirement("aerial", (), ("aerial",))))[0] == ["T1"]


def test_the_order_of_stations_goes_before_the_road():
    """The plan names the far station first."""
    ordered = Requirement("engine", ("ENGINE",), order=Order.STATION_ORDER)
    assert live(sent_to("a", ("ENGINE", "E1")), rule(ordered, stations=("2", "1")))[0] == ["E2"]


def test_the_record_s_own_areas_are_zones_of_the_plan():
    """A rule for the area that the record names answers before the one for everywhere."""
    west = PlanRule("west", layer="station_area", zone="west", send=(TRUCK,))
    assert live(sent_to("a", ("ENGINE", "E1")), rule(ENGINE), west)[0] == ["T1"]


def test_what_the_fleet_cannot_fill_the_record_may_and_else_it_is_unmet():
    """An ambulance without a home was there and counts; a second one, and a boat, are told as not met."""
    rows = sent_to("a", ("ENGINE", "E1"), ("MEDIC", "M9"))
    medics = Requirement("medic", ("MEDIC",), count=2)
    gone, lived = live(rows, rule(ENGINE, medics, Requirement("boat", ("BOAT",))))
    assert gone == ["E1", "M9"]
    assert lived.unmet == {"medic": 1, "boat": 1}


def test_a_further_alarm_is_taken_as_raised_where_more_were_sent():
    """Three were sent and the first alarm asks for one: the second counts too; with one sent it does not."""
    second = PlanRule("second", alarm=2, send=(Requirement("engine", ("ENGINE",)), TRUCK))
    three = sent_to("a", ("ENGINE", "E1"), ("ENGINE", "E2"), ("TRUCK", "T1"))
    assert live(three, rule(ENGINE), second)[0] == ["E1", "E2", "T1"]
    assert live(sent_to("a", ("ENGINE", "E1")), rule(ENGINE), second)[0] == ["E1"]


def test_a_call_that_only_others_went_to_is_answered_by_the_plan_too():
    """A medic without a home was sent alone; the plan sends an engine, which takes nobody to hospital."""
    hospital = {"transport": NOON + 900_000, "at_hospital": NOON + 1_800_000, "available": NOON + 4_000_000}
    assignments, lived = worked(sent_to("a", ("MEDIC", "M9"), **hospital), rule(ENGINE))
    assert (sorted(assignments), lived.decided_anew, lived.as_recorded) == (["E1", "M9"], 1, 1)
    stamps = assignments["E1"].stamps
    assert stamps["available"] - stamps["on_scene"] == 600_000
    assert "at_hospital" not in stamps


def test_a_ceiling_is_hard_and_what_it_keeps_back_is_told():
    """Nobody within a second: nobody goes, and the requirement is named."""
    gone, lived = live(sent_to("a", ("ENGINE", "E1")), rule(Requirement("engine", ("ENGINE",), ceiling_s=1)))
    assert (gone, lived.unmet) == ([], {"engine": 1})


def test_where_no_rule_answers_the_last_resort_goes():
    """The plan's own last resort, for a type that it does not know."""
    other = PlanRule("medical", types=("Medical",), send=(ENGINE,))
    assert live(sent_to("a", ("ENGINE", "E1")), other, last_resort=(TRUCK,))[0] == ["T1"]


def test_a_what_if_says_what_it_tries():
    """Stations closed with the units that go, units out, moved and added: a sentence each."""
    plan = Plan(
        removed_stations=("2",),
        removed_units=("T1",),
        units=(FleetUnit("E1", "ENGINE", "3"), FleetUnit("T9", "TRUCK", "1")),
        stations={"3": (5, 5)},
        rule="station_order",
    )
    assert in_words(FLEET, plan) == (
        "Station 2 is closed; E2 with it.",
        "Out of service: T1.",
        "Station 3 is new.",
        "E1 moves to station 3.",
        "T9 (truck) is added at station 1.",
        "Units are chosen by the order of stations.",
    )
    assert in_words(FLEET, Plan()) == ()
