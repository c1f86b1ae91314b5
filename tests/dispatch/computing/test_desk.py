"""The desk without a city, and questions on their way: what is answered is plainly marked, and the same anywhere."""

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.dispatch.recommendation.made_up import NOON, unit
from tests.dispatch.recommendation.made_up import STATIONS as LINE
from tests.dispatch.recommendation.test_asking import city

from redstick.dispatch.computing.answers import Exchanges, PlannedResponse, Recommendation
from redstick.dispatch.computing.desk import Desk
from redstick.dispatch.computing.questions import (
    Planned,
    WhatIsSent,
    WhatIsWrittenIn,
    WhatPays,
    WhereIs,
    WhoGoes,
    packed,
    unpacked,
)
from redstick.dispatch.plans.requirement import Requirement
from redstick.dispatch.plans.resolving import Question as PlanQuestion
from redstick.dispatch.plans.resolving import Way, Within
from redstick.dispatch.recommendation.asking import exchange_question, question_of, sent_out
from redstick.dispatch.recommendation.default_plan import VERSION
from redstick.dispatch.recommendation.exchange import Exchange
from redstick.dispatch.recommendation.question import Policy, Question
from redstick.dispatch.recommendation.recommending import recommend
from redstick.dispatch.recommendation.record import digest_of, holds, read
from redstick.dispatch.recommendation.straight_line import StraightLine
from redstick.dispatch.rules.assignments import AssignUnits
from redstick.dispatch.rules.needs import SetNeeds
from redstick.dispatch.rules.recommendations import RecordRecommendation
from redstick.dispatch.status_table import Status

PLAN = """
redstick_plan = 1
version = "v1"
title = "The parish"
time_zone = "UTC"
layers = ["box"]

[[rules]]
id = "everywhere"

[[rules.send]]
id = "engine"
kinds = ["ENGINE"]

[[rules]]
id = "in box 7"
layer = "box"
zone = "7"
stations = ["02", "01"]

[[rules.send]]
id = "engine"
kinds = ["ENGINE"]
count = 2
order = "station_order"
"""
QUESTIONS = st.lists(
    st.tuples(st.sampled_from(["ENGINE", "MEDIC", "TRUCK"]), st.integers(0, 600), st.none() | st.integers(0, 900),
              st.sampled_from(list(Status)), st.none() | st.integers(0, 5)),
    max_size=12,
).map(
    lambda drawn: Question(
        (0, 0), NOON, (Requirement("engine", ("ENGINE",), count=2), Requirement("medic", ("MEDIC",), divert=True)),
        tuple(
            unit(f"U{i}", 10 * x, kind=kind, staffing=crew, **({"status": status} if age is None else {"seen_s": age}))
            for i, (kind, x, age, status, crew) in enumerate(drawn)
        ),
        LINE, policy=Policy(),
    )
)  # fmt: skip
STATIONS = {"S100": (100, 0), "S200": (200, 0), "S300": (300, 0), "S400": (400, 0)}


def sent(desk=None, zones=None, plan=None, kind="Fire", fallback="", **more):
    """What is sent to an incident."""
    question = WhatIsSent(
        incident="i1", asked=PlanQuestion(kind, 0), plan=None if plan is None else Planned("v1", "d", plan),
        kinds=("ENGINE", "MEDIC"), zones=zones or {}, fallback=fallback, **more,
    )  # fmt: skip
    return msgspec.json.decode((desk or Desk()).answer(question), type=PlannedResponse)


def asked_of(live, **more):
    """The question of a live desk's incident."""
    return question_of(live.state, live.state.incidents["i1"], live.now, STATIONS, Policy(), **more)


class Box:
    """Ground that is one box, with the straight line for a road and a closed bridge."""

    digest = "a city"

    def places(self, asked):
        """Nothing is looked up in it."""
        raise AssertionError(asked)

    def zones(self, at, when):
        """Everything lies in the box."""
        return (Within("box", "7", 100),)

    def closures(self, when):
        """The bridge, at any time."""
        return ("bridge",)

    def roads(self, when, closed=()):
        """As the crow flies."""
        return StraightLine(Policy())


@given(QUESTIONS)
def test_a_question_arrives_as_it_was_sent(question):
    """Whatever is asked of another process is there what it was here."""
    for one in (
        WhoGoes(question, WhatIsSent(incident="i", asked=PlanQuestion("Fire", 5)), planned=True),
        WhatPays(question, (), (Exchange("r", "A", "B", 5),)),
        WhereIs("12 OAK", near=(5, -5)), WhatIsWrittenIn(PLAN, fallback="starting"),
    ):  # fmt: skip
        assert unpacked(packed(one)) == one


