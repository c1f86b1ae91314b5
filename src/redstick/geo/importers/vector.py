"""Shapefiles (also zipped), file geodatabases and everything else that GDAL reads, by pyogrio."""

import warnings
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
    layer = layer or _only_layer(path)
    try:
        with warnings.catch_warnings():
            # GDAL tells of a missing side file or a text it had to guess by a warning; both are ours to judge.
            warnings.simplefilter("ignore", RuntimeWarning)
            meta, _, wkb, fields = pyogrio.raw.read(path, layer=layer, force_2d=True)
    except (DataSourceError, DataLayerError, UnicodeDecodeError, RuntimeError, ValueError) as error:
        raise InputFault(path, "", f"it cannot be read ({_short(error)})", "a whole vector file in UTF-8") from error
    declared = crs or meta["crs"]
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


def _only_layer(path: Path) -> str:
    try:
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
    plain: list[Any] = values.astype(str).tolist() if values.dtype.kind == "M" else values.astype(object).tolist()
    return plain


def _short(error: Exception) -> str:
    return str(error).split("\n")[0][:160]
