"""Merging, splitting, linking: each test states one fact."""

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from redstick.dispatch.plans.requirement import Requirement
from redstick.dispatch.relations import Relation
from redstick.dispatch.rules.assignments import AssignUnits, ReleaseUnit
from redstick.dispatch.rules.calls import AttachCall, EndCall, ReceiveCall
from redstick.dispatch.rules.incidents import AddNote, ChangePriority, CloseIncident, OpenIncident, ReopenIncident
from redstick.dispatch.rules.links import LinkIncidents, MergeIncidents, SplitIncident, UnlinkIncidents
from redstick.dispatch.rules.needs import SetNeeds, WaiveNeed, pending
from redstick.dispatch.rules.retirement import RETIRE_AFTER_MS
from redstick.dispatch.rules.stacking import PreassignUnit, StackIncident
from redstick.dispatch.rules.units import EnrollUnit, ReportStatus

from .test_retirement import LiveDesk

UNITS = ("E1", "E2", "M3", "M4")


def furnish(desk):
    """Two fires, one of them less urgent, each with a call and an engine on its way."""
    for name in UNITS:
        desk.run(EnrollUnit(name, "engine" if name < "F" else "medic"))
        desk.run(ReportStatus(name, "AQ"))
    for incident, call, unit, priority in (("i", "a", "E1", 3), ("j", "b", "E2", 1)):
        desk.run(ReceiveCall(call, "911"))
        desk.run(OpenIncident(incident, call=call, priority=priority))
        desk.run(AssignUnits(incident, [unit]))
    desk.run(ReportStatus("E2", "ENR"))


@pytest.fixture
def fires(desk):
    furnish(desk)
    return desk


def bytes_of(desk):
    """The whole state, byte for byte."""
    return msgspec.json.encode(desk.state)


def test_a_merge_moves_calls_and_units_and_loses_nothing(fires):
    """Both calls speak of the one that goes on, both engines work for it, each with the times that it had."""
    stamps = dict(fires.state.incidents["j"].assignments["E2"].stamps)
    fires.run(MergeIncidents("i", "j", "same smoke"))
    into, replaced = fires.state.incidents["i"], fires.state.incidents["j"]
    assert (into.calls, list(into.assignments)) == (["a", "b"], ["E1", "E2"])
    assert [part.sequence for part in into.assignments.values()] == [1, 2]
    assert into.assignments["E2"].stamps == stamps
    assert fires.state.units["E2"].work == ["i"]
    assert (replaced.replaced_by, replaced.closed_at, replaced.calls) == ("i", fires.now, [])


def test_a_merge_takes_the_higher_urgency_and_a_split_gives_it_back(fires):
    """A fire of priority 1 does not wait at 3 because somebody merged it."""
    fires.run(MergeIncidents("i", "j"))
    assert fires.state.incidents["i"].priority == 1
    fires.run(SplitIncident("i", "j", "two fires"))
    assert fires.state.incidents["i"].priority == 3


def test_a_unit_that_goes_over_stands_for_what_is_missing_there(fires):
    """An engine that was on its way to the replaced fire fills the engine that the other one still lacks."""
    fires.run(OpenIncident("k"))
    fires.run(SetNeeds("k", NEEDS))
    fires.run(MergeIncidents("k", "j"))
    assert fires.state.incidents["k"].assignments["E2"].need == "e"
    assert [need.requirement.id for need, _ in pending(fires.state.incidents["k"])] == ["m"]


def lacks(desk, incident):
    """What an incident still lacks, by need."""
    return {need.requirement.id: lacking for need, lacking in pending(desk.state.incidents[incident])}


