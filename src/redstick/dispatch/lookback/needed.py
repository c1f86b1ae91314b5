"""The answer to whom the next hours need. Times are ms since the epoch."""

from __future__ import annotations

import msgspec

from redstick.kernel.values import Instant

MEASURED, ASSUMED = "measured", "assumed"


class Given(msgspec.Struct, frozen=True):
    """A figure that the need follows from: its value, whether it was measured and on how many, or assumed."""

    name: str
    value: float
    unit: str
    known: str
    n: int


class Asked(msgspec.Struct, frozen=True):
    """The service that is asked: so many percent within so many seconds, and by whom."""

    percent: int
    within_s: int
    by: str


class NeededHour(msgspec.Struct, frozen=True):
    """An hour from `at`: calls expected in it, people needed, and the share in time with those signed on (0 to 1).

    `hang_up` is the share of callers who would give up with those call takers, by Erlang A.
    """

    at: Instant
    calls: float
    call_takers: int
    dispatchers: int
    answered_in_time: float
    hang_up: float
    heard_in_time: float


class Staffing(msgspec.Struct, frozen=True):
    """The next hours; none where nothing is known to expect. `expected_by` says what the expectation is drawn from."""

    now: Instant
    expected_by: str
    hours: list[NeededHour]
    answering: Asked
    hearing: Asked
    givens: list[Given]
    call_takers: list[str]
    dispatchers: list[str]
