"""A whole city from its files, and files that do not belong together."""

import json
from dataclasses import replace

import numpy as np
import pyogrio
import pytest
import shapely

from redstick.geo.importers.fault import InputFault
from redstick.geo.importers.gather import Sources, gather

STREET = (
    "LineString",
    [[-91.10, 30.40], [-91.09, 30.40]],
    {"id": "1", "name": "MAIN ST", "left_from": 1, "left_to": 99},
)


def box(west, south, east, north):
    """The rings of a rectangle."""
    return [[[west, south], [east, south], [east, north], [west, north], [west, south]]]


def test_sides_get_the_municipality_that_they_lie_in(geojson):
    """A street on a town line has one town on its left and another on its right; a given one is kept."""
    given = ("LineString", [[-91.10, 30.395], [-91.09, 30.395]], {"id": "2", "name": "OAK ST", "city_l": "HOME"})
    roads = geojson(STREET, given)
    towns = geojson(
        ("Polygon", box(-91.2, 30.40, -91.0, 30.5), {"id": "n", "name": "NORTHTOWN"}),
        ("Polygon", box(-91.2, 30.3, -91.0, 30.40), {"id": "s", "name": "SOUTHTOWN"}),
        name="towns.geojson",
    )
    addresses = geojson(("Point", [-91.095, 30.401], {"number": 5, "street": "MAIN ST"}), name="addresses.geojson")
    city, intakes = gather(Sources(roads, addresses=(addresses,), zones=((towns, "municipality"),)))
    read = city.roads
    assert [read.areas[i] for i in read.left_area] == ["NORTHTOWN", "HOME"]
    assert [read.areas[i] for i in read.right_area] == ["SOUTHTOWN", "SOUTHTOWN"]
    assert city.addresses.areas[city.addresses.area[0]] == "NORTHTOWN"
    assert [intake.what for intake in intakes] == ["roads", "addresses", "zones (municipality)"]


def test_the_same_files_give_the_same_city(geojson):
    """Two imports agree in every array."""
    roads = geojson(STREET)
    one, two = gather(Sources(roads))[0], gather(Sources(roads))[0]
    assert vars(one.roads).keys() == vars(two.roads).keys()
    for key, value in vars(one.roads).items():
        assert np.array_equal(value, getattr(two.roads, key)), key


@pytest.mark.parametrize(
    ("position", "reason"),
    [([30.395, -61.0], "nothing lies near the roads"), ([2.35, 48.85], "nothing lies near the roads")],
)
def test_files_of_another_place_are_refused(geojson, position, reason):
    """Addresses of Paris do not belong to the roads of Baton Rouge."""
    addresses = geojson(("Point", position, {"number": 5, "street": "MAIN ST"}), name="addresses.geojson")
    with pytest.raises(InputFault, match=rf"addresses\.geojson: {reason}"):
        gather(Sources(geojson(STREET), addresses=(addresses,)))


def test_swapped_positions_that_could_be_somewhere_are_found_by_the_roads(geojson):
    """Latitude 9 and longitude 47 exist, but not in this city: the roads tell that they are swapped."""
    roads = geojson(("LineString", [[9.5, 47.1], [9.51, 47.1]], {"name": "A"}))
    places = geojson(("Point", [47.1, 9.505], {"name": "City Hall"}), name="places.geojson")
    with pytest.raises(InputFault, match=r"places\.geojson: \(47\.1, 9\.505\) has latitude and longitude swapped"):
        gather(Sources(roads, places=(places,)))


def test_swapped_american_roads_are_refused(geojson):
    """Longitude -74 as a latitude is a place, in Antarctica: the whole network is refused as swapped."""
    roads = geojson(("LineString", [[40.7, -73.97], [40.71, -73.97]], {"name": "BROADWAY"}))
    with pytest.raises(InputFault, match="lies in Antarctica: latitude and longitude are swapped"):
        gather(Sources(roads))


def test_degrees_declared_as_metres_are_refused(geojson):
    """A network that is a few centimetres across has the wrong coordinate system."""
    crs = {"type": "name", "properties": {"name": "EPSG:26915"}}
    with pytest.raises(InputFault, match=r"its whole network is 0\.0\d m across"):
        gather(Sources(geojson(STREET, crs=crs)))


def test_a_zone_from_two_files_is_refused(geojson):
    """One beat in two files: which one holds cannot be told."""
    zone = ("Polygon", box(-91.2, 30.3, -91.0, 30.5), {"id": "1"})
    files = tuple((geojson(zone, name=f"{name}.geojson"), "beat") for name in ("one", "two"))
    with pytest.raises(InputFault, match=r"two\.geojson: zone '1' of kind 'beat' came from another file"):
        gather(Sources(geojson(STREET), zones=files))


def test_an_osm_city_has_its_towns_and_its_credit(third_party):
    """Liechtenstein from one file: areas on both sides of nearly every street, and the credit that ODbL asks for."""
    city, intakes = gather(Sources(third_party("roads/liechtenstein.osm.pbf"), time_zone="Europe/Vaduz"))
    assert len(city.zones) == 11
    assert float((city.roads.left_area >= 0).mean()) > 0.98
    assert "OpenStreetMap" in city.attribution[0]
    assert json.dumps([intake.as_json() for intake in intakes])


def test_a_declared_system_serves_the_files_that_have_none(geojson, tmp_path):
    """Zones without a .prj are read by --crs; roads that are GeoJSON stay in degrees."""
    metres = [(682_000, 3_360_000), (690_000, 3_360_000), (690_000, 3_370_000), (682_000, 3_370_000)]
    path = tmp_path / "beats.shp"
    pyogrio.raw.write(
        path, shapely.to_wkb(np.array([shapely.Polygon(metres)])), [np.array(["7"])], ["beat"], geometry_type="Polygon",
        crs="EPSG:26915", driver="ESRI Shapefile",
    )  # fmt: skip
    path.with_suffix(".prj").unlink()
    sources = Sources(geojson(STREET), zones=((path, "beat"),))
    with pytest.raises(InputFault, match=r"beats\.shp: its coordinate system is not declared"):
        gather(sources)
    city, _ = gather(replace(sources, crs="EPSG:26915"))
    assert [zone.id for zone in city.zones] == ["7"]
