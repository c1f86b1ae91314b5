"""Positions as text: degrees in the usual spellings, and USNG/MGRS grid references.

The grid is that of NGA.STND.0037 (MGRS) and FGDC-STD-011 (USNG); the projection itself is pyproj's.
"""

import re
from dataclasses import dataclass
from functools import lru_cache

from pyproj import Transformer

from redstick.geo.roads import E7

_DECIMAL = re.compile(
    r"\s*([NS])?\s*([+-]?\d{1,3}\.\d{1,12})\s*°?\s*([NS])?[\s,;/]+([EW])?\s*([+-]?\d{1,3}\.\d{1,12})\s*°?\s*([EW])?\s*"
)
_ANGLE = r"(\d{1,3})\s*[°D ]\s*(\d{1,2}(?:\.\d{1,8})?)\s*['’′M ]?\s*(?:(\d{1,2}(?:\.\d{1,6})?)\s*(?:\"|”|″|''|S)?)?"
_SEXAGESIMAL = re.compile(rf"\s*{_ANGLE}\s*([NS])[\s,;/]*{_ANGLE}\s*([EW])\s*")
_GRID = re.compile(r"\s*(\d{1,2})\s*([C-HJ-NP-X])\s*([A-HJ-NP-Z])([A-HJ-NP-V])\s*((?:\d\s*){0,10})\s*")
_COLUMNS = ("ABCDEFGH", "JKLMNPQR", "STUVWXYZ")
_ROWS = "ABCDEFGHJKLMNPQRSTUV"
_BANDS = "CDEFGHJKLMNPQRSTUVWX"


@dataclass(frozen=True, slots=True)
class Position:
    """A position in 1e-7 degrees; `square_m` is the size of the grid square it is the middle of, 0 for a point."""

    x: int
    y: int
    square_m: float = 0.0


def read_degrees(text: str) -> Position | None:
    """`lat, lon` in degrees, degrees and minutes, or degrees, minutes and seconds; None where it is no such text.

    Without letters latitude comes first. A pair whose first number cannot be a latitude is None.
    """
    upper = text.upper()[:100]
    if match := _DECIMAL.fullmatch(upper):
        latitude, longitude = float(match[2]), float(match[5])
        south = "S" in {match[1], match[3]}
        west = "W" in {match[4], match[6]}
        if (south and latitude < 0) or (west and longitude < 0):
            south = west = False
        return _position(-latitude if south else latitude, -longitude if west else longitude)
    if match := _SEXAGESIMAL.fullmatch(upper):
        values = [float(part or 0) for part in match.groups()[:3]] + [float(part or 0) for part in match.groups()[4:7]]
        if any(value >= 60 for value in (values[1], values[2], values[4], values[5])):
            return None
        latitude = values[0] + values[1] / 60 + values[2] / 3600
        longitude = values[3] + values[4] / 60 + values[5] / 3600
        return _position(-latitude if match[4] == "S" else latitude, -longitude if match[8] == "W" else longitude)
    return None


def _position(latitude: float, longitude: float) -> Position | None:
    """None where it is no place on earth; a pair the wrong way round is kept for the caller to judge."""
    if abs(latitude) > 180 or abs(longitude) > 180 or (abs(latitude) > 90 and abs(longitude) > 90):
        return None
    return Position(round(longitude * E7), round(latitude * E7))


def read_grid(text: str) -> Position | None:
    """The middle of a USNG/MGRS square (zones 1 to 60, bands C to X); None where there is no such text or square."""
    match = _GRID.fullmatch(text.upper()[:60])
    if match is None or not 1 <= int(match[1]) <= 60:
        return None
    digits = "".join(match[5].split())
    zone, band = int(match[1]), match[2]
    column = _COLUMNS[(zone - 1) % 3].find(match[3])
    if len(digits) % 2 or column < 0:
        return None
    size = 10 ** (5 - len(digits) // 2)
    half = len(digits) // 2
    easting = (column + 1) * 100_000 + (int(digits[:half] or 0) + 0.5) * size
    row = (_ROWS.index(match[4]) - (5 if zone % 2 == 0 else 0)) % 20
    in_cycle = row * 100_000 + (int(digits[half:] or 0) + 0.5) * size
    for cycle in range(5):
        northing = in_cycle + cycle * 2_000_000
        if northing >= 10_000_000:
            break
        longitude, latitude = _utm(zone, band >= "N").transform(easting, northing, direction="INVERSE")
        bottom = -80 + 8 * _BANDS.index(band)
        top = 84 if band == "X" else bottom + 8
        slack = 0.9 if size > 1000 else 0.1  # a square may reach over its band's edge
        if bottom - slack <= latitude < top + slack:
            return Position(round(longitude * E7), round(latitude * E7), float(size))
    return None


def write_grid(x: int, y: int) -> str:
    """The USNG reference, to the metre, of a position between 80° S and 84° N; empty outside."""
    longitude, latitude = x / E7, y / E7
    if not -80 <= latitude < 84:
        return ""
    zone = _zone(longitude, latitude)
    easting, northing = _utm(zone, latitude >= 0).transform(longitude, latitude)
    column = _COLUMNS[(zone - 1) % 3][int(easting // 100_000) - 1]
    row = _ROWS[(int(northing // 100_000) + (5 if zone % 2 == 0 else 0)) % 20]
    band = _BANDS[min(int((latitude + 80) // 8), 19)]
    return f"{zone}{band} {column}{row} {int(easting % 100_000):05d} {int(northing % 100_000):05d}"


def _zone(longitude: float, latitude: float) -> int:
    """The UTM zone, with those of Norway and Svalbard."""
    if 56 <= latitude < 64 and 3 <= longitude < 12:
        return 32
    if 72 <= latitude < 84 and 0 <= longitude < 42:
        return 31 + 2 * sum(longitude >= edge for edge in (9, 21, 33))
    return int((longitude + 180) // 6) % 60 + 1


@lru_cache(maxsize=120)
def _utm(zone: int, north: bool) -> Transformer:
    return Transformer.from_crs(4326, (32600 if north else 32700) + zone, always_xy=True)
