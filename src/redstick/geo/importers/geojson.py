"""GeoJSON (RFC 7946), plain or gzipped. The `crs` member of its 2008 ancestor is honoured where it stands."""

import gzip
import json
import math
import zlib
from pathlib import Path
from typing import Any

import numpy as np
import shapely

from redstick.geo.importers.crs import to_wgs84
from redstick.geo.importers.fault import InputFault
from redstick.geo.importers.features import FeatureTable, check_degrees

# Geometry type -> how deep its positions are nested, and what makes it.
_DEPTH = {"Point": 0, "MultiPoint": 1, "LineString": 1, "MultiLineString": 2, "Polygon": 2, "MultiPolygon": 3}


def read_bytes(path: Path) -> bytes:
    """The content of a file, unpacked where its name ends in `.gz`; raises InputFault on a torn archive."""
    if not path.name.lower().endswith(".gz"):
        return path.read_bytes()
    try:
        return gzip.decompress(path.read_bytes())
    except (OSError, EOFError, zlib.error) as error:
        raise InputFault(path, "", f"the gzip archive is torn or is none ({error})", "a whole gzip file") from error


def read_text(path: Path) -> str:
    """The text of a UTF-8 file without its byte order mark; raises InputFault naming the line of the first bad byte."""
    content = read_bytes(path)
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = content.count(b"\n", 0, error.start) + 1
        bad = content[error.start : error.start + 1].hex()
        raise InputFault(path, f"line {line}, byte {error.start}", f"0x{bad} is not UTF-8", "UTF-8 text") from error


def read_geojson(path: Path) -> FeatureTable:
    """Read a FeatureCollection. Raises InputFault for anything that is not one, naming the feature."""
    try:
        document = json.loads(read_text(path))
    except RecursionError as error:
        raise InputFault(path, "", "it is nested beyond reason", "a GeoJSON FeatureCollection") from error
    except ValueError as error:
        raise InputFault(path, "", f"it is not JSON, or is cut short ({error})", "a FeatureCollection") from error
    features = document.get("features") if isinstance(document, dict) else None
    if not isinstance(features, list) or document.get("type") != "FeatureCollection":
        raise InputFault(path, "", "it is not a FeatureCollection", '{"type": "FeatureCollection", "features": […]}')
    table = _table(path, features)
    crs = document.get("crs")
    declared = "GeoJSON, which is in degrees (RFC 7946 §4)"
    if crs is not None:
        name = crs.get("properties", {}).get("name") if isinstance(crs, dict) else None
        if not isinstance(name, str):
            raise InputFault(path, "crs", f"{crs!r} names no coordinate system", "a name such as EPSG:2227, or none")
        declared = f"declared as {name}"
        check_finite(table)
        table = FeatureTable(path, table.columns, to_wgs84(path, table.shapes, name))
    check_degrees(table, declared)
    return table


def check_finite(table: FeatureTable) -> None:
    """Refuse NaN and infinite coordinates before they reach a projection, which would hide them."""
    points, owner = shapely.get_coordinates(table.shapes, return_index=True)
    finite = np.isfinite(points).all(axis=1)
    if not finite.all():
        where = table.where(int(owner[np.argmin(finite)]))
        raise InputFault(table.file, where, "a coordinate is not a number", "finite coordinates")


def _table(path: Path, features: list[Any]) -> FeatureTable:
    names: dict[str, None] = {}
    for number, feature in enumerate(features, 1):
        if not isinstance(feature, dict) or feature.get("type") != "Feature":
            raise InputFault(path, f"feature {number}", "it is not a Feature", '{"type": "Feature", …}')
        if not isinstance(feature.get("properties") or {}, dict):
            raise InputFault(path, f"feature {number}", "its properties are no object", "names and values, or null")
        names.update(dict.fromkeys(feature.get("properties") or {}))
    rows = [feature.get("properties") or {} for feature in features]
    columns = {
        name: [_plain(path, number, name, row.get(name)) for number, row in enumerate(rows, 1)] for name in names
    }
    shapes = np.empty(len(features), object)
    for index, feature in enumerate(features):
        shapes[index] = _shape(path, index + 1, feature.get("geometry"))
    return FeatureTable(path, columns, shapes)


def _plain(path: Path, number: int, name: str, value: Any) -> Any:
    """A property as it is; refuses NaN and infinities, which JSON does not have."""
    if isinstance(value, float) and not math.isfinite(value):
        raise InputFault(path, f"feature {number}, column {name}", f"{value} is not JSON", "a number, a text or null")
    return value


def _shape(path: Path, number: int, geometry: Any) -> Any:
    if geometry is None:
        return None
    where = f"feature {number}"
    kind = geometry.get("type") if isinstance(geometry, dict) else None
    if not isinstance(kind, str) or kind not in _DEPTH:
        raise InputFault(path, where, f"its geometry is {kind!r}", f"one of {', '.join(_DEPTH)}, or null")
    try:
        return _build(kind, geometry["coordinates"])
    except (KeyError, ValueError, TypeError, IndexError, shapely.errors.ShapelyError) as error:
        raise InputFault(path, where, f"its {kind} cannot be built ({error})", "coordinates of that type") from error


def _build(kind: str, coordinates: Any) -> Any:
    """A shapely geometry of two dimensions; heights are dropped."""
    if kind == "Point":
        return shapely.Point(*_pairs([coordinates])[0])
    if kind == "LineString":
        return shapely.LineString(_pairs(coordinates))
    if kind == "Polygon":
        rings = [_pairs(ring) for ring in coordinates]
        return shapely.Polygon(rings[0], rings[1:])
    one = kind.removeprefix("Multi")
    parts = [_build(one, part) for part in coordinates]
    if not parts:
        raise ValueError("it has no parts")
    return {"Point": shapely.MultiPoint, "LineString": shapely.MultiLineString, "Polygon": shapely.MultiPolygon}[one](
        parts
    )


def _pairs(positions: Any) -> list[tuple[float, float]]:
    pairs = [(float(position[0]), float(position[1])) for position in positions]
    if not pairs:
        raise ValueError("it has no positions")
    return pairs
