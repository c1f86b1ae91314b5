"""The exchange between an engine and the journal, without either: what it does where things cross."""

import asyncio

import pytest

from redstick.comms.ports import Digit, Progress, Sound, Text
from redstick.comms.rules.legs import Leg, LegAnswered, LegState
from redstick.comms.rules.placing import LegPlaced, LegProgressed
from redstick.comms.signalling import Registered, TransferAsked, Unregistered
from redstick.comms.state import Comms
from redstick.kernel.fold import Fact
from redstick.kernel.values import Outcome
from redstick.phones.numbering import Extension
from redstick.phones.plan.rules import DialPlan
from redstick.phones.rules.calls import CallBegun, EndPhoneCall
from redstick.phones.rules.places import ReportDevice
from redstick.phones.state import Device, PhoneCall, Phones, Trunk
from redstick.published.comms import Arrival, LineKind, Placing, Reason
from redstick.server.phoning import exchange as exchanging
from redstick.server.phoning.exchange import LOST, Exchange
from redstick.server.phoning.serving import Studio

NOW = 1_768_413_600_000
OURS = Arrival(line=LineKind.PHONE, device="2101")


class Engine:
    """Writes down what it is asked."""

    def __init__(self):
        self.did, self.alive = [], ()

    def snapshot(self):
        """What is alive."""
        return self.alive

    def __getattr__(self, name):
        return lambda *given: self.did.append((name, *given)) or True


class NoSounds:
    """Nothing was kept, and nothing is."""

    def begun(self):
        """No leg of a server that is gone."""
        return []

    def octets(self, sha256):
        """None."""


class House:
    """An exchange with an engine that writes down, and a journal that takes everything."""

    def __init__(self):
        self.engine, self.asked = Engine(), []
        self.phones, self.comms = Phones(), Comms()
        self.phones.numbers["2101"] = Extension("Desk", voicemail=False)
        self.phones.devices["2101"] = Device("2101", "2101")
        self.phones.trunks["t1"] = Trunk("t1", "Carrier", 2, address="192.0.2.9:5060")
        states = {"phones": self.phones, "comms": self.comms}
        names = iter(range(100))
        self.exchange = Exchange(
            self.engine, self.ask, lambda: states, lambda: NOW, lambda prefix: f"{prefix}_{next(names)}",
            "city.example", Sound((0,)), Studio(NoSounds(), Sound((0,)), Sound((0,)), lambda name: b""), None,
        )  # fmt: skip

    async def ask(self, command, lane):
        """Durable at once."""
        del lane
        self.asked.append(command)
        return Outcome("c", 1)

    def note(self, *events):
        """Committed."""
        self.exchange.note([Fact(None, event) for event in events])


@pytest.fixture
def house():
    """Nobody calls."""
    return House()


async def turns():
    """Whatever is ready runs."""
    for _ in range(10):
        await asyncio.sleep(0)


def test_a_call_whose_leg_was_over_before_it_began_is_ended(house):
    """Else its extension would be busy for ever; the same for what a server that was killed has left."""

    async def lived():
        house.note(CallBegun("leg", "2101", "2102", "inside", (), (), leg="leg"))
        house.note(CallBegun("gateway's", "2101", "2102", "inside", (), ()))
        await turns()
        assert house.asked == [EndPhoneCall("leg", LOST)]
        house.asked.clear()
        house.phones.calls = {
            name: PhoneCall(name, "2101", "2102", "inside", NOW, leg=leg)
            for name, leg in (("here", "here"), ("gone", "gone"), ("gateway's", ""))
        }
        house.comms.legs["here"] = Leg("here", OURS, NOW)
        house.exchange.start()
        await turns()
        assert house.asked == [EndPhoneCall("gone", LOST)]

    asyncio.run(lived())


def test_a_leg_that_did_not_become_a_call_is_refused(house, monkeypatch):
    """As where the domain is suspended: nobody waits for nothing."""
    monkeypatch.setattr(exchanging, "PATIENCE_S", 0)

    async def lived():
        house.exchange.await_call("leg")
        await turns()
        assert house.engine.did == [("reject", "leg", 503, "Service Unavailable")]

    asyncio.run(lived())


