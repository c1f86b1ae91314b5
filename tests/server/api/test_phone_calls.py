"""Calls of the city's phones on the real server: baresip calls baresip by extension, and what becomes of it."""

import asyncio
import shutil
from contextlib import asynccontextmanager

import pytest
from tests.adapters.voice.baresip import Phone, energy
from tests.server.api.conftest import Server
from tests.server.api.test_phones import SITE, Caller
from tests.server.api.test_voice import at, events, until

pytestmark = [pytest.mark.sockets, pytest.mark.voice]
NUMBERS = ("2101", "2102", "2103")


@pytest.fixture
def exchange(enrolled, tmp_path):
    """A server that hears calls."""
    running = Server(shutil.copytree(enrolled, tmp_path / "data"), "--voice", "127.0.0.1:0")
    yield running
    if running.process.poll() is None:
        running.end()


@pytest.fixture
def keys(exchange):
    """Three extensions with a phone each, its id the number; the credentials of all by number."""
    ada = Caller(exchange, "ada")
    ada.do("keep-site", site=SITE)
    for number in NUMBERS:
        what = {"type": "extension", "name": f"Desk {number}", "site": "hall", "ring_s": 2, "voicemail": False}
        ada.do("assign-number", number=number, what=what)
    return {number: ada.do("add-phone", id=number, number=number) for number in NUMBERS}


@asynccontextmanager
async def phones(server, keys, folder, *numbers):
    """Phones of these numbers, each registered."""
    opened = {}
    try:
        for number in numbers:
            made = keys[number]
            phone = Phone(folder / number, number, made["password"], made["realm"], at(server))
            opened[number] = await phone.open()
            await phone.let_in()
        yield [opened[number] for number in numbers]
    finally:
        for phone in opened.values():
            await phone.end()


async def come_to_be(server, kind, count=1):
    """So many facts of a kind."""
    return await asyncio.to_thread(
        until, lambda: (lambda found: found if len(found) >= count else [])(events(server, kind))
    )


def test_a_phone_that_registers_is_reachable_and_one_that_leaves_is_not(exchange, keys, tmp_path):
    """Both are facts of the phones, as is a wrong password."""

    async def lived():
        async with phones(exchange, keys, tmp_path, "2101") as [phone]:
            assert await come_to_be(exchange, "phones.device_reported") == [
                {"device": "2101", "number": "2101", "reachable": True}
            ]
            phone.do("quit")
            reported = await come_to_be(exchange, "phones.device_reported", 2)
            assert reported[1]["reachable"] is False
            wrong = await Phone(tmp_path / "wrong", "2102", "wrong", keys["2102"]["realm"], at(exchange)).open()
            try:
                wrong.do("uanew", wrong.account)
                wrong.do("uanew", wrong.account)
                [refused, *_] = await come_to_be(exchange, "phones.registration_refused")
                assert (refused["device"], refused["limited"]) == ("2102", False)
            finally:
                await wrong.end()

    asyncio.run(lived())


def test_an_extension_calls_another_and_they_hear_each_other_until_one_hangs_up(exchange, keys, tmp_path):
    """The call is begun, answered and ended as facts, with who, how and why; both ends are hung up."""

    async def lived():
        async with phones(exchange, keys, tmp_path, "2101", "2102") as [one, other]:
            one.do("dial", f"sip:2102@{keys['2102']['realm']}")
            await one.until("CALL_ESTABLISHED")
            await asyncio.sleep(1.5)  # they speak
            other.do("hangup")
            await one.until("CALL_CLOSED")
            [begun] = await come_to_be(exchange, "phones.call_begun")
            assert (begun["caller"], begun["device"], begun["verdict"]) == ("2101", "2101", "inside")
            [answered] = await come_to_be(exchange, "phones.call_answered")
            assert (answered["call"], answered["by"]) == (begun["call"], "2102")
            [ended] = await come_to_be(exchange, "phones.call_ended")
            assert (ended["caller"], ended["answered_by"], ended["cause"]) == ("2101", "2102", "the other side hung up")
            await come_to_be(exchange, "comms.leg_ended", 2)
            assert energy(tmp_path / "2101") > 0.05
            assert energy(tmp_path / "2102") > 0.05

    asyncio.run(lived())
