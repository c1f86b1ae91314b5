"""What the interface needs of a demo: its clock, its seats, its scenarios. A real city has none of these."""

from collections.abc import Awaitable
from typing import Protocol

import msgspec

from redstick.kernel.values import Instant, Rejection
from redstick.server.accounts.signing_in import SignedIn


class Jump(msgspec.Struct, frozen=True):
    """The city is lived through as fast as it can be: from when, to when; it has come as far as the clock says."""

    begin: Instant
    end: Instant


class Pace(msgspec.Struct, frozen=True):
    """How the city's clock runs: city seconds per second, whether it stands, its time, and a jump under way."""

    speed: int
    paused: bool
    now: Instant
    speeds: list[int]
    jump: Jump | None = None


class PaceChange(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What to change: the speed, whether it stands, so many seconds forward, or forward to a time (ms, epoch)."""

    speed: int | None = None
    paused: bool | None = None
    step_s: int | None = None
    jump_to: Instant | None = None


class SeatOffered(msgspec.Struct, frozen=True):
    """A seat on the start page, and who holds it now: "" for nobody, a robot's name, or a person's."""

    seat: str
    path: str
    title: str
    sentence: str
    first_act: str
    role: str
    held_by: str = ""
    by_robot: bool = False


class ScenarioOffered(msgspec.Struct, frozen=True):
    """A kind of shift; one of them is `running`. Another is begun by `redstick demo --scenario <id>`."""

    id: str
    title: str
    sentence: str
    running: bool = False


class Caller(msgspec.Struct, frozen=True):
    """What a caller says to whoever answered: in their words, where it is as they say it, what they call it.

    It may be wrong, as callers are. A call on which nobody speaks has words of what is heard, and no place.
    """

    call: str
    said: str
    place: str
    what: str


class DemoTold(msgspec.Struct, frozen=True):
    """What a demo says of itself."""

    city: str
    seed: int
    scenario: str
    scenarios: list[ScenarioOffered]
    seats: list[SeatOffered]
    clock: Pace
    time_zone: str = "UTC"


class Demo(Protocol):
    """A city that lives by itself before its visitors."""

    def told(self) -> DemoTold:
        """What the start page shows."""

    def caller(self, call: str) -> Caller | None:
        """What is heard on a call that has been answered; None for any other."""

    async def change(self, wanted: PaceChange) -> Pace | Rejection:
        """Set the clock; nothing of it when any part of it is not offered."""

    def take_seat(self, seat: str, token: str, address: str) -> Awaitable[SignedIn | Rejection]:
        """Let whoever holds the token, or a new visitor, sit down; its robot steps aside."""

    def leave_seat(self, seat: str, token: str) -> Awaitable[Rejection | None]:
        """Give a seat back to its robot."""
