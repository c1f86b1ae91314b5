"""A whole city from the files that a town has: roads first, everything else beside them."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field, replace
from pathlib import Path

import numpy as np
import shapely
from numpy.typing import NDArray

from redstick.geo.city import Addresses, City, Ground, Milepost, Place, Station, Unit, Zone
from redstick.geo.importers.addresses import AddressDraft, addresses_of, import_addresses
from redstick.geo.importers.centrelines import import_centrelines
from redstick.geo.importers.columns import RoadColumns
from redstick.geo.importers.fault import InputFault, Intake
from redstick.geo.importers.osm import import_osm
from redstick.geo.importers.osm_areas import import_osm_areas
from redstick.geo.importers.polygons import import_zones, zone_order
from redstick.geo.importers.sites import (
    import_mileposts,
    import_places,
    import_stations,
    import_units,
    milepost_order,
)
from redstick.geo.roads import E7, I32, Roads
from redstick.geo.zones import LocalMetres, zone_shape

SMALLEST_M = 10.0  # a road network narrower than this is a wrong coordinate system, not a city
SOUTHERNMOST = -60.0  # degrees of latitude; no town lies farther south, and swapped American longitudes do
SIDE_M = 4.0  # how far beside the centreline a side is looked up
MARGIN_E7 = E7 // 2  # half a degree around the roads: nothing of a city lies farther out


@dataclass(frozen=True)
class Sources:
    """The files of one import; everything but `roads` may be absent. `layer` speaks of the roads file.

    `crs` is the coordinate system of those files that declare none.
    """

    roads: Path
    columns: RoadColumns | None = None
    addresses: tuple[Path, ...] = ()
    zones: tuple[tuple[Path, str], ...] = ()  # file and kind
    stations: Path | None = None
    units: Path | None = None
    places: tuple[Path, ...] = ()
    mileposts: Path | None = None
    name: str = ""
    time_zone: str = "UTC"
    layer: str | None = None
    crs: str | None = None


@dataclass
class _Parts:
    roads: Roads
    addresses: list[AddressDraft]
    places: list[Place]
    zones: list[Zone]
    ground: tuple[Ground, ...]
    intakes: list[Intake]
    mileposts: list[Milepost] = field(default_factory=list)


def gather(sources: Sources, progress: Callable[[str], None] = lambda _: None) -> tuple[City, list[Intake]]:
    """Read every file and join them. Raises InputFault from the first file that cannot be right."""
    progress(f"roads from {sources.roads.name}")
    parts = _from_roads(sources)
    _check_place(parts.roads, sources.roads)
    for path in sources.addresses:
        progress(f"addresses from {path.name}")
        drafts, intake = import_addresses(path, crs=sources.crs)
        _check_near(parts.roads, [draft[:2] for draft in drafts], path)
        parts.addresses += drafts
        parts.intakes.append(intake)
    if any(kind == "municipality" for _, kind in sources.zones):
        parts.zones = [zone for zone in parts.zones if zone.kind != "municipality"]
    for path, kind in sources.zones:
        progress(f"zones from {path.name}")
        zones, intake = import_zones(path, kind, time_zone=sources.time_zone, crs=sources.crs)
        corners = [tuple(ring[0].tolist()) for zone in zones for rings in zone.polygons for ring in rings[:1]]
        _check_near(parts.roads, corners, path)
        _refuse_repeats(zones, parts.zones, path)
        parts.zones += zones
        parts.intakes.append(intake)
    for path in sources.places:
        places, intake = import_places(path)
        _check_near(parts.roads, [(place.x, place.y) for place in places], path)
        parts.places += places
        parts.intakes.append(intake)
    if sources.mileposts:
        posts, intake = import_mileposts(sources.mileposts)
        _check_near(parts.roads, [(post.x, post.y) for post in posts], sources.mileposts)
        parts.mileposts += posts
        parts.intakes.append(intake)
    return _city(sources, parts), parts.intakes


def _from_roads(sources: Sources) -> _Parts:
    if sources.roads.name.lower().endswith((".pbf", ".osm", ".osm.bz2", ".osm.gz")):
        extract = import_osm(sources.roads)
        zones, ground, intakes = import_osm_areas(sources.roads)
        drafts = list(extract.addresses)
        return _Parts(
            extract.roads, drafts, list(extract.places), list(zones), ground, [*extract.intakes, *intakes],
            list(extract.mileposts),
        )  # fmt: skip
    roads, intake = import_centrelines(sources.roads, sources.columns, layer=sources.layer, crs=sources.crs)
    return _Parts(roads, [], [], [], (), [intake])


def _city(sources: Sources, parts: _Parts) -> City:
    stations: tuple[Station, ...] = ()
    units: tuple[Unit, ...] = ()
    if sources.stations:
        stations, intake = import_stations(sources.stations)
        _check_near(parts.roads, [(station.x, station.y) for station in stations], sources.stations)
        parts.intakes.append(intake)
    if sources.units:
        units, intake = import_units(sources.units)
        parts.intakes.append(intake)
    municipalities = [zone for zone in parts.zones if zone.kind == "municipality"]
    return City(
        name=sources.name or sources.roads.name.split(".")[0].replace("_", " ").title(),
        time_zone=sources.time_zone,
        roads=with_areas(parts.roads, municipalities),
        addresses=_with_areas(addresses_of(parts.addresses), municipalities),
        places=tuple(sorted(parts.places, key=lambda place: (place.id, place.name))),
        mileposts=tuple(sorted(parts.mileposts, key=milepost_order)),
        zones=tuple(sorted(parts.zones, key=zone_order)),
        stations=stations,
        units=units,
        ground=parts.ground,
        attribution=(parts.roads.attribution,) if parts.roads.attribution else (),
    )


def _check_place(roads: Roads, path: Path) -> None:
    corners = np.column_stack([roads.node_x, roads.node_y]).astype(np.int64)
    middle_x, middle_y = np.median(corners, axis=0) / E7
    if middle_y < SOUTHERNMOST:
        found = f"its middle ({middle_x:.4f}, {middle_y:.4f}) lies in Antarctica: latitude and longitude are swapped"
        raise InputFault(path, "", found, "longitude first")
    low, high = LocalMetres.around(corners).project(np.array([corners.min(axis=0), corners.max(axis=0)]))
    if float((high - low).max()) < SMALLEST_M:
        found = f"its whole network is {float((high - low).max()):.2f} m across"
        raise InputFault(path, "", found, "coordinates that belong to the system that the file declares")


def _check_near(roads: Roads, points: Iterable[tuple[int, ...]], path: Path) -> None:
    """Refuse a file whose points lie away from the roads, saying so where latitude and longitude are swapped."""
    xy = np.array([point[:2] for point in points], np.int64).reshape(-1, 2)
    if not len(xy):
        return
    roads_xy = np.column_stack([roads.node_x, roads.node_y]).astype(np.int64)
    low, high = roads_xy.min(axis=0) - MARGIN_E7, roads_xy.max(axis=0) + MARGIN_E7
    inside = ((xy >= low) & (xy <= high)).all(axis=1)
    swapped = ((xy[:, ::-1] >= low) & (xy[:, ::-1] <= high)).all(axis=1) & ~inside
    x, y = xy[int(np.argmax(~inside))] / E7
    if swapped.any():
        x, y = xy[int(np.argmax(swapped))] / E7
        found = f"({x:g}, {y:g}) has latitude and longitude swapped"
        raise InputFault(path, "", found, "longitude and latitude in their own places")
    if not inside.any():
        raise InputFault(path, "", f"nothing lies near the roads; the first is at ({x:g}, {y:g})", "the same city")


def _refuse_repeats(zones: Iterable[Zone], before: Iterable[Zone], path: Path) -> None:
    known = {zone_order(zone) for zone in before}
    for zone in zones:
        if zone_order(zone) in known:
            raise InputFault(
                path, "", f"zone {zone.id!r} of kind {zone.kind!r} came from another file", "each zone once"
            )


def with_areas(roads: Roads, municipalities: Iterable[Zone]) -> Roads:
    """The same roads, sides without a municipality given the one that they lie in."""
    zones = list(municipalities)
    if not zones or not ((roads.left_area < 0) | (roads.right_area < 0)).any():
        return roads
    areas = list(roads.areas)
    left, right = _sides(roads)
    return replace(
        roads,
        left_area=_filled(roads.left_area, left, zones, areas),
        right_area=_filled(roads.right_area, right, zones, areas),
        areas=areas,
    )


def _with_areas(addresses: Addresses, zones: list[Zone]) -> Addresses:
    if not zones or not (addresses.area < 0).any():
        return addresses
    areas = list(addresses.areas)
    points = np.column_stack([addresses.x, addresses.y]).astype(np.float64)
    return replace(addresses, area=_filled(addresses.area, points, zones, areas), areas=areas)


def _filled(known: I32, points: NDArray[np.float64], zones: list[Zone], areas: list[str]) -> I32:
    """`known` with -1 replaced by the area of the zone around the point; `areas` grows by names that are new."""
    filled = known.copy()
    for zone in sorted(zones, key=lambda zone: (zone.rank, zone.id)):
        shape = zone_shape(zone.polygons)
        shapely.prepare(shape)
        inside = (filled < 0) & shapely.intersects_xy(shape, points[:, 0], points[:, 1])
        if inside.any():
            if zone.name not in areas:
                areas.append(zone.name)
            filled[inside] = areas.index(zone.name)
    return filled


def _sides(roads: Roads) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Points in 1e-7 degrees a few metres left and right of the middle piece of every segment."""
    middle = (roads.start[:-1] + roads.start[1:] - 1) // 2
    a, b = roads.xy[middle].astype(np.float64), roads.xy[middle + 1].astype(np.float64)
    east = np.cos(np.deg2rad(a[:, 1] / E7))
    along = (b - a) * np.column_stack([east, np.ones(len(a))])
    length = np.maximum(np.hypot(along[:, 0], along[:, 1]), 1.0)
    step = SIDE_M / 111_320.0 * E7
    left = np.column_stack([-along[:, 1] / length * step / east, along[:, 0] / length * step])
    return (a + b) / 2 + left, (a + b) / 2 - left
