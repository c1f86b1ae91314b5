"""A recommendation is kept with its incident while it holds; an override says why, and what it costs."""

import msgspec
import pytest

from redstick.dispatch.invariants import recommendations_count_a_crew_once
from redstick.dispatch.place import Place
from redstick.dispatch.plans.requirement import Requirement
from redstick.dispatch.recommendation.question import Candidate, Policy, Question
from redstick.dispatch.recommendation.recommending import recommend
from redstick.dispatch.recommendation.record import digest_of, written
from redstick.dispatch.rules.assignments import AssignUnits
from redstick.dispatch.rules.incidents import CloseIncident, MoveIncident, OpenIncident, RetypeIncident
from redstick.dispatch.rules.recommendations import RecordOverride, RecordRecommendation, overrides
from redstick.dispatch.rules.retirement import RetireIncident
from redstick.dispatch.rules.units import EnrollUnit, ReportStatus
from redstick.kernel.system import NothingChanged

PLACE = Place("1 MAIN ST", x=0, y=0)
PLAN = (Requirement("engine", ("ENGINE",)), Requirement("medic", ("MEDIC",)))
STATIONS = {f"S{i}": (i * 10_000, 0) for i in range(10)}
FLEET = {"E1": ("ENGINE", 1), "E2": ("ENGINE", 2), "E5": ("ENGINE", 5), "M3": ("MEDIC", 3), "M4": ("MEDIC", 4)}


def question(now, incident="i1", requirements=PLAN):
    """The fleet in quarters, each unit as far away as its number says."""
    roster = tuple(Candidate(name, kind, station=f"S{x}") for name, (kind, x) in FLEET.items())
    policy = Policy(turnout_s=60)
    return Question(
        (0, 0), now, requirements, roster, STATIONS, policy=policy, incident=incident, kind="Fire", plan_version="7"
    )


def record(now, **more):
    """A recommendation as text."""
    asked = question(now, **more)
    return written(asked, recommend(asked, None))


@pytest.fixture
def city(desk):
    """An incident, and a fleet in quarters."""
    for name, (kind, x) in FLEET.items():
        desk.run(EnrollUnit(name, kind, station=f"S{x}"))
        desk.run(ReportStatus(name, "AQ"))
    desk.run(OpenIncident("i1", kind="Fire", place=PLACE))
    return desk


def cost_between(near, far):
    """How much longer the straight line is from one station than from another, in whole seconds."""
    answer = recommend(question(0), None)
    cost = {offer.unit: offer.cost_s for offer in answer.offers}
    return cost[far] - cost[near]


def test_it_is_kept_with_the_incident_under_its_digest(city):
    """Whom it named and what each could have cost; the journal has all of it."""
    text = record(city.now)
    [event] = city.run(RecordRecommendation("i1", "rec1", text))
    kept = city.state.incidents["i1"].recommendations["rec1"]
    assert (event.digest, event.record) == (digest_of(text), text)
    assert (kept.digest, kept.chosen, kept.plan_version) == (digest_of(text), ["E1", "M3"], "7")
    assert {offer.unit for offer in kept.offers} == set(FLEET)
    [again] = city.run(RecordRecommendation("i1", "rec1", text))
    assert isinstance(again, NothingChanged)


@pytest.mark.parametrize(("change", "named"), [
    (ReportStatus("E1", "OOS"), {"units": {"E1": ["status"]}}),
    (ReportStatus("E1", "AR"), {"units": {"E1": ["status"]}}),
    (EnrollUnit("M3", "MEDIC", station="S3", staffing=2), {"units": {"M3": ["staffing"]}}),
    (RetypeIncident("i1", "Gas leak"), {"incident": ["kind"]}),
    (MoveIncident("i1", Place("2 MAIN ST", x=5, y=0)), {"incident": ["place"]}),
])  # fmt: skip
def test_what_has_changed_is_named(city, change, named):
    """A unit that is to go, or the incident, is no longer as it was assumed."""
    text = record(city.now)
    city.run(change)
    outcome = city.ask(RecordRecommendation("i1", "rec1", text))
    assert (outcome.rejection.code, outcome.rejection.data) == ("recommendation_outdated", named)


def test_a_unit_that_was_sent_meanwhile_outdates_it(city):
    """Its status and its work are others; a change of a unit that is not to go does not matter."""
    text = record(city.now)
    city.run(OpenIncident("i2", kind="Fire", place=PLACE))
    city.run(AssignUnits("i2", ["E5"]))
    city.run(RecordRecommendation("i1", "rec1", text))
    city.run(AssignUnits("i2", ["E1"]))
    outcome = city.ask(RecordRecommendation("i1", "rec2", text))
    assert outcome.rejection.data == {"units": {"E1": ["status", "incident"]}}


