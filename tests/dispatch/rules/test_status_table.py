"""The status table: total by enumeration, and over whole random shifts of whatever anyone may say."""

import itertools

import pytest
from hypothesis import given
from hypothesis import strategies as st

from redstick.dispatch.rules.assignments import AssignUnits
from redstick.dispatch.rules.incidents import OpenIncident
from redstick.dispatch.rules.status_words import AdoptStatusWords
from redstick.dispatch.rules.units import (
    ChangeSecondaries,
    EnrollUnit,
    RaiseEmergency,
    ReportStatus,
    StatusReported,
)
from redstick.dispatch.status_table import (
    MEANINGS,
    OF_THE_STEP,
    SECONDARIES,
    WORK,
    Primary,
    Status,
    Surprise,
    judged,
    primary_of,
    secondaries_of,
)
from redstick.kernel.system import NothingChanged

TRUTHS = (False, True)
STEPS = list(itertools.product(Status, Status, TRUTHS, TRUTHS, TRUTHS))


@pytest.fixture
def shift(desk):
    """Engine 2 on radio, an incident waiting."""
    desk.run(EnrollUnit("E2", "engine"))
    desk.run(ReportStatus("E2", "AR"))
    desk.run(OpenIncident("i"))
    return desk


def test_every_step_has_an_answer():
    """From every status to every status, assigned or not, leaving or not, of this kind of unit or not: 2,888 cases."""
    assert len(STEPS) == 19 * 19 * 8
    for before, after, assigned, leaves, of_kind in STEPS:
        found = judged(before, after, assigned=assigned, leaves=leaves, of_kind=of_kind)
        assert found.surprise in Surprise
        assert set(found.skipped) <= {meaning.stamp for meaning in MEANINGS.values()}


def test_work_without_an_assignment_contradicts():
    """And so does a free unit that does not say whether it has left its assignment."""
    for before, after, assigned, leaves, of_kind in STEPS:
        found = judged(before, after, assigned=assigned, leaves=leaves, of_kind=of_kind)
        free = MEANINGS[after].primary is Primary.AVAILABLE and assigned and not leaves
        assert (found.surprise is Surprise.CONTRADICTS) == ((after in WORK and not assigned) or free)


def test_every_set_of_secondaries_gives_one_primary_and_never_a_higher_one():
    """Each status with nothing, any one or any two of the 41 codes beside it."""
    rank = {Primary.NOT_AVAILABLE: 0, Primary.CONDITIONALLY: 1, Primary.AVAILABLE: 2}
    sets = [(), *itertools.combinations(SECONDARIES, 1), *itertools.combinations(SECONDARIES, 2)]
    for status, added in itertools.product(Status, sets):
        assert rank[primary_of(status, added)] <= rank[MEANINGS[status].primary]
        assert set(secondaries_of(status, added)) == {*MEANINGS[status].secondaries, *added}


def test_the_codes_are_those_of_the_standard(third_party):
    """All 41, each spelled as NENA-STA-021.1b spells it, and nothing else."""
    lines = (third_party("ng911/eido/codes") / "secondary_unit_status.csv").read_text().splitlines()
    assert tuple(line.split(",")[0] for line in lines[1:]) == SECONDARIES
    assert {code for meaning in MEANINGS.values() for code in meaning.secondaries} | OF_THE_STEP <= set(SECONDARIES)


def test_a_skipped_step_leaves_its_time_empty_with_a_reason(shift):
    """On scene straight from the alert: no time is made up for what was never said, and the record says why."""
    shift.run(AssignUnits("i", ["E2"]))
    [reported] = shift.run(ReportStatus("E2", "ONS"))
    assignment = shift.state.incidents["i"].assignments["E2"]
    assert (reported.surprise, reported.skipped) == ("skipped", ["acknowledged", "en_route"])
    assert assignment.skipped == {"acknowledged": "ONS", "en_route": "ONS"}
    assert not {"acknowledged", "en_route"} & set(assignment.stamps)


def test_what_belongs_to_a_step_ends_with_it(shift):
    """Delayed on the way is over on scene; training and broken equipment stay until somebody says otherwise."""
    shift.run(AssignUnits("i", ["E2"]))
    shift.run(ReportStatus("E2", "ENR"))
    shift.run(ChangeSecondaries("E2", add=["Delayed", "EquipmentIssues"]))
    assert shift.state.units["E2"].secondaries == ("Assigned", "EnRoute", "Delayed", "EquipmentIssues")
    shift.run(ReportStatus("E2", "ONS"))
    assert shift.state.units["E2"].secondaries == ("Assigned", "OnScene", "EquipmentIssues")
    shift.run(ChangeSecondaries("E2", remove=["EquipmentIssues"]))
    assert shift.state.units["E2"].added == []


