"""The column map: a small TOML file that says what each column of a city's export is.

A person can read it, correct it and keep it under version control; `redstick columns guess` drafts it. Nothing about a
city stands in the code: what is odd about its export stands here. Keys that are not known are refused with their line,
because a misspelt key that is passed over is a column that is never read.

    redstick_columns = 1
    source = "…"                     what people should call it
    one_row_per = "unit"             or "call", or "snapshot" (each record shows what is open at one moment)
    time_zone = "America/Chicago"    an IANA name; times that carry their own offset keep it
    dates = ["%m/%d/%Y %H:%M"]       forms of the stamps, tried in order; also "iso", "epoch_s", "epoch_ms"
    missing = ["NULL"]               words that mean nothing was there, beside the empty cell

    [file]                           all optional: found out by looking
    kind, delimiter, encoding, sheet, records (where the rows are inside of a JSON value)

    [columns]                        category = "Column", or ["A", "B"] joined to one identity
    [stamps]                         stamp = "Column", or { columns = ["Date", "Time"], dates = ["…"] }
    [place]                          latitude and longitude, or point; order = "latitude_longitude"
    [split]                          category = "," where one cell holds a list
    [rows]                           key = ["incident"], repeats = "merge" or "keep"; snapshot_time = "Column"
    [codes.agency]                   the source's code = the word to show
"""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from redstick.dispatch.history.errors import HistoryError
from redstick.dispatch.history.map_text import line_of, map_text
from redstick.dispatch.history.model import CATEGORIES, ONE_ROW_PER, STAMPS

VERSION = 1
KINDS = ("csv", "json", "jsonl", "workbook")
POINT_ORDERS = ("latitude_longitude", "longitude_latitude")
REPEATS = ("keep", "merge")
MAP_MAX_BYTES = 1 << 20

_TABLES: dict[str, tuple[str, ...]] = {
    "file": ("kind", "delimiter", "encoding", "sheet", "records"),
    "columns": CATEGORIES,
    "stamps": STAMPS,
    "place": ("longitude", "latitude", "point", "order"),
    "split": CATEGORIES,
    "rows": ("key", "repeats", "snapshot_time"),
    "codes": CATEGORIES,
}
_TOP = ("redstick_columns", "source", "one_row_per", "time_zone", "dates", "missing", *_TABLES)


@dataclass(frozen=True)
class FileForm:
    """How the bytes are laid out; an empty value is found out by looking."""

    kind: str = ""
    delimiter: str = ""
    encoding: str = ""
    sheet: str = ""
    records: str = ""


@dataclass(frozen=True)
class StampSource:
    """The columns that make one stamp (two are joined by a space), and their own date forms where they differ."""

    columns: tuple[str, ...]
    dates: tuple[str, ...] = ()


@dataclass(frozen=True)
class PlaceSource:
    """Where the position stands: two columns, or one text with both numbers in `order`."""

    longitude: str = ""
    latitude: str = ""
    point: str = ""
    order: str = "latitude_longitude"

    @property
    def columns(self) -> tuple[str, ...]:
        """The columns that are read for a position."""
        return tuple(column for column in (self.latitude, self.longitude, self.point) if column)


