"""CSV files whose rows may carry a position in degrees: address points, stations, places, units."""

import csv
import io
import math
from pathlib import Path
from typing import Any

import numpy as np
import shapely

from redstick.geo.importers.fault import InputFault
from redstick.geo.importers.features import FeatureTable, check_degrees
from redstick.geo.importers.geojson import read_text

_LATITUDE = ("latitude", "lat", "y", "point_y", "lat_wgs84")
_LONGITUDE = ("longitude", "lon", "lng", "long", "x", "point_x", "lon_wgs84")


def read_csv(path: Path) -> FeatureTable:
    """A CSV with a heading as a table without geometries (all None). Row 1 is the heading, as spreadsheets count.

    Raises InputFault for ragged rows, repeated or empty headings and stray quotes, naming the row.
    """
    reader = csv.reader(io.StringIO(read_text(path), newline=""), strict=True)
    rows: list[list[str]] = []
    try:
        head = next(reader, None)
        for row in reader:
            rows.append(row)
            if head is not None and len(row) not in {0, len(head)}:
                raise InputFault(path, f"row {len(rows) + 1}", f"it has {len(row)} cells", f"{len(head)} cells")
    except csv.Error as error:
        raise InputFault(path, f"row {len(rows) + 2}", str(error), "a CSV row") from error
    if head is None or not any(head):
        raise InputFault(path, "row 1", "there is no heading", "names of columns")
    names = [name.strip() for name in head]
    if len(set(names)) != len(names) or "" in names:
        raise InputFault(path, "row 1", "a name of a column is empty or stands twice", "names of columns, each once")
    columns: dict[str, list[Any]] = {name: [row[i] if row else "" for row in rows] for i, name in enumerate(names)}
    return FeatureTable(path, columns, np.full(len(rows), None, object), word="row", first=2)


def read_csv_points(path: Path) -> FeatureTable:
    """A CSV with points from its latitude and longitude columns; a row with neither has None.

    Raises InputFault where the columns are missing or a cell is no number, naming the row.
    """
    table = read_csv(path)
    by_lower = {name.lower(): name for name in table.columns}
    latitude = next((by_lower[word] for word in _LATITUDE if word in by_lower), "")
    longitude = next((by_lower[word] for word in _LONGITUDE if word in by_lower), "")
    if not latitude or not longitude:
        found = f"no latitude and longitude among {', '.join(table.columns)[:200]}"
        raise InputFault(path, "row 1", found, "columns latitude and longitude")
    for index in range(len(table)):
        y, x = _degrees(table, latitude, index), _degrees(table, longitude, index)
        if x is not None and y is not None:
            table.shapes[index] = shapely.Point(x, y)
    check_degrees(table, "a CSV with latitude and longitude")
    return table


def _degrees(table: FeatureTable, column: str, index: int) -> float | None:
    text = table.text(column, index)
    if not text:
        return None
    try:
        value = float(text)
    except ValueError:
        value = math.nan
    if not math.isfinite(value):
        raise InputFault(table.file, table.where(index, column), f"{text!r} is not a number", "degrees")
    return value
