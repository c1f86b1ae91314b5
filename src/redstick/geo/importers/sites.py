"""Stations, common places, mileposts, units: what a department lists by hand, in CSV, GeoJSON, shapefile or TOML."""

import tomllib
from collections.abc import Sequence
from decimal import Decimal, InvalidOperation
from pathlib import Path

import msgspec

from redstick.geo.city import Milepost, Place, Station, Unit
from redstick.geo.importers.addresses import point_of
from redstick.geo.importers.csv_points import read_csv
from redstick.geo.importers.fault import InputFault, Intake
from redstick.geo.importers.features import FeatureTable, read_features

_STATION = ("station", "station_id", "id", "number", "name")
_PLACE_NAME = ("name", "place", "common_name", "landmark", "label")
_UNIT = ("unit", "unit_id", "id", "callsign", "call_sign")


def import_stations(path: Path) -> tuple[tuple[Station, ...], Intake]:
    """Stations of a file with a column station (or id), optionally name and address; ids must differ."""
    table = read_features(path)
    intake = Intake("stations", str(path))
    key = _required(table, _STATION, "station")
    stations: dict[str, Station] = {}
    for index in range(len(table)):
        id_, point = table.text(key, index), point_of(table, index)
        if point is None or not id_:
            intake.skip("no position" if point is None else "no station id")
            continue
        if id_ in stations:
            raise InputFault(table.file, table.where(index, key), f"station {id_!r} stands twice", "each station once")
        name = _optional(table, ("name", "label"), index) or f"Station {id_}"
        stations[id_] = Station(id_, name, *point, _optional(table, ("address", "street_address"), index))
    intake.taken = len(stations)
    return tuple(stations[id_] for id_ in sorted(stations)), intake


def import_places(path: Path) -> tuple[tuple[Place, ...], Intake]:
    """Common places of a file with a column name; optionally kind, aliases (separated by `;`), address, city."""
    table = read_features(path)
    intake = Intake("places", str(path))
    key = _required(table, _PLACE_NAME, "name")
    places: list[Place] = []
    for index in range(len(table)):
        name, point = table.text(key, index), point_of(table, index)
        if point is None or not name:
            intake.skip("no position" if point is None else "no name")
            continue
        places.append(
            Place(
                id=_optional(table, ("id", "place_id"), index) or f"{path.name.split('.')[0]}.{index + table.first}",
                name=name,
                x=point[0],
                y=point[1],
                kind=_optional(table, ("kind", "type", "category"), index),
                aliases=_listed(_optional(table, ("aliases", "alias", "alt_name"), index)),
                address=_optional(table, ("address", "full_address"), index),
                area=_optional(table, ("municipality", "city"), index),
            )
        )
    intake.taken = len(places)
    return tuple(sorted(places, key=lambda place: (place.id, place.name))), intake


_DIRECTIONS = {"N": "N", "E": "E", "S": "S", "W": "W", "NB": "N", "EB": "E", "SB": "S", "WB": "W", "": ""}


def import_mileposts(path: Path) -> tuple[tuple[Milepost, ...], Intake]:
    """Mileposts of a file with columns route and measure; optionally direction, exit (yes or no) and label."""
    table = read_features(path)
    intake = Intake("mileposts", str(path))
    route = _required(table, ("route", "rte", "road", "route_name"), "route")
    measure = _required(table, ("measure", "milepost", "mile", "mm", "km", "post"), "measure")
    posts: set[Milepost] = set()
    for index in range(len(table)):
        point, name = point_of(table, index), table.text(route, index)
        if point is None or not name:
            intake.skip("no position" if point is None else "no route")
            continue
        heading = _optional(table, ("direction", "dir"), index).upper()
        if heading not in _DIRECTIONS:
            raise InputFault(path, table.where(index), f"direction {heading!r}", "one of N, E, S, W, or nothing")
        is_exit = _optional(table, ("exit", "is_exit"), index).lower() in {"yes", "true", "1", "y"}
        milli = _milli(table, measure, index)
        label = _optional(table, ("label", "letter", "suffix"), index)
        posts.add(Milepost(name, _DIRECTIONS[heading], milli, *point, label, is_exit))
    intake.taken = len(posts)
    return tuple(sorted(posts, key=milepost_order)), intake


