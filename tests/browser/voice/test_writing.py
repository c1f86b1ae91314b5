"""A 911 caller who writes: the words are on the Calls seat, an answer goes out, what did not arrive is seen."""

import asyncio
import threading

import pytest
from tests.adapters.voice.caller import Caller
from tests.adapters.voice.messaging_caller import Peer
from tests.adapters.voice.typing_caller import Typist
from tests.browser.voice.conftest import PATIENCE_S, until

from redstick.protocols.msrp.sessions import Said

pytestmark = [pytest.mark.browser, pytest.mark.sockets, pytest.mark.voice]
LOG = "[role=log][aria-label='What was written']"
EMBEDDED = pytest.mark.parametrize("psap", ["embedded"], indirect=True)  # what a page shows is the same by any engine


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
        self.join(PATIENCE_S)


class Typing(Writer):
    """A caller whose words come sign by sign."""

    def __init__(self, sip):
        super().__init__(sip)
        self.typist, self.turn = Typist(), asyncio.Lock()

    async def call(self):
        """Without a voice."""
        self.caller = await Caller().open(("127.0.0.1", self.sip))
        await self.typist.open()
        self.peer = self.typist  # what is closed in the end
        offer = self.caller.offer().partition("m=audio")[0] + self.typist.media()
        self.typist.answered(await self.caller.call(offer))

    def types(self, text, cps=20):
        """As fast as one who hurries, or slower; one text after another."""
        asyncio.run_coroutine_threadsafe(self._types(text, cps), self.loop)

    async def _types(self, text, cps):
        async with self.turn:
            await self.typist.type(text, cps)


@pytest.fixture
def calling():
    """Begins a caller of a kind; all are gone in the end."""
    begun = []

    def calling(kind, sip):
        begun.append(kind(sip))
        begun[-1].start()
        assert begun[-1].ready.wait(PATIENCE_S)
        return begun[-1]

    yield calling
    for one in begun:
        one.end()


def test_a_text_call_is_read_and_answered_by_key(psap, seat, calling):
    """F2 takes it, Alt+X is the line to answer in, Enter sends; it says delivered, or that it was not and why.

    What was not delivered is said beside the line, and one key takes it up again.
    """
    page = seat("microphone")
    writer = calling(Writer, psap.sip)
    writer.soon(lambda: writer.peer.say("he is in the kitchen"))
    page.wait_for_selector(".row:has-text('+12255550001')")
    page.keyboard.press("F2")
    page.wait_for_selector(f"{LOG} li:has-text('he is in the kitchen')")
    page.wait_for_selector("#answer-line[placeholder='where are you?']")
    page.keyboard.press("Alt+x")
    page.keyboard.type("stay quiet, keep texting")
    page.keyboard.press("Enter")
    page.wait_for_selector(f"{LOG} li:has-text('stay quiet, keep texting') .chip:has-text('delivered')")
    until(lambda: page.input_value("#answer-line") == "")
    until(lambda: Said("stay quiet, keep texting") in writer.peer.told)
    writer.soon(lambda: [task.cancel() for task in writer.peer.tasks])  # nothing is answered any more
    page.keyboard.type("are you there?")
    page.keyboard.press("Enter")
    page.wait_for_selector(f"{LOG} li:has-text('are you there?') .chip:has-text('not acknowledged yet')")
    writer.soon(writer.peer.close)
    page.wait_for_selector(
        f"{LOG} li:has-text('are you there?') .chip:has-text('not delivered: its connection is gone')"
    )
    page.wait_for_selector("[aria-label=Written] [role=alert]:has-text('One answer did not reach the caller')")
    page.keyboard.press("Alt+Shift+R")
    until(lambda: page.input_value("#answer-line") == "are you there?")


@EMBEDDED
def test_who_writes_is_seen_before_they_are_answered(psap, seat, calling, violations):
    """The row that rings says that its caller writes, and what; it is all there to be read, and nothing to be sent."""
    page = seat("microphone")
    page.wait_for_selector(".calls")
    writer = calling(Writer, psap.sip)
    writer.soon(lambda: writer.peer.say("he is in the kitchen"))
    page.wait_for_selector(".row:has-text('+12255550001'):has-text('writes'):has-text('he is in the kitchen')")
    page.wait_for_selector(f"{LOG} li:has-text('he is in the kitchen')")
    assert page.get_by_role("button", name="Write", exact=True).is_disabled()
    assert violations(page) == []


@EMBEDDED
def test_what_is_written_from_right_to_left_is_read_so(psap, seat, calling):
    """Each line has the direction of its own words; a word without an end does not widen the page."""
    page = seat("microphone")
    writer = calling(Writer, psap.sip)
    for number, words in enumerate(("אני בארון", "upstairs", "a" * 400), 1):
        writer.soon(lambda words=words, number=number: writer.peer.say(words, number))
    page.wait_for_selector(f"{LOG} li:nth-child(3)")
    ways = page.locator(f"{LOG} .words").evaluate_all("all => all.map(one => getComputedStyle(one).direction)")
    assert ways == ["rtl", "ltr", "ltr"]
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    assert page.locator(LOG).evaluate("one => one.scrollWidth <= one.clientWidth")


@EMBEDDED
def test_who_types_now_is_seen_and_moves_nobody_who_reads_above(psap, seat, calling):
    """While signs come it says so, and no longer once the line is ended; the newest is one press away."""
    page = seat("microphone")
    writer = calling(Typing, psap.sip)
    page.wait_for_selector(".row:has-text('+12255550001')")
    page.keyboard.press("F2")
    page.wait_for_selector("[aria-label=Written]")
    writer.types("there is smo", cps=5)
    page.wait_for_selector("[aria-label=Written]:has-text('the caller types')")
    writer.types("ke\u2028" + "\u2028".join(f"l{line}" for line in range(30)) + "\u2028")
    page.wait_for_selector(f"{LOG} li:has-text('there is smoke')")
    page.wait_for_selector(f"{LOG} li:has-text('l29')")
    page.wait_for_selector("[aria-label=Written]:not(:has-text('the caller types'))")
    until(lambda: page.locator(LOG).evaluate("one => one.scrollHeight - one.scrollTop - one.clientHeight < 24"))
    page.locator(LOG).focus()
    page.keyboard.press("Home")
    newest = page.get_by_role("button", name="The newest")
    newest.wait_for()
    writer.types("third floor")
    page.wait_for_selector(f"{LOG} li:has-text('third floor')")
    assert page.locator(LOG).evaluate("one => one.scrollTop") == 0
    newest.click()
    until(lambda: page.locator(LOG).evaluate("one => one.scrollHeight - one.scrollTop - one.clientHeight < 24"))
