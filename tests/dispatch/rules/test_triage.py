"""Triage: locked until signed, and never in the way of dispatch. Each test states one fact."""

import pytest
from tests.dispatch.live_desk import LiveDesk

from redstick.dispatch.place import Place
from redstick.dispatch.rules.assignments import AssignUnits
from redstick.dispatch.rules.incidents import CloseIncident, OpenIncident
from redstick.dispatch.rules.triage import (
    DeterminantSet,
    GiveInstructions,
    LockProtocol,
    RecordAnswer,
    SetDeterminant,
    SignProtocol,
)
from redstick.dispatch.rules.units import EnrollUnit, ReportStatus

DIGEST, OTHER = "a" * 64, "b" * 64


@pytest.fixture
def desk():
    """Someone is short of breath at a place that is known; the protocol is signed."""
    desk = LiveDesk()
    desk.run(OpenIncident("i", kind="breathing problem", place=Place("12 Oak St")))
    desk.run(SignProtocol("p", "1", DIGEST, "Dr. Cole", "MD-1"))
    return desk


def answer(digest=DIGEST, protocol="p"):
    """One answer from a text."""
    return RecordAnswer("i", protocol, digest, "awake", "yes")


def test_a_protocol_is_locked_until_that_very_text_is_signed(desk):
    """Another protocol, another version's text, and one that was locked again: none may be used."""
    assert desk.refused(answer(protocol="q")) == "protocol_locked"
    assert desk.refused(answer(OTHER)) == "protocol_locked"
    assert desk.refused(GiveInstructions("i", "p", OTHER, "push")) == "protocol_locked"
    assert desk.refused(SetDeterminant("i", "p", OTHER, "A-1")) == "protocol_locked"
    desk.run(answer())
    desk.run(LockProtocol("p", "Dr. Cole", "recalled"))
    assert desk.refused(answer()) == "protocol_locked"


def test_a_new_version_takes_the_place_of_the_old(desk):
    """One text is in force; what was answered from the other stays, with its version."""
    desk.run(answer(), SignProtocol("p", "2", OTHER, "Dr. Cole", "MD-1"))
    assert desk.refused(answer(DIGEST)) == "protocol_locked"
    desk.run(answer(OTHER))
    assert [line.protocol for line in desk.state.incidents["i"].triage.answers] == ["p 1", "p 2"]


def test_questioning_goes_on_while_units_are_on_their_way(desk):
    """An incident goes to dispatch on its place and chief complaint, before any answer; answers come as they come."""
    desk.run(EnrollUnit("M4"), ReportStatus("M4", "AQ"), AssignUnits("i", ["M4"]))
    desk.run(answer(), ReportStatus("M4", "ENR"), answer(), SetDeterminant("i", "p", DIGEST, "A-1"))
    triage = desk.state.incidents["i"].triage
    assert (len(triage.answers), triage.determinant, triage.protocol) == (2, "A-1", "p 1")


def test_instructions_are_written_down_when_they_are_given(desk):
    """How soon telephone CPR began can be told."""
    desk.run(GiveInstructions("i", "p", DIGEST, "compressions"))
    [line] = desk.state.incidents["i"].triage.instructions
    assert (line.question, line.at) == ("compressions", desk.now)


def test_a_determinant_that_changes_keeps_what_it_was(desk):
    """The same again changes nothing."""
    desk.run(SetDeterminant("i", "p", DIGEST, "A-1"), SetDeterminant("i", "p", DIGEST, "A-1"))
    desk.run(SetDeterminant("i", "p", DIGEST, "D-2"))
    assert [(event.was, event.determinant) for event in desk.happened(DeterminantSet)] == [("", "A-1"), ("A-1", "D-2")]


def test_what_cannot_be_meant_is_refused(desk):
    """Long determinants, answers without end, signatures without a name, a digest that is none, a closed incident."""
    assert desk.refused(SetDeterminant("i", "p", DIGEST, "123456789")) == "determinant_malformed"
    assert desk.refused(SetDeterminant("i", "p", DIGEST, " ")) == "determinant_malformed"
    assert desk.refused(RecordAnswer("i", "p", DIGEST, "a", "x" * 1_001)) == "answer_too_long"
    assert desk.refused(RecordAnswer("i", "p", DIGEST, " ", "x")) == "question_unnamed"
    assert desk.refused(GiveInstructions("i", "p", DIGEST, " ")) == "instructions_unnamed"
    assert desk.refused(SignProtocol(" ", "1", DIGEST, "Dr. Cole", "MD-1")) == "protocol_unnamed"
    assert desk.refused(SignProtocol("p", "1", "A" * 64, "Dr. Cole", "MD-1")) == "digest_malformed"
    assert desk.refused(SignProtocol("p", "1", DIGEST, "Dr. Cole", " ")) == "name_and_licence_needed"
    assert desk.refused(LockProtocol("p", "Dr. Cole", " ")) == "name_and_reason_needed"
    assert desk.refused(LockProtocol("q", "Dr. Cole", "x")) == "protocol_locked"
    assert desk.refused(RecordAnswer("z", "p", DIGEST, "a", "x")) == "incident_unknown"
    desk.run(CloseIncident("i", "01"))
    assert desk.refused(answer()) == "incident_closed"