def test_what_the_replaced_one_still_lacks_is_lacking_where_it_goes_on(fires):
    """With its plan, its rule and since when it waits, and whose it was; what both ask for is asked once."""
    fires.run(SetNeeds("i", [Requirement("e", ("engine",))], "plan 1", "smoke"))
    since = fires.now
    fires.run(SetNeeds("j", NEEDS, "plan 1", "fire"))
    fires.now += 60_000
    fires.run(MergeIncidents("i", "j"))
    engine, medic = fires.state.incidents["i"].needs
    assert (engine.requirement.id, engine.requirement.count, engine.carried_from) == ("e", 1, "")
    assert (medic.requirement.id, medic.requirement.count, medic.carried_from) == ("m", 2, "j")
    assert (medic.plan, medic.rule, medic.since) == ("plan 1", "fire", since)
    assert lacks(fires, "i") == {"m": 2}


def test_the_larger_of_two_counts_stands_and_a_split_takes_it_back(fires):
    """One report asked for a medic and the other for two: two are needed, and the second is the other's again."""
    fires.run(SetNeeds("i", [Requirement("m", ("medic",))]))
    fires.run(SetNeeds("j", NEEDS))
    fires.run(MergeIncidents("i", "j"))
    assert lacks(fires, "i") == {"m": 1, "m/j": 1}
    fires.run(AssignUnits("i", ["M3", "M4"]))
    assert lacks(fires, "i") == {}
    fires.run(SplitIncident("i", "j", "two scenes"))
    assert [need.requirement.id for need in fires.state.incidents["i"].needs] == ["m"]
    assert lacks(fires, "j") == {"m": 2}


def test_who_is_there_stands_for_what_a_merge_brings(fires):
    """A unit that goes over first, then one that stood for nothing by name: nobody is asked for who is there."""
    for command in (OpenIncident("k"), AssignUnits("k", ["M3"]), SetNeeds("j", NEEDS)):
        fires.run(command)
    fires.run(MergeIncidents("k", "j"))
    parts = fires.state.incidents["k"].assignments
    assert (parts["E2"].need, parts["M3"].need) == ("e", "m")
    assert lacks(fires, "k") == {"m": 1}


def test_what_was_given_up_or_is_done_is_not_asked_again(fires):
    """A need waived by name, and one whose unit was there and has left."""
    fires.run(SetNeeds("i", [Requirement("l", ("ladder",))]))
    fires.run(SetNeeds("j", NEEDS))
    fires.run(WaiveNeed("j", "m", "Ann", "nobody hurt"))
    fires.run(ReportStatus("E2", "ONS"))
    fires.run(ReleaseUnit("j", "E2"))
    fires.run(MergeIncidents("i", "j"))
    assert [need.requirement.id for need in fires.state.incidents["i"].needs] == ["l"]


def test_a_merge_keeps_what_was_promised(fires):
    """A unit that was reserved for, or queued on, the one that goes on and comes to it by the merge waits no more."""
    fires.run(PreassignUnit("i", "E2"))
    fires.run(StackIncident("i", "E2"))
    fires.run(MergeIncidents("i", "j"))
    assert "E2" in fires.state.incidents["i"].assignments
    assert (fires.state.reservations, fires.state.incidents["i"].stacked) == ({}, [])


def test_a_later_merge_keeps_what_it_needs(fires):
    """Splitting the first of two urgent ones leaves the urgency of the second."""
    fires.run(OpenIncident("k", priority=2))
    fires.run(MergeIncidents("i", "j"))
    fires.run(MergeIncidents("i", "k"))
    fires.run(SplitIncident("i", "j", "two fires"))
    assert fires.state.incidents["i"].priority == 2


def test_a_replaced_incident_says_where_it_went(fires):
    """Who attaches a call to it, opens it again or merges it again is told which one goes on."""
    fires.run(MergeIncidents("i", "j"))
    fires.run(ReceiveCall("c", "911"))
    for command in (
        AttachCall("c", "j"),
        ReopenIncident("j", "again"),
        MergeIncidents("i", "j"),
        MergeIncidents("j", "i"),
    ):
        refused = fires.ask(command).rejection
        assert (refused.code, refused.data["by"]) == ("incident_replaced", "i")
    fires.run(AddNote("j", "kept for the record"))