def test_a_call_for_help_that_did_not_become_a_call_of_the_phones_is_the_floor_s(house, monkeypatch):
    """As where the domain is suspended: it is not refused, and is given once."""
    monkeypatch.setattr(exchanging, "HELP_PATIENCE_S", 0)
    house.phones.plan = DialPlan(emergency=("t1",))

    async def lived():
        taken = []

        async def floor(leg, arrival):
            taken.append((leg, arrival.line, arrival.device))

        house.exchange.lead_to_floor(floor)
        known = house.exchange.known("leg", Arrival(line=LineKind.EMERGENCY, target="sip:911@city.example"), "2101")
        assert (known.line, house.exchange.helps("leg")) == (LineKind.PHONE, True)
        house.exchange.await_call("leg")
        await turns()
        assert taken == [("leg", LineKind.EMERGENCY, "2101")]
        assert house.exchange.take_unheard("leg") is None
        assert house.engine.did == []

    asyncio.run(lived())


def test_a_phone_that_rings_for_a_call_that_is_over_is_hung_up(house):
    """It was placed as the call ended, so that nobody could hang it up then."""
    placing = Placing("", "sip:2101@city.example", Reason.PHONE, "call")
    house.comms.legs["late"] = Leg("late", OURS, NOW, LegState.PLACED, placing=placing)
    house.note(LegPlaced("late", placing), LegProgressed("late", 180), LegAnswered("late"))
    assert house.engine.did == [("hang_up", "late", "given up")] * 2


def test_what_is_pressed_or_written_on_a_phone_is_kept_nowhere(house):
    """A key may be of somebody's bank; on every other line it is for the floor."""
    house.comms.legs = {"ours": Leg("ours", OURS, NOW), "911": Leg("911", Arrival(line=LineKind.EMERGENCY), NOW)}
    heard = [
        house.exchange.hear(one) for leg in ("ours", "911") for one in (Digit(leg, "1", "info"), Text(leg, "", ""))
    ]
    assert heard == [True, True, False, False]
    assert not house.exchange.hear(Progress("ours", 180))
    assert house.asked == []


def test_a_phone_is_reachable_until_its_last_contact_is_gone(house):
    """And a renewal is asked only where the journal does not know the phone for reachable."""

    async def lived():
        for event in (
            Registered("2101", "a", "s", 600),
            Registered("2101", "b", "s", 600),
            Unregistered("2101", "a", "expired"),
        ):
            house.exchange.hear(event)
            await turns()
            house.phones.reachable["2101"] = NOW
        assert house.asked == [ReportDevice("2101", reachable=True)]
        house.exchange.hear(Unregistered("2101", "b", "asked"))
        await turns()
        assert house.asked[1:] == [ReportDevice("2101", reachable=False)]

    asyncio.run(lived())


def test_a_transfer_that_is_asked_on_no_call_of_the_phones_is_declined(house):
    """As of a 911 call: the floor hands on whom it has."""
    assert house.exchange.hear(TransferAsked("911", "sip:2101@city.example"))
    assert house.engine.did == [("progress_transfer", "911", 603, "Decline")]


def test_who_calls_is_known_by_password_or_by_the_host_of_a_trunk(house):
    """What the plan calls 911 is a 911 line from a phone; whoever is nobody of ours is on the line that he was on."""

    def line(device="", source="203.0.113.5:5060", target="sip:2102@city.example"):
        known = house.exchange.known("leg", Arrival(line=LineKind.ADMIN, source=source, target=target), device)
        return known.line, known.device, known.trunk

    assert line() == (LineKind.ADMIN, "", "")
    assert line(source="192.0.2.9:40000") == (LineKind.PHONE, "", "t1")
    assert line("2101") == (LineKind.PHONE, "2101", "")
    assert line("2101", target="sip:9-911@city.example") == (LineKind.EMERGENCY, "2101", "")
    assert line("nobody") == (LineKind.ADMIN, "", "")
