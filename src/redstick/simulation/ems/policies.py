"""Where a unit that is free goes: home, or where it covers most."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from redstick.dispatch.coverage import Area, best_placement
from redstick.simulation.ems.ground import Ground
from redstick.simulation.ems.setting import Setting

I64 = NDArray[np.int64]
PostFor = Callable[[int, Sequence[int]], int]  # (home of the unit, posts of the other free units) -> post

WORDS = {
    "static": "as deployed: every unit goes back to its own post",
    "even": "spread evenly: the units dealt out over the posts in turn, each going back to its own",
    "mexclp": "best fixed posts: the exact optimum of expected coverage (MEXCLP), every unit going back to its own",
    "dmexclp": "moving: starts from the best fixed posts; a unit that becomes free goes where it adds most (DMEXCLP)",
}


@dataclass(frozen=True)
class Policy:
    """A plan of posts: `homes[u]` is the post of unit u at the start, `post_for` where a unit goes that is free."""

    name: str
    homes: tuple[int, ...]
    post_for: PostFor

    def placed(self, posts: int) -> I64:
        """How many units stand at each post at the start (p,)."""
        found: I64 = np.bincount(np.array(self.homes, np.int64), minlength=posts).astype(np.int64)
        return found


def area_of(ground: Ground, setting: Setting, busy: float) -> Area:
    """Demand by cell and priority, each to be reached within its own target and by its own mode of travel."""
    demand, reach = [], []
    for one in setting.priorities:
        demand.append(setting.calls_an_hour * one.share * ground.share)
        reach.append(ground.post_to_cell_s(one.mode) <= one.target_s - setting.dispatch_s - setting.turnout_s)
    return Area(np.concatenate(demand), np.hstack(reach), busy)


def policy_named(name: str, ground: Ground, area: Area, deployed: I64) -> Policy:
    """One of the policies of `WORDS` for the units of a deployment (p,). Raises KeyError for another name."""
    if name not in WORDS:
        raise KeyError(f"there is no policy {name!r}; there are {', '.join(WORDS)}")
    units = int(deployed.sum())
    if name == "static":
        return Policy(name, _homes(deployed), stays_home)
    if name == "even":
        return Policy(name, _homes(_dealt(units, ground.room)), stays_home)
    best = _homes(best_placement(area, units, ground.room))
    return Policy(name, best, stays_home if name == "mexclp" else covers_most(area, ground.room))


def stays_home(home: int, others: Sequence[int]) -> int:
    """A static plan."""
    del others
    return home


def covers_most(area: Area, room: I64) -> PostFor:
    """DMEXCLP: the post that adds most expected coverage to the other free units, its own home among equals."""
    merged = area.merged()

    def post_for(home: int, others: Sequence[int]) -> int:
        placed = np.bincount(np.array(others, np.int64), minlength=len(room))
        gain = np.where(placed < room, merged.gain(merged.counts(placed.astype(np.int64))), -np.inf)
        best = int(np.argmax(gain))
        return home if gain[home] >= gain[best] - 1e-12 else best

    return post_for


def _homes(placed: I64) -> tuple[int, ...]:
    return tuple(int(post) for post in np.repeat(np.arange(len(placed)), placed))


def _dealt(units: int, room: I64) -> I64:
    placed = np.zeros(len(room), np.int64)
    for _ in range(min(units, int(room.sum()))):
        placed[int(np.argmin(np.where(placed < room, placed, units + 1)))] += 1
    return placed
