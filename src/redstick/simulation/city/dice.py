"""Dice of whole numbers: the same seed gives the same rolls on every machine, since no float is drawn or rounded."""

from bisect import bisect_right
from collections.abc import Sequence
from functools import lru_cache
from math import exp, log
from statistics import NormalDist
from typing import TypeVar

from numpy.random import PCG64, SeedSequence

T = TypeVar("T")
DRAWN = 512  # raw words taken from the generator at once
CELLS = 1024  # of a table of quantiles
MILLION = 1_000_000


class Dice:
    """One stream of rolls. `path` names what it is for, so that one stream never shifts another."""

    def __init__(self, seed: int, *path: str) -> None:
        words = [int.from_bytes(name.encode(), "little") for name in path]
        self._bits = PCG64(SeedSequence([seed, *words]))
        self._ready: list[int] = []

    def raw(self) -> int:
        """64 bits."""
        if not self._ready:
            self._ready = self._bits.random_raw(DRAWN).tolist()
        return self._ready.pop()

    def below(self, limit: int) -> int:
        """A whole number from 0 to `limit`, that excluded."""
        return (self.raw() * limit) >> 64

    def between(self, least: int, most: int) -> int:
        """A whole number from `least` to `most`, both included."""
        return least + self.below(most - least + 1)

    def happens(self, percent: float) -> bool:
        """True in so many of a hundred rolls."""
        return self.below(MILLION) < round(percent * 10_000)

    def pick(self, things: Sequence[T]) -> T:
        """One of them, each as likely."""
        return things[self.below(len(things))]

    def weighted(self, reached: Sequence[int]) -> int:
        """An index, by the running sums of whole weights."""
        return bisect_right(reached, self.below(reached[-1]))

    def about(self, middle: float, spread: float = 0.35) -> int:
        """A whole number around a middle one (its median): lognormal, `spread` its sigma; never far out."""
        table, roll = _lognormal_permille(spread), self.raw()
        cell, within = roll >> 54, (roll >> 34) & 0xFFFFF
        permille = table[cell] + ((table[cell + 1] - table[cell]) * within >> 20)
        return round(middle) * permille // 1000

    def wait_ppm(self) -> int:
        """An exponential wait of mean one, in millionths; its tail is memoryless, so it is exact at any length."""
        waited, table = 0, _exponential_ppm()
        while True:
            roll = self.raw()
            cell, within = roll >> 54, (roll >> 34) & 0xFFFFF
            if cell < CELLS - 1:
                return waited + table[cell] + ((table[cell + 1] - table[cell]) * within >> 20)
            waited += table[CELLS - 1]


@lru_cache(maxsize=64)
def _lognormal_permille(spread: float) -> list[int]:
    """Quantiles at the edges of the cells; the outermost half a cell is cut off."""
    normal = NormalDist()
    shares = [min(max(k / CELLS, 0.5 / CELLS), 1 - 0.5 / CELLS) for k in range(CELLS + 1)]
    return [round(1000 * exp(spread * normal.inv_cdf(share))) for share in shares]


@lru_cache(maxsize=1)
def _exponential_ppm() -> list[int]:
    return [round(-MILLION * log(1 - k / CELLS)) for k in range(CELLS)]
