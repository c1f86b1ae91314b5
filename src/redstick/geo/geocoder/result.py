"""What a geocoder answers: typed, ranked, with its reasons; never a silent guess.

`Unique` is the only answer that may be taken without a person, so it is given only where the text names one place
exactly. Everything else carries candidates for a person to choose from and says what was wrong with the text.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from redstick.geo.roads import E7


class Quality(StrEnum):
    """How well a position is known, from best to worst."""

    ROOFTOP = "rooftop"
    COORDINATES = "coordinates"
    CORNER = "corner"
    MILEPOST = "milepost"
    INTERPOLATED = "interpolated"
    BLOCK = "block"
    CENTROID = "centroid"


class Method(StrEnum):
    """How a candidate was found."""

    ADDRESS_POINT = "address_point"
    RANGE = "range"
    BLOCK = "block"
    SHARED_NODE = "shared_node"
    NEAR_CORNER = "near_corner"
    RAMP = "ramp"
    MILEPOST = "milepost"
    PLACE = "place"
    STREET = "street"
    COORDINATES = "coordinates"
    GRID = "grid"


class Reason(StrEnum):
    """Why a candidate is what it is. Those of DOUBTS keep an answer from being Unique."""

    EXACT = "exact"
    SUFFIX_SUPPLIED = "suffix_supplied"
    SPACING = "spacing"
    UNIT_KEPT = "unit_kept"
    NUMBER_SUFFIX_KEPT = "number_suffix_kept"
    SUFFIX_MISSING = "suffix_missing"
    SUFFIX_DIFFERS = "suffix_differs"
    DIRECTIONAL_MISSING = "directional_missing"
    DIRECTIONAL_DIFFERS = "directional_differs"
    DIRECTIONAL_TWIN = "directional_twin"
    FUZZY_NAME = "fuzzy_name"
    NUMBER_OUTSIDE = "number_outside"
    NUMBER_PARITY = "number_parity"
    NUMBER_MISSING = "number_missing"
    NO_RANGES = "no_ranges"
    STREET_UNKNOWN = "street_unknown"
    STREETS_DO_NOT_MEET = "streets_do_not_meet"
    STREETS_SHARE_NO_NODE = "streets_share_no_node"
    RAMP_TEXT = "ramp_text"
    SEVERAL_PLACES = "several_places"
    BLOCK_IN_PIECES = "block_in_pieces"
    BLOCK_CUT_SHORT = "block_cut_short"
    BLOCK_TWICE = "block_twice"
    AREA_UNKNOWN = "area_unknown"
    AREA_DIFFERS = "area_differs"
    AREA_UNVERIFIED = "area_unverified"
    PLACE_UNKNOWN = "place_unknown"
    FUZZY_PLACE = "fuzzy_place"
    PLACE_OR_STREET = "place_or_street"
    MILEPOST_UNKNOWN = "milepost_unknown"
    ROUTE_DIRECTION_MISSING = "route_direction_missing"
    OUTSIDE_CITY = "outside_city"
    COORDINATES_SWAPPED = "coordinates_swapped"
    SIGN_SUPPLIED = "sign_supplied"
    GRID_COARSE = "grid_coarse"
    READ_BY_STATISTICS = "read_by_statistics"
    CROSS_STREET_DIFFERS = "cross_street_differs"
    POSITION_DISAGREES = "position_disagrees"
    NOTHING_TO_READ = "nothing_to_read"
    TOO_LONG = "too_long"
    TWO_READINGS = "two_readings"
    NO_POSITION = "no_position"


SENTENCES: Mapping[Reason, str] = {
    Reason.EXACT: "every part agrees",
    Reason.SUFFIX_SUPPLIED: "the suffix was left out; only one street has this name",
    Reason.SPACING: "the name is written together or apart",
    Reason.UNIT_KEPT: "the unit is kept apart and not looked up",
    Reason.NUMBER_SUFFIX_KEPT: "what follows the house number is kept and not looked up",
    Reason.SUFFIX_MISSING: "the suffix was left out and several streets have this name",
    Reason.SUFFIX_DIFFERS: "no street has this name with this suffix here",
    Reason.DIRECTIONAL_MISSING: "a directional (N, S, E, W) was left out",
    Reason.DIRECTIONAL_DIFFERS: "no street has this name with this directional here",
    Reason.DIRECTIONAL_TWIN: "a street of this name with another directional meets the same street near by",
    Reason.FUZZY_NAME: "the street's name is only similar",
    Reason.NUMBER_OUTSIDE: "the number lies outside every range of the street",
    Reason.NUMBER_PARITY: "the number lies in a range, but on a side that has none of its parity",
    Reason.NO_RANGES: "the street has no house-number ranges here",
    Reason.NUMBER_MISSING: "there is no house number",
    Reason.STREET_UNKNOWN: "no street has this name",
    Reason.STREETS_DO_NOT_MEET: "the streets do not meet",
    Reason.STREETS_SHARE_NO_NODE: "the streets come close without a common node",
    Reason.RAMP_TEXT: "the text describes a ramp",
    Reason.SEVERAL_PLACES: "the text fits several places",
    Reason.BLOCK_IN_PIECES: "the block is too long for one position",
    Reason.BLOCK_CUT_SHORT: "the block's ranges end early where the street is interrupted: some may lie beyond",
    Reason.BLOCK_TWICE: "the text names a block of a block: no house number stands behind it",
    Reason.AREA_UNKNOWN: "the municipality or postcode in the text is not known here",
    Reason.AREA_DIFFERS: "the place lies in another municipality or postcode",
    Reason.AREA_UNVERIFIED: "the municipality of the place is not known, so the text could not be checked against it",
    Reason.PLACE_UNKNOWN: "no place has this name",
    Reason.FUZZY_PLACE: "the place's name is only similar",
    Reason.PLACE_OR_STREET: "the text names a place and a street",
    Reason.MILEPOST_UNKNOWN: "the city's mileposts do not cover this",
    Reason.ROUTE_DIRECTION_MISSING: "the direction of travel was left out",
    Reason.OUTSIDE_CITY: "the position lies outside the city's roads",
    Reason.COORDINATES_SWAPPED: "latitude and longitude are the wrong way round",
    Reason.SIGN_SUPPLIED: "the longitude has no minus sign",
    Reason.GRID_COARSE: "the grid square is larger than 100 m",
    Reason.READ_BY_STATISTICS: "the text was split by a statistical reader",
    Reason.CROSS_STREET_DIFFERS: "the address is not beside the cross street",
    Reason.POSITION_DISAGREES: "the caller's position lies elsewhere",
    Reason.NOTHING_TO_READ: "the text holds nothing to look up",
    Reason.TOO_LONG: "the text is longer than an address can be",
    Reason.TWO_READINGS: "the house number can be read in two ways",
    Reason.NO_POSITION: "the caller's position cannot be right",
}

# With one of these a person must look: a candidate that carries one is never Unique.
HARMLESS = frozenset(
    {Reason.EXACT, Reason.SUFFIX_SUPPLIED, Reason.SPACING, Reason.UNIT_KEPT, Reason.NUMBER_SUFFIX_KEPT}
)  # fmt: skip
DOUBTS = frozenset(Reason) - HARMLESS


@dataclass(frozen=True, slots=True)
class Candidate:
    """One place that a text may mean. Position in 1e-7 degrees, `extent_m` how far the true place may lie from it.

    `side` is `left`, `right` or empty, along the segment as the source drew it. `distance_m` and `inside` speak of the
    caller's location where one was given: how far, and whether the place lies within its uncertainty.
    """

    x: int
    y: int
    label: str
    method: Method
    quality: Quality
    reasons: tuple[Reason, ...]
    number: str = ""
    unit: str = ""
    area: str = ""
    postcode: str = ""
    side: str = ""
    extent_m: float = 0.0
    source: str = ""
    distance_m: float | None = None
    inside: bool | None = None

    @property
    def doubts(self) -> tuple[Reason, ...]:
        """The reasons for which a person must look."""
        return tuple(reason for reason in self.reasons if reason in DOUBTS)

    def as_json(self) -> dict[str, Any]:
        """The candidate as plain values; position in degrees as text-exact numbers of seven decimals."""
        return {
            "latitude": self.y / E7, "longitude": self.x / E7, "label": self.label, "method": str(self.method),
            "quality": str(self.quality), "reasons": [str(reason) for reason in self.reasons], "number": self.number,
            "unit": self.unit, "municipality": self.area, "postcode": self.postcode, "side": self.side,
            "extent_m": round(self.extent_m, 1), "source": self.source, "inside_uncertainty": self.inside,
            "distance_m": None if self.distance_m is None else round(self.distance_m, 1),
        }  # fmt: skip


@dataclass(frozen=True, slots=True)
class Result:
    """What every answer has: the text as entered, candidates from best to worst, and the reasons of the answer."""

    text: str
    candidates: tuple[Candidate, ...] = ()
    reasons: tuple[Reason, ...] = ()

    @property
    def kind(self) -> str:
        """`unique`, `ambiguous`, `partial`, `not_found` or `conflict`."""
        return {"NotFound": "not_found"}.get(type(self).__name__, type(self).__name__.lower())

    def as_json(self) -> dict[str, Any]:
        """The answer as plain values."""
        return {
            "kind": self.kind,
            "text": self.text,
            "reasons": [str(reason) for reason in self.reasons],
            "candidates": [candidate.as_json() for candidate in self.candidates],
        }


class Unique(Result):
    """The text names exactly one place, without any doubt."""

    __slots__ = ()

    @property
    def candidate(self) -> Candidate:
        """The place."""
        return self.candidates[0]


class Ambiguous(Result):
    """The text fits several places equally well; a person chooses."""

    __slots__ = ()


class Partial(Result):
    """Some of the text was found; `reasons` say what failed."""

    __slots__ = ()


class NotFound(Result):
    """Nothing was found; `reasons` say why."""

    __slots__ = ()


class Conflict(Result):
    """The text names a place, and an independent position (ALI, PIDF-LO) lies elsewhere."""

    __slots__ = ()
