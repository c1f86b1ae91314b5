"""The phones of a demo's city: what is there before anybody comes, and what a visitor of the Phones seat gets."""

import pytest

from redstick.bootstrap import open_beforehand
from redstick.kernel.values import Request
from redstick.phones.hours import open_at
from redstick.phones.lookups import presence_of
from redstick.phones.numbering import Attendant, Extension, HuntGroup
from redstick.phones.plan.linter import errors, lint
from redstick.phones.reads.gaps import gaps
from redstick.simulation.city.scenarios import SCENARIOS
from redstick.simulation.demo.base import open_base
from redstick.simulation.demo.desks import EarlyDesk
from redstick.simulation.demo.opening import begins_at
from redstick.simulation.demo.people import OPERATOR, opening
from redstick.simulation.demo.phones import set_up_phones

pytestmark = pytest.mark.sockets  # an event loop has a socket pair of its own


def set_up(base):
    """A driver whose city has nothing but its phones."""
    begun, driver = begins_at(SCENARIOS["ordinary"], base.parish.city.time_zone), open_beforehand()
    driver.run([Request("cmd_1", opening(base.authorities.policy, base.authorities.services), OPERATOR)], begun)
    set_up_phones(EarlyDesk.on(driver, 7, lambda _: None), begun, base.parish.city)
    return driver


@pytest.fixture(scope="module")
def phones(base):
    """The phones as they are then."""
    return set_up(base).executor.committed["phones"]


def extensions(phones):
    """Every extension by its number."""
    return {number: what for number, what in phones.numbers.items() if isinstance(what, Extension)}


@pytest.mark.parametrize("size", ["small", "full"])
def test_every_site_has_an_address_of_the_parish(size):
    """Its number and street are in the geofile, in both parishes; each has a number to be called back by."""
    base = open_base(size, lambda _: None)
    known = base.parish.city.addresses
    there = {f"{number} {known.streets[street]}" for number, street in zip(known.number, known.street, strict=True)}
    sites = set_up(base).executor.committed["phones"].sites.values()
    assert len(sites) >= 9
    assert [one.words for one in sites if one.address not in there or not one.elins or not one.contacts] == []


def test_the_directory_has_what_a_switchboard_must_show(phones):
    """Offices of many departments, a hunt group, a menu that is open by the hours; no number near 911."""
    departments = {user.department for user in phones.users.values()}
    assert len(extensions(phones)) > 25
    assert len(departments) > 8
    assert any(isinstance(what, HuntGroup) for what in phones.numbers.values())
    [menu] = [what for what in phones.numbers.values() if isinstance(what, Attendant)]
    friday = begins_at(SCENARIOS["ordinary"], "America/Chicago")
    assert not open_at(phones.hours[menu.hours], friday)[0]
    assert open_at(phones.hours[menu.hours], friday - 3_600_000)[0]


def test_some_phones_are_off_and_some_have_no_place_for_911(phones):
    """Both kinds of gap, and most phones have neither; those that are off are unreachable in the directory."""
    off = [number for number in extensions(phones) if presence_of(phones, number) == "unreachable"]
    assert 3 <= len(off) < len(phones.devices) / 4
    assert 1 <= len(gaps(phones)) < len(phones.devices) / 4


def test_the_plan_in_force_has_no_fault(phones):
    """One that warns alone may be: that premium numbers are cut out of long distance is meant."""
    assert phones.version == 1
    assert errors(lint(phones.plan, tuple(phones.numbers), tuple(phones.trunks))) == ()


def test_the_same_parish_has_the_same_phones(base):
    """The journal ends with the same hash."""
    assert set_up(base).executor.durable == set_up(base).executor.durable


def test_whoever_sits_at_the_phones_has_an_extension_of_their_own(in_city):
    """Each of five visitors another one, the same however often they sit down."""

    async def act(demo):
        first = await demo.take_seat("phones", "", "here")
        await demo.take_seat("phones", first.token, "here")
        for _ in range(4):
            await demo.take_seat("phones", "", "here")
        state = demo.operations.states()["phones"]
        return {what.user: state.users[what.user].person for what in extensions(state).values() if what.user}, first

    persons, first = in_city(act)
    held = [person for person in persons.values() if person]
    assert (len(held), len(set(held))) == (5, 5)
    assert persons["switchboard-1"] == first.person


@pytest.mark.parametrize("how", ["signs out", "gives the seat back"])
def test_the_extension_of_whoever_leaves_is_the_next_ones(in_city, how):
    """It is nobody's until then."""

    async def act(demo):
        first = await demo.take_seat("phones", "", "here")
        if how == "signs out":
            await demo.operations.sign_out(first.token)
            await demo.sitting.settled()
        else:
            assert await demo.leave_seat("phones", first.token) is None
        between = demo.operations.states()["phones"].users["switchboard-1"].person
        second = await demo.take_seat("phones", "", "here")
        return between, demo.operations.states()["phones"].users["switchboard-1"].person == second.person

    assert in_city(act) == ("", True)
