"""From a leg to a call of the phones: begun and ended by the journal itself, whatever is lost in between."""

import pytest
from tests.phones.switchboard import HALL, NOON

from redstick.adapters.memory import MemoryJournal
from redstick.comms import live as comms
from redstick.comms.invariants import broken as broken_lines
from redstick.comms.rules.legs import AnswerLeg, EndLeg, OfferLeg
from redstick.comms.rules.placing import PlaceLeg
from redstick.kernel.drivers import SynchronousDriver
from redstick.kernel.executor import Executor
from redstick.kernel.values import Request
from redstick.phones import domain, live
from redstick.phones.hearing import caller_of
from redstick.phones.invariants import broken
from redstick.phones.numbering import Extension
from redstick.phones.rules.calls import AnswerPhoneCall
from redstick.phones.rules.people import AssignNumber
from redstick.phones.rules.places import AddDevice, KeepSite
from redstick.phones.state import Device
from redstick.published.comms import Arrival, LineKind, Placing, Reason


class City:
    """Comms and the phones on one journal; two extensions with a phone each, in the hall."""

    def __init__(self):
        self.journal, self.count, self.now = MemoryJournal(), 0, NOON
        self.restart()
        self.ask(KeepSite(HALL))
        for number in ("2100", "2101"):
            self.ask(AssignNumber(number, Extension(f"Desk {number}", site="hall")))
            self.ask(AddDevice(Device(f"{number}-1", number)))

    def restart(self):
        """Lose everything but the journal."""
        self.driver = SynchronousDriver(Executor([comms, live]), self.journal)
        self.driver.drain(self.now)

    @property
    def phones(self):
        """The committed fold."""
        return self.driver.executor.committed["phones"]

    @property
    def comms(self):
        """The committed fold."""
        return self.driver.executor.committed["comms"]

    def ask(self, command):
        """It is accepted, and what it makes others do is done."""
        self.count, self.now = self.count + 1, self.now + 1_000
        outcomes = self.driver.run([Request(f"c{self.count}", command, "tester")], self.now)
        assert [one.rejection for one in outcomes] == [None] * len(outcomes)
        assert [*broken(self.phones), *broken_lines(self.comms)] == []


@pytest.fixture
def city():
    """Nobody calls."""
    return City()


def offer(leg="leg", target="sip:2101@city.example", line=LineKind.PHONE, call="", **more):
    """A leg that rings."""
    return OfferLeg(leg, Arrival(line=line, target=target, **more), call)


def test_a_leg_of_a_phone_is_a_call_of_its_extension_and_stands_in_no_line(city):
    """No agent is offered it, and a leg that rings for it is with no seat."""
    city.ask(offer(device="2100-1", number="2100-1"))
    [call] = city.phones.calls.values()
    assert (call.id, call.caller, call.device, call.leg) == ("leg", "2100", "2100-1", "leg")
    assert city.comms.waiting == {}
    city.ask(PlaceLeg("rung", Placing("", "sip:2101-1@city.example", Reason.PHONE, "leg")))
    city.ask(AnswerLeg("rung", "PCMU"))
    assert city.comms.conversations == {}
    city.ask(EndLeg("rung", "them", "bye"))
    assert list(city.phones.calls) == ["leg"]


@pytest.mark.parametrize(
    ("who", "cause", "said"),
    [
        ("them", "bye", "the caller hung up"),
        ("them", "cancelled", "the caller gave up"),
        ("us", "486 Busy Here", "486 Busy Here"),
        ("nobody", "the engine was lost", "the engine was lost"),
    ],
)
def test_a_call_ends_with_the_leg_of_whoever_called(city, who, cause, said):
    """Also where the leg's end was the last thing that was written before everything was lost."""
    city.ask(offer(device="2100-1"))
    city.ask(AnswerPhoneCall("leg", "2101"))
    city.driver = SynchronousDriver(Executor([comms, domain]), city.journal)  # killed before a reaction asks
    city.driver.run([Request("end", EndLeg("leg", who, cause), "tester")], city.now + 1)
    city.restart()
    assert city.phones.calls == {}
    [ended] = [line for line in city.journal.read(0) if b"phones.call_ended" in line]
    assert said.encode() in ended


def test_911_from_a_phone_is_told_on_site_under_the_number_that_was_shown(city):
    """The second ELIN was shown, so that one leads back."""
    city.ask(offer(line=LineKind.EMERGENCY, target="urn:service:sos", call="c", device="2100-1", number=HALL.elins[1]))
    [notice] = city.phones.notices.values()
    assert notice.to == HALL.contacts
    assert HALL.words in notice.text
    assert [elin for elin, use in city.phones.elins.items() if use.number == "2100"] == [HALL.elins[1]]


def test_911_from_elsewhere_and_other_lines_are_no_calls_of_the_phones(city):
    """Nobody in the house is told of a stranger's call."""
    city.ask(offer("one", "urn:service:sos", LineKind.EMERGENCY, "c", number="+15045550123"))
    city.ask(offer("two", line=LineKind.ADMIN, number="2100"))
    assert (city.phones.calls, city.phones.notices) == ({}, {})


def test_who_comes_by_a_trunk_under_a_number_of_ours_is_nobody_of_ours(city):
    """Else anybody outside could call as an extension, and out again."""
    said = {
        number: caller_of(city.phones, Arrival(line=LineKind.PHONE, trunk="t1", number=number))
        for number in ("2100", "+15045550123", "")
    }
    assert said == {"2100": "unknown", "+15045550123": "+15045550123", "": "unknown"}


def test_the_number_of_a_phone_that_called_nobody_is_no_ghost(city):
    """It may call 911 next, and stands no further back for that."""
    city.ask(offer(device="2100-1", number="2100-1"))
    city.ask(EndLeg("leg", "them", "cancelled"))
    assert city.comms.rang == {}
