"""Looking back beside a server: what may be asked at once, and what is not computed any more."""

import asyncio

from redstick.dispatch.lookback.questions import HowWasIt, UnderAnother
from redstick.kernel.values import Rejection
from redstick.server.api.callers import while_here
from redstick.server.lookback import Lookback

WHAT_IF, PAST = UnderAnother(begun=0, ended=1), HowWasIt(views=(), audience="floor")


class Waiting:
    """A process that answers when it is let go."""

    def __init__(self, name):
        self.name, self.asked, self.go = name, 0, asyncio.Event()

    async def ask(self, question):
        """An answer that says nothing."""
        self.asked += 1
        await self.go.wait()
        return b"=" + question[:0]

    def close(self):
        """Nothing to end."""


def looking():
    """Somebody who looks back, and the processes they began."""
    begun = {}

    def begin(name):
        begun[name] = Waiting(name)
        return begun[name]

    return Lookback(begin, lambda: 1, lambda: 1), begun


async def turned():
    """Whatever can go on has gone on."""
    for _ in range(10):
        await asyncio.sleep(0)


def test_who_waits_for_a_what_if_is_turned_away_with_a_second_one():
    """As busy, at once; another person is not, nor is anything else that they ask; behind the answer they may again."""

    async def live():
        lookback, begun = looking()
        first = asyncio.create_task(lookback.ask(WHAT_IF, "sue"))
        await turned()
        assert (await lookback.ask(WHAT_IF, "sue")).code == "busy"
        others = [asyncio.create_task(one) for one in (lookback.ask(WHAT_IF, "sam"), lookback.ask(PAST, "sue"))]
        await turned()
        assert {name: one.asked for name, one in begun.items()} == {"lookback": 0, "what-if": 2, "time-machine": 1}
        for one in begun.values():
            one.go.set()
        assert not any(isinstance(one, Rejection) for one in await asyncio.gather(first, *others))
        assert not isinstance(await lookback.ask(WHAT_IF, "sue"), Rejection)

    asyncio.run(live())


class Leaving:
    """A request whose client goes once it is told to."""

    def __init__(self):
        self.leaves = asyncio.Event()
        self.said = [{"type": "http.request", "body": b""}]

    async def receive(self):
        """Its body, then that it is gone."""
        if self.said:
            return self.said.pop()
        await self.leaves.wait()
        return {"type": "http.disconnect"}


def test_nothing_is_computed_for_a_client_that_is_gone():
    """The question is cancelled, and its asker may ask again; one that stays has its answer."""

    async def live():
        lookback, begun = looking()
        request = Leaving()
        asking = asyncio.create_task(while_here(request, lookback.ask(WHAT_IF, "sue")))
        await turned()
        request.leaves.set()
        assert await asking is None
        begun["what-if"].go.set()
        assert await while_here(Leaving(), lookback.ask(WHAT_IF, "sue")) == b""

    asyncio.run(live())
