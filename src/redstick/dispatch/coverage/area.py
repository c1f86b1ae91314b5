"""What is expected where, and who reaches it in time."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

F64 = NDArray[np.float64]
B1 = NDArray[np.bool_]
I64 = NDArray[np.int64]


@dataclass(frozen=True)
class Covered:
    """Calls an hour that are expected to be reached in time, and those that are not."""

    in_time: float
    late: float

    @property
    def share(self) -> float:
        """Of all calls; 1 where none are expected."""
        every = self.in_time + self.late
        return self.in_time / every if every else 1.0


@dataclass(frozen=True)
class Area:
    """Demand in `n` cells and who reaches them from `p` posts.

    `demand` is calls an hour of each cell (n,); `reach` says which post reaches which cell within the standard (p, n).
    `busy` is the probability that a unit is at work when it is needed, the same for all and independent (the assumption
    of Daskin's MEXCLP, 1983): of `k` units that reach a cell one is free with probability 1 - busy^k.
    """

    demand: F64
    reach: B1
    busy: float

    def __post_init__(self) -> None:
        """Refuse what cannot be: shapes that disagree, demand below 0, a busy fraction outside 0 to 1."""
        if self.reach.ndim != 2 or self.demand.shape != (self.reach.shape[1],):
            raise ValueError(f"demand {self.demand.shape} and reach {self.reach.shape} disagree")
        if not np.isfinite(self.demand).all() or (self.demand < 0).any() or not 0 <= self.busy <= 1:
            raise ValueError("demand and busy fraction must be numbers, not below 0, and the fraction not above 1")

    @classmethod
    def within(cls, demand: F64, travel_s: F64, standard_s: float, busy: float) -> "Area":
        """From road times (p, n) in seconds, NaN or infinite where no road leads."""
        return cls(np.asarray(demand, np.float64), np.nan_to_num(travel_s, nan=np.inf) <= standard_s, busy)

    def counts(self, placed: I64) -> I64:
        """How many units reach each cell (n,), when `placed[i]` stand at post i (p,)."""
        found: I64 = placed @ self.reach.astype(np.int64)
        return found

    def covered(self, counts: I64) -> Covered:
        """Expected coverage when `counts` units reach each cell (n,)."""
        late = float(self.demand @ np.power(self.busy, counts))
        return Covered(float(self.demand.sum()) - late, late)

    def gain(self, counts: I64) -> F64:
        """What one more unit at each post would add, in calls an hour (p,): the marginal coverage of DMEXCLP.

        Jagtenberg, Bhulai and van der Mei, 2015: a unit goes where the sum of demand x (1 - q) x q^k is greatest.
        """
        found: F64 = self.reach @ (self.demand * (1 - self.busy) * np.power(self.busy, counts))
        return found

    def merged(self) -> "Area":
        """The same with cells that the same posts reach made one, and those that none reaches left out.

        What nobody reaches is late wherever units stand, so placements compare the same.
        """
        columns, which = np.unique(self.reach, axis=1, return_inverse=True)
        demand: F64 = np.bincount(which.ravel(), self.demand, columns.shape[1]).astype(np.float64)
        kept = columns.any(axis=0)
        return Area(demand[kept], columns[:, kept], self.busy)
