"""Who is recommended, and why not the others."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.dispatch.recommendation.made_up import NOON, STATIONS, Line, ask, names, refusal, unit

from redstick.dispatch.plans.requirement import Order, Requirement, Substitute
from redstick.dispatch.recommendation.question import Aid, Candidate, Exclusion, Policy, Question, StaleUse
from redstick.dispatch.recommendation.reasons import COUNTED, TAKEN, Reason
from redstick.dispatch.recommendation.recommending import recommend
from redstick.dispatch.status_table import Status

ENGINE = Requirement("engine", ("ENGINE",))
MEDIC = Requirement("medic", capabilities=("als",))


def test_a_unit_of_many_skills_is_not_spent_where_a_plainer_one_serves():
    """The nearest engine carries the only paramedic: it goes as the medic, and the engine next to it as the engine."""
    roster = [unit("E1", 100, capabilities=("als",)), unit("E2", 200)]
    assert names(ask(roster, ENGINE, MEDIC)) == {"engine": ["E2"], "medic": ["E1"]}


def test_a_later_requirement_never_takes_what_an_earlier_one_needs():
    """With one unit for both, the first in the plan is filled, whichever that is."""
    roster = [unit("E1", capabilities=("als",))]
    assert names(ask(roster, ENGINE, MEDIC)) == {"engine": ["E1"]}
    answer = ask(roster, MEDIC, ENGINE)
    assert names(answer) == {"medic": ["E1"]}
    assert [(u.requirement, u.missing, u.why) for u in answer.unfilled] == [("engine", 1, {"TAKEN": 1})]


def test_the_sum_counts_and_not_the_first_choice():
    """The engine that is best for both goes where the other would be much later."""
    roster = [
        unit("A", 100, capabilities=("als",)),
        unit("B", 110),
        unit("C", 2_000, capabilities=("als",)),
    ]
    assert names(ask(roster, ENGINE, MEDIC)) == {"engine": ["B"], "medic": ["A"]}


def test_each_hard_constraint_names_the_first_that_fails_with_its_numbers():
    """Capability, staffing, status, crew, agreement, exclusion, position, road, ceiling: in this order."""
    need = Requirement("r1", ("ENGINE",), ("foam",), min_staffing=3, ceiling_s=60, agency="FD")
    able = {"capabilities": ("foam",), "staffing": 4, "agency": "FD"}
    roster = [
        unit("truck", kind="TRUCK"),
        unit("plain", agency="FD"),
        unit("two", **able | {"staffing": 2}),
        unit("unknown", **able | {"staffing": None}),
        unit("off", **able, status=Status.OFF),
        unit("busy", **able, status=Status.ONS, incident="i1", crew="c1"),
        unit("twin", **able, crew="c1"),
        unit("guest", **able | {"agency": "XX"}),
        unit("barred", **able),
        unit("lost", **able | {"station": ""}),
        unit("island", 5_010, **able),
        unit("far", 700, **able),
        unit("good", 100, **able),
    ]
    answer = ask(roster, need, exclusions=(Exclusion("barred", "order_of_protection"),))
    said = {verdict.unit: verdict for verdict in answer.refused}
    assert {name: str(verdict.reason) for name, verdict in said.items()} == {
        "truck": "CAPABILITY",
        "plain": "CAPABILITY",
        "two": "STAFFING",
        "unknown": "STAFFING",
        "off": "NOT_AVAILABLE",
        "busy": "NOT_AVAILABLE",
        "twin": "CREW_COMMITTED",
        "guest": "NO_AGREEMENT",
        "barred": "EXCLUDED",
        "lost": "NO_POSITION",
        "island": "UNREACHABLE",
        "far": "OVER_CEILING",
    }
    assert (said["truck"].missing, said["plain"].missing) == (("ENGINE",), ("foam",))
    assert [(said[name].have, said[name].need) for name in ("two", "unknown")] == [(2, 3), (None, 3)]
    assert (said["busy"].status, said["busy"].incident, said["twin"].other) == ("ONS", "i1", "busy")
    assert (said["guest"].agency, said["barred"].rule) == ("XX", "order_of_protection")
    assert (said["island"].road, said["far"].travel_s, said["far"].ceiling_s) == ("closure", 70, 60)
    assert all(verdict.words for verdict in said.values())


def test_missing_staffing_is_no_pass_even_where_nobody_is_needed():
    """A plan that asks for staffing wants to know it."""
    assert refusal(ask([unit("A")], Requirement("r1", min_staffing=0)), "A").reason is Reason.STAFFING


def test_one_crew_goes_once():
    """Of an engine and a truck with one crew the engine goes; the truck's requirement takes the other truck."""
    roster = [unit("E1", 10, crew="c"), unit("T1", 10, kind="TRUCK", crew="c"), unit("T2", 900, kind="TRUCK")]
    truck = Requirement("truck", ("TRUCK",))
    answer = ask(roster, ENGINE, truck)
    assert names(answer) == {"engine": ["E1"], "truck": ["T2"]}
    assert (refusal(answer, "T1").reason, refusal(answer, "T1").other) == (Reason.CREW_COMMITTED, "E1")
    alone = ask(roster[:2], ENGINE, truck)
    assert ([u.requirement for u in alone.unfilled], names(alone)) == (["truck"], {"engine": ["E1"]})


