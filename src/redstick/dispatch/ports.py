"""What dispatch needs from the world."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

from redstick.dispatch.alerting.paths import PathKind, Step
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


@dataclass(frozen=True, slots=True)
class Outgoing:
    """One alert on its way out. `key` is the idempotency key: the provider delivers one key once."""

    key: str
    incident: str
    alert: str
    kind: PathKind
    address: str
    text: str


@dataclass(frozen=True, slots=True)
class Handed:
    """What a provider answered to a hand-over, in its own words. Sent, unless it proves more; failed: it never will."""

    step: Step
    evidence: str


class AlertPath(Protocol):
    """One way to tell somebody something. One contract suite holds for all (tests/contracts/test_alert_path.py)."""

    async def hand_over(self, message: Outgoing) -> Handed:
        """Give a message to the provider; the same key again is harmless.

        Raises Unavailable when nobody can say whether it arrived: ask again. A refusal is `failed`, not an exception.
        """


@dataclass(frozen=True, slots=True)
class TriageStep:
    """What stands next in an interview: a question, instructions to say, or a determinant, at most 8 characters."""

    node: str
    ask: str = ""
    answers: tuple[str, ...] = ()
    say: tuple[str, ...] = ()
    determinant: str = ""
    says: str = ""


class TriageProtocol(Protocol):
    """A set of questions with a determinant at the end; our own trees fill it, and licensed sets plug in here.

    None is bundled, and none may be used before a medical director has signed the version whose digest it gives.
    """

    protocol: str
    version: str
    digest: str

    def step(self, answers: Sequence[tuple[str, str]]) -> TriageStep:
        """What comes after these answers, each a node and what was said."""

    def cpr(self) -> TriageStep | None:
        """The telephone-CPR instructions; None where the set has none."""
