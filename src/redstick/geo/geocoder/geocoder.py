"""The geocoder: a text in, a typed answer out; it never raises for what a person typed."""

import math
from collections.abc import Iterable, Sequence
from dataclasses import replace
from pathlib import Path
from typing import NamedTuple

from redstick.geo.geocoder.areas import area_filters, checked
from redstick.geo.geocoder.corners import find_corner
from redstick.geo.geocoder.grammar import (
    MAX_TEXT,
    AddressReading,
    BlockReading,
    CornerReading,
    NameReading,
    RampReading,
    Reading,
    RouteReading,
    read,
)
from redstick.geo.geocoder.hits import LEFT_OUT, Hit
from redstick.geo.geocoder.house_numbers import find_block, find_number
from redstick.geo.geocoder.index import Index
from redstick.geo.geocoder.mileposts import distance_m
from redstick.geo.geocoder.named import (
    find_place,
    find_position,
    find_ramp,
    find_route,
    similar_places,
    whole_streets,
)
from redstick.geo.geocoder.result import NotFound, Reason, Result
from redstick.geo.geocoder.statistical import split_by_statistics
from redstick.geo.geocoder.streets import Match, matches, similar
from redstick.geo.geocoder.suggest import Suggestion, suggestions
from redstick.geo.geocoder.verdict import Caller, judge
from redstick.geo.geocoder.words import clean, read_street, squashed
from redstick.geo.roads import E7

_CROSS_M = 250.0  # an address farther than this from its cross street is not beside it
_MAX_RAW = 10_000  # longer input is not even cleaned


class _Found(NamedTuple):
    """Hits of one reading, and what failed in the text as a whole."""

    hits: list[Hit]
    failed: tuple[Reason, ...] = ()


