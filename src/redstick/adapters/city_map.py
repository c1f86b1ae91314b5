"""A city folder as its map: what is told of it, and a function that cuts tiles."""

import gzip
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

from redstick.geo.city import City, DamagedCity, load_city
from redstick.geo.tiles import MAX_ZOOM, MIN_ZOOM, VERSION, TileCutter, sheets_of
from redstick.geo.tiles.sheets import FINE_ZONES, Beside

BESIDE = "parish.json"  # cameras and railways, which a city has no file for
LEVEL = 6  # of gzip: a tile costs twice the time at 9 and is hardly smaller


class UnusableMap(Exception):  # noqa: N818  (named for what is the matter)
    """No map can be drawn of a city folder; says what is wrong."""


def read_map(folder: Path) -> City:
    """The city to draw; raises UnusableMap."""
    try:
        return load_city(folder)
    except (DamagedCity, OSError) as error:
        raise UnusableMap(f"the city cannot be read: {error}") from error


def tiles_of(folder: Path, city: City) -> Callable[[bytes], bytes]:
    """What answers `z/x/y` with a tile in gzip. Raises UnusableMap."""
    try:
        cutter = TileCutter(sheets_of(city, read_beside(folder)))
    except (ValueError, KeyError, TypeError) as error:
        raise UnusableMap(f"the map cannot be drawn: {error}") from error

    def cut(question: bytes) -> bytes:
        zoom, x, y = (int(part) for part in question.split(b"/"))
        return gzip.compress(cutter.tile(zoom, x, y), LEVEL, mtime=0)

    return cut


def map_facts(city: City) -> dict[str, Any]:
    """The fields of the server's `MapFacts`; a city without roads is bounded by the world."""
    if city.roads.segments:
        (west, south), (east, north) = city.roads.xy.min(axis=0).tolist(), city.roads.xy.max(axis=0).tolist()
    else:
        west, south, east, north = -1_800_000_000, -850_000_000, 1_800_000_000, 850_000_000
    return {
        "name": city.name,
        "digest": city.digest,
        "version": VERSION,
        "time_zone": city.time_zone,
        "bounds": (west / 1e7, south / 1e7, east / 1e7, north / 1e7),
        "attribution": list(city.attribution),
        "min_zoom": MIN_ZOOM,
        "max_zoom": MAX_ZOOM,
        "zone_layers": sorted({zone.layer for zone in city.zones} - FINE_ZONES),
        "stations": [{"id": one.id, "name": one.name, "x": one.x, "y": one.y} for one in city.stations],
    }


def read_beside(folder: Path) -> Beside:
    """Cameras and railways of the folder; none where it has no such file. Raises UnusableMap."""
    path = folder / BESIDE
    if not path.is_file():
        return Beside()
    try:
        content = json.loads(path.read_bytes())
        return Beside(list(content.get("cameras", ())), list(content.get("railways", ())))
    except (OSError, ValueError, AttributeError, TypeError) as error:
        raise UnusableMap(f"{path} cannot be read: {error}; expected cameras and railways as JSON") from error
