"""What the server needs to know of the house: rows by key, a clock that may be set, and a city to draw. No domain."""

from typing import Any, Protocol

import msgspec

Row = dict[str, Any]


class Snapshot(msgspec.Struct, frozen=True):
    """Every row at feed position `at`, where a seat starts. `now` is the city's time, ms since the epoch."""

    at: int
    now: int
    rows: dict[str, msgspec.Raw]


class Frame(msgspec.Struct, frozen=True, rename={"start": "from", "end": "to"}):
    """What changed after feed position `start` up to `end`: rows as they are now, and the keys that are gone.

    A seat applies a frame only when `start` is where it stands; anything else is a gap, healed by a new snapshot.
    """

    start: int
    end: int
    now: int
    rows: dict[str, msgspec.Raw]
    gone: list[str]


class Seat(Protocol):
    """One reader of a feed."""

    async def frame(self, patience_s: float) -> Frame:
        """Everything since the last frame, conflated; an empty one when nothing changed within `patience_s`."""

    def leave(self) -> None:
        """Read no more."""


class Feed(Protocol):
    """Keyed rows that change."""

    def snapshot(self) -> Snapshot:
        """Every row now."""

    def subscribe(self) -> tuple[Snapshot, Seat]:
        """A snapshot, and a seat that sees every change after it."""


class Pace(msgspec.Struct, frozen=True):
    """How a simulated clock runs: city seconds per second, and whether it stands still."""

    speed: int
    paused: bool
    now: int


class PaceChange(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What to change about the clock; `step_s` moves a standing clock forward."""

    speed: int | None = None
    paused: bool | None = None
    step_s: int | None = None


class Controls(Protocol):
    """A clock that a person may set."""

    def pace(self) -> Pace:
        """How the clock runs."""

    def change(self, wanted: PaceChange) -> Pace:
        """Set it; raises ValueError with a plain sentence when the wish cannot be granted."""


class CityView(Protocol):
    """A city as it is drawn: JSON documents that never change, each with its ETag."""

    def document(self, name: str) -> tuple[bytes, str] | None:
        """The bytes and the ETag of `city`, `roads`, `ground`, `zones` or `addresses`; None for any other name."""
