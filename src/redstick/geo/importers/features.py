"""One shape for every vector file: a table of columns beside a list of geometries in WGS 84 degrees.

`read_features` picks the reader by the file's ending: `.geojson` and `.json` (also `.gz`) are read here in
`geojson`, `.csv` in `csv_points`, everything else (`.shp`, `.zip`, `.gdb`, `.gpkg`) by GDAL in `vector`.
"""

from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import shapely
from numpy.typing import NDArray

from redstick.geo.importers.fault import InputFault
from redstick.geo.roads import E7

TEXT_LIMIT = 256  # characters; nothing that names a street, a place or a zone is longer
DEGREES = "longitudes of -180 to 180 and latitudes of -90 to 90 degrees"


@dataclass(frozen=True)
class FeatureTable:
    """The features of a file: `columns[name][i]` and `shapes[i]` (a shapely geometry or None) speak of feature `i`.

    `first` is the number that people give the first feature: 1 for files without a heading, 2 for a CSV with one.
    """

    file: Path
    columns: dict[str, list[Any]]
    shapes: NDArray[np.object_]
    word: str = "feature"
    first: int = 1

    def __len__(self) -> int:
        """How many features there are."""
        return len(self.shapes)

    def where(self, index: int, column: str = "") -> str:
        """How people would name the place of feature `index`, and of a column in it."""
        place = f"{self.word} {index + self.first}"
        return f"{place}, column {column}" if column else place

    def column(self, name: str) -> list[Any]:
        """The values of a column; raises InputFault naming the columns that do exist."""
        if name not in self.columns:
            raise InputFault(self.file, "", f"there is no column {name!r}", f"one of {', '.join(self.columns)}")
        return self.columns[name]

    def text(self, name: str, index: int) -> str:
        """A value as trimmed text: whole floats lose their `.0`, None is empty; refuses more than TEXT_LIMIT."""
        value = self.columns[name][index]
        if value is None or value != value:  # noqa: PLR0124  (NaN is how GDAL says null)
            return ""
        if isinstance(value, (float, np.floating)) and float(value).is_integer():
            value = int(value)
        text = str(value).strip()
        if len(text) > TEXT_LIMIT:
            raise InputFault(
                self.file,
                self.where(index, name),
                f"a text of {len(text):,} characters ({text[:20]}…)",
                f"at most {TEXT_LIMIT}",
            )
        if not text.isprintable():
            raise InputFault(self.file, self.where(index, name), f"unprintable characters in {text!r}", "plain text")
        return text

    def whole(self, name: str, index: int) -> int | None:
        """A value as a whole number of at most nine digits; 0 where it is empty, None where it is none."""
        text = self.text(name, index)
        if not text:
            return 0
        digits = text.removesuffix(".0")
        return int(digits) if digits.isascii() and digits.isdigit() and len(digits) <= 9 else None


def read_features(path: Path, *, layer: str | None = None, crs: str | None = None) -> FeatureTable:
    """Read any supported vector file. `layer` picks a layer of a geodatabase, `crs` declares an undeclared system.

    Raises InputFault for a file that is absent, empty, torn, mis-encoded or without a declared coordinate system.
    """
    path = Path(path)
    if not path.exists():
        raise InputFault(path, "", "there is no such file", "a GeoJSON, shapefile, geodatabase or CSV")
    if path.is_file() and path.stat().st_size == 0:
        raise InputFault(path, "", "the file is empty", "features")
    table = _read(path, layer, crs)
    if not len(table):
        raise InputFault(path, "", "it holds no features", "at least one")
    return table


def _read(path: Path, layer: str | None, crs: str | None) -> FeatureTable:
    """The readers are imported here: they need FeatureTable, and GDAL's takes a second that others need not wait."""
    ending = path.name.lower().removesuffix(".gz")
    if ending.endswith((".geojson", ".json")):
        from redstick.geo.importers.geojson import read_geojson  # noqa: PLC0415  (it needs FeatureTable, above)

        return read_geojson(path)
    if ending.endswith(".csv"):
        from redstick.geo.importers.csv_points import read_csv_points  # noqa: PLC0415  (it needs FeatureTable, above)

        return read_csv_points(path)
    from redstick.geo.importers.vector import read_vector  # noqa: PLC0415  (it needs FeatureTable, above)

    return read_vector(path, layer=layer, crs=crs)


def check_degrees(table: FeatureTable, declared: str) -> None:
    """Refuse coordinates that cannot be WGS 84 degrees, saying what they look like."""
    points, owner = shapely.get_coordinates(table.shapes, return_index=True)
    finite = np.isfinite(points).all(axis=1)
    if not finite.all():
        at = int(owner[np.argmin(finite)])
        raise InputFault(table.file, table.where(at), "a coordinate is not a number", DEGREES)
    wrong = (np.abs(points[:, 0]) > 180) | (np.abs(points[:, 1]) > 90)
    if not wrong.any():
        return
    first = int(np.argmax(wrong))
    x, y = points[first]
    where = table.where(int(owner[first]))
    if abs(x) <= 90 and abs(y) <= 180:
        raise InputFault(table.file, where, f"({x:g}, {y:g}) has latitude and longitude swapped", "longitude first")
    raise InputFault(table.file, where, f"({x:g}, {y:g}) are not degrees, though the file is {declared}", DEGREES)


def to_e7(degrees: NDArray[np.float64]) -> NDArray[np.int32]:
    """Degrees as whole numbers of 1e-7 degrees."""
    return np.rint(np.asarray(degrees, np.float64) * E7).astype(np.int32)