@dataclass(frozen=True)
class ColumnMap:
    """What each column of an export is; see the module's text for the file it is kept in.

    `key` names the categories that identify a row; with `repeats` "merge" a later row of the same key completes and
    corrects the earlier one, it never becomes a second incident.
    """

    source: str
    one_row_per: str
    time_zone: str
    dates: tuple[str, ...] = ()
    missing: tuple[str, ...] = ()
    file: FileForm = field(default_factory=FileForm)
    categories: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    stamps: Mapping[str, StampSource] = field(default_factory=dict)
    place: PlaceSource = field(default_factory=PlaceSource)
    split: Mapping[str, str] = field(default_factory=dict)
    key: tuple[str, ...] = ()
    repeats: str = "keep"
    snapshot_time: str = ""
    codes: Mapping[str, Mapping[str, str]] = field(default_factory=dict)

    @property
    def source_columns(self) -> tuple[str, ...]:
        """Every column of the source that the map speaks of, each once, in the map's order."""
        names = [column for columns in self.categories.values() for column in columns]
        names += [column for stamp in self.stamps.values() for column in stamp.columns]
        names += [*self.place.columns, *([self.snapshot_time] if self.snapshot_time else [])]
        return tuple(dict.fromkeys(names))

    @property
    def mapped(self) -> tuple[str, ...]:
        """The categories and stamps that the source has, and "position" where it has one."""
        named = [name for name in CATEGORIES if name in self.categories]
        named += [name for name in STAMPS if name in self.stamps]
        return (*named, *(["position"] if self.place.columns else []))

    @classmethod
    def load(cls, path: Path) -> "ColumnMap":
        """Read and check a map. Raises HistoryError with the line of the first thing that cannot be right."""
        if not path.is_file():
            raise HistoryError(str(path), None, None, "there is no such column map")
        raw = path.read_bytes()
        if len(raw) > MAP_MAX_BYTES:
            raise HistoryError(str(path), None, None, "a column map is a small TOML file; this one exceeds 1 MiB")
        try:
            return cls.parse(raw.decode("utf-8"), str(path))
        except UnicodeDecodeError as error:
            raise HistoryError(str(path), None, None, "a column map is UTF-8 text") from error

    @classmethod
    def parse(cls, text: str, name: str = "column map") -> "ColumnMap":
        """As `load`, from text; `name` stands for the file in errors."""
        try:
            tables = tomllib.loads(text)
        except tomllib.TOMLDecodeError as error:
            raise HistoryError(name, None, None, f"TOML: {error}") from error
        return _Check(text, name).map(tables)

    def text(self, comments: Mapping[str, list[str]] | None = None) -> str:
        """The map as TOML; `comments` maps "table.key" (or "key" at the top) to lines to put above it."""
        return map_text(self.tables(), comments or {})

    def save(self, path: Path, comments: Mapping[str, list[str]] | None = None) -> None:
        """Write the map; a temporary file beside it is renamed, so that nothing half-written remains."""
        beside = path.with_name(path.name + ".part")
        beside.write_text(self.text(comments), encoding="utf-8")
        beside.replace(path)

    def tables(self) -> dict[str, Any]:
        """The map as plain values, as it is written."""
        form, place = self.file, self.place
        stamps = {
            name: (
                {"columns": list(stamp.columns), **({"dates": list(stamp.dates)} if stamp.dates else {})}
                if stamp.dates or len(stamp.columns) > 1
                else stamp.columns[0]
            )
            for name, stamp in self.stamps.items()
        }
        order = {"order": place.order} if place.point else {}
        rows = {
            "key": list(self.key),
            "repeats": self.repeats if self.key else "",
            "snapshot_time": self.snapshot_time,
        }
        tables: dict[str, Any] = {
            "redstick_columns": VERSION,
            "source": self.source,
            "one_row_per": self.one_row_per,
            "time_zone": self.time_zone,
            "dates": list(self.dates),
            "missing": list(self.missing),
            "file": {k: getattr(form, k) for k in _TABLES["file"] if getattr(form, k)},
            "columns": {k: list(v) if len(v) > 1 else v[0] for k, v in self.categories.items()},
            "stamps": stamps,
            "place": {k: getattr(place, k) for k in _TABLES["place"][:3] if getattr(place, k)} | order,
            "split": dict(self.split),
            "rows": {k: v for k, v in rows.items() if v},
            "codes": {k: dict(v) for k, v in self.codes.items()},
        }
        return {k: v for k, v in tables.items() if v not in ([], {})}


