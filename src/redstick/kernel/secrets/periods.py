"""Periods: the calendar stretches, in UTC, whose things are kept and destroyed together."""

from datetime import UTC, datetime, timedelta
from enum import StrEnum

from redstick.kernel.values import Instant

MS = timedelta(milliseconds=1)
EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


class Length(StrEnum):
    """How long the periods of a retention class are."""

    DAY = "day"
    MONTH = "month"
    YEAR = "year"


def period_of(length: Length, at: Instant) -> str:
    """The period in which an instant lies: `2026-11-03`, `2026-11` or `2026`."""
    date = (EPOCH + at * MS).date().isoformat()
    return date[: {Length.DAY: 10, Length.MONTH: 7, Length.YEAR: 4}[length]]


def end_of(length: Length, at: Instant) -> Instant:
    """The first instant behind the period in which `at` lies."""
    begun = (EPOCH + at * MS).replace(hour=0, minute=0, second=0, microsecond=0)
    if length is Length.DAY:
        end = begun + timedelta(days=1)
    elif length is Length.MONTH:
        end = (begun.replace(day=1) + timedelta(days=32)).replace(day=1)
    else:
        end = begun.replace(year=begun.year + 1, month=1, day=1)
    return (end - EPOCH) // MS
