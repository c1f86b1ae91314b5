"""Months as `2026-11`, which sort as they follow each other; and the forms in which bills print theirs."""

import re
from datetime import date

Month = str
Day = str  # as 2026-11-30

_NAMES = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_YEAR_FIRST = re.compile(r"(\d{4})[-/.]?(\d{2})(?:[-/.]?(\d{2}))?(?:[T ].*)?")
_MONTH_FIRST = re.compile(r"(\d{1,2})/(?:(\d{1,2})/)?(\d{4}|\d{2})")
_NAMED = re.compile(r"(?:(\d{1,2})[- ])?([A-Za-z]{3})[a-z]*\.?[- ]?(?:(\d{1,2}),)?[- ]*'?(\d{4}|\d{2})")
_MONTH = re.compile(r"(19|20)\d{2}-(0[1-9]|1[0-2])")


def is_month(text: str) -> bool:
    """Whether a text is a month as `2026-11`."""
    return _MONTH.fullmatch(text) is not None


def is_day(text: str) -> bool:
    """Whether a text is a day of the calendar as `2026-11-30`."""
    if len(text) != len("2026-11-30"):
        return False
    try:
        date.fromisoformat(text)
    except ValueError:
        return False
    return is_month(text[:7])


def month_of(text: str) -> Month:
    """The month of a date as bills print it: 2026-10-01, 10/01/2026 (month first, as here), Oct 2026, 202610.

    Raises ValueError that says what was expected.
    """
    year, month, _ = _parts(text)
    return f"{year:04d}-{month:02d}"


def day_of(text: str) -> Day:
    """The day of a date; the last of the month where only that is told. Raises ValueError."""
    year, month, day = _parts(text)
    if day is None:
        after = _shifted(year, month, 1)
        return date.fromordinal(date(*after, 1).toordinal() - 1).isoformat()
    return date(year, month, day).isoformat()


def _parts(text: str) -> tuple[int, int, int | None]:
    said = text.strip()
    if found := _YEAR_FIRST.fullmatch(said):
        year, month, day = found[1], int(found[2]), found[3]
    elif found := _MONTH_FIRST.fullmatch(said):
        year, month, day = found[3], int(found[1]), found[2]
    elif (found := _NAMED.fullmatch(said)) and found[2].lower() in _NAMES:
        year, month, day = found[4], _NAMES.index(found[2].lower()) + 1, found[1] or found[3]
    else:
        raise ValueError(f"expected a month or a date as 2026-10 or 10/01/2026; found {said!r}")
    whole = int(year) if len(year) == 4 else 2000 + int(year)
    try:
        date(whole, month, int(day or 1))
    except ValueError as error:
        raise ValueError(f"expected a date of the calendar; found {said!r}") from error
    if not is_month(f"{whole:04d}-{month:02d}"):
        raise ValueError(f"expected a year from 1900 to 2099; found {said!r}")
    return whole, month, None if day is None else int(day)


def later(month: Month, by: int = 1) -> Month:
    """The month so many after this one; before it where `by` is negative."""
    year, number = _shifted(int(month[:4]), int(month[5:7]), by)
    return f"{year:04d}-{number:02d}"


def _shifted(year: int, month: int, by: int) -> tuple[int, int]:
    count = year * 12 + month - 1 + by
    return count // 12, count % 12 + 1


def between(first: Month, last: Month) -> list[Month]:
    """Every month from the first to the last, both with."""
    return [later(first, by) for by in range(apart(first, last) + 1)]


def apart(first: Month, last: Month) -> int:
    """How many months the last comes after the first."""
    return (int(last[:4]) - int(first[:4])) * 12 + int(last[5:7]) - int(first[5:7])
