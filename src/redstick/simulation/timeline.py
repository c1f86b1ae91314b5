"""Virtual time: acts in the order of their moments, those of one moment in the order of their planning."""

import heapq
from collections.abc import Callable

from redstick.kernel.values import Instant

Act = Callable[[], None]


class Timeline:
    """A heap of planned acts and the virtual moment that they have reached; `acts` were done. No real clock is read."""

    def __init__(self, start: Instant) -> None:
        self.now = start
        self._planned: list[tuple[Instant, int, Act]] = []
        self._count = self.acts = 0

    def at(self, moment: Instant, act: Act) -> None:
        """Plan an act; a moment that has passed means now."""
        heapq.heappush(self._planned, (max(moment, self.now), self._count, act))
        self._count += 1

    def after(self, seconds: float, act: Act) -> None:
        """Plan an act some seconds from now, to the millisecond."""
        self.at(self.now + round(seconds * 1000), act)

    def next(self) -> Instant | None:
        """The moment of the next act; None when nothing is planned."""
        return self._planned[0][0] if self._planned else None

    def run_until(self, moment: Instant) -> int:
        """Do everything that is planned up to `moment`, that moment included; gives how many acts were done."""
        done = 0
        while self._planned and self._planned[0][0] <= moment:
            self.now, _, act = heapq.heappop(self._planned)
            act()
            done += 1
        self.acts += done
        self.reach(moment)
        return done

    def reach(self, moment: Instant) -> None:
        """Let time pass without doing anything; what was planned before `moment` is late then."""
        self.now = max(self.now, moment)
