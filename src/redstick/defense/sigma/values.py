"""What a field's value is to a rule: texts, folded texts, numbers, times, addresses.

A decoded event maps field names to text, number, boolean, null or a list of those. Numbers become their shortest
decimal text, so that 4624 and "4624" are one value; booleans become `true` and `false` and are never 1 or 0.
"""

import ipaddress
import re
from collections.abc import Iterable, Mapping
from datetime import UTC, datetime, tzinfo
from typing import Any, Final

Scalar = str | int | float | bool | None
Value = Scalar | list[Scalar]
Fields = Mapping[str, Any]  # values are `Value`; decoders see to it

ABSENT: Final = object()
_NUMBER = re.compile(r"[+-]?(\d+)(\.\d+)?([eE][+-]?\d{1,3})?", re.ASCII)


def fold(text: str) -> str:
    """Text without case, one function for rules and events: Unicode full case folding, which knows no context.

    `lower` is not used because it folds a final sigma by its neighbours, so that a part might not be found in its
    whole.
    """
    return text.casefold()


def text_of(value: Any) -> str | None:
    """The text of one scalar; None for null."""
    if type(value) is str:
        return value
    if value is None:
        return None
    if value is True:
        return "true"
    if value is False:
        return "false"
    if isinstance(value, float) and value.is_integer() and abs(value) < 1e15:
        return str(int(value))
    return str(value)


def elements(value: Any) -> tuple[str | None, ...]:
    """The elements of a field as texts, None for each null; an absent field has none. A scalar is one element."""
    if value is ABSENT:
        return ()
    if isinstance(value, list | tuple):
        return tuple(text_of(item) for item in value)
    return (text_of(value),)


def texts(value: Any) -> tuple[str, ...]:
    """The elements of a field that are text."""
    return tuple(item for item in elements(value) if item is not None)


def all_texts(fields: Fields) -> Iterable[str]:
    """Every text of an event: what a keyword rule looks through."""
    for value in fields.values():
        if type(value) is str:
            yield value
        else:
            yield from texts(value)


def is_null(value: Any) -> bool:
    """Whether `null` matches: absent, JSON null, empty text, an empty list, or a list with one of those in it."""
    if value is ABSENT or value is None or value == "" or (isinstance(value, list) and not value):
        return True
    return isinstance(value, list | tuple) and any(item is None or item == "" for item in value)


def number_of(text: str) -> int | float | None:
    """A decimal number; None for anything else: hexadecimal, `inf`, `1_000`, booleans."""
    found = _NUMBER.fullmatch(text)
    if found is None:
        return None
    if found[2] is None and found[3] is None:
        return int(text) if len(text) < 400 else None
    return float(text)


def address_of(text: str) -> ipaddress.IPv4Address | ipaddress.IPv6Address | None:
    """An IP address; one that is IPv4 mapped into IPv6 is given as IPv4, a zone id is left out."""
    try:
        address = ipaddress.ip_address(text.strip().partition("%")[0])
    except ValueError:
        return None
    mapped = address.ipv4_mapped if isinstance(address, ipaddress.IPv6Address) else None
    return mapped or address


def time_of(text: str, zone: tzinfo = UTC) -> datetime | None:
    """A point in time in UTC from ISO 8601 text (in `zone` if it names none) or from (milli)seconds since 1970."""
    number = number_of(text)
    if number is not None:
        seconds = number / 1000 if abs(number) >= 100_000_000_000 else number
        try:
            return datetime.fromtimestamp(seconds, UTC)
        except (OverflowError, ValueError, OSError):
            return None
    try:
        when = datetime.fromisoformat(text.strip())
        return (when if when.tzinfo else when.replace(tzinfo=zone)).astimezone(UTC)
    except (ValueError, OverflowError):
        return None


def time_part(when: datetime, unit: str) -> int:
    """Minute, hour, day of month, ISO week, month or year of a time in UTC."""
    if unit == "week":
        return when.isocalendar().week
    return int(getattr(when, unit))