def test_an_override_is_kept_with_its_reason_and_its_regret(city):
    """The second engine instead of the first costs the way between their stations."""
    city.run(RecordRecommendation("i1", "rec1", record(city.now)))
    [event] = city.run(RecordOverride("i1", "rec1", ["E2", "M3"], "E1 is refuelling"))
    assert (event.regret_s, event.unranked, event.unfilled) == (cost_between("E1", "E2"), [], [])
    kept = city.state.incidents["i1"].recommendations["rec1"].overridden
    assert (kept.units, kept.reason, kept.regret_s) == (["E2", "M3"], "E1 is refuelling", event.regret_s)
    [again] = city.run(RecordOverride("i1", "rec1", ["E2", "M3"], "E1 is refuelling"))
    assert isinstance(again, NothingChanged)


def test_what_was_left_out_and_what_had_been_refused_is_named(city):
    """No medic was sent, and a unit of which the recommendation knew nothing."""
    city.run(RecordRecommendation("i1", "rec1", record(city.now)))
    city.run(EnrollUnit("X9", "BOAT"))
    [event] = city.run(RecordOverride("i1", "rec1", ["E1", "X9"], "River"))
    assert (event.regret_s, event.unranked, event.unfilled) == (0, ["X9"], ["medic"])


def test_overrides_of_large_regret_are_found(city):
    """The dearest first; those below the bound are left out; what is of no known cost counts as dear."""
    for name, sent in (("near", ["E2", "M3"]), ("far", ["E5", "M4"]), ("lost", ["E1"])):
        city.run(RecordRecommendation("i1", name, record(city.now)))
        city.run(RecordOverride("i1", name, sent, "as asked by the chief"))
    costs = {"near": cost_between("E1", "E2"), "far": cost_between("E1", "E5") + cost_between("M3", "M4")}
    assert [kept.id for _, kept in overrides(city.state, 1)] == ["lost", "far", "near"]
    assert [kept.id for _, kept in overrides(city.state, costs["near"] + 1)] == ["lost", "far"]
    assert [kept.id for _, kept in overrides(city.state, costs["far"] + 1)] == ["lost"]


def test_it_retires_with_its_incident_and_comes_back_with_it(city):
    """The live state forgets it, and an override behind the retirement still knows what was recommended."""
    city.run(RecordRecommendation("i1", "rec1", record(city.now)))
    city.run(CloseIncident("i1", "done"))
    city.run(RetireIncident("i1"))
    assert "i1" not in city.state.incidents
    city.run(RecordOverride("i1", "rec1", ["E2", "M3"], "found in review"))
    assert city.state.incidents["i1"].recommendations["rec1"].overridden.reason == "found in review"


@pytest.mark.parametrize(("command", "code"), [
    (RecordRecommendation("i9", "rec1", "{}"), "incident_unknown"),
    (RecordRecommendation("i1", " ", "{}"), "recommendation_unnamed"),
    (RecordRecommendation("i1", "rec1", "{}"), "record_unreadable"),
    (RecordOverride("i9", "rec1", ["E2"], "why"), "incident_unknown"),
    (RecordOverride("i1", "rec9", ["E2"], "why"), "recommendation_unknown"),
    (RecordOverride("i1", "rec0", [], "why"), "no_units"),
    (RecordOverride("i1", "rec0", ["E2", "E2"], "why"), "unit_named_twice"),
    (RecordOverride("i1", "rec0", ["E77"], "why"), "unit_unknown"),
    (RecordOverride("i1", "rec0", ["E2"], " "), "reason_needed"),
    (RecordOverride("i1", "rec0", ["M3", "E1"], "why"), "as_recommended"),
])  # fmt: skip
def test_what_cannot_be_meant_is_refused(city, command, code):
    """With a stable code."""
    city.run(RecordRecommendation("i1", "rec0", record(city.now)))
    assert city.refused(command) == code


def test_a_record_of_another_incident_another_text_and_a_later_hour_are_refused(city):
    """It is kept where it belongs, once, and not before it was made."""
    city.run(RecordRecommendation("i1", "rec1", record(city.now)))
    assert (
        city.refused(RecordRecommendation("i1", "rec2", record(city.now, incident="i2")))
        == "record_of_another_incident"
    )
    assert city.refused(RecordRecommendation("i1", "rec1", record(city.now - 1))) == "recommendation_known"
    assert city.refused(RecordRecommendation("i1", "rec2", record(city.now + 1))) == "recommendation_ahead"
    city.run(CloseIncident("i1", "done"))
    assert city.refused(RecordRecommendation("i1", "rec2", record(city.now))) == "incident_closed"


def test_a_crew_that_is_named_twice_is_found(city):
    """The invariant sees a recommendation that sends one crew on two units."""
    city.run(RecordRecommendation("i1", "rec1", record(city.now)))
    assert list(recommendations_count_a_crew_once(city.state)) == []
    kept = city.state.incidents["i1"].recommendations["rec1"]
    kept.offers = [msgspec.structs.replace(offer, crew="crew c") for offer in kept.offers]
    [words] = recommendations_count_a_crew_once(city.state)
    assert "rec1" in words
