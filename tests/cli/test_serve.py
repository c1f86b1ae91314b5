"""A server that is asked to end, whenever that is."""

import asyncio
import os
import signal

import pytest

from redstick.cli.serve import ended_by_signals, fast_loop

pytestmark = pytest.mark.sockets  # an event loop has a socket pair of its own


class Serving:
    """In the place of a server: what it is told to do is seen at once."""

    def __init__(self):
        self.ended = asyncio.Event()

    def __setattr__(self, name, value):
        super().__setattr__(name, value)
        if name == "should_exit" and value:
            self.ended.set()


@pytest.mark.parametrize("how", [signal.SIGINT, signal.SIGTERM], ids=lambda how: how.name)
@pytest.mark.parametrize("loop", [None, fast_loop()], ids=["asyncio", "the loop of the server"])
def test_a_signal_that_comes_before_the_server_listens_for_it_ends_it(how, loop):
    """It is not lost between the line that says where it serves and the server's own ears."""

    async def asked():
        server = Serving()
        with ended_by_signals(server):
            os.kill(os.getpid(), how)
            await asyncio.wait_for(server.ended.wait(), 60)
        return server.should_exit

    with asyncio.Runner(loop_factory=loop) as runner:
        assert runner.run(asked())
