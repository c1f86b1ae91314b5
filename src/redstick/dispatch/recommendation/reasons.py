"""Why a unit goes or does not go: the first thing that decides about it, with its numbers, as a value and in words."""

from __future__ import annotations

from enum import StrEnum

import msgspec


class Reason(StrEnum):
    """What decides about a unit. Up to `OVER_CEILING` in the order in which it is asked (dispatch reference, 5)."""

    CHOSEN = "CHOSEN"
    CAPABILITY = "CAPABILITY"
    STAFFING = "STAFFING"
    NOT_AVAILABLE = "NOT_AVAILABLE"
    CREW_COMMITTED = "CREW_COMMITTED"
    NO_AGREEMENT = "NO_AGREEMENT"
    EXCLUDED = "EXCLUDED"
    NO_POSITION = "NO_POSITION"
    UNREACHABLE = "UNREACHABLE"
    OVER_CEILING = "OVER_CEILING"
    SLOWER = "SLOWER"
    STALE_POSITION = "STALE_POSITION"
    OUTRANKED = "OUTRANKED"


class Rule(StrEnum):
    """What outranks a unit that would be there as soon: the agency's order, a price, or the order of ties."""

    STATION_ORDER = "station_order"
    SUBSTITUTE = "substitute"
    COVERAGE = "coverage"
    FRESHER_POSITION = "fresher_position"
    STATION_RANK = "station_rank"
    WORKLOAD = "workload"
    UNIT_ID = "unit_id"
    NOT_NEEDED = "not_needed"


class Verdict(msgspec.Struct, frozen=True, omit_defaults=True):
    """What was decided about one unit. Numbers that do not belong to its reason stay at their defaults.

    `requirement` is the one it is chosen for, or came closest to. `travel_s` is the time on the road, `arrival_s` adds
    the turnout, `low_s` to `high_s` is the range of arrivals that an ageing position leaves open. `behind_s` is how
    much later it would be there than `against`, the last unit chosen for the requirement. `other` is the unit that
    holds the crew.
    """

    unit: str
    kind: str
    reason: Reason
    words: str
    requirement: str = ""
    travel_s: int | None = None
    arrival_s: int | None = None
    low_s: int | None = None
    high_s: int | None = None
    behind_s: int | None = None
    against: str = ""
    position: str = ""
    age_s: int | None = None
    penalty_s: int = 0
    status: str = ""
    incident: str = ""
    missing: tuple[str, ...] = ()
    have: int | None = None
    need: int | None = None
    other: str = ""
    agency: str = ""
    rule: str = ""
    road: str = ""
    ceiling_s: int | None = None

    @property
    def chosen(self) -> bool:
        """True for the units to send."""
        return self.reason is Reason.CHOSEN


class Unfilled(msgspec.Struct, frozen=True):
    """A requirement that lacks `missing` of its `count` units; `why` counts, by reason, the units that do not serve.

    `TAKEN` in it stands for units that another requirement needs more.
    """

    requirement: str
    count: int
    missing: int
    why: dict[str, int]
    words: str


TAKEN = "TAKEN"

# How units are counted that do not serve, by what stands against them.
COUNTED: dict[str, str] = {
    TAKEN: "needed elsewhere more", Reason.CAPABILITY: "cannot do it", Reason.STAFFING: "without enough crew",
    Reason.NOT_AVAILABLE: "not free", Reason.CREW_COMMITTED: "with their crew elsewhere",
    Reason.NO_AGREEMENT: "not lent to us", Reason.EXCLUDED: "excluded", Reason.NO_POSITION: "of unknown position",
    Reason.UNREACHABLE: "cut off by road", Reason.OVER_CEILING: "too far", Reason.SLOWER: "slower",
    Reason.STALE_POSITION: "with an old position", Reason.OUTRANKED: "behind a better one",
}  # fmt: skip


def minutes(seconds: int) -> str:
    """A time as a dispatcher says it."""
    return f"{seconds // 60} min {seconds % 60:02d} s"
