"""Locations and follow-ups: each test states one fact."""

import msgspec
import pytest

from redstick.dispatch.geocoding import geocoded
from redstick.dispatch.place import LocationType, Place
from redstick.dispatch.rules.calls import ReceiveCall
from redstick.dispatch.rules.extents import AdoptExtent
from redstick.dispatch.rules.follow_ups import RaiseFollowUp, ReportDiscrepancy, Resolution, ResolveFollowUp
from redstick.dispatch.rules.incidents import CloseIncident, MoveIncident, OpenIncident
from redstick.dispatch.rules.locations import (
    READ_BACK_DIFFERS,
    AddLocation,
    PromoteLocation,
    ReadBackAddress,
    timeline,
)
from redstick.geo.geocoder import Ambiguous, Unique
from redstick.geo.geocoder.result import Candidate, Method, NotFound, Quality, Reason

from .test_closing import PARISH
from .test_retirement import LiveDesk

ALI = Place("12 Oak Street", -911_000_000, 303_000_000, quality="rooftop", source="ali", in_geofile=True)
FIX = Place("", -911_010_000, 303_010_000, quality="device", source="device", uncertainty_m=15)


@pytest.fixture
def fire(desk):
    """A fire at the address of the caller's line, and the fix of a phone."""
    desk.run(ReceiveCall("a", "911", place=ALI))
    desk.run(OpenIncident("i", place=ALI, call="a"))
    desk.now += 1000
    desk.run(AddLocation("a", FIX))
    return desk


def test_a_supplemental_location_overwrites_nothing(fire):
    """The call and its incident are where they were; the fix stands beside, with its source and its time."""
    assert (fire.state.calls["a"].place, fire.state.incidents["i"].place) == (ALI, ALI)
    [kept] = fire.state.calls["a"].supplemental
    assert (kept.place, kept.type, kept.at) == (FIX, "Caller", fire.now)


def test_promoting_is_one_deliberate_command_and_keeps_what_was_entered(fire):
    """The position is the fix's, with its source; the address alerted is the one entered, and is not confirmed."""
    fire.run(PromoteLocation("i", "a", 0, {"beat": "4"}))
    incident = fire.state.incidents["i"]
    assert (incident.place.text, incident.place.x, incident.place.source) == ("12 Oak Street", FIX.x, "device")
    assert (incident.place.in_geofile, incident.zones, incident.former_places) == (False, {"beat": "4"}, [ALI])
    assert fire.state.calls["a"].place == ALI
    fire.run(MoveIncident("i", ALI))
    assert fire.state.incidents["i"].place == ALI


def test_only_a_location_of_a_call_about_it_can_be_promoted(fire):
    """Of another call, or one that is not there, it is refused."""
    fire.run(ReceiveCall("b", "911"))
    assert fire.refused(PromoteLocation("i", "b", 0)) == "call_not_attached"
    assert fire.ask(PromoteLocation("i", "a", 1)).rejection.data["known"] == 1
    assert fire.refused(PromoteLocation("i", "a", -1)) == "location_unknown"


def test_the_timeline_has_every_location_with_its_source(fire):
    """From the line's address to the promoted fix, in order of time."""
    fire.now += 1000
    fire.run(PromoteLocation("i", "a", 0))
    told = [(one.type, one.place.source, one.at - fire.now) for one in timeline(fire.state, fire.state.incidents["i"])]
    assert told == [
        ("InitialIncident", "ali", -2000),
        ("CurrentIncident", "ali", -2000),
        ("Caller", "ali", -2000),
        ("Caller", "device", -1000),
        ("CurrentIncident", "device", 0),
    ]


def test_a_machine_that_puts_a_caller_into_the_sea_is_refused_and_the_call_is_not(fire):
    """A person's word is kept with a flag; a call is never refused for where its phone says that it is."""
    fire.run(AdoptExtent(PARISH, "Ada"))
    sea = Place("", -909_500_000, 304_500_000, source="device")
    assert fire.ask(AddLocation("a", sea, by_machine=True)).rejection.data == {"why": "in_water"}
    [added] = fire.run(AddLocation("a", sea, LocationType.OTHER))
    assert added.flags == ["place_in_water"]
    fire.run(ReceiveCall("c", "911", place=sea))
    assert fire.refused(AddLocation("a", Place())) == "location_empty"


def test_an_address_is_confirmed_in_two_steps(fire):
    """Written down, then read back: the caller's yes confirms it, and says nothing of the geofile."""
    assert not fire.state.incidents["i"].place.caller_confirmed
    fire.run(ReadBackAddress("i", "12 Oak Street", "12 OAK street."))
    place = fire.state.incidents["i"].place
    assert (place.caller_confirmed, place.text) == (True, "12 Oak Street")
    fire.run(MoveIncident("i", Place("14 Oak Street")))
    assert not fire.state.incidents["i"].place.caller_confirmed


