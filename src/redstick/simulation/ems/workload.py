"""Calls of one replication: drawn once, before any policy, so that every policy meets the same calls."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from redstick.simulation.ems.setting import HOURS, Setting

F64 = NDArray[np.float64]
I64 = NDArray[np.int64]
B1 = NDArray[np.bool_]
HOUR_S = 3600.0


@dataclass(frozen=True)
class Calls:
    """`n` calls in the order of their moments: when in seconds, in which cell, of which priority, what they take."""

    at_s: F64
    cell: I64
    priority: I64
    on_scene_s: F64
    transported: B1
    handover_s: F64

    def __len__(self) -> int:
        return len(self.at_s)


def draw(setting: Setting, share: F64, seed: int, replication: int) -> Calls:
    """The calls of warm-up and study together; `share` is each cell's part of the demand (n,).

    Every quantity has dice of its own, so that a change of one (how long a scene takes) leaves the others as they were.
    """
    seeds = np.random.SeedSequence((seed, replication)).spawn(6)
    when, where, what, scene, taken, handed = (np.random.default_rng(one) for one in seeds)
    at_s = _moments(setting, when)
    n = len(at_s)
    return Calls(
        at_s=at_s,
        cell=_which(share, where, n),
        priority=_which(np.array([one.share for one in setting.priorities]), what, n),
        on_scene_s=scene.exponential(setting.on_scene_s, n),
        transported=taken.random(n) < setting.transported,
        handover_s=handed.weibull(setting.handover_shape, n) * setting.handover_scale_s,
    )


def _moments(setting: Setting, dice: np.random.Generator) -> F64:
    """A Poisson process whose rate follows the hour: unit-rate arrivals, mapped back through the expected count."""
    hours = int(np.ceil((setting.warm_up_days + setting.days) * HOURS))
    rate = setting.calls_an_hour * np.array([setting.by_hour[hour % HOURS] for hour in range(hours)])
    expected = np.concatenate([[0.0], np.cumsum(rate)])
    count = dice.poisson(expected[-1])
    arrivals = np.sort(dice.random(count)) * expected[-1]  # given their number, arrivals lie evenly
    at_s: F64 = np.interp(arrivals, expected, np.arange(hours + 1) * HOUR_S)
    return at_s[at_s < (setting.warm_up_days + setting.days) * HOURS * HOUR_S]


def _which(share: F64, dice: np.random.Generator, n: int) -> I64:
    bounds = np.cumsum(share) / np.sum(share)
    found: I64 = np.minimum(np.searchsorted(bounds, dice.random(n), side="right"), len(share) - 1).astype(np.int64)
    return found