class _Check:
    """Turns TOML tables into a map, refusing with the line what cannot be right."""

    def __init__(self, text: str, name: str) -> None:
        self.text, self.name = text, name

    def refuse(self, where: str, expected: str) -> HistoryError:
        return HistoryError(self.name, line_of(self.text, where), where, expected)

    def map(self, tables: dict[str, Any]) -> ColumnMap:
        self.known("", tables, _TOP)
        if tables.get("redstick_columns") != VERSION:
            raise self.refuse("redstick_columns", f"redstick_columns = {VERSION} (the version of this form)")
        for name, known in _TABLES.items():
            self.known(name, self.table(name, tables.get(name, {})), known)
        rows = tables.get("rows", {})
        found = ColumnMap(
            source=self.words("source", tables.get("source", "")),
            one_row_per=self.one_of("one_row_per", tables.get("one_row_per", ""), ONE_ROW_PER),
            time_zone=self.zone(tables.get("time_zone", "")),
            dates=self.list_of("dates", tables.get("dates", [])),
            missing=self.list_of("missing", tables.get("missing", [])),
            file=self.form(tables.get("file", {})),
            categories={k: self.list_of(f"columns.{k}", v) for k, v in tables.get("columns", {}).items()},
            stamps={k: self.stamp(f"stamps.{k}", v) for k, v in tables.get("stamps", {}).items()},
            place=self.place(tables.get("place", {})),
            split={k: self.words(f"split.{k}", v) for k, v in tables.get("split", {}).items()},
            key=self.list_of("rows.key", rows.get("key", [])),
            repeats=self.one_of("rows.repeats", rows.get("repeats", "keep"), REPEATS),
            snapshot_time=self.words("rows.snapshot_time", rows.get("snapshot_time", "")),
            codes={k: self.codes(f"codes.{k}", v) for k, v in tables.get("codes", {}).items()},
        )
        self.whole(found)
        return found

    def whole(self, found: ColumnMap) -> None:
        """What must hold between the parts."""
        if not {"call", "incident"} & set(found.categories):
            raise self.refuse("columns", "a column for `call` or for `incident`: rows must belong to something")
        if found.one_row_per == "unit" and "unit" not in found.categories:
            raise self.refuse("columns", "a column for `unit`, since there is one row per unit")
        if found.one_row_per == "snapshot" and not found.snapshot_time:
            raise self.refuse("rows", "rows.snapshot_time: the column that says when each snapshot was taken")
        for name in (*found.key, *found.split, *found.codes):
            if name not in found.categories:
                raise self.refuse("rows.key" if name in found.key else "columns", f"a column for {name!r}, used below")
        for name, stamp in found.stamps.items():
            if not stamp.columns:
                raise self.refuse(f"stamps.{name}", "at least one column")

    def known(self, table: str, entries: Mapping[str, Any], known: tuple[str, ...]) -> None:
        for key in entries:
            if key not in known:
                where = f"{table}.{key}" if table else key
                raise self.refuse(where, f"no such key; known here: {', '.join(known)}")

    def table(self, where: str, value: Any) -> Mapping[str, Any]:
        if not isinstance(value, dict):
            raise self.refuse(where, f"a table [{where}]")
        return value

    def words(self, where: str, value: Any) -> str:
        if not isinstance(value, str):
            raise self.refuse(where, "a text in quotation marks")
        return value

    def one_of(self, where: str, value: Any, known: tuple[str, ...]) -> str:
        if value not in known:
            raise self.refuse(where, f"one of {', '.join(known)}")
        return str(value)

    def list_of(self, where: str, value: Any) -> tuple[str, ...]:
        items = [value] if isinstance(value, str) else value
        if not isinstance(items, list) or not all(isinstance(item, str) and item for item in items):
            raise self.refuse(where, "a text or a list of texts")
        return tuple(items)

    def zone(self, value: Any) -> str:
        name = self.words("time_zone", value)
        try:
            ZoneInfo(name)
        except (ZoneInfoNotFoundError, ValueError, OSError) as error:
            raise self.refuse("time_zone", f"an IANA time zone such as America/Chicago, not {name!r}") from error
        return name

    def form(self, table: Mapping[str, Any]) -> FileForm:
        form = FileForm(**{k: self.words(f"file.{k}", v) for k, v in table.items()})
        if form.kind:
            self.one_of("file.kind", form.kind, KINDS)
        if len(form.delimiter) > 1:
            raise self.refuse("file.delimiter", "one character")
        return form

    def stamp(self, where: str, value: Any) -> StampSource:
        if not isinstance(value, dict):
            return StampSource(self.list_of(where, value))
        self.known(where, value, ("columns", "dates"))
        return StampSource(self.list_of(where, value.get("columns", [])), self.list_of(where, value.get("dates", [])))

    def place(self, table: Mapping[str, Any]) -> PlaceSource:
        place = PlaceSource(**{k: self.words(f"place.{k}", v) for k, v in table.items()})
        self.one_of("place.order", place.order, POINT_ORDERS)
        if bool(place.longitude) != bool(place.latitude) or (place.point and place.longitude):
            raise self.refuse("place", "both longitude and latitude, or point")
        return place

    def codes(self, where: str, value: Any) -> dict[str, str]:
        return {k: self.words(f"{where}.{k}", v) for k, v in self.table(where, value).items()}
