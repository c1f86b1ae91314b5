"""How well the city's geocoder finds what callers said, against the points that the history itself gives."""

import math
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field

from redstick.dispatch.history.model import MISSING_E7, History
from redstick.geo.geocoder import Result, Unique

WITHIN_M = 100
EARTH_M = 6_371_008.8  # mean radius, IUGG
E7 = 10_000_000

Geocode = Callable[[str, str], Result]  # (text, the municipality or postcode that came with it)


@dataclass(frozen=True, slots=True)
class Missed:
    """An address that was not found where the history has it: by how far, None when not at all."""

    text: str
    kind: str
    distance_m: int | None
    calls: int


@dataclass
class PlaceCheck:
    """Calls with an official point, and what became of their texts; every count is of calls, not of texts."""

    calls: int = 0
    within: int = 0
    wrong_unique: int = 0
    kinds: Counter[str] = field(default_factory=Counter)
    missed: list[Missed] = field(default_factory=list)

    @property
    def share_within(self) -> float | None:
        """Calls whose first candidate lies within 100 m of the official point, 0 to 1; None without such calls."""
        return self.within / self.calls if self.calls else None


def check_places(history: History, geocode: Geocode) -> PlaceCheck:
    """Geocode each distinct text once, and count by calls; a Unique answer elsewhere is the one that must not be."""
    check = PlaceCheck()
    asked: Counter[tuple[str, str, int, int]] = Counter()
    seen: set[int] = set()
    for row, call in enumerate(history.call.codes.tolist()):
        x, y = int(history.longitude_e7[row]), int(history.latitude_e7[row])
        text = history.categories["address"].text(row)
        if call in seen or x == MISSING_E7 or not text:
            continue
        seen.add(call)
        asked[(text, history.categories["postcode"].text(row), x, y)] += 1
    for (text, hint, x, y), calls in asked.items():
        _count(check, geocode(text, hint), x, y, calls)
    check.missed.sort(key=lambda missed: (-missed.calls, missed.text))
    return check


def _count(check: PlaceCheck, result: Result, x: int, y: int, calls: int) -> None:
    check.calls += calls
    check.kinds[result.kind] += calls
    distances = [metres_between(candidate.x, candidate.y, x, y) for candidate in result.candidates[:1]]
    if distances and distances[0] <= WITHIN_M:
        check.within += calls
        return
    if isinstance(result, Unique):
        check.wrong_unique += calls
    distance = round(distances[0]) if distances else None
    check.missed.append(Missed(result.text, result.kind, distance, calls))


def metres_between(x1: int, y1: int, x2: int, y2: int) -> float:
    """Great-circle distance of two points in 1e-7 degrees (haversine)."""
    lon1, lat1, lon2, lat2 = (math.radians(value / E7) for value in (x1, y1, x2, y2))
    half = math.sin((lat2 - lat1) / 2) ** 2 + math.cos(lat1) * math.cos(lat2) * math.sin((lon2 - lon1) / 2) ** 2
    return 2 * EARTH_M * math.asin(math.sqrt(half))