def test_an_unmanned_unit_is_not_sent(shift):
    """It says that it is on radio, and cannot go; a unit in training goes only when somebody wants it to."""
    shift.run(ChangeSecondaries("E2", add=["Unmanned"]))
    assert shift.state.units["E2"].primary is Primary.NOT_AVAILABLE
    assert shift.refused(AssignUnits("i", ["E2"])) == "unit_not_available"
    shift.run(ChangeSecondaries("E2", add=["Training"], remove=["Unmanned"]))
    assert shift.state.units["E2"].primary is Primary.CONDITIONALLY
    assert not shift.state.units["E2"].available
    assert shift.refused(ChangeSecondaries("E2", add=["OutOfService"])) == "secondary_unknown"


def test_a_table_of_words_is_adopted_whole(shift):
    """Every word of the agency's list is mapped, someone vouches for it, and nobody guesses what AR means."""
    words = {"10-8": Status.AR, "10-7": Status.OOS}
    assert shift.refused(AdoptStatusWords(words, ["10-8", "10-97"], "J. Doe")) == "words_unmapped"
    assert shift.refused(AdoptStatusWords(words, ["10-8"], "J. Doe")) == "words_ambiguous"
    words["AR"] = Status.ONS
    assert shift.refused(AdoptStatusWords(words, [], " ")) == "name_needed"
    assert shift.refused(AdoptStatusWords({"a": Status.AR, "A ": Status.AQ}, [], "J. Doe")) == "word_twice"
    shift.run(AdoptStatusWords(words, ["10-8", "10-7", "ar"], "J. Doe"))
    shift.run(AssignUnits("i", ["E2"]))
    shift.run(ReportStatus("E2", "ar"))
    assert shift.state.units["E2"].status is Status.ONS
    assert isinstance(*shift.run(AdoptStatusWords(words, [], "J. Doe")), NothingChanged)


def test_each_kind_of_unit_has_its_own_words_and_statuses(shift):
    """A word means what that kind of unit means by it; a status that the kind does not have is kept, with a warning."""
    shift.run(EnrollUnit("P1", "patrol"))
    shift.run(AdoptStatusWords({"AR": Status.AR, "CODE 4": Status.CLR, "OFF": Status.OFF}, [], "J. Doe", kind="patrol"))
    assert shift.refused(ReportStatus("E2", "code 4")) == "status_unknown"
    shift.run(ReportStatus("P1", "AR"))
    [transporting] = shift.run(ReportStatus("P1", "MEAL"))
    assert transporting.surprise == "unusual"
    assert shift.state.units["P1"].status is Status.MEAL
    [meal] = shift.run(ReportStatus("E2", "MEAL"))
    assert meal.surprise == ""


SAID = st.one_of(
    st.builds(
        ReportStatus,
        st.just("E2"),
        st.one_of(st.sampled_from([*Status, "10-8", "ar", " onS "]), st.text(max_size=6)),
        st.sampled_from(["", "i", "j"]),
        st.booleans(),
    ),
    st.builds(
        ChangeSecondaries,
        st.just("E2"),
        st.lists(st.sampled_from([*SECONDARIES, "?"]), max_size=3),
        st.lists(st.sampled_from(SECONDARIES), max_size=3),
    ),
    st.builds(AssignUnits, st.just("i"), st.just(["E2"]), st.booleans(), st.sampled_from(["", "asked for"])),
    st.builds(RaiseEmergency, st.just("E2"), st.sampled_from(["button", ""]), st.booleans()),
    st.builds(
        AdoptStatusWords,
        st.dictionaries(st.sampled_from(["AR", "10-8", "x"]), st.sampled_from(Status), max_size=3),
        st.just([]),
        st.just("J. Doe"),
        st.sampled_from(["", "engine"]),
    ),
)


@given(st.lists(st.tuples(SAID, st.integers(-3_600_000, 0)), max_size=25))
def test_whatever_is_said_leads_to_a_status(said):
    """Over whole random shifts: each report is recorded and leaves a status, or is refused as unreadable."""
    from .conftest import Desk

    desk = Desk()
    desk.run(EnrollUnit("E2", "engine"))
    desk.run(OpenIncident("i"))
    for command, late in said:
        before = desk.state.statuses.read(getattr(command, "status", "AR"), "engine")
        outcome = desk.ask(command, desk.now + late)
        unit = desk.state.units["E2"]
        assert unit.status in Status
        assert unit.primary in Primary
        if isinstance(command, ReportStatus):
            readable = before is not None
            reported = [one for one in outcome.events if isinstance(one, StatusReported)]
            codes = ("assignment_unknown",) if readable else ("status_unknown",)
            assert [one.status for one in reported] == [before] if outcome.accepted else outcome.rejection.code in codes
        assert outcome.accepted or outcome.rejection.code != "domain_suspended"
