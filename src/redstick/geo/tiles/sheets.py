"""What stands on the map of a city, sheet by sheet: which features, from which zoom on, with which properties."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import shapely
from numpy.typing import NDArray

from redstick.geo.city import City, Ring
from redstick.geo.roads import ROAD_CLASSES, Roads
from redstick.geo.tiles.grid import MAX_ZOOM, MIN_ZOOM, projected
from redstick.geo.tiles.mvt import Geometry, Value

VERSION = 1  # of what is on the sheets: whoever keeps tiles asks anew when it changes
ROAD_ZOOMS = {
    "motorway": MIN_ZOOM, "trunk": 7, "primary": 9, "secondary": 10, "ramp": 12, "tertiary": 12,
    "unknown": 13, "residential": 13, "service": 14,
}  # fmt: skip
LABEL_ZOOMS = {**dict.fromkeys(ROAD_CLASSES, 15), "motorway": 10, "trunk": 11, "primary": 12, "secondary": 13}
LABEL_ZOOMS |= {"tertiary": 14, "residential": 14, "ramp": 17, "service": 16}  # ramps are never labelled
FINE_ZONES = frozenset({"census_block"})  # for reckoning with; nobody looks at three thousand of them
PLACE_ZOOM, NUMBER_ZOOM, CAMERA_ZOOM, STATION_ZOOM, RAIL_ZOOM = 14, 16, 12, 10, 11

Properties = Mapping[str, Value]


@dataclass(frozen=True)
class Sheet:
    """Features of one layer that appear at one zoom: shapes of the unit square, each with its properties.

    Points are an (n, 2) array of positions: a city has hundreds of thousands of house numbers.
    """

    layer: str
    kind: Geometry
    zoom: int
    shapes: NDArray[Any]
    properties: Sequence[Properties]


@dataclass(frozen=True)
class Beside:
    """What a city folder may hold beside the city: cameras with an id, x, y, and railways as lists of (x, y)."""

    cameras: Sequence[Mapping[str, Any]] = ()
    railways: Sequence[Sequence[Sequence[int]]] = ()


def sheets_of(city: City, beside: Beside | None = None) -> list[Sheet]:
    """Every sheet of a city, in the order in which layers are drawn."""
    extra = beside or Beside()
    return [
        *_ground(city),
        *_railways(extra),
        *_roads(city.roads),
        *_labels(city.roads),
        _zones(city),
        _numbers(city),
        *_points(city, extra),
    ]


def joined_roads(roads: Roads, *, by_direction: bool) -> dict[tuple[int, int, int, int], NDArray[Any]]:
    """The lines of each class, name, level and, `by_direction`, way: segments joined where they meet."""
    shapes = shapely.linestrings(
        projected(roads.xy), indices=np.repeat(np.arange(roads.segments), np.diff(roads.start))
    )
    groups: dict[tuple[int, int, int, int], list[int]] = defaultdict(list)
    direction = roads.direction if by_direction else np.zeros_like(roads.direction)
    level = roads.level if by_direction else np.zeros_like(roads.level)
    columns = (roads.road_class.tolist(), roads.name.tolist(), level.tolist(), direction.tolist())
    for segment, key in enumerate(zip(*columns, strict=True)):
        groups[key].append(segment)
    return {
        key: shapely.get_parts(shapely.line_merge(shapely.multilinestrings(shapes[members]), directed=by_direction))
        for key, members in groups.items()
    }


def _roads(roads: Roads) -> list[Sheet]:
    """`roads`: class, one_way (1 as drawn, -1 against), level, and the name where there is one."""
    found: dict[int, list[tuple[Any, Properties]]] = defaultdict(list)
    for (of_class, name, level, direction), lines in joined_roads(roads, by_direction=True).items():
        word = ROAD_CLASSES[of_class]
        properties: dict[str, Value] = {"class": word, "one_way": direction, "level": level}
        if name >= 0:
            properties["name"] = roads.names[name]
        found[ROAD_ZOOMS[word]] += [(line, properties) for line in lines]
    return _by_zoom("roads", Geometry.LINE, found)


def _labels(roads: Roads) -> list[Sheet]:
    """`road_labels`: one line for each run of one name, whichever way it is driven; class and name."""
    found: dict[int, list[tuple[Any, Properties]]] = defaultdict(list)
    for (of_class, name, _, _), lines in joined_roads(roads, by_direction=False).items():
        word = ROAD_CLASSES[of_class]
        if name >= 0 and LABEL_ZOOMS[word] <= MAX_ZOOM:
            found[LABEL_ZOOMS[word]] += [(line, {"class": word, "name": roads.names[name]}) for line in lines]
    return _by_zoom("road_labels", Geometry.LINE, found)


def _ground(city: City) -> list[Sheet]:
    """`water`, `parks`, and `landuse` for whatever else there is to draw under the roads; kind and name."""
    layers = {"water": "water", "park": "parks"}
    found: dict[str, list[tuple[Any, Properties]]] = {"landuse": [], "parks": [], "water": []}
    for ground in city.ground:
        properties = {"kind": ground.kind, "name": ground.name}
        found[layers.get(ground.kind, "landuse")].append((_area(ground.polygons), properties))
    return [_sheet(layer, Geometry.POLYGON, MIN_ZOOM, features) for layer, features in found.items()]


def _zones(city: City) -> Sheet:
    """`zones`: id, name, layer (beat, fire_district, ...) and kind."""
    shown = [zone for zone in city.zones if zone.layer not in FINE_ZONES]
    features = [
        (_area(zone.polygons), {"id": zone.id, "name": zone.name, "layer": zone.layer, "kind": zone.kind})
        for zone in shown
    ]
    return _sheet("zones", Geometry.POLYGON, MIN_ZOOM, features)


def _numbers(city: City) -> Sheet:
    """`addresses`: the house number with its suffix; of apartments of one house the first is drawn.

    Compared as whole numbers: as text, hundreds of thousands of houses would take ten times the memory.
    """
    known = city.addresses
    suffixes = {text: code for code, text in enumerate(dict.fromkeys(text.rstrip() for text in known.number_suffix))}
    suffix = np.fromiter((suffixes[text.rstrip()] for text in known.number_suffix), np.int64, len(known))
    named = known.number.astype(np.int64) * max(1, len(suffixes)) + suffix
    order = np.lexsort((named, known.y, known.x))  # stable: of equals the first comes first
    columns = np.stack([known.x, known.y, named])[:, order]
    new = np.r_[True, (columns[:, 1:] != columns[:, :-1]).any(axis=0)][: len(known)]
    houses = np.sort(order[new])
    distinct, which = np.unique(named[houses], return_inverse=True)
    words = list(suffixes)
    numbers = [{"number": f"{one // len(words)} {words[one % len(words)]}".strip()} for one in distinct.tolist()]
    xy = np.stack([known.x, known.y], axis=1)[houses]
    return Sheet("addresses", Geometry.POINT, NUMBER_ZOOM, projected(xy), [numbers[one] for one in which.tolist()])


def _points(city: City, beside: Beside) -> list[Sheet]:
    """`stations`, `hospitals`, `places` and `cameras`: id, name, kind."""
    hospitals = [place for place in city.places if place.kind == "hospital"]
    others = [place for place in city.places if place.kind != "hospital"]
    cameras = [(int(one["x"]), int(one["y"]), _camera(one)) for one in beside.cameras]
    stations = [(one.x, one.y, {"id": one.id, "name": one.name}) for one in city.stations]
    named = {
        layer: [(one.x, one.y, {"id": one.id, "name": one.name, "kind": one.kind}) for one in places]
        for layer, places in (("hospitals", hospitals), ("places", others))
    }
    return [
        _marks("stations", STATION_ZOOM, stations),
        _marks("hospitals", STATION_ZOOM, named["hospitals"]),
        _marks("places", PLACE_ZOOM, named["places"]),
        _marks("cameras", CAMERA_ZOOM, cameras),
    ]


def _camera(one: Mapping[str, Any]) -> Properties:
    return {
        "id": str(one["id"]), "name": str(one.get("name", "")), "kind": str(one.get("kind", "")),
        "bearing_deg": int(one.get("bearing_deg", 0)),
    }  # fmt: skip


def _railways(beside: Beside) -> list[Sheet]:
    lines = [shapely.linestrings(projected(np.array(line, np.int64))) for line in beside.railways if len(line) > 1]
    return [_sheet("railways", Geometry.LINE, RAIL_ZOOM, [(line, {}) for line in lines])]


def _marks(layer: str, zoom: int, points: Sequence[tuple[int, int, Properties]]) -> Sheet:
    xy = np.array([(x, y) for x, y, _ in points], np.int64).reshape(-1, 2)
    return Sheet(layer, Geometry.POINT, zoom, projected(xy), [one for _, _, one in points])


def _by_zoom(layer: str, kind: Geometry, found: Mapping[int, Sequence[tuple[Any, Properties]]]) -> list[Sheet]:
    return [_sheet(layer, kind, zoom, features) for zoom, features in sorted(found.items())]


def _sheet(layer: str, kind: Geometry, zoom: int, features: Iterable[tuple[Any, Properties]]) -> Sheet:
    pairs = list(features)
    shapes = np.array([shape for shape, _ in pairs], dtype=object)
    return Sheet(layer, kind, zoom, shapes, [properties for _, properties in pairs])


def _area(polygons: tuple[tuple[Ring, ...], ...]) -> Any:
    """Polygons with their holes as one valid shape; what a source drew askew is mended."""
    parts = [shapely.Polygon(projected(rings[0]), [projected(hole) for hole in rings[1:]]) for rings in polygons]
    return shapely.make_valid(shapely.multipolygons(parts))
