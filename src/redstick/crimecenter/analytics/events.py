"""Events as the methods take them: positions in metres on a plane, a day, and what kind; read from a table."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from pyproj import CRS, Transformer

from redstick.crimecenter.analytics.days import Days, MixedOrderError, read_days
from redstick.protocols.sheets.faults import SheetFault
from redstick.protocols.sheets.rows import open_rows

F64 = NDArray[np.float64]
I64 = NDArray[np.int64]

X_NAMES = ("x_m", "easting", "x")
Y_NAMES = ("y_m", "northing", "y")
LONGITUDE_NAMES = ("longitude", "lon", "lng", "long", "lon (100)")
LATITUDE_NAMES = ("latitude", "lat", "lat (100)")
DATE_NAMES = ("date", "day", "datetime", "reported", "occurred", "call_date", "received")
KIND_NAMES = ("kind", "type", "offense", "offence", "category")
METRE_NAMES = {"x_m", "y_m", "easting", "northing"}
FAR_M = 200_000.0  # from the middle of the events: nobody's city is wider, but a slipped digit is
DEGREE_M = 111_000.0


class EventsError(Exception):
    """A file that is not what it was said to be: names the file, the row and what was expected."""

    def __init__(self, file: str, row: int | None, expected: str) -> None:
        place = file if row is None else f"{file}, row {row}"
        super().__init__(f"{place}: expected {expected}")


@dataclass(frozen=True)
class Events:
    """`n` events: metres east and north on one plane, whole days (proleptic ordinal), kinds as texts.

    `skipped` counts rows left out, by reason, and `notes` say what a reader must know of how the file was read: nothing
    is left out or guessed silently. `to_degrees` is the way back where the file gave degrees; `step_m` the grid to
    which its positions are rounded, where that is coarse.
    """

    x_m: F64
    y_m: F64
    day: I64
    kind: list[str]
    skipped: Mapping[str, int]
    source: str
    to_degrees: Transformer | None = None
    step_m: float | None = None
    notes: tuple[str, ...] = ()

    def __len__(self) -> int:
        return len(self.x_m)

    def where(self, kept: NDArray[np.bool_]) -> "Events":
        """The marked events, (n,), in their order."""
        kinds = [self.kind[i] for i in np.flatnonzero(kept)]
        return replace(self, x_m=self.x_m[kept], y_m=self.y_m[kept], day=self.day[kept], kind=kinds)


@dataclass(frozen=True)
class Columns:
    """Names of the columns to read; None is found by the usual names.

    `exclude` are (column, value) pairs of rows to leave out, such as officer-initiated calls; of `only`, the values of
    one column add up and columns narrow down.
    """

    x: str | None = None
    y: str | None = None
    date: str | None = None
    kind: str | None = None
    exclude: tuple[tuple[str, str], ...] = ()
    only: tuple[tuple[str, str], ...] = ()


@dataclass
class _Rows:
    """The columns of the rows that are kept, as texts, with the row each stands on."""

    rows: list[int]
    x: list[str]
    y: list[str]
    date: list[str]
    kind: list[str]
    skipped: Counter[str]


def read_events(path: Path, columns: Columns | None = None) -> Events:
    """Read a CSV (may be gzipped) or a workbook. Degrees are projected to a plane of their own middle.

    Raises EventsError for a file without the needed columns, without a usable row, or whose dates contradict each
    other. Rows that cannot be read are skipped and counted by reason.
    """
    wanted = columns or Columns()
    if (wanted.x is None) != (wanted.y is None):
        raise EventsError(path.name, None, "both columns of a position, or neither")
    try:
        found, names = _texts(path, wanted)
    except SheetFault as fault:
        raise EventsError(path.name, fault.row, fault.expected.removeprefix("expected ")) from fault
    days = _days(path, found)
    x, y = (_numbers(texts) for texts in (found.x, found.y))
    degrees = _are_degrees(names, x, y)
    placed = np.isfinite(x) & np.isfinite(y)
    if degrees:
        placed &= (np.abs(x) <= 180) & (np.abs(y) <= 90) & ~((x == 0) & (y == 0))
    dated = np.array([day is not None for day in days.days], dtype=np.bool_)
    found.skipped.update({"no usable position": int((~placed).sum()), "no usable date": int((placed & ~dated).sum())})
    kept = np.flatnonzero(placed & dated)
    if not len(kept):
        raise EventsError(
            path.name, None, f"at least one event with a position and a date; skipped: {_counts(found.skipped)}"
        )
    step = _step(found, kept) if degrees else None
    x_m, y_m, back = _plane(x[kept], y[kept]) if degrees else (x[kept], y[kept], None)
    day = np.array([days.days[at] for at in kept], np.int64)
    events = Events(x_m, y_m, day, [found.kind[at] for at in kept], {}, path.name, back, step, _notes(days.note, step))
    return _near(events, found.skipped)


def _texts(path: Path, wanted: Columns) -> tuple[_Rows, tuple[str, str]]:
    """The wanted columns of every row that is not refused, and the names of the position's."""
    rows = open_rows(path)
    number, head = next(rows, (1, []))
    head = [cell.strip() for cell in head]
    if not head:
        raise EventsError(path.name, None, "a header row and events; the file is empty")
    x_name, y_name = _place_columns(path, number, head, wanted)
    date_name = wanted.date or _found(path, number, head, DATE_NAMES, "a column with the date")
    kind_name = wanted.kind or next((name for name in head if name.lower() in KIND_NAMES), None)
    asked = [x_name, y_name, date_name, *([kind_name] if kind_name else [])]
    _require(path, number, head, [*asked, *[name for name, _ in (*wanted.exclude, *wanted.only)]])
    index = {name: place for place, name in enumerate(head)}
    x, y, at, kind = index[x_name], index[y_name], index[date_name], index[kind_name] if kind_name else None
    found = _Rows([], [], [], [], [], Counter())
    for number, row in rows:
        reason = _refusal(row, head, index, wanted)
        if reason:
            found.skipped[reason] += 1
            continue
        found.rows.append(number)
        found.x.append(row[x].strip())
        found.y.append(row[y].strip())
        found.date.append(row[at].strip())
        found.kind.append("" if kind is None else row[kind].strip())
    return found, (x_name, y_name)


