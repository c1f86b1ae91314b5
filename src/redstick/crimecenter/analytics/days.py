"""Days out of the dates of an export: ISO 8601, spreadsheet serials, and numbers whose order the file must prove.

01/02/2024 is the second of January or the first of February. No single date says which; all of a file's dates together
mostly do, since a number above 12 is no month.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

_ISO = re.compile(r"(\d{4})[-/](\d{1,2})[-/](\d{1,2})(?:[T ].*)?")
_COMPACT = re.compile(r"(\d{4})(\d{2})(\d{2})(?:[T ].*)?")
_PAIRED = re.compile(r"(\d{1,2})([-/.])(\d{1,2})[-/.](\d{4})(?:[T ,].*)?")
_SERIAL = re.compile(r"(\d{5})(?:\.\d*)?")
_SERIAL_DAY_0 = date(1899, 12, 30).toordinal()


class MixedOrderError(Exception):
    """A file holds dates that are only possible day first and others that are only possible month first."""

    def __init__(self, day_first: int, month_first: int) -> None:
        super().__init__("dates in one order")
        self.day_first = day_first
        self.month_first = month_first


@dataclass(frozen=True)
class Days:
    """`days` are ordinals or None where a text is no date; `note` says how an order was chosen that nothing proves."""

    days: list[int | None]
    note: str = ""


def read_days(texts: Sequence[str]) -> Days:
    """The day of each text. Raises MixedOrderError with the positions of two dates that contradict each other."""
    days: list[int | None] = []
    paired: list[tuple[int, int, int, int]] = []  # position, first and second number, year
    for at, text in enumerate(texts):
        days.append(_plain(text))
        found = _PAIRED.fullmatch(text) if days[-1] is None else None
        if found:
            first, second, year = int(found[1]), int(found[3]), int(found[4])
            if found[2] == ".":  # with points the day stands first, everywhere
                days[-1] = _day(year, second, first)
            else:
                paired.append((at, first, second, year))
    day_first = next((at for at, first, second, _ in paired if first > 12 >= second), None)
    month_first = next((at for at, first, second, _ in paired if second > 12 >= first), None)
    if day_first is not None and month_first is not None:
        raise MixedOrderError(day_first, month_first)
    for at, first, second, year in paired:
        days[at] = _day(year, first, second) if day_first is None else _day(year, second, first)
    note = ""
    if paired and day_first is None and month_first is None:
        note = f"Dates such as {texts[paired[0][0]][:10]} were read month first; no date of the file proves it."
    return Days(days, note)


def _plain(text: str) -> int | None:
    """The day of a text that needs no other to be understood."""
    found = _ISO.fullmatch(text) or _COMPACT.fullmatch(text)
    if found:
        return _day(int(found[1]), int(found[2]), int(found[3]))
    serial = _SERIAL.fullmatch(text)
    return _SERIAL_DAY_0 + int(serial[1]) if serial else None


def _day(year: int, month: int, day: int) -> int | None:
    try:
        return date(year, month, day).toordinal()
    except ValueError:
        return None
