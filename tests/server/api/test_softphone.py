"""The softphone of an extension on the real server: a window of a person is a phone beside those of SIP."""

import asyncio

import pytest
from tests.server.api.line import facts, handsets
from tests.server.api.window import Window, has_softphone

pytestmark = [pytest.mark.sockets, pytest.mark.voice]


@pytest.fixture
def dan(exchange, ada, keys):
    """Who has 2101, at the hall, and a softphone of it."""
    return has_softphone(exchange, ada)


def test_a_window_rings_answers_and_speaks_with_a_phone_of_sip(exchange, keys, dan):
    """It is shown who calls; both hear each other; the record is as of any phone, and presence follows the window."""

    async def lived():
        async with handsets(exchange, keys, "2102") as [two], Window(exchange, dan, "2101").on() as window:
            await facts(exchange, "phones.device_reported", 2)
            calling = asyncio.create_task(two.call("2101"))
            line = await window.line("rings")
            assert (line["number"], line["name"]) == ("2102", "Desk 2102")
            await window.answer(line["leg"])
            invite, said = await calling
            assert said.code == 200
            await window.line("speaks")
            two.speak(said, 50)
            await window.hears(line["leg"], 500)
            assert await two.bye(invite, said) == 200
            over = await window.over()
            assert (over["number"], over["spoke"]) == ("2102", True)
            [ended] = await facts(exchange, "phones.call_ended")
            assert (ended["caller"], ended["answered_by"], ended["cause"]) == ("2102", "2101", "the caller hung up")
        said = await facts(exchange, "phones.device_reported", 3)
        assert (said[-1]["device"], said[-1]["reachable"]) == ("web-2101", False)

    asyncio.run(lived())
