"""The engine's health on the real server: a kill with a call on the line is a fact of its own, and so is its end."""

import asyncio
import shutil
import signal

import pytest
from tests.adapters.voice.caller import Caller
from tests.server.api.conftest import Person, Server
from tests.server.api.test_voice import at, events, rows, until

pytestmark = [pytest.mark.sockets, pytest.mark.voice]


@pytest.fixture
def psap(enrolled, tmp_path):
    """A server that hears calls."""
    running = Server(shutil.copytree(enrolled, tmp_path / "data"), "--voice", "127.0.0.1:0")
    yield running
    if running.process.poll() is None:
        running.end()


def test_an_engine_that_was_killed_was_lost_and_is_found(psap):
    """Once each, with the legs that it had; nobody sees it as down when it is here. An orderly end says nothing."""

    async def called():
        caller = await Caller().open(at(psap))
        assert (await caller.call()).code == 200
        psap.end(signal.SIGKILL)
        caller.close()

    asyncio.run(called())
    psap.start()
    [lost] = until(lambda: events(psap, "comms.engine_lost"))
    assert lost == {"engine": "embedded", "why": "it ended without a word; legs left: 1"}
    assert until(lambda: events(psap, "comms.engine_found")) == [{"engine": "embedded"}]
    assert not [row for row in rows(Person(psap, "sue"), "comms.view.queues") if "engine" in row]
    psap.end()
    psap.start()
    assert len(events(psap, "comms.engine_lost")) == 1
