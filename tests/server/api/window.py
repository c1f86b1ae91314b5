"""A window with a softphone for the tests: its stream, what it asks, and its voice by another end of WebRTC."""

import asyncio
import json
from contextlib import asynccontextmanager
from urllib.parse import urlencode

from aiortc import RTCSessionDescription
from tests.adapters.voice.caller import PATIENCE_S
from tests.adapters.voice.test_browser import Headset
from tests.server.api.test_phones import Caller
from websockets.asyncio.client import connect
from websockets.exceptions import ConnectionClosed

SOFTPHONE = "web-2101"


def has_softphone(server, ada):
    """Dan, who has the extension 2101 at the hall, and says that its softphone is there."""
    dan = Caller(server, "dan")
    dan.me = dan.http.get("/api/session", headers=dan.headers).json()["person"]
    ada.do("enroll-user", user={"id": "dan", "name": "Dan Dee", "person": dan.me})
    what = {"type": "extension", "name": "Desk 2101", "user": "dan", "site": "hall", "ring_s": 2 * PATIENCE_S}
    ada.do("assign-number", number="2101", what=what)
    dan.do("place-my-softphone", person=dan.me, number="2101")
    return dan


class Window:
    """The softphone of `number`, on in a window of `person` (a `Caller`). `told` is what the stream said last."""

    def __init__(self, server, person, number, name="w1"):
        self.server, self.person, self.number, self.name = server, person, number, name
        self.told, self.code, self.headsets = None, None, {}

    @asynccontextmanager
    async def on(self, *, lasting=False):
        """As long as it is on; `lasting` where its voices stay when the stream goes, as when a network fails."""
        query = urlencode({"number": self.number, "window": self.name})
        url = f"{self.server.url.replace('http', 'ws')}/api/phones/softphone/stream?{query}"
        async with connect(url, additional_headers=self.person.headers) as self.socket:
            hearing = asyncio.create_task(self.hear())
            try:
                await self.until(lambda: self.told is not None)
                yield self
            finally:
                hearing.cancel()
                await asyncio.gather(hearing, return_exceptions=True)
        if not lasting:
            await self.quiet()

    async def quiet(self):
        """No voice of it is left."""
        for headset in self.headsets.values():
            await headset.connection.close()

    async def off(self):
        """Switched off by its person."""
        await self.socket.send("off")
        await self.until(lambda: self.code is not None)

    async def hear(self):
        """What it is told, until it is closed."""
        try:
            async for said in self.socket:
                self.told = json.loads(said)
        except ConnectionClosed:
            pass
        self.code = self.socket.close_code

    async def until(self, true):
        """Once something is so."""
        async with asyncio.timeout(PATIENCE_S):
            while not (found := true()):  # noqa: ASYNC110  (what is heard sets no event)
                await asyncio.sleep(0.02)
        return found

    @property
    def lines(self):
        """As it is told."""
        return self.told["lines"]

    async def line(self, state, number=None):
        """The line that is in a state, once there is one."""
        return await self.until(
            lambda: next((one for one in self.lines if one["state"] == state and number in (None, one["number"])), None)
        )

    async def over(self):
        """How the last line ended, once none is left."""
        return await self.until(lambda: not self.lines and self.told["over"])

    async def ask(self, path, status=200, /, **fields):
        """One of its acts."""

        def asked():
            return self.person.http.post(
                f"/api/phones/softphone/{path}", json={"window": self.name, **fields}, headers=self.person.headers
            )

        answer = await asyncio.to_thread(asked)
        assert answer.status_code == status, answer.text
        return answer.json()

    async def dial(self, number):
        """Call; the leg."""
        headset = Headset()
        told = await self.ask("dial", number=number, offer=await headset.offer())
        return await self._wear(headset, told)

    async def answer(self, leg):
        """Take a line that rings, or bring its voice again."""
        headset = Headset()
        return await self._wear(headset, await self.ask("speak", leg=leg, offer=await headset.offer()))

    async def _wear(self, headset, told):
        await headset.connection.setRemoteDescription(RTCSessionDescription(told["answer"], "answer"))
        self.headsets[told["leg"]] = headset
        return told["leg"]

    async def do(self, leg, what, with_="", status=200):
        """Hold, press, hand on, hang up."""
        return await self.ask("do", status, leg=leg, what=what, **{"with": with_})

    async def hears(self, leg, least=2_000):
        """Once somebody is heard on a line, from now on."""
        headset = self.headsets[leg]
        headset.loudest = 0
        await self.until(lambda: headset.loudest > least)
