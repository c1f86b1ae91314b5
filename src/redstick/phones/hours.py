"""Opening hours: a week of spans in a time zone, and holidays that replace a day of it.

A moment is UTC and its local time is one, so a clock that is put forward or back makes no hour ambiguous.
"""

import datetime as dt
from functools import lru_cache
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

import msgspec

from redstick.kernel.values import Instant

DAY_MINUTES = 24 * 60
WEEK = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")


class Span(msgspec.Struct, frozen=True):
    """Local minutes of a day, from and until (not with); 1,440 is its end."""

    begins: int
    ends: int


class Holiday(msgspec.Struct, frozen=True, omit_defaults=True):
    """A day (ISO 8601) on which these spans count instead of the week's; none means closed."""

    day: str
    name: str
    spans: tuple[Span, ...] = ()


class Hours(msgspec.Struct, frozen=True, omit_defaults=True):
    """When something is open: seven days of spans from Monday on, in an IANA time zone."""

    name: str
    zone: str
    week: tuple[tuple[Span, ...], ...]
    holidays: tuple[Holiday, ...] = ()


def fault_in(hours: Hours) -> str:
    """What is wrong with these hours, "" when nothing is."""
    if not is_zone(hours.zone):
        return f"no time zone {hours.zone}"
    if len(hours.week) != len(WEEK):
        return f"{len(hours.week)} days instead of 7"
    for name, spans in (*zip(WEEK, hours.week, strict=True), *((one.name, one.spans) for one in hours.holidays)):
        minutes = [minute for span in spans for minute in (span.begins, span.ends)]
        if minutes != sorted(set(minutes)) or any(not 0 <= minute <= DAY_MINUTES for minute in minutes):
            return f"{name}: spans follow one another within the day"
    for holiday in hours.holidays:
        try:
            dt.date.fromisoformat(holiday.day)
        except ValueError:
            return f"{holiday.name}: no day {holiday.day}"
    return ""


def open_at(hours: Hours, at: Instant) -> tuple[bool, str]:
    """Whether it is open at a moment, and in words what was looked at."""
    local = dt.datetime.fromtimestamp(at / 1000, tz=_zone(hours.zone))
    minute, day = local.hour * 60 + local.minute, WEEK[local.weekday()]
    holiday = next((one for one in hours.holidays if one.day == local.date().isoformat()), None)
    spans = hours.week[local.weekday()] if holiday is None else holiday.spans
    is_open = any(span.begins <= minute < span.ends for span in spans)
    what = day if holiday is None else f"{holiday.name}, {day}"
    said = f"{what} {local:%Y-%m-%d %H:%M} in {hours.zone}: {hours.name} is {'open' if is_open else 'closed'}"
    return is_open, said


def is_zone(name: str) -> bool:
    """Whether there is a time zone of that name."""
    try:
        _zone(name)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        return False
    return True


@lru_cache(maxsize=64)
def _zone(name: str) -> ZoneInfo:
    return ZoneInfo(name)
