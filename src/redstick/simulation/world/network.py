"""The network: messages are late, lost, doubled and overtaken; names are cut off from each other or slow."""

from collections.abc import Callable
from random import Random

from redstick.simulation.timeline import Timeline

MIN_MS, MAX_MS = 1, 12


class Network:
    """Delivers messages between names by calling what they are to do there."""

    def __init__(self, timeline: Timeline, random: Random) -> None:
        self._timeline, self._random = timeline, random
        self.cut: dict[str, int] = {}  # names that nothing reaches and nothing leaves, until when
        self.slow: dict[str, tuple[int, int]] = {}  # names that take so much longer, until when
        self.loss: tuple[int, int] = (0, 0)  # of a hundred messages, until when
        self.twice: tuple[int, int] = (0, 0)

    def send(self, source: str, target: str, deliver: Callable[[], None]) -> None:
        """Send a message; it arrives once, twice or never, in any order."""
        if self._is_cut(source) or self._is_cut(target) or self._happens(self.loss):
            return
        for _ in range(2 if self._happens(self.twice) else 1):
            delay = self._random.randrange(MIN_MS, MAX_MS) + self._extra(source) + self._extra(target)
            self._timeline.at(self._timeline.now + delay, lambda: self._arrive(target, deliver))

    def _arrive(self, target: str, deliver: Callable[[], None]) -> None:
        if not self._is_cut(target):
            deliver()

    def _is_cut(self, name: str) -> bool:
        return self.cut.get(name, 0) > self._timeline.now

    def _extra(self, name: str) -> int:
        extra, until = self.slow.get(name, (0, 0))
        return self._random.randrange(extra + 1) if until > self._timeline.now else 0

    def _happens(self, chance: tuple[int, int]) -> bool:
        percent, until = chance
        return until > self._timeline.now and self._random.randrange(100) < percent