def test_another_address_heard_is_flagged_and_corrects_nothing(fire):
    """Until it is read back again or the incident is moved."""
    fire.run(ReadBackAddress("i", "12 Oak Street", "12 Oak Street"))
    fire.run(ReadBackAddress("i", "12 Oak Street", "112 Oak Street"))
    incident = fire.state.incidents["i"]
    assert (incident.place.text, incident.place.caller_confirmed) == ("12 Oak Street", False)
    assert incident.flags == [READ_BACK_DIFFERS]
    fire.run(MoveIncident("i", Place("112 Oak Street")))
    assert fire.state.incidents["i"].flags == []
    assert fire.refused(ReadBackAddress("i", "12 Oak Street", "12 Oak Street")) == "address_changed"
    assert fire.refused(ReadBackAddress("i", "112 Oak Street", " ")) == "nothing_heard"


def candidate(reason=Reason.EXACT, label="12 Oak St, Testville"):
    return Candidate(1, 2, label, Method.ADDRESS_POINT, Quality.ROOFTOP, (reason,), area="Testville", extent_m=4.6)


def test_a_unique_answer_is_taken_and_says_so():
    """The text stays as it was entered; it is in the geofile and nobody has confirmed it."""
    place = geocoded("12 oak", Unique("12 oak", (candidate(),)), "caller")
    assert (place.text, place.x, place.municipality, place.answer) == ("12 oak", 1, "Testville", "unique")
    assert (place.in_geofile, place.caller_confirmed, place.uncertainty_m) == (True, False, 5)


def test_an_ambiguous_answer_is_never_taken_without_a_person():
    """The same street and number in two cities: no position, and the reason; with a choice, the chosen one."""
    answer = Ambiguous("12 oak", (candidate(Reason.SEVERAL_PLACES), candidate(Reason.SEVERAL_PLACES, "Otherville")))
    place = geocoded("12 oak", answer, "caller")
    assert (place.located, place.in_geofile, place.answer) == (False, False, "ambiguous")
    chosen = geocoded("12 oak", answer, "caller", answer.candidates[1])
    assert (chosen.located, chosen.in_geofile, chosen.doubts) == (True, True, ("several_places",))


@pytest.mark.parametrize("reason", [Reason.NUMBER_OUTSIDE, Reason.STREET_UNKNOWN])
def test_a_number_that_no_range_holds_is_not_in_the_geofile(reason):
    """Whoever chooses it."""
    answer = Ambiguous("999 oak", (candidate(reason),))
    assert not geocoded("999 oak", answer, "caller", answer.candidates[0]).in_geofile


def test_nothing_found_leaves_the_words():
    """Dispatchable, and flagged by what it lacks."""
    place = geocoded("by the old mill", NotFound("by the old mill", (), (Reason.PLACE_UNKNOWN,)), "caller")
    assert (place.text, place.located, place.doubts) == ("by the old mill", False, ("place_unknown",))


def test_an_unverified_address_is_dispatched_and_looked_into_by_itself():
    """One item for each address, whoever reported it how often; it outlives the incident, until a name settles it."""
    desk = LiveDesk()
    mill = Place("Old Mill", municipality="Testville")
    desk.run(OpenIncident("i", place=mill), OpenIncident("j", place=Place("OLD MILL", municipality="testville")))
    desk.run(OpenIncident("k", place=ALI), OpenIncident("l"))
    assert list(desk.state.follow_ups) == ["i/0"]
    desk.run(MoveIncident("i", Place("Mill Lane")), MoveIncident("k", ALI), CloseIncident("i", "done"))
    assert list(desk.state.follow_ups) == ["i/0", "i/1"]
    desk.wait(400 * 24 * 3_600_000)
    assert "i" not in desk.state.incidents
    desk.run(ReportDiscrepancy("i/0", "geo-17"))
    assert desk.ask(ResolveFollowUp("i/0", Resolution.GEOFILE_CORRECTED, " ")).rejection.code == "name_needed"
    desk.run(ResolveFollowUp("i/0", Resolution.GEOFILE_CORRECTED, "Ada", "place added"))
    assert list(desk.state.follow_ups) == ["i/1"]


def test_a_replay_looks_into_nothing(desk):
    """What happened years ago raises no items today; a person may."""
    desk.run(OpenIncident("i", place=Place("Old Mill")))
    assert desk.state.follow_ups == {}
    desk.run(RaiseFollowUp("i"))
    desk.run(RaiseFollowUp("i"))
    assert msgspec.to_builtins(desk.state.follow_ups["i/0"])["place"] == {"text": "Old Mill"}
    assert desk.refused(ReportDiscrepancy("i/0", "")) == "report_unnamed"
    assert desk.refused(ReportDiscrepancy("x", "1")) == "follow_up_unknown"
