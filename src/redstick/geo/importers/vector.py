"""Shapefiles (also zipped), file geodatabases and everything else that GDAL reads, by pyogrio."""

import warnings
import zipfile
import zlib
from pathlib import Path
from typing import Any

import numpy as np
import pyogrio
import shapely
from numpy.typing import NDArray
from pyogrio.errors import DataLayerError, DataSourceError

from redstick.geo.importers.crs import to_wgs84
from redstick.geo.importers.fault import InputFault
from redstick.geo.importers.features import FeatureTable, check_degrees
from redstick.geo.importers.geojson import check_finite


def read_vector(path: Path, *, layer: str | None = None, crs: str | None = None) -> FeatureTable:
    """Read one layer with its geometries moved to WGS 84.

    `layer` is needed where a file has several layers with geometry. `crs` declares the system of a file that does not.
    Raises InputFault for a torn file, an undeclared coordinate system, mis-encoded text.
    """
    _check_whole(path)
    layer = layer or _only_layer(path)
    try:
        with warnings.catch_warnings():
            # GDAL tells of measures it drops, side files it lacks and texts it guesses by warnings: ours to judge.
            warnings.simplefilter("ignore")
            meta, _, wkb, fields = pyogrio.raw.read(path, layer=layer, force_2d=True)
    except (DataSourceError, DataLayerError, UnicodeDecodeError, RuntimeError, ValueError) as error:
        raise InputFault(path, "", f"it cannot be read ({_short(error)})", "a whole vector file in UTF-8") from error
    declared = meta["crs"] or crs
    if wkb is None:
        raise InputFault(path, "", f"layer {layer!r} has no geometries", "points, lines or polygons")
    if not declared:
        expected = "a .prj beside it, or the system declared by --crs (EPSG:2227, say)"
        raise InputFault(path, "", "its coordinate system is not declared", expected)
    columns = dict(zip(meta["fields"].tolist(), (_values(values) for values in fields), strict=True))
    try:
        shapes: NDArray[np.object_] = shapely.from_wkb(wkb)
    except shapely.errors.ShapelyError as error:
        raise InputFault(path, "", f"a geometry is damaged ({_short(error)})", "well-formed geometries") from error
    table = FeatureTable(path, columns, shapes)
    check_finite(table)
    table = FeatureTable(path, columns, to_wgs84(path, shapes, declared))
    check_degrees(table, f"declared as {declared}")
    return table


def _check_whole(path: Path) -> None:
    """Compare a shapefile's length with what its heads say: GDAL reads a torn one as features without geometry."""
    if path.suffix.lower() == ".shp":
        for part in (path, path.with_suffix(".dbf")):
            if part.is_file():
                with part.open("rb") as file:
                    _check_length(part, file.read(100), part.stat().st_size)
    elif path.suffix.lower() == ".zip":
        try:
            with zipfile.ZipFile(path) as archive:
                torn = archive.testzip()
                if torn is not None:
                    raise InputFault(path, torn, "it does not fit its checksum", "a whole archive")
                for entry in archive.infolist():
                    with archive.open(entry) as file:
                        _check_length(path / entry.filename, file.read(100), entry.file_size)
        except (zipfile.BadZipFile, zlib.error, EOFError) as error:
            raise InputFault(path, "", f"the archive is torn or is none ({_short(error)})", "a zip file") from error


def _check_length(part: Path, head: bytes, size: int) -> None:
    """Refuse a .shp or .dbf that is shorter than its head says (ESRI Shapefile description 1998; dBASE level 5)."""
    if part.suffix.lower() == ".shp" and len(head) >= 28:
        whole = 2 * int.from_bytes(head[24:28], "big")
    elif part.suffix.lower() == ".dbf" and len(head) >= 12:
        rows, start, width = (int.from_bytes(head[a:b], "little") for a, b in ((4, 8), (8, 10), (10, 12)))
        whole = start + rows * width
    else:
        return
    if size < whole:
        raise InputFault(part, "", f"it is cut short: {size:,} bytes", f"{whole:,} bytes, as its head says")


def _only_layer(path: Path) -> str:
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            layers = pyogrio.list_layers(path)
    except (DataSourceError, RuntimeError, ValueError) as error:
        raise InputFault(path, "", f"it cannot be opened ({_short(error)})", "a file that GDAL reads") from error
    drawn = [str(name) for name, kind in layers if kind is not None]
    if not drawn:
        raise InputFault(path, "", "it has no layer with geometries", "points, lines or polygons")
    if len(drawn) > 1:
        raise InputFault(path, "", f"it has {len(drawn)} layers", f"--layer with one of {', '.join(drawn)}")
    return drawn[0]


def _values(values: NDArray[Any]) -> list[Any]:
    if values.dtype.kind == "M":
        return [None if text == "NaT" else text for text in values.astype(str).tolist()]
    plain: list[Any] = values.astype(object).tolist()
    return plain


def _short(error: Exception) -> str:
    return str(error).split("\n")[0][:160]
