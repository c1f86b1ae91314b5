"""What a unit's recent reports are worth, and what a recommendation may make of them.

A report is a claim by a device: it may be old, stand still, jump, carry the clock of last night, lie in the sea, or be
that of another unit. The verdict is computed from the reports alone and from what the unit says that it does; what is
doubtful is never thrown away, it is labelled.
"""

from collections.abc import Sequence
from enum import StrEnum
from itertools import pairwise, takewhile

import msgspec

from redstick.dispatch.avl.ground import distance_m
from redstick.dispatch.place import Extent, Place, impossible
from redstick.dispatch.status_table import Status
from redstick.kernel.values import Instant

MAX_KMH = 200  # no unit drives faster: what does was not driven
MAX_SKEW_MS = 120_000  # a device's clock may be wrong by this much before its word is doubted
FRESH_REPORTS, STALE_REPORTS = 2, 10  # a position is fresh for two report intervals and stale after ten
FROZEN_REPORTS, FROZEN_MS = 4, 60_000  # so many reports of the very same point, over longer than a red light
CITY_M_PER_S = 14  # what a unit may have driven since its last report (50 km/h)
GPS_M = 15  # a receiver that is well is about so far off
MOVING = frozenset({Status.ENR, Status.TRN})
STANDING = frozenset({Status.OFF, Status.LOG, Status.AQ, Status.ONS, Status.PTC, Status.STG, Status.HSP, Status.MEAL})


class Quality(StrEnum):
    """The verdict on a unit's positions, the better ones first."""

    FRESH = "fresh"
    AGEING = "ageing"  # used, over a widening circle
    STALE = "stale"  # last known, or the station
    FROZEN = "frozen"  # the very same point over and over while the unit says that it drives
    JUMP = "jump"  # it cannot have driven from the report before
    SWAP = "swap"  # two units have exchanged tracks
    SKEW = "clock_skew"  # the device's clock is wrong
    IMPOSSIBLE = "impossible_place"  # not on earth, outside the city, in water
    NONE = "none"  # nothing was ever reported


class Fix(msgspec.Struct, frozen=True):
    """One report: where (1e-7 degrees), when by the device's clock, and when it came in."""

    x: int
    y: int
    at: Instant
    received_at: Instant


class Verdict(msgspec.Struct, frozen=True):
    """What a recommendation may use: the point, its age, how far the unit may be from it, and the label to show.

    `x` and `y` are None when there is nothing to use; then station order stands. `usable` is False for a point that is
    shown and not ranked by.
    """

    quality: Quality
    x: int | None = None
    y: int | None = None
    age_ms: int | None = None
    uncertainty_m: int | None = None
    usable: bool = False

    @property
    def label(self) -> str:
        """What stands beside the unit: nothing for a fresh position."""
        return "" if self.quality is Quality.FRESH else str(self.quality).replace("_", " ").upper()


def assess(
    fixes: Sequence[Fix], status: Status, now: Instant, interval_ms: int, extent: Extent | None = None
) -> Verdict:
    """The verdict on one unit by its recent reports, in the order in which they came in; a dozen are enough.

    A swap is seen only beside other units: `swaps.swapped`.
    """
    told = [fix for fix in fixes if fix.received_at <= now]
    if not told:
        return Verdict(Quality.NONE)
    last = told[-1]
    if impossible(Place(x=last.x, y=last.y), extent):
        sound = next((fix for fix in reversed(told) if not impossible(Place(x=fix.x, y=fix.y), extent)), None)
        return Verdict(Quality.IMPOSSIBLE) if sound is None else _used(Quality.IMPOSSIBLE, sound, status, now, False)
    if skewed(last, interval_ms):
        return _used(Quality.SKEW, last, status, now, usable=False)
    if jumped(told):
        return _used(Quality.JUMP, last, status, now, usable=False)
    if frozen(told, status):
        return _used(Quality.FROZEN, last, status, now, usable=False)
    age_ms = now - taken_at(last)
    if age_ms <= FRESH_REPORTS * interval_ms:
        return _used(Quality.FRESH, last, status, now, usable=True)
    stale = age_ms > STALE_REPORTS * interval_ms
    return _used(Quality.STALE if stale else Quality.AGEING, last, status, now, usable=not stale)


def taken_at(fix: Fix) -> Instant:
    """When a report was true: by the device, and never later than it came in."""
    return min(fix.at, fix.received_at)


def skewed(fix: Fix, interval_ms: int) -> bool:
    """The device's clock runs ahead, or so far behind that no delay of the network explains it."""
    behind_ms = MAX_SKEW_MS + STALE_REPORTS * interval_ms
    return fix.at > fix.received_at + MAX_SKEW_MS or fix.at < fix.received_at - behind_ms


def jumped(fixes: Sequence[Fix]) -> bool:
    """Whether the newest of the last reports, or the one before, cannot have been driven to from the one before it.

    By the time between the two claims, at 200 km/h, with the error of two receivers allowed for. A report that comes
    after a jump is believed when the one after it agrees with it.
    """
    recent = fixes[-3:]
    leaps = [undrivable(before, after) for before, after in pairwise(recent)]
    return bool(leaps) and (leaps[-1] or (len(leaps) > 1 and leaps[-2] and not _settled(recent)))


def frozen(fixes: Sequence[Fix], status: Status) -> bool:
    """The very same point, report after report, of a unit that says it drives. A receiver at rest still trembles."""
    if status not in MOVING:
        return False
    last = fixes[-1]
    same = list(takewhile(lambda fix: (fix.x, fix.y) == (last.x, last.y), reversed(fixes)))
    return len(same) >= FROZEN_REPORTS and last.received_at - same[-1].received_at >= FROZEN_MS


def undrivable(before: Fix, after: Fix) -> bool:
    """No unit drives from the one report to the other in the time between them, two receivers' error allowed for."""
    lasted_ms = max(1, abs(taken_at(after) - taken_at(before)), after.received_at - before.received_at)
    return distance_m(before.x, before.y, after.x, after.y) - 2 * GPS_M > lasted_ms * MAX_KMH / 3600


def _settled(recent: Sequence[Fix]) -> bool:
    """The reports since the leap agree with each other."""
    return len(recent) > 2 and not undrivable(recent[-2], recent[-1])


def _used(quality: Quality, fix: Fix, status: Status, now: Instant, usable: bool) -> Verdict:
    age_ms = max(0, now - taken_at(fix))
    pace = 0 if status in STANDING else CITY_M_PER_S
    return Verdict(quality, fix.x, fix.y, age_ms, GPS_M + age_ms * pace // 1000, usable)