def milepost_order(post: Milepost) -> tuple[str, str, bool, int, str, int, int]:
    """A total order: route, direction, posts before exits, measure."""
    return post.route, post.direction, post.exit, post.measure_milli, post.label, post.x, post.y


def _milli(table: FeatureTable, column: str, index: int) -> int:
    text = table.text(column, index)
    try:
        milli = Decimal(text) * 1000
    except InvalidOperation:
        milli = Decimal("NaN")
    if not milli.is_finite() or not 0 <= milli <= 10**8:
        raise InputFault(table.file, table.where(index, column), f"{text!r} is no measure", "miles or kilometres")
    return int(milli.to_integral_value())


class _UnitRow(msgspec.Struct, forbid_unknown_fields=True):
    id: str
    kind: str
    station: str = ""
    capabilities: list[str] = []
    agency: str = ""


class _UnitFile(msgspec.Struct, forbid_unknown_fields=True):
    units: list[_UnitRow]


def import_units(path: Path) -> tuple[tuple[Unit, ...], Intake]:
    """Units of a TOML file (`[[units]]` with id, kind, station, capabilities, agency) or of a CSV with those columns.

    In a CSV the capabilities are separated by `;`. Raises InputFault for a repeated id or a unit without a kind.
    """
    rows = _units_of_toml(path) if path.suffix.lower() == ".toml" else _units_of_csv(path)
    units: dict[str, Unit] = {}
    for where, row in rows:
        if not row.id or not row.kind:
            raise InputFault(path, where, "a unit without an id or a kind", "both, such as E39 and engine")
        if row.id in units:
            raise InputFault(path, where, f"unit {row.id!r} stands twice", "each unit once")
        capabilities = tuple(sorted(set(row.capabilities)))
        units[row.id] = Unit(row.id, row.kind, row.station, capabilities, row.agency)
    if not units:
        raise InputFault(path, "", "it lists no units", "at least one")
    intake = Intake("units", str(path), taken=len(units))
    return tuple(units[id_] for id_ in sorted(units)), intake


def _units_of_toml(path: Path) -> list[tuple[str, _UnitRow]]:
    try:
        file = msgspec.convert(tomllib.loads(path.read_text("utf-8")), _UnitFile)
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError, msgspec.ValidationError) as error:
        raise InputFault(path, "", str(error), "[[units]] with id, kind, station, capabilities, agency") from error
    return [(f"unit {number}", row) for number, row in enumerate(file.units, 1)]


def _units_of_csv(path: Path) -> list[tuple[str, _UnitRow]]:
    if not path.is_file():
        raise InputFault(path, "", "there is no such file", "units in TOML or CSV")
    table = read_csv(path)
    key = _required(table, _UNIT, "unit")
    kind = _required(table, ("kind", "type", "unit_type"), "kind")
    return [
        (
            table.where(index),
            _UnitRow(
                id=table.text(key, index),
                kind=table.text(kind, index),
                station=_optional(table, ("station", "station_id", "home"), index),
                capabilities=list(_listed(_optional(table, ("capabilities", "skills"), index))),
                agency=_optional(table, ("agency", "department"), index),
            ),
        )
        for index in range(len(table))
    ]


def _column(table: FeatureTable, words: Sequence[str]) -> str:
    by_lower = {name.lower(): name for name in table.columns}
    return next((by_lower[word] for word in words if word in by_lower), "")


def _required(table: FeatureTable, words: Sequence[str], what: str) -> str:
    name = _column(table, words)
    if not name:
        raise InputFault(
            table.file, "", f"no column {what!r} among {', '.join(table.columns)[:200]}", f"a column {what}"
        )
    return name


def _optional(table: FeatureTable, words: Sequence[str], index: int) -> str:
    name = _column(table, words)
    return table.text(name, index) if name else ""


def _listed(text: str) -> tuple[str, ...]:
    return tuple(part for part in (piece.strip() for piece in text.split(";")) if part)
