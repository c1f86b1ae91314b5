"""Ambulance models of the simulator JEMSS.jl: stations, ambulances, demand raster and roads, read from its folders.

Times in its files are days and places are degrees. Demand comes as a GeoTIFF of one band of 64-bit floats, not
compressed, which is what its models hold; anything else is refused by name. Arcs have a time for each mode of travel.
"""

import csv
import io
import itertools
import struct
import zipfile
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_array
from scipy.sparse.csgraph import dijkstra
from scipy.spatial import cKDTree

F64 = NDArray[np.float64]
I64 = NDArray[np.int64]
DAY_S = 86_400.0
KM_PER_DEGREE = 111.195
WIDTH, HEIGHT, BITS, COMPRESSION, OFFSETS, PER_PIXEL, FORMAT, PIXEL, TIE = (
    256, 257, 258, 259, 273, 277, 339, 33550, 33922,
)  # fmt: skip


class UnreadableModel(ValueError):  # noqa: N818  (named for what is the matter)
    """A file is not what a JEMSS model holds; names it and what was expected."""


@dataclass(frozen=True)
class Network:
    """Corners (v, 2) in degrees; arcs from `tail` to `head` with seconds by mode of travel (modes, a)."""

    xy: F64
    tail: I64
    head: I64
    lasting_s: F64

    @property
    def scale(self) -> F64:
        """Kilometres a degree (2,), in the middle of the network."""
        found: F64 = np.array([np.cos(np.radians(self.xy[:, 1].mean())), 1.0]) * KM_PER_DEGREE
        return found

    def nearest(self, points: F64) -> tuple[F64, I64]:
        """The corner nearest to each point and how far it lies in kilometres."""
        off_km, at = cKDTree(self.xy * self.scale).query(points * self.scale)
        return off_km, at.astype(np.int64)


@dataclass(frozen=True)
class Model:
    """Stations (p, 2) and cells (n, 2) in degrees (x, y), how many units each station holds and has (p,).

    `weight` is each cell's share of the demand (n,); `travel_s` the drive from each station to each cell (p, n) by the
    fastest mode, over roads and from the last corner at `off_road_kmh`; infinite where no road leads.
    """

    stations: F64
    room: I64
    deployed: I64
    cells: F64
    weight: F64
    travel_s: F64


def read_model(folder: Path, raster: Path, off_road_kmh: float = 45.0, coarse: int = 10) -> Model:
    """The model of a folder `models/<n>` with its zipped raster; `coarse` x `coarse` pixels make one cell."""
    stations = rows_of(folder / "stations" / "stations_1.csv", "index")
    ambulances = rows_of(folder / "ambulances" / "ambulances_1.csv", "index")
    places = np.array([[float(row["x"]), float(row["y"])] for row in stations])
    deployed = np.bincount([int(row["stationIndex"]) - 1 for row in ambulances], minlength=len(stations))
    cells, weight = demand_cells(only_file(raster), coarse)
    travel_s = _drives(read_network(folder / "travel" / "roads" / "roads.zip"), places, cells, off_road_kmh)
    room = np.array([int(row["capacity"]) for row in stations], np.int64)
    return Model(places, room, deployed.astype(np.int64), cells, weight, travel_s)


