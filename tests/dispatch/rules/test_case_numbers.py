"""Case numbers: by agency and year, without a gap, never twice."""

from hypothesis import given
from hypothesis import strategies as st
from tests.dispatch.live_desk import DAY, LiveDesk

from redstick.dispatch.invariants import broken
from redstick.dispatch.rules.case_numbers import CaseNumber, IssueCaseNumber
from redstick.dispatch.rules.incidents import CloseIncident, OpenIncident
from redstick.dispatch.rules.retirement import RetireIncident

YEAR = 2023  # of the desk's noon
NEARLY_NEW_YEAR = 1_704_067_200_000  # 2024-01-01 UTC


def filed(desk, name):
    """Case numbers of an incident, as they are written."""
    return [case.text for case in desk.state.incidents[name].cases]


def test_an_incident_is_filed_once_for_each_agency(desk):
    """Asked again nothing changes, unless one more is wanted."""
    desk.run(OpenIncident("i"))
    for _ in range(2):
        desk.run(IssueCaseNumber("i", "BRPD", YEAR))
    desk.run(IssueCaseNumber("i", "FIRE", YEAR))
    desk.run(IssueCaseNumber("i", "BRPD", YEAR, another=True))
    assert filed(desk, "i") == ["BRPD-2023-000001", "FIRE-2023-000001", "BRPD-2023-000002"]


def test_what_cannot_be_filed_is_refused(desk):
    """No incident, no agency, no year of this moment."""
    desk.run(OpenIncident("i"))
    assert desk.refused(IssueCaseNumber("none", "BRPD", YEAR)) == "incident_unknown"
    assert desk.refused(IssueCaseNumber("i", " ", YEAR)) == "agency_needed"
    assert desk.refused(IssueCaseNumber("i", "BRPD", YEAR - 1)) == "year_unlikely"


def test_a_new_year_counts_anew_at_the_agencys_own_midnight(desk):
    """Around New Year both years are taken, and each counts for itself."""
    desk.now = NEARLY_NEW_YEAR - DAY // 2
    for name, year in (("a", 2023), ("b", 2024), ("c", 2023)):
        desk.run(OpenIncident(name))
        desk.run(IssueCaseNumber(name, "BRPD", year))
    assert [filed(desk, name) for name in "abc"] == [["BRPD-2023-000001"], ["BRPD-2024-000001"], ["BRPD-2023-000002"]]


def test_a_number_stays_used_when_its_incident_has_left(desk):
    """Retirement takes the incident and its numbers with it, not the count."""
    desk.run(OpenIncident("i"))
    desk.run(IssueCaseNumber("i", "BRPD", YEAR))
    desk.run(CloseIncident("i", "handled"))
    desk.run(RetireIncident("i"))
    desk.run(OpenIncident("j"))
    desk.run(IssueCaseNumber("j", "BRPD", YEAR))
    assert filed(desk, "j") == ["BRPD-2023-000002"]


@given(st.lists(st.tuples(st.sampled_from("ab"), st.sampled_from(["X", "Y"]), st.booleans()), max_size=12))
def test_numbers_have_no_gap_and_stand_once(asked):
    """Whoever asks for what, in any order."""
    desk = LiveDesk()
    desk.run(OpenIncident("a"), OpenIncident("b"))
    for name, agency, another in asked:
        desk.run(IssueCaseNumber(name, agency, YEAR, another))
    every = [case for one in desk.state.incidents.values() for case in one.cases]
    for agency in "XY":
        numbers = sorted(case.sequence for case in every if case.agency == agency)
        assert numbers == list(range(1, len(numbers) + 1))


def test_a_planted_breach_is_seen(desk):
    """A number that stands twice, and one that nobody issued."""
    desk.run(OpenIncident("i"))
    desk.run(OpenIncident("j"))
    desk.run(IssueCaseNumber("i", "BRPD", YEAR))
    assert list(broken(desk.state)) == []
    desk.state.incidents["j"].cases = [CaseNumber("BRPD", YEAR, 1), CaseNumber("BRPD", YEAR, 2)]
    assert list(broken(desk.state)) == [
        "case number BRPD-2023-000001 stands twice",
        "case number BRPD-2023-000002 of incident j was never issued",
    ]
