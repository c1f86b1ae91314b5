"""From any declared coordinate system to WGS 84 degrees, by PROJ."""

from pathlib import Path
from typing import Any

import numpy as np
import shapely
from numpy.typing import NDArray
from pyproj import CRS, Transformer
from pyproj.exceptions import CRSError, ProjError

from redstick.geo.importers.fault import InputFault


def to_wgs84(path: Path, shapes: NDArray[np.object_], declared: str) -> NDArray[np.object_]:
    """The same geometries in longitude and latitude of WGS 84; `declared` is anything that PROJ understands.

    Raises InputFault naming the file where the system is unknown, or where coordinates do not belong to it.
    """
    try:
        source = CRS.from_user_input(declared)
    except CRSError as error:
        raise InputFault(path, "", f"its coordinate system {declared[:60]!r} is unknown", "one PROJ knows") from error
    if source.equals(CRS.from_epsg(4326), ignore_axis_order=True) or source.to_string() == "OGC:CRS84":
        return shapes
    try:
        transformer = Transformer.from_crs(source, 4326, always_xy=True)
    except ProjError as error:
        found = f"its coordinate system {source.name!r} cannot be moved to WGS 84 ({str(error)[:120]})"
        raise InputFault(path, "", found, "a system of the Earth's surface") from error

    def project(points: NDArray[np.float64]) -> NDArray[np.float64]:
        try:
            x, y = transformer.transform(points[:, 0], points[:, 1], errcheck=True)
        except ProjError as error:
            raise InputFault(path, "", f"coordinates do not belong to {source.name} ({error})", source.name) from error
        return np.column_stack([x, y])

    moved: Any = shapely.transform(shapes, project)
    return np.asarray(moved, object)