def test_what_came_since_stays_where_it_came(fires):
    """A split gives back what the merge took over, with its newer times; a call and a unit that came later stay."""
    fires.run(MergeIncidents("i", "j"))
    fires.run(ReceiveCall("c", "911"))
    fires.run(AttachCall("c", "i"))
    fires.run(AssignUnits("i", ["M3"]))
    fires.run(ReportStatus("E2", "ONS"))
    fires.run(SplitIncident("i", "j", "two fires"))
    into, back = fires.state.incidents["i"], fires.state.incidents["j"]
    assert (into.calls, list(into.assignments)) == (["a", "c"], ["E1", "M3"])
    assert (back.calls, list(back.assignments), back.closed_at) == (["b"], ["E2"], None)
    assert "on_scene" in back.assignments["E2"].stamps
    fires.run(AssignUnits("i", ["M4"]))
    assert [part.sequence for part in fires.state.incidents["i"].assignments.values()] == [1, 3, 4]


def test_a_unit_that_was_sent_anew_since_the_merge_stays(fires):
    """Both its parts are then of the incident that goes on, and it works on."""
    fires.run(MergeIncidents("i", "j"))
    fires.run(ReleaseUnit("i", "E2"))
    fires.run(ReportStatus("E2", "AQ"))
    fires.run(AssignUnits("i", ["E2"]))
    fires.run(SplitIncident("i", "j", "two fires"))
    assert [part.unit for part in fires.state.incidents["i"].earlier] == ["E2"]
    assert fires.state.incidents["j"].assignments == {}
    assert fires.state.units["E2"].work == ["i"]


def test_a_unit_on_both_is_named(fires):
    """Nobody guesses which of its two timelines goes on."""
    fires.run(AssignUnits("j", ["E1"], despite="both fires"))
    assert fires.ask(MergeIncidents("i", "j")).rejection.data["units"] == ["E1"]


def test_merges_are_split_from_the_outside_in(fires):
    """What was merged on is split first."""
    fires.run(OpenIncident("k"))
    fires.run(MergeIncidents("i", "j"))
    fires.run(MergeIncidents("k", "i"))
    assert fires.state.incidents["k"].calls == ["a", "b"]
    assert fires.refused(SplitIncident("i", "j", "x")) == "incident_replaced"
    fires.run(SplitIncident("k", "i", "x"))
    fires.run(SplitIncident("i", "j", "x"))
    assert fires.state.incidents["j"].calls == ["b"]


def test_what_cannot_be_merged_is_refused(fires):
    """An unknown one, one with itself, an open one into a closed one; a split of nothing, or for no reason."""
    fires.run(OpenIncident("k"))
    fires.run(CloseIncident("k", "done"))
    assert fires.refused(MergeIncidents("i", "x")) == "incident_unknown"
    assert fires.refused(MergeIncidents("i", "i")) == "same_incident"
    assert fires.refused(MergeIncidents("k", "i")) == "incident_closed"
    assert fires.refused(SplitIncident("i", "j", "x")) == "not_merged"
    fires.run(MergeIncidents("i", "k"))
    assert fires.state.incidents["k"].disposition == "done"
    assert fires.refused(SplitIncident("i", "k", " ")) == "reason_needed"


