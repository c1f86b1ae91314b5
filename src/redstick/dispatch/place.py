"""A place as dispatch knows it: what was said, where that is, and how we know."""

from enum import StrEnum
from functools import lru_cache
from itertools import pairwise

import msgspec

from redstick.kernel.values import Instant

# How far the truth may lie from a position of each quality, where nothing better is said (metres).
UNCERTAINTY_M = {
    "rooftop": 30, "coordinates": 30, "corner": 50, "milepost": 100, "interpolated": 100, "block": 150, "device": 100,
    "centroid": 500,
}  # fmt: skip
UNKNOWN_UNCERTAINTY_M = 100


class LocationType(StrEnum):
    """What a location is of (EIDO LocationType, NENA-STA-021.1b); spellings literal."""

    ROUTING = "RoutingLocation"
    CALLER = "Caller"
    CURRENT = "CurrentIncident"
    INITIAL = "InitialIncident"
    TOWER = "TowerLocation"
    STAGING = "Staging"
    UNIT = "UnitLocation"
    INVESTIGATION = "Investigation"
    OTHER = "Other"


class Place(msgspec.Struct, frozen=True, omit_defaults=True):
    """Where something is.

    `text` is what was entered, verbatim: a reverse geocode never overwrites it. `x` and `y` are longitude and latitude
    in 1e-7 degrees (WGS 84) or None. `quality` is that of the position (rooftop, interpolated, block, corner, centroid,
    device); `source` says who said so. An unverified place may be dispatched and is flagged wherever it is shown.
    `in_geofile` and `caller_confirmed` are two facts, and neither follows from the other. `answer` is the kind of the
    geocoder's answer to the text (unique, ambiguous, partial, not_found, conflict) and `doubts` its reasons.
    """

    text: str = ""
    x: int | None = None
    y: int | None = None
    municipality: str = ""
    quality: str = ""
    source: str = ""
    uncertainty_m: int | None = None
    in_geofile: bool = False
    caller_confirmed: bool = False
    answer: str = ""
    doubts: tuple[str, ...] = ()

    @property
    def located(self) -> bool:
        """True when there is a position."""
        return self.x is not None and self.y is not None

    @property
    def reach_m(self) -> int:
        """How far the truth may lie from the position, in metres: as said, or as its quality usually is."""
        if self.uncertainty_m is not None:
            return self.uncertainty_m
        return UNCERTAINTY_M.get(self.quality, UNKNOWN_UNCERTAINTY_M)


class Located(msgspec.Struct, frozen=True, omit_defaults=True):
    """One entry of a timeline of locations; `at` is None where the journal alone knows when."""

    place: Place
    type: LocationType
    at: Instant | None = None


@lru_cache(maxsize=8192)  # each search for duplicates reads the addresses of all that is open
def plain(text: str) -> str:
    """An address as it sounds: its letters and digits in words of one case. For comparing, never for showing."""
    return " ".join("".join(sign if sign.isalnum() else " " for sign in text.casefold()).split())


class Extent(msgspec.Struct, frozen=True, omit_defaults=True):
    """Where a city's places may lie: a box (west, south, east, north) and, within it, water.

    All in 1e-7 degrees; each water is one closed ring of alternating longitudes and latitudes. The box reaches as far
    as the city's aid does.
    """

    box: tuple[int, int, int, int]
    water: tuple[tuple[int, ...], ...] = ()


def impossible(place: Place, extent: Extent | None) -> str:
    """Why a position cannot be right, "" where nothing speaks against it.

    `not_on_earth`, `null_island` (0, 0 is what broken devices say), `coordinates_swapped` (the other way round it lies
    in the city), `outside_city`, `in_water`. A place without a position is not impossible; without an extent only the
    first two are judged.
    """
    if place.x is None or place.y is None:
        return ""
    if abs(place.x) > 1_800_000_000 or abs(place.y) > 900_000_000:
        swapped = extent is not None and _in_box(place.y, place.x, extent)
        return "coordinates_swapped" if swapped else "not_on_earth"
    if place.x == 0 and place.y == 0:
        return "null_island"
    if extent is None:
        return ""
    if not _in_box(place.x, place.y, extent):
        return "coordinates_swapped" if _in_box(place.y, place.x, extent) else "outside_city"
    return "in_water" if any(_in_ring(place.x, place.y, ring) for ring in extent.water) else ""


def _in_box(x: int, y: int, extent: Extent) -> bool:
    west, south, east, north = extent.box
    return west <= x <= east and south <= y <= north


def _in_ring(x: int, y: int, ring: tuple[int, ...]) -> bool:
    """Even-odd rule in whole numbers: exact, and the same on every machine."""
    inside = False
    corners = list(zip(ring[::2], ring[1::2], strict=True))
    for (x1, y1), (x2, y2) in pairwise(corners):
        if (y1 > y) != (y2 > y):
            side = (x2 - x1) * (y - y1) - (x - x1) * (y2 - y1)
            inside ^= side > 0 if y2 > y1 else side < 0
    return inside
