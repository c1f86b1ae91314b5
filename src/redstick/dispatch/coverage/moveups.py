"""Which idle unit is worth moving where, and what it costs to leave things as they are. DMEXCLP over all idle units.

Each move is the one that leaves the fewest calls late; then the next, from where that would leave things. A move is
suggested only when it is worth a drive, and stays suggested until it is clearly not: between the two margins nothing
changes, so that a call here and there does not make suggestions come and go.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from redstick.dispatch.coverage.area import Area, Covered

F64 = NDArray[np.float64]
B1 = NDArray[np.bool_]


@dataclass(frozen=True)
class Idle:
    """An idle unit: what it reaches from where it is (n,), and its drive to each post in seconds (p,).

    `post` is the index of the post that it stands at, None where it stands at none. A drive that cannot be made is not
    finite.
    """

    unit: str
    reaches: B1
    drive_s: F64
    post: int | None = None


@dataclass(frozen=True)
class Margins:
    """When a move is worth a drive: late calls an hour that it must save, less to stay suggested than to come up.

    `longest_s` is the longest drive; `most` how many moves are suggested at once.
    """

    begins: float = 0.05
    stays: float = 0.03
    longest_s: float = 900.0
    most: int = 3

    def __post_init__(self) -> None:
        """Refuse margins under which suggestions would flap."""
        if not 0 < self.stays <= self.begins:
            raise ValueError("a suggestion must need less to stay than to begin, and both something")


@dataclass(frozen=True)
class Move:
    """A unit to a post, and what it is worth: coverage `before` and `after` it."""

    unit: str
    post: int
    travel_s: float
    before: Covered
    after: Covered

    @property
    def saves(self) -> float:
        """Late calls an hour that not moving costs."""
        return self.before.late - self.after.late


def suggest(
    area: Area, idle: Sequence[Idle], margins: Margins | None = None, standing: Mapping[str, int] | None = None
) -> list[Move]:
    """The moves that are worth it, the one that saves most first; ties by drive, then unit, then post.

    `standing` are suggestions that stand: unit to post. They are kept while they save `margins.stays`.
    """
    margins, standing = margins or Margins(), dict(standing or {})
    waiting = sorted(idle, key=lambda one: one.unit)
    counts = np.zeros(len(area.demand), np.int64)
    for one in waiting:
        counts = counts + one.reaches
    moves: list[Move] = []
    while waiting and len(moves) < margins.most:
        move = _best(area, waiting, counts, margins, standing)
        if move is None:
            break
        moves.append(move)
        moved = next(one for one in waiting if one.unit == move.unit)
        waiting.remove(moved)
        counts = counts - moved.reaches + area.reach[move.post]
    return moves


def _best(
    area: Area, idle: Sequence[Idle], counts: NDArray[np.int64], margins: Margins, standing: Mapping[str, int]
) -> Move | None:
    """The move that saves most, standing ones before new ones."""
    before = area.covered(counts)
    found: list[tuple[tuple[bool, float, float, str, int], Move]] = []
    for one in idle:
        without = counts - one.reaches
        saves = area.covered(without).late - before.late  # what it is worth where it is
        gains = area.gain(without) - saves
        for post in np.flatnonzero(np.isfinite(one.drive_s) & (one.drive_s <= margins.longest_s)):
            kept = standing.get(one.unit) == post
            if post == one.post or gains[post] < (margins.stays if kept else margins.begins):
                continue
            after = area.covered(without + area.reach[post])
            move = Move(one.unit, int(post), float(one.drive_s[post]), before, after)
            found.append(((not kept, -move.saves, move.travel_s, one.unit, int(post)), move))
    return min(found, key=lambda ranked: ranked[0])[1] if found else None
