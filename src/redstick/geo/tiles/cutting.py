"""Cutting tiles: what of each sheet lies in a tile, clipped to its buffer, in whole units, without what nobody sees."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import shapely
from numpy.typing import NDArray

from redstick.geo.tiles.grid import MAX_ZOOM, Box, box_of, in_units, unit_of
from redstick.geo.tiles.mvt import Geometry, LayerWriter, Path
from redstick.geo.tiles.sheets import Sheet

TOLERANCE = 3  # units by which a line may be drawn aside: less than half a pixel of a tile that is 512 wide
LEAST_AREA = 16  # square units: smaller rings are a quarter of a pixel


class _Points:
    """Which points lie in a box: sorted by x, then looked through. It takes a twentieth of a tree's memory."""

    def __init__(self, xy: NDArray[Any]) -> None:
        self._order = np.argsort(xy[:, 0], kind="stable").astype(np.int32)
        self._x, self._y = xy[self._order, 0], xy[self._order, 1]

    def within(self, box: Box) -> NDArray[Any]:
        """Their indexes, in order; the edges belong to the box."""
        first, last = np.searchsorted(self._x, box.west, "left"), np.searchsorted(self._x, box.east, "right")
        y = self._y[first:last]
        return np.sort(self._order[first:last][(y >= box.north) & (y <= box.south)])


class _Shapes:
    """Which shapes touch a box."""

    def __init__(self, shapes: NDArray[Any]) -> None:
        self._tree = shapely.STRtree(shapes)

    def within(self, box: Box) -> NDArray[Any]:
        """Their indexes, in order."""
        return np.sort(self._tree.query(shapely.box(box.west, box.north, box.east, box.south)))


@dataclass(frozen=True)
class _Indexed:
    sheet: Sheet
    index: _Points | _Shapes


class TileCutter:
    """Cuts any tile of the sheets. Shapes are indexed once; a tile costs what it shows."""

    def __init__(self, sheets: Sequence[Sheet]) -> None:
        self._sheets = [
            _Indexed(sheet, _Points(sheet.shapes) if sheet.kind is Geometry.POINT else _Shapes(sheet.shapes))
            for sheet in sheets
            if len(sheet.shapes)
        ]

    def tile(self, zoom: int, x: int, y: int) -> bytes:
        """The tile as Mapbox Vector Tile; empty where nothing is."""
        box = box_of(zoom, x, y)
        layers: dict[str, LayerWriter] = {}
        for one in self._sheets:
            sheet = one.sheet
            if sheet.zoom <= zoom:
                found = one.index.within(box)
                if len(found):
                    writer = layers.setdefault(sheet.layer, LayerWriter(sheet.layer))
                    _draw(writer, sheet, found, box, (zoom, x, y))
        return b"".join(writer.written() for writer in layers.values())


def _draw(writer: LayerWriter, sheet: Sheet, found: NDArray[Any], box: Box, tile: tuple[int, int, int]) -> None:
    shapes = sheet.shapes[found]
    if sheet.kind is Geometry.POINT:
        points = in_units(shapes, *tile)
        for number, point in zip(found.tolist(), points, strict=True):
            writer.add(sheet.kind, [point[np.newaxis]], sheet.properties[number])
        return
    parts, owner = _clipped(shapes, sheet.kind, box, tile[0])
    paths: dict[int, list[Path]] = defaultdict(list)
    if sheet.kind is Geometry.LINE:
        for index, path in _paths(parts, tile, least=2):
            paths[int(owner[index])].append(path)
    else:
        for number, part in zip(owner.tolist(), parts, strict=True):
            paths[number] += _rings(part, tile)
    for number, drawn in sorted(paths.items()):
        if drawn:
            writer.add(sheet.kind, drawn, sheet.properties[int(found[number])])


def _clipped(shapes: NDArray[Any], kind: Geometry, box: Box, zoom: int) -> tuple[NDArray[Any], NDArray[Any]]:
    """The lines or polygons within the box, and to which of the shapes each belongs."""
    if kind is Geometry.LINE:
        cut = shapely.clip_by_rect(shapes, box.west, box.north, box.east, box.south)
    else:
        cut = shapely.intersection(shapes, shapely.box(box.west, box.north, box.east, box.south))
    if zoom < MAX_ZOOM:
        cut = shapely.simplify(cut, TOLERANCE * unit_of(zoom), preserve_topology=kind is Geometry.POLYGON)
    parts, owner = _parts(cut, np.arange(len(shapes)))
    wanted = shapely.GeometryType.LINESTRING if kind is Geometry.LINE else shapely.GeometryType.POLYGON
    right = shapely.get_type_id(parts) == wanted  # where a shape only touches the box a point or a line is left
    return parts[right], owner[right]


def _parts(shapes: NDArray[Any], owner: NDArray[Any]) -> tuple[NDArray[Any], NDArray[Any]]:
    """Single shapes, out of collections of collections too."""
    parts, index = shapely.get_parts(shapes, return_index=True)
    owner = owner[index]
    if (shapely.get_type_id(parts) >= shapely.GeometryType.MULTIPOINT).any():
        return _parts(parts, owner)
    return parts, owner


def _paths(lines: NDArray[Any], tile: tuple[int, int, int], least: int) -> list[tuple[int, Path]]:
    """Each line in units without repeated points, beside its index; one with fewer than `least` points is none."""
    coordinates, index = shapely.get_coordinates(lines, return_index=True)
    if not len(index):
        return []
    units = in_units(coordinates, *tile)
    new = np.ones(len(units), bool)
    new[1:] = (np.diff(index) != 0) | (np.diff(units, axis=0) != 0).any(axis=1)
    units, index = units[new], index[new]
    starts = np.flatnonzero(np.r_[True, np.diff(index) != 0])
    ends = np.r_[starts[1:], len(index)]
    return [(int(index[a]), units[a:b]) for a, b in zip(starts.tolist(), ends.tolist(), strict=True) if b - a >= least]


def _rings(polygon: Any, tile: tuple[int, int, int]) -> list[Path]:
    """The outer ring clockwise on the screen and the holes against it (4.3.4.4), each without its last point."""
    rings = _paths(shapely.get_rings(polygon), tile, least=4)
    paths: list[Path] = []
    for index, ring in rings:
        path = ring[:-1]
        doubled = _doubled_area(path)
        if abs(doubled) < 2 * LEAST_AREA:
            if index == 0:
                return []
            continue
        paths.append(path if (doubled > 0) == (index == 0) else path[::-1])
    return paths if rings and rings[0][0] == 0 else []


def _doubled_area(path: Path) -> int:
    """Twice the area by the surveyor's formula: positive where the path runs clockwise, as y points down."""
    x, y = path[:, 0], path[:, 1]
    return int((x * np.roll(y, -1) - np.roll(x, -1) * y).sum())
