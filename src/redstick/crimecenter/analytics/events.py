"""Events as the methods take them: positions in metres on a plane, a day, and what kind; read from a CSV."""

import csv
import gzip
import math
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from pyproj import CRS, Transformer

F64 = NDArray[np.float64]
I64 = NDArray[np.int64]

X_NAMES = ("x_m", "x", "easting")
Y_NAMES = ("y_m", "y", "northing")
LONGITUDE_NAMES = ("longitude", "lon", "lng", "long")
LATITUDE_NAMES = ("latitude", "lat")
DATE_NAMES = ("date", "day", "datetime", "reported", "occurred", "call_date", "received")
KIND_NAMES = ("kind", "type", "offense", "offence", "category")
MAX_FIELD = 1 << 20


class EventsError(Exception):
    """A file that is not what it was said to be: names the file, the row and what was expected."""

    def __init__(self, file: str, row: int | None, expected: str) -> None:
        place = file if row is None else f"{file}, row {row}"
        super().__init__(f"{place}: expected {expected}")


@dataclass(frozen=True)
class Events:
    """`n` events: metres east and north on one plane, whole days (proleptic ordinal), kinds as texts.

    `geographic` is the transformer back to degrees where the file gave degrees. `skipped` counts rows left out, by
    reason; nothing is left out silently.
    """

    x_m: F64
    y_m: F64
    day: I64
    kind: list[str]
    skipped: Mapping[str, int]
    source: str
    to_degrees: Transformer | None = None

    def __len__(self) -> int:
        return len(self.x_m)

    def where(self, kept: NDArray[np.bool_]) -> "Events":
        """The marked events, (n,), in their order."""
        kinds = [self.kind[i] for i in np.flatnonzero(kept)]
        return Events(self.x_m[kept], self.y_m[kept], self.day[kept], kinds, self.skipped, self.source, self.to_degrees)


@dataclass(frozen=True)
class Columns:
    """Names of the columns to read; None is found by the usual names."""

    x: str | None = None
    y: str | None = None
    date: str | None = None
    kind: str | None = None
    exclude: tuple[tuple[str, str], ...] = ()  # (column, value): rows left out, such as officer-initiated calls


def read_events(path: Path, columns: Columns | None = None) -> Events:
    """Read a CSV (may be gzipped). Degrees are projected to a plane of their own middle; metres are taken as they are.

    Raises EventsError for a file without the needed columns or without a usable row. Rows that cannot be read are
    skipped and counted by reason.
    """
    wanted = columns or Columns()
    skipped: Counter[str] = Counter()
    xs, ys, days, kinds = [], [], [], []
    rows = _rows(path)
    head = next(rows, None)
    if head is None:
        raise EventsError(path.name, None, "a header row and events; the file is empty")
    x_name, y_name, degrees = _place_columns(path, head, wanted)
    date_name = wanted.date or _found(path, head, DATE_NAMES, "a column with the date")
    kind_name = wanted.kind or next((name for name in head if name.lower() in KIND_NAMES), None)
    _require(path, head, [x_name, y_name, date_name, *([kind_name] if kind_name else [])])
    _require(path, head, [name for name, _ in wanted.exclude])
    index = {name: place for place, name in enumerate(head)}
    for row in rows:
        reason = _refusal(row, head, index, wanted)
        x, y = (None, None) if reason else (_number(row[index[x_name]]), _number(row[index[y_name]]))
        day = None if reason else _day(row[index[date_name]])
        if reason is None and (x is None or y is None or (degrees and not (-180 <= x <= 180 and -90 <= y <= 90))):
            reason = "no usable position"
        if reason is None and day is None:
            reason = "no usable date"
        if reason is not None or x is None or y is None or day is None:
            skipped[reason or "unreadable"] += 1
            continue
        xs.append(x)
        ys.append(y)
        days.append(day)
        kinds.append(row[index[kind_name]].strip() if kind_name else "")
    if not xs:
        raise EventsError(path.name, None, f"at least one event with a position and a date; skipped: {dict(skipped)}")
    x_m, y_m, back = _plane(np.array(xs), np.array(ys)) if degrees else (np.array(xs), np.array(ys), None)
    return Events(x_m, y_m, np.array(days, np.int64), kinds, dict(sorted(skipped.items())), path.name, back)