@given(QUESTIONS)
def test_who_goes_is_what_the_recommender_says_and_proves_itself(question):
    """The same answer as the bare recommender's, each unit once, under the digest of a record that holds."""
    told = msgspec.json.decode(
        Desk().answer(WhoGoes(question, WhatIsSent(incident="i", asked=PlanQuestion("Fire", 5)), fallback="ended")),
        type=Recommendation,
    )
    bare = recommend(question, None)
    assert [one.unit for one in told.chosen] == [one.unit for one in bare.chosen]
    assert sorted(one.unit for one in (*told.chosen, *told.refused)) == sorted(unit.id for unit in question.roster)
    assert (told.digest, told.straight, told.fallback) == (digest_of(told.record), True, "ended")
    assert holds(read(told.record))


def test_without_a_city_the_recorded_zones_count_and_it_says_so():
    """The plan speaks of a box that the incident is recorded in; without that it is the rule for everywhere."""
    found = sent(zones={"box": "7"}, plan=PLAN, fallback="ended")
    assert (found.rule, found.plan, found.said.zones_as_recorded, found.fallback) == ("in box 7", "v1", True, "ended")
    assert sent(plan=PLAN).rule == "everywhere"


def test_with_a_city_the_zones_are_those_of_the_position():
    """Whatever was recorded; an incident without a position keeps what was."""
    found = sent(Desk(Box()), {"box": "8"}, PLAN, at=(1, 1))
    assert (found.rule, found.zones, found.said.zones_as_recorded, found.city) == (
        "in box 7", {"box": "7"}, False, "a city",
    )  # fmt: skip
    assert sent(Desk(Box()), {"box": "8"}, PLAN).rule == "everywhere"


def test_a_city_fills_in_its_closures_and_the_plans_order_of_stations():
    """Both are part of the record."""
    live = city()
    response = WhatIsSent(incident="i1", asked=PlanQuestion("Fire", 0), at=(0, 0), plan=Planned("v1", "d", PLAN))
    told = msgspec.json.decode(Desk(Box()).answer(WhoGoes(asked_of(live), response, planned=True)), type=Recommendation)
    question = read(told.record).question
    assert (question.closures, question.station_orders) == (("bridge",), {"engine": ("02", "01")})
    assert [(need.id, need.count) for need in question.requirements] == [("engine", 2)]
    assert (told.straight, told.city) == (False, "a city")


@pytest.mark.parametrize(
    ("kind", "group", "rule"),
    [
        ("Structure Fire", "", "default for structure fire"), ("Alpha", "ems", "default for ems"),
        ("Alpha", "Medical", "default for ems"), ("Alpha", "other", ""),
    ],
)  # fmt: skip
def test_without_a_plan_the_group_of_the_type_decides(kind, group, rule):
    """By the words of the type, else of its group; what belongs to none is the last resort, and never nothing."""
    found = msgspec.json.decode(
        Desk().answer(WhatIsSent(incident="i", asked=PlanQuestion(kind, 0, group), kinds=("ENGINE",))),
        type=PlannedResponse,
    )
    assert (found.rule, found.plan) == (rule, VERSION)
    assert found.requirements
    assert (found.said.way is Way.LAST_RESORT) == (not rule)


def test_the_answer_is_the_command_that_records_it():
    """What the plan sends is set as needs; what is recommended for them is taken, while nothing has changed."""
    live = city()
    found = sent(plan=PLAN)
    live.run(SetNeeds(found.incident, found.requirements, found.plan, found.rule))
    told = msgspec.json.decode(
        Desk().answer(WhoGoes(asked_of(live), WhatIsSent(incident="i1", asked=PlanQuestion("Fire", 0)))),
        type=Recommendation,
    )
    [kept] = live.run(RecordRecommendation("i1", "r1", told.record))
    assert kept.digest == told.digest


def test_a_nearer_unit_that_frees_up_is_told_as_an_exchange_and_stays_while_it_gains():
    """Of the units on their way, asked with what is shown already; nobody is offered who is under way."""
    live = city()
    far = {**STATIONS, "S400": (4_000_000, 0)}
    live.run(AssignUnits("i1", ["E1", "E3", "M1"], fills={"E1": "engine", "E3": "engine", "M1": "medic"}))

    def told(shown=()):
        incident = live.state.incidents["i1"]
        question = question_of(live.state, incident, live.now, far, Policy())
        out = tuple(sent_out(live.state, incident, question))
        asked = WhatPays(exchange_question(question, incident), out, tuple(shown))
        return msgspec.json.decode(Desk().answer(asked), type=Exchanges)

    [found] = told().exchanges
    assert (found.out, found.instead, found.requirement) == ("E3", "E2", "engine")
    assert told([found]).exchanges == [found]
    live.run(AssignUnits("i1", ["E2"], fills={"E2": "engine"}))
    assert told().exchanges == []


def test_where_a_text_lies_is_not_made_up_without_a_city():
    """It is asked of a city or not at all."""
    with pytest.raises(ValueError, match="looked up in a city"):
        Desk().answer(WhereIs("12 OAK"))
