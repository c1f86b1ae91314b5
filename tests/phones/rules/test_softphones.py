"""The softphone of an extension: whose it is, where it is, and that 911 from it always has a place."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.phones.switchboard import HALL, city_hall

from redstick.phones.lookups import site_of
from redstick.phones.numbering import Extension
from redstick.phones.ports import StepKind
from redstick.phones.rules.calls import BeginPhoneCall, EmergencyDialled, EndPhoneCall
from redstick.phones.rules.people import AssignNumber
from redstick.phones.rules.places import AddDevice, DeviceAdded, DeviceMoved, KeepSite, ReportDevice
from redstick.phones.rules.softphones import PlaceMySoftphone, softphone_of
from redstick.phones.state import Device, DeviceKind, Site

ANNEX = Site("annex", "1100 Laurel St", "Baton Rouge", "1", "", contacts=("annex@city.example",))
SITES = ("", "hall", "annex", "moon")


@pytest.mark.parametrize(
    ("asked", "code"),
    [
        (PlaceMySoftphone("per_ann", "2199"), "number_unknown"),
        (PlaceMySoftphone("per_bob", "2100"), "not_your_number"),
        (PlaceMySoftphone("", "2102"), "not_your_number"),
        (PlaceMySoftphone("per_ann", "2100", "moon"), "site_unknown"),
    ],
)
def test_it_is_whoever_s_extension_it_is_and_stands_at_a_site(hall, asked, code):
    """Nobody speaks for another's number, and no site is made up."""
    assert hall.refused(asked) == code


def test_without_a_place_there_is_none(hall):
    """Of an extension that nobody knows the place of, its person says where they are."""
    hall.ask(AssignNumber("2100", Extension("Ann Able", "ann")))
    assert hall.refused(PlaceMySoftphone("per_ann", "2100")) == "place_needed"
    [made] = hall.events(PlaceMySoftphone("per_ann", "2100", "hall"))
    assert made == DeviceAdded(Device("web-2100", "2100", DeviceKind.SOFT, "hall"))


def test_it_is_made_once_moves_and_is_no_phone_that_somebody_else_named_so(hall):
    """To say the same again says nothing; a desk phone of that name stays what it is."""
    hall.events(PlaceMySoftphone("per_ann", "2100", "hall"))
    assert hall.events(PlaceMySoftphone("per_ann", "2100", "hall")) == []
    hall.ask(KeepSite(ANNEX))
    assert hall.events(PlaceMySoftphone("per_ann", "2100", "annex")) == [DeviceMoved("web-2100", "annex")]
    assert hall.state.devices["web-2100"].kind is DeviceKind.SOFT
    hall.ask(AddDevice(Device("web-2101", "2101", DeviceKind.DESK)))
    assert hall.refused(PlaceMySoftphone("per_bob", "2101", "hall")) == "device_known"


def test_it_rings_beside_the_other_phones_of_its_extension_while_it_is_on(hall):
    """As soon as it is reported reachable, and not any more when it is not."""
    hall.events(PlaceMySoftphone("per_ann", "2100", "hall"))
    before = hall.route("2101", "2100").steps[0].targets
    hall.ask(ReportDevice("web-2100", reachable=True))
    step = hall.route("2101", "2100").steps[0]
    assert (step.kind, set(step.targets)) == (StepKind.RING, {*before, "web-2100"})
    hall.ask(ReportDevice("web-2100", reachable=False))
    assert hall.route("2101", "2100").steps[0].targets == before


@given(st.lists(st.tuples(st.sampled_from(("per_ann", "per_bob")), st.sampled_from(SITES)), max_size=8))
def test_wherever_it_is_said_to_be_911_from_it_has_that_place_and_those_are_told_who_are_there(said):
    """The last place that was taken counts; one that was refused changes nothing."""
    hall = city_hall()
    hall.ask(KeepSite(ANNEX))
    stands = None
    for person, site in said:
        if hall.ask(PlaceMySoftphone(person, "2100", site)).accepted:
            stands = site
    device = softphone_of("2100")
    assert (device in hall.state.devices) == (stands is not None)
    if stands is None:
        return
    found = site_of(hall.state, "2100", device)
    assert found == {"annex": ANNEX, "hall": HALL, "": HALL}[stands]
    [dialled] = [
        one for one in hall.events(BeginPhoneCall("c", "2100", "911", device)) if isinstance(one, EmergencyDialled)
    ]
    assert (dialled.site, dialled.told) == (found.id, found.contacts)
    hall.ask(EndPhoneCall("c"))
