"""Whatever stands in a file, an importer gives a city or one InputFault, never anything else."""

import copy
import json

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from redstick.geo.importers.fault import InputFault
from redstick.geo.importers.gather import Sources, gather

PROPERTIES = {"id": "1", "name": "MAIN ST", "left_from": 1, "left_to": 99, "speed": 25, "oneway": "FT", "zip": 70802}
LINE = {"type": "LineString", "coordinates": [[-91.1, 30.4], [-91.09, 30.4]]}
RING = [[-91.2, 30.3], [-91.0, 30.3], [-91.0, 30.5], [-91.2, 30.5], [-91.2, 30.3]]
BEAT = {"id": "1", "rank": 1, "shift": "19:00-07:00", "effective": "2026-01-01", "expire": None}
JSON = st.recursive(
    st.none() | st.booleans() | st.integers(-(10**20), 10**20) | st.floats() | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=4), inner, max_size=2),
    max_leaves=4,
)


def collection(properties, geometry):
    """A FeatureCollection of two like features."""
    feature = {"type": "Feature", "properties": properties, "geometry": geometry}
    return {"type": "FeatureCollection", "features": [feature, copy.deepcopy(feature)]}


def places_in(value, path=()):
    """The path of every value within a JSON value, itself included."""
    yield path
    items = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for key, inner in items:
        yield from places_in(inner, (*path, key))


def planted(document, path, value):
    """The document with the value at a path replaced."""
    if not path:
        return value
    changed = copy.deepcopy(document)
    owner = changed
    for key in path[:-1]:
        owner = owner[key]
    owner[path[-1]] = value
    return changed


def city_or_fault(sources):
    """Import; any exception but InputFault is a failure of the test."""
    try:
        city, _ = gather(sources)
    except InputFault as fault:
        assert str(fault.file) in str(fault)  # noqa: PT017  (both ends are right; the message is what is held)
    else:
        assert city.roads.segments > 0


@pytest.fixture
def roads(tmp_path):
    """A sound file of roads."""
    path = tmp_path / "sound.geojson"
    path.write_text(json.dumps(collection(PROPERTIES, LINE)))
    return path


RELAXED = settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=80)


@RELAXED
@given(st.data())
def test_any_value_anywhere_in_roads(tmp_path, data):
    """Any JSON value in the place of any other in a file of roads."""
    document = collection(PROPERTIES, LINE)
    where = data.draw(st.sampled_from(sorted(places_in(document), key=str)))
    path = tmp_path / "roads.geojson"
    path.write_text(json.dumps(planted(document, where, data.draw(JSON))))
    city_or_fault(Sources(path))


@RELAXED
@given(st.data())
def test_any_value_anywhere_in_zones(tmp_path, roads, data):
    """Any JSON value in the place of any other in a file of beats."""
    document = collection(BEAT, {"type": "Polygon", "coordinates": [RING]})
    where = data.draw(st.sampled_from(sorted(places_in(document), key=str)))
    path = tmp_path / "beats.geojson"
    path.write_text(json.dumps(planted(document, where, data.draw(JSON))))
    city_or_fault(Sources(roads, zones=((path, "beat"),)))


CELL = st.sampled_from(
    ["30.4", "-91.1", "12", "12B", "1/2", "MAIN ST", "", "nan", "1e9", '"', "é", "\x00", "-1", "9" * 40]
)


@RELAXED
@given(
    st.lists(st.lists(CELL, min_size=4, max_size=4), max_size=4), st.sampled_from(["addresses", "stations", "places"])
)
def test_any_cells_in_tables(tmp_path, roads, rows, what):
    """Any cells in a table of addresses, stations or places."""
    path = tmp_path / "table.csv"
    head = {"addresses": "lat,lon,number,street", "stations": "lat,lon,station,name", "places": "lat,lon,name,kind"}
    path.write_text("\n".join([head[what], *(",".join(row) for row in rows)]))
    given = {"stations": path} if what == "stations" else {what: (path,)}
    city_or_fault(Sources(roads, **given))