def _rows(path: Path) -> Iterator[list[str]]:
    csv.field_size_limit(MAX_FIELD)
    opened = gzip.open if path.suffix == ".gz" else open
    number = 1
    try:
        with opened(path, "rt", encoding="utf-8-sig", newline="") as file:
            for number, row in enumerate(csv.reader(file), 1):
                yield [cell.strip() for cell in row] if number == 1 else row
    except UnicodeDecodeError as error:
        raise EventsError(path.name, number + 1, "UTF-8 text") from error
    except (csv.Error, gzip.BadGzipFile, EOFError) as error:
        raise EventsError(path.name, number + 1, f"a whole CSV file ({error})") from error
    except OSError as error:
        raise EventsError(path.name, None, f"a file that can be read ({error.strerror})") from error


def _place_columns(path: Path, head: list[str], wanted: Columns) -> tuple[str, str, bool]:
    """Names of east and north, and whether they are degrees."""
    if wanted.x and wanted.y:
        return wanted.x, wanted.y, wanted.x.lower() in LONGITUDE_NAMES
    lower = {name.lower(): name for name in reversed(head)}
    for east, north, degrees in ((X_NAMES, Y_NAMES, False), (LONGITUDE_NAMES, LATITUDE_NAMES, True)):
        found = [next((lower[name] for name in names if name in lower), None) for names in (east, north)]
        if found[0] and found[1]:
            return found[0], found[1], degrees
    raise EventsError(path.name, 1, f"columns x_m and y_m, or longitude and latitude; there are: {', '.join(head)}")


def _found(path: Path, head: list[str], names: tuple[str, ...], what: str) -> str:
    found = next((name for name in head if name.lower() in names), None)
    if found is None:
        raise EventsError(path.name, 1, f"{what}, such as {names[0]}; there are: {', '.join(head)}")
    return found


def _require(path: Path, head: list[str], names: list[str]) -> None:
    for name in names:
        if name not in head:
            raise EventsError(path.name, 1, f"a column {name!r}; there are: {', '.join(head)}")
        if head.count(name) > 1:
            raise EventsError(path.name, 1, f"one column {name!r}; there are {head.count(name)}")


def _refusal(row: list[str], head: list[str], index: Mapping[str, int], wanted: Columns) -> str | None:
    if len(row) != len(head):
        return "another number of cells than the header"
    for name, value in wanted.exclude:
        if row[index[name]].strip() == value:
            return f"excluded: {name} is {value}"
    return None


def _number(text: str) -> float | None:
    try:
        value = float(text)
    except ValueError:
        return None
    return value if math.isfinite(value) else None


def _day(text: str) -> int | None:
    """ISO dates and times; month-first dates with slashes, which American exports use."""
    text = text.strip()
    try:
        return date.fromisoformat(text[:10]).toordinal()
    except ValueError:
        pass
    try:
        return datetime.strptime(text.split()[0], "%m/%d/%Y").date().toordinal()  # noqa: DTZ007  (a day has no zone)
    except (ValueError, IndexError):
        return None


def _plane(longitude: F64, latitude: F64) -> tuple[F64, F64, Transformer]:
    """A transverse Mercator plane through the middle of the events: true to scale within a city."""
    middle = (float(np.median(longitude)), float(np.median(latitude)))
    plane = CRS.from_proj4(f"+proj=tmerc +lon_0={middle[0]:.4f} +lat_0={middle[1]:.4f} +datum=WGS84 +units=m")
    forth = Transformer.from_crs("EPSG:4326", plane, always_xy=True)
    x_m, y_m = forth.transform(longitude, latitude)
    return np.asarray(x_m), np.asarray(y_m), Transformer.from_crs(plane, "EPSG:4326", always_xy=True)
