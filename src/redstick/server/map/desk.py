"""Tiles of the city's own map. They are cut in another process, which alone knows shapes; here they are only kept.

A tile never changes while the city does not: its ETag is made of the city's digest, and seats keep it for good.
"""

import asyncio
from collections import OrderedDict

import msgspec

from redstick.kernel.values import Rejection
from redstick.server.computing import STARTING, ComputingProcess, NotComputed

LOOK_S, LOOKS = 0.02, 200
KEPT_BYTES = 64 << 20  # a parish as far as zoom 14 is 1 MB, all of it 5


class MapStation(msgspec.Struct, frozen=True):
    """Where units are quartered (1e-7 degrees)."""

    id: str
    name: str
    x: int
    y: int


class MapFacts(msgspec.Struct, frozen=True):
    """What a map of the city must know before its first tile: bounds in degrees (west, south, east, north)."""

    name: str
    digest: str
    version: int
    time_zone: str
    bounds: tuple[float, float, float, float]
    attribution: list[str]
    min_zoom: int
    max_zoom: int
    zone_layers: list[str] = []
    stations: list[MapStation] = []

    def holds(self, zoom: int, x: int, y: int) -> bool:
        """Whether there is such a tile."""
        return self.min_zoom <= zoom <= self.max_zoom and 0 <= x < 2**zoom and 0 <= y < 2**zoom

    @property
    def stamp(self) -> str:
        """Of which tiles: another city or another drawing has another."""
        return f"{self.digest[:16]}-{self.version}"


NOWHERE = MapFacts("", "", 0, "", (0.0, 0.0, 0.0, 0.0), [], 0, 0)  # before the process has said of which city


class MapDesk:
    """Gives tiles. `process` cuts one for a question `z/x/y`, and says `MapFacts` as its HELLO (msgpack)."""

    def __init__(self, process: ComputingProcess) -> None:
        self._process = process
        self._hello, self._facts = b"", NOWHERE
        self._kept: OrderedDict[tuple[int, int, int], bytes] = OrderedDict()
        self._bytes = 0
        self._cutting: dict[tuple[int, int, int], asyncio.Task[bytes]] = {}

    def close(self) -> None:
        """Have the process end."""
        self._process.close()

    async def facts(self) -> MapFacts | Rejection:
        """Of which city; waits a little while the process comes up. Rejections: `computing_unavailable`, with why."""
        for _ in range(LOOKS):
            if self._process.hello or self._process.standing.why != STARTING:
                break
            await asyncio.sleep(LOOK_S)
        if not self._process.hello:
            return Rejection("computing_unavailable", {"why": self._process.standing.why})
        if self._process.hello != self._hello:  # another city under a process that was started again
            self._hello = self._process.hello
            self._facts = msgspec.msgpack.decode(self._hello, type=MapFacts)
            self._kept.clear()
            self._bytes = 0
        return self._facts

    async def tile(self, zoom: int, x: int, y: int) -> bytes | Rejection:
        """A Mapbox Vector Tile in gzip. Rejections: `tile_unknown`, `computing_unavailable`."""
        facts = await self.facts()
        if isinstance(facts, Rejection):
            return facts
        if not facts.holds(zoom, x, y):
            return Rejection("tile_unknown", {"zooms": [facts.min_zoom, facts.max_zoom]})
        key = (zoom, x, y)
        found = self._kept.get(key)
        if found is not None:
            self._kept.move_to_end(key)
            return found
        task = self._cutting.get(key)
        if task is None:  # whoever else asks for it meanwhile waits for the same
            task = self._cutting[key] = asyncio.create_task(self._process.ask(f"{zoom}/{x}/{y}".encode()))
            task.add_done_callback(lambda done: self._cut(key, done))
        try:
            return await asyncio.shield(task)
        except NotComputed as error:
            return Rejection("computing_unavailable", {"why": error.why})

    def _cut(self, key: tuple[int, int, int], done: "asyncio.Task[bytes]") -> None:
        self._cutting.pop(key, None)
        if done.cancelled() or done.exception() is not None:
            return
        self._kept[key] = done.result()
        self._bytes += len(done.result())
        while self._bytes > KEPT_BYTES:
            _, dropped = self._kept.popitem(last=False)
            self._bytes -= len(dropped)
