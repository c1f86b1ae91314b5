"""What can be tried by seeds: the kernel on its proving ground, and the living city."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, Protocol

from redstick.kernel.envelope import Head
from redstick.simulation.world import plan, world
from redstick.simulation.world.chain import Problem
from redstick.simulation.world.city import plan as city_plan
from redstick.simulation.world.city import run as city_run
from redstick.simulation.world.plan import Fault

KERNEL, CITY = "kernel", "city"


class AnyPlan(Protocol):
    """A run as it was drawn from its seed."""

    @property
    def seed(self) -> int:
        """The seed."""

    @property
    def nodes(self) -> int:
        """One node, or three."""

    @property
    def faults(self) -> Sequence[Fault]:
        """What befalls it."""

    def only(self, kept: Sequence[int]) -> Any:
        """The same run with some of its faults, by index."""


class AnyResult(Protocol):
    """What a run came to."""

    head: Head
    lines: int
    virtual_ms: int
    problems: list[Problem]


@dataclass(frozen=True)
class Trial:
    """How a seed becomes a run, how the run is lived through and checked, and what to type to see it again."""

    plan_of: Callable[[int], AnyPlan]
    run: Callable[[Any], AnyResult]
    command: str


TRIALS = {
    KERNEL: Trial(plan.plan_of, world.run, "redstick simulate"),
    CITY: Trial(city_plan.plan_of, city_run.run, "redstick simulate --city"),
}
