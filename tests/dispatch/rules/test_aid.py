"""Aid between agencies: agreed, asked, granted or refused."""

from redstick.dispatch.plans.requirement import Requirement
from redstick.dispatch.rules.aid import (
    Answer,
    EndAgreement,
    GrantAid,
    RecordAgreement,
    RefuseAid,
    RequestAid,
    aid_ground,
)
from redstick.dispatch.rules.assignments import AssignUnits
from redstick.dispatch.rules.incidents import CloseIncident, OpenIncident
from redstick.dispatch.rules.needs import SetNeeds
from redstick.dispatch.rules.units import EnrollUnit, ReportStatus


def ground(desk, lender, borrower, kind="engine"):
    """Why a unit may stand in, for the incident `i`."""
    return aid_ground(desk.state, desk.state.incidents["i"], lender, borrower, kind)


def test_an_agreement_has_a_direction_and_kinds(desk):
    """Who lends may not borrow by the same agreement; kinds that are not in it are not lent."""
    desk.run(OpenIncident("i"))
    desk.run(RecordAgreement("a", "county", "city", automatic=True, kinds=["engine"], conditions="two at most"))
    assert desk.run(RecordAgreement("a", "county", "city", automatic=True, kinds=["engine"], conditions="two at most"))
    assert ground(desk, "county", "city") == "a"
    assert ground(desk, "county", "city", "ladder") is None
    assert ground(desk, "city", "county") is None
    assert desk.refused(RecordAgreement("b", "city", "city")) == "agencies_needed"
    assert desk.refused(RecordAgreement(" ", "city", "county")) == "agreement_unnamed"


def test_mutual_aid_is_asked_for_and_answered_by_name(desk):
    """Until it is granted nobody stands in; a refusal has a reason, and may turn into a grant."""
    desk.run(OpenIncident("i"))
    desk.run(RecordAgreement("m", "county", "city"))
    [asked] = desk.run(RequestAid("i", "r1", "county", "city", "two engines"))
    assert asked.agreement == "m"
    assert ground(desk, "county", "city") is None
    assert desk.refused(RefuseAid("i", "r1", "Duty chief", "")) == "name_and_reason_needed"
    desk.run(RefuseAid("i", "r1", "Duty chief", "all out"))
    assert desk.state.incidents["i"].aid["r1"].answer is Answer.REFUSED
    assert ground(desk, "county", "city") is None
    desk.run(GrantAid("i", "r1", "Duty chief", "one engine only"))
    assert ground(desk, "county", "city") == "r1"
    assert ground(desk, "city", "county") is None


def test_aid_without_an_agreement_may_be_asked_and_is_recorded_so(desk):
    """A flood asks nobody for paper first."""
    desk.run(OpenIncident("i"))
    assert desk.run(RequestAid("i", "r", "navy", "city", "boats"))[0].agreement == ""
    assert desk.refused(RequestAid("i", "r", "navy", "city", "boats")) == "request_known"
    assert desk.refused(RequestAid("i", "s", "navy", "navy", "boats")) == "agencies_needed"
    assert desk.refused(RequestAid("i", "s", "navy", "city", " ")) == "nothing_asked"
    assert desk.refused(GrantAid("i", "?", "Someone")) == "request_unknown"
    desk.run(CloseIncident("i", "done"))
    assert desk.refused(RequestAid("i", "t", "navy", "city", "boats")) == "incident_closed"


def test_an_agreement_that_ended_gives_no_ground(desk):
    """Units that are lent stay lent; the next needs another ground."""
    desk.run(OpenIncident("i"))
    desk.run(SetNeeds("i", [Requirement("engine", ("engine",), count=2, agency="city")]))
    for name in ("X1", "X2"):
        desk.run(EnrollUnit(name, "engine", "county"))
        desk.run(ReportStatus(name, "AQ"))
    desk.run(RecordAgreement("a", "county", "city", automatic=True))
    desk.run(AssignUnits("i", ["X1"]))
    assert desk.refused(EndAgreement("a", " ")) == "reason_needed"
    desk.run(EndAgreement("a", "not renewed"))
    assert desk.refused(EndAgreement("a", "again")) == "agreement_unknown"
    assert desk.state.incidents["i"].assignments["X1"].ground == "a"
    assert desk.refused(AssignUnits("i", ["X2"], fills={"X2": "engine"})) == "no_agreement"