def demand_cells(tiff: bytes, coarse: int) -> tuple[F64, F64]:
    """Middles (n, 2) in degrees and shares (n,) of the cells of a raster that hold anything."""
    values, (left, top), (step_x, step_y) = _raster(tiff)
    values = np.where(np.isfinite(values) & (values > 0), values, 0)
    rows, columns = -(-values.shape[0] // coarse), -(-values.shape[1] // coarse)
    padded = np.zeros((rows * coarse, columns * coarse))
    padded[: values.shape[0], : values.shape[1]] = values
    summed = padded.reshape(rows, coarse, columns, coarse).sum(axis=(1, 3))
    row, column = np.nonzero(summed)
    x = left + (column + 0.5) * coarse * step_x
    y = top - (row + 0.5) * coarse * step_y
    return np.stack([x, y], axis=1), summed[row, column] / summed.sum()


def _raster(tiff: bytes) -> tuple[F64, tuple[float, float], tuple[float, float]]:
    """Values (rows, columns), the left top corner, and the size of a pixel, in degrees."""
    if tiff[:4] != b"II*\x00":
        raise UnreadableModel("demand raster: expected a little-endian TIFF")
    (begin,) = struct.unpack_from("<I", tiff, 4)
    (entries,) = struct.unpack_from("<H", tiff, begin)
    tags = {tag: (kind, count, begin + 10 + 12 * i) for i, tag, kind, count in _entries(tiff, begin, entries)}
    single = {tag: _values(tiff, *tags[tag])[0] for tag in (WIDTH, HEIGHT, BITS, COMPRESSION, PER_PIXEL, FORMAT)}
    if (single[BITS], single[COMPRESSION], single[PER_PIXEL], single[FORMAT]) != (64, 1, 1, 3):
        raise UnreadableModel("demand raster: expected one band of 64-bit floats, not compressed")
    width, height, offsets = int(single[WIDTH]), int(single[HEIGHT]), _values(tiff, *tags[OFFSETS])
    if len(offsets) != height:
        raise UnreadableModel("demand raster: expected a strip for each row")
    rows = [np.frombuffer(tiff, "<f8", width, int(offset)) for offset in offsets]
    tie, pixel = _values(tiff, *tags[TIE]), _values(tiff, *tags[PIXEL])
    return np.stack(rows), (tie[3], tie[4]), (pixel[0], pixel[1])


def _entries(tiff: bytes, begin: int, entries: int) -> list[tuple[int, int, int, int]]:
    return [(i, *struct.unpack_from("<HHI", tiff, begin + 2 + 12 * i)) for i in range(entries)]


def _values(tiff: bytes, kind: int, count: int, field: int) -> tuple[float, ...]:
    """What an entry holds, itself or where it points to: shorts, longs or doubles."""
    letter, size = {3: ("H", 2), 4: ("I", 4), 12: ("d", 8)}[kind]
    at = field if count * size <= 4 else struct.unpack_from("<I", tiff, field)[0]
    return struct.unpack_from(f"<{count}{letter}", tiff, at)


def read_network(roads: Path) -> Network:
    """The network of a `roads.zip`."""
    with zipfile.ZipFile(roads) as archive:
        nodes, arcs = (_table(archive.read(name).decode(), "index") for name in ("nodes.csv", "arcs.csv"))
    modes = [name for name in arcs[0] if name.startswith("mode_")]
    tail, head = (np.array([int(float(row[name])) - 1 for row in arcs], np.int64) for name in ("fromNode", "toNode"))
    return Network(
        xy=np.array([[float(row["x"]), float(row["y"])] for row in nodes]),
        tail=tail,
        head=head,
        lasting_s=np.array([[float(row[name]) for row in arcs] for name in modes]) * DAY_S,
    )


def _drives(network: Network, sources: F64, targets: F64, off_road_kmh: float) -> F64:
    """Seconds from each source to each target (p, n), over the nearest corner of each."""
    count = len(network.xy)
    graph = csr_array((network.lasting_s[0], (network.tail, network.head)), shape=(count, count))
    (source_km, source_at), (target_km, target_at) = network.nearest(sources), network.nearest(targets)
    times: F64 = dijkstra(graph, indices=source_at)[:, target_at]
    found: F64 = times + (source_km[:, None] + target_km[None, :]) / off_road_kmh * 3600
    return found


def only_file(path: Path) -> bytes:
    """The first file of an archive."""
    with zipfile.ZipFile(path) as archive:
        return archive.read(archive.namelist()[0])


def rows_of(path: Path, first: str) -> list[dict[str, str]]:
    """The table of a file that begins with the heading `first`; it ends where the file does or at an empty line."""
    return _table(path.read_text(encoding="utf-8"), first)


def _table(text: str, first: str) -> list[dict[str, str]]:
    """The table that begins with a line whose first field is `first`; JEMSS puts a title and settings before it."""
    lines = list(csv.reader(io.StringIO(text)))
    at = next((i for i, line in enumerate(lines) if line and line[0] == first), None)
    if at is None:
        raise UnreadableModel(f"expected a line of headings that begins with {first!r}")
    rows = itertools.takewhile(lambda line: line and line[0], lines[at + 1 :])
    return [dict(zip(lines[at], line, strict=False)) for line in rows]
