"""From the live state to the question, and from the answer back to a command that is taken."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.dispatch.recommendation.made_up import STATIONS, Line
from tests.dispatch.rules.conftest import MINUTE, Desk

from redstick.dispatch.avl.quality import Fix
from redstick.dispatch.place import Place
from redstick.dispatch.plans.requirement import Requirement, Substitute
from redstick.dispatch.recommendation.asking import Unlocated, question_of, seen_by_device, under_way
from redstick.dispatch.recommendation.exchange import suggest
from redstick.dispatch.recommendation.question import Aid, Exclusion, Policy
from redstick.dispatch.recommendation.recommending import recommend
from redstick.dispatch.recommendation.record import written
from redstick.dispatch.rules.aid import GrantAid, RecordAgreement, RequestAid
from redstick.dispatch.rules.assignments import AssignUnits, ReleaseUnit
from redstick.dispatch.rules.crews import FormCrew
from redstick.dispatch.rules.incidents import OpenIncident
from redstick.dispatch.rules.needs import SetNeeds, WaiveNeed
from redstick.dispatch.rules.plans import ActivatePlanUnseen, DraftPlan, RecordPlanCheck, digest_of
from redstick.dispatch.rules.recommendations import RecordRecommendation
from redstick.dispatch.rules.stacking import PreassignUnit
from redstick.dispatch.rules.units import EnrollUnit, ReportStatus

ENGINES = Requirement("engine", ("ENGINE",), count=2)
MEDIC = Requirement("medic", ("MEDIC",), substitutes=(Substitute(("ENGINE",), ("als",), 30),))
PLAN_TEXT = (
    'redstick_plan = 1\nversion = "a"\ntime_zone = "UTC"\n\n[[rules]]\nid = "any"\n\n'
    '[[rules.send]]\nid = "engine"\nkinds = ["ENGINE"]\n'
)


def city(needs=(ENGINES, MEDIC)):
    """Three engines, a medic, a truck; an incident at x = 0 that needs two engines and a medic."""
    desk = Desk()
    for name, kind, x in (("E1", "ENGINE", 100), ("E2", "ENGINE", 200), ("E3", "ENGINE", 400), ("M1", "MEDIC", 300)):
        desk.run(EnrollUnit(name, kind, station=f"S{x}"))
        desk.run(ReportStatus(name, "AQ"))
    desk.run(OpenIncident("i1", kind="Fire", place=Place("HERE", x=0, y=0)))
    desk.run(SetNeeds("i1", list(needs), "a", "any"))
    return desk


def asked(desk, **more):
    """The question of the incident, now."""
    return question_of(desk.state, desk.state.incidents["i1"], desk.now, STATIONS, Policy(turnout_s=60), **more)


def chosen(desk, **more):
    """Requirement to units."""
    answer = recommend(asked(desk, **more), Line())
    return [(verdict.requirement, verdict.unit) for verdict in answer.chosen]


def test_only_what_is_still_lacking_is_asked_for():
    """A unit that was sent and a need that was waived are no part of it."""
    desk = city()
    assert chosen(desk) == [("engine", "E1"), ("engine", "E2"), ("medic", "M1")]
    desk.run(AssignUnits("i1", ["E1"], fills={"E1": "engine"}))
    desk.run(WaiveNeed("i1", "medic", "Chief Dupre", "no patient"))
    assert chosen(desk) == [("engine", "E2")]
    assert [unit.incident for unit in asked(desk).roster if unit.id == "E1"] == ["i1"]


def test_who_was_cancelled_and_who_is_promised_elsewhere_is_excluded():
    """With the reason; what is given from outside comes first."""
    desk = city()
    desk.run(AssignUnits("i1", ["E1"]))
    desk.run(ReleaseUnit("i1", "E1", "cancelled"))
    desk.run(ReportStatus("E1", "AQ"))
    desk.run(OpenIncident("i2", place=Place("THERE", x=5, y=0)))
    desk.run(PreassignUnit("i2", "E2"))
    found = asked(desk, exclusions=[Exclusion("M1", "conflict")]).exclusions
    assert [(one.unit, one.rule) for one in found] == [
        ("M1", "conflict"), ("E1", "previously_cancelled"), ("E2", "promised_to_another"),
    ]  # fmt: skip


def test_aid_is_what_is_automatic_and_what_was_granted_for_it():
    """In the direction of the agreement."""
    desk = city()
    desk.run(RecordAgreement("g1", "NEXT", "HOME", automatic=True, kinds=["ENGINE"]))
    desk.run(RecordAgreement("g2", "FAR", "HOME"))
    assert asked(desk).aid == (Aid("NEXT", "HOME", ("ENGINE",)),)
    desk.run(RequestAid("i1", "q1", "FAR", "HOME", "a medic"))
    desk.run(GrantAid("i1", "q1", "their desk"))
    assert asked(desk).aid == (Aid("NEXT", "HOME", ("ENGINE",)), Aid("FAR", "HOME"))


def test_positions_come_with_their_age_and_their_doubt():
    """Where the last report put the unit, and when."""
    desk = city()
    desk.run(ReportStatus("E3", "AR", x=20, y=0))
    desk.now += MINUTE
    [unit] = [unit for unit in asked(desk).roster if unit.id == "E3"]
    assert (unit.at, unit.seen_at, unit.doubt) == ((20, 0), desk.now - MINUTE, "")
    desk.state.units["E3"].quality = "frozen"
    assert [unit.doubt for unit in asked(desk).roster if unit.id == "E3"] == ["frozen"]


def test_what_a_device_reported_since_counts_and_never_from_the_future():
    """An older report changes nothing; one whose clock runs ahead is as old as its coming in."""
    desk = city()
    desk.run(ReportStatus("E1", "AR", x=700, y=0))
    [seen] = [unit for unit in asked(desk).roster if unit.id == "E1"]
    later, ahead = seen.seen_at + 5_000, seen.seen_at + 900_000
    assert seen_by_device(seen, None) == seen
    assert seen_by_device(seen, Fix(1, 2, seen.seen_at - 1, later)) == seen
    assert (seen_by_device(seen, Fix(1, 2, later, later)).at, seen.at) == ((1, 2), (700, 0))
    assert seen_by_device(seen, Fix(1, 2, ahead, later)).seen_at == later


def test_an_incident_without_a_position_has_no_question():
    """Who is near cannot be said."""
    desk = city()
    desk.run(OpenIncident("i3", place=Place("SOMEWHERE")))
    with pytest.raises(Unlocated, match="i3"):
        question_of(desk.state, desk.state.incidents["i3"], desk.now, STATIONS, Policy())


def test_another_plan_or_other_needs_outdate_a_recommendation():
    """The version that counts now is named, and so are the needs."""
    desk = city()
    question = asked(desk)
    text = written(question, recommend(question, Line()))
    desk.run(WaiveNeed("i1", "medic", "Chief Dupre", "no patient"))
    desk.run(DraftPlan(PLAN_TEXT, "Chief Dupre"))
    desk.run(RecordPlanCheck("a", digest_of(PLAN_TEXT), "city", 4, 0, 0))
    desk.run(ActivatePlanUnseen("a", "Chief Dupre", "storm"))
    outcome = desk.ask(RecordRecommendation("i1", "rec1", text))
    assert outcome.rejection.data == {"incident": ["needs"], "plan": "a"}
    question = asked(desk)
    desk.run(RecordRecommendation("i1", "rec1", written(question, recommend(question, Line()))))
    assert desk.state.incidents["i1"].recommendations["rec1"].plan_version == "a"


def test_a_nearer_unit_that_frees_up_is_suggested_for_one_on_its_way():
    """E3 drives from far away when E1 comes free next door; once it is on scene nothing is suggested."""
    desk = city([Requirement("engine", ("ENGINE",))])
    desk.run(ReportStatus("E1", "OOS"))
    desk.run(EnrollUnit("E3", "ENGINE", station="S4000"))
    desk.run(AssignUnits("i1", ["E3"], fills={"E3": "engine"}))
    desk.run(ReportStatus("E3", "ENR", x=4_000, y=0))
    desk.run(ReportStatus("E1", "AQ"))
    incident, question = desk.state.incidents["i1"], asked(desk)
    free = recommend(question_of(desk.state, incident, desk.now, STATIONS, Policy(turnout_s=60)), Line())
    assert free.offers == ()  # nothing is lacking, so nobody is offered
    again = recommend(_as_if_lacking(question), Line())
    [exchange] = suggest(under_way(desk.state, incident, question, Line()), again.offers)
    assert (exchange.out, exchange.instead, exchange.gain_s) == ("E3", "E1", 400 - 70)
    desk.run(ReportStatus("E3", "ONS"))
    assert under_way(desk.state, desk.state.incidents["i1"], question, Line()) == []


def _as_if_lacking(question):
    import msgspec

    return msgspec.structs.replace(question, requirements=(Requirement("engine", ("ENGINE",)),))


FLEETS = st.lists(
    st.tuples(
        st.sampled_from(["ENGINE", "MEDIC"]),
        st.sampled_from([100, 200, 300, 5_100]),
        st.sampled_from(["AQ", "AR", "CLR", "OOS", "MEAL"]),
        st.sampled_from([(), ("als",)]),
        st.sampled_from([None, 2, 4]),
    ),
    min_size=2,
    max_size=7,
)
NEEDS = st.lists(
    st.builds(
        Requirement,
        st.sampled_from(["a", "b", "c"]),
        st.sampled_from([(), ("ENGINE",), ("MEDIC",)]),
        st.sampled_from([(), ("als",)]),
        st.integers(1, 2),
        min_staffing=st.sampled_from([None, 3]),
        substitutes=st.sampled_from([(), (Substitute(("ENGINE",), ("als",), 30),)]),
        divert=st.booleans(),
    ),
    unique_by=lambda need: need.id,
    min_size=1,
    max_size=3,
)


@given(FLEETS, NEEDS, st.booleans())
def test_what_is_recommended_is_taken_as_a_command(fleet, needs, shared):
    """The rules that assign units and the recommendation agree on who may go, whatever the fleet and the plan."""
    desk = Desk()
    for i, (kind, x, status, skills, staffing) in enumerate(fleet):
        desk.run(EnrollUnit(f"U{i}", kind, station=f"S{x}", capabilities=list(skills), staffing=staffing))
        desk.run(ReportStatus(f"U{i}", status))
    if shared:
        desk.run(FormCrew("c", ["U0", "U1"]))
    desk.run(OpenIncident("i1", kind="Fire", place=Place("HERE", x=0, y=0)))
    desk.run(SetNeeds("i1", needs))
    question = asked(desk)
    answer = recommend(question, Line())
    desk.run(RecordRecommendation("i1", "rec1", written(question, answer)))
    if answer.chosen:
        fills = {verdict.unit: verdict.requirement for verdict in answer.chosen}
        desk.run(AssignUnits("i1", list(fills), fills=fills))
    assert {lack.requirement: lack.missing for lack in answer.unfilled} == {
        need.id: need.count for need in asked(desk).requirements
    }


UNITS = st.integers(0, 5).map(lambda i: f"U{i}")
INCIDENTS = st.sampled_from(["i1", "i2"])
ACTS = st.lists(
    st.one_of(
        st.builds(ReportStatus, UNITS, st.sampled_from(["AQ", "AR", "ENR", "ONS", "CLR", "OOS", "OFF"])),
        st.builds(
            AssignUnits, INCIDENTS, st.lists(UNITS, min_size=1, max_size=2, unique=True), despite=st.just("asked")
        ),
        st.builds(ReleaseUnit, INCIDENTS, UNITS, st.sampled_from(["cleared", "cancelled"])),
        st.builds(FormCrew, st.sampled_from(["c", "d"]), st.lists(UNITS, min_size=2, max_size=3, unique=True)),
        st.builds(PreassignUnit, INCIDENTS, UNITS),
        st.builds(SetNeeds, INCIDENTS, NEEDS),
    ),
    max_size=25,
)


@given(ACTS)
def test_over_a_whole_shift_every_unit_appears_once_and_no_crew_twice(acts):
    """Whatever happened before: chosen and refused are the roster, and no chosen crew is out or chosen again."""
    desk = Desk()
    for i in range(6):
        desk.run(EnrollUnit(f"U{i}", "ENGINE" if i % 2 else "MEDIC", station=f"S{100 * i}", capabilities=["als"]))
        desk.run(ReportStatus(f"U{i}", "AQ"))
    for name in ("i1", "i2"):
        desk.run(OpenIncident(name, kind="Fire", place=Place("HERE", x=0, y=0)))
    for act in acts:
        desk.ask(act)
        for incident in desk.state.incidents.values():
            answer = recommend(question_of(desk.state, incident, desk.now, STATIONS, Policy()), Line())
            said = [verdict.unit for verdict in (*answer.chosen, *answer.refused)]
            assert sorted(said) == sorted(desk.state.units)
            crews = [desk.state.units[verdict.unit].crew for verdict in answer.chosen]
            shared = [crew for crew in crews if crew]
            assert len(set(shared)) == len(shared)
            assert not any(desk.state.units[name].work for crew in shared for name in desk.state.crews[crew].units)


def test_a_unit_at_work_is_told_by_its_status_and_the_number_of_its_incident():
    """In the words of the floor; where an incident has no number its id stands in."""
    desk = city()
    desk.run(OpenIncident("i2", number="26-0017", kind="Fall", place=Place("THERE", x=0, y=0)))
    desk.run(AssignUnits("i2", ["E1"]))
    desk.run(ReportStatus("E1", "ONS"))
    desk.run(ReportStatus("E2", "OOS"))
    said = {one.unit: one.words for one in recommend(asked(desk), Line()).refused}
    assert (said["E1"], said["E2"]) == ("on scene, on #26-0017", "out of service")
