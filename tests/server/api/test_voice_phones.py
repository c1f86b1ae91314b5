"""A phone of the city on the real server: baresip, with the password that was shown once, is let in and calls 911."""

import asyncio
import shutil

import pytest
from tests.adapters.voice.baresip import Phone
from tests.server.api.conftest import Person, Server
from tests.server.api.test_phones import SITE, Caller
from tests.server.api.test_voice import FRAME, at, events, rows, until

pytestmark = pytest.mark.sockets


@pytest.fixture
def psap(enrolled, tmp_path):
    """A server that hears calls."""
    running = Server(shutil.copytree(enrolled, tmp_path / "data"), "--voice", "127.0.0.1:0")
    yield running
    running.end()


def added(server):
    """The credentials of a phone that an administrator lets in."""
    ada = Caller(server, "ada")
    ada.do("keep-site", site=SITE)
    what = {"type": "extension", "name": "Desk 2101", "user": "", "site": "hall"}
    ada.do("assign-number", number="2101", what=what)
    return ada.do("add-phone", id="2101", number="2101")


def test_a_phone_that_was_let_in_registers_and_its_911_call_is_on_the_floor(psap, tmp_path):
    """A wrong password is not let in; 911 is dialled direct, nobody asks for a password, and its voice is heard."""
    made = added(psap)

    async def lived():
        wrong = await Phone(tmp_path / "wrong", made["device"], "wrong", made["realm"], at(psap)).open()
        right = await Phone(tmp_path / "right", made["device"], made["password"], made["realm"], at(psap)).open()
        try:
            wrong.do("uanew", wrong.account)
            wrong.do("uanew", wrong.account)
            await wrong.until_last("REGISTER_FAIL", "403 Forbidden")
            await right.let_in()
            right.do("dial", f"sip:911@{made['realm']}")
            await right.until("CALL_ESTABLISHED")
            dan = Person(psap, "dan")
            [call] = await asyncio.to_thread(until, lambda: rows(dan, "dispatch.view.calls"))
            assert (call["source"], call["callback"]) == ("911", made["device"])
            kept = psap.folder / "recordings"
            await asyncio.to_thread(
                until, lambda: [one for one in kept.glob("*/*.rtp") if one.stat().st_size > 30 * FRAME]
            )
            right.do("hangup")
            [ended] = await asyncio.to_thread(until, lambda: events(psap, "comms.leg_ended"))
            assert ended["packets_in"] > 20
        finally:
            await wrong.end()
            await right.end()

    asyncio.run(lived())
