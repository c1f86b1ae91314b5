"""What the server needs to know of the house: rows by key. No domain."""

from typing import Any

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
