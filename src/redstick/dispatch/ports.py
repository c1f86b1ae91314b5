"""What dispatch needs from the world."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

from redstick.kernel.values import Instant

Point = tuple[int, int]  # longitude, latitude in 1e-7 degrees


@dataclass(frozen=True, slots=True)
class Errand:
    """What is known of a drive when a unit is sent: who drives, how urgently, to what, when."""

    unit_kind: str
    priority: int
    call_group: str
    sent_at: Instant


class TravelTimes(Protocol):
    """How long units take from where they are to where they are needed, as distributions."""

    def medians_s(self, origins: Sequence[Point], target: Point, errand: Errand) -> list[float | None]:
        """The middle travel time from each origin; None where no road leads."""

    def level_of(self, origin: Point, target: Point, errand: Errand, travel_s: float) -> float:
        """Where a real time stands in the predicted distribution, 0 to 1: how lucky that drive was."""

    def at_level_s(self, origin: Point, target: Point, errand: Errand, level: float) -> float | None:
        """The travel time of an equally lucky drive from another origin; None where no road leads."""
