"""Writing vector tiles: whatever is drawn is read back by a reader made from the specification alone."""

import numpy as np
from hypothesis import given
from hypothesis import strategies as st
from tests.vector_tile import LINE, POINT, POLYGON, read_tile

from redstick.geo.tiles.mvt import Geometry, LayerWriter, varint

COORDINATES = st.integers(-2_000_000, 2_000_000)
POINTS = st.lists(st.tuples(COORDINATES, COORDINATES), min_size=1, max_size=9)
VALUES = st.one_of(st.text(), st.booleans(), st.integers(-(2**60), 2**60))
PROPERTIES = st.dictionaries(st.text(min_size=1), VALUES, max_size=4)


def without_repeats(points):
    """A path as the cutter hands it over: no point follows itself."""
    return [point for place, point in enumerate(points) if place == 0 or point != points[place - 1]]


@given(st.lists(st.tuples(st.sampled_from([POINT, LINE, POLYGON]), POINTS, POINTS, PROPERTIES), min_size=1, max_size=5))
def test_what_is_written_is_read_back(drawn):
    """Points, lines, rings, words, numbers and truths, all in one layer."""
    writer, expected = LayerWriter("any"), []
    for kind, first, second, properties in drawn:
        paths = [without_repeats(first), without_repeats(second)]
        paths = [path for path in paths if len(path) >= {POINT: 1, LINE: 2, POLYGON: 3}[kind]]
        if kind == POINT:
            paths = [[point] for path in paths for point in path]
        if paths:
            writer.add(Geometry(kind), [np.array(path, np.int64) for path in paths], properties)
            expected.append((kind, properties, paths))
    layers = read_tile(writer.written())
    told = [(one.kind, one.properties, one.paths) for layer in layers.values() for one in layer.features]
    assert told == expected
    assert all(layer.version == 2 and layer.extent == 4096 for layer in layers.values())


def test_one_and_true_are_two_values():
    """They are equal to Python; a style that compares them is not deceived."""
    writer = LayerWriter("any")
    point = [np.zeros((1, 2), np.int64)]
    writer.add(Geometry.POINT, point, {"a": 1})
    writer.add(Geometry.POINT, point, {"a": True})
    found = [feature.properties["a"] for feature in read_tile(writer.written())["any"].features]
    assert [type(value) for value in found] == [int, bool]


def test_a_layer_without_features_is_not_written():
    """The specification allows none."""
    assert LayerWriter("any").written() == b""


def test_the_example_of_the_specification():
    """4.3.5.5: a polygon from (3, 6) by (8, 12) and (20, 34)."""
    writer = LayerWriter("any")
    writer.add(Geometry.POLYGON, [np.array([(3, 6), (8, 12), (20, 34)], np.int64)], {})
    assert bytes([9, 6, 12, 18, 10, 12, 24, 44, 15]) in writer.written()
    assert varint(300) == b"\xac\x02"
