"""The answer to a what-if: a past span lived twice, under what there is today and under something else.

Both are lived by the same rules with the same calls and the same luck; only they are compared. The record stands beside
them to tell how well a life so lived agrees with what was.
"""

from __future__ import annotations

import msgspec

from redstick.dispatch.lookback.answers import Spread
from redstick.kernel.values import Instant

DAYS, INCIDENTS = "days", "incidents"  # what an interval is drawn over
FITTED, PREDICTED = "fitted", "predicted"  # by what drives are timed


class Changed(msgspec.Struct, frozen=True):
    """One percentile under both, in seconds; the difference lies within `low_s` and `high_s` with 95 % confidence.

    `real` where that interval leaves out zero: more than luck. `n_drawn` days or incidents were drawn anew.
    """

    interval: str
    title: str
    percent: int
    today_s: float
    other_s: float
    difference_s: float
    low_s: float
    high_s: float
    n_today: int
    n_other: int
    n_drawn: int
    real: bool


class CallDiffers(msgspec.Struct, frozen=True):
    """An incident that went otherwise: who was sent, and seconds until the first was there; None where nobody came."""

    incident: str
    number: str
    kind: str
    priority: int
    opened_at: Instant
    today_units: list[str]
    other_units: list[str]
    today_s: float | None
    other_s: float | None


class Lives(msgspec.Struct, frozen=True):
    """How a span was lived: units chosen anew, parts left as recorded, needs that had to wait, needs never met."""

    decided_anew: int
    as_recorded: int
    waited: int
    never_met: int


class Compared(msgspec.Struct, frozen=True):
    """A span from `begun` to `ended` lived twice.

    `left_out` incidents were open still, and are in neither. `tried` says in sentences what is other. `differing`
    are the incidents that differ most, `n_quicker`, `n_slower` and `n_other_units` count all that do. `drives` are
    those that travel times were fitted to, or too few to be, as `timed_by` says.
    """

    position: int
    begun: Instant
    ended: Instant
    incidents: int
    left_out: int
    tried: list[str]
    timed_by: str
    drives: int
    drawn_over: str
    recorded: list[Spread]
    today: list[Spread]
    other: list[Spread]
    today_lived: Lives
    other_lived: Lives
    changes: list[Changed]
    differing: list[CallDiffers]
    n_quicker: int
    n_slower: int
    n_other_units: int
