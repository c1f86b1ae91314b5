"""Tracks of units that drive about a city, and the faults that devices put into them. Seeded; no clock."""

import math

import numpy as np
from numpy.random import Generator

from redstick.dispatch.avl.quality import Fix
from redstick.dispatch.place import Extent

Track = list[Fix]

NOON = 1_700_000_000_000
INTERVAL_MS = 10_000
WEST, SOUTH = -912_000_000, 304_000_000
SIZE = 6_000_000  # about 60 km: no drive of the tests leaves it
CITY = Extent((WEST, SOUTH, WEST + SIZE, SOUTH + SIZE))
M = 90  # 1e-7 degrees in a metre, of latitude


def healthy(dice: Generator, reports: int, *, begun: int = NOON, moving: bool = True) -> Track:
    """A unit that drives at 20 to 70 km/h and turns now and then, or stands; its receiver trembles by some metres."""
    x, y = (int(corner + SIZE * dice.uniform(0.4, 0.6)) for corner in (WEST, SOUTH))
    heading: float = dice.uniform(0, 2 * math.pi)
    fixes: Track = []
    for number in range(reports):
        if moving:
            step_m = dice.uniform(20, 70) / 3.6 * INTERVAL_MS / 1000
            heading += dice.normal(0, 0.4)
            x, y = x + int(step_m * math.cos(heading) * M), y + int(step_m * math.sin(heading) * M)
        at = begun + number * INTERVAL_MS
        noise = dice.normal(0, 3 * M, 2).astype(int)
        fixes.append(Fix(x + int(noise[0]), y + int(noise[1]), at, at + int(dice.integers(0, 3000))))
    return fixes


def frozen(dice: Generator, fixes: Track) -> Track:
    """The receiver repeats its last point for ever."""
    keep = len(fixes) - int(dice.integers(8, 13))
    stuck = fixes[keep - 1]
    return [*fixes[:keep], *(Fix(stuck.x, stuck.y, fix.at, fix.received_at) for fix in fixes[keep:])]


def jumped(dice: Generator, fixes: Track) -> Track:
    """The last report is some kilometres off, towards the middle of the city."""
    far, last = int(dice.integers(2_000, 8_000)) * M, fixes[-1]
    side = 1 if last.x < WEST + SIZE / 2 else -1
    return [*fixes[:-1], Fix(last.x + side * far, last.y, last.at, last.received_at)]


def skewed(dice: Generator, fixes: Track) -> Track:
    """Its clock is minutes or hours ahead or behind."""
    off_ms = int(dice.integers(300_000, 7_200_000)) * (1 if dice.uniform() < 0.5 else -1)
    return [Fix(fix.x, fix.y, fix.at + off_ms, fix.received_at) for fix in fixes]


def misplaced(dice: Generator, fixes: Track) -> Track:
    """The last report lies at null island, beyond the city, or with its coordinates swapped."""
    last = fixes[-1]
    x, y = [(0, 0), (WEST - SIZE, last.y), (last.y, last.x)][int(dice.integers(0, 3))]
    return [*fixes[:-1], Fix(x, y, last.at, last.received_at)]


def silent(dice: Generator, fixes: Track) -> Track:
    """Nothing came for more than ten intervals."""
    return fixes[: len(fixes) - int(dice.integers(12, 20))]


def swapped(dice: Generator, one: Track, other: Track) -> tuple[Track, Track]:
    """From some report on each carries the other's track."""
    since = len(one) - int(dice.integers(1, 6))
    return [*one[:since], *other[since:]], [*other[:since], *one[since:]]


def dice_of(seed: int) -> Generator:
    """The dice of a seed."""
    return np.random.default_rng(seed)
