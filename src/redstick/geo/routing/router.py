"""Road times between places on the network: what the rest of the house asks, whatever engine answers."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from redstick.geo.routing.positions import EdgePosition, Point

I8 = NDArray[np.int8]
I64 = NDArray[np.int64]

# Why a drive is or is not possible.
REACHED, CLOSURE, DISCONNECTED = 0, 1, 2
REASONS = ("reached", "closure", "disconnected")
UNREACHED_MS = -1


class SnapshotChanged(Exception):  # noqa: N818  (named for what is the matter)
    """The roads are no longer those of the snapshot that was asked for."""


@dataclass(frozen=True)
class Times:
    """Drives between one place and `k` others under one snapshot of the roads.

    `ms[i]` is `UNREACHED_MS` where `reason[i]` is not `REACHED`: `CLOSURE` where only closed arcs lead, `DISCONNECTED`
    where none does.
    """

    ms: I64  # (k,)
    reason: I8  # (k,) index into REASONS
    snapshot_id: str

    def order(self) -> I64:
        """Indexes of the reached ones, quickest first, ties by index; the unreached are no part of a ranking."""
        reached = np.flatnonzero(self.reason == REACHED)
        return reached[np.argsort(self.ms[reached], kind="stable")]


@dataclass(frozen=True)
class Step:
    """One segment of a route, or the part of it that is driven: `ms` and `length_m` are of that part."""

    segment: int
    forward: bool
    ms: int
    length_m: float


@dataclass(frozen=True)
class Route:
    """A quickest drive. Without one, `ms` is `UNREACHED_MS`, `reason` says why, and the rest is empty."""

    ms: int
    reason: int
    steps: tuple[Step, ...]
    geometry: tuple[Point, ...]
    snapshot_id: str

    @property
    def length_m(self) -> float:
        """How far is driven."""
        return sum(step.length_m for step in self.steps)


class Router(Protocol):
    """Exact shortest road times, partial segments at both ends included, under closures. Safe to share by threads.

    Not covered: turn restrictions, signals. An end on a closed arc may not use that arc. Where `snapshot` is given and
    is not the present one, `SnapshotChanged` is raised: an answer never mixes two states of the roads.
    """

    @property
    def snapshot_id(self) -> str:
        """Names the present weights and closures: the same for the same roads on every machine."""

    def snap(self, point: Point, heading_deg: float | None = None) -> EdgePosition:
        """See Snapper.snap."""

    def times_to(self, target: EdgePosition, sources: Sequence[EdgePosition], snapshot: str | None = None) -> Times:
        """How long each of the sources takes to the target."""

    def times_from(self, source: EdgePosition, targets: Sequence[EdgePosition], snapshot: str | None = None) -> Times:
        """How long the source takes to each of the targets."""

    def path(self, source: EdgePosition, target: EdgePosition, snapshot: str | None = None) -> Route:
        """The drive itself; its time is that of `times_to`."""

    def close(self, arcs: Iterable[int]) -> str:
        """Close arcs; closing a closed one changes nothing. Gives the new snapshot."""

    def reopen(self, arcs: Iterable[int]) -> str:
        """Open closed arcs again at their weights; the snapshot before they were closed is the present one again."""

    def reweigh(self, weights_ms: NDArray[np.integer]) -> str:
        """Set the weight of every arc, 1 ms to a day; what is closed stays closed. Gives the new snapshot."""
