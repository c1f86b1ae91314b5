"""The map of a city in tiles: nothing is lost, nothing is where it is not, nothing more is shown than one can see."""

from functools import cache

import numpy as np
import pytest
import shapely
from hypothesis import given
from hypothesis import strategies as st
from tests.vector_tile import POINT, POLYGON, read_tile

from redstick.geo.city import City, Ground, Station
from redstick.geo.importers.assemble import SegmentDraft, assemble
from redstick.geo.roads import ROAD_CLASSES
from redstick.geo.tiles import MAX_ZOOM, MIN_ZOOM, TileCutter, in_grid, sheets_of
from redstick.geo.tiles.grid import BUFFER, EXTENT, projected, unit_of
from redstick.geo.tiles.sheets import Beside
from redstick.simulation.parish import generate

EVERYTHING = 14  # from here on every road is drawn


@cache
def parish():
    """The small parish, and its cutter."""
    made = generate(7).city
    camera = {"id": "CAM1", "x": made.stations[0].x, "y": made.stations[0].y, "name": "One", "kind": "corner"}
    return made, TileCutter(sheets_of(made, Beside([camera])))


def tiles_around(city, zoom):
    """Every tile that the city's roads touch."""
    corners = projected(np.array([city.roads.xy.min(axis=0), city.roads.xy.max(axis=0)])) * 2**zoom
    (west, south), (east, north) = corners.astype(int).tolist()
    return [(zoom, x, y) for x in range(west, east + 1) for y in range(north, south + 1)]


@cache
def layer_of(name, zoom):
    """Every feature of one layer, with its tile."""
    city, cutter = parish()
    cut = [(tile, read_tile(cutter.tile(*tile)).get(name)) for tile in tiles_around(city, zoom)]
    return [(tile, feature) for tile, layer in cut if layer is not None for feature in layer.features]


def in_the_square(tile, path):
    """A path of a tile as points of the unit square."""
    zoom, x, y = tile
    return (np.array(path) / EXTENT + (x, y)) / 2**zoom


@pytest.mark.parametrize(("zoom", "units"), [(EVERYTHING, 4), (MAX_ZOOM, 1)])
def test_every_segment_is_in_some_tile_under_its_own_class_and_name(zoom, units):
    """Both ends and the middle of each lie on a line of its class and name, to two metres, close by to 13 cm."""
    city, _ = parish()
    roads = city.roads
    lines = {}
    for tile, feature in layer_of("roads", zoom):
        key = (feature.properties["class"], feature.properties.get("name", ""))
        lines.setdefault(key, []).extend(shapely.linestrings(in_the_square(tile, path)) for path in feature.paths)
    drawn = {key: shapely.union_all(parts) for key, parts in lines.items()}
    for segment in range(roads.segments):
        name = roads.names[roads.name[segment]] if roads.name[segment] >= 0 else ""
        of_segment = drawn[ROAD_CLASSES[roads.road_class[segment]], name]
        shape = shapely.linestrings(projected(roads.xy[roads.start[segment] : roads.start[segment + 1]]))
        for share in (0, 0.5, 1):
            assert of_segment.distance(shape.interpolate(share, normalized=True)) < units * unit_of(zoom)


@pytest.mark.parametrize("zoom", range(MIN_ZOOM, MAX_ZOOM + 1))
def test_nothing_is_drawn_beyond_the_buffer(zoom):
    """Of any layer, at any zoom; rings turn as the specification says: the outer first, clockwise."""
    city, cutter = parish()
    for tile in tiles_around(city, zoom)[:60]:
        for layer in read_tile(cutter.tile(*tile)).values():
            for feature in layer.features:
                points = np.concatenate([np.array(path) for path in feature.paths])
                assert -BUFFER - 1 <= points.min() <= points.max() <= EXTENT + BUFFER + 1
                if feature.kind == POLYGON:
                    assert doubled_area(feature.paths[0]) > 0


