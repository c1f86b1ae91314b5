"""Figures in plain words: times, counts and shares as a person reads them out."""

from datetime import date

STAMP_WORDS = {
    "received": "received",
    "answered": "answered",
    "entered": "entered",
    "dispatched": "dispatched",
    "acknowledged": "acknowledged",
    "en_route": "en route",
    "staged": "staged",
    "on_scene": "on scene",
    "patient_contact": "patient contact",
    "transport": "transport",
    "at_hospital": "at hospital",
    "clear": "clear",
    "available": "available",
    "closed": "closed",
}
CATEGORY_WORDS = {
    "call": "call",
    "incident": "incident",
    "unit": "unit",
    "unit_kind": "kind of unit",
    "call_type": "type of call",
    "call_group": "group of call types",
    "priority": "priority",
    "final_priority": "final priority",
    "area": "area",
    "station_area": "station area",
    "battalion": "battalion",
    "address": "address",
    "municipality": "municipality",
    "postcode": "postcode",
    "disposition": "disposition",
    "agency": "agency",
    "hour": "hour of the day",
    "position": "position",
}
WEEKDAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
_MONTHS = (
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
)


def spoken(seconds: float | None) -> str:
    """A time in words: `49 s`, `6 min 30 s`, `1 h 2 min`."""
    if seconds is None:
        return "not known"
    sign = "−" if seconds < 0 else ""
    whole = round(abs(seconds))
    if whole < 60:
        return f"{sign}{whole} s"
    if whole < 3600:
        minutes, rest = divmod(whole, 60)
        return f"{sign}{minutes} min" + (f" {rest} s" if rest else "")
    hours, minutes = divmod(round(whole / 60), 60)
    return f"{sign}{hours} h" + (f" {minutes} min" if minutes else "")


def clock(seconds: float | None) -> str | None:
    """A time as `m:ss`, or `h:mm:ss` from an hour on; None stays None."""
    if seconds is None:
        return None
    sign = "−" if seconds < 0 else ""
    minutes, rest = divmod(round(abs(seconds)), 60)
    hours, minutes = divmod(minutes, 60)
    return f"{sign}{hours}:{minutes:02d}:{rest:02d}" if hours else f"{sign}{minutes}:{rest:02d}"


def share(part: float, whole: float) -> str:
    """A share in percent: one decimal, and never 0 % or 100 % where that is not quite so."""
    if not whole:
        return "none"
    percent = 100 * part / whole
    if 0 < percent < 0.1:
        return "under 0.1 %"
    if 99.9 < percent < 100:
        return "over 99.9 %"
    return f"{percent:.1f} %".replace(".0 %", " %")


def count(n: int, one: str, many: str = "") -> str:
    """`1 call`, `3,560 calls`."""
    return f"{n:,} {one if n == 1 else many or one + 's'}"


def day_words(iso: str) -> str:
    """`2016-12-31` as `31 December 2016`."""
    day = date.fromisoformat(iso)
    return f"{day.day} {_MONTHS[day.month - 1]} {day.year}"


def day_short(iso: str) -> str:
    """`2016-12-31` as `Sat 31 Dec`."""
    day = date.fromisoformat(iso)
    return f"{WEEKDAYS[day.weekday()][:3]} {day.day} {_MONTHS[day.month - 1][:3]}"


def period_words(first: str, last: str) -> str:
    """`31 December 2016 to 7 January 2017`; a single day once; nothing for an undated history."""
    if not first:
        return "undated"
    return day_words(first) if first == last else f"{day_words(first)} to {day_words(last)}"


def hour_words(hour: int) -> str:
    """`17:00 to 18:00`."""
    return f"{hour:02d}:00 to {(hour + 1) % 24:02d}:00"


def listing(words: list[str]) -> str:
    """`a, b and c`."""
    return words[0] if len(words) == 1 else f"{', '.join(words[:-1])} and {words[-1]}" if words else ""
