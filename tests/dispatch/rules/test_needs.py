"""What an incident still lacks, per agency and per requirement."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from redstick.dispatch.invariants import broken
from redstick.dispatch.plans.requirement import Requirement, Substitute
from redstick.dispatch.rules.aid import GrantAid, RecordAgreement, RequestAid
from redstick.dispatch.rules.assignments import AssignUnits, CorrectTime, ReleaseUnit
from redstick.dispatch.rules.incidents import CloseIncident, OpenIncident, ReopenIncident
from redstick.dispatch.rules.needs import (
    UNNAMED,
    AddNeeds,
    ReinstateNeed,
    SetNeeds,
    WaiveNeed,
    fillers,
    needs_of,
    pending,
)
from redstick.dispatch.rules.units import EnrollUnit, ReportStatus

ENGINE = Requirement("engine", ("engine",), count=2, agency="fire")
MEDIC = Requirement("medic", ("medic",), ("als",), agency="ems", substitutes=(Substitute(("engine",), ("als",), 120),))
FLEET = [
    EnrollUnit("E1", "engine", "fire", capabilities=["pump"], staffing=4),
    EnrollUnit("E2", "engine", "fire", capabilities=["pump", "als"], staffing=3),
    EnrollUnit("M1", "medic", "ems", capabilities=["als"], staffing=2),
    EnrollUnit("X1", "engine", "county", capabilities=["pump"]),
]


@pytest.fixture
def fire(desk):
    for unit in FLEET:
        desk.run(unit)
        desk.run(ReportStatus(unit.unit, "AQ"))
    desk.run(OpenIncident("i", priority=2))
    return desk


def lacking(desk, name="i"):
    """What an incident lacks, by need."""
    return {need.requirement.id: missing for need, missing in pending(desk.state.incidents[name])}


def standing(desk, name="i"):
    """Which unit stands for which need, and how."""
    return {part.unit: (part.need, part.fit) for part in desk.state.incidents[name].assignments.values()}


def test_an_incident_without_a_plan_needs_someone(fire):
    """So nothing is unseen; any unit fills it."""
    assert lacking(fire) == {UNNAMED: 1}
    fire.run(AssignUnits("i", ["M1"]))
    assert lacking(fire) == {}


def test_an_engine_sent_does_not_clear_the_missing_medic(fire):
    """Pending is per agency and per requirement."""
    fire.run(SetNeeds("i", [ENGINE, MEDIC], "v7", "structure fire, city"))
    assert lacking(fire) == {"engine": 2, "medic": 1}
    fire.run(AssignUnits("i", ["E1"]))
    assert lacking(fire) == {"engine": 1, "medic": 1}
    fire.run(AssignUnits("i", ["M1"]))
    assert lacking(fire) == {"engine": 1}
    need = fire.state.incidents["i"].needs[0]
    assert (need.plan, need.rule) == ("v7", "structure fire, city")


def test_as_many_needs_as_can_be_are_filled(fire):
    """A unit stands for what it is; it stands in for another where that leaves fewer needs open."""
    whoever = Requirement("medic", MEDIC.kinds, MEDIC.capabilities, substitutes=MEDIC.substitutes)
    for name in ("j", "k"):
        fire.run(OpenIncident(name))
        fire.run(SetNeeds(name, [whoever, Requirement("one", ("engine",))]))
    fire.run(AssignUnits("j", ["E2"]))
    assert standing(fire, "j") == {"E2": ("one", "exact")}
    fire.run(ReleaseUnit("j", "E2"))
    fire.run(AssignUnits("k", ["E2", "E1"]))
    assert standing(fire, "k") == {"E2": ("medic", "substitute"), "E1": ("one", "exact")}


def test_a_dispatcher_says_which_need_a_unit_fills(fire):
    """What does not meet it is refused, and taken with a reason, which is kept."""
    fire.run(SetNeeds("i", [ENGINE, MEDIC]))
    assert fire.refused(AssignUnits("i", ["E1"], fills={"E1": "medic"})) == "unit_does_not_meet"
    assert fire.refused(AssignUnits("i", ["E1"], fills={"E1": "ladder"})) == "need_unknown"
    assert fire.refused(AssignUnits("i", ["E1"], fills={"M1": "medic"})) == "filler_not_sent"
    fire.run(AssignUnits("i", ["E1"], despite="crew has a paramedic today", fills={"E1": "medic"}))
    assert standing(fire) == {"E1": ("medic", "despite")}
    assert lacking(fire) == {"engine": 2}


def test_a_crew_of_unknown_size_is_too_small(fire):
    """Missing staffing is no silent pass."""
    fire.run(SetNeeds("i", [Requirement("four", ("engine",), min_staffing=4)]))
    fire.run(AssignUnits("i", ["X1", "E2"]))
    assert lacking(fire) == {"four": 1}
    fire.run(AssignUnits("i", ["E1"]))
    assert lacking(fire) == {}


@pytest.mark.parametrize("ending", ["cleared", "cancelled", "withdrawn"])
def test_a_unit_let_go_before_it_arrived_leaves_its_need_open(fire, ending):
    """It has not done its part, however its assignment ended."""
    fire.run(SetNeeds("i", [MEDIC]))
    fire.run(AssignUnits("i", ["M1"]))
    fire.run(ReportStatus("M1", "ENR"))
    fire.run(ReleaseUnit("i", "M1", ending))
    assert lacking(fire) == {"medic": 1}


@pytest.mark.parametrize("status", ["ONS", "PTC", "TRN", "HSP"])
def test_a_unit_that_arrived_has_filled_its_need_for_good(fire, status):
    """On scene, or any step behind that, where the crew said nothing before."""
    fire.run(SetNeeds("i", [MEDIC]))
    fire.run(AssignUnits("i", ["M1"]))
    fire.run(ReportStatus("M1", status))
    fire.run(ReleaseUnit("i", "M1"))
    assert lacking(fire) == {}


def test_an_arrival_that_was_written_down_late_counts(fire):
    """The paper card says that the medic was there: its need is filled after all."""
    fire.run(SetNeeds("i", [MEDIC]))
    fire.run(AssignUnits("i", ["M1"]))
    fire.run(ReleaseUnit("i", "M1"))
    assert lacking(fire) == {"medic": 1}
    fire.run(CorrectTime("i", "M1", "on_scene", fire.now, "said on the radio"))
    assert lacking(fire) == {}


def test_one_unit_sent_twice_counts_once(fire):
    """Two engines are two engines."""
    fire.run(SetNeeds("i", [ENGINE]))
    for _ in range(2):
        fire.run(AssignUnits("i", ["E1"]))
        fire.run(ReportStatus("E1", "ONS"))
        fire.run(ReleaseUnit("i", "E1"))
        fire.run(ReportStatus("E1", "AQ"))
    assert lacking(fire) == {"engine": 1}


def test_a_need_is_waived_by_name_with_a_reason(fire):
    """As many as were said, no more than are missing; and it can be taken back."""
    fire.run(SetNeeds("i", [ENGINE]))
    assert fire.refused(WaiveNeed("i", "engine", "", "no fire")) == "name_and_reason_needed"
    assert fire.refused(WaiveNeed("i", "engine", "A. Officer", " ")) == "name_and_reason_needed"
    assert fire.refused(WaiveNeed("i", "engine", "A. Officer", "no fire", 3)) == "need_not_missing"
    assert fire.refused(WaiveNeed("i", "ladder", "A. Officer", "no fire")) == "need_unknown"
    fire.run(WaiveNeed("i", "engine", "A. Officer", "no fire", 1))
    assert lacking(fire) == {"engine": 1}
    fire.run(WaiveNeed("i", "engine", "A. Officer", "no fire"))
    assert lacking(fire) == {}
    assert [waiver.by for waiver in fire.state.incidents["i"].needs[0].waivers] == ["A. Officer"] * 2
    assert fire.refused(WaiveNeed("i", "engine", "A. Officer", "no fire")) == "need_not_missing"
    fire.run(ReinstateNeed("i", "engine", "A. Officer", "flames after all"))
    assert lacking(fire) == {"engine": 2}
    assert fire.refused(ReinstateNeed("i", "engine", "A. Officer", "again")) == "need_not_waived"


def test_that_nobody_need_look_is_said_by_name_too(fire):
    """The unnamed need is waived like any other."""
    fire.run(WaiveNeed("i", UNNAMED, "A. Officer", "caller called back: all well"))
    assert lacking(fire) == {}


def test_a_further_alarm_adds(fire):
    """Under ids of its own; its wait begins now, that of the incident began with it."""
    fire.run(SetNeeds("i", [ENGINE]))
    fire.now += 60_000
    assert fire.refused(AddNeeds("i", [ENGINE])) == "need_known"
    fire.run(AddNeeds("i", [Requirement("engine/2", ("engine",))], "v7", "second alarm"))
    assert lacking(fire) == {"engine": 2, "engine/2": 1}
    assert [need.since for need in needs_of(fire.state.incidents["i"])] == [fire.now - 60_000, fire.now]


def test_a_new_plan_keeps_what_stays_needed(fire):
    """Needs of the same id keep fillers, waivers and age; units of needs that are gone stand for what fits them."""
    fire.run(SetNeeds("i", [ENGINE, MEDIC]))
    fire.run(AssignUnits("i", ["E1", "M1"]))
    fire.run(WaiveNeed("i", "engine", "A. Officer", "one is enough"))
    fire.now += 60_000
    fire.run(SetNeeds("i", [ENGINE, Requirement("als", (), ("als",))], "v8"))
    assert lacking(fire) == {}
    assert standing(fire)["M1"] == ("als", "exact")
    assert {need.since for need in fire.state.incidents["i"].needs} == {fire.now - 60_000}
    fire.run(SetNeeds("i", [Requirement("ladder", ("ladder",))], "v9"))
    assert standing(fire) == {"E1": ("", ""), "M1": ("", "")}


def test_units_that_are_there_before_the_plan_count(fire):
    """Sent on sight, they stand for what fits them once it is known what is needed."""
    fire.run(AssignUnits("i", ["E1", "M1"]))
    fire.run(SetNeeds("i", [ENGINE, MEDIC]))
    assert lacking(fire) == {"engine": 1}


def test_needs_that_cannot_be_meant_are_refused(fire):
    """No id, no count, twice the same, none at all, a closed or unknown incident."""
    assert fire.refused(SetNeeds("i", [])) == "no_needs"
    assert fire.refused(SetNeeds("i", [Requirement("")])) == "need_malformed"
    assert fire.refused(SetNeeds("i", [Requirement("a", count=0)])) == "need_malformed"
    assert fire.refused(SetNeeds("i", [Requirement("a", count=2**63 - 1)])) == "need_malformed"
    assert fire.refused(SetNeeds("i", [Requirement(UNNAMED)])) == "need_malformed"
    assert fire.refused(SetNeeds("i", [ENGINE, ENGINE])) == "need_named_twice"
    assert fire.refused(SetNeeds("i", [Requirement(str(n)) for n in range(201)])) == "too_many_needs"
    assert fire.refused(SetNeeds("?", [ENGINE])) == "incident_unknown"
    fire.run(CloseIncident("i", "done"))
    assert fire.refused(SetNeeds("i", [ENGINE])) == "incident_closed"


def test_closing_ends_what_was_pending_and_reopening_asks_for_someone(fire):
    """What was needed then is over; whoever looks again says what is needed now."""
    fire.run(SetNeeds("i", [ENGINE]))
    fire.run(AssignUnits("i", ["E1"]))
    fire.run(ReportStatus("E1", "ONS"))
    fire.run(ReleaseUnit("i", "E1"))
    fire.run(CloseIncident("i", "fire out"))
    assert lacking(fire) == {}
    fire.now += 60_000
    fire.run(ReopenIncident("i", "smoke again"))
    assert lacking(fire) == {UNNAMED: 1}
    assert needs_of(fire.state.incidents["i"])[0].since == fire.now


def test_another_agency_fills_only_where_aid_holds(fire):
    """An automatic agreement, or a request that was granted; the loan is recorded with its ground."""
    fire.run(SetNeeds("i", [ENGINE]))
    assert fire.refused(AssignUnits("i", ["X1"], fills={"X1": "engine"})) == "no_agreement"
    fire.run(RequestAid("i", "r1", "county", "fire", "one engine"))
    fire.run(GrantAid("i", "r1", "County duty chief"))
    fire.run(AssignUnits("i", ["X1"]))
    part = fire.state.incidents["i"].assignments["X1"]
    assert (part.need, part.lent_by, part.lent_to, part.ground) == ("engine", "county", "fire", "r1")
    fire.run(OpenIncident("j"))
    fire.run(SetNeeds("j", [ENGINE]))
    fire.run(ReleaseUnit("i", "X1"))
    fire.run(RecordAgreement("a", "county", "fire", automatic=True, kinds=["engine"]))
    fire.run(AssignUnits("j", ["X1"]))
    assert fire.state.incidents["j"].assignments["X1"].ground == "a"


REQUIREMENTS = st.builds(
    Requirement,
    st.sampled_from(["a", "b", "c"]),
    st.sampled_from([(), ("engine",), ("medic",)]),
    count=st.integers(1, 3),
)
ACTS = st.one_of(
    st.builds(SetNeeds, st.just("i"), st.lists(REQUIREMENTS, min_size=1, max_size=3, unique_by=lambda one: one.id)),
    st.builds(AddNeeds, st.just("i"), st.lists(REQUIREMENTS, min_size=1, max_size=2, unique_by=lambda one: one.id)),
    st.builds(AssignUnits, st.just("i"), st.lists(st.sampled_from(["E1", "E2", "M1"]), min_size=1, unique=True)),
    st.builds(ReleaseUnit, st.just("i"), st.sampled_from(["E1", "E2", "M1"])),
    st.builds(ReportStatus, st.sampled_from(["E1", "E2", "M1"]), st.sampled_from(["AQ", "ENR", "ONS"])),
    st.builds(WaiveNeed, st.just("i"), st.sampled_from(["a", "b", UNNAMED]), st.just("N"), st.just("r")),
    st.builds(ReinstateNeed, st.just("i"), st.sampled_from(["a", "b", UNNAMED]), st.just("N"), st.just("r")),
    st.builds(CloseIncident, st.just("i"), st.just("done")),
    st.builds(ReopenIncident, st.just("i"), st.just("again")),
)


@settings(max_examples=150)
@given(st.lists(ACTS, max_size=25))
def test_filled_waived_and_missing_make_up_what_is_needed(acts):
    """Whatever is asked: needed = filled + waived + missing, counted in units, and the invariants hold."""
    from .conftest import Desk

    desk = Desk()
    for unit in FLEET[:3]:
        desk.run(unit)
        desk.run(ReportStatus(unit.unit, "AQ"))
    desk.run(OpenIncident("i"))
    for act in acts:
        outcome = desk.ask(act)
        assert outcome.accepted or outcome.rejection.code != "domain_suspended", outcome
        incident = desk.state.incidents["i"]
        left = lacking(desk)
        for need in needs_of(incident):
            filled = len({part.unit for part in fillers(incident, need)})
            waived = sum(waiver.count for waiver in need.waivers)
            missing = left.get(need.requirement.id, 0)
            if incident.closed_at is None:
                assert missing == max(0, need.requirement.count - filled - waived)


def test_a_filler_that_is_not_there_is_seen(fire):
    """The invariant finds a planted breach."""
    fire.run(SetNeeds("i", [ENGINE]))
    fire.run(AssignUnits("i", ["E1"]))
    incident = fire.state.incidents["i"]
    incident.assignments["E1"].need = "nothing of it"
    assert [line for line in broken(fire.state) if "does not need" in line]
    incident.assignments["E1"].need = "engine"
    incident.assignments["E1"].unit = "ghost"
    assert [line for line in broken(fire.state) if "are no units" in line]
    incident.needs *= 2
    assert [line for line in broken(fire.state) if "twice" in line]


def test_a_unit_with_two_primaries_is_seen(fire):
    """The invariant finds a planted breach: exactly one is first, and no incident stands twice in a unit's work."""
    fire.run(AssignUnits("i", ["E1"]))
    fire.state.units["E1"].work = ["i", "i"]
    assert [line for line in broken(fire.state) if "lists an incident twice" in line]
