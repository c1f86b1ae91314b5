"""What a world runs: domains with their guard, what seats may see of them, and how fast its nodes live.

The proving ground and the living city are two households of the same machines.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import cached_property

from redstick.kernel.domain import Domain
from redstick.kernel.executor import Executor, Guard, Limits
from redstick.kernel.house import House
from redstick.kernel.node import Pace
from redstick.server.audiences import View
from redstick.simulation.world.journals import Segments

EPOCH_MS = 1_700_000_000_000  # the wall clock at the beginning of every world


@dataclass(frozen=True)
class Rhythm:
    """How often a process looks at its clock, how long it hears of no leader before it claims, in milliseconds.

    `stagger_ms` parts the patience of the nodes, so that they do not claim at once. A snapshot is kept once in
    `snapshot_each` changes. A `lazy` process renders rows for nobody until a seat looks, and then when it looks.
    """

    tick_ms: int = 25
    patience_ms: int = 700
    stagger_ms: int = 100
    snapshot_each: int = 30
    lazy: bool = False


@dataclass(frozen=True)
class Household:
    """Domains that share a journal; `view` is what seats of each of the `audiences` look at."""

    domains: Sequence[Domain]
    guard: Guard
    view: View
    audiences: Sequence[str]
    limits: Limits = field(default_factory=lambda: Limits(lane=40, batch=16))
    pace: Pace = field(default_factory=lambda: Pace(lease=1_500, renew=400, margin=150, poll=60, answer=600))
    rhythm: Rhythm = field(default_factory=Rhythm)
    segments: Segments = field(default_factory=Segments)

    @cached_property
    def house(self) -> House:
        """The look-ups that all executors of the household share."""
        return House(self.domains)

    def executor(self) -> Executor:
        """An executor that knows nothing yet."""
        return Executor(self.house, self.limits, self.guard)
