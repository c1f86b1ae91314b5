"""A standard phone, baresip, with the engine: it registers, is called, calls and transfers, over UDP and TLS."""

import asyncio
import ssl
from contextlib import AsyncExitStack

import pytest
from tests.adapters.voice.baresip import Phone, energy
from tests.adapters.voice.test_engine import Desk, certificate

from redstick.adapters.voice.attempts import OWN
from redstick.adapters.voice.tones import WAITING
from redstick.comms.ports import Answered, Offer, Over
from redstick.comms.signalling import Registered, RegistrationRefused, TransferAsked, Transferred
from redstick.protocols.sip.digest import secret_of
from redstick.published.comms import LineKind

pytestmark = pytest.mark.sockets
REALM, PASSWORD = "city.example", "right"


class Users:
    """Two extensions, kept in the digest that this phone knows."""

    realm = REALM

    def secret(self, user, algorithm):
        """H(A1)."""
        return secret_of(user, REALM, PASSWORD, "MD5") if user in {"4001", "4002"} and algorithm == "MD5" else None


class Office(AsyncExitStack):
    """A desk with phones, all of them gone at its end."""

    def __init__(self, folder, transport="udp", made=None):
        super().__init__()
        self.folder, self.transport, self.made = folder, transport, made

    async def __aenter__(self):
        await super().__aenter__()
        pem = certificate(self.folder) if self.transport == "tls" else None
        self.trust = (pem, self.folder / "c.pem") if pem else None
        context = ssl.create_default_context(cafile=str(self.folder / "c.pem")) if pem else None
        self.desk = await self.enter_async_context(Desk(pem, users=Users(), trust=context, made=self.made))
        return self

    async def phone(self, user, password=PASSWORD):
        """A phone that has registered, unless its password is wrong."""
        at = self.desk.at[self.transport]
        phone = await Phone(self.folder / user, user, password, REALM, at, self.transport, self.trust).open()
        self.push_async_callback(phone.end)
        if password == PASSWORD:
            await self.desk.until(lambda: any(said.user == user for said in self.desk.of(Registered)))
        return phone

    async def speaks(self, leg):
        """Voice goes both ways on a leg: energy of what it says, and packets to it, none of them refused."""
        desk = self.desk
        assert desk.engine.play(leg, WAITING)
        await desk.until(lambda: desk.engine.stats(leg).packets_in > 30 and desk.engine.stats(leg).packets_out > 30)
        said = desk.engine.stats(leg)
        assert said.energy > 0.05
        assert said.refused == 0


@pytest.mark.parametrize("transport", ["udp", "tls"])
def test_it_registers_and_is_called_by_its_number(tmp_path, transport):
    """It answers, hears and is heard; over TLS only in cipher, for it takes nothing else; our BYE ends its call."""

    async def lived():
        async with Office(tmp_path, transport) as office:
            phone, desk = await office.phone("4001"), office.desk
            [known] = desk.of(Registered)
            assert ("transport=tls" in known.contact) is (transport == "tls")
            assert await desk.engine.originate("out", f"sip:4001@{REALM}", f"sip:4000@{REALM}")
            await desk.until(lambda: desk.of(Answered))
            await office.speaks("out")
            assert desk.engine._legs["out"].secure is (transport == "tls")
            assert desk.engine.hang_up("out", "enough")
            await phone.until("CALL_CLOSED")
            await desk.until(lambda: energy(phone.folder) > 0.05)

    asyncio.run(lived())


@pytest.mark.parametrize("transport", ["udp", "tls"])
def test_it_calls_with_its_password_and_911_without_being_asked(tmp_path, transport):
    """Who calls is proven on an admin line; on a 911 line he is known by where he registered from."""

    async def lived():
        async with Office(tmp_path, transport) as office:
            phone, desk = await office.phone("4001"), office.desk
            for number, line in (("4002", LineKind.ADMIN), ("911", LineKind.EMERGENCY)):
                phone.do("dial", f"sip:{number}@{REALM}")
                await desk.until(lambda n=number: any(f":{n}@" in said.arrival.target for said in desk.of(Offer)))
                offer = desk.of(Offer)[-1]
                assert (offer.user, offer.arrival.number, offer.arrival.line) == ("4001", "4001", line)
                await phone.until("CALL_ESTABLISHED")
                await office.speaks(offer.leg)
                phone.do("hangup")
                await desk.until(lambda leg=offer.leg: any(over.leg == leg for over in desk.of(Over)))
                await phone.until("CALL_CLOSED")
            assert {over.who for over in desk.of(Over)} == {"them"}

    asyncio.run(lived())