class Geocoder:
    """Ranked places for a text, over one index file.

    `home` are names of the whole city or county that the index covers (a text that ends in one is not doubted for it).
    Raises UnreadableIndex when the file is missing, damaged or of another version.
    """

    def __init__(self, index: Index, home: Sequence[str] = ()) -> None:
        self._index = index
        self._home = frozenset(key for name in home if (key := squashed(name)))

    @classmethod
    def open(cls, path: Path, *, home: Sequence[str] = ()) -> "Geocoder":
        """Open an index made by `build`."""
        return cls(Index(Path(path)), home)

    def close(self) -> None:
        """Let go of the index file."""
        self._index.close()

    def geocode(
        self,
        text: str,
        near: tuple[float, float] | None = None,
        uncertainty_m: float | None = None,
        area_hint: str | None = None,
    ) -> Result:
        """The places that a text may mean, as Unique, Ambiguous, Partial, NotFound or Conflict.

        `near` is an independent position (latitude, longitude in degrees; ALI, PIDF-LO) and ranks candidates;
        with `uncertainty_m` an answer that lies outside it is a Conflict. `area_hint` is a municipality or postcode.
        Neither makes a doubtful answer Unique, except that a municipality tells equal addresses apart.
        """
        if len(text) > _MAX_RAW or len(clean(text)) > MAX_TEXT:
            return NotFound(text=text, reasons=(Reason.TOO_LONG,))
        caller = _caller(near, uncertainty_m)
        if caller is None and near is not None:
            near_failed: tuple[Reason, ...] = (Reason.NO_POSITION,)
        else:
            near_failed = ()
        positions = find_position(self._index, text)
        if positions:
            return judge(self._index, text, positions, near_failed, caller)
        readings = read(text)
        if not readings:
            return NotFound(text=text, reasons=(Reason.NOTHING_TO_READ,))
        found = self._find_all(readings, area_hint or "")
        if not found.hits and (split := split_by_statistics(text)) is not None:
            again = self._find_all([split], area_hint or "")
            found = _Found([hit.doubted(Reason.READ_BY_STATISTICS) for hit in again.hits], found.failed)
        return judge(
            self._index, text, found.hits, (*found.failed, *near_failed) if found.hits else found.failed, caller
        )

    def suggest(self, prefix: str, limit: int = 10) -> list[Suggestion]:
        """Streets and places that begin with what was typed so far; a house number in front is kept."""
        return suggestions(self._index, prefix, limit)

    def _find_all(self, readings: Sequence[Reading], hint: str) -> _Found:
        """The readings of one text, together: hits that fit, else the best guesses of the likeliest reading."""
        hits: list[Hit] = []
        failed: tuple[Reason, ...] = ()
        for reading in readings:
            if isinstance(reading, NameReading) and hits and not find_place(self._index, reading.name):
                continue
            found = self._find(reading)
            area = "" if self._area_in_name(reading) else reading.area
            filters = area_filters(self._index, self._home, (area, reading.postcode, hint))
            hits += [checked(self._index, hit, filters) for hit in found.hits]
            failed = failed or found.failed
        if hits:
            return _Found(_best_first(hits))
        return _Found([], failed)

    def _area_in_name(self, reading: Reading) -> bool:
        """Whether a street carries the area's abbreviation in its name: `9TH ST, TI` is `9TH TI ST`."""
        texts = reading.streets if isinstance(reading, CornerReading) else (getattr(reading, "street", ""),)
        return any(self._qualified(text, reading.area) for text in texts)

    def _qualified(self, text: str, area: str) -> list[Match]:
        if not area or len(area) > 3:
            return []
        name = read_street(text)
        own = matches(self._index, f"{name.pre} {name.base} {area} {name.suffix} {name.post}")
        return own if own and not own[0].doubts else []

    def _find(self, reading: Reading) -> _Found:
        if isinstance(reading, AddressReading):
            return self._address(reading)
        if isinstance(reading, BlockReading):
            return self._numbered(reading, reading.street)
        if isinstance(reading, CornerReading):
            return self._corner(reading)
        if isinstance(reading, RampReading):
            hits = find_ramp(self._index, reading)
            return _Found(hits, () if hits else (Reason.RAMP_TEXT,))
        if isinstance(reading, RouteReading):
            hits = find_route(self._index, reading)
            return _Found(hits, () if hits else (Reason.MILEPOST_UNKNOWN,))
        if isinstance(reading, NameReading):
            return self._name(reading)
        return _Found([], (Reason.NOTHING_TO_READ,))

    def _numbered(self, reading: AddressReading | BlockReading, street: str) -> _Found:
        """A number or block: on streets of the name, and where none of them fits, on similar ones."""
        exact = self._streets(street, reading.area)
        hits = self._at(exact, reading)
        if any(not hit.doubts - LEFT_OUT for hit in hits):
            return _Found(hits)
        fuzzy = [match for match in similar(self._index, street) if match.street.id not in {m.street.id for m in exact}]
        hits += self._at_similar(fuzzy, reading)
        if hits:
            return _Found(hits)
        return _Found(whole_streets(self._index, exact or fuzzy[:5]), (Reason.STREET_UNKNOWN,))

    def _at(self, found: Sequence[Match], reading: AddressReading | BlockReading) -> list[Hit]:
        if isinstance(reading, AddressReading):
            return find_number(self._index, found, reading)
        return find_block(self._index, found, reading)

    def _at_similar(self, fuzzy: Sequence[Match], reading: AddressReading | BlockReading) -> list[Hit]:
        """Similar streets that have the number before those that do not."""
        hits: list[Hit] = []
        for match in fuzzy:
            own = self._at([match], reading)
            hits += [hit if Reason.NUMBER_OUTSIDE not in hit.reasons else _outside_similar(hit) for hit in own]
        return hits

    def _address(self, reading: AddressReading) -> _Found:
        found = self._numbered(reading, reading.street)
        if not reading.cross:
            return found
        cross = self._streets(reading.cross, reading.area)
        lines = [self._index.nodes_of(match.street.id) for match in cross[:4]]
        nodes = [(node.x, node.y) for rows in lines for node in rows]
        if not nodes:
            return _Found([hit.doubted(Reason.CROSS_STREET_DIFFERS) for hit in found.hits], found.failed)
        hits = [
            hit
            if min(distance_m(hit.at, node) for node in nodes) <= _CROSS_M
            else hit.doubted(Reason.CROSS_STREET_DIFFERS)
            for hit in found.hits
        ]
        return _Found(hits, found.failed)

    def _streets(self, text: str, area: str = "") -> list[Match]:
        """Streets of a name; those whose name ends in the area's abbreviation come alone where there are any."""
        if own := self._qualified(text, area):
            return own
        return matches(self._index, text)

    def _corner(self, reading: CornerReading) -> _Found:
        sides = [self._streets(text, reading.area) for text in reading.streets]
        hits = find_corner(self._index, sides) if all(sides[:2]) or sum(map(bool, sides)) > 1 else []
        if any(not hit.doubts - LEFT_OUT for hit in hits):
            return _Found(hits)
        if any(not side for side in sides[:2]) or not hits:
            guesses = [side or similar(self._index, text, 8) for side, text in zip(sides, reading.streets, strict=True)]
            hits += [hit for hit in find_corner(self._index, guesses) if hit not in hits]
        if hits:
            return _Found(hits)
        named = [match for side in sides for match in side[:2]]
        reason = Reason.STREETS_DO_NOT_MEET if all(sides) else Reason.STREET_UNKNOWN
        return _Found([hit.doubted(reason) for hit in whole_streets(self._index, named)], (reason,))

    def _name(self, reading: NameReading) -> _Found:
        if not reading.name:
            return _Found([], (Reason.NOTHING_TO_READ,))
        places = find_place(self._index, reading.name)
        streets = [m for m in matches(self._index, reading.name) if m.cost <= 1.5]
        if places:
            exact = [match for match in streets if not match.reasons]
            return _Found([hit.doubted(Reason.PLACE_OR_STREET) for hit in places] if exact else places)
        if streets:
            return _Found(whole_streets(self._index, streets))
        near = similar_places(self._index, reading.name)
        near += whole_streets(self._index, similar(self._index, reading.name, 5))
        return _Found(near, (Reason.PLACE_UNKNOWN,))


def _outside_similar(hit: Hit) -> Hit:
    """A similar name without the number: below every similar name that has it."""
    return replace(hit, cost=hit.cost - 8.5)


def _best_first(hits: Iterable[Hit]) -> list[Hit]:
    return sorted(hits, key=lambda hit: (hit.cost, hit.label, hit.x, hit.y))


def _caller(near: tuple[float, float] | None, uncertainty_m: float | None) -> Caller | None:
    """The caller's position; None where there is none or it cannot be right."""
    if near is None or not all(math.isfinite(value) for value in near):
        return None
    latitude, longitude = near
    if abs(latitude) > 90 or abs(longitude) > 180:
        return None
    known = uncertainty_m is not None and math.isfinite(uncertainty_m) and uncertainty_m >= 0
    return Caller(round(longitude * E7), round(latitude * E7), uncertainty_m if known else None)