def doubled_area(path):
    """By the surveyor's formula: positive when it runs clockwise on a screen."""
    pairs = zip(path, path[1:] + path[:1], strict=True)
    return sum(x1 * y2 - x2 * y1 for (x1, y1), (x2, y2) in pairs)


def test_a_hole_turns_against_its_ring():
    """An island in a lake stays dry."""
    around = np.array([(0, 0), (0, 90), (90, 90), (90, 0), (0, 0)], np.int32) * 10_000 + (-911_000_000, 304_000_000)
    island = np.array([(30, 30), (60, 30), (60, 60), (30, 60), (30, 30)], np.int32) * 10_000 + (-911e6, 304e6)
    roads, _ = assemble([SegmentDraft("1", around[:2].astype(np.int32))], "made for a test")
    lake = Ground("water", "Lake", ((around.astype(np.int32), island.astype(np.int32)),))
    cutter = TileCutter(sheets_of(City("Ville", "UTC", roads, ground=(lake,))))
    x, y = (projected(around[:1]) * 2**9)[0].astype(int).tolist()
    found = [read_tile(cutter.tile(9, x + i, y + j)).get("water") for i in (-1, 0, 1) for j in (-1, 0, 1)]
    rings = [path for layer in found if layer for feature in layer.features for path in feature.paths]
    assert {doubled_area(ring) > 0 for ring in rings} == {True, False}


@pytest.mark.parametrize(("zoom", "unseen"), [(8, {"secondary", "residential", "service"}), (12, {"residential"})])
def test_far_out_only_large_roads_are_drawn(zoom, unseen):
    """Small streets come with the zooms at which one can tell them apart."""
    classes = {feature.properties["class"] for _, feature in layer_of("roads", zoom)}
    assert classes
    assert not classes & unseen


def test_house_numbers_are_drawn_from_zoom_16_each_once():
    """Every house of the city, its number as text."""
    city, _ = parish()
    assert layer_of("addresses", 15) == []
    inside = [
        (tile, feature.properties["number"], feature.paths[0][0])
        for tile, feature in layer_of("addresses", 16)
        if 0 <= feature.paths[0][0][0] < EXTENT and 0 <= feature.paths[0][0][1] < EXTENT
    ]
    known = city.addresses
    assert len(inside) == len(
        {(x, y, n) for x, y, n in zip(known.x.tolist(), known.y.tolist(), known.number, strict=True)}
    )


def test_stations_and_cameras_stand_where_they_are():
    """To a metre, with their ids."""
    city, _ = parish()
    found = {
        feature.properties["id"]: in_the_square(tile, feature.paths[0])[0] for tile, feature in layer_of("stations", 16)
    }
    for station in city.stations:
        assert np.abs(found[station.id] - projected(np.array([(station.x, station.y)]))[0]).max() < 1e-7
    assert [feature.properties["id"] for _, feature in layer_of("cameras", 16)][:1] == ["CAM1"]
    assert all(feature.kind == POINT for _, feature in layer_of("cameras", 16))


def test_a_tile_where_nothing_is_is_empty():
    """The other side of the earth."""
    assert parish()[1].tile(10, 0, 0) == b""


@given(st.integers(-1, 20), st.integers(-5, 70_000), st.integers(-5, 70_000))
def test_there_are_as_many_tiles_as_the_zoom_has(zoom, x, y):
    """And none below or above the zooms that are cut."""
    assert in_grid(zoom, x, y) == (MIN_ZOOM <= zoom <= MAX_ZOOM and min(x, y) >= 0 and max(x, y) < 2**zoom)


def test_a_city_of_stations_alone_has_a_map():
    """No road, no ground, no zone: what is there is drawn."""
    roads, _ = assemble([], "nobody")
    city = City("Ville", "UTC", roads, stations=(Station("S1", "One", -911_000_000, 304_000_000),))
    cutter = TileCutter(sheets_of(city))
    x, y = (projected(np.array([(-911_000_000, 304_000_000)])) * 2**14)[0].astype(int).tolist()
    assert list(read_tile(cutter.tile(14, x, y))) == ["stations"]