def _place_columns(path: Path, row: int, head: Sequence[str], wanted: Columns) -> tuple[str, str]:
    """Names of east and north."""
    if wanted.x and wanted.y:
        return wanted.x, wanted.y
    lower = {name.lower(): name for name in reversed(head)}
    for east, north in ((X_NAMES[:2], Y_NAMES[:2]), (LONGITUDE_NAMES, LATITUDE_NAMES), (X_NAMES, Y_NAMES)):
        found = [next((lower[name] for name in names if name in lower), None) for names in (east, north)]
        if found[0] and found[1]:
            return found[0], found[1]
    raise EventsError(path.name, row, f"columns x_m and y_m, or longitude and latitude; there are: {_some(head)}")


def _found(path: Path, row: int, head: Sequence[str], names: tuple[str, ...], what: str) -> str:
    lower = {name.lower(): name for name in reversed(head)}
    found = next((lower[name] for name in names if name in lower), None)
    if found is None:
        raise EventsError(path.name, row, f"{what}, such as {names[0]}; there are: {_some(head)}")
    return found


def _require(path: Path, row: int, head: Sequence[str], names: Sequence[str]) -> None:
    for name in names:
        if name not in head:
            raise EventsError(path.name, row, f"a column {name!r}; there are: {_some(head)}")
        if head.count(name) > 1:
            raise EventsError(path.name, row, f"one column {name!r}; there are {head.count(name)}")


