"""Which cautions concern a place: those *here*, and those *nearby*, which is never said with the same words.

*Here* is the same validated address, and the same suite where both name one; or, where either place was not validated,
a point not farther than points are known to agree. *Nearby* is within the caution's own buffer. A caution about suite 4
concerns all who go to the building, and is told as nearby to whoever goes to suite 5.
"""

import math
from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum

from redstick.dispatch.place import Place
from redstick.dispatch.rules.cautions import About, Caution, Kept

SAME_POINT_M = 15.0  # rooftop and driveway of one address
METERS_A_DEGREE = 111_195.0  # of latitude, on a sphere of 6,371 km
SCALE = 10_000_000


class Nearness(StrEnum):
    """Whether it is about this very place."""

    HERE = "here"
    NEARBY = "nearby"
    NAMED = "named"  # about a person or a vehicle of the incident


@dataclass(frozen=True, slots=True)
class Match:
    """A caution that concerns a place. `distance_m` is None where no positions are known."""

    caution: Caution
    nearness: Nearness
    overdue: bool
    distance_m: int | None = None


def concerning(kept: Iterable[Kept], place: Place, suite: str = "", keys: Iterable[str] = ()) -> list[Match]:
    """Every caution that concerns a place, or a person or vehicle among `keys`: here first, then by distance, by id."""
    named = {_plain(key) for key in keys}
    found = [match for one in kept if (match := _match(one, place, suite, named)) is not None]
    order = list(Nearness)
    return sorted(found, key=lambda m: (order.index(m.nearness), m.distance_m or 0, m.caution.id))


def wording(match: Match) -> str:
    """What is read out: *here* and *nearby* begin differently, and an overdue review is said."""
    head = {
        Nearness.HERE: "HERE",
        Nearness.NEARBY: f"Nearby, {match.distance_m} m" if match.distance_m is not None else "Nearby, same building",
        Nearness.NAMED: f"About {match.caution.about} {match.caution.key}",
    }[match.nearness]
    told = "sensitive, ask to be shown it" if match.caution.sensitive else match.caution.text
    late = " (review overdue)" if match.overdue else ""
    return f"{head}: {match.caution.hazard}: {told}{late}"


def _match(kept: Kept, place: Place, suite: str, named: set[str]) -> Match | None:
    caution = kept.caution
    if caution.about is not About.PLACE:
        return Match(caution, Nearness.NAMED, kept.overdue) if _plain(caution.key) in named else None
    distance = _distance_m(caution.place, place)
    meters = None if distance is None else round(distance)
    if _same_building(caution.place, place, distance):
        here = not (caution.suite and suite) or _plain(caution.suite) == _plain(suite)
        return Match(caution, Nearness.HERE if here else Nearness.NEARBY, kept.overdue, meters if here else None)
    if distance is not None and distance <= caution.buffer_m:
        return Match(caution, Nearness.NEARBY, kept.overdue, meters)
    return None


def _same_building(known: Place, place: Place, distance: float | None) -> bool:
    """Two validated addresses are compared by their text and municipality; anything else by its point."""
    if known.in_geofile and place.in_geofile:
        return (_plain(known.text), _plain(known.municipality)) == (_plain(place.text), _plain(place.municipality))
    return distance is not None and distance <= SAME_POINT_M


def _distance_m(one: Place, other: Place) -> float | None:
    """Meters between two points on a sphere, good to a per mille at the sizes of a buffer; None without both."""
    if one.x is None or one.y is None or other.x is None or other.y is None:
        return None
    narrowing = math.cos(math.radians((one.y + other.y) / 2 / SCALE))
    return math.hypot((one.x - other.x) * narrowing, one.y - other.y) / SCALE * METERS_A_DEGREE


def _plain(text: str) -> str:
    return " ".join(text.upper().replace(",", " ").replace(".", " ").split())
