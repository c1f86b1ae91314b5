"""Where a unit is taken to be, and how far that can be trusted (dispatch reference, section 5, position freshness)."""

from __future__ import annotations

from enum import StrEnum
from typing import NamedTuple

from redstick.dispatch.ports import Point
from redstick.dispatch.recommendation.question import Candidate, Policy, Question, StaleUse
from redstick.dispatch.status_table import Status

UNKNOWN_AGE_S = 10_000_000  # ranks behind every age that is known


class Known(StrEnum):
    """How the position is known."""

    STATION = "station"  # in quarters
    FRESH = "fresh"
    AGEING = "ageing"
    STALE = "stale"
    ASSUMED = "assumed"  # no report at all: taken to be at its station


class Whereabouts(NamedTuple):
    """A position with what it costs to rely on it: `margin_s` when compared, `widened_s` either way in time."""

    at: Point | None
    known: Known
    age_s: int
    turnout_s: int = 0
    margin_s: int = 0
    widened_s: int = 0


NOWHERE = Whereabouts(None, Known.ASSUMED, UNKNOWN_AGE_S)  # of a unit that cannot go, wherever it is


def whereabouts(unit: Candidate, question: Question) -> Whereabouts:
    """In quarters at the station; else where it was last seen, as long as that is of use; else where it belongs."""
    policy, home = question.policy, question.stations.get(unit.station)
    quartered = unit.status is Status.AQ
    turnout_s = policy.turnout_by_kind.get(unit.kind, policy.turnout_s) if quartered else 0
    if quartered and home is not None:
        return Whereabouts(home, Known.STATION, 0, turnout_s)
    if unit.at is None:
        return Whereabouts(home, Known.ASSUMED, UNKNOWN_AGE_S, turnout_s, policy.stale_margin_s)
    age_s = UNKNOWN_AGE_S if unit.seen_at is None else max(0, question.now - unit.seen_at) // 1000
    if age_s > policy.stale_after_s or unit.doubt:
        at = home if policy.stale_use is StaleUse.STATION and home is not None else unit.at
        return Whereabouts(at, Known.STALE, age_s, turnout_s, policy.stale_margin_s)
    if age_s <= policy.fresh_intervals * unit.report_interval_s:
        return Whereabouts(unit.at, Known.FRESH, age_s, turnout_s)
    return Whereabouts(unit.at, Known.AGEING, age_s, turnout_s, widened_s=_widened_s(unit, age_s, policy))


def _widened_s(unit: Candidate, age_s: int, policy: Policy) -> int:
    """The time that the way takes which it may have gone since, in whichever direction; rounded up."""
    speed = policy.speed_mps if unit.speed_mps is None else unit.speed_mps
    return -(-speed * age_s // max(1, policy.drive_mps))