def _some(head: Sequence[str]) -> str:
    """The names of a header, in one line of bearable length."""
    shown = ", ".join(" ".join(name[:40].split()) for name in head[:30])
    return shown if len(shown) <= 300 else f"{shown[:300]} …"


def _refusal(row: Sequence[str], head: Sequence[str], index: Mapping[str, int], wanted: Columns) -> str | None:
    if len(row) != len(head):
        return "another number of cells than the header"
    for name, value in wanted.exclude:
        if row[index[name]].strip() == value:
            return f"excluded: {name} is {value}"
    for name in dict.fromkeys(name for name, _ in wanted.only):
        if (name, row[index[name]].strip()) not in wanted.only:
            return f"not asked for: another {name}"
    return None


def _days(path: Path, found: _Rows) -> Days:
    try:
        return read_days(found.date)
    except MixedOrderError as error:
        day, month = (found.date[at][:10] for at in (error.day_first, error.month_first))
        row, other = found.rows[error.day_first], found.rows[error.month_first]
        expected = f"dates in one order; here the day stands first ({day}), in row {other} the month ({month})"
        raise EventsError(path.name, row, expected) from error


def _numbers(texts: Sequence[str]) -> F64:
    """Each text as a number, NaN where it is none."""
    out = np.full(len(texts), np.nan)
    for at, text in enumerate(texts):
        try:
            out[at] = float(text)
        except ValueError:
            continue
    out[np.isinf(out)] = np.nan
    return out


def _are_degrees(names: tuple[str, str], x: F64, y: F64) -> bool:
    """By the columns' names where these say so, else by their figures: no city lies within 180 by 90 metres of zero."""
    lower = {name.lower() for name in names}
    if lower <= METRE_NAMES:
        return False
    if lower & set(LONGITUDE_NAMES):
        return True
    figures = np.isfinite(x) & np.isfinite(y)
    return bool(figures.any() and (np.abs(x[figures]) <= 180).all() and (np.abs(y[figures]) <= 90).all())


def _step(found: _Rows, kept: NDArray[np.intp]) -> float | None:
    """The grid in metres of degrees that are rounded to three decimals or fewer."""
    most = 0
    for at in kept:
        for text in (found.x[at], found.y[at]):
            most = max(most, len(text.partition(".")[2].rstrip("0")))
            if most > 3:
                return None
    return float(DEGREE_M / 10**most)


def _notes(days: str, step: float | None) -> tuple[str, ...]:
    rounded = ""
    if step is not None:
        rounded = f"Positions are rounded to about {step:,.0f} m: what looks like the same place need not be."
    return tuple(note for note in (days, rounded) if note)


def _near(events: Events, skipped: Counter[str]) -> Events:
    """Without positions far from all others, which are counted."""
    far = np.hypot(events.x_m - np.median(events.x_m), events.y_m - np.median(events.y_m)) > FAR_M
    if far.any():
        skipped[f"more than {FAR_M / 1000:.0f} km from the middle of the events"] = int(far.sum())
        events = events.where(~far)
    return replace(events, skipped={reason: count for reason, count in sorted(skipped.items()) if count})


def _counts(skipped: Mapping[str, int]) -> str:
    return "; ".join(f"{reason}: {count:,}" for reason, count in sorted(skipped.items()) if count) or "none"


def _plane(longitude: F64, latitude: F64) -> tuple[F64, F64, Transformer]:
    """A transverse Mercator plane through the middle of the events: true to scale within a city."""
    middle = (float(np.median(longitude)), float(np.median(latitude)))
    plane = CRS.from_proj4(f"+proj=tmerc +lon_0={middle[0]:.4f} +lat_0={middle[1]:.4f} +datum=WGS84 +units=m")
    forth = Transformer.from_crs("EPSG:4326", plane, always_xy=True)
    x_m, y_m = forth.transform(longitude, latitude)
    return np.asarray(x_m), np.asarray(y_m), Transformer.from_crs(plane, "EPSG:4326", always_xy=True)
