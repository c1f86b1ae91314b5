"""Cyclic garbage, collected in slices that hold nobody up.

The interpreter's own full collection looks at every object of a city and holds everything for half a second. Here it is
off. Young objects are looked at every few milliseconds, those that outlive it a while later, and what is then still
alive joins the frozen, at which no collection looks again. The price: a cycle that dies after it was frozen is never
found. The states of the domains have no cycles, and what has (a connection that is torn) dies young or is undone by its
library; `connection_left` in `redstick bench core` measures what is left.
"""

import asyncio
import gc
import sys

SLICE_S = 0.005
YOUNG = 1_000  # objects that were made since the last look, before another is worth it
OLDER_EVERY = 100  # slices
FREEZE_EVERY = 20  # looks at the older ones
MOST = 20_000  # objects that one look may come upon: about 2 ms
SWITCH_S = 0.000_02  # a thread that has synced a write waits no longer than this for the interpreter (5 ms by default)


class SlicedCollection:
    """Collects while it runs; `begin` and `end` change how the whole process collects."""

    def __init__(self) -> None:
        self._slices = self._looks = self._older = 0
        self._switch_s = sys.getswitchinterval()

    def begin(self) -> None:
        """What is there now stays; no collection starts by itself from here on."""
        gc.collect()
        gc.freeze()
        gc.disable()
        sys.setswitchinterval(SWITCH_S)

    def end(self) -> None:
        """As the interpreter does it by itself."""
        sys.setswitchinterval(self._switch_s)
        gc.unfreeze()
        gc.enable()

    async def run(self) -> None:
        """Collect, a slice at a time, until cancelled."""
        while True:
            await asyncio.sleep(SLICE_S)
            self.slice()

    def slice(self) -> None:
        """One look, at the young, and now and then at the older ones."""
        made = gc.get_count()[0]
        if made >= YOUNG:
            gc.collect(0)
            self._older += made
        self._slices += 1
        if self._older >= MOST:
            self._freeze()
        elif self._slices % OLDER_EVERY == 0:
            self._look()

    def _look(self) -> None:
        gc.collect(1)
        self._looks += 1
        if self._looks % FREEZE_EVERY == 0:
            gc.collect(2)
            self._freeze()

    def _freeze(self) -> None:
        gc.freeze()
        self._older = 0
