"""Stamps out of text, a column at a time.

Cells are grouped by their shape (every digit alike), the declared form is matched once per shape, and the numbers are
taken out of all cells of that shape at once: a million stamps in about a second. A form is written as for `strptime`:
%Y %y %m %d %b %H %I %M %S %f %p %z, or one of the words "iso" (RFC 3339 and its looser relatives), "epoch_s" and
"epoch_ms". `%m %d %H %I` take one digit or two.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from redstick.dispatch.history.model import I64, MISSING_MS

CELL_MAX_CHARS = 40  # no date is longer; a cell that fills this is doubted
YEARS = (1900, 2100)  # outside of these it is a slip of the keyboard, not a call
DAY_MS = 86_400_000

_MONTHS = ("JAN", "FEB", "MAR", "APR", "MAY", "JUN", "JUL", "AUG", "SEP", "OCT", "NOV", "DEC")
_PIECES = {
    "Y": r"(?P<Y>\d{4})",
    "y": r"(?P<y>\d{2})",
    "m": r"(?P<m>\d{1,2})",
    "d": r"(?P<d>\d{1,2})",
    "H": r"(?P<H>\d{1,2})",
    "I": r"(?P<I>\d{1,2})",
    "M": r"(?P<M>\d{2})",
    "S": r"(?P<S>\d{2})",
    "f": r"(?P<f>\d{1,9})",
    "b": r"(?P<b>" + "|".join(_MONTHS) + r")[A-Z]*\.?",
    "p": r"(?P<p>[AP])\.?M?\.?",
    "z": r"(?P<z>Z|UTC|GMT|[+-]\d{2}:?\d{2})",
    "%": "%",
}
_ISO = (
    r"(?P<Y>\d{4})-?(?P<m>\d{2})-?(?P<d>\d{2})"
    r"(?:[T ]\s*(?P<H>\d{2}):?(?P<M>\d{2})(?::?(?P<S>\d{2})(?:[.,](?P<f>\d{1,9}))?)?)?"
    r"\s*(?P<z>Z|UTC|GMT|[+-]\d{2}(?::?\d{2})?)?"
)
_EPOCH = r"(?P<e>\d{1,15})(?:\.\d{1,9})?"
_CUMULATIVE_DAYS = np.array([0, 31, 59, 90, 120, 151, 181, 212, 243, 273, 304, 334])
_MONTH_DAYS = np.array([31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31])
# Any odd multiplier tells shapes apart; what it gives is checked, never trusted.
_WEIGHTS = np.array([pow(1_000_003, i + 1, 2**62) for i in range(CELL_MAX_CHARS)], dtype=np.int64)


@dataclass(frozen=True)
class Form:
    """One date form: its name as the map spells it, what it matches, and for an epoch the milliseconds of its unit."""

    name: str
    pattern: re.Pattern[str]
    epoch_ms: int = 0


@dataclass(frozen=True)
class Read:
    """Stamps of one column; arrays of one length.

    `wall_ms` are milliseconds since 1970 of the time as it was written, `MISSING_MS` for nothing and for the
    unreadable; where `exact` is set the text itself told the offset and `wall_ms` is UTC. `bad` marks cells that hold
    something which is no time in any of the forms.
    """

    wall_ms: I64
    exact: NDArray[np.bool_]
    bad: NDArray[np.bool_]


def form(name: str) -> Form:
    """The form a map names. Raises ValueError, with the reason, for a directive that is not known."""
    if name in {"epoch_s", "epoch_ms"}:
        return Form(name, re.compile(rf"\s*{_EPOCH}\s*"), 1000 if name == "epoch_s" else 1)
    if name == "iso":
        return Form(name, re.compile(rf"\s*{_ISO}\s*"))
    pattern, i = "", 0
    while i < len(name):
        if name[i] == "%":
            piece = _PIECES.get(name[i + 1 : i + 2])
            if piece is None:
                raise ValueError(f"%{name[i + 1 : i + 2]} in {name!r}; known: {' '.join('%' + p for p in _PIECES)}")
            pattern, i = pattern + piece, i + 2
        else:
            pattern, i = pattern + (r"\s*" if name[i].isspace() else re.escape(name[i].upper())), i + 1
    try:
        found = re.compile(rf"\s*{pattern}\s*")
    except re.error as error:
        raise ValueError(f"{name!r} names one part twice") from error
    if not {"Y", "y"} & set(found.groupindex) or not {"m", "b"} & set(found.groupindex) or "d" not in found.groupindex:
        raise ValueError(f"{name!r} lacks a year, a month or a day")
    return Form(name, found)


class Cells:
    """A column of texts, grouped by shape once, so that many forms can be tried on it at little cost."""

    def __init__(self, cells: Sequence[str]) -> None:
        self._n = len(cells)
        width = min(max(map(len, cells), default=0) or 1, CELL_MAX_CHARS)
        chars = np.array(cells, dtype=f"U{width}").view(np.uint32).reshape(self._n, width).astype(np.int32)
        self._shapes = _shapes(chars) if self._n else []
        self._chars = chars

    def read(self, forms: Sequence[Form]) -> Read:
        """Read each cell by the first of the forms that fits its shape and gives a time that exists."""
        wall_ms = np.full(self._n, MISSING_MS, dtype=np.int64)
        exact = np.zeros(self._n, dtype=np.bool_)
        bad = np.zeros(self._n, dtype=np.bool_)
        for shape, members in self._shapes:
            if not shape.strip():
                continue
            unread = members
            for candidate in forms:
                match = candidate.pattern.fullmatch(shape) if len(shape) < CELL_MAX_CHARS else None
                if match is None or not len(unread):
                    continue
                found = _take(self._chars[unread], match, candidate)
                wall_ms[unread] = found
                exact[unread] = bool(candidate.epoch_ms or match.groupdict().get("z"))
                unread = unread[found == MISSING_MS]
            bad[unread] = True
        return Read(wall_ms, exact & ~bad, bad)

    def fits(self, candidate: Form) -> bool:
        """Whether any cell has a shape that the form matches."""
        return any(candidate.pattern.fullmatch(shape) for shape, _ in self._shapes if shape.strip())


def _shapes(chars: NDArray[np.int32]) -> list[tuple[str, NDArray[np.int64]]]:
    """The distinct shapes, each with the rows that have it; digits are written 0, letters in capitals."""
    kinds = np.where((chars >= 48) & (chars <= 57), 48, chars)
    kinds = np.where((kinds >= 97) & (kinds <= 122), kinds - 32, kinds)
    with np.errstate(over="ignore"):
        sums = kinds.astype(np.int64) @ _WEIGHTS[: chars.shape[1]]
    order = np.argsort(sums, kind="stable")
    starts = np.flatnonzero(np.diff(sums[order], prepend=sums[order[0]] - 1))
    shapes = []
    for members in np.split(order, starts[1:]):
        same = (kinds[members] == kinds[members[0]]).all(axis=1)
        shapes.append((_text(kinds[members[0]]), members[same]))
        # Two shapes with one sum: the rest one by one, which keeps the rule and costs only the crafted file.
        shapes += [(_text(kinds[other]), np.array([other])) for other in members[~same]]
    return shapes


def _text(kinds: NDArray[np.int32]) -> str:
    return "".join(map(chr, kinds)).rstrip("\0")


def _take(chars: NDArray[np.int32], match: re.Match[str], candidate: Form) -> I64:
    """Milliseconds of every row of one shape, `MISSING_MS` where the numbers make no time that exists."""
    groups = match.groupdict()

    def number(name: str, otherwise: int = 0) -> I64:
        if groups.get(name) is None:
            return np.full(len(chars), otherwise, dtype=np.int64)
        return _number(chars, *match.span(name))

    if candidate.epoch_ms:
        moment = number("e") * candidate.epoch_ms
        first, last = (_days(np.array([year]), np.array([1]), np.array([1]))[0] * DAY_MS for year in YEARS)
        return np.where((moment >= first) & (moment < last), moment, MISSING_MS)
    year = number("Y")
    if groups.get("y") is not None:
        year = number("y") + np.where(number("y") < 69, 2000, 1900)  # POSIX: 69 to 99 are of the last century
    month = np.full(len(chars), _MONTHS.index(groups["b"]) + 1) if groups.get("b") else number("m")
    hour, minute, second = number("H"), number("M"), number("S")
    valid = np.ones(len(chars), dtype=np.bool_)
    if groups.get("I") is not None:
        twelve = number("I")
        valid &= (twelve >= 1) & (twelve <= 12)
        hour = twelve % 12 + (12 if groups.get("p") == "P" else 0)
    day = number("d")
    valid &= (year >= YEARS[0]) & (year < YEARS[1]) & (month >= 1) & (month <= 12)
    leap = (year % 4 == 0) & ((year % 100 != 0) | (year % 400 == 0))
    last_day = _MONTH_DAYS[np.clip(month, 1, 12) - 1] + (leap & (month == 2))
    valid &= (day >= 1) & (day <= last_day) & (hour < 24) & (minute < 60) & (second < 60)
    fraction_ms = _fraction_ms(number("f"), len(groups.get("f") or ""))
    seconds = _days(year, np.clip(month, 1, 12), day) * 86_400 + hour * 3600 + minute * 60 + second
    found: I64 = seconds * 1000 + fraction_ms - _offset_ms(chars, match)
    return np.where(valid, found, MISSING_MS)


def _number(chars: NDArray[np.int32], start: int, end: int) -> I64:
    value = np.zeros(len(chars), dtype=np.int64)
    for i in range(start, end):
        value = value * 10 + (chars[:, i] - 48)
    return value


def _fraction_ms(digits: I64, n_digits: int) -> I64:
    return digits * np.int64(10 ** (9 - n_digits)) // np.int64(1_000_000)


def _offset_ms(chars: NDArray[np.int32], match: re.Match[str]) -> I64 | int:
    text = match.groupdict().get("z")
    if not text or text[0] not in "+-":
        return 0
    start, end = match.span("z")
    hours = _number(chars, start + 1, start + 3)
    minutes = _number(chars, end - 2, end) if end - start > 3 else 0
    return (hours * 60 + minutes) * 60_000 * (1 if text[0] == "+" else -1)


def _days(year: I64, month: I64, day: I64) -> I64:
    """Days since 1970-01-01 in the proleptic Gregorian calendar."""
    past = year - 1
    leap = (year % 4 == 0) & ((year % 100 != 0) | (year % 400 == 0))
    before = past * 365 + past // 4 - past // 100 + past // 400
    days: I64 = before + _CUMULATIVE_DAYS[month - 1] + (leap & (month > 2)) + day - 1 - 719_162
    return days
