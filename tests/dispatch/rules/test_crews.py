"""Crews that share apparatus: each test states one fact."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from redstick.dispatch.invariants import broken
from redstick.dispatch.rules.assignments import AssignUnits, ReleaseUnit
from redstick.dispatch.rules.crews import CrewFormed, DisbandCrew, FormCrew, apply_crew_formed, crew_committed
from redstick.dispatch.rules.incidents import OpenIncident
from redstick.dispatch.rules.units import EnrollUnit, ReportStatus
from redstick.kernel.system import NothingChanged

UNITS = ("E2", "T2", "R2")


@pytest.fixture
def station(desk):
    """One crew at station 2 for an engine, a truck and a rescue; two incidents."""
    for name in UNITS:
        desk.run(EnrollUnit(name))
        desk.run(ReportStatus(name, "AQ"))
    for name in ("i", "j"):
        desk.run(OpenIncident(name))
    desk.run(FormCrew("station 2", list(UNITS)))
    return desk


def test_committing_one_apparatus_removes_the_others(station):
    """The refusal names what the crew is on; once that is over the crew may take another."""
    station.run(AssignUnits("i", ["E2"]))
    refused = station.ask(AssignUnits("j", ["T2"])).rejection
    assert (refused.code, refused.data["on"]) == ("crew_committed", "E2")
    assert crew_committed(station.state, station.state.units["R2"]) == "E2"
    station.run(ReleaseUnit("i", "E2"))
    station.run(AssignUnits("j", ["T2"]))


def test_nothing_overrides_that_nobody_is_in_two_places(station):
    """Not a reason, and not asking for both at once."""
    assert station.refused(AssignUnits("i", ["E2", "T2"], despite="all of them")) == "crew_committed"
    station.run(AssignUnits("i", ["E2"]))
    assert station.refused(AssignUnits("i", ["T2"], despite="please")) == "crew_committed"


def test_a_crew_has_two_apparatus_at_least_and_each_serves_one(station):
    """What is not a crew is refused, and so is a unit of another."""
    station.run(EnrollUnit("M9"))
    assert station.refused(FormCrew("", ["E2", "T2"])) == "crew_unnamed"
    assert station.refused(FormCrew("one", ["M9", "M9"])) == "crew_too_small"
    assert station.refused(FormCrew("other", ["M9", "E2"])) == "unit_of_another_crew"
    assert station.refused(FormCrew("other", ["M9", "X"])) == "unit_unknown"
    assert station.refused(DisbandCrew("other")) == "crew_unknown"
    assert isinstance(*station.run(FormCrew("station 2", list(UNITS))), NothingChanged)


def test_a_crew_is_not_formed_of_units_that_are_both_out(station):
    """Two crews are at work there, whatever the table says."""
    station.run(DisbandCrew("station 2"))
    station.run(AssignUnits("i", ["E2", "T2"]))
    assert station.refused(FormCrew("station 2", list(UNITS))) == "crew_committed"


def test_a_crew_counted_twice_is_seen(station):
    """The invariant finds a planted breach."""
    station.run(DisbandCrew("station 2"))
    station.run(AssignUnits("i", ["E2", "T2"]))
    apply_crew_formed(station.state, CrewFormed("station 2", list(UNITS)), 0)
    assert [line for line in broken(station.state) if "at once" in line]


@given(
    st.lists(
        st.one_of(
            st.builds(FormCrew, st.sampled_from("ab"), st.lists(st.sampled_from(UNITS), max_size=3)),
            st.builds(DisbandCrew, st.sampled_from("ab")),
            st.builds(
                AssignUnits,
                st.sampled_from("ij"),
                st.lists(st.sampled_from(UNITS), max_size=3),
                despite=st.just("asked for"),
            ),
            st.builds(ReleaseUnit, st.sampled_from("ij"), st.sampled_from(UNITS)),
        ),
        max_size=25,
    )
)
def test_a_crew_is_never_counted_twice(asked):
    """Over whole random shifts; the desk checks the invariant after each command."""
    from .conftest import Desk

    desk = Desk()
    for name in UNITS:
        desk.run(EnrollUnit(name))
    for name in "ij":
        desk.run(OpenIncident(name))
    for command in asked:
        desk.ask(command)