NEEDS = [Requirement("e", ("engine",)), Requirement("m", ("medic",), count=2)]
STEPS = st.one_of(
    st.builds(AssignUnits, st.sampled_from("ijk"), st.lists(st.sampled_from(UNITS), min_size=1, max_size=2)),
    st.builds(
        AssignUnits, st.sampled_from("ij"), st.lists(st.sampled_from(UNITS), max_size=1), despite=st.just("must")
    ),
    st.builds(SetNeeds, st.sampled_from("ijk"), st.lists(st.sampled_from(NEEDS), min_size=1, max_size=2, unique=True)),
    st.builds(ReleaseUnit, st.sampled_from("ijk"), st.sampled_from(UNITS)),
    st.builds(ReportStatus, st.sampled_from(UNITS), st.sampled_from(["ENR", "ONS", "AQ"])),
    st.builds(AttachCall, st.sampled_from("abc"), st.sampled_from("ijk")),
    st.builds(EndCall, st.sampled_from("abc")),
    st.builds(ChangePriority, st.sampled_from("ijk"), st.integers(1, 5)),
    st.builds(CloseIncident, st.sampled_from("ijk"), st.just("done")),
    st.builds(ReopenIncident, st.sampled_from("ijk"), st.just("again")),
    st.builds(MergeIncidents, st.sampled_from("ijk"), st.sampled_from("ijk")),
    st.builds(SplitIncident, st.sampled_from("ijk"), st.sampled_from("ijk"), st.just("wrong")),
    st.builds(LinkIncidents, st.sampled_from("ijk"), st.sampled_from("ijk"), st.sampled_from(Relation)),
)


@given(st.lists(STEPS, max_size=25), st.sampled_from(["ij", "ji", "ik", "ki", "jk", "kj"]))
def test_merge_then_split_is_the_identity(steps, pair):
    """After whatever shift, a merge that is accepted and taken back at once leaves every byte as it was."""
    from .conftest import Desk

    desk = Desk()
    furnish(desk)
    desk.run(ReceiveCall("c", "911"))
    desk.run(OpenIncident("k", call="c", priority=2))
    for step in steps:
        refused = desk.ask(step).rejection
        assert refused is None or refused.code != "domain_suspended"
        desk.now += 1000
    before = bytes_of(desk)
    if desk.ask(MergeIncidents(*pair)).accepted:
        assert bytes_of(desk) != before
        desk.now += 1000
        desk.run(SplitIncident(*pair, "wrong"))
    assert bytes_of(desk) == before


def test_retired_incidents_are_merged_and_split_too():
    """Both come back for it, whole."""
    desk = LiveDesk()
    desk.run(ReceiveCall("a", "911"), OpenIncident("i", call="a"), EndCall("a"), CloseIncident("i", "done"))
    desk.run(ReceiveCall("b", "911"), OpenIncident("j", call="b"), EndCall("b"), CloseIncident("j", "done"))
    desk.wait(RETIRE_AFTER_MS)
    assert desk.state.incidents == {}
    desk.run(MergeIncidents("i", "j"))
    assert desk.state.incidents["i"].calls == ["a", "b"]
    desk.wait(RETIRE_AFTER_MS)
    assert desk.state.incidents == {}
    desk.run(SplitIncident("i", "j", "not the same"))
    assert (desk.state.incidents["i"].calls, desk.state.incidents["j"].calls) == (["a"], ["b"])


def test_a_link_is_seen_from_both_sides_and_can_be_taken_back(fires):
    """The parent of one has it as a child."""
    before = bytes_of(fires)
    fires.run(LinkIncidents("i", "j", Relation.PARENT))
    assert (fires.state.incidents["i"].links, fires.state.incidents["j"].links) == ({"j": "PARENT"}, {"i": "CHILD"})
    fires.run(UnlinkIncidents("j", "i"))
    assert bytes_of(fires) == before


def test_nobody_is_his_own_ancestor(fires):
    """One parent each, and no circles; the direction of a link may be turned."""
    fires.run(OpenIncident("k"))
    fires.run(LinkIncidents("i", "j", Relation.PARENT))
    assert fires.refused(LinkIncidents("i", "k", Relation.PARENT)) == "second_parent"
    fires.run(LinkIncidents("j", "k", Relation.PARENT))
    assert fires.refused(LinkIncidents("k", "i", Relation.PARENT)) == "link_circle"
    assert fires.refused(LinkIncidents("i", "k", Relation.CHILD)) == "link_circle"
    assert fires.refused(LinkIncidents("i", "i", Relation.RELATED)) == "same_incident"
    fires.run(UnlinkIncidents("j", "k"))
    fires.run(LinkIncidents("j", "i", Relation.PARENT))
    assert fires.state.incidents["i"].links == {"j": "CHILD"}
