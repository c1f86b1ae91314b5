"""A city as it is drawn: each test states one fact. The city is the generated parish."""

from itertools import pairwise
from types import SimpleNamespace

import msgspec
import numpy as np
import pytest

from redstick.geo.roads import FORWARD_ONLY, ROAD_CLASSES
from redstick.server.city_view import CityDocuments, road_features
from redstick.simulation.parish import generate

NAMES = ("city", "roads", "ground", "zones", "places", "addresses")


@pytest.fixture(scope="module")
def city():
    """The parish of the demo."""
    return generate(7).city


@pytest.fixture(scope="module")
def documents(city):
    """Every document, decoded, by its name."""
    view = CityDocuments(city)
    return {name: msgspec.json.decode(view.document(name)[0]) for name in NAMES}


def positions(geometry):
    """Every position of a geometry, flat."""
    found = geometry["coordinates"]
    while isinstance(found[0], list) and isinstance(found[0][0], list):
        found = [inner for outer in found for inner in outer]
    return found if isinstance(found[0], list) else [found]


def test_a_document_is_made_once_and_known_by_its_tag(city):
    """The same bytes each time, and the same tag in another process; other bytes have another tag."""
    one, other = CityDocuments(city), CityDocuments(city)
    for name in NAMES:
        assert one.document(name) is one.document(name)
        assert one.document(name) == other.document(name)
    assert len({one.document(name)[1] for name in NAMES}) == len(NAMES)


def test_there_is_no_other_document(city):
    """None, for the server to say so."""
    assert CityDocuments(city).document("moon") is None


@pytest.mark.parametrize("name", [name for name in NAMES if name != "city"])
def test_every_layer_is_geojson_within_the_world(documents, name):
    """A feature collection (RFC 7946) whose positions are longitude and latitude in degrees."""
    layer = documents[name]
    assert layer["type"] == "FeatureCollection"
    assert layer["features"]
    for feature in layer["features"][:500]:
        assert feature["type"] == "Feature"
        for x, y in positions(feature["geometry"]):
            assert -91 < x < -90
            assert 27 < y < 28


def test_roads_lie_within_the_bounds_of_the_city(documents):
    """West, south, east, north, as the map opens."""
    west, south, east, north = documents["city"]["bounds"]
    every = np.array([at for feature in documents["roads"]["features"] for at in positions(feature["geometry"])])
    assert (every.min(axis=0) >= [west, south]).all()
    assert (every.max(axis=0) <= [east, north]).all()


def test_every_segment_is_drawn(city, documents):
    """Joining segments to long lines loses no street, no class and no bend."""
    roads = city.roads
    drawn = {tuple(at) for feature in documents["roads"]["features"] for at in positions(feature["geometry"])}
    assert {tuple(at) for at in np.round(roads.xy / 1e7, 6).tolist()} <= drawn
    said = {(f["properties"]["class"], f["properties"].get("name")) for f in documents["roads"]["features"]}
    names = [roads.names[i] if i >= 0 else None for i in roads.name.tolist()]
    assert said == {(ROAD_CLASSES[c], name) for c, name in zip(roads.road_class.tolist(), names, strict=True)}


def test_a_one_way_is_drawn_in_its_direction(city, documents):
    """The interstate's carriageways keep the order of their points."""
    roads = city.roads
    [drawn] = [f for f in documents["roads"]["features"] if f["properties"].get("name") == "I-18 East"]
    follows = {pair for line in drawn["geometry"]["coordinates"] for pair in pairwise(map(tuple, line))}
    assert drawn["properties"]["one_way"] == FORWARD_ONLY
    for segment in np.flatnonzero(roads.name == roads.names.index("I-18 East")):
        line = np.round(roads.xy[roads.start[segment] : roads.start[segment + 1]] / 1e7, 6).tolist()
        assert set(pairwise(map(tuple, line))) <= follows


def test_one_ways_that_face_each_other_are_not_joined():
    """Two blocks that both lead to their common corner stay two lines: joined, one would be drawn backwards."""
    roads = SimpleNamespace(
        segments=2, road_class=[6, 6], name=[0, 0], direction=[FORWARD_ONLY] * 2, names=["Oak Lane"],
        start=[0, 2, 4], xy=np.array([[0, 0], [10, 0], [20, 0], [10, 0]]) * 10_000_000,
    )  # fmt: skip
    [drawn] = road_features(roads)
    assert sorted(drawn["geometry"]["coordinates"]) == [[[0, 0], [10, 0]], [[20, 0], [10, 0]]]


def test_what_stands_in_the_city_is_told(city, documents):
    """Every address, place, zone and station; the source's attribution; the digest."""
    assert len(documents["addresses"]["features"]) == len(city.addresses)
    assert [f["properties"]["name"] for f in documents["places"]["features"]] == [place.name for place in city.places]
    assert {f["properties"]["id"] for f in documents["zones"]["features"]} == {zone.id for zone in city.zones}
    told = documents["city"]
    assert [station["id"] for station in told["stations"]] == [station.id for station in city.stations]
    assert (told["name"], told["time_zone"], told["digest"]) == (city.name, city.time_zone, city.digest)
    assert told["attribution"] == list(city.attribution)
