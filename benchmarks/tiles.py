"""Vector tiles of the full parish: what cutting one costs and how large it is, zoom by zoom."""

import gzip
import time
from collections.abc import Iterator
from functools import cache

import numpy as np
import shapely

from benchmarks.figure import Figure
from redstick.geo.city import City
from redstick.geo.tiles import MAX_ZOOM, MIN_ZOOM, TileCutter, sheets_of
from redstick.geo.tiles.grid import box_of, projected
from redstick.simulation.parish import generate

MOST_BYTES = 500_000  # what Tippecanoe holds tiles to
TICK_MS = 50.0  # of the seat stream
MOST_TILES = 150  # of a zoom


@cache
def parish() -> City:
    """The full parish."""
    return generate(7, "full").city


def tiles(city: City, zoom: int) -> list[tuple[int, int, int]]:
    """Tiles over the whole city at one zoom, evenly chosen."""
    corners = projected(np.array([city.roads.xy.min(axis=0), city.roads.xy.max(axis=0)])) * 2**zoom
    (west, south), (east, north) = corners.astype(int).tolist()
    every = [(zoom, x, y) for x in range(west, east + 1) for y in range(north, south + 1)]
    return every[:: max(1, len(every) // MOST_TILES)]


def measure() -> Iterator[Figure]:
    """Making ready, then each zoom: CPU of the dearest tile beside bare clipping, bytes of the largest."""
    city = parish()
    began = time.process_time()
    cutter = TileCutter(sheets_of(city))
    yield Figure("tiles_made_ready_cpu_s", time.process_time() - began, "s", 5.0, "s to begin", city.roads.segments)
    roads = shapely.linestrings(
        projected(city.roads.xy), indices=np.repeat(np.arange(city.roads.segments), np.diff(city.roads.start))
    )
    tree = shapely.STRtree(roads)
    for zoom in range(MIN_ZOOM, MAX_ZOOM + 1, 2):
        costs, bare, sizes = [], [], []
        for tile in tiles(city, zoom):
            began = time.process_time()
            content = gzip.compress(cutter.tile(*tile), 6, mtime=0)
            costs.append((time.process_time() - began) * 1000)
            sizes.append(len(content))
            began = time.process_time()
            box = box_of(*tile)
            shapely.clip_by_rect(roads[tree.query(shapely.box(*box))], *box)
            bare.append((time.process_time() - began) * 1000)
        clipped = max(float(np.median(bare)), 0.01)
        yield Figure(f"tile_cpu_ms_p50_z{zoom}", float(np.median(costs)), "ms", clipped, "ms of clipping", len(costs))
        yield Figure(f"tile_cpu_ms_max_z{zoom}", max(costs), "ms", TICK_MS, "ms, a tick", len(costs))
        yield Figure(f"tile_bytes_max_z{zoom}", max(sizes), "B", MOST_BYTES, "B, Tippecanoe's", len(sizes))
