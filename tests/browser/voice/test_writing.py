"""A 911 caller who writes: the words are on the Calls seat, an answer goes out, what did not arrive is seen."""

import asyncio
import threading

import pytest
from tests.adapters.voice.caller import Caller
from tests.adapters.voice.messaging_caller import Peer
from tests.browser.voice.conftest import until

from redstick.protocols.msrp.sessions import Said

pytestmark = [pytest.mark.browser, pytest.mark.sockets, pytest.mark.voice]
LOG = "[role=log][aria-label='What was written']"


class Writer(threading.Thread):
    """A caller with a session of messages, in a loop of their own: a page is driven without one."""

    def __init__(self, sip):
        super().__init__(daemon=True)
        self.sip, self.peer, self.ready = sip, Peer(), threading.Event()
        self.loop = asyncio.new_event_loop()

    def run(self):
        """Call, connect, and be there."""
        self.loop.run_until_complete(self.call())
        self.ready.set()
        self.loop.run_forever()
        self.caller.close()
        self.peer.close()
        self.loop.run_until_complete(asyncio.sleep(0.1))  # sockets are let go of in the next turn of the loop
        self.loop.close()

    async def call(self):
        """Without a voice."""
        self.caller = await Caller().open(("127.0.0.1", self.sip))
        self.peer.answered(await self.caller.call(self.caller.offer().partition("m=audio")[0] + self.peer.media()))
        await self.peer.connect()

    def soon(self, act):
        """Do something there."""
        self.loop.call_soon_threadsafe(act)

    def end(self):
        """Be gone."""
        self.soon(self.loop.stop)
        self.join(10)


def test_a_text_call_is_read_and_answered_by_key(psap, seat):
    """F2 takes it, Alt+X is the line to answer in, Enter sends; it says delivered, or that it was not and why."""
    page = seat("microphone")
    writer = Writer(psap.sip)
    writer.start()
    assert writer.ready.wait(20)
    writer.soon(lambda: writer.peer.say("he is in the kitchen"))
    page.wait_for_selector(".row:has-text('+12255550001')")
    page.keyboard.press("F2")
    page.wait_for_selector(f"{LOG} li:has-text('he is in the kitchen')")
    page.wait_for_selector("#answer-line[placeholder='where are you?']")
    page.keyboard.press("Alt+x")
    page.keyboard.type("stay quiet, keep texting")
    page.keyboard.press("Enter")
    page.wait_for_selector(f"{LOG} li:has-text('stay quiet, keep texting') .chip:has-text('delivered')")
    assert page.input_value("#answer-line") == ""
    until(lambda: Said("stay quiet, keep texting") in writer.peer.told)
    writer.soon(lambda: [task.cancel() for task in writer.peer.tasks])  # nothing is answered any more
    page.keyboard.type("are you there?")
    page.keyboard.press("Enter")
    page.wait_for_selector(f"{LOG} li:has-text('are you there?') .chip:has-text('not acknowledged yet')")
    writer.soon(writer.peer.close)
    page.wait_for_selector(
        f"{LOG} li:has-text('are you there?') .chip:has-text('not delivered: its connection is gone')"
    )
    writer.end()