def test_the_slower_say_by_how_much_and_behind_whom():
    """Travel, turnout and the distance to the last one chosen."""
    answer = ask([unit("A", 100), unit("B", 200), unit("C", 500)], Requirement("r", count=2), turnout_s=60)
    slower = refusal(answer, "C")
    assert (slower.reason, slower.travel_s, slower.arrival_s) == (Reason.SLOWER, 50, 110)
    assert (slower.behind_s, slower.against) == (30, "B")


def test_a_crew_on_the_road_needs_no_turnout():
    """A unit on radio three times as far is there before one that must first leave its station."""
    answer = ask([unit("home", 100), unit("road", 300, seen_s=5)], turnout_s=60)
    assert names(answer) == {"r1": ["road"]}
    assert refusal(answer, "home").behind_s == 40


def test_in_quarters_the_turnout_counts_wherever_that_is():
    """A crew whose station nobody knows still has to get into its boots."""
    answer = ask([unit("A", 100, station="", at=(100, 0), seen_at=NOON)], turnout_s=60)
    assert (answer.chosen[0].travel_s, answer.chosen[0].arrival_s) == (10, 70)


def test_a_substitute_goes_at_its_price():
    """A truck that is near enough goes for an engine; by the price it is outranked, and says so."""
    roster = [unit("E1", 500), unit("T1", 100, kind="TRUCK")]
    need = Requirement("r1", ("ENGINE",), substitutes=(Substitute(("TRUCK",), penalty_s=39),))
    assert "+39 s" in ask(roster, need).chosen[0].words
    dear = Requirement("r1", ("ENGINE",), substitutes=(Substitute(("TRUCK",), penalty_s=41),))
    truck = refusal(ask(roster, dear), "T1")
    assert (truck.reason, truck.rule, truck.penalty_s, truck.behind_s) == (Reason.OUTRANKED, "substitute", 41, -40)


def test_the_station_order_rules_where_the_plan_says_so():
    """The area's first station sends its engine although another is nearer; stations without a place come last."""
    roster = [unit("near", 10), unit("first", 900), unit("second", 50)]
    need = Requirement("r1", ("ENGINE",), order=Order.STATION_ORDER)
    answer = ask(roster, need, station_order=("S900", "S50"))
    assert names(answer) == {"r1": ["first"]}
    assert {v.unit: (v.reason, v.rule) for v in answer.refused} == {
        "near": (Reason.OUTRANKED, "station_order"),
        "second": (Reason.OUTRANKED, "station_order"),
    }


def test_only_where_the_plan_diverts_a_conditional_unit_may_go():
    """A unit that is clearing is taken with `divert`, and otherwise not available."""
    roster = [unit("A", 10, seen_s=1, status=Status.CLR)]
    assert refusal(ask(roster), "A").reason is Reason.NOT_AVAILABLE
    assert names(ask(roster, Requirement("r1", divert=True))) == {"r1": ["A"]}


@pytest.mark.parametrize(("aid", "goes"), [
    ((), False),
    ((Aid("next", "home"),), True),
    ((Aid("next", "home", ("TRUCK",)),), False),
    ((Aid("next", "home", ("ENGINE",)),), True),
    ((Aid("home", "next"),), False),
])  # fmt: skip
def test_another_agency_answers_only_under_an_agreement(aid, goes):
    """For what the place's agencies owe, in the direction of the agreement, with the kinds that it names."""
    answer = ask([unit("A", agency="next")], agencies=("home",), aid=aid)
    assert [v.unit for v in answer.chosen] == ["A"] * goes
    assert [v.reason for v in answer.refused] == [Reason.NO_AGREEMENT] * (not goes)


