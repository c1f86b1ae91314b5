"""Zones (beats, fire districts, municipalities, ESNs) from polygons in GeoJSON, shapefiles and geodatabases."""

import re
from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import numpy as np
import shapely

from redstick.geo.city import Ring, Zone
from redstick.geo.importers.fault import InputFault, Intake
from redstick.geo.importers.features import FeatureTable, read_features
from redstick.geo.roads import E7

# The kinds that other parts of the system look for; a city may use further ones.
KINDS = ("beat", "fire_district", "station_area", "municipality", "esn", "ems_district", "psap", "other")

_ID = ("nguid", "id", "zone", "zone_id", "beat", "district", "esn", "esz", "code", "number", "geoid", "dgroup_id",
       "name", "label")  # fmt: skip
_NAME = ("name", "label", "dsplayname", "displayname", "title", "namelsad")
_FROM = ("effective_from", "effective", "effective_date", "effectivedate", "valid_from", "start_date")
_UNTIL = ("effective_until", "expire", "expiration", "expirationdate", "valid_until", "valid_to", "end_date")
_SHIFT = re.compile(r"^([01]\d|2[0-4]):?([0-5]\d)\s*-\s*([01]\d|2[0-4]):?([0-5]\d)$")


def import_zones(
    path: Path, kind: str, *, time_zone: str = "UTC", layer: str | None = None, crs: str | None = None
) -> tuple[tuple[Zone, ...], Intake]:
    """Zones of one file as one layer, named as the kind.

    The id, name, rank, shift (`19:00-07:00`) and effective dates are recognised by the names of columns; a date without
    a zone of its own is local. Features of one id and one validity are one zone. Raises InputFault for a shape that is
    no polygon or crosses itself.
    """
    table = read_features(path, layer=layer, crs=crs)
    intake = Intake(f"zones ({kind})", str(path))
    key = _column(table, _ID)
    if not key:
        intake.notes.append("no column looks like an id: zones are numbered in the order of the file")
    parts: dict[tuple[object, ...], list[tuple[Zone, Any]]] = {}
    for index in range(len(table)):
        shape = table.shapes[index]
        if shape is None or shape.is_empty:
            intake.skip("no geometry")
            continue
        id_ = (table.text(key, index) if key else "") or str(index + table.first)
        zone = _zone(table, index, id_, kind, ZoneInfo(time_zone))
        when = (zone.id, zone.effective_from_ms, zone.effective_until_ms, zone.shift)
        parts.setdefault(when, []).append((zone, shape))
    zones = [
        replace(same[0][0], polygons=rings_of(shapely.union_all([shape for _, shape in same])))
        for same in parts.values()
    ]
    intake.taken = len(zones)
    several = sum(len(same) > 1 for same in parts.values())
    if several:
        intake.notes.append(f"{several:,} zones stand in several features of the same id; joined")
    return tuple(sorted(zones, key=zone_order)), intake


def zone_order(zone: Zone) -> tuple[str, str, int, int, tuple[int, int]]:
    """A total order of zones: layer, id, then validity."""
    return zone.layer, zone.id, zone.effective_from_ms or 0, zone.effective_until_ms or 0, zone.shift or (0, 0)


def rings_of(shape: Any) -> tuple[tuple[Ring, ...], ...]:
    """A (multi)polygon in degrees as rings of 1e-7 degrees; outer rings run counter-clockwise (RFC 7946 §3.1.6)."""
    polygons = shape.geoms if shape.geom_type == "MultiPolygon" else [shape]
    found = []
    for polygon in polygons:
        turned = shapely.orient_polygons(polygon)
        rings = [
            np.rint(shapely.get_coordinates(ring) * E7).astype(np.int32)
            for ring in (turned.exterior, *turned.interiors)
        ]
        found.append(tuple(rings))
    return tuple(found)


def _zone(table: FeatureTable, index: int, id_: str, kind: str, local: ZoneInfo) -> Zone:
    shape = table.shapes[index]
    if shape.geom_type not in {"Polygon", "MultiPolygon"}:
        raise InputFault(table.file, table.where(index), f"its geometry is a {shape.geom_type}", "a polygon")
    if not shape.is_valid:
        found = f"zone {id_!r} is no proper polygon ({shapely.is_valid_reason(shape)})"
        raise InputFault(table.file, table.where(index), found, "rings that do not cross themselves or each other")
    return Zone(
        id=id_,
        name=_text(table, _NAME, index) or id_,
        layer=kind,
        kind=kind,
        polygons=(),
        rank=_rank(table, index),
        effective_from_ms=_moment(table, _FROM, index, local),
        effective_until_ms=_moment(table, _UNTIL, index, local),
        shift=_shift(table, index),
        attributes={name: text for name in sorted(table.columns) if (text := table.text(name, index))},
    )


def _column(table: FeatureTable, words: Sequence[str]) -> str:
    by_lower = {name.lower(): name for name in table.columns}
    return next((by_lower[word] for word in words if word in by_lower), "")


def _text(table: FeatureTable, words: Sequence[str], index: int) -> str:
    name = _column(table, words)
    return table.text(name, index) if name else ""


def _rank(table: FeatureTable, index: int) -> int:
    column = _column(table, ("rank", "priority"))
    if not column:
        return 0
    rank = table.whole(column, index)
    if rank is None:
        raise InputFault(table.file, table.where(index, column), repr(table.text(column, index)), "a whole number")
    return rank


def _moment(table: FeatureTable, words: Sequence[str], index: int, local: ZoneInfo) -> int | None:
    column = _column(table, words)
    text = table.text(column, index) if column else ""
    if not text:
        return None
    try:
        moment = datetime.fromisoformat(text.replace("/", "-"))
    except ValueError as error:
        raise InputFault(
            table.file, table.where(index, column), repr(text), "a date such as 2026-01-31T06:00"
        ) from error
    aware = moment if moment.tzinfo else moment.replace(tzinfo=local)
    return round(aware.astimezone(UTC).timestamp() * 1000)


def _shift(table: FeatureTable, index: int) -> tuple[int, int] | None:
    column = _column(table, ("shift", "hours"))
    text = table.text(column, index) if column else ""
    if not text:
        return None
    match = _SHIFT.match(text)
    if not match:
        raise InputFault(table.file, table.where(index, column), repr(text), "local hours such as 19:00-07:00")
    return int(match[1]) * 60 + int(match[2]), int(match[3]) * 60 + int(match[4])
