"""When calls came in: by hour of the day, by day, and by hour of the week, on the city's own clock.

Means are over the hours that the period really has: a week that ends on a Friday noon has one Friday afternoon less.
"""

import numpy as np
from numpy.typing import NDArray

from redstick.dispatch.history import MISSING_MS
from redstick.dispatch.history.clocks import Clock
from redstick.dispatch.reads.report_model import Day, Volume

HOUR_MS = 3_600_000
DAY_MS = 24 * HOUR_MS
QUIET_CALLS = 3.0  # so many calls expected and none seen (1 in 20 by chance) mean that the file begins later
_MONDAY = 3  # 1970 began on a Thursday

I64 = NDArray[np.int64]


def volume(call_ms: I64, time_zone: str) -> Volume:
    """Counts of calls (UTC milliseconds, one per call) on the clock of `time_zone`."""
    timed = np.sort(call_ms[call_ms != MISSING_MS])
    if not len(timed):
        return Volume(0, None, None, (None,) * 24, ((None,) * 24,) * 7, ())
    clock = Clock(time_zone)
    hour = clock.to_wall(timed) // HOUR_MS
    # Every hour of the period in UTC, then on the clock: the hour that the clocks repeat counts twice, as it should.
    first, last = int(timed[0]), int(timed[-1])
    passed = np.arange(first // HOUR_MS, last // HOUR_MS + 1, dtype=np.int64) * HOUR_MS
    there = clock.to_wall(passed) // HOUR_MS
    calls = np.bincount(_week_hour(hour), minlength=168).reshape(7, 24)
    hours = np.bincount(_week_hour(there), minlength=168).reshape(7, 24)
    return Volume(
        timed=len(timed),
        first_ms=first,
        last_ms=last,
        by_hour=tuple(_mean(int(calls[:, h].sum()), int(hours[:, h].sum())) for h in range(24)),
        by_weekday_hour=tuple(
            tuple(_mean(int(calls[day, h]), int(hours[day, h])) for h in range(24)) for day in range(7)
        ),
        days=_days(hour, there, calls.sum(axis=0), hours.sum(axis=0)),
    )


def _days(hour: I64, there: I64, calls: I64, hours: I64) -> tuple[Day, ...]:
    """Each day of the period. The first (last) is a part of a day when the silence before (after) it is no accident."""
    first, last = int(there[0] // 24), int(there[-1] // 24)
    counts = np.bincount(hour // 24 - first, minlength=last - first + 1)
    usual = calls / np.maximum(hours, 1)
    starts_late = usual[: there[0] % 24].sum() >= QUIET_CALLS
    ends_early = usual[there[-1] % 24 + 1 :].sum() >= QUIET_CALLS
    return tuple(
        Day(
            str(np.datetime64(first + i, "D")),
            int(n),
            not ((i == 0 and starts_late) or (i == last - first and ends_early)),
        )
        for i, n in enumerate(counts)
    )


def _week_hour(hour: I64) -> I64:
    """0 for Monday midnight to 167 for Sunday's last hour."""
    return ((hour // 24 + _MONDAY) % 7) * 24 + hour % 24


def _mean(calls: int, hours: int) -> float | None:
    return calls / hours if hours else None
