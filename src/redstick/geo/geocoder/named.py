"""What has no house number: common places, whole streets, ramps, miles of a route, positions."""

from collections.abc import Sequence

import numpy as np
import shapely
from rapidfuzz import fuzz, process
from rapidfuzz.distance import DamerauLevenshtein

from redstick.geo.geocoder.coordinates import Position, read_degrees, read_grid, write_grid
from redstick.geo.geocoder.corners import CLOSE_M, find_corner, nearest_approach
from redstick.geo.geocoder.grammar import RampReading, RouteReading
from redstick.geo.geocoder.hits import Hit, known
from redstick.geo.geocoder.index import Index, Line, PlaceRow, Street
from redstick.geo.geocoder.mileposts import METRES_PER_UNIT, along
from redstick.geo.geocoder.result import Method, Quality, Reason
from redstick.geo.geocoder.streets import Match, matches
from redstick.geo.geocoder.words import squashed
from redstick.geo.roads import E7

_MIN_PLACE_SCORE = 72.0
_CITY_MARGIN = 500_000  # 1e-7 degrees, about 5 km: farther from every road a position is not the city's
_RAMP_NEAR_UNITS = 17_000  # 1e-7 degrees, at most 190 m


def find_place(index: Index, text: str) -> list[Hit]:
    """Places whose name or alias is the text, whatever its spacing and case."""
    return [_place_hit(place, (Reason.EXACT,), 0.0) for place in index.places_named(squashed(text))]


def similar_places(index: Index, text: str) -> list[Hit]:
    """Places with a similar name; never to be trusted."""
    key = squashed(text)[:80]
    if len(key) < 4 or not index.place_keys:
        return []
    found = process.extract(key, index.place_keys, scorer=fuzz.ratio, limit=8, score_cutoff=_MIN_PLACE_SCORE)
    hits: dict[int, Hit] = {}
    for name, _, i in found:
        place = index.place(index.place_of_key[i])
        cost = 10.0 + DamerauLevenshtein.distance(key, name)
        if place.id not in hits or cost < hits[place.id].cost:
            hits[place.id] = _place_hit(place, (Reason.FUZZY_PLACE,), cost)
    return [hits[id_] for id_ in sorted(hits)]


def _place_hit(place: PlaceRow, reasons: tuple[Reason, ...], cost: float) -> Hit:
    return Hit(
        x=place.x, y=place.y, label=place.name, method=Method.PLACE, quality=Quality.CENTROID, reasons=reasons,
        cost=cost, source=f"place {place.source}", area_text=place.area,
    )  # fmt: skip