def test_a_wrong_password_is_refused_and_then_not_even_heard(tmp_path):
    """Each of five is told, the last as the one that began the rest; from then on even the right one must wait."""

    async def lived():
        async with Office(tmp_path) as office:
            desk = office.desk
            phone = await office.phone("4001", "wrong")
            for tries in range(1, OWN.tries + 1):
                await desk.until(lambda n=tries: len(desk.of(RegistrationRefused)) >= n)
                phone.do("uanew", phone.account)  # it tries again
            assert [said.limited for said in desk.of(RegistrationRefused)] == [False] * (OWN.tries - 1) + [True]
            await phone.until_last("REGISTER_FAIL", "403 Too Many Wrong Passwords")
            assert len(desk.of(RegistrationRefused)) == OWN.tries
            assert desk.of(Registered) == []

    asyncio.run(lived())


def test_it_is_transferred_by_us_and_the_leg_is_over_when_it_is_done(tmp_path):
    """REFER: it calls the other number itself, tells that this was answered, and only then our leg goes."""

    async def lived():
        async with Office(tmp_path) as office:
            phone, desk = await office.phone("4001"), office.desk
            assert await desk.engine.originate("out", f"sip:4001@{REALM}", f"sip:4000@{REALM}")
            await desk.until(lambda: desk.of(Answered))
            assert desk.engine.transfer("out", f"sip:4002@{REALM}")
            await desk.until(lambda: desk.of(Over))
            assert (desk.of(Over)[0].leg, desk.of(Over)[0].cause) == ("out", "transferred")
            assert desk.of(Transferred)[-1].code == 200
            assert [said.arrival.target.partition("@")[0] for said in desk.of(Offer)] == ["sip:4002"]
            assert desk.engine.snapshot() == ("leg1",)
            await phone.until("CALL_CLOSED")

    asyncio.run(lived())


def test_it_transfers_whom_it_speaks_with_to_another_phone(tmp_path):
    """A caller's phone asks us; the desk calls the other phone, puts both in one room, and says that it is done."""

    async def lived():
        async with Office(tmp_path) as office:
            first, second, desk = await office.phone("4001"), await office.phone("4002"), office.desk
            caller = await desk.caller()
            await caller.call()
            assert await desk.engine.originate("one", f"sip:4001@{REALM}", f"sip:4000@{REALM}")
            await desk.until(lambda: desk.of(Answered))
            await first.until("CALL_ESTABLISHED")
            assert all(desk.engine.join("room", leg) for leg in ("leg1", "one"))
            first.do("transfer", f"sip:4002@{REALM}")
            await desk.until(lambda: desk.of(TransferAsked))
            [asked] = desk.of(TransferAsked)
            assert (asked.leg, asked.target.partition("@")[0]) == ("one", "sip:4002")
            assert await desk.engine.originate("two", f"sip:4002@{REALM}", f"sip:4001@{REALM}")
            await desk.until(lambda: any(said.leg == "two" for said in desk.of(Answered)))
            assert desk.engine.join("room", "two")
            assert desk.engine.progress_transfer("one", 200, "OK")
            await first.until("CALL_CLOSED")
            await desk.until(lambda: any(over.leg == "one" for over in desk.of(Over)))
            assert set(desk.engine.snapshot()) == {"leg1", "two"}
            caller.speak(50)
            await second.until("CALL_ESTABLISHED")
            heard = [packet for packet in await caller.hear(100) if packet.payload != b"\xff" * 160]
            assert heard  # the second phone's tone

    asyncio.run(lived())