def test_an_ageing_position_is_a_range_of_arrivals():
    """Behind two report intervals the unit may have gone on or come nearer; the range says how much that is."""
    fresh, ageing = ask([unit("A", 1_000, seen_s=60)]).chosen[0], ask([unit("A", 1_000, seen_s=61)]).chosen[0]
    assert (fresh.position, fresh.low_s, fresh.high_s) == ("fresh", None, None)
    assert (ageing.position, ageing.age_s, ageing.low_s, ageing.high_s) == ("ageing", 61, 39, 161)
    slow = ask([unit("A", 1_000, seen_s=61, speed_mps=1)]).chosen[0]
    assert (slow.low_s, slow.high_s) == (95, 105)


def test_a_stale_position_ranks_after_any_fresh_one_within_the_margin():
    """It is outdone by a unit that is known to be a little farther, and still goes before one that is far away."""
    rules = Policy(turnout_s=0, stale_margin_s=60)
    stale = unit("stale", 100, seen_s=900)
    answer = ask([stale, unit("known", 700, seen_s=1)], policy=rules)
    assert names(answer) == {"r1": ["known"]}
    assert (refusal(answer, "stale").reason, refusal(answer, "stale").age_s) == (Reason.STALE_POSITION, 900)
    answer = ask([stale, unit("known", 720, seen_s=1)], policy=rules)
    assert names(answer) == {"r1": ["stale"]}
    assert "STALE" in answer.chosen[0].words


def test_where_a_stale_unit_is_taken_to_be_is_the_agency_s_choice():
    """Last known, or its station; a report that is doubted counts as stale; without one it is at its station."""
    lost = Candidate("A", "ENGINE", station="S500", status=Status.AR, at=(100, 0), seen_at=NOON - 900_000)
    assert ask([lost]).chosen[0].travel_s == 10
    at_station = Policy(turnout_s=0, stale_use=StaleUse.STATION)
    assert ask([lost], policy=at_station).chosen[0].travel_s == 50
    frozen = ask([unit("A", 100, seen_s=1, doubt="frozen")]).chosen[0]
    assert (frozen.position, "frozen" in frozen.words) == ("stale", True)
    silent = ask([unit("A", 200, status=Status.AR)]).chosen[0]
    assert (silent.position, silent.travel_s, silent.age_s) == ("assumed", 20, None)


def test_coverage_counts_for_nothing_until_it_is_given_a_weight():
    """The unit whose leaving costs most goes when it is nearest; with a weight the next one does."""
    roster = [unit("only", 100, coverage_loss_s=300), unit("one of many", 200)]
    assert names(ask(roster)) == {"r1": ["only"]}
    answer = ask(roster, policy=Policy(turnout_s=0, coverage_percent=10))
    assert (names(answer), refusal(answer, "only").rule) == ({"r1": ["one of many"]}, "coverage")


@pytest.mark.parametrize(("first", "second", "rule"), [
    ({"seen_s": 5}, {"seen_s": 6}, "fresher_position"),
    ({}, {"station": "S101"}, "station_rank"),
    ({"workload": 1}, {"workload": 2}, "workload"),
    ({}, {}, "unit_id"),
])  # fmt: skip
def test_ties_have_one_order(first, second, rule):
    """Equal seconds: the fresher position, the station's rank, the lower workload, the id; the answer says which."""
    stations = {"S100": (100, 0), "S101": (101, 0)}
    roster = (unit("B", 100, **second), unit("A", 100, **first))
    question = Question((0, 0), NOON, (Requirement("r"),), roster, stations, ("S100", "S101"))
    answer = recommend(question, Line())
    assert [v.unit for v in answer.chosen] == ["A"]
    assert (refusal(answer, "B").reason, refusal(answer, "B").rule) == (Reason.OUTRANKED, rule)


def test_without_roads_the_straight_line_stands_in_and_says_so():
    """Never an empty answer: the units are ranked by distance, and the answer is marked."""
    roster = (unit("A", 2_000), unit("B", 1_000))
    answer = recommend(Question((0, 0), NOON, (Requirement("r"),), roster, STATIONS), None)
    assert ([v.unit for v in answer.chosen], answer.straight, answer.roads) == (["B"], True, "straight line")
    assert not recommend(Question((0, 0), NOON, (Requirement("r"),), roster, STATIONS), Line()).straight


