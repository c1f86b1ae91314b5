"""A city as GeoJSON for the map: made once, sent compressed, known by its ETag."""

import hashlib
from collections import defaultdict
from collections.abc import Callable
from typing import Any

import msgspec
import numpy as np
import shapely
from numpy.typing import NDArray

from redstick.geo.city import City, Ring
from redstick.geo.roads import ROAD_CLASSES, Roads

Feature = dict[str, Any]


class CityDocuments:
    """A `CityView` of one city."""

    def __init__(self, city: City) -> None:
        west, south = city.roads.xy.min(axis=0).tolist()
        east, north = city.roads.xy.max(axis=0).tolist()
        self._made: dict[str, tuple[bytes, str]] = {}
        self._sources: dict[str, Callable[[], Any]] = {
            "city": lambda: {
                "name": city.name,
                "time_zone": city.time_zone,
                "bounds": [degrees(value) for value in (west, south, east, north)],
                "attribution": list(city.attribution),
                "digest": city.digest,
                "stations": [
                    {"id": station.id, "name": station.name, "x": station.x, "y": station.y}
                    for station in city.stations
                ],
            },
            "roads": lambda: collection(road_features(city.roads)),
            "ground": lambda: collection([area(item.polygons, kind=item.kind, name=item.name) for item in city.ground]),
            "zones": lambda: collection(
                [area(zone.polygons, id=zone.id, name=zone.name, layer=zone.layer) for zone in city.zones]
            ),
            "places": lambda: collection(
                [point(place.x, place.y, name=place.name, kind=place.kind) for place in city.places]
            ),
            "addresses": lambda: collection(address_features(city)),
        }

    def document(self, name: str) -> tuple[bytes, str] | None:
        """The JSON bytes and the ETag of a document; None for a name that there is not."""
        if name not in self._sources:
            return None
        if name not in self._made:
            content = msgspec.json.encode(self._sources[name]())
            self._made[name] = content, f'"{hashlib.sha256(content).hexdigest()[:24]}"'
        return self._made[name]


def road_features(roads: Roads) -> list[Feature]:
    """One feature for each street of one class: its segments joined to long lines, so that labels find room."""
    groups: dict[tuple[int, int, int], list[NDArray[np.int32]]] = defaultdict(list)
    for segment in range(roads.segments):
        key = (int(roads.road_class[segment]), int(roads.name[segment]), int(roads.direction[segment]))
        groups[key].append(roads.xy[roads.start[segment] : roads.start[segment + 1]])
    features = []
    for (road_class, name, direction), lines in groups.items():
        joined = shapely.line_merge(
            shapely.multilinestrings([shapely.linestrings(line) for line in lines]), directed=True
        )
        parts = [lonlat(shapely.get_coordinates(part)) for part in shapely.get_parts(joined)]
        properties = {"class": ROAD_CLASSES[road_class], "one_way": direction}
        if name >= 0:
            properties["name"] = roads.names[name]
        features.append(feature({"type": "MultiLineString", "coordinates": parts}, properties))
    return features


def address_features(city: City) -> list[Feature]:
    """House numbers as points."""
    known = city.addresses
    pairs = zip(known.x.tolist(), known.y.tolist(), known.number.tolist(), strict=True)
    return [point(x, y, n=number) for x, y, number in pairs]


def area(polygons: tuple[tuple[Ring, ...], ...], **properties: Any) -> Feature:
    """Polygons with their holes."""
    coordinates = [[lonlat(ring) for ring in polygon] for polygon in polygons]
    return feature({"type": "MultiPolygon", "coordinates": coordinates}, properties)


def point(x: int, y: int, **properties: Any) -> Feature:
    """One place."""
    return feature({"type": "Point", "coordinates": [degrees(x), degrees(y)]}, properties)


def feature(geometry: dict[str, Any], properties: dict[str, Any]) -> Feature:
    """A GeoJSON feature (RFC 7946)."""
    return {"type": "Feature", "geometry": geometry, "properties": properties}


def collection(features: list[Feature]) -> Feature:
    """A GeoJSON feature collection (RFC 7946)."""
    return {"type": "FeatureCollection", "features": features}


def lonlat(xy: NDArray[Any]) -> list[list[float]]:
    """(k, 2) positions in 1e-7 degrees as pairs of degrees, to a tenth of a metre."""
    pairs: list[list[float]] = np.round(np.asarray(xy) / 1e7, 6).tolist()
    return pairs


def degrees(value: int) -> float:
    """1e-7 degrees as degrees, to a tenth of a metre."""
    return round(value / 1e7, 6)
