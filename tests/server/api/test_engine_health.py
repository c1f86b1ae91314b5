"""The engine's health on the real server: a kill with a call on the line is a fact of its own, and so is its end."""

import asyncio
import signal

import pytest
from tests.adapters.voice.caller import Caller
from tests.server.api.conftest import Person
from tests.server.api.test_voice import at, events, rows, until

pytestmark = [pytest.mark.sockets, pytest.mark.voice]


def test_an_engine_that_was_killed_was_lost_and_is_found(exchange):
    """Once each, with the legs that it had; nobody sees it as down when it is here. An orderly end says nothing."""

    async def called():
        caller = await Caller().open(at(exchange))
        assert (await caller.call()).code == 200
        exchange.end(signal.SIGKILL)
        caller.close()

    asyncio.run(called())
    exchange.start()
    [lost] = until(lambda: events(exchange, "comms.engine_lost"))
    assert lost == {"engine": "embedded", "why": "it ended without a word; legs left: 1"}
    assert until(lambda: events(exchange, "comms.engine_found")) == [{"engine": "embedded"}]
    assert not [row for row in rows(Person(exchange, "sue"), "comms.view.queues") if "engine" in row]
    exchange.end()
    exchange.start()
    assert len(events(exchange, "comms.engine_lost")) == 1