def whole_streets(index: Index, found: Sequence[Match]) -> list[Hit]:
    """The middle segment of each street, in each municipality: all that a street without a number says."""
    hits = []
    for match in found[:8]:
        by_area: dict[int, list[tuple[int, int]]] = {}
        for segment, area, postcode in index.segments_of(match.street.id):
            by_area.setdefault(area, []).append((segment, postcode))
        for area, segments in sorted(by_area.items()):
            segment, _ = segments[len(segments) // 2]
            x, y = along(index.line(segment), 0.5)
            hit = Hit(
                x=x, y=y, label=match.street.spelled, method=Method.STREET, quality=Quality.CENTROID,
                reasons=match.reasons, cost=match.cost, street=match.street.id, areas=known(area),
                postcodes=known(*(postcode for _, postcode in segments)), source=f"segment {index.source_of(segment)}",
            )  # fmt: skip
            hits.append(hit.doubted(Reason.NUMBER_MISSING))
    return hits


def find_ramp(index: Index, reading: RampReading) -> list[Hit]:
    """Where the ramps of the route come near the streets that the text names; always for a person to confirm.

    The nearer a ramp lies to all the streets of the text, and the better its own name fits, the higher it stands.
    """
    beside = {match.street.id: match for text in reading.streets for match in _streets_in(index, text)}
    near = dict(list(beside.items())[:8])
    shapes = {street: shapely.MultiLineString(_lines(index, street)) for street in near}
    hits = []
    for street in [street for street in index.streets if _bears(street, reading)][:12]:
        own = _lines(index, street.id)
        right_way = reading.ramp in str(street.name).split() and _direction_fits(street, reading)
        away = {
            id_: shapely.distance(np.array([shapely.LineString(line) for line in own]), shape)
            for id_, shape in shapes.items()
        }
        for id_, match in near.items():
            close = [] if id_ == street.id else np.flatnonzero(away[id_] <= _RAMP_NEAR_UNITS).tolist()
            for i in close[:12]:
                gap_m, at = nearest_approach([own[i]], _lines(index, id_))
                away_m = sum(float(other[i]) for other in away.values()) * METRES_PER_UNIT / len(away)
                hit = Hit(
                    x=at[0], y=at[1], label=f"{street.spelled} / {match.street.spelled}", method=Method.RAMP,
                    quality=Quality.CORNER, reasons=match.reasons, street=street.id,
                    cost=match.cost + (0.0 if right_way else 2.0) + away_m / 250.0,
                    extent_m=max(gap_m, CLOSE_M), source=f"{gap_m:.0f} m apart",
                )  # fmt: skip
                hits.append(hit.doubted(Reason.RAMP_TEXT))
    sides = [_streets_in(index, text)[:4] for text in reading.streets]
    corners = find_corner(index, [side for side in sides if side])
    hits.sort(key=lambda hit: (hit.cost, hit.label, hit.x, hit.y))
    return [*hits[:40], *(hit.doubted(Reason.RAMP_TEXT) for hit in corners)]


def _lines(index: Index, street: int) -> list[Line]:
    return [index.line(segment) for segment, _, _ in index.segments_of(street)]


def _streets_in(index: Index, text: str) -> list[Match]:
    """Streets that a text names: as a whole, else every run of its words that is a street's base."""
    whole = [match for match in matches(index, text) if not match.reasons] or matches(index, text)[:3]
    if whole:
        return whole
    words = text.split()[:8]
    runs = [" ".join(words[i:j]) for i in range(len(words)) for j in range(len(words), i, -1)]
    return [match for run in runs if len(run) > 1 for match in matches(index, run)[:3]]


def _bears(street: Street, reading: RampReading) -> bool:
    words = str(street.name).split()
    return any(number in words for number, _ in reading.routes)


def _direction_fits(street: Street, reading: RampReading) -> bool:
    words = {word[0] for word in str(street.name).split() if word.startswith(("N", "S", "E", "W"))}
    return any(not direction or direction in words for _, direction in reading.routes)


def find_route(index: Index, reading: RouteReading) -> list[Hit]:
    """A mile of a route, by walking its line between two posts; or an exit by its number."""
    keys = _route_keys(index, reading)
    hits = []
    for key in keys:
        if reading.exit:
            found = [
                (d, x, y)
                for d, m, label, x, y in index.posts(key, is_exit=True)
                if (m, label) == (reading.measure, reading.letter)
            ]
        else:
            found = [
                (d, *along(line, (reading.measure - low) / (high - low) if high > low else 0.0))
                for d, low, high, line in index.route_spans(key, reading.measure)
            ]
            found += [(d, x, y) for d, m, _, x, y in index.posts(key, is_exit=False) if m == reading.measure]
        given = reading.direction
        for direction, x, y in dict.fromkeys(found):
            if given and direction and given != direction:
                continue
            what = "exit" if reading.exit else "mile"
            hit = Hit(
                x=x, y=y, label=f"{key} {direction} {what} {reading.measure:g}{reading.letter}".replace("  ", " "),
                method=Method.MILEPOST, quality=Quality.MILEPOST, reasons=(Reason.EXACT,), source=f"route {key}",
            )  # fmt: skip
            hits.append(hit if given or not direction else hit.doubted(Reason.ROUTE_DIRECTION_MISSING))
    return hits


def _route_keys(index: Index, reading: RouteReading) -> list[str]:
    """Routes of the number; where no system was typed, of any system."""
    routes = index.routes()
    if reading.system and f"{reading.system}{reading.number}" in routes:
        return [f"{reading.system}{reading.number}"]
    if reading.system in {"", "HWY", "RTE"}:
        return [route for route in routes if route.lstrip("ABCDEFGHIJKLMNOPQRSTUVWXYZ") == reading.number]
    return []


def find_position(index: Index, text: str) -> list[Hit]:
    """A position given as degrees or as a grid reference, doubted where it cannot be meant."""
    position = read_degrees(text)
    if position is None:
        position = read_grid(text)
        if position is None:
            return []
        hit = _position_hit(position, Method.GRID, write_grid(position.x, position.y))
        hit = hit if position.square_m <= 100 else hit.doubted(Reason.GRID_COARSE)
        return [hit if _in_city(index, hit.x, hit.y) else hit.doubted(Reason.OUTSIDE_CITY)]
    if abs(position.y) <= 90 * E7 and _in_city(index, position.x, position.y):
        return [_position_hit(position, Method.COORDINATES, _degrees(position))]
    mended = [
        (Position(position.y, position.x), Reason.COORDINATES_SWAPPED),
        (Position(-position.x, position.y), Reason.SIGN_SUPPLIED),
    ]
    hits = [
        _position_hit(other, Method.COORDINATES, _degrees(other)).doubted(reason)
        for other, reason in mended
        if _in_city(index, other.x, other.y)
    ]
    if hits or abs(position.y) > 90 * E7:
        return hits
    return [_position_hit(position, Method.COORDINATES, _degrees(position)).doubted(Reason.OUTSIDE_CITY)]


def _position_hit(position: Position, method: Method, label: str) -> Hit:
    return Hit(
        x=position.x, y=position.y, label=label, method=method, quality=Quality.COORDINATES, reasons=(Reason.EXACT,),
        extent_m=position.square_m / 2,
    )  # fmt: skip


def _degrees(position: Position) -> str:
    return f"{position.y / E7:.6f}, {position.x / E7:.6f}"


def _in_city(index: Index, x: int, y: int) -> bool:
    if not index.bounds:
        return True
    west, south, east, north = index.bounds
    return west - _CITY_MARGIN <= x <= east + _CITY_MARGIN and south - _CITY_MARGIN <= y <= north + _CITY_MARGIN
