"""When a silence becomes improbable: the moment by which so many calls should have come. In whole numbers."""

from collections.abc import Sequence

from redstick.kernel.values import Instant

HOURS, HOUR_MS = 168, 3_600_000
WEEK_MS = HOURS * HOUR_MS
MONDAY_MS = 4 * 24 * HOUR_MS  # the epoch was a Thursday: its first Monday, 00:00 UTC


def hour_of_week(at: Instant) -> int:
    """0 to 167, from Monday 00:00 UTC."""
    return (at - MONDAY_MS) % WEEK_MS // HOUR_MS


def expected_milli(milli_an_hour: Sequence[int], begun: Instant, ended: Instant) -> int:
    """Thousandths of calls expected from `begun` to `ended`, rounded down; `milli_an_hour` holds the 168 hours."""
    weeks, rest = divmod(max(0, ended - begun), WEEK_MS)
    scaled, at, left = weeks * sum(milli_an_hour) * HOUR_MS, begun, rest
    while left > 0:
        step = min(left, HOUR_MS - at % HOUR_MS)
        scaled += milli_an_hour[hour_of_week(at)] * step
        at, left = at + step, left - step
    return scaled // HOUR_MS


def deadline_ms(milli_an_hour: Sequence[int], bears_milli: int, heard_at: Instant) -> Instant:
    """The first millisecond at which `bears_milli` thousandths of calls were expected since `heard_at`.

    Some hour of the week must expect calls.
    """
    weeks, wanted = divmod(bears_milli * HOUR_MS - 1, sum(milli_an_hour) * HOUR_MS)
    at, wanted = heard_at + weeks * WEEK_MS, wanted + 1  # never a whole week at once: its last hours may expect nothing
    while True:
        rate, step = milli_an_hour[hour_of_week(at)], HOUR_MS - at % HOUR_MS
        if rate * step >= wanted:
            return at + -(-wanted // rate)
        wanted, at = wanted - rate * step, at + step
