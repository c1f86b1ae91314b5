"""What a world runs: domains with their guard, what seats may see of them, and how fast its nodes live.

The proving ground and the living city are two households of the same machines.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field

from redstick.kernel.domain import Domain
from redstick.kernel.executor import Executor, Guard, Limits
from redstick.kernel.node import Pace
from redstick.server.audiences import View

EPOCH_MS = 1_700_000_000_000  # the wall clock at the beginning of every world


@dataclass(frozen=True)
class Rhythm:
    """How often a process looks at its clock, how long it hears of no leader before it claims, in milliseconds.

    `stagger_ms` parts the patience of the nodes, so that they do not claim at once. A snapshot is kept once in
    `snapshot_each` changes.
    """

    tick_ms: int = 25
    patience_ms: int = 700
    stagger_ms: int = 100
    snapshot_each: int = 30


@dataclass(frozen=True)
class Household:
    """Domains that share a journal; `view` is what seats of each of the `audiences` look at.

    `segment_bytes` is small where segments are to roll and to be sealed within a run.
    """

    domains: Sequence[Domain]
    guard: Guard
    view: View
    audiences: Sequence[str]
    limits: Limits = field(default_factory=lambda: Limits(lane=40, batch=16))
    pace: Pace = field(default_factory=lambda: Pace(lease=1_500, renew=400, margin=150, poll=60, answer=600))
    rhythm: Rhythm = field(default_factory=Rhythm)
    segment_bytes: int = 24_000
    allocate_bytes: int = 4_000

    def executor(self) -> Executor:
        """An executor that knows nothing yet."""
        return Executor(self.domains, self.limits, self.guard)