def test_what_cannot_be_filled_is_named_with_what_stands_against_it():
    """How many are missing, and the number of units by the first thing that each fails."""
    roster = [unit("A"), unit("B", status=Status.ONS), unit("C", kind="TRUCK"), unit("D", 5_010)]
    [lacking] = ask(roster, Requirement("engines", ("ENGINE",), count=3)).unfilled
    assert (lacking.requirement, lacking.count, lacking.missing) == ("engines", 3, 2)
    assert lacking.why == {"NOT_AVAILABLE": 1, "CAPABILITY": 1, "UNREACHABLE": 1}
    assert lacking.words == "2 of 3 missing: 1 cannot do it, 1 not free, 1 cut off by road"


def test_every_reason_can_be_counted_in_words():
    """No code reaches who reads what is missing."""
    assert set(COUNTED) == {TAKEN, *(reason for reason in Reason if reason is not Reason.CHOSEN)}


def test_a_roster_that_lists_a_unit_twice_is_refused():
    """Nobody could say which of the two is meant."""
    with pytest.raises(ValueError, match="more than once: A"):
        ask([unit("A"), unit("A")])


KINDS, SKILLS = ["ENGINE", "MEDIC"], ["als", "foam"]
ROSTERS = st.lists(
    st.builds(
        unit,
        st.text("ABCDEFGH", min_size=1, max_size=3),
        st.integers(0, 60).map(lambda x: x * 100),
        status=st.sampled_from(list(Status)),
        kind=st.sampled_from(KINDS),
        capabilities=st.lists(st.sampled_from(SKILLS), unique=True).map(tuple),
        crew=st.sampled_from(["", "", "c1", "c2", "c3"]),
        staffing=st.sampled_from([None, 2, 4]),
        at=st.sampled_from([None, (500, 0)]),
        seen_at=st.sampled_from([None, NOON - 5_000, NOON - 200_000, NOON - 900_000, NOON + 5_000]),
        incident=st.sampled_from(["", "", "", "i1"]),
    ),
    unique_by=lambda candidate: candidate.id,
    max_size=16,
)
PLANS = st.lists(
    st.builds(
        Requirement,
        st.sampled_from("abcde"),
        st.lists(st.sampled_from(KINDS), unique=True).map(tuple),
        st.lists(st.sampled_from(SKILLS), unique=True).map(tuple),
        st.integers(0, 4),
        min_staffing=st.sampled_from([None, 3]),
        divert=st.booleans(),
        order=st.sampled_from(list(Order)),
        substitutes=st.sampled_from([(), (Substitute(("MEDIC",), (), 30),)]),
    ),
    unique_by=lambda requirement: requirement.id,
    max_size=4,
).map(tuple)


@given(ROSTERS, PLANS, st.randoms(use_true_random=False))
def test_every_unit_of_the_roster_appears_once(roster, plan, chance):
    """|chosen| + |refused| = |roster|, whatever the order of the roster; nobody is sent beyond what is asked."""
    question = Question((0, 0), NOON, plan, tuple(roster), STATIONS)
    answer = recommend(question, Line())
    assert sorted(v.unit for v in (*answer.chosen, *answer.refused)) == sorted(u.id for u in roster)
    assert all(verdict.words for verdict in (*answer.chosen, *answer.refused))
    for need in plan:
        sent = sum(verdict.requirement == need.id for verdict in answer.chosen)
        lacking = sum(lack.missing for lack in answer.unfilled if lack.requirement == need.id)
        assert sent + lacking == need.count
    shuffled = list(roster)
    chance.shuffle(shuffled)
    assert recommend(Question((0, 0), NOON, plan, tuple(shuffled), STATIONS), Line()) == answer


@given(ROSTERS, PLANS)
def test_a_crew_is_never_counted_twice(roster, plan):
    """No two chosen units share a crew, and none has a crew that is out with another unit."""
    by_id = {candidate.id: candidate for candidate in roster}
    answer = recommend(Question((0, 0), NOON, plan, tuple(roster), STATIONS), Line())
    crews = [by_id[verdict.unit].crew for verdict in answer.chosen if by_id[verdict.unit].crew]
    assert len(set(crews)) == len(crews)
    out = {candidate.crew for candidate in roster if candidate.crew and candidate.incident}
    assert not out & set(crews)
